"""The services as processes of their own on fresh servers, for one measurement or, in short runs, for several."""

import asyncio
import uuid
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.broker import ensure_topics
from chassis.publications import PARTITIONS
from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess, Stack
from services.reporting.consumers import INSPECTION_FACTS, MEETING_FACTS, MEMBERSHIP_FACTS, SUBSCRIPTIONS

T = TypeVar("T")

_EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "bloc-2020"
EXAMPLE_ORGANISATIONS: Final = _EXAMPLE / "organisations.csv"
EXAMPLE_MEMBERS: Final = _EXAMPLE / "members.csv"
EXAMPLE_MEETINGS: Final = _EXAMPLE / "meetings.csv"

_TABLES: Final = (*MEMBERSHIP_FACTS.tables, *MEETING_FACTS.tables, *INSPECTION_FACTS.tables)
_FORGET: Final = f"TRUNCATE {', '.join(_TABLES)}, stream_marks"


class System:
    """Membership and reporting, each with all of its parts in one process."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.processes: dict[str, ServiceProcess] = {
            name: stack.run_service(name) for name in ("membership", "reporting")
        }
        for process in self.processes.values():
            process.wait_ready()
        self.membership = Client(self.processes["membership"].url)
        self.reporting = Client(self.processes["reporting"].url)

    def import_file(self, kind: str, content: bytes) -> dict[str, Any]:
        """Import a CSV file of units or members; return membership's answer. The same file again is a no-op."""
        headers = {"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())}
        answer: dict[str, Any] = self.membership.post(f"/v1/imports/{kind}", content=content, headers=headers)
        return answer

    def import_example(self) -> None:
        """Import the example bloc and wait until the statistics have all of it."""
        self.import_file("organisations", EXAMPLE_ORGANISATIONS.read_bytes())
        self.import_file("members", EXAMPLE_MEMBERS.read_bytes())
        self.wait_until_seen()

    def wait_until_seen(self) -> None:
        """Wait until the statistics have every event."""
        wait_until_seen(self.membership, self.reporting)


class Systems:
    """Gives measurements the servers that they need.

    Each has fresh ones, so that no figure hangs on what was measured before. In a short run, whose figures nobody
    looks at, they `share` one system.
    """

    def __init__(self, *, share: bool) -> None:
        self._share = share
        self._shared: System | None = None
        self._open = ExitStack()

    @contextmanager
    def system(self) -> Iterator[System]:
        """Yield running services."""
        if not self._share:
            with Stack.start() as stack:
                yield System(stack)
            return
        if self._shared is None:
            self._shared = System(self._open.enter_context(Stack.start()))
        yield self._shared

    def close(self) -> None:
        """Stop what is shared."""
        self._open.close()


def run(measured: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the event loop that the services use too."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measured)


async def forget_projection(stack: Stack) -> None:
    """Set reporting back to nothing: empty tables, and its consumer groups at the beginning of their topics.

    No consumer of reporting may be running.
    """
    connection = await asyncpg.connect(stack.database_url("reporting"))
    try:
        await connection.execute(_FORGET)
    finally:
        await connection.close()
    await ensure_topics(stack.kafka, [source.topic for source, _ in SUBSCRIPTIONS])
    for source, handler in SUBSCRIPTIONS:
        places = [TopicPartition(source.topic, partition) for partition in range(PARTITIONS)]
        group = AIOKafkaConsumer(
            bootstrap_servers=stack.kafka, group_id=f"chibo.{handler.name}", enable_auto_commit=False
        )
        await group.start()
        try:
            group.assign(places)
            await group.commit(dict.fromkeys(places, 0))
        finally:
            await group.stop()
