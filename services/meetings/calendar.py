"""Which months and quarters a cell owes a meeting, in Asia/Ho_Chi_Minh. Pure.

One regular meeting a month, one thematic a quarter (DOMAIN: kinds). A cell owes a month if it is there on each of
its days [C]: one that is founded in the middle of a month meets first in the next.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, NamedTuple

from replicas.membership.existence import Existence

VIETNAM: Final = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh: no summer time, so no tables are needed."""

_MONTHS_OF_QUARTER: Final = 3


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month of a day."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def preceding(self) -> "Month":
        """The month before it."""
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @property
    def quarter(self) -> "Quarter":
        """The quarter it is in."""
        return Quarter(self.year, (self.month - 1) // _MONTHS_OF_QUARTER + 1)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return datetime(*self.following.first.timetuple()[:3], tzinfo=VIETNAM).astimezone(UTC)

    def day(self, number: int) -> date:
        """Return the day of that number, or the last one in a month that has fewer (the 31st, 29 February)."""
        return date(self.year, self.month, min(number, self.last.day))


class Quarter(NamedTuple):
    """A quarter of a year, from 1 to 4."""

    year: int
    number: int

    @property
    def months(self) -> tuple[Month, Month, Month]:
        """Its months."""
        first = (self.number - 1) * _MONTHS_OF_QUARTER + 1
        return Month(self.year, first), Month(self.year, first + 1), Month(self.year, first + 2)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.months[-1].last


def months(first: Month, last: Month) -> Iterator[Month]:
    """Yield the months from one to another, both included."""
    month = first
    while month <= last:
        yield month
        month = month.following


def months_due(cell: Existence, first: Month, last: Month) -> list[Month]:
    """Return the months, from one to another, in which a cell owes a regular meeting."""
    return [month for month in months(first, last) if cell.covers(month.first, month.last)]


def due_between(cell: Existence, first: Month, last: Month) -> tuple[Month, Month] | None:
    """Return the first and the last of the months that `months_due` gives; None where it gives none."""
    since, until = Month.of(cell.since), None if cell.until is None else Month.of(cell.until)
    begins = max(first, since if cell.since == since.first else since.following)
    ends = last if until is None else min(last, until.preceding)
    return (begins, ends) if begins <= ends else None


def quarters_due(cell: Existence, first: Month, last: Month) -> list[Quarter]:
    """Return the quarters that lie wholly between two months and in which a cell owes a thematic meeting."""
    due = set(months_due(cell, first, last))
    quarters = dict.fromkeys(month.quarter for month in months(first, last))
    return [quarter for quarter in quarters if due.issuperset(quarter.months)]


def local_day(at: datetime) -> date:
    """Return which day it is in Việt Nam at an instant."""
    return at.astimezone(VIETNAM).date()
