"""What became of the months in which cells owe a regular meeting, and of the quarters in which they owe a theme.

    due = held + postponed + excused + missed + open

The rules are those of the service meetings (DOMAIN: meetings; a cell owes a month if it is there on each of its
days), which tells its own figures by looking at each month of each cell. Here they are sums: what is due is counted
from the spans of months in which cells are there, what was held, put off or excused is asked of the facts, and what
is left is missed where the month is over. `tests/integration/test_reporting_meetings.py` holds both against each
other.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from chassis.database import Connection
from services.reporting.dated_tree import DatedTree, Span
from services.reporting.figures.cubes import Counted, MonthPiece, Spans, month_pieces
from services.reporting.figures.frame import Frame, Sums
from services.reporting.figures.periods import (
    Period,
    after_month,
    month_end,
    month_start,
    months,
    months_of,
    quarter,
    quarters_within,
)
from services.reporting.meetings.facts import MEETINGS, ORDERS, WATCHES


class Order(NamedTuple):
    """An order that interrupts meetings, while it stands."""

    units: Sequence[UUID]
    from_on: date
    until_on: date

    def scope_day(self, month: date) -> date:
        """Return whose tree says which cells it means in a month: its first day there."""
        return max(self.from_on, month)

    def touches(self, month: date) -> bool:
        """Return whether any day of a month is in it."""
        return self.from_on <= month_end(month) and month <= self.until_on


@dataclass(frozen=True, slots=True)
class Rules:
    """What was known by an instant of the beginning of the record, and of orders."""

    begins: date | None
    orders: Sequence[Order]
    today: date
    """In Asia/Ho_Chi_Minh: months before its own are over."""


async def rules(connection: Connection, known_at: datetime | None, today: date) -> Rules:
    """Return what holds for all cells, of what was recorded by an instant."""
    then, given = ("$1", [known_at]) if known_at else (None, [])
    begins = await connection.fetchval(f"SELECT max(first_month) FROM {WATCHES.as_known(then)} w", *given)
    rows = await connection.fetch(
        f"SELECT unit_ids, from_on, coalesce(until_on, 'infinity') FROM {ORDERS.as_known(then)} o"
        " WHERE NOT withdrawn",
        *given,
    )
    return Rules(begins, [Order(*row) for row in rows], today)


def owed(tree: DatedTree, pieces: Sequence[MonthPiece], begins: date | None) -> Iterator[MonthPiece]:
    """Yield the months of pieces in which their unit owes a regular meeting."""
    spans: dict[UUID, list[Span]] = {}
    for piece in pieces:
        its = spans.get(piece.cell)
        if its is None:
            its = spans[piece.cell] = tree.cell_spans(piece.cell)
        for span in its:
            since = span.since if span.since.day == 1 else after_month(span.since)
            first = max(piece.first, since, begins or date.min)
            last = piece.last if span.until is None else min(piece.last, after_month(span.until, -1))
            if first <= last:
                yield MonthPiece(piece.row, piece.cell, first, last)


# A regular meeting that was put off counts for its month as put off while its reason stands and its new time, if it
# has one, lies after the month and is not over.
_PUT_OFF: Final = """
    m.put_off_from IS NOT NULL
    AND (m.put_off_by IS NULL OR EXISTS (
        SELECT FROM {orders} o
        WHERE o.interruption_id = m.put_off_by AND NOT o.withdrawn
          AND m.put_off_from BETWEEN o.from_on AND coalesce(o.until_on, 'infinity')))
    AND (m.day IS NULL OR (m.day >= m.month + interval '1 month' AND m.day >= $6::date))
"""
_BECAME: Final = """
    WITH regular AS (
        SELECT m.row, m.cell_id, m.month, m.day, m.status = 'held' AS held,
               m.status <> 'held' AND {put_off} AS put_off
        FROM (
            SELECT p.row, m.*
            FROM {meetings}
            WHERE m.kind = 'regular' AND m.status <> 'cancelled'
        ) m
    ), excused AS (
        SELECT DISTINCT o.row, o.cell_id, o.month
        FROM unnest($7::int[], $8::uuid[], $9::date[], $10::date[], $11::date[])
             AS o (row, cell_id, month, from_on, until_on)
        WHERE NOT EXISTS (
            SELECT FROM regular r
            WHERE r.cell_id = o.cell_id AND r.month = o.month
              AND (r.held OR r.put_off OR r.day NOT BETWEEN o.from_on AND o.until_on))
    ), became AS (
        SELECT row, month, held, put_off, false AS excused FROM regular
        UNION ALL
        SELECT row, month, false, false, true FROM excused
    )
    SELECT row, width_bucket(month, $5::date[]) - 1, count(*) FILTER (WHERE held),
           count(*) FILTER (WHERE put_off), count(*) FILTER (WHERE excused)
    FROM became GROUP BY 1, 2
