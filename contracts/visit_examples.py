"""One made-up event of each type about visits and findings: a cell visited in 2020, and what was mended there."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.findings import (
    FindingCarriedOver,
    FindingClosed,
    FindingFacts,
    FindingOpened,
    FindingOverdue,
    FindingRemedyBegun,
    FindingRemedyReported,
    FindingReopened,
    FindingRestated,
    FindingState,
    FindingStep,
    Owner,
    Severity,
)
from contracts.inspection_public import public_form
from contracts.meetings import CriterionPoints, MeetingKind
from contracts.membership import DocumentRef
from contracts.positions import Position
from contracts.visits import (
    AxisComment,
    AxisGrade,
    BookCheck,
    InspectorScore,
    StepCheck,
    VisitFacts,
    VisitFileAttached,
    VisitRecorded,
    VisitRestated,
)

_VISIT: Final = UUID("01937b2e-5f00-7a10-8c00-000000000111")
_FINDING: Final = UUID("01937b2e-5f00-7a10-8c00-000000000112")
_MEETING: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e1")
_TEAM: Final = UUID("01937b2e-5f00-7a10-8c00-000000000101")
_MEMBER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d1")
_COMMITTEE: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000a1")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_DAY: Final = date(2020, 6, 3)
_DUE: Final = date(2020, 7, 3)
_SCORE: Final = InspectorScore(
    guidance=DocumentRef(number="12-HD/BTCTW", date=date(2018, 7, 6)),
    points=tuple(
        CriterionPoints(criterion=criterion, points=points)
        for criterion, points in (
            ("duration", 5), ("attendance", 5), ("preparation", 8), ("procedure", 5), ("content", 20),
            ("chairing", 8), ("principles", 5), ("results", 25), ("closing", 4.5),
        )
    ),
    total=85.5,
    grade="fair",
)  # fmt: skip
_FACTS: Final = VisitFacts(
    meeting_id=_MEETING,
    cell_id=_CELL,
    month=date(2020, 6, 1),
    kind=MeetingKind.REGULAR,
    team_id=_TEAM,
    visited_on=_DAY,
    visitor_ids=(_MEMBER,),
    checklist=date(2018, 7, 6),
    books=(BookCheck(book="member_list", present=True, up_to_date=False, correct=True),),
    steps=(StepCheck(step="agenda_adopted", followed=True),),
    axes=(AxisComment(axis="content", grade=AxisGrade.FAIR),),
    score=_SCORE,
)
_OPEN: Final = FindingFacts(
    cell_id=_CELL,
    visit_id=_VISIT,
    found_on=_DAY,
    axis="chairing",
    limitation="verbosity",
    severity=Severity.MINOR,
    owner=Owner(unit_id=_CELL, position=Position.SECRETARY),
    due_on=_DUE,
    state=FindingState.OPEN,
)


def _now(state: FindingState, **changed: object) -> FindingFacts:
    return _OPEN.model_copy(update={"state": state, **changed})


_REMEDYING: Final = _now(FindingState.REMEDYING)
_REPORTED: Final = _now(FindingState.REPORTED)
_SERIOUS: Final = _now(FindingState.OPEN, severity=Severity.SERIOUS)
_REOPENED: Final = _now(FindingState.OPEN, reopened=1, due_on=date(2020, 8, 3))

_INTERNAL: Final[tuple[Event, ...]] = (
    VisitRecorded(effective_date=_DAY, visit_id=_VISIT, after=_FACTS),
    VisitRestated(
        effective_date=_DAY,
        visit_id=_VISIT,
        before=_FACTS,
        after=_FACTS.model_copy(update={"visited_on": date(2020, 6, 4), "score": None}),
    ),
    VisitFileAttached(
        effective_date=_DAY,
        visit_file_id=UUID("01937b2e-5f00-7a10-8c00-000000000113"),
        visit_id=_VISIT,
        sha256="5f" * 32,
        size=48213,
        media_type="image/jpeg",
    ),
    FindingOpened(effective_date=_DAY, finding_id=_FINDING, after=_OPEN),
    FindingRemedyBegun(effective_date=date(2020, 6, 15), finding_id=_FINDING, before=_OPEN, after=_REMEDYING),
    FindingOverdue(
        effective_date=date(2020, 7, 4),
        finding_id=_FINDING,
        before=_REMEDYING,
        after=_now(FindingState.REMEDYING, overdue=True),
        escalated_to=_COMMITTEE,
    ),
    FindingRemedyReported(
        effective_date=date(2020, 7, 6),
        finding_id=_FINDING,
        before=_now(FindingState.REMEDYING, overdue=True),
        after=_REPORTED,
    ),
    FindingReopened(effective_date=date(2020, 7, 10), finding_id=_FINDING, before=_REPORTED, after=_REOPENED),
    FindingCarriedOver(
        effective_date=date(2021, 1, 1),
        finding_id=_FINDING,
        before=_REOPENED,
        after=_REOPENED.model_copy(update={"carried_into": 2021}),
    ),
    FindingClosed(
        effective_date=date(2020, 8, 5),
        finding_id=_FINDING,
        before=_REPORTED,
        after=_now(FindingState.CLOSED),
    ),
    FindingRestated(
        effective_date=_DAY,
        finding_id=_FINDING,
        before=_OPEN,
        after=_SERIOUS,
        retracted=(FindingStep(effective_date=_DAY, before=None, after=_OPEN),),
        stated=(FindingStep(effective_date=_DAY, before=None, after=_SERIOUS),),
    ),
)
_PUBLIC: Final = {told.TYPE: told for event in _INTERNAL if (told := public_form(event)) is not None}

VISIT_EXAMPLES: Final[tuple[Event, ...]] = (*_INTERNAL, *_PUBLIC.values())
