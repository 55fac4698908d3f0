"""Who leads a unit in which term: a replica of membership's terms and positions.

Of each the last event is the whole of it, so that a row is kept for each and written anew; a consumer of its own,
which reads the stream from its beginning whenever it was added.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, get_args
from uuid import UUID

from chassis.database import Connection
from contracts import positions
from contracts.positions import HeldPosition, Position, PositionEvent, TermEvent
from replicas.membership.replica import Recorded
from replicas.membership.terms import Term

_EVENTS: Final = {event.TYPE: event for event in (*get_args(PositionEvent), *get_args(TermEvent))}

_KEEP_TERM: Final = """
    INSERT INTO terms (id, sequence, unit_id, label, from_on, until_on) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (id) DO UPDATE
    SET sequence = excluded.sequence, unit_id = excluded.unit_id, label = excluded.label,
        from_on = excluded.from_on, until_on = excluded.until_on
    WHERE terms.sequence < excluded.sequence
"""
_KEEP_POSITION: Final = """
    INSERT INTO positions (id, sequence, unit_id, member_id, position, from_on, until_on)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO UPDATE
    SET sequence = excluded.sequence, unit_id = excluded.unit_id, member_id = excluded.member_id,
        position = excluded.position, from_on = excluded.from_on, until_on = excluded.until_on
    WHERE positions.sequence < excluded.sequence
"""
_TERMS: Final = "SELECT id, label, from_on, until_on FROM terms WHERE unit_id = $1 AND from_on IS NOT NULL"
_LEADERS: Final = """
    SELECT member_id, position FROM positions
    WHERE unit_id = $1 AND from_on <= $2 AND (until_on IS NULL OR until_on > $2)
"""


@dataclass(slots=True)
class Rows:
    """What a batch of events comes to: the last row of each term and position."""

    terms: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)
    positions: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)


class LeadershipReplica:
    """Handler of the membership stream that keeps terms and positions in the database of a service."""

    types = frozenset(_EVENTS)

    def __init__(self, service: str) -> None:
        self.name = f"{service}.leadership-replica"

    @staticmethod
    def fold(events: Sequence[Recorded]) -> Rows:
        """Return the rows of these events. Raises pydantic.ValidationError, KeyError for a type it does not know."""
        rows = Rows()
        for received in events:
            event = _EVENTS[received.type].model_validate_json(received.value)
            if isinstance(event, PositionEvent):
                # One that never was keeps its row, without days.
                position, was = event.after or event.before, event.after is not None
                if position is None:
                    raise AssertionError("an event of a position has a side")
                rows.positions[event.position_id] = _position(event.position_id, received, position, was=was)
            else:
                term, was = event.after or event.before, event.after is not None
                if term is None:
                    raise AssertionError("an event of a term has a side")
                rows.terms[event.term_id] = _term(event.term_id, received, term, was=was)
        return rows

    async def write(self, connection: Connection, folded: Sequence[Rows]) -> None:
        """Keep these rows in the caller's transaction."""
        terms = [row for rows in folded for row in rows.terms.values()]
        positions = [row for rows in folded for row in rows.positions.values()]
        if terms:
            await connection.executemany(_KEEP_TERM, terms)
        if positions:
            await connection.executemany(_KEEP_POSITION, positions)


async def terms_of(connection: Connection, unit_id: UUID) -> list[Term]:
    """Return the terms of a unit's leadership that are known."""
    rows = await connection.fetch(_TERMS, unit_id)
    return [Term(row["id"], row["label"], row["from_on"], row["until_on"]) for row in rows]


async def leaders_on(connection: Connection, unit_id: UUID, day: date) -> dict[UUID, set[Position]]:
    """Return who holds which positions in a unit on a day, by member."""
    found: dict[UUID, set[Position]] = {}
    for row in await connection.fetch(_LEADERS, unit_id, day):
        found.setdefault(row["member_id"], set()).add(Position(row["position"]))
    return found


def _term(id_: UUID, received: Recorded, term: positions.Term, *, was: bool) -> tuple[Any, ...]:
    return (
        id_, received.sequence, term.organisation_id, term.label, term.from_on if was else None, term.until_on,
    )  # fmt: skip


def _position(id_: UUID, received: Recorded, held: HeldPosition, *, was: bool) -> tuple[Any, ...]:
    return (
        id_, received.sequence, held.organisation_id, held.member_id, held.position.value,
        held.from_on if was else None, held.until_on,
    )  # fmt: skip
