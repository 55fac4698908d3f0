"""What visitors look at, as dated data: what is in force on a day, and what is refused as data."""

from datetime import date
from importlib.resources import files

import pytest

from services.inspection.checklists import NoChecklistError, checklist_on, checklists, parse_checklists

TEXT = files("services.inspection.data").joinpath("checklists.toml").read_text(encoding="utf-8")
LATER = TEXT.replace("from = 2018-07-06", "from = 2030-01-01")


def test_books_and_axes_are_those_of_the_sources():
    found = checklist_on(date(2020, 11, 30))
    assert [book.code for book in found.books] == [
        "minutes", "member_list", "fees", "departures", "candidates", "inspection",
    ]  # fmt: skip
    assert [axis.code for axis in found.axes] == [
        "content",
        "procedure",
        "organisation",
        "chairing",
        "quality",
    ]
    assert [book.code for book in found.books if book.reconciled_every_months == 3] == ["member_list"]
    assert len(found.limitations) == 5


def test_before_the_first_version_there_is_none():
    with pytest.raises(NoChecklistError):
        checklist_on(date(2018, 7, 5))
    assert checklist_on(date(2018, 7, 6)) == checklists()[0]


def test_a_new_version_is_a_table():
    first, second = parse_checklists(TEXT + LATER)
    assert (first.in_force_from, second.in_force_from) == (date(2018, 7, 6), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('code = "fees"', 'code = "minutes"'),
        ('code = "quality"', 'code = "chairing"'),
        ('axis = "content"', 'axis = "colour"'),
        ('code = "fees"', 'code = "Fees"'),
        ("reconciled_every_months = 3", "reconciled_every_months = 0"),
        ("provisional = true", ""),
    ],
)
def test_data_that_cannot_be_right_is_refused(was, becomes):
    assert was in TEXT
    with pytest.raises(ValueError, match=r"."):
        parse_checklists(TEXT.replace(was, becomes))


def test_versions_out_of_their_order_are_refused():
    with pytest.raises(ValueError, match="order of their days"):
        parse_checklists(LATER + TEXT)
