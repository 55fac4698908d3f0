"""What can be wrong with what is asked of members."""

from collections.abc import Mapping
from typing import Final

MEMBERS: Final[Mapping[str, tuple[str, str]]] = {
    # Members
    "unknown-cell": (
        "Không có chi bộ mang mã {value} trong sổ. Hãy nhập tổ chức trước, hoặc sửa mã chi bộ.",
        "No cell has this code in the register. Import the organisations first, or mend the code.",
    ),
    "not-a-cell": (
        "{value} là {type}. Đảng viên chỉ sinh hoạt ở chi bộ; hãy ghi mã chi bộ.",
        "That unit is no cell. Members belong to cells; give a cell's code.",
    ),
    "admitted-before-cell": (
        "Ngày vào Đảng {admitted_on} trước ngày thành lập chi bộ {established_on}. Hãy kiểm tra hai ngày này.",
        "The member is dated {admitted_on}, before the cell was established on {established_on}.",
    ),
    "admitted-after-cell": (
        "Ngày vào Đảng {admitted_on} không trước ngày chi bộ giải thể {dissolved_on}. Hãy sửa ngày hoặc chi bộ.",
        "The member is dated {admitted_on}, when the cell was already dissolved ({dissolved_on}).",
    ),
    "came-before-cell": (
        "Ngày {day} chi bộ {value} chưa thành lập (thành lập ngày {established_on}), nên đảng viên không đến đó "
        "được. Hãy sửa ngày hoặc chi bộ.",
        "On {day} the cell {value} did not exist yet; it was established on {established_on}. Mend the day or the "
        "cell.",
    ),
    "came-after-cell": (
        "Chi bộ {value} đã kết thúc ngày {dissolved_on}, nên ngày {day} đảng viên không đến đó được. Hãy sửa ngày "
        "hoặc chi bộ; đang chuyển đến đó thì hủy lần chuyển và đề nghị lại.",
        "The cell {value} ended on {dissolved_on}, so nobody comes to it on {day}. Mend the day or the cell; cancel "
        "a transfer that leads there and request another.",
    ),
    "born-after-admission": (
        "Ngày sinh phải trước ngày vào Đảng. Hãy kiểm tra hai ngày này.",
        "The birth date must be before the day of admission.",
    ),
    "confirmed-before-admission": (
        "Ngày chính thức {official_on} trước ngày vào Đảng {admitted_on}.",
        "Confirmed on {official_on}, before the admission on {admitted_on}.",
    ),
    "already-confirmed": (
        "Đảng viên đã được công nhận chính thức ngày {official_on}.",
        "The member was confirmed on {official_on} already.",
    ),
    "already-left": (
        "Đảng viên đã ra khỏi danh sách ngày {left_on}.",
        "The member left the register on {left_on} already.",
    ),
    "left-before-admission": (
        "Ngày rời {left_on} trước ngày vào Đảng {admitted_on}.",
        "Left on {left_on}, before the admission on {admitted_on}.",
    ),
    "left-before-confirmation": (
        "Ngày rời {left_on} trước ngày chính thức {official_on}.",
        "Left on {left_on}, before the confirmation on {official_on}.",
    ),
    "not-a-cell-then": (
        "Từ ngày {day}, {value} là {type}, mà đảng viên chỉ sinh hoạt ở chi bộ. Hãy ghi trước việc chuyển sang "
        "chi bộ khác, hoặc sửa ngày hay mã chi bộ.",
        "From {day} on that unit is no cell, and members belong to cells. Record first where they went, or mend the "
        "day or the cell.",
    ),
    "already-in-register": (
        "Đảng viên đang có trong danh sách từ ngày {since}, nên không thể vào danh sách lần nữa.",
        "The member is in the register since {since} and cannot enter it again.",
    ),
    "never-left": (
        "Đảng viên chưa từng ra khỏi danh sách trước ngày này, nên không có gì để phục hồi.",
        "The member had not left the register by that day; there is nothing to restore.",
    ),
    "no-way-back": (
        "Đảng viên ra khỏi danh sách ngày {left_on} ({reason}), nên không vào lại theo cách này được. Hãy kiểm tra "
        "lý do rời hoặc dùng cách khác: tiếp nhận, phục hồi, kết nạp lại.",
        "The member left on {left_on} in a way that does not allow this return. Check the reason of leaving, or use "
        "another way: received, restored, admitted again.",
    ),
    "gone-by-then": (
        "Đảng viên đã ra khỏi danh sách ngày {left_on}, nên ngày {day} không thể có việc này.",
        "The member had left the register on {left_on}; this cannot have happened on {day}.",
    ),
    "not-there-yet": (
        "Ngày {day} đảng viên chưa có trong danh sách (vào danh sách ngày {admitted_on}).",
        "On {day} the member was not in the register yet; they entered it on {admitted_on}.",
    ),
    "already-in-cell": (
        "Ngày {day} đảng viên đã sinh hoạt ở chi bộ này.",
        "On {day} the member belonged to this cell already.",
    ),
    "profile-unchanged": (
        "Ngày {day} các mục này đã đúng như vậy, nên không có gì thay đổi.",
        "On {day} all of this was so already; nothing would change.",
    ),
    "already-so": (
        "Đảng viên đang được ghi {what} từ ngày {since}. Hãy ghi ngày kết thúc trước, hoặc sửa sự kiện đã ghi.",
        "The register has the same since {since}. Record its end first, or correct what is recorded.",
    ),
    "not-so": (
        "Ngày {day} sổ không ghi đảng viên {what}, nên không thể kết thúc.",
        "The register does not have this on {day}, so it cannot end.",
    ),
    "planned-before-beginning": (
        "Ngày dự kiến kết thúc {until} phải sau ngày bắt đầu {day}. Hãy sửa một trong hai ngày.",
        "The planned end {until} must be after the beginning on {day}. Mend one of them.",
    ),
    "stay-at-home": (
        "Ngày {day} đảng viên thuộc chính chi bộ này, nên không sinh hoạt tạm thời ở đó. Hãy sửa chi bộ hoặc ngày.",
        "On {day} the member belongs to this very cell and cannot stay there temporarily. Mend the cell or the day.",
    ),
    "host-no-cell": (
        "Ngày {day}, {value} không phải là một chi bộ đang hoạt động, nên không sinh hoạt tạm thời ở đó được. "
        "Hãy sửa chi bộ hoặc ngày.",
        "On {day} that unit is no cell that exists; nobody can stay there. Mend the cell or the day.",
    ),
    "unknown-fact": (
        "Lịch sử của đảng viên không có sự kiện số {number}. Hãy xem lại lịch sử rồi ghi đúng số.",
        "The member's history has no fact {number}. Look at the history and give a fact's number.",
    ),
    "fact-replaced": (
        "Sự kiện số {number} đã được sửa bằng sự kiện số {by}. Hãy sửa sự kiện số {by}.",
        "Fact {number} was corrected by fact {by} already. Correct fact {by}.",
    ),
    "fact-withdrawn": (
        "Sự kiện số {number} đã bị hủy. Hãy ghi lại sự kiện như một sự kiện mới.",
        "Fact {number} was withdrawn. State it anew.",
    ),
    "nothing-to-correct": (
        "Nội dung sửa giống hệt sự kiện số {number} nên không có gì thay đổi.",
        "The correction says the same as fact {number}; nothing would change.",
    ),
    "not-of-this-fact": (
        "“{column}” không thuộc sự kiện số {number} nên không sửa được ở đây. Hãy xem lại lịch sử rồi ghi số của sự "
        "kiện đã ghi điều này.",
        "“{column}” does not belong to fact {number} and cannot be corrected there. Give the fact that stated it.",
    ),
    "admission-stays": (
        "Không hủy được việc vào danh sách (sự kiện số {number}) khi còn các sự kiện dựa vào đó; hãy sửa ngày, "
        "chi bộ hoặc lai lịch, hoặc hủy các sự kiện sau đó trước.",
        "The entry (fact {number}) cannot be withdrawn while others hang on it; correct its date, its cell or the "
        "person, or withdraw the others first.",
    ),
    "number-not-digits": (
        "“{column}” chỉ gồm chữ số. Hãy sửa lại, không ghi dấu chấm hay chữ.",
        "“{column}” has digits only.",
    ),
    "number-taken": (
        "Số này đã được ghi cho đảng viên khác. Hãy kiểm tra lại giấy tờ của cả hai.",
        "The number is recorded of another member. Check the papers of both.",
    ),
    "numbers-unchanged": (
        "Sổ đã ghi đúng các số này, nên không có gì thay đổi.",
        "The register has these numbers already; nothing would change.",
    ),
    # The register
    "code-taken": (
        "Mã này đã có trong sổ; hãy dùng mã khác.",
        "The code is in the register already; choose another.",
    ),
    "differs-from-register": (
        "Cột “{column}” khác với sổ: sổ ghi {old}, tệp ghi {new}. Nhập tệp không sửa được điều đã ghi; hãy "
        "sửa tệp cho khớp với sổ.",
        "“{column}” differs from the register, which an import does not correct. Make the file agree with it.",
    ),
    "personal-differs-from-register": (
        "Cột “{column}” khác với sổ. Nhập tệp không sửa được điều đã ghi; hãy sửa tệp cho khớp với sổ.",
        "“{column}” differs from the register, which an import does not correct. Make the file agree with it.",
    ),
}
