"""The dated changes of a unit: a new name, a place under another unit, an upgrade. Pure, as `domain` is.

A unit's name, type and place go each their own way through time. What is decided for a day holds until the next
day for which something else of that kind is known, whichever was recorded first: changes may be recorded in any
order of their days. Steps of later days that read otherwise for it are in the event, taken back and stated anew.

The tree must be possible on every day that a change concerns: the parent exists, and types fit those above and
below. No circle can come about, since each type hangs under higher ones only (`domain.PARENT_TYPES`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from contracts.membership import (
    DocumentRef,
    OrganisationRenamed,
    OrganisationReparented,
    OrganisationState,
    OrganisationStep,
    OrganisationType,
    OrganisationUpgraded,
)
from services.membership.domain import (
    PARENT_TYPES,
    TYPE_LABELS,
    DatedState,
    Decided,
    DomainError,
    Organisation,
    name_faults,
)
from services.membership.faults import Fault, shown

_Kind = Literal["name", "type", "parent_code"]
"""What of a unit may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameOrganisation:
    """Call a unit otherwise from `effective_date` on; its code stays."""

    name: str
    effective_date: date
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReparentOrganisation:
    """Hang a unit, with all below it, under another one from `effective_date` on.

    `type` is for where the new place asks for it: a subordinate cell that comes directly under the bloc is a
    grassroots cell from then on. None leaves the type as it is.
    """

    parent_code: str
    effective_date: date
    type: OrganisationType | None = None
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeOrganisation:
    """Make a grassroots cell a grassroots committee from `effective_date` on."""

    effective_date: date
    decision_date: date | None = None
    document: DocumentRef | None = None


Change = RenameOrganisation | ReparentOrganisation | UpgradeOrganisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Relatives:
    """The units that a unit must fit to."""

    parents: Mapping[str, Organisation]
    """By code: those that it hangs under on some day, and the one that it is to hang under."""
    children: Collection[Organisation]
    """Those that hang under it on some day."""


def decide_renaming(unit: Organisation, command: RenameOrganisation) -> Decided[Organisation]:
    """Return the new name of a unit, from a day of its life on."""
    day = command.effective_date
    faults = name_faults("name", command.name) + day_faults(unit, day)
    if not faults:
        faults = _repetitions(unit, day, "name", command.name, shown("name", command.name))
    if faults:
        raise DomainError(faults)
    later = _next_change(unit, day, "name")
    event = OrganisationRenamed(
        effective_date=day,
        decision_date=command.decision_date,
        organisation_id=unit.id,
        code=unit.code,
        name_before=unit.on(day).name,
        name=command.name,
        document=command.document,
    )
    return Decided(_with_states(unit, _changed(unit.states, day, later, name=command.name)), event)


def decide_reparenting(
    unit: Organisation, command: ReparentOrganisation, relatives: Relatives
) -> Decided[Organisation]:
    """Return the move of a unit under the one that has the command's parent code, if there is one."""
    day, parent = command.effective_date, relatives.parents.get(command.parent_code)
    before = unit.on(day)
    type_ = command.type or before.type
    faults = day_faults(unit, day)
    if before.type is OrganisationType.BLOC:
        faults.append(Fault("parent-not-allowed", "parent_code"))
    elif parent is None:
        faults.append(
            Fault("unknown-parent", "parent_code", {"value": shown("parent_code", command.parent_code)})
        )
    elif type_ not in _TYPES_OF_PLACE[before.type]:
        labels = {"type": TYPE_LABELS[before.type].capitalize(), "asked": TYPE_LABELS[type_]}
        faults.append(Fault("type-not-by-moving", "type", labels))
    if faults or parent is None:
        raise DomainError(faults)
    faults += _repetitions(unit, day, "parent_code", parent.code, shown("parent_code", parent.code))
    if type_ is not before.type:
        faults += _changes_that_day(unit, day, "type")
    place = _next_change(unit, day, "parent_code")
    states = _changed(unit.states, day, place, parent_id=parent.id, parent_code=parent.code)
    if type_ is not before.type:
        # What it is for the sake of its place ends with that place.
        until = min(filter(None, (place, _next_change(unit, day, "type"))), default=None)
        states = _changed(states, day, until, type=type_)
    faults += _misfits(unit, states, day, relatives)
    if faults:
        raise DomainError(faults)
    retracted, stated = _restated(unit, states, day)
    moved = _with_states(unit, states)
    event = OrganisationReparented(
        effective_date=day,
        decision_date=command.decision_date,
        organisation_id=unit.id,
        before=before.counted,
        after=moved.on(day).counted,
        retracted=retracted,
        stated=stated,
        document=command.document,
    )
    return Decided(moved, event)


