"""What may be wrong, or unusual, about a finding: codes with their messages, in Vietnamese and English."""

from collections.abc import Mapping
from typing import Final

from chassis.file_messages import FILE_MESSAGES
from chassis.table_messages import TABLE_MESSAGES

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "unknown-visit": (
        "Không có lần dự nào của tổ {team} tại cuộc họp này. Hãy ghi lần dự trước.",
        "No visit of the team {team} to this meeting is recorded. Record the visit first.",
    ),
    "axis-missing": (
        "Hãy ghi hạn chế thuộc mặt nào (axis), hoặc chọn một hạn chế trong danh mục (limitation).",
        "Say on which axis it is, or name one of the checklist's limitations.",
    ),
    "axis-differs": (
        "Hạn chế “{limitation}” thuộc mặt “{axis}”; hãy bỏ trống axis hoặc ghi đúng.",
        "The limitation “{limitation}” is on the axis “{axis}”; leave the axis out, or say that one.",
    ),
    "found-already": (
        "Hạn chế “{limitation}” của lần dự này đã được ghi; hãy đính chính nếu có điều sai.",
        "The limitation “{limitation}” of this visit is recorded; correct it if something is wrong.",
    ),
    "owner-unclear": (
        "Hãy ghi một người chịu trách nhiệm: một chức danh của tổ chức đảng, hoặc một đảng viên, không cả hai.",
        "Name one owner: a position in a unit, or a member, not both.",
    ),
    "due-before-found": (
        "Hạn khắc phục ({due}) phải từ ngày dự ({found}) trở đi.",
        "The due date ({due}) is the day of the visit ({found}), or later.",
    ),
    "due-too-late": (
        "Hạn khắc phục quá hai năm sau ngày dự; hãy kiểm tra ngày.",
        "The due date is more than two years after the visit; check it.",
    ),
    "finding-to-come": (
        "Ngày {day} chưa tới; chỉ ghi việc đã diễn ra.",
        "{day} is still to come; record what took place.",
    ),
    "finding-before": (
        "Ngày {day} trước việc đã ghi ngày {since}; hãy kiểm tra ngày.",
        "{day} lies before what is recorded of {since}; check the day.",
    ),
    "year-to-come": (
        "Chỉ chuyển hạn chế sang năm nay hoặc năm sau, chậm nhất là năm {most}; hãy kiểm tra năm.",
        "Findings are carried over into this year or the next, {most} at the latest; check the year.",
    ),
    "finding-out-of-order": (
        "Hạn chế đang ở trạng thái “{state}” nên chưa thể “{wanted}”.",
        "The finding is “{state_en}”: it cannot be “{wanted_en}” now.",
    ),
    "finding-withdrawn": (
        "Hạn chế này đã được hủy; hãy ghi hạn chế mới.",
        "This finding was withdrawn; record a new one.",
    ),
    "evidence-missing": (
        "Báo cáo khắc phục phải có minh chứng: ghi vào note, hoặc đính kèm tệp.",
        "A report needs evidence: say it in the note, or attach a file.",
    ),
    "reason-missing": (
        "Mở lại phải nêu lý do (note).",
        "Reopening needs its reason (note).",
    ),
    "unknown-attachment": (
        "Không có tệp đính kèm nào mang mã số {id} ở lần dự của hạn chế này.",
        "The visit of this finding has no attachment {id}.",
    ),
    "recorded-otherwise": (
        "Lần dự này đã được ghi với nội dung khác; tệp không sửa điều đã ghi. Hãy đính chính lần dự đó.",
        "This visit is recorded otherwise; a file alters nothing. Correct the visit.",
    ),
    "several-meetings": (
        "Tháng này chi bộ có nhiều cuộc họp loại đó; hãy ghi ngày dự là ngày họp.",
        "The cell has several such meetings in the month; give the day of the meeting.",
    ),
    "unknown-cell": (
        "Chưa biết chi bộ nào mang mã {code}. Hãy kiểm tra mã; nếu vừa lập, hãy thử lại sau ít giây.",
        "No cell is known by the code {code}. Check it; if it is new, try again in some seconds.",
    ),
    "unknown-team": (
        "Không có tổ công tác nào mang mã {code}. Hãy kiểm tra mã, hoặc lập tổ trước.",
        "No team has the code {code}. Check it, or form the team first.",
    ),
    "points-unreadable": (
        "“{value}” ở {column} phải là số điểm, ví dụ 4,5.",
        "“{value}” in {column} must be a number of points, such as 4.5.",
    ),
    **TABLE_MESSAGES,
    **FILE_MESSAGES,
    "too-many-months": (
        "Kỳ phải từ một đến {most} tháng, tháng đầu trước tháng cuối.",
        "A period has one to {most} months, the first before the last.",
    ),
}
CONFLICTS: Final = frozenset({"found-already", "finding-out-of-order", "finding-withdrawn"})
"""Those that lie in what is recorded by now, not in what was asked: 409."""
