"""Checks of attendance in PostgreSQL: which rolls differ from the lists of their days by now, and what was told."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from chassis.database import Connection
from chassis.event_log import EventLog, NewEvent
from contracts.corrections import AttendanceFlag
from contracts.meetings import Attender
from services.meetings.calendar import local_day
from services.meetings.cells import LISTED, listed_on_each
from services.meetings.late_facts.domain import Check, Decided, decide_check, flags
from services.meetings.resolutions.store import attender

# A meeting taken from a book's summary has no roll. What was told is looked at again, for it may be so no more.
_IN_QUESTION: Final = (
    LISTED.format(
        asked="""
        SELECT DISTINCT cell_id, (starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day FROM meetings
        WHERE status = 'held' AND NOT EXISTS (SELECT FROM book_figures WHERE meeting_id = meetings.id)
        """
    )
    + """, held AS (
        SELECT id AS meeting_id, cell_id, (starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day FROM meetings
        WHERE status = 'held' AND NOT EXISTS (SELECT FROM book_figures WHERE meeting_id = meetings.id)
    ), now AS (
        SELECT meeting_id, member_id, roll, exempt FROM held JOIN listed USING (cell_id, day)
    ), called AS (
        SELECT meeting_id, member_id, roll, exempt FROM attenders
    ), differing AS (
        SELECT meeting_id FROM (SELECT * FROM now EXCEPT SELECT * FROM called) AS lacking
        UNION
        SELECT meeting_id FROM (SELECT * FROM called EXCEPT SELECT * FROM now) AS beyond
        UNION
        SELECT meeting_id FROM attendance_checks WHERE flagged > 0
    )
    SELECT meeting.id, meeting.cell_id, meeting.starts_at, told.flags, coalesce(told.version, 0) AS version
    FROM differing JOIN meetings AS meeting ON meeting.id = differing.meeting_id
    LEFT JOIN attendance_checks AS told USING (meeting_id)
    ORDER BY meeting.id
    """
)
_ROLLS: Final = "SELECT * FROM attenders WHERE meeting_id = ANY($1::uuid[]) ORDER BY member_id"
# Steps are only added; of what holds beside, and of meetings, whatever changes changes the sum.
_STATE: Final = """
    SELECT format('%s %s %s %s',
        (SELECT count(*) FROM member_steps),
        (SELECT sum(hashtextextended(spell::text, 0)) FROM member_spells AS spell),
        count(*), sum(version)) AS state
    FROM meetings WHERE status = 'held'
"""
_COMPARED: Final = """
    INSERT INTO attendance_compared (state) VALUES ($1)
    ON CONFLICT (single) DO UPDATE SET state = excluded.state
"""
_TELL: Final = """
    INSERT INTO attendance_checks (meeting_id, flags, flagged, version) VALUES ($1, $2::jsonb, $3, $4)
    ON CONFLICT (meeting_id) DO UPDATE
    SET flags = excluded.flags, flagged = excluded.flagged, version = excluded.version
    WHERE attendance_checks.version = excluded.version - 1
"""
_FLAGS: Final = TypeAdapter(tuple[AttendanceFlag, ...])


async def state_of(connection: Connection) -> str:
    """Return what rolls are to be compared with, in a word that changes whenever that does."""
    state: str = await connection.fetchval(_STATE)
    return state


async def compared(connection: Connection) -> str | None:
    """Return the state that all rolls were last compared with; None where they never were."""
    state: str | None = await connection.fetchval("SELECT state FROM attendance_compared")
    return state


async def save_compared(connection: Connection, state: str) -> None:
    """Write that all rolls were compared with a state."""
    await connection.execute(_COMPARED, state)


async def untold(connection: Connection) -> list[Decided]:
    """Return what is to be told of rolls that differ from the lists of their days by now, or do so no more."""
    checks = [_check(row) for row in await connection.fetch(_IN_QUESTION)]
    lists = await listed_on_each(connection, {(one.cell_id, one.day) for one in checks})
    rolls: dict[UUID, list[Attender]] = {}
    for row in await connection.fetch(_ROLLS, [one.meeting_id for one in checks]):
        rolls.setdefault(row["meeting_id"], []).append(attender(row))
    decided = (
        decide_check(one, flags(rolls.get(one.meeting_id, ()), lists[one.cell_id, one.day])) for one in checks
    )
    return [one for one in decided if one is not None]


async def tell(connection: Connection, event_log: EventLog, decided: Sequence[Decided]) -> None:
    """Write what is told of rolls, with its events. Raises ConcurrentChange where somebody else told meanwhile."""
    rows = [
        (
            one.state.meeting_id,
            _FLAGS.dump_json(one.state.told).decode(),
            one.state.flagged,
            one.state.version,
        )
        for one in decided
    ]
    await connection.executemany(_TELL, rows)
    await event_log.append(
        connection,
        [
            NewEvent(
                aggregate_id=one.state.id,
                aggregate_version=one.state.version,
                type=one.event.TYPE,
                payload=one.event.as_json(),
            )
            for one in decided
        ],
    )


def _check(row: Mapping[str, Any]) -> Check:
    return Check(
        meeting_id=row["id"],
        cell_id=row["cell_id"],
        day=local_day(row["starts_at"]),
        told=() if row["flags"] is None else _FLAGS.validate_json(row["flags"]),
        version=row["version"],
    )
