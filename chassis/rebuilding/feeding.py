"""A rebuild that is fed from outside with what a service's own log holds, to find what never arrived."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
from aiokafka import ConsumerRecord
from fastapi import APIRouter

from chassis import sequences
from chassis.cloudevents import encode_headers
from chassis.openapi import Answers, invalid_at, problem_answers, unreadable_body
from chassis.publications import partition_of
from chassis.rebuilding import refusals, store
from chassis.rebuilding.answers import (
    Fed,
    FedEvent,
    FedPage,
    RebuildAnswer,
)
from chassis.rebuilding.comparison import compare
from chassis.rebuilding.generation import Generation, live_held, open_generation
from chassis.rebuilding.one import SAMPLE, RebuildId, answer, found
from chassis.rebuilding.projections import Projection
from chassis.rebuilding.store import Rebuild
from chassis.resources import Resources


def add_feeding(
    routes: APIRouter, resources: Resources, projections: Mapping[str, Projection], migrations: Sequence[Path]
) -> None:
    """Add the routes that feed a rebuild and compare what was fed."""
    pool = resources.pool

    @routes.post("/rebuilds/{rebuild_id}/events", responses=_FED)
    async def feed(rebuild_id: RebuildId, page: FedPage) -> Fed:
        """Take the next events of a service's feed into a rebuild that is fed.

        Only what the live projection has applied is taken in; `after` tells where to read on.
        """
        rebuild, built = await _feeding(resources, projections, rebuild_id)
        sources = {projection.source.topic: projection.source.source for projection in built}
        if page.topic not in sources:
            raise refusals.unknown_topic(page.topic, list(sources))
        records = [_record(page.topic, sources[page.topic], event) for event in page.events]
        waiting: set[int] = set()
        async with _generation(resources, rebuild, built, migrations) as generation:
            for projection in built:
                if projection.source.topic == page.topic:
                    beyond = await generation.consumers[projection.name].apply_within(records)
                    waiting |= {record.offset for record in beyond}
        after = min(waiting) - 1 if waiting else max((record.offset for record in records), default=0)
        return Fed(after=after, waiting=len(waiting))

    @routes.post("/rebuilds/{rebuild_id}/comparison", responses=_COMPARED)
    async def comparison(rebuild_id: RebuildId) -> RebuildAnswer:
        """Compare a rebuild that was fed with the live tables, once it has all that they have."""
        rebuild, built = await _feeding(resources, projections, rebuild_id)
        async with (
            _generation(resources, rebuild, built, migrations) as generation,
            AsyncExitStack() as both,
        ):
            try:
                async with live_held(pool, built) as connection:
                    if not await generation.is_caught_up(connection):
                        raise refusals.not_caught_up()
                    await generation.settle(connection)
                    snapshot = await both.enter_async_context(generation.snapshot())
            except asyncpg.LockNotAvailableError:
                raise refusals.not_caught_up() from None
            tables = [await compare(snapshot, generation.schema, table) for table in generation.tables]
        await store.finish_compared(pool, rebuild_id, tables)
        return answer(await found(resources, rebuild_id))


async def _feeding(
    resources: Resources, projections: Mapping[str, Projection], rebuild_id: int
) -> tuple[Rebuild, list[Projection]]:
    """Return a rebuild that may be fed, and what it builds; note that somebody is at it. Raises Problem."""
    rebuild = await found(resources, rebuild_id)
    if rebuild.state != "running":
        raise refusals.ended(rebuild)
    if rebuild.source != "feed" or not projections.keys() >= set(rebuild.projections):
        raise refusals.not_fed()
    await store.fed(resources.pool, rebuild_id)
    return rebuild, [projections[name] for name in rebuild.projections]


@asynccontextmanager
async def _generation(
    resources: Resources, rebuild: Rebuild, projections: Sequence[Projection], migrations: Sequence[Path]
) -> AsyncIterator[Generation]:
    async with open_generation(
        resources.settings.database_url, resources.pool, rebuild.id, projections, migrations
    ) as generation:
        yield generation


def _record(topic: str, source: str, event: FedEvent) -> ConsumerRecord:
    """Return an event of a feed as the record that it is on its topic; in order, so with no gap before it."""
    key, sequence = str(event.subject).encode(), min(int(event.sequence), sequences.LAST)
    headers = encode_headers(
        source=source, type_=event.type, subject=event.subject, recorded_at=event.time, sequence=sequence,
        previous=0, traceparent=None,
    )  # fmt: skip
    value = json.dumps(event.data, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return ConsumerRecord(
        topic, partition_of(key), sequence, 0, 0, key, value, None, len(key), len(value), tuple(headers)
    )


_FED: Final[Answers] = problem_answers(
    refusals.unknown(7), refusals.ended(SAMPLE), refusals.not_fed(),
    refusals.unknown_topic("x", ["chibo.membership.internal.v1"]),
    invalid_at("body.topic"), unreadable_body(),
)  # fmt: skip
_COMPARED: Final[Answers] = problem_answers(
    refusals.unknown(7),
    refusals.ended(SAMPLE),
    refusals.not_fed(),
    refusals.not_caught_up(),
    invalid_at("path.rebuild_id"),
)
