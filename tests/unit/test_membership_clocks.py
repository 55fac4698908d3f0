"""The clocks of membership: examples at the ends of months, and what holds for any day."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from services.membership import clocks, thresholds
from services.membership.clocks import CountedFrom, Seniority
from services.membership.data import vietnamese_working_days
from services.membership.domain import full_months
from services.membership.working_days import WorkingDaysUnknown

CALENDAR = vietnamese_working_days()
ONE_DAY = timedelta(1)
days = st.dates(date(1930, 2, 3), date(2100, 12, 31))
months = st.integers(0, 12 * 90)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2019-03-03", 12, "2020-03-03"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-02-29", 48, "2024-02-29"),
        ("2019-02-28", 12, "2020-02-28"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2020-08-31", 1, "2020-09-30"),
        ("2020-12-31", 2, "2021-02-28"),
        ("2020-12-15", 1, "2021-01-15"),
        ("2020-05-05", 0, "2020-05-05"),
        ("2020-03-31", -1, "2020-02-29"),
    ],
)
def test_months_end_on_the_same_number_or_with_the_month(start: str, count: int, end: str):
    assert clocks.add_months(day(start), count) == day(end)


@given(days, months)
@example(day("2020-02-29"), 12)
def test_months_are_full_on_the_day_they_end_and_not_before(start: date, count: int):
    end = clocks.add_months(start, count)
    assert full_months(start, end) == count
    assert count == 0 or full_months(start, end - ONE_DAY) < count


@given(days, days, months)
@example(day("2020-02-29"), day("2020-02-28"), 12)
def test_who_starts_later_ends_no_earlier(one: date, other: date, count: int):
    first, second = sorted((one, other))
    assert clocks.add_months(first, count) <= clocks.add_months(second, count)


@given(st.dates(date(2030, 1, 1), date(2100, 12, 31)), months)
@example(day("2026-02-28"), 12 * 30)
@example(day("2021-02-28"), 12)
@example(day("2021-03-30"), 1)
def test_the_latest_start_is_the_last_that_is_full_in_time(until: date, count: int):
    latest = clocks.latest_start(until, count)
    assert clocks.add_months(latest, count) <= until
    assert clocks.add_months(latest + ONE_DAY, count) > until


# Probation


@pytest.mark.parametrize(
    ("admitted", "reminder", "end", "deadline"),
    [
        ("2019-03-03", "2020-01-07", "2020-03-03", "2020-04-15"),  # over Giỗ Tổ, 2/4/2020
        ("2018-12-20", "2019-10-25", "2019-12-20", "2020-02-10"),  # over New Year and Tết
        ("2020-02-29", "2021-01-03", "2021-02-28", "2021-04-09"),  # ends on a Sunday
    ],
)
def test_a_probation_from_the_ceremony_to_the_last_day_of_its_review(admitted, reminder, end, deadline):
    assert clocks.probation_reminder(day(admitted)) == day(reminder)
    assert clocks.probation_end(day(admitted)) == day(end)
    assert clocks.review_deadline(day(admitted), CALENDAR) == day(deadline)


@given(st.dates(date(2017, 7, 1), date(2026, 8, 1)), st.integers(-3, 3) | st.integers(-60, 60))
def test_overdue_is_who_was_admitted_by_the_latest_day(admitted: date, late: int):
    on = clocks.review_deadline(admitted, CALENDAR) + timedelta(late)
    assert (admitted <= clocks.latest_admission_overdue(on, CALENDAR)) == (late > 0)


@given(st.dates(date(2017, 1, 1), date(2026, 10, 1)))
def test_reminder_end_and_deadline_come_in_their_order(admitted: date):
    end = clocks.probation_end(admitted)
    assert admitted < clocks.probation_reminder(admitted) < end < clocks.review_deadline(admitted, CALENDAR)


@pytest.mark.parametrize("admitted", [date(2016, 12, 31), date(2026, 12, 1)])
def test_a_deadline_in_a_year_without_calendar_is_not_guessed(admitted: date):
    with pytest.raises(WorkingDaysUnknown):
        clocks.review_deadline(admitted, CALENDAR)


# Party age and badges


def test_party_age_counts_from_the_decision_and_says_so():
    known = Seniority.of(date(1990, 3, 3), date(1990, 2, 1))
    assert known == Seniority(date(1990, 2, 1), CountedFrom.ADMISSION_DECISION)
    assert Seniority.of(date(1990, 3, 3), None) == Seniority(date(1990, 3, 3), CountedFrom.ADMISSION)


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        ("1990-02-01", "2020-01-31", 29),
        ("1990-02-01", "2020-02-01", 30),
        ("1996-02-29", "2026-02-27", 29),
        ("1996-02-29", "2026-02-28", 30),
        ("2020-02-01", "2020-01-01", 0),
        ("2020-02-01", "2010-01-01", 0),
    ],
)
def test_party_age_is_in_full_years(since: str, on: str, years: int):
    assert Seniority.of(day(since), None).party_age_on(day(on)) == years


def test_the_badges_are_those_of_the_guidance():
    assert thresholds.BADGE_YEARS.values == (30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90)


@pytest.mark.parametrize(
    ("since", "years", "award_day"),
    [
        ("1990-02-03", 30, "2020-02-03"),
        ("1990-02-04", 30, "2020-05-19"),
        ("1990-11-07", 30, "2020-11-07"),
        ("1990-11-08", 30, "2021-02-03"),
        ("1980-09-02", 40, "2020-09-02"),
        ("1996-02-29", 30, "2026-05-19"),
    ],
)
def test_a_badge_is_due_on_the_first_award_day_on_which_its_years_are_full(since, years, award_day):
    assert Seniority.of(day(since), None).award_day_of(years) == day(award_day)


@given(days, st.sampled_from(thresholds.BADGE_YEARS.values))
def test_a_window_of_an_award_day_holds_those_whose_badge_is_due_on_it(since: date, years: int):
    award_day = Seniority.of(since, None).award_day_of(years)
    for asked in (clocks.award_day_before(award_day), award_day, clocks.award_day_from(award_day + ONE_DAY)):
        (window,) = [one for one in clocks.badge_windows(asked) if one.years == years]
        assert (window.first <= since <= window.last) == (asked == award_day)


@given(days)
def test_award_days_follow_one_another(on: date):
    following = clocks.award_day_from(on)
    assert clocks.is_award_day(following)
    assert clocks.award_day_before(following) < on <= following
    assume(not clocks.is_award_day(on))
    assert clocks.award_day_before(on) == clocks.award_day_before(following)


def test_windows_are_for_award_days_only():
    with pytest.raises(ValueError, match="2020-02-04"):
        clocks.badge_windows(date(2020, 2, 4))


def test_on_an_award_day_before_any_membership_nothing_is_due():
    assert clocks.badge_windows(date(1, 2, 3)) == []
    assert [window.years for window in clocks.badge_windows(date(33, 2, 3))] == [30]
