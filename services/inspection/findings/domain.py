"""What becomes of a finding: pure functions from a state and a command to an event.

    open -> being remedied -> reported, with evidence -> confirmed closed
      ^------------- reopened, with a reason ------------/

A step out of this order is refused. Nothing here changes anyone's standing: a finding has an owner who is to mend
something in a cell, and no more.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from contracts.findings import (
    UNSETTLED,
    FindingCarriedOver,
    FindingClosed,
    FindingOpened,
    FindingOverdue,
    FindingRemedyBegun,
    FindingRemedyReported,
    FindingReopened,
    FindingState,
)
from services.inspection.checklists import Checklist
from services.inspection.faults import Fault, FaultsFound
from services.inspection.findings.finding import (
    Finding,
    FindingDecided,
    Found,
    Seen,
    changed_facts,
    check_standing,
    decided_on,
    due_faults,
    facts_said,
    last_before,
)

STATE_LABELS: Final = {
    FindingState.OPEN: "chưa khắc phục",
    FindingState.REMEDYING: "đang khắc phục",
    FindingState.REPORTED: "đã báo cáo khắc phục",
    FindingState.CLOSED: "đã xác nhận khắc phục",
}


def decide_opening(
    found: Found, seen: Seen, *, its: Checklist, same: Collection[Finding], new_id: UUID
) -> FindingDecided:
    """Return a new finding of a visit; `same` are those of its cell and limitation that stand.

    Raises FaultsFound where its axis or limitation is not on the checklist, its day cannot be, or its visit has the
    same limitation already.
    """
    facts = facts_said(found, seen, its)
    if any(one.facts.visit_id == seen.visit_id for one in same):
        raise FaultsFound([Fault("found-already", "limitation", {"limitation": facts.limitation})])
    facts = facts.model_copy(update={"recurrence_of": last_before(seen.on, same)})
    event = FindingOpened(effective_date=seen.on, finding_id=new_id, after=facts)
    return FindingDecided(Finding(id=new_id, facts=facts, summary=found.summary, since=seen.on), event)


def decide_begin(finding: Finding, on: date, *, today: date) -> FindingDecided:
    """Return that its owner began to remedy a finding. Raises FaultsFound where it is out of order."""
    _check(finding, on, today, FindingState.REMEDYING, {FindingState.OPEN})
    after = changed_facts(finding, state=FindingState.REMEDYING)
    event = FindingRemedyBegun(effective_date=on, finding_id=finding.id, before=finding.facts, after=after)
    return decided_on(finding, event, after, since=on)


def decide_report(finding: Finding, on: date, *, evidence: bool, today: date) -> FindingDecided:
    """Return that a finding is reported as mended. Raises FaultsFound out of order, and without evidence."""
    _check(finding, on, today, FindingState.REPORTED, {FindingState.OPEN, FindingState.REMEDYING})
    if not evidence:
        raise FaultsFound([Fault("evidence-missing", "note")])
    after = changed_facts(finding, state=FindingState.REPORTED, overdue=False)
    event = FindingRemedyReported(effective_date=on, finding_id=finding.id, before=finding.facts, after=after)
    return decided_on(finding, event, after, since=on)


def decide_confirmation(finding: Finding, on: date, *, today: date) -> FindingDecided:
    """Return that a finding is confirmed as mended. Raises FaultsFound where it is out of order."""
    _check(finding, on, today, FindingState.CLOSED, {FindingState.REPORTED})
    after = changed_facts(finding, state=FindingState.CLOSED)
    event = FindingClosed(effective_date=on, finding_id=finding.id, before=finding.facts, after=after)
    return decided_on(finding, event, after, since=on)


def decide_reopening(
    finding: Finding, on: date, due_on: date, *, reason: bool, today: date
) -> FindingDecided:
    """Return that what was reported is not enough, and until when it is to be. Raises FaultsFound."""
    _check(finding, on, today, FindingState.OPEN, {FindingState.REPORTED, FindingState.CLOSED})
    if not reason:
        raise FaultsFound([Fault("reason-missing", "note")])
    if faults := list(due_faults(due_on, on)):
        raise FaultsFound(faults)
    after = changed_facts(
        finding,
        state=FindingState.OPEN,
        due_on=due_on,
        overdue=False,
        reopened=finding.facts.reopened + 1,
    )
    event = FindingReopened(effective_date=on, finding_id=finding.id, before=finding.facts, after=after)
    return decided_on(finding, event, after, since=on)


def decide_overdue(finding: Finding, *, escalated_to: UUID | None, today: date) -> FindingDecided | None:
    """Return that a finding's day went by; None where it did not, nothing is owed, or that was told already."""
    facts = finding.facts
    waiting = facts.state in {FindingState.OPEN, FindingState.REMEDYING}
    if finding.withdrawn or facts.overdue or not waiting or today <= facts.due_on:
        return None
    after = changed_facts(finding, overdue=True)
    event = FindingOverdue(
        effective_date=facts.due_on + timedelta(days=1),
        finding_id=finding.id,
        before=facts,
        after=after,
        escalated_to=escalated_to,
    )
    return decided_on(finding, event, after)


def check_year(year: int, *, today: date) -> None:
    """Raise FaultsFound `year-to-come` for a year after the next: what is there can be carried nowhere else."""
    if year > today.year + 1:
        raise FaultsFound([Fault("year-to-come", "year", {"most": today.year + 1})])


def decide_carry_over(finding: Finding, year: int) -> FindingDecided | None:
    """Return that a finding is work of a year's plan; None where it is settled, of that year, or carried already."""
    facts = finding.facts
    carried = facts.carried_into is not None and facts.carried_into >= year
    if finding.withdrawn or facts.state not in UNSETTLED or facts.found_on.year >= year or carried:
        return None
    after = changed_facts(finding, carried_into=year)
    event = FindingCarriedOver(
        effective_date=date(year, 1, 1), finding_id=finding.id, before=facts, after=after
    )
    return decided_on(finding, event, after)


def _check(
    finding: Finding, on: date, today: date, wanted: FindingState, allowed: Collection[FindingState]
) -> None:
    """Raise FaultsFound where a step of a finding's life is out of order, or its day cannot be."""
    check_standing(finding)
    state = finding.facts.state
    if state not in allowed:
        facts = {
            "state": STATE_LABELS[state],
            "wanted": STATE_LABELS[wanted],
            "state_en": state.value,
            "wanted_en": wanted.value,
        }
        raise FaultsFound([Fault("finding-out-of-order", None, facts)])
    if on > today:
        raise FaultsFound([Fault("finding-to-come", "on", {"day": on})])
    if on < finding.since:
        raise FaultsFound([Fault("finding-before", "on", {"day": on, "since": finding.since})])
