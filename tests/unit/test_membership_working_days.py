"""Working days: the calendar's data against the law, and reckoning with them against counting day by day."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.data import vietnamese_working_days
from services.membership.working_days import (
    CalendarEntry,
    Certainty,
    DayKind,
    WorkingDayCalendar,
    WorkingDaysUnknown,
    parse_calendar,
)

CALENDAR = vietnamese_working_days()
ONE_DAY = timedelta(1)
YEARS = range(2018, 2028)
days = st.dates(date(2018, 1, 1), date(2027, 12, 31))
days_not_late = st.dates(date(2018, 1, 1), date(2026, 12, 31))
counts = st.integers(0, 200)


def entries(*kinds: DayKind, year: int | None = None) -> list[CalendarEntry]:
    return [one for one in CALENDAR.entries if one.kind in kinds and year in {None, one.day.year}]


def entry(day: str, kind: DayKind) -> CalendarEntry:
    return CalendarEntry(date.fromisoformat(day), kind, Certainty.LAW, "", "")


def counted(after: date, until: date) -> int:
    """Count working days one by one, from the calendar's yes or no alone."""
    return sum(
        CALENDAR.is_working_day(after + timedelta(number)) for number in range(1, (until - after).days + 1)
    )


# The data


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_the_holidays_of_the_law(year: int):
    # Ten days (2012, Điều 115), a second one for 2/9 from 2021 on (2019, Điều 112), 24/11 from 2026 on.
    holidays = [one.day for one in entries(DayKind.HOLIDAY, year=year)]
    assert len(holidays) == 10 + (year >= 2021) + (year >= 2026)
    for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
        assert date(year, month, day) in holidays
    second = {date(year, 9, 1), date(year, 9, 3)} & set(holidays)
    assert len(second) == (year >= 2021)
    new_year = [one.day for one in entries(DayKind.HOLIDAY, year=year) if one.name.startswith("Tết Âm lịch")]
    assert new_year == [new_year[0] + timedelta(number) for number in range(5)]


@pytest.mark.parametrize("year", YEARS)
def test_a_holiday_on_a_weekend_is_made_good_by_one_of_the_next_working_days(year: int):
    lost = [one.day for one in entries(DayKind.HOLIDAY, year=year) if one.day.weekday() >= 5]
    made_good = [one.day for one in entries(DayKind.COMPENSATION, year=year)]
    assert len(made_good) == len(lost)
    for before, after in zip(lost, made_good, strict=True):
        assert before < after
        assert counted(before, after) == 0


def test_each_day_exchanged_has_its_saturday():
    off = [one.day for one in entries(DayKind.EXCHANGED_OFF)]
    worked = [one.day for one in entries(DayKind.EXCHANGED_ON)]
    assert len(off) == len(worked) == 6
    assert {day.weekday() for day in worked} == {5}
    assert all(abs(one - other) < timedelta(15) for one, other in zip(off, worked, strict=True))


def test_each_entry_says_how_sure_it_is_and_where_it_stands():
    assert all(one.source and one.name for one in CALENDAR.entries)
    # Where a past year was announced, nothing may be left as an expectation.
    expected = Counter(one.day.year for one in CALENDAR.entries if one.certainty is Certainty.EXPECTED)
    assert set(expected) == {2026, 2027}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        # The breaks that the yearly notices gave, weekends included.
        ("2018-02-14", "2018-02-20"), ("2018-12-29", "2019-01-01"), ("2019-02-02", "2019-02-10"),
        ("2019-04-27", "2019-05-01"), ("2020-01-23", "2020-01-29"), ("2021-02-10", "2021-02-16"),
        ("2021-04-30", "2021-05-03"), ("2021-09-02", "2021-09-05"), ("2022-01-29", "2022-02-06"),
        ("2023-01-20", "2023-01-26"), ("2023-04-29", "2023-05-03"), ("2023-09-01", "2023-09-04"),
        ("2024-02-08", "2024-02-14"), ("2024-04-27", "2024-05-01"), ("2025-01-25", "2025-02-02"),
        ("2025-04-30", "2025-05-04"), ("2026-01-01", "2026-01-04"), ("2026-02-14", "2026-02-22"),
        ("2026-08-29", "2026-09-02"),
    ],
)  # fmt: skip
def test_a_break_is_as_long_as_it_was_announced(first: str, last: str):
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    assert counted(start - ONE_DAY, end) == 0
    assert CALENDAR.is_working_day(start - ONE_DAY)
    assert CALENDAR.is_working_day(end + ONE_DAY)


# Reckoning


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2020-03-02", 1, "2020-03-03"),
        ("2020-03-06", 1, "2020-03-09"),  # from Friday to Monday
        ("2020-03-07", 1, "2020-03-09"),  # a limit may start on a Saturday
        ("2020-03-07", 0, "2020-03-07"),
        ("2020-01-22", 1, "2020-01-30"),  # over Tết
        ("2019-01-03", 2, "2019-01-05"),  # a Saturday worked counts
        ("2019-12-31", 30, "2020-02-19"),  # from one year into the next, over New Year and Tết
        ("2020-06-01", 60, "2020-08-24"),
    ],
)
def test_a_limit_ends_with_its_last_working_day(start: str, count: int, end: str):
    assert CALENDAR.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(end)


