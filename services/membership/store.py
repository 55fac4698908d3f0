"""The register in PostgreSQL: states read for a decision, and what was decided written with its events.

Every change goes through `Store.save`, one command's or a whole file's: rows by COPY or one UPDATE, and the
events to the log, in the caller's transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, Final, get_args
from uuid import UUID

import asyncpg

from chassis.database import Connection, add_rows
from chassis.event_log import ConcurrentChange, EventLog, NewEvent, RecordedEvent, events_of_each
from chassis.vietnamese import name_sort_key
from contracts.membership import (
    DepartureReason,
    Education,
    Gender,
    MemberChange,
    MemberEvent,
    MemberHistoryRestated,
    MemberHistoryRestatedV2,
    MembershipEvent,
    Occupation,
    OrganisationHistoryRestated,
    OrganisationType,
    PoliticalTheory,
    Qualification,
    Standing,
    Step,
)
from contracts.spells import Spell
from services.membership.clocks import CountedFrom, Seniority
from services.membership.domain import DatedState, Decided, DomainError, Organisation
from services.membership.faults import Fault
from services.membership.history import ENTRIES, History, cause_of, cells_of, history_of, stated
from services.membership.members import Identity, Member

Row = Mapping[str, Any]

_MEMBER_EVENTS: Final[Mapping[str, type[MemberEvent]]] = {
    **{event.TYPE: event for event in get_args(MemberEvent)},
    # Whatever the first version says reads as the second.
    MemberHistoryRestated.TYPE: MemberHistoryRestatedV2,
}
_IMPORTS: Final = 0x6368_6962_6F00_1001
"""Advisory lock: one import at a time."""

ORGANISATION: Final = """
    SELECT unit.*, parent.code AS parent_code, CASE WHEN unit.version > 1 THEN ARRAY(
        SELECT (state.effective_date, state.name, state.type, state.parent_id, above.code)
        FROM organisation_states AS state LEFT JOIN organisations AS above ON above.id = state.parent_id
        WHERE state.organisation_id = unit.id
        ORDER BY state.effective_date
    ) END AS states
    FROM organisations AS unit LEFT JOIN organisations AS parent ON parent.id = unit.parent_id
"""
MEMBER: Final = """
    SELECT member.*, identity.full_name, identity.name_sort_key, identity.birth_date, identity.ethnicity,
        identity.religion, cell.code AS cell_code
    FROM members AS member
    JOIN member_identities AS identity ON identity.member_id = member.id
    JOIN organisations AS cell ON cell.id = member.cell_id
