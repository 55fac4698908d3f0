"""Tables written as files, part by part: CSV for programs, XLSX for people.

Both import back as what they were. CSV has the English names and words of the format and ISO dates, and a
byte-order mark, without which Excel takes it for another encoding. A workbook has the Vietnamese names and words,
real dates, and all else as text, so that a code keeps its zeros.

A spreadsheet runs what begins with = + - @ as a formula, whoever wrote it. In a workbook such text is marked as text.
In CSV it gets an apostrophe before it, as people do by hand; the import takes that apostrophe away (`files.guarded`).
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import IO, Final, Protocol

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from chassis.tables import guarded, in_xml
from services.membership.columns import (
    EDUCATION_LABELS,
    GENDER_LABELS,
    OCCUPATION_LABELS,
    QUALIFICATION_LABELS,
    REASON_LABELS,
    THEORY_LABELS,
    TRANSFER_LABELS,
    TYPE_WORDS,
    YES_NO_LABELS,
    Column,
)

Value = str | date | bool | StrEnum | None
"""What a cell holds, before it is said in one form or another."""

DATE_FORMAT: Final = "dd/mm/yyyy"
TEXT_FORMAT: Final = "@"
_WIDTHS: Final = {"name": 48, "full_name": 30}
_WIDTH: Final = 18
_HEAD: Final = Font(bold=True)
_HEAD_FILL: Final = PatternFill("solid", start_color="DDEBF7")

_LABELS: Final[Mapping[tuple[type[StrEnum], str], str]] = {
    (type(word), word.value): label
    for labels in (
        GENDER_LABELS,
        REASON_LABELS,
        TYPE_WORDS,
        EDUCATION_LABELS,
        QUALIFICATION_LABELS,
        THEORY_LABELS,
        OCCUPATION_LABELS,
        TRANSFER_LABELS,
    )
    for word, label in labels.items()
}
"""By its type and value: one word may say different things of different matters."""


class Form(StrEnum):
    """The forms of a file."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES: Final = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Sheet(Protocol):
    """A table that is being written to a file."""

    def write(self, rows: Iterable[Sequence[Value]]) -> None:
        """Add rows."""

    def finish(self) -> None:
        """Write what is left; the file is whole then."""


def sheet(form: Form, file: IO[bytes], columns: Sequence[Column], title: str) -> Sheet:
    """Return a table with the header of `columns`; `title` is the name of a workbook's sheet."""
    return CsvSheet(file, columns) if form is Form.CSV else WorkbookSheet(file, columns, title)


class CsvSheet:
    """A table in CSV (RFC 4180)."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow([column.name for column in columns])

    def write(self, rows: Iterable[Sequence[Value]]) -> None:
        """Add rows."""
        self._writer.writerows([guarded(_in_english(value)) for value in row] for row in rows)

    def finish(self) -> None:
        """Write what is left, and leave the file open."""
        self._text.flush()
        self._text.detach()


class WorkbookSheet:
    """A table in the only sheet of a workbook."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], title: str) -> None:
        self._file = file
        self._book = Workbook(write_only=True)
        self._sheet: Worksheet = self._book.create_sheet(title)
        set_columns(self._sheet, columns)
        self._sheet.append(head(self._sheet, [column.label for column in columns]))

    def write(self, rows: Iterable[Sequence[Value]]) -> None:
        """Add rows."""
        for row in rows:
            self._sheet.append([cell_of(self._sheet, value) for value in row])

    def finish(self) -> None:
        """Write the workbook."""
        self._book.save(self._file)


def set_columns(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Make columns wide enough, keep the header in view, and format cells that are still empty."""
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = _WIDTHS.get(column.name, _WIDTH)
        dimension.number_format = DATE_FORMAT if column.is_date else TEXT_FORMAT


def head(sheet: Worksheet, texts: Iterable[str]) -> list[Cell]:
    """Return the cells of a header row."""
    cells = [WriteOnlyCell(sheet, text) for text in texts]
    for cell in cells:
        cell.font, cell.fill = _HEAD, _HEAD_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cells


def cell_of(sheet: Worksheet, value: Value) -> Cell | None:
    """Return a cell as people read it: a date as a date, everything else as text that is no formula."""
    if value is None:
        return None
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime.combine(value, time()))
        cell.number_format = DATE_FORMAT
        return cell
    cell = WriteOnlyCell(sheet, in_xml(_in_vietnamese(value)))
    cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
    cell.number_format = TEXT_FORMAT
    return cell


def _in_english(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _in_vietnamese(value: str | bool | StrEnum) -> str:
    if isinstance(value, bool):
        return YES_NO_LABELS[value]
    return _LABELS[type(value), value.value] if isinstance(value, StrEnum) else value
