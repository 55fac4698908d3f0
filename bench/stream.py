"""A topic filled with real events: made by the contracts' classes, in the form in which the relay sends them."""

import asyncio
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
from contracts.topics import MEMBERSHIP_INTERNAL

_PUBLICATION: Final = Publication(MEMBERSHIP_INTERNAL.name, MEMBERSHIP_INTERNAL.source, whole)
_RECORDED: Final = datetime(2020, 12, 1, tzinfo=UTC)
_ROUND: Final = 2000
"""Messages sent before their acknowledgements are waited for, as the relay does: it makes Kafka's batches alike."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands on the topic."""

    events: int
    facts: int
    """Rows of member facts that they come to."""
    sequences: dict[int, list[int]]
    """By partition, in order."""


def messages(made: Register) -> Iterator[Message]:
    """Yield the records that the relay would send of an import of that register."""
    previous: Previous = {}
    sequence = sequences.in_epoch(1, 0) - 1
    for event in register.events(made):
        sequence += 1
        streamed = StreamedEvent(
            sequence=sequence,
            position=sequence,
            aggregate_id=event.aggregate_id,
            aggregate_version=1,
            type=event.TYPE,
            payload=event.model_dump_json(),
            traceparent=None,
            recorded_at=_RECORDED,
            hash=b"",
        )
        if (record := message(_PUBLICATION, streamed, previous)) is not None:
            yield record


def facts(made: Register) -> int:
    """Return the rows of member facts that the events of a register come to: one a side of an event."""
    members = [event for event in register.events(made) if isinstance(event, membership.MemberChange)]
    return sum((event.before is not None) + (event.after is not None) for event in members)


async def fill(bootstrap: str, made: Register) -> Filled:
    """Send all events of a register to membership's topic."""
    await ensure_topics(bootstrap, [MEMBERSHIP_INTERNAL.name])
    by_partition: dict[int, list[int]] = {}
    all_messages = messages(made)
    async with producing(bootstrap) as producer:
        while sent := list(islice(all_messages, _ROUND)):
            acknowledged = [
                await producer.send(m.topic, m.value, m.key, m.partition, headers=m.headers) for m in sent
            ]
            await asyncio.gather(*acknowledged)
            for m in sent:
                by_partition.setdefault(m.partition, []).append(m.sequence)
    return Filled(
        events=sum(map(len, by_partition.values())),
        facts=facts(made),
        sequences=by_partition,
    )
