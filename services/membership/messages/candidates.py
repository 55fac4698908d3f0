"""What is wrong, or unusual, about a candidate (quần chúng ưu tú)."""

from collections.abc import Mapping
from typing import Final

CANDIDATES: Final[Mapping[str, tuple[str, str]]] = {
    "born-after-listing": (
        "Ngày sinh phải trước ngày đưa vào danh sách quần chúng ưu tú. Hãy sửa một trong hai ngày.",
        "The birth date must be before the day of the listing. Mend one of them.",
    ),
    "candidate-there-already": (
        "Quần chúng ưu tú đã ở trong danh sách của chính chi bộ này.",
        "The candidate is on the list of this very cell already.",
    ),
    "candidate-off-the-list": (
        "Quần chúng ưu tú này {stage} từ ngày {day}, nên không ghi thêm được. Nếu việc đó ghi nhầm thì hãy "
        "hủy trước.",
        "The candidate is on the list no more since {day}. If that was a mistake, withdraw it first.",
    ),
    "before-listing": (
        "Ngày {day} trước ngày đưa vào danh sách quần chúng ưu tú ({listed_on}). Hãy sửa một trong hai ngày.",
        "{day} is before the day of the listing, {listed_on}. Mend one of them.",
    ),
    "vote-outside": (
        "Ngày chi bộ biểu quyết {day} phải từ ngày đưa vào danh sách {first} đến ngày kết nạp {last}.",
        "The cell's vote on {day} must be between the listing on {first} and the ceremony on {last}.",
    ),
    "certified-before-birth": (
        "Ngày cấp giấy chứng nhận phải sau ngày sinh. Hãy sửa ngày.",
        "The day of the certificate must be after the birth date. Mend it.",
    ),
    "introducer-not-official": (
        "Ngày {day} sổ không có đảng viên chính thức {value}; chỉ đảng viên chính thức được giới thiệu người vào "
        "Đảng.",
        "On {day} the register has no official member {value}; only official members introduce somebody.",
    ),
    "introducer-twice": (
        "Đảng viên {value} được ghi hai lần. Hãy bỏ một lần.",
        "The member {value} is named twice. Leave one out.",
    ),
    "introducer-since-later": (
        "Ngày bắt đầu cùng công tác hoặc cư trú {since} sau ngày phân công {day}. Hãy sửa một trong hai ngày.",
        "They have known each other since {since}, later than {day}. Mend one of the days.",
    ),
    "listing-stays": (
        "Không hủy được việc đưa vào danh sách (sự kiện số {number}); nếu ghi nhầm thì hãy đưa ra khỏi danh sách với "
        "lý do ghi nhầm.",
        "The listing (fact {number}) cannot be withdrawn; strike them off the list as a mistake.",
    ),
    "admission-of-member": (
        "Việc kết nạp này đã thành việc kết nạp của đảng viên. Hãy sửa hoặc hủy sự kiện đó trong lịch sử của đảng "
        "viên trước.",
        "The admission is that of a member. Correct or withdraw it in the member's history first.",
    ),
    # Unusual, yet possible
    "certificate-missing": (
        "Chưa có giấy chứng nhận học lớp nhận thức về Đảng (còn giá trị {months} tháng) khi chi bộ xét; vẫn ghi. "
        "Căn cứ: {source}.",
        "There is no certificate of the course on the party, valid {months} months, by the vote; recorded all the "
        "same. Source: {source}.",
    ),
    "certificate-expired": (
        "Giấy chứng nhận học lớp nhận thức về Đảng ngày {certified_on} đã quá {months} tháng khi chi bộ xét; vẫn "
        "ghi. Căn cứ: {source}.",
        "The certificate of {certified_on} was older than {months} months by the vote; recorded all the same. "
        "Source: {source}.",
    ),
    "introducers-few": (
        "Có {count} đảng viên giới thiệu, chưa đủ {least}; vẫn ghi. Căn cứ: {source}.",
        "{count} members introduce them, fewer than {least}; recorded all the same. Source: {source}.",
    ),
    "introducers-new": (
        "Có {count} đảng viên giới thiệu chưa cùng công tác hoặc cư trú đủ {months} tháng; vẫn ghi. Căn "
        "cứ: {source}.",
        "{count} introducers have known them for less than {months} months; recorded all the same. Source: {source}.",
    ),
}
