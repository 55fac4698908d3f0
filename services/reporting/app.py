"""The reporting service, put together."""

from pathlib import Path
from typing import Final

from chassis.service import Service
from services.reporting.api import router
from services.reporting.consumers import SUBSCRIPTIONS

SERVICE: Final = Service(
    name="reporting",
    title="Thống kê công tác đảng viên",
    default_port=8104,
    migrations=sorted((Path(__file__).parent / "migrations").glob("*.sql")),
    router=router,
    subscriptions=SUBSCRIPTIONS,
)
