"""Reads of transfers, as they are now. Every answer says who is on the way, so each notes who read it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from chassis.cursors import day_and_id
from chassis.database import Connection, Pool
from chassis.event_log import RecordedEvent, events_of
from chassis.preconditions import resource
from contracts.transfers import TransferRestated, TransferState
from services.membership import thresholds, tree
from services.membership.answers import MemberCode, page_of
from services.membership.data import vietnamese_working_days
from services.membership.list_answers import list_of
from services.membership.paging import Actor, AsOf, Cursor, Limit, iso, note_read, page, reading, today
from services.membership.problems import unknown_member
from services.membership.queries import code_in_path, organisation_of, unit_codes
from services.membership.requests import Text
from services.membership.transfers.answers import (
    HISTORY,
    OF_MEMBER,
    ONE,
    OverdueTransferPage,
    TransferId,
    TransferPage,
    unknown_transfer,
)
from services.membership.transfers.corrections import told_steps
from services.membership.transfers.domain import OnTheWay, deadline, latest_release_overdue
from services.membership.transfers.store import read_transfer_event, transfer_of


class Direction(StrEnum):
    """Which way a transfer leads, seen from a unit with all below it, or from the whole register."""

    IN = "in"
    OUT = "out"


_Unit = Annotated[
    Text | None, Query(description="Code of a unit: from or to it and all below it; left out: every transfer")
]
_State = Annotated[
    list[TransferState] | None, Query(description="Only in these states; may be given several times")
]
_Direction = Annotated[
    Direction | None,
    Query(
        description="Only what comes into, or goes out of, the unit with all below it, or the whole register"
    ),
]
_Overdue = Annotated[bool | None, Query(description="Only what is overdue on the day, or only what is not")]
_KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="RFC 3339 instant: what was known of it then; what is known now by default"),
]

_FORMER_PLACES: Final = (
    "SELECT version, outside FROM transfer_former_places WHERE transfer_id = $1 ORDER BY version"
)
_TRANSFERS: Final = """
    SELECT transfer.*, identity.full_name, origin.code AS origin_code, origin.name AS origin_name,
        destination.code AS destination_code, destination.name AS destination_name
    FROM transfers AS transfer
    LEFT JOIN organisations AS origin ON origin.id = transfer.origin_id
    LEFT JOIN organisations AS destination ON destination.id = transfer.destination_id
    LEFT JOIN member_identities AS identity ON identity.member_id = transfer.member_id
"""
# Past its deadline: released by the day {last}, and not before the first day {first} of the working-day calendar.
_OVERDUE: Final = """
    (transfer.state = 'released' AND transfer.kind <> 'temporary' AND transfer.released_on BETWEEN {first} AND {last})
"""
_FOUND: Final = f"""{_TRANSFERS}
    WHERE ($1::uuid[] IS NULL OR CASE $2::text
            WHEN 'in' THEN transfer.destination_id = ANY($1)
                AND (transfer.origin_id IS NULL OR transfer.origin_id <> ALL($1))
            WHEN 'out' THEN transfer.origin_id = ANY($1)
                AND (transfer.destination_id IS NULL OR transfer.destination_id <> ALL($1))
            ELSE transfer.origin_id = ANY($1) OR transfer.destination_id = ANY($1)
        END)
      AND ($3::text[] IS NULL OR transfer.state = ANY($3))
      AND ($4::boolean IS NULL OR $4 = coalesce({_OVERDUE.format(first="$5::date", last="$6::date")}, false))
      AND (transfer.requested_on, transfer.id) > ($7::date, $8::uuid)
    ORDER BY transfer.requested_on, transfer.id LIMIT $9
