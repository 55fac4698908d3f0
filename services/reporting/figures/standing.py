"""Members of one day, told apart as asked: a checkpoint and the facts from it to the day, packed.

PostgreSQL only reads: 60,000 members are less than a megabyte, which NumPy counts in some milliseconds, where
grouping and telling of thousands of groups took PostgreSQL and its driver hundreds (see bench/README.md). Questions
of many days are answered by members.py, in one scan.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from chassis.database import Connection
from services.reporting import background, checkpoints
from services.reporting.checkpoints import (
    BACKGROUND_SHIFT,
    BORN_SHIFT,
    BYTES,
    PACKED,
    PACKED_AWAY,
    PROFILE_SHIFT,
)
from services.reporting.domain import AGE_BANDS, OLDEST, PARTY_AGE_BANDS, AgeBand, day_number
from services.reporting.figures.dimensions import VALUES, Dimension

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_PROFILES: Final = 32
_BACKGROUNDS: Final = 1 << 15
"""All that a smallint can hold."""
_MOST_AT_ONCE: Final = 4_000_000
"""Up to how many possible groups each has a place of its own; beyond, those that there are are looked for."""
OF_PROFILE: Final[Mapping[Dimension, tuple[int, str, str]]] = {
    Dimension.GENDER: (1, "female", "male"),
    Dimension.STANDING: (2, "official", "probationary"),
    Dimension.ETHNIC_MINORITY: (4, "true", "false"),
    Dimension.RELIGION: (8, "true", "false"),
    Dimension.YOUTH: (16, "true", "false"),
}
"""The bit of `profile`, and what it stands for where it is set and where it is not."""
OF_BACKGROUND: Final[Mapping[Dimension, background.Bits]] = {
    Dimension.EDUCATION: background.EDUCATION,
    Dimension.QUALIFICATION: background.QUALIFICATION,
    Dimension.THEORY: background.THEORY,
    Dimension.OCCUPATION: background.OCCUPATION,
    Dimension.ERA: background.ERA,
}
COLUMN_BITS: Final[Mapping[str, tuple[int, bool]]] = {
    "women": (1, True),
    "official": (2, True),
    "probationary": (2, False),
    "ethnic_minority": (4, True),
    "with_religion": (8, True),
    "youth": (16, True),
}
"""Of columns: which bit of `profile`, and whether those are counted that have it."""

# A join, not = ANY: for an array of thousands the planner looks at each element before it begins.
_OF_ONE: Final = "WITH p AS (SELECT cell_id, 0 AS place FROM unnest($1::uuid[]) AS p (cell_id))"
_OF_MANY: Final = """
    WITH p AS (SELECT cell_id, place FROM unnest($1::uuid[], $2::int[]) AS p (cell_id, place))
"""
_READ: Final = """
    SELECT place, string_agg({packed}, ''::bytea) AS packed
    FROM p JOIN {table} USING (cell_id) WHERE {which} GROUP BY 1
