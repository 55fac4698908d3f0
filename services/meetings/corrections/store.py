"""Corrections in PostgreSQL: what is put right is read in words, and written where records are, with its events."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection, add_rows
from contracts.corrections import CorrectedField
from contracts.resolutions import Ballot, Majority
from services.meetings.corrections.domain import Correct, Corrected, Said, VotedOn, WrittenPage
from services.meetings.resolutions.contents import Contents
from services.meetings.resolutions.domain import Opinion, Record, WriteDown
from services.meetings.resolutions.numbering import Series
from services.meetings.resolutions.store import RecordStore, task
from services.meetings.store import ATTENDERS, attender_row

_PAGES: Final = """
    SELECT page, CASE kind WHEN 'resolution' THEN (content::jsonb ->> 'id')::uuid END AS resolution_id
    FROM book_pages WHERE meeting_id = $1 AND kind <> 'correction' ORDER BY page
"""
_TASKS: Final = "SELECT * FROM tasks WHERE meeting_id = $1 ORDER BY id FOR UPDATE"
_MEETING: Final = """
    UPDATE meetings SET starts_at = $2, place = $3, minutes = $4, counted = $5, present = $6, excused = $7,
        unexcused = $8
    WHERE id = $1
"""
_RESOLUTION: Final = """
    UPDATE resolutions SET subject = $2, content = $3, in_favour = $4, against = $5, abstained = $6, voters = $7,
        base = $8
    WHERE id = $1
"""
_TASK: Final = """
    UPDATE tasks SET member_id = $2, content = $3, first_due_on = $4, due_on = $5, version = $6 WHERE id = $1
"""
_COLUMNS: Final = (
    "meeting_id", "page", "cell_id", "series", "series_label", "number", "reason", "fields", "corrects",
    "approved_on", "approved_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """Where a correction stands in the book, and under which number."""

    series: Series
    number: int
    page: int
    corrects: tuple[int, ...]


async def said_of(connection: Connection, record: Record, contents: Contents) -> Said | None:
    """Return what the minutes of a meeting say, with its tasks held; None where nothing is written down."""
    meeting, written = record.meeting, contents["proceedings"]
    if written is None or meeting.minutes is None or meeting.plan.starts_at is None:
        return None
    return Said(
        began_at=meeting.plan.starts_at,
        minutes=meeting.minutes,
        place=meeting.place,
        roll=record.roll,
        written=WriteDown(
            chair_id=written["chair_id"],
            recorder_id=written["recorder_id"],
            guests=tuple(written["guests"]),
            opinions=tuple(Opinion(one["speaker_id"], one["text"]) for one in written["opinions"]),
            conclusions=tuple((one["point"], one["text"]) for one in written["conclusions"]),
            absences=tuple((one["member_id"], one["reason"]) for one in written["absences"]),
            directions=tuple(written["directions"]),
        ),
        resolutions=tuple(_voted_on(one) for one in contents["resolutions"]),
        tasks=tuple(task(row) for row in await connection.fetch(_TASKS, meeting.id)),
    )


async def written_pages(connection: Connection, meeting_id: UUID) -> list[WrittenPage]:
    """Return which pages the book has of a meeting, without corrections, in their order."""
    return [WrittenPage(**row) for row in await connection.fetch(_PAGES, meeting_id)]


async def save_corrected(store: RecordStore, corrected: Corrected) -> None:
    """Write what is recorded of a meeting as it now holds, with the events of its tasks.

    Raises ConcurrentChange, EventTooLarge.
    """
    connection, meeting, fields = store.connection, corrected.after.meeting, set(corrected.fields)
    came = meeting.attendance
    if came is None:
        raise AssertionError("a meeting held has attendance")
    await connection.execute(
        _MEETING, meeting.id, meeting.plan.starts_at, meeting.place, meeting.minutes, came.counted, came.present,
        came.excused, came.unexcused,
    )  # fmt: skip
    if fields & _WRITTEN:
        await store.write_down(meeting.id, corrected.now.written)
    if CorrectedField.ROLL in fields:
        await connection.execute("DELETE FROM attenders WHERE meeting_id = $1", meeting.id)
        rows = [attender_row(meeting.id, one) for one in corrected.now.roll]
        await add_rows(connection, "attenders", ATTENDERS, rows)
    if CorrectedField.RESOLUTIONS in fields:
        await connection.executemany(_RESOLUTION, [_resolution(one) for one in corrected.now.resolutions])
    for state, event in corrected.tasks:
        await connection.execute(
            _TASK, state.id, state.member_id, state.content, state.first_due_on, state.due_on, state.version
        )
        await store.append(event, state.version)


async def save_correction(
    store: RecordStore, record: Record, command: Correct, numbered: Numbered, fields: Any
) -> None:
    """Write that and why minutes were corrected."""
    row = (
        record.meeting.id, numbered.page, record.meeting.plan.cell_id, numbered.series.key, numbered.series.label,
        numbered.number, command.reason, [field.value for field in fields], list(numbered.corrects),
        command.approved_on, sorted(command.approved_by),
    )  # fmt: skip
    await add_rows(store.connection, "corrections", _COLUMNS, [row])


_WRITTEN: Final = frozenset(
    {
        CorrectedField.CHAIR, CorrectedField.RECORDER, CorrectedField.GUESTS, CorrectedField.OPINIONS,
        CorrectedField.CONCLUSIONS, CorrectedField.ABSENCES, CorrectedField.DIRECTIONS,
    }
)  # fmt: skip
"""What is in the tables of proceedings."""


def _voted_on(row: Contents) -> VotedOn:
    counted = {name: row[name] for name in ("in_favour", "against", "abstained", "voters", "base")}
    return VotedOn(
        id=row["id"],
        subject=row["subject"],
        text=row["text"],
        ballot=Ballot(majority=Majority(row["majority"]), **counted),
        carried=row["carried"],
    )


def _resolution(one: VotedOn) -> tuple[Any, ...]:
    ballot = one.ballot
    return (
        one.id, one.subject, one.text, ballot.in_favour, ballot.against, ballot.abstained, ballot.voters, ballot.base,
    )  # fmt: skip
