"""A topic filled with real events: made by the contracts' classes, in the form in which the relay sends them."""

import asyncio
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from bench import register
from bench.register import Register
from chassis import sequences
from chassis.broker import ensure_topics
from chassis.publications import Message, Previous, Publication, message, whole
from chassis.relay import producing
from chassis.sequencer import StreamedEvent
from contracts import membership
from contracts.event import Event
from contracts.topics import MEMBERSHIP_INTERNAL, Topic

_RECORDED: Final = datetime(2020, 12, 1, tzinfo=UTC)
_ROUND: Final = 2000
"""Messages sent before their acknowledgements are waited for, as the relay does: it makes Kafka's batches alike."""

Sequences = dict[tuple[str, int], "array[int]"]
"""Sequences of what stands on each topic and partition, in order."""


class Log:
    """The log of a service that nothing is stored in: gives its events the records that the relay would send."""

    def __init__(self, topic: Topic) -> None:
        self._publication = Publication(topic.name, topic.source, whole)
        self._previous: Previous = {}
        self._sequence = sequences.in_epoch(1, 0) - 1

    def message(self, event: Event, recorded_at: datetime) -> Message:
        """Return the record of the next event."""
        self._sequence += 1
        streamed = StreamedEvent(
            sequence=self._sequence,
            position=self._sequence,
            aggregate_id=event.aggregate_id,
            aggregate_version=1,
            type=event.TYPE,
            payload=event.as_json(),
            traceparent=None,
            recorded_at=recorded_at,
            hash=b"",
        )
        record = message(self._publication, streamed, self._previous)
        if record is None:
            raise RuntimeError("an internal topic has every event")
        return record


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands on the topic."""

    events: int
    facts: int
    """Rows of member facts that they come to."""
    sequences: Sequences


def messages(made: Register) -> Iterator[Message]:
    """Yield the records that the relay would send of an import of that register."""
    log = Log(MEMBERSHIP_INTERNAL)
    for event in register.events(made):
        yield log.message(event, _RECORDED)


def facts(made: Register) -> int:
    """Return the rows of member facts that the events of a register come to: one a side of an event."""
    members = [event for event in register.events(made) if isinstance(event, membership.MemberChange)]
    return sum((event.before is not None) + (event.after is not None) for event in members)


async def fill(bootstrap: str, made: Register) -> Filled:
    """Send all events of a register to membership's topic."""
    await ensure_topics(bootstrap, [MEMBERSHIP_INTERNAL.name])
    sent: Sequences = {}
    events = await send(bootstrap, messages(made), sent)
    return Filled(events=events, facts=facts(made), sequences=sent)


async def send(bootstrap: str, records: Iterator[Message], sent: Sequences) -> int:
    """Send these records; note in `sent` what then stands on each partition. Return how many they were."""
    events = 0
    async with producing(bootstrap) as producer:
        while several := list(islice(records, _ROUND)):
            acknowledged = [
                await producer.send(m.topic, m.value, m.key, m.partition, headers=m.headers) for m in several
            ]
            await asyncio.gather(*acknowledged)
            for m in several:
                sent.setdefault((m.topic, m.partition), array("q")).append(m.sequence)
            events += len(several)
    return events
