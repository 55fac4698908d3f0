"""The job that finds rolls in doubt by what membership told late, and those in doubt no more, and tells each once.

A turn compares all rolls with all that is known, so that it does not matter how long nobody looked, nor in which
order facts came; where nothing has changed since the last one, it compares nothing.
"""

from datetime import datetime
from typing import Final

from chassis.database import Connection
from chassis.jobs import Job
from chassis.resources import Resources
from services.meetings.late_facts.store import compared, save_compared, state_of, tell, untold

_AT_ONCE: Final = 1000
"""Events of one transaction: one fact may be of years of meetings."""


async def flag_attendance(connection: Connection, resources: Resources, now: datetime) -> bool:
    """Tell which rolls are in doubt, or no more; return whether there are more."""
    del now
    # Before the comparison: what comes meanwhile makes the next turn compare again.
    state = await state_of(connection)
    if state == await compared(connection):
        return False
    found = await untold(connection)
    await tell(connection, resources.event_log, found[:_AT_ONCE])
    if len(found) > _AT_ONCE:
        return True
    await save_compared(connection, state)
    return False


ATTENDANCE_FLAGGED: Final = Job("meetings.attendance-flagged", 10.0, flag_attendance)
