"""What can be wrong with a file as a whole, and with a row before its meaning."""

from collections.abc import Mapping
from typing import Final

FILES: Final[Mapping[str, tuple[str, str]]] = {
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
}
