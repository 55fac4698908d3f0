"""Why a meeting cannot go on as asked, or what is unusual about it: codes with their messages."""

from collections.abc import Mapping
from typing import ClassVar, Final

from chassis import faults
from chassis.faults import FaultsFound
from chassis.file_messages import FILE_MESSAGES
from chassis.table_messages import TABLE_MESSAGES
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
    "nothing-changes": (
        "Điều này đã được ghi như vậy; không có gì để sửa.",
        "It is recorded so already; nothing would change.",
    ),
    "month-of-another-year": (
        "Tháng {month} không thuộc năm {year} của kế hoạch.",
        "Month {month} is not in the plan's year {year}.",
    ),
    "month-twice": (
        "Tháng {month} có hai chủ đề; mỗi tháng chỉ một.",
        "Month {month} has two themes.",
    ),
    "unknown-topic": (
        "Không có chủ đề {topic} trong danh mục năm {year}. Hãy xem danh mục, hoặc tự ghi tên chủ đề.",
        "The catalogue of {year} has no topic {topic}. Look at it, or give the theme in words.",
    ),
    "quarter-without-theme": (
        "Quý {quarter} chưa đủ sinh hoạt chuyên đề; mỗi quý ít nhất {least}. Căn cứ: {source}.",
        "Quarter {quarter} has too few thematic meetings; at least {least} each. Source: {source}.",
    ),
    "too-many-months": (
        "Mỗi lần chỉ tính được tối đa {most} tháng, và tháng cuối không trước tháng đầu.",
        "At most {most} months at a time, and the last not before the first.",
    ),
    "ends-before-it-starts": (
        "Ngày kết thúc phải từ ngày bắt đầu trở đi.",
        "It ends on the day it begins, or later.",
    ),
    "interruption-too-long": (
        "Văn bản tạm dừng dài hơn ba năm; hãy kiểm tra ngày, hoặc bỏ trống ngày kết thúc.",
        "The order is for longer than three years; check its days, or leave out the last.",
    ),
    "interruption-withdrawn": (
        "Văn bản tạm dừng này đã được rút; hãy ghi văn bản mới.",
        "This order was withdrawn; record a new one.",
    ),
    "theme-missing": (
        "Họp chuyên đề phải có chủ đề.",
        "A thematic meeting needs a theme.",
    ),
    "agenda-empty": (
        "Chương trình chưa có nội dung nào nên chưa thống nhất được.",
        "The agenda has no points yet and cannot be agreed.",
    ),
    "assigned-to-others": (
        "{count} người được phân công chuẩn bị nội dung không thuộc danh sách dự họp của chi bộ ngày đó.",
        "{count} people who are to prepare a point are not on the cell's list of that day.",
    ),
    "no-meetings-by-group": (
        "Hướng dẫn của ngày đó không cho họp theo tổ đảng.",
        "The guidance of that day has no meetings by party group.",
    ),
    "too-few-for-groups": (
        "Chi bộ có {members} đảng viên; chỉ chi bộ từ {least} đảng viên trở lên mới họp theo tổ đảng. "
        "Căn cứ: {source}.",
        "The cell has {members} members; only one of {least} or more meets by party group. Source: {source}.",
    ),
    "too-often-by-group": (
        "Chi bộ đã có {most} cuộc họp theo tổ đảng trong năm, là số tối đa. Căn cứ: {source}.",
        "The cell has {most} meetings by party group in the year, as many as it may. Source: {source}.",
    ),
    "late-documents": (
        "Theo {source}, tài liệu gửi trước ít nhất {days} ngày; cuộc họp được báo ngày {day}.",
        "By {source} documents are sent {days} days before at least; this meeting was announced on {day}.",
    ),
    "document-late": (
        "Theo {source}, tài liệu gửi trước ít nhất {days} ngày; tài liệu này gửi ngày {posted}, họp ngày {start}.",
        "By {source} documents are sent {days} days before at least; this one on {posted}, for {start}.",
    ),
    **FILE_MESSAGES,
    "posted-in-the-future": (
        "Thời điểm gửi tài liệu sau thời điểm hiện tại; chỉ ghi tài liệu đã gửi.",
        "The document would be posted after now; only what was posted can be recorded.",
    ),
    "document-withdrawn": (
        "Tài liệu này đã được thu hồi ngày {day}.",
        "The document was withdrawn on {day}.",
    ),
    "replacement-missing": (
        "Tài liệu được thay thế thì ghi mã tài liệu thay thế; thu hồi vì lý do khác thì không.",
        "What is replaced names the document in its place; what is withdrawn otherwise names none.",
    ),
    "replacement-unknown": (
        "Tài liệu thay thế phải là một tài liệu khác của cuộc họp này và chưa bị thu hồi.",
        "The replacement is another document of the meeting that stands.",
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
    # A file of past meetings
    **TABLE_MESSAGES,
    "unknown-cell": (
        "Chưa biết chi bộ nào mang mã {code}. Hãy kiểm tra mã; nếu vừa lập, hãy thử lại sau ít giây.",
        "No cell is known by the code {code}. Check it; if it is new, try again in some seconds.",
    ),
    "month-to-come": (
        "Tháng {month} chưa đến; tệp này chỉ ghi các cuộc họp đã qua.",
        "{month} has not begun; this file records past meetings only.",
    ),
    "minutes-impossible": (
        "Số phút phải từ 1 đến {most}.",
        "Minutes are from 1 to {most}.",
    ),
    "attendance-does-not-add-up": (
        "Có mặt, vắng có lý do và vắng không lý do cộng lại là {parts}, khác số phải dự {counted}.",
        "Present, excused and unexcused come to {parts}, and {counted} were to come.",
    ),
    "more-on-time-than-tasks": (
        "{on_time} nhiệm vụ đúng hạn nhiều hơn {tasks} nhiệm vụ đã giao.",
        "{on_time} tasks on time are more than the {tasks} there were.",
    ),
    "only-if-held": (
        "Cuộc họp không diễn ra thì {column} phải để trống; hãy xem lại cột status.",
        "{column} is only for a meeting that was held; check its status.",
    ),
    "only-if-not-held": (
        "Cuộc họp đã diễn ra thì {column} phải để trống; hãy xem lại cột status.",
        "{column} is only for a meeting that was not held; check its status.",
    ),
    "twice-in-file": (
        "Cuộc họp này đã có ở dòng {first} của tệp. Hãy bỏ một dòng.",
        "Line {first} of the file is the same meeting. Remove one of them.",
    ),
    "recorded-otherwise": (
        "Hệ thống đã ghi cuộc họp này với {column} khác; tệp không sửa điều đã ghi. Hãy đối chiếu với sổ.",
        "The meeting is recorded with another {column}, and a file alters nothing. Compare with the book.",
    ),
    "counts-for-another-month": (
        "Cuộc họp diễn ra ở tháng khác nhưng tính cho tháng {month}; hãy kiểm tra.",
        "The meeting was in another month and counts for {month}; please check.",
    ),
}


class Fault(faults.Fault):
    """What is wrong, or unusual, about a meeting."""

    messages: ClassVar[Mapping[str, tuple[str, str]]] = MESSAGES


CONFLICTS: Final = (
    frozenset(
        {"already-planned", "wrong-state", "nothing-changes", "interruption-withdrawn", "document-withdrawn"}
    )
    | RECORD_CONFLICTS
)
"""Faults that lie in what is recorded by now, not in what was asked: 409."""
