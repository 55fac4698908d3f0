"""The columns of the input files: their names, what Vietnamese offices call them, and what stands in them.

All of it is data. Reading finds a column by any of its names, export and templates write `label`, and the pick-lists
of templates are the words of `words`. The names people use are our own collection ("quy ước của phần mềm").
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from chassis.vietnamese import fold
from contracts.membership import (
    DepartureReason,
    Education,
    Gender,
    Occupation,
    OrganisationType,
    PoliticalTheory,
    Qualification,
)
from contracts.transfers import TransferKind
from services.membership.domain import TYPE_LABELS

GENDER_LABELS: Final[Mapping[Gender, str]] = {Gender.FEMALE: "Nữ", Gender.MALE: "Nam"}
YES_NO_LABELS: Final[Mapping[bool, str]] = {True: "Có", False: "Không"}
REASON_LABELS: Final[Mapping[DepartureReason, str]] = {
    DepartureReason.TRANSFERRED_OUT: "Chuyển đi",
    DepartureReason.RESIGNED: "Xin ra",
    DepartureReason.REMOVED: "Xóa tên",
    DepartureReason.EXPELLED: "Khai trừ",
    DepartureReason.DIED: "Từ trần",
    DepartureReason.UNSTATED: "Không rõ",
}
TYPE_WORDS: Final[Mapping[OrganisationType, str]] = {
    type_: label[0].upper() + label[1:] for type_, label in TYPE_LABELS.items()
}
EDUCATION_LABELS: Final[Mapping[Education, str]] = {
    Education.PRIMARY: "Tiểu học",
    Education.LOWER_SECONDARY: "Trung học cơ sở",
    Education.UPPER_SECONDARY: "Trung học phổ thông",
}
QUALIFICATION_LABELS: Final[Mapping[Qualification, str]] = {
    Qualification.ELEMENTARY: "Sơ cấp",
    Qualification.INTERMEDIATE: "Trung cấp",
    Qualification.COLLEGE: "Cao đẳng",
    Qualification.BACHELOR: "Đại học",
    Qualification.MASTER: "Thạc sĩ",
    Qualification.DOCTOR: "Tiến sĩ",
}
THEORY_LABELS: Final[Mapping[PoliticalTheory, str]] = {
    PoliticalTheory.ELEMENTARY: "Sơ cấp",
    PoliticalTheory.INTERMEDIATE: "Trung cấp",
    PoliticalTheory.ADVANCED: "Cao cấp",
    PoliticalTheory.BACHELOR: "Cử nhân",
}
OCCUPATION_LABELS: Final[Mapping[Occupation, str]] = {
    Occupation.CIVIL_SERVANT: "Công chức",
    Occupation.PUBLIC_EMPLOYEE: "Viên chức",
    Occupation.WORKER: "Công nhân",
    Occupation.FARMER: "Nông dân",
    Occupation.ARMED_FORCES: "Lực lượng vũ trang",
    Occupation.BUSINESS: "Kinh doanh",
    Occupation.STUDENT: "Sinh viên",
    Occupation.RETIRED: "Hưu trí",
    Occupation.OTHER: "Khác",
}


TRANSFER_LABELS: Final[Mapping[TransferKind, str]] = {
    TransferKind.WITHIN_COMMITTEE: "Trong đảng bộ cơ sở",
    TransferKind.WITHIN_BLOC: "Trong Đảng bộ Khối",
    TransferKind.OUT_OF_BLOC: "Chuyển đi",
    TransferKind.INTO_BLOC: "Chuyển đến",
    TransferKind.TEMPORARY: "Tạm thời",
}


class Kind(StrEnum):
    """The files."""

    ORGANISATIONS = "organisations"
    MEMBERS = "members"
    TRANSFERS = "transfers"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file; `name` is what the format is defined by, `label` what its Vietnamese form says."""

    name: str
    label: str
    other_names: Sequence[str] = ()
    """What else people write above it; compared by `header_key`."""
    meaning: str = ""
    """One or two sentences for whoever fills it in."""
    example: str = ""
    required: bool = False
    is_date: bool = False
    words: Sequence[str] = ()
    """The words that may stand in it; any text or date if empty."""
    optional: bool = False
    """Whether a file may leave it out; an empty cell then says nothing."""


