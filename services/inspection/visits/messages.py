"""What may be wrong, or unusual, about a visit: codes with their messages, in Vietnamese and English."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "unknown-meeting": (
        "Không biết cuộc họp này. Hãy kiểm tra chi bộ, loại và tháng của cuộc họp; nếu vừa ghi, hãy thử lại.",
        "No such meeting is known. Check cell, kind and month; if it was just recorded, try again in some seconds.",
    ),
    "unknown-assignment": (
        "Không có phân công nào mang mã số này cho cuộc họp trong kế hoạch đã duyệt. Hãy lấy mã số từ kế hoạch, hoặc "
        "bỏ trống.",
        "No approved plan has this assignment to the meeting. Take its id from the plan, or leave it out.",
    ),
    "meeting-cancelled": (
        "Cuộc họp này đã bị hủy; không thể có lần dự. Hãy chọn cuộc họp khác.",
        "This meeting was called off: nobody can have been there. Choose another one.",
    ),
    "meeting-put-off": (
        "Cuộc họp này đang hoãn, chưa có lịch mới. Hãy ghi lịch mới của cuộc họp trước.",
        "This meeting is put off and has no new time. Record its new time first.",
    ),
    "visit-to-come": (
        "Ngày {day} chưa tới; chỉ ghi lần dự đã diễn ra.",
        "{day} is still to come; record visits that took place.",
    ),
    "own-cell": (
        "Có người dự sinh hoạt tại chính chi bộ của mình (ngày {day}). Thành viên tổ công tác không dự, kiểm tra "
        "chi bộ của mình; hãy ghi người khác.",
        "Somebody belongs to the cell that was visited on {day}. Nobody visits their own cell; name others.",
    ),
    "not-in-team": (
        "Ngày {day} có người dự không thuộc tổ {team}.",
        "On {day} somebody who visited does not sit in the team {team}.",
    ),
    "not-the-meetings-day": (
        "Ngày dự khác ngày họp đã ghi ({day}).",
        "The day is not that of the meeting as it is recorded ({day}).",
    ),
    "meeting-not-held": (
        "Chưa có biên bản: cuộc họp chưa được ghi là đã họp.",
        "The meeting is not recorded as held yet.",
    ),
    "visited-already": (
        "Lần dự cuộc họp này của tổ đã được ghi. Nếu có điều sai, hãy đính chính lần dự đó.",
        "A visit of the team to this meeting is recorded. If something is wrong with it, correct it.",
    ),
    "visit-withdrawn": (
        "Lần dự này đã được hủy; hãy ghi lần mới.",
        "This visit was withdrawn; record a new one.",
    ),
    "visit-has-findings": (
        "Lần dự này có {count} hạn chế đã ghi; hãy hủy các hạn chế đó trước.",
        "{count} findings stand upon this visit; withdraw those first.",
    ),
    "not-on-checklist": (
        "“{code}” không có trong danh mục kiểm tra của ngày đó. Danh mục có: {allowed}.",
        "“{code}” is not on the checklist of that day, which has: {allowed}.",
    ),
    "said-twice": (
        "“{code}” được ghi hai lần; chỉ ghi một lần.",
        "“{code}” is said twice; say it once.",
    ),
    "book-not-there": (
        "Sổ “{code}” không có thì không thể cập nhật hay đúng.",
        "The book “{code}” is not there: it can be neither up to date nor correct.",
    ),
    "points-impossible": (
        "Điểm “{criterion}” phải có, từ 0 đến {most}, chẵn 0,25 điểm, theo {source}.",
        "The points for “{criterion}” must be given, from 0 to {most} in quarters, by {source}.",
    ),
    "no-visit-form": (
        "Tệp không phải phiếu dự do hệ thống cấp, hoặc cột ẩn của phiếu đã bị sửa. Hãy lấy phiếu mới.",
        "The file is no sheet that was given out here, or its hidden column was changed. Take a new sheet.",
    ),
    "no-rules-then": (
        "Chưa có danh mục kiểm tra hoặc hướng dẫn cho ngày {day}; hệ thống có từ {first}.",
        "No checklist or guidance is known for {day}; the first is of {first}.",
    ),
}
CONFLICTS: Final = frozenset(
    {"meeting-cancelled", "meeting-put-off", "visited-already", "visit-withdrawn", "visit-has-findings"}
)
"""Those that lie in what is recorded by now, not in what was asked: 409."""
