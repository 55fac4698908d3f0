"""The HTTP side of meetings: each command is read, decided by the domain, saved with its event, answered.

The whole way of a command is in one transaction, under its `Idempotency-Key` if it has one.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Connection
from chassis.faults import FaultsFound
from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.refusals import refused
from chassis.resources import Resources
from replicas.membership.leadership import leaders_on
from rules.guidance import Guidance, NoGuidanceError, guidances
from rules.scores import Score, ScoreError
from services.meetings import domain, queries
from services.meetings.absences import api as absences
from services.meetings.absences.store import failing_in
from services.meetings.answers import changed, created
from services.meetings.book import queries as books
from services.meetings.calendar import local_day
from services.meetings.cells import about_cell, listed_on
from services.meetings.commands import carry_out, command_routes
from services.meetings.corrections import api as corrections
from services.meetings.documents import api as documents
from services.meetings.domain import Decided, Meeting
from services.meetings.faults import CONFLICTS, Fault
from services.meetings.figures import api as figures
from services.meetings.imports import api as imports
from services.meetings.interruptions import api as interruptions
from services.meetings.months import api as months
from services.meetings.notices import api as notices
from services.meetings.papers import api as papers
from services.meetings.plans import api as plans
from services.meetings.preparation import Cell
from services.meetings.problems import unknown_meeting
from services.meetings.queries import MeetingId, meeting_json
from services.meetings.requests import (
    Agreeing,
    Announcing,
    Holding,
    Interrupting,
    Planning,
    Rescheduling,
    Scoring,
)
from services.meetings.resolutions import api as resolutions
from services.meetings.store import Store


def router(resources: Resources) -> APIRouter:
    """Return the routes of the meetings service."""
    routes = APIRouter(prefix="/v1")
    routes.include_router(_planning(resources))
    routes.include_router(_preparation(resources))
    routes.include_router(_interruptions(resources))
    routes.include_router(_recording(resources))
    routes.include_router(plans.router(resources))
    routes.include_router(interruptions.router(resources))
    routes.include_router(months.router(resources))
    routes.include_router(imports.router(resources))
    routes.include_router(figures.router(resources.pool))
    routes.include_router(notices.router(resources))
    routes.include_router(documents.router(resources))
    routes.include_router(resolutions.router(resources))
    routes.include_router(absences.router(resources.pool))
    routes.include_router(corrections.router(resources))
    routes.include_router(books.router(resources.pool))
    routes.include_router(papers.router(resources))
    routes.include_router(queries.router(resources.pool))
    return routes


def _planning(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/meetings", status_code=201, **created())
    async def plan(request: Request, asked: Planning) -> Response:
        """Plan a meeting of a cell. One regular meeting a month."""

        async def handle(store: Store) -> Answer:
            cell = await queries.known_cell(store.connection, asked.cell_code)
            day = local_day(asked.starts_at)
            if not cell.is_there(day):
                raise FaultsFound([Fault("not-a-cell", "cell_code", {"day": day, "code": cell.code})])
            command = asked.command()
            asks = bool(command.assignments or command.by_group)
            about = await about_cell(store.connection, cell.id, day) if asks else Cell()
            decided = domain.decide_plan(command, cell_id=cell.id, new_id=uuid4(), cell=about)
            await store.save(decided)
            return _answer(201, decided, cell.code)

        return await carry_out(resources, request, handle)

    return routes


def _preparation(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/meetings/{id}/schedule", **changed())
    async def reschedule(request: Request, id_: MeetingId, asked: Rescheduling) -> Response:
        """Give a meeting another time, place, theme or agenda; members are told again, a new agenda agreed again."""

        async def decide(meeting: Meeting, connection: Connection) -> Decided:
            command, at = asked.command(), asked.starts_at or meeting.plan.starts_at
            asks = bool(at and (command.assignments or command.by_group))
            day = local_day(at) if at else meeting.plan.month
            about = await about_cell(connection, meeting.plan.cell_id, day) if asks else Cell()
            return domain.decide_rescheduling(meeting, command, about)

        return await _step(resources, request, id_, decide)

    @routes.post("/meetings/{id}/agreement", **changed())
    async def agree(request: Request, id_: MeetingId, asked: Agreeing) -> Response:
        """Record that the cell's committee, or its secretary and deputy, agreed to content and agenda."""

        async def decide(meeting: Meeting, connection: Connection) -> Decided:
            leaders = await leaders_on(connection, meeting.plan.cell_id, asked.agreed_on)
            return domain.decide_agreement(
                meeting, asked.agreed_on, agreed_by=asked.agreed_by, leaders=leaders
            )

        return await _step(resources, request, id_, decide)

    @routes.post("/meetings/{id}/announcement", **changed())
    async def announce(request: Request, id_: MeetingId, asked: Announcing) -> Response:
        """Record that members and the committee above were told content, time and place."""

        async def decide(meeting: Meeting, _: Connection) -> Decided:
            return domain.decide_announcement(meeting, asked.told_at, _guidance(local_day(asked.told_at)))

        return await _step(resources, request, id_, decide)

    return routes


