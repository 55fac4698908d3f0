"""The note of who read what people said, wrote or are to do (Law 91/2025)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Header

from chassis.database import Connection, Pool

Actor = Annotated[str, Header(alias="X-Chibo-Actor", description="Who reads", max_length=200)]


@asynccontextmanager
async def reading(pool: Pool) -> AsyncIterator[Connection]:
    """Hold a connection and a transaction on one state: an answer and the note of its reading are one."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
        yield connection


async def note_read(connection: Connection, actor: str, what: str, count: int) -> None:
    """Note that `actor` read data of `count` people; `what` names the resource by ids and codes, never by names."""
    await connection.execute(
        "INSERT INTO personal_data_reads (actor, resource, count) VALUES ($1, $2, $3)", actor, what, count
    )
