"""The order of Vietnamese names, whatever form they are typed in."""

import itertools
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.vietnamese import fold, name_sort_key, nfc

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
BASES = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]  # the customary order
TONED = ["".join(unicodedata.normalize("NFC", base + tone)) for base in BASES for tone in TONES]

words = st.text(st.sampled_from(sorted({*ALPHABET, *TONED})), min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)


def ordered(names):
    return sorted(names, key=name_sort_key)


def test_the_given_name_decides_first_then_the_family_and_the_middle():
    assert ordered(["Trần Văn An", "Nguyễn Thị Bình", "Nguyễn Văn An", "Nguyễn Thị An", "Lê An"]) == [
        "Lê An",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Trần Văn An",
        "Nguyễn Thị Bình",
    ]


@pytest.mark.parametrize(
    "in_order",
    [
        ["Dung", "Đang", "Đức", "Em"],
        ["An", "Anh", "Ăn", "Ân", "Ba"],
        ["Em", "Ên", "Gấm"],
        ["On", "Ôn", "Ơn", "Phúc"],
        ["Un", "Ưn", "Vân"],
        ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"],
        # The given name is settled, tone and all, before the family name is looked at.
        ["Lê Hà", "Vũ Hà", "Lê Hạ"],
        ["Nguyễn An Anh", "Lê Thị Ánh"],
        # A tone never comes before a letter.
        ["Hà", "Hạ", "Hai"],
    ],
)
def test_letters_come_in_the_order_of_the_alphabet_and_tones_after_them(in_order):
    for shuffled in itertools.islice(itertools.permutations(in_order), 24):
        assert ordered(shuffled) == in_order


def test_every_letter_of_the_alphabet_is_one_of_its_own():
    assert ordered(reversed(ALPHABET)) == list(ALPHABET)
    assert len({name_sort_key(letter) for letter in ALPHABET}) == len(ALPHABET)


@given(names, st.randoms(use_true_random=False))
def test_the_form_and_case_of_typing_do_not_matter(name, chance):
    mixed = "".join(
        unicodedata.normalize(chance.choice(["NFC", "NFD"]), chance.choice([c, c.upper()])) for c in name
    )
    spaced = "  " + mixed.replace(" ", chance.choice([" ", "   ", "\u00a0"])) + " "
    assert name_sort_key(spaced) == name_sort_key(name)


@given(names, names)
def test_different_names_have_different_keys(one, other):
    assume(one != other)
    assert name_sort_key(one) != name_sort_key(other)


@given(words, words)
def test_tones_never_outweigh_letters(one, other):
    def toneless(word):
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if c not in TONES)
        return [ALPHABET.index(c) for c in unicodedata.normalize("NFC", bare)]

    assume(toneless(one) != toneless(other))
    assert (name_sort_key(one) < name_sort_key(other)) == (toneless(one) < toneless(other))


@given(st.text(max_size=30))
def test_any_text_has_a_key_and_a_fold(text):
    assert isinstance(name_sort_key(text), bytes)
    assert fold(fold(text)) == fold(text)
    assert nfc(nfc(text)) == nfc(text)


def test_folding_is_for_searching_without_diacritics():
    assert fold("  ĐẶNG  Thị\u00a0Hường ") == "dang thi huong"
    assert fold(unicodedata.normalize("NFD", "Đặng Thị Hường")) == "dang thi huong"