def _interruptions(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/meetings/{id}/postponement", **changed())
    async def postpone(request: Request, id_: MeetingId, asked: Interrupting) -> Response:
        """Put a meeting off until a new time is set; it still counts for its month."""

        async def decide(meeting: Meeting, _: Connection) -> Decided:
            return domain.decide_postponement(meeting, asked.command())

        return await _step(resources, request, id_, decide)

    @routes.post("/meetings/{id}/cancellation", **changed())
    async def cancel(request: Request, id_: MeetingId, asked: Interrupting) -> Response:
        """Call a meeting off."""

        async def decide(meeting: Meeting, _: Connection) -> Decided:
            return domain.decide_cancellation(meeting, asked.command())

        return await _step(resources, request, id_, decide)

    return routes


def _recording(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/meetings/{id}/holding", **changed())
    async def hold(request: Request, id_: MeetingId, asked: Holding) -> Response:
        """Record that a meeting took place, and where each on the cell's list of that day was."""
        if again := asked.twice():
            raise refused(FaultsFound([Fault("twice-on-the-roll", "roll", {"count": again})]), CONFLICTS)

        async def decide(meeting: Meeting, connection: Connection) -> Decided:
            day = local_day(asked.began_at)
            listed = await listed_on(connection, meeting.plan.cell_id, day)
            return domain.decide_holding(
                meeting,
                asked.command(),
                listed=listed,
                guidance=_guidance(day),
                now=datetime.now(UTC),
            )

        return await _step(resources, request, id_, decide)

    @routes.post("/meetings/{id}/scores", **changed())
    async def score(request: Request, id_: MeetingId, asked: Scoring) -> Response:
        """Record the points that the cell proposes, or that the superior decided."""

        async def decide(meeting: Meeting, connection: Connection) -> Decided:
            starts_at, cell_id = meeting.plan.starts_at or datetime.now(UTC), meeting.plan.cell_id
            given = _score(asked, _guidance(local_day(starts_at)))
            failing = await failing_in(connection, [cell_id], meeting.plan.month.year)
            failed = sum(meeting.id in one.at for one in failing.values())
            return domain.decide_scoring(
                meeting, asked.kind, given, decided_on=asked.decided_on, absences=failed
            )

        return await _step(resources, request, id_, decide)

    return routes


async def _step(
    resources: Resources,
    request: Request,
    id_: UUID,
    decide: Callable[[Meeting, Connection], Awaitable[Decided]],
) -> Response:
    async def handle(store: Store) -> Answer:
        meeting = await store.meeting(id_)
        if meeting is None:
            raise unknown_meeting()
        check_if_match(request, meeting.version)
        decided = await decide(meeting, store.connection)
        await store.save(decided)
        return _answer(200, decided, await store.cell_code(meeting.plan.cell_id))

    return await carry_out(resources, request, handle)


def _guidance(day: date) -> Guidance:
    """Return the guidance of a day. Raises FaultsFound `no-guidance`."""
    try:
        return guidances().on(day)
    except NoGuidanceError:
        first = guidances().versions[0].in_force_from
        raise FaultsFound([Fault("no-guidance", None, {"day": day, "first": first})]) from None


def _score(asked: Scoring, guidance: Guidance) -> Score:
    """Return the score asked for. Raises FaultsFound `points-outside-rubric`."""
    try:
        return Score(asked.points, guidance)
    except ScoreError as error:
        where = error.criterion
        facts = {
            "criterion": domain.CRITERION_LABELS[where] if where else "",
            "most": guidance.rubric[where] if where else 0,
            "source": guidance.source,
        }
        column = f"points.{where.value}" if where else "points"
        raise FaultsFound([Fault("points-outside-rubric", column, facts)]) from None


def _answer(status: int, decided: Decided, cell_code: str) -> Answer:
    body = meeting_json(decided.state, cell_code)
    return Answer(status, body | {"warnings": [warning.as_json() for warning in decided.warnings]})
