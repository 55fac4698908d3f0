"""Why something cannot be done to a plan of visits: codes with their messages, which `inspection.faults` takes in."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "plan-to-come": (
        "Ngày {day} chưa đến. Hãy ghi ngày hôm nay hoặc một ngày đã qua, hoặc bỏ trống để làm ngay bây giờ.",
        "The day {day} is still to come. Give today or a day that is over, or leave it out to do it now.",
    ),
    "plan-there": (
        "Tháng {month} đã có kế hoạch dự sinh hoạt. Hãy đề xuất lại kế hoạch đó.",
        "There is a plan of {month} already. Propose that one anew.",
    ),
    "plan-approved": (
        "Kế hoạch tháng {month} đã được duyệt; chỉ còn thay đổi từng buổi dự.",
        "The plan of {month} is approved; only single visits of it can be changed.",
    ),
    "plan-empty": (
        "Kế hoạch chưa có buổi dự nào. Hãy đề xuất lại trước khi duyệt.",
        "The plan has no visit. Propose it anew before it is approved.",
    ),
    "no-open-meeting": (
        "Tháng {month} không có buổi sinh hoạt định kỳ hoặc chuyên đề nào còn dự được. Hãy chờ các chi bộ lập lịch; "
        "nếu vừa lập, hãy thử lại sau ít giây.",
        "In {month} there is no regular or thematic meeting that can be attended. Wait until cells planned theirs; "
        "if they just did, try again in some seconds.",
    ),
    "nobody-to-send": (
        "Tháng {month} không có ai trong các tổ công tác vào ngày có buổi sinh hoạt. Hãy lập tổ và cử thành viên.",
        "In {month} nobody sits in a working team on a day with a meeting. Form teams and seat people.",
    ),
    "not-pinned": ("Buổi này không được ghim.", "This visit is not pinned."),
    "not-forbidden": ("Điều này không bị loại khỏi kế hoạch.", "This is not forbidden."),
    "nothing-to-forbid": (
        "Hãy cho biết loại buổi sinh hoạt nào, người nào, hoặc cả hai.",
        "Say which meeting is forbidden, or who, or both.",
    ),
    "pinned-visit": (
        "Buổi dự đang ghim: {cells}. Hãy bỏ ghim trước.",
        "A visit is pinned: {cells}. Unpin it first.",
    ),
    "nobody-for-pinned": (
        "Không xếp được người dự buổi đã ghim ở {cells}: {rules}. Hãy bỏ ghim, hoặc bỏ bớt điều đang ghim và "
        "đang loại.",
        "Nobody is left for the pinned meeting of {cells}: {rules_en}. Unpin it, or some of what is pinned and "
        "forbidden.",
    ),
    "visit-over": (
        "Buổi dự này đã qua; không thay đổi được nữa.",
        "This visit is over and can be changed no more.",
    ),
    "visit-moved": (
        "Lịch sinh hoạt đã đổi sau khi lập kế hoạch: {cells}. Hãy lập lại những buổi này trước khi duyệt.",
        "Meetings were moved since the plan was made: {cells}. Have these planned anew before it is approved.",
    ),
    "visit-not-open": (
        "Buổi sinh hoạt không còn dự được (đã qua, đã hủy, chưa có giờ, hoặc là họp đột xuất): {cells}.",
        "The meeting cannot be attended (over, cancelled, without a time, or neither regular nor thematic): {cells}.",
    ),
    "visit-forbidden": ("Đã loại khỏi kế hoạch: {cells}.", "It is forbidden: {cells}."),
    "visit-not-seated": (
        "Người này hôm đó không thuộc tổ công tác nào: {cells}.",
        "They sit in no working team on that day: {cells}.",
    ),
    "visit-not-in-register": (
        "Người này hôm đó không có trong danh sách đảng viên: {cells}.",
        "They are not in the register on that day: {cells}.",
    ),
    "visit-suspended": ("Người này hôm đó bị đình chỉ: {cells}.", "They are suspended on that day: {cells}."),
    "visit-exempt": (
        "Người này hôm đó được miễn công tác và sinh hoạt đảng: {cells}.",
        "They are exempt on that day: {cells}.",
    ),
    "visit-absent": ("Người này hôm đó vắng: {cells}.", "They are away on that day: {cells}."),
    "visit-own-cell": (
        "Không ai dự sinh hoạt ở chi bộ của chính mình, kể cả nơi sinh hoạt tạm thời: {cells}.",
        "Nobody visits their own cell, nor where they stay for a time: {cells}.",
    ),
    "visit-outside-area": (
        "Chi bộ ngoài địa bàn của tổ người này: {cells}.",
        "The cell is outside the area of their teams: {cells}.",
    ),
    "visit-at-once": (
        "Cùng một người không dự kịp các buổi cùng giờ hoặc quá gần nhau: {cells}.",
        "One person cannot attend meetings that are at once, or too near one another: {cells}.",
    ),
    "visit-capacity": (
        "Một người có nhiều hơn {per_person} buổi dự trong tháng: {cells}.",
        "One person has more than {per_person} visits in the month: {cells}.",
    ),
    "visit-cell-twice": (
        "Một chi bộ chỉ được dự một buổi trong tháng: {cells}.",
        "A cell is visited once in a month: {cells}.",
    ),
    "visit-too-many": (
        "Đã ghim nhiều hơn {at_most} buổi mà kế hoạch được có: {cells}.",
        "More is pinned than the {at_most} visits that the plan may have: {cells}.",
    ),
}

CONFLICTS: Final = MESSAGES.keys() - {"nothing-to-forbid", "plan-to-come"}
"""Faults that lie in what is recorded by now, not in what was asked."""
