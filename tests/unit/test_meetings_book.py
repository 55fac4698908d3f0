"""The chain of a book: whatever is done to it past the service is found, and where."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.meetings.book.chain import NOTHING, BookPage, Damage, Finding, PageKind, digest, verify
from services.meetings.calendar import VIETNAM

CELL = UUID(int=1)


def book(length=5):
    pages, before = [], NOTHING
    for place in range(1, length + 1):
        page = BookPage(
            cell_id=CELL, page=place, meeting_id=UUID(int=place),
            kind=PageKind.MINUTES if place % 2 else PageKind.RESOLUTION,
            series="2025–2030", number=(place + 1) // 2, content=f'{{"ý kiến":"số {place}"}}',
            written_at=datetime(2026, 3, place, 9, tzinfo=UTC), previous=before, hash=b"",
        )  # fmt: skip
        page = replace(page, hash=digest(page))
        pages.append(page)
        before = page.hash
    return pages


def told(pages):
    return {page.page: page.hash for page in pages}


TOLD = told(book())


def test_a_book_that_nobody_touched_is_whole():
    assert verify(book(), TOLD) == []
    assert verify([], {}) == []


OTHER = {
    "cell_id": uuid4(), "page": 9, "meeting_id": uuid4(), "kind": PageKind.RESOLUTION, "series": "2020–2025",
    "number": 77, "content": '{"ý kiến":"khác"}', "written_at": datetime(2020, 1, 1, tzinfo=UTC),
    "previous": b"\1" * 32, "hash": b"\2" * 32,
}  # fmt: skip


def test_every_field_of_a_page_is_tried():
    assert OTHER.keys() == {field.name for field in fields(BookPage)}


@pytest.mark.parametrize("name", sorted(OTHER.keys() - {"page"}))
@pytest.mark.parametrize("place", [1, 3, 5])
def test_a_page_altered_in_any_field_is_found(name, place):
    pages = book()
    pages[place - 1] = replace(pages[place - 1], **{name: OTHER[name]})
    assert verify(pages, TOLD)[0] == Finding(place, Damage.ALTERED)


def test_a_page_with_another_place_is_found():
    pages = book()
    pages[4] = replace(pages[4], page=9)
    assert {finding.damage for finding in verify(pages, TOLD)} == {
        Damage.MISSING, Damage.ALTERED, Damage.UNTOLD,
    }  # fmt: skip


@pytest.mark.parametrize("place", [1, 3, 5])
def test_a_page_that_was_taken_out_is_found_the_last_one_too(place):
    pages = [page for page in book() if page.page != place]
    found = verify(pages, TOLD)
    assert Finding(place, Damage.MISSING) in found
    assert {finding.damage for finding in found} <= {Damage.MISSING, Damage.UNCHAINED}


def test_pages_that_exchanged_their_places_are_found():
    pages = book()
    pages[1], pages[3] = replace(pages[3], page=2), replace(pages[1], page=4)
    found = verify(pages, TOLD)
    assert {finding.page for finding in found if finding.damage is Damage.ALTERED} == {2, 4}
    assert {finding.page for finding in found if finding.damage is Damage.UNCHAINED} == {2, 3, 4, 5}


def test_a_page_that_was_added_past_the_service_is_found():
    pages = book(6)
    assert verify(pages, TOLD) == [Finding(6, Damage.UNTOLD)]


def rewritten(pages, place):
    """A careful forger: the page is altered and every hash after it made anew."""
    before = pages[place - 2].hash if place > 1 else NOTHING
    for index in range(place - 1, len(pages)):
        content = '{"ý kiến":"khác"}' if index == place - 1 else pages[index].content
        page = replace(pages[index], content=content, previous=before)
        pages[index] = page = replace(page, hash=digest(page))
        before = page.hash
    return pages


@given(st.integers(1, 5))
def test_a_chain_made_anew_throughout_is_found_by_what_was_told(place):
    found = verify(rewritten(book(), place), TOLD)
    assert found == [Finding(number, Damage.NOT_AS_TOLD) for number in range(place, 6)]


@given(st.integers(0, 6), st.data())
def test_any_selection_of_pages_but_all_of_them_is_found(length, data):
    pages = book(length)
    kept = data.draw(st.lists(st.sampled_from(pages), unique_by=lambda page: page.page)) if pages else []
    kept.sort(key=lambda page: page.page)
    missing = {page.page for page in pages} - {page.page for page in kept}
    found = verify(kept, told(pages))
    assert {finding.page for finding in found if finding.damage is Damage.MISSING} == missing
    assert (found == []) == (not missing)


def test_the_hash_does_not_hang_on_the_zone_in_which_the_instant_is_read():
    page = book(1)[0]
    there = page.written_at.astimezone(VIETNAM)
    assert digest(replace(page, written_at=there)) == page.hash


def test_no_two_ways_to_fill_the_fields_give_one_text():
    page = book(1)[0]
    one = replace(page, series="a", content='b","c')
    two = replace(page, series='a","b', content="c")
    assert digest(one) != digest(two)
