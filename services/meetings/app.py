"""The meetings service, put together: api -> domain -> store -> event log; a replica of membership beside it."""

from pathlib import Path
from typing import Final

from chassis.service import Service
from replicas.membership import tables
from services.meetings.api import router
from services.meetings.consumers import SUBSCRIPTIONS
from services.meetings.figures.gauges import MONTH_GAUGES
from services.meetings.late_facts.watch import ATTENDANCE_FLAGGED
from services.meetings.months.watch import MONTHS_MISSED
from services.meetings.notices.sending import SENDER
from services.meetings.publications import PUBLICATIONS

SERVICE: Final = Service(
    name="meetings",
    title="Sinh hoạt chi bộ",
    default_port=8102,
    migrations=[tables.UNITS_AND_MEMBERS, *sorted((Path(__file__).parent / "migrations").glob("*.sql"))],
    router=router,
    publications=PUBLICATIONS,
    subscriptions=SUBSCRIPTIONS,
    jobs=(*SENDER.jobs(), MONTHS_MISSED, ATTENDANCE_FLAGGED, MONTH_GAUGES),
)
