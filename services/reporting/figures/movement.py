"""Movement of members over some periods: what movement_query.py tells of each, as columns."""

from collections.abc import Sequence
from datetime import datetime

from chassis.database import Connection
from services.reporting import movement_query
from services.reporting.figures.frame import Frame, Sums
from services.reporting.figures.periods import Period
from services.reporting.movement import Movement


async def movement(
    connection: Connection,
    frame: Frame,
    periods: Sequence[Period],
    *,
    consumer: str,
    unit: str | None,
    known_at: datetime | None,
) -> Sums:
    """Return the movement of each period by its place, of the whole or of the units directly below."""
    sums: Sums = {}
    for place, period in enumerate(periods):
        answer = await movement_query.movement(
            connection,
            consumer=consumer,
            unit=unit,
            first=period.first,
            last=period.last,
            known_at=known_at,
            by_unit=frame.level is not None,
        )
        if answer is None:  # the unit was found in the same snapshot
            raise AssertionError("movement does not know a unit that the tree knows")
        if frame.level is None:
            sums[frame.row(None), place, ()] = _columns(answer.movement)
        for row in answer.rows:
            of = frame.tree.of_code(row.unit.code, period.last)
            sums[frame.row(of), place, ()] = _columns(row.movement)
    return sums


def _columns(moved: Movement) -> dict[str, float]:
    return {
        "in": moved.came.total,
        "out": moved.went.total,
        **{f"in.{reason}": count for reason, count in moved.came.by_reason.items()},
        **{f"out.{reason}": count for reason, count in moved.went.by_reason.items()},
        **{f"within.{reason}": count for reason, count in moved.within.items()},
    }
