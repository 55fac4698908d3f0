"""Reads of findings: one, all by unit, team, state and days, and what was recorded of one."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.cursors import day_and_id
from chassis.database import Connection, Pool
from chassis.event_log import events_of
from chassis.preconditions import resource
from contracts.findings import FindingRestated, FindingState
from replicas.membership.tree import Units
from replicas.membership.unit_names import NAMELESS
from services.inspection.findings import answers
from services.inspection.findings.finding import Finding
from services.inspection.findings.store import finding_of, steps_of
from services.inspection.problems import unknown_finding
from services.inspection.reads import Actor, note_read, reading, today
from services.inspection.teams.store import known_team
from services.inspection.visits.queries import (
    Cursor,
    First,
    Last,
    Limit,
    TeamQuery,
    UnitCode,
    cells_of_unit,
    fact_json,
    next_of,
)

FindingId = Annotated[UUID, Path(alias="id", description="A finding's id")]
_States = Annotated[list[FindingState] | None, Query(alias="state", description="In one of these states")]
_Flag = Annotated[bool | None, Query()]

_LISTED: Final = """
    SELECT finding.* FROM findings AS finding JOIN visits AS visit ON visit.id = finding.visit_id
    WHERE (finding.found_on, finding.id) > ($1, $2) AND NOT finding.withdrawn
      AND ($3::date IS NULL OR finding.found_on >= $3) AND ($4::date IS NULL OR finding.found_on <= $4)
      AND ($5::uuid[] IS NULL OR finding.cell_id = ANY($5)) AND ($6::uuid IS NULL OR visit.team_id = $6)
      AND ($7::text[] IS NULL OR finding.state = ANY($7))
      AND ($8::boolean IS NULL OR finding.overdue = $8)
      AND ($9::boolean IS NULL OR (finding.recurrence_of IS NOT NULL) = $9)
    ORDER BY finding.found_on, finding.id LIMIT $10
"""
_EVIDENCE: Final = "SELECT attachment_id FROM finding_evidence WHERE finding_id = $1 ORDER BY attachment_id"


def router(pool: Pool) -> APIRouter:
    """Return the routes that read."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/findings", **answers.listed())
    async def findings(
        *,
        unit: UnitCode = None,
        team: TeamQuery = None,
        states: _States = None,
        overdue: _Flag = None,
        recurrent: _Flag = None,
        first: First = None,
        last: Last = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """Findings, by the days on which they were found: of a unit with all below it, of a team, in a state."""
        async with reading(pool) as connection:
            units = await Units.read(connection)
            cells = None if unit is None else cells_of_unit(units, unit, last or today())
            team_id = None if team is None else (await known_team(connection, team)).id
            wanted = None if states is None else [state.value for state in states]
            rows = await connection.fetch(
                _LISTED,
                *day_and_id(cursor),
                first,
                last,
                cells,
                team_id,
                wanted,
                overdue,
                recurrent,
                limit + 1,
            )
        items = [brief(finding_of(row), units) for row in rows[:limit]]
        return {"items": items, "next": next_of(rows, limit, "found_on")}

    @routes.get("/findings/{id}", **answers.one_finding())
    async def finding(request: Request, id_: FindingId, actor: Actor = "unknown") -> Response:
        """One finding with all that was said of it. Who read it is noted."""
        async with reading(pool) as connection:
            found = await _known(connection, id_)
            body = await finding_json(connection, found)
            await note_read(connection, actor, f"finding:{id_}", 1)
        return resource(request, body)

    @routes.get("/findings/{id}/history", **answers.history())
    async def history(id_: FindingId, actor: Actor = "unknown") -> dict[str, Any]:
        """Everything that was recorded of a finding, in the order of recording. Who read it is noted."""
        async with reading(pool) as connection:
            await _known(connection, id_)
            recorded = await events_of(connection, id_)
            await note_read(connection, actor, f"finding-history:{id_}", 1)
        return {"id": str(id_), "items": [fact_json(event) for event in recorded]}

    return routes


def brief(finding: Finding, units: Units) -> dict[str, Any]:
    """Return a finding as a list has it."""
    facts = finding.facts
    return {
        "id": str(finding.id),
        "visit_id": str(facts.visit_id),
        "cell_code": units.codes.get(facts.cell_id, NAMELESS.code),
        "found_on": facts.found_on.isoformat(),
        "axis": facts.axis,
        "limitation": facts.limitation,
        "severity": facts.severity.value,
        "due_on": facts.due_on.isoformat(),
        "state": facts.state.value,
        "since": finding.since.isoformat(),
        "overdue": facts.overdue,
        "reopened": facts.reopened,
        "recurrence_of": facts.recurrence_of and str(facts.recurrence_of),
        "carried_into": facts.carried_into,
    }


async def finding_json(connection: Connection, finding: Finding) -> dict[str, Any]:
    """Return a finding as answers carry it."""
    units, owner = await Units.read(connection), finding.facts.owner
    evidence = await connection.fetch(_EVIDENCE, finding.id)
    recorded = await events_of(connection, finding.id)
    restated = {one.aggregate_version for one in recorded if one.type == FindingRestated.TYPE}
    return {
        **brief(finding, units),
        "summary": finding.summary,
        "owner": {
            "unit_code": owner.unit_id and units.codes.get(owner.unit_id, NAMELESS.code),
            "position": owner.position and owner.position.value,
            "member_id": owner.member_id and str(owner.member_id),
        },
        "steps": [_step(row, restated) for row in await steps_of(connection, finding.id)],
        "attachment_ids": [str(row["attachment_id"]) for row in evidence],
        "withdrawn": finding.withdrawn,
        "version": finding.version,
    }


def _step(row: Mapping[str, Any], restated: Collection[int]) -> dict[str, Any]:
    return {
        "version": row["version"],
        "on": row["on_day"].isoformat(),
        "state": row["state"],
        "due_on": row["due_on"].isoformat(),
        "note": row["note"],
        "restated": row["version"] in restated,
    }


async def _known(connection: Connection, id_: UUID) -> Finding:
    """Return a finding. Raises Problem `unknown-finding` (404)."""
    row = await connection.fetchrow("SELECT * FROM findings WHERE id = $1", id_)
    if row is None:
        raise unknown_finding()
    return finding_of(row)
