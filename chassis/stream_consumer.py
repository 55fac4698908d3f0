"""A consumer of streams that has each event's effect once, whatever Kafka delivers how often.

What a delivery comes to is judged by the marks of its partitions (see `judging.py`), which are kept in the
transaction of the effects. It is judged and folded ahead, by the marks that the delivery before it will leave, while
that one is still being written. The transaction reads the marks under lock: are they others, as after a rebalance
or a failure, it is judged anew. They move by compare-and-set, so a consumer that lost its partition to another
finds duplicates, or fails, instead of counting twice.

An event that cannot be applied is parked, and later ones of its key behind it; other keys go on.
"""

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

import asyncpg
import pydantic
from aiokafka import ConsumerRecord

from chassis import parked_events
from chassis.cloudevents import UnreadableEventError
from chassis.database import Connection, Pool
from chassis.failures import StaleMarkError, is_transient
from chassis.judging import Gap, Judged, ReceivedEvent, Source, behind, judge, received
from chassis.logs import logger
from chassis.metrics import CONSUMER_EVENTS, CONSUMER_GAP, PARKED_EVENTS
from chassis.parked_events import Parked, Reason

# Shared by deliveries, exclusive to a retry of parked events: else an event could be parked behind one that
# is just being applied, and stay there. One statement, though there may be no mark yet.
_CLAIM: Final = """
    SELECT held.lock, marks.partition, marks.sequence
    FROM (SELECT pg_advisory_xact_lock_shared(hashtext($1), hashtext($2)) AS lock) AS held
    LEFT JOIN (
        SELECT partition, sequence FROM stream_marks
        WHERE consumer = $1 AND topic = $2 AND partition = ANY($3::int[])
        ORDER BY partition
        FOR UPDATE
    ) AS marks ON true
"""
_LOCK_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))"
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
    SELECT (SELECT count(*) FROM begun) + (SELECT count(*) FROM changed) AS moved,
           EXISTS (SELECT FROM parked_events WHERE consumer = $1 AND topic = $2 AND blocks_key) AS keys_blocked
