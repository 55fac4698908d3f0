"""The tables of a report as numbers under Vietnamese labels; papers write them out, workbooks calculate on. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.dimensions import VALUES, Dimension
from services.reporting.figures.measure import Kind
from services.reporting.reports.facts import Facts, Figure
from services.reporting.tree import CELL_TYPES


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what is counted, and how many."""

    label: str
    unit: str
    figure: Figure
    decimals: int = 0
    share: float | None = None
    """Of the whole, in per cent."""
    strong: bool = False
    """Whether the lines below it are parts of it."""


IN: Final[Mapping[str, str]] = {
    "admitted": "Kết nạp",
    "received": "Chuyển đến từ ngoài Đảng bộ",
    "restored": "Phục hồi đảng tịch",
    "transfer": "Chuyển đến từ chi bộ khác trong Đảng bộ",
    "merger": "Do sáp nhập chi bộ",
    "split": "Do chia tách chi bộ",
    "upgrade": "Do nâng chi bộ thành đảng bộ",
    "unit_moved_in": "Theo tổ chức đảng được chuyển về",
}
OUT: Final[Mapping[str, str]] = {
    "died": "Từ trần",
    "expelled": "Khai trừ",
    "removed": "Xóa tên",
    "resigned": "Xin ra khỏi Đảng",
    "transferred_out": "Chuyển đi ngoài Đảng bộ",
    "unstated": "Không rõ lý do",
    "transfer": "Chuyển đến chi bộ khác trong Đảng bộ",
    "merger": "Do sáp nhập chi bộ",
    "split": "Do chia tách chi bộ",
    "upgrade": "Do nâng chi bộ thành đảng bộ",
    "unit_moved_out": "Theo tổ chức đảng chuyển đi",
}
_ALWAYS: Final = frozenset(
    {"admitted", "received", "restored", "died", "expelled", "removed", "resigned", "transferred_out"}
)
"""Lines of the party's own table; the others are there where there is something in them."""

_SENSITIVE: Final = ("members.ethnic_minority", "members.with_religion")
_PARTS: Final = (
    "members.official", "members.probationary", "members.women", "members.ethnic_minority", "members.youth",
    "members.with_religion",
)  # fmt: skip
_COMPARED: Final[Sequence[tuple[str, Sequence[str]]]] = (
    ("Tổ chức đảng", ("units.grassroots_organisations", "units.grassroots_committees", "units.grassroots_cells",
                      "units.divisional_committees", "units.subordinate_cells")),
    ("Đảng viên", ("members", *_PARTS, "members.mean_age", "movement.admitted", "movement.confirmed", "movement.in",
                   "movement.out")),
    ("Sinh hoạt chi bộ", (
        "meetings.due", "meetings.months_held", "meetings.held_rate", "meetings.missed", "meetings.postponed",
        "meetings.excused", "meetings.thematic_due", "meetings.thematic_held", "meetings.held", "meetings.thematic",
        "meetings.attendance_rate", "meetings.opinions", "meetings.resolutions", "tasks", "tasks.on_time",
        "tasks.on_time_rate", "scores.self_mean", "scores.official_mean",
    )),
)  # fmt: skip
_ALWAYS_TOLD: Final = frozenset({"members", "movement.in", "movement.out"})
_INSPECTION: Final = ("visits", "findings", "scores.inspector")
_RATINGS: Final = ("ratings", "awards")


def is_cell(facts: Facts) -> bool:
    """Return whether a report is of a cell: its members are few, and all know one another."""
    return facts.unit is not None and facts.unit.type in CELL_TYPES


def compared(facts: Facts) -> list[tuple[str, list[Line]]]:
    """Return measures beside those of a year before, under their headings; those never counted are left out."""
    groups = [*_COMPARED, ("Đánh giá, xếp loại, khen thưởng", _matching(_RATINGS))]
    found = (
        (heading, [_line(facts, code) for code in codes if _is_told(facts, code)])
        for heading, codes in groups
    )
    return [(heading, lines) for heading, lines in found if lines]


def inspection(facts: Facts) -> list[Line]:
    """Return what working teams did and found."""
    return [_line(facts, code) for code in _matching(_INSPECTION) if _is_told(facts, code)]


