"""Which units count in which row of an answer, and on which days: what queries over facts are given. Pure.

A row is a unit told apart, or the whole. What belongs to it may be another on each day that is looked at, so facts
are asked for by *pieces*: a row, a unit, and the days, one after the other, on which the unit belongs to the row.
Of a unit that stays in its row there is one piece, however many days are looked at.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.reporting.dated_tree import DatedTree
from services.reporting.figures.dimensions import Dimension
from services.reporting.tree import CELL_TYPES

_GRASSROOTS = frozenset({"grassroots_committee", "grassroots_cell"})

Sums = dict[tuple[int, int, tuple[str, ...]], dict[str, float]]
"""Column sums by row, by place of a day or span of days among those looked at, and by values of dimensions."""


class Piece(NamedTuple):
    """A unit belongs to a row on the days from one place to another, both included."""

    row: int
    unit: UUID
    first: int
    last: int


@dataclass(slots=True)
class Frame:
    """The unit asked for, None for the whole register, and by which level units are told apart, None for not."""

    tree: DatedTree
    root: UUID | None
    level: Dimension | None
    rows: dict[UUID | None, int] = field(default_factory=dict)
    """The unit of each row, None for the whole, with the row's number."""

    def row(self, unit: UUID | None) -> int:
        """Return the number of a unit's row."""
        return self.rows.setdefault(unit, len(self.rows))

    def pieces(self, days: Sequence[date], parts: Sequence[Hashable] | None = None) -> list[Piece]:
        """Return the pieces of these days; none goes from one of their `parts` into another."""
        found: list[Piece] = []
        ongoing: dict[tuple[int, UUID], int] = {}
        keys = list(zip(parts or [None] * len(days), map(self.tree.age, days), strict=True))
        for place, day in enumerate(days):
            if place > 0 and keys[place] == keys[place - 1]:
                continue
            here = dict.fromkeys(self._belonging(day), place)
            if place > 0 and keys[place][0] == keys[place - 1][0]:
                gone = {key: first for key, first in ongoing.items() if key not in here}
                here |= {key: first for key, first in ongoing.items() if key in here}
            else:
                gone = ongoing
            found += [Piece(row, unit, first, place - 1) for (row, unit), first in gone.items()]
            ongoing = here
        return found + [Piece(row, unit, first, len(days) - 1) for (row, unit), first in ongoing.items()]

    def always(self, days: Sequence[date]) -> frozenset[UUID] | None:
        """Return the units of the only row, if there is but one and they are the same on all days; None if not."""
        if self.level is not None or not days:
            return None
        one_of_each_age = {self.tree.age(day): day for day in days}.values()
        found = {self.tree.below(self.root, day) for day in one_of_each_age}
        return found.pop() if len(found) == 1 else None

    def _belonging(self, day: date) -> Iterator[tuple[int, UUID]]:
        for of, units in self.rows_on(day):
            row = self.row(of)
            for unit in units:
                yield row, unit

    def is_one(self, unit: UUID | None, day: date) -> bool:
        """Return whether a unit is there on a day as one of those that rows tell apart, though all be nothing."""
        if unit is None:
            return True
        if self.level is Dimension.CELL:
            return self.tree.is_on(unit, day, CELL_TYPES)
        if self.level is Dimension.GRASSROOTS:
            return self.tree.is_on(unit, day, _GRASSROOTS)
        return self.tree.is_on(unit, day) and unit in self.tree.children(self.root, day)

    def rows_on(self, day: date) -> Iterator[tuple[UUID | None, frozenset[UUID]]]:
        """Yield the unit of each row with the units that belong to it; together they are all, none of them twice."""
        tree, root = self.tree, self.root
        everything = tree.below(root, day)
        if self.level is None:
            yield None, everything
            return
        tops: Mapping[UUID, frozenset[UUID]] = {}
        if self.level is Dimension.UNIT:
            tops = {child: tree.below(child, day) for child in tree.children(root, day)}
        elif self.level is Dimension.GRASSROOTS:
            tops = {
                unit: tree.below(unit, day)
                for unit in everything
                if (place := tree.place(unit, day)) and place.type in _GRASSROOTS
            }
        rest = everything
        for unit, units in tops.items():
            yield unit, units & rest
            rest -= units
        # What belongs to none of them, such as members of a committee's own, has a row by its own unit.
        for unit in rest:
            yield unit, frozenset({unit})
