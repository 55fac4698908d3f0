"""Rows of a file of past meetings: from texts to what the domain is asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, TypeVar
from uuid import UUID

from chassis import faults
from chassis.table_rows import SHOWN, Cells, Format, Row, Table, read_day
from contracts.meetings import AttendanceFigures, BookFigures, MeetingStatus
from contracts.membership import DocumentRef
from replicas.membership.cells import Cell
from services.meetings.calendar import VIETNAM, Month, local_day
from services.meetings.faults import Fault
from services.meetings.imports.columns import (
    COLUMNS,
    KINDS,
    ONLY_HELD,
    ONLY_NOT_HELD,
    REASONS,
    STATUSES,
)
from services.meetings.imports.past import Held, NotHeld, PastMeeting, str_of
from services.meetings.requests import LONGEST

T = TypeVar("T")

_ISO_TIME: Final = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::00)?", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d) (\d{1,2}):(\d\d)", re.ASCII)
_ISO_MONTH: Final = re.compile(r"((?:19|20)\d\d)-(\d\d)(?:-01)?", re.ASCII)
_MONTH: Final = re.compile(r"(?:0?1[/.-])?(\d{1,2})[/.-]((?:19|20)\d\d)", re.ASCII)


FORMAT: Final = Format(COLUMNS, Fault, LONGEST)
"""What a file of past meetings looks like."""


def read_table(body: bytes, *, workbook: bool) -> Table:
    """Return the rows of a CSV or XLSX file. CPU-bound. Raises FileRefused."""
    return FORMAT.read(body, workbook=workbook)


@dataclass(slots=True)
class Reading:
    """What a row comes to: a past meeting, or what is wrong with it; and what is unusual."""

    meeting: PastMeeting | None
    faults: Sequence[faults.Fault]
    warnings: list[Fault]


def read_row(row: Row, cells: Mapping[str, Cell]) -> Reading:
    """Return what a row asks for; `cells` are the units that its file speaks of, by their codes."""
    reader = Cells(row, FORMAT)
    meeting = _past_meeting(reader, cells)
    warnings = []
    if meeting and meeting.at and Month.of(local_day(meeting.at)) != meeting.month:
        warnings.append(Fault("counts-for-another-month", "month", {"month": str_of(meeting.month)}))
    return Reading(None if reader.faults else meeting, reader.faults, warnings)


def _past_meeting(reader: Cells, cells: Mapping[str, Cell]) -> PastMeeting | None:
    code = reader.needed("cell_code")
    kind, status = reader.word("kind", KINDS), reader.word("status", STATUSES)
    at = reader.read("held_at", _time, "time-unreadable")
    month = reader.read("month", _month, "month-unreadable")
    if month is None and at is not None and not reader.text("month"):
        month = Month.of(local_day(at))
    if month is None and not reader.text("month"):
        reader.faults.append(Fault("value-missing", "month"))
    theme = reader.line("theme")
    outcome = None
    if status is not None:
        outcome = _held(reader) if status is MeetingStatus.HELD else _not_held(reader, status)
    cell_id = _cell_id(reader, cells, code, at and local_day(at), month)
    if cell_id is None or kind is None or month is None or outcome is None:
        return None
    return PastMeeting(cell_id=cell_id, kind=kind, month=month, at=at, theme=theme, outcome=outcome)


def _cell_id(
    reader: Cells, cells: Mapping[str, Cell], code: str, day: date | None, month: Month | None
) -> UUID | None:
    if not code:
        return None
    cell = cells.get(code)
    if cell is None:
        reader.faults.append(Fault("unknown-cell", "cell_code", {"code": code[:SHOWN]}))
        return None
    day = day or (month and month.first)
    if day is not None and not cell.is_there(day):
        reader.faults.append(Fault("not-a-cell", "cell_code", {"day": day, "code": code[:SHOWN]}))
    return cell.id


def _held(reader: Cells) -> Held | None:
    reader.must_be_empty(ONLY_NOT_HELD, "only-if-not-held")
    counts = {name: reader.number(name) for name in ONLY_HELD}
    found = {name: count for name, count in counts.items() if count is not None}
    if len(found) < len(ONLY_HELD):
        return None
    return Held(
        minutes=found["minutes"],
        attendance=AttendanceFigures(
            counted=found["counted"],
            present=found["present"],
            excused=found["excused"],
            unexcused=found["unexcused"],
        ),
        book=BookFigures(
            opinions=found["opinions"], tasks=found["tasks"], tasks_on_time=found["tasks_on_time"]
        ),
    )


def _not_held(reader: Cells, status: MeetingStatus) -> NotHeld | None:
    reader.must_be_empty(ONLY_HELD, "only-if-held")
    reason = reader.word("reason", REASONS)
    number = reader.line("document_number")
    dated = reader.read("document_date", read_day, "day-unreadable")
    if number and not reader.text("document_date"):
        reader.faults.append(Fault("value-missing", "document_date"))
    if dated and not number:
        reader.faults.append(Fault("value-missing", "document_number"))
    if reason is None:
        return None
    document = DocumentRef(number=number, date=dated) if number and dated else None
    return NotHeld(cancelled=status is MeetingStatus.CANCELLED, reason=reason, document=document)


def _time(text: str) -> datetime | None:
    """Return the instant of a time in Việt Nam: 2020-11-03 14:30, or 03/11/2020 14:30."""
    if found := _ISO_TIME.fullmatch(text):
        year, month, day, hour, minute = map(int, found.groups())
    elif found := _TIME.fullmatch(text):
        day, month, year, hour, minute = map(int, found.groups())
    else:
        return None
    try:
        return datetime(year, month, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)
    except ValueError:
        return None


def _month(text: str) -> Month | None:
    if found := _ISO_MONTH.fullmatch(text):
        year, month = map(int, found.groups())
    elif found := _MONTH.fullmatch(text):
        month, year = map(int, found.groups())
    else:
        return None
    return Month(year, month) if 1 <= month <= 12 else None
