"""Orders in PostgreSQL, which meetings they put off, and which cells they mean in which month."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from chassis.event_log import ConcurrentChange
from contracts.interruptions import InterruptionTerms
from contracts.meetings import InterruptionReason
from contracts.membership import DocumentRef
from services.meetings.calendar import VIETNAM, Month, local_day
from services.meetings.domain import Meeting
from services.meetings.interruptions.domain import Interruption, InterruptionDecided, Span
from services.meetings.store import Store, meeting
from services.meetings.tree import Units

_NEW: Final = """
    INSERT INTO interruptions
        (id, unit_ids, from_on, until_on, reason, document_number, document_date, withdrawn, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_CHANGE: Final = """
    UPDATE interruptions
    SET unit_ids = $2, from_on = $3, until_on = $4, reason = $5, document_number = $6, document_date = $7,
        withdrawn = $8, version = $9
    WHERE id = $1 AND version = $9 - 1
"""
_STANDING: Final = """
    SELECT * FROM interruptions
    WHERE NOT withdrawn AND from_on <= $2 AND (until_on IS NULL OR until_on >= $1)
    ORDER BY from_on, id
"""
# In the order of their ids, so that two such commands wait for one another instead of for ever.
_PLANNED: Final = """
    SELECT * FROM meetings
    WHERE kind = 'regular' AND status IN ('planned', 'agreed', 'announced')
      AND starts_at >= $1 AND ($2::timestamptz IS NULL OR starts_at < $2)
    ORDER BY id FOR UPDATE
"""


class InterruptionStore:
    """Reads for a decision, and writes, in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    async def interruption(self, id_: UUID) -> Interruption | None:
        """Return an order, held as it is until the transaction ends; None where there is none of that id."""
        row = await self._connection.fetchrow("SELECT * FROM interruptions WHERE id = $1 FOR UPDATE", id_)
        return None if row is None else interruption(row)

    async def put_off_by(self, terms: InterruptionTerms, units: Units) -> list[Meeting]:
        """Return the regular meetings that are planned on days of an order, held until the transaction ends."""
        span = Span(terms.from_on, terms.until_on)
        rows = await self._connection.fetch(_PLANNED, *_instants(span))
        found = []
        for row in rows:
            one = meeting(row)
            if one.plan.starts_at is None:
                continue
            month = Month.of(local_day(one.plan.starts_at))
            if one.plan.cell_id in units.below(terms.unit_ids, span.scope_day(month)):
                found.append(one)
        return found

    async def save(self, decided: InterruptionDecided) -> None:
        """Write an order, and append its event. Raises ConcurrentChange."""
        state = decided.state
        terms = state.terms
        done = await self._connection.execute(
            _NEW if state.version == 1 else _CHANGE,
            state.id, list(terms.unit_ids), terms.from_on, terms.until_on, terms.reason.value,
            terms.document.number, terms.document.date, state.withdrawn, state.version,
        )  # fmt: skip
        if done.endswith(" 0"):
            raise ConcurrentChange
        await self._store.append(decided.event, state.version)


@dataclass(slots=True)
class Scopes:
    """The orders that stand in some months, and which cells they mean."""

    orders: Sequence[Interruption]
    units: Units
    _cells: dict[tuple[UUID, Month], set[UUID]] = field(default_factory=dict)

    @classmethod
    async def read(cls, connection: Connection, units: Units, first: Month, last: Month) -> "Scopes":
        """Return the orders that touch any of the months from one to another."""
        rows = await connection.fetch(_STANDING, first.first, last.last)
        return cls([interruption(row) for row in rows], units)

    def spans(self, cell: UUID, month: Month) -> list[Span]:
        """Return the days of the orders that touch a month and mean the cell then."""
        return [order.span for order in self.orders if cell in self._meant(order, month)]

    def _meant(self, order: Interruption, month: Month) -> Collection[UUID]:
        if not order.span.touches(month):
            return ()
        cells = self._cells.get((order.id, month))
        if cells is None:
            cells = self.units.below(order.terms.unit_ids, order.span.scope_day(month))
            self._cells[order.id, month] = cells
        return cells


async def standing_orders(connection: Connection) -> list[Interruption]:
    """Return all orders that were not withdrawn."""
    rows = await connection.fetch("SELECT * FROM interruptions WHERE NOT withdrawn")
    return [interruption(row) for row in rows]


def interruption(row: Mapping[str, Any]) -> Interruption:
    """Return the order in a row of the table."""
    return Interruption(
        id=row["id"],
        terms=InterruptionTerms(
            unit_ids=tuple(row["unit_ids"]),
            from_on=row["from_on"],
            until_on=row["until_on"],
            reason=InterruptionReason(row["reason"]),
            document=DocumentRef(number=row["document_number"], date=row["document_date"]),
        ),
        withdrawn=row["withdrawn"],
        version=row["version"],
    )


def _instants(span: Span) -> tuple[datetime, datetime | None]:
    """Return the first instant of the days of an order, and the first after them; None for no end."""
    begins = datetime.combine(max(span.from_on, _EARLIEST), time.min, VIETNAM)
    if span.until_on is None or span.until_on >= _LATEST:
        return begins, None
    return begins, datetime.combine(span.until_on + timedelta(days=1), time.min, VIETNAM)


# Instants near the ends of the calendar have no UTC.
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(9000, 1, 1)
