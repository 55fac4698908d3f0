"""The replica: membership's events as the rows that say who is where on a day, and what is a cell.

Signed steps are kept as they come (see the first migration), so that neither the order of events across keys nor a
history restated needs any care here. Of what holds beside - exemption, suspension, temporary stay - the last event of
a member says how it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol, TypeVar, get_args
from uuid import UUID

from chassis.database import Connection, add_rows
from contracts.membership import (
    MemberChange,
    MemberEvent,
    MemberHistoryRestated,
    MemberHistoryRestatedV2,
    MemberLeft,
    MemberMoved,
    MembershipEvent,
    MemberState,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationEvent,
    OrganisationHistoryRestated,
    OrganisationRenamed,
    OrganisationState,
    OrganisationStep,
)
from contracts.spells import Spell, SpellEvent

_EVENTS: Final = {
    **{event.TYPE: event for event in get_args(MembershipEvent)},
    # Whatever the first version says reads as the second.
    MemberHistoryRestated.TYPE: MemberHistoryRestatedV2,
}


class Recorded(Protocol):
    """What the replica needs of a received event."""

    @property
    def type(self) -> str:
        """CloudEvents type."""

    @property
    def sequence(self) -> int:
        """Place in the stream."""

    @property
    def value(self) -> bytes:
        """The event's JSON."""


@dataclass(frozen=True, slots=True)
class Spells:
    """What is now known to hold of a member beside; `all_` says that nothing else does."""

    member_id: UUID
    spells: tuple[Spell, ...]
    all_: bool


@dataclass(slots=True)
class Rows:
    """What a batch of events comes to, in the order of the tables' columns."""

    unit_steps: list[tuple[Any, ...]] = field(default_factory=list)
    unit_names: list[tuple[Any, ...]] = field(default_factory=list)
    member_steps: list[tuple[Any, ...]] = field(default_factory=list)
    spells: list[Spells] = field(default_factory=list)


_COLUMNS: Final = {
    "unit_steps": ("sequence", "ordinal", "unit_id", "effective_date", "delta", "type", "parent_id"),
    "unit_names": ("sequence", "ordinal", "unit_id", "effective_date", "delta", "code", "name"),
    "member_steps": ("sequence", "ordinal", "member_id", "effective_date", "delta", "cell_id", "standing"),
}


class MembershipReplica:
    """Handler of the membership stream that keeps units and members in the database of a service."""

    types = frozenset(_EVENTS)

    def __init__(self, service: str) -> None:
        self.name = f"{service}.membership-replica"

    @staticmethod
    def fold(events: Sequence[Recorded]) -> Rows:
        """Return the rows of these events. Raises pydantic.ValidationError, KeyError for a type it does not know."""
        rows = Rows()
        for received in events:
            event = _EVENTS[received.type].model_validate_json(received.value)
            if isinstance(event, OrganisationEvent):
                _fold_unit(received.sequence, event, rows)
            else:
                _fold_member(received.sequence, event, rows)
        return rows

    async def write(self, connection: Connection, folded: Sequence[Rows]) -> None:
        """Add these rows in the caller's transaction: a round trip a table, and two a batch for what holds beside."""
        for table, columns in _COLUMNS.items():
            await add_rows(
                connection, table, columns, [row for rows in folded for row in getattr(rows, table)]
            )
        replaced, last = _last_spells(spells for rows in folded for spells in rows.spells)
        if replaced:
            await connection.execute("DELETE FROM member_spells WHERE member_id = ANY($1::uuid[])", replaced)
        if last:
            await connection.executemany(_KEEP_SPELL, last)


_KEEP_SPELL: Final = """
    INSERT INTO member_spells (member_id, fact, kind, from_on, ended_on, cell_id)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (member_id, fact) DO UPDATE
    SET kind = excluded.kind, from_on = excluded.from_on, ended_on = excluded.ended_on, cell_id = excluded.cell_id
"""