def decide_upgrade(
    unit: Organisation, command: UpgradeOrganisation, relatives: Relatives, *, members: int
) -> Decided[Organisation]:
    """Return the upgrade of a grassroots cell; `members` is how many count in it on that day or later.

    Members belong to cells, so they must be in others before: which ones is not for the upgrade to guess.
    """
    day, higher = command.effective_date, OrganisationType.GRASSROOTS_COMMITTEE
    before = unit.on(day)
    faults = day_faults(unit, day)
    if not faults and before.type is not OrganisationType.GRASSROOTS_CELL:
        faults.append(
            Fault("not-upgradable", "effective_date", {"type": TYPE_LABELS[before.type], "day": day})
        )
    if faults:
        raise DomainError(faults)
    if members:
        faults.append(Fault("members-in-upgraded-cell", "effective_date", {"count": members, "day": day}))
    faults += _repetitions(unit, day, "type", higher, TYPE_LABELS[higher])
    states = _changed(unit.states, day, _next_change(unit, day, "type"), type=higher)
    faults += _misfits(unit, states, day, relatives)
    if faults:
        raise DomainError(faults)
    retracted, stated = _restated(unit, states, day)
    upgraded = _with_states(unit, states)
    event = OrganisationUpgraded(
        effective_date=day,
        decision_date=command.decision_date,
        organisation_id=unit.id,
        before=before.counted,
        after=upgraded.on(day).counted,
        retracted=retracted,
        stated=stated,
        document=command.document,
    )
    return Decided(upgraded, event)


def change_warnings(unit: Organisation, command: Change) -> list[Fault]:
    """Return what is unusual, yet possible, about a change of `unit`, which is as it was before the change."""
    kind: _Kind
    match command:
        case RenameOrganisation():
            kind = "name"
        case ReparentOrganisation():
            kind = "parent_code"
        case UpgradeOrganisation():
            kind = "type"
    until = _next_change(unit, command.effective_date, kind)
    return [Fault("holds-until", "effective_date", {"until": until})] if until else []


def dissolution_warnings(unit: Organisation, children: Collection[Organisation], members: int) -> list[Fault]:
    """Return what a dissolved unit leaves behind; `members` is how many count in it from its end on."""
    day = unit.dissolved_on
    if day is None:
        return []
    left = sorted(
        child.code
        for child in children
        if child.on(day).parent_id == unit.id and (child.dissolved_on is None or child.dissolved_on > day)
    )
    warnings = []
    if left:
        first = ", ".join(shown("code", code) for code in left[:_MOST_NAMED])
        facts = {"count": len(left), "codes": first + (", …" if len(left) > _MOST_NAMED else "")}
        warnings.append(Fault("dissolved-above-units", "dissolved_on", facts))
    if members:
        warnings.append(Fault("dissolved-with-members", "dissolved_on", {"count": members}))
    return warnings


_MOST_NAMED: Final = 5
"""Codes that a message lists."""

