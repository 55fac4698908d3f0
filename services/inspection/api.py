"""The HTTP side of inspection: each command is read, decided by the domain, saved with its event, answered.

The whole way of a command is in one transaction, under its `Idempotency-Key` if it has one.
"""

from fastapi import APIRouter

from chassis.resources import Resources
from services.inspection import checklist_api
from services.inspection.teams import api as teams


def router(resources: Resources) -> APIRouter:
    """Return the routes of the inspection service."""
    routes = APIRouter(prefix="/v1")
    routes.include_router(teams.router(resources))
    routes.include_router(checklist_api.router())
    return routes
