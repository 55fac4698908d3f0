"""The second half of the relay: sends the stream to Kafka in its order and remembers how far it got.

The cursor moves only when every record of a round is acknowledged. A crash or a failed record sends the
round again from the cursor: duplicates, never gaps; each record names the sequence before it in its
partition, so a consumer sees when something is missing in between.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Final, Protocol

from aiokafka.structs import RecordMetadata

from chassis.cloudevents import Header
from chassis.database import Connection
from chassis.metrics import RELAY_PUBLISHED
from chassis.publications import Message, Previous, Publication, message
from chassis.sequencer import StreamedEvent

# Its commit is not waited for on disk: a cursor that a crash sets back only sends some events twice. Off only for
# this statement's own transaction, and said within it to spare the round trips of a block.
_SAVE: Final = """
    WITH cursor AS (
        UPDATE relay_cursor SET sequence = $1
        WHERE set_config('synchronous_commit', 'off', true) IS NOT NULL
    )
    INSERT INTO relay_partitions (topic, partition, sequence, kafka_offset)
    SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[])
    ON CONFLICT (topic, partition)
        DO UPDATE SET sequence = excluded.sequence, kafka_offset = excluded.kafka_offset
"""


class Producer(Protocol):
    """What the publisher needs of `aiokafka.AIOKafkaProducer`."""

    async def send(
        self, topic: str, value: bytes, key: bytes, partition: int, *, headers: Sequence[Header]
    ) -> Awaitable[RecordMetadata]:
        """Queue one record; the awaitable it returns is done when the broker has acknowledged it."""


class BrokerLostEventsError(Exception):
    """Kafka put a record before one that it had acknowledged earlier: it lost what it had."""


class Publisher:
    """Publishes one service's stream while this process is the leader."""

    def __init__(self, producer: Producer, publications: Sequence[Publication]) -> None:
        self._producer = producer
        self._publications = publications
        self.cursor = 0
        self._previous: Previous = {}
        self._offsets: dict[tuple[str, int], int] = {}

    async def load(self, connection: Connection) -> None:
        """Begin where the last leader stopped."""
        self.cursor = await connection.fetchval("SELECT sequence FROM relay_cursor")
        partitions = await connection.fetch(
            "SELECT topic, partition, sequence, kafka_offset FROM relay_partitions"
        )
        self._previous = {(row["topic"], row["partition"]): row["sequence"] for row in partitions}
        self._offsets = {(row["topic"], row["partition"]): row["kafka_offset"] for row in partitions}

    def lost_by(self, ends: Mapping[tuple[str, int], int]) -> list[tuple[str, int]]:
        """Return the partitions that end, by their offsets in `ends`, before what Kafka had acknowledged."""
        return [place for place, offset in self._offsets.items() if ends.get(place, 0) <= offset]

    async def publish(self, connection: Connection, events: Sequence[StreamedEvent]) -> None:
        """Send the next events of the stream, wait until Kafka has them all, then move the cursor.

        Raises what the producer raises, and BrokerLostEventsError. After any error this object is done with:
        a new one begins from the cursor that was saved.
        """
        previous = dict(self._previous)
        messages = [
            record
            for event in events
            for publication in self._publications
            if (record := message(publication, event, previous)) is not None
        ]
        acknowledged = await self._send(messages)
        offsets: dict[tuple[str, int], int] = {}
        for record, metadata in zip(messages, acknowledged, strict=True):
            place = (record.topic, record.partition)
            if metadata.offset <= self._offsets.get(place, -1):
                raise BrokerLostEventsError(
                    f"{place} gave offset {metadata.offset} after {self._offsets[place]}"
                )
            offsets[place] = metadata.offset
        await self._save(connection, events[-1].sequence, previous, offsets)
        self.cursor, self._previous = events[-1].sequence, previous
        self._offsets |= offsets
        for publication in self._publications:
            RELAY_PUBLISHED.labels(publication.topic).inc(sum(m.topic == publication.topic for m in messages))

    async def _send(self, messages: Sequence[Message]) -> list[RecordMetadata]:
        # One message at a time, with its key and headers; aiokafka gathers them into batches underneath.
        waiting: list[Awaitable[RecordMetadata]] = []
        try:
            for m in messages:
                queued = await self._producer.send(m.topic, m.value, m.key, m.partition, headers=m.headers)
                waiting.append(queued)
        except Exception:
            await asyncio.gather(*waiting, return_exceptions=True)
            raise
        # Every acknowledgement is waited for, also behind a failure, so that none arrives in a later round.
        results = await asyncio.gather(*waiting, return_exceptions=True)
        acknowledged: list[RecordMetadata] = []
        for result in results:
            if isinstance(result, BaseException):
                raise result
            acknowledged.append(result)
        return acknowledged

    async def _save(
        self,
        connection: Connection,
        sequence: int,
        previous: Previous,
        offsets: dict[tuple[str, int], int],
    ) -> None:
        places = list(offsets)
        await connection.execute(
            _SAVE,
            sequence,
            [topic for topic, _ in places],
            [partition for _, partition in places],
            [previous[place] for place in places],
            [offsets[place] for place in places],
        )
