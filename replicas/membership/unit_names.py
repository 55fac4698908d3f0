"""How units are called on a day, as far as membership has told."""

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from chassis.database import Connection

# Before its first day a unit is called as on that day.
_NAMES: Final = """
    SELECT DISTINCT ON (unit_id) unit_id, code, name FROM (
        SELECT unit_id, code, name, effective_date FROM unit_names
        WHERE unit_id = ANY($1::uuid[])
        GROUP BY unit_id, code, name, effective_date
        HAVING sum(delta) > 0
    ) AS named
    ORDER BY unit_id, effective_date > $2, abs(effective_date - $2)
"""


class Named(NamedTuple):
    """What a unit is called."""

    code: str
    name: str


NAMELESS: Final = Named("?", "?")
"""A unit of which membership took back all that it had told."""


async def names_on(connection: Connection, units: Collection[UUID], day: date) -> dict[UUID, Named]:
    """Return how units are called on a day, those of them that are known."""
    rows = await connection.fetch(_NAMES, list(units), day)
    return {row["unit_id"]: Named(row["code"], row["name"]) for row in rows}
