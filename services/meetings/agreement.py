"""Who agrees to content and agenda: the cell's committee, or secretary and deputy where there is none. Pure.

DOMAIN: before. Who holds which position is what membership tells; where it has told of nobody in a cell, that an
agreement is its committee's cannot be checked, and is taken with a warning.
"""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from contracts.positions import Position
from services.meetings.faults import Fault, FaultsFound

Leaders = Mapping[UUID, Collection[Position]]
"""Who holds which positions in a cell on a day."""


def check_agreement(agreed_by: Collection[UUID], leaders: Leaders, day: date) -> list[Fault]:
    """Return what is unusual about who agreed; nothing where it is not said who did.

    Raises FaultsFound `agreed-by-others` where somebody did who leads the cell in no position on that day.
    """
    if not agreed_by:
        return []
    shown = f"{day:%d/%m/%Y}"
    if not leaders:
        return [Fault("leaders-unknown", "agreed_by", {"day": shown})]
    if others := set(agreed_by) - leaders.keys():
        raise FaultsFound([Fault("agreed-by-others", "agreed_by", {"count": len(others), "day": shown})])
    agreed = len(set(agreed_by))
    if 2 * agreed > len(leaders) if _has_committee(leaders) else agreed == len(leaders):
        return []
    return [Fault("agreed-by-few", "agreed_by", {"agreed": agreed, "leaders": len(leaders), "day": shown})]


def _has_committee(leaders: Leaders) -> bool:
    """Return whether a cell has a committee: somebody is of it who is neither secretary nor deputy."""
    return any(Position.COMMITTEE_MEMBER in positions for positions in leaders.values())
