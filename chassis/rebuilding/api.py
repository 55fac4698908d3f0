"""Routes for those who run the system: projections built anew, compared, or held against a service's own log."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Query

from chassis.openapi import Answers, invalid_at, problem_answers, unreadable_body
from chassis.problems import unavailable
from chassis.rebuilding import refusals, store
from chassis.rebuilding.answers import (
    ProjectionAnswer,
    Projections,
    RebuildAnswer,
    RebuildAsked,
    Rebuilds,
)
from chassis.rebuilding.feeding import add_feeding
from chassis.rebuilding.one import SAMPLE, RebuildId, answer, found
from chassis.rebuilding.projections import Projection
from chassis.resources import Resources


def rebuilds_router(
    resources: Resources, projections: Mapping[str, Projection], migrations: Sequence[Path]
) -> APIRouter:
    """Return the routes of a service that has projections."""
    routes = APIRouter(prefix="/v1", tags=["operations"], responses=problem_answers(unavailable()))
    pool = resources.pool

    @routes.get("/projections")
    async def rebuildable() -> Projections:
        """What can be built anew."""
        return Projections(
            projections=[
                ProjectionAnswer(name=each.name, topic=each.source.topic, tables=list(each.tables))
                for each in projections.values()
            ]
        )

    @routes.post("/rebuilds", status_code=201, responses=_BEGUN)
    async def begin(asked: RebuildAsked) -> RebuildAnswer:
        """Build projections anew beside the live ones; swap them in once they have caught up, or only compare."""
        names = list(dict.fromkeys(asked.projections or projections))
        if unknown := next((name for name in names if name not in projections), None):
            raise refusals.unknown_projection(unknown, list(projections))
        if asked.source == "feed" and not asked.verify:
            raise refusals.feed_only_compares()
        async with pool.acquire() as connection:
            begun = await store.begin(
                connection, names, verify=asked.verify, source=asked.source, by=asked.started_by
            )
            if begun is None:
                raise refusals.under_way(await store.running(connection))
        return answer(begun)

    @routes.get("/rebuilds", responses=problem_answers(invalid_at("query.limit")))
    async def last(
        limit: Annotated[int, Query(ge=1, le=1000, description="The most rebuilds listed")] = 20,
    ) -> Rebuilds:
        """The last rebuilds, newest first."""
        return Rebuilds(rebuilds=[answer(each) for each in await store.last(pool, limit)])

    @routes.get("/rebuilds/{rebuild_id}", responses=_OF_ONE)
    async def one(rebuild_id: RebuildId) -> RebuildAnswer:
        """How far a rebuild is, and what it came to."""
        return answer(await found(resources, rebuild_id))

    @routes.delete("/rebuilds/{rebuild_id}", responses=_RUNNING)
    async def cancel(rebuild_id: RebuildId) -> RebuildAnswer:
        """End a rebuild that is under way; the live tables stay as they are."""
        if not await store.finish(pool, rebuild_id, "cancelled"):
            raise refusals.ended(await found(resources, rebuild_id))
        return answer(await found(resources, rebuild_id))

    add_feeding(routes, resources, projections, migrations)
    return routes


_BEGUN: Final[Answers] = problem_answers(
    refusals.under_way(SAMPLE), refusals.unknown_projection("x", ["reporting.meeting-facts"]),
    refusals.feed_only_compares(),
    invalid_at("body.verify"), unreadable_body(),
)  # fmt: skip
_OF_ONE: Final[Answers] = problem_answers(refusals.unknown(7), invalid_at("path.rebuild_id"))
_RUNNING: Final[Answers] = problem_answers(
    refusals.unknown(7), refusals.ended(SAMPLE), invalid_at("path.rebuild_id")
)
