"""What the text in a cell means: dates, and the words that files use."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

from chassis.vietnamese import fold
from contracts.membership import (
    DepartureReason,
    Education,
    Gender,
    Occupation,
    OrganisationType,
    PoliticalTheory,
    Qualification,
)
from contracts.transfers import TransferKind
from services.membership.columns import (
    EDUCATION_LABELS,
    GENDER_LABELS,
    OCCUPATION_LABELS,
    QUALIFICATION_LABELS,
    REASON_LABELS,
    THEORY_LABELS,
    TRANSFER_LABELS,
    TYPE_WORDS,
    YES_NO_LABELS,
)
from services.membership.faults import Fault, shown
from services.membership.files import Row

T = TypeVar("T")


class Words(dict[str, T]):
    """What each word of a cell means: the word of the format, the Vietnamese one, and other words people use.

    Words are compared in NFC without regard to case. Without any diacritics a word is known as well, unless two
    words of different meanings would then look the same; one with other diacritics is not: it may be another word.
    """

    def __init__(
        self, own: Mapping[str, T], labels: Mapping[T, str], others: Mapping[str, T] | None = None
    ) -> None:
        labelled = {label.casefold(): meaning for meaning, label in labels.items()}
        accented = {**own, **labelled, **(others or {})}
        bare: dict[str, set[T]] = {}
        for word, meaning in accented.items():
            bare.setdefault(fold(word), set()).add(meaning)
        super().__init__(
            {word: next(iter(found)) for word, found in bare.items() if len(found) == 1} | accented
        )
        self.offered = ", ".join(labels.values())
        """The Vietnamese word of each meaning, as messages offer them."""
        self.offered_en = ", ".join(own)


TYPES: Final = Words({type_.value: type_ for type_ in OrganisationType}, TYPE_WORDS)
GENDERS: Final = Words({gender.value: gender for gender in Gender}, GENDER_LABELS)
TRANSFER_KINDS: Final = Words(
    {kind.value: kind for kind in TransferKind},
    TRANSFER_LABELS,
    {
        "sinh hoạt tạm thời": TransferKind.TEMPORARY,
        "trong tccsđ": TransferKind.WITHIN_COMMITTEE,
        "trong tổ chức cơ sở đảng": TransferKind.WITHIN_COMMITTEE,
        "trong khối": TransferKind.WITHIN_BLOC,
        "ra ngoài khối": TransferKind.OUT_OF_BLOC,
        "từ ngoài khối": TransferKind.INTO_BLOC,
    },
)
YES_NO: Final = Words({"yes": True, "no": False}, YES_NO_LABELS)
REASONS: Final = Words(
    {reason.value: reason for reason in DepartureReason},
    REASON_LABELS,
    {
        "transferred": DepartureReason.TRANSFERRED_OUT,
        "chuyển": DepartureReason.TRANSFERRED_OUT,
        "chuyển sinh hoạt": DepartureReason.TRANSFERRED_OUT,
        "chuyển sinh hoạt đi": DepartureReason.TRANSFERRED_OUT,
        "chuyển sinh hoạt đảng": DepartureReason.TRANSFERRED_OUT,
        "chuyển sinh hoạt đảng đi": DepartureReason.TRANSFERRED_OUT,
        "chuyển công tác": DepartureReason.TRANSFERRED_OUT,
        "xin ra khỏi đảng": DepartureReason.RESIGNED,
        "xoá tên": DepartureReason.REMOVED,
        "mất": DepartureReason.DIED,
        "qua đời": DepartureReason.DIED,
        "chết": DepartureReason.DIED,
        "không nêu": DepartureReason.UNSTATED,
    },
)

EDUCATIONS: Final = Words(
    {level.value: level for level in Education},
    EDUCATION_LABELS,
    {
        "cấp 1": Education.PRIMARY,
        "cấp 2": Education.LOWER_SECONDARY,
        "thcs": Education.LOWER_SECONDARY,
        "cấp 3": Education.UPPER_SECONDARY,
        "thpt": Education.UPPER_SECONDARY,
        "12/12": Education.UPPER_SECONDARY,
    },
)
QUALIFICATIONS: Final = Words(
    {level.value: level for level in Qualification},
    QUALIFICATION_LABELS,
    {"thạc sỹ": Qualification.MASTER, "tiến sỹ": Qualification.DOCTOR, "cử nhân": Qualification.BACHELOR},
)
THEORIES: Final = Words({level.value: level for level in PoliticalTheory}, THEORY_LABELS)
OCCUPATIONS: Final = Words(
    {kind.value: kind for kind in Occupation},
    OCCUPATION_LABELS,
    {
        "cán bộ": Occupation.CIVIL_SERVANT,
        "cán bộ, công chức": Occupation.CIVIL_SERVANT,
        "cán bộ công chức": Occupation.CIVIL_SERVANT,
        "nghỉ hưu": Occupation.RETIRED,
        "học sinh, sinh viên": Occupation.STUDENT,
        "học sinh": Occupation.STUDENT,
        "công an": Occupation.ARMED_FORCES,
        "quân nhân": Occupation.ARMED_FORCES,
    },
)

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBERS: Final = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")


class Cells:
    """Reads the cells of one row; what cannot be read is noted in `faults` and given as None.

    `day_first` counts, by column, the dates that were read as day/month/year.
    """

    def __init__(self, row: Row, day_first: Counter[str]) -> None:
        self._cells = row.cells
        self._day_first = day_first
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
        found = parse_day_first(text)
        if isinstance(found, date):
            self._day_first[column] += 1
            return found
        self.faults.append(Fault(found, column, {"value": shown(column, text)}))
        return None

    def date(self, column: str) -> date | None:
        """Return the date in a cell that must not be empty."""
        self._must_be_there(column)
        return self.optional_date(column)

    def optional_word(self, column: str, words: Words[T]) -> T | None:
        """Return the meaning of the word in a cell, None where it is empty."""
        text = self._cells.get(column, "")
        if not text:
            return None
        meaning = words.get(text.casefold())
        if meaning is None:
            allowed = {"allowed": words.offered, "allowed_en": words.offered_en}
            self.faults.append(Fault("unknown-word", column, {"value": shown(column, text)} | allowed))
        return meaning

    def word(self, column: str, words: Words[T]) -> T | None:
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


@lru_cache(maxsize=65_536)
def parse_day_first(text: str) -> date | str:
    """Return the date that text in a file names day first (30/11/2020, 30-11-2020, 30.11.2020), or a fault's code.

    Only files say dates in this way; offices write no other order of the three (quy ước của phần mềm).
    """
    numbers = _DAY_FIRST.fullmatch(text)
    if numbers is None:
        found = parse_date(text)
        return found if isinstance(found, str) else "date-not-iso"
    if len(numbers[4]) == 2:
        return "date-two-digit-year"
    day, month, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
    try:
        return date(year, month, day)
    except ValueError:
        return "date-month-first" if day <= 12 < month <= 31 else "date-does-not-exist"
