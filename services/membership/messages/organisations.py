"""What can be wrong with what is asked of units of the tree."""

from collections.abc import Mapping
from typing import Final

ORGANISATIONS: Final[Mapping[str, tuple[str, str]]] = {
    # Organisations
    "unknown-parent": (
        "Không có đơn vị cấp trên mang mã {value}, cả trong tệp lẫn trong sổ. Hãy sửa mã hoặc thêm đơn vị đó.",
        "No parent unit has this code, neither here nor in the register. Mend the code or add the unit.",
    ),
    "parent-refused": (
        "Đơn vị cấp trên {value} bị từ chối, nên dòng này cũng chưa nhập được. Hãy sửa dòng {parent_line} trước.",
        "The parent unit was refused, so this row is refused as well. Mend line {parent_line} first.",
    ),
    "cyclic-tree": (
        "Cây tổ chức đi vòng: {cycle}. Hãy sửa mã cấp trên của một trong các đơn vị này.",
        "The tree goes round in a circle: {cycle}. Mend the parent code of one of these units.",
    ),
    "parent-not-allowed": (
        "Đảng bộ Khối là gốc, không có cấp trên. Hãy để trống mã cấp trên.",
        "A bloc is a root and has no parent. Leave the parent code empty.",
    ),
    "parent-missing": (
        "{type} phải có cấp trên là {allowed}. Hãy ghi mã cấp trên.",
        "A unit of this type needs a parent. Give the parent's code.",
    ),
    "parent-type-mismatch": (
        "{type} không thể thuộc {parent_type} ({value}); cấp trên phải là {allowed}. "
        "Hãy sửa loại hoặc mã cấp trên.",
        "A unit of this type cannot be under such a parent. Mend the type or the parent code.",
    ),
    "dissolved-before-established": (
        "Ngày giải thể {dissolved_on} phải sau ngày thành lập {established_on}.",
        "The day of dissolution {dissolved_on} must be after the day of establishment {established_on}.",
    ),
    "already-dissolved": (
        "Đơn vị đã giải thể ngày {dissolved_on}.",
        "The unit was dissolved on {dissolved_on} already.",
    ),
    "changed-before-establishment": (
        "Ngày hiệu lực {day} phải sau ngày thành lập đơn vị {established_on}.",
        "The effective date {day} must be after the unit's establishment on {established_on}.",
    ),
    "changed-after-dissolution": (
        "Sổ có thay đổi của đơn vị từ ngày {changed_on}, nên ngày giải thể {dissolved_on} phải sau ngày đó.",
        "The unit has a recorded change on {changed_on}; it must be dissolved after it, not on {dissolved_on}.",
    ),
    "changed-that-day": (
        "Sổ đã ghi một thay đổi về {what} từ đúng ngày {day}. Hãy kiểm tra ngày hiệu lực và lịch sử của đơn vị.",
        "The same of this unit changed on {day} already. Check the effective date and the unit's history.",
    ),
    "nothing-changes": (
        "Ngày {day}, {what} của đơn vị đã là {value}. Hãy kiểm tra ngày hiệu lực và lịch sử của đơn vị.",
        "It is so on {day} already. Check the effective date and the unit's history.",
    ),
    "changes-later": (
        "Sổ đã ghi {what} của đơn vị là {value} từ ngày {later}, không phải từ ngày {day}. Hãy kiểm tra ngày "
        "hiệu lực.",
        "The register has the same change on {later}, not on {day}. Check the effective date.",
    ),
    "parent-not-yet-there": (
        "Ngày {day}, cấp trên {value} chưa thành lập (thành lập ngày {established_on}). Hãy sửa ngày hiệu lực hoặc "
        "mã cấp trên.",
        "On {day} the parent unit does not exist yet; it was established on {established_on}.",
    ),
    "parent-no-longer-there": (
        "Cấp trên {value} giải thể ngày {dissolved_on}, khi đơn vị còn trực thuộc. Hãy sửa mã cấp trên, hoặc ghi "
        "trước việc đơn vị chuyển đi nơi khác muộn nhất từ ngày đó.",
        "The parent unit is dissolved on {dissolved_on} with this unit still under it. Choose another parent, or "
        "record first where the unit goes by that day.",
    ),
    "parent-type-on-day": (
        "Ngày {day}, {value} là {parent_type}. {type} phải thuộc {allowed}. Hãy sửa cấp trên, loại "
        "hoặc ngày hiệu lực.",
        "On {day} the parent unit is of a type that this unit cannot be under. Mend parent, type or date.",
    ),
    "child-type-on-day": (
        "Ngày {day}, {child} ({child_type}) trực thuộc đơn vị này, nên đơn vị không thể là {type}. Hãy ghi trước "
        "việc chuyển {child} đi nơi khác.",
        "On {day} the unit {child} hangs under this one and could not hang under the new type. Move it first.",
    ),
    "type-not-by-moving": (
        "{type} không thể trở thành {asked} khi chuyển cấp trên. Chi bộ cơ sở thành đảng bộ cơ sở thì dùng "
        "lệnh nâng cấp.",
        "A move cannot make this type of unit into the other. Use the upgrade to make a cell a committee.",
    ),
    "not-upgradable": (
        "Chỉ chi bộ cơ sở được nâng thành đảng bộ cơ sở; ngày {day} đơn vị là {type}.",
        "Only a grassroots cell can be upgraded to a grassroots committee; on {day} the unit is something else.",
    ),
    "members-in-upgraded-cell": (
        "Từ ngày {day} chi bộ còn {count} đảng viên, mà đảng viên chỉ sinh hoạt ở chi bộ. Hãy lập các chi bộ trực "
        "thuộc và chuyển đảng viên sang đó trước khi nâng cấp.",
        "From {day} on {count} members still count in the cell, and members belong to cells. Found cells and move "
        "the members there before the upgrade.",
    ),
    # Corrections of what is recorded of a unit
    "establishment-stays": (
        "Không hủy được việc thành lập đơn vị (sự kiện số {number}). Hãy sửa ngày, tên hoặc cấp trên, hoặc ghi việc "
        "giải thể.",
        "The founding of a unit (fact {number}) cannot be withdrawn. Correct its day, name or parent, or record the "
        "end.",
    ),
    "child-in-the-way": (
        "Ngày {day}, {child} trực thuộc đơn vị này, mà theo nội dung sửa thì khi đó đơn vị chưa thành lập. Hãy sửa "
        "{child} trước.",
        "On {day} the unit {child} hangs under this one, which would not be there yet. Correct it first.",
    ),
    "members-then": (
        "Có {count} đảng viên trong danh sách của đơn vị từ ngày {day}, mà theo nội dung sửa thì khi đó đơn vị chưa "
        "thành lập hoặc không phải chi bộ. Hãy sửa điều đã ghi của họ trước.",
        "{count} members count in the unit from {day} on, when it would not be there yet or be no cell. Correct "
        "first what is recorded of them.",
    ),
    "seats-then": (
        "Có {count} chức vụ, nhiệm kỳ của đơn vị từ ngày {day}, mà theo nội dung sửa thì khi đó đơn vị chưa thành "
        "lập. Hãy sửa các chức vụ, nhiệm kỳ này trước.",
        "{count} positions or terms of the unit begin on {day} or later, when it would not be there yet. Correct "
        "them first.",
    ),
    # Mergers, splits and upgrades with all that is in a unit
    "merged-into-itself": (
        "{value} được ghi vừa là đơn vị bị sáp nhập vừa là đơn vị nhận. Hãy bỏ khỏi một bên.",
        "{value} is both among the merged units and the one they merge into. Leave it out of one.",
    ),
    "merged-kinds-differ": (
        "{source} là {type}, còn {target} là {other}, nên không sáp nhập được với nhau. Chi bộ sáp nhập với chi bộ, "
        "đảng bộ với đảng bộ; chi bộ về trực thuộc đảng bộ thì dùng lệnh chuyển cấp trên.",
        "The units {source} and {target} are of different kinds and cannot merge. To hang a cell under a committee, "
        "change its parent.",
    ),
    "too-few-sources": (
        "Sáp nhập cần ít nhất một đơn vị bị sáp nhập; hợp nhất thành đơn vị mới cần ít nhất hai.",
        "At least one unit is merged into another, and a new one is made of at least two.",
    ),
    "too-few-parts": (
        "Đơn vị kết thúc thì phải chia thành ít nhất hai đơn vị; đơn vị còn lại thì tách ra ít nhất một.",
        "A unit that ends is split into at least two; one that goes on gives off at least one.",
    ),
    "named-twice": (
        "{value} được ghi nhiều lần. Mỗi mã chỉ ghi một lần.",
        "{value} is named more than once. Name each once.",
    ),
    "not-of-this-kind": (
        "“{column}” không dùng cho loại đơn vị này: chi bộ thì ghi đảng viên (members), đảng bộ thì ghi đơn vị trực "
        "thuộc (units).",
        "“{column}” is not for this kind of unit: cells give members, committees give units.",
    ),
    "not-in-unit-that-day": (
        "Ngày {day}, {value} không thuộc {unit}. Hãy sửa mã hoặc ngày hiệu lực.",
        "On {day} {value} does not belong to {unit}. Mend the code or the day.",
    ),
    "not-placed": (
        "Còn {count} trường hợp chưa ghi chuyển về đâu: {codes}. Hãy ghi đủ.",
        "{count} are placed nowhere: {codes}. Place all of them.",
    ),
    "unit-code-taken": (
        "Mã {value} đã có trong sổ hoặc được ghi hai lần; hãy dùng mã khác cho đơn vị mới.",
        "The code {value} is in the register already or given twice; choose another for the new unit.",
    ),
    "unit-not-founded": (
        "Chưa lập được đơn vị mới “{code}”: {why} Hãy sửa mục này của lệnh.",
        "The new unit “{code}” cannot be: {why_en} Mend this part of the command.",
    ),
    "unit-in-the-way": (
        "Vướng ở đơn vị {code}: {why} Hãy sửa mục này trước.",
        "The unit {code} is in the way: {why_en} Mend this first.",
    ),
    "member-in-the-way": (
        "Vướng ở đảng viên {code}: {why} Hãy sửa điều đã ghi của đảng viên này trước.",
        "The member {code} is in the way: {why_en} Correct first what is recorded of them.",
    ),
    "members-come-later": (
        "Sổ đã ghi {count} đảng viên vào {unit} từ ngày {day} hoặc sau đó: {codes}. Hãy sửa các việc này trước, hoặc "
        "chọn ngày hiệu lực khác.",
        "{count} members come into {unit} on {day} or later: {codes}. Correct this first or choose another day.",
    ),
    "units-come-later": (
        "Sổ đã ghi {count} đơn vị về trực thuộc {unit} khi đơn vị này không còn: {codes}. Hãy sửa các việc này "
        "trước, hoặc chọn ngày hiệu lực khác.",
        "{count} units hang under {unit} when it is no more: {codes}. Correct this first or choose another day.",
    ),
    "target-ends-later": (
        "Sổ đã ghi từ ngày {day} {value} không còn là đơn vị như vậy, nên không nhận đơn vị khác vào được. Hãy sửa "
        "điều đã ghi trước, hoặc chọn đơn vị nhận khác.",
        "From {day} on {value} is no such unit any more. Correct this first or merge into another unit.",
    ),
}
