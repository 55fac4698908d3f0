"""What a reorganisation concerns, read, and what it came to, written with its events.

It runs alone (`commands.run_once`), so what is read stays so until it is done.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final
from uuid import UUID

from chassis.event_log import NewEvent
from services.membership.candidates.endings import left_behind_warnings
from services.membership.domain import Organisation
from services.membership.faults import Fault
from services.membership.positions.endings import (
    end_for_members,
    end_for_move,
    end_for_unit,
    endings_warnings,
)
from services.membership.positions.tenures import Order as PositionOrder
from services.membership.reorganisations.orders import Known, Order, Person, Reorganised
from services.membership.store import Changes, Store
from services.membership.transfers.endings import on_the_way_warnings

_MEMBERS: Final = """
    SELECT code FROM members
    WHERE id IN (
        SELECT state.member_id
        FROM member_states AS state JOIN organisations AS cell ON cell.id = state.cell_id
        WHERE cell.code = ANY($1::text[]) AND (state.until_on IS NULL OR state.until_on > $2)
    )
    ORDER BY code
"""
# The units named, what hangs under them on some day, and what any of these hangs under.
_UNITS: Final = """
    WITH named AS (
        SELECT id FROM organisations WHERE code = ANY($1::text[])
    ), concerned AS (
        TABLE named
        UNION
        SELECT organisation_id FROM organisation_states WHERE parent_id IN (TABLE named)
    )
    SELECT code FROM organisations WHERE id IN (
        TABLE concerned
        UNION
        SELECT parent_id FROM organisation_states WHERE organisation_id IN (TABLE concerned)
    )
"""
_OFFICIAL: Final = """
    SELECT cell.id, count(state.member_id) AS members
    FROM organisations AS cell
    LEFT JOIN member_states AS state ON state.cell_id = cell.id AND state.standing = 'official'
        AND state.from_on < $2 AND (state.until_on IS NULL OR state.until_on >= $2)
    WHERE cell.code = ANY($1::text[])
    GROUP BY cell.id
"""
_GUESTS: Final = """
    SELECT count(*) FROM member_spells
    WHERE kind = 'temporary_stay' AND cell_id = ANY($1::uuid[]) AND (ended_on IS NULL OR ended_on > $2)
"""


async def known(store: Store, day: date, named: Collection[str], parted: Collection[str]) -> Known:
    """Return what the register has of a reorganisation on a day.

    `named` are the codes of all units that are asked for, also of those to be founded and of what they shall hang
    under; `parted` the codes of those whose members may move.
    """
    connection = store.connection
    codes = [row["code"] for row in await connection.fetch(_UNITS, list(named))]
    units = await store.organisations(codes, for_change=True)
    parting = [row["code"] for row in await connection.fetch(_MEMBERS, list(parted), day)]
    members = await store.members(parting, for_change=True)
    histories = await store.histories(members.values())
    official = await connection.fetch(_OFFICIAL, list(named), day)
    return Known(
        units=units,
        people=[Person(members[code], histories[members[code].id]) for code in parting],
        official={row["id"]: row["members"] for row in official if _is_cell(units.values(), row["id"], day)},
    )


async def save(store: Store, done: Reorganised, order: Order) -> list[Fault]:
    """Write all that was decided, with its events, and end the positions that end with it.

    Return the warnings of that, of transfers on the way from or to a unit that ends, and of candidates and guests of
    a cell that ends. Raises DomainError `position-in-the-way`, and as `Store.save`.
    """
    await store.save(Changes(done.units))
    await store.save(Changes(done.members))
    if done.whole is not None:
        event = NewEvent(
            aggregate_id=done.whole.aggregate_id,
            aggregate_version=1,
            type=done.whole.TYPE,
            payload=done.whole.as_json(),
        )
        await store.event_log.append(store.connection, [event])
    tenures = PositionOrder(decision_date=order.decision_date, document=order.document)
    ended = [unit for unit in _last(done) if unit.dissolved_on == order.effective_date]
    positions = [position for unit in ended for position in await end_for_unit(store, unit, tenures)]
    moved = {decided.state.id: decided.state.left_reason for decided in done.members}
    positions += await end_for_members(store, moved, tenures)
    for unit in _last(done):
        if unit not in ended and unit.version > 1:
            positions += await end_for_move(store, unit, tenures)
    warnings = endings_warnings(positions)
    for unit in ended:
        warnings += await on_the_way_warnings(store, unit)
        warnings += await left_behind_warnings(store, unit)
    guests = await store.connection.fetchval(_GUESTS, [unit.id for unit in ended], order.effective_date)
    return [*warnings, *([Fault("guests-of-ended-cell", None, {"count": guests})] if guests else [])]


def _last(done: Reorganised) -> list[Organisation]:
    """Return the units as they are after all of it, each once."""
    return list({decided.state.id: decided.state for decided in done.units}.values())


def _is_cell(units: Iterable[Organisation], id_: UUID, day: date) -> bool:
    return any(unit.id == id_ and unit.on(day).type.is_cell for unit in units)
