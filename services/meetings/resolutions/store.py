"""Records of meetings and tasks in PostgreSQL: read with locks for a decision, and written with their events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection, add_rows
from chassis.event_log import ConcurrentChange, EventLog, NewEvent
from contracts.event import Event
from contracts.meetings import Attender, Presence, Roll
from contracts.resolutions import (
    Ballot,
    Proceedings,
    TaskEvaluated,
    TaskResult,
    TaskStatus,
)
from services.meetings import store as meetings
from services.meetings.book.chain import PageKind
from services.meetings.resolutions.domain import Approve, Decided, Record, WriteDown
from services.meetings.resolutions.numbering import Series
from services.meetings.resolutions.tasks import Decided as DecidedTask
from services.meetings.resolutions.tasks import Task

_MEETING: Final = "SELECT * FROM meetings WHERE id = $1 FOR UPDATE"
_ROLL: Final = "SELECT * FROM attenders WHERE meeting_id = $1 ORDER BY member_id"
_PROCEEDINGS: Final = """
    SELECT written.chair_id, written.recorder_id, cardinality(written.directions) AS directions,
        count(opinion.ordinal) AS opinions, count(DISTINCT opinion.speaker_id) AS speakers
    FROM proceedings AS written LEFT JOIN opinions AS opinion USING (meeting_id)
    WHERE written.meeting_id = $1
    GROUP BY written.meeting_id
"""
_MINUTES: Final = "SELECT approved_on, reported_on FROM minutes WHERE meeting_id = $1"
_VERSION: Final = "UPDATE meetings SET version = $2 WHERE id = $1 AND version = $2 - 1"
# The first to want a number of a series makes its row; whoever comes meanwhile waits for the commit.
_NUMBER: Final = """
    INSERT INTO number_series (cell_id, document, series, last) VALUES ($1, $2, $3, 1)
    ON CONFLICT (cell_id, document, series) DO UPDATE SET last = number_series.last + 1
    RETURNING last
"""
_WRITE: Final = """
    INSERT INTO proceedings (meeting_id, chair_id, recorder_id, guests, directions) VALUES ($1, $2, $3, $4, $5)
"""
_VOTED: Final = """
    INSERT INTO resolutions (id, meeting_id, cell_id, ordinal, subject, content, majority, in_favour, against,
        abstained, voters, base, voted_on, series, series_label, number)
    VALUES ($1, $2, $3, (SELECT count(*) + 1 FROM resolutions WHERE meeting_id = $2), $4, $5, $6, $7, $8, $9, $10,
        $11, $12, $13, $14, $15)
"""
_APPROVED: Final = """
    INSERT INTO minutes (meeting_id, cell_id, series, series_label, number, approved_on)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
_TASK_COLUMNS: Final = (
    "id", "cell_id", "meeting_id", "member_id", "content", "assigned_on", "first_due_on", "due_on", "status",
    "done_on", "result", "evaluated_by", "version",
)  # fmt: skip
_CHANGED_TASK: Final = """
    UPDATE tasks SET due_on = $2, status = $3, done_on = $4, result = $5, evaluated_by = $6, version = $7
    WHERE id = $1 AND version = $7 - 1
"""
_EVALUATED: Final = """
    INSERT INTO task_evaluations (task_id, meeting_id, due_on, result, done_on, remark, carried_on_to)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_LEFT: Final = """
    SELECT count(*) FROM tasks
    WHERE cell_id = $1 AND status <> 'closed' AND due_on <= $2 AND meeting_id <> $3
      AND evaluated_by IS DISTINCT FROM $3
