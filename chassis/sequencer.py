"""The first half of the relay: gives queued events their place in the stream, chained by hash.

Runs only in the leader. Commits make positions visible out of order, so the stream's order is the order in
which the leader saw them; within an aggregate that is the order of versions, because writers lock the
aggregate before they draw positions.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from chassis import sequences
from chassis.cloudevents import instant
from chassis.database import Connection, add_rows

GENESIS: Final = bytes(32)

_TAKE: Final = """
    WITH taken AS (
        DELETE FROM event_queue
        WHERE position IN (SELECT position FROM event_queue ORDER BY position LIMIT $1)
        RETURNING position
    )
    SELECT position, aggregate_id, aggregate_version, type, payload, metadata, recorded_at
    FROM taken JOIN event_log USING (position)
    ORDER BY position
"""
_HEAD: Final = """
    SELECT epoch, coalesce(head.sequence, 0) AS sequence, coalesce(head.hash, $1) AS hash
    FROM (SELECT max(epoch) AS epoch FROM event_stream_epochs) AS epochs
    LEFT JOIN (SELECT sequence, hash FROM event_stream ORDER BY sequence DESC LIMIT 1) AS head ON true
"""
_READ: Final = """
    SELECT sequence, hash, position, aggregate_id, aggregate_version, type, payload, metadata, recorded_at
    FROM event_stream JOIN event_log USING (position)
    WHERE sequence > $1
    ORDER BY sequence
    LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class StreamedEvent:
    """A recorded event with its place in the stream."""

    sequence: int
    position: int
    aggregate_id: UUID
    aggregate_version: int
    type: str
    payload: str
    traceparent: str | None
    recorded_at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True)
class Tampered:
    """The first place where the stream no longer agrees with its hashes."""

    sequence: int


def _chained(previous: bytes, sequence: int, record: Sequence[object]) -> bytes:
    """Return the hash of an event and all before it. The lengths keep neighbouring fields apart."""
    digest = hashlib.sha256(previous)
    for part in (sequence, *record):
        data = (instant(part) if isinstance(part, datetime) else str(part)).encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


async def sequence_queued(connection: Connection, limit: int) -> list[StreamedEvent]:
    """Move at most `limit` events from the queue to the end of the stream, in one transaction.

    `connection` must hold the relay's lock: two sequencers at once would break on the stream's key.
    """
    async with connection.transaction():
        taken = await connection.fetch(_TAKE, limit)
        if not taken:
            return []
        head = await connection.fetchrow(_HEAD, GENESIS)
        if head is None or head["epoch"] is None:
            raise RuntimeError("event_stream_epochs is empty: was the event log's migration run?")
        sequence, previous = sequences.in_epoch(head["epoch"], head["sequence"]) - 1, head["hash"]
        events = []
        for record in taken:
            sequence += 1
            previous = _chained(previous, sequence, tuple(record))
            events.append(_streamed(sequence, previous, record))
        await add_rows(
            connection,
            "event_stream",
            ("sequence", "position", "hash"),
            [(event.sequence, event.position, event.hash) for event in events],
        )
    return events


def _streamed(sequence: int, hash_: bytes, record: asyncpg.Record) -> StreamedEvent:
    return StreamedEvent(
        sequence=sequence,
        position=record["position"],
        aggregate_id=record["aggregate_id"],
        aggregate_version=record["aggregate_version"],
        type=record["type"],
        payload=record["payload"],
        traceparent=json.loads(record["metadata"]).get("traceparent"),
        recorded_at=record["recorded_at"],
        hash=hash_,
    )


async def read_stream(connection: Connection, after: int, limit: int) -> list[StreamedEvent]:
    """Return at most `limit` events of the stream whose sequence is greater than `after`, in order."""
    return [
        _streamed(record["sequence"], record["hash"], record)
        for record in await connection.fetch(_READ, after, limit)
    ]


async def verify_stream(connection: Connection, page: int = 5000) -> int | Tampered:
    """Follow the hash chain from its beginning; return the number of events, or where it breaks.

    A chain cannot show that its own end was cut off; what the relay has published beyond it does.
    """
    previous, after, count = GENESIS, 0, 0
    # An event taken out of the log must show as well, so here its place in the stream is kept.
    read = _READ.replace("JOIN", "LEFT JOIN")
    while records := await connection.fetch(read, after, page):
        for record in records:
            previous = _chained(previous, record["sequence"], tuple(record)[2:])
            if previous != record["hash"]:
                return Tampered(record["sequence"])
        after = records[-1]["sequence"]
        count += len(records)
    # Read after the stream, which may grow meanwhile, but never lies behind what is published.
    published = await connection.fetchval("SELECT sequence FROM relay_cursor")
    if published > after and not await read_stream(connection, after, 1):
        return Tampered(published)
    return count
