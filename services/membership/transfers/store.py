"""Transfers in PostgreSQL: read for a decision, and written with their events in the caller's transaction.

Locks are taken in one order: members, then units, then transfers. Whoever begins a transfer, receives it, puts it
right or takes its member off the register holds the member; whoever only takes it a step further needs no more than
the transfer.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, get_args
from uuid import UUID

import asyncpg

from chassis.event_log import ConcurrentChange, NewEvent, RecordedEvent, events_of
from contracts.transfers import CancelReason, Transfer, TransferEvent, TransferKind, TransferState
from services.membership.domain import Organisation
from services.membership.store import ORGANISATION, Store, organisation
from services.membership.transfers.domain import DecidedTransfer, OnTheWay

_WITH_ALL_ABOVE: Final = f"""
    WITH RECURSIVE above (unit_id) AS (
        SELECT unnest($1::uuid[])
        UNION
        SELECT state.parent_id FROM organisation_states AS state JOIN above ON above.unit_id = state.organisation_id
        WHERE state.parent_id IS NOT NULL
    )
    {ORGANISATION} WHERE unit.id IN (SELECT unit_id FROM above)
"""
_EVENTS: Final[Mapping[str, type[TransferEvent]]] = {event.TYPE: event for event in get_args(TransferEvent)}
_OPEN: Final = "state IN ('requested', 'released')"
_RELEASED: Final = """
    SELECT * FROM transfers
    WHERE state = 'released' AND kind <> 'temporary' AND released_on BETWEEN $1 AND $2
"""
_UNTOUCHED: Final = f"""{_RELEASED}
      AND NOT EXISTS (SELECT FROM event_log WHERE aggregate_id = transfers.id AND recorded_at > $3)
    ORDER BY id LIMIT $4 FOR UPDATE
"""
_SAVE: Final = """
    INSERT INTO transfers AS old
        (id, member_id, member_code, kind, state, origin_id, destination_id, outside, requested_on, released_on,
         ended_on, until_on, cancelled_for, version)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
        $8::text[], $9::date[], $10::date[], $11::date[], $12::date[], $13::text[], $14::int[])
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, state = excluded.state, outside = excluded.outside,
        requested_on = excluded.requested_on, released_on = excluded.released_on, ended_on = excluded.ended_on,
        cancelled_for = excluded.cancelled_for, version = excluded.version
    WHERE old.version < excluded.version
