"""The HTTP side of absences: days on which somebody who sits in a team cannot be sent anywhere."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.inspection.commands import carry_out, command_routes
from services.inspection.problems import unknown_absence
from services.inspection.store import Store
from services.inspection.teams import absences, answers
from services.inspection.teams.absences import AbsenceDecided, Away
from services.inspection.teams.queries import absence_json
from services.inspection.teams.requests import AbsenceCorrecting, AbsenceWithdrawing, Absenting
from services.inspection.teams.store import AbsenceStore

_Id = Annotated[UUID, Path(alias="id", description="An absence's id")]


def router(resources: Resources) -> APIRouter:
    """Return the commands on absences."""
    routes = command_routes()

    @routes.post("/absences", status_code=201, **answers.absence_recorded())
    async def record(request: Request, asked: Absenting) -> Response:
        """Record days on which somebody who sits in a team cannot be sent anywhere."""

        async def handle(store: Store) -> Answer:
            away, days = AbsenceStore(store), asked.days()
            decided = absences.decide_absence(
                days,
                asked.reason,
                new_id=uuid4(),
                others=await away.others_of(days.member_id),
                sits=await away.sits(days),
                decision_date=asked.decision_date,
            )
            return await _save(201, away, decided)

        return await carry_out(resources, request, handle)

    @routes.post("/absences/{id}/correction", **answers.absence_changed())
    async def correct(request: Request, id_: _Id, asked: AbsenceCorrecting) -> Response:
        """Put right the days or the reason of an absence, or say that it became longer or shorter."""

        async def handle(store: Store) -> Answer:
            away = AbsenceStore(store)
            before = await _known(away, id_)
            check_if_match(request, before.version)
            days = asked.days(before.days)
            decided = absences.decide_absence_correction(
                before,
                days,
                asked.reason or before.reason,
                others=await away.others_of(days.member_id, but=id_),
                sits=await away.sits(days),
                decision_date=asked.decision_date,
            )
            return await _save(200, away, decided)

        return await carry_out(resources, request, handle)

    @routes.post("/absences/{id}/withdrawal", **answers.absence_changed())
    async def withdraw(request: Request, id_: _Id, asked: AbsenceWithdrawing) -> Response:
        """Record that there was no such absence."""

        async def handle(store: Store) -> Answer:
            away = AbsenceStore(store)
            before = await _known(away, id_)
            check_if_match(request, before.version)
            return await _save(200, away, absences.decide_absence_withdrawal(before, asked.decision_date))

        return await carry_out(resources, request, handle)

    return routes


async def _known(away: AbsenceStore, id_: UUID) -> Away:
    found = await away.absence(id_)
    if found is None:
        raise unknown_absence()
    return found


async def _save(status: int, away: AbsenceStore, decided: AbsenceDecided) -> Answer:
    await away.save(decided)
    return Answer(status, absence_json(decided.state))
