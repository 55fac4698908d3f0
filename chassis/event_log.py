"""The event log: the only way in which a service says that something happened.

`append` runs in the caller's transaction beside the change of state. The relay takes it from there: see
`sequencer.py`, then `publisher.py`. Nothing is ever sent to Kafka from here.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from chassis import tracing
from chassis.database import Connection
from chassis.metrics import EVENTS_APPENDED
from chassis.problems import Problem

CHANNEL: Final = "event_queue"
HEADERS_ALLOWANCE: Final = 1024
"""Bytes kept free below Kafka's limit for the record's key and headers, without the event's type."""

# A transaction's events are known from one instant on: that of its first append, when its locks are held. now() is
# when it began, before what it may have waited for; and what it waits for later is recorded before it as well.
_APPEND: Final = """
    WITH this AS MATERIALIZED (
        SELECT coalesce(
            nullif(current_setting('chibo.recorded_at', true), ''),
            set_config('chibo.recorded_at', clock_timestamp()::text, true)
        )::timestamptz AS instant
    ), appended AS (
        INSERT INTO event_log (aggregate_id, aggregate_version, type, payload, metadata, recorded_at)
        SELECT aggregate_id, aggregate_version, type, payload, $5::json,
            CASE WHEN aggregate_version = 1 THEN instant ELSE greatest(instant, (
                SELECT former.recorded_at FROM event_log AS former
                WHERE former.aggregate_id = event.aggregate_id
                  AND former.aggregate_version = event.aggregate_version - 1
            )) END
        FROM this, unnest($1::uuid[], $2::int[], $3::text[], $4::json[])
            WITH ORDINALITY AS event (aggregate_id, aggregate_version, type, payload, ordinal)
        ORDER BY ordinal
        RETURNING position
    ), queued AS (
        INSERT INTO event_queue (position) SELECT position FROM appended RETURNING position
    )
    SELECT pg_notify($6, '') FROM (SELECT count(*) FROM queued) AS done
"""


_OF_AGGREGATE: Final = """
    SELECT aggregate_version, type, payload, recorded_at FROM event_log
    WHERE aggregate_id = $1 ORDER BY aggregate_version
"""
_OF_AGGREGATES: Final = """
    SELECT aggregate_id, aggregate_version, type, payload, recorded_at FROM event_log
    WHERE aggregate_id = ANY($1::uuid[]) ORDER BY aggregate_id, aggregate_version
"""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be recorded; `payload` is its JSON, and the version counts from 1 in its aggregate."""

    aggregate_id: UUID
    aggregate_version: int
    type: str
    payload: str


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event of the log, and the instant at which it was recorded, in UTC."""

    aggregate_version: int
    type: str
    payload: str
    recorded_at: datetime


async def events_of(connection: Connection, aggregate_id: UUID) -> list[RecordedEvent]:
    """Return what was recorded of an aggregate, from its first version on; nothing where it is unknown."""
    return [RecordedEvent(*row) for row in await connection.fetch(_OF_AGGREGATE, aggregate_id)]


async def events_of_each(
    connection: Connection, aggregate_ids: Collection[UUID]
) -> dict[UUID, list[RecordedEvent]]:
    """Return the same for many aggregates at once, by their ids; those of which nothing is recorded are left out."""
    found: dict[UUID, list[RecordedEvent]] = {}
    for row in await connection.fetch(_OF_AGGREGATES, list(aggregate_ids)):
        found.setdefault(row["aggregate_id"], []).append(RecordedEvent(*tuple(row)[1:]))
    return found


class EventTooLarge(Problem):
    """The event would not fit into one Kafka record: the command is refused before anything is written."""

    def __init__(self, type_: str, size: int, limit: int) -> None:
        super().__init__(
            "event-too-large", 422, title="Nội dung quá lớn", title_en="Event too large",
            detail=f"Sự kiện {type_} dài {size} byte, giới hạn là {limit}; hãy rút gọn nội dung.",
            size=size, limit=limit,
        )  # fmt: skip


class ConcurrentChange(Problem):
    """Somebody else changed the same aggregate at the same time (optimistic lock)."""

    def __init__(self) -> None:
        super().__init__(
            "concurrent-change", 409, title="Có người vừa thay đổi cùng hồ sơ này",
            title_en="Concurrent change", detail="Hãy đọc lại hồ sơ rồi thực hiện lại.",
        )  # fmt: skip


class EventLog:
    """Appends to the log of one service; `max_event_bytes` is the largest record that Kafka takes."""

    def __init__(self, max_event_bytes: int) -> None:
        self._limit = max_event_bytes - HEADERS_ALLOWANCE

    async def append(
        self, connection: Connection, events: Sequence[NewEvent], *, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Record `events` in their order, in the transaction that `connection` is in, and wake the relay.

        The aggregate's row must be locked already, so that its versions are drawn in order. `metadata` says
        who and what caused them (never a person's data). Raises EventTooLarge before anything is written,
        ConcurrentChange where a version is taken.
        """
        if not connection.is_in_transaction():
            raise RuntimeError("events are appended in the transaction of the change they state")
        if not events:
            return
        for event in events:
            size = len(event.payload.encode()) + len(event.type.encode())
            if size > self._limit:
                raise EventTooLarge(event.type, size, self._limit)
        try:
            await connection.execute(
                _APPEND,
                [event.aggregate_id for event in events],
                [event.aggregate_version for event in events],
                [event.type for event in events],
                [event.payload for event in events],
                json.dumps({"traceparent": tracing.current()} | dict(metadata or {}), ensure_ascii=False),
                CHANNEL,
            )
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "event_log_aggregate_version":
                raise ConcurrentChange from error
            raise
        EVENTS_APPENDED.inc(len(events))
