"""What can be wrong with what somebody asks: a stable code, the column, the values, and how to mend it.

`code` is for programs and never changes; the texts people read are all here, Vietnamese with English beside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

PERSONAL_COLUMNS: Final = frozenset(
    {
        "full_name",
        "birth_date",
        "gender",
        "ethnicity",
        "religion",
        "youth_union",
        "left_reason",
        "education",
        "qualification",
        "theory",
        "occupation",
        "grounds",
    }
)
"""Columns whose values no message repeats: an answer is stored with its idempotency key."""


def shown(column: str, value: str) -> str:
    """Return `value` as a message may show it: quoted and short, or without the value where it is personal."""
    if column in PERSONAL_COLUMNS:
        return "trong ô này"
    return f"“{value[:60]}…”" if len(value) > 60 else f"“{value}”"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (or, as a warning, unusual); `column` is a column of the files or a JSON field.

    Raises KeyError where the code has no message.
    """

    code: str
    column: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        MESSAGES[self.code]

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in Vietnamese."""
        return MESSAGES[self.code][0].format(column=self.column, **self.parameters)

    @property
    def message_en(self) -> str:
        """The same in English."""
        return MESSAGES[self.code][1].format(column=self.column, **self.parameters)

    def as_json(self) -> dict[str, Any]:
        """Return the fault as answers carry it."""
        return {
            "column": self.column,
            "code": self.code,
            "message": self.message,
            "message_en": self.message_en,
        }


class FaultsFound(Exception):  # noqa: N818 - it carries findings, which the caller may collect
    """Something asked for is refused, for one reason or several."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = tuple(faults)


MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    # The file as a whole
    "empty-file": (
        "Tệp rỗng. Tệp phải có ít nhất dòng tiêu đề: {columns}.",
        "The file is empty; it needs at least the header row: {columns}.",
    ),
    "not-utf-8": (
        "Tệp không phải văn bản UTF-8. Trong Excel, hãy chọn Lưu thành (Save As) → “CSV UTF-8”, "
        "hoặc gửi tệp .xlsx.",
        "The file is not UTF-8 text. In Excel choose Save As “CSV UTF-8”, or send the .xlsx file.",
    ),
    "binary-content": (
        "Tệp có ký tự NUL, nên không phải tệp CSV. Hãy lưu lại thành “CSV UTF-8” hoặc .xlsx.",
        "The file holds a NUL character, so it is not CSV. Save it as “CSV UTF-8” or .xlsx.",
    ),
    "field-too-long": (
        "Một ô dài quá {limit} ký tự. Thường là thiếu dấu ngoặc kép đóng; hãy kiểm tra từ dòng này.",
        "A field is longer than {limit} characters, often for want of a closing quote; check from this line on.",
    ),
    "broken-quoting": (
        'Dấu ngoặc kép không khớp. Ô có dấu ngoặc kép phải viết dạng "…""…"; hãy sửa từ dòng này.',
        'Quotes do not match; write a field with quotes as "…""…" and check from this line on.',
    ),
    "not-a-workbook": (
        "Không đọc được tệp XLSX. Hãy mở tệp bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx.",
        "The XLSX file cannot be read. Open it in Excel or LibreOffice and save it again as .xlsx.",
    ),
    "old-excel": (
        "Tệp là Excel đời cũ (.xls) hoặc có mật khẩu. Hãy bỏ mật khẩu và lưu lại thành .xlsx.",
        "The file is an old Excel file (.xls) or has a password. Save it as .xlsx without a password.",
    ),
    "workbook-too-large": (
        "Nội dung giải nén của tệp XLSX quá {limit_mib} MiB. Hãy chia nhỏ tệp hoặc lưu thành CSV UTF-8.",
        "The XLSX file unpacks to more than {limit_mib} MiB. Split it or save it as CSV UTF-8.",
    ),
    "too-many-lines": (
        "Tệp dài quá {limit} dòng. Hãy chia thành nhiều tệp.",
        "The file has more than {limit} lines. Split it.",
    ),
    "missing-column": (
        "Thiếu cột “{label}” ({column}). Hãy thêm cột này vào dòng tiêu đề; ô không có dữ liệu thì để trống.",
        "Column “{column}” is missing. Add it to the header row; leave cells without data empty.",
    ),
    "duplicate-column": (
        "Hai cột “{first}” và “{second}” cùng được hiểu là {column}. Hãy bỏ hoặc đổi tên một cột.",
        "Columns “{first}” and “{second}” both mean {column}. Remove or rename one of them.",
    ),
    "unknown-column": (
        "Cột “{name}” không thuộc mẫu tệp nên không được đọc.",
        "Column “{name}” is not part of this file's format and was not read.",
    ),
    "column-understood": (
        "Cột “{name}” được hiểu là {column}.",
        "Column “{name}” is understood as {column}.",
    ),
    # A row, before its meaning
    "ragged-row": (
        "Dòng có {found} ô, dòng tiêu đề có {expected}. Hãy kiểm tra dấu phẩy; ô có dấu phẩy phải đặt trong "
        "ngoặc kép.",
        "The row has {found} fields, the header {expected}. Check the commas; quote a field that holds one.",
    ),
    "control-character": (
        "Ô có ký tự điều khiển không nhìn thấy. Hãy xóa ô và gõ lại.",
        "The field holds an invisible control character. Clear it and type it again.",
    ),
    "value-missing": ("Ô “{column}” không được để trống.", "“{column}” must not be empty."),
    "ethnicity-missing": (
        "Thiếu dân tộc. Hãy ghi tên dân tộc; người Kinh ghi “Kinh”.",
        "The ethnic group is missing. Give its name; for the Kinh write “Kinh”.",
    ),
    "too-long": ("Ô “{column}” dài quá {limit} ký tự.", "“{column}” is longer than {limit} characters."),
    "date-not-iso": (
        "Ngày {value} chưa đúng mẫu. Hãy ghi ngày/tháng/năm, ví dụ 30/11/2020, hoặc năm-tháng-ngày, "
        "ví dụ 2020-11-30.",
        "The date cannot be read; write it day first, such as 30/11/2020, or as 2020-11-30.",
    ),
    "date-does-not-exist": (
        "Ngày {value} không có trong lịch. Hãy kiểm tra ngày, tháng và năm.",
        "There is no such day in the calendar. Check the day, the month and the year.",
    ),
    "date-two-digit-year": (
        "Ngày {value} ghi năm hai chữ số. Hãy ghi đủ bốn chữ số của năm, ví dụ 30/11/2020.",
        "The year has two digits. Write all four, such as 30/11/2020.",
    ),
    "date-month-first": (
        "Ngày {value} có vẻ ghi tháng trước ngày. Hãy ghi ngày/tháng/năm, ví dụ 25/04/2020, và kiểm tra cả "
        "những ngày khác của tệp.",
        "The date seems to have the month first. Write day/month/year, such as 25/04/2020; check the others too.",
    ),
    "dates-mixed": (
        "Tệp có ngày ghi tháng trước ngày, nên {count} ngày khác dạng ngày/tháng/năm có thể cũng bị đảo. Hãy sửa "
        "các ngày cho thống nhất; chưa nhập dòng nào, kể cả khi chọn bỏ qua dòng lỗi.",
        "Some dates have the month first, so {count} others read as day/month/year may be wrong too. Nothing is "
        "imported, even when bad rows are to be skipped.",
    ),
    "dates-day-first": (
        "Cột “{column}” có {count} ngày được hiểu là ngày/tháng/năm.",
        "In “{column}” {count} dates are understood as day/month/year.",
    ),
    "unknown-word": (
        "Giá trị {value} không dùng được ở cột “{column}”. Hãy ghi một trong: {allowed}.",
        "The value cannot be used in “{column}”. Write one of: {allowed_en}.",
    ),
    "duplicate-code": (
        "Mã {value} đã có ở dòng {first_line} của tệp. Mỗi mã chỉ được có một dòng.",
        "The code stands already in line {first_line} of the file. A code may have one row only.",
    ),
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
        "{count} members count in the unit from {day} on, when it would not be there yet or be no cell. Correct first "
        "what is recorded of them.",
    ),
    "seats-then": (
        "Có {count} chức vụ, nhiệm kỳ của đơn vị từ ngày {day}, mà theo nội dung sửa thì khi đó đơn vị chưa thành lập. "
        "Hãy sửa các chức vụ, nhiệm kỳ này trước.",
        "{count} positions or terms of the unit begin on {day} or later, when it would not be there yet. Correct them "
        "first.",
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
        "“{column}” không thuộc sự kiện số {number} nên không sửa được ở đây.",
        "“{column}” does not belong to fact {number} and cannot be corrected there.",
    ),
    "admission-stays": (
        "Không hủy được việc vào danh sách (sự kiện số {number}) khi còn các sự kiện dựa vào đó; hãy sửa ngày, "
        "chi bộ hoặc lai lịch, hoặc hủy các sự kiện sau đó trước.",
        "The entry (fact {number}) cannot be withdrawn while others hang on it; correct its date, its cell or the "
        "person, or withdraw the others first.",
    ),
    # Transfers
    "transfer-open": (
        "Đảng viên đang có một lần chuyển sinh hoạt đảng {state} (ngày {day}). Hãy ghi tiếp nhận hoặc hủy lần đó "
        "trước.",
        "The member has an open transfer, last changed on {day}. Receive or cancel it first.",
    ),
    "transfer-out-of-order": (
        "Lần chuyển sinh hoạt đảng này {state} (ngày {day}) nên không {what} được. Hãy xem lại các bước đã ghi.",
        "The transfer is in another state since {day}; this step does not follow on it.",
    ),
    "transfer-step-before": (
        "Ngày {day} trước ngày của bước trước ({last}). Hãy kiểm tra hai ngày này.",
        "{day} is before the day of the step before, {last}. Check both days.",
    ),
    "transfer-not-overdue": (
        "Thời hạn tiếp nhận {until}, nên ngày {day} chưa ghi hết hạn được.",
        "The transfer is not overdue on {day}, so it does not expire yet.",
    ),
    "expiry-in-future": (
        "Ngày {day} chưa đến nên chưa ghi hết hạn được. Hãy kiểm tra ngày, nhất là năm.",
        "{day} has not come, so nothing can be recorded as expired on it. Check the day, and the year above all.",
    ),
    "transfer-nowhere": (
        "Chưa ghi nơi đến. Hãy ghi mã chi bộ đến, hoặc tên tổ chức đảng ngoài Đảng bộ Khối.",
        "There is no destination. Give a cell's code, or the name of the organisation outside.",
    ),
    "temporary-to-a-cell": (
        "Sinh hoạt tạm thời chỉ ghi giữa hai chi bộ trong sổ. Hãy ghi mã chi bộ đến và bỏ nơi ngoài Đảng bộ Khối.",
        "A temporary stay is in a cell of this register. Give the cell's code and leave out what is outside.",
    ),
    "until-of-temporary": (
        "Ngày kết thúc chỉ ghi cho sinh hoạt tạm thời. Hãy bỏ “{column}” hoặc chọn tạm thời.",
        "Only a temporary transfer has an end. Leave “{column}” out or say that it is temporary.",
    ),
    "until-before-request": (
        "Ngày kết thúc {until_on} phải sau ngày đề nghị {requested_on}.",
        "The end, {until_on}, must be after the request on {requested_on}.",
    ),
    "not-counted-then": (
        "Ngày {day} không có đảng viên nào mang mã này trong danh sách. Hãy kiểm tra mã và ngày; người từ nơi khác "
        "đến thì ghi cả chi bộ đến và nơi đi.",
        "On {day} no member with this code counts in the register. Check code and day; for somebody who comes from "
        "outside give both the cell and where they come from.",
    ),
    "other-origin": (
        "Ngày {day} đảng viên sinh hoạt ở chi bộ {value}. Hãy sửa chi bộ đi hoặc ngày đề nghị.",
        "On {day} the member belonged to {value}. Mend the origin or the day of the request.",
    ),
    "other-kind": (
        "Theo nơi đi và nơi đến thì hình thức chuyển là “{value}”. Hãy sửa cột này, nơi đi hoặc nơi đến.",
        "By both ends this transfer is of another kind. Mend the kind or the ends.",
    ),
    "received-without-release": (
        "Có ngày tiếp nhận mà không có ngày giới thiệu. Hãy ghi ngày giới thiệu.",
        "Received without having been released. Give the day of the release.",
    ),
    "papers-missing": (
        "Sổ chưa có người này. Khi tiếp nhận hãy ghi lai lịch theo hồ sơ: họ tên, ngày sinh, giới tính, dân tộc, "
        "ngày vào Đảng.",
        "The register does not know this person. Give who they are, as their papers say, when they are received.",
    ),
    "papers-not-wanted": (
        "Sổ đã có đảng viên này nên không ghi “{column}” khi tiếp nhận. Lai lịch sai thì sửa bằng lệnh sửa.",
        "The register knows this member; leave “{column}” out. Who somebody is can be put right by a correction.",
    ),
    "received-before-admission": (
        "Ngày tiếp nhận {received_on} trước ngày vào Đảng {admitted_on}. Hãy kiểm tra hai ngày này.",
        "Received on {received_on}, before the admission to the party on {admitted_on}. Check both days.",
    ),
    "confirmed-after-reception": (
        "Ngày chính thức {official_on} sau ngày tiếp nhận {day}. Hãy tiếp nhận là dự bị rồi ghi công nhận sau.",
        "Confirmed on {official_on}, after the reception on {day}. Receive them on probation and confirm them then.",
    ),
    # Positions and terms
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
    # Ratings and awards
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
    # Unusual, yet possible: warnings
    "readmitted-early": (
        "Kết nạp lại khi chưa đủ {months} tháng kể từ ngày ra khỏi Đảng {left_on}; hãy kiểm tra lại. Căn cứ: {source}.",
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
    "age-at-admission": (
        "Tuổi khi vào Đảng ngoài khoảng {least}–{most}; hãy kiểm tra lại. Căn cứ: {source}.",
        "The age at admission is outside {least}–{most}; please check. Source: {source}.",
    ),
    "confirmed-early": (
        "Ngày chính thức sớm hơn {months} tháng kể từ ngày vào Đảng; hãy kiểm tra lại. Căn cứ: {source}.",
        "Confirmed sooner than {months} months after admission; please check. Source: {source}.",
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
