"""Keeps checkpoints of member facts: a turn drops those that do not hold, and makes the next that is worth while."""

from datetime import datetime
from typing import Final

from chassis.database import Connection
from chassis.jobs import Job
from chassis.rebuilding import holds_deliveries
from chassis.resources import Resources
from services.reporting import checkpoints
from services.reporting.consumers import MEMBERSHIP_FACTS, SUBSCRIPTIONS
from services.reporting.recorded import local_day

_TOPIC: Final = next(source.topic for source, handler in SUBSCRIPTIONS if handler is MEMBERSHIP_FACTS)


async def keep(connection: Connection, _resources: Resources, now: datetime) -> bool:
    """Take a turn; while a delivery is being applied nothing is made: another time will do."""
    day = await checkpoints.next_day(connection, local_day(now))
    if day is None or not await holds_deliveries(connection, MEMBERSHIP_FACTS.name, _TOPIC):
        return False
    await checkpoints.make(connection, day)
    return True


CHECKPOINTS: Final = Job("member-checkpoints", 60, keep)
