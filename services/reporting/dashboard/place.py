"""Where a unit is in the tree of a day: what it hangs below, up to the root."""

from datetime import date
from typing import Final

from chassis.database import Connection, Pool
from services.reporting.tree import ASKED, RULING, Unit, stands

# Each unit once, should facts told in the wrong order make a circle for a moment.
_PATH: Final = f"""
WITH RECURSIVE states AS MATERIALIZED (
    SELECT DISTINCT ON (f.organisation_id) f.organisation_id, f.type, f.parent_id
    FROM organisation_facts f
    WHERE f.delta = 1 AND {stands("organisation_facts", "f")}
    ORDER BY f.organisation_id, {RULING.format("f")}
), asked AS ({ASKED}), path(organisation_id, height) AS (
    SELECT organisation_id, 0 FROM asked
    UNION
    SELECT states.parent_id, path.height + 1
    FROM path JOIN states USING (organisation_id)
    WHERE states.parent_id IS NOT NULL AND path.height < 9
)
SELECT name.code, name.name, states.type
FROM (SELECT organisation_id, min(height) AS height FROM path GROUP BY 1) path
JOIN states USING (organisation_id)
CROSS JOIN LATERAL (
    SELECT n.code, n.name FROM organisations n
    WHERE n.organisation_id = path.organisation_id AND {stands("organisations", "n")}
    ORDER BY {RULING.format("n")}
    LIMIT 1
) name
ORDER BY path.height DESC
"""


async def path_to(database: Pool | Connection, *, unit: str, as_of: date) -> list[Unit]:
    """Return the units from the root down to the one of that code, itself the last; none where it is not known."""
    return [Unit(*row) for row in await database.fetch(_PATH, as_of, None, unit)]
