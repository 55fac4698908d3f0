"""Numbers and signs of the lists of a Word document, which Word makes by itself."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from docx.oxml.ns import qn

from chassis.papers.faults import PaperFault

_ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text


def _letter(number: int) -> str:
    """Return a letter as Word counts on: a … z, aa, bb …"""
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (times + 1)


_FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimal": str,
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
}
_SIGN: Final = "–"
"""Word's signs are of fonts of their own; the dash is what offices write."""


class Lists:
    """The lists of a document, each counted on from paragraph to paragraph."""

    def __init__(self, numbering: Any | None) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._at: dict[tuple[str, int], int] = {}
        if numbering is None:
            return
        abstract = {
            one.get(qn("w:abstractNumId")): {
                int(level.get(qn("w:ilvl"))): level for level in one.findall(qn("w:lvl"))
            }
            for one in numbering.findall(qn("w:abstractNum"))
        }
        for one in numbering.findall(qn("w:num")):
            self._levels[one.get(qn("w:numId"))] = abstract.get(_value(one, "abstractNumId") or "", {})

    def label(self, place: tuple[str, int] | None) -> tuple[str | None, dict[str, str]]:
        """Return the next number or sign of a list at a level, and what the list says of indents.

        Raises PaperFault for a way of counting that is not known here.
        """
        if place is None or (level := self._levels.get(place[0], {}).get(place[1])) is None:
            return None, {}
        number, depth = place
        self._at[place] = self._at.get(place, int(_value(level, "start") or 1) - 1) + 1
        for deeper in [one for one in self._at if one[0] == number and one[1] > depth]:
            del self._at[deeper]
        properties = level.find(f"{qn('w:pPr')}/{qn('w:ind')}")
        indents = (
            {}
            if properties is None
            else {key.rpartition("}")[2]: it for key, it in properties.attrib.items()}
        )
        form = _value(level, "numFmt") or "decimal"
        if form in {"none", "bullet"}:
            return (_SIGN if form == "bullet" else None), indents
        text = _value(level, "lvlText") or f"%{depth + 1}."
        for above in range(depth + 1):
            text = text.replace(f"%{above + 1}", self._shown(number, above))
        return text, indents

    def _shown(self, number: str, depth: int) -> str:
        level = self._levels[number].get(depth)
        form = (_value(level, "numFmt") if level is not None else None) or "decimal"
        if form not in _FORMS:
            raise PaperFault(f"bản PDF chưa thể hiện được: danh sách đánh số kiểu {form}")
        return _FORMS[form](self._at.get((number, depth), 1))


def _value(holder: Any, name: str) -> str | None:
    found = holder.find(qn(f"w:{name}"))
    return None if found is None else found.get(qn("w:val"))
