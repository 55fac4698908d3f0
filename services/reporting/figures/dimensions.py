"""What figures can be told apart by, with what people call it, in their order. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.reporting.background import UNSTATED


class Dimension(StrEnum):
    """What figures can be told apart by."""

    UNIT = "unit"
    """The units directly below the one asked for."""
    GRASSROOTS = "grassroots"
    """Tổ chức cơ sở đảng."""
    CELL = "cell"
    TYPE = "type"
    """The type of a unit."""
    GENDER = "gender"
    ETHNIC_MINORITY = "ethnic_minority"
    RELIGION = "religion"
    YOUTH = "youth"
    STANDING = "standing"
    AGE_BAND = "age_band"
    EDUCATION = "education"
    QUALIFICATION = "qualification"
    THEORY = "theory"
    OCCUPATION = "occupation"
    ERA = "admission_era"
    """When members joined the Party."""
    PARTY_AGE = "party_age"
    """Full years since their admission, by the years of badges."""
    KIND = "kind"
    """The kind of a meeting."""
    AXIS = "axis"
    """What a visitor comments on."""
    GRADE = "grade"
    """Of an axis."""
    SEVERITY = "severity"
    """Of a finding."""
    STATE = "state"
    """How far the remedy of a finding is."""
    RATING = "rating"
    """An annual rating (xếp loại chất lượng hằng năm)."""
    AWARD = "award"
    """What an award is."""
    LEVEL = "level"
    """Which level of the Party awards it."""


UNITS: Final = (Dimension.UNIT, Dimension.GRASSROOTS, Dimension.CELL)
"""Dimensions by which every figure can be told apart; one of them at a time."""

LABELS: Final[Mapping[Dimension, str]] = {
    Dimension.UNIT: "Tổ chức đảng trực tiếp cấp dưới",
    Dimension.GRASSROOTS: "Tổ chức cơ sở đảng",
    Dimension.CELL: "Chi bộ",
    Dimension.TYPE: "Loại hình tổ chức đảng",
    Dimension.GENDER: "Giới tính",
    Dimension.ETHNIC_MINORITY: "Dân tộc thiểu số",
    Dimension.RELIGION: "Có đạo",
    Dimension.YOUTH: "Đoàn viên, thanh niên",
    Dimension.STANDING: "Loại đảng viên",
    Dimension.AGE_BAND: "Nhóm tuổi",
    Dimension.EDUCATION: "Trình độ học vấn phổ thông",
    Dimension.QUALIFICATION: "Trình độ chuyên môn",
    Dimension.THEORY: "Trình độ lý luận chính trị",
    Dimension.OCCUPATION: "Nghề nghiệp",
    Dimension.ERA: "Thời kỳ vào Đảng",
    Dimension.PARTY_AGE: "Tuổi đảng",
    Dimension.KIND: "Loại sinh hoạt",
    Dimension.AXIS: "Mặt nhận xét",
    Dimension.GRADE: "Mức nhận xét",
    Dimension.SEVERITY: "Mức độ hạn chế",
    Dimension.STATE: "Tình trạng khắc phục",
    Dimension.RATING: "Xếp loại hằng năm",
    Dimension.AWARD: "Hình thức khen thưởng",
    Dimension.LEVEL: "Cấp khen thưởng",
}

_UNSTATED: Final = {UNSTATED: "Chưa ghi"}
_YES_NO: Final = {"true": "Có", "false": "Không"}
VALUES: Final[Mapping[Dimension, Mapping[str, str]]] = {
    Dimension.TYPE: {
        "bloc": "Đảng bộ Khối",
        "grassroots_committee": "Đảng bộ cơ sở",
        "divisional_committee": "Đảng bộ bộ phận",
        "grassroots_cell": "Chi bộ cơ sở",
        "subordinate_cell": "Chi bộ trực thuộc",
    },
    Dimension.GENDER: {"female": "Nữ", "male": "Nam"},
    Dimension.ETHNIC_MINORITY: _YES_NO,
    Dimension.RELIGION: _YES_NO,
    Dimension.YOUTH: _YES_NO,
    Dimension.STANDING: {"official": "Chính thức", "probationary": "Dự bị"},
    Dimension.AGE_BAND: {
        "under_18": "Dưới 18", "18-30": "18–30", "31-35": "31–35", "36-40": "36–40", "41-45": "41–45",
        "46-50": "46–50", "51-55": "51–55", "56-60": "56–60", "over_60": "Trên 60",
    },
    Dimension.EDUCATION: {
        "primary": "Tiểu học", "lower_secondary": "Trung học cơ sở", "upper_secondary": "Trung học phổ thông",
        **_UNSTATED,
    },
    Dimension.QUALIFICATION: {
        "elementary": "Sơ cấp", "intermediate": "Trung cấp", "college": "Cao đẳng", "bachelor": "Đại học",
        "master": "Thạc sĩ", "doctor": "Tiến sĩ", **_UNSTATED,
    },
    Dimension.THEORY: {
        "elementary": "Sơ cấp", "intermediate": "Trung cấp", "advanced": "Cao cấp", "bachelor": "Cử nhân",
        **_UNSTATED,
    },
    Dimension.OCCUPATION: {
        "civil_servant": "Cán bộ, công chức", "public_employee": "Viên chức", "worker": "Công nhân",
        "farmer": "Nông dân", "armed_forces": "Lực lượng vũ trang", "business": "Kinh doanh",
        "student": "Sinh viên", "retired": "Hưu trí", "other": "Khác", **_UNSTATED,
    },
    Dimension.ERA: {
        "before_1945": "Trước 19/8/1945", "1945-1954": "19/8/1945 – 20/7/1954", "1954-1975": "21/7/1954 – 30/4/1975",
        "1975-1986": "1/5/1975 – 14/12/1986", "1986-2000": "15/12/1986 – 31/12/2000",
        "2001-2010": "1/1/2001 – 31/12/2010", "from_2011": "Từ 1/1/2011", **_UNSTATED,
    },
    Dimension.PARTY_AGE: {
        "under_10": "Dưới 10 năm", "10-19": "10–19 năm", "20-29": "20–29 năm", "30-39": "30–39 năm",
        **{f"{years}-{years + 4}": f"{years}–{years + 4} năm" for years in range(40, 90, 5)},
        "from_90": "Từ 90 năm", **_UNSTATED,
    },
    Dimension.KIND: {"regular": "Định kỳ", "thematic": "Chuyên đề", "extraordinary": "Đột xuất"},
    Dimension.AXIS: {
        "content": "Nội dung sinh hoạt", "procedure": "Quy trình sinh hoạt", "organisation": "Công tác tổ chức",
        "chairing": "Điều hành của người chủ trì", "quality": "Chất lượng sinh hoạt",
    },
    Dimension.SEVERITY: {"minor": "Nhẹ", "moderate": "Vừa", "serious": "Nghiêm trọng"},
    Dimension.STATE: {
        "open": "Chưa khắc phục", "remedying": "Đang khắc phục", "reported": "Đã báo cáo, chờ xác nhận",
        "closed": "Đã khắc phục",
    },
    Dimension.RATING: {
        "excellent": "Hoàn thành xuất sắc nhiệm vụ", "good": "Hoàn thành tốt nhiệm vụ",
        "completed": "Hoàn thành nhiệm vụ", "not_completed": "Không hoàn thành nhiệm vụ",
        "not_rated": "Chưa xếp loại",
    },
    Dimension.AWARD: {
        "five_year_flag": "Cờ “Trong sạch, vững mạnh” tiêu biểu 5 năm liên tục", "flag": "Cờ khác",
        "merit": "Bằng khen", "commendation": "Giấy khen", "other": "Hình thức khác",
    },
    Dimension.LEVEL: {
        "central": "Trung ương", "province": "Tỉnh ủy", "bloc": "Đảng ủy Khối", "grassroots": "Cấp cơ sở",
    },
    Dimension.GRADE: {"good": "Tốt", "fair": "Khá", "average": "Trung bình", "poor": "Kém"},
}  # fmt: skip
"""The values of a dimension, in their order, with what people call them."""
