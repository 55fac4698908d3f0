"""The whole way of an event on real servers, in small: a log, its relay, a topic, a consumer that notes effects."""

import asyncio
import itertools
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition

from chassis import broker
from chassis.cloudevents import encode_headers
from chassis.database import Connection, Pool
from chassis.event_log import EventLog, NewEvent
from chassis.failures import keep_running
from chassis.judging import ReceivedEvent, Source
from chassis.publications import Publication, whole
from chassis.relay import Relay
from chassis.stream_consumer import StreamConsumer
from chassis.subscription import Subscription

SOURCE = "urn:chibo:test"
EVENT = "vn.chibo.test.counted.v1"
PASSED_OVER = "vn.chibo.test.passed-over.v1"


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 120) -> Any:
    """Ask until the answer is true, and return it; fail after the deadline."""
    async with asyncio.timeout(seconds):
        while not (answer := await condition()):
            await asyncio.sleep(0.02)
    return answer


@asynccontextmanager
async def in_background(work: Awaitable[Any]) -> AsyncIterator["asyncio.Task[Any]"]:
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@dataclass
class Recorder:
    """A handler that writes a row for each event, so that one applied twice shows as two rows."""

    name: str = "recorder"
    types: frozenset[str] = frozenset({EVENT})
    poison: set[bytes] = field(default_factory=set)
    """Values that cannot be applied."""
    fail: Callable[[Connection, Sequence[ReceivedEvent]], Awaitable[None]] | None = None
    """Called after the rows are written, before the commit."""

    def fold(self, events: Sequence[ReceivedEvent]) -> Sequence[ReceivedEvent]:
        return events

    async def write(self, connection: Connection, folded: Sequence[Sequence[ReceivedEvent]]) -> None:
        await self.apply(connection, [event for events in folded for event in events])

    async def apply(self, connection: Connection, events: Sequence[ReceivedEvent]) -> None:
        for event in events:
            if event.value in self.poison:
                raise ValueError(f"cannot apply {event.value!r}")
            json.loads(event.value)
        await connection.copy_records_to_table(
            "effects",
            columns=("sequence", "key", "value"),
            records=[(event.sequence, event.key, event.value.decode()) for event in events],
        )
        if self.fail:
            await self.fail(connection, events)


class Way:
    """One service's database and topic, and what runs on them."""

    def __init__(self, pool: Pool, database_url: str, kafka: str, topic: str) -> None:
        self.pool = pool
        self.database_url = database_url
        self.kafka = kafka
        self.topic = topic
        self.publication = Publication(topic, SOURCE, whole)
        self.source = Source(topic, SOURCE, frozenset({EVENT, PASSED_OVER}))
        self.log = EventLog(broker.MAX_RECORD_BYTES)
        self.appended: list[tuple[str, str]] = []
        self._versions: defaultdict[UUID, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
        self._numbers = itertools.count(1)

    def event(
        self, aggregate: UUID | None = None, payload: str | None = None, type_: str = EVENT
    ) -> NewEvent:
        aggregate = aggregate or uuid4()
        return NewEvent(
            aggregate,
            next(self._versions[aggregate]),
            type_,
            payload or json.dumps({"n": next(self._numbers)}),
        )

    async def append(self, count: int = 1, aggregates: Sequence[UUID] = ()) -> None:
        """Commit `count` events, over the given aggregates in turn, else each of its own."""
        events = [self.event(aggregates[n % len(aggregates)] if aggregates else None) for n in range(count)]
        async with self.pool.acquire() as connection, connection.transaction():
            await self.log.append(connection, events)
        self.note(*events)

    def note(self, *events: NewEvent) -> None:
        """Expect the effects of these events."""
        self.appended += [(str(event.aggregate_id), event.payload) for event in events]

    def relay(self) -> Relay:
        return Relay(self.database_url, self.kafka, [self.publication])

    def relaying(self, relay: Relay | None = None):
        """Keep a relay running, as the service does, for as long as the block lasts."""
        return in_background(keep_running("relay", (relay or self.relay()).run))

    def consumer(self, recorder: Recorder | None = None, pool: Pool | None = None) -> StreamConsumer:
        return StreamConsumer(pool or self.pool, self.source, recorder or Recorder())

    def consuming(self, consumer: StreamConsumer | None = None, **options: Any):
        """Keep a subscription running, as the service does, for as long as the block lasts."""
        subscription = Subscription(self.kafka, consumer or self.consumer(), **options)
        return in_background(keep_running("consumer", subscription.run))

    async def effects(self) -> list[tuple[str, str]]:
        rows = await self.pool.fetch("SELECT key, value FROM effects ORDER BY sequence")
        return [(row["key"].decode(), row["value"]) for row in rows]

    async def exact(self) -> bool:
        """Return whether each event had its effect; raises where one had it twice, or out of its key's order."""
        effects = await self.effects()
        assert len(effects) == len(set(effects)), "an event was applied twice"
        by_key: defaultdict[str, list[str]] = defaultdict(list)
        for key, value in effects:
            by_key[key].append(value)
        for key, values in by_key.items():
            expected = [value for owner, value in self.appended if owner == key]
            assert values == expected[: len(values)], "events of one key out of order"
        return len(effects) == len(self.appended)

    async def published(self) -> bool:
        return not await self.pool.fetchval(
            "SELECT (SELECT count(*) FROM event_queue) + (SELECT count(*) FROM event_stream"
            " WHERE sequence > (SELECT sequence FROM relay_cursor))"
        )

    async def mark(self, partition: int = 0) -> int:
        return await self.pool.fetchval(
            "SELECT coalesce(max(sequence), 0) FROM stream_marks WHERE partition = $1", partition
        )

    async def mark_of_any(self) -> int:
        return await self.pool.fetchval("SELECT max(sequence) FROM stream_marks")

    async def parked(self) -> list[asyncpg.Record]:
        return await self.pool.fetch("SELECT * FROM parked_events ORDER BY id")

    async def records(self) -> list[ConsumerRecord]:
        """Read the whole topic as it is now, each partition in its order."""
        found: list[ConsumerRecord] = []
        async with broker._reader(self.kafka) as reader:
            places = [TopicPartition(self.topic, n) for n in range(broker.PARTITIONS)]
            ends = await reader.end_offsets(places)
            reader.assign([place for place in places if ends[place]])
            for place in reader.assignment():
                reader.seek(place, 0)
            while any([await reader.position(place) < ends[place] for place in reader.assignment()]):
                for records in (await reader.getmany(timeout_ms=200)).values():
                    found += records
        return found

    @asynccontextmanager
    async def foreign_producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()


def record(
    sequence: int,
    previous: int,
    *,
    key: bytes | None = b"k",
    value: bytes | None = None,
    partition: int = 0,
    offset: int | None = None,
    type_: str = EVENT,
    source: str = SOURCE,
    topic: str = "t",
) -> ConsumerRecord:
    """Return a Kafka record as this system's relay would have written it."""
    return ConsumerRecord(
        topic=topic,
        partition=partition,
        offset=sequence if offset is None else offset,
        timestamp=0,
        timestamp_type=0,
        key=key,
        value=b'{"n":%d}' % sequence if value is None else value,
        checksum=None,
        serialized_key_size=-1,
        serialized_value_size=-1,
        headers=tuple(
            encode_headers(
                source=source,
                type_=type_,
                subject=UUID(int=0),
                recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
                sequence=sequence,
                previous=previous,
                traceparent=None,
            )
        ),
    )
