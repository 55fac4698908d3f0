"""Meetings and tasks of some spans of months, told apart as asked: an index range scan by cell and month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from chassis.database import Connection
from services.reporting.figures.catalogue import VALUES, Dimension
from services.reporting.figures.frame import Frame, Sums
from services.reporting.figures.periods import Period, after_month, all_months, month_end, months_of
from services.reporting.meetings.facts import MEETINGS, TASKS

_GRADES: Final = tuple(VALUES[Dimension.GRADE])
COLUMNS: Final[Mapping[str, str]] = {
    "held": "count(*) FILTER (WHERE m.status = 'held')",
    "thematic": "count(*) FILTER (WHERE m.status = 'held' AND m.thematic)",
    "put_off": "count(*) FILTER (WHERE m.status = 'postponed')",
    "called_off": "count(*) FILTER (WHERE m.status = 'cancelled')",
    "minutes": "coalesce(sum(m.minutes), 0)",
    "timed": "count(m.minutes)",
    **{name: f"sum(m.{name})" for name in ("counted", "present", "excused", "unexcused")},
    "opinions": "sum(m.book_opinions + m.opinions)",
    **{
        name: f"sum(m.{name})"
        for name in ("resolutions", "rejected", "approved", "reported_up", "reported_in_time")
    },
    **{kind: f"count(m.{kind}_points)" for kind in ("self", "official")},
    **{f"{kind}_points": f"coalesce(sum(m.{kind}_points), 0)" for kind in ("self", "official")},
    **{
        f"{kind}.{grade}": f"count(*) FILTER (WHERE m.{kind}_grade = '{grade}')"
        for kind in ("self", "official")
        for grade in _GRADES
    },
}
"""What a column sums of meetings. A meeting that has no score, or no length, is left out of its mean."""
_KEYS: Final[Mapping[Dimension, str]] = {Dimension.KIND: "m.kind"}


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of months, none overlapping another, into which the periods of a question fall apart."""

    months: Sequence[date]
    """All months of all periods, in order."""
    starts: Sequence[date]
    """The first month of each span."""
    of: Mapping[Period, Sequence[int]]
    """The spans that make up each period."""

    @classmethod
    def of_periods(cls, periods: Iterable[Period], *, also: Iterable[date] = ()) -> "Spans":
        """Return the spans of some periods; with `also`, further months at which a span begins."""
        asked = list(periods)
        months = all_months(asked)
        bounds = {period: months_of(period) for period in asked}
        edges = {edge for its in bounds.values() if its for edge in (its.first, after_month(its.last))}
        edges |= set(also)
        starts = [month for place, month in enumerate(months) if place == 0 or month in edges
                  or months[place - 1] != after_month(month, -1)]  # fmt: skip
        of = {
            period: [place for place, start in enumerate(starts) if its.first <= start <= its.last]
            if its
            else []
            for period, its in bounds.items()
        }
        return cls(months, starts, of)


class MonthPiece(NamedTuple):
    """The meetings of a cell count in a row in the months from one to another, both included."""

    row: int
    cell: Any
    first: date
    last: date


def month_pieces(frame: Frame, months: Sequence[date]) -> list[MonthPiece]:
    """Return which units' months count in which row: a cell counts where it hangs on the last day of the month."""
    gaps = [month.year * 12 + month.month - place for place, month in enumerate(months)]
    return [
        MonthPiece(piece.row, piece.unit, months[piece.first], months[piece.last])
        for piece in frame.pieces([month_end(month) for month in months], gaps)
    ]


PIECES: Final = "unnest($1::int[], $2::uuid[], $3::date[], $4::date[]) AS p (row, cell_id, first, last)"
"""Pieces as a query takes them."""


def columns_of(pieces: Sequence[MonthPiece]) -> list[list[Any]]:
    """Return pieces as the parameters of `PIECES`."""
    return [list(column) for column in zip(*pieces, strict=True)] if pieces else [[], [], [], []]


async def meetings(
    connection: Connection,
    frame: Frame,
    spans: Spans,
    *,
    by: Sequence[Dimension],
    columns: Iterable[str],
    known_at: datetime | None,
) -> Sums:
    """Return the sums of some columns over the meetings that count for some months, told apart by dimensions."""
    wanted = list(columns)
    keys = "".join(f", {_KEYS[dimension]} AS d{number}" for number, dimension in enumerate(by))
    sums = ", ".join(f"{COLUMNS[name]}" for name in wanted)
    rows = await connection.fetch(
        f"""
        SELECT p.row, width_bucket(m.month, $5::date[]) - 1 AS span{keys}, {sums}
        FROM {PIECES}
        JOIN {MEETINGS.as_known("$6" if known_at else None)} m
          ON m.cell_id = p.cell_id AND m.month BETWEEN p.first AND p.last
        GROUP BY {", ".join(str(number + 1) for number in range(2 + len(by)))}
        """,
        *columns_of(month_pieces(frame, spans.months)),
        list(spans.starts),
        *([known_at] if known_at else []),
    )
    return _sums(rows, len(by), wanted)


async def tasks(
    connection: Connection, frame: Frame, spans: Spans, *, today: date, known_at: datetime | None
) -> Sums:
    """Return how many tasks were first due in some months, done in time, and open after the day that they have now.

    With those that a book's summary counts of a meeting before the system was there.
    """
    then = "$7" if known_at else None
    rows = await connection.fetch(
        f"""
        SELECT row, width_bucket(month, $5::date[]) - 1 AS span, sum(tasks), sum(on_time), sum(overdue)
        FROM (
            SELECT p.row, t.month, 1 AS tasks, (t.status = 'closed' AND t.result = 'done_in_time')::int AS on_time,
                   (t.status = 'open' AND t.due_on < $6::date)::int AS overdue
            FROM {PIECES} JOIN {TASKS.as_known(then)} t
              ON t.cell_id = p.cell_id AND t.month BETWEEN p.first AND p.last
            UNION ALL
            SELECT p.row, m.month, m.book_tasks, m.book_tasks_on_time, 0
            FROM {PIECES} JOIN {MEETINGS.as_known(then)} m
              ON m.cell_id = p.cell_id AND m.month BETWEEN p.first AND p.last
        ) AS due
        GROUP BY 1, 2
        """,
        *columns_of(month_pieces(frame, spans.months)),
        list(spans.starts),
        today,
        *([known_at] if known_at else []),
    )
    return _sums(rows, 0, ["tasks", "on_time", "overdue"])


def _sums(rows: Iterable[Sequence[Any]], dimensions: int, columns: Sequence[str]) -> Sums:
    keyed = 2 + dimensions
    return {
        (row[0], row[1], tuple(row[2:keyed])): {
            name: _number(value) for name, value in zip(columns, row[keyed:], strict=True)
        }
        for row in (tuple(one) for one in rows)
    }


def _number(value: Any) -> float:
    return value if isinstance(value, float) else int(value)
