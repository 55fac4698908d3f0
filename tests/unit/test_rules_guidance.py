"""The rules on cell meetings as dated data: which is in force on a day, and what is refused as data."""

from datetime import date
from importlib.resources import files

import pytest

from rules.guidance import Criterion, NoGuidanceError, guidances, parse_guidances

TEXTS = [
    files("rules.data.guidance").joinpath(f"{day}.toml").read_text(encoding="utf-8")
    for day in ("2018-07-06", "2025-10-28")
]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2018, 7, 6), "12-HD/BTCTW"),
        (date(2020, 11, 30), "12-HD/BTCTW"),
        (date(2025, 10, 27), "12-HD/BTCTW"),
        (date(2025, 10, 28), "42-HD/BTCTW"),
        (date(2030, 1, 1), "42-HD/BTCTW"),
    ],
)
def test_a_meeting_is_held_by_the_guidance_of_its_day(day, number):
    assert guidances().on(day).number == number


def test_before_the_first_guidance_there_is_none():
    with pytest.raises(NoGuidanceError):
        guidances().on(date(2018, 7, 5))


def test_a_document_is_named_by_number_and_date():
    assert guidances().cited("12-HD/BTCTW", date(2018, 7, 6)).provisional
    with pytest.raises(NoGuidanceError):
        guidances().cited("12-HD/BTCTW", date(2020, 7, 6))


def test_every_rubric_has_all_criteria_and_comes_to_a_hundred():
    for version in guidances().versions:
        assert set(version.rubric) == set(Criterion)
        assert sum(version.rubric.values()) == 100


def test_what_the_guidance_of_2018_does_not_say_is_nothing():
    old, new = guidances().versions
    assert (old.least_minutes, new.least_minutes, new.least_minutes_combined) == (None, 90, 120)
    assert (old.documents_days_before, new.documents_days_before) == (None, 1)
    assert new.source == "Hướng dẫn 42-HD/BTCTW (28/10/2025)"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("duration = 5", "duration = 6"),
        ("closing = 5", "finishing = 5"),
        ("fair = 70", "fair = 90"),
        ("from = 2025-10-28", "from = 2018-07-06"),
        ("percent = 85", "percent = 185"),
        ("report_within_days = 2", ""),
    ],
)
def test_data_that_cannot_be_right_is_refused(was, becomes):
    assert was in "".join(TEXTS)
    with pytest.raises(ValueError, match=r".+"):
        parse_guidances([text.replace(was, becomes) for text in TEXTS])


def test_a_new_version_is_a_file_in_whatever_order_files_come():
    later = TEXTS[1].replace("2025-10-28", "2031-01-01").replace("good = 90", "good = 95")
    found = parse_guidances([later, *TEXTS])
    assert [found.on(date(year, 6, 1)).grades.good for year in (2020, 2026, 2031)] == [90, 90, 95]
