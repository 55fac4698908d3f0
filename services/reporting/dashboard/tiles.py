"""Single figures of the page, each beside that of a year before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.measure import Kind
from services.reporting.figures.query import Row, difference


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with that of a year before."""

    label: str
    now: float | None
    before: float | None
    difference: float | None
    ratio: bool
    """Whether it is a share or a mean, to one decimal."""
    unit: str
    """`%` of a share; else nothing, the label says it."""
    whole: float | None = None
    """Of how many it is a part, where that says something."""


MEMBERS: Final = {
    "members": "Đảng viên",
    "members.women": "Đảng viên nữ",
    "members.ethnic_minority": "Dân tộc thiểu số",
    "members.with_religion": "Có đạo",
    "members.youth": "Đoàn viên, thanh niên",
    "members.probationary": "Đảng viên dự bị",
    "members.mean_age": "Tuổi bình quân",
}
OF_FEW: Final = ("members.ethnic_minority", "members.with_religion")
"""Not shown of a cell: there these are a few people, whom a page before an audience would point at."""
UNITS: Final = {
    "units.grassroots_organisations": "Tổ chức cơ sở đảng",
    "units.grassroots_committees": "Đảng bộ cơ sở",
    "units.grassroots_cells": "Chi bộ cơ sở",
    "units.divisional_committees": "Đảng bộ bộ phận",
    "units.subordinate_cells": "Chi bộ trực thuộc",
}
MEETINGS: Final = {
    "meetings.months_held": "Kỳ đã họp định kỳ",
    "meetings.postponed": "Kỳ hoãn có lý do",
    "meetings.excused": "Kỳ tạm dừng theo chỉ đạo",
    "meetings.missed": "Kỳ không họp, không lý do",
    "meetings.attendance_rate": "Đảng viên dự họp",
    "meetings.thematic_rate": "Chi bộ họp chuyên đề hằng quý",
    "tasks.on_time_rate": "Nhiệm vụ đúng hạn",
}
INSPECTION: Final = {
    "visits": "Lượt dự sinh hoạt",
    "visits.coverage": "Chi bộ đã được dự",
    "visits.cells_left": "Chi bộ chưa được dự",
    "visits.books_in_order_rate": "Sổ sách đúng quy định",
    "findings.found": "Hạn chế phát hiện",
    "findings.closed": "Hạn chế đã khắc phục",
    "findings.unsettled": "Hạn chế còn phải khắc phục",
    "findings.overdue": "Hạn chế quá hạn",
}
ALL: Final = ",".join(
    ("meetings.due", "meetings.held", "units.cells", *MEMBERS, *UNITS, *MEETINGS, *INSPECTION)
)
"""The measures that all tiles are made of."""

_WHOLE: Final = dict.fromkeys(MEMBERS, "members") | dict.fromkeys(MEETINGS, "meetings.due")


def tiles(row: Row, labels: Mapping[str, str], *, without: Sequence[str] = ()) -> list[Tile]:
    """Return a tile for each of these measures."""
    return [_tile(row, code, label) for code, label in labels.items() if code not in without]


def said(found: Sequence[Tile]) -> list[Tile]:
    """Return those that say something: there is, or was, any of what they count."""
    return [one for one in found if one.now or one.before]


def _tile(row: Row, code: str, label: str) -> Tile:
    measure, now, before = MEASURES[code], row.values[code], (row.last_year or {}).get(code)
    ratio, whole = measure.kind is Kind.RATIO, _WHOLE.get(code, code)
    return Tile(
        label,
        now,
        before,
        difference(measure, now, before)[0],
        ratio,
        "%" if measure.unit == "%" else "",
        None if ratio or whole == code else row.values[whole],
    )