"""

_COLUMNS: Final = {
    "organisations": ("id", "code", "name", "type", "parent_id", "established_on", "dissolved_on", "version"),
    "organisation_states": ("organisation_id", "effective_date", "name", "type", "parent_id"),
    "members": (
        "id", "code", "cell_id", "gender", "youth_union", "admitted_on", "entered_on", "changed_on",
        "official_on", "left_on", "left_reason", "education", "qualification", "theory", "occupation",
        "party_since", "counted_from", "version",
    ),
    "member_states": (
        "member_id", "from_on", "until_on", "cell_id", "standing", "youth_union", "education", "qualification",
        "theory", "occupation", "began_by", "ended_by", "joined_on", "entered_on", "official_on",
        "party_since",
    ),
    "member_spells": ("member_id", "fact", "kind", "from_on", "until_on", "ended_on", "cell_id"),
    "member_identities": ("member_id", "full_name", "name_sort_key", "birth_date", "ethnicity", "religion"),
}  # fmt: skip


class Store:
    """Reads and writes of one transaction on `connection`."""

    def __init__(self, connection: Connection, event_log: EventLog) -> None:
        self._connection = connection
        self._event_log = event_log

    @property
    def connection(self) -> Connection:
        """The connection in its transaction, for what is kept elsewhere."""
        return self._connection

    @property
    def event_log(self) -> EventLog:
        """The log that events of the transaction go to."""
        return self._event_log

    async def lock_imports(self) -> None:
        """Wait until no other import runs; this one is the only one until the transaction ends."""
        await self._connection.execute("SELECT pg_advisory_xact_lock($1)", _IMPORTS)

    async def organisations(
        self, codes: Collection[str], *, for_change: bool = False
    ) -> dict[str, Organisation]:
        """Return the units that have these codes, held as they are until the transaction ends.

        No lock is of their keys, which never change: what refers to a unit or a member need not wait for it.
        """
        lock = "NO KEY UPDATE" if for_change else "SHARE"
        held = await self._connection.fetch(
            f"SELECT id FROM organisations WHERE code = ANY($1::text[]) ORDER BY id FOR {lock}", list(codes)
        )
        # Read once they are held: a statement that waited sees the other tables as they were before it waited.
        rows = await self._connection.fetch(
            f"{ORGANISATION} WHERE unit.id = ANY($1::uuid[])", [row["id"] for row in held]
        )
        return {row["code"]: organisation(row) for row in rows}

    async def organisation_with_parents(
        self, code: str, *, parent_code: str | None = None
    ) -> tuple[Organisation, dict[str, Organisation]] | None:
        """Return a unit and, by code, all that it hangs below on some day or is to hang under; None if unknown.

        So are those further up: whoever takes a seat there, as somebody from below, holds its unit alone. All are
        held for a change, in one order, so that two changes of the tree never wait for each other.
        Raises ConcurrentChange where the unit, or one above it, moved meanwhile.
        """
        codes = {code, *await self._above_ever(code), *([parent_code] if parent_code else ())}
        found = await self.organisations(codes, for_change=True)
        if (unit := found.get(code)) is None:
            return None
        if not await self._above_ever(code) <= found.keys():
            raise ConcurrentChange
        return unit, found

    async def _above_ever(self, code: str) -> set[str]:
        return {row["code"] for row in await self._connection.fetch(_ABOVE_EVER, code)}

    async def children_ever(self, unit: Organisation) -> list[Organisation]:
        """Return the units that hang under a unit on some day. Hold the unit: none comes or leaves then."""
        rows = await self._connection.fetch(
            f"{ORGANISATION} WHERE unit.id IN (SELECT organisation_id FROM organisation_states WHERE parent_id = $1)",
            unit.id,
        )
        return [organisation(row) for row in rows]

    async def members_from(self, cell: Organisation, day: date) -> int:
        """Return how many members count in a cell on a day or later. Hold the cell: nobody comes in then."""
        count: int = await self._connection.fetchval(
            "SELECT count(DISTINCT member_id) FROM member_states"
            " WHERE cell_id = $1 AND (until_on IS NULL OR until_on > $2)",
            cell.id,
            day,
        )
        return count

    async def organisation(self, code: str) -> Organisation | None:
        """Return the unit that has a code, held as it is until the transaction ends."""
        return (await self.organisations([code])).get(code)

    async def members(self, codes: Collection[str], *, for_change: bool = False) -> dict[str, Member]:
        """Return the members that have these codes; `for_change` locks them until the transaction ends.

        Without the lock a change by somebody else in the meantime shows when saving.
        """
        if for_change:
            # Read once they are held: a statement that waited for a move would look for the new cell in the old join.
            await self._connection.execute(
                "SELECT FROM members WHERE code = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE", list(codes)
            )
        rows = await self._connection.fetch(f"{MEMBER} WHERE member.code = ANY($1::text[])", list(codes))
        return {row["code"]: member(row) for row in rows}

    async def history(self, member: Member) -> History:
        """Return what a member's events tell, with the cells that they speak of held as they are."""
        return (await self.histories([member]))[member.id]

    async def histories(self, members: Iterable[Member]) -> dict[UUID, History]:
        """Return what the events of each of these members tell, by the member's id."""
        recorded = await events_of_each(self._connection, [member.id for member in members])
        told = {id_: [read_member_event(event) for event in events] for id_, events in recorded.items()}
        facts = [fact for events in told.values() for event in events if (fact := stated(event))]
        cells = await self._organisations_by_id(cells_of(facts))
        return {id_: history_of(events, cells) for id_, events in told.items()}

    async def _organisations_by_id(self, ids: Collection[UUID]) -> dict[UUID, Organisation]:
        rows = await self._connection.fetch(
            "SELECT code FROM organisations WHERE id = ANY($1::uuid[])", list(ids)
        )
        units = await self.organisations([row["code"] for row in rows])
        return {unit.id: unit for unit in units.values()}

    async def save(self, changes: "Changes") -> None:
        """Write states and append their events.

        Raises DomainError `code-taken` where another unit or member has a new one's code, ConcurrentChange
        where somebody else changed the same one first, EventTooLarge where an event would not fit in Kafka.
        """
        try:
            if changes.restated_units:
                await self._connection.execute(_FORGET_UNIT_STATES, changes.restated_units)
            # Units and members before what hangs on them: so whoever was quicker is found before anything is spoilt.
            for statement, columns in changes.updates:
                if len(columns[0]) != int((await self._connection.execute(statement, *columns)).split()[-1]):
                    raise ConcurrentChange
            if changes.replaced:
                await self._connection.execute(_FORGET_STATES, *changes.replaced[:2])
                await self._connection.execute(_END_STATES, *changes.replaced)
            if changes.respelled:
                await self._connection.execute(_FORGET_SPELLS, changes.respelled)
            for table, records in changes.inserts.items():
                await add_rows(self._connection, table, _COLUMNS[table], records)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name in {"organisations_code", "members_code"}:
                raise DomainError([Fault("code-taken", "code")]) from error
            raise
        await self._event_log.append(self._connection, changes.events)


