"""What a statistic is made of: dimensions, age bands, and tables counted from groups. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Dimension(StrEnum):
    """What members can be told apart by; any combination makes a cross-table (DOMAIN: breakdowns)."""

    GENDER = "gender"
    ETHNIC_MINORITY = "ethnic_minority"
    RELIGION = "religion"
    YOUTH = "youth"
    STANDING = "standing"
    AGE_BAND = "age_band"


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages from `lowest` completed years up to the next band's lowest."""

    label: str
    lowest: int


AGE_BANDS: Final = (
    # Nobody is admitted under 18; wrong dates still have to be counted somewhere, so that sums agree.
    AgeBand("under_18", 0),
    AgeBand("18-30", 18),
    AgeBand("31-35", 31),
    AgeBand("36-40", 36),
    AgeBand("41-45", 41),
    AgeBand("46-50", 46),
    AgeBand("51-55", 51),
    AgeBand("56-60", 56),
    AgeBand("over_60", 61),
)
"""The bands of party reports (DOMAIN: statistical breakdowns), youngest first."""

PARTY_AGE_BANDS: Final = (
    AgeBand("under_10", 0),
    AgeBand("10-19", 10),
    AgeBand("20-29", 20),
    AgeBand("30-39", 30),
    *(AgeBand(f"{years}-{years + 4}", years) for years in range(40, 90, 5)),
    AgeBand("from_90", 90),
)
"""Bands of party age (tuổi đảng): from 30 years on, each from one badge to the next (DOMAIN: party badge)."""

OLDEST: Final = 130
"""Ages are counted up to this; anything older is a wrong birth date and counts as this."""


def day_number(day: date) -> int:
    """Return a day as the number YYYYMMDD; between two, (later - earlier) // 10,000 are the completed years.

    By it somebody born on 29 February turns a year older on 1 March in common years: a convention of ours.
    """
    return day.year * 10_000 + day.month * 100 + day.day


@dataclass(frozen=True, slots=True)
class Group:
    """Members alike in every dimension: how many, and the sum of their ages in completed years."""

    gender: str
    standing: str
    ethnic_minority: bool
    religious: bool
    youth_union: bool
    age_band: int
    """Index in AGE_BANDS."""
    count: int
    years: int

    def value(self, dimension: Dimension) -> str | bool | int:
        """Return where the group stands in a dimension; an age band as its index, so that bands sort by age."""
        match dimension:
            case Dimension.GENDER:
                return self.gender
            case Dimension.ETHNIC_MINORITY:
                return self.ethnic_minority
            case Dimension.RELIGION:
                return self.religious
            case Dimension.YOUTH:
                return self.youth_union
            case Dimension.STANDING:
                return self.standing
            case Dimension.AGE_BAND:
                return self.age_band


@dataclass(frozen=True, slots=True)
class Members:
    """The figures of reports; the categories overlap."""

    total: int
    women: int
    ethnic_minority: int
    youth: int
    with_religion: int
    probationary: int
    official: int


@dataclass(frozen=True, slots=True)
class Organisations:
    """How many units there are of each kind; grassroots organisations are grassroots committees and cells."""

    grassroots_organisations: int
    grassroots_committees: int
    grassroots_cells: int
    subordinate_cells: int
    divisional_committees: int


def count_members(groups: Iterable[Group]) -> Members:
    """Return the figures of reports for these groups."""
    total = women = minority = youth = religious = probationary = official = 0
    for group in groups:
        count = group.count
        total += count
        women += count * (group.gender == "female")
        minority += count * group.ethnic_minority
        youth += count * group.youth_union
        religious += count * group.religious
        probationary += count * (group.standing == "probationary")
        official += count * (group.standing == "official")
    return Members(total, women, minority, youth, religious, probationary, official)


def count_organisations(by_type: dict[str, int]) -> Organisations:
    """Return the figures of reports from the number of units of each type."""
    committees = by_type.get("grassroots_committee", 0)
    cells = by_type.get("grassroots_cell", 0)
    return Organisations(
        grassroots_organisations=committees + cells,
        grassroots_committees=committees,
        grassroots_cells=cells,
        subordinate_cells=by_type.get("subordinate_cell", 0),
        divisional_committees=by_type.get("divisional_committee", 0),
    )


def tabulate(groups: Iterable[Group], by: Sequence[Dimension]) -> list[dict[str, str | bool | int]]:
    """Return the cross-table by these dimensions, empty cells left out, ordered by dimension.

    Each row has the dimensions' values and `count`. By nothing there is nothing to tell apart: no row.
    """
    if not by:
        return []
    counts: Counter[tuple[str | bool | int, ...]] = Counter()
    for group in groups:
        counts[tuple(group.value(dimension) for dimension in by)] += group.count
    return [
        {
            **{dimension: _shown(dimension, value) for dimension, value in zip(by, key, strict=True)},
            "count": count,
        }
        for key, count in sorted(counts.items())
        if count
    ]


def _shown(dimension: Dimension, value: str | bool | int) -> str | bool | int:
    return AGE_BANDS[int(value)].label if dimension is Dimension.AGE_BAND else value


def mean_age(groups: Sequence[Group]) -> float | None:
    """Return the mean age in completed years, to one decimal, halves up; None where there is nobody."""
    count = sum(group.count for group in groups)
    years = sum(group.years for group in groups)
    # In whole numbers: a float would round some halves down.
    return (20 * years + count) // (2 * count) / 10 if count > 0 else None
