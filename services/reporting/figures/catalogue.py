"""What can be asked for: each measure with its label, what it counts and how it is told apart. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from services.reporting.figures.dimensions import UNITS, VALUES, Dimension
from services.reporting.figures.measure import Kind, Measure, Source

_OF_MEMBERS: Final = (
    Dimension.GENDER, Dimension.ETHNIC_MINORITY, Dimension.RELIGION, Dimension.YOUTH, Dimension.STANDING,
    Dimension.AGE_BAND, Dimension.EDUCATION, Dimension.QUALIFICATION, Dimension.THEORY, Dimension.OCCUPATION,
    Dimension.ERA, Dimension.PARTY_AGE,
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


def _visits(code: str, label: str, unit: str, *columns: str) -> Measure:
    return Measure(code, label, unit, Kind.FLOW, Source.VISITS, columns, dimensions=(Dimension.KIND,))


def _visit_ratio(code: str, label: str, unit: str, column: str, over: str, *, scale: int = 1) -> Measure:
    return Measure(
        code, label, unit, Kind.RATIO, Source.VISITS, (column,), (over,), scale, (Dimension.KIND,), better=1
    )


def _coverage(code: str, label: str, *columns: str, better: int = 0) -> Measure:
    return Measure(code, label, "chi bộ", Kind.DISTINCT, Source.COVERAGE, columns, better=better)


def _findings(code: str, label: str, column: str, *, better: int = 0) -> Measure:
    dimensions = (Dimension.AXIS, Dimension.SEVERITY)
    return Measure(
        code, label, "hạn chế", Kind.FLOW, Source.FINDINGS, (column,), dimensions=dimensions, better=better
    )


def _findings_then(code: str, label: str, column: str) -> Measure:
    dimensions = (Dimension.AXIS, Dimension.SEVERITY, Dimension.STATE)
    return Measure(
        code, label, "hạn chế", Kind.STOCK, Source.FINDINGS_THEN, (column,), dimensions=dimensions, better=-1
    )


def _ratings(code: str, label: str, unit: str, column: str) -> Measure:
    dimensions = (Dimension.RATING,)
    return Measure(code, label, unit, Kind.FLOW, Source.RATINGS, (column,), dimensions=dimensions)


def _awards(code: str, label: str, column: str) -> Measure:
    dimensions = (Dimension.AWARD, Dimension.LEVEL)
    return Measure(code, label, "lượt", Kind.FLOW, Source.AWARDS, (column,), dimensions=dimensions, better=1)


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
        _visits("visits", "Lượt dự sinh hoạt của tổ công tác", "lượt", "visits"),
        _coverage("visits.cells", "Chi bộ được dự sinh hoạt", "visited", better=1),
        _coverage("visits.cells_left", "Chi bộ chưa được dự sinh hoạt", "left", better=-1),
        Measure("visits.coverage", "Tỷ lệ chi bộ được dự sinh hoạt", "%", Kind.RATIO, Source.COVERAGE,
                ("visited_there",), ("visited_there", "left"), 100, better=1),
        _visit_ratio("visits.books_in_order_rate", "Tỷ lệ sổ sách đúng quy định", "%", "books_in_order", "books",
                     scale=100),
        _visit_ratio("visits.steps_followed_rate", "Tỷ lệ bước thực hiện đúng quy trình", "%", "steps_followed",
                     "steps", scale=100),
        Measure("visits.grades", "Nhận xét theo từng mặt", "nhận xét", Kind.FLOW, Source.AXES, ("grades",),
                dimensions=(Dimension.AXIS, Dimension.GRADE)),
        Measure("visits.mean_grade", "Mức nhận xét bình quân (1–4)", "điểm", Kind.RATIO, Source.AXES, ("value",),
                ("grades",), dimensions=(Dimension.AXIS,), better=1),
        _visits("scores.inspector", "Cuộc họp tổ công tác chấm", "cuộc", "scored"),
        _visit_ratio("scores.inspector_mean", "Điểm tổ công tác chấm bình quân", "điểm", "points", "scored"),
        *(
            _visits(f"scores.inspector.{grade}", f"Cuộc họp tổ công tác chấm, loại {label.lower()}", "cuộc", grade)
            for grade, label in VALUES[Dimension.GRADE].items()
        ),
        _findings("findings.found", "Hạn chế được phát hiện", "found"),
        _findings("findings.recurrent", "Hạn chế lặp lại", "recurrent", better=-1),
        _findings("findings.closed", "Hạn chế đã xác nhận khắc phục", "closed", better=1),
        _findings_then("findings.unsettled", "Hạn chế chưa khắc phục xong", "unsettled"),
        _findings_then("findings.overdue", "Hạn chế quá hạn khắc phục", "overdue"),
        _ratings("ratings.members", "Đảng viên được đánh giá, xếp loại", "đảng viên", "members"),
        Measure("ratings.members_excellent_rate", "Tỷ lệ đảng viên hoàn thành xuất sắc nhiệm vụ", "%", Kind.RATIO,
                Source.RATINGS, ("members_excellent",), ("members_graded",), 100),
        _ratings("ratings.units", "Tổ chức đảng được đánh giá, xếp loại", "tổ chức", "units"),
        Measure("ratings.units_excellent_rate", "Tỷ lệ tổ chức đảng hoàn thành xuất sắc nhiệm vụ", "%", Kind.RATIO,
                Source.RATINGS, ("units_excellent",), ("units_graded",), 100),
        _awards("awards.units", "Tập thể được khen thưởng", "units"),
        _awards("awards.members", "Đảng viên được khen thưởng", "members"),
        Measure("awards.five_year_flags", "Cờ “Trong sạch, vững mạnh” tiêu biểu 5 năm liên tục", "lượt", Kind.FLOW,
                Source.AWARDS, ("five_year_flags",), dimensions=(Dimension.LEVEL,), better=1),
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
