"""What the replica says of all units at once: which is below which on a day, their codes, and when they are cells."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, Self
from uuid import UUID

from chassis.database import Connection
from chassis.vietnamese import nfc
from contracts.membership import OrganisationType
from replicas.membership.existence import Existence, existence
from replicas.membership.problems import unknown_unit

_CELL_TYPES: Final = frozenset(type_.value for type_ in OrganisationType if type_.is_cell)

_STEPS: Final = """
    SELECT unit_id, effective_date, parent_id, type, sum(delta) AS delta FROM unit_steps
    GROUP BY unit_id, effective_date, parent_id, type
    HAVING sum(delta) <> 0
    ORDER BY effective_date
"""
# The code that each unit bears, or bore last, by the days of bearing it.
_CODES: Final = """
    SELECT unit_id, code FROM (
        SELECT DISTINCT ON (unit_id) unit_id, code, effective_date FROM (
            SELECT unit_id, code, effective_date FROM unit_names
            GROUP BY unit_id, code, effective_date
            HAVING sum(delta) > 0
        ) AS named
        ORDER BY unit_id, effective_date DESC
    ) AS last
    ORDER BY effective_date
"""


class Step(NamedTuple):
    """From a day on a unit is so (delta 1), or is so no more (-1)."""

    unit: UUID
    day: date
    parent: UUID | None
    type: str
    delta: int


@dataclass(slots=True)
class Units:
    """All units, as far as membership has told."""

    steps: Sequence[Step]
    """By their days."""
    codes: dict[UUID, str] = field(default_factory=dict)
    _trees: dict[date, dict[UUID | None, list[UUID]]] = field(default_factory=dict)

    @classmethod
    async def read(cls, connection: Connection) -> Self:
        """Return the units as they are told by now."""
        steps = [Step(*row) for row in await connection.fetch(_STEPS)]
        return cls(steps, {row["unit_id"]: row["code"] for row in await connection.fetch(_CODES)})

    def of_code(self, code: str) -> UUID:
        """Return the unit that has a code, the last where it passed on. Raises Problem `unknown-unit` (404)."""
        wanted = nfc(code)
        for unit, its in reversed(self.codes.items()):
            if its == wanted:
                return unit
        raise unknown_unit(code)

    def cells(self) -> dict[UUID, Sequence[Existence]]:
        """Return when each unit is a cell that ever is one."""
        changes: dict[UUID, Counter[date]] = {}
        for step in self.steps:
            if step.type in _CELL_TYPES:
                changes.setdefault(step.unit, Counter())[step.day] += step.delta
        return {
            unit: existence(sorted((day, change) for day, change in its.items() if change))
            for unit, its in changes.items()
        }

    def below(self, units: Iterable[UUID], day: date) -> set[UUID]:
        """Return those of these units that are there on a day, with all below them."""
        tree = self.tree_on(day)
        there = {unit for children in tree.values() for unit in children}
        found = there.intersection(units)
        waiting = list(found)
        while waiting:
            # A unit met before is passed over: a tree told in pieces may have a circle for a moment.
            new = [child for child in tree.get(waiting.pop(), ()) if child not in found]
            found.update(new)
            waiting += new
        return found

    def tree_on(self, day: date) -> dict[UUID | None, list[UUID]]:
        """Return the units directly below each unit on a day; below None those whose parent is none."""
        tree = self._trees.get(day)
        if tree is None:
            tree = self._trees[day] = self._tree(day)
        return tree

    def cells_below(self, units: Iterable[UUID], day: date) -> set[UUID]:
        """Return those of these units, and of all below them, that are cells on a day."""
        return self.below(units, day) & self.cells_on(day)

    def cells_on(self, day: date) -> set[UUID]:
        """Return all units that are cells on a day."""
        return {unit for unit, spans in self.cells().items() if any(one.covers(day, day) for one in spans)}

    def types_on(self, day: date) -> dict[UUID, str]:
        """Return of which type each unit is on a day."""
        counts: Counter[tuple[UUID, str]] = Counter()
        for step in self.steps:
            if step.day > day:
                break
            counts[step.unit, step.type] += step.delta
        return {unit: type_ for (unit, type_), count in counts.items() if count > 0}

    def _tree(self, day: date) -> dict[UUID | None, list[UUID]]:
        """Return the units directly below each unit on a day; below None those whose parent is none."""
        counts: Counter[tuple[UUID, UUID | None]] = Counter()
        for step in self.steps:
            if step.day > day:
                break
            counts[step.unit, step.parent] += step.delta
        tree: dict[UUID | None, list[UUID]] = {}
        for (unit, parent), count in counts.items():
            if count > 0:
                tree.setdefault(parent, []).append(unit)
        return tree
