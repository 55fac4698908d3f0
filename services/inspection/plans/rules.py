"""What no plan may break: who may be sent to which meeting, and which visits go together. Pure.

Whatever was chosen - by the solver, by the officer, or a month ago - is looked at here, by the same rules.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from services.inspection.plans.policy import AreaRule
from services.inspection.plans.situation import Meeting, Rule, Situation

Chosen = Mapping[UUID, UUID]
"""Who attends which meeting: members by meetings."""


@dataclass(frozen=True, slots=True, order=True)
class Ban:
    """What the officer forbade: a meeting to be visited, somebody to be sent, or one to the other."""

    meeting_id: UUID | None = None
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the officer asked of a plan."""

    per_person: int
    """Visits of one person at most."""
    at_most: int | None = None
    """Visits of all together; None for as many as there are people for."""
    bans: frozenset[Ban] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that is broken, by which visits, and by whom where it is about somebody."""

    rule: Rule
    meetings: tuple[UUID, ...]
    """By their beginning."""
    member_id: UUID | None = None


def hindrance(situation: Situation, limits: Limits, meeting: Meeting, member_id: UUID) -> Rule | None:
    """Return why somebody cannot be sent to a meeting whatever else is planned; None where they can."""
    if not meeting.is_open:
        return Rule.NOT_OPEN
    if limits.bans & {Ban(meeting.id), Ban(None, member_id), Ban(meeting.id, member_id)}:
        return Rule.FORBIDDEN
    return _hindrance_of(situation, meeting, member_id)


def _hindrance_of(situation: Situation, meeting: Meeting, member_id: UUID) -> Rule | None:
    there = situation.where(member_id, meeting)
    if there is None or there.hindrance is not None:
        return Rule.NOT_SEATED if there is None else there.hindrance
    if meeting.cell_id in there.homes:
        return Rule.OWN_CELL
    if situation.policy.area is AreaRule.OBLIGATORY and meeting.cell_id not in there.areas:
        return Rule.OUTSIDE_AREA
    span = situation.span(meeting)
    if any(span.meets(other) for other in situation.engaged.get(member_id, ())):
        return Rule.AT_ONCE
    return None


def breaches(situation: Situation, limits: Limits, chosen: Chosen) -> Iterator[Breach]:
    """Yield every rule that is broken, by the beginning of the meetings."""
    for meeting_id in _in_order(situation, chosen):
        rule = hindrance(situation, limits, situation.meetings[meeting_id], chosen[meeting_id])
        if rule is not None:
            yield Breach(rule=rule, meetings=(meeting_id,), member_id=chosen[meeting_id])
    yield from _of_people(situation, limits, chosen)
    cells: dict[UUID, list[UUID]] = {}
    for meeting_id in _in_order(situation, chosen):
        cells.setdefault(situation.meetings[meeting_id].cell_id, []).append(meeting_id)
    for its in cells.values():
        if len(its) > 1:
            yield Breach(rule=Rule.CELL_TWICE, meetings=tuple(its))
    if limits.at_most is not None and len(chosen) > limits.at_most:
        yield Breach(rule=Rule.TOO_MANY, meetings=tuple(_in_order(situation, chosen)))


def _of_people(situation: Situation, limits: Limits, chosen: Chosen) -> Iterator[Breach]:
    visits: dict[UUID, list[UUID]] = {}
    for meeting_id in _in_order(situation, chosen):
        visits.setdefault(chosen[meeting_id], []).append(meeting_id)
    for member_id, its in sorted(visits.items()):
        timed = [one for one in its if situation.meetings[one].starts_at is not None]
        for one, other in combinations(timed, 2):
            if situation.span(situation.meetings[one]).meets(situation.span(situation.meetings[other])):
                yield Breach(rule=Rule.AT_ONCE, meetings=(one, other), member_id=member_id)
        if len(its) > limits.per_person:
            yield Breach(rule=Rule.CAPACITY, meetings=tuple(its), member_id=member_id)


def _in_order(situation: Situation, chosen: Chosen) -> list[UUID]:
    """Return meetings by their beginning; those without a time come last."""

    def place(meeting_id: UUID) -> tuple[bool, float, UUID]:
        starts_at = situation.meetings[meeting_id].starts_at
        return starts_at is None, 0.0 if starts_at is None else starts_at.timestamp(), meeting_id

    return sorted(chosen, key=place)


def why_nobody(situation: Situation, limits: Limits, meeting: Meeting, chosen: Chosen) -> Counter[Rule]:
    """Return why each of those who sit in teams cannot go to a meeting beside what is chosen, counted by rule.

    Empty where the meeting itself is why, and where somebody can.
    """
    found: Counter[Rule] = Counter()
    for member_id in situation.people:
        rule = hindrance(situation, limits, meeting, member_id) or engagement(
            situation, limits, meeting, member_id, chosen
        )
        if rule is None or rule is Rule.NOT_OPEN:
            return Counter()
        found[rule] += 1
    return found


def engagement(
    situation: Situation, limits: Limits, meeting: Meeting, member_id: UUID, chosen: Chosen
) -> Rule | None:
    """Return why somebody's other visits keep them from a meeting that has a time; None where they do not."""
    its = [situation.meetings[one] for one, who in chosen.items() if who == member_id and one != meeting.id]
    span = situation.span(meeting)
    if any(other.starts_at is not None and span.meets(situation.span(other)) for other in its):
        return Rule.AT_ONCE
    return Rule.CAPACITY if len(its) >= limits.per_person else None
