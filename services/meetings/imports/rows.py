"""Rows of a file of past meetings: from texts to what the domain is asked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, TypeVar
from uuid import UUID

from chassis import faults
from chassis.tables import UnreadableError, lines
from chassis.vietnamese import nfc
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
    Words,
    column_of,
)
from services.meetings.imports.past import Held, NotHeld, PastMeeting, str_of
from services.meetings.requests import LONGEST

T = TypeVar("T")

_SHOWN: Final = 60
_ISO_TIME: Final = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::00)?", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d) (\d{1,2}):(\d\d)", re.ASCII)
_ISO_DAY: Final = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)", re.ASCII)
_ISO_MONTH: Final = re.compile(r"((?:19|20)\d\d)-(\d\d)(?:-01)?", re.ASCII)
_MONTH: Final = re.compile(r"(?:0?1[/.-])?(\d{1,2})[/.-]((?:19|20)\d\d)", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Located:
    """A fault with its line, which counts from 1 as a spreadsheet shows it."""

    line: int
    fault: faults.Fault


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a line by column, in NFC with single spaces; `ragged` where it has too few or too many."""

    line: int
    cells: Mapping[str, str]
    ragged: Fault | None = None


@dataclass(slots=True)
class Table:
    """The rows of a file, and the columns that nobody reads."""

    rows: list[Row] = field(default_factory=list)
    warnings: list[Located] = field(default_factory=list)


class FileRefused(Exception):  # noqa: N818 - it carries findings, like a refusal in the domain
    """The file as a whole cannot be read as one of past meetings."""

    def __init__(self, found: Sequence[Located]) -> None:
        super().__init__(", ".join(located.fault.code for located in found))
        self.faults = tuple(found)


def read_table(body: bytes, *, workbook: bool) -> Table:
    """Return the rows of a CSV or XLSX file. CPU-bound. Raises FileRefused."""
    try:
        return _table(lines(body, workbook=workbook))
    except UnreadableError as error:
        raise FileRefused([Located(error.line, Fault(error.code, None, error.parameters))]) from error


def _table(read: Iterator[tuple[int, list[str]]]) -> Table:
    header = next(read, None)
    if header is None:
        names = ",".join(column.name for column in COLUMNS)
        raise FileRefused([Located(1, Fault("empty-file", None, {"columns": names}))])
    table = Table()
    places = _places(*header, table)
    for line, texts in read:
        cells = {
            name: " ".join(nfc(text).split())
            for name, text in zip(places, texts, strict=False)
            if name is not None
        }
        if any(cells.values()):
            facts = {"found": len(texts), "expected": len(places)}
            ragged = Fault("ragged-row", None, facts) if len(texts) != len(places) else None
            table.rows.append(Row(line, cells, ragged))
    return table


def _places(line: int, texts: Sequence[str], table: Table) -> list[str | None]:
    places: list[str | None] = []
    found = []
    for text in texts:
        column = column_of(text)
        name = None if column is None else column.name
        if column is None and text.strip():
            table.warnings.append(Located(line, Fault("unknown-column", None, {"name": text[:_SHOWN]})))
        elif column and name in places:
            found.append(Located(line, Fault("duplicate-column", name)))
        places.append(name)
    found += [
        Located(line, Fault("missing-column", column.name, {"label": column.labels[0]}))
        for column in COLUMNS
        if column.name not in places
    ]
    if found:
        raise FileRefused(found)
    return places


@dataclass(slots=True)
class Reading:
    """What a row comes to: a past meeting, or what is wrong with it; and what is unusual."""

    meeting: PastMeeting | None
    faults: list[Fault]
    warnings: list[Fault]


def read_row(row: Row, cells: Mapping[str, Cell]) -> Reading:
    """Return what a row asks for; `cells` are the units that its file speaks of, by their codes."""
    reader = _Cells(row)
    meeting = _past_meeting(reader, cells)
    warnings = []
    if meeting and meeting.at and Month.of(local_day(meeting.at)) != meeting.month:
        warnings.append(Fault("counts-for-another-month", "month", {"month": str_of(meeting.month)}))
    return Reading(None if reader.faults else meeting, reader.faults, warnings)


def _past_meeting(reader: "_Cells", cells: Mapping[str, Cell]) -> PastMeeting | None:
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
    reader: "_Cells", cells: Mapping[str, Cell], code: str, day: date | None, month: Month | None
) -> UUID | None:
    if not code:
        return None
    cell = cells.get(code)
    if cell is None:
        reader.faults.append(Fault("unknown-cell", "cell_code", {"code": code[:_SHOWN]}))
        return None
    day = day or (month and month.first)
    if day is not None and not cell.is_there(day):
        reader.faults.append(Fault("not-a-cell", "cell_code", {"day": day, "code": code[:_SHOWN]}))
    return cell.id


def _held(reader: "_Cells") -> Held | None:
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


def _not_held(reader: "_Cells", status: MeetingStatus) -> NotHeld | None:
    reader.must_be_empty(ONLY_HELD, "only-if-held")
    reason = reader.word("reason", REASONS)
    number = reader.line("document_number")
    dated = reader.read("document_date", _day, "day-unreadable")
    if number and not reader.text("document_date"):
        reader.faults.append(Fault("value-missing", "document_date"))
    if dated and not number:
        reader.faults.append(Fault("value-missing", "document_number"))
    if reason is None:
        return None
    document = DocumentRef(number=number, date=dated) if number and dated else None
    return NotHeld(cancelled=status is MeetingStatus.CANCELLED, reason=reason, document=document)


class _Cells:
    """Reads the cells of one row; what cannot be read is noted in `faults` and given as None."""

    def __init__(self, row: Row) -> None:
        self._cells = row.cells
        self.faults = [row.ragged] if row.ragged else []

    def text(self, column: str) -> str:
        return self._cells.get(column, "")

    def needed(self, column: str) -> str:
        text = self.text(column)
        if not text:
            self.faults.append(Fault("value-missing", column))
        return text

    def line(self, column: str) -> str | None:
        text = self.text(column)
        if len(text) > LONGEST:
            self.faults.append(Fault("text-too-long", column, {"most": LONGEST}))
        return text or None

    def word(self, column: str, words: Words[T]) -> T | None:
        text = self.needed(column)
        meaning = words.get(text)
        if text and meaning is None:
            facts = {"value": text[:_SHOWN], "allowed": words.offered, "allowed_en": words.offered_en}
            self.faults.append(Fault("unknown-word", column, facts))
        return meaning

    def number(self, column: str) -> int | None:
        text = self.needed(column)
        if text and not _NUMBER.fullmatch(text):
            self.faults.append(Fault("number-unreadable", column, {"value": text[:_SHOWN]}))
            return None
        return int(text) if text else None

    def read(self, column: str, parse: Callable[[str], T | None], code: str) -> T | None:
        text = self.text(column)
        found = parse(text)
        if text and found is None:
            self.faults.append(Fault(code, column, {"value": text[:_SHOWN]}))
        return found

    def must_be_empty(self, columns: Sequence[str], code: str) -> None:
        self.faults += [Fault(code, column) for column in columns if self.text(column)]


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


def _day(text: str) -> date | None:
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
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
