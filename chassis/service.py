"""A service as a process: the only place where the parts of the chassis are put together.

`python -m services.<name> [all|api|relay|consumer|jobs|migrate]` runs one part, or all of them in one process.
HTTP answers from the first moment; what still waits for PostgreSQL or Kafka shows in `/health/ready`.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from socket import socket

import uvicorn
from fastapi import APIRouter, FastAPI
from uvicorn.config import STARTUP_FAILURE

from chassis import health, http, logs, metrics, migrations, openapi, operations, parked_events, problems
from chassis.database import Pool, close_pool, open_pool
from chassis.event_log import EventLog
from chassis.failures import keep_running, run_until_done
from chassis.jobs import Job, JobRunner
from chassis.judging import Source
from chassis.publications import Publication
from chassis.rebuilding.api import rebuilds_router
from chassis.rebuilding.projections import rebuildable
from chassis.rebuilding.worker import Rebuilder
from chassis.relay import Relay, backlog
from chassis.resources import Resources
from chassis.settings import Settings, read_settings
from chassis.stream_consumer import Handler, StreamConsumer
from chassis.subscription import Subscription


class Role(StrEnum):
    """The part of a service that a process runs."""

    ALL = "all"
    API = "api"
    RELAY = "relay"
    CONSUMER = "consumer"
    JOBS = "jobs"
    MIGRATE = "migrate"

    def includes(self, part: "Role") -> bool:
        """Return whether a process of this role runs `part`."""
        return self in {Role.ALL, part}


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that makes a service this one and no other."""

    name: str
    title: str
    default_port: int
    migrations: Sequence[Path]
    router: Callable[[Resources], APIRouter]
    publications: Sequence[Publication] = ()
    subscriptions: Sequence[tuple[Source, Handler]] = ()
    jobs: Sequence[Job] = ()

    @property
    def all_migrations(self) -> list[Path]:
        """The service's migrations with those that its use of the chassis needs."""
        needed: list[Path] = []
        if self.publications:
            needed += [migrations.EVENT_LOG, migrations.IDEMPOTENCY_KEYS]
        if self.subscriptions:
            needed += [migrations.STREAM_CONSUMERS, migrations.REBUILDS]
        return [*needed, *self.migrations]


class _Process:
    """One running process of a service."""

    def __init__(
        self, service: Service, role: Role, settings: Settings, pool: Pool, stopping: asyncio.Event
    ) -> None:
        self._service = service
        self._role = role
        self._settings = settings
        self._pool = pool
        self._prepared = asyncio.Event()
        self._health = health.Health()
        self._resources = Resources(pool, EventLog(settings.max_event_bytes), settings, stopping)
        self._relay = Relay(settings.database_url, settings.kafka, service.publications)
        self._consumers = {
            handler.name: StreamConsumer(pool, source, handler) for source, handler in service.subscriptions
        }
        self._projections = rebuildable(service.subscriptions)
        self._subscriptions = [
            Subscription(settings.kafka, consumer) for consumer in self._consumers.values()
        ]

    def add_routes(self, app: FastAPI) -> None:
        self._health.ready["database"] = self._database_answers
        if self._role.includes(Role.API):
            app.include_router(self._service.router(self._resources))
            if self._service.publications:
                app.include_router(operations.stream_router(self._pool, self._service.publications))
            if self._consumers:
                app.include_router(operations.consumers_router(self._pool, self._consumers))
            if self._projections:
                app.include_router(
                    rebuilds_router(self._resources, self._projections, self._service.all_migrations)
                )
        app.include_router(health.router(self._health))

    async def _database_answers(self) -> bool:
        if not self._prepared.is_set():
            return False
        async with asyncio.timeout(2):
            return bool(await self._pool.fetchval("SELECT true"))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        parts = asyncio.create_task(self._run_parts(), name="parts")
        parts.add_done_callback(_stop_if_failed)
        try:
            yield
        finally:
            parts.cancel()
            await asyncio.gather(parts, return_exceptions=True)

    async def _run_parts(self) -> None:
        """Prepare the database, then keep this role's parts running, each by itself."""
        async with asyncio.TaskGroup() as parts:
            if self._role is Role.ALL:
                await run_until_done("migrations", self._migrate)
            self._prepared.set()
            if self._service.publications and self._role.includes(Role.RELAY):
                parts.create_task(keep_running("relay", self._relay.run))
                parts.create_task(keep_running("backlog", self._watch_backlog))
                self._health.live["relay"] = self._relay.is_live
            if self._consumers and self._role.includes(Role.CONSUMER):
                self._health.ready["consumer"] = self._consumers_joined
                self._health.live["consumer"] = self._consumers_progress
                parts.create_task(keep_running("parked", self._watch_parked))
                parts.create_task(keep_running("lag", self._watch_lag))
                if self._projections:
                    parts.create_task(keep_running("rebuilds", self._rebuilder().run))
                for subscription in self._subscriptions:
                    name = f"consumer {subscription.consumer.handler.name}"
                    parts.create_task(keep_running(name, subscription.run))
            if self._role.includes(Role.JOBS):
                for job in self._service.jobs:
                    runner = JobRunner(job, self._resources)
                    self._health.live[f"job {job.name}"] = runner.is_live
                    parts.create_task(keep_running(f"job {job.name}", runner.run))

    def _rebuilder(self) -> Rebuilder:
        settings, service = self._settings, self._service
        return Rebuilder(
            settings.database_url, settings.kafka, self._pool, self._projections, service.all_migrations
        )

    async def _migrate(self) -> None:
        async with self._pool.acquire() as connection:
            await migrations.migrate(connection, self._service.all_migrations)

    async def _watch_backlog(self) -> None:
        while True:
            async with self._pool.acquire() as connection:
                waiting, oldest = await backlog(connection)
            metrics.RELAY_BACKLOG.set(waiting)
            metrics.RELAY_OLDEST.set(oldest)
            await asyncio.sleep(5)

    async def _watch_parked(self) -> None:
        while True:  # another process may have let some go
            async with self._pool.acquire() as connection:
                await parked_events.count(connection)
            await asyncio.sleep(5)

    async def _watch_lag(self) -> None:
        while True:
            for subscription in self._subscriptions:
                await subscription.measure()
            await asyncio.sleep(5)

    async def _consumers_joined(self) -> bool:
        return all(s.is_ready for s in self._subscriptions)

    async def _consumers_progress(self) -> bool:
        return all([await subscription.is_live() for subscription in self._subscriptions])


