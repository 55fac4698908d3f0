"""What can be asked for: each measure with its label, what it counts and how it is told apart. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final


class Kind(StrEnum):
    """How a measure is of a period, and so how it may be added up."""

    STOCK = "stock"
    """How it is on the last day: adds up over units, never over periods."""
    FLOW = "flow"
    """What happened in it: adds up over units and periods."""
    RATIO = "ratio"
    """One sum over another: adds up over nothing."""


class Dimension(StrEnum):
    """What figures can be told apart by."""

    UNIT = "unit"
    """The units directly below the one asked for."""
    GRASSROOTS = "grassroots"
    """Tổ chức cơ sở đảng."""
    CELL = "cell"
    TYPE = "type"
    """The type of a unit."""
    GENDER = "gender"
    ETHNIC_MINORITY = "ethnic_minority"
    RELIGION = "religion"
    YOUTH = "youth"
    STANDING = "standing"
    AGE_BAND = "age_band"
    KIND = "kind"
    """The kind of a meeting."""
    GRADE = "grade"


UNITS: Final = (Dimension.UNIT, Dimension.GRASSROOTS, Dimension.CELL)
"""Dimensions by which every figure can be told apart; one of them at a time."""

LABELS: Final[Mapping[Dimension, str]] = {
    Dimension.UNIT: "Tổ chức đảng trực tiếp cấp dưới",
    Dimension.GRASSROOTS: "Tổ chức cơ sở đảng",
    Dimension.CELL: "Chi bộ",
    Dimension.TYPE: "Loại hình tổ chức đảng",
    Dimension.GENDER: "Giới tính",
    Dimension.ETHNIC_MINORITY: "Dân tộc thiểu số",
    Dimension.RELIGION: "Có đạo",
    Dimension.YOUTH: "Đoàn viên, thanh niên",
    Dimension.STANDING: "Loại đảng viên",
    Dimension.AGE_BAND: "Nhóm tuổi",
    Dimension.KIND: "Loại sinh hoạt",
    Dimension.GRADE: "Xếp loại",
}

_YES_NO: Final = {"true": "Có", "false": "Không"}
VALUES: Final[Mapping[Dimension, Mapping[str, str]]] = {
    Dimension.TYPE: {
        "bloc": "Đảng bộ Khối",
        "grassroots_committee": "Đảng bộ cơ sở",
        "divisional_committee": "Đảng bộ bộ phận",
        "grassroots_cell": "Chi bộ cơ sở",
        "subordinate_cell": "Chi bộ trực thuộc",
    },
    Dimension.GENDER: {"female": "Nữ", "male": "Nam"},
    Dimension.ETHNIC_MINORITY: _YES_NO,
    Dimension.RELIGION: _YES_NO,
    Dimension.YOUTH: _YES_NO,
    Dimension.STANDING: {"official": "Chính thức", "probationary": "Dự bị"},
    Dimension.AGE_BAND: {
        "under_18": "Dưới 18", "18-30": "18–30", "31-35": "31–35", "36-40": "36–40", "41-45": "41–45",
        "46-50": "46–50", "51-55": "51–55", "56-60": "56–60", "over_60": "Trên 60",
    },
    Dimension.KIND: {"regular": "Định kỳ", "thematic": "Chuyên đề", "extraordinary": "Đột xuất"},
    Dimension.GRADE: {"good": "Tốt", "fair": "Khá", "average": "Trung bình", "poor": "Kém"},
}  # fmt: skip
"""The values of a dimension, in their order, with what people call them."""


class Source(StrEnum):
    """Which projection a measure comes from, and so which query."""

    MEMBERS = "members"
    UNITS = "units"
    MOVEMENT = "movement"
    MEETINGS = "meetings"
    MONTHS = "months"
    QUARTERS = "quarters"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that can be asked for. Its value is a sum of columns of its source, or one sum over another."""

    code: str
    label: str
    unit: str
    """What is counted, in Vietnamese; `%` of ratios, `năm`, `điểm` and `phút` of means."""
    kind: Kind
    source: Source
    columns: tuple[str, ...]
    over: tuple[str, ...] = ()
    """Of a ratio: what the sum is divided by."""
    scale: int = 1
    """By what a ratio is multiplied: 100 for per cent."""
    dimensions: tuple[Dimension, ...] = ()
    """By what it can be told apart beside units."""
    better: int = 0
    """Which way is better, for rankings and colours: 1 more, -1 less, 0 neither."""

    @property
    def all_columns(self) -> tuple[str, ...]:
        """All columns that its value is made of."""
        return (*self.columns, *self.over)

    def value(self, sums: Mapping[str, float]) -> float | None:
        """Return its value of these sums: a whole number, or a ratio to one decimal; None where there is no base."""
        above = sum(sums.get(column, 0) for column in self.columns)
        if self.kind is not Kind.RATIO:
            return above
        below = sum(sums.get(column, 0) for column in self.over)
        # Halves up, as people round: a float would round some down.
        return None if below <= 0 else int(above * self.scale * 10 / below + 0.5) / 10


