"""The numbers of party cards and files: what may be one, and what is told of it."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.numbers import NumberedPaper
from services.membership.domain import DomainError
from services.membership.numbers.domain import (
    Numbers,
    clean_number,
    decide_numbers,
    number_warnings,
)

CARD, FILE = "012345678901", "0123456789"


def decided(known=None, **given):
    day = date(2025, 5, 19)
    return decide_numbers(known, Numbers(**given), member_id=uuid4(), code="M1", day=day, new_id=uuid4())


def test_what_is_not_given_stays_and_another_number_takes_the_place_of_the_former():
    first = decided(file=FILE)
    second = decided(first.state, card=CARD)
    third = decided(second.state, card="999999999999")
    assert third.state.numbers == Numbers(card="999999999999", file=FILE)
    assert [one.state.version for one in (first, second, third)] == [1, 2, 3]
    assert (first.event.before, second.event.before, third.event.before) == (
        None,
        (NumberedPaper.MEMBER_FILE,),
        third.event.after,
    )
    with pytest.raises(DomainError) as found:
        decided(third.state, file=FILE)
    assert [fault.code for fault in found.value.faults] == ["numbers-unchanged"]


def test_no_number_is_in_an_event_or_a_log():
    one = decided(card=CARD, file=FILE)
    assert not [text for text in (repr(one), one.event.model_dump_json()) if CARD in text or FILE in text]


@pytest.mark.parametrize("number", ["12A", "١٢٣", "1" * 21, "-1"])
def test_a_number_is_made_of_digits(number):
    with pytest.raises(DomainError) as found:
        decided(card=number, file=FILE)
    (fault,) = found.value.faults
    assert (fault.code, fault.column) == ("number-not-digits", "card_number")
    assert number not in fault.message


def test_the_form_of_today_has_twelve_and_ten_digits_and_earlier_ones_are_only_warned_of():
    assert number_warnings(Numbers(card=CARD, file=FILE)) == []
    assert [fault.column for fault in number_warnings(Numbers(card="12345678", file="123456"))] == [
        "card_number",
        "file_number",
    ]


def test_digits_may_be_written_in_groups():
    assert clean_number("012 345.678 901") == CARD
    assert (clean_number(" "), clean_number(None)) == (None, None)