def _stop_if_failed(parts: "asyncio.Task[None]") -> None:
    """End the process where its parts cannot run at all (a migration that does not fit): nobody mends it here."""
    if not parts.cancelled() and (error := parts.exception()):
        logs.logger().critical("process-stops", exc_info=error)
        signal.raise_signal(signal.SIGTERM)


def make_app(service: Service, role: Role, settings: Settings) -> FastAPI:
    """Return the HTTP application of one process; its lifespan runs the relay, the consumers and the jobs."""
    stack = AsyncExitStack()
    stopping = asyncio.Event()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with stack:
            pool = await open_pool(
                settings.database_url, application_name=f"{service.name}-{role}", size=settings.pool_size
            )
            stack.push_async_callback(close_pool, pool)
            process = _Process(service, role, settings, pool, stopping)
            process.add_routes(app)
            async with process.running():
                yield

    app = FastAPI(title=service.title, version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(http.WithoutContent)
    app.add_middleware(http.Measured)
    problems.install(app)
    openapi.install(app)
    http.add_metrics(app)
    app.state.stopping = stopping
    return app


async def _migrate_once(service: Service, settings: Settings) -> None:
    pool = await open_pool(settings.database_url, application_name=f"{service.name}-migrate", size=1)
    try:
        async with pool.acquire() as connection:
            applied = await migrations.migrate(connection, service.all_migrations)
        logs.logger().info("migrated", applied=applied)
    finally:
        await close_pool(pool)


class _Server(uvicorn.Server):
    """Tells answers without an end to end, before it waits for those that are still being given."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop to listen, and wait until the last answer is given."""
        self._stopping.set()
        await super().shutdown(sockets)


def _relax_garbage_collector() -> None:
    """Look for cycles less often: batches make many small objects and hardly a cycle."""
    gc.freeze()
    gc.set_threshold(300_000, 20, 20)


def main(service: Service) -> None:
    """Run the part named by the first command-line argument, `all` by default, until it is told to stop."""
    words = sys.argv[1:] or [Role.ALL]
    if len(words) != 1 or words[0] not in set(Role):
        sys.exit(f"usage: python -m services.{service.name} [{'|'.join(Role)}]")
    role = Role(words[0])
    settings = read_settings()
    logs.configure(service.name, settings.log_level)
    if role is Role.MIGRATE:
        asyncio.run(_migrate_once(service, settings))
        return
    app = make_app(service, role, settings)
    _relax_garbage_collector()
    server = _Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port or service.default_port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=10,
        ),
        app.state.stopping,
    )
    server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)
