"""Candidates in PostgreSQL: read for a decision, and written with their events in the caller's transaction.

A command holds the candidate, then units. Nobody who holds a unit or a member waits for a candidate.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final, get_args
from uuid import UUID

import asyncpg

from chassis.event_log import ConcurrentChange, NewEvent, RecordedEvent, events_of
from chassis.vietnamese import name_sort_key
from contracts.candidates import (
    Candidate,
    CandidateEvent,
    CandidateStage,
    Introducer,
    StrikeReason,
)
from contracts.membership import Gender
from services.membership.candidates.domain import DecidedCandidate, Listed, Person
from services.membership.domain import DomainError
from services.membership.faults import Fault
from services.membership.members import Identity
from services.membership.store import Store

CANDIDATE: Final = """
    SELECT candidate.*, identity.full_name, identity.name_sort_key, identity.birth_date, identity.gender,
        identity.ethnicity, identity.religion, identity.youth_union, cell.code AS cell_code, ARRAY(
            SELECT (introducer.member_id, introducer.since) FROM candidate_introducers AS introducer
            WHERE introducer.candidate_id = candidate.id ORDER BY introducer.place
        ) AS introducers
    FROM candidates AS candidate
    JOIN candidate_identities AS identity ON identity.candidate_id = candidate.id
    JOIN organisations AS cell ON cell.id = candidate.cell_id
"""
_EVENTS: Final[Mapping[str, type[CandidateEvent]]] = {event.TYPE: event for event in get_args(CandidateEvent)}
_OFFICIALS: Final = """
    SELECT member.code, member.id
    FROM members AS member JOIN member_states AS state ON state.member_id = member.id
    WHERE member.code = ANY($1::text[]) AND state.standing = 'official'
      AND state.from_on <= $2 AND (state.until_on IS NULL OR state.until_on > $2)