def header_key(text: str) -> str:
    """Return what two ways of writing a header share: no diacritics, case, punctuation or note in brackets."""
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"\([^)]*\)", " ", fold(text))))


def by_header(columns: Sequence[Column]) -> dict[str, Column]:
    """Return the columns by the `header_key` of each of their names."""
    return {
        header_key(name): column
        for column in columns
        for name in (column.name, column.label, *column.other_names)
    }


ORGANISATIONS: Final = (
    Column(
        "code",
        "Mã tổ chức đảng",
        ("Mã", "Mã tổ chức", "Mã TCĐ", "Mã đơn vị", "Mã số", "Mã số tổ chức đảng"),
        "Mã riêng của tổ chức đảng, không bao giờ đổi.",
        "K.01",
        required=True,
    ),
    Column(
        "parent_code",
        "Mã cấp trên",
        (
            "Cấp trên", "Cấp trên trực tiếp", "Mã cấp trên trực tiếp", "Mã tổ chức cấp trên",
            "Mã tổ chức đảng cấp trên", "Mã TCĐ cấp trên", "Mã đơn vị cấp trên", "Đơn vị cấp trên",
            "Trực thuộc",
        ),
        "Mã của tổ chức đảng cấp trên trực tiếp; để trống với Đảng bộ Khối. Cấp trên có thể đứng ở dòng sau.",
        "K",
    ),
    Column(
        "type",
        "Loại tổ chức",
        ("Loại", "Loại hình", "Loại hình tổ chức", "Loại tổ chức đảng", "Loại đơn vị", "Loại hình tổ chức đảng"),
        "Chọn trong danh sách.",
        TYPE_WORDS[OrganisationType.GRASSROOTS_COMMITTEE],
        required=True,
        words=tuple(TYPE_WORDS.values()),
    ),
    Column(
        "name",
        "Tên tổ chức đảng",
        ("Tên", "Tên tổ chức", "Tên TCĐ", "Tên đơn vị", "Tổ chức đảng"),
        "Tên đầy đủ.",
        "Đảng bộ Sở Y tế",
        required=True,
    ),
    Column(
        "established_on",
        "Ngày thành lập",
        ("Thành lập", "Ngày, tháng, năm thành lập", "Ngày TL"),
        "Được tính từ ngày này.",
        "01/01/1990",
        required=True,
        is_date=True,
    ),
    Column(
        "dissolved_on",
        "Ngày giải thể",
        ("Giải thể", "Ngày, tháng, năm giải thể", "Ngày kết thúc", "Ngày kết thúc hoạt động"),
        "Từ ngày này không tính nữa; để trống nếu còn hoạt động.",
        is_date=True,
    ),
)  # fmt: skip
"""The columns of an organisations file, in the order in which it is written."""

