"""Vietnamese text: one Unicode form, an order for names, and a fold for searching."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_DIGITS: Final = "0123456789"
_RANK: Final = {letter: index + 16 for index, letter in enumerate(_LETTERS)}
# The customary order of tones: level, grave, hook, tilde, acute, dot.
# Above 0 and 1, which keep words and parts of a key apart.
_LEVEL: Final = 2
_TONES: Final = {"\u0300": 3, "\u0309": 4, "\u0303": 5, "\u0301": 6, "\u0323": 7}
_LETTER_MARKS: Final = {"\u0302", "\u0306", "\u031b"}


def nfc(text: str) -> str:
    """Return `text` in Unicode Normalization Form C, without white space around it."""
    return unicodedata.normalize("NFC", text).strip()


@lru_cache(maxsize=4096)
def _word_keys(word: str) -> tuple[bytes, bytes]:
    """Return the letters' and the tones' sort weights of one word, a byte a letter."""
    letters, tones = bytearray(), bytearray()
    for character in unicodedata.normalize("NFD", word.casefold()):
        if character in _TONES:
            if tones:
                tones[-1] = _TONES[character]
        elif character in _LETTER_MARKS and letters:
            base = unicodedata.normalize("NFC", _letter_of(letters[-1]) + character)
            letters[-1] = _RANK.get(base, letters[-1])
        elif not unicodedata.combining(character):
            letters.append(_RANK.get(character) or (2 + int(character) if character in _DIGITS else 12))
            tones.append(_LEVEL)
    return bytes(letters), bytes(tones)


def _letter_of(rank: int) -> str:
    """Return the letter of a weight, or nothing for what is no letter of the alphabet."""
    return _LETTERS[rank - 16] if rank >= 16 else ""


def name_sort_key(full_name: str) -> bytes:
    """Return bytes by which Vietnamese names sort: by given name (the last word), then by the rest.

    ă, â, đ, ê, ô, ơ, ư are letters of their own; tones decide between given names that are else alike, and
    then between the rests, so that all An come before the first Ánh. The same on every server, whatever
    collations it has (DOMAIN: Text and time).
    """
    *rest, given = nfc(full_name).split() or [""]
    letters, tones = _word_keys(given)
    rest_keys = [_word_keys(word) for word in rest]
    return b"\x00".join(
        [letters, tones, b"\x01".join(key[0] for key in rest_keys), b"\x01".join(key[1] for key in rest_keys)]
    )


def fold(text: str) -> str:
    """Return `text` for searching without diacritics: lower case, marks off, đ as d, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").split())


_PARTING: Final = "'‘’ʼ`´.,-"
_SPACED: Final = str.maketrans(dict.fromkeys(_PARTING, " "))
_VOWELS: Final = frozenset("aeiouy")


def unmarked(text: str) -> str:
    """Return `fold(text)` with eth, which old files have for đ, as d.

    A register that is searched in PostgreSQL has a function of this name there (membership, migration
    `member_search`).
    """
    return fold(text).replace("ð", "d")


def name_words(name: str) -> list[str]:
    """Return the words of a name; apostrophes, hyphens, points and commas part words as spaces do."""
    return name.translate(_SPACED).split()


def spelling(typed: str, *, whole: bool = False) -> str | None:
    """Return a regular expression for a word that begins with the marks and letters typed; None without marks.

    Only what is typed narrows: `đang` finds Đang, Đăng and Đặng, `đăng` the last two. A tone may stand on any
    letter of the word, as in hoà and hòa. `whole` asks for a last word that has no more letters. To be searched
    for in a name in Normalization Form C, by Python's `re` or PostgreSQL's `~`.
    """
    letters: list[str] = []
    tones: set[str] = set()
    narrows = False
    for character in unicodedata.normalize("NFC", typed.casefold()):
        parts = unicodedata.normalize("NFD", character)
        base, found = parts[0], parts[1:]
        bare = unmarked(base)
        marks = frozenset(_LETTER_MARKS.intersection(found) | ({"đ"} if base in "đð" else set()))
        narrows |= bool(marks)
        if bare in _VOWELS:
            tones |= _TONES.keys() & found
        letters += [_any_of(_spelled(letter, marks) or {letter}) for letter in bare]
    if not narrows and not tones:
        return None
    toned = "".join(f"(?=[^ {_PARTING}]*{_any_of(_toned(tone))})" for tone in sorted(tones))
    end = f"[ {_PARTING}]*$" if whole else ""
    return f"(^|[ {_PARTING}]){toned}{''.join(letters)}{end}"


@lru_cache(maxsize=512)
def _spelled(letter: str, marks: frozenset[str]) -> frozenset[str]:
    """Return the letters, in either case and with any tone, that fold to `letter` and have these marks."""
    return frozenset(c for c, (bare, has) in _latin().items() if bare == letter and marks <= has)


@lru_cache(maxsize=8)
def _toned(tone: str) -> frozenset[str]:
    return frozenset(c for c, (_, has) in _latin().items() if tone in has)


@lru_cache(maxsize=1)
def _latin() -> dict[str, tuple[str, frozenset[str]]]:
    """Return the letters of the Latin script, each with what it folds to and the marks that it has."""
    characters = [chr(point) for point in (*range(0x41, 0x250), *range(0x1E00, 0x1F00))]
    return {
        c: (unmarked(c), frozenset(unicodedata.normalize("NFD", c.casefold()).replace("ð", "đ")))
        for c in characters
        if c.isalpha()
    }


def _any_of(characters: Iterable[str]) -> str:
    return f"[{''.join(map(re.escape, sorted(characters)))}]"


def written_day(day: date) -> str:
    """Return a day as papers are dated: ngày 03 tháng 11 năm 2020.

    Customary: the days to 9 and January and February with a nought before, so that nothing can be added.
    """
    month = f"{day.month:02}" if day.month < 3 else f"{day.month}"
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
