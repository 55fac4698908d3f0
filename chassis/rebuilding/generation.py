"""A generation: the schema that a projection is built in, and how it takes the place of the live tables."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from chassis import migrations
from chassis.database import Connection, Pool, close_pool, open_pool
from chassis.rebuilding.projections import BuildingConsumer, Projection

LIVE: Final = "public"
_NAME: Final = "rebuild_"
_HOLD: Final = "SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))"
# A plan made once for any parameters takes arrays for short: with hundreds of units it was ten times as slow as the
# plan of the very arrays, which takes a millisecond to make.
# By one process: others take longer to begin than most answers take to read, and read in place of other readers.
_BEGIN_READING: Final = (
    "LOCK TABLE rebuilds IN ACCESS SHARE MODE; SET LOCAL plan_cache_mode = force_custom_plan;"
    " SET LOCAL max_parallel_workers_per_gather = 0"
)
_TRY_TO_HOLD: Final = "SELECT pg_try_advisory_xact_lock(hashtext($1), hashtext($2))"
_LONGEST_HOLD: Final = "10s"
_LONGEST_LOCK: Final = "100ms"
"""Less than PostgreSQL's deadlock_timeout: a reader that locks its tables in another order is never the victim."""
_TRIES: Final = 100


class RebuildError(Exception):
    """A rebuild cannot be done, whenever it is tried; the message says why."""


@asynccontextmanager
async def reading(pool: Pool) -> AsyncIterator[Connection]:
    """Yield a connection on which several statements read one snapshot, all of one generation.

    The lock comes before the snapshot (PostgreSQL's documentation, LOCK): no swap can come in between.
    """
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute(_BEGIN_READING)
        yield connection


@dataclass(frozen=True, slots=True)
class Generation:
    """The tables of some projections in a schema of their own."""

    rebuild_id: int
    pool: Pool
    live: Pool
    consumers: dict[str, BuildingConsumer]
    projections: Sequence[Projection]

    @property
    def schema(self) -> str:
        """The schema's name."""
        return schema_of(self.rebuild_id)

    @property
    def tables(self) -> list[str]:
        """All tables that are built."""
        return list(dict.fromkeys(table for projection in self.projections for table in projection.tables))

    async def is_caught_up(self, live: Pool | Connection, *, within: int = 0) -> bool:
        """Return whether no mark is more than `within` sequences behind the live one."""
        for projection in self.projections:
            built = await projection.marks(self.pool, building=True)
            marks = await projection.marks(live)
            if any(mark - built.get(partition, 0) > within for partition, mark in marks.items()):
                return False
        return True

    async def analyse(self) -> None:
        """Let the planner know the built tables before anybody asks for them."""
        await self.pool.execute(f"ANALYZE {', '.join(self.tables)}")

    async def settle(self, connection: Connection) -> None:
        """Give up what was discarded in the meantime, and retry what waited behind it.

        `connection` holds the live deliveries.
        """
        for projection in self.projections:
            topic = projection.source.topic
            live = {
                row[0]
                for row in await connection.fetch(
                    "SELECT sequence FROM parked_events WHERE consumer = $1 AND topic = $2 AND blocks_key",
                    projection.name, topic,
                )
            }  # fmt: skip
            await self.pool.execute(
                f"DELETE FROM parked_events USING {LIVE}.discarded_events gone WHERE gone.consumer = $1"
                " AND gone.topic = parked_events.topic AND gone.sequence = parked_events.sequence"
                " AND parked_events.consumer = $2",
                projection.name, projection.building_name,
            )  # fmt: skip
            waiting = await self.pool.fetch(
                "SELECT key, sequence FROM parked_events WHERE consumer = $1 AND blocks_key",
                projection.building_name,
            )
            for key in {row["key"] for row in waiting if row["sequence"] not in live}:
                # What still fails stays parked, as it would in the live one.
                with contextlib.suppress(Exception):
                    await self.consumers[projection.name].retry_parked(key)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """Yield a connection to which both sides stand still as they are now, whatever goes on."""
        async with reading(self.live) as connection:
            await connection.execute("SELECT")  # the first statement takes the snapshot
            yield connection

    async def take_over(self, connection: Connection) -> None:
        """Put the built tables in the place of the live ones, in the transaction of `connection`.

        It holds the live deliveries, and the marks are equal. Raises LockNotAvailableError where readers never let
        go, and RebuildError where the schema is not of the same migrations any more.
        """
        await connection.execute("SELECT pg_advisory_xact_lock($1)", migrations.LOCK)
        differing = await connection.fetchval(
            f"SELECT count(*) FROM {LIVE}.schema_migrations a"
            f" FULL JOIN {self.schema}.schema_migrations b USING (version, checksum)"
            " WHERE a.version IS NULL OR b.version IS NULL"
        )
        if differing:
            raise RebuildError("the database was migrated while the projection was built")
        tables = self.tables
        await _lock(connection, ["rebuilds", *(f"{LIVE}.{table}" for table in tables)])
        await connection.execute(f"DROP TABLE {', '.join(f'{LIVE}.{table}' for table in tables)}")
        for table in tables:
            await connection.execute(f"ALTER TABLE {self.schema}.{table} SET SCHEMA {LIVE}")
        for projection in self.projections:
            await self._take_parked(connection, projection)
        await connection.execute(f"DROP SCHEMA {self.schema} CASCADE")

    async def _take_parked(self, connection: Connection, projection: Projection) -> None:
        """Let those that wait be those of the generation; who waits in both keeps number and time."""
        columns = (
            "topic, partition, kafka_offset, reason, error, blocks_key, sequence, key, headers, value, digest"
        )
        await connection.execute(
            f"DELETE FROM {LIVE}.parked_events old WHERE consumer = $1 AND topic = $2 AND blocks_key"
            f" AND NOT EXISTS (SELECT FROM {self.schema}.parked_events new WHERE new.consumer = $3"
            " AND (new.topic, new.partition, new.kafka_offset, new.digest)"
            " = (old.topic, old.partition, old.kafka_offset, old.digest))",
            projection.name, projection.source.topic, projection.building_name,
        )  # fmt: skip
        await connection.execute(
            f"INSERT INTO {LIVE}.parked_events (consumer, {columns}) SELECT $1, {columns}"
            f" FROM {self.schema}.parked_events WHERE consumer = $2 AND blocks_key ORDER BY id"
            " ON CONFLICT ON CONSTRAINT parked_events_once DO NOTHING",
            projection.name, projection.building_name,
        )  # fmt: skip


