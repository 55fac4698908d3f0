"""The projection *membership facts*: membership's events as dated, signed rows, one row a side of an event.

`before` becomes a row of -1 and `after` a row of +1, at the event's effective date, keyed by (sequence, ordinal).
An event that restates a history has several such steps, those that it takes back with the signs changed round.
A member's row has the step's cause, and its ordinal tells which step's side it is: twice the step's number within
the event, and one more for `after`.
Rows are only added, never summed up in place, because then

- a rebuild from nothing gives the very same rows, wherever batches begin and end;
- the order of events across keys cannot matter, nor that a member's event comes before its cell's;
- every figure can be traced to the events behind it;
- what was known at some instant is a WHERE clause on `recorded_at`.

That each event is applied once, and in one transaction with the consumer's mark, is the chassis' work.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from chassis.database import Connection, add_rows
from contracts import membership
from contracts.membership import Cause
from services.reporting import checkpoints
from services.reporting.background import CODES as BACKGROUNDS
from services.reporting.background import era
from services.reporting.domain import day_number
from services.reporting.member_rows import MEMBER_COLUMNS, MemberRow, encoded
from services.reporting.movement import CODES
from services.reporting.ratings import facts as rating_facts
from services.reporting.recorded import Recorded, instant

# Tolerant readers: only the fields that are counted, others are passed over, so membership may add some. Typed
# msgspec structs take 1 µs an event where the contract's classes take 7; a contract test holds them together.
# Ids stay text: PostgreSQL's driver reads it on its way out, and refuses what is no UUID.


class Profile(msgspec.Struct, gc=False):
    """The part of `contracts.membership.MemberState` that is counted."""

    cell_id: str
    standing: Literal["probationary", "official"]
    gender: Literal["female", "male"]
    ethnic_minority: bool
    religious: bool
    youth_union: bool
    birth_date: date
    joined_on: date | None = None
    party_since: date | None = None
    education: Literal["primary", "lower_secondary", "upper_secondary"] | None = None
    qualification: Literal["elementary", "intermediate", "college", "bachelor", "master", "doctor"] | None = (
        None
    )
    theory: Literal["elementary", "intermediate", "advanced", "bachelor"] | None = None
    occupation: (
        Literal[
            "civil_servant", "public_employee", "worker", "farmer", "armed_forces", "business", "student", "retired",
            "other",
        ]
        | None
    ) = None  # fmt: skip


class Unit(msgspec.Struct, gc=False):
    """The part of `contracts.membership.OrganisationState` that is counted."""

    type: Literal[
        "bloc", "grassroots_committee", "divisional_committee", "grassroots_cell", "subordinate_cell"
    ]
    parent_id: str | None


class Admitted(msgspec.Struct, gc=False):
    """Of `contracts.membership.MemberEntry`."""

    effective_date: date
    after: Profile
    before: None = None


class Confirmed(msgspec.Struct, gc=False):
    """Of `contracts.membership.MemberConfirmed` and MemberProfileChanged."""

    effective_date: date
    before: Profile
    after: Profile


class Transferred(msgspec.Struct, gc=False):
    """Of `contracts.membership.MemberMoved`."""

    effective_date: date
    reason: Literal["transfer", "merger", "split", "upgrade"]
    before: Profile
    after: Profile


class Left(msgspec.Struct, gc=False):
    """Of `contracts.membership.MemberLeft`."""

    effective_date: date
    reason: Literal["transferred_out", "resigned", "removed", "expelled", "died", "unstated"]
    before: Profile
    after: None = None


class Step(msgspec.Struct, gc=False):
    """Of `contracts.membership.Step`."""

    effective_date: date
    before: Profile | None
    after: Profile | None
    cause: (
        Literal[
            "admitted", "received", "restored", "confirmed", "profile", "transfer", "merger", "split", "upgrade",
            "transferred_out", "resigned", "removed", "expelled", "died", "unstated",
        ]
        | None
    ) = None  # fmt: skip


class Restated(msgspec.Struct, gc=False):
    """Of `contracts.membership.MemberHistoryRestatedV2`."""

    retracted: list[Step]
    stated: list[Step]


class Established(msgspec.Struct, gc=False):
    """Of `contracts.membership.OrganisationEstablished`."""

    effective_date: date
    organisation_id: str
    code: str
    name: str
    after: Unit
    before: None = None


class UnitStep(msgspec.Struct, gc=False):
    """Of `contracts.membership.OrganisationStep`."""

    effective_date: date
    before: Unit | None
    after: Unit | None


class Renamed(msgspec.Struct, gc=False):
    """Of `contracts.membership.OrganisationRenamed`."""

    effective_date: date
    organisation_id: str
    code: str
    name: str


class Moved(msgspec.Struct, gc=False):
    """Of `contracts.membership.OrganisationMove`."""

    effective_date: date
    organisation_id: str
    before: Unit
    after: Unit
    retracted: list[UnitStep] = []
    stated: list[UnitStep] = []


class DatedName(msgspec.Struct, gc=False):
    """Of `contracts.membership.DatedName`."""

    effective_date: date
    name: str


class UnitRestated(msgspec.Struct, gc=False):
    """Of `contracts.membership.OrganisationHistoryRestated`."""

    organisation_id: str
    code: str
    retracted: list[UnitStep]
    stated: list[UnitStep]
    names_retracted: list[DatedName]
    names_stated: list[DatedName]


class Dissolved(msgspec.Struct, gc=False):
    """Of `contracts.membership.OrganisationDissolved`."""

    effective_date: date
    organisation_id: str
    before: Unit
    after: None = None


READERS: Final[dict[str, type[msgspec.Struct]]] = {
    membership.MemberAdmitted.TYPE: Admitted,
    membership.MemberReceived.TYPE: Admitted,
    membership.MemberRestored.TYPE: Admitted,
    membership.MemberConfirmed.TYPE: Confirmed,
    membership.MemberProfileChanged.TYPE: Confirmed,
    membership.MemberMoved.TYPE: Transferred,
    membership.MemberLeft.TYPE: Left,
    membership.MemberHistoryRestated.TYPE: Restated,
    membership.MemberHistoryRestatedV2.TYPE: Restated,
    membership.OrganisationEstablished.TYPE: Established,
    membership.OrganisationRenamed.TYPE: Renamed,
    membership.OrganisationReparented.TYPE: Moved,
    membership.OrganisationUpgraded.TYPE: Moved,
    membership.OrganisationDissolved.TYPE: Dissolved,
    membership.OrganisationHistoryRestated.TYPE: UnitRestated,
    **rating_facts.READERS,
}
"""Which struct reads which event."""

_CAUSES: Final[dict[str, Cause]] = {
    membership.MemberAdmitted.TYPE: Cause.ADMITTED,
    membership.MemberReceived.TYPE: Cause.RECEIVED,
    membership.MemberRestored.TYPE: Cause.RESTORED,
    membership.MemberConfirmed.TYPE: Cause.CONFIRMED,
    membership.MemberProfileChanged.TYPE: Cause.PROFILE,
}
"""The cause of the steps that one type of event makes; the others state a reason."""
_STATED: Final = -1
_REASONED: Final = (Transferred, Left)
_MEMBER: Final[dict[str, tuple[Callable[[bytes], Admitted | Confirmed | Transferred | Left], int]]] = {
    type_: (msgspec.json.Decoder(reader).decode, CODES[_CAUSES[type_]] if type_ in _CAUSES else _STATED)
    for type_, reader in READERS.items()
    if issubclass(reader, Admitted | Confirmed | Transferred | Left)
}
_RESTATED: Final = msgspec.json.Decoder(Restated).decode
_ESTABLISHED: Final = msgspec.json.Decoder(Established).decode
_RENAMED: Final = msgspec.json.Decoder(Renamed).decode
_MOVES: Final = frozenset({membership.OrganisationReparented.TYPE, membership.OrganisationUpgraded.TYPE})
_MOVED: Final = msgspec.json.Decoder(Moved).decode
_DISSOLVED: Final = msgspec.json.Decoder(Dissolved).decode
_UNIT_RESTATED: Final = msgspec.json.Decoder(UnitRestated).decode

UNIT_COLUMNS: Final = (
    "sequence", "ordinal", "recorded_at", "effective_date", "delta", "retracts", "organisation_id", "type",
    "parent_id",
)  # fmt: skip
_FEW: Final = 20
"""Rows up to which an INSERT is quicker than COPY."""
NAME_COLUMNS: Final = (
    "sequence", "ordinal", "recorded_at", "effective_date", "retracts", "organisation_id", "code", "name",
)  # fmt: skip

UnitRow = tuple[int, int, datetime, date, int, bool, str, str, str | None]
NameRow = tuple[int, int, datetime, date, bool, str, str, str]


@dataclass(slots=True)
class Facts:
    """The rows that a batch of events comes to, in the order of the tables' columns."""

    members: list[MemberRow] = field(default_factory=list)
    units: list[UnitRow] = field(default_factory=list)
    names: list[NameRow] = field(default_factory=list)
    ratings: rating_facts.Facts = field(default_factory=rating_facts.Facts)