MEMBERS: Final = (
    Column(
        "code",
        "Mã đảng viên",
        ("Mã", "Mã ĐV", "Mã số", "Mã số đảng viên"),
        "Mã riêng của đảng viên, không bao giờ đổi.",
        "DV-000001",
        required=True,
    ),
    Column(
        "cell_code",
        "Mã chi bộ",
        ("Chi bộ", "Mã CB", "Mã chi bộ sinh hoạt", "Chi bộ sinh hoạt", "Mã số chi bộ"),
        "Mã của chi bộ nơi đảng viên sinh hoạt.",
        "K.01.01",
        required=True,
    ),
    Column(
        "full_name",
        "Họ và tên",
        (
            "Họ tên", "Họ & tên", "Họ và tên đảng viên", "Họ tên đảng viên", "Họ và tên khai sinh",
            "Họ tên khai sinh", "Tên đảng viên", "Họ, chữ đệm và tên", "Họ, tên",
        ),
        "Họ, chữ đệm và tên khai sinh, viết có dấu.",
        "Nguyễn Thị Ví Dụ",
        required=True,
    ),
    Column(
        "birth_date",
        "Ngày sinh",
        ("Ngày, tháng, năm sinh", "Ngày tháng năm sinh", "Sinh ngày", "NTNS"),
        "Ngày, tháng, năm sinh.",
        "09/01/1983",
        required=True,
        is_date=True,
    ),
    Column(
        "gender",
        "Giới tính",
        ("Giới", "Nam/Nữ", "Phái"),
        "Chọn trong danh sách.",
        GENDER_LABELS[Gender.FEMALE],
        required=True,
        words=tuple(GENDER_LABELS.values()),
    ),
    Column(
        "ethnicity",
        "Dân tộc",
        ("Thành phần dân tộc", "Tên dân tộc"),
        "Tên dân tộc; người Kinh ghi “Kinh”.",
        "Kinh",
        required=True,
    ),
    Column(
        "religion",
        "Tôn giáo",
        ("Đạo", "Theo tôn giáo"),
        "Tên tôn giáo; để trống hoặc ghi “Không” nếu không theo.",
        "Không",
    ),
    Column(
        "youth_union",
        "Đoàn viên",
        ("Là đoàn viên", "Đoàn viên TNCS", "Đoàn viên thanh niên", "Đoàn thanh niên", "Đoàn TNCS Hồ Chí Minh"),
        "Có phải đoàn viên Đoàn TNCS Hồ Chí Minh không; chọn trong danh sách.",
        YES_NO_LABELS[False],
        required=True,
        words=tuple(YES_NO_LABELS.values()),
    ),
    Column(
        "admitted_on",
        "Ngày vào Đảng",
        ("Ngày kết nạp", "Ngày kết nạp Đảng", "Ngày vào Đảng dự bị", "Ngày vào ĐCSVN", "Vào Đảng", "Kết nạp"),
        "Ngày kết nạp; được tính từ ngày này, không sớm hơn ngày thành lập chi bộ.",
        "28/04/2011",
        required=True,
        is_date=True,
    ),
    Column(
        "official_on",
        "Ngày chính thức",
        (
            "Ngày công nhận chính thức", "Ngày vào Đảng chính thức", "Ngày chuyển chính thức",
            "Ngày chuyển Đảng chính thức", "Chính thức",
        ),
        "Ngày công nhận chính thức; để trống khi còn dự bị.",
        "28/04/2012",
        is_date=True,
    ),
    Column(
        "left_on",
        "Ngày ra",
        ("Ngày rời", "Ngày ra khỏi Đảng", "Ngày ra khỏi danh sách", "Ngày chuyển đi", "Ngày rời đi"),
        "Ngày ra khỏi danh sách, từ ngày này không tính nữa; để trống nếu còn sinh hoạt.",
        is_date=True,
    ),
    Column(
        "left_reason",
        "Lý do ra",
        ("Lý do", "Lí do", "Lí do ra", "Lý do rời", "Lý do ra khỏi Đảng", "Lý do ra khỏi danh sách"),
        "Chọn trong danh sách; chỉ ghi khi có ngày ra.",
        words=tuple(REASON_LABELS.values()),
    ),
    Column(
        "entered_on",
        "Ngày vào danh sách",
        (
            "Ngày chuyển đến", "Ngày tiếp nhận", "Ngày tiếp nhận sinh hoạt đảng", "Ngày chuyển sinh hoạt đảng đến",
            "Chuyển đến ngày",
        ),
        "Ngày bắt đầu được tính ở đây, nếu từ nơi khác chuyển đến hoặc trở lại; để trống nếu là ngày kết nạp.",
        is_date=True,
        optional=True,
    ),
    Column(
        "admission_decided_on",
        "Ngày quyết định kết nạp",
        ("Ngày QĐ kết nạp", "Quyết định kết nạp ngày", "Ngày ký quyết định kết nạp", "Tuổi Đảng tính từ"),
        "Ngày ghi trong quyết định kết nạp, từ đó tính tuổi Đảng; để trống nếu không còn quyết định.",
        "15/04/2011",
        is_date=True,
        optional=True,
    ),
    Column(
        "education",
        "Trình độ học vấn",
        ("Học vấn", "Văn hóa", "Trình độ văn hóa", "Giáo dục phổ thông", "Trình độ học vấn phổ thông"),
        "Giáo dục phổ thông đã qua; chọn trong danh sách.",
        EDUCATION_LABELS[Education.UPPER_SECONDARY],
        words=tuple(EDUCATION_LABELS.values()),
        optional=True,
    ),
    Column(
        "qualification",
        "Trình độ chuyên môn",
        ("Chuyên môn", "Chuyên môn nghiệp vụ", "Trình độ chuyên môn nghiệp vụ"),
        "Bằng cấp chuyên môn cao nhất; chọn trong danh sách.",
        QUALIFICATION_LABELS[Qualification.BACHELOR],
        words=tuple(QUALIFICATION_LABELS.values()),
        optional=True,
    ),
    Column(
        "theory",
        "Lý luận chính trị",
        ("Trình độ lý luận chính trị", "Lí luận chính trị", "Trình độ lí luận chính trị", "LLCT", "Trình độ LLCT"),
        "Trình độ lý luận chính trị; chọn trong danh sách.",
        THEORY_LABELS[PoliticalTheory.INTERMEDIATE],
        words=tuple(THEORY_LABELS.values()),
        optional=True,
    ),
    Column(
        "occupation",
        "Nghề nghiệp",
        ("Nghề nghiệp hiện nay", "Công việc", "Nghề"),
        "Nghề nghiệp hiện nay; chọn trong danh sách.",
        OCCUPATION_LABELS[Occupation.CIVIL_SERVANT],
        words=tuple(OCCUPATION_LABELS.values()),
        optional=True,
    ),
    Column(
        "card_number",
        "Số thẻ đảng viên",
        ("Số thẻ", "Số thẻ Đảng", "Thẻ đảng viên", "Số TĐV"),
        "Chỉ gồm chữ số: 12 chữ số theo mẫu mới; để trống nếu chưa có thẻ.",
        optional=True,
    ),
    Column(
        "file_number",
        "Số lý lịch đảng viên",
        ("Số lý lịch", "Số lí lịch", "Số lí lịch đảng viên", "Số hồ sơ", "Số LL"),
        "Chỉ gồm chữ số: 10 chữ số theo mẫu mới; để trống nếu chưa có.",
        optional=True,
    ),
)  # fmt: skip
"""The columns of a members file, in the order in which it is written."""