def _last_spells(told: Iterable[Spells]) -> tuple[list[UUID], list[tuple[Any, ...]]]:
    """Return of whom all is told anew, and the last that is told of each spell, in the order of telling."""
    replaced: dict[UUID, None] = {}
    last: dict[tuple[UUID, int], tuple[Any, ...]] = {}
    for one in told:
        if one.all_:
            replaced[one.member_id] = None
            last = {key: row for key, row in last.items() if key[0] != one.member_id}
        for spell in one.spells:
            last[one.member_id, spell.fact] = (
                one.member_id, spell.fact, spell.kind.value, spell.from_on, spell.ended_on, spell.cell_id,
            )  # fmt: skip
    return list(replaced), list(last.values())


def _fold_unit(sequence: int, event: OrganisationEvent, rows: Rows) -> None:
    unit = event.organisation_id
    rows.unit_steps += [
        (sequence, ordinal, unit, day, delta, side.type.value, side.parent_id)
        for ordinal, (day, delta, side) in enumerate(_unit_sides(event))
    ]
    if isinstance(event, OrganisationEstablished | OrganisationRenamed | OrganisationHistoryRestated):
        rows.unit_names += [
            (sequence, ordinal, unit, day, delta, event.code, name)
            for ordinal, (day, delta, name) in enumerate(_names(event))
        ]


def _unit_sides(event: OrganisationEvent) -> Iterator[tuple[date, int, OrganisationState]]:
    match event:
        case OrganisationEstablished() | OrganisationDissolved():
            yield from _signed([(event.effective_date, event.before, event.after)], [])
        case OrganisationHistoryRestated():
            yield from _signed(map(_parts, event.stated), map(_parts, event.retracted))
        case OrganisationRenamed():
            return
        case _:
            step = (event.effective_date, event.before, event.after)
            yield from _signed([step, *map(_parts, event.stated)], map(_parts, event.retracted))


def _parts(step: OrganisationStep) -> tuple[date, OrganisationState | None, OrganisationState | None]:
    return step.effective_date, step.before, step.after


def _names(
    event: OrganisationEstablished | OrganisationRenamed | OrganisationHistoryRestated,
) -> list[tuple[date, int, str]]:
    if isinstance(event, OrganisationHistoryRestated):
        retracted = [(dated.effective_date, -1, dated.name) for dated in event.names_retracted]
        return retracted + [(dated.effective_date, +1, dated.name) for dated in event.names_stated]
    return [(event.effective_date, +1, event.name)]


def _fold_member(sequence: int, event: MemberEvent, rows: Rows) -> None:
    member = event.member_id
    if isinstance(event, SpellEvent):
        rows.spells.append(Spells(member, (event.after,), all_=False))
        return
    rows.member_steps += [
        (sequence, ordinal, member, day, delta, side.cell_id, side.standing.value)
        for ordinal, (day, delta, side) in enumerate(_member_sides(event))
    ]
    if isinstance(event, MemberHistoryRestatedV2) and event.spells is not None:
        rows.spells.append(Spells(member, event.spells, all_=True))
    elif isinstance(event, MemberLeft | MemberMoved) and event.ended:
        rows.spells.append(Spells(member, event.ended, all_=False))


def _member_sides(event: MemberChange | MemberHistoryRestatedV2) -> Iterator[tuple[date, int, MemberState]]:
    if isinstance(event, MemberHistoryRestatedV2):
        stated = [(step.effective_date, step.before, step.after) for step in event.stated]
        retracted = [(step.effective_date, step.before, step.after) for step in event.retracted]
        yield from _signed(stated, retracted)
    else:
        yield from _signed([(event.effective_date, event.before, event.after)], [])


State = TypeVar("State", MemberState, OrganisationState)


def _signed(
    stated: Iterable[tuple[date, State | None, State | None]],
    retracted: Iterable[tuple[date, State | None, State | None]],
) -> Iterator[tuple[date, int, State]]:
    """Yield the sides of steps: -1 for what was, +1 for what is; the other way round for steps taken back."""
    for sign, steps in ((+1, stated), (-1, retracted)):
        for day, before, after in steps:
            if before is not None:
                yield day, -sign, before
            if after is not None:
                yield day, sign, after
