"""The job that finds months missed, and months made good since, and tells each once.

A turn compares all that is known with all that was told, so that it does not matter how long nobody looked, nor in
which order facts came. The chassis lets one process at a time have a turn (chassis/jobs.py).
"""

from datetime import datetime
from typing import Final

from chassis.database import Connection
from chassis.jobs import Job
from chassis.resources import Resources
from services.meetings.months.store import tell, untold

_AT_ONCE: Final = 2000
"""Events of one transaction: after a long stop there may be many."""


async def find_months_missed(connection: Connection, resources: Resources, now: datetime) -> bool:
    """Tell of the months that are missed, or made good, at an instant; return whether there are more."""
    found = await untold(connection, now=now)
    await tell(connection, resources.event_log, found[:_AT_ONCE])
    return len(found) > _AT_ONCE


MONTHS_MISSED: Final = Job("meetings.months-missed", 60.0, find_months_missed)
