"""The columns of files of past visits and of findings, and what the words in them mean."""

from typing import Final

from chassis.table_rows import Column, Format, Words
from contracts.findings import Severity
from contracts.meetings import MeetingKind
from contracts.visits import AxisGrade
from rules.guidance import Criterion
from services.inspection.faults import Fault
from services.inspection.requests import LONGEST

_WHERE: Final = (
    Column("team_code", ("Mã tổ", "Tổ công tác")),
    Column("cell_code", ("Mã chi bộ", "Mã tổ chức đảng")),
    Column("kind", ("Loại", "Loại sinh hoạt")),
    Column("month", ("Tháng", "Của tháng")),
)
_CRITERIA: Final = {
    Criterion.DURATION: "Thời gian",
    Criterion.ATTENDANCE: "Tỷ lệ dự",
    Criterion.PREPARATION: "Chuẩn bị",
    Criterion.PROCEDURE: "Trình tự",
    Criterion.CONTENT: "Nội dung",
    Criterion.CHAIRING: "Chủ trì",
    Criterion.PRINCIPLES: "Nguyên tắc",
    Criterion.RESULTS: "Kết quả nghị quyết",
    Criterion.CLOSING: "Kết thúc",
}
AXES: Final = {
    "content": "Nội dung sinh hoạt",
    "procedure": "Quy trình sinh hoạt",
    "organisation": "Công tác tổ chức",
    "chairing": "Điều hành",
    "quality": "Chất lượng sinh hoạt",
}
"""The axes that a file of past visits has a column for, with its label."""

VISITS: Final = Format(
    (
        *_WHERE,
        Column("visited_on", ("Ngày dự",)),
        *(Column(f"grade_{axis}", (f"Nhận xét: {label}",)) for axis, label in AXES.items()),
        Column("books_missing", ("Sổ không có",)),
        Column("books_outdated", ("Sổ chưa cập nhật",)),
        Column("books_incorrect", ("Sổ ghi sai",)),
        Column("steps_missed", ("Bước không thực hiện",)),
        *(Column(f"points_{one.value}", (f"Điểm: {label}",)) for one, label in _CRITERIA.items()),
        Column("advice", ("Hướng dẫn tại chỗ",)),
    ),
    Fault,
    LONGEST,
)
"""A list is of the checklist's codes, with semicolons; a hyphen: all was in order; empty: nobody looked."""

FINDINGS: Final = Format(
    (
        *_WHERE,
        Column("limitation", ("Hạn chế",)),
        Column("axis", ("Mặt",)),
        Column("severity", ("Mức độ",)),
        Column("summary", ("Nội dung hạn chế",)),
        Column("due_on", ("Hạn khắc phục",)),
        Column("reported_on", ("Ngày báo cáo khắc phục",)),
        Column("evidence", ("Minh chứng",)),
        Column("closed_on", ("Ngày xác nhận",)),
    ),
    Fault,
    LONGEST,
)

KINDS: Final = Words(
    {
        MeetingKind.REGULAR: ("Định kỳ", "regular", "Thường kỳ"),
        MeetingKind.THEMATIC: ("Chuyên đề", "thematic"),
        MeetingKind.EXTRAORDINARY: ("Đột xuất", "extraordinary", "Bất thường"),
    }
)
GRADES: Final = Words(
    {
        AxisGrade.GOOD: ("Tốt", "good"),
        AxisGrade.FAIR: ("Khá", "fair"),
        AxisGrade.AVERAGE: ("Trung bình", "average"),
        AxisGrade.POOR: ("Kém", "poor"),
    }
)
SEVERITIES: Final = Words(
    {
        Severity.MINOR: ("Nhẹ", "minor"),
        Severity.MODERATE: ("Vừa", "moderate"),
        Severity.SERIOUS: ("Nghiêm trọng", "serious"),
    }
)
