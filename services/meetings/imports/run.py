"""The way of an uploaded file: read and decided in a thread, and written, in one transaction."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from chassis.database import Connection, add_rows
from chassis.imports import ImportRefused, OnError, Report, Upload
from chassis.table_rows import FileRefused, Row
from contracts.meetings import BookFigures, MeetingHeld, MeetingKind, MeetingStatus
from replicas.membership.cells import Cell, cells_of
from services.meetings import store
from services.meetings.domain import Decided
from services.meetings.faults import Fault, FaultsFound
from services.meetings.imports.past import PastMeeting, Recorded, decide_past
from services.meetings.imports.rows import read_row, read_table
from services.meetings.store import Store

_IMPORTS: Final = 0x6368_6962_6F00_2001
"""Advisory lock: one import at a time."""
_NAMESPACE: Final = UUID("6f1b0a52-5b0e-4c86-9c8e-0d6f5a1d3c41")
"""Ids of meetings from files come from what identifies them, so that the same file makes the same ones."""

_RECORDED: Final = """
    SELECT meeting.*, book.opinions, book.tasks, book.tasks_on_time
    FROM meetings AS meeting LEFT JOIN book_figures AS book ON book.meeting_id = meeting.id
    WHERE meeting.cell_id = ANY($1::uuid[]) AND meeting.month BETWEEN $2 AND $3
    FOR UPDATE OF meeting
"""
_FIGURES: Final = ("meeting_id", "opinions", "tasks", "tasks_on_time")


async def import_meetings(meetings: Store, upload: Upload, *, now: datetime) -> dict[str, Any]:
    """Import a file in the transaction of `meetings`; return the report as JSON.

    Raises ImportRefused, upon which the transaction is to be rolled back.
    """
    connection = meetings.connection
    report: Report[Decided] = Report(upload.file_name)
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _IMPORTS)
    try:
        table = await asyncio.to_thread(read_table, upload.body, workbook=upload.workbook)
    except FileRefused as refused:
        report.errors += refused.faults
        raise ImportRefused(report) from None
    report.warnings += table.warnings
    cells = await cells_of(connection, {row.cells["cell_code"] for row in table.rows})
    asked = await asyncio.to_thread(_read, table.rows, cells, report)
    known = await _known(connection, [one.meeting for one in asked])
    await asyncio.to_thread(_decide, asked, known, report, now)
    if report.errors and upload.on_error is OnError.ABORT:
        raise ImportRefused(report)
    if report.decided and not upload.dry_run:
        await meetings.save_all(report.decided)
        await add_rows(connection, "book_figures", _FIGURES, list(_figures(report.decided)))
    return report.as_json(dry_run=upload.dry_run)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row that can be read."""

    row: Row
    meeting: PastMeeting
    warnings: Sequence[Fault]


def _read(rows: Sequence[Row], cells: Mapping[str, Cell], report: Report[Decided]) -> list[_Asked]:
    asked, seen = [], dict[UUID, int]()
    for row in rows:
        reading = read_row(row, cells)
        if reading.meeting is None:
            report.refuse(row.line, reading.faults)
            continue
        first = seen.setdefault(identity(reading.meeting), row.line)
        if first != row.line:
            report.refuse(row.line, [Fault("twice-in-file", None, {"first": first})])
        else:
            asked.append(_Asked(row, reading.meeting, reading.warnings))
    return asked


def identity(meeting: PastMeeting) -> UUID:
    """Return the id of a meeting: a cell has one regular meeting a month, besides those called off."""
    regular = meeting.kind is MeetingKind.REGULAR and meeting.status is not MeetingStatus.CANCELLED
    at = "" if regular or meeting.at is None else meeting.at.isoformat()
    called_off = "cancelled" if meeting.status is MeetingStatus.CANCELLED else ""
    parts = (meeting.cell_id, meeting.kind.value, meeting.month.first, at, called_off)
    return uuid5(_NAMESPACE, " ".join(map(str, parts)))


@dataclass(slots=True)
class _Known:
    """What is recorded already, by id and, of meetings that have them, by what else identifies them."""

    by_id: dict[UUID, Recorded] = field(default_factory=dict)
    regular: dict[tuple[UUID, date], Recorded] = field(default_factory=dict)
    others: dict[tuple[UUID, MeetingKind, datetime], Recorded] = field(default_factory=dict)

    def add(self, recorded: Recorded) -> None:
        meeting, plan = recorded.meeting, recorded.meeting.plan
        self.by_id[meeting.id] = recorded
        if meeting.status is MeetingStatus.CANCELLED:
            return
        if plan.kind is MeetingKind.REGULAR:
            self.regular[plan.cell_id, plan.month] = recorded
        elif plan.starts_at is not None:
            self.others[plan.cell_id, plan.kind, plan.starts_at] = recorded

    def of(self, asked: PastMeeting) -> Recorded | None:
        if (found := self.by_id.get(identity(asked))) or asked.status is MeetingStatus.CANCELLED:
            return found
        if asked.kind is MeetingKind.REGULAR:
            return self.regular.get((asked.cell_id, asked.month.first))
        return self.others.get((asked.cell_id, asked.kind, asked.at)) if asked.at else None


async def _known(connection: Connection, asked: Iterable[PastMeeting]) -> _Known:
    known, meetings = _Known(), list(asked)
    if meetings:
        months = [meeting.month.first for meeting in meetings]
        cells = list({meeting.cell_id for meeting in meetings})
        for row in await connection.fetch(_RECORDED, cells, min(months), max(months)):
            book = None
            if row["tasks"] is not None:
                book = BookFigures(
                    opinions=row["opinions"], tasks=row["tasks"], tasks_on_time=row["tasks_on_time"]
                )
            known.add(Recorded(meeting=store.meeting(row), book=book))
    return known


def _decide(asked: Sequence[_Asked], known: _Known, report: Report[Decided], now: datetime) -> None:
    for one in asked:
        meeting = one.meeting
        try:
            decided = decide_past(meeting, known=known.of(meeting), new_id=identity(meeting), now=now)
        except FaultsFound as found:
            report.refuse(one.row.line, found.faults)
        else:
            report.accept(one.row.line, one.row.cells["cell_code"], decided, one.warnings)


def _figures(decided: Iterable[Decided]) -> Iterable[tuple[Any, ...]]:
    for one in decided:
        if isinstance(one.event, MeetingHeld) and (book := one.event.book):
            yield one.event.meeting_id, book.opinions, book.tasks, book.tasks_on_time
