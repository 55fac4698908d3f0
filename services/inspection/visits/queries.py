"""Reads of visits: one, all by cell, team and days, and what was recorded of one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.cursors import day_and_id, encode_cursor
from chassis.database import Connection, Pool
from chassis.event_log import RecordedEvent, events_of
from chassis.openapi import problem_answers
from chassis.preconditions import resource
from replicas.membership.problems import unknown_unit
from replicas.membership.tree import Units
from replicas.membership.unit_names import NAMELESS
from services.inspection.answers import page
from services.inspection.problems import unknown_team, unknown_visit
from services.inspection.reads import Actor, note_read, reading, today
from services.inspection.requests import Day, Text
from services.inspection.teams.store import known_team
from services.inspection.visits import answers
from services.inspection.visits.domain import Visit
from services.inspection.visits.store import read_visits

VisitId = Annotated[UUID, Path(alias="id", description="A visit's id")]
UnitCode = Annotated[
    Text | None, Query(alias="unit", description="Of this unit and all below it", max_length=64)
]
TeamQuery = Annotated[Text | None, Query(alias="team", description="Of this team", max_length=32)]
First = Annotated[Day | None, Query(alias="from", description="From this day on")]
Last = Annotated[Day | None, Query(alias="to", description="Up to this day")]
Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=2000)]
Limit = Annotated[int, Query(ge=1, le=500)]

_VISITS: Final = """
    SELECT visit.id, visit.meeting_id, visit.cell_id, visit.month, visit.kind, team.code AS team_code,
           visit.visited_on, score.total, score.grade,
           (SELECT count(*) FROM findings WHERE visit_id = visit.id AND NOT withdrawn) AS findings
    FROM visits AS visit JOIN teams AS team ON team.id = visit.team_id
    LEFT JOIN visit_scores AS score ON score.visit_id = visit.id
"""
_LISTED: Final = f"""
    {_VISITS}
    WHERE (visit.visited_on, visit.id) > ($1, $2) AND NOT visit.withdrawn
      AND ($3::date IS NULL OR visit.visited_on >= $3) AND ($4::date IS NULL OR visit.visited_on <= $4)
      AND ($5::uuid[] IS NULL OR visit.cell_id = ANY($5)) AND ($6::uuid IS NULL OR visit.team_id = $6)
    ORDER BY visit.visited_on, visit.id LIMIT $7
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/visits", **_page())
    async def visits(
        *,
        unit: UnitCode = None,
        team: TeamQuery = None,
        first: First = None,
        last: Last = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """Visits, by their days: of a unit with all below it on the last day asked for, of a team."""
        async with reading(pool) as connection:
            units = await Units.read(connection)
            cells = None if unit is None else cells_of_unit(units, unit, last or today())
            team_id = None if team is None else (await known_team(connection, team)).id
            rows = await connection.fetch(
                _LISTED, *day_and_id(cursor), first, last, cells, team_id, limit + 1
            )
        return {
            "items": [_brief(row, units) for row in rows[:limit]],
            "next": next_of(rows, limit, "visited_on"),
        }

    @routes.get("/visits/{id}", **answers.one_visit())
    async def visit(request: Request, id_: VisitId, actor: Actor = "unknown") -> Response:
        """One visit with all that was said of it. Who read it is noted."""
        async with reading(pool) as connection:
            found = await _known(connection, id_)
            body = await visit_json(connection, found)
            await note_read(connection, actor, f"visit:{id_}", max(1, len(found.facts.visitor_ids)))
        return resource(request, body, as_of=body["findings"])

    @routes.get("/visits/{id}/history", **answers.history())
    async def history(id_: VisitId, actor: Actor = "unknown") -> dict[str, Any]:
        """Everything that was recorded of a visit, in the order of recording. Who read it is noted."""
        async with reading(pool) as connection:
            found = await _known(connection, id_)
            recorded = await events_of(connection, id_)
            await note_read(connection, actor, f"visit-history:{id_}", max(1, len(found.facts.visitor_ids)))
        return {"id": str(id_), "items": [fact_json(event) for event in recorded]}

    return routes


def _page() -> dict[str, Any]:
    found = page(answers.VisitPage)
    return found | {
        "responses": {**found["responses"], **problem_answers(unknown_unit("K.99"), unknown_team("TCT-9"))}
    }


def cells_of_unit(units: Units, code: str, day: date) -> list[UUID]:
    """Return the unit of a code with all below it on a day. Raises Problem `unknown-unit` (404)."""
    unit = units.of_code(code)
    return sorted({unit} | units.below([unit], day))


def fact_json(event: RecordedEvent) -> dict[str, Any]:
    """Return something recorded as answers carry it."""
    return {
        "number": event.aggregate_version,
        "type": event.type,
        "recorded_at": event.recorded_at.isoformat(),
        "event": msgspec.json.decode(event.payload),
    }


def next_of(rows: Sequence[Mapping[str, Any]], limit: int, column: str) -> str | None:
    """Return the cursor of the next page; None on the last. One row more than `limit` was asked for."""
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return encode_cursor([last[column].isoformat(), str(last["id"])])


async def visit_json(connection: Connection, visit: Visit) -> dict[str, Any]:
    """Return a visit as answers carry it."""
    facts, words, score = visit.facts, visit.words, visit.facts.score
    row = await connection.fetchrow(f"{_VISITS} WHERE visit.id = $1", visit.id)
    assert row is not None  # noqa: S101 - it was just read or written in this transaction
    return {
        **_brief(row, await Units.read(connection)),
        "visitor_ids": [str(id_) for id_ in facts.visitor_ids],
        "assignment_id": facts.assignment_id and str(facts.assignment_id),
        "checklist": facts.checklist.isoformat(),
        "books": [one.model_dump() | {"remark": words.books.get(one.book)} for one in facts.books],
        "steps": [one.model_dump() | {"remark": words.steps.get(one.step)} for one in facts.steps],
        "axes": [
            {"axis": one.axis, "grade": one.grade.value, "comment": words.axes.get(one.axis)}
            for one in facts.axes
        ],
        "score": score
        and {
            "guidance": {"number": score.guidance.number, "date": score.guidance.date.isoformat()},
            "points": {one.criterion: one.points for one in score.points},
            "total": score.total,
            "grade": score.grade,
        },
        "guidance": words.guidance,
        "comment": words.comment,
        "withdrawn": visit.withdrawn,
        "version": visit.version,
    }


def _brief(row: Mapping[str, Any], units: Units) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "meeting_id": str(row["meeting_id"]),
        "cell_code": units.codes.get(row["cell_id"], NAMELESS.code),
        "month": f"{row['month']:%Y-%m}",
        "kind": row["kind"],
        "team_code": row["team_code"],
        "visited_on": row["visited_on"].isoformat(),
        "total": row["total"] and float(row["total"]),
        "grade": row["grade"],
        "findings": row["findings"],
    }


async def _known(connection: Connection, id_: UUID) -> Visit:
    """Return a visit. Raises Problem `unknown-visit` (404)."""
    row = await connection.fetchrow("SELECT * FROM visits WHERE id = $1", id_)
    if row is None:
        raise unknown_visit()
    return (await read_visits(connection, [row]))[0]
