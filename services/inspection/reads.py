"""What reads share: a transaction on one state, the day that it is, and the note of who read of people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Header, Query

from chassis.database import Connection, Pool
from services.inspection.days import local_day
from services.inspection.requests import Day

Actor = Annotated[str, Header(alias="X-Chibo-Actor", description="Who reads", max_length=200)]
On = Annotated[Day | None, Query(description="ISO day; today in Asia/Ho_Chi_Minh by default")]


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


def today() -> date:
    """Return the day that it is in Việt Nam."""
    return local_day(datetime.now(UTC))
