"""The HTTP side of the address book: said, taken out and read, for whoever a path names."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response

from chassis.database import Connection, Pool
from chassis.idempotency import Answer
from chassis.letters.answers import Address, contact_changed, contact_read, no_contact
from chassis.letters.contacts import Contact, contact, keep
from chassis.letters.recipients import Recipient
from chassis.preconditions import check_if_match, resource
from chassis.problems import Problem

Find = Callable[[Connection], Awaitable[Recipient]]
"""Finds whom a path names. Raises Problem where nobody is known by it."""
_Actor = Annotated[str, Header(alias="X-Chibo-Actor", description="Who reads", max_length=200)]


class Connected(Protocol):
    """What a service's commands are carried out with."""

    @property
    def connection(self) -> Connection:
        """That of the command's transaction."""


@dataclass(frozen=True, slots=True)
class ContactBook:
    """What a service gives to the routes of its contacts."""

    pool: Pool
    commands: Callable[[], APIRouter]
    """Makes a router for commands."""
    carry_out: Callable[[Request, Callable[[Connected], Awaitable[Answer]]], Awaitable[Response]]
    """Carries a command out in its transaction."""
    note_read: Callable[[Connection, str, str, int], Awaitable[None]]
    """Notes who read what of how many people."""
    about: str
    """What people are told of, in English: `meetings`."""


def contact_routes(
    book: ContactBook, path: str, find: Callable[..., Find], whom: str, *unknown: Problem
) -> APIRouter:
    """Return the routes of the contact that `path` names, found by the dependency `find`.

    `whom` says in English whose it is, `unknown` is why nobody may be known by the path.
    """
    routes, commands = APIRouter(tags=["queries"]), book.commands()

    @commands.put(
        path,
        description=f"Say at which address {whom} is told of {book.about}. What could not reach them so far is sent"
        " then.",
        **contact_changed(*unknown),
    )
    async def put(request: Request, named: Annotated[Find, Depends(find)], asked: Address) -> Response:
        return await _change(book, request, named, asked.email)

    @commands.delete(
        path, description=f"Take the address of {whom} out.", **contact_changed(*unknown, no_contact())
    )
    async def delete(request: Request, named: Annotated[Find, Depends(find)]) -> Response:
        return await _change(book, request, named, None)

    @routes.get(
        path,
        description=f"The address of {whom}. Who read it is noted.",
        **contact_read(*unknown, no_contact()),
    )
    async def get(
        request: Request, named: Annotated[Find, Depends(find)], actor: _Actor = "unknown"
    ) -> Response:
        async with book.pool.acquire() as connection, connection.transaction():
            of = await named(connection)
            found = await contact(connection, of)
            if found is None or found.email is None:
                raise no_contact()
            await book.note_read(connection, actor, f"contacts/{of.kind}/{of.id}", 1)
        return resource(request, _said(of, found.version) | {"email": found.email})

    routes.include_router(commands)
    return routes


async def _change(book: ContactBook, request: Request, find: Find, email: str | None) -> Response:
    async def handle(its: Connected) -> Answer:
        connection = its.connection
        of = await find(connection)
        before = await contact(connection, of, hold=True)
        if email is None and (before is None or before.email is None):
            raise no_contact()
        version = before.version if before else 0
        check_if_match(request, version)
        await keep(connection, of, Contact(email, version + 1), datetime.now(UTC))
        return Answer(200, _said(of, version + 1))

    return await book.carry_out(request, handle)


def _said(of: Recipient, version: int) -> dict[str, Any]:
    return {"kind": of.kind.value, "id": str(of.id), "version": version}
