"""What the replica says of cells: which unit has a code, when it is a cell, and who is on its list on a day."""

from collections.abc import Mapping, Sequence
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
_UNIT: Final = """
    SELECT unit_id, code, name FROM (
        SELECT unit_id, code, name, effective_date FROM unit_names
        WHERE code = $1
        GROUP BY unit_id, code, name, effective_date
        HAVING sum(delta) > 0
    ) AS named
    ORDER BY effective_date DESC LIMIT 1
"""
_CHANGES: Final = """
    SELECT effective_date, sum(delta) AS change FROM unit_steps
    WHERE unit_id = $1 AND type = ANY($2::text[])
    GROUP BY effective_date
    HAVING sum(delta) <> 0
    ORDER BY effective_date
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
    row = await connection.fetchrow(_UNIT, code)
    if row is None:
        return None
    changes = await connection.fetch(_CHANGES, row["unit_id"], _CELL_TYPES)
    existence = _existence([(change["effective_date"], change["change"]) for change in changes])
    return Cell(row["unit_id"], row["code"], row["name"], existence)


async def listed_on(connection: Connection, cell_id: UUID, day: date) -> Mapping[UUID, Listed]:
    """Return who is to come to a meeting of a cell on a day, by their ids."""
    rows = await connection.fetch(_LISTED, cell_id, day)
    return {row["member_id"]: Listed(roll=Roll(row["roll"]), exempt=row["exempt"]) for row in rows}


def _existence(changes: Sequence[tuple[date, int]]) -> list[Existence]:
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