def fold(events: Sequence[Recorded]) -> Facts:
    """Return the rows of these events.

    Raises ValueError where an event is not JSON, lacks a field, has a value outside its type, or an instant
    of recording without its offset; KeyError for a type that is none of `READERS`.
    """
    facts = Facts()
    add = facts.members.append
    for event in events:
        at = instant(event.time)
        known = _MEMBER.get(event.type)
        if known is None:
            if READERS.get(event.type) is Restated:
                facts.members += _restated(event, at)
            elif event.type in rating_facts.READERS:
                rating_facts.fold(event, at, facts.ratings)
            else:
                _fold_unit(event, at, facts)
            continue
        read, cause = known
        change = read(event.value)
        if cause == _STATED and isinstance(
            change, _REASONED
        ):  # a number is compared sooner than a class found
            cause = CODES[change.reason]
        day = change.effective_date
        # Written out twice: a function for each side would cost a fifth of the whole.
        if (side := change.before) is not None:
            joined_on = side.joined_on
            add((event.sequence, 0, at, day, -1, cause, side.cell_id, day_number(side.birth_date),
                 side.standing, side.gender, side.ethnic_minority, side.religious, side.youth_union,
                 BACKGROUNDS[side.education, side.qualification, side.theory, side.occupation] | era(joined_on),
                 _number(side.party_since or joined_on)))  # fmt: skip
        if (side := change.after) is not None:
            joined_on = side.joined_on or _entered(change.before, day)
            add((event.sequence, 1, at, day, +1, cause, side.cell_id, day_number(side.birth_date),
                 side.standing, side.gender, side.ethnic_minority, side.religious, side.youth_union,
                 BACKGROUNDS[side.education, side.qualification, side.theory, side.occupation] | era(joined_on),
                 _number(side.party_since or joined_on)))  # fmt: skip
    return facts


