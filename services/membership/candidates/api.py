"""The routes of candidates: commands and reads."""

from fastapi import APIRouter

from chassis.resources import Resources
from services.membership.candidates import commands, queries


def router(resources: Resources) -> APIRouter:
    """Return all routes of candidates."""
    routes = APIRouter()
    routes.include_router(commands.router(resources))
    routes.include_router(queries.router(resources.pool))
    return routes
