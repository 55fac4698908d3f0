"""Public events of the inspection service, for other provincial systems: nothing of any person.

`public_form` maps each internal event to one of these or to none. The inside can change while this stands.
"""

from datetime import date
from functools import singledispatch
from typing import Annotated, ClassVar
from uuid import UUID

from contracts import findings, inspection, visit_plans, visit_plans_public, visits, visits_public
from contracts.event import PUBLIC, Event
from contracts.membership import DocumentRef


class WorkingTeamFormed(Event):
    """The Standing Committee formed a working team."""

    TYPE: ClassVar[str] = "vn.chibo.public.working-team-formed.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]
    until_on: Annotated[date | None, PUBLIC] = None
    """The first day on which it is no more, where that is set from the beginning."""
    document: Annotated[DocumentRef | None, PUBLIC] = None


class WorkingTeamDissolved(Event):
    """A working team is no more from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.public.working-team-dissolved.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None


class WorkingTeamRestated(Event):
    """What was told of a working team was wrong, and is now another; `after` is None where it never was."""

    TYPE: ClassVar[str] = "vn.chibo.public.working-team-restated.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    before: Annotated[inspection.TeamTerms, PUBLIC]
    after: Annotated[inspection.TeamTerms | None, PUBLIC]


class WorkingTeamAreaSet(Event):
    """A working team is responsible for these units, with all below them, from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.public.working-team-area-set.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    until_on: Annotated[date | None, PUBLIC] = None
    """The day from which another area was told already; None where none was."""
    before: Annotated[tuple[UUID, ...], PUBLIC]
    after: Annotated[tuple[UUID, ...], PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None


@singledispatch
def public_form(event: Event) -> Event | None:
    """Return the public form of an internal event; None for whatever is nobody's business outside: persons first."""
    del event
    return None


@public_form.register
def _(event: inspection.TeamFormed) -> WorkingTeamFormed:
    return WorkingTeamFormed(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        team_id=event.team_id,
        code=event.after.code,
        name=event.after.name,
        until_on=event.after.until_on,
        document=event.document,
    )


@public_form.register
def _(event: inspection.TeamDissolved) -> WorkingTeamDissolved:
    return WorkingTeamDissolved(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        team_id=event.team_id,
        document=event.document,
    )


@public_form.register
def _(event: inspection.TeamRestated) -> WorkingTeamRestated:
    return WorkingTeamRestated(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        team_id=event.team_id,
        before=event.before,
        after=event.after,
    )


@public_form.register
def _(event: inspection.TeamAreaSet) -> WorkingTeamAreaSet:
    return WorkingTeamAreaSet(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        team_id=event.team_id,
        until_on=event.until_on,
        before=event.before,
        after=event.after,
        document=event.document,
    )


public_form.register(visit_plans.VisitAssigned, visit_plans_public.assigned)
public_form.register(visit_plans.VisitAssignmentChanged, visit_plans_public.changed)
public_form.register(visits.VisitRecorded, visits_public.visited)
public_form.register(visits.VisitRestated, visits_public.visit_restated)
public_form.register(findings.FindingOpened, visits_public.finding_opened)
public_form.register(findings.FindingClosed, visits_public.finding_closed)
public_form.register(findings.FindingReopened, visits_public.finding_reopened)
public_form.register(findings.FindingRestated, visits_public.finding_restated)


EVENTS: tuple[type[Event], ...] = (
    WorkingTeamFormed,
    WorkingTeamDissolved,
    WorkingTeamRestated,
    WorkingTeamAreaSet,
    *visits_public.EVENTS,
    *visit_plans_public.EVENTS,
)
