"""What membership told after a meeting was recorded: how its roll differs from the list of its day by now. Pure.

Neither roll nor book is rewritten for it: the difference is shown to whoever reads them, and told as an event.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from contracts.corrections import AttendanceFlag, AttendanceFlagged, RollDifference
from contracts.meetings import Attender
from services.meetings.domain import Listed

_CHECKS: Final = UUID("5b0f2f0e-94f4-5c59-9d0a-3a1c4f6d7e21")


def flags(roll: Collection[Attender], listed: Mapping[UUID, Listed]) -> list[AttendanceFlag]:
    """Return where a roll and the list of its day as known now differ, by member; nothing where they agree."""
    found = [
        AttendanceFlag(member_id=one.member_id, difference=difference, roll=now.roll if now else None)
        for one in roll
        for now in [listed.get(one.member_id)]
        for difference in _differences(one, now)
    ]
    on_roll = {one.member_id for one in roll}
    found += [
        AttendanceFlag(member_id=id_, difference=RollDifference.MISSING, roll=now.roll)
        for id_, now in listed.items()
        if id_ not in on_roll
    ]
    return sorted(found, key=lambda flag: (flag.member_id, flag.difference))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was told of the roll of a meeting; `version` counts its events, 0 where nothing was told."""

    meeting_id: UUID
    cell_id: UUID
    day: date
    told: tuple[AttendanceFlag, ...] = ()
    version: int = 0

    @property
    def id(self) -> UUID:
        """Its id, the same wherever it is made."""
        return uuid5(_CHECKS, str(self.meeting_id))

    @property
    def flagged(self) -> int:
        """Of how many people roll and list differ."""
        return len({flag.member_id for flag in self.told})


@dataclass(frozen=True, slots=True)
class Decided:
    """An event that now happened to a check, and the check it leaves behind."""

    state: Check
    event: AttendanceFlagged


def decide_check(check: Check, found: Sequence[AttendanceFlag]) -> Decided | None:
    """Return what is to be told of how a roll differs by now; None where that was told."""
    if tuple(found) == check.told:
        return None
    state = replace(check, told=tuple(found), version=check.version + 1)
    event = AttendanceFlagged(
        effective_date=check.day,
        attendance_check_id=check.id,
        meeting_id=check.meeting_id,
        cell_id=check.cell_id,
        before=check.told,
        after=state.told,
    )
    return Decided(state, event)


def _differences(one: Attender, now: Listed | None) -> list[RollDifference]:
    if now is None:
        return [RollDifference.NOT_ON_THE_LIST]
    found = [RollDifference.OTHER_ROLL] if now.roll is not one.roll else []
    return [*found, RollDifference.OTHER_EXEMPTION] if now.exempt is not one.exempt else found
