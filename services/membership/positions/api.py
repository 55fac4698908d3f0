"""The routes of terms and positions: commands, reads, and the lists of what is vacant and due."""

from fastapi import APIRouter

from chassis.resources import Resources
from services.membership.positions import commands, lists, queries


def router(resources: Resources) -> APIRouter:
    """Return all routes of terms and positions."""
    routes = APIRouter()
    routes.include_router(commands.router(resources))
    routes.include_router(queries.router(resources.pool))
    routes.include_router(lists.router(resources.pool))
    return routes