def axes(facts: Facts) -> list[tuple[str, list[float]]]:
    """Return how often what teams commented on was found good, fair, average and poor; nothing without a visit."""
    found = [
        (label, [facts.axes.get((axis, grade), 0) for grade in VALUES[Dimension.GRADE]])
        for axis, label in VALUES[Dimension.AXIS].items()
    ]
    return found if any(any(counts) for _, counts in found) else []


def is_kept(facts: Facts, code: str) -> bool:
    """Return whether a measure is kept from a report: of a cell ethnic group and religion, which point at people."""
    return is_cell(facts) and code.startswith(_SENSITIVE)


def structure(facts: Facts) -> list[Line]:
    """Return who the members are, with their share of all; groups overlap."""
    whole = facts.figure("members")
    lines = [Line(MEASURES["members"].label, "đảng viên", whole, share=_share(whole, whole), strong=True)]
    for code in _PARTS:
        if not is_kept(facts, code):
            figure = facts.figure(code)
            lines.append(Line(MEASURES[code].label, "đảng viên", figure, share=_share(figure, whole)))
    return lines


def ages(facts: Facts) -> list[Line]:
    """Return members by age band, all bands that party reports have, and those below 18 where there are any."""
    whole = facts.figure("members")
    figures = (
        (label, facts.ages.get(band, Figure(0, 0, 0))) for band, label in VALUES[Dimension.AGE_BAND].items()
    )
    return [
        Line(f"{label} tuổi", "đảng viên", figure, share=_share(figure, whole))
        for place, (label, figure) in enumerate(figures)
        if place or figure.now
    ]


def movement(facts: Facts) -> list[Line]:
    """Return the table of party reports: A opening + B in by reason - C out by reason = D closing."""
    moved = facts.moved
    return [
        _count("A. Đảng viên đầu kỳ", moved.opening, strong=True),
        _count("B. Đảng viên tăng trong kỳ", moved.came.total, strong=True),
        *(_count(label, count) for label, count in reasons(moved.came.by_reason, IN, always=True)),
        _count("C. Đảng viên giảm trong kỳ", moved.went.total, strong=True),
        *_out(moved.went.by_reason, moved.went.removed_on_probation),
        _count("D. Đảng viên cuối kỳ (A + B - C)", moved.closing, strong=True),
    ]


def reasons(
    counts: Mapping[str, int], labels: Mapping[str, str], *, always: bool = False
) -> Iterator[tuple[str, int]]:
    """Yield reasons as people call them, with their counts; with `always` those of the party's table though 0."""
    for reason, count in counts.items():
        if count or (always and reason in _ALWAYS):
            yield labels.get(reason, reason), count


def _out(counts: Mapping[str, int], on_probation: int) -> Iterator[Line]:
    for label, count in reasons(counts, OUT, always=True):
        yield _count(label, count)
        if label == OUT["removed"] and on_probation:
            yield _count("Trong đó: đảng viên dự bị", on_probation)


def _count(label: str, count: int, *, strong: bool = False) -> Line:
    return Line(label, "đảng viên", Figure(count), strong=strong)


def _line(facts: Facts, code: str) -> Line:
    measure = MEASURES[code]
    return Line(
        measure.label, measure.unit, facts.figure(code), decimals=1 if measure.kind is Kind.RATIO else 0
    )


def _is_told(facts: Facts, code: str) -> bool:
    figure = facts.figure(code)
    if is_kept(facts, code) or (code.startswith("units.") and is_cell(facts)):
        return False
    if code == "meetings.missed":
        return bool(facts.now("meetings.due"))
    return code in _ALWAYS_TOLD or bool(figure.now or figure.before)


def _matching(families: Iterable[str]) -> list[str]:
    """Return the measures of some families, as far as the catalogue has any."""
    wanted = tuple(families)
    return [code for code in MEASURES if code.startswith(wanted)]


def _share(part: Figure, whole: Figure) -> float | None:
    """Return a share in per cent to one decimal, halves up, as measures of the catalogue are rounded."""
    return int((part.now or 0) * 1000 / whole.now + 0.5) / 10 if whole.now else None
