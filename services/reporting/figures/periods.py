"""Periods that figures are of, and the days, months and quarters in them. Pure.

A stock is counted on the last day of a period, what happens on each of its days. A month counts in the period in
which its first day lies, and a quarter in the one in which its last month does: both as a whole.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""Figures are of days in these years; any other is a wrong date."""

_DAY: Final = timedelta(days=1)
_TEXT: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?|-Q(?P<quarter>[1-4]))?", re.ASCII
)


class Step(StrEnum):
    """Into what a period is cut; `whole` leaves it in one piece."""

    WHOLE = "whole"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS: Final = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from one to another, both included."""

    first: date
    last: date

    @property
    def label(self) -> str:
        """`2020`, `2020-Q3` or `2020-11` where it is one; else its first and last day, as in ISO 8601."""
        return _label(self.first, self.last)

    @property
    def year_before(self) -> "Period":
        """The same days of the year before; the end of a month stays one."""
        return Period(
            _year_before(self.first), _year_before(self.last, end=self.last == month_end(self.last))
        )


@lru_cache(maxsize=4096)
def _label(first: date, last: date) -> str:
    if first.day == 1 and last == month_end(last):
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months == 1:
            return f"{first:%Y-%m}"
        if months == 3 and first.month % 3 == 1:
            return f"{first:%Y}-Q{first.month // 3 + 1}"
        if months == 12 and first.month == 1:
            return f"{first:%Y}"
    return f"{first}/{last}"


def month_start(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def after_month(month: date, count: int = 1) -> date:
    """Return the first day of the month that is so many after that of a day."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def span(text: str) -> Period | None:
    """Return the days of `2020`, `2020-Q3`, `2020-11` or `2020-11-30`; None for what is none of them."""
    found = _TEXT.fullmatch(text)
    if not found or not FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
        return None
    year = int(found["year"])
    try:
        if found["day"]:
            day = date(year, int(found["month"]), int(found["day"]))
            return Period(day, day)
        if found["month"]:
            first = date(year, int(found["month"]), 1)
            return Period(first, month_end(first))
    except ValueError:
        return None
    if found["quarter"]:
        first = date(year, int(found["quarter"]) * 3 - 2, 1)
        return Period(first, month_end(after_month(first, 2)))
    return Period(date(year, 1, 1), date(year, 12, 31))


def count(first: date, last: date, step: Step) -> int:
    """Return how many pieces `cut` would give, without making them."""
    if step is Step.WHOLE:
        return 1
    size = _MONTHS[step]
    number = [(day.year * 12 + day.month - 1) // size for day in (first, last)]
    return number[1] - number[0] + 1


def cut(first: date, last: date, step: Step) -> list[Period]:
    """Return the days from one to another in pieces along the calendar, the outer ones cut to fit."""
    if step is Step.WHOLE:
        return [Period(first, last)]
    size, found, begins = _MONTHS[step], [], first
    while begins <= last:
        following = after_month(date(begins.year, begins.month - (begins.month - 1) % size, 1), size)
        found.append(Period(begins, min(last, following - _DAY)))
        begins = following
    return found


def months_of(period: Period) -> Period | None:
    """Return the months that count in a period, as the first days of the first and the last; None for none."""
    first = period.first if period.first.day == 1 else after_month(period.first)
    last = month_start(period.last)
    return Period(first, last) if first <= last else None


def months(first: date, last: date) -> list[date]:
    """Return the months from one to another, by their first days."""
    found = []
    while first <= last:
        found.append(first)
        first = after_month(first)
    return found


def all_months(periods: Iterable[Period]) -> list[date]:
    """Return the months that count in any of some periods, in order."""
    spans = [its for period in periods if (its := months_of(period))]
    return sorted({month for its in spans for month in months(its.first, its.last)})


def quarter(month: date) -> date:
    """Return the first day of a month's quarter."""
    return date(month.year, month.month - (month.month - 1) % 3, 1)


def quarters_within(wanted: Sequence[date]) -> list[date]:
    """Return the quarters all of whose months are among some, by their first days."""
    there = set(wanted)
    return [
        month
        for month in wanted
        if month.month % 3 == 1 and {after_month(month), after_month(month, 2)} <= there
    ]


def _year_before(day: date, *, end: bool = False) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, last if end else min(day.day, last))
