"""The transaction of a command: whatever changes a service over HTTP goes through here."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Connection
from chassis.idempotency import Answer, fingerprint, once
from chassis.preconditions import resource
from chassis.resources import Resources

Handle = Callable[[Connection], Awaitable[Answer]]


async def carry_out(resources: Resources, request: Request, handle: Handle) -> Response:
    """Run a command as `run_once`, and answer with the resource that it made or changed and its entity tag."""
    asked = fingerprint(request.method, request.url.path, request.url.query, await request.body())
    answer = await run_once(resources, request, asked, handle)
    return resource(request, answer.body, answer.status)


async def run_once(resources: Resources, request: Request, asked: bytes, handle: Handle) -> Answer:
    """Run a command in one transaction, under the request's `Idempotency-Key` if it has one.

    `asked` is the fingerprint of what is asked. Whatever is raised rolls all of it back.
    """
    key = request.headers.get("Idempotency-Key")
    async with resources.pool.acquire() as connection, connection.transaction():
        return await once(connection, key, asked, lambda: handle(connection))
