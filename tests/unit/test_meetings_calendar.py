"""Months and quarters that a cell owes, at their edges."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replicas.membership.existence import Existence
from services.meetings.calendar import Month, Quarter, local_day, months, months_due, quarters_due

some_months = st.builds(Month, st.integers(1990, 2090), st.integers(1, 12))


def test_a_month_ends_when_it_ends_in_viet_nam():
    """An hour of UTC's old month is the new one already, seven hours ahead."""
    assert Month(2020, 11).ends_at == datetime(2020, 11, 30, 17, tzinfo=UTC)
    assert local_day(datetime(2020, 11, 30, 16, 59, 59, tzinfo=UTC)) == date(2020, 11, 30)
    assert local_day(datetime(2020, 11, 30, 17, tzinfo=UTC)) == date(2020, 12, 1)
    assert Month(2020, 12).ends_at == datetime(2020, 12, 31, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "number", "day"),
    [
        (Month(2020, 2), 29, date(2020, 2, 29)),
        (Month(2021, 2), 29, date(2021, 2, 28)),
        (Month(2020, 4), 31, date(2020, 4, 30)),
        (Month(2020, 5), 31, date(2020, 5, 31)),
        (Month(2020, 5), 3, date(2020, 5, 3)),
    ],
)
def test_a_regular_day_that_a_month_does_not_have_is_its_last(month, number, day):
    assert month.day(number) == day


def test_a_cell_owes_the_months_in_which_it_is_there_from_first_to_last():
    due = months_due(Existence(date(2020, 1, 2), date(2020, 6, 30)), Month(2019, 11), Month(2020, 12))
    assert due == [Month(2020, 2), Month(2020, 3), Month(2020, 4), Month(2020, 5)]
    assert months_due(Existence(date(2020, 1, 1), date(2020, 7, 1)), Month(2020, 1), Month(2020, 12)) == [
        Month(2020, number) for number in range(1, 7)
    ]


def test_a_thematic_meeting_is_owed_in_a_whole_quarter():
    assert quarters_due(Existence(date(2020, 1, 1)), Month(2020, 1), Month(2020, 11)) == [
        Quarter(2020, 1),
        Quarter(2020, 2),
        Quarter(2020, 3),
    ]
    assert quarters_due(Existence(date(2020, 1, 2)), Month(2020, 1), Month(2020, 6)) == [Quarter(2020, 2)]


@given(some_months, st.integers(0, 40))
def test_months_follow_each_other_without_gap_or_overlap(first, number):
    last = first
    for _ in range(number):
        last = last.following
    between = list(months(first, last))
    assert len(between) == number + 1
    for one, other in pairwise(between):
        assert (other.first - one.last).days == 1
        assert one in one.quarter.months


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1900 < at.year < 2100))
def test_every_instant_is_of_one_month(at):
    month = Month.of(local_day(at))
    assert at < month.ends_at
    assert month.first <= local_day(at) <= month.last