_CELLS: Final = frozenset({OrganisationType.GRASSROOTS_CELL, OrganisationType.SUBORDINATE_CELL})
_COMMITTEES: Final = frozenset({OrganisationType.GRASSROOTS_COMMITTEE, OrganisationType.DIVISIONAL_COMMITTEE})
_TYPES_OF_PLACE: Final = {type_: kinds for kinds in (_CELLS, _COMMITTEES) for type_ in kinds}
"""Which types a unit may have by where it hangs; a cell becomes a committee by an upgrade only."""

_LABELS: Final[Mapping[_Kind, str]] = {"name": "tên", "type": "loại đơn vị", "parent_code": "cấp trên"}


def day_faults(unit: Organisation, day: date) -> list[Fault]:
    """Return why nothing can change about a unit on a day: it is not there before it and on it."""
    if day <= unit.established_on:
        dates = {"day": day, "established_on": unit.established_on}
        return [Fault("changed-before-establishment", "effective_date", dates)]
    if unit.dissolved_on and day >= unit.dissolved_on:
        return [Fault("already-dissolved", "effective_date", {"dissolved_on": unit.dissolved_on})]
    return []


def _repetitions(unit: Organisation, day: date, kind: _Kind, value: object, text: str) -> list[Fault]:
    """Return why a change of this kind for a day is none, or not the only one."""
    if faults := _changes_that_day(unit, day, kind):
        return faults
    facts = {"what": _LABELS[kind], "value": text, "day": day}
    if getattr(unit.on(day), kind) == value:
        return [Fault("nothing-changes", kind, facts)]
    next_day = _next_change(unit, day, kind)
    if next_day and getattr(unit.on(next_day), kind) == value:
        return [Fault("changes-later", "effective_date", facts | {"later": next_day})]
    return []


def _changes_that_day(unit: Organisation, day: date, kind: _Kind) -> list[Fault]:
    known = any(
        second.since == day and getattr(first, kind) != getattr(second, kind)
        for first, second in pairwise(unit.states)
    )
    facts = {"what": _LABELS[kind], "day": day}
    return [Fault("changed-that-day", "effective_date", facts)] if known else []


def _next_change(unit: Organisation, day: date, kind: _Kind) -> date | None:
    """Return the first day after `day` for which something else of this kind is known."""
    there = unit.on(day)
    return next(
        (state.since for state in unit.states_from(day) if getattr(state, kind) != getattr(there, kind)), None
    )


def _changed(
    states: tuple[DatedState, ...], day: date, until: date | None, **change: object
) -> tuple[DatedState, ...]:
    """Return dated states with a change that holds from `day`, after the first of them, until `until`."""
    earlier = [state for state in states if state.since < day]
    there = [state for state in states if state.since == day] or [replace(earlier[-1], since=day)]
    later = [state for state in states if state.since > day]
    return (
        *earlier,
        *(
            replace(state, **change) if until is None or state.since < until else state  # type: ignore[arg-type]
            for state in (*there, *later)
        ),
    )


def _with_states(unit: Organisation, states: tuple[DatedState, ...]) -> Organisation:
    last = states[-1]
    return replace(
        unit,
        name=last.name,
        type=last.type,
        parent_id=last.parent_id,
        parent_code=last.parent_code,
        changed=states,
        version=unit.version + 1,
    )


_Steps = Mapping[date, tuple[OrganisationState | None, OrganisationState | None]]


def _restated(
    unit: Organisation, states: tuple[DatedState, ...], day: date
) -> tuple[tuple[OrganisationStep, ...], tuple[OrganisationStep, ...]]:
    """Return the steps of days after `day` that are no longer true, and those that are now."""
    retracted, stated = restated_steps(unit, replace(unit, changed=states))
    return _after(day, retracted), _after(day, stated)


def _after(day: date, steps: Iterable[OrganisationStep]) -> tuple[OrganisationStep, ...]:
    return tuple(step for step in steps if step.effective_date > day)


