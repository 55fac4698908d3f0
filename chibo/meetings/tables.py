"""Workbooks that the command line writes out prefilled and takes back, with mistakes by sheet, row and column.

A workbook has a sheet for each matter, pick-lists where only some words fit, and grey cells for what is only shown.
"""

import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from rich.markup import escape
from rich.table import Table

from chassis.tables import MAX_BYTES, in_xml
from chibo.console import ERR, Refused
from chibo.files import written

ROWS: Final = 300
"""How many rows of a sheet are made ready to be filled in."""
_SHOWN: Final = 50
_HEAD: Final = Font(bold=True)
_HEAD_FILL: Final = PatternFill("solid", start_color="DDEBF7")
_GREY: Final = PatternFill("solid", start_color="EDEDED")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
_DIGITS: Final = 4
_DATE_FORMAT: Final = "dd/mm/yyyy"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet, by the words above it."""

    label: str
    width: int = 18
    shown: bool = False
    """Whether it is only shown, and not taken back."""
    words: Sequence[str] = ()
    """The words that a cell may hold; anything for none."""
    picked_from: str | None = None
    """The sheet in whose first column those words are, where they are many."""
    is_day: bool = False


Value = str | int | float | date | None
"""What a cell holds."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written out: its columns, and the rows that it is prefilled with."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]] = ()
    open: bool = True
    """Whether rows may be added."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a cell, and how to mend it."""

    sheet: str
    line: int
    column: str
    message: str


@dataclass(slots=True)
class Mistakes:
    """All that is wrong with a file."""

    found: list[Mistake] = field(default_factory=list)

    def check(self, file: Path) -> None:
        """Show what is wrong as a table. Raises Refused where anything is."""
        if not self.found:
            return
        table = Table("Trang", "Dòng", "Cột", "Nội dung", title="Ô có lỗi", title_justify="left")
        for one in self.found[:_SHOWN]:
            table.add_row(escape(one.sheet), str(one.line), escape(one.column), escape(one.message))
        ERR.print(table)
        raise Refused(f"{file.name} có {len(self.found)} chỗ sai; chưa ghi gì. Hãy sửa tệp rồi gửi lại.")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was filled in: its texts by the words above them, in NFC."""

    sheet: str
    line: int
    texts: Mapping[str, str]
    mistakes: Mistakes

    def wrong(self, column: str, message: str) -> None:
        """Note what is wrong with a cell."""
        self.mistakes.found.append(Mistake(self.sheet, self.line, column, message))

    def text(self, column: str, *, needed: bool = False) -> str:
        """Return what a cell says; empty, and wrong where it is needed, for nothing."""
        said = tidy(self.texts.get(column, ""))
        if needed and not said:
            self.wrong(column, "Ô này còn trống; hãy điền.")
        return said

    def word(self, column: str, words: Mapping[str, str], *, needed: bool = False) -> str | None:
        """Return what a word means, by `words`, without minding case; None for none of them."""
        said = self.text(column, needed=needed)
        if not said:
            return None
        for word, meaning in words.items():
            if word.casefold() == said.casefold():
                return meaning
        self.wrong(column, f"“{said}” không dùng được; hãy ghi một trong: {', '.join(words)}.")
        return None

    def day(self, column: str, *, needed: bool = False) -> str | None:
        """Return a day as ISO 8601 has it; None for none."""
        said = self.text(column, needed=needed)
        if not said:
            return None
        for form in ("%d/%m/%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(said, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        self.wrong(column, f"“{said}” không phải một ngày có thật; hãy ghi như 31/03/2020.")
        return None

    def count(self, column: str) -> int:
        """Return a whole number from 0 on; 0 for none."""
        said = self.text(column)
        if said.isascii() and said.isdecimal() and len(said) <= _DIGITS:
            return int(said)
        if said:
            self.wrong(column, f"“{said}” phải là số nguyên từ 0 trở lên.")
        return 0


def tidy(text: str) -> str:
    """Return text as services keep it: in NFC, each line with single spaces, no empty lines at either end."""
    lines_ = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(" ".join(one.split()) for one in lines_).strip()


def write(file: Path, sheets: Sequence[Sheet], *, overwrite: bool) -> None:
    """Write a workbook. Raises Refused where it cannot be."""
    if file.suffix.lower() != ".xlsx":
        raise Refused(f"{file.name}: tệp phải có đuôi .xlsx.")
    with written(file, overwrite=overwrite) as content:
        content.write(_workbook(sheets))


def read(file: Path, sheets: Sequence[Sheet], mistakes: Mistakes) -> dict[str, list[Row]]:
    """Return the rows that were filled in, by the titles of the sheets that are wanted.

    A row of which only what is shown is there counts as filled in where no rows may be added.
    Raises Refused where the file cannot be read or lacks a sheet or a column.
    """
    tables = _tables(file)
    found = {}
    for sheet in sheets:
        if sheet.title not in tables:
            raise Refused(f"{file.name}: thiếu trang “{sheet.title}”. Hãy dùng tệp do lệnh này ghi ra.")
        found[sheet.title] = _rows(file, sheet, iter(tables[sheet.title]), mistakes)
    return found


def _rows(file: Path, sheet: Sheet, table: Iterator[tuple[int, list[str]]], mistakes: Mistakes) -> list[Row]:
    first = next(table, None)
    head = [tidy(text) for text in first[1]] if first else []
    if missing := [one.label for one in sheet.columns if one.label not in head]:
        listed = ", ".join(f"“{one}”" for one in missing)
        raise Refused(f"{file.name}, trang “{sheet.title}”: thiếu cột {listed}.")
    asked = {one.label for one in sheet.columns if not (sheet.open and one.shown)}
    found = []
    for line, texts in table:
        said = dict(zip(head, texts, strict=False))
        if any(said.get(label, "").strip() for label in asked):
            found.append(Row(sheet.title, line, said, mistakes))
    return found


def _tables(file: Path) -> dict[str, list[tuple[int, list[str]]]]:
    """Return the lines of each sheet, by its title. Raises Refused."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise Refused(f"Tệp {file} quá lớn.")
        body = file.read_bytes()
    except OSError as error:
        raise Refused(f"Không đọc được tệp {file}: {error.strerror}.") from error
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        try:
            return {sheet.title: list(_lines(sheet)) for sheet in book.worksheets}
        finally:
            book.close()
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble on
        raise Refused(
            f"{file.name} không phải tệp XLSX đọc được; hãy mở bằng Excel hoặc LibreOffice rồi lưu lại."
        ) from error


