"""The clocks of membership: the end of probation and its review, party age, and when a badge is due.

Pure; the figures and their sources are in `thresholds`. A span of months ends on the day of the same number, or
on the last day of a month that has no such day (Bộ luật Dân sự 2015, Điều 148 khoản 3), as
`domain.full_months` counts.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.membership import thresholds
from services.membership.domain import full_months
from services.membership.working_days import WorkingDayCalendar


def add_months(day: date, months: int) -> date:
    """Return the day on which `months` months after `day` are full. Raises ValueError past the year 9999."""
    year, month = _shifted(day, months)
    return date(year, month, min(day.day, _days_of_month(year, month)))


def latest_start(until: date, months: int) -> date:
    """Return the latest day from which `months` months are full by `until`: the inverse of `add_months`.

    Raises ValueError before the year 1.
    """
    year, month = _shifted(until, -months)
    last = _days_of_month(year, month)
    ends_its_month = until.day == _days_of_month(until.year, until.month)
    return date(year, month, last if ends_its_month else min(until.day, last))


# Admission and probation


def ceremony_deadline(decided_on: date, working_days: WorkingDayCalendar) -> date:
    """Return the last day of an admission ceremony in time. Raises WorkingDaysUnknown."""
    return working_days.add_working_days(decided_on, thresholds.CEREMONY_WORKING_DAYS.value)


def probation_end(admitted_on: date) -> date:
    """Return the day on which probation is over, counted from the admission ceremony.

    From this day on the confirmation review is due, and confirmation counts from it however late it is decided.
    """
    return add_months(admitted_on, thresholds.PROBATION_MONTHS.value)


def probation_reminder(admitted_on: date) -> date:
    """Return the day from which the office is reminded of a confirmation to come."""
    return probation_end(admitted_on) - reminder_span()


def reminder_span() -> timedelta:
    """Return how long before the end of probation the office is reminded."""
    return timedelta(weeks=thresholds.PROBATION_REMINDER.value)


def review_deadline(admitted_on: date, working_days: WorkingDayCalendar) -> date:
    """Return the last day on which the confirmation review is in time. Raises WorkingDaysUnknown."""
    return working_days.add_working_days(probation_end(admitted_on), thresholds.CONFIRMATION_REVIEW.value)


def latest_admission_overdue(day: date, working_days: WorkingDayCalendar) -> date:
    """Return the latest day of admission whose review deadline is past on `day`. Raises WorkingDaysUnknown."""
    yesterday = day - timedelta(1)
    ended_by = working_days.latest_start(yesterday, thresholds.CONFIRMATION_REVIEW.value)
    return latest_start(ended_by, thresholds.PROBATION_MONTHS.value)


# Party age and badges


class CountedFrom(StrEnum):
    """What party age is counted from."""

    ADMISSION_DECISION = "admission_decision"
    """The date of the decision on admission, as the rule has it."""
    ADMISSION = "admission"
    """The day of the ceremony, where only that is known: some weeks too late at most."""


@dataclass(frozen=True, slots=True)
class Seniority:
    """From when the party age of a member counts (Điều lệ Đảng, Điều 5 khoản 4: the decision on admission)."""

    since: date
    counted_from: CountedFrom

    @classmethod
    def of(cls, admitted_on: date, decision_date: date | None) -> "Seniority":
        """Return the seniority from the decision on admission; from the ceremony where none before it is known."""
        if decision_date is None or decision_date > admitted_on:
            return cls(admitted_on, CountedFrom.ADMISSION)
        return cls(decision_date, CountedFrom.ADMISSION_DECISION)

    def stated_since(self, admitted_on: date) -> date | None:
        """Return from when it counts as events state it: None where that is the day of admission."""
        return None if self.since == admitted_on else self.since

    def party_age_on(self, day: date) -> int:
        """Return the full years of party age (tuổi đảng) on `day`; 0 before it begins."""
        return max(full_months(self.since, day) // 12, 0)

    def award_day_of(self, years: int) -> date:
        """Return the award day on which the badge of `years` years is due: the first one on which they are full.

        Raises ValueError past the year 9999.
        """
        return award_day_from(add_months(self.since, 12 * years))

    def next_badge_on(self, day: date) -> int | None:
        """Return the years of the first badge whose award day is `day` or later; None after the last of them."""
        for years in thresholds.BADGE_YEARS.values:
            try:
                if self.award_day_of(years) >= day:
                    return years
            except ValueError:  # past the year 9999
                return None
        return None


@dataclass(frozen=True, slots=True)
class BadgeWindow:
    """The days from which party age must count for a badge of `years` to fall due on an award day."""

    years: int
    first: date
    last: date

    @property
    def days(self) -> Iterator[date]:
        """Each day of it."""
        return (self.first + timedelta(number) for number in range((self.last - self.first).days + 1))


def badge_windows(award_day: date) -> list[BadgeWindow]:
    """Return a window for each badge that can fall due on an award day.

    Raises ValueError where `award_day` is none.
    """
    if not is_award_day(award_day):
        raise ValueError(f"{award_day} is no award day")
    windows = []
    for years in thresholds.BADGE_YEARS.values:
        if award_day.year - years > 1:
            last_before = latest_start(award_day_before(award_day), 12 * years)
            last = latest_start(award_day, 12 * years)
            windows.append(BadgeWindow(years, last_before + timedelta(1), last))
    return windows


def is_award_day(day: date) -> bool:
    """Return whether badges are awarded on `day`."""
    return (day.month, day.day) in thresholds.AWARD_DAYS.days


def award_day_from(day: date) -> date:
    """Return the first award day on `day` or after it. Raises ValueError in the year 9999."""
    return next(award for award in _award_days(day.year, day.year + 1) if award >= day)


def award_day_before(day: date) -> date:
    """Return the last award day before `day`. Raises ValueError in the year 1."""
    return next(award for award in reversed(_award_days(day.year - 1, day.year)) if award < day)


def _award_days(*years: int) -> list[date]:
    return [date(year, *month_and_day) for year in years for month_and_day in thresholds.AWARD_DAYS.days]


def _shifted(day: date, months: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + months, 12)
    return day.year + years, month + 1


def _days_of_month(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
