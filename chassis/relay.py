"""The relay of one service: one leader takes events from the log to Kafka, woken when there are new ones.

Leadership is a PostgreSQL advisory lock held by the session that does all of the leader's writes: a leader
whose session is gone can write nothing more. What it may still have on the way to Kafka is at worst a
duplicate.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, ProducerClosed

from chassis import broker, metrics
from chassis.database import Connection
from chassis.event_log import CHANNEL
from chassis.failures import is_transient
from chassis.logs import logger
from chassis.publications import Publication
from chassis.publisher import BrokerLostEventsError, Publisher
from chassis.sequencer import read_stream, sequence_queued
from chassis.sequences import epoch_of

_LOCK: Final = 0x6368_6962_6F00_0001  # "chibo", then the number of the lock
_BATCH: Final = 2000
_POLL_SECONDS: Final = 1.0
"""A wake-up may be lost with a broken session; nothing waits longer than this."""
_ABANDON_SECONDS: Final = 5.0
_COMPARE_SECONDS: Final = 30.0
"""How often a leader without work looks whether the broker still has what it acknowledged."""
_STALLED_SECONDS: Final = 120.0
_SESSION: Final = {
    "application_name": "relay",
    "timezone": "UTC",
    # The lock goes with the session, so the server has to end that of a leader who is frozen or out of reach. A
    # working one is silent for no longer than Kafka takes to answer or to be given up.
    "idle_session_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


class Relay:
    """Runs until it is cancelled; `is_leader` tells whether this process publishes or stands by."""

    def __init__(self, database_url: str, bootstrap: str, publications: Sequence[Publication]) -> None:
        self._database_url = database_url
        self._bootstrap = bootstrap
        self._publications = publications
        self._topics = [publication.topic for publication in publications]
        self.is_leader = False
        self._turned = time.monotonic()

    async def is_live(self) -> bool:
        """Return False where neither a round nor a try for leadership has ended for two minutes."""
        return time.monotonic() - self._turned < _STALLED_SECONDS

    async def run(self) -> None:
        """Wait for leadership, then publish until something fails. Raises what failed; to be run again."""
        wake = asyncio.Event()
        self._turned = time.monotonic()
        async with self._session(wake) as connection:
            try:
                # Waiting inside pg_advisory_lock would hold a snapshot, and vacuum could not clean the queue.
                while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                    self._turned = time.monotonic()
                    await asyncio.sleep(_POLL_SECONDS)
                self.is_leader = True
                metrics.RELAY_LEADER.set(1)
                await self._lead(connection, wake)
            finally:
                self.is_leader = False
                metrics.RELAY_LEADER.set(0)

    async def _lead(self, connection: Connection, wake: asyncio.Event) -> None:
        await broker.ensure_topics(self._bootstrap, self._topics)
        async with producing(self._bootstrap) as producer:
            publisher = Publisher(producer, self._publications)
            await publisher.load(connection)
            await self._compare_with_broker(connection, publisher)
            try:
                await self._drain_forever(connection, publisher, wake)
            except BrokerLostEventsError:
                await refill(connection)
                raise
            except Exception as error:
                if is_transient(error):
                    metrics.RELAY_FAILURES.inc()
                raise

    async def _drain_forever(self, connection: Connection, publisher: Publisher, wake: asyncio.Event) -> None:
        while events := await read_stream(connection, publisher.cursor, _BATCH):
            await publisher.publish(connection, events)
            self._turned = time.monotonic()
        compared = time.monotonic()
        while True:
            wake.clear()
            while events := await sequence_queued(connection, _BATCH):
                await publisher.publish(connection, events)
                self._turned = time.monotonic()
            self._turned = time.monotonic()
            if self._turned - compared > _COMPARE_SECONDS:
                if lost := publisher.lost_by(await broker.end_offsets(self._bootstrap, self._topics)):
                    raise BrokerLostEventsError(f"{lost} end before what was acknowledged")
                compared = time.monotonic()
            # Busy: the loop above asks at once again. Quiet: a notification wakes it.
            try:
                async with asyncio.timeout(_POLL_SECONDS):
                    await wake.wait()
            except TimeoutError:
                continue

    async def _compare_with_broker(self, connection: Connection, publisher: Publisher) -> None:
        """Find out what happened to either side while no leader looked.

        A broker that has less than it acknowledged is refilled from the log. A broker that has sequences
        which the stream does not know yet tells of a database restored to an earlier point: a new epoch.
        """
        if lost := publisher.lost_by(await broker.end_offsets(self._bootstrap, self._topics)):
            logger().error("broker-lost-events", partitions=lost)
            await refill(connection)
            await publisher.load(connection)
        source = self._publications[0].source
        highest = await broker.highest_sequence(self._bootstrap, self._topics, source)
        head = await connection.fetchval("SELECT coalesce(max(sequence), 0) FROM event_stream")
        if highest > head:
            epoch = await connection.fetchval(
                "INSERT INTO event_stream_epochs (epoch)"
                " SELECT greatest(max(epoch), $1) + 1 FROM event_stream_epochs RETURNING epoch",
                epoch_of(highest),
            )
            logger().error("log-was-restored", broker_sequence=highest, log_sequence=head, new_epoch=epoch)

    @asynccontextmanager
    async def _session(self, wake: asyncio.Event) -> AsyncIterator[Connection]:
        """A session of its own, not of the pool: it holds the lock and listens for new events."""
        connection = await asyncpg.connect(
            self._database_url,
            timeout=5,
            command_timeout=60,
            server_settings=_SESSION,
        )
        try:
            await connection.add_listener(CHANNEL, lambda *_: wake.set())
            connection.add_termination_listener(lambda *_: wake.set())
            yield connection
        finally:
            # Closed by force where the server does not answer: the lock must not outlive this leader.
            try:
                await connection.close(timeout=2)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection.terminate()


@asynccontextmanager
async def producing(bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    """An idempotent producer that waits for all replicas; a failed one is never used again."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        enable_idempotence=True,
        acks="all",
        # Topics are kept for good, and events are alike: an eighth of the bytes, which are read quicker, too.
        compression_type="lz4",
        max_batch_size=256 * 1024,
        request_timeout_ms=15_000,
        max_request_size=broker.MAX_RECORD_BYTES,
    )
    try:
        await producer.start()
        yield producer
    finally:
        await _abandon(producer)


