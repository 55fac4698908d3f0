"""Vietnamese text: one Unicode form, an order for names, and a fold for searching."""

import unicodedata
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
