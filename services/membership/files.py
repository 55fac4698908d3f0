"""Uploaded CSV and XLSX files as rows of text, with what is wrong in each row.

Rows come one at a time, so a large file never stands in memory as a whole. What makes the file as a whole
unreadable raises FileRefused, at the first row or on the way.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from openpyxl import load_workbook

from services.membership.columns import Column, by_header, header_key
from services.membership.domain import clean
from services.membership.faults import Fault

MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest upload that is accepted."""
MAX_LINES: Final = 1_048_576
"""The most lines of a file: those of an Excel sheet."""
MAX_FIELD: Final = 131_072
"""The most characters of a field: the CSV reader's own limit."""
MAX_UNPACKED: Final = 128 * 1024 * 1024
"""The most bytes that an XLSX file may unpack to: the guard against zip bombs."""

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMULA: Final = re.compile(r"'*[=+\-@]")
_GUARDED: Final = re.compile(rb"'[=+\-@]")
_DELIMITERS: Final = ",;\t"
_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Located:
    """A fault with its place; `line` counts from 1 as an editor or a spreadsheet shows it."""

    line: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Row:
    """A row by column name, cleaned (NFC, trimmed); `faults` where its shape is wrong already."""

    line: int
    cells: dict[str, str]
    faults: list[Fault] = field(default_factory=list)


class FileRefused(Exception):  # noqa: N818 - it carries findings, like a refusal in the domain
    """The file as a whole cannot be read as a table."""

    def __init__(self, faults: Sequence[Located]) -> None:
        super().__init__(", ".join(located.fault.code for located in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands in each place of a line, as far as the header row can be understood."""

    places: Sequence[str | None]
    """The column's name, or None for one that is not read."""
    faults: Sequence[Located]
    warnings: Sequence[Located]
    """Columns that are not read."""
    notices: Sequence[Located]
    """Columns that were found under another name than their own."""


def read_header(line: int, texts: Sequence[str], columns: Sequence[Column]) -> Header:
    """Return what a header row says: each column under its own name, or one that Vietnamese offices use for it."""
    own, known = {column.name: column for column in columns}, by_header(columns)
    places: list[str | None] = []
    found: dict[str, str] = {}
    faults, warnings, notices = [], [], []
    for text in map(clean, texts):
        column = own.get(text.casefold()) or known.get(header_key(text))
        places.append(None)
        if column is None:
            if text:
                warnings.append(Fault("unknown-column", None, {"name": text[:60]}))
        elif column.name in found:
            twice = {"first": found[column.name][:60], "second": text[:60]}
            faults.append(Fault("duplicate-column", column.name, twice))
        else:
            places[-1] = column.name
            found[column.name] = text
            if text.casefold() != column.name:
                notices.append(Fault("column-understood", column.name, {"name": text[:60]}))
    faults += [
        Fault("missing-column", column.name, {"label": column.label})
        for column in columns
        if column.name not in found and not column.optional
    ]
    located = ([Located(line, fault) for fault in some] for some in (faults, warnings, notices))
    return Header(places, *located)


class Table:
    """The rows of an uploaded file that has the given columns, in any order.

    `warnings` names the columns that are not read, `notices` those found under another name than their own. The
    header is line 1; empty lines are left out. A CSV file is UTF-8 with or without a BOM, separated by commas, or by
    the semicolons or tabs that a spreadsheet may write. Of a workbook the first sheet is read.
    Raises FileRefused, when made or while the rows are read.
    """

    def __init__(self, body: bytes, columns: Sequence[Column], *, workbook: bool = False) -> None:
        self._lines = lines(body, workbook=workbook)
        header = next(self._lines, None)
        if header is None:
            raise _refused(1, "empty-file", columns=",".join(column.name for column in columns))
        understood = read_header(*header, columns)
        self._places = understood.places
        self.warnings, self.notices = understood.warnings, understood.notices
        if understood.faults:
            raise FileRefused(understood.faults)

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows in the file's order."""
        places = self._places
        expected = len(places)
        for line, texts in self._lines:
            cells = {name: clean(text) for name, text in zip(places, texts, strict=False) if name is not None}
            if not any(cells.values()) and not any(map(clean, texts)):
                continue
            faults = []
            if len(texts) != expected:
                faults.append(Fault("ragged-row", None, {"found": len(texts), "expected": expected}))
            yield Row(line, cells, faults)


def _refused(line: int, code: str, **parameters: object) -> FileRefused:
    return FileRefused([Located(line, Fault(code, None, parameters))])


def lines(body: bytes, *, workbook: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Return the lines of a file with their numbers, as texts and uncleaned; the first one is the header.

    Raises FileRefused, now or while they are read.
    """
    if not body.strip():
        return iter(())
    if body.startswith(_OLE):
        raise _refused(1, "old-excel")
    if workbook or body.startswith(_ZIP):
        return _workbook_lines(body)
    return _csv_lines(body)


def _csv_lines(body: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_text(body)
    text = io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig", newline="")
    header = text.readline(_BLOCK)
    text.seek(0)
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    has_guards = _GUARDED.search(body) is not None
    line = 1
    try:
        for texts in reader:
            if line > MAX_LINES:
                raise _refused(line, "too-many-lines", limit=MAX_LINES)
            if texts:
                yield line, [*map(_unguarded, texts)] if has_guards else texts
            line = reader.line_num + 1
    except csv.Error as error:
        if "field larger than field limit" in str(error):
            raise _refused(line, "field-too-long", limit=MAX_FIELD) from None
        raise _refused(line, "broken-quoting") from None


def guarded(text: str) -> str:
    """Return text for a CSV file so that no spreadsheet runs it as a formula; reading takes the guard away."""
    return f"'{text}" if _FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _check_text(body: bytes) -> None:
    """Raise FileRefused with the line at which the bytes stop being UTF-8 text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(body), _BLOCK):
        end = start + _BLOCK
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(body[start:end], final=end >= len(body))
        except UnicodeDecodeError as error:
            broken = start - pending + error.start
            raise _refused(body.count(b"\n", 0, broken) + 1, "not-utf-8") from None
    nul = body.find(b"\0")
    if nul >= 0:
        raise _refused(body.count(b"\n", 0, nul) + 1, "binary-content")


def _workbook_lines(body: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        _check_unpacked(body)
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write wrong ones
            yield from _sheet_lines(sheet.iter_rows(values_only=True))
        finally:
            book.close()
    except FileRefused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble on
        raise _refused(1, "not-a-workbook") from error


def _check_unpacked(body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        # zipfile never reads more of an entry than the entry declares here.
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise _refused(1, "workbook-too-large", limit_mib=MAX_UNPACKED // 1024 // 1024)


def _sheet_lines(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[int, list[str]]]:
    width = 0
    for line, values in enumerate(rows, start=1):
        if line > MAX_LINES:  # a file may claim a row far away: the gap comes as empty rows
            raise _refused(line, "too-many-lines", limit=MAX_LINES)
        texts = [_text(value) for value in values]
        if any(texts):
            width = width or len(texts)
            while len(texts) > width and not texts[-1]:
                texts.pop()
            yield line, texts + [""] * (width - len(texts))


def _text(value: object) -> str:
    """Return what a cell of a spreadsheet says, as a CSV file would have it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFC", str(value))
