"""Which absences of a member fail the attendance criterion, by the guidance of each meeting's day. Pure.

One unexcused absence, or more than three excused ones running in a year, by the guidance of 2018 (DOMAIN: during).
What counts is in the data of the guidance; one that says nothing of it fails nobody. A meeting that somebody need not
come to - exempt, or on special duty - is passed over: it is neither an absence nor ends a run of them [C].
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from contracts.meetings import Attender, Presence
from rules.guidance import Guidance


@dataclass(frozen=True, slots=True)
class Called:
    """Where somebody was at a meeting, and the guidance of its day; None where none is known."""

    meeting_id: UUID
    attender: Attender
    guidance: Guidance | None


@dataclass(frozen=True, slots=True)
class Failing:
    """How often somebody was away in a year, and at which meetings that failed the criterion."""

    unexcused: int
    longest_run: int
    """Of excused absences, one after the other."""
    at: tuple[UUID, ...]
    """Meetings, in their order; empty where nothing failed."""


def failing(calls: Iterable[Called]) -> Failing:
    """Return how often somebody was away, from the meetings of a year in their order, and where that failed."""
    unexcused = run = longest = 0
    at = []
    for call in calls:
        one, rule = call.attender, call.guidance.absences if call.guidance else None
        if one.exempt or one.special_duty:
            continue
        run = run + 1 if one.presence is Presence.EXCUSED else 0
        unexcused += one.presence is Presence.UNEXCUSED
        longest = max(longest, run)
        if rule is None:
            continue
        too_many = one.presence is Presence.UNEXCUSED and unexcused >= rule.unexcused
        if too_many or run > rule.excused_running:
            at.append(call.meeting_id)
    return Failing(unexcused, longest, tuple(at))
