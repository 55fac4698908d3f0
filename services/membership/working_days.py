"""Working days of Vietnamese offices: five days a week, without public holidays, as the yearly notices move them.

The days off are data (`data/public_holidays.csv`). A limit of n working days counts from the day after the one
that starts it (Bộ luật Dân sự 2015, Điều 147 khoản 2) and ends with its n-th working day.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_SATURDAY: Final = 5
_NEW_YEAR: Final = (1, 1)


class DayKind(StrEnum):
    """Why a day is off, or worked, against the run of the week."""

    HOLIDAY = "holiday"
    """A public holiday, on whatever day of the week."""
    COMPENSATION = "compensation"
    """A working day off for a holiday that fell on a weekend (nghỉ bù)."""
    EXCHANGED_OFF = "exchanged_off"
    """A working day off in exchange for a Saturday worked (hoán đổi)."""
    EXCHANGED_ON = "exchanged_on"
    """That Saturday (làm bù)."""


class Certainty(StrEnum):
    """How sure an entry is."""

    LAW = "law"
    """Follows from the law and the calendar."""
    NOTICE = "notice"
    """Set by a notice for that year."""
    EXPECTED = "expected"
    """Not announced yet: what law and custom let expect. To be checked against the notice."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day that is not what its day of the week says, and where that stands."""

    day: date
    kind: DayKind
    certainty: Certainty
    name: str
    source: str


class WorkingDaysUnknown(LookupError):  # noqa: N818 - what is the case, as in faults.py
    """The calendar has no data for a year that a reckoning needs; it never guesses."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(f"working days are known for the years {first} to {last} only")
        self.first = first
        self.last = last


class WorkingDayCalendar:
    """The working days of consecutive years.

    Every method raises WorkingDaysUnknown where it would need a day of any other year.
    """

    def __init__(self, entries: Iterable[CalendarEntry]) -> None:
        """Make the calendar of the years whose New Year holiday is among `entries`.

        Raises ValueError where entries are missing or contradict one another: a day twice, an entry in a year
        without a New Year holiday, a gap between years, a day off or worked that already is.
        """
        by_day: dict[date, CalendarEntry] = {}
        for entry in entries:
            if by_day.setdefault(entry.day, entry) is not entry:
                raise ValueError(f"{entry.day} stands twice")
            if entry.kind is not DayKind.HOLIDAY and _is_weekend(entry.day) != (
                entry.kind is DayKind.EXCHANGED_ON
            ):
                raise ValueError(f"{entry.day} is a {entry.day:%A}: nothing to change by {entry.kind}")
        years = sorted(
            day.year
            for day, entry in by_day.items()
            if entry.kind is DayKind.HOLIDAY and (day.month, day.day) == _NEW_YEAR
        )
        if not years or years != list(range(years[0], years[-1] + 1)):
            raise ValueError(f"the years must follow one another: {years}")
        if incomplete := {day.year for day in by_day} - set(years):
            raise ValueError(f"entries of years without a New Year holiday: {sorted(incomplete)}")
        self.entries: Final = tuple(by_day[day] for day in sorted(by_day))
        self.first_day: Final = date(years[0], 1, 1)
        self.last_day: Final = date(years[-1], 12, 31)
        self._by_day: Final = by_day
        span = (self.last_day - self.first_day).days + 1
        every_day = (self.first_day + timedelta(days) for days in range(span))
        self._working_days: Final = [day for day in every_day if self._is_worked(day)]

    def is_working_day(self, day: date) -> bool:
        """Return whether offices work on `day`."""
        self._check(day)
        return self._is_worked(day)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day on which `count` working days after `day` are over; `day` itself is not counted.

        With a count of 0 that is `day`, whether a working day or not.
        """
        self._check(day)
        if count < 0:
            raise ValueError("a count of working days is not negative")
        if count == 0:
            return day
        index = self._up_to(day) + count - 1
        if index >= len(self._working_days):
            raise self._unknown()
        return self._working_days[index]

    def latest_start(self, until: date, count: int) -> date:
        """Return the latest day from which `count` working days are over by `until`.

        It is the inverse of `add_working_days`: a limit is over by `until` if it started on that day or before.
        """
        self._check(until)
        if count < 0:
            raise ValueError("a count of working days is not negative")
        if count == 0:
            return until
        index = self._up_to(until) - count
        if index < 0:
            raise self._unknown()
        return self._working_days[index] - timedelta(1)

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days come after `after`, up to and with `until`; negative if `until` is before."""
        self._check(after)
        self._check(until)
        return self._up_to(until) - self._up_to(after)

    def is_certain_between(self, after: date, until: date) -> bool:
        """Return whether no day after `after`, up to and with `until`, rests on an expectation only."""
        self._check(after)
        self._check(until)
        return not any(
            entry.certainty is Certainty.EXPECTED and after < entry.day <= until for entry in self.entries
        )

    def _up_to(self, day: date) -> int:
        return bisect_right(self._working_days, day)

    def _is_worked(self, day: date) -> bool:
        entry = self._by_day.get(day)
        return not _is_weekend(day) if entry is None else entry.kind is DayKind.EXCHANGED_ON

    def _check(self, day: date) -> None:
        if not self.first_day <= day <= self.last_day:
            raise self._unknown()

    def _unknown(self) -> WorkingDaysUnknown:
        return WorkingDaysUnknown(self.first_day.year, self.last_day.year)


def parse_calendar(lines: Iterable[str]) -> WorkingDayCalendar:
    """Return the calendar in the lines of a CSV text: day, kind, certainty, name, source.

    Raises ValueError as WorkingDayCalendar does, KeyError where a column is missing.
    """
    return WorkingDayCalendar(
        CalendarEntry(
            day=date.fromisoformat(row["day"]),
            kind=DayKind(row["kind"]),
            certainty=Certainty(row["certainty"]),
            name=row["name"],
            source=row["source"],
        )
        for row in csv.DictReader(lines)
    )


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY
