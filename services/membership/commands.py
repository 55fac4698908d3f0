"""The transaction of a command: whatever changes the register over HTTP goes through here."""

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Connection
from chassis.idempotency import Answer, fingerprint, once
from chassis.preconditions import resource
from chassis.refusals import refused
from chassis.resources import Resources
from services.membership.faults import CONFLICTS, FaultsFound
from services.membership.store import Store

_TURN: Final = 0x6368_6962_6F00_1002
"""Advisory lock: commands side by side hold it together, one that must be alone holds it for itself."""


async def carry_out(
    resources: Resources,
    request: Request,
    handle: Callable[[Store], Awaitable[Answer]],
    *,
    alone: bool = False,
) -> Response:
    """Run a command as `run_once`, and answer with the resource that it made or changed and its entity tag."""
    asked = fingerprint(request.method, request.url.path, request.url.query, await request.body())
    answer = await run_once(resources, request, asked, handle, alone=alone)
    return resource(request, answer.body, answer.status)


async def run_once(
    resources: Resources,
    request: Request,
    asked: bytes,
    handle: Callable[[Store], Awaitable[Answer]],
    *,
    alone: bool = False,
) -> Answer:
    """Run a command in one transaction, under the request's `Idempotency-Key` if it has one.

    `asked` is the fingerprint of what is asked. Whatever is raised rolls all of it back; a refusal of the domain
    becomes a Problem. One that runs `alone` waits until all others are done, holding nothing, and they wait for it:
    what concerns many units and members at once has no order of locks that suits every other command.
    """
    key = request.headers.get("Idempotency-Key")
    try:
        async with resources.pool.acquire() as connection, connection.transaction():
            await take_turn(connection, alone=alone)
            store = Store(connection, resources.event_log)
            return await once(connection, key, asked, lambda: handle(store))
    except FaultsFound as found:
        raise refused(found, CONFLICTS) from None


async def take_turn(connection: Connection, *, alone: bool = False) -> None:
    """Wait until the transaction may change the register: beside others, or `alone` as `run_once` has it."""
    mode = "" if alone else "_shared"
    await connection.execute(f"SELECT pg_advisory_xact_lock{mode}($1)", _TURN)
