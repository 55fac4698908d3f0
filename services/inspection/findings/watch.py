"""The job that tells of findings whose day went by, once each, to whoever is above the cell.

A turn compares what is owed with what was told, so that it does not matter how long nobody looked; the chassis lets
one process at a time have a turn (chassis/jobs.py).
"""

from datetime import datetime
from typing import Final

from chassis.database import Connection
from chassis.jobs import Job
from chassis.resources import Resources
from services.inspection.days import local_day
from services.inspection.findings.domain import decide_overdue
from services.inspection.findings.store import FindingStore
from services.inspection.store import Store

_AT_ONCE: Final = 500
"""Events of one transaction: after a long stop there may be many."""


async def find_overdue(connection: Connection, resources: Resources, now: datetime) -> bool:
    """Tell of the findings that are overdue at an instant; return whether there may be more."""
    findings, today = FindingStore(Store(connection, resources.event_log)), local_day(now)
    waiting = await findings.overdue(today, _AT_ONCE)
    for finding in waiting:
        above = await findings.unit_above(finding.facts.cell_id, finding.facts.due_on)
        if decided := decide_overdue(finding, escalated_to=above, today=today):
            await findings.save(decided)
    return len(waiting) == _AT_ONCE


FINDINGS_OVERDUE: Final = Job("inspection.findings-overdue", 60.0, find_overdue)
