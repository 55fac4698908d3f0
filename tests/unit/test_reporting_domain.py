from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.reporting.domain import (
    AGE_BANDS,
    OLDEST,
    Dimension,
    Group,
    count_members,
    count_organisations,
    day_number,
    mean_age,
    tabulate,
)

groups = st.lists(
    st.builds(
        Group,
        gender=st.sampled_from(["female", "male"]),
        standing=st.sampled_from(["probationary", "official"]),
        ethnic_minority=st.booleans(),
        religious=st.booleans(),
        youth_union=st.booleans(),
        age_band=st.integers(0, len(AGE_BANDS) - 1),
        count=st.integers(1, 50),
        years=st.integers(0, 5000),
    ),
    max_size=30,
)


def age_on(day: date, born: date) -> int:
    """Age as PostgreSQL works it out of two numbers."""
    return min(max((day_number(day) - day_number(born)) // 10_000, 0), OLDEST)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1990-11-30", "2020-11-29", 29),
        ("1990-11-30", "2020-11-30", 30),
        ("2000-02-29", "2021-02-28", 20),  # a year without the day: older on 1 March
        ("2000-02-29", "2021-03-01", 21),
        ("2000-02-29", "2024-02-28", 23),
        ("2000-02-29", "2024-02-29", 24),
        ("1999-02-28", "2024-02-29", 25),
        ("1999-03-01", "2024-02-29", 24),
        ("2020-11-30", "2020-11-30", 0),
        ("2021-05-05", "2020-11-30", 0),  # born later than the day: a wrong date, counted all the same
        ("1600-01-01", "2020-11-30", OLDEST),
    ],
)
def test_age_on_a_day(born, day, age):
    assert age_on(date.fromisoformat(day), date.fromisoformat(born)) == age


@given(st.dates(), st.dates())
@example(date(2023, 2, 28), date(2000, 2, 29))
@example(date(1, 1, 1), date(1, 1, 1))
def test_age_is_completed_years(day, born):
    completed = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    assert age_on(day, born) == max(0, min(OLDEST, completed))


def test_bands_of_party_reports():
    def band(age):
        return [band.label for band in AGE_BANDS if band.lowest <= age][-1]

    edges = [17, 18, 30, 31, 35, 36, 40, 41, 45, 46, 50, 51, 55, 56, 60, 61]
    assert [band(age) for age in edges] == [
        "under_18", "18-30", "18-30", "31-35", "31-35", "36-40", "36-40", "41-45", "41-45", "46-50", "46-50",
        "51-55", "51-55", "56-60", "56-60", "over_60",
    ]  # fmt: skip


@given(groups, st.lists(st.sampled_from(Dimension), unique=True, min_size=1))
def test_every_cross_table_sums_to_the_total(found, by):
    rows = tabulate(found, by)
    assert sum(row["count"] for row in rows) == count_members(found).total
    assert all(list(row) == [*by, "count"] for row in rows)
    assert len({tuple(row[dimension] for dimension in by) for row in rows}) == len(rows)


@given(groups)
def test_one_dimension_agrees_with_the_figures(found):
    def of(dimension, value):
        return sum(row["count"] for row in tabulate(found, [dimension]) if row[dimension] == value)

    members = count_members(found)
    assert of(Dimension.GENDER, "female") == members.women
    assert of(Dimension.ETHNIC_MINORITY, True) == members.ethnic_minority
    assert of(Dimension.RELIGION, True) == members.with_religion
    assert of(Dimension.YOUTH, True) == members.youth
    assert of(Dimension.STANDING, "probationary") == members.probationary
    assert of(Dimension.STANDING, "official") == members.official


def group(count, years, band=1):
    return Group("female", "official", False, False, False, band, count, years)


def test_table_is_ordered_by_age_and_names_its_bands():
    rows = tabulate([group(1, 70, 8), group(2, 34, 0), group(3, 99, 2)], [Dimension.AGE_BAND])
    assert rows == [
        {"age_band": "under_18", "count": 2},
        {"age_band": "31-35", "count": 3},
        {"age_band": "over_60", "count": 1},
    ]


def test_by_nothing_there_is_no_table():
    assert tabulate([group(1, 30)], []) == []


def test_mean_age():
    assert mean_age([]) is None
    assert mean_age([group(2, 61)]) == 30.5
    assert mean_age([group(20, 613)]) == 30.7  # 30.65: halves go up
    assert mean_age([group(3, 100), group(3, 100)]) == 33.3


def test_grassroots_organisations_are_committees_and_cells_under_the_bloc():
    counted = count_organisations(
        {
            "bloc": 1,
            "grassroots_committee": 32,
            "grassroots_cell": 36,
            "subordinate_cell": 206,
            "divisional_committee": 3,
        }
    )
    assert counted.grassroots_organisations == 68
    assert (counted.grassroots_committees, counted.grassroots_cells) == (32, 36)
    assert (counted.subordinate_cells, counted.divisional_committees) == (206, 3)
