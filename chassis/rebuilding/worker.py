"""Carries rebuilds out, in one process of a service at a time: builds, catches up, swaps or compares, tidies up."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg

from chassis.database import Connection, Pool
from chassis.failures import keep_running
from chassis.logs import logger
from chassis.rebuilding import store
from chassis.rebuilding.comparison import compare
from chassis.rebuilding.generation import (
    Generation,
    RebuildError,
    drop_abandoned,
    live_held,
    open_generation,
)
from chassis.rebuilding.projections import Projection
from chassis.rebuilding.store import Rebuild
from chassis.subscription import Subscription

_LOCK: Final = 0x6368_6962_6F00_0003
_LOOK_SECONDS: Final = 0.2
_QUIET_SECONDS: Final = 1.0
_CATCH_UP_SECONDS: Final = 10.0
"""How long live deliveries are held for what the built one still lacks."""
_NEAR: Final = 2_000
"""Sequences behind at which it is worth while to hold the live one."""
_ABANDONED: Final = timedelta(minutes=10)
_SESSION: Final = {"application_name": "rebuilds", "timezone": "UTC"}


class _CancelledError(Exception):
    """The rebuild was ended by somebody else."""


class Rebuilder:
    """Runs until it is cancelled; stands by while another process has the lock."""

    def __init__(
        self,
        database_url: str,
        bootstrap: str,
        pool: Pool,
        projections: Mapping[str, Projection],
        migrations: Sequence[Path],
    ) -> None:
        self._database_url = database_url
        self._bootstrap = bootstrap
        self._pool = pool
        self._projections = projections
        self._migrations = migrations

    async def run(self) -> None:
        """Carry out whatever rebuild is wanted. Raises what fails; to be run again, and then goes on with it."""
        connection = await asyncpg.connect(self._database_url, timeout=5, server_settings=_SESSION)
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):  # noqa: ASYNC110
                await asyncio.sleep(_QUIET_SECONDS)
            while True:
                wanted = await store.running(connection)
                await drop_abandoned(connection, wanted.id if wanted else None)
                if wanted and wanted.source == "kafka":
                    await self._carry_out(wanted)
                    continue
                if wanted and datetime.now(UTC) - wanted.fed_at > _ABANDONED:
                    await store.finish(self._pool, wanted.id, "failed", error="nobody fed it for ten minutes")
                await asyncio.sleep(_QUIET_SECONDS)
        finally:
            connection.terminate()  # the lock goes with the session, whatever state it is in

    async def _carry_out(self, rebuild: Rebuild) -> None:
        try:
            projections = [self._projections[name] for name in rebuild.projections]
            async with open_generation(
                self._database_url, self._pool, rebuild.id, projections, self._migrations
            ) as generation:
                await self._build(rebuild, generation)
        except _CancelledError:
            logger().info("rebuild-cancelled", rebuild=rebuild.id)
        except (RebuildError, KeyError) as error:
            reason = str(error) if isinstance(error, RebuildError) else f"no projection {error}"
            await store.finish(self._pool, rebuild.id, "failed", error=reason)
            logger().error("rebuild-failed", rebuild=rebuild.id, error=reason)

    async def _build(self, rebuild: Rebuild, generation: Generation) -> None:
        logger().info("rebuild-begins", rebuild=rebuild.id, projections=rebuild.projections)
        end = self._compared if rebuild.verify else self._swapped
        while True:
            async with self._reading(generation) as reading:
                while not await generation.is_caught_up(self._pool, within=_NEAR):
                    await self._look(rebuild)
                await generation.analyse()
                try:
                    if await end(rebuild, generation, reading):
                        return
                except asyncpg.LockNotAvailableError:
                    logger().info("rebuild-waits", rebuild=rebuild.id)
            await self._look(rebuild)

    async def _swapped(
        self, rebuild: Rebuild, generation: Generation, reading: Sequence["asyncio.Task[None]"]
    ) -> bool:
        """Put the generation in the place of the live tables; return False where it does not arrive in time."""
        async with live_held(self._pool, generation.projections) as connection:
            if not await self._arrives(generation, connection):
                return False
            await _stop(reading)
            await generation.settle(connection)
            await generation.take_over(connection)
            if not await store.finish(connection, rebuild.id, "swapped"):
                raise _CancelledError  # and nothing of it is kept
        logger().info("rebuild-swapped", rebuild=rebuild.id)
        return True

    async def _compared(
        self, rebuild: Rebuild, generation: Generation, reading: Sequence["asyncio.Task[None]"]
    ) -> bool:
        """Compare the generation with the live tables; return False where it does not arrive in time."""
        async with AsyncExitStack() as both:
            async with live_held(self._pool, generation.projections) as connection:
                if not await self._arrives(generation, connection):
                    return False
                await _stop(reading)
                await generation.settle(connection)
                snapshot = await both.enter_async_context(generation.snapshot())
            tables = [await compare(snapshot, generation.schema, table) for table in generation.tables]
        await store.finish_compared(self._pool, rebuild.id, tables)
        logger().info("rebuild-compared", rebuild=rebuild.id)
        return True

    async def _look(self, rebuild: Rebuild) -> None:
        """Wait a little; raise where the rebuild is not wanted any more."""
        await asyncio.sleep(_LOOK_SECONDS)
        if not await store.is_running(self._pool, rebuild.id):
            raise _CancelledError

    async def _arrives(self, generation: Generation, connection: Connection) -> bool:
        """Return whether the built one comes to the marks of the live one, which is held."""
        clock = asyncio.get_running_loop().time
        until = clock() + _CATCH_UP_SECONDS
        while clock() < until:
            if await generation.is_caught_up(connection):
                return True
            await asyncio.sleep(_LOOK_SECONDS / 10)
        return False

    @asynccontextmanager
    async def _reading(self, generation: Generation) -> AsyncIterator[list["asyncio.Task[None]"]]:
        """Feed the generation from the topics' beginning, or from where it is, in groups of its own."""
        tasks: list[asyncio.Task[None]] = []
        for name, consumer in generation.consumers.items():
            group = f"chibo.{name}.{generation.schema}"
            subscription = Subscription(self._bootstrap, consumer, group=group)
            tasks.append(asyncio.create_task(keep_running(f"rebuild of {name}", subscription.run)))
        try:
            yield tasks
        finally:
            await _stop(tasks)


async def _stop(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
