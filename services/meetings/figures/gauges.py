"""How the cells meet this month and met last month, as gauges for those who run the system.

Months turn in Asia/Ho_Chi_Minh. A month is missed only once it is over, so both are told: what is held or still open
now, and what was missed in the month before. Counts of cells only: nothing of a person, nor of one cell.
"""

from collections import Counter
from datetime import datetime
from typing import Final

from prometheus_client import Gauge

from chassis.database import Connection
from chassis.jobs import Job
from chassis.resources import Resources
from contracts.meetings import MeetingKind
from services.meetings.calendar import Month, local_day
from services.meetings.months.domain import MonthStatus
from services.meetings.months.store import months_of, watch
from services.meetings.tree import Units

CELL_MONTHS: Final = Gauge(
    "chibo_meetings_cell_months",
    "Cells that owe a regular meeting in the current or the previous month, by what became of it",
    ("month", "status"),
)
HELD: Final = Gauge(
    "chibo_meetings_held",
    "Meetings held that count for the current or the previous month, by kind",
    ("month", "kind"),
)
_HELD: Final = """
    SELECT month, kind, count(*) AS meetings FROM meetings
    WHERE status = 'held' AND cell_id = ANY($1::uuid[]) AND month BETWEEN $2 AND $3
    GROUP BY month, kind
"""


async def tell_months(connection: Connection, _: Resources, now: datetime) -> bool:
    """Set the gauges as things are at an instant; there is never more to do."""
    current = Month.of(local_day(now))
    labels = {current.preceding: "previous", current: "current"}
    units = await Units.read(connection)
    first = (await watch(connection)).first or current.preceding
    owed = units.owed(max(first, current.preceding), current)
    became = Counter((one.month, one.status) for one in await months_of(connection, units, owed, now=now))
    rows = await connection.fetch(_HELD, list(units.cells()), current.preceding.first, current.first)
    held = {(Month.of(row["month"]), row["kind"]): row["meetings"] for row in rows}
    for month, label in labels.items():
        for status in MonthStatus:
            CELL_MONTHS.labels(label, status.value).set(became[month, status])
        for kind in MeetingKind:
            HELD.labels(label, kind.value).set(held.get((month, kind.value), 0))
    return False


MONTH_GAUGES: Final = Job("meetings.month-gauges", 15.0, tell_months)
