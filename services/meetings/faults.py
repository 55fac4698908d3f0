"""Why a meeting cannot go on as asked, or what is unusual about it: codes with their messages."""

from collections.abc import Mapping
from typing import ClassVar, Final

from chassis import faults
from chassis.faults import FaultsFound
from services.meetings.resolutions.messages import RECORD_CONFLICTS, RECORD_MESSAGES

__all__ = ["CONFLICTS", "MESSAGES", "Fault", "FaultsFound"]

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "wrong-state": (
        "Cuộc họp {state}, nên chưa thể {step}. Có thể làm tiếp: {next}.",
        "The meeting is in another state, so this cannot be done now.",
    ),
    "already-planned": (
        "Chi bộ đã có cuộc họp định kỳ của tháng {month}. Hãy đổi lịch cuộc họp đó, hoặc ghi cuộc họp này là chuyên "
        "đề hay đột xuất.",
        "The cell has a regular meeting of {month} already. Reschedule it, or make this one of another kind.",
    ),
    "not-a-cell": (
        "Ngày {day}, {code} không phải là chi bộ đang hoạt động. Hãy kiểm tra mã và ngày.",
        "On {day} that unit is no cell. Check the code and the day.",
    ),
    "no-guidance": (
        "Chưa có hướng dẫn sinh hoạt chi bộ cho ngày {day}; hệ thống có từ ngày {first}.",
        "No guidance on cell meetings is known for {day}; the first is of {first}.",
    ),
    "theme-missing": (
        "Họp chuyên đề phải có chủ đề.",
        "A thematic meeting needs a theme.",
    ),
    "agenda-empty": (
        "Chương trình chưa có nội dung nào nên chưa thống nhất được.",
        "The agenda has no points yet and cannot be agreed.",
    ),
    "late-documents": (
        "Theo {source}, tài liệu gửi trước ít nhất {days} ngày; cuộc họp được báo ngày {day}.",
        "By {source} documents are sent {days} days before at least; this meeting was announced on {day}.",
    ),
    "new-time-missing": (
        "Cuộc họp đang hoãn; hãy ghi thời gian mới.",
        "The meeting is postponed; give a new time.",
    ),
    "told-before-agreed": (
        "Thông báo phải sau khi thống nhất chương trình ngày {agreed_on}.",
        "Members are told after the agenda is agreed ({agreed_on}).",
    ),
    "told-after-it-began": (
        "Thông báo phải trước giờ họp {start}.",
        "Members are told before the meeting begins at {start}.",
    ),
    "ends-before-it-begins": (
        "Giờ kết thúc phải sau giờ bắt đầu.",
        "A meeting ends after it begins.",
    ),
    "too-long": (
        "Cuộc họp dài hơn một ngày; hãy kiểm tra giờ bắt đầu và kết thúc.",
        "The meeting is longer than a day; check when it began and ended.",
    ),
    "in-the-future": (
        "Cuộc họp kết thúc sau thời điểm hiện tại; chỉ ghi cuộc họp đã diễn ra.",
        "The meeting ends after now; only what has taken place can be recorded.",
    ),
    "not-on-the-list": (
        "{count} người trong bảng điểm danh không thuộc danh sách của chi bộ ngày {day}.",
        "{count} people on the roll are not on the cell's list of {day}.",
    ),
    "left-off-the-roll": (
        "Bảng điểm danh thiếu {count} người thuộc danh sách của chi bộ ngày {day}.",
        "{count} people of the cell's list of {day} are not on the roll.",
    ),
    "twice-on-the-roll": (
        "Bảng điểm danh ghi trùng {count} người; mỗi người chỉ một dòng.",
        "{count} people are on the roll more than once.",
    ),
    "points-outside-rubric": (
        "Điểm mục {criterion} phải từ 0 đến {most}, lẻ đến 0,25, và mục nào cũng phải có điểm. Căn cứ: {source}.",
        "Points of each criterion are needed, from 0 to {most}, in quarters. Source: {source}.",
    ),
    "not-exempt": (
        "{count} người được ghi miễn sinh hoạt nhưng danh sách ngày {day} không miễn.",
        "{count} people are called exempt who are not on {day}.",
    ),
    "no-quorum": (
        "Có {there} trên {base} đảng viên chính thức được triệu tập, không quá nửa, nên nghị quyết không thể thông "
        "qua. Vẫn ghi được cuộc họp.",
        "{there} of {base} official members came, not more than half, so that no resolution can be carried.",
    ),
    "short-meeting": (
        "Cuộc họp {minutes} phút, dưới {least} phút theo {source}.",
        "The meeting took {minutes} minutes, fewer than {least} by {source}.",
    ),
    "scored-beyond-facts": (
        "Chấm điểm tối đa mục {criterion} trong khi số liệu đã ghi của cuộc họp chưa đạt mức đó; hãy xem lại. "
        "Căn cứ: {source}.",
        "Full points for {criterion}, which what is recorded does not bear out; please check. Source: {source}.",
    ),
    **RECORD_MESSAGES,
}


class Fault(faults.Fault):
    """What is wrong, or unusual, about a meeting."""

    messages: ClassVar[Mapping[str, tuple[str, str]]] = MESSAGES


CONFLICTS: Final = frozenset({"already-planned", "wrong-state"}) | RECORD_CONFLICTS
"""Faults that lie in what is recorded by now, not in what was asked: 409."""
