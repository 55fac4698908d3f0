"""What members have learned, do for a living and when they joined, as one number: figures group by one column. Pure.

Each dimension has its bits; 0 in them where it is not stated. New values come last: what is stored stays what it is.
"""

from bisect import bisect
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from contracts.membership import Education, Occupation, PoliticalTheory, Qualification

UNSTATED: Final = "unstated"
"""As what a member counts where a dimension is not stated."""


class Bits(NamedTuple):
    """Where in the number a dimension stands, and its values in the order of their codes, from 1."""

    shift: int
    mask: int
    values: tuple[str, ...]


def _bits(shift: int, mask: int, values: type[StrEnum]) -> Bits:
    return Bits(shift, mask, tuple(values))


EDUCATION: Final = _bits(0, 3, Education)
QUALIFICATION: Final = _bits(2, 7, Qualification)
THEORY: Final = _bits(5, 7, PoliticalTheory)
OCCUPATION: Final = _bits(8, 15, Occupation)
ERAS: Final[Mapping[str, date]] = {
    "before_1945": date.min,
    "1945-1954": date(1945, 8, 19),
    "1954-1975": date(1954, 7, 21),
    "1975-1986": date(1975, 5, 1),
    "1986-2000": date(1986, 12, 15),
    "2001-2010": date(2001, 1, 1),
    "from_2011": date(2011, 1, 1),
}
"""When somebody joined (thời kỳ vào Đảng), each from its first day on: the August Revolution, Geneva, the end of the
war and the 6th Congress as reports have them, and for those after it decades: a convention of ours."""
ERA: Final = Bits(12, 7, tuple(ERAS))
_ALL: Final = (EDUCATION, QUALIFICATION, THEORY, OCCUPATION)

CODES: Final[Mapping[tuple[str | None, ...], int]] = {
    values: sum(
        (its.values.index(value) + 1) << its.shift
        for its, value in zip(_ALL, values, strict=True)
        if value is not None
    )
    for values in product(*((None, *its.values) for its in _ALL))
}
"""The number of each education, qualification, level of theory and occupation; None where it is not stated."""


@lru_cache(maxsize=100_000)
def era(joined_on: date | None) -> int:
    """Return the era of a day of admission in its bits of the number; 0 where it is not stated."""
    return 0 if joined_on is None else bisect(_FIRST_DAYS, joined_on) << ERA.shift


_FIRST_DAYS: Final = list(ERAS.values())