async def _abandon(producer: AIOKafkaProducer) -> None:
    """Close a producer at once. What it has not sent yet will be sent by the next one.

    Left to itself, aiokafka would first try to deliver it, and where the broker is away leave a task behind that
    goes on trying.
    """
    producer._message_accumulator.fail_all(ProducerClosed("the relay begins anew"))
    try:
        async with asyncio.timeout(_ABANDON_SECONDS):
            await producer.stop()
    except (KafkaError, OSError, TimeoutError) as error:
        logger().info("producer-abandoned", error=repr(error)[:200])
        await producer.client.close()


async def refill(connection: Connection) -> None:
    """Set the cursor back to the beginning, so that the whole stream is sent again; consumers drop what they have."""
    metrics.RELAY_REFILLS.inc()
    async with connection.transaction():
        await connection.execute("UPDATE relay_cursor SET sequence = 0")
        await connection.execute("DELETE FROM relay_partitions")


async def backlog(connection: Connection) -> tuple[int, float]:
    """Return how many recorded events Kafka has not acknowledged, and the age of the oldest in seconds."""
    row = await connection.fetchrow(
        """
        WITH waiting AS (
            SELECT position FROM event_queue
            UNION ALL
            SELECT position FROM event_stream WHERE sequence > (SELECT sequence FROM relay_cursor)
        )
        SELECT count(*) AS events,
               coalesce(extract(epoch FROM now() - min(recorded_at)), 0)::float8 AS oldest
        FROM waiting JOIN event_log USING (position)
        """
    )
    if row is None:
        raise RuntimeError("an aggregate query without a row")
    return row["events"], row["oldest"]
