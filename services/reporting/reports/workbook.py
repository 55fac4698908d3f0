"""A report as an Excel workbook: its tables as numbers that can be calculated on, with Excel's own charts."""

import io
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from chassis.tables import in_xml
from services.reporting.dashboard.wording import day, month
from services.reporting.reports import content, tables
from services.reporting.reports.facts import Facts
from services.reporting.reports.pictures import KEPT
from services.reporting.reports.tables import Line

_Cell = str | float | None
_FORMATS: Final = {0: "#,##0", 1: "#,##0.0"}
_SIGNED: Final = {0: "+#,##0;-#,##0;0", 1: "+#,##0.0;-#,##0.0;0.0"}
_HEADING: Final = PatternFill("solid", fgColor="DDE6F0")
_THIN: Final = Side(style="thin", color="999999")
_BORDER: Final = Border(_THIN, _THIN, _THIN, _THIN)
_BEFORE: Final = "Cùng kỳ năm trước"
_SEEN: Final = "Kiểm tra, dự sinh hoạt của tổ công tác"


def workbook(facts: Facts) -> bytes:
    """Return the report's workbook."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    book.properties.title = f"Báo cáo {facts.reported.words}: {content.name_of(facts)}"
    book.properties.creator = ""
    _summary(book, facts)
    _movement(book, facts)
    _structure(book, facts)
    _months(book, facts)
    if facts.below:
        _below(book, facts)
    _source(book, facts)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _summary(book: Workbook, facts: Facts) -> None:
    sheet = _sheet(book, "Báo cáo", (46, 12, 13, 13, 12, 10))
    for row, (text, size) in enumerate(
        (
            (content.name_of(facts).upper(), 11),
            (f"BÁO CÁO {facts.reported.words.upper()}", 14),
            (_days(facts), 11),
            *((caution, 11) for caution in content.cautions(facts)),
            (content.paragraph(facts), 11),
        ),
        1,
    ):
        _wide(sheet, row, text, size=size, bold=row <= 2)
    sheet.append([])
    _head(sheet, ("Chỉ tiêu", "Đơn vị tính", "Kỳ này", _BEFORE, "Tăng, giảm", "%"))
    seen = tables.inspection(facts)
    for heading, lines in [*tables.compared(facts), *([(_SEEN, seen)] if seen else [])]:
        _row(sheet, [heading], bold=True, columns=6)
        for line in lines:
            its = line.figure
            plain, signed = _FORMATS[line.decimals], _SIGNED[line.decimals]
            _row(sheet, [line.label, line.unit, its.now, its.before, its.by, its.percent],
                 formats=[plain, plain, signed, _SIGNED[1]])  # fmt: skip


def _movement(book: Workbook, facts: Facts) -> None:
    sheet = _sheet(book, "Biến động", (46, 14))
    _head(sheet, ("Biến động đảng viên", "Số đảng viên"))
    for line in tables.movement(facts):
        label = line.label if line.strong else f"   {line.label}"
        _row(sheet, [label, line.figure.now], bold=line.strong, formats=[_FORMATS[0]])


def _structure(book: Workbook, facts: Facts) -> None:
    sheet = _sheet(book, "Cơ cấu", (38, 14, 14, 20))
    _head(sheet, ("Cơ cấu đảng viên", "Số đảng viên", "Tỷ lệ (%)", _BEFORE))
    _shares(sheet, tables.structure(facts))
    sheet.append([])
    _head(sheet, ("Nhóm tuổi", "Số đảng viên", "Tỷ lệ (%)", _BEFORE))
    first = sheet.max_row
    _shares(sheet, tables.ages(facts))
    chart = BarChart()
    chart.title, chart.legend, chart.gapWidth = "Đảng viên theo nhóm tuổi", None, 40
    chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=sheet.max_row), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first + 1, max_row=sheet.max_row))
    _place(sheet, chart, "F2")


def _shares(sheet: Worksheet, lines: Iterable[Line]) -> None:
    for line in lines:
        _row(sheet, [line.label, line.figure.now, line.share, line.figure.before], bold=line.strong,
             formats=[_FORMATS[0], _FORMATS[1], _FORMATS[0]])  # fmt: skip


def _months(book: Workbook, facts: Facts) -> None:
    sheet = _sheet(book, "Theo tháng", (12, 12, 14, *[18] * len(KEPT), 18))
    _head(sheet, ("Tháng", "Đảng viên", "Kỳ phải sinh hoạt", *(label for _, label, _ in KEPT),
                  "Tỷ lệ dự họp (%)"))  # fmt: skip
    for period, its in facts.months:
        counts = [its[code] for code in ("members", "meetings.due", *(code for code, _, _ in KEPT))]
        _row(sheet, [month(period.first), *counts, its["meetings.attendance_rate"]],
             formats=[*[_FORMATS[0]] * len(counts), _FORMATS[1]])  # fmt: skip
    last, names = sheet.max_row, Reference(sheet, min_col=1, min_row=2, max_row=sheet.max_row)
    bars = BarChart()
    bars.title, bars.grouping, bars.overlap, bars.gapWidth = (
        "Sinh hoạt định kỳ theo tháng",
        "stacked",
        100,
        40,
    )
    bars.legend.position = "b"
    bars.add_data(Reference(sheet, min_col=4, max_col=3 + len(KEPT), min_row=1, max_row=last),
                  titles_from_data=True)  # fmt: skip
    for series, (_, _, colour) in zip(bars.series, KEPT, strict=True):
        series.graphicalProperties.solidFill = colour.removeprefix("#")
    lines = LineChart()
    lines.title, lines.legend = "Số đảng viên cuối mỗi tháng", None
    lines.add_data(Reference(sheet, min_col=2, min_row=1, max_row=last), titles_from_data=True)
    for chart, place in ((bars, f"A{last + 3}"), (lines, f"F{last + 3}")):
        chart.set_categories(names)
        _place(sheet, chart, place)


def _below(book: Workbook, facts: Facts) -> None:
    sheet = _sheet(book, "Trực thuộc", (14, 46, *[13] * 8))
    _head(sheet, ("Mã", "Tổ chức đảng", "Đảng viên", "Kỳ phải sinh hoạt", "Đã sinh hoạt", "Không sinh hoạt",
                  "Hoãn", "Tạm dừng", "Tỷ lệ (%)", "Tỷ lệ dự họp (%)"))  # fmt: skip
    codes = ("members", "meetings.due", "meetings.months_held", "meetings.missed", "meetings.postponed",
             "meetings.excused", "meetings.held_rate", "meetings.attendance_rate")  # fmt: skip
    for unit, its in facts.below:
        _row(sheet, [unit.code, unit.name, *(its[code] for code in codes)],
             formats=[*[_FORMATS[0]] * 6, *[_FORMATS[1]] * 2])  # fmt: skip
    sheet.freeze_panes = "C2"


def _source(book: Workbook, facts: Facts) -> None:
    sheet = _sheet(book, "Nguồn", (28, 80))
    for name, value in content.source(facts, whole=True):
        _row(sheet, [name, value])


def _days(facts: Facts) -> str:
    period = facts.reported.period
    return f"Từ ngày {day(period.first)} đến ngày {day(period.last)}"


def _sheet(book: Workbook, title: str, widths: Sequence[int]) -> Worksheet:
    sheet: Worksheet = book.create_sheet(title)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    return sheet


def _wide(sheet: Worksheet, row: int, text: str, *, size: int, bold: bool) -> None:
    """Write a text over all columns of the summary."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=6)
    cell = sheet.cell(row, 1)
    _text(cell, text)
    cell.font, cell.alignment = Font(size=size, bold=bold), Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[row].height = 16 * (1 + len(text) // 105) + (4 if size > 11 else 0)


def _head(sheet: Worksheet, names: Sequence[str]) -> None:
    sheet.append(list(names))
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill, cell.border = Font(bold=True), _HEADING, _BORDER
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")


def _row(
    sheet: Worksheet,
    cells: Sequence[_Cell],
    *,
    bold: bool = False,
    formats: Sequence[str] = (),
    columns: int = 0,
) -> None:
    """Add a row: the last cells are numbers, as many as there are `formats`."""
    sheet.append(
        [None if isinstance(value, str) else value for value in cells] + [None] * (columns - len(cells))
    )
    for cell, value in zip_longest(sheet[sheet.max_row], cells):
        if isinstance(value, str):
            _text(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font, cell.border = Font(bold=bold), _BORDER
    for cell, format_ in zip(sheet[sheet.max_row][len(cells) - len(formats) :], formats, strict=False):
        cell.number_format = format_


def _text(cell: Any, text: str) -> None:
    """Write a text that no spreadsheet takes for a formula, with a space for what it cannot hold."""
    cell.value = in_xml(text)
    cell.data_type = "s"


def _place(sheet: Worksheet, chart: Any, at: str) -> None:
    """Put a chart beside or below its figures; openpyxl hides axes unless told not to."""
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.numFmt, chart.width, chart.height = "#,##0", 18, 8.5
    sheet.add_chart(chart, at)
