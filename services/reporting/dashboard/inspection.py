"""What working teams saw: how many cells they reached, how they graded, and what is still to be put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.reporting.dashboard import wording
from services.reporting.dashboard.charts import Chart, Series
from services.reporting.dashboard.snapshot import Snapshot
from services.reporting.dashboard.tiles import INSPECTION, Tile, tiles
from services.reporting.figures.dimensions import VALUES, Dimension
from services.reporting.figures.periods import after_month
from services.reporting.figures.query import Row
from services.reporting.inspection.facts import FINDING_TABLE
from services.reporting.tree import Unit

_MOST: Final = 15
"""Lines of the list: those that are due first."""


@dataclass(frozen=True, slots=True)
class Due:
    """Findings alike of one cell that are still to be put right."""

    unit: Unit
    above: Unit | None
    """What the cell hangs under: cells of several committees have the same name."""
    due_on: date
    axis: str
    severity: str
    state: str
    count: int
    late: bool
    """Whether their day has gone by and nothing was reported."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything that the page says of inspection."""

    tiles: Sequence[Tile]
    visits: Chart
    axes: Chart
    due: Sequence[Due]
    more: int
    """How many further findings the list leaves off."""

    @property
    def is_empty(self) -> bool:
        """Whether no team has been anywhere, and nothing is to be put right."""
        reached = (one for one in self.tiles if one.label != INSPECTION["visits.cells_left"])
        return not (self.due or any(one.now or one.before for one in reached))


async def inspection(
    known: Snapshot, figures: Row, *, unit: str | None, as_of: date, today: date
) -> Inspection:
    """Return what there is to say of a unit and all below it; `figures` hold the measures of its tiles."""
    found = await _due(known, unit, as_of, today)
    return Inspection(
        tiles(figures, INSPECTION),
        await _visits(known, unit, as_of),
        await _axes(known, unit, as_of),
        found[:_MOST],
        sum(one.count for one in found[_MOST:]),
    )


async def _visits(known: Snapshot, unit: str | None, as_of: date) -> Chart:
    rows = await known.rows(
        unit=unit, from_=after_month(as_of, -11).isoformat(), to=as_of.isoformat(), by_period="month",
        measures="visits.cells",
    )  # fmt: skip
    return Chart(
        "Số chi bộ được tổ công tác dự sinh hoạt, theo tháng",
        [wording.month(row.period.last) for row in rows],
        [Series("Chi bộ được dự", [row.values["visits.cells"] for row in rows])],
    )


async def _axes(known: Snapshot, unit: str | None, as_of: date) -> Chart:
    rows = await known.rows(
        unit=unit,
        from_=f"{as_of.year:04}-01-01",
        to=as_of.isoformat(),
        measures="visits.grades",
        by="axis,grade",
    )
    counts = {(row.group["axis"], row.group["grade"]): row.values["visits.grades"] for row in rows}
    return Chart(
        "Nhận xét của tổ công tác theo từng mặt, từ đầu năm",
        list(VALUES[Dimension.AXIS].values()),
        [
            Series(label, [counts.get((axis, grade), 0) for axis in VALUES[Dimension.AXIS]])
            for grade, label in VALUES[Dimension.GRADE].items()
        ],
    )


_UNSETTLED: Final = f"""
    SELECT cell_id, due_on, axis, severity, state, sum(delta)::int AS count
    FROM {FINDING_TABLE}
    WHERE cell_id = ANY($1::uuid[]) AND effective_date <= $2 AND state <> 'closed'
      AND ($3::timestamptz IS NULL OR recorded_at <= $3)
    GROUP BY 1, 2, 3, 4, 5
    HAVING sum(delta) > 0
    ORDER BY due_on, severity DESC, cell_id
"""
_UNREPORTED: Final = frozenset({"open", "remedying"})


def _above(known: Snapshot, cell: UUID, day: date) -> Unit | None:
    place = known.tree.place(cell, day)
    return known.tree.unit(place.parent, day) if place and place.parent else None


async def _due(known: Snapshot, unit: str | None, as_of: date, today: date) -> list[Due]:
    root = None if unit is None else known.tree.of_code(unit, as_of)
    cells = list(known.tree.below(root, as_of))
    return [
        Due(
            its,
            _above(known, cell, as_of),
            due_on,
            VALUES[Dimension.AXIS].get(axis, axis),
            VALUES[Dimension.SEVERITY].get(severity, severity),
            VALUES[Dimension.STATE].get(state, state),
            count,
            state in _UNREPORTED and due_on < min(as_of, today),
        )
        for cell, due_on, axis, severity, state, count in await known.connection.fetch(
            _UNSETTLED, cells, as_of, known.known_at
        )
        if (its := known.tree.unit(cell, as_of))
    ]
