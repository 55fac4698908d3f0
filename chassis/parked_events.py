"""Parked events: what could not be applied waits here with all its bytes, counted, until somebody decides."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import asyncpg
from aiokafka import ConsumerRecord

from chassis.cloudevents import printable_headers
from chassis.database import Connection
from chassis.metrics import PARKED_EVENTS


class Reason(StrEnum):
    """Why an event waits. The first two are not of the topic's own service and hold up no key."""

    UNREADABLE = "unreadable"
    FOREIGN = "foreign"
    UNKNOWN_TYPE = "unknown-type"
    POISON = "poison"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Parked:
    """A record to park; `sequence` is None where it has no place in the stream."""

    record: ConsumerRecord
    reason: Reason
    error: str
    sequence: int | None = None

    @property
    def blocks_key(self) -> bool:
        """Whether later events of its key must wait behind it."""
        return self.reason not in {Reason.UNREADABLE, Reason.FOREIGN}


_PARK: Final = """
    INSERT INTO parked_events (consumer, topic, partition, kafka_offset, reason, error, blocks_key,
                               sequence, key, headers, value, digest)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT ON CONSTRAINT parked_events_once DO NOTHING
"""
_DISCARD: Final = """
    WITH gone AS (DELETE FROM parked_events WHERE id = $1 RETURNING consumer, topic, sequence),
    noted AS (
        INSERT INTO discarded_events (consumer, topic, sequence)
        SELECT * FROM gone WHERE sequence IS NOT NULL
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM gone
"""
_BLOCKED: Final = "SELECT DISTINCT key FROM parked_events WHERE consumer = $1 AND topic = $2 AND blocks_key"


async def blocked_keys(connection: Connection, consumer: str, topic: str) -> set[bytes]:
    """Return the keys whose events must wait behind a parked one."""
    return {row["key"] for row in await connection.fetch(_BLOCKED, consumer, topic)}


async def park(connection: Connection, consumer: str, topic: str, parked: Iterable[Parked]) -> None:
    """Write parked events, in the transaction of the batch that they came in; once, however often delivered."""
    rows = [_row(consumer, topic, event) for event in parked]
    if rows:
        await connection.executemany(_PARK, rows)


def _row(consumer: str, topic: str, event: Parked) -> Sequence[object]:
    record = event.record
    headers = json.dumps(printable_headers(record.headers), ensure_ascii=False)
    digest = hashlib.sha256(headers.encode() + b"\0" + (record.value or b"")).digest()
    error = event.error.replace("\0", "\\x00")
    return (
        consumer, topic, record.partition, record.offset, event.reason.value, error, event.blocks_key,
        event.sequence, record.key, headers, record.value, digest,
    )  # fmt: skip


async def discard(connection: Connection, parked_id: int) -> bool:
    """Give a parked event up for good, also in what is built anew later; return whether there was one."""
    return bool(await connection.fetchval(_DISCARD, parked_id))


def as_record(row: asyncpg.Record) -> ConsumerRecord:
    """Return the Kafka record of a parked event as it was read."""
    return ConsumerRecord(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["kafka_offset"],
        timestamp=0,
        timestamp_type=0,
        key=row["key"],
        value=row["value"],
        checksum=None,
        serialized_key_size=-1,
        serialized_value_size=-1,
        headers=[
            (name, None if value is None else value.encode()) for name, value in json.loads(row["headers"])
        ],
    )


async def count(connection: Connection) -> None:
    """Set the gauge of parked events from the table; a consumer that has none any more stays, with 0."""
    rows = await connection.fetch("SELECT consumer, topic, count(*) AS n FROM parked_events GROUP BY 1, 2")
    told = [sample.labels for metric in PARKED_EVENTS.collect() for sample in metric.samples]
    waiting = {(labels["consumer"], labels["topic"]): 0 for labels in told}
    waiting |= {(row["consumer"], row["topic"]): row["n"] for row in rows}
    for (consumer, topic), events in waiting.items():
        PARKED_EVENTS.labels(consumer, topic).set(events)
