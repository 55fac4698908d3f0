"""What can be wrong with ratings and awards."""

from collections.abc import Mapping
from typing import Final

RATINGS: Final[Mapping[str, tuple[str, str]]] = {
    "year-not-begun": (
        "Năm {year} chưa đến nên chưa xếp loại được. Hãy sửa năm.",
        "The year {year} has not begun. Mend the year.",
    ),
    "decided-before-year": (
        "Ngày quyết định {decision_date} trước năm {year} được xếp loại. Hãy sửa ngày hoặc năm.",
        "Decided on {decision_date}, before the year {year} that is rated. Mend the day or the year.",
    ),
    "rating-repeated": (
        "Danh sách ghi nhiều lần: {codes}. Mỗi mã chỉ ghi một lần.",
        "On the list more than once: {codes}. Each code stands once.",
    ),
    "member-not-rated-here": (
        "Ngày 31/12 của năm đó, đảng viên {value} không có trong danh sách của đơn vị này. Đảng viên chuyển đi được "
        "xếp loại ở chi bộ đang sinh hoạt ngày 31/12; hãy bỏ dòng này hoặc sửa mã.",
        "On 31 December of that year the member {value} was not counted here. Who moved is rated in the cell of that "
        "day; leave the line out or mend the code.",
    ),
    "unit-not-rated-here": (
        "Ngày 31/12 của năm đó, đơn vị {value} không trực thuộc đơn vị này. Hãy bỏ dòng này hoặc sửa mã.",
        "On 31 December of that year the unit {value} was not directly under this one. Leave it out or mend it.",
    ),
    "already-rated": (
        "{value} đã có xếp loại năm {year}. Hãy xem xếp loại đã ghi và sửa dòng đó theo số của nó.",
        "{value} has a rating for {year}. Look it up and correct it by its number.",
    ),
    "list-recorded": (
        "Danh sách xếp loại năm {year} của đơn vị này đã được ghi. Hãy sửa hoặc bổ sung từng dòng.",
        "The unit's list for {year} is recorded already. Correct its lines or add to them one by one.",
    ),
    "grade-or-reason": (
        "{value}: ghi mức xếp loại hoặc lý do chưa xếp loại, và chỉ một trong hai.",
        "{value}: give a grade or the reason why there is none, one of the two.",
    ),
    "reason-of-others": (
        "{value}: lý do chưa xếp loại này không dùng ở đây; hãy dùng một trong: {allowed}.",
        "{value}: this reason for having no grade is not for these; use one of: {allowed}.",
    ),
    "no-points-in-rule": (
        "{value}: năm này không chấm điểm theo thang 100 (văn bản: {rule}). Hãy bỏ điểm.",
        "{value}: the rule of this year ({rule}) knows no points. Leave them out.",
    ),
    "points-out-of-range": (
        "{value}: điểm tiêu chí chung từ 0 đến {common}, điểm kết quả từ 0 đến {results}. Căn cứ: {rule}.",
        "{value}: common points go from 0 to {common}, points for results from 0 to {results}. Source: {rule}.",
    ),
    "tasks-do-not-add-up": (
        "{value}: số nhiệm vụ không khớp. Vượt mức không quá hoàn thành; hoàn thành và chậm không quá được giao.",
        "{value}: tasks do not add up: exceeded at most done, done and late at most assigned.",
    ),
    "members-over-cap": (
        "Có {excellent} đảng viên hoàn thành xuất sắc nhiệm vụ năm {year}, được nhiều nhất {allowed}: không quá "
        "{percent}% của {base} đảng viên {counted}, không làm tròn lên, tính trong cả tổ chức cơ sở đảng và cả các "
        "danh sách đã ghi. Hãy giảm số này, hoặc ghi một danh sách chung của đảng bộ cơ sở, hoặc ghi trước danh sách "
        "các chi bộ khác. Căn cứ: {source}.",
        "{excellent} members are rated excellent for {year}, {allowed} may be: at most {percent} % of {base} (not "
        "rounded up), counted over the whole grassroots organisation and the lists recorded so far. Rate fewer, or "
        "record one list of the grassroots committee, or the lists of other cells first. Source: {source}.",
    ),
    "units-over-cap": (
        "Có {excellent} {type} hoàn thành xuất sắc nhiệm vụ năm {year}, được nhiều nhất {allowed}: không quá "
        "{percent}% của {base} đơn vị cùng loại {counted}, không làm tròn lên. Hãy giảm số này. Căn cứ: {source}.",
        "{excellent} units of one type are rated excellent for {year}, {allowed} may be: at most {percent} % of "
        "{base}, not rounded up. Rate fewer so. Source: {source}.",
    ),
    "same-rating": (
        "Xếp loại số {number} đã ghi đúng như vậy nên không có gì thay đổi.",
        "Rating {number} says the same; nothing would change.",
    ),
    "nothing-to-withdraw": (
        "Hủy thì ghi số của xếp loại cần hủy.",
        "To withdraw a rating, give its number.",
    ),
    "unknown-rating": (
        "Trong danh sách này, mã đó không có xếp loại số {number}. Hãy xem lại lịch sử rồi ghi đúng số.",
        "The list has no rating {number} for this code. Look at the history and give a rating's number.",
    ),
    "rating-withdrawn": (
        "Xếp loại số {number} đã bị hủy. Hãy ghi bổ sung như một xếp loại mới.",
        "Rating {number} was withdrawn. State it anew.",
    ),
    "rating-replaced": (
        "Xếp loại số {number} đã được sửa bằng số {by}. Hãy sửa số {by}.",
        "Rating {number} was corrected by rating {by} already. Correct rating {by}.",
    ),
    "no-list": (
        "Đơn vị này chưa có danh sách xếp loại năm {year}. Hãy ghi cả danh sách trước.",
        "The unit has no list of ratings for {year}. Record the whole list first.",
    ),
    "nobody-to-rate": (
        "Đơn vị này không có {what} để xếp loại. Đảng viên được xếp loại theo chi bộ hoặc đảng bộ cơ sở; đơn vị được "
        "xếp loại theo cấp trên trực tiếp.",
        "This unit does not rate {what}. Members are rated by their cell or grassroots committee, units by the one "
        "directly above them.",
    ),
    "awarded-in-future": (
        "Ngày trao {awarded_on} chưa đến. Hãy sửa ngày.",
        "The day of the award, {awarded_on}, has not come. Mend the day.",
    ),
    "awarded-before-established": (
        "Ngày trao {awarded_on} trước ngày thành lập đơn vị {established_on}. Hãy sửa ngày.",
        "Awarded on {awarded_on}, before the unit was established on {established_on}. Mend the day.",
    ),
    "flag-of-units": (
        "Cờ “Trong sạch, vững mạnh” tiêu biểu 5 năm chỉ tặng tổ chức đảng. Hãy chọn loại khen thưởng khác.",
        "The five-year flag is for units only. Choose another kind of award.",
    ),
    "last-year-of-flag": (
        "Năm cuối chỉ ghi cho cờ 5 năm. Hãy bỏ “last_year”.",
        "Only a five-year flag has a last year. Leave “last_year” out.",
    ),
    "flag-before-years": (
        "Năm cuối của 5 năm là {last_year}, sau ngày trao {awarded_on}. Hãy sửa năm hoặc ngày.",
        "The last of the five years is {last_year}, after the award on {awarded_on}. Mend the year or the day.",
    ),
    "already-awarded": (
        "Khen thưởng này, trao ngày {awarded_on}, đã được ghi.",
        "This award of {awarded_on} is recorded already.",
    ),
    "award-withdrawn": (
        "Khen thưởng này đã bị hủy.",
        "This award was withdrawn already.",
    ),
}
