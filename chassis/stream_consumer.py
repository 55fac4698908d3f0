"""A consumer of streams that has each event's effect once, whatever Kafka delivers how often.

It works like a cumulative acknowledgement in TCP. Beside its sequence each event names the one sent before it
to the same partition; the consumer keeps one mark for each partition, the highest sequence applied, in the
transaction of the effects:

* not above the mark: a duplicate, dropped;
* `previous` above the mark: something before it is missing. It is set aside unapplied; the relay has not
  moved its cursor past the missing one and sends both again, in order. A gap that stays is an alarm;
* else it is applied and becomes the mark. Marks are locked while they are judged by, and move by compare-and-set,
  so a consumer that lost its partition to another finds duplicates, or fails, instead of counting twice.

An event that cannot be applied is parked, and later ones of its key behind it; other keys go on.
"""

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

import asyncpg
import pydantic
from aiokafka import ConsumerRecord

from chassis import parked_events
from chassis.cloudevents import Attributes, UnreadableEventError, decode_headers
from chassis.database import Connection, Pool
from chassis.failures import StaleMarkError, is_transient
from chassis.logs import logger
from chassis.metrics import CONSUMER_EVENTS, CONSUMER_GAP
from chassis.parked_events import Parked, Reason

# Shared by deliveries, exclusive to a retry of parked events: else an event could be parked behind one that
# is just being applied, and stay there.
_LOCK_SHARED: Final = "SELECT pg_advisory_xact_lock_shared(hashtext($1), hashtext($2))"
_LOCK_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))"
_READ_MARKS: Final = """
    SELECT partition, sequence FROM stream_marks
    WHERE consumer = $1 AND topic = $2 AND partition = ANY($3)
    ORDER BY partition
    FOR UPDATE
"""
_PARKED_OF_KEY: Final = """
    SELECT * FROM parked_events
    WHERE consumer = $1 AND topic = $2 AND key = $3 AND blocks_key
    ORDER BY sequence
"""
_MOVE_MARKS: Final = """
    WITH moved AS (
        SELECT * FROM unnest($3::int[], $4::bigint[], $5::bigint[]) AS mark (partition, old, new)
    ), begun AS (
        INSERT INTO stream_marks (consumer, topic, partition, sequence)
        SELECT $1, $2, partition, new FROM moved WHERE old = 0
        ON CONFLICT DO NOTHING
        RETURNING partition
    ), changed AS (
        UPDATE stream_marks SET sequence = new, updated_at = now()
        FROM moved
        WHERE consumer = $1 AND topic = $2 AND stream_marks.partition = moved.partition AND sequence = old
        RETURNING stream_marks.partition
    )
    SELECT (SELECT count(*) FROM begun) + (SELECT count(*) FROM changed)
"""


@dataclass(slots=True)
class ReceivedEvent:
    """An event of the stream as a handler gets it; `time` is the instant of recording, RFC 3339 in UTC."""

    type: str
    sequence: int
    key: bytes
    value: bytes
    time: str
    partition: int
    offset: int
    record: ConsumerRecord
    """The record it came in, for parking it as it was."""


class Handler(Protocol):
    """The effect of events: a projection or a replica. `types` are those it applies; others are passed over."""

    name: str
    types: frozenset[str]

    async def apply(self, connection: Connection, events: Sequence[ReceivedEvent]) -> None:
        """Apply events in their order, within the transaction that `connection` is in.

        Raises whatever says that one of them cannot be decoded or applied: the consumer finds out which.
        """


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
class _Batch:
    """What one delivery comes to, before anything is written."""

    before: dict[int, int]
    marks: dict[int, int]
    events: list[ReceivedEvent] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    duplicates: int = 0
    skipped: int = 0
    gaps: dict[int, "Gap"] = field(default_factory=dict)
    set_aside: int = 0


