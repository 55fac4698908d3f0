"""Members' numbers in PostgreSQL, written with their events in the caller's transaction. Hold the members."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from chassis.database import Connection
from chassis.event_log import ConcurrentChange, NewEvent
from services.membership.domain import DomainError
from services.membership.faults import Fault
from services.membership.numbers.domain import DecidedNumbers, Numbers, NumbersOf
from services.membership.store import Store

_OF: Final = """
    SELECT numbers.*, member.code
    FROM member_numbers AS numbers JOIN members AS member ON member.id = numbers.member_id
    WHERE numbers.member_id = ANY($1::uuid[])
"""
_TAKEN: Final = """
    SELECT member.code, numbers.card_number, numbers.file_number
    FROM member_numbers AS numbers JOIN members AS member ON member.id = numbers.member_id
    WHERE numbers.card_number = ANY($1::text[]) OR numbers.file_number = ANY($2::text[])
"""
_SAVE: Final = """
    WITH change AS (
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[])
            AS change (id, member_id, card_number, file_number, version)
    ), kept AS (
        INSERT INTO former_member_numbers (member_id, version, card_number, file_number)
        SELECT former.member_id, former.version, former.card_number, former.file_number
        FROM member_numbers AS former JOIN change USING (member_id)
    )
    INSERT INTO member_numbers AS old (id, member_id, card_number, file_number, version)
    SELECT id, member_id, card_number, file_number, version FROM change
    ON CONFLICT (member_id) DO UPDATE SET card_number = excluded.card_number, file_number = excluded.file_number,
        version = excluded.version
    WHERE old.version = excluded.version - 1
"""
_COLUMN_OF: Final = {"member_numbers_card": "card_number", "member_numbers_file": "file_number"}


class NumbersStore:
    """Reads and writes of members' numbers in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, members: Collection[UUID]) -> dict[UUID, NumbersOf]:
        """Return the numbers of those of these members who have any, by the member's id."""
        return await numbers_of(self._store.connection, members)

    async def taken(self, numbers: Iterable[Numbers]) -> dict[tuple[str, str], str]:
        """Return, by column and number, the code of the member who has one of these numbers."""
        stated = [one.by_column for one in numbers]
        cards, files = (
            [one[column] for one in stated if column in one] for column in ("card_number", "file_number")
        )
        if not cards and not files:
            return {}
        return {
            (column, row[column]): row["code"]
            for row in await self._store.connection.fetch(_TAKEN, cards, files)
            for column in ("card_number", "file_number")
            if row[column] is not None
        }

    async def save(self, decided: Sequence[DecidedNumbers]) -> None:
        """Write numbers and append their events.

        Raises DomainError `number-taken` where another member has one of them, ConcurrentChange where somebody else
        changed the same ones first.
        """
        if not decided:
            return
        states = [one.state for one in decided]
        try:
            written = await self._store.connection.execute(
                _SAVE, [one.id for one in states], [one.member_id for one in states],
                [one.numbers.card for one in states], [one.numbers.file for one in states],
                [one.version for one in states],
            )  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name in _COLUMN_OF:
                raise DomainError([Fault("number-taken", _COLUMN_OF[error.constraint_name])]) from error
            raise
        if int(written.split()[-1]) != len(states):
            raise ConcurrentChange
        await self._store.event_log.append(
            self._store.connection,
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


async def numbers_of(connection: Connection, members: Collection[UUID]) -> dict[UUID, NumbersOf]:
    """Return the numbers of those of these members who have any, by the member's id."""
    return {
        row["member_id"]: NumbersOf(
            id=row["id"],
            member_id=row["member_id"],
            code=row["code"],
            numbers=Numbers(card=row["card_number"], file=row["file_number"]),
            version=row["version"],
        )
        for row in await connection.fetch(_OF, list(members))
    }