@given(days_not_late, counts)
def test_adding_is_counting(start: date, count: int):
    end = CALENDAR.add_working_days(start, count)
    assert counted(start, end) == CALENDAR.working_days_between(start, end) == count
    assert count == 0 or CALENDAR.is_working_day(end)


@given(days_not_late, st.integers(0, 60), st.integers(0, 60))
def test_a_limit_in_two_parts_is_the_whole_limit(start: date, one: int, other: int):
    whole = CALENDAR.add_working_days(start, one + other)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, one), other) == whole


@given(days_not_late, days_not_late, counts)
def test_who_starts_later_is_not_done_earlier(one: date, other: date, count: int):
    first, second = sorted((one, other))
    assert CALENDAR.add_working_days(first, count) <= CALENDAR.add_working_days(second, count)


@given(st.dates(date(2019, 1, 1), date(2027, 1, 31)), counts)
def test_the_latest_start_is_the_last_that_is_in_time(until: date, count: int):
    latest = CALENDAR.latest_start(until, count)
    assert CALENDAR.add_working_days(latest, count) <= until
    assert CALENDAR.add_working_days(latest + ONE_DAY, count) > until


@given(days, days, days)
def test_spans_add_up_whichever_way(one: date, other: date, third: date):
    between = CALENDAR.working_days_between
    assert between(one, other) == -between(other, one)
    assert between(one, other) + between(other, third) == between(one, third)


def test_what_rests_on_an_expectation_is_not_certain():
    assert CALENDAR.is_certain_between(date(2026, 9, 1), date(2026, 11, 23))
    assert not CALENDAR.is_certain_between(date(2026, 9, 1), date(2026, 11, 24))
    assert CALENDAR.is_certain_between(date(2026, 11, 24), date(2027, 2, 3))


@pytest.mark.parametrize(
    "reckon",
    [
        lambda: CALENDAR.is_working_day(date(2017, 12, 29)),
        lambda: CALENDAR.add_working_days(date(2017, 12, 31), 1),
        lambda: CALENDAR.add_working_days(date(2027, 12, 31), 1),
        lambda: CALENDAR.add_working_days(date(2027, 11, 15), 60),
        lambda: CALENDAR.latest_start(date(2018, 1, 1), 1),
        lambda: CALENDAR.latest_start(date(2018, 2, 1), 60),
        lambda: CALENDAR.latest_start(date(2028, 1, 1), 0),
        lambda: CALENDAR.working_days_between(date(2017, 12, 31), date(2018, 1, 2)),
        lambda: CALENDAR.is_certain_between(date(2027, 1, 1), date.max),
    ],
)
def test_a_year_without_data_is_never_guessed(reckon):
    with pytest.raises(WorkingDaysUnknown, match="2018 to 2027"):
        reckon()


@pytest.mark.parametrize("reckon", [CALENDAR.add_working_days, CALENDAR.latest_start])
def test_a_limit_is_not_negative(reckon):
    with pytest.raises(ValueError, match="not negative"):
        reckon(date(2020, 1, 1), -1)


NEW_YEAR = entry("2020-01-01", DayKind.HOLIDAY)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "must follow"),
        ([NEW_YEAR, entry("2022-01-01", DayKind.HOLIDAY)], "must follow"),
        ([NEW_YEAR, entry("2021-05-01", DayKind.HOLIDAY)], r"without a New Year holiday: \[2021\]"),
        ([NEW_YEAR, entry("2020-01-01", DayKind.COMPENSATION)], "2020-01-01 stands twice"),
        ([NEW_YEAR, entry("2020-01-04", DayKind.COMPENSATION)], "2020-01-04 is a Saturday"),
        ([NEW_YEAR, entry("2020-01-05", DayKind.EXCHANGED_OFF)], "2020-01-05 is a Sunday"),
        ([NEW_YEAR, entry("2020-01-06", DayKind.EXCHANGED_ON)], "2020-01-06 is a Monday"),
    ],
)
def test_data_that_cannot_be_is_refused(wrong: list[CalendarEntry], said: str):
    with pytest.raises(ValueError, match=said):
        WorkingDayCalendar(wrong)


def test_a_file_is_read_by_its_columns():
    read = parse_calendar(
        ["kind,day,name,source,certainty", 'holiday,2020-01-01,Tết Dương lịch,"Điều 115, khoản 1",law']
    )
    assert read.entries == (
        CalendarEntry(
            date(2020, 1, 1), DayKind.HOLIDAY, Certainty.LAW, "Tết Dương lịch", "Điều 115, khoản 1"
        ),
    )
