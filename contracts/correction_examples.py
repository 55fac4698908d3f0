"""One made-up event of each type of what turns out otherwise after minutes were approved."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from contracts.corrections import (
    AttendanceFlag,
    AttendanceFlagged,
    CorrectedField,
    CountedBallot,
    MinutesCorrected,
    RecordSide,
    RollDifference,
    TaskCorrected,
)
from contracts.event import Event
from contracts.meetings import AttendanceFigures, Attender, MeetingKind, MeetingPlan, Presence, Roll
from contracts.resolutions import Ballot, Majority, Proceedings, TaskState, TaskStatus

_MEETING: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e1")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_CHAIR: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d1")
_RECORDER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d2")
_AWAY: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d3")
_TASK: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f3")
_RESOLUTION: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f1")
_DAY: Final = date(2020, 4, 28)
_GIVEN: Final = TaskState(
    member_id=_RECORDER, status=TaskStatus.OPEN, first_due_on=date(2020, 5, 20), due_on=date(2020, 5, 20)
)


def _side(presence: Presence, present: int, voters: int) -> RecordSide:
    return RecordSide(
        plan=MeetingPlan(
            cell_id=_CELL,
            kind=MeetingKind.REGULAR,
            month=date(2020, 4, 1),
            starts_at=datetime(2020, 4, 28, 7, 30, tzinfo=UTC),
            thematic=False,
        ),
        minutes=95,
        attendance=AttendanceFigures(counted=9, present=present, excused=9 - present, unexcused=0),
        attenders=(Attender(member_id=_AWAY, roll=Roll.OFFICIAL, presence=presence),),
        proceedings=Proceedings(chair_id=_CHAIR, recorder_id=_RECORDER, opinions=5, speakers=4, directions=3),
        ballots=(
            CountedBallot(
                resolution_id=_RESOLUTION,
                ballot=Ballot(
                    majority=Majority.MORE_THAN_HALF,
                    in_favour=6,
                    against=0,
                    abstained=1,
                    voters=voters,
                    base=9,
                ),
            ),
        ),
    )


CORRECTION_EXAMPLES: Final[tuple[Event, ...]] = (
    MinutesCorrected(
        effective_date=_DAY,
        decision_date=date(2020, 5, 4),
        meeting_id=_MEETING,
        cell_id=_CELL,
        series="2020–2025",
        number=1,
        page=9,
        hash="c3" * 32,
        corrects=(7, 8),
        fields=(CorrectedField.ROLL, CorrectedField.RESOLUTIONS),
        before=_side(Presence.PRESENT, 8, 8),
        after=_side(Presence.EXCUSED, 7, 7),
    ),
    TaskCorrected(
        effective_date=_DAY,
        decision_date=date(2020, 5, 4),
        task_id=_TASK,
        cell_id=_CELL,
        meeting_id=_MEETING,
        before=_GIVEN,
        after=_GIVEN.model_copy(update={"first_due_on": date(2020, 5, 25), "due_on": date(2020, 5, 25)}),
    ),
    AttendanceFlagged(
        effective_date=_DAY,
        attendance_check_id=UUID("01937b2e-5f00-7a10-8c00-0000000000f4"),
        meeting_id=_MEETING,
        cell_id=_CELL,
        after=(AttendanceFlag(member_id=_AWAY, difference=RollDifference.NOT_ON_THE_LIST),),
    ),
)
"""One made-up event of each type, for the published documents and the golden records in `published/golden/`."""
