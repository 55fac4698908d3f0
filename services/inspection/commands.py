"""The transaction of a command of inspection: its store, and its refusals as problems."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis import commands
from chassis.faults import FaultsFound
from chassis.idempotency import Answer, documented_key
from chassis.refusals import refused
from chassis.resources import Resources
from services.inspection.answers import COMMAND
from services.inspection.faults import CONFLICTS
from services.inspection.store import Store

Handle = Callable[[Store], Awaitable[Answer]]


def command_routes() -> APIRouter:
    """Return a router for commands: what any of them may answer, and its `Idempotency-Key`."""
    return APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])


async def carry_out(resources: Resources, request: Request, handle: Handle) -> Response:
    """Run a command in one transaction, and answer with the resource that it made or changed and its entity tag."""
    try:
        return await commands.carry_out(
            resources, request, lambda connection: handle(Store(connection, resources.event_log))
        )
    except FaultsFound as found:
        raise refused(found, CONFLICTS) from None
