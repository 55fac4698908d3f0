"""How the command line reads words and writes them."""

import unicodedata

import pytest

from chibo.words import CRITERIA, SCORE_GRADES, code_of


@pytest.mark.parametrize("text", ["fair", "khá", "Khá", "  KHÁ ", unicodedata.normalize("NFD", "Khá")])
def test_a_word_is_known_by_its_code_or_label_however_it_is_typed(text):
    assert code_of(text, SCORE_GRADES) == "fair"


def test_blanks_between_words_do_not_count_and_other_words_are_unknown():
    assert code_of("nội   dung", CRITERIA) == "content"
    assert code_of("noi dung", CRITERIA) is None
    assert code_of("", CRITERIA) is None
