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
from chassis.database import Connection

GENESIS: Final = bytes(32)

# An array, not a join: a planner without statistics, as on a new database, would read the whole log for it.
_WAITING: Final = """
    WITH head AS (SELECT sequence, hash FROM event_stream ORDER BY sequence DESC LIMIT 1)
    SELECT position, aggregate_id, aggregate_version, type, payload, metadata, recorded_at,
           (SELECT max(epoch) FROM event_stream_epochs) AS epoch,
           coalesce((SELECT sequence FROM head), 0) AS last_sequence,
           coalesce((SELECT hash FROM head), $2) AS last_hash
    FROM event_log
    WHERE position = ANY (ARRAY(SELECT position FROM event_queue ORDER BY position LIMIT $1))
    ORDER BY position
"""
_RECORDED: Final = 7
"""So many of its columns are the event, in the order of its hash."""
# One statement is a transaction of its own, in half the round trips. Where not all of them were still in the
# queue, somebody else takes from it: positions become NULL, the table refuses them, and nothing is moved.
_MOVE: Final = """
    WITH taken AS (DELETE FROM event_queue WHERE position = ANY ($2::bigint[]) RETURNING position)
    INSERT INTO event_stream (sequence, position, hash)
    SELECT sequence, CASE WHEN (SELECT count(*) FROM taken) = cardinality($2) THEN position END, hash
    FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS place (sequence, position, hash)
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
    """Move at most `limit` events from the queue to the end of the stream, all or none of them.

    `connection` must hold the relay's lock: of two sequencers at once, one would break on the stream's key or on
    what the other took from the queue.
    """
    waiting = await connection.fetch(_WAITING, limit, GENESIS)
    if not waiting:
        return []
    head = waiting[0]
    if head["epoch"] is None:
        raise RuntimeError("event_stream_epochs is empty: was the event log's migration run?")
    sequence, previous = sequences.in_epoch(head["epoch"], head["last_sequence"]) - 1, head["last_hash"]
    events = []
    for record in waiting:
        sequence += 1
        previous = _chained(previous, sequence, record[:_RECORDED])
        events.append(_streamed(sequence, previous, record))
    await connection.execute(
        _MOVE,
        [event.sequence for event in events],
        [event.position for event in events],
        [event.hash for event in events],
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
