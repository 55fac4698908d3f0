"""Reads of teams: one, all on a day, what was recorded of one, who may be sent somewhere, and who is away."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.cursors import day_and_id, decode_cursor, encode_cursor
from chassis.database import Pool
from chassis.event_log import events_of
from chassis.preconditions import resource
from replicas.membership.members import Placed, placed_on
from replicas.membership.tree import Units
from replicas.membership.unit_names import NAMELESS, names_on
from services.inspection.answers import page
from services.inspection.problems import unknown_absence
from services.inspection.reads import Actor, On, note_read, reading, today
from services.inspection.requests import Day
from services.inspection.teams import answers
from services.inspection.teams.absences import Away
from services.inspection.teams.domain import Team
from services.inspection.teams.store import THERE, away, known_team, read_teams

_Code = Annotated[str, Path(description="A team's code", examples=["TCT-1"])]
_Id = Annotated[UUID, Path(alias="id", description="An absence's id")]
_Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=2000)]
_Limit = Annotated[int, Query(ge=1, le=500)]
_First = Annotated[Day | None, Query(alias="from", description="Absences that end on this day or later")]
_Last = Annotated[Day | None, Query(alias="to", description="Absences that begin on this day or sooner")]

_TEAMS: Final = f"{THERE} AND code > $2 ORDER BY code LIMIT $3"
_THERE_BY_CODE: Final = f"{THERE} ORDER BY code"
_ABSENCES: Final = """
    SELECT * FROM absences
    WHERE (first_on, id) > ($1, $2) AND NOT withdrawn
      AND ($3::date IS NULL OR last_on >= $3) AND ($4::date IS NULL OR first_on <= $4)
    ORDER BY first_on, id LIMIT $5
"""
_AWAY: Final = """
    SELECT member_id FROM absences
    WHERE NOT withdrawn AND $1 BETWEEN first_on AND last_on AND member_id = ANY($2::uuid[])
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read."""
    routes = APIRouter(tags=["queries"])
    routes.include_router(_teams(pool))
    routes.include_router(_people(pool))
    return routes


def _teams(pool: Pool) -> APIRouter:
    routes = APIRouter()

    @routes.get("/teams", **page(answers.TeamPage))
    async def teams(on: On = None, cursor: _Cursor = None, limit: _Limit = 100) -> dict[str, Any]:
        """Teams that are there on a day, with how many sit in them and what they are responsible for."""
        day = on or today()
        last = "" if cursor is None else decode_cursor(cursor, 1)[0]
        async with reading(pool) as connection:
            rows = await connection.fetch(_TEAMS, day, last, limit + 1)
            found = await read_teams(connection, rows[:limit])
            units = await Units.read(connection)
        return {
            "on": day.isoformat(),
            "items": [_brief(team, units, day) for team in found],
            "next": encode_cursor([rows[limit - 1]["code"]]) if len(rows) > limit else None,
        }

    @routes.get("/areas", **answers.areas())
    async def areas(on: On = None) -> dict[str, Any]:
        """Each cell of a day, and the teams in whose area it is: none where it was forgotten, or its unit ended."""
        day = on or today()
        async with reading(pool) as connection:
            units = await Units.read(connection)
            teams = await read_teams(connection, await connection.fetch(_THERE_BY_CODE, day))
        areas = {team.terms.code: units.cells_below(team.area_on(day), day) for team in teams}
        items = [
            {"cell_code": code, "team_codes": [team for team, its in areas.items() if cell in its]}
            for code, cell in sorted(
                (units.codes.get(cell, NAMELESS.code), cell) for cell in units.cells_on(day)
            )
        ]
        return {
            "on": day.isoformat(),
            "without_team": sum(not item["team_codes"] for item in items),
            "items": items,
        }

    @routes.get("/teams/{code}", **answers.one_team())
    async def team(request: Request, code: _Code, actor: Actor = "unknown") -> Response:
        """One team, with all seats and areas that it had. Who read it is noted."""
        async with reading(pool) as connection:
            found = await known_team(connection, code)
            units = await Units.read(connection)
            await note_read(connection, actor, f"team:{found.terms.code}", len(found.seats))
        return resource(request, team_json(found, units))

    @routes.get("/teams/{code}/history", **answers.history())
    async def history(code: _Code, actor: Actor = "unknown") -> dict[str, Any]:
        """Everything that was recorded of a team, in the order of recording. Who read it is noted."""
        async with reading(pool) as connection:
            found = await known_team(connection, code)
            recorded = await events_of(connection, found.id)
            await note_read(connection, actor, f"team-history:{found.terms.code}", len(found.seats))
        return {
            "code": found.terms.code,
            "items": [
                {
                    "number": event.aggregate_version,
                    "type": event.type,
                    "recorded_at": event.recorded_at.isoformat(),
                    "event": msgspec.json.decode(event.payload),
                }
                for event in recorded
            ],
        }

    return routes


def _people(pool: Pool) -> APIRouter:
    routes = APIRouter()

    @routes.get("/team-members", **answers.people())
    async def members(on: On = None, actor: Actor = "unknown") -> dict[str, Any]:
        """Who sits in teams on a day, where they belong, and who of them may be sent somewhere. Who read is noted."""
        day = on or today()
        async with reading(pool) as connection:
            teams = await read_teams(connection, await connection.fetch(_THERE_BY_CODE, day))
            people = {seat.member_id for team in teams for seat in team.seats_on(day).values()}
            placed = await placed_on(connection, people, day)
            absent = {row["member_id"] for row in await connection.fetch(_AWAY, day, people)}
            cells = {cell for one in placed.values() for cell in (one.cell_id, one.host_id) if cell}
            codes = {cell: named.code for cell, named in (await names_on(connection, cells, day)).items()}
            await note_read(connection, actor, f"team-members:{day.isoformat()}", len(people))
        return {
            "on": day.isoformat(),
            "items": [
                _person(member, teams, day, placed.get(member), codes, away=member in absent)
                for member in sorted(people)
            ],
        }

    @routes.get("/absences", **page(answers.AbsencePage))
    async def absences(
        first: _First = None,
        last: _Last = None,
        cursor: _Cursor = None,
        limit: _Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Absences, by their first days. Who read them is noted."""
        async with reading(pool) as connection:
            rows = await connection.fetch(_ABSENCES, *day_and_id(cursor), first, last, limit + 1)
            items = [absence_json(away(row)) for row in rows[:limit]]
            await note_read(connection, actor, "absences", len(items))
        after = rows[limit - 1] if len(rows) > limit else None
        return {
            "items": items,
            "next": after and encode_cursor([after["first_on"].isoformat(), str(after["id"])]),
        }

    @routes.get("/absences/{id}", **answers.one_absence())
    async def absence(request: Request, id_: _Id, actor: Actor = "unknown") -> Response:
        """One absence. Who read it is noted."""
        async with reading(pool) as connection:
            row = await connection.fetchrow("SELECT * FROM absences WHERE id = $1", id_)
            if row is None:
                raise unknown_absence()
            await note_read(connection, actor, f"absence:{id_}", 1)
        return resource(request, absence_json(away(row)))

    return routes


