"""Public events about visits that are planned, for other provincial systems: which cell, meeting and day; nobody.

`inspection_public.public_form` maps the internal events to these by the functions below.
"""

from datetime import date, timedelta, timezone
from typing import Annotated, ClassVar, Final
from uuid import UUID

from contracts.event import PUBLIC, Event, Value
from contracts.visit_plans import PlannedVisit, VisitAssigned, VisitAssignmentChanged

_VIETNAM: Final = timezone(timedelta(hours=7))


class CellVisitPlan(Value):
    """Which meeting a working team is to attend."""

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    team_id: Annotated[UUID, PUBLIC]
    visit_on: Annotated[date, PUBLIC]
    """The meeting's day, in Asia/Ho_Chi_Minh."""


class CellVisitPlanned(Event):
    """A working team is to attend a meeting of a cell."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-visit-planned.v1"
    AGGREGATE: ClassVar[str] = "assignment"
    KEY: ClassVar[str] = "assignment_id"

    assignment_id: Annotated[UUID, PUBLIC]
    after: Annotated[CellVisitPlan, PUBLIC]


class CellVisitPlanChanged(Event):
    """A planned visit is on another day or of another team; `after` is None where there is none, as `before`."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-visit-plan-changed.v1"
    AGGREGATE: ClassVar[str] = "assignment"
    KEY: ClassVar[str] = "assignment_id"

    assignment_id: Annotated[UUID, PUBLIC]
    before: Annotated[CellVisitPlan | None, PUBLIC]
    after: Annotated[CellVisitPlan | None, PUBLIC]


def assigned(event: VisitAssigned) -> CellVisitPlanned:
    """Return what others are told of a visit that is planned."""
    return CellVisitPlanned(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        assignment_id=event.assignment_id,
        after=_visit(event.after),
    )


def changed(event: VisitAssignmentChanged) -> CellVisitPlanChanged | None:
    """Return what others are told of a visit that is another one; None where only who goes is."""
    before = None if event.before is None else _visit(event.before)
    after = None if event.after is None else _visit(event.after)
    if before == after:
        return None
    return CellVisitPlanChanged(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        assignment_id=event.assignment_id,
        before=before,
        after=after,
    )


def _visit(planned: PlannedVisit) -> CellVisitPlan:
    return CellVisitPlan(
        meeting_id=planned.meeting_id,
        cell_id=planned.cell_id,
        team_id=planned.team_id,
        visit_on=planned.starts_at.astimezone(_VIETNAM).date(),
    )


EVENTS: tuple[type[Event], ...] = (CellVisitPlanned, CellVisitPlanChanged)
