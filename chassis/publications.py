"""What a service publishes: its topics, and how an event of its log looks on each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from aiokafka.partitioner import DefaultPartitioner

from chassis import cloudevents
from chassis.sequencer import StreamedEvent

PARTITIONS: Final = 6
"""Partitions of each topic. It never changes once events are published: order within a key hangs on it."""

_partition: Final = DefaultPartitioner()


@dataclass(frozen=True, slots=True)
class Form:
    """An event as a topic carries it."""

    type: str
    key: UUID
    value: bytes


@dataclass(frozen=True, slots=True)
class Publication:
    """A topic of this service; `form` is pure, and None where an event is not for that topic's readers."""

    topic: str
    source: str
    form: Callable[[StreamedEvent], Form | None]


@dataclass(frozen=True, slots=True)
class Message:
    """One record to send, with the place that its key has."""

    topic: str
    partition: int
    sequence: int
    key: bytes
    value: bytes
    headers: list[cloudevents.Header]


def whole(event: StreamedEvent) -> Form:
    """Return an event just as it was recorded: the form of an internal topic."""
    return Form(event.type, event.aggregate_id, event.payload.encode())


@lru_cache(maxsize=4096)
def partition_of(key: bytes) -> int:
    """Return the partition that a key has on each topic."""
    partition: int = _partition(key, _ALL, _ALL)
    return partition


Previous = dict[tuple[str, int], int]
"""The last sequence sent to each (topic, partition)."""


def message(publication: Publication, event: StreamedEvent, previous: Previous) -> Message | None:
    """Return the record of `event` for a topic, and note its sequence as the partition's last in `previous`."""
    form = publication.form(event)
    if form is None:
        return None
    key = str(form.key).encode()
    partition = partition_of(key)
    place = (publication.topic, partition)
    headers = cloudevents.encode_headers(
        source=publication.source,
        type_=form.type,
        subject=form.key,
        recorded_at=event.recorded_at,
        sequence=event.sequence,
        previous=previous.get(place, 0),
        traceparent=event.traceparent,
    )
    previous[place] = event.sequence
    return Message(publication.topic, partition, event.sequence, key, form.value, headers)


_ALL: Final = list(range(PARTITIONS))
