"""What becomes of a plan when meetings move, people are away, or belong elsewhere: only what must be is planned anew.

A visit that still can be made stays, also where its meeting moved and the same person can attend. One that cannot
goes to whoever can beside all that stays; where nobody can it lapses, and comes back as soon as somebody can. No
other visit is touched, and no other cell taken in. Pure: the same situation asked again changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contracts.visit_plans import PlanChange, VisitChange
from services.inspection.plans.assignment import Wanted, assign
from services.inspection.plans.plan import Decided, Plan, Visit, ordered, planned, revised
from services.inspection.plans.reasons import why
from services.inspection.plans.rules import engagement, hindrance
from services.inspection.plans.situation import MeetingState, Rule, Situation

_CHANGES: Final[Mapping[Rule, VisitChange]] = {
    Rule.NOT_SEATED: VisitChange.NOT_SEATED,
    Rule.NOT_IN_REGISTER: VisitChange.NOT_FREE,
    Rule.SUSPENDED: VisitChange.NOT_FREE,
    Rule.EXEMPT: VisitChange.NOT_FREE,
    Rule.ABSENT: VisitChange.ABSENT,
    Rule.OWN_CELL: VisitChange.OWN_CELL,
    Rule.OUTSIDE_AREA: VisitChange.OUTSIDE_AREA,
    Rule.AT_ONCE: VisitChange.AT_ONCE,
    Rule.FORBIDDEN: VisitChange.BY_HAND,
}


def decide_replan(plan: Plan, situation: Situation, *, on: date) -> Decided | None:
    """Return a plan of which what cannot be any more is planned anew; None where all can be."""
    stays, reasons = _what_stays(plan, situation)
    again = [
        one
        for one, visit in plan.visits.items()
        if one not in stays and (visit.lapsed or one in reasons) and situation.meetings[one].is_open
    ]
    found: dict[UUID, UUID] = {}
    if again:
        wanted = Wanted(
            fixed=_fixed(plan, situation, stays),
            required=frozenset(again),
            kept={one: plan.visits[one].planned.member_id for one in again},
            only=frozenset(again),
        )
        found = assign(situation, replace(plan.limits, at_most=None), wanted).chosen
    visits = dict(plan.visits)
    for one in {**reasons, **dict.fromkeys(again)}:
        reasons.setdefault(one, VisitChange.POSSIBLE_AGAIN)
        visits[one] = _anew(plan, situation, {**stays, **found}, one, reason=reasons[one])
    if visits == dict(plan.visits):
        return None
    after = replace(plan, visits=ordered(visits))
    return revised(plan, after, PlanChange.REPLANNED, on=on, reasons=reasons)


def _anew(
    plan: Plan,
    situation: Situation,
    chosen: Mapping[UUID, UUID],
    meeting_id: UUID,
    *,
    reason: VisitChange,
) -> Visit:
    before, meeting = plan.visits[meeting_id], situation.meetings[meeting_id]
    member_id = chosen.get(meeting_id)
    if member_id is None:
        return before if before.lapsed else replace(before, lapsed=reason)
    told = why(situation, plan.limits, chosen, meeting, pinned=before.pin is not None)
    same = before.planned.member_id == member_id
    return replace(
        before,
        planned=planned(situation, meeting_id, member_id),
        why=before.why if same else told,
        lapsed=None,
    )


def _what_stays(plan: Plan, situation: Situation) -> tuple[dict[UUID, UUID], dict[UUID, VisitChange]]:
    """Return who still attends what, and of visits that are otherwise - also by their time only - what made them so.

    Of two that are at once by now the one that did not move stays, or else the earlier one.
    """
    stays: dict[UUID, UUID] = {}
    reasons: dict[UUID, VisitChange] = {}
    standing = {one: visit for one, visit in plan.visits.items() if visit.lapsed is None}

    def place(one: UUID) -> tuple[bool, bool, datetime, UUID]:
        meeting, was = situation.meetings[one], standing[one].planned.starts_at
        return meeting.state is not MeetingState.OVER, meeting.starts_at != was, was, one

    for one in sorted(standing, key=place):
        meeting, visit = situation.meetings[one], standing[one]
        member_id = visit.planned.member_id
        if meeting.state is MeetingState.OVER:
            stays[one] = member_id
        elif not meeting.is_open:
            cancelled = meeting.state is MeetingState.CANCELLED
            reasons[one] = VisitChange.MEETING_CANCELLED if cancelled else VisitChange.MEETING_POSTPONED
        else:
            rule = hindrance(situation, plan.limits, meeting, member_id)
            rule = rule or engagement(situation, plan.limits, meeting, member_id, stays)
            if rule is None:
                stays[one] = member_id
            if meeting.starts_at != visit.planned.starts_at:
                reasons[one] = VisitChange.MEETING_MOVED
            elif rule is not None:
                reasons[one] = _CHANGES.get(rule, VisitChange.AT_ONCE)
    return stays, reasons


def _fixed(plan: Plan, situation: Situation, stays: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """Return what stays, without visits over that could not have been: they bind nobody any more."""
    fixed: dict[UUID, UUID] = {}
    for one, who in stays.items():
        meeting = situation.meetings[one]
        if meeting.starts_at is not None and engagement(situation, plan.limits, meeting, who, fixed) is None:
            fixed[one] = who
    return fixed
