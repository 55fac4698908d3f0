"""What visitors found lacking: how much in some months, and how it stood on some days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from chassis.database import Connection
from services.reporting.figures.cubes import Cube, sums_of
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.frame import Frame, Sums
from services.reporting.inspection.facts import FINDING_TABLE


def _happened(then: str | None) -> str:
    """Return the rows of what was found in a month, and of what was closed in it less what was opened again."""
    known = f" WHERE recorded_at <= {then}" if then else ""
    return f"""(
        SELECT cell_id, date_trunc('month', found_on)::date AS month, axis, severity,
               delta AS found, CASE WHEN recurrent THEN delta ELSE 0 END AS recurrent, 0 AS closed
        FROM {FINDING_TABLE}{known}
        UNION ALL
        SELECT cell_id, date_trunc('month', effective_date)::date, axis, severity,
               0, 0, CASE WHEN state = 'closed' THEN delta ELSE 0 END
        FROM {FINDING_TABLE}{known}
    )"""


FINDINGS_CUBE: Final = Cube(
    _happened,
    {name: f"sum(m.{name})" for name in ("found", "recurrent", "closed")},
    {Dimension.AXIS: "m.axis", Dimension.SEVERITY: "m.severity"},
)

_THEN: Final = ["unsettled", "overdue"]
_KEYS: Final = {Dimension.AXIS: "f.axis", Dimension.SEVERITY: "f.severity", Dimension.STATE: "f.state"}


async def findings_then(
    connection: Connection,
    frame: Frame,
    days: Sequence[date],
    *,
    by: Sequence[Dimension],
    today: date,
    known_at: datetime | None,
) -> Sums:
    """Return how many findings were not settled at the end of some days, and of which the day had gone by unreported.

    A day that is still to come lets nothing lapse beyond today.
    """
    pieces = frame.pieces(days)
    rows = await connection.fetch(
        f"""
        SELECT p.row, slot{"".join(f", {_KEYS[dimension]}" for dimension in by)},
               sum(f.delta) FILTER (WHERE f.state <> 'closed'),
               sum(f.delta) FILTER (WHERE f.state IN ('open', 'remedying')
                                          AND f.due_on < least(($5::date[])[slot + 1], $6::date))
        FROM unnest($1::int[], $2::uuid[], $3::int[], $4::int[]) AS p (row, cell_id, first, last)
        JOIN {FINDING_TABLE} f ON f.cell_id = p.cell_id
        CROSS JOIN LATERAL generate_series(p.first, p.last) AS slot
        WHERE f.effective_date <= ($5::date[])[slot + 1]
          AND ($7::timestamptz IS NULL OR f.recorded_at <= $7)
        GROUP BY {", ".join(str(number + 1) for number in range(2 + len(by)))}
        """,
        [piece.row for piece in pieces], [piece.unit for piece in pieces], [piece.first for piece in pieces],
        [piece.last for piece in pieces], list(days), today, known_at,
    )  # fmt: skip
    return sums_of(rows, len(by), _THEN)