def _restated(event: Recorded, at: datetime) -> Iterator[MemberRow]:
    change = _RESTATED(event.value)
    steps = [*((-1, step) for step in change.retracted), *((+1, step) for step in change.stated)]
    for number, (sign, step) in enumerate(steps):
        cause = CODES[step.cause or _untold(step)]
        for after, side in enumerate((step.before, step.after)):
            if side is not None:
                joined_on = side.joined_on or (_entered(step.before, step.effective_date) if after else None)
                yield (event.sequence, 2 * number + after, at, step.effective_date, sign * (2 * after - 1), cause,
                       side.cell_id, day_number(side.birth_date), side.standing, side.gender, side.ethnic_minority,
                       side.religious, side.youth_union,
                       BACKGROUNDS[side.education, side.qualification, side.theory, side.occupation]
                       | era(joined_on), _number(side.party_since or joined_on))  # fmt: skip


def _entered(before: Profile | None, day: date) -> date | None:
    """Return when somebody joined of whom an event of the first weeks does not say it: as they entered the register.

    Such an event of those who are there already cannot say it: they count as not stated from then on.
    """
    return day if before is None else None


def _number(day: date | None) -> int:
    return 0 if day is None else day_number(day)


def _untold(step: Step) -> Cause:
    """Return the cause of a step that does not say it: at that time there was one way in, and one change."""
    if step.before is None:
        return Cause.ADMITTED
    return Cause.UNSTATED if step.after is None else Cause.CONFIRMED


