"""The columns of a file of past meetings, and what the words in them mean."""

from typing import Final

from chassis.table_rows import Column, Words
from contracts.meetings import InterruptionReason, MeetingKind, MeetingStatus

COLUMNS: Final = (
    Column("cell_code", ("Mã chi bộ", "Mã tổ chức đảng")),
    Column("kind", ("Loại", "Loại sinh hoạt", "Loại cuộc họp")),
    Column("month", ("Tháng", "Của tháng")),
    Column("status", ("Kết quả", "Trạng thái")),
    Column("held_at", ("Ngày giờ họp", "Thời gian họp", "Thời gian")),
    Column("minutes", ("Số phút", "Thời lượng")),
    Column("theme", ("Chuyên đề", "Chủ đề")),
    Column("counted", ("Phải dự", "Tổng số phải dự", "Triệu tập")),
    Column("present", ("Có mặt", "Dự họp")),
    Column("excused", ("Vắng có lý do", "Vắng có phép")),
    Column("unexcused", ("Vắng không lý do", "Vắng không phép")),
    Column("opinions", ("Ý kiến", "Số ý kiến")),
    Column("tasks", ("Nhiệm vụ", "Số nhiệm vụ")),
    Column("tasks_on_time", ("Nhiệm vụ đúng hạn", "Đúng hạn")),
    Column("reason", ("Lý do", "Lý do hoãn, hủy")),
    Column("document_number", ("Số văn bản", "Số, ký hiệu văn bản")),
    Column("document_date", ("Ngày văn bản",)),
)
"""In the order in which a file is written; one may have them in any order, and must have each."""

ONLY_HELD: Final = (
    "minutes", "counted", "present", "excused", "unexcused", "opinions", "tasks", "tasks_on_time",
)  # fmt: skip
"""What only a meeting that took place has, and has all of."""
ONLY_NOT_HELD: Final = ("reason", "document_number", "document_date")


KINDS: Final = Words(
    {
        MeetingKind.REGULAR: ("Định kỳ", "regular", "Thường kỳ"),
        MeetingKind.THEMATIC: ("Chuyên đề", "thematic"),
        MeetingKind.EXTRAORDINARY: ("Đột xuất", "extraordinary", "Bất thường"),
    }
)
STATUSES: Final = Words(
    {
        MeetingStatus.HELD: ("Đã họp", "held", "Họp"),
        MeetingStatus.POSTPONED: ("Hoãn", "postponed"),
        MeetingStatus.CANCELLED: ("Hủy", "cancelled", "Không họp"),
    }
)
REASONS: Final = Words(
    {
        InterruptionReason.EPIDEMIC: ("Dịch bệnh", "epidemic"),
        InterruptionReason.DISASTER: ("Thiên tai", "disaster"),
        InterruptionReason.URGENT_WORK: ("Nhiệm vụ đột xuất", "urgent_work"),
        InterruptionReason.NO_QUORUM: ("Không đủ số người", "no_quorum"),
        InterruptionReason.OTHER: ("Lý do khác", "other", "Khác"),
    }
)
