"""The font that PDF is drawn with: one family, whatever the document names.

Offices write in Times New Roman, which nobody may pass on. Spectral is free (OFL), has all Vietnamese letters in its
four faces, and comes as static TrueType files, which is what reportlab takes.
"""

from functools import cache
from pathlib import Path
from typing import Final

import fontpkg_spectral
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = "Spectral"
_FOLDER: Final = Path(fontpkg_spectral.ROOT) / "files"
_FACES: Final = {
    (False, False): ("Spectral", "Spectral-Regular.ttf"),
    (True, False): ("Spectral-Bold", "Spectral-Bold.ttf"),
    (False, True): ("Spectral-Italic", "Spectral-Italic.ttf"),
    (True, True): ("Spectral-BoldItalic", "Spectral-BoldItalic.ttf"),
}
_UNSEEN: Final = frozenset("\N{NO-BREAK SPACE}\N{SOFT HYPHEN}")
"""Drawn without a glyph of their own."""


def face(*, bold: bool, italic: bool) -> str:
    """Return the name of a face, as reportlab knows it once `register` was called."""
    return _FACES[bold, italic][0]


def files() -> list[Path]:
    """Return the files of the four faces."""
    return [_FOLDER / file for _, file in _FACES.values()]


@cache
def register() -> frozenset[int]:
    """Make the faces known to reportlab; return the characters that all four can show, by code point."""
    shown: list[frozenset[int]] = []
    for name, file in _FACES.values():
        font = TTFont(name, str(_FOLDER / file))
        pdfmetrics.registerFont(font)
        shown.append(frozenset(font.face.charToGlyph))
    return frozenset.intersection(*shown) | {ord(one) for one in _UNSEEN}


def showable(text: str) -> str:
    """Return a text of which every character can be shown; one that cannot goes by its code, as [U+1F600]."""
    known = register()
    return "".join(one if ord(one) in known else f"[U+{ord(one):04X}]" for one in text)