"""
_OVERDUE_ONES: Final = f"""{_TRANSFERS}
    WHERE {_OVERDUE.format(first="$2::date", last="$3::date")}
      AND ($1::uuid[] IS NULL OR transfer.origin_id = ANY($1) OR transfer.destination_id = ANY($1))
      AND (transfer.released_on, transfer.id) > ($4::date, $5::uuid)
    ORDER BY transfer.released_on, transfer.id LIMIT $6
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read transfers."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/transfers", **page_of(TransferPage))
    async def transfers(
        *,
        state: _State = None,
        unit: _Unit = None,
        direction: _Direction = None,
        overdue: _Overdue = None,
        as_of: AsOf = None,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Transfers by the days of their requests; `as_of` is the day of the tree, and of what is overdue."""
        day, place = as_of or today(), day_and_id(cursor)
        async with reading(pool) as connection:
            units = await _units(connection, unit, day, everywhere=direction is not None)
            states = None if state is None else [one.value for one in state]
            rows = await connection.fetch(
                _FOUND, units, direction, states, overdue, *_overdue_days(day), *place, limit + 1
            )
            await note_read(connection, actor, "transfers" + _of(unit), min(len(rows), limit))
        last = [text for row in rows[limit - 1 : limit] for text in _place(row, "requested_on")]
        return {"as_of": day.isoformat()} | page([_listed(row, day) for row in rows], limit, last)

    @routes.get("/transfers/{transfer_id}", **ONE)
    async def transfer(request: Request, transfer_id: TransferId, actor: Actor = "unknown") -> Response:
        """One transfer; whether it is overdue is said of today."""
        day = today()
        async with reading(pool) as connection:
            row = await connection.fetchrow(f"{_TRANSFERS} WHERE transfer.id = $1", transfer_id)
            if row is None:
                raise unknown_transfer(transfer_id)
            await note_read(connection, actor, f"transfers/{transfer_id}", 1)
        return resource(request, _listed(row, day), as_of=day)

    @routes.get("/transfers/{transfer_id}/history", **HISTORY)
    async def history(
        transfer_id: TransferId, known_at: _KnownAt = None, actor: Actor = "unknown"
    ) -> dict[str, Any]:
        """Everything that was recorded of a transfer, and which of it stands; nothing says who is on the way."""
        async with reading(pool) as connection:
            row = await connection.fetchrow("SELECT * FROM transfers WHERE id = $1", transfer_id)
            if row is None:
                raise unknown_transfer(transfer_id)
            recorded = [
                event
                for event in await events_of(connection, transfer_id)
                if known_at is None or event.recorded_at <= known_at
            ]
            if not recorded:
                raise unknown_transfer(transfer_id)
            former = await connection.fetch(_FORMER_PLACES, transfer_id)
            codes = await unit_codes(
                connection, {id_ for id_ in (row["origin_id"], row["destination_id"]) if id_}
            )
            await note_read(connection, actor, f"transfers/{transfer_id}/history", 1)
        one = transfer_of(row)
        places = [(place["version"], place["outside"]) for place in former]
        states = [_as_of(one, event, places) for event in recorded]
        return {
            "id": transfer_id,
            "transfer": transfer_json(states[-1], codes),
            "entries": _entries(recorded, states, codes),
        }

    @routes.get("/members/{code:path}/transfers", **OF_MEMBER)
    async def of_member(code: MemberCode, as_of: AsOf = None, actor: Actor = "unknown") -> dict[str, Any]:
        """All transfers of a member, or of somebody who is still to come in."""
        known, day = code_in_path(code), as_of or today()
        async with reading(pool) as connection:
            items = await transfers_of(connection, known, day)
            if not items and not await connection.fetchval("SELECT true FROM members WHERE code = $1", known):
                raise unknown_member(code)
            await note_read(connection, actor, f"members/{known}/transfers", 1)
        return {"code": known, "as_of": day.isoformat(), "items": items}

    @routes.get("/lists/transfers-overdue", tags=["lists"], **list_of(OverdueTransferPage))
    async def transfers_overdue(
        *,
        as_of: AsOf = None,
        unit: _Unit = None,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Transfers that were released and not received within the working days of the rule, the longest first.

        They can still be received, until they are ended by the expiry of all or, a month later, by themselves.
        """
        day, place = as_of or today(), day_and_id(cursor)
        async with reading(pool) as connection:
            units = await _units(connection, unit, day)
            rows = await connection.fetch(_OVERDUE_ONES, units, *_overdue_days(day), *place, limit + 1)
            await note_read(connection, actor, "lists/transfers-overdue" + _of(unit), min(len(rows), limit))
        last = [text for row in rows[limit - 1 : limit] for text in _place(row, "released_on")]
        return {"as_of": day.isoformat()} | page([_overdue(row, day) for row in rows], limit, last)

    return routes


async def transfers_of(connection: Connection, member_code: str, day: date) -> list[dict[str, Any]]:
    """Return all transfers of a member as Transfer, by the days of their requests; overdue is said of `day`."""
    rows = await connection.fetch(
        f"{_TRANSFERS} WHERE transfer.member_code = $1 ORDER BY transfer.requested_on, transfer.id",
        member_code,
    )
    return [_listed(row, day) for row in rows]


def transfer_json(one: OnTheWay, codes: Mapping[UUID, str]) -> dict[str, Any]:
    """Return a transfer as answers to commands carry it: nothing of who it is. `codes` are those of units by id."""
    transfer = one.transfer
    return {
        "id": str(one.id),
        "member_code": one.member_code,
        "kind": transfer.kind.value,
        "state": transfer.state.value,
        "origin_code": transfer.origin_id and codes[transfer.origin_id],
        "destination_code": transfer.destination_id and codes[transfer.destination_id],
        "outside": one.outside,
        "requested_on": transfer.requested_on.isoformat(),
        "released_on": iso(transfer.released_on),
        "due_on": iso(deadline(transfer, vietnamese_working_days())),
        "ended_on": iso(transfer.ended_on),
        "until_on": iso(transfer.until_on),
        "cancelled_for": transfer.cancelled_for and transfer.cancelled_for.value,
        "version": one.version,
    }


def _as_of(one: OnTheWay, event: RecordedEvent, former: Sequence[tuple[int, str]]) -> OnTheWay:
    """Return a transfer as an event left it; `former` says until which versions the place outside was called what."""
    version = event.aggregate_version
    outside = next((place for until, place in former if version < until), one.outside)
    return replace(one, transfer=read_transfer_event(event).after, outside=outside, version=version)


def _entries(
    recorded: Sequence[RecordedEvent], states: Sequence[OnTheWay], codes: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    events = [read_transfer_event(event) for event in recorded]
    steps = told_steps(events)
    before: dict[str, Any] | None = None
    entries = []
    for row, event, state in zip(recorded, events, states, strict=True):
        number, after = row.aggregate_version, transfer_json(state, codes)
        stated = steps.stated.get(number)
        entries.append(
            {
                "number": number,
                "step": stated and stated.state,
                "recorded_at": row.recorded_at,
                "corrects": event.corrects if isinstance(event, TransferRestated) else None,
                "status": steps.status(number),
                "replaced_by": steps.replaced.get(number),
                "effective_date": event.effective_date,
                "decision_date": event.decision_date,
                "before": before,
                "after": after,
            }
        )
        before = after
    return entries


def _listed(row: Mapping[str, Any], day: date) -> dict[str, Any]:
    one = transfer_of(row)
    due_on = deadline(one.transfer, vietnamese_working_days())
    codes = {row["origin_id"]: row["origin_code"], row["destination_id"]: row["destination_code"]}
    return {
        **transfer_json(one, codes),
        "full_name": row["full_name"],
        "origin_name": row["origin_name"],
        "destination_name": row["destination_name"],
        "overdue": one.transfer.state is TransferState.RELEASED and due_on is not None and due_on < day,
    }


def _overdue(row: Mapping[str, Any], day: date) -> dict[str, Any]:
    listed = _listed(row, day)
    since = date.fromisoformat(listed["due_on"]) + timedelta(1)
    source = thresholds.TRANSFER_WORKING_DAYS.source
    return listed | {"overdue_since": since.isoformat(), "source": source}


def _overdue_days(day: date) -> tuple[date, date | None]:
    """Return the first and last release of what is overdue on a day; None for the last where nothing is."""
    calendar = vietnamese_working_days()
    return calendar.first_day, latest_release_overdue(day, calendar)


async def _units(
    connection: Connection, unit: str | None, day: date, *, everywhere: bool = False
) -> list[UUID] | None:
    """Return a unit and all below it on a day; without a unit none, or all where they are wanted."""
    if unit is None and not everywhere:
        return None
    top = None if unit is None else (await organisation_of(connection, unit)).id
    return await tree.units_within(connection, top, day)


def _of(unit: str | None) -> str:
    return f"?unit={unit}" if unit else ""


def _place(row: Mapping[str, Any], column: str) -> list[str]:
    return [row[column].isoformat(), str(row["id"])]
