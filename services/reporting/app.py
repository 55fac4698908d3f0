"""The reporting service, put together."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from chassis.resources import Resources
from chassis.service import Service
from services.reporting.checkpoint_job import CHECKPOINTS
from services.reporting.consumers import SUBSCRIPTIONS
from services.reporting.dated_tree import Trees
from services.reporting.publications import PUBLICATIONS
from services.reporting.snapshots.jobs import FREEZE_MONTH, REVISE


def router(resources: Resources) -> APIRouter:
    """Return all routes: the questions under `/v1`, and the page at the root."""
    # Only where they are served: what makes files and reports takes a third of the memory that a consumer may have.
    from services.reporting import api  # noqa: PLC0415
    from services.reporting.dashboard import api as dashboard  # noqa: PLC0415

    routes, trees = APIRouter(), Trees()
    routes.include_router(api.router(resources, trees))
    routes.include_router(dashboard.router(resources, trees))
    return routes


SERVICE: Final = Service(
    name="reporting",
    title="Thống kê công tác đảng viên",
    default_port=8104,
    migrations=sorted((Path(__file__).parent / "migrations").glob("*.sql")),
    router=router,
    publications=PUBLICATIONS,
    subscriptions=SUBSCRIPTIONS,
    jobs=(REVISE, FREEZE_MONTH, CHECKPOINTS),
)
