"""What becomes of a finding: pure functions from a state and a command to an event.

    open -> being remedied -> reported, with evidence -> confirmed closed
      ^------------- reopened, with a reason ------------/

A step out of this order is refused. Nothing here changes anyone's standing: a finding has an owner who is to mend
something in a cell, and no more.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from contracts.findings import (
    UNSETTLED,
    FindingCarriedOver,
    FindingClosed,
    FindingEvent,
    FindingFacts,
    FindingOpened,
    FindingOverdue,
    FindingRemedyBegun,
    FindingRemedyReported,
    FindingReopened,
    FindingRestated,
    FindingState,
    Owner,
    Severity,
)
from contracts.positions import Position
from services.inspection.checklists import Checklist
from services.inspection.faults import Fault, FaultsFound

_LONGEST_DAYS: Final = 2 * 366
"""A due date later than that is a slip of the pen [C]."""
STATE_LABELS: Final = {
    FindingState.OPEN: "chưa khắc phục",
    FindingState.REMEDYING: "đang khắc phục",
    FindingState.REPORTED: "đã báo cáo khắc phục",
    FindingState.CLOSED: "đã xác nhận khắc phục",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What visitors found lacking, as they say it."""

    summary: str
    severity: Severity
    axis: str | None = None
    """Of the limitation, where one is named."""
    limitation: str | None = None
    owner: Owner | None = None
    """The cell's secretary, where nobody is named."""
    due_on: date | None = None
    """As the checklist has it for the severity, where no day is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The visit at which something was found."""

    visit_id: UUID
    cell_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding; `version` counts its events."""

    id: UUID
    facts: FindingFacts
    summary: str
    """What is lacking, in words; in no event."""
    since: date
    """From which day on it is in its state."""
    withdrawn: bool = False
    """It never was."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class FindingDecided:
    """A finding as a command leaves it, and its event."""

    state: Finding
    event: FindingEvent

    @property
    def on(self) -> date:
        """From which day on it is so."""
        return self.event.effective_date


def decide_opening(
    found: Found, seen: Seen, *, its: Checklist, same: Collection[Finding], new_id: UUID
) -> FindingDecided:
    """Return a new finding of a visit; `same` are those of its cell and limitation that stand.

    Raises FaultsFound where its axis or limitation is not on the checklist, its day cannot be, or its visit has the
    same limitation already.
    """
    facts = _facts(found, seen, its)
    if any(one.facts.visit_id == seen.visit_id for one in same):
        raise FaultsFound([Fault("found-already", "limitation", {"limitation": facts.limitation})])
    facts = facts.model_copy(update={"recurrence_of": _last_before(seen.on, same)})
    event = FindingOpened(effective_date=seen.on, finding_id=new_id, after=facts)
    return FindingDecided(Finding(id=new_id, facts=facts, summary=found.summary, since=seen.on), event)


def decide_begin(finding: Finding, on: date, *, today: date) -> FindingDecided:
    """Return that its owner began to remedy a finding. Raises FaultsFound where it is out of order."""
    _check(finding, on, today, FindingState.REMEDYING, {FindingState.OPEN})
    after = _after(finding, state=FindingState.REMEDYING)
    event = FindingRemedyBegun(effective_date=on, finding_id=finding.id, before=finding.facts, after=after)
    return _decided(finding, event, after, since=on)


def decide_report(finding: Finding, on: date, *, evidence: bool, today: date) -> FindingDecided:
    """Return that a finding is reported as mended. Raises FaultsFound out of order, and without evidence."""
    _check(finding, on, today, FindingState.REPORTED, {FindingState.OPEN, FindingState.REMEDYING})
    if not evidence:
        raise FaultsFound([Fault("evidence-missing", "note")])
    after = _after(finding, state=FindingState.REPORTED, overdue=False)
    event = FindingRemedyReported(effective_date=on, finding_id=finding.id, before=finding.facts, after=after)
    return _decided(finding, event, after, since=on)


