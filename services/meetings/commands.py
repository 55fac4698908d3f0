"""The transaction of a command of meetings: its store, and its refusals as problems."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from chassis import commands
from chassis.faults import FaultsFound
from chassis.idempotency import Answer, documented_key, fingerprint
from chassis.preconditions import resource
from chassis.refusals import refused
from chassis.resources import Resources
from services.meetings.answers import COMMAND
from services.meetings.faults import CONFLICTS
from services.meetings.store import Store

Handle = Callable[[Store], Awaitable[Answer]]


def command_routes() -> APIRouter:
    """Return a router for commands: what any of them may answer, and its `Idempotency-Key`."""
    return APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])


async def carry_out(resources: Resources, request: Request, handle: Handle) -> Response:
    """Run a command in one transaction, and answer with the resource that it made or changed and its entity tag."""
    answer = await _run(resources, request, handle)
    return resource(request, answer.body, answer.status)


async def carry_out_many(resources: Resources, request: Request, handle: Handle) -> Response:
    """Run a command on many things at once in one transaction; what it answers is no resource of its own."""
    answer = await _run(resources, request, handle)
    return JSONResponse(answer.body, answer.status)


async def _run(resources: Resources, request: Request, handle: Handle) -> Answer:
    asked = fingerprint(request.method, request.url.path, request.url.query, await request.body())
    try:
        return await commands.run_once(
            resources, request, asked, lambda connection: handle(Store(connection, resources.event_log))
        )
    except FaultsFound as found:
        raise refused(found, CONFLICTS) from None
