"""The whole system on a stack of its own, each part a process that can be killed, held still where it hurts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg

from chibo import importing
from chibo.client import Client
from chibo.console import Refused
from chibo.reporting.statistics import published_form
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess, Stack
from tests.example_bloc import EXAMPLE, FIGURES
from tests.waiting import until


class System:
    """Membership as two processes (API, relay) and reporting as one, on real servers."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        migration = stack.run_service("membership", "migrate")
        until(lambda: migration.returncode is not None, "the migrations")
        assert migration.returncode == 0, migration.log.read_text()
        self.parts: dict[str, ServiceProcess] = {
            "membership": stack.run_service("membership", "api"),
            "relay": stack.run_service("membership", "relay"),
            "reporting": stack.run_service("reporting"),
        }
        for part in self.parts.values():
            part.wait_ready()
        self.membership = Client(self.parts["membership"].url)
        self.reporting = Client(self.parts["reporting"].url)

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["System"]:
        with Stack.start() as stack:
            yield cls(stack)

    def import_units(self) -> None:
        importing.import_file(self.membership, "organisations", EXAMPLE / "organisations.csv")

    def import_members(self) -> dict[str, Any]:
        return importing.import_file(self.membership, "members", EXAMPLE / "members.csv")

    def import_again(self) -> None:
        """What a person does after an interruption: the same file once more, once the service answers again."""

        def imported() -> bool:
            try:
                self.import_members()
            except Refused:
                return False
            return True

        until(imported, "the import to be taken after the restart")

    def assert_exact(self) -> None:
        """Every event has had its effect, once: the stated figures, and as many events in all as were recorded."""
        wait_until_seen(self.membership, self.reporting)
        answer = self.reporting.get("/v1/statistics", as_of=FIGURES["as_of"])
        assert published_form(answer) == FIGURES
        progress = self.reporting.get("/v1/progress")["consumers"].values()
        assert progress
        assert all((consumer["gaps"], consumer["parked"]) == ({}, 0) for consumer in progress)
        assert self.membership.get("/v1/stream/verification")["intact"] is True

    @asynccontextmanager
    async def held_at(self, service: str, table: str) -> AsyncIterator[None]:
        """Make whoever writes to a table wait there, in the middle of its transaction, until the block ends."""
        connection = await asyncpg.connect(self.stack.database_url(service))
        try:
            await connection.execute(f"BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE")
            yield
        finally:
            # The server may have been killed in between, and the lock with it.
            connection.terminate()

    async def until_somebody_waits(self, service: str) -> None:
        """Wait until a session of the service's database stands still at a lock."""
        connection = await asyncpg.connect(self.stack.database_url(service))
        try:
            async with asyncio.timeout(60):
                while not await connection.fetchval(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                ):
                    await asyncio.sleep(0.01)
        finally:
            await connection.close()
