"""The HTTP side of reporting: figures of a unit on a day or over a period, and the tree to look through.

Reads only; every answer says up to which event it is true (`up_to`).
"""

from typing import Any, Final

from fastapi import APIRouter, Request

from chassis.openapi import problem_answers
from chassis.problems import unavailable
from chassis.rebuilding import reading
from chassis.resources import Resources
from services.reporting import domain, movement, movement_query, parameters, statistics
from services.reporting.answers import Age, MovementAnswer, Statistics, UnitMovement, Units
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.figures import api as figures_api
from services.reporting.parameters import AsOf, By, ByUnit, Code, From, KnownAt, Parent, To
from services.reporting.reports import api as reports_api
from services.reporting.snapshots import api as snapshots_api


def router(resources: Resources) -> APIRouter:
    """Return the routes of the reporting service."""
    routes = APIRouter(prefix="/v1", tags=["statistics"], responses=_REFUSALS)

    @routes.get("/statistics")
    async def figures(
        request: Request, unit: Code = None, as_of: AsOf = None, by: By = None, known_at: KnownAt = None
    ) -> Statistics:
        """Count units and members of a unit and all below it on a day, with a cross-table if asked for."""
        parameters.only(request, "unit", "as_of", "by", "known_at")
        day, dimensions = parameters.day(as_of), parameters.dimensions(by)
        instant = parameters.instant(known_at)
        answer = await statistics.statistics(
            resources.pool,
            consumer=MEMBERSHIP_FACTS.name,
            unit=parameters.code(unit),
            as_of=day,
            known_at=instant,
        )
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
            up_to=answer.up_to,
        )

    @routes.get("/movement")
    async def movement_of_period(
        request: Request,
        *,
        unit: Code = None,
        from_: From = None,
        to: To = None,
        by: ByUnit = None,
        known_at: KnownAt = None,
    ) -> MovementAnswer:
        """Tell how the number of members of a unit and all below it became another, by reason.

        `opening` counts the day before the first, `closing` the last day, and opening + in - out = closing. What
        hangs below the unit is looked at from day to day: a cell that comes or goes takes its members with it, by the
        reasons `unit_moved_in` and `unit_moved_out`.
        """
        parameters.only(request, "unit", "from", "to", "by", "known_at")
        (first, last), by_unit = parameters.period(from_, to), parameters.by_unit(by)
        instant = parameters.instant(known_at)
        code = parameters.code(unit)
        async with reading(
            resources.pool
        ) as connection:  # it is planned for these very days: a third of the time
            answer = await movement_query.movement(
                connection,
                consumer=MEMBERSHIP_FACTS.name,
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
            up_to=answer.up_to,
            **_figures(answer.movement),
        )

    @routes.get("/units")
    async def units(request: Request, parent: Parent = None, as_of: AsOf = None) -> Units:
        """List the units directly under one, that exist on the day, by code."""
        parameters.only(request, "parent", "as_of")
        day = parameters.day(as_of)
        found = await statistics.units_below(resources.pool, parent=parameters.code(parent), as_of=day)
        if found is None:
            raise parameters.unknown_unit(parent or "")
        return Units(as_of=day, units=found)

    routes.include_router(figures_api.router(resources))
    routes.include_router(snapshots_api.router(resources))
    routes.include_router(reports_api.router(resources))
    return routes


def _figures(moved: movement.Movement) -> dict[str, Any]:
    return {name: getattr(moved, name) for name in ("opening", "came", "went", "within", "closing")}


_REFUSALS: Final = problem_answers(
    parameters.not_a_day("as_of"), parameters.unknown_unit("K.99"), unavailable()
)
