"""What can be wrong with a file as a whole, and with a row before its meaning."""

from collections.abc import Mapping
from typing import Final

from chassis.table_messages import TABLE_MESSAGES

_OF_TABLES: Final = (
    "empty-file", "not-utf-8", "binary-content", "field-too-long", "broken-quoting", "not-a-workbook", "old-excel",
    "workbook-too-large", "too-many-lines", "missing-column", "unknown-column", "ragged-row",
)  # fmt: skip
"""What is said of a file here as everywhere."""

FILES: Final[Mapping[str, tuple[str, str]]] = {
    **{code: TABLE_MESSAGES[code] for code in _OF_TABLES},
    "duplicate-column": (
        "Hai cột “{first}” và “{second}” cùng được hiểu là {column}. Hãy bỏ hoặc đổi tên một cột.",
        "Columns “{first}” and “{second}” both mean {column}. Remove or rename one of them.",
    ),
    "column-understood": (
        "Cột “{name}” được hiểu là {column}.",
        "Column “{name}” is understood as {column}.",
    ),
    # A row, before its meaning
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
}
