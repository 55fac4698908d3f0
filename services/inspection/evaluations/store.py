"""What evaluations read: visits with their scores, findings with the steps of their lives."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from chassis.database import Connection
from contracts.findings import FindingState, Severity
from contracts.visits import AxisGrade
from services.inspection.evaluations.figures import FindingStep, SeenFinding, SeenVisit
from services.inspection.evaluations.limitations import Lacking

_VISITS: Final = """
    SELECT visit.cell_id, visit.visited_on, inspector.total AS inspector, own.total AS own,
           official.total AS official,
           coalesce((SELECT jsonb_object_agg(axis, grade) FROM visit_axes WHERE visit_id = visit.id), '{}') AS grades
    FROM visits AS visit
    LEFT JOIN visit_scores AS inspector ON inspector.visit_id = visit.id
    LEFT JOIN meeting_scores AS own ON own.meeting_id = visit.meeting_id AND own.kind = 'self'
    LEFT JOIN meeting_scores AS official ON official.meeting_id = visit.meeting_id AND official.kind = 'official'
    WHERE NOT visit.withdrawn AND visit.visited_on BETWEEN $1 AND $2
      AND ($3::uuid IS NULL OR visit.team_id = $3)
"""
_FINDINGS: Final = """
    SELECT finding.id, finding.cell_id, finding.found_on, finding.recurrence_of IS NOT NULL AS recurrent
    FROM findings AS finding JOIN visits AS visit ON visit.id = finding.visit_id
    WHERE NOT finding.withdrawn AND finding.found_on <= $1
      AND ($2::uuid IS NULL OR visit.team_id = $2)
"""
_STEPS: Final = """
    SELECT finding_id, on_day, state, due_on FROM finding_steps
    WHERE finding_id = ANY($1::uuid[]) ORDER BY finding_id, version
"""
_LACKING: Final = """
    SELECT finding.id, finding.cell_id, finding.found_on, finding.axis, finding.limitation, finding.severity,
           finding.summary, finding.recurrence_of IS NOT NULL AS recurrent
    FROM findings AS finding
    WHERE NOT finding.withdrawn AND finding.found_on <= $1
      AND ($2::uuid[] IS NULL OR finding.cell_id = ANY($2))
    ORDER BY finding.found_on, finding.id
"""


async def visits_between(
    connection: Connection, first: date, last: date, team_id: UUID | None
) -> list[SeenVisit]:
    """Return the visits of these days, of a team or of all."""
    rows = await connection.fetch(_VISITS, first, last, team_id)
    return [
        SeenVisit(
            cell_id=row["cell_id"],
            on=row["visited_on"],
            grades={axis: AxisGrade(grade) for axis, grade in _object(row["grades"]).items()},
            own=_float(row["own"]),
            inspector=_float(row["inspector"]),
            official=_float(row["official"]),
        )
        for row in rows
    ]


async def findings_until(connection: Connection, last: date, team_id: UUID | None) -> list[SeenFinding]:
    """Return the findings that were found by a day, by a team or by all, with all steps of their lives."""
    rows = await connection.fetch(_FINDINGS, last, team_id)
    steps = await _steps_of(connection, [row["id"] for row in rows])
    return [_seen(row, steps) for row in rows]


async def lacking_in(connection: Connection, year: int, cells: Collection[UUID] | None) -> list[Lacking]:
    """Return the findings of a year, and those of earlier years that were not settled by its end."""
    end = date(year, 12, 31)
    rows = await connection.fetch(_LACKING, end, None if cells is None else list(cells))
    steps = await _steps_of(connection, [row["id"] for row in rows])
    found = []
    for row in rows:
        at_end = _seen(row, steps).at(end)
        if at_end and (row["found_on"].year == year or at_end.state is not FindingState.CLOSED):
            of = {**row, "severity": Severity(row["severity"])}
            found.append(Lacking(**of, state=at_end.state))
    return found


def _seen(row: Mapping[str, Any], steps: Mapping[UUID, Sequence[FindingStep]]) -> SeenFinding:
    return SeenFinding(
        cell_id=row["cell_id"],
        found_on=row["found_on"],
        recurrent=row["recurrent"],
        steps=steps[row["id"]],
    )


async def _steps_of(connection: Connection, ids: Collection[UUID]) -> dict[UUID, list[FindingStep]]:
    """Return the steps of these findings' lives, in the order of recording."""
    steps: dict[UUID, list[FindingStep]] = {}
    for row in await connection.fetch(_STEPS, list(ids)):
        step = FindingStep(row["on_day"], FindingState(row["state"]), row["due_on"])
        steps.setdefault(row["finding_id"], []).append(step)
    return steps


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _object(value: str) -> Mapping[str, str]:
    found: Mapping[str, str] = msgspec.json.decode(value)
    return found
