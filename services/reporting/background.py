"""What members have learned and do for a living, as one number: figures group by one column, rows stay narrow. Pure.

Each dimension has its bits; 0 in them where it is not stated. New values come last: what is stored stays what it is.
"""

from collections.abc import Mapping
from enum import StrEnum
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
