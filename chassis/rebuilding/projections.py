"""Projections that can be built anew, and the consumer that feeds a generation no further than the live one is."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

from aiokafka import ConsumerRecord

from chassis.cloudevents import UnreadableEventError, decode_headers
from chassis.database import Connection, Pool
from chassis.judging import Judged, ReceivedEvent, Source
from chassis.stream_consumer import Delivery, Handler, StreamConsumer

_WAIT_SECONDS: Final = 0.02
MARKS: Final = "SELECT partition, sequence FROM stream_marks WHERE consumer = $1 AND topic = $2"
_DISCARDED: Final = "SELECT sequence FROM discarded_events WHERE consumer = $1 AND topic = $2"


@runtime_checkable
class Rebuildable(Protocol):
    """A handler whose effect is rows of these tables and nothing else; each has a primary key made by events."""

    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """A handler with its topic and the tables that are its alone."""

    source: Source
    handler: Handler
    tables: tuple[str, ...]

    @property
    def name(self) -> str:
        """The consumer's name."""
        return self.handler.name

    @property
    def building_name(self) -> str:
        """What its consumer is called in a generation: other metrics, another group."""
        return f"{self.name}.rebuild"

    async def marks(self, database: Pool | Connection, *, building: bool = False) -> dict[int, int]:
        """Return the marks by partition: of the live one, or of a generation in its own schema."""
        name = self.building_name if building else self.name
        return {row[0]: row[1] for row in await database.fetch(MARKS, name, self.source.topic)}


def rebuildable(subscriptions: Iterable[tuple[Source, Handler]]) -> dict[str, Projection]:
    """Return the projections among a service's subscriptions, by the names of their consumers."""
    return {
        handler.name: Projection(source, handler, handler.tables)
        for source, handler in subscriptions
        if isinstance(handler, Rebuildable)
    }


def _ends_within(delivery: Delivery, ceiling: Mapping[int, int]) -> bool:
    """Return whether no record of a delivery is beyond these marks, whatever it is judged by once it is applied.

    Where nothing is set aside each is at most the mark that it leaves. What is set aside says nothing of that: it may
    have been judged before what it follows was expected.
    """
    judged = delivery.judged
    return not judged.set_aside and all(mark <= ceiling.get(place, 0) for place, mark in judged.marks.items())


class _Renamed:
    """A handler under the name that it has in a generation."""

    def __init__(self, projection: Projection) -> None:
        self._handler = projection.handler
        self.name = projection.building_name
        self.types = projection.handler.types

    def fold(self, events: Sequence[ReceivedEvent]) -> Any:
        return self._handler.fold(events)

    async def write(self, connection: Connection, folded: Sequence[Any]) -> None:
        await self._handler.write(connection, folded)


class BuildingConsumer(StreamConsumer):
    """Applies in a generation what the live one has applied, waits for the rest, and passes over the discarded."""

    def __init__(self, pool: Pool, live: Pool, projection: Projection) -> None:
        super().__init__(pool, projection.source, _Renamed(projection))
        self._live = live
        self._projection = projection
        self._discarded: frozenset[int] = frozenset()

    async def apply(self, deliveries: Sequence[Delivery]) -> None:
        """Give deliveries their effect, those beyond the live marks as soon as these have moved."""
        discarded = self._discarded
        ceiling = await self._look_at_live()
        if all(_ends_within(delivery, ceiling) for delivery in deliveries):
            known = discarded == self._discarded
            await super().apply(deliveries if known else self.judge_anew(deliveries))
            return
        waiting = [record for delivery in deliveries for record in delivery.records]
        while waiting := await self.apply_within(waiting):  # noqa: ASYNC110 - another process moves them
            await asyncio.sleep(_WAIT_SECONDS)

    async def apply_within(self, records: Sequence[ConsumerRecord]) -> list[ConsumerRecord]:
        """Apply those of the records that the live consumer is done with; return the others."""
        within, beyond = self._split(records, await self._look_at_live())
        if within:
            # Judged by the marks that there are: what was expected of later ones does not hold here.
            self._expected = dict(self._marks)
            await super().apply([self.judge(within)])
        return beyond

    async def _look_at_live(self) -> dict[int, int]:
        """Return how far the live consumer is, and learn what was discarded there."""
        topic = self.source.topic
        found = await self._live.fetch(_DISCARDED, self._projection.name, topic)
        self._discarded = frozenset(row[0] for row in found)
        return await self._projection.marks(self._live)

    def _split(
        self, records: Sequence[ConsumerRecord], ceiling: Mapping[int, int]
    ) -> tuple[list[ConsumerRecord], list[ConsumerRecord]]:
        within: list[ConsumerRecord] = []
        beyond: list[ConsumerRecord] = []
        held: set[int] = set()
        for record in records:
            if record.partition in held or self._sequence(record) > ceiling.get(record.partition, 0):
                held.add(record.partition)
                beyond.append(record)
            else:
                within.append(record)
        return within, beyond

    def _sequence(self, record: ConsumerRecord) -> int:
        """Return a record's place in the stream; 0 for one that has none, which waits for nothing."""
        try:
            attributes = decode_headers(record.headers)
        except UnreadableEventError:
            return 0
        return 0 if attributes.source != self.source.source or record.key is None else attributes.sequence

    def _judge(self, records: Sequence[ConsumerRecord], marks: Mapping[int, int]) -> Judged:
        judged = super()._judge(records, marks)
        if self._discarded:
            judged.events = [event for event in judged.events if event.sequence not in self._discarded]
            judged.parked = [event for event in judged.parked if event.sequence not in self._discarded]
        return judged

    async def count_parked(self) -> None:
        """Leave the gauge alone: it tells of the live tables."""
