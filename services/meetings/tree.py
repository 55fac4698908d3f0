"""What the replica says of all units at once: which is below which on a day, their codes, and when they are cells."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from contracts.membership import OrganisationType
from services.meetings.calendar import Existence
from services.meetings.cells import existence

_CELL_TYPES: Final = [type_.value for type_ in OrganisationType if type_.is_cell]

_PARENTS: Final = """
    SELECT unit_id, parent_id FROM unit_steps
    WHERE effective_date <= $1
    GROUP BY unit_id, parent_id
    HAVING sum(delta) > 0
"""
_CHANGES: Final = """
    SELECT unit_id, effective_date, sum(delta) AS change FROM unit_steps
    WHERE type = ANY($1::text[])
    GROUP BY unit_id, effective_date
    HAVING sum(delta) <> 0
    ORDER BY unit_id, effective_date
"""
# The code and the name that each unit bears, or bore last.
_NAMES: Final = """
    SELECT DISTINCT ON (unit_id) unit_id, code, name FROM (
        SELECT unit_id, code, name, effective_date FROM unit_names
        GROUP BY unit_id, code, name, effective_date
        HAVING sum(delta) > 0
    ) AS named
    ORDER BY unit_id, effective_date DESC
"""

Parents = Mapping[UUID, UUID | None]
"""The unit above each unit that is there."""


async def parents_on(connection: Connection, day: date) -> Parents:
    """Return the unit above each unit that is there on a day."""
    return {row["unit_id"]: row["parent_id"] for row in await connection.fetch(_PARENTS, day)}


def below(parents: Parents, units: Collection[UUID]) -> set[UUID]:
    """Return units, those of them that are there, with all below them."""
    found = {unit for unit in units if unit in parents}
    children: dict[UUID, list[UUID]] = {}
    for unit, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(unit)
    waiting = list(found)
    while waiting:
        # A unit met before is passed over: a tree told in pieces may have a circle for a moment.
        new = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(new)
        waiting += new
    return found


async def cells(connection: Connection) -> dict[UUID, Sequence[Existence]]:
    """Return when each unit is a cell that ever is one."""
    changes: dict[UUID, list[tuple[date, int]]] = {}
    for row in await connection.fetch(_CHANGES, _CELL_TYPES):
        changes.setdefault(row["unit_id"], []).append((row["effective_date"], row["change"]))
    return {unit: existence(its) for unit, its in changes.items()}


async def names(connection: Connection) -> dict[UUID, tuple[str, str]]:
    """Return the code and the name of each unit, the last that are told."""
    rows: Iterable[Mapping[str, Any]] = await connection.fetch(_NAMES)
    return {row["unit_id"]: (row["code"], row["name"]) for row in rows}
