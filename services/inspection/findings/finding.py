"""A finding as it is, and what visitors say of one: whether that can be. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from contracts.findings import FindingEvent, FindingFacts, FindingState, Owner, Severity
from contracts.positions import Position
from services.inspection.checklists import Checklist
from services.inspection.faults import Fault, FaultsFound

_LONGEST_DAYS: Final = 2 * 366
"""A due date later than that is a slip of the pen [C]."""


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


def facts_said(found: Found, seen: Seen, its: Checklist) -> FindingFacts:
    """Return what visitors say as events carry it. Raises FaultsFound with all that is impossible about it."""
    axis, faults = _axis(found, its)
    due_on = found.due_on or seen.on + timedelta(days=its.remedy_days[found.severity])
    faults += due_faults(due_on, seen.on)
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


def due_faults(due_on: date, found_on: date) -> Iterator[Fault]:
    """Yield what is impossible about a due day."""
    if due_on < found_on:
        yield Fault("due-before-found", "due_on", {"due": due_on, "found": found_on})
    elif (due_on - found_on).days > _LONGEST_DAYS:
        yield Fault("due-too-late", "due_on")


def last_before(on: date, same: Collection[Finding]) -> UUID | None:
    """Return the last of these findings of an earlier day; None where there is none."""
    earlier = [(one.facts.found_on, one.id) for one in same if one.facts.found_on < on]
    return max(earlier)[1] if earlier else None


def check_standing(finding: Finding) -> None:
    """Raise FaultsFound `finding-withdrawn` for one that never was."""
    if finding.withdrawn:
        raise FaultsFound([Fault("finding-withdrawn")])


def changed_facts(finding: Finding, **changed: object) -> FindingFacts:
    """Return the facts of a finding with some of them changed."""
    return finding.facts.model_copy(update=changed)


def decided_on(
    finding: Finding, event: FindingEvent, after: FindingFacts, *, since: date | None = None
) -> FindingDecided:
    """Return a finding after an event; `since` is from which day on it is in its state, where that is another."""
    state = replace(finding, facts=after, since=since or finding.since, version=finding.version + 1)
    return FindingDecided(state, event)
