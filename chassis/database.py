"""PostgreSQL: one pool a process."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import asyncpg

if TYPE_CHECKING:
    Connection = asyncpg.Connection[Any] | asyncpg.pool.PoolConnectionProxy[Any]
    Pool = asyncpg.Pool[Any]
else:
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool


_FEW: Final = 20
_CLOSE_SECONDS: Final = 5.0


async def open_pool(url: str, *, application_name: str, size: int, search_path: str | None = None) -> Pool:
    """Return a pool of at most `size` connections that connects when first used, so a server may come later.

    With a `search_path`, its statements find their tables in that schema and in no other.
    """
    session = {"application_name": application_name, "timezone": "UTC", "jit": "off"}
    if search_path is not None:
        session["search_path"] = search_path
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        # A server that is away is noticed in seconds, not after the kernel's minutes.
        timeout=5,
        command_timeout=300,
        server_settings=session,
        reset=_leave_as_it_is,
    )


async def close_pool(pool: Pool) -> None:
    """Close a pool once its connections are given back, by force where that takes longer than five seconds.

    A cancellation that comes meanwhile is passed on.
    """
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await pool.close()
    except TimeoutError:
        pool.terminate()


async def _leave_as_it_is(connection: Connection) -> None:
    """Spare each release a round trip: nothing here changes a session beyond its transaction."""


async def add_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows, values in the order of `columns`: many by COPY, a few without the look at types that COPY costs.

    Raises what PostgreSQL refuses them for; nothing is inserted then.
    """
    if len(rows) > _FEW:
        await connection.copy_records_to_table(table, records=rows, columns=columns)
    elif rows:
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        await connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
