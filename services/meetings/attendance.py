"""Who was at a meeting, how many that is, and who decides in it. Pure (DOMAIN: after, attendance and votes)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID


class Presence(StrEnum):
    """Where somebody on the list was."""

    PRESENT = "present"
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    EXEMPT = "exempt"
    """Exempt from meetings, and not there."""


class Roll(StrEnum):
    """As what somebody is on the list of a meeting."""

    OFFICIAL = "official"
    PROBATIONARY = "probationary"
    VISITING = "visiting"
    """Stays here for a time and belongs elsewhere: takes part and does not vote [C]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attender:
    """Somebody on the list, and where they were."""

    member_id: UUID
    roll: Roll
    presence: Presence
    exempt: bool = False
    """Exempt from meetings; may come all the same."""
    special_duty: bool = False
    """Of the armed forces and away on special duty."""


def rate(attenders: Iterable[Attender]) -> Fraction | None:
    """Return how many of those who were to come came, from 0 to 1; None where nobody was to.

    Exempt members and those of the armed forces on special duty are left out, whether or not they came.
    """
    counted = [one for one in attenders if not one.exempt and not one.special_duty]
    if not counted:
        return None
    return Fraction(sum(one.presence is Presence.PRESENT for one in counted), len(counted))


def voters(attenders: Iterable[Attender]) -> set[UUID]:
    """Return who may vote: official members who are there, exempt ones among them."""
    return {
        one.member_id for one in attenders if one.roll is Roll.OFFICIAL and one.presence is Presence.PRESENT
    }


def base(attenders: Iterable[Attender]) -> int:
    """Return of how many official members a majority is: all who were summoned.

    Exempt ones count only where they came and so can vote. Those who stay elsewhere for a time are not on the list.
    """
    return sum(
        one.roll is Roll.OFFICIAL and (not one.exempt or one.presence is Presence.PRESENT)
        for one in attenders
    )


class Majority(StrEnum):
    """How much a decision needs."""

    MORE_THAN_HALF = "more_than_half"
    """Of an ordinary resolution."""
    TWO_THIRDS = "two_thirds"
    """Of an admission."""


@dataclass(frozen=True, slots=True)
class Vote:
    """How a decision was voted on."""

    in_favour: int
    against: int
    abstained: int

    @property
    def cast(self) -> int:
        """All votes."""
        return self.in_favour + self.against + self.abstained


class VoteError(ValueError):
    """Votes that cannot have been cast."""


_TWO_THIRDS: Final = Fraction(2, 3)


def carries(vote: Vote, majority: Majority, attenders: Collection[Attender]) -> bool:
    """Return whether a vote carries a decision, out of all official members summoned.

    Raises VoteError where a number is negative or more votes were cast than there are voters.
    """
    if min(vote.in_favour, vote.against, vote.abstained) < 0:
        raise VoteError("fewer votes than none")
    if vote.cast > (there := len(voters(attenders))):
        raise VoteError(f"{vote.cast} votes were cast and {there} could vote")
    of = base(attenders)
    if majority is Majority.TWO_THIRDS:
        return of > 0 and Fraction(vote.in_favour, of) >= _TWO_THIRDS
    return 2 * vote.in_favour > of


def has_quorum(attenders: Collection[Attender]) -> bool:
    """Return whether enough are there to decide: more than half of the base, as a resolution needs them all [C]."""
    return 2 * len(voters(attenders)) > base(attenders)
