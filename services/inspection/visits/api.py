"""The HTTP side of visits: each command is read, decided by the domain, saved with its event, answered."""

from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.inspection.commands import carry_out, command_routes
from services.inspection.problems import unknown_visit
from services.inspection.store import Store
from services.inspection.teams.store import known_team, team_of
from services.inspection.visits import answers, attachments, domain, queries
from services.inspection.visits.domain import Report, VisitDecided
from services.inspection.visits.queries import VisitId, visit_json
from services.inspection.visits.requests import VisitCorrecting, VisitRecording, VisitWithdrawing
from services.inspection.visits.store import VisitStore


def router(resources: Resources) -> APIRouter:
    """Return the routes of visits."""
    routes = APIRouter()
    routes.include_router(_commands(resources))
    routes.include_router(attachments.router(resources))
    routes.include_router(queries.router(resources.pool))
    return routes


def _commands(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/visits", status_code=201, **answers.recorded())
    async def record(request: Request, asked: VisitRecording) -> Response:
        """Record that a working team was at a meeting, what it found in order, and how it scored the meeting.

        The score is by the rubric in force on the meeting's day. Nobody visits their own cell.
        """

        async def handle(store: Store) -> Answer:
            visits, report = VisitStore(store), asked.report(Report())
            team = await known_team(store.connection, asked.team_code, hold=True)
            meeting = await visits.meeting(asked.meeting_id)
            around = await visits.around(report, meeting, team)
            decided = domain.decide_visit(report, meeting=meeting, around=around, new_id=uuid4())
            return await _save(201, store, decided)

        return await carry_out(resources, request, handle)

    @routes.post("/visits/{id}/correction", **answers.changed())
    async def correct(request: Request, id_: VisitId, asked: VisitCorrecting) -> Response:
        """Put right what was said of a visit; its meeting and team stay: else withdraw it and record it anew."""

        async def handle(store: Store) -> Answer:
            visits = VisitStore(store)
            visit = await visits.visit(id_)
            if visit is None:
                raise unknown_visit()
            check_if_match(request, visit.version)
            report = asked.report(visit.report())
            meeting = await visits.meeting(visit.facts.meeting_id)
            team = await team_of(store.connection, visit.facts.team_id)
            decided = domain.decide_correction(
                visit,
                report,
                meeting=meeting,
                around=await visits.around(report, meeting, team),
                findings=await visits.findings(id_),
            )
            return await _save(200, store, decided)

        return await carry_out(resources, request, handle)

    @routes.post("/visits/{id}/withdrawal", **answers.changed())
    async def withdraw(request: Request, id_: VisitId, asked: VisitWithdrawing) -> Response:
        """Record that a visit never was; findings that stand upon it are to be withdrawn first."""
        del asked

        async def handle(store: Store) -> Answer:
            visits = VisitStore(store)
            visit = await visits.visit(id_)
            if visit is None:
                raise unknown_visit()
            check_if_match(request, visit.version)
            decided = domain.decide_withdrawal(visit, findings=await visits.findings(id_))
            return await _save(200, store, decided)

        return await carry_out(resources, request, handle)

    return routes


async def _save(status: int, store: Store, decided: VisitDecided) -> Answer:
    await VisitStore(store).save(decided)
    body = await visit_json(store.connection, decided.state)
    return Answer(status, body | {"warnings": [warning.as_json() for warning in decided.warnings]})
