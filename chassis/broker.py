"""What a service asks of Kafka beside sending and reading: topics, ends, and what stands there already."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from chassis.cloudevents import UnreadableEventError, decode_headers
from chassis.publications import PARTITIONS

MAX_RECORD_BYTES: Final = 1_000_000
"""The largest record, a little under Kafka's own default for a topic (1,048,588 bytes with its batch)."""

TOPIC_CONFIG: Final = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
"""Topics keep everything, so that any projection can be built anew from nothing."""

_REPLICAS: Final = 3
"""Copies of each topic, as far as there are that many brokers."""

_TAIL: Final = 64


async def ensure_topics(bootstrap: str, topics: Sequence[str]) -> None:
    """Create the topics that are not there yet. Raises KafkaError where the broker is away or refuses."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)
    await admin.start()
    try:
        replicas = min(_REPLICAS, len((await admin.describe_cluster())["brokers"]))
        wanted = [NewTopic(topic, PARTITIONS, replicas, topic_configs=TOPIC_CONFIG) for topic in topics]
        response = await admin.create_topics(wanted)
        for _topic, code, *_message in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error
    finally:
        await admin.close()


@asynccontextmanager
async def _reader(bootstrap: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False)
    await consumer.start()
    try:
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
    """
    highest = 0
    async with _reader(bootstrap) as consumer:
        places = _partitions(topics)
        ends = await consumer.end_offsets(places)
        begins = await consumer.beginning_offsets(places)
        places = [place for place in places if ends[place] > begins[place]]
        consumer.assign(places)
        for place in places:
            consumer.seek(place, max(begins[place], ends[place] - _TAIL))
        reading = set(places)
        while reading:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                for record in records:
                    try:
                        attributes = decode_headers(record.headers)
                    except UnreadableEventError:
                        continue
                    if attributes.source == source:
                        highest = max(highest, attributes.sequence)
            # Positions, not records: the last offset of a partition may hold no record at all.
            reading = {place for place in reading if await consumer.position(place) < ends[place]}
    return highest
