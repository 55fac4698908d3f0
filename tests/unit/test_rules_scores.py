"""Points of a meeting: within the rubric of its day, their grade, and what the facts do not bear out."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.guidance import Criterion, MeetingGrade, guidances
from rules.scores import Score, ScoreError, doubtful

NOW = guidances().on(date(2026, 1, 5))
THEN = guidances().on(date(2020, 11, 5))


def full(guidance=NOW, **less):
    return Score(
        {one: Decimal(most) - less.get(one.value, 0) for one, most in guidance.rubric.items()}, guidance
    )


@pytest.mark.parametrize(
    ("lost", "grade"),
    [
        (0, MeetingGrade.GOOD),
        (10, MeetingGrade.GOOD),
        (Decimal("10.25"), MeetingGrade.FAIR),
        (25, MeetingGrade.FAIR),
    ],
)
def test_a_grade_begins_with_its_bar(lost, grade):
    score = full(content=lost)
    assert (score.total, score.grade) == (100 - lost, grade)


def test_the_lower_grades():
    assert full(content=25, results=5).grade is MeetingGrade.FAIR
    assert full(content=25, results=Decimal("5.25")).grade is MeetingGrade.AVERAGE
    assert full(content=25, results=25).grade is MeetingGrade.AVERAGE
    assert full(content=25, results=Decimal("25.25")).grade is MeetingGrade.POOR


@pytest.mark.parametrize("points", [Decimal("5.25"), Decimal("-0.25"), Decimal("1.1")])
def test_points_outside_the_rubric_are_refused_where_they_are(points):
    given_points = {**full().points, Criterion.CLOSING: points}
    with pytest.raises(ScoreError) as error:
        Score(given_points, NOW)
    assert error.value.criterion is Criterion.CLOSING


def test_a_criterion_left_out_is_refused():
    points = dict(full().points)
    del points[Criterion.RESULTS]
    with pytest.raises(ScoreError) as error:
        Score(points, NOW)
    assert error.value.criterion is Criterion.RESULTS


def test_full_points_that_the_facts_do_not_bear_out():
    short = {"minutes": 89, "combined": False, "rate": Fraction(9, 10)}
    assert doubtful(full(), **short) == [Criterion.DURATION]
    assert doubtful(full(), **{**short, "minutes": 90}) == []
    assert doubtful(full(), minutes=119, combined=True, rate=None) == [Criterion.DURATION]
    assert doubtful(full(duration=1), **short) == []
    assert doubtful(full(), minutes=None, combined=False, rate=Fraction(8, 9)) == [Criterion.ATTENDANCE]


def test_the_bar_of_attendance_changed_with_the_guidance():
    """More than 85 % in 2018, 90 % or more in 2025 (DOMAIN: quality score)."""
    at = {"minutes": None, "combined": False}
    assert doubtful(full(THEN), rate=Fraction(85, 100), **at) == [Criterion.ATTENDANCE]
    assert doubtful(full(THEN), rate=Fraction(86, 100), **at) == []
    assert doubtful(full(NOW), rate=Fraction(86, 100), **at) == [Criterion.ATTENDANCE]
    assert doubtful(full(NOW), rate=Fraction(90, 100), **at) == []
    # Nobody is asked for a length of time by the guidance of 2018.
    assert doubtful(full(THEN), minutes=10, combined=True, rate=None) == []


@given(st.fixed_dictionaries({one: st.integers(0, 4 * most) for one, most in NOW.rubric.items()}))
def test_a_grade_never_rises_when_points_fall(quarters):
    points = {one: Decimal(number) / 4 for one, number in quarters.items()}
    order = list(MeetingGrade)
    higher = Score(points, NOW)
    for criterion, given_points in points.items():
        if given_points:
            lower = Score({**points, criterion: given_points - Decimal("0.25")}, NOW)
            assert order.index(lower.grade) >= order.index(higher.grade)


def test_whoever_was_away_too_often_makes_full_points_of_attendance_doubtful():
    facts = {"minutes": 95, "combined": False, "rate": Fraction(9, 10)}
    assert doubtful(full(THEN), **facts) == []
    assert doubtful(full(THEN), **facts, absences=1) == [Criterion.ATTENDANCE]
