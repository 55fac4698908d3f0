"""The HTTP side of the year: regular days and themes of cells, and the meetings of many cells planned from them."""

from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.idempotency import Answer
from chassis.openapi import invalid_at, problem_answers
from chassis.preconditions import check_if_match, resource
from chassis.resources import Resources
from replicas.membership.cells import Cell
from rules.guidance import Guidance, NoGuidanceError, guidances
from services.meetings.calendar import Month, local_day, quarters_due
from services.meetings.commands import carry_out, carry_out_many, command_routes
from services.meetings.domain import Decided, decide_plan
from services.meetings.interruptions.store import Scopes
from services.meetings.periods import month_text, period
from services.meetings.plans import answers, store
from services.meetings.plans.domain import (
    CellCalendar,
    YearPlan,
    decide_calendar,
    decide_year_plan,
    planned_in,
)
from services.meetings.plans.requests import CalendarSetting, MonthsPlanning, YearPlanning
from services.meetings.plans.store import PlanStore
from services.meetings.plans.topics import topics
from services.meetings.queries import CellCode, known_cell, reading
from services.meetings.store import Store
from services.meetings.tree import Units

Year = Annotated[int, Path(ge=1976, le=2999, description="A calendar year")]


def router(resources: Resources) -> APIRouter:
    """Return the routes of calendars, year plans and the planning of many meetings."""
    routes = APIRouter()
    routes.include_router(_settings(resources))
    routes.include_router(_planning(resources))
    routes.include_router(_reads(resources))
    return routes


def _settings(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/cells/{code:path}/calendar", **answers.setting(answers.CellCalendar))
    async def set_calendar(request: Request, code: CellCode, asked: CalendarSetting) -> Response:
        """Set the regular day of a cell from a day on; meetings that are planned already stay as they are."""

        async def handle(store_: Store) -> Answer:
            cell = await known_cell(store_.connection, code)
            plans = PlanStore(store_)
            calendar = await plans.calendar(cell.id)
            check_if_match(request, calendar.version)
            decided = decide_calendar(calendar, asked.regular())
            await plans.save_calendar(decided)
            return Answer(200, _calendar_json(decided.state, cell))

        return await carry_out(resources, request, handle)

    @routes.post("/cells/{code:path}/year-plans/{year}", **answers.setting(answers.ChangedYearPlan))
    async def set_year_plan(request: Request, code: CellCode, year: Year, asked: YearPlanning) -> Response:
        """Set the themes of a cell for a year, with a warning for each quarter that it owes one and has none."""

        async def handle(store_: Store) -> Answer:
            cell = await known_cell(store_.connection, code)
            plans = PlanStore(store_)
            plan = await plans.year_plan(cell.id, year)
            check_if_match(request, plan.version)
            first, last = Month(year, 1), Month(year, 12)
            owed = [quarter for one in cell.existence for quarter in quarters_due(one, first, last)]
            decided = decide_year_plan(plan, asked.stated(year), owed=owed, guidance=_guidance(year))
            await plans.save_year_plan(decided)
            warnings = [warning.as_json() for warning in decided.warnings]
            return Answer(200, _year_plan_json(decided.state, cell) | {"warnings": warnings})

        return await carry_out(resources, request, handle)

    return routes


def _planning(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/meeting-plans", **answers.planning())
    async def plan(request: Request, asked: MonthsPlanning) -> Response:
        """Plan the regular meetings of some months for a cell, or all cells of a unit, by their regular days.

        A month that has its regular meeting is left alone, so that the same command again plans nothing twice. No
        meeting is planned on a day on which an order interrupts the cell's meetings.
        """

        async def handle(store_: Store) -> Answer:
            return Answer(200, await _plan(store_, asked))

        return await carry_out_many(resources, request, handle)

    return routes


async def _plan(store_: Store, asked: MonthsPlanning) -> dict[str, Any]:
    connection = store_.connection
    wanted = period(asked.from_month, asked.to_month)
    units = await Units.read(connection)
    owed = units.owed_below(units.of_code(asked.unit_code), wanted)
    calendars = await store.calendars(connection, owed)
    themes = await store.themes_of(connection, owed, sorted({month.year for month in wanted}))
    planned = await store.already_planned(connection, owed, wanted[0], wanted[-1])
    there = {pair for pair in planned if pair[1] in owed[pair[0]]}
    scopes = await Scopes.read(connection, units, wanted[0], wanted[-1])
    decided: list[Decided] = []
    interrupted = 0
    without: set[str] = set()
    for cell, month in ((cell, month) for cell, its in owed.items() for month in its):
        if (cell, month) in there:
            continue
        command = planned_in(calendars.get(cell) or CellCalendar(cell_id=cell), themes.get(cell, {}), month)
        if command is None:
            without.add(units.codes[cell])
        elif any(span.covers(local_day(command.starts_at)) for span in scopes.spans(cell, month)):
            interrupted += 1
        else:
            decided.append(decide_plan(command, cell_id=cell, new_id=uuid4()))
    await store_.save_all(decided)
    return {
        "planned": len(decided),
        "left_alone": len(there),
        "interrupted": interrupted,
        "without_calendar": sorted(without),
    }


def _reads(resources: Resources) -> APIRouter:
    routes = APIRouter(tags=["queries"])

    @routes.get("/cells/{code:path}/calendar", **answers.reading(answers.CellCalendar))
    async def calendar(request: Request, code: CellCode) -> Response:
        """The regular days of a cell."""
        async with reading(resources.pool) as connection:
            cell = await known_cell(connection, code)
            found = await store.calendar_of(connection, cell.id)
        return resource(request, _calendar_json(found, cell))

    @routes.get("/cells/{code:path}/year-plans/{year}", **answers.reading(answers.YearPlan))
    async def year_plan(request: Request, code: CellCode, year: Year) -> Response:
        """The themes of a cell for a year."""
        async with reading(resources.pool) as connection:
            cell = await known_cell(connection, code)
            found = await store.year_plan_of(connection, cell.id, year)
        return resource(request, _year_plan_json(found, cell))

    @routes.get("/topics", response_model=answers.Topics, responses=problem_answers(invalid_at("query.year")))
    async def catalogue(year: Annotated[int | None, Query(ge=1976, le=2999)] = None) -> dict[str, Any]:
        """Topics for thematic meetings that cells may choose from, of a year or of all."""
        listed = [topic for topic in topics().values() if year in {None, topic.year}]
        return {"items": [topic.model_dump() for topic in listed]}

    return routes


def _calendar_json(calendar: CellCalendar, cell: Cell) -> dict[str, Any]:
    return {
        "cell_code": cell.code,
        "days": [
            {
                "from_on": one.from_on.isoformat(),
                "day": one.day,
                "starts_at": f"{one.starts_at:%H:%M}",
                "place": one.place,
            }
            for one in calendar.days
        ],
        "version": calendar.version,
    }


def _year_plan_json(plan: YearPlan, cell: Cell) -> dict[str, Any]:
    return {
        "cell_code": cell.code,
        "year": plan.year,
        "themes": [
            {"month": month_text(month), "topic": theme.topic, "theme": theme.text}
            for month, theme in plan.themes.items()
        ],
        "quarters_without": [f"{one.year:04}-Q{one.number}" for one in plan.quarters_short(1)],
        "version": plan.version,
    }


def _guidance(year: int) -> Guidance:
    """Return the guidance in force at the beginning of a year; the first that is known for years before it."""
    try:
        return guidances().on(date(year, 1, 1))
    except NoGuidanceError:
        return guidances().versions[0]
