"""What the replica says of cells: which unit has a code, when it is a cell, and who is on its list on a day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from chassis.database import Connection
from contracts.meetings import Roll
from contracts.membership import OrganisationType
from services.meetings.calendar import Existence
from services.meetings.domain import Listed

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
# Who counts in the cell on the day and stays in no other, and who stays here for a time; suspended ones do not come.
_LISTED: Final = """
    WITH holds AS (
        SELECT member_id, kind, cell_id FROM member_spells
        WHERE from_on <= $2 AND (ended_on IS NULL OR ended_on > $2)
    ), listed AS (
        SELECT member_id, standing AS roll FROM member_steps
        WHERE cell_id = $1 AND effective_date <= $2
        GROUP BY member_id, standing
        HAVING sum(delta) > 0
        UNION ALL
        SELECT member_id, 'visiting' FROM holds WHERE kind = 'temporary_stay' AND cell_id = $1
    )
    SELECT member_id, roll, bool_or(coalesce(holds.kind = 'exemption', false)) AS exempt
    FROM listed LEFT JOIN holds USING (member_id)
    GROUP BY member_id, roll
    HAVING NOT bool_or(coalesce(holds.kind = 'suspension', false))
       AND (roll = 'visiting' OR NOT bool_or(coalesce(holds.kind = 'temporary_stay', false)))
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


async def listed_on(connection: Connection, cell_id: UUID, day: date) -> Mapping[UUID, Listed]:
    """Return who is to come to a meeting of a cell on a day, by their ids."""
    rows = await connection.fetch(_LISTED, cell_id, day)
    return {row["member_id"]: Listed(roll=Roll(row["roll"]), exempt=row["exempt"]) for row in rows}


def existence(changes: Sequence[tuple[date, int]]) -> list[Existence]:
    """Return when a unit is there, from the days on which its number becomes 1 and 0."""
    spans, since, there = [], None, 0
    for day, change in changes:
        before, there = there, there + change
        if before <= 0 < there:
            since = day
        elif there <= 0 < before and since is not None:
            spans.append(Existence(since, day))
            since = None
    return [*spans, Existence(since)] if since is not None else spans
