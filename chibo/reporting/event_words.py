"""What people call an event that changed figures: by its type, or, where that is not known, by what it is about."""

from collections.abc import Mapping, Sequence
from typing import Final

EVENTS: Final[Mapping[str, str]] = {
    "membership.member-admitted": "Kết nạp",
    "membership.member-received": "Tiếp nhận từ ngoài Đảng bộ",
    "membership.member-restored": "Phục hồi đảng tịch",
    "membership.member-confirmed": "Công nhận chính thức",
    "membership.member-profile-changed": "Thay đổi thông tin đảng viên",
    "membership.member-moved": "Chuyển chi bộ",
    "membership.member-left": "Ra khỏi danh sách",
    "membership.member-history-restated": "Ghi muộn hoặc đính chính về đảng viên",
    "membership.members-rated": "Xếp loại đảng viên",
    "membership.member-rating-corrected": "Đính chính xếp loại đảng viên",
    "membership.organisation-established": "Thành lập tổ chức đảng",
    "membership.organisation-renamed": "Đổi tên tổ chức đảng",
    "membership.organisation-reparented": "Chuyển tổ chức đảng về cấp trên khác",
    "membership.organisation-upgraded": "Nâng cấp tổ chức đảng",
    "membership.organisation-dissolved": "Giải thể tổ chức đảng",
    "membership.organisation-history-restated": "Đính chính về tổ chức đảng",
    "membership.organisations-rated": "Xếp loại tổ chức đảng",
    "membership.organisation-rating-corrected": "Đính chính xếp loại tổ chức đảng",
    "membership.member-awarded": "Khen thưởng đảng viên",
    "membership.member-award-withdrawn": "Hủy khen thưởng đảng viên",
    "membership.organisation-awarded": "Khen thưởng tổ chức đảng",
    "membership.organisation-award-withdrawn": "Hủy khen thưởng tổ chức đảng",
    "meetings.meeting-planned": "Lập kế hoạch cuộc họp",
    "meetings.meeting-rescheduled": "Đổi lịch cuộc họp",
    "meetings.meeting-postponed": "Hoãn cuộc họp",
    "meetings.meeting-cancelled": "Hủy cuộc họp",
    "meetings.meeting-held": "Đã họp",
    "meetings.meeting-scored": "Chấm điểm cuộc họp",
    "meetings.meeting-reported-up": "Gửi biên bản, nghị quyết lên cấp trên",
    "meetings.proceedings-recorded": "Ghi diễn biến cuộc họp",
    "meetings.minutes-approved": "Thông qua biên bản",
    "meetings.minutes-corrected": "Đính chính biên bản",
    "meetings.resolution-adopted": "Thông qua nghị quyết",
    "meetings.resolution-rejected": "Không thông qua nghị quyết",
    "meetings.task-assigned": "Giao nhiệm vụ",
    "meetings.task-reported": "Báo cáo nhiệm vụ",
    "meetings.task-evaluated": "Đánh giá nhiệm vụ",
    "meetings.task-corrected": "Đính chính nhiệm vụ",
    "meetings.interruption-ordered": "Chỉ đạo tạm dừng sinh hoạt",
    "meetings.interruption-revised": "Sửa chỉ đạo tạm dừng sinh hoạt",
    "meetings.interruption-withdrawn": "Hủy chỉ đạo tạm dừng sinh hoạt",
    "meetings.month-missed": "Tháng không sinh hoạt",
    "meetings.month-made-good": "Tháng đã sinh hoạt bù",
    "meetings.monthly-watch-set": "Đặt tháng bắt đầu theo dõi sinh hoạt",
    "inspection.visit-recorded": "Ghi lần dự của tổ công tác",
    "inspection.visit-restated": "Đính chính lần dự của tổ công tác",
    "inspection.finding-opened": "Ghi hạn chế",
    "inspection.finding-remedy-begun": "Bắt đầu khắc phục hạn chế",
    "inspection.finding-remedy-reported": "Báo cáo khắc phục hạn chế",
    "inspection.finding-closed": "Xác nhận khắc phục hạn chế",
    "inspection.finding-reopened": "Mở lại hạn chế",
    "inspection.finding-overdue": "Hạn chế quá hạn khắc phục",
    "inspection.finding-carried-over": "Chuyển hạn chế sang kế hoạch năm sau",
    "inspection.finding-restated": "Đính chính hạn chế",
}
"""By type, without `vn.chibo.` and version."""

CAUSES: Final[Mapping[str, str]] = {
    "admitted": "kết nạp",
    "received": "chuyển đến từ ngoài Đảng bộ",
    "restored": "phục hồi đảng tịch",
    "confirmed": "công nhận chính thức",
    "profile": "thay đổi thông tin",
    "transfer": "chuyển sinh hoạt đảng",
    "merger": "sáp nhập",
    "split": "chia tách",
    "upgrade": "nâng cấp",
    "transferred_out": "chuyển đi ngoài Đảng bộ",
    "resigned": "xin ra khỏi Đảng",
    "removed": "xóa tên",
    "expelled": "khai trừ",
    "died": "từ trần",
    "unstated": "không rõ lý do",
}
"""Why a member's step was made."""

_OTHERS: Final[Mapping[str, str]] = {
    "organisation": "tổ chức đảng",
    "rating": "xếp loại",
    "award": "khen thưởng",
    "meeting": "cuộc họp",
    "task": "nhiệm vụ",
    "interruption": "tạm dừng sinh hoạt",
    "watch": "theo dõi sinh hoạt",
    "missed month": "tháng không sinh hoạt",
    "visit": "lần dự của tổ công tác",
    "finding": "hạn chế",
}
_TOLD_BY_CAUSES: Final = frozenset(
    f"membership.member-{name}" for name in ("moved", "left", "history-restated")
)


def name_of(type_: str) -> str:
    """Return what an event of a CloudEvents type is called; the type itself where it is none of ours."""
    return EVENTS.get(_name(type_), type_)


def told(type_: str | None, about: Sequence[str]) -> str:
    """Return what an event is called, and of a change of membership the reason."""
    if type_ is None:
        return ", ".join(CAUSES.get(each) or _OTHERS.get(each, each) for each in about)
    causes = ", ".join(CAUSES.get(each, each) for each in about) if _name(type_) in _TOLD_BY_CAUSES else ""
    return f"{name_of(type_)} ({causes})" if causes else name_of(type_)


def service_of(topic: str) -> str:
    """Return the service in whose log the events of a topic stand."""
    return topic.removeprefix("chibo.").partition(".")[0]


def _name(type_: str) -> str:
    return type_.removeprefix("vn.chibo.").rpartition(".")[0]
