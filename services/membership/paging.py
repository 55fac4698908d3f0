"""What the lists of the register share: parameters, pages in the order of names, and the note of who read."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any, Final

from fastapi import Header, Query

from chassis.cursors import decode_cursor, encode_cursor, invalid_cursor
from chassis.database import Connection, Pool
from services.membership.requests import MaybeDay

_VIETNAM: Final = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh: no summer time, and no tzdata needed

AsOf = Annotated[MaybeDay, Query(description="ISO day; today in Asia/Ho_Chi_Minh by default")]
Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=2000)]
Limit = Annotated[int, Query(ge=1, le=500)]
Actor = Annotated[str, Header(alias="X-Chibo-Actor", description="Who reads", max_length=200)]

NAME_ORDER: Final = "identity.name_sort_key, member.code"
"""The order of people in every list: Vietnamese names, given name first; the code decides between namesakes."""


@asynccontextmanager
async def reading(pool: Pool) -> AsyncIterator[Connection]:
    """Hold a connection and a transaction: an answer and the note of its reading are one.

    Statements are planned for what is asked. Of a cell its few rows are looked up, of a bloc all members are walked
    through in the order of names: one plan for both is some hundred times slower for either.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield connection


async def note_read(connection: Connection, actor: str, what: str, count: int) -> None:
    """Note that `actor` read the data of `count` people; `what` names the resource by codes, never by names."""
    await connection.execute(
        "INSERT INTO personal_data_reads (actor, resource, count) VALUES ($1, $2, $3)", actor, what, count
    )


def after(cursor: str | None, length: int) -> Sequence[str]:
    """Return the sort key of `length` parts after which a page begins; empty texts for the first page.

    Raises Problem `invalid-cursor` (400).
    """
    return [""] * length if cursor is None else decode_cursor(cursor, length)


def after_name(cursor: str | None) -> tuple[bytes, str]:
    """Return the place in NAME_ORDER after which a page begins. Raises Problem `invalid-cursor` (400)."""
    key, code = after(cursor, 2)
    try:
        return bytes.fromhex(key), code
    except ValueError:
        raise invalid_cursor() from None


def place_by_name(row: Mapping[str, Any]) -> list[str]:
    """Return where a row with `name_sort_key` and `code` stands in NAME_ORDER, as a cursor holds it."""
    return [row["name_sort_key"].hex(), row["code"]]


def page(items: Sequence[dict[str, Any]], limit: int, last: Sequence[str]) -> dict[str, Any]:
    """Return a page of at most `limit` of `items`; `last` is the sort key of its last one.

    Ask the database for one row more than `limit`: that there is one says that there is a next page.
    """
    more = len(items) > limit
    return {"items": items[:limit], "next": encode_cursor(last) if more else None}


def today() -> date:
    """Return the day that it is in Việt Nam."""
    return day_of(datetime.now(UTC))


def day_of(instant: datetime) -> date:
    """Return the day that it is in Việt Nam at an instant."""
    return instant.astimezone(_VIETNAM).date()


def iso(day: date | None) -> str | None:
    """Return a day as answers carry it."""
    return None if day is None else day.isoformat()
