"""What the text in a cell means: dates, and the words that files use."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

from contracts.membership import DepartureReason, Gender, OrganisationType
from services.membership.domain import TYPE_LABELS
from services.membership.faults import Fault, shown
from services.membership.files import Row

T = TypeVar("T")

# Words are compared in NFC without regard to case; the first word of each meaning is the one messages offer.
TYPES: Final[Mapping[str, OrganisationType]] = {type_.value: type_ for type_ in OrganisationType} | {
    label.casefold(): type_ for type_, label in TYPE_LABELS.items()
}
GENDERS: Final[Mapping[str, Gender]] = {
    "female": Gender.FEMALE,
    "male": Gender.MALE,
    "nữ": Gender.FEMALE,
    "nam": Gender.MALE,
}
YES_NO: Final[Mapping[str, bool]] = {"yes": True, "no": False, "có": True, "không": False}
REASONS: Final[Mapping[str, DepartureReason]] = {
    "transferred_out": DepartureReason.TRANSFERRED_OUT,
    "resigned": DepartureReason.RESIGNED,
    "removed": DepartureReason.REMOVED,
    "expelled": DepartureReason.EXPELLED,
    "died": DepartureReason.DIED,
    "unstated": DepartureReason.UNSTATED,
    "transferred": DepartureReason.TRANSFERRED_OUT,
    "chuyển đi": DepartureReason.TRANSFERRED_OUT,
    "chuyển": DepartureReason.TRANSFERRED_OUT,
    "chuyển sinh hoạt": DepartureReason.TRANSFERRED_OUT,
    "chuyển sinh hoạt đi": DepartureReason.TRANSFERRED_OUT,
    "chuyển sinh hoạt đảng": DepartureReason.TRANSFERRED_OUT,
    "chuyển sinh hoạt đảng đi": DepartureReason.TRANSFERRED_OUT,
    "chuyển công tác": DepartureReason.TRANSFERRED_OUT,
    "xin ra": DepartureReason.RESIGNED,
    "xin ra khỏi đảng": DepartureReason.RESIGNED,
    "xóa tên": DepartureReason.REMOVED,
    "xoá tên": DepartureReason.REMOVED,
    "khai trừ": DepartureReason.EXPELLED,
    "từ trần": DepartureReason.DIED,
    "mất": DepartureReason.DIED,
    "qua đời": DepartureReason.DIED,
    "chết": DepartureReason.DIED,
}

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBERS: Final = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})")


class Cells:
    """Reads the cells of one row; what cannot be read is noted in `faults` and given as None."""

    def __init__(self, row: Row) -> None:
        self._cells = row.cells
        self.faults: list[Fault] = []

    def text(self, column: str) -> str:
        """Return the text of a cell."""
        return self._cells.get(column, "")

    def optional_date(self, column: str) -> date | None:
        """Return the date in a cell, None where it is empty."""
        text = self._cells.get(column, "")
        if not text:
            return None
        found = parse_date(text)
        if isinstance(found, date):
            return found
        self.faults.append(Fault(found, column, {"value": shown(column, text)}))
        return None

    def date(self, column: str) -> date | None:
        """Return the date in a cell that must not be empty."""
        self._must_be_there(column)
        return self.optional_date(column)

    def optional_word(self, column: str, words: Mapping[str, T]) -> T | None:
        """Return the meaning of the word in a cell, None where it is empty."""
        text = self._cells.get(column, "")
        if not text:
            return None
        meaning = words.get(text.casefold())
        if meaning is None:
            allowed = ", ".join({found: word for word, found in reversed(list(words.items()))}.values())
            self.faults.append(
                Fault("unknown-word", column, {"value": shown(column, text), "allowed": allowed})
            )
        return meaning

    def word(self, column: str, words: Mapping[str, T]) -> T | None:
        """Return the meaning of the word in a cell that must not be empty."""
        self._must_be_there(column)
        return self.optional_word(column, words)

    def _must_be_there(self, column: str) -> None:
        if not self._cells.get(column):
            self.faults.append(Fault("value-missing", column))


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> date | str:
    """Return the date that ISO text names, or the code of what is wrong with it.

    31/02/2020 is told apart from 28/02/2020: the one is no day at all, the other a day written another way.
    """
    if _ISO.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return "date-does-not-exist"
    numbers = _NUMBERS.fullmatch(text)
    if numbers is None:
        return "date-not-iso"
    first, month, last = (int(part) for part in numbers.groups())
    year, day = (first, last) if len(numbers[1]) == 4 else (last, first)
    try:
        date(year, month, day)
    except ValueError:
        return "date-does-not-exist"
    return "date-not-iso"
