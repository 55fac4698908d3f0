"""The HTTP side of working teams: each command is read, decided by the domain, saved with its event, answered."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from chassis.database import Connection
from chassis.faults import FaultsFound
from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from chassis.vietnamese import nfc
from contracts.membership import Standing
from replicas.membership.members import placed_on
from replicas.membership.tree import Units
from services.inspection.commands import carry_out, command_routes
from services.inspection.faults import Fault
from services.inspection.problems import unknown_seat, unknown_team
from services.inspection.store import Store
from services.inspection.teams import absence_api, answers, domain, queries
from services.inspection.teams.domain import Team, TeamDecided
from services.inspection.teams.queries import team_json
from services.inspection.teams.requests import (
    AreaSetting,
    Ending,
    Forming,
    SeatCorrecting,
    Seating,
    TeamCorrecting,
    Withdrawing,
)
from services.inspection.teams.store import TeamStore

_Code = Annotated[str, Path(description="A team's code", examples=["TCT-1"])]
_SeatId = Annotated[UUID, Path(description="A seat's id")]
_Decide = Callable[[Team, TeamStore, Connection], Awaitable[TeamDecided]]


def router(resources: Resources) -> APIRouter:
    """Return the routes of teams and of absences."""
    routes = APIRouter()
    routes.include_router(_life(resources))
    routes.include_router(_area(resources))
    routes.include_router(_seats(resources))
    routes.include_router(absence_api.router(resources))
    routes.include_router(queries.router(resources.pool))
    return routes


def _life(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/teams", status_code=201, **answers.formed())
    async def form(request: Request, asked: Forming) -> Response:
        """Record that the Standing Committee formed a working team."""

        async def handle(store: Store) -> Answer:
            decided = domain.decide_formation(asked.terms(), new_id=uuid4(), decision=asked.decision())
            return await _save(201, store, decided)

        return await carry_out(resources, request, handle)

    @routes.post("/teams/{code}/dissolution", **answers.changed())
    async def dissolve(request: Request, code: _Code, asked: Ending) -> Response:
        """Record that a team is no more from a day on; its seats and its area end with it."""

        async def decide(team: Team, *_: object) -> TeamDecided:
            return domain.decide_dissolution(team, asked.on, asked.decision())

        return await _change(resources, request, code, decide)

    @routes.post("/teams/{code}/correction", **answers.changed())
    async def correct(request: Request, code: _Code, asked: TeamCorrecting) -> Response:
        """Put right what was said of a team: its code, its name, its days."""

        async def decide(team: Team, *_: object) -> TeamDecided:
            return domain.decide_correction(team, asked.terms(team.terms), asked.decision())

        return await _change(resources, request, code, decide)

    @routes.post("/teams/{code}/withdrawal", **answers.changed())
    async def withdraw(request: Request, code: _Code, asked: Withdrawing) -> Response:
        """Record that a team never was, nor its seats and its area; its code may be given to another.

        A team that made visits was: these are to be withdrawn first.
        """

        async def decide(team: Team, teams: TeamStore, _: Connection) -> TeamDecided:
            return domain.decide_withdrawal(team, asked.decision(), visits=await teams.visits(team))

        return await _change(resources, request, code, decide)

    return routes


def _area(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/teams/{code}/area", **answers.area_changed())
    async def set_area(request: Request, code: _Code, asked: AreaSetting) -> Response:
        """Record the units that a team is responsible for from a day on, in place of those before.

        Said again of the same day it puts right what was said; said late it holds up to the next day told.
        """

        async def decide(team: Team, teams: TeamStore, connection: Connection) -> TeamDecided:
            units = await Units.read(connection)
            wanted = _wanted(units, asked.unit_codes, asked.from_on)
            decided = domain.decide_area(team, asked.from_on, wanted, asked.decision())
            others = await teams.others_on(team, asked.from_on)
            shared = _shared(units, wanted, others, asked.from_on)
            return TeamDecided(decided.state, decided.event, (*decided.warnings, *shared))

        return await _change(resources, request, code, decide)

    return routes


def _seats(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/teams/{code}/seats", **answers.changed())
    async def seat(request: Request, code: _Code, asked: Seating) -> Response:
        """Record that somebody sits in a team from a day on, on which they are in the register."""
        new_id = uuid4()

        async def decide(team: Team, _: TeamStore, connection: Connection) -> TeamDecided:
            wanted = asked.seat()
            return domain.decide_seat(
                team,
                wanted,
                new_id=new_id,
                standing=await _standing(connection, wanted.member_id, wanted.from_on),
                decision=asked.decision(),
            )

        return await _change(resources, request, code, decide, seat_id=new_id)

    @routes.post("/teams/{code}/seats/{seat_id}/release", **answers.seat_changed())
    async def release(request: Request, code: _Code, seat_id: _SeatId, asked: Ending) -> Response:
        """Record that somebody sits in a team no more from a day on."""

        async def decide(team: Team, *_: object) -> TeamDecided:
            _check_known(team, seat_id)
            return domain.decide_release(team, seat_id, asked.on, asked.decision())

        return await _change(resources, request, code, decide, seat_id=seat_id)

    @routes.post("/teams/{code}/seats/{seat_id}/correction", **answers.seat_changed())
    async def correct(request: Request, code: _Code, seat_id: _SeatId, asked: SeatCorrecting) -> Response:
        """Put right what was said of a seat: who, as what, on which days."""

        async def decide(team: Team, _: TeamStore, connection: Connection) -> TeamDecided:
            _check_known(team, seat_id)
            after = asked.seat(team.seats[seat_id])
            return domain.decide_seat_correction(
                team,
                seat_id,
                after,
                standing=await _standing(connection, after.member_id, after.from_on),
                decision=asked.decision(),
            )

        return await _change(resources, request, code, decide, seat_id=seat_id)

    @routes.post("/teams/{code}/seats/{seat_id}/withdrawal", **answers.seat_changed())
    async def withdraw(request: Request, code: _Code, seat_id: _SeatId, asked: Withdrawing) -> Response:
        """Record that a seat never was held."""

        async def decide(team: Team, *_: object) -> TeamDecided:
            _check_known(team, seat_id)
            return domain.decide_seat_withdrawal(team, seat_id, asked.decision())

        return await _change(resources, request, code, decide, seat_id=seat_id)

    return routes


async def _change(
    resources: Resources, request: Request, code: str, decide: _Decide, *, seat_id: UUID | None = None
) -> Response:
    async def handle(store: Store) -> Answer:
        teams = TeamStore(store)
        team = await teams.team(nfc(code).replace("\0", "\ufffd"))
        if team is None:
            raise unknown_team(code)
        check_if_match(request, team.version)
        return await _save(200, store, await decide(team, teams, store.connection), seat_id)

    return await carry_out(resources, request, handle)


async def _save(status: int, store: Store, decided: TeamDecided, seat_id: UUID | None = None) -> Answer:
    await TeamStore(store).save(decided)
    body = team_json(decided.state, await Units.read(store.connection))
    return Answer(
        status,
        body
        | {
            "seat_id": seat_id and str(seat_id),
            "warnings": [warning.as_json() for warning in decided.warnings],
        },
    )


def _check_known(team: Team, seat_id: UUID) -> None:
    """Raise Problem `unknown-seat` (404) where the team has no such seat."""
    if seat_id not in team.seats:
        raise unknown_seat()


async def _standing(connection: Connection, member_id: UUID, day: date) -> Standing | None:
    placed = (await placed_on(connection, [member_id], day)).get(member_id)
    return placed.standing if placed else None


def _wanted(units: Units, codes: Sequence[str], day: date) -> frozenset[UUID]:
    """Return the units of these codes. Raises Problem `unknown-unit` (404), FaultsFound `unit-not-there`."""
    found = {units.of_code(code): code for code in codes}
    there = units.below(found, day)
    if gone := [code for unit, code in found.items() if unit not in there]:
        raise FaultsFound(
            [Fault("unit-not-there", "unit_codes", {"day": day, "code": code}) for code in gone]
        )
    return frozenset(found)


def _shared(units: Units, wanted: frozenset[UUID], others: Sequence[Team], day: date) -> list[Fault]:
    """Return with which teams that are there an area shares cells on its first day."""
    ours = units.cells_below(wanted, day)
    shared = ((other.terms.code, len(ours & units.cells_below(other.area_on(day), day))) for other in others)
    return [
        Fault("area-shared", "unit_codes", {"day": day, "team": team, "cells": count})
        for team, count in shared
        if count
    ]