def team_json(team: Team, units: Units) -> dict[str, Any]:
    """Return a team as answers carry it."""
    return {
        "code": team.terms.code,
        "name": team.terms.name,
        "from_on": team.terms.from_on.isoformat(),
        "until_on": _iso(team.terms.until_on),
        "seats": [
            {
                "id": str(id_),
                "member_id": str(seat.member_id),
                "role": seat.role.value,
                "from_on": seat.from_on.isoformat(),
                "until_on": _iso(seat.until_on),
            }
            for id_, seat in sorted(team.seats.items(), key=lambda item: (item[1].from_on, item[0]))
        ],
        "areas": [
            {"from_on": from_on.isoformat(), "unit_codes": _codes(units, its)}
            for from_on, its in sorted(team.areas.items())
        ],
        "version": team.version,
    }


def absence_json(one: Away) -> dict[str, Any]:
    """Return an absence as answers carry it."""
    return {
        "id": str(one.id),
        "member_id": str(one.days.member_id),
        "first_on": one.days.first_on.isoformat(),
        "last_on": one.days.last_on.isoformat(),
        "reason": one.reason.value,
        "withdrawn": one.withdrawn,
        "version": one.version,
    }


def _brief(team: Team, units: Units, day: date) -> dict[str, Any]:
    area = team.area_on(day)
    return {
        "code": team.terms.code,
        "name": team.terms.name,
        "from_on": team.terms.from_on.isoformat(),
        "until_on": _iso(team.terms.until_on),
        "seats": len(team.seats_on(day)),
        "unit_codes": _codes(units, area),
        "cells": len(units.cells_below(area, day)),
    }


def _person(
    member: UUID,
    teams: Sequence[Team],
    day: date,
    placed: Placed | None,
    codes: Mapping[UUID, str],
    *,
    away: bool,
) -> dict[str, Any]:
    found = {
        "absent": away,
        "exempt": placed is not None and placed.exempt,
        "not_in_register": placed is None,
        "suspended": placed is not None and placed.suspended,
    }
    hindrances = [name for name, is_so in found.items() if is_so]
    cells = [] if placed is None else [cell for cell in (placed.cell_id, placed.host_id) if cell]
    return {
        "member_id": str(member),
        "teams": [
            {"team_code": team.terms.code, "role": seat.role.value}
            for team in teams
            for seat in team.seats_on(day).values()
            if seat.member_id == member
        ],
        "cell_codes": [codes.get(cell, NAMELESS.code) for cell in cells],
        "free": not hindrances,
        "hindrances": hindrances,
    }


def _codes(units: Units, ids: Collection[UUID]) -> list[str]:
    return sorted(units.codes.get(unit, NAMELESS.code) for unit in ids)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