async def _lock(connection: Connection, tables: Sequence[str]) -> None:
    """Lock tables against all readers, all or none at a time."""
    for attempt in range(1, _TRIES + 1):
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{_LONGEST_LOCK}'")
                await connection.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        except asyncpg.LockNotAvailableError:
            if attempt == _TRIES:
                raise
            await asyncio.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - no secret in it
        else:
            return


@asynccontextmanager
async def live_held(pool: Pool, projections: Sequence[Projection]) -> AsyncIterator[Connection]:
    """Yield a transaction in which no delivery of the live projections is applied.

    Raises LockNotAvailableError where one is under way for longer than ten seconds.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = '{_LONGEST_HOLD}'")
        for projection in sorted(projections, key=lambda each: each.name):
            await connection.execute(_HOLD, projection.name, projection.source.topic)
        yield connection


async def holds_deliveries(connection: Connection, consumer: str, topic: str) -> bool:
    """Return whether no delivery of a consumer is applied from now until the transaction of `connection` ends.

    False where one is being applied: nobody is waited for, and nobody has to wait.
    """
    return bool(await connection.fetchval(_TRY_TO_HOLD, consumer, topic))


def schema_of(rebuild_id: int) -> str:
    """Return the name of a rebuild's schema."""
    return f"{_NAME}{rebuild_id}"


async def _prepare(database_url: str, schema: str, paths: Sequence[Path], tables: Sequence[str]) -> None:
    """Make the schema as the migrations make a database, or bring one that was begun up to date."""
    connection = await asyncpg.connect(database_url, timeout=5, server_settings={"search_path": schema})
    try:
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        await migrations.migrate(connection, paths)
        triggers = await connection.fetch(
            "SELECT tgrelid::regclass::text AS name FROM pg_trigger"
            " WHERE tgrelid = ANY ($1::text[]::regclass[]) AND NOT tgisinternal",
            list(tables),
        )
    finally:
        await connection.close()
    if triggers:  # their functions would stay behind when the table moves
        raise RebuildError(
            f"tables of projections cannot have triggers: {', '.join(t['name'] for t in triggers)}"
        )


def open_generation(
    database_url: str, live: Pool, rebuild_id: int, projections: Sequence[Projection], paths: Sequence[Path]
) -> AbstractAsyncContextManager[Generation]:
    """Return the generation of a rebuild, made if it is not there yet. Raises RebuildError."""
    return _opened(database_url, live, rebuild_id, projections, paths)


@asynccontextmanager
async def _opened(
    database_url: str, live: Pool, rebuild_id: int, projections: Sequence[Projection], paths: Sequence[Path]
) -> AsyncIterator[Generation]:
    schema = schema_of(rebuild_id)
    await _prepare(database_url, schema, paths, [t for p in projections for t in p.tables])
    pool = await open_pool(
        database_url, application_name=schema, size=len(projections) + 1, search_path=schema
    )
    try:
        consumers = {p.name: BuildingConsumer(pool, live, p) for p in projections}
        yield Generation(rebuild_id, pool, live, consumers, projections)
    finally:
        await close_pool(pool)


async def drop_abandoned(connection: Connection, running: int | None) -> None:
    """Drop every generation but the one that is being built."""
    rows = await connection.fetch("SELECT nspname FROM pg_namespace WHERE nspname ~ $1", f"^{_NAME}[0-9]+$")
    for row in rows:
        if running is None or row["nspname"] != schema_of(running):
            await connection.execute(f"DROP SCHEMA IF EXISTS {row['nspname']} CASCADE")