"""


@dataclass(frozen=True, slots=True)
class Voted:
    """A resolution as it was put to the vote; `series` and `number` are None where it was not carried."""

    id: UUID
    subject: str
    content: str
    ballot: Ballot
    series: Series | None = None
    number: int | None = None


class RecordStore:
    """Reads and writes of one transaction on `connection`."""

    def __init__(self, connection: Connection, event_log: EventLog) -> None:
        self.connection = connection
        self._event_log = event_log

    async def record(self, meeting_id: UUID) -> Record | None:
        """Return a meeting and what is recorded of it, held as it is until the transaction ends; None if unknown."""
        row = await self.connection.fetchrow(_MEETING, meeting_id)
        if row is None:
            return None
        written = await self.connection.fetchrow(_PROCEEDINGS, meeting_id)
        minutes = await self.connection.fetchrow(_MINUTES, meeting_id)
        return Record(
            meeting=meetings.meeting(row),
            roll=await roll_of(self.connection, meeting_id),
            proceedings=Proceedings(**written) if written else None,
            approved_on=minutes and minutes["approved_on"],
            reported_on=minutes and minutes["reported_on"],
        )

    async def next_number(self, cell_id: UUID, document: PageKind, series: Series) -> int:
        """Take the next number of a series; nobody else gets one of it until the transaction ends."""
        number: int = await self.connection.fetchval(_NUMBER, cell_id, document.value, series.key)
        return number

    async def save_proceedings(self, record: Record, command: WriteDown, decided: Decided) -> None:
        """Write down proceedings in place of those before. Raises ConcurrentChange, EventTooLarge."""
        await self.write_down(record.meeting.id, command)
        await self.advance(record, decided)

    async def write_down(self, meeting_id: UUID, command: WriteDown) -> None:
        """Write what went on in a meeting in place of what was written; its event is the caller's."""
        for table in ("opinions", "conclusions", "absences", "proceedings"):
            await self.connection.execute(f"DELETE FROM {table} WHERE meeting_id = $1", meeting_id)
        await self.connection.execute(
            _WRITE, meeting_id, command.chair_id, command.recorder_id, list(command.guests),
            list(command.directions),
        )  # fmt: skip
        said = [
            (meeting_id, ordinal, one.speaker_id, one.text) for ordinal, one in enumerate(command.opinions, 1)
        ]
        await self._add("opinions", ("meeting_id", "ordinal", "speaker_id", "content"), said)
        concluded = [(meeting_id, *one) for one in command.conclusions]
        await self._add("conclusions", ("meeting_id", "point", "content"), concluded)
        away = [(meeting_id, *one) for one in command.absences]
        await self._add("absences", ("meeting_id", "member_id", "reason"), away)

    async def save_vote(self, record: Record, voted: Voted, decided: Decided) -> None:
        """Write a resolution that was voted on. Raises ConcurrentChange, EventTooLarge."""
        ballot, series = voted.ballot, voted.series
        await self.connection.execute(
            _VOTED, voted.id, record.meeting.id, record.meeting.plan.cell_id, voted.subject, voted.content,
            ballot.majority.value, ballot.in_favour, ballot.against, ballot.abstained, ballot.voters, ballot.base,
            record.day, series and series.key, series and series.label, voted.number,
        )  # fmt: skip
        await self.advance(record, decided)

    async def tasks_left(self, record: Record) -> int:
        """Return how many tasks of the cell were due by a meeting that it did not evaluate."""
        left: int = await self.connection.fetchval(
            _LEFT, record.meeting.plan.cell_id, record.day, record.meeting.id
        )
        return left

    async def save_approval(
        self, record: Record, command: Approve, series: Series, number: int, decided: Decided
    ) -> None:
        """Write that minutes are approved. Raises ConcurrentChange, EventTooLarge."""
        await self.connection.execute(
            _APPROVED, record.meeting.id, record.meeting.plan.cell_id, series.key, series.label, number,
            command.approved_on,
        )  # fmt: skip
        await self.advance(record, decided)

    async def save_reporting(self, record: Record, decided: Decided) -> None:
        """Write that minutes and resolutions were sent up. Raises ConcurrentChange, EventTooLarge."""
        await self.connection.execute(
            "UPDATE minutes SET reported_on = $2 WHERE meeting_id = $1",
            record.meeting.id,
            decided.event.effective_date,
        )
        await self.advance(record, decided)

    async def task(self, id_: UUID) -> Task | None:
        """Return a task, held as it is until the transaction ends; None where there is none of that id."""
        row = await self.connection.fetchrow("SELECT * FROM tasks WHERE id = $1 FOR UPDATE", id_)
        return None if row is None else task(row)

    async def save_task(self, decided: DecidedTask, *, remark: str | None = None) -> None:
        """Write a task and append its event; `remark` is what its evaluation says in words.

        Raises ConcurrentChange, EventTooLarge.
        """
        state, event = decided.state, decided.event
        if state.version == 1:
            row = (
                state.id, state.cell_id, state.meeting_id, state.member_id, state.content, state.assigned_on,
                state.first_due_on, state.due_on, state.status.value, None, None, None, 1,
            )  # fmt: skip
            await self._add("tasks", _TASK_COLUMNS, [row])
        else:
            done = await self.connection.execute(
                _CHANGED_TASK, state.id, state.due_on, state.status.value, state.done_on,
                state.result and state.result.value, state.evaluated_by, state.version,
            )  # fmt: skip
            if done.endswith(" 0"):
                raise ConcurrentChange
        if isinstance(event, TaskEvaluated):
            carried_on_to = None if state.status is TaskStatus.CLOSED else state.due_on
            await self.connection.execute(
                _EVALUATED, state.id, event.meeting_id, event.before.due_on, event.result.value, state.done_on,
                remark, carried_on_to,
            )  # fmt: skip
        await self.append(event, state.version)

    async def advance(self, record: Record, decided: Decided) -> None:
        """Bring a meeting to the version that an event leaves. Raises ConcurrentChange, EventTooLarge."""
        done = await self.connection.execute(_VERSION, record.meeting.id, decided.version)
        if done.endswith(" 0"):
            raise ConcurrentChange
        await self.append(decided.event, decided.version)

    async def append(self, event: Event, version: int) -> None:
        """Append an event that brings its aggregate to a version. Raises ConcurrentChange, EventTooLarge."""
        told = NewEvent(
            aggregate_id=event.aggregate_id,
            aggregate_version=version,
            type=event.TYPE,
            payload=event.as_json(),
        )
        await self._event_log.append(self.connection, [told])

    async def _add(self, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        await add_rows(self.connection, table, columns, rows)


async def roll_of(connection: Connection, meeting_id: UUID) -> tuple[Attender, ...]:
    """Return the roll of a meeting, by member id."""
    return tuple(attender(row) for row in await connection.fetch(_ROLL, meeting_id))


def attender(row: Mapping[str, Any]) -> Attender:
    """Return somebody on a roll, in a row of the table."""
    return Attender(
        member_id=row["member_id"],
        roll=Roll(row["roll"]),
        presence=Presence(row["presence"]),
        exempt=row["exempt"],
        special_duty=row["special_duty"],
    )


def task(row: Mapping[str, Any]) -> Task:
    """Return the task in a row of the table."""
    return Task(
        **{name: row[name] for name in _TASK_COLUMNS if name not in {"status", "result"}},
        status=TaskStatus(row["status"]),
        result=row["result"] and TaskResult(row["result"]),
    )
