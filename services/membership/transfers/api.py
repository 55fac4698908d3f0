"""The routes of transfers: commands, reads, and the list of what is overdue."""

from fastapi import APIRouter

from chassis.resources import Resources
from services.membership.transfers import commands, queries


def router(resources: Resources) -> APIRouter:
    """Return all routes of transfers."""
    routes = APIRouter()
    routes.include_router(commands.router(resources))
    routes.include_router(queries.router(resources.pool))
    return routes
