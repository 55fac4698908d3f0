"""The HTTP side of inspection: each command is read, decided by the domain, saved with its event, answered.

The whole way of a command is in one transaction, under its `Idempotency-Key` if it has one.
"""

from fastapi import APIRouter

from chassis.resources import Resources
from services.inspection import checklist_api
from services.inspection.evaluations import api as evaluations
from services.inspection.findings import api as findings
from services.inspection.forms import api as forms
from services.inspection.imports import api as imports
from services.inspection.notices import api as notices
from services.inspection.papers import api as papers
from services.inspection.plans import api as plans
from services.inspection.teams import api as teams
from services.inspection.visits import api as visits


def router(resources: Resources) -> APIRouter:
    """Return the routes of the inspection service."""
    routes = APIRouter(prefix="/v1")
    routes.include_router(teams.router(resources))
    routes.include_router(visits.router(resources))
    routes.include_router(findings.router(resources))
    routes.include_router(plans.router(resources))
    routes.include_router(notices.router(resources))
    routes.include_router(evaluations.router(resources.pool))
    routes.include_router(imports.router(resources))
    routes.include_router(forms.router(resources))
    routes.include_router(papers.router(resources))
    routes.include_router(checklist_api.router())
    return routes
