"""What becomes of an absence of somebody in a team: pure functions from a state and a command to an event."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from contracts.inspection import Absence, AbsenceEvent, AbsenceRecorded, AbsenceRestated
from services.inspection.faults import Fault, FaultsFound

_LONGEST_DAYS: Final = 2 * 366
"""Away for longer than two years, somebody is no more in a team [C]."""


class AbsenceReason(StrEnum):
    """Why somebody is away: known to this service only."""

    LEAVE = "leave"
    """Nghỉ phép."""
    BUSINESS_TRIP = "business_trip"
    """Đi công tác."""
    STUDY = "study"
    """Đi học."""
    ILLNESS = "illness"
    """Nghỉ ốm."""
    FAMILY = "family"
    """Việc gia đình, thai sản."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """An absence and its reason; `version` counts its events."""

    id: UUID
    days: Absence
    reason: AbsenceReason
    withdrawn: bool = False
    """It never was."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class AbsenceDecided:
    """An absence as a command leaves it, and its event."""

    state: Away
    event: AbsenceEvent


def decide_absence(
    days: Absence,
    reason: AbsenceReason,
    *,
    new_id: UUID,
    others: Collection[Away],
    sits: bool,
    decision_date: date | None = None,
) -> AbsenceDecided:
    """Return a new absence. `others` are the same person's; `sits` says that they are in a team on one of its days.

    Raises FaultsFound for days that cannot be, those of another absence, and somebody who is in no team.
    """
    _check(days, others, sits=sits)
    event = AbsenceRecorded(
        effective_date=days.first_on, decision_date=decision_date, absence_id=new_id, after=days
    )
    return AbsenceDecided(Away(id=new_id, days=days, reason=reason), event)


def decide_absence_correction(
    away: Away,
    days: Absence,
    reason: AbsenceReason,
    *,
    others: Collection[Away],
    sits: bool,
    decision_date: date | None = None,
) -> AbsenceDecided:
    """Return an absence that has other days or another reason than was said.

    Raises FaultsFound as `decide_absence`, `nothing-changes`, and `absence-withdrawn`.
    """
    _check_standing(away)
    _check(days, others, sits=sits)
    if (days, reason) == (away.days, away.reason):
        raise FaultsFound([Fault("nothing-changes")])
    event = AbsenceRestated(
        effective_date=min(away.days.first_on, days.first_on),
        decision_date=decision_date,
        absence_id=away.id,
        before=away.days,
        after=days,
    )
    return AbsenceDecided(replace(away, days=days, reason=reason, version=away.version + 1), event)


def decide_absence_withdrawal(away: Away, decision_date: date | None = None) -> AbsenceDecided:
    """Return that there was no such absence. Raises FaultsFound `absence-withdrawn`."""
    _check_standing(away)
    event = AbsenceRestated(
        effective_date=away.days.first_on,
        decision_date=decision_date,
        absence_id=away.id,
        before=away.days,
        after=None,
    )
    return AbsenceDecided(replace(away, withdrawn=True, version=away.version + 1), event)


def _check(days: Absence, others: Collection[Away], *, sits: bool) -> None:
    if days.last_on < days.first_on:
        raise FaultsFound([Fault("last-before-first", "last_on")])
    if (days.last_on - days.first_on).days >= _LONGEST_DAYS:
        raise FaultsFound([Fault("away-too-long", "last_on")])
    for other in others:
        if days.first_on <= other.days.last_on and other.days.first_on <= days.last_on:
            raise FaultsFound(
                [
                    Fault(
                        "away-already", "first_on", {"first": other.days.first_on, "last": other.days.last_on}
                    )
                ]
            )
    if not sits:
        raise FaultsFound([Fault("in-no-team", "member_id", {"first": days.first_on, "last": days.last_on})])


def _check_standing(away: Away) -> None:
    if away.withdrawn:
        raise FaultsFound([Fault("absence-withdrawn")])
