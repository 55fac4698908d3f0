"""Reads of terms and positions, as they are known now or were known at an instant.

All are told from the event log, in which an event of a position or a term says all of it. Whatever names a person
notes who read it, in the same transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from chassis.database import Connection, Pool
from chassis.event_log import RecordedEvent, events_of
from contracts.positions import (
    HeldPosition,
    Position,
    PositionEvent,
    PositionRestated,
    TermEvent,
    TermRestated,
)
from services.membership.answers import UNKNOWN_MEMBER, UNKNOWN_UNIT, MemberCode, UnitCode
from services.membership.paging import Actor, AsOf, note_read, reading, today
from services.membership.positions.answers import (
    UNKNOWN_POSITION,
    UNKNOWN_TERM,
    MemberPositions,
    PositionHistory,
    PositionId,
    TermHistory,
    TermId,
    UnitPositions,
    UnitTerms,
    read,
    unknown_position,
    unknown_term,
)
from services.membership.positions.facts import Facts, facts_of
from services.membership.positions.store import read_event
from services.membership.positions.tenures import days_of
from services.membership.problems import unknown_member
from services.membership.queries import code_in_path, organisation_of

_KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="RFC 3339 instant: as it was known then; as it is known now by default"),
]

# The last that was said by the instant $2 of each position; what was not yet known then is left out.
_POSITIONS: Final = """
    SELECT held.id, unit.code AS organisation_code, unit.name AS organisation_name, member.code AS member_code,
        identity.full_name, identity.name_sort_key, told.*
    FROM positions AS held
    JOIN organisations AS unit ON unit.id = held.organisation_id
    JOIN members AS member ON member.id = held.member_id
    JOIN member_identities AS identity ON identity.member_id = held.member_id
    CROSS JOIN LATERAL (
        SELECT aggregate_version, type, payload, recorded_at FROM event_log
        WHERE aggregate_id = held.id AND ($2::timestamptz IS NULL OR recorded_at <= $2)
        ORDER BY aggregate_version DESC LIMIT 1
    ) AS told
    WHERE held.{of} = $1
"""
_TERMS: Final = """
    SELECT term.id, told.*
    FROM terms AS term
    CROSS JOIN LATERAL (
        SELECT aggregate_version, type, payload, recorded_at FROM event_log
        WHERE aggregate_id = term.id AND ($2::timestamptz IS NULL OR recorded_at <= $2)
        ORDER BY aggregate_version DESC LIMIT 1
    ) AS told
    WHERE term.organisation_id = $1
"""
_ORDER: Final = {position: place for place, position in enumerate(Position)}
_HELD: Final = ("position", "from_on", "until_on", "obtained", "end_reason")
_TERM: Final = ("label", "congress_on", "from_on", "until_on")


def router(pool: Pool) -> APIRouter:
    """Return the routes that read terms and positions."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/organisations/{code:path}/positions", **read(UnitPositions, UNKNOWN_UNIT))
    async def of_unit(
        code: UnitCode, as_of: AsOf = None, known_at: _KnownAt = None, actor: Actor = "unknown"
    ) -> dict[str, Any]:
        """Who leads a unit on a day: its secretary, deputies and committee members, with their names."""
        day = as_of or today()
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            rows = await connection.fetch(_POSITIONS.format(of="organisation_id"), unit.id, known_at)
            items = [
                (_ORDER[held.position], row["name_sort_key"], row["member_code"], _item(row))
                for row in rows
                if (held := _event(row).after) and isinstance(held, HeldPosition) and day in days_of(held)
            ]
            await note_read(connection, actor, f"organisations/{unit.code}/positions", len(items))
        return {"code": unit.code, "as_of": day, "items": [item for *_, item in sorted(items, key=_place)]}

    @routes.get("/members/{code:path}/positions", **read(MemberPositions, UNKNOWN_MEMBER))
    async def of_member(
        code: MemberCode, known_at: _KnownAt = None, actor: Actor = "unknown"
    ) -> dict[str, Any]:
        """All positions that a member held or holds; without those that were withdrawn."""
        async with reading(pool) as connection:
            known = code_in_path(code)
            member_id = await connection.fetchval("SELECT id FROM members WHERE code = $1", known)
            if member_id is None:
                raise unknown_member(code)
            items = await positions_of_member(connection, member_id, known_at)
            await note_read(connection, actor, f"members/{known}/positions", 1)
        return {"code": known, "items": items}

    @routes.get("/organisations/{code:path}/terms", **read(UnitTerms, UNKNOWN_UNIT))
    async def terms(code: UnitCode, known_at: _KnownAt = None) -> dict[str, Any]:
        """The terms of a unit and the congresses that opened them; without those that were withdrawn."""
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            rows = await connection.fetch(_TERMS, unit.id, known_at)
        items = [
            _told(row) | {"organisation_code": unit.code, **_side(term, _TERM)}
            for row in rows
            if (term := _event(row).after)
        ]
        return {"code": unit.code, "items": sorted(items, key=lambda item: (item["from_on"], item["id"]))}

    @routes.get("/positions/{position_id}/history", **read(PositionHistory, UNKNOWN_POSITION))
    async def position_history(
        position_id: PositionId, known_at: _KnownAt = None, actor: Actor = "unknown"
    ) -> dict[str, Any]:
        """Everything that was recorded of a position, and which of it stands; nothing says who holds it."""
        async with reading(pool) as connection:
            recorded = await _recorded(connection, "positions", position_id, known_at)
            if not recorded:
                raise unknown_position(position_id)
            await note_read(connection, actor, f"positions/{position_id}/history", 1)
        return {"id": position_id, "entries": [*_entries(recorded, _HELD)]}

    @routes.get("/terms/{term_id}/history", **read(TermHistory, UNKNOWN_TERM))
    async def term_history(term_id: TermId, known_at: _KnownAt = None) -> dict[str, Any]:
        """Everything that was recorded of a term, and which of it stands."""
        async with reading(pool) as connection:
            recorded = await _recorded(connection, "terms", term_id, known_at)
        if not recorded:
            raise unknown_term(term_id)
        return {"id": term_id, "entries": [*_entries(recorded, _TERM)]}

    return routes


