"""What a unit's end leaves of its list of candidates; the commands that end units ask it in their own transaction."""

from typing import Final

from services.membership.domain import Organisation
from services.membership.faults import Fault
from services.membership.store import Store

_LEFT: Final = "SELECT count(*) FROM candidates WHERE cell_id = $1 AND stage = 'listed'"


async def left_behind_warnings(store: Store, unit: Organisation) -> list[Fault]:
    """Return the warning that candidates are on the list of a unit that is no more. Hold the unit."""
    count = await store.connection.fetchval(_LEFT, unit.id)
    return [Fault("candidates-of-ended-cell", None, {"count": count})] if count else []
