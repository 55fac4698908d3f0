"""What somebody types finds whom they mean: marks that are typed narrow, marks that are not match all."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.vietnamese import name_words, unmarked
from services.membership.search import Part, Sought

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
LETTERS = [*"bcdđghklmnpqrstvx", *(unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES)]
letters = st.sampled_from([*LETTERS, *(letter.upper() for letter in LETTERS)])
words = st.text(letters, min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)


def finds(typed: str, name: str) -> bool:
    """Say of one name what the database says of all: see tests/integration/test_membership_search.py."""
    sought = Sought.of(typed)
    of_name = [unmarked(word) for word in name_words(name)]
    return all(any(word.startswith(begun) for word in of_name) for begun in sought.words) and all(
        re.search(pattern, name) for pattern in sought.spellings
    )


def is_given_name(typed: str, name: str) -> bool:
    sought = Sought.of(typed)
    return sought.words[-1] == unmarked(name_words(name)[-1]) and bool(
        re.search(sought.given_name_spelling or "", name)
    )


@pytest.mark.parametrize(
    "typed",
    [
        "nguyen van an",
        "Nguyễn Văn An",
        "NGUYỄN VĂN AN",
        "an",
        "van an",
        "ng v an",
        "an nguyen",
        "  Văn   ng ",
        "nguyên",
    ],
)
def test_the_ways_to_ask_for_nguyen_van_an(typed):
    assert finds(typed, "Nguyễn Văn An")
    assert finds(unicodedata.normalize("NFD", typed), "Nguyễn Văn An")


@pytest.mark.parametrize(
    ("typed", "found", "not_found"),
    [
        ("dang", ["Đặng Hà", "Lê Đăng", "Trần Đang", "DANG An", "Ðặng An"], ["Lê Dũng", "Lê Hà"]),
        ("đang", ["Đặng Hà", "Lê Đăng", "Trần Đang", "ĐẶNG An", "Ðặng An"], ["Dang An"]),
        ("đăng", ["Đặng Hà", "Lê Đăng"], ["Trần Đang", "Lê Dăng"]),
        ("Đặng", ["Đặng Hà", "đặng hà", "ĐẶNG Hà"], ["Lê Đăng", "Lê Đẵng"]),
        ("hoà", ["Lê Hòa", "Lê Hoà", "LÊ HÒA", "Hoàng An"], ["Lê Hoa", "Lê Hóa", "Lê Hỏa", "Hoa Là"]),
        ("hòa", ["Lê Hòa", "Lê Hoà", "Hoàng An"], ["Lê Hoa", "Lê Hoá"]),
        ("thuy", ["Thúy", "Thuý", "Thủy", "Thuỳ"], ["Thu"]),
        ("thuý", ["Lê Thúy", "Lê Thuý"], ["Lê Thùy", "Lê Thuỳ"]),
        ("ơn", ["Lê Ơn", "Lê Ớn"], ["Lê Ôn", "Lê On", "Lê Sơn"]),
        ("ư", ["Ưng Lê", "Ứng Lê"], ["Uông Lê"]),
        ("ấ", ["Lê Ấn"], ["Lê Ân", "Lê Án"]),
        ("hen", ["H’Hen Niê", "H'Hen Niê", "Lê-Hen"], ["Thẹn Lê"]),
        ("h'hen", ["H’Hen Niê", "Hen Hà"], ["H’Đen Niê"]),
    ],
)
def test_marks_that_are_typed_narrow_and_others_match_all(typed, found, not_found):
    assert [name for name in found if not finds(typed, name)] == []
    assert [name for name in not_found if finds(typed, name)] == []


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("an", "Nguyễn Văn An", True),
        ("an", "Lê Ân", True),
        ("ân", "Lê An", False),
        ("an", "Lê Văn Anh", False),
        ("an", "An Lê", False),
        ("văn an", "Lê An", True),
        ("hoà", "Lê Thị Hòa", True),
        ("hoà", "Lê Thị Hoàng", False),
        ("Hòa", "Lê Hoa", False),
        ("hòa", "Hoà Hoa", False),
        ("niê", "H’Hen-Niê.", True),
    ],
)
def test_the_given_name_is_the_whole_last_word(typed, name, expected):
    assert is_given_name(typed, name) is expected


def test_a_token_with_a_digit_asks_for_a_code_as_it_is_written():
    assert Sought.of("ĐV-01.2 an") == Sought(words=("an",), codes=("dv-01.2",))
    assert Sought.of("0012").parts_from(Part.GIVEN_NAME) == [Part.OTHERS]


@pytest.mark.parametrize("typed", ["", "  ", "'", "-.,", "’ ’", "\u0301", "\u0301 \u0323"])
def test_punctuation_and_stray_marks_ask_for_nothing(typed):
    assert Sought.of(typed) == Sought()


def test_what_was_typed_is_not_shown():
    assert "nguy" not in repr(Sought.of("Nguyễn"))


def without_marks(text: str) -> str:
    return "".join(
        c
        for c in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
        if not unicodedata.combining(c)
    )


@given(names, st.data())
def test_a_name_is_found_by_beginnings_of_its_words_whatever_marks_are_typed(name, data):
    part = data.draw(st.lists(st.sampled_from(name.split()), min_size=1))
    typed = []
    for word in part:
        begun = word[: data.draw(st.integers(1, len(word)))]
        marked = [data.draw(st.sampled_from([c, without_marks(c), c.upper(), c.lower()])) for c in begun]
        typed.append(unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), "".join(marked)))
    assert finds(" ".join(typed), name)


@given(names)
def test_a_whole_name_typed_without_marks_has_its_given_name_last(name):
    assert is_given_name(without_marks(name), name)
    assert is_given_name(name, name)


BASES = {letter.lower(): without_marks(letter).lower() for letter in LETTERS}
two_spellings = st.lists(
    st.sampled_from(sorted(set(BASES.values()))).flatmap(
        lambda base: st.tuples(*[st.sampled_from([c for c in BASES if BASES[c] == base])] * 2)
    ),
    min_size=1,
    max_size=6,
)


def marks(letter: str) -> set[str]:
    return set(unicodedata.normalize("NFD", letter.replace("đ", "d\u0335"))[1:])


@given(two_spellings)
def test_of_two_words_of_the_same_letters_one_finds_the_other_if_that_has_its_marks(pairs):
    typed, name = ("".join(word) for word in zip(*pairs, strict=True))
    tones = set(TONES)
    expected = all(marks(t) - tones <= marks(n) for t, n in pairs) and all(
        any(tone in marks(n) for _, n in pairs) for t, _ in pairs for tone in marks(t) & tones
    )
    assert finds(typed, name) is expected


@given(st.text(max_size=40))
def test_any_text_may_be_typed(typed):
    sought = Sought.of(typed)
    for pattern in [*sought.spellings, sought.given_name_spelling or ""]:
        re.compile(pattern)
    assert all(sought.words)
    assert all(sought.codes)