async def positions_of_member(
    connection: Connection, member: UUID, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Return the positions of a member as ListedPosition, by the day on which they began; none withdrawn."""
    rows = await connection.fetch(_POSITIONS.format(of="member_id"), member, known_at)
    items = [_item(row) for row in rows if _event(row).after]
    return sorted(items, key=lambda item: (item["from_on"], item["id"]))


def position_entries(recorded: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    """Return everything that was recorded of a position, as PositionHistory has it."""
    return list(_entries(recorded, _HELD))


async def _recorded(
    connection: Connection, table: Literal["positions", "terms"], id_: UUID, known_at: datetime | None
) -> list[RecordedEvent]:
    """Return the events of a position or a term known by an instant; none where there is none of this id."""
    if not await connection.fetchval(f"SELECT 1 FROM {table} WHERE id = $1", id_):
        return []
    return [
        event
        for event in await events_of(connection, id_)
        if known_at is None or event.recorded_at <= known_at
    ]


def _event(row: Mapping[str, Any]) -> PositionEvent | TermEvent:
    return read_event(
        RecordedEvent(row["aggregate_version"], row["type"], row["payload"], row["recorded_at"])
    )


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    event = _event(row)
    return {
        "id": row["id"],
        "withdrawn": event.after is None,
        "version": row["aggregate_version"],
        "decision_date": event.decision_date,
        "document": event.document,
        "recorded_at": row["recorded_at"],
    }


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("organisation_code", "organisation_name", "member_code", "full_name")
    return _told(row) | {name: row[name] for name in names} | _side(_event(row).after, _HELD)


def _place(item: tuple[int, bytes, str, dict[str, Any]]) -> tuple[int, bytes, str]:
    return item[:3]


def _side(side: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(side, name) for name in names} if side else {}


def _entries(recorded: Sequence[RecordedEvent], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    events = [read_event(event) for event in recorded]
    facts = facts_of(events)
    for row, event in zip(recorded, events, strict=True):
        number = row.aggregate_version
        yield {
            "number": number,
            "kind": facts.kinds.get(number, "withdrawn"),
            "recorded_at": row.recorded_at,
            "corrects": event.corrects if isinstance(event, PositionRestated | TermRestated) else None,
            "status": _status(number, facts),
            "replaced_by": facts.replaced.get(number),
            "effective_date": event.effective_date,
            "decision_date": event.decision_date,
            "document": event.document,
            "before": _side(event.before, names) or None,
            "after": _side(event.after, names) or None,
        }


def _status(number: int, facts: Facts) -> str:
    if number not in facts.kinds:
        return "withdrawal"
    if number not in facts.replaced:
        return "stands"
    return "withdrawn" if facts.replaced[number] is None else "replaced"
