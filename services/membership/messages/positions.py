"""What can be wrong with positions and terms, and what is unusual about them."""

from collections.abc import Mapping
from typing import Final

POSITIONS: Final[Mapping[str, tuple[str, str]]] = {
    "unknown-unit": (
        "Không có tổ chức đảng mang mã {value} trong sổ. Hãy sửa mã.",
        "No unit has this code in the register. Mend the code.",
    ),
    "unknown-holder": (
        "Không có đảng viên mang mã {value} trong sổ. Hãy sửa mã.",
        "No member has this code in the register. Mend the code.",
    ),
    "holder-not-in-register": (
        "Ngày {day}, đảng viên {code} không có trong danh sách. Chỉ đảng viên chính thức của đơn vị giữ chức được; "
        "hãy sửa ngày hoặc đảng viên.",
        "On {day} the member {code} is not in the register. Mend the days or the member.",
    ),
    "holder-not-official": (
        "Ngày {day}, đảng viên {code} còn dự bị. Chỉ đảng viên chính thức của đơn vị giữ chức được; hãy sửa ngày "
        "hoặc đảng viên.",
        "On {day} the member {code} is on probation; official members hold positions. Mend the days or the member.",
    ),
    "holder-elsewhere": (
        "Ngày {day}, đảng viên {code} không sinh hoạt ở {unit} hay đơn vị trực thuộc. Hãy sửa ngày, đảng viên hoặc "
        "đơn vị.",
        "On {day} the member {code} is neither in {unit} nor below it. Mend the days, the member or the unit.",
    ),
    "holds-a-position-already": (
        "Đảng viên đã là {position} của đơn vị, từ ngày {from_on} {until}. Mỗi người ghi một chức vụ trong một đơn "
        "vị (bí thư, phó bí thư đương nhiên là cấp ủy viên); hãy ghi trước việc thôi giữ chức kia.",
        "The member holds another position in the unit from {from_on} on. Record its end first: one position a unit.",
    ),
    "secretary-already": (
        "Đơn vị đã có bí thư từ ngày {from_on} {until}. Hãy ghi trước việc bí thư đó thôi giữ chức, hoặc sửa ngày.",
        "The unit has a secretary from {from_on} on already. Record its end first, or mend the days.",
    ),
    "unit-not-yet-there": (
        "Ngày {day}, đơn vị chưa thành lập (thành lập ngày {established_on}). Hãy sửa ngày.",
        "On {day} the unit does not exist yet; it was established on {established_on}. Mend the day.",
    ),
    "unit-no-longer-there": (
        "Đơn vị giải thể ngày {dissolved_on}. Hãy ghi ngày kết thúc không sau ngày đó.",
        "The unit was dissolved on {dissolved_on}. Give an end that is not after it.",
    ),
    "ended-before-beginning": (
        "Ngày kết thúc {until_on} phải sau ngày bắt đầu {from_on}.",
        "The end, {until_on}, must be after the beginning on {from_on}.",
    ),
    "end-reason-without-day": (
        "Có lý do kết thúc mà không có ngày kết thúc. Hãy ghi “until_on” hoặc bỏ “end_reason”.",
        "There is a reason of the end without its day. Give “until_on” or leave “end_reason” out.",
    ),
    "already-ended": (
        "Sổ đã ghi kết thúc ngày {until_on}. Nếu ngày đó sai, hãy sửa sự kiện đã ghi.",
        "It ended on {until_on} already. If that day is wrong, correct the fact.",
    ),
    "withdrawn-already": (
        "Điều này đã bị hủy. Hãy ghi lại như một việc mới.",
        "This was withdrawn. Record it anew.",
    ),
    "no-such-fact": (
        "Lịch sử không có sự kiện số {number}. Hãy xem lại lịch sử rồi ghi đúng số.",
        "The history has no fact {number}. Look at the history and give a fact's number.",
    ),
    "position-in-the-way": (
        "Đảng viên được ghi là {position} từ ngày {from_on}, khi không thể giữ chức được nữa. Hãy sửa hoặc hủy chức "
        "vụ đó trước (số {id}).",
        "A position from {from_on} on could not have been held then. Correct or withdraw it first ({id}).",
    ),
    "positions-ended": (
        "Có {count} chức vụ kết thúc theo việc này; hãy xem danh sách chức vụ khuyết.",
        "{count} positions ended with this; see the list of vacancies.",
    ),
    "terms-overlap": (
        "Nhiệm kỳ {label} từ ngày {from_on} {until} trùng thời gian. Hãy sửa ngày, hoặc ghi ngày kết thúc.",
        "The term {label} from {from_on} on overlaps. Mend the days, or give the day of the end.",
    ),
    "congress-after-beginning": (
        "Ngày đại hội {congress_on} phải không sau ngày bắt đầu nhiệm kỳ {from_on}.",
        "The congress on {congress_on} must not be after the beginning of its term on {from_on}.",
    ),
    "cell-committee-large": (
        "Chi ủy có {count} người, quá {most}; hãy kiểm tra lại. Căn cứ: {source}.",
        "The cell's committee has {count} members, more than {most}; please check. Source: {source}.",
    ),
    "deputies-many": (
        "Chi bộ có hơn {most} phó bí thư cùng lúc; hãy kiểm tra lại. Căn cứ: {source}.",
        "The cell has more than {most} deputy secretary at once; please check. Source: {source}.",
    ),
    "committee-of-few": (
        "Chi bộ có {official} đảng viên chính thức, dưới {least}, thì không bầu chi ủy; hãy kiểm tra lại. Căn cứ: "
        "{source}.",
        "Cells of {official} official members, fewer than {least}, elect no committee; check it. Source: {source}.",
    ),
    "reason-without-date": (
        "Có lý do rời mà không có ngày rời. Hãy ghi “left_on” hoặc để trống “left_reason”.",
        "There is a reason of leaving without a date. Fill in “left_on” or leave “left_reason” empty.",
    ),
}
