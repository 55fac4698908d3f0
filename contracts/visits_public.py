"""Public events about visits and findings, for other provincial systems: nothing of any person, nothing in words.

`inspection_public.public_form` maps the internal events to these by the functions below.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from contracts import findings, visits
from contracts.event import PUBLIC, Event, Value


class CellVisit(Value):
    """Where a working team was."""

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """The first day of the month that the meeting counts for."""
    team_id: Annotated[UUID, PUBLIC]
    visited_on: Annotated[date, PUBLIC]


class CellVisited(Event):
    """A working team was at a meeting of a cell, on `effective_date`."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-visited.v1"
    AGGREGATE: ClassVar[str] = "visit"
    KEY: ClassVar[str] = "visit_id"

    visit_id: Annotated[UUID, PUBLIC]
    after: Annotated[CellVisit, PUBLIC]


class CellVisitRestated(Event):
    """What was told of a visit was wrong, and is now another; `after` is None where there was none."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-visit-restated.v1"
    AGGREGATE: ClassVar[str] = "visit"
    KEY: ClassVar[str] = "visit_id"

    visit_id: Annotated[UUID, PUBLIC]
    before: Annotated[CellVisit, PUBLIC]
    after: Annotated[CellVisit | None, PUBLIC]


class CellFinding(Value):
    """What is lacking in a cell."""

    cell_id: Annotated[UUID, PUBLIC]
    axis: Annotated[str, PUBLIC]
    severity: Annotated[findings.Severity, PUBLIC]
    due_on: Annotated[date, PUBLIC]
    """The last day on which it is to be reported as mended."""
    closed: Annotated[bool, PUBLIC]
    """Whether it was confirmed as mended."""


class CellFindingOpened(Event):
    """A working team found something lacking in a cell."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-finding-opened.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    after: Annotated[CellFinding, PUBLIC]


class CellFindingClosed(Event):
    """It was confirmed that what was lacking is mended."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-finding-closed.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[CellFinding, PUBLIC]
    after: Annotated[CellFinding, PUBLIC]


class CellFindingReopened(Event):
    """What was done was not enough; the finding has a new day."""

    TYPE: ClassVar[str] = "vn.chibo.public.cell-finding-reopened.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[CellFinding, PUBLIC]
    after: Annotated[CellFinding, PUBLIC]


class CellFindingStep(Value):
    """What is told of a finding changes on a day."""

    effective_date: Annotated[date, PUBLIC]
    before: Annotated[CellFinding | None, PUBLIC]
    after: Annotated[CellFinding | None, PUBLIC]


class CellFindingRestated(Event):
    """What was told of a finding was wrong, and is now another; `after` is None where it never was.

    Steps of its life that were told wrongly are taken back, and those that are true added; where there are none of
    either, this is one step more.
    """

    TYPE: ClassVar[str] = "vn.chibo.public.cell-finding-restated.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[CellFinding, PUBLIC]
    after: Annotated[CellFinding | None, PUBLIC]
    retracted: Annotated[tuple[CellFindingStep, ...], PUBLIC] = ()
    stated: Annotated[tuple[CellFindingStep, ...], PUBLIC] = ()


def visited(event: visits.VisitRecorded) -> CellVisited:
    """Return what others are told of a visit."""
    return CellVisited(
        effective_date=event.effective_date, visit_id=event.visit_id, after=_visit(event.after)
    )


def visit_restated(event: visits.VisitRestated) -> CellVisitRestated | None:
    """Return what others are told of a visit that was otherwise; None where that is nothing to them."""
    before, after = _visit(event.before), None if event.after is None else _visit(event.after)
    if before == after:
        return None
    return CellVisitRestated(
        effective_date=event.effective_date, visit_id=event.visit_id, before=before, after=after
    )


def finding_opened(event: findings.FindingOpened) -> CellFindingOpened:
    """Return what others are told of a new finding."""
    return CellFindingOpened(
        effective_date=event.effective_date, finding_id=event.finding_id, after=_finding(event.after)
    )


def finding_closed(event: findings.FindingClosed) -> CellFindingClosed:
    """Return what others are told of a finding that is mended."""
    return CellFindingClosed(
        effective_date=event.effective_date,
        finding_id=event.finding_id,
        before=_finding(event.before),
        after=_finding(event.after),
    )


def finding_reopened(event: findings.FindingReopened) -> CellFindingReopened:
    """Return what others are told of a finding that is not mended after all."""
    return CellFindingReopened(
        effective_date=event.effective_date,
        finding_id=event.finding_id,
        before=_finding(event.before),
        after=_finding(event.after),
    )


def finding_restated(event: findings.FindingRestated) -> CellFindingRestated | None:
    """Return what others are told of a finding that was otherwise; None where that is nothing to them."""
    before, after = _finding(event.before), None if event.after is None else _finding(event.after)
    if before == after:
        return None
    return CellFindingRestated(
        effective_date=event.effective_date,
        finding_id=event.finding_id,
        before=before,
        after=after,
        retracted=_steps(event.retracted),
        stated=_steps(event.stated),
    )


def _visit(facts: visits.VisitFacts) -> CellVisit:
    return CellVisit(
        meeting_id=facts.meeting_id,
        cell_id=facts.cell_id,
        month=facts.month,
        team_id=facts.team_id,
        visited_on=facts.visited_on,
    )


def _steps(steps: Iterable[findings.FindingStep]) -> tuple[CellFindingStep, ...]:
    """Return those steps by which what others are told changes."""
    told = (
        CellFindingStep(
            effective_date=step.effective_date,
            before=step.before and _finding(step.before),
            after=step.after and _finding(step.after),
        )
        for step in steps
    )
    return tuple(step for step in told if step.before != step.after)


def _finding(facts: findings.FindingFacts) -> CellFinding:
    return CellFinding(
        cell_id=facts.cell_id,
        axis=facts.axis,
        severity=facts.severity,
        due_on=facts.due_on,
        closed=facts.state is findings.FindingState.CLOSED,
    )


EVENTS: tuple[type[Event], ...] = (
    CellVisited,
    CellVisitRestated,
    CellFindingOpened,
    CellFindingClosed,
    CellFindingReopened,
    CellFindingRestated,
)