"""


class Handler(Protocol):
    """The effect of events: a projection or a replica. `types` are those it applies; others are passed over."""

    name: str
    types: frozenset[str]

    def fold(self, events: Sequence[ReceivedEvent]) -> Any:
        """Return what these events come to, in their order, for `write`; pure, since it is called ahead.

        Raises whatever says that one of them cannot be decoded: the consumer finds out which.
        """

    async def write(self, connection: Connection, folded: Sequence[Any]) -> None:
        """Write what `fold` returned for some deliveries, in their order, within the transaction of `connection`.

        Raises whatever says that one of the events cannot be applied: the consumer finds out which.
        """


@dataclass(slots=True)
class Delivery:
    """Records that came together, judged by the marks that were expected, or, once applied, that were there."""

    records: Sequence[ConsumerRecord]
    judged: Judged
    folded: Any
    """What the handler made of the events; None where that failed, or where something is to be parked."""


class _NeedsCareError(Exception):
    """The quick way met what only the careful one can do: a key is blocked, or something has to be parked."""


class StreamConsumer:
    """Feeds one handler from one topic. `gaps` holds, by partition, what is known to be missing."""

    def __init__(self, pool: Pool, source: Source, handler: Handler) -> None:
        self._pool = pool
        self.source = source
        self.handler = handler
        self.gaps: dict[int, Gap] = {}
        self._marks: dict[int, int] = {}
        self._expected: dict[int, int] = {}
        self._keys_blocked = False
        PARKED_EVENTS.labels(handler.name, source.topic)  # 0 until one is parked

    def judge(self, records: Iterable[ConsumerRecord]) -> Delivery:
        """Return a delivery ready to be applied: records of any partitions of the topic, in order within each.

        Those judged before it are expected to be applied first.
        """
        records = list(records)
        judged = self._judge(records, self._expected)
        self._expected |= judged.marks
        return Delivery(records, judged, self._fold(judged))

    def judge_anew(self, deliveries: Sequence[Delivery]) -> list[Delivery]:
        """Return these deliveries judged by the marks that there are, as if nothing else was under way."""
        self._expected = dict(self._marks)
        return [self.judge(delivery.records) for delivery in deliveries]

    def are_outdated(self, deliveries: Sequence[Delivery]) -> bool:
        """Return whether deliveries, to be applied in this order, were judged by other marks than there will be."""
        marks = dict(self._marks)
        for delivery in deliveries:
            if any(marks.get(place, mark) != mark for place, mark in delivery.judged.before.items()):
                return True
            marks |= delivery.judged.marks
        return False

    def _judge(self, records: Sequence[ConsumerRecord], marks: Mapping[int, int]) -> Judged:
        return judge(records, self.source, self.handler.types, marks)

    def _fold(self, judged: Judged) -> Any:
        if judged.parked:
            return None
        try:
            return self.handler.fold(judged.events)
        except Exception:  # noqa: BLE001 - the careful way finds out what it is, and whose
            return None

    async def process(self, records: Iterable[ConsumerRecord]) -> None:
        """Judge records and apply them."""
        await self.apply([self.judge(records)])

    async def apply(self, deliveries: Sequence[Delivery]) -> None:
        """Give deliveries their effect, in their order.

        When it returns, that is committed with the marks, and the offsets may be. A transient failure is raised
        with nothing done, or nothing of the last ones: the same deliveries are to be given again.
        """
        try:
            await self._apply(deliveries)
        except Exception as error:
            if is_transient(error):
                raise
            for delivery in deliveries:
                await self._apply_carefully(delivery)

    async def _apply(self, deliveries: Sequence[Delivery]) -> None:
        """Apply deliveries in one transaction, in as few statements as can be. Raises what it meets, done nothing."""
        if self._keys_blocked:
            raise _NeedsCareError
        partitions = {partition for delivery in deliveries for partition in delivery.judged.before}
        async with self._pool.acquire() as connection, connection.transaction():
            before = await self._claim(connection, list(partitions))
            after = dict(before)
            for delivery in deliveries:
                if any(after[place] != mark for place, mark in delivery.judged.before.items()):
                    delivery.judged = self._judge(delivery.records, after)
                    delivery.folded = self._fold(delivery.judged)
                if delivery.folded is None:
                    raise _NeedsCareError
                after |= delivery.judged.marks
            if folded := [delivery.folded for delivery in deliveries if delivery.judged.events]:
                await self.handler.write(connection, folded)
            if await self._move_marks(connection, before, after):
                raise _NeedsCareError
        for delivery in deliveries:
            self._committed(delivery.judged, len(delivery.judged.events))

    async def _apply_carefully(self, delivery: Delivery) -> None:
        """Do the same with one, but find poison and park it, and what is behind it, at the price of savepoints."""
        async with self._pool.acquire() as connection, connection.transaction():
            marks = await self._claim(connection, list(delivery.judged.before))
            judged = self._judge(delivery.records, marks)
            blocked = await parked_events.blocked_keys(connection, self.handler.name, self.source.topic)
            judged.park_behind(blocked)
            applied = await self._apply_or_park(connection, judged, judged.events, blocked)
            await parked_events.park(connection, self.handler.name, self.source.topic, judged.parked)
            keys_blocked = await self._move_marks(connection, judged.before, judged.marks)
        self._keys_blocked = keys_blocked
        delivery.judged = judged
        self._committed(judged, applied)
        if judged.parked:
            await self.count_parked()

    def _committed(self, judged: Judged, applied: int) -> None:
        """Judge by these marks from now on, and tell others: only of what is committed."""
        self._marks |= judged.marks
        self._report(judged, applied)

    async def _claim(self, connection: Connection, partitions: Sequence[int]) -> dict[int, int]:
        """Return the marks of these partitions, which nobody else moves until the transaction ends."""
        rows = await connection.fetch(_CLAIM, self.handler.name, self.source.topic, partitions)
        return dict.fromkeys(partitions, 0) | {
            row["partition"]: row["sequence"] for row in rows if row["partition"] is not None
        }

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
                event = received(parked_events.as_record(row))
                try:
                    async with connection.transaction():
                        await self._apply_again(connection, event)
                except Exception:
                    if applied:
                        break
                    raise
                await connection.execute("DELETE FROM parked_events WHERE id = $1", row["id"])
                applied += 1
        return applied

    async def _apply_again(self, connection: Connection, event: ReceivedEvent) -> None:
        if event.type not in self.source.known_types:
            raise UnreadableEventError(f"type {event.type!r} is still unknown")
        if event.type in self.handler.types:
            await self.handler.write(connection, [self.handler.fold([event])])

    def keep_gaps_of(self, partitions: set[int]) -> None:
        """Forget the gaps of partitions that another consumer of the group reads now."""
        for partition in self.gaps.keys() - partitions:
            self._forget_gap(partition)

    async def _apply_or_park(
        self, connection: Connection, judged: Judged, events: Sequence[ReceivedEvent], blocked: set[bytes]
    ) -> int:
        """Apply events all at once; where one is poison, halve until it is found, park it, go on with the rest."""
        if not events:
            return 0
        try:
            # A savepoint: what a failed half has written is taken back, the rest stays.
            async with connection.transaction():
                await self.handler.write(connection, [self.handler.fold(events)])
        except Exception as error:
            if is_transient(error):
                raise
            if len(events) == 1:
                logger().error("event-parked", consumer=self.handler.name, sequence=events[0].sequence,
                               type=events[0].type, error=type(error).__name__)  # fmt: skip
                judged.parked.append(
                    Parked(events[0].record, Reason.POISON, _without_data(error), sequence=events[0].sequence)
                )
                blocked.add(events[0].key)
                return 0
        else:
            return len(events)
        middle = len(events) // 2
        applied = await self._apply_or_park(connection, judged, events[:middle], blocked)
        going_on = []
        for event in events[middle:]:
            if event.key in blocked:
                judged.parked.append(behind(event))
            else:
                going_on.append(event)
        return applied + await self._apply_or_park(connection, judged, going_on, blocked)

    async def _move_marks(
        self, connection: Connection, before: Mapping[int, int], after: Mapping[int, int]
    ) -> bool:
        """Move the marks; return whether a parked event holds up its key. Raises StaleMarkError if one was moved."""
        moved = [partition for partition, mark in after.items() if mark != before[partition]]
        row = await connection.fetchrow(
            _MOVE_MARKS,
            self.handler.name,
            self.source.topic,
            moved,
            [before[partition] for partition in moved],
            [after[partition] for partition in moved],
        )
        if row is None or row["moved"] != len(moved):
            raise StaleMarkError(f"{self.handler.name} on {self.source.topic}, partitions {moved}")
        return bool(row["keys_blocked"])

    def _report(self, judged: Judged, applied: int) -> None:
        name, topic = self.handler.name, self.source.topic
        outcomes = {
            "applied": applied,
            "skipped": judged.skipped,
            "duplicate": judged.duplicates,
            "set_aside": judged.set_aside,
            "parked": len(judged.parked),
        }
        for outcome, count in outcomes.items():
            if count:
                CONSUMER_EVENTS.labels(name, topic, outcome).inc(count)
        for partition, mark in judged.marks.items():
            gap, known = judged.gaps.get(partition), self.gaps.get(partition)
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
