"""One made-up event of each type of what a cell records of a meeting held: May 2020, after the epidemic's pause."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.meetings_public import public_form
from contracts.resolutions import (
    Ballot,
    DocumentKind,
    Majority,
    MeetingReportedUp,
    MinutesApproved,
    Page,
    Proceedings,
    ProceedingsRecorded,
    ResolutionAdopted,
    ResolutionRejected,
    TaskAssigned,
    TaskEvaluated,
    TaskReported,
    TaskResult,
    TaskState,
    TaskStatus,
)

_MEETING: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e1")
_NEXT: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e2")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_CHAIR: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d1")
_RECORDER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d2")
_RESOLUTION: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f1")
_ADMISSION: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f2")
_TASK: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f3")
_DAY: Final = date(2020, 4, 28)

_ASSIGNED: Final = TaskState(
    member_id=_RECORDER, status=TaskStatus.OPEN, first_due_on=date(2020, 5, 20), due_on=date(2020, 5, 20)
)
_REPORTED: Final = _ASSIGNED.model_copy(update={"status": TaskStatus.REPORTED, "done_on": date(2020, 5, 18)})
_CLOSED: Final = _REPORTED.model_copy(update={"status": TaskStatus.CLOSED, "result": TaskResult.DONE_IN_TIME})

_INTERNAL: Final[tuple[Event, ...]] = (
    ProceedingsRecorded(
        effective_date=_DAY,
        meeting_id=_MEETING,
        cell_id=_CELL,
        after=Proceedings(chair_id=_CHAIR, recorder_id=_RECORDER, opinions=5, speakers=4, directions=3),
    ),
    ResolutionAdopted(
        effective_date=_DAY,
        meeting_id=_MEETING,
        cell_id=_CELL,
        resolution_id=_RESOLUTION,
        series="2020–2025",
        number=4,
        ballot=Ballot(
            majority=Majority.MORE_THAN_HALF, in_favour=6, against=0, abstained=1, voters=7, base=9
        ),
    ),
    ResolutionRejected(
        effective_date=_DAY,
        meeting_id=_MEETING,
        cell_id=_CELL,
        resolution_id=_ADMISSION,
        ballot=Ballot(majority=Majority.TWO_THIRDS, in_favour=5, against=2, abstained=0, voters=7, base=9),
    ),
    MinutesApproved(
        effective_date=_DAY,
        meeting_id=_MEETING,
        cell_id=_CELL,
        series="2020–2025",
        number=4,
        pages=(
            Page(page=7, kind=DocumentKind.RESOLUTION, number=4, hash="5f" * 32),
            Page(page=8, kind=DocumentKind.MINUTES, number=4, hash="a0" * 32),
        ),
    ),
    MeetingReportedUp(
        effective_date=date(2020, 4, 29), meeting_id=_MEETING, cell_id=_CELL, due_on=date(2020, 4, 30)
    ),
    TaskAssigned(effective_date=_DAY, task_id=_TASK, cell_id=_CELL, meeting_id=_MEETING, after=_ASSIGNED),
    TaskReported(
        effective_date=date(2020, 5, 18), task_id=_TASK, cell_id=_CELL, before=_ASSIGNED, after=_REPORTED
    ),
    TaskEvaluated(
        effective_date=date(2020, 5, 28),
        task_id=_TASK,
        cell_id=_CELL,
        meeting_id=_NEXT,
        result=TaskResult.DONE_IN_TIME,
        before=_REPORTED,
        after=_CLOSED,
    ),
)
_PUBLIC: Final = {told.TYPE: told for event in _INTERNAL if (told := public_form(event)) is not None}

RESOLUTION_EXAMPLES: Final[tuple[Event, ...]] = (*_INTERNAL, *_PUBLIC.values())
