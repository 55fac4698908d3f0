"""The membership service, put together: api -> domain -> store -> event log; the relay tells the others."""

from pathlib import Path
from typing import Final

from chassis.service import Service
from services.membership.api import router
from services.membership.publications import PUBLICATIONS
from services.membership.transfers.watch import TRANSFERS_EXPIRED

SERVICE: Final = Service(
    name="membership",
    title="Tổ chức đảng và đảng viên",
    default_port=8101,
    migrations=sorted((Path(__file__).parent / "migrations").glob("*.sql")),
    router=router,
    publications=PUBLICATIONS,
    jobs=(TRANSFERS_EXPIRED,),
)
