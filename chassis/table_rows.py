"""Uploaded tables as rows by column: what a header names, and the cells of a row read one by one.

Which columns there are and what they mean is the caller's; what is wrong is collected, with line and column.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Generic, TypeVar

from chassis import faults
from chassis.tables import UnreadableError, lines
from chassis.vietnamese import fold, nfc

T = TypeVar("T")

SHOWN: Final = 60
"""Characters of a value that a message repeats."""
_ISO_DAY: Final = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `name` is what the format is defined by, `labels` what people write above it."""

    name: str
    labels: Sequence[str]


class Words(Generic[T]):
    """What each word of a cell means; words are compared without case and diacritics."""

    def __init__(self, labels: Mapping[T, Sequence[str]]) -> None:
        self._labels = {meaning: words[0] for meaning, words in labels.items()}
        self._meanings = {fold(word): meaning for meaning, words in labels.items() for word in words}
        self.offered = ", ".join(words[0] for words in labels.values())
        """The Vietnamese word of each meaning, as messages offer them."""
        self.offered_en = ", ".join(words[1] for words in labels.values())

    def label(self, meaning: T) -> str:
        """Return the Vietnamese word of a meaning."""
        return self._labels[meaning]

    def get(self, text: str) -> T | None:
        """Return the meaning of a word, None where it has none."""
        return self._meanings.get(fold(text))


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
    ragged: faults.Fault | None = None


@dataclass(slots=True)
class Table:
    """The rows of a file, and the columns that nobody reads."""

    rows: list[Row] = field(default_factory=list)
    warnings: list[Located] = field(default_factory=list)


class FileRefused(Exception):  # noqa: N818 - it carries findings, like a refusal in the domain
    """The file as a whole cannot be read as what it is to be."""

    def __init__(self, found: Sequence[Located]) -> None:
        super().__init__(", ".join(located.fault.code for located in found))
        self.faults = tuple(found)


class Format:
    """What a table is to look like: its columns, the class of what may be wrong, the longest line of text.

    `fault` has the messages of `table_messages.py`.
    """

    def __init__(self, columns: Sequence[Column], fault: type[faults.Fault], longest: int) -> None:
        self.columns, self.fault, self.longest = columns, fault, longest
        self._by_header = {_key(name): one for one in columns for name in (one.name, *one.labels)}

    def read(self, body: bytes, *, workbook: bool) -> Table:
        """Return the rows of a CSV or XLSX file. CPU-bound. Raises FileRefused."""
        try:
            return self._table(lines(body, workbook=workbook))
        except UnreadableError as error:
            fault = self.fault(error.code, None, error.parameters)
            raise FileRefused([Located(error.line, fault)]) from error

    def column_of(self, header: str) -> Column | None:
        """Return the column that a header names, by its own name or another that people write."""
        return self._by_header.get(_key(header))

    def _table(self, read: Iterator[tuple[int, list[str]]]) -> Table:
        header = next(read, None)
        if header is None:
            names = ",".join(column.name for column in self.columns)
            raise FileRefused([Located(1, self.fault("empty-file", None, {"columns": names}))])
        table = Table()
        places = self._places(*header, table)
        for line, texts in read:
            cells = {
                name: " ".join(nfc(text).split())
                for name, text in zip(places, texts, strict=False)
                if name is not None
            }
            if any(cells.values()):
                facts = {"found": len(texts), "expected": len(places)}
                ragged = self.fault("ragged-row", None, facts) if len(texts) != len(places) else None
                table.rows.append(Row(line, cells, ragged))
        return table

    def _places(self, line: int, texts: Sequence[str], table: Table) -> list[str | None]:
        places: list[str | None] = []
        found = []
        for text in texts:
            column = self.column_of(text)
            name = None if column is None else column.name
            if column is None and text.strip():
                fault = self.fault("unknown-column", None, {"name": text[:SHOWN]})
                table.warnings.append(Located(line, fault))
            elif column and name in places:
                found.append(Located(line, self.fault("duplicate-column", name)))
            places.append(name)
        found += [
            Located(line, self.fault("missing-column", column.name, {"label": column.labels[0]}))
            for column in self.columns
            if column.name not in places
        ]
        if found:
            raise FileRefused(found)
        return places


class Cells:
    """Reads the cells of one row; what cannot be read is noted in `faults` and given as None."""

    def __init__(self, row: Row, format_: Format) -> None:
        self._cells, self._format = row.cells, format_
        self.faults: list[faults.Fault] = [row.ragged] if row.ragged else []

    def text(self, column: str) -> str:
        """Return the text of a cell; empty where there is none."""
        return self._cells.get(column, "")

    def needed(self, column: str) -> str:
        """Return the text of a cell that must not be empty."""
        text = self.text(column)
        if not text:
            self.faults.append(self._format.fault("value-missing", column))
        return text

    def line(self, column: str) -> str | None:
        """Return a line of text, None for an empty cell."""
        text = self.text(column)
        if len(text) > self._format.longest:
            self.faults.append(self._format.fault("text-too-long", column, {"most": self._format.longest}))
        return text or None

    def word(self, column: str, words: Words[T]) -> T | None:
        """Return what the word in a cell means."""
        text = self.needed(column)
        meaning = words.get(text)
        if text and meaning is None:
            facts = {"value": text[:SHOWN], "allowed": words.offered, "allowed_en": words.offered_en}
            self.faults.append(self._format.fault("unknown-word", column, facts))
        return meaning

    def number(self, column: str) -> int | None:
        """Return a whole number from 0 to 9999."""
        text = self.needed(column)
        if text and not _NUMBER.fullmatch(text):
            self.faults.append(self._format.fault("number-unreadable", column, {"value": text[:SHOWN]}))
            return None
        return int(text) if text else None

    def read(self, column: str, parse: Callable[[str], T | None], code: str) -> T | None:
        """Return what a cell comes to; where it cannot be read, the fault of that code is noted."""
        text = self.text(column)
        found = parse(text)
        if text and found is None:
            self.faults.append(self._format.fault(code, column, {"value": text[:SHOWN]}))
        return found

    def must_be_empty(self, columns: Sequence[str], code: str) -> None:
        """Note a fault for each of these cells that is not empty."""
        self.faults += [self._format.fault(code, column) for column in columns if self.text(column)]


def read_day(text: str) -> date | None:
    """Return a day written as 2020-03-31 or 31/03/2020; None where it is none."""
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


def _key(text: str) -> str:
    """Return what two ways of writing a header share: no diacritics, case, punctuation or note in brackets."""
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"\([^)]*\)", " ", fold(text))))
