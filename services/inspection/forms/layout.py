"""What stands in which line of the sheet: the code of each line, and what its cells are for. Pure.

A line is known again by the code in its first, hidden column, so that lines may be moved and others put between.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chassis.table_rows import Words
from rules.guidance import Criterion, Guidance
from services.inspection.checklists import Checklist

MOST_FINDINGS: Final = 6
CRITERIA: Final = {
    Criterion.DURATION: "Thời gian sinh hoạt",
    Criterion.ATTENDANCE: "Tỷ lệ đảng viên dự",
    Criterion.PREPARATION: "Công tác chuẩn bị",
    Criterion.PROCEDURE: "Trình tự sinh hoạt",
    Criterion.CONTENT: "Nội dung sinh hoạt",
    Criterion.CHAIRING: "Điều hành của chủ trì",
    Criterion.PRINCIPLES: "Thực hiện nguyên tắc",
    Criterion.RESULTS: "Kết quả thực hiện nghị quyết",
    Criterion.CLOSING: "Kết thúc buổi sinh hoạt",
}
YES_NO: Final = Words({True: ("Có", "yes"), False: ("Không", "no")})


class Choice(StrEnum):
    """What a cell offers to pick from, by the column of the sheet of lists that has it."""

    YES_NO = "A"
    GRADE = "B"
    SEVERITY = "C"
    LIMITATION = "D"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is filled in: from the third column on, what each cell offers; None for free text."""

    code: str
    label: str
    cells: tuple[Choice | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Lines with one heading; `columns` is what their cells are."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def sections(its: Checklist, guidance: Guidance) -> Iterator[Section]:
    """Yield the sections of the sheet for a checklist and the rubric of a day."""
    yes = Choice.YES_NO
    yield Section(
        "I. Kiểm tra sổ sách",
        ("Có sổ", "Cập nhật", "Ghi đúng", "Ghi chú"),
        tuple(Line(f"book:{one.code}", one.label, (yes, yes, yes, None)) for one in its.books),
    )
    yield Section(
        "II. Kiểm tra quy trình",
        ("Thực hiện", "Ghi chú"),
        tuple(Line(f"step:{one.code}", one.label, (yes, None)) for one in its.steps),
    )
    yield Section(
        "III. Nhận xét theo năm mặt",
        ("Mức", "Nhận xét"),
        tuple(Line(f"axis:{one.code}", one.label, (Choice.GRADE, None)) for one in its.axes),
    )
    yield Section(
        f"IV. Chấm điểm theo {guidance.source}",
        ("Điểm",),
        tuple(
            Line(f"points:{one.value}", f"{label} (tối đa {guidance.rubric[one]})", (None,))
            for one, label in CRITERIA.items()
        ),
    )
    yield Section(
        "V. Ý kiến",
        ("Nội dung",),
        (
            Line("text:guidance", "Hướng dẫn tại chỗ", (None,)),
            Line("text:comment", "Nhận xét chung", (None,)),
        ),
    )
    yield Section(
        "VI. Hạn chế",
        ("Hạn chế", "Mức độ", "Hạn khắc phục", "Nội dung"),
        tuple(
            Line(f"finding:{number}", f"Hạn chế {number}", (Choice.LIMITATION, Choice.SEVERITY, None, None))
            for number in range(1, MOST_FINDINGS + 1)
        ),
    )


def limitation_labels(its: Checklist) -> dict[str, tuple[str, str | None]]:
    """Return, by what a cell says, the axis and the limitation that it means; None for an axis in words only."""
    axes = {one.code: one.label for one in its.axes}
    known: dict[str, tuple[str, str | None]] = {one.label: (one.axis, one.code) for one in its.limitations}
    return known | {f"Khác: {label}": (axis, None) for axis, label in axes.items()}
