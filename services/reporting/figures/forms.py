"""Figures as files: one table, a line for each row of the answer, in CSV, XLSX and Parquet."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from chassis.tables import guarded, in_xml
from services.reporting.figures.dimensions import LABELS, VALUES, Dimension
from services.reporting.figures.measure import Kind, Measure
from services.reporting.figures.query import Answer, Row, difference
from services.reporting.figures.question import Compare, Form, Question

MEDIA_TYPES: Final = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PARQUET: "application/vnd.apache.parquet",
}

_Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its name for programs, its label for people, and what stands in it."""

    name: str
    label: str
    type: type[str] | type[int] | type[float] | type[date]


def columns(question: Question) -> list[Column]:
    """Return the columns in their order."""
    found = [
        Column("period", "Kỳ", str),
        Column("from", "Từ ngày", date),
        Column("to", "Đến ngày", date),
    ]
    if question.level:
        found += [Column("unit", "Mã", str), Column("unit_name", LABELS[question.level], str)]
    found += [Column(dimension.value, LABELS[dimension], str) for dimension in question.dimensions]
    if question.rank:
        found.append(Column("rank", "Xếp hạng", int))
    for measure in question.measures:
        found += _of_measure(measure, question.compare)
    return found


def _of_measure(measure: Measure, compare: Compare | None) -> Iterator[Column]:
    type_ = float if measure.kind is Kind.RATIO else int
    label = f"{measure.label} ({measure.unit})"
    yield Column(measure.code, label, type_)
    if compare:
        yield Column(f"{measure.code}.last_year", f"{label}, cùng kỳ năm trước", type_)
        yield Column(f"{measure.code}.difference", f"{label}, tăng giảm", type_)
        yield Column(f"{measure.code}.percent", f"{measure.label}, tăng giảm (%)", float)


def lines(question: Question, rows: Sequence[Row], *, in_words: bool = False) -> Iterator[list[_Cell]]:
    """Yield the lines of the table; `in_words` has values of dimensions as people call them."""
    for row in rows:
        line: list[_Cell] = [row.period.label, row.period.first, row.period.last]
        if question.level:
            line += [row.unit.code, row.unit.name] if row.unit else [None, None]
        for name, value in row.group.items():
            line.append(VALUES[Dimension(name)].get(value, value) if in_words else value)
        if question.rank:
            line.append(row.rank)
        for measure in question.measures:
            now = row.values[measure.code]
            line.append(now)
            if row.last_year is not None:
                before = row.last_year[measure.code]
                line += [before, *difference(measure, now, before)]
        yield line


def csv_file(question: Question, answer: Answer) -> bytes:
    """Return the table in CSV (RFC 4180), UTF-8 with its mark, so that spreadsheets read the letters right."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns(question)])
    for line in lines(question, answer.rows):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in line])
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(question: Question, answer: Answer) -> bytes:
    """Return a workbook: the figures under Vietnamese headings, and a sheet that says what they are of."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Số liệu")
    its = columns(question)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(its, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(10, min(44, len(column.label) + 2))
    heading = []
    for column in its:
        cell = WriteOnlyCell(sheet, column.label)
        cell.font = Font(bold=True)
        heading.append(cell)
    sheet.append(heading)
    for line in lines(question, answer.rows, in_words=True):
        sheet.append([_as_text(sheet, cell) if isinstance(cell, str) else cell for cell in line])
    about = book.create_sheet("Nguồn")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 28, 60
    for name, value in _about(question, answer):
        about.append([name, _as_text(about, value)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet_file(question: Question, answer: Answer) -> bytes:
    """Return the table in Apache Parquet, each column with its label; what it is of stands in the file's metadata."""
    # Only here: it takes as much memory as all the rest of the service.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    types = {str: pa.string(), int: pa.int64(), float: pa.float64(), date: pa.date32()}
    its = columns(question)
    schema = pa.schema(
        [pa.field(column.name, types[column.type], metadata={"label": column.label}) for column in its],
        metadata=dict(_about(question, answer)),
    )
    table: list[list[Any]] = [[] for _ in its]
    for line in lines(question, answer.rows):
        for values, cell in zip(table, line, strict=True):
            values.append(cell)
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays([pa.array(v, f.type) for v, f in zip(table, schema, strict=True)],
                                             schema=schema), file)  # fmt: skip
    return file.getvalue()


def _about(question: Question, answer: Answer) -> list[tuple[str, str]]:
    of = answer.unit
    return [
        ("Đơn vị", f"{of.name} ({of.code})" if of else "Toàn bộ tổ chức đảng"),
        ("Từ ngày", f"{question.first:%d/%m/%Y}"),
        ("Đến ngày", f"{question.last:%d/%m/%Y}"),
        ("Theo điều đã biết lúc", _instant(question.known_at) if question.known_at else "lúc lập biểu"),
        ("Lập lúc", _instant(answer.mark.at)),
        ("Tính đến sự kiện", json.dumps(answer.mark.up_to, sort_keys=True)),
    ]


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _as_text(sheet: Any, text: str) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    cell = WriteOnlyCell(sheet, in_xml(text))
    cell.data_type = "s"
    return cell
