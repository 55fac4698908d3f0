"""A stream consumer's place on the broker: its membership of a consumer group, and the loop that reads.

FastStream connects, joins the group and leaves it. The loop is ours: FastStream's own sleeps between empty
reads, hides what a handler raises and what ends its reading task, and none of its acknowledgement policies
keeps the order that a projection needs (offsets committed only after the database's commit, nothing passed
over on failure).
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from chassis.broker import ensure_topics
from chassis.failures import backoff, is_transient, told
from chassis.lag import Lag
from chassis.logs import logger
from chassis.metrics import CONSUMER_BATCH
from chassis.reading import Reader
from chassis.stream_consumer import Delivery, StreamConsumer

MAX_RECORDS: Final = 1_000
"""Records read and judged at a time, which takes some milliseconds."""
_AHEAD: Final = 2
"""How many times as many are made ready, and then written in one transaction: each takes some 4 MB, and four were no
quicker."""
_FETCHED_BYTES: Final = 1024 * 1024
"""Read of a partition at a time and held: of three topics of six partitions 18 MB at most."""
_COMMIT_SECONDS: Final = 1.0
"""How often offsets are committed."""
_LAST_COMMIT_SECONDS: Final = 1.0
_POLL_MILLISECONDS: Final = 1000
"""How long a read waits for records; it ends with the first that come."""
_METADATA_MILLISECONDS: Final = 5000
"""How soon a reader finds a topic that was deleted and made anew; aiokafka by itself takes five minutes."""
_STALLED_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 5.0
_REREAD_SECONDS: Final = 30.0
"""How long the relay has to fill a gap by sending again, before the partition is read from its beginning."""
_LONGEST_REREAD_SECONDS: Final = 3600.0


class Subscription:
    """Reads one topic in a consumer group, by default named after the consumer, while `run` runs."""

    def __init__(
        self,
        bootstrap: str,
        consumer: StreamConsumer,
        *,
        max_records: int = MAX_RECORDS,
        reread_seconds: float = _REREAD_SECONDS,
        group: str | None = None,
    ) -> None:
        self.consumer = consumer
        self._bootstrap = bootstrap
        self._group = group or f"chibo.{consumer.handler.name}"
        self._max_records = max_records
        self._reread_seconds = reread_seconds
        self._kafka: AIOKafkaConsumer | None = None
        self._is_assigned = False
        self._progressed = time.monotonic()
        self._leaving: float | None = None
        self._lag = Lag(consumer.handler.name, consumer.source.topic)
        self._unwritten = 0
        self._done: dict[TopicPartition, int] = {}
        self._commit_due = 0.0
        self._rereads: dict[int, tuple[float, float]] = {}

    async def run(self) -> None:
        """Join the group and feed the consumer until cancelled. Raises what ends it; to be run again."""
        with self._lag.told():
            await self._join_and_read()

    async def _join_and_read(self) -> None:
        topic = self.consumer.source.topic
        await ensure_topics(self._bootstrap, [topic])
        broker = KafkaBroker(
            self._bootstrap,
            client_id=f"chibo-{self.consumer.handler.name}",
            consumer_only=True,
            allow_auto_create_topics=False,
            metadata_max_age_ms=_METADATA_MILLISECONDS,
            logger=logging.getLogger("faststream"),
            log_level=logging.DEBUG,
        )
        subscriber = broker.subscriber(
            topic,
            batch=True,
            group_id=self._group,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            listener=_Assigned(self),
            fetch_max_wait_ms=500,
            max_partition_fetch_bytes=_FETCHED_BYTES,
        )
        try:
            await broker.start()
            self._kafka = subscriber.consumer
            self._progressed = time.monotonic()
            await self._read_forever(subscriber.consumer)
        finally:
            self._kafka = None
            self.partitions_are(set())
            self._is_assigned = False
            # aiokafka waits without end for tasks of its own: `is_live` looks how long.
            self._leaving = time.monotonic()
            try:
                await broker.stop()
            finally:
                self._leaving = None

    async def _read_forever(self, kafka: AIOKafkaConsumer) -> None:
        """Read, judge and write, each ahead of the next: while PostgreSQL writes, more records are made ready.

        They are read in small numbers, so that the loop is never held up for long, and written in large ones.
        Should some belong to another consumer by the time they are written, or come again, the marks tell.
        """
        reader = Reader(kafka)
        reading: asyncio.Task[list[ConsumerRecord]] | None = self._read(reader)
        writing: asyncio.Task[None] | None = None
        ready: list[Delivery] = self.consumer.judge_anew([])
        self._unwritten = 0
        try:
            while True:
                await asyncio.wait(filter(None, (reading, writing)), return_when=asyncio.FIRST_COMPLETED)
                if writing and writing.done():
                    writing = writing.result()
                    if self.consumer.are_outdated(ready):
                        # Else all that follow would be judged by what these wrongly expect, too.
                        ready = self.consumer.judge_anew(ready)
                if reading and reading.done():
                    ready += self._judged(reading.result())
                    reading = None
                if time.monotonic() > self._commit_due:
                    await self._commit(kafka)
                if ready and not writing:
                    writing, ready = asyncio.create_task(self._write(kafka, ready)), []
                if not reading and len(ready) < _AHEAD:
                    reading = self._read(reader)
                self._reread_gaps(kafka, reader)
        finally:
            await self._stop(kafka, reading, writing)

    def _judged(self, records: Sequence[ConsumerRecord]) -> list[Delivery]:
        if not records:
            return []
        if not self._unwritten:
            self._progressed = time.monotonic()  # there was nothing to do until now
        self._unwritten += len(records)
        return [self.consumer.judge(records)]

    async def _stop(self, kafka: AIOKafkaConsumer, *tasks: "asyncio.Task[Any] | None") -> None:
        ended = [task for task in tasks if task]
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
        # So that whoever reads on has little to drop; not at the price of hanging on a broker that is away.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_COMMIT_SECONDS):
                await self._commit(kafka)

    def _read(self, reader: Reader) -> "asyncio.Task[list[ConsumerRecord]]":
        return asyncio.create_task(reader.read(timeout_ms=_POLL_MILLISECONDS, max_records=self._max_records))

    async def _write(self, kafka: AIOKafkaConsumer, deliveries: Sequence[Delivery]) -> None:
        """Give the same deliveries until they are done with; should others own them now, it is harmless."""
        attempt = 0
        while True:
            started = time.monotonic()
            try:
                await self.consumer.apply(deliveries)
            except Exception as error:  # noqa: BLE001 - whatever it is, these records must not be passed over
                attempt += 1
                if transient := is_transient(error):
                    self._progressed = (
                        time.monotonic()
                    )  # it lives; to restart it would not bring a server back
                logger().warning("batch-failed", consumer=self.consumer.handler.name, attempt=attempt,
                                 error=told(error), exc_info=None if transient else error)  # fmt: skip
                await asyncio.sleep(backoff(attempt))
            else:
                break
        self._progressed = time.monotonic()
        CONSUMER_BATCH.labels(self.consumer.handler.name).observe(self._progressed - started)
        for delivery in deliveries:
            self._note_done(kafka, delivery)
            self._unwritten -= len(delivery.records)

    def _note_done(self, kafka: AIOKafkaConsumer, delivery: Delivery) -> None:
        """Note up to where records are done with, for the next commit of offsets, and how many still wait."""
        topic, assigned = self.consumer.source.topic, kafka.assignment()
        # Backwards: the last of each partition is met first.
        after: dict[int, int] = {}
        for record in reversed(delivery.records):
            if record.partition not in after:
                after[record.partition] = record.offset + 1
        for partition, offset in after.items():
            place = TopicPartition(topic, partition)
            if place not in assigned:
                continue
            gap = self.consumer.gaps.get(partition)
            # Not past what was set aside: another process has to see it too, and to raise the alarm.
            self._done[place] = min(offset, gap.offset) if gap else offset
            self._lag.handled(partition, self._done[place], kafka.highwater(place) or 0)

    async def _commit(self, kafka: AIOKafkaConsumer) -> None:
        """Commit the offsets noted. Not after each delivery: what is done the marks tell, offsets only where to read.

        A lost commit means some duplicates.
        """
        offsets = {place: offset for place, offset in self._done.items() if place in kafka.assignment()}
        self._done.clear()
        self._commit_due = time.monotonic() + _COMMIT_SECONDS
        try:
            if offsets:
                await kafka.commit(offsets)
        except KafkaError as error:
            logger().info("offsets-not-committed", error=repr(error)[:200])

    def _reread_gaps(self, kafka: AIOKafkaConsumer, reader: Reader) -> None:
        """Read a partition from its beginning where a gap stays: this consumer may have been set beyond it.

        So it is after a topic was made anew and refilled, or when offsets were set by hand. What was applied
        is dropped as duplicates. Each time takes longer to come, since the relay may be what is amiss.
        """
        now = time.monotonic()
        gaps = self.consumer.gaps
        for partition in self._rereads.keys() - gaps.keys():
            del self._rereads[partition]
        for partition, gap in gaps.items():
            due, wait = self._rereads.setdefault(
                partition, (now + self._reread_seconds, self._reread_seconds)
            )
            place = TopicPartition(self.consumer.source.topic, partition)
            if now < due or place not in kafka.assignment():
                continue
            logger().error("gap-reread", consumer=self.consumer.handler.name, topic=place.topic,
                           partition=partition, mark=gap.mark, expected=gap.expected)  # fmt: skip
            reader.seek(place, 0)
            wait = min(wait * 2, _LONGEST_REREAD_SECONDS)
            self._rereads[partition] = (now + wait, wait)

    def partitions_are(self, partitions: set[int]) -> None:
        """Take these partitions; forget what was measured of others, which another of the group reads now."""
        self._is_assigned = True
        self.consumer.keep_gaps_of(partitions)
        self._lag.read_only(partitions)

    async def measure(self) -> None:
        """Ask the broker how far its partitions are and export the lag; without an answer nothing changes."""
        kafka = self._kafka
        if kafka is None or not self._is_assigned:
            return
        places, at = kafka.assignment(), time.time()
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(_ANSWER_SECONDS):
                ends = await kafka.end_offsets(list(places))
                begun = {
                    place: await kafka.committed(place)
                    for place in places
                    if place.partition not in self._lag.partitions
                }
            if kafka.assignment() != places:
                return  # what was asked belongs to another process now
            for place, offset in begun.items():
                if place.partition not in self._lag.partitions:
                    self._lag.handled(place.partition, offset or 0, ends[place])
            self._lag.measured(at, {place.partition: end for place, end in ends.items()})

    async def is_live(self) -> bool:
        """Return False where records wait, here or on the broker, and none was handled for a minute.

        Nor is one live that has been leaving its group for a minute: it will neither stop nor begin anew.

        Where the broker does not answer nothing can be said, and a restart would not help: True.
        """
        if self._leaving is not None and time.monotonic() - self._leaving > _STALLED_SECONDS:
            return False
        kafka = self._kafka
        if kafka is None or time.monotonic() - self._progressed < _STALLED_SECONDS:
            return True
        if self._unwritten:
            return False
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                ends = await kafka.end_offsets(list(kafka.assignment()))
        except (KafkaError, TimeoutError):
            return True
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                waiting = [place for place, end in ends.items() if await kafka.position(place) < end]
        except (KafkaError, TimeoutError):
            return False
        if not waiting:
            self._progressed = time.monotonic()
        return not waiting

    @property
    def is_ready(self) -> bool:
        """Return whether the consumer has joined its group."""
        return self._kafka is not None


class _Assigned(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Tells a subscription which partitions it has after a rebalance."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription

    def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Wait for the assignment: most partitions come back."""

    def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        self._subscription.partitions_are({place.partition for place in assigned})
