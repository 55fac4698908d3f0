"""How figures are counted and printed."""

import pytest

from bench.figures import Aim, Baseline, Figure, header, median, number, percentile, row


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (1, 1), (50, 50), (99, 99), (99.5, 100), (100, 100)])
def test_a_percentile_is_the_value_of_the_nearest_rank(percent, value):
    assert percentile(list(range(100, 0, -1)), percent) == value


def test_of_one_value_every_percentile_is_that_value():
    assert percentile([7.0], 50) == percentile([7.0], 99) == 7.0


def test_nothing_measured_is_an_error_and_no_figure():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_the_median_is_one_of_the_values():
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert median([4.0, 1.0, 2.0, 3.0]) == 2.0


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (123456.7, "123,457"), (100, "100"), (99.94, "99.9"), (9.999, "10.00"), (0.01234, "0.0123")],
)
def test_numbers_have_three_digits_or_all_whole_ones(value, text):
    assert number(value) == text


def test_a_row_tells_the_ratio_and_whether_the_aim_is_met():
    figure = Figure("replay", 50_000, "events/s", Baseline("getmany", 200_000), Aim(100_000, at_least=True))
    cells = [cell.strip() for cell in row(figure).strip("|").split("|")]
    assert cells == ["replay", "50,000", "events/s", "getmany: 200,000", "0.250", "≥ 100,000: missed"]


def test_an_aim_counts_its_own_bound_as_met():
    assert Aim(10).is_met_by(10)
    assert not Aim(10).is_met_by(10.01)
    assert Aim(10, at_least=True).is_met_by(10)
    assert not Aim(10, at_least=True).is_met_by(9.99)


def test_without_a_baseline_there_is_no_ratio():
    assert Figure("a", 1, "ms").ratio is None
    assert Figure("a", 1, "ms", Baseline("nothing", 0)).ratio is None


def test_head_and_rows_have_the_same_columns():
    head, line = header().splitlines()
    assert {head.count("|"), line.count("|"), row(Figure("a", 1, "ms")).count("|")} == {7}
