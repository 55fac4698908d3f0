"""The figures of one unit with all below it on one day, for who asks what reports count and no more than that.

Rules:

- A member or unit counts on a day by the sum of its facts with an effective date up to that day, whether or
  not the unit it belongs to is dissolved by then.
- The scope of a unit is the unit and all below it, by the tree of the day (dated_tree.py).
- Facts about units not yet known are kept and count from the moment the unit's own event arrives.
- With `known_at`, only what membership had recorded by that instant is looked at.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chassis.database import Connection
from services.reporting.dated_tree import DatedTree, Trees
from services.reporting.domain import AGE_BANDS, Group
from services.reporting.figures import standing
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.standing import scale_of
from services.reporting.tree import Unit

_BY: Final = (
    Dimension.GENDER, Dimension.STANDING, Dimension.ETHNIC_MINORITY, Dimension.RELIGION, Dimension.YOUTH,
    Dimension.AGE_BAND,
)  # fmt: skip
_BANDS: Final = {band.label: place for place, band in enumerate(AGE_BANDS)}


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything of one snapshot: units by type, and members by group."""

    unit: Unit | None
    units_by_type: Counter[str]
    groups: list[Group]


async def statistics(
    connection: Connection, trees: Trees, *, unit: str | None, as_of: date, known_at: datetime | None
) -> Answer | None:
    """Return the figures of a unit and all below it, by its code, or of the whole register for None.

    `connection` reads one snapshot. Returns None where no unit of that code is known.
    """
    tree = await trees.read(connection, known_at)
    root = None if unit is None else tree.of_code(unit, as_of)
    if unit is not None and root is None:
        return None
    units = tree.below(root, as_of)
    return Answer(
        unit=None if root is None else tree.unit(root, as_of),
        units_by_type=Counter(type_ for one in units for type_ in tree.types_on(one, as_of)),
        groups=await _groups(connection, units, as_of, known_at),
    )


async def _groups(
    connection: Connection, units: frozenset[UUID], as_of: date, known_at: datetime | None
) -> list[Group]:
    scale = scale_of(_BY)
    packed = await standing.read(connection, [units], as_of, known_at)
    numbers, (counts, years) = standing.counted(packed, scale, as_of, ["total", "years"])
    return [
        _group(scale.words(number), count, its_years)
        for number, count, its_years in zip(numbers.tolist(), counts.tolist(), years.tolist(), strict=True)
    ]


def _group(words: tuple[str, ...], count: int, years: int) -> Group:
    gender, standing_, minority, religious, youth, band = words
    return Group(
        gender=gender,
        standing=standing_,
        ethnic_minority=minority == "true",
        religious=religious == "true",
        youth_union=youth == "true",
        age_band=_BANDS[band],
        count=count,
        years=years,
    )


def units_below(tree: DatedTree, *, parent: str | None, as_of: date) -> list[Unit] | None:
    """Return the units that hang directly under the unit of that code on a day and exist then, by code.

    For None, the roots. Returns None where no unit of that code is known.
    """
    root = None if parent is None else tree.of_code(parent, as_of)
    if parent is not None and root is None:
        return None
    return sorted(tree.there_under(root, as_of), key=lambda unit: unit.code)
