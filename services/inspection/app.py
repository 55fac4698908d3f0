"""The inspection service, put together: api -> domain -> store -> event log; replicas of the others beside it."""

from pathlib import Path
from typing import Final

from chassis.service import Service
from replicas.membership import tables
from services.inspection.api import router
from services.inspection.consumers import SUBSCRIPTIONS
from services.inspection.findings.watch import FINDINGS_OVERDUE
from services.inspection.notices.letters import SENDER
from services.inspection.plans.watch import REPLANNING
from services.inspection.publications import PUBLICATIONS

SERVICE: Final = Service(
    name="inspection",
    title="Kiểm tra sinh hoạt chi bộ",
    default_port=8103,
    migrations=[
        tables.UNITS_AND_MEMBERS,
        tables.LEADERSHIP,
        tables.MEMBERS_BY_ID,
        *sorted((Path(__file__).parent / "migrations").glob("*.sql")),
    ],
    router=router,
    publications=PUBLICATIONS,
    subscriptions=SUBSCRIPTIONS,
    jobs=[FINDINGS_OVERDUE, REPLANNING, *SENDER.jobs()],
)
