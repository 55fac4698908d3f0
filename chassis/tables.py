"""Uploaded CSV and XLSX files as lines of text, whatever their columns mean.

Lines come one at a time, so a large file never stands in memory as a whole. What makes the file as a whole
unreadable raises UnreadableError, at the first line or on the way.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Final

from openpyxl import load_workbook

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
# XML 1.0 has no place for these (section 2.2), and a file with one of them does not open.
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_GUARDED: Final = re.compile(rb"'[=+\-@]")
_DELIMITERS: Final = ",;\t"
_BLOCK: Final = 1024 * 1024


class UnreadableError(Exception):
    """A file cannot be read as a table: `code` says why, `line` (from 1) where, `parameters` fill its message."""

    def __init__(self, line: int, code: str, **parameters: object) -> None:
        super().__init__(code)
        self.line, self.code, self.parameters = line, code, parameters


def lines(body: bytes, *, workbook: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Return the lines of a file with their numbers, as texts and uncleaned; the first one is the header.

    Raises UnreadableError, now or while they are read.
    """
    if not body.strip():
        return iter(())
    if body.startswith(_OLE):
        raise UnreadableError(1, "old-excel")
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
                raise UnreadableError(line, "too-many-lines", limit=MAX_LINES)
            if texts:
                yield line, [*map(_unguarded, texts)] if has_guards else texts
            line = reader.line_num + 1
    except csv.Error as error:
        if "field larger than field limit" in str(error):
            raise UnreadableError(line, "field-too-long", limit=MAX_FIELD) from None
        raise UnreadableError(line, "broken-quoting") from None


def guarded(text: str) -> str:
    """Return text for a CSV file so that no spreadsheet runs it as a formula; reading takes the guard away."""
    return f"'{text}" if _FORMULA.match(text) else text


def in_xml(text: str) -> str:
    """Return text as a workbook can hold it: U+FFFD in place of what is no character of XML."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _check_text(body: bytes) -> None:
    """Raise UnreadableError with the line at which the bytes stop being UTF-8 text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(body), _BLOCK):
        end = start + _BLOCK
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(body[start:end], final=end >= len(body))
        except UnicodeDecodeError as error:
            broken = start - pending + error.start
            raise UnreadableError(body.count(b"\n", 0, broken) + 1, "not-utf-8") from None
    nul = body.find(b"\0")
    if nul >= 0:
        raise UnreadableError(body.count(b"\n", 0, nul) + 1, "binary-content")


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
    except UnreadableError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble on
        raise UnreadableError(1, "not-a-workbook") from error


def _check_unpacked(body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        # zipfile never reads more of an entry than the entry declares here.
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise UnreadableError(1, "workbook-too-large", limit_mib=MAX_UNPACKED // 1024 // 1024)


def _sheet_lines(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[int, list[str]]]:
    width = 0
    for line, values in enumerate(rows, start=1):
        if line > MAX_LINES:  # a file may claim a row far away: the gap comes as empty rows
            raise UnreadableError(line, "too-many-lines", limit=MAX_LINES)
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
