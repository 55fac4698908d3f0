"""The sheet as a workbook: what is known of the meeting filled in, lists to pick from, the rest to write on."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from chassis.tables import in_xml
from rules.guidance import Guidance
from services.inspection.checklists import Checklist
from services.inspection.forms.layout import YES_NO, Choice, limitation_labels, sections
from services.inspection.imports.columns import GRADES, SEVERITIES

SHEET: Final = "Phiếu dự"
_LISTS: Final = "Danh mục"
_TITLE: Final = "PHIẾU DỰ SINH HOẠT CHI BỘ"
_BOLD: Final = Font(bold=True)
_HEAD: Final = PatternFill("solid", start_color="DDE6F0")
_LINE: Final = Side(style="thin", color="999999")
_BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WIDTHS: Final = {"B": 44, "C": 26, "D": 16, "E": 16, "F": 48}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is filled in beforehand."""

    meeting_id: str
    team_code: str
    cell: str
    """Code and name."""
    kind: str
    """Of the meeting, in Vietnamese."""
    day: date
    visitor_ids: Sequence[str]


def written(known: Known, its: Checklist, guidance: Guidance) -> bytes:
    """Return the workbook. CPU-bound."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = SHEET
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["A"].hidden = True
    lists = _write_lists(book.create_sheet(_LISTS), its)
    for validation in lists.values():
        sheet.add_data_validation(validation)
    sheet.append(["", _TITLE])
    sheet["B1"].font = Font(bold=True, size=14)
    _write_known(sheet, known)
    for section in sections(its, guidance):
        sheet.append([])
        sheet.append(["", section.title, *section.columns])
        for cell in sheet[sheet.max_row][1 : 2 + len(section.columns)]:
            cell.font, cell.fill, cell.border = _BOLD, _HEAD, _BOX
        for line in section.lines:
            sheet.append([line.code, line.label])
            row = sheet.max_row
            sheet.cell(row, 2).border = _BOX
            for number, choice in enumerate(line.cells, 3):
                cell = sheet.cell(row, number)
                cell.border, cell.alignment = _BOX, Alignment(wrap_text=True, vertical="top")
                if choice is not None:
                    lists[choice].add(cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write_known(sheet: Worksheet, known: Known) -> None:
    for code, label, value in (
        ("meta:meeting", "Mã số cuộc họp (không sửa)", known.meeting_id),
        ("meta:team", "Tổ công tác (không sửa)", known.team_code),
        ("meta:visitors", "Mã số người dự (không sửa)", " ".join(known.visitor_ids)),
        ("", "Chi bộ", known.cell),
        ("", "Cuộc họp", f"{known.kind}, ngày {known.day:%d/%m/%Y}"),
        ("meta:visited_on", "Ngày dự", known.day),
    ):
        sheet.append([code, label])
        place = sheet.cell(sheet.max_row, 3)
        if isinstance(value, date):
            place.value = value
        else:
            place.value = in_xml(value)
            place.data_type = "s"  # openpyxl takes text that begins with = for a formula
        if code in {"meta:meeting", "meta:visitors"}:
            sheet.row_dimensions[sheet.max_row].hidden = True
    sheet.cell(sheet.max_row, 3).number_format = "dd/mm/yyyy"


def _write_lists(sheet: Worksheet, its: Checklist) -> dict[Choice, DataValidation]:
    """Write what cells offer to pick from, and return the lists by their kinds."""
    sheet.sheet_state = "hidden"
    found = {}
    for choice, texts in (
        (Choice.YES_NO, YES_NO.offered.split(", ")),
        (Choice.GRADE, GRADES.offered.split(", ")),
        (Choice.SEVERITY, SEVERITIES.offered.split(", ")),
        (Choice.LIMITATION, list(limitation_labels(its))),
    ):
        for number, text in enumerate(texts, 1):
            sheet[f"{choice}{number}"] = text
        formula = f"'{_LISTS}'!${choice}$1:${choice}${len(texts)}"
        found[choice] = DataValidation(type="list", formula1=formula, allow_blank=True)
    return found
