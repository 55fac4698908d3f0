"""The job that ends transfers which nobody brought to an end: the clock of the saga.

A turn looks at what is in the database, so that it does not matter how long nobody looked, and one that is stopped in
the middle leaves nothing. The chassis lets one process at a time have a turn (chassis/jobs.py).
"""

from datetime import datetime, timedelta
from typing import Final

from chassis.database import Connection
from chassis.jobs import Job
from chassis.resources import Resources
from services.membership.commands import take_turn
from services.membership.data import vietnamese_working_days
from services.membership.paging import day_of
from services.membership.store import Store
from services.membership.thresholds import TRANSFER_EXPIRY
from services.membership.transfers.domain import Step, decide_expiry, latest_release_overdue
from services.membership.transfers.store import TransferStore

_AT_ONCE: Final = 500
"""Transfers of one transaction: after a long stop there may be many."""


async def expire_forgotten(
    connection: Connection, resources: Resources, now: datetime, *, at_once: int = _AT_ONCE
) -> bool:
    """End the transfers that are past their deadline by TRANSFER_EXPIRY and untouched for as long.

    Whoever enters what happened years ago is not overtaken between one step and the next. Returns whether there are
    more to end.
    """
    calendar, grace = vietnamese_working_days(), timedelta(days=TRANSFER_EXPIRY.value)
    last = latest_release_overdue(day_of(now - grace), calendar)
    if last is None:
        return False
    await take_turn(connection)
    kept = TransferStore(Store(connection, resources.event_log))
    found = await kept.untouched(calendar.first_day, last, since=now - grace, limit=at_once)
    await kept.save([decide_expiry(one, Step(day=day_of(now)), calendar) for one in found])
    return len(found) == at_once


TRANSFERS_EXPIRED: Final = Job("membership.transfers-expired", 3600.0, expire_forgotten)