"""


class TransferStore:
    """Reads and writes of transfers in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    async def one(self, id_: UUID) -> OnTheWay | None:
        """Return a transfer, held for a change; None if unknown."""
        row = await self._connection.fetchrow("SELECT * FROM transfers WHERE id = $1 FOR UPDATE", id_)
        return None if row is None else transfer_of(row)

    async def ends(self, id_: UUID) -> tuple[str, str | None] | None:
        """Return the code of the member and of the destination, which never change; None if unknown."""
        row = await self._connection.fetchrow(
            "SELECT member_code, unit.code FROM transfers LEFT JOIN organisations AS unit ON unit.id = destination_id"
            " WHERE transfers.id = $1",
            id_,
        )
        return None if row is None else (row[0], row[1])

    async def open_of(self, member_codes: Collection[str]) -> dict[str, OnTheWay]:
        """Return the open transfers of these members by their codes, held for a change."""
        rows = await self._connection.fetch(
            f"SELECT * FROM transfers WHERE member_code = ANY($1::text[]) AND {_OPEN} ORDER BY id FOR UPDATE",
            list(member_codes),
        )
        return {row["member_code"]: transfer_of(row) for row in rows}

    async def of_each(self, member_codes: Collection[str]) -> list[OnTheWay]:
        """Return all transfers of these members in the order of their requests, held for a change."""
        rows = await self._connection.fetch(
            "SELECT * FROM transfers WHERE member_code = ANY($1::text[]) ORDER BY id FOR UPDATE",
            list(member_codes),
        )
        return sorted(map(transfer_of, rows), key=lambda one: (one.transfer.requested_on, one.id))

    async def events(self, id_: UUID) -> list[TransferEvent]:
        """Return what was recorded of a transfer, from its request on."""
        return [read_transfer_event(event) for event in await events_of(self._connection, id_)]

    async def keep_former_place(self, one: OnTheWay, after: OnTheWay) -> None:
        """Keep what the place outside was called before it was put right; nothing where it is called the same."""
        if one.outside is not None and one.outside != after.outside:
            await self._connection.execute(
                "INSERT INTO transfer_former_places (transfer_id, version, outside) VALUES ($1, $2, $3)",
                one.id,
                after.version,
                one.outside,
            )

    async def open_at(self, unit: UUID) -> int:
        """Return how many open transfers lead from a unit or to it."""
        count: int = await self._connection.fetchval(
            f"SELECT count(*) FROM transfers WHERE {_OPEN} AND $1 IN (origin_id, destination_id)", unit
        )
        return count

    async def released_between(self, first: date, last: date) -> list[OnTheWay]:
        """Return the transfers that are released, have a deadline and were released in these days; held."""
        rows = await self._connection.fetch(f"{_RELEASED} ORDER BY id FOR UPDATE", first, last)
        return [transfer_of(row) for row in rows]

    async def untouched(self, first: date, last: date, *, since: datetime, limit: int) -> list[OnTheWay]:
        """Return as `released_between` those of which nothing was recorded since an instant, `limit` at most."""
        rows = await self._connection.fetch(_UNTOUCHED, first, last, since, limit)
        return [transfer_of(row) for row in rows]

    async def with_all_above(self, units: Collection[UUID]) -> dict[UUID, Organisation]:
        """Return units, and all that they hang under on some day, by their ids."""
        rows = await self._connection.fetch(_WITH_ALL_ABOVE, list(units))
        return {row["id"]: organisation(row) for row in rows}

    async def save(self, decided: Sequence[DecidedTransfer]) -> None:
        """Write transfers as they are now and append their events.

        Raises ConcurrentChange where somebody else changed the same one, or began one of the same member, first.
        """
        if not decided:
            return
        last = {one.state.id: one.state for one in decided}
        columns = [list(column) for column in zip(*map(_record, last.values()), strict=True)]
        try:
            written = await self._connection.execute(_SAVE, *columns)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "transfers_one_open":
                raise ConcurrentChange from error
            raise
        if int(written.split()[-1]) != len(last):
            raise ConcurrentChange
        await self._store.event_log.append(
            self._connection,
            [
                NewEvent(
                    aggregate_id=one.state.id,
                    aggregate_version=one.state.version,
                    type=one.event.TYPE,
                    payload=one.event.model_dump_json(),
                )
                for one in decided
            ],
        )


def read_transfer_event(recorded: RecordedEvent) -> TransferEvent:
    """Return a transfer's event from the log."""
    return _EVENTS[recorded.type].model_validate_json(recorded.payload)


def transfer_of(row: Mapping[str, Any]) -> OnTheWay:
    """Return the transfer in a row of `transfers`."""
    return OnTheWay(
        id=row["id"],
        member_code=row["member_code"],
        outside=row["outside"],
        version=row["version"],
        transfer=Transfer(
            member_id=row["member_id"],
            kind=TransferKind(row["kind"]),
            state=TransferState(row["state"]),
            origin_id=row["origin_id"],
            destination_id=row["destination_id"],
            requested_on=row["requested_on"],
            released_on=row["released_on"],
            ended_on=row["ended_on"],
            until_on=row["until_on"],
            cancelled_for=CancelReason(row["cancelled_for"]) if row["cancelled_for"] else None,
        ),
    )


def _record(one: OnTheWay) -> tuple[Any, ...]:
    transfer = one.transfer
    return (
        one.id, transfer.member_id, one.member_code, transfer.kind.value, transfer.state.value, transfer.origin_id,
        transfer.destination_id, one.outside, transfer.requested_on, transfer.released_on, transfer.ended_on,
        transfer.until_on, transfer.cancelled_for and transfer.cancelled_for.value, one.version,
    )  # fmt: skip
