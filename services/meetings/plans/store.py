"""Calendars and year plans in PostgreSQL: read for a decision, and written with their events."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from chassis.database import Connection
from services.meetings.calendar import Month
from services.meetings.plans.domain import (
    CalendarDecided,
    CellCalendar,
    Regular,
    Theme,
    YearPlan,
    YearPlanDecided,
)
from services.meetings.store import Store

_CALENDARS: Final = """
    SELECT cell_id, version, from_on, day, starts_at, place
    FROM cell_calendars JOIN regular_days USING (cell_id)
    WHERE cell_id = ANY($1::uuid[]) ORDER BY cell_id, from_on
"""
# Commands on one cell's calendar, or one plan, wait for one another from the first on: its row may not be there yet.
_HOLD: Final = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_CALENDAR: Final = """
    INSERT INTO cell_calendars (cell_id, version) VALUES ($1, $2)
    ON CONFLICT (cell_id) DO UPDATE SET version = excluded.version
"""
_REGULAR_DAY: Final = """
    INSERT INTO regular_days (cell_id, from_on, day, starts_at, place) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (cell_id, from_on) DO UPDATE
    SET day = excluded.day, starts_at = excluded.starts_at, place = excluded.place, recorded_at = now()
"""
_YEAR_PLAN: Final = """
    INSERT INTO year_plans (cell_id, year, themes, version) VALUES ($1, $2, $3::jsonb, $4)
    ON CONFLICT (cell_id, year) DO UPDATE
    SET themes = excluded.themes, version = excluded.version, recorded_at = now()
"""
_PLANNED: Final = """
    SELECT cell_id, month FROM meetings
    WHERE kind = 'regular' AND status <> 'cancelled' AND cell_id = ANY($1::uuid[]) AND month BETWEEN $2 AND $3
"""


async def calendars(connection: Connection, cells: Collection[UUID]) -> dict[UUID, CellCalendar]:
    """Return the calendars of those cells that have one."""
    rows: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in await connection.fetch(_CALENDARS, list(cells)):
        rows.setdefault(row["cell_id"], []).append(row)
    return {
        cell: CellCalendar(cell_id=cell, days=tuple(map(_regular, its)), version=its[0]["version"])
        for cell, its in rows.items()
    }


async def calendar_of(connection: Connection, cell: UUID) -> CellCalendar:
    """Return the calendar of a cell, empty where nothing is set."""
    return (await calendars(connection, [cell])).get(cell) or CellCalendar(cell_id=cell)


async def year_plan_of(connection: Connection, cell: UUID, year: int) -> YearPlan:
    """Return the plan of a cell for a year, empty where nothing is set."""
    row = await connection.fetchrow("SELECT * FROM year_plans WHERE cell_id = $1 AND year = $2", cell, year)
    if row is None:
        return YearPlan(cell_id=cell, year=year)
    return YearPlan(cell_id=cell, year=year, themes=_themes(row["themes"]), version=row["version"])


async def themes_of(
    connection: Connection, cells: Collection[UUID], years: Sequence[int]
) -> dict[UUID, dict[Month, Theme]]:
    """Return the themes of those cells that have any in these years, by month."""
    found: dict[UUID, dict[Month, Theme]] = {}
    rows = await connection.fetch(
        "SELECT cell_id, themes FROM year_plans WHERE cell_id = ANY($1::uuid[]) AND year = ANY($2::int[])",
        list(cells),
        list(years),
    )
    for row in rows:
        found.setdefault(row["cell_id"], {}).update(_themes(row["themes"]))
    return found


async def already_planned(
    connection: Connection, cells: Collection[UUID], first: Month, last: Month
) -> set[tuple[UUID, Month]]:
    """Return which cells have a regular meeting, other than a cancelled one, of which months."""
    rows = await connection.fetch(_PLANNED, list(cells), first.first, last.first)
    return {(row["cell_id"], Month.of(row["month"])) for row in rows}


class PlanStore:
    """Reads for a decision, and writes, in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    async def calendar(self, cell: UUID) -> CellCalendar:
        """Return the calendar of a cell, held until the transaction ends."""
        await self._connection.execute(_HOLD, f"calendar {cell}")
        return await calendar_of(self._connection, cell)

    async def year_plan(self, cell: UUID, year: int) -> YearPlan:
        """Return the plan of a cell for a year, held until the transaction ends."""
        await self._connection.execute(_HOLD, f"year plan {cell} {year}")
        return await year_plan_of(self._connection, cell, year)

    async def save_calendar(self, decided: CalendarDecided) -> None:
        """Write the regular day that was set, and append its event. Raises ConcurrentChange."""
        state, event = decided.state, decided.event
        await self._connection.execute(_CALENDAR, state.cell_id, state.version)
        set_ = next(one for one in state.days if one.from_on == event.effective_date)
        await self._connection.execute(
            _REGULAR_DAY, state.cell_id, set_.from_on, set_.day, set_.starts_at, set_.place
        )
        await self._store.append(event, state.version)

    async def save_year_plan(self, decided: YearPlanDecided) -> None:
        """Write a year plan, and append its event. Raises ConcurrentChange."""
        state = decided.state
        themes = [
            {"month": month.first.isoformat(), "topic": theme.topic, "theme": theme.text}
            for month, theme in state.themes.items()
        ]
        stored = msgspec.json.encode(themes).decode()
        await self._connection.execute(_YEAR_PLAN, state.cell_id, state.year, stored, state.version)
        await self._store.append(decided.event, state.version)


def _regular(row: Mapping[str, Any]) -> Regular:
    return Regular(from_on=row["from_on"], day=row["day"], starts_at=row["starts_at"], place=row["place"])


def _themes(stored: str) -> dict[Month, Theme]:
    return {
        Month.of(date.fromisoformat(one["month"])): Theme(one["theme"], one["topic"])
        for one in msgspec.json.decode(stored)
    }
