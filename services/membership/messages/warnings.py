"""What is unusual, yet possible: recorded and warned of."""

from collections.abc import Mapping
from typing import Final

WARNINGS: Final[Mapping[str, tuple[str, str]]] = {
    "readmitted-early": (
        "Kết nạp lại khi chưa đủ {months} tháng kể từ ngày ra khỏi Đảng {left_on}; hãy kiểm tra lại. Căn cứ: "
        "{source}.",
        "Admitted again within {months} months of leaving on {left_on}; please check. Source: {source}.",
    ),
    "readmitted-often": (
        "Đảng viên đã được kết nạp lại trước đó, mà chỉ được kết nạp lại {most} lần; hãy kiểm tra. Căn cứ: {source}.",
        "Admitted again more than {most} time; please check. Source: {source}.",
    ),
    "over-youth-union-age": (
        "Đảng viên quá {years} tuổi mà còn ghi là đoàn viên; hãy kiểm tra lại. Căn cứ: {source}.",
        "Older than {years} and still a member of the youth union; please check. Source: {source}.",
    ),
    "received-late": (
        "Tiếp nhận sau thời hạn {due_on} ({count} ngày làm việc); vẫn ghi. Căn cứ: {source}.",
        "Received after the deadline, {due_on} ({count} working days); recorded all the same. Source: {source}.",
    ),
    "moved-since-request": (
        "Đến ngày {day} đảng viên sinh hoạt ở chi bộ {value}, không còn ở chi bộ đi ban đầu; vẫn ghi từ chi bộ đó.",
        "By {day} the member belonged to {value}, no longer to the first origin; they are received from there.",
    ),
    "moved-on-later": (
        "Sổ đã ghi từ ngày {day} đảng viên sinh hoạt ở chi bộ {value}; việc đó vẫn giữ nguyên. Nếu không còn đúng "
        "thì hãy sửa hoặc hủy sự kiện đó trong lịch sử của đảng viên.",
        "From {day} on the register has the member in {value}, which stays so. If it is no longer true, correct or "
        "withdraw that fact of the member's history.",
    ),
    "left-while-on-the-way": (
        "Lần chuyển sinh hoạt đảng chưa xong của đảng viên đã được hủy theo.",
        "The member's open transfer was cancelled with it.",
    ),
    "transfers-on-the-way": (
        "Còn {count} lần chuyển sinh hoạt đảng chưa xong đi hoặc đến đơn vị này. Hãy ghi tiếp nhận hoặc hủy.",
        "{count} open transfers lead from or to this unit. Receive or cancel them.",
    ),
    "ratings-missing": (
        "Còn {count} trường hợp phải xếp loại năm {year} mà danh sách không có: {codes}. Hãy bổ sung.",
        "{count} who are to be rated for {year} are not on the list: {codes}. Add them.",
    ),
    "no-rating-rule": (
        "Chưa có dữ liệu về quy định xếp loại năm {year} (sớm nhất: {first}) nên không kiểm tra tỷ lệ xuất sắc.",
        "No rule for the ratings of {year} is held (the first is {first}), so the cap was not judged.",
    ),
    "newly-formed-rated": (
        "{value} thành lập ngày {established_on}, chưa đủ {months} tháng đến hết năm, mà vẫn xếp loại; hãy kiểm tra "
        "lại. Căn cứ: {source}.",
        "{value}, established on {established_on}, is rated under {months} months; please check. Source: {source}.",
    ),
    "not-newly-formed": (
        "{value} thành lập ngày {established_on}, đã đủ {months} tháng đến hết năm, không còn là mới thành lập; hãy "
        "kiểm tra lại. Căn cứ: {source}.",
        "{value}, established on {established_on}, is older than {months} months; please check. Source: {source}.",
    ),
    "set-aside-rated": (
        "{value}: ngày 31/12 sổ ghi được miễn công tác và sinh hoạt đảng hoặc bị đình chỉ sinh hoạt đảng mà vẫn xếp "
        "loại; hãy kiểm tra lại. Căn cứ: {source}.",
        "{value} was exempt or suspended on 31 December and is rated; please check. Source: {source}.",
    ),
    "not-set-aside": (
        "{value}: ngày 31/12 sổ không ghi việc miễn hoặc đình chỉ này; hãy kiểm tra lại. Căn cứ: {source}.",
        "{value}: the register has no such exemption or suspension on 31 December; please check. Source: {source}.",
    ),
    "flag-years-missing": (
        "Chưa đủ {count} năm liên tục xếp loại xuất sắc: theo sổ còn thiếu các năm {years}; vẫn ghi. "
        "Căn cứ: {source}.",
        "Not rated excellent in all {count} years: {years} are missing in the register; recorded all the same. "
        "Source: {source}.",
    ),
    "in-the-future": (
        "Ngày {day} chưa đến; vẫn ghi. Hãy kiểm tra ngày, nhất là năm.",
        "{day} has not come yet; recorded all the same. Please check the day, and the year above all.",
    ),
    "age-at-admission": (
        "Tuổi khi vào Đảng ngoài khoảng {least}–{most}; hãy kiểm tra lại. Căn cứ: {source}.",
        "The age at admission is outside {least}–{most}; please check. Source: {source}.",
    ),
    "confirmed-early": (
        "Ngày chính thức sớm hơn {months} tháng kể từ ngày vào Đảng; hãy kiểm tra lại. Căn cứ: {source}.",
        "Confirmed sooner than {months} months after admission; please check. Source: {source}.",
    ),
    "confirmed-late": (
        "Ngày chính thức sau ngày hết {months} tháng dự bị ({due_on}); dù quyết định muộn vẫn tính từ ngày đó; hãy "
        "kiểm tra lại. Căn cứ: {source}.",
        "Official later than the end of {months} months, {due_on}, from which it counts however late it is decided; "
        "please check. Source: {source}.",
    ),
    "ceremony-late": (
        "Lễ kết nạp sau thời hạn {due_on} ({count} ngày làm việc kể từ quyết định kết nạp); vẫn ghi. Căn cứ: "
        "{source}.",
        "The ceremony was after {due_on}, {count} working days from the decision on the admission; recorded all the "
        "same. Source: {source}.",
    ),
    "outlives-cell": (
        "Chi bộ đã giải thể ngày {dissolved_on} mà đảng viên vẫn còn trong danh sách; vẫn được đếm.",
        "The cell was dissolved on {dissolved_on} and the member is still on its list; they go on counting.",
    ),
    "dissolved-above-units": (
        "Còn {count} đơn vị trực thuộc đơn vị đã giải thể: {codes}. Hãy ghi việc giải thể hoặc chuyển "
        "các đơn vị này.",
        "{count} units still hang under the dissolved one: {codes}. Record where they go or that they end.",
    ),
    "dissolved-with-members": (
        "Còn {count} đảng viên trong danh sách của đơn vị đã giải thể; vẫn được đếm. Hãy ghi nơi họ chuyển đến.",
        "{count} members are still on the dissolved unit's list and go on counting. Record where they go.",
    ),
    "holds-until": (
        "Sổ đã ghi một thay đổi khác có hiệu lực từ ngày {until}; thay đổi này được tính đến hết ngày trước đó.",
        "The register has another change from {until} on; this one holds until the day before.",
    ),
    "merged-by-superior": (
        "{value} có {official} đảng viên chính thức, dưới {least}, nên không tự quyết định việc sáp nhập: cấp ủy cấp "
        "trên trực tiếp quyết định. Căn cứ: {source}.",
        "{value} has {official} official members, fewer than {least}, and cannot decide its own merging: the "
        "committee above does. Source: {source}.",
    ),
    "candidates-of-ended-cell": (
        "Còn {count} quần chúng ưu tú trong danh sách của chi bộ vừa kết thúc. Hãy chuyển sang danh sách chi bộ "
        "khác, hoặc đưa ra khỏi danh sách.",
        "{count} candidates are on the list of a cell that ended. Move them to another cell's list, or strike them.",
    ),
    "number-length": (
        "“{column}” có số chữ số khác {digits}; vẫn ghi, hãy kiểm tra lại. Căn cứ: {source}.",
        "“{column}” has not {digits} digits; recorded all the same, please check. Source: {source}.",
    ),
    "guests-of-ended-cell": (
        "Còn {count} đảng viên của chi bộ khác đang sinh hoạt tạm thời ở chi bộ vừa kết thúc. Hãy ghi nơi họ sinh "
        "hoạt tiếp, hoặc ngày kết thúc.",
        "{count} members of other cells are on a temporary stay in a cell that ended. Record where they go or that "
        "it is over.",
    ),
    "cell-of-few-members": (
        "{value} có {official} đảng viên chính thức, chưa đủ {least} để lập chi bộ; hãy kiểm tra lại. Căn cứ: "
        "{source}.",
        "{value} has {official} official members, fewer than the {least} of a cell; please check. Source: {source}.",
    ),
    "committee-of-few-members": (
        "{value} có {members} đảng viên, chưa đủ {least} để lập đảng bộ cơ sở; hãy kiểm tra lại. Căn cứ: {source}.",
        "{value} has {members} members, fewer than the {least} of a grassroots committee; please check. Source: "
        "{source}.",
    ),
    "established-before-parent": (
        "Đơn vị thành lập ngày {established_on}, trước cấp trên ({parent_established_on}); hãy kiểm tra lại.",
        "Established on {established_on}, before its parent ({parent_established_on}); please check.",
    ),
}