def _lines(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # some programs write wrong ones
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = [_said(value) for value in values]
        if any(texts):
            yield line, texts


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet, {one.title: len(one.rows) for one in sheets})
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def _fill(page: Worksheet, sheet: Sheet, lengths: Mapping[str, int]) -> None:
    page.freeze_panes = "A2"
    last = len(sheet.rows) + 1 + (ROWS if sheet.open else 0)
    for place, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = column.width
        head = page.cell(1, place, column.label)
        head.font, head.fill, head.alignment = _HEAD, _HEAD_FILL, _WRAPPED
        for line in range(2, last + 1):
            value = sheet.rows[line - 2][place - 1] if line - 2 < len(sheet.rows) else None
            _put(page, line, place, value, column)
        if last > 1 and (rule := _rule(column, lengths)):
            rule.add(f"{letter}2:{letter}{last}")
            page.add_data_validation(rule)


def _put(page: Worksheet, line: int, place: int, value: Value, column: Column) -> None:
    cell = page.cell(line, place)
    cell.alignment = _WRAPPED
    if column.shown and value is not None:
        cell.fill = _GREY
    if isinstance(value, str):
        cell.value = in_xml(value)
        cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
    elif value is not None:
        cell.value = value
    if column.is_day:
        cell.number_format = _DATE_FORMAT
    elif isinstance(value, str) or value is None:
        cell.number_format = "@" if column.words or column.picked_from or column.shown else "General"


def _rule(column: Column, lengths: Mapping[str, int]) -> DataValidation | None:
    """Return what a spreadsheet is to offer in the cells of a column."""
    if column.picked_from:
        last = max(lengths.get(column.picked_from, 0), 1) + 1
        return DataValidation(
            type="list", formula1=f"'{column.picked_from}'!$A$2:$A${last}", allow_blank=True,
            showErrorMessage=False,
        )  # fmt: skip
    if column.words:
        rule = DataValidation(type="list", formula1=f'"{",".join(column.words)}"', allow_blank=True)
        rule.error, rule.errorTitle = "Hãy chọn một giá trị trong danh sách.", column.label
        rule.showErrorMessage = True
        return rule
    return None
