"""How many were at a meeting, and who decides in it. Pure (DOMAIN: after, attendance and votes)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from uuid import UUID

from contracts.meetings import AttendanceFigures, Attender, Presence, Roll
from contracts.resolutions import Majority


def figures(attenders: Iterable[Attender]) -> AttendanceFigures:
    """Return how many were to come, and came.

    Exempt members and those of the armed forces on special duty are left out, whether or not they came.
    """
    counted = [one.presence for one in attenders if not one.exempt and not one.special_duty]
    return AttendanceFigures(
        counted=len(counted),
        present=counted.count(Presence.PRESENT),
        excused=counted.count(Presence.EXCUSED),
        unexcused=counted.count(Presence.UNEXCUSED),
    )


def rate(attendance: AttendanceFigures) -> Fraction | None:
    """Return which part of those who were to come came, from 0 to 1; None where nobody was to."""
    return Fraction(attendance.present, attendance.counted) if attendance.counted else None


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
