"""Months owed in PostgreSQL: what became of those of some cells, and those of which something is to be told."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from chassis.event_log import EventLog, NewEvent
from contracts.meeting_plans import MonthlyWatchSet
from contracts.meetings import MeetingStatus
from services.meetings.calendar import Month, due_between, local_day
from services.meetings.interruptions.domain import Interruption, still_puts_off
from services.meetings.interruptions.store import Scopes, standing_orders
from services.meetings.months.domain import (
    CellMonth,
    MonthDecided,
    MonthStatus,
    RegularMeeting,
    Watch,
    decide_month,
    status_of,
)
from services.meetings.store import Store
from services.meetings.tree import Units

_REGULAR: Final = """
    SELECT cell_id, month, status, starts_at, postponed_from, postponed_by FROM meetings
    WHERE kind = 'regular' AND status <> 'cancelled' AND cell_id = ANY($1::uuid[]) AND month BETWEEN $2 AND $3
"""
# Months of which something may have to be told: owed, over and not held; and those that were told as missed.
_IN_QUESTION: Final = """
    WITH owed AS (
        SELECT cell.id AS cell_id, month::date AS month
        FROM unnest($1::uuid[], $2::date[], $3::date[]) AS cell (id, first, last)
        CROSS JOIN LATERAL generate_series(cell.first::timestamp, cell.last::timestamp, interval '1 month') AS month
    ), in_question AS (
        SELECT cell_id, month, true AS owed FROM owed
        WHERE NOT EXISTS (
            SELECT FROM meetings
            WHERE meetings.cell_id = owed.cell_id AND meetings.month = owed.month
              AND kind = 'regular' AND status = 'held'
        )
        UNION
        SELECT cell_id, month, (cell_id, month) IN (SELECT cell_id, month FROM owed) FROM cell_months WHERE missed
    )
    SELECT cell_id, month, owed, coalesce(told.missed, false) AS missed, coalesce(told.version, 0) AS version,
           regular.status, regular.starts_at, regular.postponed_from, regular.postponed_by
    FROM in_question
    LEFT JOIN cell_months AS told USING (cell_id, month)
    LEFT JOIN (
        SELECT * FROM meetings WHERE kind = 'regular' AND status <> 'cancelled'
    ) AS regular USING (cell_id, month)
    ORDER BY month, cell_id
"""
_WATCH: Final = """
    INSERT INTO monthly_watch (month, version) VALUES ($1, $2)
    ON CONFLICT (single) DO UPDATE SET month = excluded.month, version = excluded.version
"""
_TELL: Final = """
    INSERT INTO cell_months (cell_id, month, missed, version) VALUES ($1, $2, $3, $4)
    ON CONFLICT (cell_id, month) DO UPDATE SET missed = excluded.missed, version = excluded.version
    WHERE cell_months.version = excluded.version - 1
"""


async def watch(connection: Connection) -> Watch:
    """Return from which month on months without a meeting are looked for."""
    row = await connection.fetchrow("SELECT month, version FROM monthly_watch")
    return Watch() if row is None else Watch(Month.of(row["month"]), row["version"])


async def save_watch(store: Store, watch_: Watch, event: MonthlyWatchSet) -> None:
    """Write from which month on is watched, with its event. Raises ConcurrentChange."""
    await store.append(event, watch_.version)
    await store.connection.execute(_WATCH, event.after, watch_.version)


@dataclass(frozen=True, slots=True)
class MonthOfCell:
    """A month that a cell owes, and what became of it."""

    cell_id: UUID
    month: Month
    status: MonthStatus


async def months_of(
    connection: Connection, units: Units, owed: Mapping[UUID, Sequence[Month]], *, now: datetime
) -> list[MonthOfCell]:
    """Return what became of months that cells owe, by cell and month as they are given."""
    if not owed:
        return []
    first = min(month for its in owed.values() for month in its)
    last = max(month for its in owed.values() for month in its)
    orders, scopes = await standing_orders(connection), await Scopes.read(connection, units, first, last)
    rows = await connection.fetch(_REGULAR, list(owed), first.first, last.first)
    meetings = {(row["cell_id"], Month.of(row["month"])): _meeting(row, orders) for row in rows}
    return [
        MonthOfCell(
            cell, month, status_of(month, meetings.get((cell, month)), scopes.spans(cell, month), now=now)
        )
        for cell, its in owed.items()
        for month in its
    ]


async def untold(connection: Connection, *, now: datetime) -> list[MonthDecided]:
    """Return what is to be told of months that are over: missed ones, and those made good, in their order."""
    first = (await watch(connection)).first
    if first is None:
        return []
    told = await connection.fetchval("SELECT max(month) FROM cell_months WHERE missed")
    # Another process' clock may be a little ahead of this one's: what it told stays.
    last = max(Month.of(local_day(now)).preceding, Month.of(told or date.min))
    units = await Units.read(connection)
    spans = [
        (cell, *between)
        for cell, its in units.cells().items()
        for one in its
        if (between := due_between(one, first, last))
    ]
    rows = await connection.fetch(
        _IN_QUESTION,
        [cell for cell, _, _ in spans],
        [begins.first for _, begins, _ in spans],
        [ends.first for _, _, ends in spans],
    )
    orders, scopes = await standing_orders(connection), await Scopes.read(connection, units, first, last)
    return list(_decided(rows, orders, scopes, now))


def _decided(
    rows: Collection[Mapping[str, Any]], orders: Collection[Interruption], scopes: Scopes, now: datetime
) -> Iterator[MonthDecided]:
    for row in rows:
        month = Month.of(row["month"])
        told = CellMonth(cell_id=row["cell_id"], month=month, missed=row["missed"], version=row["version"])
        meeting = None if row["status"] is None else _meeting(row, orders)
        spans = scopes.spans(told.cell_id, month)
        status = status_of(month, meeting, spans, now=now) if row["owed"] else None
        if decided := decide_month(told, status, held_on=meeting.day if meeting else None):
            yield decided


async def tell(connection: Connection, event_log: EventLog, decided: Sequence[MonthDecided]) -> None:
    """Write what is told of months, with its events. Raises ConcurrentChange where somebody else told meanwhile."""
    await connection.executemany(
        _TELL,
        [(one.state.cell_id, one.state.month.first, one.state.missed, one.state.version) for one in decided],
    )
    await event_log.append(
        connection,
        [
            NewEvent(
                aggregate_id=one.state.id,
                aggregate_version=one.state.version,
                type=one.event.TYPE,
                payload=one.event.as_json(),
            )
            for one in decided
        ],
    )


def _meeting(row: Mapping[str, Any], orders: Collection[Interruption]) -> RegularMeeting:
    starts_at: datetime | None = row["starts_at"]
    was_for: date | None = row["postponed_from"]
    return RegularMeeting(
        status=MeetingStatus(row["status"]),
        day=None if starts_at is None else local_day(starts_at),
        put_off=was_for is not None and still_puts_off(orders, row["postponed_by"], was_for),
    )
