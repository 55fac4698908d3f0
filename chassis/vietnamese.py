"""Vietnamese text: one Unicode form, an order for names, and a fold for searching."""

import unicodedata
from typing import Final

_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_DIGITS: Final = "0123456789"
_RANK: Final = {letter: index + 16 for index, letter in enumerate(_LETTERS)}
# The customary order of tones: level, grave, hook, tilde, acute, dot.
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LETTER_MARKS: Final = {"\u0302", "\u0306", "\u031b"}


def nfc(text: str) -> str:
    """Return `text` in Unicode Normalization Form C, without white space around it."""
    return unicodedata.normalize("NFC", text).strip()


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
            tones.append(0)
    return bytes(letters), bytes(tones)


def _letter_of(rank: int) -> str:
    """Return the letter of a weight, or nothing for what is no letter of the alphabet."""
    return _LETTERS[rank - 16] if rank >= 16 else ""


def name_sort_key(full_name: str) -> bytes:
    """Return bytes by which Vietnamese names sort: by given name (the last word), then by the rest.

    ă, â, đ, ê, ô, ơ, ư are letters of their own; tones decide only between names that are else alike. The
    same on every server, whatever collations it has (DOMAIN: Text and time).
    """
    words = nfc(full_name).split()
    keys = [_word_keys(word) for word in [*words[-1:], *words[:-1]]]
    return b"\x01".join(letters for letters, _ in keys) + b"\x00" + b"\x01".join(tones for _, tones in keys)


def fold(text: str) -> str:
    """Return `text` for searching without diacritics: lower case, marks off, đ as d, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").split())
