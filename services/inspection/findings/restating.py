"""What was said of a finding turns out to be otherwise: corrected, taken back, or found to have come again. Pure.

What was wrong was so from the first day on. Each step of the finding's life that said so is taken back, and said
again as it was in truth: whoever sums up how findings stood on a day is right on every one, not only on the last.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from uuid import UUID

from contracts.findings import FindingEvent, FindingFacts, FindingRestated, FindingStep
from services.inspection.checklists import Checklist
from services.inspection.faults import Fault, FaultsFound
from services.inspection.findings.finding import (
    Finding,
    FindingDecided,
    Found,
    Seen,
    check_standing,
    decided_on,
    facts_said,
    last_before,
)


def life(told: Sequence[FindingEvent]) -> list[FindingStep]:
    """Return the steps of a finding's life as they are known by now; each begins where the last one ended."""
    steps: list[FindingStep] = []
    for event in told:
        if isinstance(event, FindingRestated) and event.retracted:
            steps[-len(event.retracted) :] = event.stated
        else:
            step = FindingStep(effective_date=event.effective_date, before=event.before, after=event.after)
            steps.append(step)
    return steps


def decide_correction(
    finding: Finding,
    found: Found,
    *,
    its: Checklist,
    same: Collection[Finding],
    told: Sequence[FindingEvent],
) -> FindingDecided:
    """Return a finding of which something else is true than was said; `same` are the others that it is like now.

    A new due day is that of the time since it was last reopened. Raises FaultsFound as `decide_opening`,
    `finding-withdrawn` and `nothing-changes`.
    """
    check_standing(finding)
    before = finding.facts
    seen = Seen(visit_id=before.visit_id, cell_id=before.cell_id, on=before.found_on)
    said = facts_said(found, seen, its)
    if any(one.facts.visit_id == before.visit_id for one in same):
        raise FaultsFound([Fault("found-already", "limitation", {"limitation": said.limitation})])
    recurrence_of = last_before(before.found_on, same)

    def in_truth(facts: FindingFacts) -> FindingFacts:
        changed: dict[str, object] = {
            "axis": said.axis,
            "limitation": said.limitation,
            "severity": said.severity,
            "owner": said.owner,
            "recurrence_of": recurrence_of,
        }
        if facts.reopened == before.reopened and said.due_on != before.due_on:
            # Told anew where its new day is over as well.
            overdue = facts.overdue and said.due_on <= before.due_on
            changed |= {"due_on": said.due_on, "overdue": overdue}
        return facts.model_copy(update=changed)

    if (in_truth(before), found.summary) == (before, finding.summary):
        raise FaultsFound([Fault("nothing-changes")])
    decided = _restated(finding, told, in_truth)
    return FindingDecided(replace(decided.state, summary=found.summary), decided.event)


def decide_withdrawal(finding: Finding, told: Sequence[FindingEvent]) -> list[FindingDecided]:
    """Return that a finding never was, given all that was told of it; others that came again are `decide_links`'.

    Each step of its life is taken back, the last one first, on the day on which it took effect: whoever sums up how
    findings stood on a day finds nothing of it on any. Raises FaultsFound `finding-withdrawn`.
    """
    check_standing(finding)
    decided, state = [], finding
    for step in reversed(life(told)):
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


def links(same: Collection[Finding]) -> dict[UUID, UUID | None]:
    """Return which findings of one cell and limitation came again after another than was told, and after which.

    Facts come late: what was the first may turn out to be the second.
    """
    last = {one.id: last_before(one.facts.found_on, same) for one in same}
    return {one.id: last[one.id] for one in same if last[one.id] != one.facts.recurrence_of}


def decide_link(
    finding: Finding, recurrence_of: UUID | None, *, told: Sequence[FindingEvent]
) -> FindingDecided:
    """Return a finding that came again after another than was told, or after none."""
    return _restated(finding, told, lambda facts: facts.model_copy(update={"recurrence_of": recurrence_of}))


def _restated(
    finding: Finding, told: Sequence[FindingEvent], in_truth: Callable[[FindingFacts], FindingFacts]
) -> FindingDecided:
    steps = life(told)
    true = [
        step.model_copy(
            update={
                "before": step.before and in_truth(step.before),
                "after": step.after and in_truth(step.after),
            }
        )
        for step in steps
    ]
    first = next((place for place, step in enumerate(steps) if step != true[place]), len(steps))
    days = [step.effective_date for step in steps[first:]]
    before, after = finding.facts, in_truth(finding.facts)
    event = FindingRestated(
        effective_date=min(days, default=before.found_on),
        finding_id=finding.id,
        before=before,
        after=after,
        retracted=tuple(steps[first:]),
        stated=tuple(step for step in true[first:] if step.before != step.after),
    )
    return decided_on(finding, event, after)
