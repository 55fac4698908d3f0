"""PostgreSQL: one pool a process."""

from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    Connection = asyncpg.Connection[Any] | asyncpg.pool.PoolConnectionProxy[Any]
    Pool = asyncpg.Pool[Any]
else:
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool


async def open_pool(url: str, *, application_name: str, size: int) -> Pool:
    """Return a pool of at most `size` connections that connects when first used, so a server may come later."""
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        # A server that is away is noticed in seconds, not after the kernel's minutes.
        timeout=5,
        command_timeout=300,
        server_settings={"application_name": application_name, "timezone": "UTC", "jit": "off"},
    )
