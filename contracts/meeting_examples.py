"""One made-up event of each type of the meetings service: March 2020, when the epidemic put a meeting off."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.meetings import (
    AgendaAgreed,
    AttendanceFigures,
    Attender,
    CriterionPoints,
    InterruptionReason,
    MeetingAnnounced,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MeetingPlan,
    MeetingPlanned,
    MeetingPostponed,
    MeetingRescheduled,
    MeetingScored,
    Presence,
    Roll,
    ScoreKind,
)
from contracts.meetings_public import public_form
from contracts.membership import DocumentRef

_MEETING: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e1")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_ORDER: Final = DocumentRef(number="16/CT-TTg", date=date(2020, 3, 31))
_PLAN: Final = MeetingPlan(
    cell_id=_CELL,
    kind=MeetingKind.REGULAR,
    month=date(2020, 4, 1),
    starts_at=datetime(2020, 4, 3, 7, 30, tzinfo=UTC),
    thematic=False,
)
_PUT_OFF: Final = _PLAN.model_copy(update={"starts_at": None})
_ANEW: Final = _PLAN.model_copy(update={"starts_at": datetime(2020, 4, 28, 7, 30, tzinfo=UTC)})
_ROLL: Final = (
    Attender(
        member_id=UUID("01937b2e-5f00-7a10-8c00-0000000000d1"), roll=Roll.OFFICIAL, presence=Presence.PRESENT
    ),
    Attender(
        member_id=UUID("01937b2e-5f00-7a10-8c00-0000000000d2"), roll=Roll.OFFICIAL, presence=Presence.EXCUSED
    ),
)
_SCORED: Final = MeetingScored(
    effective_date=date(2020, 4, 28),
    meeting_id=_MEETING,
    kind=ScoreKind.SELF,
    guidance=DocumentRef(number="12-HD/BTCTW", date=date(2018, 7, 6)),
    points=(
        CriterionPoints(criterion="duration", points=5),
        CriterionPoints(criterion="content", points=22.5),
    ),
    total=27.5,
    grade="poor",
)

_INTERNAL: Final[tuple[Event, ...]] = (
    MeetingPlanned(effective_date=date(2020, 4, 3), meeting_id=_MEETING, after=_PLAN),
    AgendaAgreed(effective_date=date(2020, 3, 30), meeting_id=_MEETING, items=4),
    MeetingAnnounced(effective_date=date(2020, 3, 31), meeting_id=_MEETING, plan=_PLAN),
    MeetingPostponed(
        effective_date=date(2020, 4, 1),
        decision_date=date(2020, 3, 31),
        meeting_id=_MEETING,
        before=_PLAN,
        after=_PUT_OFF,
        reason=InterruptionReason.EPIDEMIC,
        document=_ORDER,
    ),
    MeetingRescheduled(effective_date=date(2020, 4, 28), meeting_id=_MEETING, before=_PUT_OFF, after=_ANEW),
    MeetingHeld(
        effective_date=date(2020, 4, 28),
        meeting_id=_MEETING,
        plan=_ANEW,
        minutes=95,
        attendance=AttendanceFigures(counted=2, present=1, excused=1, unexcused=0),
        attenders=_ROLL,
    ),
    _SCORED,
    MeetingCancelled(
        effective_date=date(2020, 4, 1),
        meeting_id=_MEETING,
        before=_PLAN,
        reason=InterruptionReason.URGENT_WORK,
    ),
)
_PUBLIC: Final = {told.TYPE: told for event in _INTERNAL if (told := public_form(event)) is not None}

MEETING_EXAMPLES: Final[tuple[Event, ...]] = (*_INTERNAL, *_PUBLIC.values())
