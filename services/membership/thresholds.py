"""Figures that a rule document sets and another may change: data with its source, nowhere else in the code."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure and the document it comes from."""

    value: int
    source: str


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
