"""Why what is said of a meeting held cannot be recorded, or what is unusual about it: codes with their messages."""

from collections.abc import Mapping
from typing import Final

RECORD_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "not-held": (
        "Cuộc họp chưa được ghi là đã họp. Hãy ghi điểm danh trước, rồi mới ghi diễn biến, nghị quyết, nhiệm vụ và "
        "biên bản.",
        "The meeting is not recorded as held. Record its roll first, then what went on and was decided.",
    ),
    "record-closed": (
        "Biên bản cuộc họp đã được thông qua ngày {day} và đã vào sổ, nên không ghi thêm được. Điều ghi sai hãy "
        "đính chính, điều còn thiếu hãy ghi ở cuộc họp sau.",
        "The minutes were approved on {day} and are in the book. Correct them, or record it with the next meeting.",
    ),
    "not-present": (
        "{count} người ở mục {column} không có mặt theo bảng điểm danh của cuộc họp.",
        "{count} people in {column} were not present by the roll of the meeting.",
    ),
    "chair-is-recorder": (
        "Thư ký phải là người khác với chủ trì.",
        "The recorder is somebody else than the chair.",
    ),
    "not-absent": (
        "{count} người có ghi lý do vắng nhưng bảng điểm danh không ghi là vắng.",
        "A reason is given for {count} people who are not absent by the roll.",
    ),
    "given-twice": (
        "Mục {column} ghi trùng; mỗi người, mỗi nội dung chỉ một dòng.",
        "Something in {column} is given twice; one line each.",
    ),
    "no-such-point": (
        "Chương trình có {points} nội dung; mục {column} phải ghi đúng số thứ tự của nội dung.",
        "The agenda has {points} points; {column} bears the number of one.",
    ),
    "agreed-by-others": (
        "{count} người ghi là đã thống nhất không giữ chức bí thư, phó bí thư hay chi ủy viên của chi bộ ngày {day}.",
        "{count} people who are said to have agreed led the cell in no position on {day}.",
    ),
    "agreed-by-few": (
        "Có {agreed} trên {leaders} người của chi ủy (hoặc bí thư, phó bí thư) ngày {day} thống nhất; chi ủy cần quá "
        "nửa, nơi không có chi ủy thì cả bí thư và phó bí thư.",
        "{agreed} of {leaders} leaders on {day} agreed; of a committee more than half do, else secretary and deputy.",
    ),
    "leaders-unknown": (
        "Chưa biết ai giữ chức vụ trong chi bộ ngày {day}, nên không kiểm tra được người thống nhất.",
        "Nobody is known to lead the cell on {day}, so who agreed cannot be checked.",
    ),
    "votes-beyond-voters": (
        "Có {cast} phiếu nhưng chỉ có {voters} đảng viên chính thức có mặt. Đảng viên dự bị và người sinh hoạt tạm "
        "thời không biểu quyết.",
        "{cast} votes were cast and {voters} official members were there. Others do not vote.",
    ),
    "not-carried": (
        "Nghị quyết không được thông qua: {in_favour} trên {base} đảng viên chính thức được triệu tập tán thành, "
        "cần {bar}.",
        "The resolution is not carried: {in_favour} of {base} official members summoned were in favour.",
    ),
    "no-proceedings": (
        "Chưa ghi diễn biến cuộc họp (chủ trì, thư ký, ý kiến), nên chưa có biên bản để thông qua.",
        "Nothing is written down of the meeting yet that could be approved.",
    ),
    "approved-by-others": (
        "Biên bản do đúng chủ trì và thư ký của cuộc họp thông qua; hãy ghi mã của hai người đó.",
        "Minutes are approved by the chair and the recorder of the meeting; give the ids of those two.",
    ),
    "tasks-not-evaluated": (
        "{count} nhiệm vụ đến hạn chưa được cuộc họp này đánh giá.",
        "{count} tasks that were due are not evaluated by this meeting.",
    ),
    "minutes-not-approved": (
        "Biên bản chưa được thông qua, nên chưa gửi cấp trên được.",
        "The minutes are not approved and cannot be sent up yet.",
    ),
    "reported-already": (
        "Biên bản, nghị quyết đã gửi cấp trên ngày {day}.",
        "Minutes and resolutions were sent up on {day}.",
    ),
    "reported-late": (
        "Gửi cấp trên quá hạn {due_on} ({days} ngày sau cuộc họp theo {source}).",
        "Sent up after {due_on}, {days} days after the meeting by {source}.",
    ),
    "day-too-early": (
        "Ngày ở mục {column} không được trước ngày {since}.",
        "The day in {column} is not before {since}.",
    ),
    "day-in-the-future": (
        "Ngày ở mục {column} sau hôm nay ({today}); chỉ ghi việc đã diễn ra.",
        "The day in {column} is after today ({today}); only what has happened is recorded.",
    ),
    "nothing-to-correct": (
        "Biên bản cuộc họp chưa được thông qua trong hệ thống, nên chưa có gì để đính chính; hãy ghi lại diễn biến.",
        "There are no approved minutes of this meeting that could be corrected; write its proceedings down anew.",
    ),
    "corrected-to-another-day": (
        "Đính chính không đổi được ngày họp {day}: danh sách dự họp, nhiệm kỳ và hạn nhiệm vụ đều theo ngày đó.",
        "A correction leaves the day of the meeting, {day}: its list, its term and its tasks rest on it.",
    ),
    "corrected-by-others": (
        "Đính chính do ít nhất hai người trong số chủ trì, thư ký cuộc họp và bí thư, phó bí thư, chi ủy viên đương "
        "nhiệm thông qua.",
        "Two or more of the chair, the recorder and those who lead the cell on that day approve a correction.",
    ),
    "corrected-after-reporting": (
        "Biên bản, nghị quyết đã gửi cấp trên ngày {day}; hãy gửi cả bản đính chính.",
        "Minutes and resolutions were sent up on {day}; send the correction as well.",
    ),
    "outcome-corrected": (
        "Theo số liệu đính chính, nghị quyết “{subject}” đổi kết quả thông qua. Đính chính không đổi được kết quả; "
        "hãy đưa ra biểu quyết lại ở cuộc họp sau.",
        "By the corrected figures “{subject}” would come out otherwise. Put it to the vote again.",
    ),
    "resolution-of-another-meeting": (
        "Có nghị quyết không phải của cuộc họp này.",
        "A resolution is not of this meeting.",
    ),
    "task-of-another-meeting": (
        "Có nhiệm vụ không do cuộc họp này giao.",
        "A task was not given by this meeting.",
    ),
    "task-evaluated-since": (
        "Nhiệm vụ đã được một cuộc họp sau đánh giá theo hạn đã ghi, nên không đổi hạn được nữa.",
        "A later meeting has evaluated the task by the day that was written down.",
    ),
    "not-on-the-roll": (
        "Nhiệm vụ chỉ giao cho người trong bảng điểm danh của cuộc họp (có mặt hay vắng).",
        "A task is given to somebody on the roll of the meeting, present or not.",
    ),
    "task-closed": (
        "Nhiệm vụ đã được chi bộ đánh giá xong. Việc còn lại hãy giao thành nhiệm vụ mới.",
        "The cell has evaluated this task. Give what is left as a new one.",
    ),
    "task-of-another-cell": (
        "Nhiệm vụ này của chi bộ khác; chỉ cuộc họp của chi bộ đã giao mới đánh giá.",
        "This task is another cell's; only a meeting of the cell that gave it evaluates it.",
    ),
    "evaluated-too-early": (
        "Nhiệm vụ giao ngày {day} do một cuộc họp sau đó đánh giá.",
        "A task given on {day} is evaluated by a later meeting.",
    ),
    "evaluated-already": (
        "Cuộc họp này đã đánh giá nhiệm vụ và cho gia hạn; cuộc họp sau đánh giá tiếp.",
        "This meeting evaluated the task and carried it on; the next one evaluates it again.",
    ),
    "done-and-not-done": (
        "Mục {column} không đi cùng kết quả đã chọn: nhiệm vụ xong thì có ngày xong và không gia hạn, chưa xong thì "
        "ngược lại.",
        "{column} does not go with the result: what is done has its day and is not carried on, and the reverse.",
    ),
    "done-day-missing": (
        "Nhiệm vụ chưa được báo cáo là xong; hãy ghi ngày hoàn thành.",
        "The task was not reported done; give the day on which it was.",
    ),
    "done-after": (
        "Ngày hoàn thành không được sau ngày {latest}.",
        "A task is not done after {latest}.",
    ),
    "carried-on-into-the-past": (
        "Hạn mới phải sau ngày họp {day}.",
        "The new last day is after the meeting of {day}.",
    ),
}

RECORD_CONFLICTS: Final = frozenset(
    {
        "not-held",
        "record-closed",
        "no-proceedings",
        "minutes-not-approved",
        "reported-already",
        "task-closed",
        "evaluated-already",
        "nothing-to-correct",
        "outcome-corrected",
        "task-evaluated-since",
    }
)
"""Faults that lie in what is recorded by now, not in what was asked: 409."""
