"""One made-up event of each type about monthly plans of visits: that of March 2020."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.inspection_public import public_form
from contracts.membership import DocumentRef
from contracts.visit_plans import (
    PlanChange,
    PlannedVisit,
    VisitAssigned,
    VisitAssignmentChanged,
    VisitBan,
    VisitChange,
    VisitPlanApproved,
    VisitPlanProposed,
    VisitPlanRevised,
)

_PLAN: Final = UUID("01937b2e-5f00-7a10-8c00-000000000111")
_ASSIGNMENT: Final = UUID("01937b2e-5f00-7a10-8c00-000000000112")
_OTHER_MEMBER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d2")
_MARCH: Final = date(2020, 3, 1)
_VISIT: Final = PlannedVisit(
    meeting_id=UUID("01937b2e-5f00-7a10-8c00-0000000000e1"),
    cell_id=UUID("01937b2e-5f00-7a10-8c00-0000000000c1"),
    starts_at=datetime(2020, 3, 3, 7, 30, tzinfo=UTC),
    member_id=UUID("01937b2e-5f00-7a10-8c00-0000000000d1"),
    team_id=UUID("01937b2e-5f00-7a10-8c00-000000000101"),
)
_OTHER: Final = _VISIT.model_copy(update={"member_id": _OTHER_MEMBER})
_MOVED: Final = _OTHER.model_copy(update={"starts_at": datetime(2020, 3, 5, 7, 30, tzinfo=UTC)})

_INTERNAL: Final[tuple[Event, ...]] = (
    VisitPlanProposed(effective_date=date(2020, 2, 24), visit_plan_id=_PLAN, month=_MARCH, after=(_VISIT,)),
    VisitPlanRevised(
        effective_date=date(2020, 2, 25),
        visit_plan_id=_PLAN,
        month=_MARCH,
        change=PlanChange.FORBIDDEN,
        before=(_VISIT,),
        after=(_OTHER,),
        ban=VisitBan(meeting_id=_VISIT.meeting_id, member_id=_VISIT.member_id),
    ),
    VisitPlanApproved(
        effective_date=date(2020, 2, 27),
        decision_date=date(2020, 2, 26),
        visit_plan_id=_PLAN,
        month=_MARCH,
        visits=1,
        document=DocumentRef(number="03-KH/ĐUK", date=date(2020, 2, 26)),
    ),
    VisitAssigned(
        effective_date=date(2020, 2, 27),
        decision_date=date(2020, 2, 26),
        assignment_id=_ASSIGNMENT,
        visit_plan_id=_PLAN,
        after=_OTHER,
    ),
    VisitAssignmentChanged(
        effective_date=date(2020, 3, 2),
        assignment_id=_ASSIGNMENT,
        visit_plan_id=_PLAN,
        reason=VisitChange.MEETING_MOVED,
        before=_OTHER,
        after=_MOVED,
    ),
)
_PUBLIC: Final = {told.TYPE: told for event in _INTERNAL if (told := public_form(event)) is not None}

VISIT_PLAN_EXAMPLES: Final[tuple[Event, ...]] = (*_INTERNAL, *_PUBLIC.values())
