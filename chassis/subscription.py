"""A stream consumer's place on the broker: a FastStream batch subscriber whose commits are ours.

None of FastStream's acknowledgement policies keeps the order that a projection needs (offsets committed only
after the database's commit, nothing passed over on failure), so the subscriber is MANUAL and this module
commits and rewinds.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage, KafkaMessage

from chassis.failures import backoff, is_transient
from chassis.logs import logger
from chassis.metrics import CONSUMER_BATCH, CONSUMER_LAG
from chassis.stream_consumer import StreamConsumer

MAX_RECORDS: Final = 20_000
# FastStream waits this long for records and, finding none, sleeps as long again: it is paid in delay when
# quiet, in wake-ups when long.
_POLL_MILLISECONDS: Final = 5
_STALLED_SECONDS: Final = 60.0


class Subscription:
    """Reads one topic in a consumer group named after the consumer, for as long as the broker runs."""

    def __init__(
        self, broker: KafkaBroker, consumer: StreamConsumer, *, max_records: int = MAX_RECORDS
    ) -> None:
        self.consumer = consumer
        self._failures = 0
        self._progressed = time.monotonic()
        self._subscriber = broker.subscriber(
            consumer.source.topic,
            batch=True,
            group_id=f"chibo.{consumer.handler.name}",
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            max_records=max_records,
            batch_timeout_ms=_POLL_MILLISECONDS,
            fetch_max_wait_ms=500,
            max_partition_fetch_bytes=8 * 1024 * 1024,
            parser=self._parse,
            decoder=_leave_encoded,
        )
        self._subscriber(self._handle)

    async def _parse(self, records: tuple[ConsumerRecord, ...]) -> KafkaAckableMessage:
        """Wrap a delivery as it is. FastStream's own parser loses all of it over one undecodable header."""
        return KafkaAckableMessage(
            body=b"", headers={}, raw_message=records, message_id="", correlation_id="", consumer=_UNUSED
        )

    async def _handle(self, message: KafkaMessage) -> None:
        records: tuple[ConsumerRecord, ...] = message.raw_message
        started = time.monotonic()
        try:
            await self.consumer.process(records)
        except Exception as error:  # noqa: BLE001 - whatever it is, these records come again
            self._failures += 1
            unforeseen = None if is_transient(error) else error
            logger().warning("batch-failed", consumer=self.consumer.handler.name, attempt=self._failures,
                             error=repr(error)[:500], exc_info=unforeseen)  # fmt: skip
            self._rewind(records)
            await asyncio.sleep(backoff(self._failures))
            return
        self._failures = 0
        self._progressed = time.monotonic()
        CONSUMER_BATCH.labels(self.consumer.handler.name).observe(self._progressed - started)
        await self._commit(records)

    def _rewind(self, records: Sequence[ConsumerRecord]) -> None:
        kafka = self._subscriber.consumer
        if kafka is None:
            return
        first: dict[TopicPartition, int] = {}
        for record in records:
            first.setdefault(TopicPartition(record.topic, record.partition), record.offset)
        # A partition that a rebalance took away begins elsewhere from its committed offset.
        for place in first.keys() & kafka.assignment():
            kafka.seek(place, first[place])

    async def _commit(self, records: Sequence[ConsumerRecord]) -> None:
        kafka = self._subscriber.consumer
        if kafka is None:
            return
        after = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in records}
        assigned = kafka.assignment()
        self.consumer.keep_gaps_of({place.partition for place in assigned})
        try:
            await kafka.commit({place: offset for place, offset in after.items() if place in assigned})
        except KafkaError as error:
            # The marks already tell what is done; a lost commit only means some duplicates.
            logger().info("offsets-not-committed", error=repr(error)[:200])
        for place, offset in after.items():
            lag = max(0, (kafka.highwater(place) or offset) - offset)
            CONSUMER_LAG.labels(self.consumer.handler.name, place.topic, str(place.partition)).set(lag)

    async def is_live(self) -> bool:
        """Return False where records wait on the broker and none was handled for a minute."""
        kafka = self._subscriber.consumer
        if kafka is None or time.monotonic() - self._progressed < _STALLED_SECONDS:
            return True
        for place in kafka.assignment():
            if (kafka.highwater(place) or 0) > await kafka.position(place):
                return False
        self._progressed = time.monotonic()
        return True

    @property
    def is_ready(self) -> bool:
        """Return whether the consumer has joined its group."""
        return self._subscriber.consumer is not None


async def _leave_encoded(message: Any) -> Any:
    """Decode nothing, and give the handler the delivery itself: it decodes a whole batch at once."""
    return message


class _NoConsumer:
    """FastStream wants a consumer for acknowledgements; ours are not made through the message."""

    async def commit(self) -> None:
        raise NotImplementedError

    def seek(self, partition: TopicPartition, offset: int) -> None:
        raise NotImplementedError


_UNUSED: Final = _NoConsumer()
