"""The HTTP side of evaluations: what visits and findings come to, and the list of limitations for the next year."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.database import Connection, Pool
from chassis.faults import FaultsFound
from chassis.refusals import refused
from replicas.membership.tree import Units
from replicas.membership.unit_names import NAMELESS, names_on
from services.inspection.checklists import checklists
from services.inspection.days import MonthText, month_of, months_between
from services.inspection.evaluations import answers
from services.inspection.evaluations.figures import (
    Distance,
    Evaluation,
    Grain,
    Span,
    evaluate,
    label,
    spans,
)
from services.inspection.evaluations.limitations import grouped, unsettled
from services.inspection.evaluations.store import findings_until, lacking_in, visits_between
from services.inspection.faults import CONFLICTS
from services.inspection.reads import reading, today
from services.inspection.teams.domain import Team
from services.inspection.teams.store import known_team
from services.inspection.visits.queries import TeamQuery, UnitCode, cells_of_unit

_MOST_MONTHS: Final = 120
_FirstMonth = Annotated[MonthText, Query(alias="from", description="The first month, as 2020-01")]
_LastMonth = Annotated[MonthText, Query(alias="to", description="The last month, as 2020-12")]
_By = Annotated[Grain, Query(description="What each item covers")]
Year = Annotated[int, Query(ge=2000, le=2200, description="Whose limitations they are")]


def router(pool: Pool) -> APIRouter:
    """Return the routes of evaluations."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/evaluations", **answers.evaluations())
    async def evaluations(
        *,
        first: _FirstMonth,
        last: _LastMonth,
        by: _By = Grain.PERIOD,
        unit: UnitCode = None,
        team: TeamQuery = None,
    ) -> dict[str, Any]:
        """How many visits there were, of how many cells, how they graded, and what became of findings.

        Of a unit with all below it (a cell by itself), of a team, or of all; by month, quarter, year or as a whole.
        A visit counts where its cell was on its day, a finding where it was when it was found.
        """
        begins, ends = month_of(first), _end(month_of(last))
        if not 0 <= months_between(begins, ends) < _MOST_MONTHS:
            raise refused(FaultsFound([answers.TOO_MANY]), CONFLICTS)
        async with reading(pool) as connection:
            units = await Units.read(connection)
            its = None if team is None else await known_team(connection, team)
            within = _Within(units, None if unit is None else units.of_code(unit))
            team_id = None if its is None else its.id
            visits = [
                one
                for one in await visits_between(connection, begins, ends, team_id)
                if within.has(one.cell_id, one.on)
            ]
            findings = [
                one
                for one in await findings_until(connection, ends, team_id)
                if within.has(one.cell_id, one.found_on)
            ]
        return {
            "unit_code": unit,
            "team_code": its and its.terms.code,
            "by": by,
            "items": [
                _item(
                    span,
                    by,
                    evaluate(visits, findings, within.cells(span.last, its), span, today=today()),
                )
                for span in spans(begins, ends, by)
            ],
        }

    @routes.get("/limitations", **answers.limitations())
    async def limitations(year: Year, unit: UnitCode = None) -> dict[str, Any]:
        """What was lacking in a year by limitation, and what is not settled: the list for the next year's plan."""
        async with reading(pool) as connection:
            return await limitations_of(connection, year, unit)

    return routes


async def limitations_of(connection: Connection, year: int, unit: str | None) -> dict[str, Any]:
    """Return the list of limitations of a year. Raises Problem `unknown-unit` (404)."""
    end = min(date(year, 12, 31), today())
    cells = None if unit is None else cells_of_unit(await Units.read(connection), unit, end)
    lacking = await lacking_in(connection, year, cells)
    names = await names_on(connection, {one.cell_id for one in lacking}, end)
    axes, labels = _labels()
    return {
        "year": year,
        "unit_code": unit,
        "items": [
            {
                "axis": one.axis,
                "axis_label": axes[one.axis],
                "limitation": one.limitation,
                "label": labels[one.limitation] if one.limitation else f"Khác: {axes[one.axis]}",
                "found": one.found,
                "cells": one.cells,
                "recurrent": one.recurrent,
                "serious": one.serious,
                "unsettled": one.unsettled,
            }
            for one in grouped(lacking, year)
        ],
        "unsettled": [
            {
                "id": str(one.id),
                "cell_code": names.get(one.cell_id, NAMELESS).code,
                "cell_name": names.get(one.cell_id, NAMELESS).name,
                "found_on": one.found_on.isoformat(),
                "label": labels[one.limitation] if one.limitation else f"Khác: {axes[one.axis]}",
                "severity": one.severity.value,
                "state": one.state.value,
            }
            for one in unsettled(lacking)
        ],
    }


class _Within:
    """The cells of a unit, of all where that is None, by the tree of each day."""

    def __init__(self, units: Units, unit: UUID | None) -> None:
        self._units, self._unit = units, unit
        self._days: dict[date, set[UUID]] = {}

    def has(self, cell_id: UUID, day: date) -> bool:
        """Return whether a cell is the unit or below it on a day."""
        if self._unit is None:
            return True
        if day not in self._days:
            self._days[day] = {self._unit} | self._units.below([self._unit], day)
        return cell_id in self._days[day]

    def cells(self, day: date, team: Team | None) -> set[UUID]:
        """Return the cells of a day, of those in the area of a team where one is meant."""
        units = self._units
        there = units.cells_on(day) if team is None else units.cells_below(team.area_on(day), day)
        return {cell for cell in there if self.has(cell, day)}


def _labels() -> tuple[dict[str, str], dict[str, str]]:
    """Return what axes and limitations are called, by the last version that has each."""
    versions = checklists()
    return (
        {one.code: one.label for its in versions for one in its.axes},
        {one.code: one.label for its in versions for one in its.limitations},
    )


def _end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _item(span: Span, by: Grain, found: Evaluation) -> dict[str, Any]:
    return {
        "label": label(span, by),
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "visits": found.visits,
        "cells": found.cells,
        "visited": found.visited,
        "percent": round(found.visited * 100 / found.cells, 1) if found.cells else None,
        "axes": {axis: _rounded(mean) for axis, mean in found.axes.items()},
        "scores": {
            "self_from_inspector": _distance(found.own_from_inspector),
            "official_from_inspector": _distance(found.official_from_inspector),
            "self_from_official": _distance(found.own_from_official),
        },
        "findings": {
            "opened": found.opened,
            "closed": found.closed,
            "overdue": found.overdue,
            "unsettled": found.unsettled,
            "recurrent": found.recurrent,
        },
    }


def _distance(found: Distance) -> dict[str, Any]:
    return {
        "visits": found.visits,
        "mean": _rounded(found.mean),
        "mean_absolute": _rounded(found.mean_absolute),
    }


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 2)
