"""Which records of a delivery are to have an effect, by the marks of their partitions. Pure.

It works like a cumulative acknowledgement in TCP. Beside its sequence each event names the one sent before it to
the same partition; the consumer keeps one mark for each partition, the highest sequence applied:

* not above the mark: a duplicate, dropped;
* `previous` above the mark: something before it is missing. It is set aside unapplied; the relay has not moved its
  cursor past the missing one and sends both again, in order. A gap that stays is an alarm;
* else it is applied and becomes the mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aiokafka import ConsumerRecord

from chassis.cloudevents import UnreadableEventError, decode_headers
from chassis.parked_events import Parked, Reason


class ReceivedEvent(NamedTuple):
    """An event of the stream as a handler gets it; `time` is the instant of recording, RFC 3339 in UTC."""

    type: str
    sequence: int
    key: bytes
    value: bytes
    time: str
    record: ConsumerRecord
    """The record it came in, for parking it as it was."""


@dataclass(frozen=True, slots=True)
class Source:
    """A topic to read: who alone may write there, and which event types are known at all."""

    topic: str
    source: str
    known_types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Events of a partition that are missing, though later ones were seen."""

    mark: int
    """The last sequence applied."""
    expected: int
    """The sequence that the first event set aside names as the one before it."""
    seen: int
    """The highest sequence set aside: once the mark is there, nothing is missing any more."""
    offset: int
    """Where the first event set aside stands in the partition."""

    def joined(self, later: "Gap") -> "Gap":
        """Return this gap as it is after more events of its partition were set aside."""
        return Gap(later.mark, self.expected if later.mark < self.expected else later.expected,
                   max(self.seen, later.seen), min(self.offset, later.offset))  # fmt: skip


@dataclass(slots=True)
class Judged:
    """What one delivery comes to, if the marks are `before` when it is written; `marks` are those after it."""

    before: dict[int, int]
    marks: dict[int, int]
    events: list[ReceivedEvent] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    duplicates: int = 0
    skipped: int = 0
    gaps: dict[int, Gap] = field(default_factory=dict)
    set_aside: int = 0

    def park_behind(self, blocked: set[bytes]) -> None:
        """Park the events whose key is held up already, and those behind an unknown one of this delivery.

        The keys held up by this delivery are added to `blocked`.
        """
        first_unknown: dict[bytes, int] = {}
        for parked in self.parked:
            if parked.blocks_key and parked.record.key is not None:
                first_unknown.setdefault(parked.record.key, parked.sequence or 0)
        if not (blocked or first_unknown):
            return
        going_on = []
        for event in self.events:
            if event.key in blocked or first_unknown.get(event.key, event.sequence) < event.sequence:
                self.parked.append(behind(event))
            else:
                going_on.append(event)
        self.events = going_on
        blocked.update(first_unknown)


def judge(
    records: Sequence[ConsumerRecord], source: Source, handled: frozenset[str], marks: Mapping[int, int]
) -> Judged:
    """Return what these records come to for a handler of the types `handled`.

    They may be of any partitions of the topic, in order within each; a partition without a mark has applied nothing.
    """
    before = {partition: marks.get(partition, 0) for partition in {record.partition for record in records}}
    judged = Judged(before=before, marks=(now := dict(before)))
    known, topic_source, take = source.known_types, source.source, judged.events.append
    for record in records:
        try:
            type_, its_source, time, sequence, previous = decode_headers(record.headers)
        except UnreadableEventError as error:
            judged.parked.append(Parked(record, Reason.UNREADABLE, str(error)))
            continue
        key, partition = record.key, record.partition
        if its_source != topic_source or key is None:
            judged.parked.append(Parked(record, Reason.FOREIGN, f"source {its_source!r}"))
        elif sequence <= (mark := now[partition]):
            judged.duplicates += 1
        elif previous > mark:
            judged.set_aside += 1
            gap = Gap(mark, previous, sequence, record.offset)
            first = judged.gaps.get(partition)
            judged.gaps[partition] = first.joined(gap) if first else gap
        else:
            now[partition] = sequence
            if judged.gaps and (gap_here := judged.gaps.get(partition)) and gap_here.seen <= sequence:
                del judged.gaps[partition]
            if type_ in handled:
                take(ReceivedEvent(type_, sequence, key, record.value or b"", time, record))
            elif type_ in known:
                judged.skipped += 1
            else:
                judged.parked.append(
                    Parked(record, Reason.UNKNOWN_TYPE, f"type {type_!r}", sequence=sequence)
                )
    return judged


def received(record: ConsumerRecord) -> ReceivedEvent:
    """Return one record as the event that it is, without judging it. Raises UnreadableEventError."""
    attributes = decode_headers(record.headers)
    return ReceivedEvent(
        attributes.type,
        attributes.sequence,
        record.key or b"",
        record.value or b"",
        attributes.time,
        record,
    )


def behind(event: ReceivedEvent) -> Parked:
    """Return an event as one to park behind an earlier one of its key."""
    return Parked(
        event.record, Reason.BEHIND, "an earlier event of its key is parked", sequence=event.sequence
    )