def read_member_event(recorded: RecordedEvent) -> MemberEvent:
    """Return a member's event from the log."""
    return _MEMBER_EVENTS[recorded.type].model_validate_json(recorded.payload)


class Changes:
    """What was decided, made ready for the database. CPU-bound for a whole file: make it in a thread."""

    def __init__(self, decided: Sequence[Decided[Organisation]] | Sequence[Decided[Member]]) -> None:
        self.events = [
            NewEvent(
                aggregate_id=one.event.aggregate_id,
                aggregate_version=one.state.version,
                type=one.event.TYPE,
                payload=one.event.as_json(),
            )
            for one in decided
        ]
        last = {one.state.id: one.state for one in decided}
        first: dict[UUID, int] = {}
        for one in decided:
            first.setdefault(one.state.id, one.state.version)
        new = {id_ for id_, version in first.items() if version == 1}
        units = [state for state in last.values() if isinstance(state, Organisation)]
        people = [state for state in last.values() if isinstance(state, Member)]
        admitted = [state for state in people if state.id in new]
        self.inserts: dict[str, list[tuple[Any, ...]]] = {
            "organisations": [_organisation_record(state) for state in units if state.id in new],
            "organisation_states": [row for unit in units if unit.id in new for row in _state_records(unit)],
            "members": [_member_record(state) for state in admitted],
            "member_identities": [_identity_record(state) for state in admitted],
        }
        self.restated_units = [
            one.state.id for one in decided if isinstance(one.event, OrganisationHistoryRestated)
        ]
        self.updates: list[tuple[str, list[list[Any]]]] = []
        self._update(
            _CHANGE_ORGANISATION,
            [(first[unit.id] - 1, *_organisation_record(unit)) for unit in units if unit.id not in new],
        )
        self._update(
            _CHANGE_STATES,
            [row for unit in units if unit.id not in new and unit.changed for row in _state_records(unit)],
        )
        changed = [person for person in people if person.id not in new]
        self._update(
            _CHANGE_MEMBER,
            [(first[person.id] - 1, *_member_record(person)) for person in changed],
        )
        self._states(decided, {person.id: person for person in people}, new)
        spells = {one.state.id: one.spells for one in decided if one.spells is not None}
        self.inserts["member_spells"] = [
            _spell_record(id_, spell) for id_, told in spells.items() for spell in told
        ]
        self.respelled = list(spells)
        corrected = {one.state.id for one in decided if _is_of_identity(one.event)}
        self._update(
            _CHANGE_IDENTITY, [_identity_record(person) for person in changed if person.id in corrected]
        )

    def _states(
        self,
        decided: Sequence[Decided[Organisation]] | Sequence[Decided[Member]],
        last: Mapping[UUID, Member],
        new: set[UUID],
    ) -> None:
        """Make ready what members count as from day to day: all of it anew, or what follows what is there."""
        steps: dict[UUID, list[Step]] = {}
        replaced_from: dict[UUID, date] = {}
        for one in decided:
            id_ = one.state.id
            if one.steps or _is_restatement(one.event):
                steps[id_], replaced_from[id_] = list(one.steps), date.min
            elif (step := _step_of(one.event)) is not None:
                steps.setdefault(id_, []).append(step)
                replaced_from.setdefault(id_, step.effective_date)
        self.inserts["member_states"] = [
            row for id_, told in steps.items() for row in _stay_records(last[id_], told)
        ]
        known = [
            (id_, day, steps[id_][0].cause if steps[id_] else None)
            for id_, day in replaced_from.items()
            if id_ not in new
        ]
        self.replaced = [list(column) for column in zip(*known, strict=True)]

    def _update(self, statement: str, records: Sequence[tuple[Any, ...]]) -> None:
        if records:
            self.updates.append((statement, [list(column) for column in zip(*records, strict=True)]))


