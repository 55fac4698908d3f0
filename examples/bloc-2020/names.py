"""Vietnamese names for synthetic people: what they are made of and how one is drawn.

Invented: the lists are common words of Vietnamese naming, joined at random. Surname weights follow the known
shape of the distribution (Nguyễn about 38 %, Trần about 11 %, Lê about 9.5 %, ...).
"""

import random
from typing import Final

KINH: Final = "Kinh"


def listed(text: str) -> tuple[str, ...]:
    """Split ``a, b, c`` into its items: long lists stay readable."""
    return tuple(text.split(", "))


SURNAMES: Final[dict[str, float]] = {
    "Nguyễn": 38.4,
    "Trần": 11.0,
    "Lê": 9.5,
    "Phạm": 7.1,
    "Hoàng": 3.4,
    "Huỳnh": 1.7,
    "Phan": 4.5,
    "Vũ": 2.6,
    "Võ": 1.6,
    "Đặng": 2.1,
    "Bùi": 2.0,
    "Đỗ": 1.4,
    "Hồ": 1.3,
    "Ngô": 1.3,
    "Dương": 1.0,
    "Đinh": 0.9,
    "Trịnh": 0.8,
    "Đoàn": 0.7,
    "Lương": 0.7,
    "Mai": 0.6,
    "Đào": 0.6,
    "Trương": 0.9,
    "Lưu": 0.4,
    "Tạ": 0.4,
    "Cao": 0.4,
    "Lý": 0.4,
    "Hà": 0.4,
    "Phùng": 0.3,
    "Tô": 0.3,
    "Thái": 0.3,
    "Vương": 0.2,
    "Kiều": 0.2,
    "Quách": 0.1,
}
"""Kinh surname -> weight."""

CLASSIC_MIDDLE: Final[dict[str, str]] = {"female": "Thị", "male": "Văn"}
"""The middle name most usual for those born before about 1980, and still frequent after."""

MIDDLE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "female": listed(
        "Thị Thu, Thị Thanh, Thị Ngọc, Thị Kim, Thị Hồng, Thị Bích, Thị Minh, Thị Phương, Thị Thùy, "
        "Thị Mỹ, Ngọc, Thu, Thanh, Minh, Phương, Hồng, Thùy, Khánh, Bảo, Quỳnh, Diệu, Mai, Hoàng, "
        "Tuyết"
    ),
    "male": listed(
        "Hữu, Đức, Quang, Minh, Công, Đình, Xuân, Ngọc, Quốc, Thanh, Anh, Tuấn, Trọng, Hoàng, Thế, "
        "Viết, Bá, Mạnh, Duy, Tiến, Trung, Hải, Chí, Khắc, Việt"
    ),
}

GIVEN_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "female": listed(
        "Hương, Hoa, Lan, Hà, Hằng, Thủy, Linh, Trang, Diệp, Yến, Loan, Hạnh, Hiền, Huệ, Nhung, Oanh, "
        "Phượng, Thảo, Vân, Xuân, Ánh, Dung, Giang, Hòa, Lý, Liên, Mai, My, Ngân, Nguyệt, Nhàn, "
        "Quyên, Tâm, Thơm, Thúy, Tuyết, Uyên, Hường, Châu, Diễm, Đào, Trinh, Trâm, Vy, Hồng, Minh, "
        "Anh, Ngọc"
    ),
    "male": listed(
        "Tuấn, Cường, Sơn, Long, Nam, Hậu, Hiệp, Đăng, Hào, Đạt, Đông, Khương, Hà, Hiếu, Hòa, "
        "Hoàng, Huy, Khánh, Khoa, Kiên, Lâm, Lộc, Minh, Nhật, Phong, Phú, Quân, Quý, Sang, Tài, Tân, "
        "Sỹ, Thuấn, Thịnh, Thuận, Toàn, Trí, Trường, Tú, Tùng, Việt, Vinh, Vũ, Đoàn, Khôi, Luân, "
        "Nhân"
    ),
}

ETHNIC_MINORITIES: Final[dict[str, float]] = {
    "Tày": 16,
    "Mường": 11,
    "Nùng": 10,
    "Thái": 9,
    "Khmer": 6,
    "Hoa": 5,
    "Dao": 4,
    "Ê Đê": 3,
    "Mông": 3,
}
"""Ethnic group -> weight among members who are not Kinh (invented)."""

MINORITY_SURNAMES: Final[dict[str, tuple[str, ...]]] = {
    "Tày": ("Nông", "Hoàng", "Ma", "Bế", "Lương", "Hà", "Lý", "Đàm"),
    "Mường": ("Bùi", "Đinh", "Quách", "Bạch", "Hà"),
    "Nùng": ("Nông", "Hoàng", "Vi", "Lương", "Chu", "Lý"),
    "Thái": ("Lò", "Cà", "Quàng", "Lường", "Cầm", "Vi", "Hà"),
    "Khmer": ("Thạch", "Sơn", "Kim", "Danh", "Lâm", "Kiên"),
    "Hoa": ("Lâm", "Trần", "Lý", "Huỳnh", "Lưu", "Mã", "Tăng"),
    "Dao": ("Triệu", "Bàn", "Đặng", "Phùng", "Lý"),
    "Mông": ("Giàng", "Vàng", "Sùng", "Thào", "Hạng", "Lầu"),
    "Ê Đê": ("Niê", "Êban", "Mlô", "Ayũn", "Kbuôr"),
}
"""Surnames usual in a group; of the Ê Đê the clan, which stands last."""

MONG_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "female": ("Thị Mỷ", "Thị Dua", "Thị Sua", "Thị Chía", "Thị Pàng"),
    "male": ("A Páo", "A Sình", "A Chứ", "A Dơ", "A Lử"),
}

EDE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "female": ("H'Linh", "H'Loan", "H'Nga", "H'Yến", "H'Lan"),
    "male": ("Y Bình", "Y Thuận", "Y Khoa", "Y Sơn", "Y Nam"),
}


def full_name(rng: random.Random, gender: str, ethnicity: str, birth_year: int) -> str:
    """Draw a full name that fits gender, ethnic group and generation."""
    if ethnicity == KINH:
        surname = rng.choices(list(SURNAMES), weights=list(SURNAMES.values()))[0]
    else:
        surname = rng.choice(MINORITY_SURNAMES[ethnicity])
    if ethnicity == "Ê Đê":
        return f"{rng.choice(EDE_NAMES[gender])} {surname}"
    if ethnicity == "Mông":
        return f"{surname} {rng.choice(MONG_NAMES[gender])}"
    return f"{surname} {_middle_and_given(rng, gender, birth_year)}"


def _middle_and_given(rng: random.Random, gender: str, birth_year: int) -> str:
    """Draw middle and given name; the two never repeat a word."""
    classic_share = 0.55 if birth_year < 1980 else 0.25
    given = rng.choice(GIVEN_NAMES[gender])
    if rng.random() < classic_share:
        return f"{CLASSIC_MIDDLE[gender]} {given}"
    return f"{rng.choice([name for name in MIDDLE_NAMES[gender] if given not in name.split()])} {given}"
