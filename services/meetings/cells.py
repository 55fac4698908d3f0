"""Who is on a cell's list on a day, as the replica says."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from chassis.database import Connection
from contracts.meetings import Roll
from services.meetings.domain import Listed

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


async def listed_on(connection: Connection, cell_id: UUID, day: date) -> Mapping[UUID, Listed]:
    """Return who is to come to a meeting of a cell on a day, by their ids."""
    rows = await connection.fetch(_LISTED, cell_id, day)
    return {row["member_id"]: Listed(roll=Roll(row["roll"]), exempt=row["exempt"]) for row in rows}
