"""The numbers in a members file, decided against those that the register has, and the file itself before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from services.membership.domain import DomainError
from services.membership.faults import Fault
from services.membership.members import Member
from services.membership.numbers.domain import (
    DecidedNumbers,
    Numbers,
    NumbersOf,
    decide_numbers,
)


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """Who has which number."""

    of: Mapping[UUID, NumbersOf] = field(default_factory=dict)
    """By the member's id, of those of whom rows speak."""
    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    """By column and number, the code of the member; those of accepted rows are added."""

    def decided(self, given: Numbers, member: Member) -> Iterator[DecidedNumbers]:
        """Yield what a row adds to the numbers of its member, at most one.

        Raises DomainError where a number is another's, or is another than the register has.
        """
        known = self.of.get(member.id)
        before = known.numbers if known else Numbers()
        after = given.filled_with(before)
        if after == before:
            return
        faults = [*self._taken(given, member.code), *_differences(before, given)]
        if faults:
            raise DomainError(faults)
        self.taken.update(dict.fromkeys(given.by_column.items(), member.code))
        day = member.entered_on or member.admitted_on
        yield decide_numbers(known, given, member_id=member.id, code=member.code, day=day, new_id=uuid4())

    def _taken(self, given: Numbers, code: str) -> Iterator[Fault]:
        for column, number in given.by_column.items():
            if self.taken.get((column, number), code) != code:
                yield Fault("number-taken", column)


def _differences(before: Numbers, given: Numbers) -> Iterator[Fault]:
    stated = before.by_column
    for column, number in given.by_column.items():
        if stated.get(column, number) != number:
            yield Fault("personal-differs-from-register", column)
