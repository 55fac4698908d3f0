"""How the command line writes what answers say: days as an office writes them, and Vietnamese for their words."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Final

from chassis.vietnamese import nfc

VIETNAM: Final = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh: no summer time."""

UNIT_TYPES: Final = {
    "bloc": "Đảng bộ Khối",
    "grassroots_committee": "Đảng bộ cơ sở",
    "divisional_committee": "Đảng bộ bộ phận",
    "grassroots_cell": "Chi bộ cơ sở",
    "subordinate_cell": "Chi bộ trực thuộc",
}

GENDERS: Final = {"female": "Nữ", "male": "Nam"}
STANDINGS: Final = {"official": "Chính thức", "probationary": "Dự bị"}
FACTS: Final = {
    "admitted": "Kết nạp",
    "received": "Chuyển đến",
    "restored": "Phục hồi đảng tịch",
    "confirmed": "Công nhận chính thức",
    "profiled": "Thay đổi thông tin",
    "moved": "Chuyển chi bộ",
    "left": "Ra khỏi danh sách",
    "exempted": "Miễn công tác và sinh hoạt đảng",
    "exemption_ended": "Hết miễn công tác và sinh hoạt đảng",
    "suspended": "Đình chỉ sinh hoạt đảng",
    "suspension_lifted": "Hết đình chỉ sinh hoạt đảng",
    "temporary_stay_began": "Sinh hoạt đảng tạm thời",
    "temporary_stay_ended": "Hết sinh hoạt đảng tạm thời",
    "withdrawal": "Hủy điều đã ghi",
}
"""What a fact in a member's history is about."""
SPELLS: Final = {
    "exemption": "Được miễn công tác và sinh hoạt đảng",
    "suspension": "Bị đình chỉ sinh hoạt đảng",
    "temporary_stay": "Sinh hoạt đảng tạm thời",
}
TRANSFER_STATES: Final = {
    "requested": "đã đề nghị",
    "released": "đã giới thiệu",
    "received": "đã tiếp nhận",
    "cancelled": "đã hủy",
    "expired": "đã hết hạn",
}
POSITIONS: Final = {
    "secretary": "Bí thư",
    "deputy_secretary": "Phó bí thư",
    "committee_member": "Cấp ủy viên",
}
LETTER_STATES: Final = {
    "waiting": "đang chờ gửi",
    "sent": "đã gửi",
    "failed": "không gửi được",
    "dropped": "thôi gửi vì đã có thay đổi",
}
LETTER_REASONS: Final = {
    "no-address": "chưa có địa chỉ",
    "address-refused": "máy chủ thư không nhận địa chỉ này",
    "message-refused": "máy chủ thư không nhận thư này",
    "too-late": "đã quá giờ họp",
}
"""Why a letter could not be sent."""
ONLY_LOGGED: Final = "Chưa có máy chủ thư: chỉ ghi vào nhật ký, hãy báo bằng cách khác."


SCORE_GRADES: Final = {"good": "tốt", "fair": "khá", "average": "trung bình", "poor": "kém"}
"""How a meeting was, by its score or on one of its sides."""
CRITERIA: Final = {
    "duration": "thời gian",
    "attendance": "dự họp",
    "preparation": "chuẩn bị",
    "procedure": "trình tự",
    "content": "nội dung",
    "chairing": "điều hành",
    "principles": "nguyên tắc",
    "results": "kết quả",
    "closing": "kết thúc",
}
"""What a meeting is scored by."""


def code_of(text: str, labels: Mapping[str, str]) -> str | None:
    """Return the code that a text is, or whose label it is, without minding case or blanks; None for none of them."""
    wanted = " ".join(nfc(text).split()).casefold()
    return next((code for code, label in labels.items() if wanted in {code, label.casefold()}), None)


def day(text: str | None, *, missing: str) -> str:
    """Return an ISO day as dd/mm/yyyy, or `missing` where there is none."""
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else missing


def month(text: str) -> str:
    """Return a month, of a text as 2020-11, as mm/yyyy."""
    return f"{text[5:]}/{text[:4]}"


def number(count: int) -> str:
    """Return a count as it is written in Vietnamese, thousands set off by a point."""
    return f"{count:,}".replace(",", ".")


def instant(text: str) -> str:
    """Return an RFC 3339 instant as an office writes it: 28/11/2020 16:42 of Asia/Ho_Chi_Minh."""
    return f"{datetime.fromisoformat(text).astimezone(VIETNAM):%d/%m/%Y %H:%M}"