"""
_OF_CHECKPOINT: Final = _READ.format(packed="packed", table="member_standings", which="checkpoint = {}")


def _of_facts(packed: str, which: str) -> str:
    return _READ.format(packed=packed, table="member_facts", which=which)


@dataclass(frozen=True, slots=True)
class Packed:
    """Packed members and facts, each with the place of its row."""

    members: "Numbers"
    since: "Numbers"
    """Since when party age counts, as YYYYMMDD; 0 where it is not stated."""
    places: "Numbers | None"
    """None where all are of one row."""


async def read(
    connection: Connection, rows: Sequence[Collection[UUID]], day: date, known_at: datetime | None
) -> Packed:
    """Return all that counts on a day of the cells of some rows, of what was recorded by an instant.

    `connection` reads one snapshot.
    """
    import numpy as np  # noqa: PLC0415 - a tenth of the process' memory, of which a consumer has no use

    given: list[Any] = [[cell for its in rows for cell in its]]
    if len(rows) > 1:
        given.append([place for place, its in enumerate(rows) for _ in its])
    checkpoint = await checkpoints.nearest(connection, day) if known_at is None else None
    if known_at is not None:
        asked = _of_facts(PACKED, "effective_date <= {} AND recorded_at <= {}")
        values: list[Any] = [day, known_at]
    elif checkpoint is None:
        asked, values = _of_facts(PACKED, "effective_date <= {}"), [day]
    else:
        is_before = checkpoint.day <= day
        facts = _of_facts(
            PACKED if is_before else PACKED_AWAY, "effective_date > {} AND effective_date <= {}"
        )
        asked = f"{_OF_CHECKPOINT} UNION ALL {facts}"
        values = [checkpoint.id, *sorted([checkpoint.day, day])]
    places = (f"${len(given) + number}" for number in range(1, len(values) + 1))
    statement = (_OF_MANY if len(rows) > 1 else _OF_ONE) + asked.format(*places)
    found = await connection.fetch(statement, *given, *values)
    read_ = np.frombuffer(
        b"".join(row["packed"] for row in found), dtype=[("member", ">i8"), ("since", ">i4")]
    )
    members, since = read_["member"].astype(np.int64), read_["since"].astype(np.int64)
    if len(rows) == 1:
        return Packed(members, since, None)
    lengths = [len(row["packed"]) // BYTES for row in found]
    return Packed(members, since, np.repeat(np.array([row["place"] for row in found], np.int64), lengths))


class Scale:
    """Groups as numbers: each dimension is a digit, the first the highest, whose worth is the value's place."""

    def __init__(self, by: Sequence[Dimension]) -> None:
        self.by = tuple(by)
        self.values = [tuple(VALUES[one]) for one in self.by]
        self.weights: list[int] = []
        size = 1
        for values in reversed(self.values):
            self.weights.insert(0, size)
            size *= len(values)
        self.size = size

    def number(self, packed: Packed, day: date) -> "Numbers":
        """Return the number of each member's group, behind those of all rows before theirs."""
        import numpy as np  # noqa: PLC0415

        members = packed.members
        numbers = np.zeros(len(members), np.int64) if packed.places is None else packed.places * self.size
        of_profile, of_background = self._tables
        if of_profile is not None:
            numbers += of_profile[members >> PROFILE_SHIFT & (_PROFILES - 1)]
        if of_background is not None:
            numbers += of_background[members >> BACKGROUND_SHIFT & (_BACKGROUNDS - 1)]
        for one, values, weight in zip(self.by, self.values, self.weights, strict=True):
            if one is Dimension.AGE_BAND:
                numbers += _bands(AGE_BANDS, values)[ages(packed, day)] * weight
            elif one is Dimension.PARTY_AGE:
                bands = _bands(PARTY_AGE_BANDS, values)[_years(packed.since, day)]
                numbers += np.where(packed.since == 0, values.index(background.UNSTATED), bands) * weight
        return numbers

    @cached_property
    def _tables(self) -> "tuple[Numbers | None, Numbers | None]":
        """What each `profile` and each `background` are worth; None where no dimension is of them."""
        import numpy as np  # noqa: PLC0415

        profiles, of_profile = np.arange(_PROFILES), np.zeros(_PROFILES, np.int64)
        codes, of_background = np.arange(_BACKGROUNDS), np.zeros(_BACKGROUNDS, np.int64)
        for one, values, weight in zip(self.by, self.values, self.weights, strict=True):
            if one in OF_PROFILE:
                bit, *words = OF_PROFILE[one]
                of_profile += np.where(profiles & bit, *(values.index(word) * weight for word in words))
            elif one in OF_BACKGROUND:
                shift, mask, stated = OF_BACKGROUND[one]
                table = np.full(mask + 1, values.index(background.UNSTATED) * weight)
                table[1 : len(stated) + 1] = [values.index(word) * weight for word in stated]
                of_background += table[codes >> shift & mask]
        return (
            None if OF_PROFILE.keys().isdisjoint(self.by) else of_profile,
            None if OF_BACKGROUND.keys().isdisjoint(self.by) else of_background,
        )

    def cut(self, most: int) -> "tuple[Scale, Scale]":
        """Return two scales, of a number's quotient and of its rest, by the second one's size: `most` or less."""
        place = next(place for place, weight in enumerate([self.size, *self.weights]) if weight <= most)
        return Scale(self.by[:place]), Scale(self.by[place:])

    def words(self, number: int) -> tuple[str, ...]:
        """Return the values of a group."""
        return tuple(
            values[number // weight % len(values)]
            for values, weight in zip(self.values, self.weights, strict=True)
        )


@lru_cache(maxsize=16)
def scale_of(by: tuple[Dimension, ...]) -> Scale:
    """Return the scale of dimensions; those last asked for are kept, with their tables."""
    return Scale(by)


def ages(packed: Packed, day: date) -> "Numbers":
    """Return how old each is in completed years."""
    return _years(packed.members >> BORN_SHIFT, day)


def _years(since: "Numbers", day: date) -> "Numbers":
    import numpy as np  # noqa: PLC0415

    years: Numbers = np.clip((day_number(day) - since) // 10_000, 0, OLDEST)
    return years


def _bands(bands: Sequence[AgeBand], values: Sequence[str]) -> "Numbers":
    """Return, of each number of years, the place among the values of a dimension of the band that it is in."""
    import numpy as np  # noqa: PLC0415

    until = [*(band.lowest for band in bands[1:]), OLDEST + 1]
    lengths = [end - band.lowest for band, end in zip(bands, until, strict=True)]
    return np.repeat([values.index(band.label) for band in bands], lengths)


def counted(
    packed: Packed, scale: Scale, day: date, columns: Sequence[str]
) -> "tuple[Numbers, list[Numbers]]":
    """Return the numbers of groups, in order, in which a column is not 0; and their sums by column."""
    import numpy as np  # noqa: PLC0415

    members, numbers = packed.members, scale.number(packed, day)
    signs = 1 - 2 * (members & 1)
    rows = 1 if packed.places is None else int(packed.places.max(initial=0)) + 1
    groups = None
    if rows * scale.size > _MOST_AT_ONCE:
        groups, numbers = np.unique(numbers, return_inverse=True)
    sums = []
    for column in columns:
        if column == "total":
            weights = signs
        elif column == "years":
            weights = signs * ages(packed, day)
        else:
            bit, is_set = COLUMN_BITS[column]
            weights = signs * ((members >> PROFILE_SHIFT & bit > 0) == is_set)
        # Doubles, which are exact as far as 2^53.
        sums.append(np.bincount(numbers, weights=weights))
    if not sums:
        return np.zeros(0, np.int64), []
    some = np.flatnonzero(sums[0] if len(sums) == 1 else np.any(sums, axis=0))
    return (some if groups is None else groups[some]), [its[some].astype(np.int64) for its in sums]
