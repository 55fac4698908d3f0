"""What membership told after a meeting was recorded: how its roll differs from the list of its day by now. Pure.

A roll is never rewritten, nor is the book: the difference is shown to whoever reads them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contracts.meetings import Attender, Roll
from services.meetings.domain import Listed


class Difference(StrEnum):
    """How somebody on a roll is otherwise by what is known now."""

    NOT_ON_THE_LIST = "not_on_the_list"
    """Was not to come: had left, moved, or stayed elsewhere by then."""
    MISSING = "missing"
    """Was to come, and is not on the roll."""
    OTHER_ROLL = "other_roll"
    """Was official, on probation or visiting, otherwise than the roll has it."""
    OTHER_EXEMPTION = "other_exemption"


@dataclass(frozen=True, slots=True)
class Flag:
    """Somebody of whom roll and list differ; `roll` is as what they are on the list now, None where not on it."""

    member_id: UUID
    difference: Difference
    roll: Roll | None


def flags(roll: Collection[Attender], listed: Mapping[UUID, Listed]) -> list[Flag]:
    """Return where a roll and the list of its day as known now differ, by member; nothing where they agree."""
    found = [
        Flag(one.member_id, difference, now.roll if now else None)
        for one in roll
        for now in [listed.get(one.member_id)]
        for difference in _differences(one, now)
    ]
    on_roll = {one.member_id for one in roll}
    found += [Flag(id_, Difference.MISSING, now.roll) for id_, now in listed.items() if id_ not in on_roll]
    return sorted(found, key=lambda flag: (flag.member_id, flag.difference))


def _differences(one: Attender, now: Listed | None) -> list[Difference]:
    if now is None:
        return [Difference.NOT_ON_THE_LIST]
    found = [Difference.OTHER_ROLL] if now.roll is not one.roll else []
    return [*found, Difference.OTHER_EXEMPTION] if now.exempt is not one.exempt else found