_OF_MEMBERS: Final = (
    Dimension.GENDER, Dimension.ETHNIC_MINORITY, Dimension.RELIGION, Dimension.YOUTH, Dimension.STANDING,
    Dimension.AGE_BAND,
)  # fmt: skip


def _members(code: str, label: str, column: str) -> Measure:
    return Measure(code, label, "đảng viên", Kind.STOCK, Source.MEMBERS, (column,), dimensions=_OF_MEMBERS)


def _member_share(code: str, label: str, column: str) -> Measure:
    return Measure(
        code, label, "%", Kind.RATIO, Source.MEMBERS, (column,), ("total",), 100, dimensions=_OF_MEMBERS
    )


def _units(code: str, label: str, *types: str) -> Measure:
    dimensions = (Dimension.TYPE,)
    return Measure(code, label, "tổ chức", Kind.STOCK, Source.UNITS, types, dimensions=dimensions)


def _movement(code: str, label: str, column: str, kind: Kind = Kind.FLOW) -> Measure:
    return Measure(code, label, "đảng viên", kind, Source.MOVEMENT, (column,))


def _months(code: str, label: str, *columns: str, better: int = 0) -> Measure:
    return Measure(code, label, "kỳ", Kind.FLOW, Source.MONTHS, columns, better=better)


def _meetings(code: str, label: str, unit: str, column: str, better: int = 0) -> Measure:
    dimensions = (Dimension.KIND,)
    return Measure(
        code, label, unit, Kind.FLOW, Source.MEETINGS, (column,), dimensions=dimensions, better=better
    )


def _meeting_ratio(
    code: str, label: str, unit: str, column: str, over: str, *, scale: int = 1, better: int = 1
) -> Measure:
    return Measure(
        code, label, unit, Kind.RATIO, Source.MEETINGS, (column,), (over,), scale, (Dimension.KIND,), better
    )


_CELLS: Final = ("grassroots_cell", "subordinate_cell")
_DUE: Final = ("held", "postponed", "excused", "missed", "open")