def _of_newcomer(name: str) -> Column:
    """Return a column of a members file as a transfers file has it: for somebody whom the register does not know."""
    column = next(column for column in MEMBERS if column.name == name)
    meaning = f"Chỉ ghi cho người từ nơi khác đến mà sổ chưa có. {column.meaning}"
    return replace(column, meaning=meaning, required=False, optional=True)


TRANSFERS: Final = (
    Column(
        "member_code",
        "Mã đảng viên",
        ("Mã", "Mã ĐV", "Mã số", "Mã số đảng viên"),
        "Mã của đảng viên; người từ nơi khác đến thì là mã sẽ dùng ở đây.",
        "DV-000001",
        required=True,
    ),
    Column(
        "full_name",
        "Họ và tên",
        ("Họ tên", "Họ & tên", "Họ và tên đảng viên", "Họ tên đảng viên", "Tên đảng viên"),
        "Để đối chiếu với sổ; phải ghi với người sổ chưa có.",
        "Nguyễn Thị Ví Dụ",
        optional=True,
    ),
    Column(
        "kind",
        "Hình thức chuyển",
        ("Hình thức", "Loại", "Loại chuyển", "Hình thức chuyển sinh hoạt", "Loại chuyển sinh hoạt"),
        "Chọn trong danh sách; để trống thì xác định theo nơi đi và nơi đến, trừ tạm thời.",
        TRANSFER_LABELS[TransferKind.WITHIN_BLOC],
        words=tuple(TRANSFER_LABELS.values()),
    ),
    Column(
        "origin_code",
        "Mã chi bộ đi",
        ("Chi bộ đi", "Chi bộ cũ", "Mã chi bộ cũ", "Chuyển từ", "Nơi đi"),
        "Mã chi bộ nơi đảng viên đang sinh hoạt; để trống thì lấy theo sổ, hoặc khi từ nơi khác đến.",
        "K.01.01",
    ),
    Column(
        "destination_code",
        "Mã chi bộ đến",
        ("Chi bộ đến", "Chi bộ mới", "Mã chi bộ mới", "Chuyển đến chi bộ"),
        "Mã chi bộ tiếp nhận; để trống khi chuyển ra ngoài Đảng bộ Khối.",
        "K.02",
    ),
    Column(
        "outside",
        "Nơi ngoài Đảng bộ Khối",
        ("Tổ chức đảng ngoài khối", "Nơi ngoài khối", "Đảng bộ khác", "Nơi khác", "Ngoài khối"),
        "Tên tổ chức đảng: nơi đến, hoặc nơi đi khi có chi bộ đến; để trống khi chuyển trong Đảng bộ Khối.",
    ),
    Column(
        "requested_on",
        "Ngày đề nghị",
        ("Đề nghị", "Ngày đề nghị chuyển", "Ngày làm đơn"),
        "Ngày đề nghị chuyển sinh hoạt.",
        "02/03/2020",
        required=True,
        is_date=True,
    ),
    Column(
        "released_on",
        "Ngày giới thiệu",
        ("Giới thiệu", "Ngày giới thiệu chuyển", "Ngày chuyển đi", "Ngày giấy giới thiệu"),
        "Ngày nơi đi giới thiệu; để trống nếu chưa.",
        "09/03/2020",
        is_date=True,
    ),
    Column(
        "received_on",
        "Ngày tiếp nhận",
        ("Tiếp nhận", "Ngày tiếp nhận sinh hoạt", "Ngày chuyển đến", "Ngày đến"),
        "Ngày nơi đến tiếp nhận, từ ngày này tính ở nơi đến; để trống nếu chưa.",
        "20/03/2020",
        is_date=True,
    ),
    Column(
        "decision_date",
        "Ngày quyết định",
        ("Quyết định ngày", "Ngày ký quyết định"),
        "Ngày của quyết định, nếu có.",
        is_date=True,
        optional=True,
    ),
    Column(
        "until_on",
        "Tạm thời đến ngày",
        ("Đến ngày", "Thời hạn", "Hết hạn tạm thời"),
        "Chỉ ghi cho sinh hoạt tạm thời.",
        is_date=True,
        optional=True,
    ),
    *(_of_newcomer(name) for name in (
        "birth_date", "gender", "ethnicity", "religion", "youth_union", "admitted_on", "admission_decided_on",
        "official_on",
    )),
)  # fmt: skip
"""The columns of a transfers file, in the order in which it is written."""

COLUMNS: Final[Mapping[Kind, Sequence[Column]]] = {
    Kind.ORGANISATIONS: ORGANISATIONS,
    Kind.MEMBERS: MEMBERS,
    Kind.TRANSFERS: TRANSFERS,
}

TITLES: Final[Mapping[Kind, str]] = {
    Kind.ORGANISATIONS: "Tổ chức đảng",
    Kind.MEMBERS: "Đảng viên",
    Kind.TRANSFERS: "Chuyển sinh hoạt đảng",
}
"""What the sheet of a workbook is called."""
