"""The routes of members' dimensions: commands, and the lists of what holds on a day."""

from fastapi import APIRouter

from chassis.resources import Resources
from services.membership.dimensions import commands, lists


def router(resources: Resources) -> APIRouter:
    """Return all routes of the dimensions."""
    routes = APIRouter()
    routes.include_router(commands.router(resources))
    routes.include_router(lists.router(resources.pool))
    return routes
