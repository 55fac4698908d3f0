"""What may be recorded as the number of a party card or of a member's file. Pure.

Cards and files made before the form of today have shorter numbers: another length is warned of, not refused.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.numbers import MemberNumbersRecorded, NumberedPaper
from services.membership import thresholds
from services.membership.domain import DomainError
from services.membership.faults import Fault

_DIGITS: Final = {"card_number": thresholds.CARD_DIGITS, "file_number": thresholds.FILE_DIGITS}
_MOST_DIGITS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of a member; None for one that they do not have, or that is not stated."""

    card: str | None = field(default=None, repr=False)
    file: str | None = field(default=None, repr=False)

    @property
    def held(self) -> tuple[NumberedPaper, ...]:
        """Which there are, as events say it."""
        numbers = {NumberedPaper.PARTY_CARD: self.card, NumberedPaper.MEMBER_FILE: self.file}
        return tuple(paper for paper, number in numbers.items() if number is not None)

    @property
    def by_column(self) -> dict[str, str]:
        """Those that there are, by the column of files that holds them."""
        stated = {"card_number": self.card, "file_number": self.file}
        return {column: number for column, number in stated.items() if number is not None}

    def filled_with(self, others: "Numbers") -> "Numbers":
        """Return these with the others in the place of what is not stated in them."""
        return Numbers(card=self.card or others.card, file=self.file or others.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersOf:
    """The numbers that the register has of a member; `version` counts their events."""

    id: UUID
    member_id: UUID
    code: str
    """The member's."""
    numbers: Numbers
    version: int = 1


@dataclass(frozen=True, slots=True)
class DecidedNumbers:
    """An event of a member's numbers, and the numbers after it."""

    state: NumbersOf
    event: MemberNumbersRecorded


def clean_number(text: str | None) -> str | None:
    """Return a number without the blanks and dots that people group digits with; None for none."""
    return (text or "").replace(" ", "").replace(".", "") or None


def decide_numbers(
    known: NumbersOf | None,
    given: Numbers,
    *,
    member_id: UUID,
    code: str,
    day: date,
    decision_date: date | None = None,
    new_id: UUID,
) -> DecidedNumbers:
    """Return that a member has these numbers from a day on; what is not given stays.

    Raises DomainError where a number is not made of digits, and where nothing changes.
    """
    if faults := number_faults(given):
        raise DomainError(faults)
    before = known.numbers if known else Numbers()
    after = given.filled_with(before)
    if after == before:
        raise DomainError([Fault("numbers-unchanged", None)])
    state = (
        replace(known, numbers=after, version=known.version + 1)
        if known
        else NumbersOf(id=new_id, member_id=member_id, code=code, numbers=after)
    )
    event = MemberNumbersRecorded(
        effective_date=day,
        decision_date=decision_date,
        member_papers_id=state.id,
        member_id=member_id,
        before=known and known.numbers.held,
        after=after.held,
    )
    return DecidedNumbers(state, event)


def number_faults(numbers: Numbers) -> list[Fault]:
    """Return why something cannot be a number; digits only, in whatever length."""
    return [
        Fault("number-not-digits", column, {})
        for column, number in numbers.by_column.items()
        if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS)
    ]


def number_warnings(numbers: Numbers) -> list[Fault]:
    """Return which numbers are not as long as the form of today has them."""
    return [
        Fault("number-length", column, {"digits": rule.value, "source": rule.source})
        for column, number in numbers.by_column.items()
        if len(number) != (rule := _DIGITS[column]).value
    ]