MEASURES: Final[Mapping[str, Measure]] = {
    measure.code: measure
    for measure in (
        _members("members", "Đảng viên", "total"),
        _members("members.official", "Đảng viên chính thức", "official"),
        _members("members.probationary", "Đảng viên dự bị", "probationary"),
        _members("members.women", "Đảng viên nữ", "women"),
        _members("members.ethnic_minority", "Đảng viên người dân tộc thiểu số", "ethnic_minority"),
        _members("members.youth", "Đảng viên là đoàn viên, thanh niên", "youth"),
        _members("members.with_religion", "Đảng viên có đạo", "with_religion"),
        _member_share("members.women_rate", "Tỷ lệ đảng viên nữ", "women"),
        _member_share("members.ethnic_minority_rate", "Tỷ lệ đảng viên người dân tộc thiểu số", "ethnic_minority"),
        Measure("members.mean_age", "Tuổi bình quân", "năm", Kind.RATIO, Source.MEMBERS, ("years",), ("total",),
                dimensions=_OF_MEMBERS),
        _units("units.grassroots_organisations", "Tổ chức cơ sở đảng", "grassroots_committee", "grassroots_cell"),
        _units("units.grassroots_committees", "Đảng bộ cơ sở", "grassroots_committee"),
        _units("units.grassroots_cells", "Chi bộ cơ sở", "grassroots_cell"),
        _units("units.divisional_committees", "Đảng bộ bộ phận", "divisional_committee"),
        _units("units.subordinate_cells", "Chi bộ trực thuộc", "subordinate_cell"),
        _units("units.cells", "Chi bộ", *_CELLS),
        _movement("movement.in", "Đảng viên tăng", "in"),
        _movement("movement.admitted", "Kết nạp", "in.admitted"),
        _movement("movement.received", "Chuyển đến từ ngoài", "in.received"),
        _movement("movement.restored", "Phục hồi đảng tịch", "in.restored"),
        _movement("movement.out", "Đảng viên giảm", "out"),
        _movement("movement.died", "Từ trần", "out.died"),
        _movement("movement.expelled", "Khai trừ", "out.expelled"),
        _movement("movement.removed", "Xóa tên", "out.removed"),
        _movement("movement.resigned", "Xin ra khỏi Đảng", "out.resigned"),
        _movement("movement.transferred_out", "Chuyển đi khỏi đảng bộ", "out.transferred_out"),
        _movement("movement.confirmed", "Công nhận chính thức", "within.confirmed"),
        _months("meetings.due", "Kỳ phải sinh hoạt", *_DUE),
        _months("meetings.months_held", "Kỳ đã sinh hoạt", "held", better=1),
        _months("meetings.missed", "Kỳ không sinh hoạt, không lý do", "missed", better=-1),
        _months("meetings.postponed", "Kỳ hoãn có lý do", "postponed"),
        _months("meetings.excused", "Kỳ tạm dừng theo chỉ đạo", "excused"),
        _months("meetings.open", "Kỳ chưa hết tháng", "open"),
        Measure("meetings.held_rate", "Tỷ lệ kỳ đã sinh hoạt", "%", Kind.RATIO, Source.MONTHS, ("held",), _DUE, 100,
                better=1),
        Measure("meetings.thematic_due", "Lượt chi bộ phải sinh hoạt chuyên đề trong quý", "lượt", Kind.FLOW,
                Source.QUARTERS, ("due",)),
        Measure("meetings.thematic_held", "Lượt chi bộ đã sinh hoạt chuyên đề trong quý", "lượt", Kind.FLOW,
                Source.QUARTERS, ("held",), better=1),
        Measure("meetings.thematic_rate", "Tỷ lệ chi bộ sinh hoạt chuyên đề trong quý", "%", Kind.RATIO,
                Source.QUARTERS, ("held",), ("due",), 100, better=1),
        _meetings("meetings.held", "Cuộc họp đã tổ chức", "cuộc", "held"),
        _meetings("meetings.thematic", "Cuộc họp có chuyên đề", "cuộc", "thematic"),
        _meetings("meetings.put_off", "Cuộc họp đang hoãn", "cuộc", "put_off"),
        _meetings("meetings.called_off", "Cuộc họp đã hủy", "cuộc", "called_off"),
        _meeting_ratio("meetings.minutes", "Thời gian bình quân một cuộc", "phút", "minutes", "timed", better=0),
        _meetings("meetings.counted", "Lượt đảng viên phải dự họp", "lượt", "counted"),
        _meetings("meetings.present", "Lượt đảng viên dự họp", "lượt", "present"),
        _meetings("meetings.excused_absences", "Lượt vắng có lý do", "lượt", "excused"),
        _meetings("meetings.unexcused_absences", "Lượt vắng không lý do", "lượt", "unexcused", -1),
        _meeting_ratio("meetings.attendance_rate", "Tỷ lệ đảng viên dự họp", "%", "present", "counted", scale=100),
        _meetings("meetings.opinions", "Ý kiến phát biểu", "ý kiến", "opinions"),
        _meetings("meetings.resolutions", "Nghị quyết được thông qua", "nghị quyết", "resolutions"),
        _meetings("meetings.rejected_resolutions", "Nghị quyết không được thông qua", "nghị quyết", "rejected"),
        _meetings("meetings.minutes_approved", "Biên bản đã thông qua", "biên bản", "approved"),
        _meetings("meetings.reported_up", "Biên bản, nghị quyết đã gửi cấp trên", "cuộc", "reported_up"),
        _meeting_ratio("meetings.reported_in_time_rate", "Tỷ lệ gửi cấp trên đúng hạn", "%", "reported_in_time",
                       "reported_up", scale=100),
        _meetings("scores.self", "Cuộc họp chi bộ tự chấm", "cuộc", "self"),
        _meeting_ratio("scores.self_mean", "Điểm tự chấm bình quân", "điểm", "self_points", "self"),
        _meetings("scores.official", "Cuộc họp cấp trên chấm", "cuộc", "official"),
        _meeting_ratio("scores.official_mean", "Điểm cấp trên chấm bình quân", "điểm", "official_points", "official"),
        *(
            _meetings(f"scores.{kind}.{grade}", f"{scored}, xếp loại {label.lower()}", "cuộc", f"{kind}.{grade}")
            for kind, scored in (("self", "Cuộc họp tự chấm"), ("official", "Cuộc họp cấp trên chấm"))
            for grade, label in VALUES[Dimension.GRADE].items()
        ),
        Measure("tasks", "Nhiệm vụ đến hạn", "nhiệm vụ", Kind.FLOW, Source.TASKS, ("tasks",)),
        Measure("tasks.on_time", "Nhiệm vụ hoàn thành đúng hạn", "nhiệm vụ", Kind.FLOW, Source.TASKS, ("on_time",),
                better=1),
        Measure("tasks.on_time_rate", "Tỷ lệ nhiệm vụ hoàn thành đúng hạn", "%", Kind.RATIO, Source.TASKS,
                ("on_time",), ("tasks",), 100, better=1),
        Measure("tasks.overdue", "Nhiệm vụ quá hạn chưa xong", "nhiệm vụ", Kind.FLOW, Source.TASKS, ("overdue",),
                better=-1),
    )
}  # fmt: skip
"""All measures by their codes, in the order in which they are listed."""


def matching(pattern: str) -> Sequence[Measure]:
    """Return the measure of a code, or all that a pattern such as `meetings.*` means, in their order."""
    if "*" not in pattern:
        return [MEASURES[pattern]] if pattern in MEASURES else []
    return [measure for code, measure in MEASURES.items() if fnmatchcase(code, pattern)]


def dimensions_of(measures: Iterable[Measure]) -> list[Dimension]:
    """Return the dimensions by which all of these measures can be told apart, in their order."""
    common = set(Dimension)
    for measure in measures:
        common &= {*UNITS, *measure.dimensions}
    return [dimension for dimension in Dimension if dimension in common]
