"""Internal events of the meetings service: when and on what cells mean to meet, before there is any meeting."""

from datetime import date, time
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PUBLIC, Event, Value


class RegularDay(Value):
    """When a cell has its regular meeting in each month."""

    day: Annotated[int, PUBLIC]
    """Day of the month, from 1 to 31; in a month that has fewer, its last."""
    starts_at: Annotated[time, PUBLIC]
    """In Asia/Ho_Chi_Minh."""


class ThematicMonth(Value):
    """A month of a year plan that has a theme."""

    month: Annotated[date, PUBLIC]
    """Its first day."""
    topic: Annotated[str | None, PUBLIC] = None
    """Code of a topic of the catalogue; None for a theme of the cell's own."""


class CellCalendarSet(Event):
    """A cell has a regular day from `effective_date` on, until the next that is set."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.cell-calendar-set.v1"
    AGGREGATE: ClassVar[str] = "cell_calendar"
    KEY: ClassVar[str] = "cell_calendar_id"

    cell_calendar_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    before: Annotated[RegularDay | None, PUBLIC] = None
    """What held on `effective_date` until now; None where nothing did."""
    after: Annotated[RegularDay, PUBLIC]


class YearPlanSet(Event):
    """A cell's themes of a year are set, or set anew."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.year-plan-set.v1"
    AGGREGATE: ClassVar[str] = "year_plan"
    KEY: ClassVar[str] = "year_plan_id"

    year_plan_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    year: Annotated[int, PUBLIC]
    before: Annotated[tuple[ThematicMonth, ...], PUBLIC] = ()
    after: Annotated[tuple[ThematicMonth, ...], PUBLIC]


class MonthlyWatchSet(Event):
    """Months without a regular meeting are looked for from `after` on: there the record of meetings begins."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.monthly-watch-set.v1"
    AGGREGATE: ClassVar[str] = "monthly_watch"
    KEY: ClassVar[str] = "monthly_watch_id"

    monthly_watch_id: Annotated[UUID, PUBLIC]
    before: Annotated[date | None, PUBLIC] = None
    """First day of a month; None where nothing was looked for."""
    after: Annotated[date, PUBLIC]
    """First day of a month."""


EVENTS: tuple[type[Event], ...] = (CellCalendarSet, YearPlanSet, MonthlyWatchSet)
