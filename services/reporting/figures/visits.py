"""Visits of working teams: how many, what was in order, how it was graded, and which cells were visited."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chassis.database import Connection
from contracts.visits import GRADE_VALUES
from services.reporting.figures.cubes import Counted, Cube, Spans
from services.reporting.figures.dimensions import VALUES, Dimension
from services.reporting.figures.frame import Frame
from services.reporting.figures.periods import Period
from services.reporting.inspection.facts import VISITS
from services.reporting.tree import CELL_TYPES


def _visits(then: str | None) -> str:
    return f"(SELECT * FROM {VISITS.as_known(then)} v WHERE NOT withdrawn)"


VISITS_CUBE: Final = Cube(
    _visits,
    {
        "visits": "count(*)",
        **{name: f"sum(m.{name})" for name in ("books", "books_in_order", "steps", "steps_followed")},
        "scored": "count(m.points)",
        "points": "sum(m.points)",
        **{
            grade: f"count(*) FILTER (WHERE m.grade = '{grade}')"
            for grade in VALUES[Dimension.GRADE]
        },
    },
    {Dimension.KIND: "m.kind"},
)  # fmt: skip
_VALUE: Final = " ".join(f"WHEN '{grade}' THEN {value}" for grade, value in GRADE_VALUES.items())
AXES_CUBE: Final = Cube(
    _visits,
    {"grades": "count(*)", "value": f"sum(CASE one.grade {_VALUE} END)"},
    {Dimension.AXIS: "one.axis", Dimension.GRADE: "one.grade"},
    "CROSS JOIN LATERAL unnest(m.axes, m.grades) AS one (axis, grade)",
)


async def coverage(
    connection: Connection,
    frame: Frame,
    spans: Spans,
    periods: Sequence[Period],
    *,
    known_at: datetime | None,
) -> Mapping[Period, Mapping[int, dict[str, float]]]:
    """Return of each period and row how many cells were visited at least once, and how many that are there were not.

    `visited` are all that were; `visited_there` and `left` those among the cells that are there on the last day.
    """
    counted = Counted.in_months(frame, spans.months)
    rows = await connection.fetch(
        f"""
        SELECT DISTINCT p.row, width_bucket(m.month, $5::date[]) - 1, m.cell_id
        FROM {counted.rows(_visits("$6" if known_at else None))}
        """,
        *counted.parameters,
        list(spans.starts),
        *([known_at] if known_at else []),
    )
    visited: dict[int, dict[int, set[UUID]]] = {}
    for row, span, cell in rows:
        visited.setdefault(span, {}).setdefault(row, set()).add(cell)
    found: dict[Period, Mapping[int, dict[str, float]]] = {}
    for period in periods:
        there = _cells(frame, period.last)
        its: dict[int, set[UUID]] = {}
        for span in spans.of[period]:
            for row, cells in visited.get(span, {}).items():
                its.setdefault(row, set()).update(cells)
        found[period] = {
            row: {
                "visited": len(its.get(row, ())),
                "visited_there": len(its.get(row, set()) & there.get(row, set())),
                "left": len(there.get(row, set()) - its.get(row, set())),
            }
            for row in its.keys() | there.keys()
        }
    return found


def _cells(frame: Frame, day: date) -> dict[int, set[UUID]]:
    found: dict[int, set[UUID]] = {}
    for piece in frame.pieces([day]):
        if frame.tree.is_on(piece.unit, day, CELL_TYPES):
            found.setdefault(piece.row, set()).add(piece.unit)
    return found
