"""What becomes of a monthly plan of visits: pure functions from a plan, the situation and a command to events.

A plan is proposed, pinned, forbidden and changed as a draft, then approved; from there on each of its visits is told.
Proposing looks for the best plan of all (`assignment.py`). Pinning and forbidding change what they must and leave
other visits as they are; a change by hand changes one. Whatever comes out keeps to the rules (`rules.py`), or is
refused with the rule and the cells.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from contracts.membership import DocumentRef
from contracts.visit_plans import (
    PlanChange,
    VisitAssigned,
    VisitBan,
    VisitChange,
    VisitPlanApproved,
    VisitPlanProposed,
)
from services.inspection.faults import Fault, FaultsFound
from services.inspection.plans.assignment import Wanted, assign
from services.inspection.plans.plan import (
    Decided,
    Pin,
    Plan,
    PlanStatus,
    Visit,
    assignment_id,
    cells_of,
    faults_of,
    ordered,
    plan_id,
    planned,
    revised,
)
from services.inspection.plans.reasons import in_words, left_out, left_out_but_for, why
from services.inspection.plans.rules import Ban, Breach, Limits, breaches, why_nobody
from services.inspection.plans.situation import MeetingState, Rule, Situation


def decide_proposal(situation: Situation, limits: Limits, *, on: date) -> Decided:
    """Return the best plan of a month. Raises FaultsFound `no-open-meeting`, `nobody-to-send`."""
    _check_possible(situation)
    chosen = assign(situation, limits).chosen
    plan = Plan(
        id=plan_id(situation.month),
        month=situation.month,
        limits=limits,
        visits=_visits(situation, limits, chosen, {}),
        left_out=left_out(situation, limits, chosen),
    )
    event = VisitPlanProposed(
        effective_date=on,
        visit_plan_id=plan.id,
        month=plan.month,
        after=tuple(visit.planned for visit in plan.visits.values()),
    )
    return Decided(plan, ((event, 1),))


def decide_again(plan: Plan, situation: Situation, limits: Limits, *, on: date) -> Decided:
    """Return the best plan of a month with its pins and bans, as things are now.

    Raises FaultsFound `plan-approved`, as `decide_proposal`, and with each rule that the pins break.
    """
    _check_draft(plan)
    _check_possible(situation)
    limits = replace(limits, bans=plan.limits.bans)
    pins = {one: visit.pin for one, visit in plan.visits.items() if visit.pin is not None}
    return _solved(plan, situation, limits, pins, wanted=Wanted(), change=PlanChange.PROPOSED_ANEW, on=on)


def decide_pin(
    plan: Plan, situation: Situation, meeting_id: UUID, member_id: UUID | None, *, on: date
) -> Decided:
    """Return a draft in which somebody attends a meeting, whoever can where `member_id` is None; else as it was.

    Raises FaultsFound `plan-approved`, `nothing-changes`, and with each rule that the pins break.
    """
    _check_draft(plan)
    before = plan.visits.get(meeting_id)
    pin = Pin.MEETING if member_id is None else Pin.VISITOR
    is_so = before is not None and before.lapsed is None and before.pin is pin
    if is_so and before is not None and member_id in {None, before.planned.member_id}:
        raise FaultsFound([Fault("nothing-changes")])
    pins = {one: visit.pin for one, visit in plan.visits.items() if visit.pin is not None}
    wanted = _as_it_is(plan, meeting_id)
    visitors = {} if member_id is None else {meeting_id: member_id}
    return _solved(
        plan,
        situation,
        plan.limits,
        pins | {meeting_id: pin},
        wanted=wanted,
        change=PlanChange.PINNED,
        on=on,
        visitors=visitors,
    )


def decide_unpin(plan: Plan, meeting_id: UUID, *, on: date) -> Decided:
    """Return a draft in which a visit may be changed again. Raises FaultsFound `plan-approved`, `not-pinned`."""
    _check_draft(plan)
    visit = plan.visits.get(meeting_id)
    if visit is None or visit.pin is None:
        raise FaultsFound([Fault("not-pinned", "meeting_id")])
    visits = {**plan.visits, meeting_id: replace(visit, pin=None)}
    return revised(plan, replace(plan, visits=visits), PlanChange.UNPINNED, on=on)


def decide_ban(plan: Plan, situation: Situation, ban: Ban, *, on: date) -> Decided:
    """Return a draft without what is forbidden; other visits are as they were.

    Raises FaultsFound `plan-approved`, `nothing-to-forbid`, `nothing-changes`, and `pinned-visit` for a visit that is
    pinned.
    """
    _check_draft(plan)
    if ban == Ban():
        raise FaultsFound([Fault("nothing-to-forbid")])
    if ban in plan.limits.bans:
        raise FaultsFound([Fault("nothing-changes")])
    pinned = [
        one
        for one, visit in plan.visits.items()
        if _is_meant(ban, visit, one) and (visit.pin is Pin.VISITOR or (visit.pin and ban.member_id is None))
    ]
    if pinned:
        cells = cells_of(situation, pinned)
        raise FaultsFound([Fault("pinned-visit", "meeting_id", {"cells": cells})])
    limits = replace(plan.limits, bans=plan.limits.bans | {ban})
    pins = {one: visit.pin for one, visit in plan.visits.items() if visit.pin is not None}
    return _solved(
        plan,
        situation,
        limits,
        pins,
        wanted=_as_it_is(plan),
        change=PlanChange.FORBIDDEN,
        on=on,
        ban=_said(ban),
    )


def decide_allowance(plan: Plan, ban: Ban, *, on: date) -> Decided:
    """Return a draft that may have what was forbidden. Raises FaultsFound `plan-approved`, `not-forbidden`."""
    _check_draft(plan)
    if ban not in plan.limits.bans:
        raise FaultsFound([Fault("not-forbidden")])
    after = replace(plan, limits=replace(plan.limits, bans=plan.limits.bans - {ban}))
    return revised(plan, after, PlanChange.ALLOWED, on=on, ban=_said(ban))


def decide_change(
    plan: Plan, situation: Situation, meeting_id: UUID, member_id: UUID | None, *, on: date
) -> Decided:
    """Return a plan, also an approved one, in which one visit is another: somebody's, or nobody's for None.

    No other visit is touched. Raises FaultsFound with the rules that it would break, `nothing-changes`, and
    `visit-over` for one that was made.
    """
    before = plan.visits.get(meeting_id)
    attends = None if before is None or before.lapsed else before.planned.member_id
    if attends == member_id and not (member_id is None and before is not None):
        raise FaultsFound([Fault("nothing-changes")])
    over = situation.meetings[meeting_id].state is MeetingState.OVER
    if before is not None and over and plan.status is PlanStatus.APPROVED:
        raise FaultsFound([Fault("visit-over", "meeting_id")])
    visits = {one: visit for one, visit in plan.visits.items() if one != meeting_id}
    if member_id is not None:
        chosen = {**replace(plan, visits=visits).chosen, meeting_id: member_id}
        found = breaches(situation, replace(plan.limits, at_most=None), chosen)
        if broken := [breach for breach in found if meeting_id in breach.meetings]:
            raise FaultsFound(faults_of(situation, plan.limits, broken))
        added = _visit(situation, plan.limits, chosen, meeting_id, Pin.VISITOR)
        visits[meeting_id] = added
    after = replace(plan, visits=ordered(visits))
    cell_id = situation.meetings[meeting_id].cell_id
    left = left_out_but_for(plan.left_out, situation, plan.limits, after.chosen, cell_id)
    after = replace(after, left_out=left)
    return revised(plan, after, PlanChange.BY_HAND, on=on, reasons={meeting_id: VisitChange.BY_HAND})


def decide_approval(
    plan: Plan,
    situation: Situation,
    *,
    on: date,
    decision_date: date | None = None,
    document: DocumentRef | None = None,
) -> Decided:
    """Return a plan that is approved, with an event for each of its visits.

    Raises FaultsFound `plan-approved`, `plan-empty`, and with each rule that it breaks by now.
    """
    _check_draft(plan)
    visits = {one: visit for one, visit in plan.visits.items() if visit.lapsed is None}
    if not visits:
        raise FaultsFound([Fault("plan-empty")])
    if broken := list(breaches(situation, plan.limits, plan.chosen)):
        raise FaultsFound(faults_of(situation, plan.limits, broken))
    if moved := [
        one for one, visit in visits.items() if situation.meetings[one].starts_at != visit.planned.starts_at
    ]:
        raise FaultsFound([Fault("visit-moved", None, {"cells": cells_of(situation, moved)})])
    after = replace(
        plan,
        status=PlanStatus.APPROVED,
        visits=visits,
        version=plan.version + 1,
        told=dict.fromkeys(visits, 1),
    )
    approved = VisitPlanApproved(
        effective_date=on,
        decision_date=decision_date,
        visit_plan_id=plan.id,
        month=plan.month,
        visits=len(visits),
        document=document,
    )
    assigned = [
        VisitAssigned(
            effective_date=on,
            decision_date=decision_date,
            assignment_id=assignment_id(plan.id, one),
            visit_plan_id=plan.id,
            after=visit.planned,
        )
        for one, visit in visits.items()
    ]
    return Decided(after, ((approved, after.version), *((event, 1) for event in assigned)))


def _check_draft(plan: Plan) -> None:
    if plan.status is not PlanStatus.DRAFT:
        raise FaultsFound([Fault("plan-approved", None, {"month": f"{plan.month:%m/%Y}"})])


def _check_possible(situation: Situation) -> None:
    month = f"{situation.month:%m/%Y}"
    if not any(True for _ in situation.open_meetings()):
        raise FaultsFound([Fault("no-open-meeting", "month", {"month": month})])
    if not situation.people:
        raise FaultsFound([Fault("nobody-to-send", "month", {"month": month})])


def _as_it_is(plan: Plan, *further: UUID) -> Wanted:
    """Return that a plan is to stay as it is where it can: no meeting comes in but those that are named."""
    return Wanted(kept=plan.chosen, only=frozenset({*plan.visits, *further}))


def _solved(
    plan: Plan,
    situation: Situation,
    limits: Limits,
    pins: Mapping[UUID, Pin],
    *,
    wanted: Wanted,
    change: PlanChange,
    on: date,
    visitors: Mapping[UUID, UUID] | None = None,
    ban: VisitBan | None = None,
) -> Decided:
    """Return a draft solved anew with its pins. Raises FaultsFound with each rule that they break, and where."""
    held = {one: visit.planned.member_id for one, visit in plan.visits.items()} | dict(visitors or {})
    fixed = {one: held[one] for one, pin in pins.items() if pin is Pin.VISITOR}
    if broken := list(breaches(situation, limits, fixed)):
        raise FaultsFound(faults_of(situation, limits, broken))
    required = frozenset(one for one, pin in pins.items() if pin is Pin.MEETING)
    if closed := [one for one in required if not situation.meetings[one].is_open]:
        closed_ = [Breach(rule=Rule.NOT_OPEN, meetings=(one,)) for one in closed]
        raise FaultsFound(faults_of(situation, limits, closed_))
    found = assign(situation, limits, replace(wanted, fixed=fixed, required=required))
    if found.unserved:
        raise FaultsFound([_unserved(situation, limits, one, found.chosen) for one in found.unserved])
    after = replace(
        plan,
        limits=limits,
        visits=_visits(situation, limits, found.chosen, pins),
        left_out=left_out(situation, limits, found.chosen),
    )
    return revised(plan, after, change, on=on, ban=ban)


def _unserved(situation: Situation, limits: Limits, meeting_id: UUID, chosen: Mapping[UUID, UUID]) -> Fault:
    meeting = situation.meetings[meeting_id]
    rules = why_nobody(situation, limits, meeting, chosen)
    words = in_words(
        rules or {Rule.CELL_TWICE if _is_visited(situation, meeting.cell_id, chosen) else Rule.TOO_MANY: 1}
    )
    return Fault("nobody-for-pinned", "meeting_id", {"cells": cells_of(situation, [meeting_id]), **words})


def _is_visited(situation: Situation, cell_id: UUID, chosen: Mapping[UUID, UUID]) -> bool:
    return any(situation.meetings[one].cell_id == cell_id for one in chosen)


def _visits(
    situation: Situation, limits: Limits, chosen: Mapping[UUID, UUID], pins: Mapping[UUID, Pin]
) -> dict[UUID, Visit]:
    return ordered({one: _visit(situation, limits, chosen, one, pins.get(one)) for one in chosen})


def _visit(
    situation: Situation, limits: Limits, chosen: Mapping[UUID, UUID], meeting_id: UUID, pin: Pin | None
) -> Visit:
    meeting = situation.meetings[meeting_id]
    return Visit(
        planned=planned(situation, meeting_id, chosen[meeting_id]),
        why=why(situation, limits, chosen, meeting, pinned=pin is not None),
        pin=pin,
    )


def _is_meant(ban: Ban, visit: Visit, meeting_id: UUID) -> bool:
    return ban.meeting_id in {None, meeting_id} and ban.member_id in {None, visit.planned.member_id}


def _said(ban: Ban) -> VisitBan:
    return VisitBan(meeting_id=ban.meeting_id, member_id=ban.member_id)
