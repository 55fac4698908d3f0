"""Meetings in PostgreSQL: a state read for a decision, and what was decided written with its event."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from chassis.database import Connection, add_rows
from chassis.event_log import ConcurrentChange, EventLog, NewEvent
from contracts.event import Event
from contracts.meetings import (
    AttendanceFigures,
    Attender,
    MeetingHeld,
    MeetingKind,
    MeetingPlan,
    MeetingScored,
    MeetingStatus,
)
from services.meetings.domain import Decided, Meeting
from services.meetings.faults import Fault, FaultsFound
from services.meetings.notices import outbox

Row = Mapping[str, Any]

_COLUMNS: Final = (
    "id", "cell_id", "kind", "month", "starts_at", "place", "theme", "agenda", "prepared_by", "by_group",
    "status", "agreed_on", "announced_on",
    "minutes", "counted", "present", "excused", "unexcused", "postponed_from", "postponed_by", "version",
)  # fmt: skip
_NEW: Final = f"""
    INSERT INTO meetings ({", ".join(_COLUMNS)})
    VALUES ({", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))})
"""
_CHANGE: Final = f"""
    UPDATE meetings SET {", ".join(f"{name} = ${place}" for place, name in enumerate(_COLUMNS, 1) if name != "id")}
    WHERE id = $1 AND version = ${len(_COLUMNS)} - 1
"""
_SCORE: Final = """
    INSERT INTO scores (meeting_id, kind, guidance_number, guidance_date, points, total, grade, decided_on)
    VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)
    ON CONFLICT (meeting_id, kind) DO UPDATE
    SET guidance_number = excluded.guidance_number, guidance_date = excluded.guidance_date, points = excluded.points,
        total = excluded.total, grade = excluded.grade, decided_on = excluded.decided_on
"""
ATTENDERS: Final = ("meeting_id", "member_id", "roll", "presence", "exempt", "special_duty")
"""The columns of the roll."""


class Store:
    """Reads and writes of one transaction on `connection`."""

    def __init__(self, connection: Connection, event_log: EventLog) -> None:
        self.connection = connection
        self._event_log = event_log

    async def meeting(self, id_: UUID) -> Meeting | None:
        """Return a meeting, held as it is until the transaction ends; None where there is none of that id."""
        row = await self.connection.fetchrow("SELECT * FROM meetings WHERE id = $1 FOR UPDATE", id_)
        return None if row is None else meeting(row)

    async def cell_code(self, cell_id: UUID) -> str:
        """Return the code of a cell that is known."""
        code: str = await self.connection.fetchval(
            "SELECT code FROM unit_names WHERE unit_id = $1 LIMIT 1", cell_id
        )
        return code

    async def save(self, decided: Decided) -> None:
        """Write a meeting and append its event.

        Raises FaultsFound `already-planned` where the cell has a regular meeting of the month, ConcurrentChange where
        somebody else changed the same one first, EventTooLarge where the event would not fit in Kafka.
        """
        state, event = decided.state, decided.event
        try:
            done = await self.connection.execute(_NEW if state.version == 1 else _CHANGE, *_record(state))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "meetings_regular":
                month = f"{state.plan.month:%m/%Y}"
                raise FaultsFound([Fault("already-planned", "kind", {"month": month})]) from error
            raise
        if done.endswith(" 0"):
            raise ConcurrentChange
        match event:
            case MeetingHeld():
                rows = [attender_row(state.id, one) for one in event.attenders]
                await add_rows(self.connection, "attenders", ATTENDERS, rows)
            case MeetingScored():
                points = msgspec.json.encode({one.criterion: one.points for one in event.points})
                await self.connection.execute(
                    _SCORE, state.id, event.kind.value, event.guidance.number, event.guidance.date,
                    points.decode(), event.total, event.grade, event.effective_date,
                )  # fmt: skip
        await self._event_log.append(self.connection, [_told(decided)])
        await outbox.queue(self.connection, [decided], datetime.now(UTC))

    async def append(self, event: Event, version: int) -> None:
        """Append an event that brings its aggregate to a version. Raises ConcurrentChange, EventTooLarge."""
        await self._event_log.append(self.connection, [_as_new(event, version)])

    async def save_all(self, decided: Sequence[Decided]) -> None:
        """Write many meetings that were planned, or put off, with their events: a round trip for each table.

        The caller holds those that there are. Raises ConcurrentChange where a cell was given a regular meeting of the
        month meanwhile.
        """
        new = {one.state.id for one in decided if one.state.version == 1}
        last = {one.state.id: one.state for one in decided if one.state.id in new}
        changed = [_record(one.state) for one in decided if one.state.id not in new]
        try:
            await add_rows(self.connection, "meetings", _COLUMNS, [_record(state) for state in last.values()])
        except asyncpg.UniqueViolationError as error:
            raise ConcurrentChange from error
        if changed:
            await self.connection.executemany(_CHANGE, changed)
        await self._event_log.append(self.connection, [_told(one) for one in decided])
        await outbox.queue(self.connection, decided, datetime.now(UTC))


def meeting(row: Row) -> Meeting:
    """Return the meeting in a row of the table."""
    attendance = None
    if row["minutes"] is not None:
        attendance = AttendanceFigures(
            counted=row["counted"], present=row["present"], excused=row["excused"], unexcused=row["unexcused"]
        )
    return Meeting(
        id=row["id"],
        plan=MeetingPlan(
            cell_id=row["cell_id"],
            kind=MeetingKind(row["kind"]),
            month=row["month"],
            starts_at=row["starts_at"],
            thematic=row["theme"] is not None,
            by_group=row["by_group"],
        ),
        place=row["place"],
        theme=row["theme"],
        agenda=tuple(row["agenda"]),
        prepared_by=tuple(row["prepared_by"]),
        status=MeetingStatus(row["status"]),
        agreed_on=row["agreed_on"],
        announced_on=row["announced_on"],
        attendance=attendance,
        minutes=row["minutes"],
        postponed_from=row["postponed_from"],
        postponed_by=row["postponed_by"],
        version=row["version"],
    )


def attender_row(meeting_id: UUID, one: Attender) -> tuple[Any, ...]:
    """Return the row of somebody on the roll of a meeting, by `ATTENDERS`."""
    return (meeting_id, one.member_id, one.roll.value, one.presence.value, one.exempt, one.special_duty)


def _told(decided: Decided) -> NewEvent:
    return _as_new(decided.event, decided.state.version)


def _as_new(event: Event, version: int) -> NewEvent:
    return NewEvent(
        aggregate_id=event.aggregate_id,
        aggregate_version=version,
        type=event.TYPE,
        payload=event.as_json(),
    )


def _record(state: Meeting) -> tuple[Any, ...]:
    plan, came = state.plan, state.attendance
    return (
        state.id, plan.cell_id, plan.kind.value, plan.month, plan.starts_at, state.place, state.theme,
        list(state.agenda), list(state.prepared_by), plan.by_group, state.status.value, state.agreed_on,
        state.announced_on, state.minutes,
        came and came.counted, came and came.present, came and came.excused, came and came.unexcused,
        state.postponed_from, state.postponed_by, state.version,
    )  # fmt: skip
