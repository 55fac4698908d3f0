"""Movement of members over some periods by the rules of `services.reporting.movement`, for all of them at once.

A row is its cells, each for the days on which it belongs to it (*pieces*). A step of a member counts in the row in
whose piece one of its sides lies; the two sides may lie in two pieces. Where a piece begins or ends within a period,
the cell came or went with everybody in it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from chassis.database import Connection
from services.reporting.figures.frame import Frame, Sums
from services.reporting.figures.periods import Period
from services.reporting.movement import CAUSES, Line, Movement, Way, movement_of

_DAY: Final = timedelta(days=1)


class Stay(NamedTuple):
    """A unit belongs to a row from a day on, until the day before another."""

    row: int
    unit: UUID
    since: date
    until: date


class Turn(NamedTuple):
    """A unit comes to a row or leaves it on a day, in the period of a place."""

    place: int
    row: int
    unit: UUID
    day: date
    comes: bool


_STEPS: Final = """
    SELECT place, row, CASE WHEN after IS NULL THEN 'out' WHEN before IS NULL THEN 'in' ELSE 'within' END AS way,
           cause, sum(coalesce(after, -before))::int AS count
    FROM (
        SELECT q.place, p.row, f.cause,
               sum(f.delta) FILTER (WHERE f.ordinal & 1 = 0) AS before,
               sum(f.delta) FILTER (WHERE f.ordinal & 1 = 1) AS after
        FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[]) AS p (row, cell_id, since, until)
        JOIN member_facts f ON f.cell_id = p.cell_id AND f.effective_date >= p.since AND f.effective_date < p.until
        JOIN unnest($5::date[], $6::date[]) WITH ORDINALITY AS q (first, last, place)
          ON f.effective_date BETWEEN q.first AND q.last
        -- An array, too: an index scan for a few cells.
        WHERE f.cell_id = ANY ($2::uuid[]) AND ($7::timestamptz IS NULL OR f.recorded_at <= $7)
        GROUP BY q.place, p.row, f.sequence, f.ordinal >> 1, f.cause
    ) steps
    GROUP BY 1, 2, 3, 4
"""
_TURNED: Final = """
    SELECT t.place, t.row, t.comes, sum(f.delta)::int AS count
    FROM unnest($1::int[], $2::int[], $3::uuid[], $4::date[], $5::bool[]) AS t (place, row, cell_id, day, comes)
    JOIN member_facts f ON f.cell_id = t.cell_id AND f.effective_date < t.day
    WHERE f.cell_id = ANY ($3::uuid[]) AND ($6::timestamptz IS NULL OR f.recorded_at <= $6)
    GROUP BY 1, 2, 3
"""


async def movement(
    connection: Connection, frame: Frame, periods: Sequence[Period], *, known_at: datetime | None
) -> Sums:
    """Return the movement of each period by its place, of each row of the frame."""
    stayed = stays(frame, periods)
    lines: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
    for place, row, way, cause, count in await connection.fetch(
        _STEPS,
        *_columns_of(stayed, 4),
        [period.first for period in periods],
        [period.last for period in periods],
        known_at,
    ):
        lines[row, place - 1].append(Line(Way(way), CAUSES[cause], count, 0))
    moved: Counter[tuple[int, int, bool]] = Counter()
    if turned := turns(stayed, periods):
        for place, row, comes, count in await connection.fetch(_TURNED, *_columns_of(turned, 5), known_at):
            moved[row, place, comes] = count
    return {
        (row, place, ()): columns(
            movement_of(
                lines[row, place], moved_in=moved[row, place, True], moved_out=moved[row, place, False]
            )
        )
        for row, place in {*lines, *((row, place) for row, place, _ in moved)}
    }


def stays(frame: Frame, periods: Sequence[Period]) -> list[Stay]:
    """Return which unit belongs to which row when, from the day before the first period to the end of the last."""
    begin, end = min(one.first for one in periods) - _DAY, max(one.last for one in periods) + _DAY
    days = [begin, *(day for day in frame.tree.turns if begin < day < end)]
    untils = [*days[1:], end]
    return [Stay(row, unit, days[first], untils[last]) for row, unit, first, last in frame.pieces(days)]


def turns(stayed: Iterable[Stay], periods: Sequence[Period]) -> list[Turn]:
    """Return which units come to their rows or leave them within a period."""
    begin, end = min(one.first for one in periods) - _DAY, max(one.last for one in periods) + _DAY
    return [
        Turn(place, stay.row, stay.unit, day, comes)
        for stay in stayed
        for day, comes, at_edge in (
            (stay.since, True, stay.since == begin),
            (stay.until, False, stay.until == end),
        )
        if not at_edge
        for place, period in enumerate(periods)
        if period.first <= day <= period.last
    ]


def _columns_of(rows: Sequence[Stay] | Sequence[Turn], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def columns(moved: Movement) -> dict[str, float]:
    """Return what figures sum up: totals and counts by reason; how many there were is another measure."""
    return {
        "in": moved.came.total,
        "out": moved.went.total,
        **{f"in.{reason}": count for reason, count in moved.came.by_reason.items()},
        **{f"out.{reason}": count for reason, count in moved.went.by_reason.items()},
        **{f"within.{reason}": count for reason, count in moved.within.items()},
    }
