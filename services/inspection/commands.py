"""The transaction of a command of inspection: its store, and its refusals as problems."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis import commands
from chassis.faults import FaultsFound
from chassis.idempotency import Answer, documented_key, fingerprint
from chassis.preconditions import resource
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
    """Run a command as `run`, and answer with the resource that it made or changed and its entity tag."""
    answer = await run(resources, request, handle)
    return resource(request, answer.body, answer.status)


async def run(
    resources: Resources, request: Request, handle: Handle, *, asked: bytes | None = None
) -> Answer:
    """Run a command in one transaction, under its `Idempotency-Key` if it has one.

    `asked` is the fingerprint of what is asked, where the body was read already.
    """
    if asked is None:
        asked = fingerprint(request.method, request.url.path, request.url.query, await request.body())
    try:
        return await commands.run_once(
            resources, request, asked, lambda connection: handle(Store(connection, resources.event_log))
        )
    except FaultsFound as found:
        raise refused(found, CONFLICTS) from None
