"""Pools without a server: how they are closed."""

import asyncio

import pytest

from chassis import database
from chassis.database import close_pool


class Closing:
    """As a pool, closed by what it is given."""

    def __init__(self, close) -> None:
        self.close = close
        self.terminated = False

    def terminate(self) -> None:
        self.terminated = True


async def test_a_cancellation_that_comes_as_the_pool_is_closed_is_not_lost():
    async def close():
        asyncio.get_running_loop().call_soon(closing.cancel)

    pool = Closing(close)

    async def close_and_go_on():
        await close_pool(pool)
        await asyncio.Event().wait()

    closing = asyncio.create_task(close_and_go_on())
    await asyncio.wait([closing], timeout=10)
    assert closing.cancelled()
    assert not pool.terminated


async def test_a_pool_whose_connections_are_not_given_back_is_closed_by_force(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(database, "_CLOSE_SECONDS", 0.01)
    pool = Closing(asyncio.Event().wait)
    await close_pool(pool)
    assert pool.terminated