"""
_INSERT: Final = """
    INSERT INTO candidates
        (id, code, cell_id, stage, listed_on, certified_on, voted_on, ended_on, struck_for, member_id, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_CHANGE: Final = """
    UPDATE candidates SET cell_id = $3, stage = $4, listed_on = $5, certified_on = $6, voted_on = $7, ended_on = $8,
        struck_for = $9, member_id = $10, version = $11
    WHERE id = $1 AND code = $2 AND version = $11 - 1
"""
_KEEP_FORMER: Final = """
    INSERT INTO former_candidate_identities
        (candidate_id, full_name, birth_date, gender, ethnicity, religion, youth_union)
    SELECT candidate_id, full_name, birth_date, gender, ethnicity, religion, youth_union
    FROM candidate_identities WHERE candidate_id = $1
"""
_IDENTIFY: Final = """
    INSERT INTO candidate_identities
        (candidate_id, full_name, name_sort_key, birth_date, gender, ethnicity, religion, youth_union)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (candidate_id) DO UPDATE SET full_name = excluded.full_name, name_sort_key = excluded.name_sort_key,
        birth_date = excluded.birth_date, gender = excluded.gender, ethnicity = excluded.ethnicity,
        religion = excluded.religion, youth_union = excluded.youth_union
"""
_INTRODUCE: Final = """
    INSERT INTO candidate_introducers (candidate_id, member_id, since, place)
    SELECT $1, * FROM unnest($2::uuid[], $3::date[]) WITH ORDINALITY
"""


class CandidateStore:
    """Reads and writes of candidates in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    async def one(self, code: str) -> Listed | None:
        """Return the candidate that has a code, held for a change; None if unknown."""
        # Read once they are held: a statement that waited sees the other tables as they were before it waited.
        await self._connection.execute("SELECT FROM candidates WHERE code = $1 FOR UPDATE", code)
        row = await self._connection.fetchrow(f"{CANDIDATE} WHERE candidate.code = $1", code)
        return None if row is None else listed(row)

    async def events(self, id_: UUID) -> list[CandidateEvent]:
        """Return what was recorded of a candidate, from the listing on."""
        return [read_candidate_event(event) for event in await events_of(self._connection, id_)]

    async def officials(self, codes: Collection[str], day: date) -> dict[str, UUID]:
        """Return, by code, those of these members who are official ones on a day."""
        return {row["code"]: row["id"] for row in await self._connection.fetch(_OFFICIALS, list(codes), day)}

    async def is_or_was_member(self, id_: UUID | None) -> bool:
        """Return whether somebody is in the register of members, or was; not who was entered by mistake."""
        statement = "SELECT FROM members WHERE id = $1 AND entered_on IS NOT NULL"
        return await self._connection.fetchrow(statement, id_) is not None

    async def save(self, decided: DecidedCandidate, *, before: Listed | None = None) -> None:
        """Write a candidate as they are now, `before` being what they were, and append the event.

        Raises DomainError `code-taken` where another has a new one's code, ConcurrentChange where somebody else
        changed the same one first.
        """
        state = decided.state
        try:
            written = await self._connection.execute(_CHANGE if before else _INSERT, *_record(state))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "candidates_code":
                raise DomainError([Fault("code-taken", "code")]) from error
            raise
        if before and written != "UPDATE 1":
            raise ConcurrentChange
        if before is None or before.who != state.who:
            await self._identify(state)
        if before is None or before.candidate.introducers != state.candidate.introducers:
            await self._introduce(state)
        event = NewEvent(
            aggregate_id=state.id,
            aggregate_version=state.version,
            type=decided.event.TYPE,
            payload=decided.event.model_dump_json(),
        )
        await self._store.event_log.append(self._connection, [event])

    async def _identify(self, state: Listed) -> None:
        who, identity = state.who, state.who.identity
        await self._connection.execute(_KEEP_FORMER, state.id)
        await self._connection.execute(
            _IDENTIFY, state.id, identity.full_name, name_sort_key(identity.full_name), identity.birth_date,
            who.gender.value, identity.ethnicity, identity.religion, who.youth_union,
        )  # fmt: skip

    async def _introduce(self, state: Listed) -> None:
        introducers = state.candidate.introducers
        await self._connection.execute("DELETE FROM candidate_introducers WHERE candidate_id = $1", state.id)
        await self._connection.execute(
            _INTRODUCE, state.id, [one.member_id for one in introducers], [one.since for one in introducers]
        )


def read_candidate_event(recorded: RecordedEvent) -> CandidateEvent:
    """Return a candidate's event from the log."""
    return _EVENTS[recorded.type].model_validate_json(recorded.payload)


def listed(row: Mapping[str, Any]) -> Listed:
    """Return the candidate in a row of CANDIDATE."""
    return Listed(
        id=row["id"],
        code=row["code"],
        cell_code=row["cell_code"],
        who=Person(
            identity=Identity(
                full_name=row["full_name"],
                birth_date=row["birth_date"],
                ethnicity=row["ethnicity"],
                religion=row["religion"],
            ),
            gender=Gender(row["gender"]),
            youth_union=row["youth_union"],
        ),
        version=row["version"],
        candidate=Candidate(
            cell_id=row["cell_id"],
            stage=CandidateStage(row["stage"]),
            listed_on=row["listed_on"],
            certified_on=row["certified_on"],
            introducers=tuple(
                Introducer(member_id=member_id, since=since) for member_id, since in row["introducers"]
            ),
            voted_on=row["voted_on"],
            ended_on=row["ended_on"],
            struck_for=StrikeReason(row["struck_for"]) if row["struck_for"] else None,
            member_id=row["member_id"],
        ),
    )


def _record(one: Listed) -> tuple[Any, ...]:
    candidate = one.candidate
    return (
        one.id, one.code, candidate.cell_id, candidate.stage.value, candidate.listed_on, candidate.certified_on,
        candidate.voted_on, candidate.ended_on, candidate.struck_for and candidate.struck_for.value,
        candidate.member_id, one.version,
    )  # fmt: skip