def decide_confirmation(finding: Finding, on: date, *, today: date) -> FindingDecided:
    """Return that a finding is confirmed as mended. Raises FaultsFound where it is out of order."""
    _check(finding, on, today, FindingState.CLOSED, {FindingState.REPORTED})
    after = _after(finding, state=FindingState.CLOSED)
    event = FindingClosed(effective_date=on, finding_id=finding.id, before=finding.facts, after=after)
    return _decided(finding, event, after, since=on)


def decide_reopening(
    finding: Finding, on: date, due_on: date, *, reason: bool, today: date
) -> FindingDecided:
    """Return that what was reported is not enough, and until when it is to be. Raises FaultsFound."""
    _check(finding, on, today, FindingState.OPEN, {FindingState.REPORTED, FindingState.CLOSED})
    if not reason:
        raise FaultsFound([Fault("reason-missing", "note")])
    if faults := list(_due(due_on, on)):
        raise FaultsFound(faults)
    after = _after(
        finding,
        state=FindingState.OPEN,
        due_on=due_on,
        overdue=False,
        reopened=finding.facts.reopened + 1,
    )
    event = FindingReopened(effective_date=on, finding_id=finding.id, before=finding.facts, after=after)
    return _decided(finding, event, after, since=on)


def decide_overdue(finding: Finding, *, escalated_to: UUID | None, today: date) -> FindingDecided | None:
    """Return that a finding's day went by; None where it did not, nothing is owed, or that was told already."""
    facts = finding.facts
    waiting = facts.state in {FindingState.OPEN, FindingState.REMEDYING}
    if finding.withdrawn or facts.overdue or not waiting or today <= facts.due_on:
        return None
    after = _after(finding, overdue=True)
    event = FindingOverdue(
        effective_date=facts.due_on + timedelta(days=1),
        finding_id=finding.id,
        before=facts,
        after=after,
        escalated_to=escalated_to,
    )
    return _decided(finding, event, after)


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
    after = _after(finding, carried_into=year)
    event = FindingCarriedOver(
        effective_date=date(year, 1, 1), finding_id=finding.id, before=facts, after=after
    )
    return _decided(finding, event, after)


def decide_correction(
    finding: Finding, found: Found, *, its: Checklist, same: Collection[Finding]
) -> FindingDecided:
    """Return a finding of which something else is true than was said; `same` are the others that it is like now.

    Raises FaultsFound as `decide_opening`, `finding-withdrawn` and `nothing-changes`.
    """
    _check_standing(finding)
    before = finding.facts
    seen = Seen(visit_id=before.visit_id, cell_id=before.cell_id, on=before.found_on)
    said = _facts(found, seen, its)
    if any(one.facts.visit_id == before.visit_id for one in same):
        raise FaultsFound([Fault("found-already", "limitation", {"limitation": said.limitation})])
    after = before.model_copy(
        update={
            "axis": said.axis,
            "limitation": said.limitation,
            "severity": said.severity,
            "owner": said.owner,
            "due_on": said.due_on,
            # Told anew where its new day is over as well.
            "overdue": before.overdue and said.due_on <= before.due_on,
            "recurrence_of": _last_before(before.found_on, same),
        }
    )
    if (after, found.summary) == (before, finding.summary):
        raise FaultsFound([Fault("nothing-changes")])
    event = FindingRestated(effective_date=before.found_on, finding_id=finding.id, before=before, after=after)
    decided = _decided(finding, event, after)
    return FindingDecided(replace(decided.state, summary=found.summary), event)


def decide_withdrawal(finding: Finding, told: Sequence[FindingEvent]) -> list[FindingDecided]:
    """Return that a finding never was, given all that was told of it; others that came again are `decide_links`'.

    Each step of its life is taken back, the last one first, on the day on which it took effect: whoever sums up how
    findings stood on a day finds nothing of it on any. Raises FaultsFound `finding-withdrawn`.
    """
    _check_standing(finding)
    decided, state = [], finding
    for step in reversed(told):
        assert step.after is not None  # noqa: S101 - only a finding that was withdrawn ends so
        event = FindingRestated(
            effective_date=step.effective_date, finding_id=finding.id, before=step.after, after=step.before
        )
        state = replace(
            state,
            facts=step.before or state.facts,
            withdrawn=step.before is None,
            version=state.version + 1,
        )
        decided.append(FindingDecided(state, event))
    return decided


