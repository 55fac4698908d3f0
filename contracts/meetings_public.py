"""Public events of the meetings service, for other provincial systems: nothing of any member.

`public_form` maps each internal event to one of these or to none. The inside can change while this stands.
"""

from datetime import date
from functools import singledispatch
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts import cell_months, meetings, resolutions
from contracts.event import PUBLIC, Event
from contracts.membership import DocumentRef


class CellMeetingScheduled(Event):
    """A cell is to meet; told once its members were told, and again after a change."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-meeting-scheduled.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    kind: Annotated[meetings.MeetingKind, PUBLIC]
    month: Annotated[date, PUBLIC]
    """First day of the month that it counts for."""
    starts_at: Annotated[AwareDatetime | None, PUBLIC]
    thematic: Annotated[bool, PUBLIC]


class CellMeetingHeld(Event):
    """A cell met."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-meeting-held.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    kind: Annotated[meetings.MeetingKind, PUBLIC]
    month: Annotated[date, PUBLIC]
    """First day of the month that it counts for."""
    thematic: Annotated[bool, PUBLIC]


class CellMeetingPostponed(Event):
    """A meeting of a cell was put off until a new time is set."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-meeting-postponed.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """First day of the month that it counts for."""
    reason: Annotated[meetings.InterruptionReason, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None


class CellMeetingCancelled(Event):
    """A meeting of a cell will not be held."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-meeting-cancelled.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """First day of the month that it counts for."""
    reason: Annotated[meetings.InterruptionReason, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None


class CellMonthMissed(Event):
    """A month ended without the regular meeting that the cell owed, and nothing excuses it."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-month-missed.v1"
    AGGREGATE: ClassVar[str] = "cell_month"
    KEY: ClassVar[str] = "cell_month_id"

    cell_month_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """Its first day."""


class CellMonthMadeGood(Event):
    """A month that was missed is so no more."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-month-made-good.v1"
    AGGREGATE: ClassVar[str] = "cell_month"
    KEY: ClassVar[str] = "cell_month_id"

    cell_month_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """Its first day."""
    by: Annotated[cell_months.MadeGoodBy, PUBLIC]


class CellMeetingScored(Event):
    """A meeting of a cell was scored."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-meeting-scored.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    kind: Annotated[meetings.ScoreKind, PUBLIC]
    guidance: Annotated[DocumentRef, PUBLIC]
    total: Annotated[float, Field(ge=0, le=100), PUBLIC]
    grade: Annotated[str, PUBLIC]


class CellResolutionAdopted(Event):
    """A cell adopted a resolution: which number it has, and nothing of what it says."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-resolution-adopted.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    resolution_id: Annotated[UUID, PUBLIC]
    series: Annotated[str, PUBLIC]
    """Within what it is numbered: the cell's term, or a year where no term is known."""
    number: Annotated[int, PUBLIC]


EVENTS: tuple[type[Event], ...] = (
    CellMeetingScheduled,
    CellMeetingHeld,
    CellMeetingPostponed,
    CellMeetingCancelled,
    CellMonthMissed,
    CellMonthMadeGood,
    CellMeetingScored,
    CellResolutionAdopted,
)


@singledispatch
def public_form(event: Event) -> Event | None:
    """Return what other systems are told of an internal event, or None."""
    del event
    return None


@public_form.register
def _(event: meetings.MeetingAnnounced) -> CellMeetingScheduled:
    return CellMeetingScheduled(
        effective_date=event.effective_date,
        meeting_id=event.meeting_id,
        cell_id=event.plan.cell_id,
        kind=event.plan.kind,
        month=event.plan.month,
        starts_at=event.plan.starts_at,
        thematic=event.plan.thematic,
    )


@public_form.register
def _(event: meetings.MeetingHeld) -> CellMeetingHeld:
    return CellMeetingHeld(
        effective_date=event.effective_date,
        meeting_id=event.meeting_id,
        cell_id=event.plan.cell_id,
        kind=event.plan.kind,
        month=event.plan.month,
        thematic=event.plan.thematic,
    )


@public_form.register
def _(event: meetings.MeetingPostponed) -> CellMeetingPostponed:
    return CellMeetingPostponed(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        meeting_id=event.meeting_id,
        cell_id=event.before.cell_id,
        month=event.before.month,
        reason=event.reason,
        document=event.document,
    )


@public_form.register
def _(event: meetings.MeetingCancelled) -> CellMeetingCancelled:
    return CellMeetingCancelled(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        meeting_id=event.meeting_id,
        cell_id=event.before.cell_id,
        month=event.before.month,
        reason=event.reason,
        document=event.document,
    )


@public_form.register
def _(event: meetings.MeetingScored) -> CellMeetingScored:
    return CellMeetingScored(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        meeting_id=event.meeting_id,
        kind=event.kind,
        guidance=event.guidance,
        total=event.total,
        grade=event.grade,
    )


@public_form.register
def _(event: resolutions.ResolutionAdopted) -> CellResolutionAdopted:
    return CellResolutionAdopted(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        meeting_id=event.meeting_id,
        cell_id=event.cell_id,
        resolution_id=event.resolution_id,
        series=event.series,
        number=event.number,
    )


@public_form.register
def _(event: cell_months.MonthMissed) -> CellMonthMissed:
    return CellMonthMissed(
        effective_date=event.effective_date,
        cell_month_id=event.cell_month_id,
        cell_id=event.cell_id,
        month=event.month,
    )


@public_form.register
def _(event: cell_months.MonthMadeGood) -> CellMonthMadeGood:
    return CellMonthMadeGood(
        effective_date=event.effective_date,
        cell_month_id=event.cell_month_id,
        cell_id=event.cell_id,
        month=event.month,
        by=event.by,
    )