class StreamConsumer:
    """Feeds one handler from one topic. `gaps` holds, by partition, what is known to be missing."""

    def __init__(self, pool: Pool, source: Source, handler: Handler) -> None:
        self._pool = pool
        self.source = source
        self.handler = handler
        self.gaps: dict[int, Gap] = {}

    async def process(self, records: Iterable[ConsumerRecord]) -> None:
        """Apply a delivery: records of any partitions of the topic, in order within each.

        When it returns, their effects and the marks are committed and the offsets may be. A transient
        failure is raised with nothing done: the same records are to be given again.
        """
        records = list(records)
        try:
            batch, applied = await self._process(records, careful=False)
        except Exception as error:
            if is_transient(error):
                raise
            batch, applied = await self._process(records, careful=True)
        # Only what is committed is told to others.
        self._report(batch, applied)
        if batch.parked:
            await self.count_parked()

    async def _process(self, records: Sequence[ConsumerRecord], *, careful: bool) -> tuple[_Batch, int]:
        """Apply a delivery in one transaction; return what it came to, and how many events had their effect.

        The careful way finds poison and parks it, at the price of savepoints; the other raises what it meets.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK_SHARED, self.handler.name, self.source.topic)
            batch = await self._judge(connection, records)
            blocked = await parked_events.blocked_keys(connection, self.handler.name, self.source.topic)
            self._park_behind(batch, blocked)
            if careful:
                applied = await self._apply_or_park(connection, batch, batch.events, blocked)
            else:
                applied = len(batch.events)
                if applied:
                    await self.handler.apply(connection, batch.events)
            await parked_events.park(connection, self.handler.name, self.source.topic, batch.parked)
            await self._move_marks(connection, batch)
        return batch, applied

    async def count_parked(self) -> None:
        """Set the gauge of parked events from the table, which other processes change too."""
        async with self._pool.acquire() as connection:
            await parked_events.count(connection)

    async def retry_parked(self, key: bytes) -> int:
        """Apply the parked events of one key again, in order, up to the first that still fails.

        Returns how many were applied; raises what the first one raised where that is none.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK_ALONE, self.handler.name, self.source.topic)
            rows = await connection.fetch(_PARKED_OF_KEY, self.handler.name, self.source.topic, key)
            applied = 0
            for row in rows:
                record = parked_events.as_record(row)
                event = _received(record, decode_headers(record.headers))
                try:
                    async with connection.transaction():
                        await self._apply_again(connection, event)
                except Exception:
                    if applied:
                        break
                    raise
                await connection.execute("DELETE FROM parked_events WHERE id = $1", row["id"])
                applied += 1
        await self.count_parked()
        return applied

    async def _apply_again(self, connection: Connection, event: ReceivedEvent) -> None:
        if event.type not in self.source.known_types:
            raise UnreadableEventError(f"type {event.type!r} is still unknown")
        if event.type in self.handler.types:
            await self.handler.apply(connection, [event])

    def keep_gaps_of(self, partitions: set[int]) -> None:
        """Forget the gaps of partitions that another consumer of the group reads now."""
        for partition in self.gaps.keys() - partitions:
            self._forget_gap(partition)

    async def _judge(self, connection: Connection, records: Sequence[ConsumerRecord]) -> _Batch:
        partitions = list({record.partition for record in records})
        marks = dict.fromkeys(partitions, 0)
        rows = await connection.fetch(_READ_MARKS, self.handler.name, self.source.topic, partitions)
        marks.update((row["partition"], row["sequence"]) for row in rows)
        batch = _Batch(before=dict(marks), marks=marks)
        handled, known, source = self.handler.types, self.source.known_types, self.source.source
        for record in records:
            try:
                attributes = decode_headers(record.headers)
            except UnreadableEventError as error:
                batch.parked.append(Parked(record, Reason.UNREADABLE, str(error)))
                continue
            if attributes.source != source or record.key is None:
                batch.parked.append(Parked(record, Reason.FOREIGN, f"source {attributes.source!r}"))
                continue
            partition, sequence = record.partition, attributes.sequence
            mark = marks[partition]
            if sequence <= mark:
                batch.duplicates += 1
            elif attributes.previous > mark:
                batch.set_aside += 1
                gap = Gap(mark, attributes.previous, sequence, record.offset)
                first = batch.gaps.get(partition)
                batch.gaps[partition] = first.joined(gap) if first else gap
            else:
                marks[partition] = sequence
                if (gap_here := batch.gaps.get(partition)) and gap_here.seen <= sequence:
                    del batch.gaps[partition]
                if attributes.type in handled:
                    batch.events.append(_received(record, attributes))
                elif attributes.type in known:
                    batch.skipped += 1
                else:
                    batch.parked.append(
                        Parked(record, Reason.UNKNOWN_TYPE, f"type {attributes.type!r}", sequence=sequence)
                    )
        return batch

    @staticmethod
    def _park_behind(batch: _Batch, blocked: set[bytes]) -> None:
        """Park the events whose key is held up already, and those behind an unknown one of this batch."""
        first_unknown: dict[bytes, int] = {}
        for parked in batch.parked:
            if parked.blocks_key and parked.record.key is not None:
                first_unknown.setdefault(parked.record.key, parked.sequence or 0)
        if not (blocked or first_unknown):
            return
        going_on = []
        for event in batch.events:
            if event.key in blocked or first_unknown.get(event.key, event.sequence) < event.sequence:
                batch.parked.append(_behind(event))
            else:
                going_on.append(event)
        batch.events = going_on
        blocked.update(first_unknown)

    async def _apply_or_park(
        self, connection: Connection, batch: _Batch, events: Sequence[ReceivedEvent], blocked: set[bytes]
    ) -> int:
        """Apply events all at once; where one is poison, halve until it is found, park it, go on with the rest."""
        if not events:
            return 0
        try:
            # A savepoint: what a failed half has written is taken back, the rest stays.
            async with connection.transaction():
                await self.handler.apply(connection, events)
        except Exception as error:
            if is_transient(error):
                raise
            if len(events) == 1:
                logger().error("event-parked", consumer=self.handler.name, sequence=events[0].sequence,
                               type=events[0].type, error=type(error).__name__)  # fmt: skip
                batch.parked.append(
                    Parked(events[0].record, Reason.POISON, _without_data(error), sequence=events[0].sequence)
                )
                blocked.add(events[0].key)
                return 0
        else:
            return len(events)
        middle = len(events) // 2
        applied = await self._apply_or_park(connection, batch, events[:middle], blocked)
        going_on = []
        for event in events[middle:]:
            if event.key in blocked:
                batch.parked.append(_behind(event))
            else:
                going_on.append(event)
        return applied + await self._apply_or_park(connection, batch, going_on, blocked)

    async def _move_marks(self, connection: Connection, batch: _Batch) -> None:
        moved = [partition for partition, mark in batch.marks.items() if mark != batch.before[partition]]
        if not moved:
            return
        count = await connection.fetchval(
            _MOVE_MARKS,
            self.handler.name,
            self.source.topic,
            moved,
            [batch.before[partition] for partition in moved],
            [batch.marks[partition] for partition in moved],
        )
        if count != len(moved):
            raise StaleMarkError(f"{self.handler.name} on {self.source.topic}, partitions {moved}")

    def _report(self, batch: _Batch, applied: int) -> None:
        name, topic = self.handler.name, self.source.topic
        outcomes = {
            "applied": applied,
            "skipped": batch.skipped,
            "duplicate": batch.duplicates,
            "set_aside": batch.set_aside,
            "parked": len(batch.parked),
        }
        for outcome, count in outcomes.items():
            if count:
                CONSUMER_EVENTS.labels(name, topic, outcome).inc(count)
        for partition, mark in batch.marks.items():
            gap, known = batch.gaps.get(partition), self.gaps.get(partition)
            if gap and known:
                gap = known.joined(gap)
            gap = gap or known
            if gap is None:
                continue
            if mark >= gap.seen:
                self._forget_gap(partition)
                continue
            if known is None or known.expected != gap.expected:
                logger().error("stream-gap", consumer=name, topic=topic, partition=partition,
                               mark=mark, expected=gap.expected)  # fmt: skip
            self.gaps[partition] = replace(gap, mark=mark)
            CONSUMER_GAP.labels(name, topic, str(partition)).set(1)

    def _forget_gap(self, partition: int) -> None:
        if self.gaps.pop(partition, None):
            CONSUMER_GAP.labels(self.handler.name, self.source.topic, str(partition)).set(0)


def _received(record: ConsumerRecord, attributes: Attributes) -> ReceivedEvent:
    return ReceivedEvent(
        attributes.type,
        attributes.sequence,
        record.key or b"",
        record.value or b"",
        attributes.time,
        record.partition,
        record.offset,
        record,
    )


def _behind(event: ReceivedEvent) -> Parked:
    return Parked(
        event.record, Reason.BEHIND, "an earlier event of its key is parked", sequence=event.sequence
    )


def _without_data(error: Exception) -> str:
    """Return what failed and where, without the error's own words: they may quote values that describe a person."""
    told = [type(error).__name__]
    if isinstance(error, pydantic.ValidationError):
        told += [f"{'.'.join(map(str, found['loc']))} {found['type']}" for found in error.errors()[:5]]
    elif isinstance(error, asyncpg.PostgresError):
        told += [str(error.sqlstate), getattr(error, "constraint_name", None) or ""]
    if frames := traceback.extract_tb(error.__traceback__):
        told.append(f"{Path(frames[-1].filename).name}:{frames[-1].lineno}")
    return " ".join(filter(None, told))[:500]
