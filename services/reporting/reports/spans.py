"""Of which days a report is: a month, a quarter or a year of the calendar, as far as it has come. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.reporting.figures.periods import Period, after_month, month_end, month_start, span

_ROMAN: Final = ("I", "II", "III", "IV")


class Span(StrEnum):
    """How long the days of a report are."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS: Final[Mapping[Span, int]] = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}
EXAMPLES: Final[Mapping[Span, str]] = {Span.MONTH: "2020-11", Span.QUARTER: "2020-Q4", Span.YEAR: "2020"}
"""How periods are written."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report is of, seen from a day."""

    span: Span
    whole: Period
    """The days of the calendar's month, quarter or year."""
    today: date
    """From when it is seen: the day of what was known, or on which it is made."""

    @property
    def period(self) -> Period:
        """The days that figures are of: what is still to come is left out, unless nothing has come yet."""
        if self.whole.first <= self.today < self.whole.last:
            return Period(self.whole.first, self.today)
        return self.whole

    @property
    def is_over(self) -> bool:
        """Whether all its days have passed."""
        return self.whole.last < self.today

    @property
    def has_begun(self) -> bool:
        """Whether any of its days has come."""
        return self.whole.first <= self.today

    @property
    def months(self) -> Period:
        """The twelve months that end with the report's last, for trends."""
        return Period(after_month(month_start(self.period.last), -11), self.period.last)

    @property
    def words(self) -> str:
        """What it is called: `tháng 11 năm 2020`, `quý IV năm 2020`, `năm 2020`."""
        first = self.whole.first
        match self.span:
            case Span.MONTH:
                return f"tháng {first.month} năm {first.year}"
            case Span.QUARTER:
                return f"quý {_ROMAN[first.month // 3]} năm {first.year}"
            case Span.YEAR:
                return f"năm {first.year}"


def whole(kind: Span, text: str) -> Period | None:
    """Return the month, quarter or year that a text means; None where it means no such one."""
    found = span(text)
    if found is None or found.first == found.last:
        return None
    return found if after_month(found.first, _MONTHS[kind]) == after_month(found.last) else None


def last_over(kind: Span, today: date) -> Period:
    """Return the last one that is over before a day."""
    size = _MONTHS[kind]
    following = date(today.year, today.month - (today.month - 1) % size, 1)
    first = after_month(following, -size)
    return Period(first, month_end(after_month(first, size - 1)))
