"""Regular days, themes of a year, and the meetings that follow from them."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.meeting_plans import RegularDay
from rules.guidance import guidances
from services.meetings.calendar import Month, Quarter, local_day
from services.meetings.faults import FaultsFound
from services.meetings.plans.domain import (
    CellCalendar,
    Regular,
    Theme,
    YearPlan,
    decide_calendar,
    decide_year_plan,
    planned_in,
)
from services.meetings.plans.topics import parse_topics, topics

CELL = UUID(int=1)
GUIDANCE = guidances().on(date(2020, 1, 1))
QUARTERS = [Quarter(2020, number) for number in range(1, 5)]
EMPTY = CellCalendar(cell_id=CELL)


def regular(day=3, from_on=date(2020, 1, 1), at=time(14, 30)):
    return Regular(from_on=from_on, day=day, starts_at=at, place="Phòng họp")


def calendar(*days):
    found = EMPTY
    for one in days:
        found = decide_calendar(found, one).state
    return found


def test_a_calendar_says_what_holds_on_a_day_whenever_it_was_set():
    found = calendar(regular(5, date(2020, 7, 1)), regular(3))
    assert [one.day for one in found.days] == [3, 5]
    assert found.on(date(2019, 12, 31)) is None
    assert (found.on(date(2020, 6, 30)).day, found.on(date(2020, 7, 1)).day) == (3, 5)
    decided = decide_calendar(found, regular(9, date(2020, 3, 1)))
    assert decided.event.before == RegularDay(day=3, starts_at=time(14, 30))
    assert decided.event.after == RegularDay(day=9, starts_at=time(14, 30))
    assert (decided.state.version, len(decided.state.days)) == (3, 3)
    replaced = decide_calendar(found, regular(9))
    assert [one.day for one in replaced.state.days] == [9, 5]


def test_what_is_so_already_is_refused():
    with pytest.raises(FaultsFound, match="nothing-changes"):
        decide_calendar(calendar(regular()), regular(from_on=date(2020, 5, 1)))


@pytest.mark.parametrize(
    ("day", "month", "expected"),
    [
        (31, Month(2020, 2), datetime(2020, 2, 29, 7, 30, tzinfo=UTC)),
        (29, Month(2021, 2), datetime(2021, 2, 28, 7, 30, tzinfo=UTC)),
        (31, Month(2020, 4), datetime(2020, 4, 30, 7, 30, tzinfo=UTC)),
        (3, Month(2020, 11), datetime(2020, 11, 3, 7, 30, tzinfo=UTC)),
    ],
)
def test_when_a_month_has_its_regular_meeting(day, month, expected):
    starts_at, _ = calendar(regular(day)).meeting_in(month)
    assert starts_at == expected


def test_before_seven_it_is_the_day_before_in_utc_and_still_that_day_in_viet_nam():
    starts_at, _ = calendar(regular(1, at=time(6))).meeting_in(Month(2020, 3))
    assert starts_at.astimezone(UTC).date() == date(2020, 2, 29)
    assert local_day(starts_at) == date(2020, 3, 1)


changes = st.lists(
    st.builds(regular, st.integers(1, 31), st.dates(date(2020, 1, 1), date(2020, 12, 31))), max_size=4
)


@given(changes, st.integers(1, 12))
def test_a_regular_meeting_is_in_its_month_by_what_holds_on_its_day(days, number):
    found = EMPTY
    for one in days:
        try:
            found = decide_calendar(found, one).state
        except FaultsFound:
            continue
    month = Month(2020, number)
    planned = planned_in(found, {}, month)
    if planned is None:
        assert all(found.on(month.day(one.day)) != one for one in found.days)
    else:
        day = local_day(planned.starts_at)
        assert Month.of(day) == month
        assert month.day(found.on(day).day) == day


def test_a_theme_goes_with_the_regular_meeting_of_its_month():
    themes = {Month(2020, 3): Theme("Nêu gương")}
    assert planned_in(calendar(regular()), themes, Month(2020, 3)).theme == "Nêu gương"
    assert planned_in(calendar(regular()), themes, Month(2020, 4)).theme is None


def test_a_quarter_that_owes_a_theme_and_has_none_is_warned_of():
    plan = YearPlan(cell_id=CELL, year=2020)
    themes = [(Month(2020, 11), Theme("Hai")), (Month(2020, 2), Theme("Một", "2020-dai-hoi"))]
    decided = decide_year_plan(plan, themes, owed=QUARTERS[1:], guidance=GUIDANCE)
    assert [warning.parameters["quarter"] for warning in decided.warnings] == ["2/2020", "3/2020"]
    assert [(one.month, one.topic) for one in decided.event.after] == [
        (date(2020, 2, 1), "2020-dai-hoi"), (date(2020, 11, 1), None),
    ]  # fmt: skip
    again = decide_year_plan(decided.state, [], owed=[], guidance=GUIDANCE)
    assert (again.event.before, again.event.after, again.warnings) == (decided.event.after, (), ())


def test_months_of_a_plan_that_cannot_be():
    plan = YearPlan(cell_id=CELL, year=2020)
    themes = [(Month(2021, 1), Theme("Một")), (Month(2020, 2), Theme("Hai")), (Month(2020, 2), Theme("Ba"))]
    with pytest.raises(FaultsFound) as found:
        decide_year_plan(plan, themes, owed=QUARTERS, guidance=GUIDANCE)
    assert [fault.code for fault in found.value.faults] == ["month-of-another-year", "month-twice"]


def test_the_catalogue_has_the_topics_of_2020():
    assert [topic.year for topic in topics().values()] == [2020] * 6
    twice = '[[topic]]\ncode = "a"\nyear = 2020\nname = "A"\n' * 2
    with pytest.raises(ValueError, match="two topics"):
        parse_topics(twice)
