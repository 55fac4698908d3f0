"""What the replica says of cells: which unit has a code, and when it is a cell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from chassis.database import Connection
from contracts.membership import OrganisationType
from replicas.membership.existence import Existence, existence

_CELL_TYPES: Final = [type_.value for type_ in OrganisationType if type_.is_cell]

# A code may have passed from one unit to another: the one that bears it last.
_UNITS: Final = """
    SELECT DISTINCT ON (code) unit_id, code, name FROM (
        SELECT unit_id, code, name, effective_date FROM unit_names
        WHERE code = ANY($1::text[])
        GROUP BY unit_id, code, name, effective_date
        HAVING sum(delta) > 0
    ) AS named
    ORDER BY code, effective_date DESC
"""
_CHANGES: Final = """
    SELECT unit_id, effective_date, sum(delta) AS change FROM unit_steps
    WHERE unit_id = ANY($1::uuid[]) AND type = ANY($2::text[])
    GROUP BY unit_id, effective_date
    HAVING sum(delta) <> 0
    ORDER BY unit_id, effective_date
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit that is a cell on some days."""

    id: UUID
    code: str
    name: str
    existence: Sequence[Existence]
    """By its days: a unit may be a cell, then a committee, and it ends."""

    def is_there(self, day: date) -> bool:
        """Return whether it is a cell on a day."""
        return any(one.covers(day, day) for one in self.existence)


async def cell_of(connection: Connection, code: str) -> Cell | None:
    """Return the unit that has a code and when it is a cell; None where no unit is known by it."""
    return (await cells_of(connection, [code])).get(code)


async def cells_of(connection: Connection, codes: Collection[str]) -> dict[str, Cell]:
    """Return the units that have these codes and when each is a cell, by code, without those that are not known."""
    units = await connection.fetch(_UNITS, list(codes))
    changes: dict[UUID, list[tuple[date, int]]] = {}
    for row in await connection.fetch(_CHANGES, [unit["unit_id"] for unit in units], _CELL_TYPES):
        changes.setdefault(row["unit_id"], []).append((row["effective_date"], row["change"]))
    return {
        unit["code"]: Cell(
            unit["unit_id"], unit["code"], unit["name"], existence(changes.get(unit["unit_id"], []))
        )
        for unit in units
    }