_ABOVE_EVER: Final = """
    WITH RECURSIVE above (unit_id) AS (
        SELECT state.parent_id
        FROM organisations AS unit JOIN organisation_states AS state ON state.organisation_id = unit.id
        WHERE unit.code = $1
        UNION
        SELECT state.parent_id FROM above JOIN organisation_states AS state ON state.organisation_id = above.unit_id
    )
    SELECT unit.code FROM above JOIN organisations AS unit ON unit.id = above.unit_id
"""
_CHANGE_ORGANISATION: Final = """
    UPDATE organisations AS unit
    SET name = change.name, type = change.type, parent_id = change.parent_id,
        established_on = change.established_on, dissolved_on = change.dissolved_on, version = change.version
    FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::date[], $8::date[],
                $9::int[])
        AS change (expected, id, code, name, type, parent_id, established_on, dissolved_on, version)
    WHERE unit.id = change.id AND unit.version = change.expected
"""
_CHANGE_STATES: Final = """
    INSERT INTO organisation_states (organisation_id, effective_date, name, type, parent_id)
    SELECT * FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::uuid[])
    ON CONFLICT (organisation_id, effective_date)
    DO UPDATE SET name = excluded.name, type = excluded.type, parent_id = excluded.parent_id
"""
_FORGET_UNIT_STATES: Final = "DELETE FROM organisation_states WHERE organisation_id = ANY($1::uuid[])"
# What somebody counts as from a day on, and what of it is still open then.
_FORGET_STATES: Final = """
    DELETE FROM member_states AS old USING unnest($1::uuid[], $2::date[]) AS change (member_id, day)
    WHERE old.member_id = change.member_id AND old.from_on >= change.day
"""
_END_STATES: Final = """
    UPDATE member_states AS old SET until_on = change.day, ended_by = change.cause
    FROM unnest($1::uuid[], $2::date[], $3::text[]) AS change (member_id, day, cause)
    WHERE old.member_id = change.member_id AND old.until_on IS NULL
"""
_FORGET_SPELLS: Final = "DELETE FROM member_spells WHERE member_id = ANY($1::uuid[])"
_CHANGE_MEMBER: Final = """
    UPDATE members AS member
    SET cell_id = change.cell_id, gender = change.gender, youth_union = change.youth_union,
        admitted_on = change.admitted_on, entered_on = change.entered_on, changed_on = change.changed_on,
        official_on = change.official_on, left_on = change.left_on, left_reason = change.left_reason,
        education = change.education, qualification = change.qualification, theory = change.theory,
        occupation = change.occupation, party_since = change.party_since, counted_from = change.counted_from,
        version = change.version
    FROM unnest($1::int[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::boolean[], $7::date[], $8::date[],
                $9::date[], $10::date[], $11::date[], $12::text[], $13::text[], $14::text[], $15::text[],
                $16::text[], $17::date[], $18::text[], $19::int[])
        AS change (expected, id, code, cell_id, gender, youth_union, admitted_on, entered_on, changed_on, official_on,
                   left_on, left_reason, education, qualification, theory, occupation, party_since, counted_from,
                   version)
    WHERE member.id = change.id AND member.version = change.expected
"""
_CHANGE_IDENTITY: Final = """
    WITH change AS (
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::date[], $5::text[], $6::text[])
            AS change (member_id, full_name, name_sort_key, birth_date, ethnicity, religion)
    ), kept AS (
        INSERT INTO former_identities (member_id, full_name, birth_date, ethnicity, religion)
        SELECT member_id, former.full_name, former.birth_date, former.ethnicity, former.religion
        FROM member_identities AS former JOIN change USING (member_id)
        WHERE (former.full_name, former.birth_date, former.ethnicity, former.religion)
            IS DISTINCT FROM (change.full_name, change.birth_date, change.ethnicity, change.religion)
    )
    UPDATE member_identities AS identity
    SET full_name = change.full_name, name_sort_key = change.name_sort_key, birth_date = change.birth_date,
        ethnicity = change.ethnicity, religion = change.religion
    FROM change
    WHERE identity.member_id = change.member_id
"""


def _is_of_identity(event: MembershipEvent) -> bool:
    """Return whether an event may say that somebody is another than was thought."""
    return (
        isinstance(event, MemberHistoryRestatedV2) and event.fact is not None and event.fact.kind in ENTRIES
    )


