"""What a service asks of Kafka beside sending and reading: topics, ends, and what stands there already."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from chassis.cloudevents import UnreadableEventError, decode_headers
from chassis.publications import PARTITIONS
from chassis.reading import Reader

MAX_RECORD_BYTES: Final = 1_000_000
"""The largest record, a little under Kafka's own default for a topic (1,048,588 bytes with its batch)."""

TOPIC_CONFIG: Final = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
"""Topics keep everything, so that any projection can be built anew from nothing."""

_REPLICAS: Final = 3
"""Copies of each topic, as far as there are that many brokers."""

_TAIL: Final = 64
_READ_SECONDS: Final = 30
_MANY: Final = 5_000
_CLOCKS_APART: Final = timedelta(hours=1)
"""By how much the clock of a relay may be behind the one that told when an event was recorded."""


async def ensure_topics(bootstrap: str, topics: Sequence[str]) -> None:
    """Create the topics that are not there yet. Raises KafkaError where the broker is away or refuses."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)
    try:
        await admin.start()
        replicas = min(_REPLICAS, len((await admin.describe_cluster())["brokers"]))
        wanted = [NewTopic(topic, PARTITIONS, replicas, topic_configs=TOPIC_CONFIG) for topic in topics]
        response = await admin.create_topics(wanted)
        for _topic, code, *_message in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error
        await _complete_partitions(admin, topics)
    finally:
        await admin.close()


async def _complete_partitions(admin: AIOKafkaAdminClient, topics: Sequence[str]) -> None:
    """Give a topic that somebody else created with fewer partitions the ones that keys are spread over."""
    short = {
        found["topic"]: NewPartitions(PARTITIONS)
        for found in await admin.describe_topics(list(topics))
        if 0 < len(found["partitions"]) < PARTITIONS
    }
    if short:
        response = await admin.create_partitions(short)
        for _topic, code, *_message in response.topic_errors:
            if code:
                raise for_code(code)


@asynccontextmanager
async def _reader(bootstrap: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False, request_timeout_ms=15_000
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


def _partitions(topics: Sequence[str]) -> list[TopicPartition]:
    return [TopicPartition(topic, partition) for topic in topics for partition in range(PARTITIONS)]


async def end_offsets(bootstrap: str, topics: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return the offset after the last record of each (topic, partition)."""
    async with _reader(bootstrap) as consumer:
        ends = await consumer.end_offsets(_partitions(topics))
    return {(place.topic, place.partition): offset for place, offset in ends.items()}


async def highest_sequence(bootstrap: str, topics: Sequence[str], source: str) -> int:
    """Return the highest sequence of `source` among the last records of the topics; 0 where there is none.

    A few records of each partition are looked at, since a foreign producer may have written after ours.
    Raises TimeoutError where they cannot be read in half a minute.
    """
    highest = 0
    # aiokafka itself would wait without end for a partition that has no leader.
    async with asyncio.timeout(_READ_SECONDS), _reader(bootstrap) as consumer:
        places = _partitions(topics)
        ends = await consumer.end_offsets(places)
        begins = await consumer.beginning_offsets(places)
        places = [place for place in places if ends[place] > begins[place]]
        consumer.assign(places)
        reader = Reader(consumer)
        for place in places:
            reader.seek(place, max(begins[place], ends[place] - _TAIL))
        reading = set(places)
        while reading:
            for record in await reader.read(timeout_ms=1000, max_records=_TAIL * len(places)):
                highest = max(highest, _sequence_of(record, source) or 0)
            # Positions, not records: the last offset of a partition may hold no record at all.
            reading = {place for place in reading if await consumer.position(place) < ends[place]}
    return highest


async def find_events(
    bootstrap: str, topic: str, source: str, wanted: Mapping[int, datetime]
) -> dict[int, ConsumerRecord]:
    """Return events of `source` on a topic by their sequences, looked for from when they were recorded on.

    One that is not on the topic is left out. Raises KafkaError where the broker is away, and TimeoutError where it
    gives nothing for half a minute.
    """
    found: dict[int, ConsumerRecord] = {}
    if not wanted:
        return found
    since = int((min(wanted.values()) - _CLOCKS_APART).timestamp() * 1000)
    # A record is written after its event was recorded, and whatever is sent again comes later still.
    async with asyncio.timeout(_READ_SECONDS) as limit, _reader(bootstrap) as consumer:
        places = _partitions([topic])
        ends = await consumer.end_offsets(places)
        begins = await consumer.offsets_for_times(dict.fromkeys(places, since))
        reading = {place for place in places if (begin := begins[place]) and begin.offset < ends[place]}
        consumer.assign(list(reading))
        reader = Reader(consumer)
        for place in reading:
            reader.seek(place, begins[place].offset)
        while reading and len(found) < len(wanted):
            records = await reader.read(timeout_ms=1000, max_records=_MANY)
            if records:
                limit.reschedule(asyncio.get_running_loop().time() + _READ_SECONDS)
            for record in records:
                sequence = _sequence_of(record, source)
                if sequence is not None and sequence in wanted:
                    found[sequence] = record
            reading = {place for place in reading if await consumer.position(place) < ends[place]}
    return found


def _sequence_of(record: ConsumerRecord, source: str) -> int | None:
    try:
        attributes = decode_headers(record.headers)
    except UnreadableEventError:
        return None
    return attributes.sequence if attributes.source == source else None
