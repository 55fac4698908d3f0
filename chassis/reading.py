"""Reading records through aiokafka, also past those that it cannot decode.

Kafka takes any bytes for the name of a header and aiokafka decodes them as UTF-8, so one record of a foreign
producer would otherwise stop whoever reads its partition, and lose what was read beside it.
"""

from itertools import chain
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from chassis.logs import logger

_WAIT_MILLISECONDS: Final = 1000


class Reader:
    """Reads with a consumer that is started; without a group, its partitions are to be sought first."""

    def __init__(self, kafka: AIOKafkaConsumer) -> None:
        self._kafka = kafka
        self._next: dict[TopicPartition, int] = {}

    def seek(self, place: TopicPartition, offset: int) -> None:
        """Go on from `offset`. Raises IllegalStateError where the partition is not assigned."""
        self._kafka.seek(place, offset)
        self._next[place] = offset

    async def read(self, *, timeout_ms: int, max_records: int) -> list[ConsumerRecord]:
        """Return the next records, in order within each partition; none after `timeout_ms` without any.

        A record that cannot be decoded stands there without key, value and headers, as an unreadable one.
        """
        try:
            delivered = await self._kafka.getmany(timeout_ms=timeout_ms, max_records=max_records)
        except ValueError as error:
            logger().warning("read-one-by-one", error=type(error).__name__)
            return await self._read_one_by_one(max_records)
        return self._noted(delivered)

    def _noted(self, delivered: dict[TopicPartition, list[ConsumerRecord]]) -> list[ConsumerRecord]:
        for place, records in delivered.items():
            self._next[place] = records[-1].offset + 1
        return list(chain.from_iterable(delivered.values()))

    async def _read_one_by_one(self, max_records: int) -> list[ConsumerRecord]:
        places = self._kafka.assignment()
        ends = await self._kafka.end_offsets(list(places))
        read: list[ConsumerRecord] = []
        for place in places:
            # From where this reader was: what lay beside the undecodable record is lost to aiokafka.
            if place not in self._next:
                self._next[place] = await self._kafka.committed(place) or 0
            self._kafka.seek(place, self._next[place])
        for place in places:
            while self._next[place] < ends[place] and len(read) < max_records:
                try:
                    delivered: dict[Any, Any] = await self._kafka.getmany(
                        place, timeout_ms=_WAIT_MILLISECONDS, max_records=1
                    )
                except ValueError:
                    read.append(_undecodable(place, self._next[place]))
                    # Inside the same batch of records it is met again, and passed one by one.
                    self.seek(place, self._next[place] + 1)
                    continue
                if not delivered:
                    break
                read += self._noted(delivered)
        return read


def _undecodable(place: TopicPartition, offset: int) -> ConsumerRecord:
    return ConsumerRecord(place.topic, place.partition, offset, 0, 0, None, None, None, -1, -1, ())
