"""Regular days and themes of cells, and the meetings of a month that follow from them. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Final
from uuid import UUID, uuid5

from contracts.meeting_plans import CellCalendarSet, RegularDay, ThematicMonth, YearPlanSet
from contracts.meetings import MeetingKind
from rules.guidance import Guidance
from services.meetings.calendar import VIETNAM, Month, Quarter
from services.meetings.domain import PlanMeeting
from services.meetings.faults import Fault, FaultsFound

_CALENDARS: Final = UUID("5d1d7f4e-3c1b-5c0e-9b8a-2f6a54d1c0a1")
_YEAR_PLANS: Final = UUID("5d1d7f4e-3c1b-5c0e-9b8a-2f6a54d1c0a2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regular:
    """From when on a cell meets on which day of the month, at what time of Asia/Ho_Chi_Minh, and where."""

    from_on: date
    day: int
    starts_at: time
    place: str

    @property
    def told(self) -> RegularDay:
        """What events say of it; the place stays here."""
        return RegularDay(day=self.day, starts_at=self.starts_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCalendar:
    """The regular days of a cell, by the days from which they hold; `version` counts its events."""

    cell_id: UUID
    days: tuple[Regular, ...] = ()
    version: int = 0

    def on(self, day: date) -> Regular | None:
        """Return what holds on a day; None before the first."""
        return next((one for one in reversed(self.days) if one.from_on <= day), None)

    def meeting_in(self, month: Month) -> tuple[datetime, Regular] | None:
        """Return when the regular meeting of a month begins, by what holds on that very day; None where nothing does.

        Where the regular day changes within the month, the earliest that comes true counts.
        """
        found = [
            (datetime.combine(day, one.starts_at, VIETNAM), one)
            for one in self.days
            if self.on(day := month.day(one.day)) == one
        ]
        return min(found, key=lambda pair: pair[0], default=None)


@dataclass(frozen=True, slots=True)
class CalendarDecided:
    """A calendar as a command leaves it, and its event."""

    state: CellCalendar
    event: CellCalendarSet


def decide_calendar(calendar: CellCalendar, asked: Regular) -> CalendarDecided:
    """Return the calendar with another regular day from a day on; one set for that same day before is replaced.

    Raises FaultsFound `nothing-changes` where it is so already.
    """
    before = calendar.on(asked.from_on)
    if before is not None and replace(before, from_on=asked.from_on) == asked:
        raise FaultsFound([Fault("nothing-changes", None)])
    kept = [one for one in calendar.days if one.from_on != asked.from_on]
    days = tuple(sorted([*kept, asked], key=lambda one: one.from_on))
    event = CellCalendarSet(
        effective_date=asked.from_on,
        cell_calendar_id=uuid5(_CALENDARS, str(calendar.cell_id)),
        cell_id=calendar.cell_id,
        before=before and before.told,
        after=asked.told,
    )
    return CalendarDecided(replace(calendar, days=days, version=calendar.version + 1), event)


@dataclass(frozen=True, slots=True)
class Theme:
    """What a thematic meeting is about: a topic of the catalogue, or the cell's own words."""

    text: str
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPlan:
    """Which months of a year have which themes; `version` counts its events."""

    cell_id: UUID
    year: int
    themes: Mapping[Month, Theme] = field(default_factory=dict)
    version: int = 0

    def quarters_short(self, least: int) -> list[Quarter]:
        """Return the quarters of the year in which fewer months than that have a theme."""
        have = Counter(month.quarter for month in self.themes)
        return [one for number in range(1, 5) if have[one := Quarter(self.year, number)] < least]


@dataclass(frozen=True, slots=True)
class YearPlanDecided:
    """A year plan as a command leaves it, its event, and quarters that lack a theme."""

    state: YearPlan
    event: YearPlanSet
    warnings: tuple[Fault, ...]


def decide_year_plan(
    plan: YearPlan, themes: Sequence[tuple[Month, Theme]], *, owed: Sequence[Quarter], guidance: Guidance
) -> YearPlanDecided:
    """Return the plan with these themes in the place of all that it had.

    `owed` are the quarters in which the cell owes thematic meetings: one that has fewer than the guidance asks for is
    warned of.
    Raises FaultsFound for a month of another year, or one that has two themes.
    """
    faults = [
        Fault("month-of-another-year", "themes", {"month": _month(month), "year": plan.year})
        for month, _ in themes
        if month.year != plan.year
    ]
    months = [month for month, _ in themes]
    faults += [
        Fault("month-twice", "themes", {"month": _month(month)})
        for month in dict.fromkeys(months)
        if months.count(month) > 1
    ]
    if faults:
        raise FaultsFound(faults)
    state = replace(plan, themes=dict(sorted(themes)), version=plan.version + 1)
    event = YearPlanSet(
        effective_date=date(plan.year, 1, 1),
        year_plan_id=uuid5(_YEAR_PLANS, f"{plan.cell_id} {plan.year}"),
        cell_id=plan.cell_id,
        year=plan.year,
        before=_told(plan),
        after=_told(state),
    )
    least = guidance.thematic_each_quarter
    facts = {"least": least, "source": guidance.source}
    warnings = [
        Fault("quarter-without-theme", "themes", facts | {"quarter": f"{one.number}/{one.year}"})
        for one in state.quarters_short(least)
        if one in owed
    ]
    return YearPlanDecided(state, event, tuple(warnings))


def planned_in(calendar: CellCalendar, themes: Mapping[Month, Theme], month: Month) -> PlanMeeting | None:
    """Return the regular meeting that follows for a month, with its theme; None without a regular day."""
    found = calendar.meeting_in(month)
    if found is None:
        return None
    starts_at, regular = found
    theme = themes.get(month)
    return PlanMeeting(
        kind=MeetingKind.REGULAR,
        starts_at=starts_at,
        place=regular.place,
        theme=theme.text if theme else None,
    )


def _told(plan: YearPlan) -> tuple[ThematicMonth, ...]:
    return tuple(_thematic(plan))


def _thematic(plan: YearPlan) -> Iterator[ThematicMonth]:
    for month, theme in plan.themes.items():
        yield ThematicMonth(month=month.first, topic=theme.topic)


def _month(month: Month) -> str:
    return f"{month.month:02}/{month.year:04}"
