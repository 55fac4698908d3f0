"""What may be wrong with an uploaded table, whatever it is about: codes with their Vietnamese and English texts."""

from collections.abc import Mapping
from typing import Final

TABLE_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "empty-file": (
        "Tệp rỗng. Tệp phải có ít nhất dòng tiêu đề: {columns}.",
        "The file is empty; it needs at least the header row: {columns}.",
    ),
    "not-utf-8": (
        "Tệp không phải văn bản UTF-8. Trong Excel, hãy chọn Lưu thành (Save As) → “CSV UTF-8”, hoặc gửi tệp .xlsx.",
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
        "Có hai cột {column}. Hãy bỏ hoặc đổi tên một cột.",
        "Column {column} comes twice. Remove or rename one of them.",
    ),
    "unknown-column": (
        "Cột “{name}” không thuộc mẫu tệp nên không được đọc.",
        "Column “{name}” is not part of this file's format and was not read.",
    ),
    "ragged-row": (
        "Dòng có {found} ô, dòng tiêu đề có {expected}. Hãy kiểm tra dấu phẩy; ô có dấu phẩy phải đặt trong "
        "ngoặc kép.",
        "The row has {found} fields, the header {expected}. Check the commas; quote a field that holds one.",
    ),
    "value-missing": (
        "Ô {column} còn trống; hãy điền.",
        "{column} must not be empty.",
    ),
    "unknown-word": (
        "“{value}” không dùng được ở {column}; hãy ghi một trong: {allowed}.",
        "“{value}” is none of the words for {column}: {allowed_en}.",
    ),
    "text-too-long": (
        "{column} dài quá {most} ký tự; hãy rút gọn.",
        "{column} is longer than {most} characters.",
    ),
    "number-unreadable": (
        "“{value}” ở {column} phải là số nguyên từ 0 đến 9999.",
        "“{value}” in {column} must be a whole number from 0 to 9999.",
    ),
    "time-unreadable": (
        "“{value}” không phải ngày giờ; hãy ghi như 03/11/2020 14:30 hoặc 2020-11-03 14:30.",
        "“{value}” is no time; write it as 2020-11-03 14:30.",
    ),
    "day-unreadable": (
        "“{value}” không phải một ngày có thật; hãy ghi như 31/03/2020 hoặc 2020-03-31.",
        "“{value}” is no day; write it as 2020-03-31.",
    ),
    "month-unreadable": (
        "“{value}” không phải tháng; hãy ghi như 04/2020 hoặc 2020-04.",
        "“{value}” is no month; write it as 2020-04.",
    ),
}
