"""Routes for those who run the system: how far streams are, the feed of the log, parked events."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response

from chassis import parked_events, relay, sequences
from chassis.cloudevents import SEQUENCE_DIGITS, instant
from chassis.database import Pool
from chassis.failures import is_transient
from chassis.openapi import Answers, invalid_at, problem_answers
from chassis.operation_answers import (
    ConsumerProgress,
    Feed,
    Gap,
    Parked,
    ParkedEvent,
    Position,
    Progress,
    Retried,
    Verification,
)
from chassis.problems import Problem, unavailable
from chassis.publications import Publication
from chassis.sequencer import Tampered, read_stream, verify_stream
from chassis.stream_consumer import StreamConsumer

ParkedId = Annotated[int, Path(ge=1, lt=2**63, description="`id` in the list of parked events", examples=[7])]

_UNAVAILABLE: Final = problem_answers(unavailable())
_INVALID_LIMIT: Final = problem_answers(invalid_at("query.limit"))


def stream_router(pool: Pool, publications: Sequence[Publication]) -> APIRouter:
    """Return the routes of a service that publishes: its position, its feed, its hash chain."""
    routes = APIRouter(prefix="/v1/stream", tags=["operations"], responses=_UNAVAILABLE)

    @routes.get("")
    async def position() -> Position:
        """How far the log is published."""
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            waiting, oldest = await relay.backlog(connection)
            rows = await connection.fetch("SELECT topic, partition, sequence FROM relay_partitions")
            cursor = await connection.fetchval("SELECT sequence FROM relay_cursor")
        partitions: dict[str, dict[str, int]] = {publication.topic: {} for publication in publications}
        for row in rows:
            partitions.setdefault(row["topic"], {})[str(row["partition"])] = row["sequence"]
        return Position(published=cursor, waiting=waiting, oldest_seconds=oldest, partitions=partitions)

    @routes.get("/events", responses={200: {"model": Feed}, **_INVALID_LIMIT})
    async def feed(
        after: Annotated[
            int,
            Query(
                ge=0,
                le=sequences.LAST,
                description="Sequence of the last event already read",
                examples=[4294967296],
            ),
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=5000, description="The most events of one page")] = 1000,
    ) -> Response:
        """The log in its order, as CloudEvents in JSON: for building a consumer anew without Kafka."""
        async with pool.acquire() as connection:
            events = await read_stream(connection, after, limit)
        page = {
            "events": [
                {
                    "specversion": "1.0",
                    "id": f"{event.sequence:0{SEQUENCE_DIGITS}d}",
                    "source": publications[0].source,
                    "type": event.type,
                    "subject": str(event.aggregate_id),
                    "time": instant(event.recorded_at),
                    "datacontenttype": "application/json",
                    "sequence": f"{event.sequence:0{SEQUENCE_DIGITS}d}",
                    "data": json.loads(event.payload),
                }
                for event in events
            ],
            "next": events[-1].sequence if len(events) == limit else None,
        }
        return JSONResponse(page)

    @routes.get("/verification", response_model_exclude_none=True)
    async def verification() -> Verification:
        """Follow the hash chain from its beginning: the first event that was altered, if any."""
        async with pool.acquire() as connection:
            found = await verify_stream(connection)
        if isinstance(found, Tampered):
            return Verification(intact=False, first_altered=found.sequence)
        return Verification(intact=True, events=found)

    return routes


def consumers_router(pool: Pool, consumers: Mapping[str, StreamConsumer]) -> APIRouter:
    """Return the routes of a service that consumes: progress, and parked events."""
    routes = APIRouter(prefix="/v1", tags=["operations"], responses=_UNAVAILABLE)

    @routes.get("/progress")
    async def progress() -> Progress:
        """How far each consumer is, and what is missing or waits for a decision."""
        async with pool.acquire() as connection:
            marks = await connection.fetch("SELECT consumer, topic, partition, sequence FROM stream_marks")
            parked = await connection.fetch(
                "SELECT consumer, count(*) AS n FROM parked_events GROUP BY consumer"
            )
        waiting = {row["consumer"]: row["n"] for row in parked}
        return Progress(
            consumers={
                name: ConsumerProgress(
                    topic=consumer.source.topic,
                    marks={
                        str(row["partition"]): row["sequence"] for row in marks if row["consumer"] == name
                    },
                    gaps={
                        str(partition): Gap(mark=gap.mark, expected=gap.expected)
                        for partition, gap in consumer.gaps.items()
                    },
                    parked=waiting.get(name, 0),
                )
                for name, consumer in consumers.items()
            }
        )

    @routes.get("/parked", responses=_INVALID_LIMIT)
    async def parked(
        limit: Annotated[int, Query(ge=1, le=1000, description="The most events listed")] = 100,
    ) -> Parked:
        """The parked events, oldest first, without their contents."""
        async with pool.acquire() as connection:
            rows = await connection.fetch(
                "SELECT id, consumer, topic, partition, kafka_offset, reason, error, sequence, parked_at,"
                " count(*) OVER () AS total FROM parked_events ORDER BY id LIMIT $1",
                limit,
            )
        return Parked(
            total=rows[0]["total"] if rows else 0,
            parked=[ParkedEvent.model_validate(dict(row)) for row in rows],
        )

    @routes.post("/parked/{parked_id}/retry", responses={**_OF_ONE, **_NOT_APPLIED})
    async def retry(parked_id: ParkedId) -> Retried:
        """Apply a parked event again, and those that wait behind it."""
        async with pool.acquire() as connection:
            row = await connection.fetchrow(
                "SELECT consumer, key, blocks_key FROM parked_events WHERE id = $1", parked_id
            )
        if row is None or row["consumer"] not in consumers:
            raise _unknown(parked_id)
        if not row["blocks_key"]:
            raise _not_ours()
        try:
            return Retried(applied=await consumers[row["consumer"]].retry_parked(row["key"]))
        except Exception as error:
            if is_transient(error):
                raise
            raise _still_fails(error) from error

    @routes.delete("/parked/{parked_id}", status_code=204, responses=_OF_ONE)
    async def discard(parked_id: ParkedId) -> None:
        """Give a parked event up for good. Those behind it wait until they are retried."""
        async with pool.acquire() as connection:
            if not await parked_events.discard(connection, parked_id):
                raise _unknown(parked_id)

    return routes


def _unknown(parked_id: int) -> Problem:
    return Problem(
        "parked-event-unknown", 404, title="Không có sự kiện này trong danh sách chờ",
        title_en="Parked event unknown", detail=f"id {parked_id}",
    )  # fmt: skip


def _not_ours() -> Problem:
    return Problem(
        "parked-event-not-ours", 409, title="Sự kiện này không do dịch vụ nguồn gửi",
        title_en="Not an event of the topic's service", detail="Không áp dụng lại được; chỉ có thể bỏ.",
    )  # fmt: skip


def _still_fails(error: Exception) -> Problem:
    return Problem(
        "parked-event-still-fails", 409, title="Sự kiện vẫn chưa áp dụng được",
        title_en="Parked event still fails", detail=type(error).__name__,
    )  # fmt: skip


_OF_ONE: Final[Answers] = problem_answers(_unknown(7), invalid_at("path.parked_id"))
_NOT_APPLIED: Final[Answers] = problem_answers(_not_ours(), _still_fails(ValueError()))