def decide_links(same: Sequence[Finding]) -> list[FindingDecided]:
    """Return those findings of one cell and limitation that came again after another than was told.

    Facts come late: what was the first may turn out to be the second.
    """
    decided = []
    for one in same:
        last = _last_before(one.facts.found_on, same)
        if last != one.facts.recurrence_of:
            after = _after(one, recurrence_of=last)
            event = FindingRestated(
                effective_date=one.facts.found_on, finding_id=one.id, before=one.facts, after=after
            )
            decided.append(_decided(one, event, after))
    return decided


def _facts(found: Found, seen: Seen, its: Checklist) -> FindingFacts:
    """Return what visitors say as events carry it. Raises FaultsFound with all that is impossible about it."""
    axis, faults = _axis(found, its)
    due_on = found.due_on or seen.on + timedelta(days=its.remedy_days[found.severity])
    faults += _due(due_on, seen.on)
    owner = found.owner or Owner(unit_id=seen.cell_id, position=Position.SECRETARY)
    if (owner.unit_id is None) == (owner.member_id is None):
        faults.append(Fault("owner-unclear", "owner"))
    if faults:
        raise FaultsFound(faults)
    return FindingFacts(
        cell_id=seen.cell_id,
        visit_id=seen.visit_id,
        found_on=seen.on,
        axis=axis,
        limitation=found.limitation,
        severity=found.severity,
        owner=owner,
        due_on=due_on,
        state=FindingState.OPEN,
    )


def _axis(found: Found, its: Checklist) -> tuple[str, list[Fault]]:
    axes, known = [one.code for one in its.axes], {one.code: one.axis for one in its.limitations}
    if found.limitation is not None:
        if found.limitation not in known:
            facts = {"code": found.limitation, "allowed": ", ".join(known)}
            return "", [Fault("not-on-checklist", "limitation", facts)]
        axis = known[found.limitation]
        if found.axis not in {None, axis}:
            facts = {"limitation": found.limitation, "axis": axis}
            return axis, [Fault("axis-differs", "axis", facts)]
        return axis, []
    if found.axis is None:
        return "", [Fault("axis-missing", "axis")]
    if found.axis not in axes:
        return "", [Fault("not-on-checklist", "axis", {"code": found.axis, "allowed": ", ".join(axes)})]
    return found.axis, []


def _due(due_on: date, found_on: date) -> Iterator[Fault]:
    if due_on < found_on:
        yield Fault("due-before-found", "due_on", {"due": due_on, "found": found_on})
    elif (due_on - found_on).days > _LONGEST_DAYS:
        yield Fault("due-too-late", "due_on")


def _last_before(on: date, same: Collection[Finding]) -> UUID | None:
    """Return the last of these findings of an earlier day; None where there is none."""
    earlier = [(one.facts.found_on, one.id) for one in same if one.facts.found_on < on]
    return max(earlier)[1] if earlier else None


def _check_standing(finding: Finding) -> None:
    if finding.withdrawn:
        raise FaultsFound([Fault("finding-withdrawn")])


def _check(
    finding: Finding, on: date, today: date, wanted: FindingState, allowed: Collection[FindingState]
) -> None:
    """Raise FaultsFound where a step of a finding's life is out of order, or its day cannot be."""
    _check_standing(finding)
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


def _after(finding: Finding, **changed: object) -> FindingFacts:
    return finding.facts.model_copy(update=changed)


def _decided(
    finding: Finding, event: FindingEvent, after: FindingFacts, *, since: date | None = None
) -> FindingDecided:
    state = replace(finding, facts=after, since=since or finding.since, version=finding.version + 1)
    return FindingDecided(state, event)
