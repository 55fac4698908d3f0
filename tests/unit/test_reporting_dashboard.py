"""How the dashboard writes numbers and days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.dashboard import wording


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2712, 0, "2.712"),
        (1_234_567, 0, "1.234.567"),
        (41.25, 1, "41,2"),
        (0, 0, "0"),
        (-3, 0, "−3"),
        (-0.04, 1, "0,0"),
        (None, 0, "–"),
    ],
)
def test_numbers(value: float | None, decimals: int, text: str) -> None:
    assert wording.number(value, decimals) == text


def test_shares() -> None:
    assert wording.percent(1056, 2712) == "38,9 %"
    assert wording.percent(0, 5) == "0,0 %"
    assert wording.percent(0, 0) == "–"


def test_changes() -> None:
    assert [wording.change(now, 1000) for now in (2031, 1000, 996)] == ["tăng 1.031", "không đổi", "giảm 4"]


def test_days() -> None:
    assert wording.day(date(2020, 3, 1)) == "01/03/2020"
    assert wording.month(date(2020, 3, 1)) == "03/2020"
    assert wording.year_before(date(2020, 2, 29)) == date(2019, 2, 28)


@given(st.integers())
def test_a_number_loses_nothing(value: int) -> None:
    assert int(wording.number(value).replace(".", "").replace("−", "-")) == value