"""


async def became(
    connection: Connection, frame: Frame, spans: Spans, rules: Rules, *, known_at: datetime | None
) -> Sums:
    """Return what became of the months owed in each span; one may not go from before today's month into it."""
    then = "$12" if known_at else None
    its = list(owed(frame.tree, month_pieces(frame, spans.months), rules.begins))
    counted = Counted.of(its)
    query = _BECAME.format(
        meetings=counted.rows(MEETINGS.as_known(then)),
        put_off=_PUT_OFF.format(orders=ORDERS.as_known(then)),
    )
    rows = await connection.fetch(
        query,
        *counted.parameters,
        list(spans.starts),
        rules.today,
        *_interrupted(frame.tree, its, rules.orders),
        *([known_at] if known_at else []),
    )
    due = _per_span(its, spans)
    found: Sums = {}
    told = {(row, span): (held, put_off, excused) for row, span, held, put_off, excused in rows}
    over = [start < month_start(rules.today) for start in spans.starts]
    # Of thousands of cells and months it is nearly always one of a few things: each is said once.
    alike: dict[tuple[int, int, int, int, bool], dict[str, float]] = {}
    for (row, span), count in due.items():
        held, put_off, excused = told.get((row, span), _NOTHING_TOLD)
        said = (count, held, put_off, excused, over[span])
        if said not in alike:
            left = count - held - put_off - excused
            became_ = {"held": held, "postponed": put_off, "excused": excused}
            alike[said] = became_ | {"missed" if over[span] else "open": left}
        found[row, span, ()] = alike[said]
    return found


_NOTHING_TOLD: Final = (0, 0, 0)


def _per_span(pieces: Sequence[MonthPiece], spans: Spans) -> dict[tuple[int, int], int]:
    """Return how many months of pieces lie in each span, by row."""
    changes: defaultdict[int, Counter[date]] = defaultdict(Counter)
    for piece in pieces:
        changes[piece.row][piece.first] += 1
        changes[piece.row][after_month(piece.last)] -= 1
    span_of = [bisect_right(spans.starts, month) - 1 for month in spans.months]
    found: dict[tuple[int, int], int] = {}
    for row, its in changes.items():
        now, place = 0, 0
        # A piece that ends before a gap takes its months back at the gap, which is none of the months.
        ends = sorted(its)
        for month, span in zip(spans.months, span_of, strict=True):
            while place < len(ends) and ends[place] <= month:
                now += its[ends[place]]
                place += 1
            if now:
                found[row, span] = found.get((row, span), 0) + now
    return found


def _interrupted(tree: DatedTree, pieces: Sequence[MonthPiece], orders: Sequence[Order]) -> list[list[Any]]:
    """Return the months owed that an order touches, each with the order's days."""
    found = []
    for order in orders:
        for piece in pieces:
            first = max(piece.first, month_start(order.from_on))
            for month in months(first, min(piece.last, order.until_on)):
                day = order.scope_day(month)
                if any(piece.cell in tree.below(unit, day) for unit in order.units):
                    found.append((piece.row, piece.cell, month, order.from_on, order.until_on))
    return [list(column) for column in zip(*found, strict=True)] if found else [[], [], [], [], []]


_THEMATIC: Final = """
    SELECT p.row, date_trunc('quarter', m.month)::date, count(DISTINCT m.cell_id)
    FROM {meetings}
    WHERE m.status = 'held' AND m.thematic
    GROUP BY 1, 2
"""


async def quarters(
    connection: Connection,
    frame: Frame,
    periods: Sequence[Period],
    rules: Rules,
    *,
    known_at: datetime | None,
) -> Mapping[Period, Mapping[int, dict[str, float]]]:
    """Return of each period and row in how many quarters cells owe a thematic meeting, and held one.

    Of the quarters all of whose months count in the period. A cell owes one if it owes a regular meeting in each of
    its months, and counts where it hangs on the quarter's last day.
    """
    within = {
        period: quarters_within(months(its.first, its.last)) if (its := months_of(period)) else []
        for period in periods
    }
    asked = sorted({start for its in within.values() for start in its})
    pieces = [
        MonthPiece(piece.row, piece.unit, asked[piece.first], after_month(asked[piece.last], 2))
        for piece in frame.pieces([month_end(after_month(start, 2)) for start in asked], asked)
    ]
    owing = [
        one
        for one in owed(frame.tree, pieces, rules.begins)
        if one.first == quarter(one.first) and one.last == after_month(one.first, 2)
    ]
    counted = Counted.of(owing)
    rows = await connection.fetch(
        _THEMATIC.format(meetings=counted.rows(MEETINGS.as_known("$5" if known_at else None))),
        *counted.parameters,
        *([known_at] if known_at else []),
    )
    due = Counter((one.row, one.first) for one in owing)
    held = {(row, start): count for row, start, count in rows}
    found: dict[Period, dict[int, dict[str, float]]] = {period: {} for period in periods}
    for period, wanted in within.items():
        for row, start in due:
            if start in wanted:
                sums = found[period].setdefault(row, {"due": 0, "held": 0})
                sums["due"] += due[row, start]
                sums["held"] += held.get((row, start), 0)
    return found
