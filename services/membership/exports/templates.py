"""Empty workbooks to fill in: Vietnamese headers, pick-lists and date cells; a second sheet explains each column."""

import io
from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from chassis.tables import MAX_LINES
from services.membership.columns import COLUMNS, TITLES, Column, Kind
from services.membership.exports.sheets import cell_of, head, set_columns

_GUIDE: Final = "Hướng dẫn"
_GUIDE_HEAD: Final = ("Cột", "Tên trong tệp CSV", "Bắt buộc", "Cách ghi", "Các giá trị")
_GUIDE_WIDTHS: Final = (24, 18, 10, 60, 40)
_DATES: Final = "Ghi ngày/tháng/năm, ví dụ 30/11/2020."
_EXAMPLE: Final = "Dòng ví dụ, chỉ để xem: trang này không được nhập, hãy ghi dữ liệu vào trang “{title}”."
_FIRST_DAY: Final = "1"
"""1 January 1900, the first day that a spreadsheet can count."""


def template(kind: Kind) -> bytes:
    """Return the workbook to fill in; its first sheet has a header and nothing else, and imports as it is."""
    columns = COLUMNS[kind]
    book = Workbook()
    data: Worksheet = book.worksheets[0]
    data.title = TITLES[kind]
    set_columns(data, columns)
    data.append(head(data, [column.label for column in columns]))
    for place, column in enumerate(columns, start=1):
        if rule := _rule(column):
            letter = get_column_letter(place)
            rule.add(f"{letter}2:{letter}{MAX_LINES}")
            data.add_data_validation(rule)
    _explain(book.create_sheet(_GUIDE), columns, TITLES[kind])
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def _rule(column: Column) -> DataValidation | None:
    """Return what a spreadsheet is to offer and check in the cells of a column."""
    if column.words:
        offered = ",".join(column.words)
        rule = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
        rule.error = "Hãy chọn một giá trị trong danh sách."
    elif column.is_date:
        rule = DataValidation(
            type="date", operator="greaterThanOrEqual", formula1=_FIRST_DAY, allow_blank=True
        )
        rule.error = _DATES
    else:
        return None
    rule.errorTitle, rule.promptTitle, rule.prompt = column.label, column.label, column.meaning
    rule.showErrorMessage = rule.showInputMessage = True
    return rule


def _explain(guide: Worksheet, columns: Sequence[Column], title: str) -> None:
    for place, width in enumerate(_GUIDE_WIDTHS, start=1):
        guide.column_dimensions[get_column_letter(place)].width = width
    guide.append(head(guide, _GUIDE_HEAD))
    for column in columns:
        meaning = f"{column.meaning} {_DATES}" if column.is_date else column.meaning
        texts = (column.label, column.name, "Có" if column.required else "", meaning, ", ".join(column.words))
        guide.append([cell_of(guide, text) for text in texts])
        for cell in guide[guide.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    guide.append([])
    guide.append([_EXAMPLE.format(title=title)])
    guide.append(head(guide, [column.label for column in columns]))
    guide.append([cell_of(guide, column.example) for column in columns])