def _is_restatement(event: MembershipEvent) -> bool:
    return isinstance(event, MemberHistoryRestatedV2)


def _step_of(event: MembershipEvent) -> Step | None:
    """Return the step that an event of the ordinary course is."""
    if not isinstance(event, MemberChange):
        return None
    return Step(
        effective_date=event.effective_date, before=event.before, after=event.after, cause=cause_of(event)
    )


def _stay_records(person: Member, steps: Sequence[Step]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of what somebody, who is `person` now, counted as; what lasted no day has none."""
    entered_on, official_on = person.entered_on, person.official_on
    for step, following in zip_longest(steps, steps[1:]):
        until = following and following.effective_date
        if (after := step.after) is None:
            continue
        if step.before is None:
            entered_on = step.effective_date
            official_on = person.official_on if entered_on == person.entered_on else None
        official = after.standing is Standing.OFFICIAL
        if official and official_on is None:
            official_on = step.effective_date
        joined_on = after.joined_on or entered_on
        if until != step.effective_date:
            yield (
                person.id, step.effective_date, until, after.cell_id, after.standing.value, after.youth_union,
                after.education, after.qualification, after.theory, after.occupation, step.cause,
                following and following.cause, joined_on, entered_on, official_on if official else None,
                after.party_since or joined_on,
            )  # fmt: skip


def organisation(row: Row) -> Organisation:
    """Return the unit in a row of ORGANISATION."""
    return Organisation(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        type=OrganisationType(row["type"]),
        parent_id=row["parent_id"],
        parent_code=row["parent_code"],
        established_on=row["established_on"],
        dissolved_on=row["dissolved_on"],
        version=row["version"],
        changed=_states(row["states"]),
    )


def _states(rows: Sequence[Sequence[Any]] | None) -> tuple[DatedState, ...]:
    if rows is None or len(rows) == 1:
        return ()
    return tuple(
        DatedState(since=since, name=name, type=OrganisationType(type_), parent_id=parent, parent_code=code)
        for since, name, type_, parent, code in rows
    )


def member(row: Row) -> Member:
    """Return the member in a row of MEMBER."""
    return Member(
        id=row["id"],
        code=row["code"],
        cell_id=row["cell_id"],
        cell_code=row["cell_code"],
        identity=Identity(
            full_name=row["full_name"],
            birth_date=row["birth_date"],
            ethnicity=row["ethnicity"],
            religion=row["religion"],
        ),
        gender=Gender(row["gender"]),
        youth_union=row["youth_union"],
        admitted_on=row["admitted_on"],
        entered_on=row["entered_on"],
        changed_on=row["changed_on"],
        official_on=row["official_on"],
        left_on=row["left_on"],
        left_reason=DepartureReason(row["left_reason"]) if row["left_reason"] else None,
        education=Education(row["education"]) if row["education"] else None,
        qualification=Qualification(row["qualification"]) if row["qualification"] else None,
        theory=PoliticalTheory(row["theory"]) if row["theory"] else None,
        occupation=Occupation(row["occupation"]) if row["occupation"] else None,
        seniority=Seniority(row["party_since"], CountedFrom(row["counted_from"])),
        version=row["version"],
    )


def _organisation_record(unit: Organisation) -> tuple[Any, ...]:
    return (
        unit.id, unit.code, unit.name, unit.type.value, unit.parent_id, unit.established_on,
        unit.dissolved_on, unit.version,
    )  # fmt: skip


def _state_records(unit: Organisation) -> list[tuple[Any, ...]]:
    return [(unit.id, state.since, state.name, state.type.value, state.parent_id) for state in unit.states]


def _member_record(person: Member) -> tuple[Any, ...]:
    return (
        person.id, person.code, person.cell_id, person.gender.value, person.youth_union, person.admitted_on,
        person.entered_on, person.changed_on, person.official_on, person.left_on, person.left_reason,
        person.education, person.qualification, person.theory, person.occupation,
        person.seniority.since, person.seniority.counted_from.value, person.version,
    )  # fmt: skip


def _spell_record(member_id: UUID, spell: Spell) -> tuple[Any, ...]:
    return (
        member_id, spell.fact, spell.kind.value, spell.from_on, spell.until, spell.ended_on, spell.cell_id,
    )  # fmt: skip


def _identity_record(person: Member) -> tuple[Any, ...]:
    who = person.identity
    return (
        person.id, who.full_name, name_sort_key(who.full_name), who.birth_date, who.ethnicity, who.religion,
    )  # fmt: skip
