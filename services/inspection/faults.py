"""Why something cannot be recorded as asked, or what is unusual about it: codes with their messages."""

from collections.abc import Mapping
from typing import ClassVar, Final

from chassis import faults
from chassis.faults import FaultsFound
from services.inspection.findings import messages as findings
from services.inspection.plans import messages as plans
from services.inspection.visits import messages as visits

__all__ = ["CONFLICTS", "MESSAGES", "Fault", "FaultsFound"]

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "team-code-taken": (
        "Mã tổ {code} đã dùng cho một tổ công tác khác. Hãy chọn mã khác.",
        "Another team has the code {code}. Choose another one.",
    ),
    "team-has-visits": (
        "Tổ {team} đã có {count} lần dự được ghi; hãy hủy các lần dự đó trước, hoặc cho tổ kết thúc từ một ngày.",
        "{count} visits of the team {team} are recorded; withdraw those first, or dissolve the team from a day on.",
    ),
    "ends-before-it-starts": (
        "Ngày kết thúc phải sau ngày bắt đầu; hãy xem lại hai ngày này.",
        "It ends after the day on which it begins; check both days.",
    ),
    "ends-and-goes-on": (
        "Không thể vừa có ngày kết thúc vừa đang tiếp tục; chỉ ghi một trong hai: until_on hoặc ongoing.",
        "It cannot have ended and go on; give either until_on or ongoing.",
    ),
    "already-ended": (
        "Đã kết thúc từ ngày {until}; nếu ngày đó sai, hãy sửa bằng đính chính.",
        "It ended on {until}; if that day is wrong, correct it.",
    ),
    "outside-team": (
        "Ngày {day} tổ {team} không hoạt động. Hãy kiểm tra ngày, hoặc đính chính thời gian hoạt động của tổ.",
        "On {day} the team {team} is not there. Check the day, or correct the days of the team.",
    ),
    "seated-twice": (
        "Ngày {day} người này đã có trong tổ {team}. Hãy cho thôi trước, hoặc đính chính lần trước.",
        "On {day} they sit in the team {team} already. Release them first, or correct what was said before.",
    ),
    "two-leaders": (
        "Ngày {day} tổ {team} đã có tổ trưởng. Hãy cho thôi tổ trưởng cũ trước, hoặc chọn vai trò khác.",
        "On {day} the team {team} has a leader. Release that one first, or choose another role.",
    ),
    "not-in-register": (
        "Ngày {day} người này không có trong danh sách đảng viên. Hãy kiểm tra mã và ngày; nếu vừa kết nạp hoặc "
        "tiếp nhận, hãy thử lại sau ít giây.",
        "On {day} they are not in the register. Check id and day; if they just came in, try again in some seconds.",
    ),
    "on-probation": (
        "Ngày {day} người này là đảng viên dự bị; tổ công tác thường là đảng viên chính thức.",
        "On {day} they are on probation; teams are of official members as a rule.",
    ),
    "unit-not-there": (
        "Ngày {day} không có tổ chức đảng {code}. Hãy kiểm tra mã và ngày.",
        "On {day} there is no unit {code}. Check the code and the day.",
    ),
    "area-shared": (
        "Từ ngày {day}, {cells} chi bộ cũng do tổ {team} phụ trách.",
        "From {day} on {cells} cells are in the area of the team {team} as well.",
    ),
    "nothing-changes": (
        "Điều này đã được ghi như vậy; không có gì để sửa.",
        "It is recorded so already; nothing would change.",
    ),
    "last-before-first": (
        "Ngày vắng cuối phải từ ngày vắng đầu trở đi.",
        "The last day is the first one, or later.",
    ),
    "away-too-long": (
        "Vắng quá hai năm; hãy kiểm tra ngày, hoặc cho người này thôi tổ công tác.",
        "Away for more than two years; check the days, or release them from the team.",
    ),
    "away-already": (
        "Người này đã được ghi vắng từ {first} đến {last}. Hãy đính chính lần đó, hoặc chọn ngày khác.",
        "They are recorded as away from {first} to {last}. Correct that, or give other days.",
    ),
    "in-no-team": (
        "Từ {first} đến {last} người này không có trong tổ công tác nào. Hãy kiểm tra người và ngày.",
        "From {first} to {last} they sit in no team. Check who it is, and the days.",
    ),
    "absence-withdrawn": (
        "Lần vắng này đã được hủy; hãy ghi lần mới.",
        "This absence was withdrawn; record a new one.",
    ),
    **visits.MESSAGES,
    **findings.MESSAGES,
    **plans.MESSAGES,
}


class Fault(faults.Fault):
    """What is wrong, or unusual, about teams and what they see."""

    messages: ClassVar[Mapping[str, tuple[str, str]]] = MESSAGES


CONFLICTS: Final = frozenset(
    {
        "team-code-taken",
        "team-has-visits",
        "already-ended",
        "outside-team",
        "seated-twice",
        "two-leaders",
        "nothing-changes",
        "away-already",
        "absence-withdrawn",
        *visits.CONFLICTS,
        *findings.CONFLICTS,
        *plans.CONFLICTS,
    }
)
"""Faults that lie in what is recorded by now, not in what was asked: 409."""
