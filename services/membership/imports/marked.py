"""An uploaded file given back as a workbook: faulty cells filled, with what is wrong as a comment, and a summary.

Each row stands in the line that the report names. Somebody mends the cells and sends the workbook as it is: the first
sheet has the columns of the file, and only the first sheet is read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from services.membership.columns import COLUMNS, TITLES, Column, Kind
from services.membership.exports.sheets import cell_of, head
from services.membership.files import FileRefused, lines, read_header
from services.membership.imports.cells import parse_date
from services.membership.imports.report import Report
from services.membership.imports.run import Upload

MOST_MARKED: Final = 100_000
"""The most errors, and the most warnings, that a workbook marks: those that a report is to keep for it."""
MOST_COMMENTS: Final = 10_000
"""The most comments; a spreadsheet is slow to open with more. The cells after them are filled all the same."""

_SUMMARY: Final = "Kết quả kiểm tra"
_SUMMARY_HEAD: Final = ("Dòng", "Cột", "Mức", "Nội dung")
_SUMMARY_WIDTHS: Final = {"A": 16, "B": 24, "C": 14, "D": 110}
_ERROR, _WARNING = "Lỗi", "Cần xem lại"
_FILLS: Final = {
    _ERROR: PatternFill("solid", start_color="FFC7CE"),
    _WARNING: PatternFill("solid", start_color="FFEB9C"),
}
_MOST_CELLS: Final = 16_384
"""The most cells of a row in a sheet."""

Marks = Mapping[int, Sequence[tuple[str, Mapping[str, Any]]]]
"""What there is to mark in each line: the level and the fault as reports carry it."""


def write_marked(file: IO[bytes], kind: Kind, upload: Upload, report: Report) -> None:
    """Write the workbook. A file that cannot be read to its end comes back as far as it can."""
    marks: defaultdict[int, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    for level, faults in ((_ERROR, report.errors), (_WARNING, report.warnings)):
        for fault in faults:
            marks[fault["line"]].append((level, fault))
    book = Workbook(write_only=True)
    _write_rows(book.create_sheet(TITLES[kind]), COLUMNS[kind], upload, marks)
    _summarise(book.create_sheet(_SUMMARY), COLUMNS[kind], report, marks)
    book.save(file)


def _write_rows(sheet: Worksheet, columns: Sequence[Column], upload: Upload, marks: Marks) -> None:
    comments = iter(range(MOST_COMMENTS))
    places: dict[str, int] = {}
    dates: set[int] = set()
    written = 0
    for line, texts in _readable(upload):
        if not written:
            places = {
                name: place
                for place, name in enumerate(read_header(line, texts, columns).places)
                if name is not None
            }
            dates = {places[column.name] for column in columns if column.is_date and column.name in places}
        for _ in range(line - written - 1):
            sheet.append([])
        written = line
        cells = [_cell(sheet, text, is_date=place in dates) for place, text in enumerate(texts[:_MOST_CELLS])]
        _mark(sheet, cells, marks.get(line, ()), places, comments)
        sheet.append(cells)


def _readable(upload: Upload) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from lines(upload.body, workbook=upload.workbook)
    except FileRefused:  # the summary says where and why
        return


def _cell(sheet: Worksheet, text: str, *, is_date: bool) -> Cell | None:
    found = parse_date(text) if is_date else text
    return cell_of(sheet, found if isinstance(found, date) else text or None)


def _mark(
    sheet: Worksheet,
    cells: list[Cell | None],
    faults: Sequence[tuple[str, Mapping[str, Any]]],
    places: Mapping[str, int],
    comments: Iterator[int],
) -> None:
    """Fill what is wrong in a row, an error over a warning; a fault of no one cell fills the row."""
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for level, fault in sorted(faults, key=lambda found: found[0] == _ERROR):
        place = places.get(fault["column"] or "")
        if place is None and level == _WARNING:
            continue  # a column that is not read: the summary says so
        for filled in range(len(cells)) if place is None else (place,):
            while len(cells) <= filled:  # a short row
                cells.append(None)
            cell = cells[filled] or WriteOnlyCell(sheet)
            cell.fill = _FILLS[level]
            cells[filled] = cell
        texts[place or 0].insert(0, fault["message"])
    for place, messages in texts.items():
        at = cells[place] if place < len(cells) else None
        if at is not None and next(comments, None) is not None:
            at.comment = Comment("\n".join(messages), "Chi Bộ", height=120, width=360)


def _summarise(sheet: Worksheet, columns: Sequence[Column], report: Report, marks: Marks) -> None:
    for letter, width in _SUMMARY_WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    counted = (
        ("Tệp", report.file_name),
        ("Số dòng", str(report.rows)),
        ("Nhập được", str(report.imported)),
        ("Không đổi", str(report.unchanged)),
        ("Bị từ chối", str(report.refused)),
        ("Số lỗi", str(report.errors_total)),
        ("Cần xem lại", str(report.warnings_total)),
    )
    for row in counted:
        sheet.append([cell_of(sheet, text) for text in row])
    for notice in report.as_json()["notices"]:
        sheet.append([cell_of(sheet, "Đã hiểu"), cell_of(sheet, notice["message"])])
    sheet.append([])
    sheet.append(head(sheet, _SUMMARY_HEAD))
    labels = {column.name: column.label for column in columns}
    for line, faults in sorted(marks.items()):
        for level, fault in faults:
            column = fault["column"]
            place = cell_of(sheet, labels.get(column, column))
            sheet.append([line, place, cell_of(sheet, level), cell_of(sheet, fault["message"])])
    hidden = report.errors_total + report.warnings_total - len(report.errors) - len(report.warnings)
    if hidden:
        sheet.append([cell_of(sheet, f"… và {hidden} mục khác không ghi ở đây.")])