def _fold_unit(event: Recorded, at: datetime, facts: Facts) -> None:
    sequence = event.sequence
    if event.type == membership.OrganisationEstablished.TYPE:
        new = _ESTABLISHED(event.value)
        facts.units += _unit_rows(
            event, at, new.organisation_id, [UnitStep(new.effective_date, None, new.after)]
        )
        facts.names.append(
            (sequence, 0, at, new.effective_date, False, new.organisation_id, new.code, new.name)
        )
    elif event.type == membership.OrganisationRenamed.TYPE:
        name = _RENAMED(event.value)
        facts.names.append(
            (sequence, 0, at, name.effective_date, False, name.organisation_id, name.code, name.name)
        )
    elif event.type == membership.OrganisationDissolved.TYPE:
        old = _DISSOLVED(event.value)
        facts.units += _unit_rows(
            event, at, old.organisation_id, [UnitStep(old.effective_date, old.before, None)]
        )
    elif event.type in _MOVES:
        move = _MOVED(event.value)
        stated = [UnitStep(move.effective_date, move.before, move.after), *move.stated]
        facts.units += _unit_rows(event, at, move.organisation_id, stated, move.retracted)
    elif event.type == membership.OrganisationHistoryRestated.TYPE:
        past = _UNIT_RESTATED(event.value)
        facts.units += _unit_rows(event, at, past.organisation_id, past.stated, past.retracted)
        names = [
            *((False, name) for name in past.names_stated),
            *((True, name) for name in past.names_retracted),
        ]
        facts.names += [
            (sequence, ordinal, at, name.effective_date, retracts, past.organisation_id, past.code, name.name)
            for ordinal, (retracts, name) in enumerate(names)
        ]
    else:
        raise KeyError(event.type)


def _unit_rows(
    event: Recorded, at: datetime, unit: str, stated: Sequence[UnitStep], retracted: Sequence[UnitStep] = ()
) -> Iterator[UnitRow]:
    sides = [
        (step.effective_date, sign * delta, sign < 0, side)
        for sign, steps in ((+1, stated), (-1, retracted))
        for step in steps
        for delta, side in ((-1, step.before), (+1, step.after))
        if side is not None
    ]
    for ordinal, (day, delta, retracts, side) in enumerate(sides):
        yield event.sequence, ordinal, at, day, delta, retracts, unit, side.type, side.parent_id


async def _one_part(content: bytes) -> AsyncIterator[bytes]:
    """Give all at once; no file: asyncpg holds each of these until cycles are looked for, 3 MB a million events."""
    yield content


class MembershipFacts:
    """Handler of the membership stream that keeps the tables of facts."""

    name = "reporting.membership-facts.4"
    # A migration that empties the tables changes the number: a new consumer reads the stream from its beginning.
    types = frozenset(READERS)
    tables = ("member_facts", "organisation_facts", "organisations", *rating_facts.TABLES)

    fold = staticmethod(fold)

    async def write(self, connection: Connection, folded: Sequence[Facts]) -> None:
        """Add these rows, in the caller's transaction: one round trip a table.

        Raises ValueError for an id that is no UUID, struct.error or OverflowError for a sequence beyond 64 bits,
        and asyncpg.PostgresError for what PostgreSQL refuses, as a name with a NUL in it.
        """
        members = [row for facts in folded for row in facts.members]
        if len(members) > _FEW:
            rows = _one_part(encoded(members))
            await connection.copy_to_table(
                "member_facts", source=rows, columns=MEMBER_COLUMNS, format="binary"
            )
        else:
            await add_rows(connection, "member_facts", MEMBER_COLUMNS, members)
        await checkpoints.follow(connection, members)
        units = [row for facts in folded for row in facts.units]
        await add_rows(connection, "organisation_facts", UNIT_COLUMNS, units)
        names = [row for facts in folded for row in facts.names]
        await add_rows(connection, "organisations", NAME_COLUMNS, names)
        await rating_facts.write(connection, [facts.ratings for facts in folded])
