"""The HTTP side of reporting: figures of a unit on a day or over a period, and the tree to look through.

Reads only; every answer says up to which event and at which instant it is true (`up_to`, `true_at`), and has an
entity tag that changes with these events.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from chassis.database import Connection, Pool
from chassis.openapi import problem_answers
from chassis.preconditions import documented_if_none_match, not_modified, tagged
from chassis.problems import unavailable
from chassis.rebuilding import reading
from chassis.resources import Resources
from services.reporting import domain, movement, movement_query, parameters, statistics
from services.reporting.answers import Age, MovementAnswer, Statistics, UnitMovement, Units
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.dated_tree import Trees
from services.reporting.figures import api as figures_api
from services.reporting.figures.query import Mark, mark
from services.reporting.parameters import AsOf, By, ByUnit, Code, From, KnownAt, Parent, To
from services.reporting.reports import api as reports_api
from services.reporting.snapshots import api as snapshots_api
from services.reporting.tags import HEADERS, NOT_MODIFIED, tag


def router(resources: Resources, trees: Trees) -> APIRouter:
    """Return the routes of the reporting service."""
    routes = APIRouter(prefix="/v1", tags=["statistics"], responses=_REFUSALS)

    _add_statistics(routes, resources.pool, trees)
    _add_movement(routes, resources.pool)
    _add_units(routes, resources.pool, trees)
    routes.include_router(figures_api.router(resources, trees))
    routes.include_router(snapshots_api.router(resources, trees))
    routes.include_router(reports_api.router(resources, trees))
    return routes


def _add_statistics(routes: APIRouter, pool: Pool, trees: Trees) -> None:
    @routes.get("/statistics", **_answers(Statistics))
    async def figures(
        request: Request, unit: Code = None, as_of: AsOf = None, by: By = None, known_at: KnownAt = None
    ) -> Response:
        """Count units and members of a unit and all below it on a day, with a cross-table if asked for."""
        parameters.only(request, "unit", "as_of", "by", "known_at")
        day, dimensions = parameters.day(as_of), parameters.dimensions(by)
        instant, code = parameters.instant(known_at), parameters.code(unit)

        async def told(connection: Connection, marked: Mark) -> Statistics:
            answer = await statistics.statistics(connection, trees, unit=code, as_of=day, known_at=instant)
            if answer is None:
                raise parameters.unknown_unit(unit or "")
            return Statistics(
                unit=answer.unit,
                as_of=day,
                known_at=instant,
                organisations=domain.count_organisations(answer.units_by_type),
                members=domain.count_members(answer.groups),
                by=list(dimensions),
                groups=domain.tabulate(answer.groups, dimensions),
                age=Age(mean=domain.mean_age(answer.groups)),
                up_to=marked.up_to,
                true_at=marked.at,
            )

        return await _answered(request, pool, (code, day, dimensions, instant), told)


def _add_movement(routes: APIRouter, pool: Pool) -> None:
    @routes.get("/movement", **_answers(MovementAnswer))
    async def movement_of_period(
        request: Request,
        *,
        unit: Code = None,
        from_: From = None,
        to: To = None,
        by: ByUnit = None,
        known_at: KnownAt = None,
    ) -> Response:
        """Tell how the number of members of a unit and all below it became another, by reason.

        `opening` counts the day before the first, `closing` the last day, and opening + in - out = closing. What
        hangs below the unit is looked at from day to day: a cell that comes or goes takes its members with it, by the
        reasons `unit_moved_in` and `unit_moved_out`.
        """
        parameters.only(request, "unit", "from", "to", "by", "known_at")
        (first, last), by_unit = parameters.period(from_, to), parameters.by_unit(by)
        instant, code = parameters.instant(known_at), parameters.code(unit)

        async def told(connection: Connection, marked: Mark) -> MovementAnswer:
            answer = await movement_query.movement(
                connection,
                unit=code,
                first=first,
                last=last,
                known_at=instant,
                by_unit=by_unit,
            )
            if answer is None:
                raise parameters.unknown_unit(unit or "")
            return MovementAnswer(
                unit=answer.unit,
                from_=first,
                to=last,
                known_at=instant,
                by="unit" if by_unit else None,
                units=[UnitMovement(unit=row.unit, **_figures(row.movement)) for row in answer.rows],
                up_to=marked.up_to,
                true_at=marked.at,
                **_figures(answer.movement),
            )

        return await _answered(request, pool, (code, first, last, by_unit, instant), told)


def _add_units(routes: APIRouter, pool: Pool, trees: Trees) -> None:
    @routes.get("/units", **_answers(Units))
    async def units(request: Request, parent: Parent = None, as_of: AsOf = None) -> Response:
        """List the units directly under one, that exist on the day, by code."""
        parameters.only(request, "parent", "as_of")
        day, code = parameters.day(as_of), parameters.code(parent)

        async def told(connection: Connection, marked: Mark) -> Units:
            found = statistics.units_below(await trees.read(connection, None), parent=code, as_of=day)
            if found is None:
                raise parameters.unknown_unit(parent or "")
            return Units(as_of=day, units=found, up_to=marked.up_to, true_at=marked.at)

        return await _answered(request, pool, (code, day), told)


async def _answered(
    request: Request,
    pool: Pool,
    said: tuple[object, ...],
    told: Callable[[Connection, Mark], Awaitable[BaseModel]],
) -> Response:
    """Return what is told in one snapshot with its entity tag; 304 to a caller who has it already."""
    async with reading(pool) as connection:  # planned for these very days
        marked = await mark(connection, [MEMBERSHIP_FACTS.name])
        tag_ = tag((request.url.path, *said), marked)
        if known := not_modified(request, tag_):
            return known
        found = await told(connection, marked)
    return Response(found.model_dump_json(), media_type="application/json", headers=tagged(tag_))


def _answers(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "response_model": model,
        "dependencies": [Depends(documented_if_none_match)],
        "responses": {200: {"headers": HEADERS}, **NOT_MODIFIED},
    }


def _figures(moved: movement.Movement) -> dict[str, Any]:
    return {name: getattr(moved, name) for name in ("opening", "came", "went", "within", "closing")}


_REFUSALS: Final = problem_answers(
    parameters.not_a_day("as_of"), parameters.unknown_unit("K.99"), unavailable()
)
