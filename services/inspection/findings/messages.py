"""What may be wrong, or unusual, about a finding: codes with their messages, in Vietnamese and English."""

from collections.abc import Mapping
from typing import Final

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
    "carried-over-already": (
        "Hạn chế này đã được chuyển sang chương trình năm {year}.",
        "This finding is carried over into {year} already.",
    ),
    "not-in-its-year": (
        "Hạn chế ghi ngày {found} chỉ có thể chuyển sang năm sau năm đó, không phải năm {year}.",
        "A finding of {found} can be carried over into a later year only, not into {year}.",
    ),
}
CONFLICTS: Final = frozenset(
    {"found-already", "finding-out-of-order", "finding-withdrawn", "carried-over-already"}
)
"""Those that lie in what is recorded by now, not in what was asked: 409."""
