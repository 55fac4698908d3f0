"""Figures that a rule document sets and another may change: data with its source, nowhere else in the code."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure and the document it comes from."""

    value: int
    source: str
    in_force_from: date = date.min
    """The first day of what it is held against; every day by default."""


_CHARTER: Final = "Điều lệ Đảng (19/01/2011)"

LEAST_AGE_AT_ADMISSION: Final = Threshold(18, f"{_CHARTER}, Điều 1")
"""Years, counted in full months."""
MOST_AGE_AT_ADMISSION: Final = Threshold(60, "Quy định 24-QĐ/TW (30/7/2021), mục 1.1")
"""Years, counted in full months."""
PROBATION_MONTHS: Final = Threshold(12, f"{_CHARTER}, Điều 5")
"""Months from the admission ceremony to confirmation."""

LONGEST_CODE: Final = 64
"""Characters; a convention of this system."""
LONGEST_NAME: Final = 300
"""Characters; a convention of this system."""
MOST_IN_A_DECISION: Final = 2_000
"""Units or members that one decision names; a convention of this system."""


@dataclass(frozen=True, slots=True)
class Series:
    """Figures that belong together, in rising order, and the document they come from."""

    values: tuple[int, ...]
    source: str


@dataclass(frozen=True, slots=True)
class DaysOfYear:
    """Days that come back each year, as (month, day) in their order, and the document they come from."""

    days: tuple[tuple[int, int], ...]
    source: str


_RULES_ON_CHARTER: Final = "Quy định 24-QĐ/TW (30/7/2021)"
_GUIDANCE_ON_CHARTER: Final = "Hướng dẫn 01-HD/TW (28/9/2021)"

CARD_DIGITS: Final = Threshold(12, "mẫu thẻ đảng viên từ năm 2025")
"""Digits of the number of a party card (thẻ đảng viên); cards issued before have fewer."""
FILE_DIGITS: Final = Threshold(10, "mẫu lý lịch đảng viên từ năm 2025")
"""Digits of the number of a member's file (lý lịch đảng viên); files made before have fewer."""
COURSE_CERTIFICATE_MONTHS: Final = Threshold(60, _GUIDANCE_ON_CHARTER)
"""Months for which a certificate of the course on the party is valid."""
CERTIFICATE_REMINDER: Final = Threshold(6, "quy ước của phần mềm")
"""Months before a certificate is valid no more from which the office is reminded."""
INTRODUCERS: Final = Threshold(2, f"{_CHARTER}, Điều 4")
"""Official members who introduce somebody to the party."""
INTRODUCERS_OF_YOUTH: Final = Threshold(1, f"{_CHARTER}, Điều 4")
"""The same of a member of the youth union, whose committee introduces them as well."""
INTRODUCER_MONTHS: Final = Threshold(12, f"{_CHARTER}, Điều 4")
"""Months for which an introducer has worked or lived together with who is introduced."""
READMISSION_MONTHS: Final = Threshold(36, f"{_RULES_ON_CHARTER}, mục 3.5")
"""Months from leaving the party before which nobody is admitted again."""
MOST_READMISSIONS: Final = Threshold(1, f"{_RULES_ON_CHARTER}, mục 3.5.3")
"""How often somebody may be admitted again."""
YOUTH_UNION_UNTIL: Final = Threshold(30, "Điều lệ Đoàn TNCS Hồ Chí Minh (15/12/2022), Điều 4")
"""Years of age beyond which a member of the youth union leaves it (trưởng thành Đoàn)."""
YOUTH_UNION_LATEST: Final = Threshold(35, "Điều lệ Đoàn TNCS Hồ Chí Minh (15/12/2022), Điều 4")
"""Years of age until which somebody may stay in it by their own wish, if not elected to its leadership."""

CONFIRMATION_REVIEW: Final = Threshold(30, f"{_RULES_ON_CHARTER}, mục 5")
"""Working days from the end of probation within which the cell reviews the confirmation."""
CONFIRMED_FROM: Final = Threshold(
    PROBATION_MONTHS.value, f"{_RULES_ON_CHARTER}, mục 5", in_force_from=date(2021, 7, 30)
)
"""Months from the ceremony at whose end membership is official, however late it is decided."""
CEREMONY_WORKING_DAYS: Final = Threshold(30, _RULES_ON_CHARTER, in_force_from=date(2021, 7, 30))
"""Working days from the decision on an admission within which the cell holds the ceremony (lễ kết nạp)."""
PROBATION_REMINDER: Final = Threshold(8, "quy ước của phần mềm")
"""Weeks before the end of probation from which the office is reminded: two monthly meetings of the cell."""

TRANSFER_WORKING_DAYS: Final = Threshold(
    60, f"{_RULES_ON_CHARTER}, mục 6; tính từ ngày giới thiệu là quy ước của phần mềm"
)
"""Working days from the release (giới thiệu) within which a transfer is to be received."""
TRANSFER_EXPIRY: Final = Threshold(30, "quy ước của phần mềm")
"""Days past the deadline, and past the last thing recorded of it, after which a transfer expires by itself.

Until then the office has it on its list of overdue ones, and papers that come late are recorded as they came.
"""

BADGE_YEARS: Final = Series((30, *range(40, 91, 5)), f"{_GUIDANCE_ON_CHARTER}, mục 18")
"""Full years of party age for which there is a badge."""
AWARD_DAYS: Final = DaysOfYear(((2, 3), (5, 19), (9, 2), (11, 7)), f"{_GUIDANCE_ON_CHARTER}, mục 18")
"""The days on which badges are awarded."""

LEAST_OFFICIAL_MEMBERS: Final = Threshold(3, f"{_CHARTER}, Điều 21 và Điều 24")
"""Official members without whom there is no cell."""
CELL_COMMITTEE_FROM: Final = Threshold(9, f"{_CHARTER}, Điều 24")
"""Official members from whom on a cell elects a committee (chi ủy)."""
GRASSROOTS_COMMITTEE_FROM: Final = Threshold(30, f"{_CHARTER}, Điều 21")
"""Members, official and on probation, from whom on a grassroots organisation is a committee (đảng bộ cơ sở)."""