def restated_steps(
    old: Organisation, new: Organisation
) -> tuple[tuple[OrganisationStep, ...], tuple[OrganisationStep, ...]]:
    """Return the steps of a unit that are no longer true, and those that are now."""
    before, after = _steps(old.states, old.dissolved_on), _steps(new.states, new.dissolved_on)

    def only(these: _Steps, those: _Steps) -> tuple[OrganisationStep, ...]:
        return tuple(
            OrganisationStep(effective_date=day, before=sides[0], after=sides[1])
            for day, sides in these.items()
            if those.get(day) != sides
        )

    return only(before, after), only(after, before)


def _steps(states: tuple[DatedState, ...], dissolved_on: date | None) -> _Steps:
    found: dict[date, tuple[OrganisationState | None, OrganisationState | None]] = {}
    before: OrganisationState | None = None
    for state in states:
        if state.counted != before:
            found[state.since] = before, state.counted
            before = state.counted
    if dissolved_on:
        found[dissolved_on] = before, None
    return found


def _misfits(
    unit: Organisation, states: tuple[DatedState, ...], day: date, relatives: Relatives
) -> list[Fault]:
    """Return what makes the tree impossible while the unit is something else than it was before the change."""
    faults: list[Fault] = []
    for state, end in _stretches(states, unit.dissolved_on):
        was = unit.on(state.since)
        if state.since < day or state.counted == was.counted:
            continue
        if state.parent_code is not None:
            parent = relatives.parents[state.parent_code]
            if state.parent_code != was.parent_code:
                faults += absence(parent, state.since, end)
            faults += misfits_above(state, end, parent)
        if state.type is not was.type:
            faults += misfits_below(unit, state, end, relatives.children)
    return faults


def _stretches(states: tuple[DatedState, ...], end: date | None) -> Iterator[tuple[DatedState, date | None]]:
    """Yield each state with the day from which it is so no longer."""
    ends = [*(state.since for state in states[1:]), end]
    return zip(states, ends, strict=True)


def absence(parent: Organisation, start: date, end: date | None) -> list[Fault]:
    """Return why nothing can hang under a unit from a day on until another: it is not there all the time."""
    value = shown("parent_code", parent.code)
    if start < parent.established_on:
        dates = {"value": value, "day": start, "established_on": parent.established_on}
        return [Fault("parent-not-yet-there", "parent_code", dates)]
    if parent.dissolved_on and (end is None or parent.dissolved_on < end):
        dates = {"value": value, "dissolved_on": parent.dissolved_on}
        return [Fault("parent-no-longer-there", "parent_code", dates)]
    return []


def misfits_above(state: DatedState, end: date | None, parent: Organisation) -> list[Fault]:
    """Return why what a unit is until `end` cannot hang under another one: by the types that this is meanwhile."""
    allowed = PARENT_TYPES[state.type]
    for above in parent.states_from(state.since):
        if (end is None or above.since < end) and above.type not in allowed:
            facts = {
                "type": TYPE_LABELS[state.type].capitalize(),
                "allowed": " hoặc ".join(TYPE_LABELS[type_] for type_ in allowed),
                "parent_type": TYPE_LABELS[above.type],
                "value": shown("parent_code", parent.code),
                "day": max(above.since, state.since),
            }
            return [Fault("parent-type-on-day", "parent_code", facts)]
    return []


def misfits_below(
    unit: Organisation, state: DatedState, end: date | None, children: Collection[Organisation]
) -> Iterator[Fault]:
    """Yield what hangs under a unit and cannot hang under what it is until `end`."""
    for child in children:
        for below, until in _stretches(child.states, child.dissolved_on):
            day = max(below.since, state.since)
            together = (end is None or day < end) and (until is None or day < until)
            if together and below.parent_id == unit.id and state.type not in PARENT_TYPES[below.type]:
                facts = {
                    "child": shown("code", child.code),
                    "child_type": TYPE_LABELS[below.type],
                    "type": TYPE_LABELS[state.type],
                    "day": day,
                }
                yield Fault("child-type-on-day", "effective_date", facts)
                break
