"""Uploaded files as rows of a form: columns found by their headers, with what is wrong in each row.

Rows come one at a time, so a large file never stands in memory as a whole. What makes the file as a whole
unreadable raises FileRefused, at the first row or on the way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chassis import tables
from chassis.faults import Fault as AnyFault
from services.membership.columns import Column, by_header, header_key
from services.membership.domain import clean
from services.membership.faults import Fault


@dataclass(frozen=True, slots=True)
class Located:
    """A fault with its place; `line` counts from 1 as an editor or a spreadsheet shows it."""

    line: int
    fault: AnyFault


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
    """Columns that were found under another name than their own and the template's."""


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
            if text.casefold() not in {column.name, column.label.casefold()}:
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

    `warnings` names the columns that are not read, `notices` those found under another name than their own
    and the template's. The header is line 1; empty lines are left out. A CSV file is UTF-8 with or without a BOM,
    separated by commas, or by the semicolons or tabs that a spreadsheet may write. Of a workbook the first sheet is
    read.
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
    """Yield the lines of a file as `chassis.tables.lines` does. Raises FileRefused while they are read."""
    try:
        yield from tables.lines(body, workbook=workbook)
    except tables.UnreadableError as error:
        raise FileRefused([Located(error.line, Fault(error.code, None, error.parameters))]) from error
