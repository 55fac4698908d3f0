"""What was recorded wrongly of a unit, put right: its facts told anew, and the steps before and after compared. Pure.

As with members (`history`, `corrections`), each event of a unit states a fact, numbered by the event's version; a
correction takes a fact's place, a withdrawal says that it never was. The facts that stand, told in the order of
their days, are the unit. What can be recorded in the ordinary course, however late, is `organisations`'.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Final
from uuid import UUID

from contracts.membership import (
    DatedName,
    DocumentRef,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationEvent,
    OrganisationFact,
    OrganisationFactKind,
    OrganisationHistoryRestated,
    OrganisationRenamed,
    OrganisationReparented,
    OrganisationState,
    OrganisationType,
    OrganisationUpgraded,
)
from services.membership.domain import (
    TYPE_LABELS,
    DatedState,
    Decided,
    DomainError,
    Organisation,
    name_faults,
)
from services.membership.faults import Fault, shown
from services.membership.organisations import (
    Relatives,
    absence,
    misfits_above,
    misfits_below,
    restated_steps,
)

_Kind = OrganisationFactKind


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A fact that stands, its number, and what ordered it."""

    number: int
    fact: OrganisationFact
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """The facts of a unit that stand, and what became of the others."""

    facts: tuple[UnitFact, ...] = ()
    replaced: Mapping[int, int | None] = field(default_factory=dict)
    """By the number of a fact that stands no more, that of the fact in its place; None where it was withdrawn."""

    def restated(self, corrects: int | None, new: UnitFact | None, number: int) -> "UnitFacts":
        """Return the facts after event `number`, which states `new`, perhaps in the place of fact `corrects`."""
        facts = tuple(known for known in self.facts if known.number != corrects)
        gone = {} if corrects is None else {corrects: number if new else None}
        return UnitFacts((*facts, *([new] if new else [])), {**self.replaced, **gone})


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectUnitFact:
    """Say what a fact of a unit should have been; what is None stays as it was stated."""

    number: int
    effective_date: date | None = None
    name: str | None = None
    """Of an establishment or a renaming only."""
    parent_code: str | None = None
    """Of an establishment or a reparenting only."""
    type: OrganisationType | None = None
    """Of an establishment or a reparenting only."""
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawUnitFact:
    """Say that something never happened to a unit."""

    number: int
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Days on which a member counts in a unit, or somebody holds a seat in it; None for an open end."""

    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What is in a unit and hangs on it."""

    members: Sequence[Stay] = ()
    seats: Sequence[Stay] = ()
    """Positions and terms."""


def facts_of(events: Iterable[OrganisationEvent]) -> UnitFacts:
    """Return the facts that a unit's events tell, given in their order from the first."""
    known = UnitFacts()
    for number, event in enumerate(events, 1):
        fact = stated(event)
        new = None if fact is None else UnitFact(number, fact, event.decision_date, event.document)
        corrects = event.corrects if isinstance(event, OrganisationHistoryRestated) else None
        known = known.restated(corrects, new, number)
    return known


def stated(event: OrganisationEvent) -> OrganisationFact | None:
    """Return the fact that an event states; None for one that withdraws."""
    day = event.effective_date
    match event:
        case OrganisationEstablished():
            return OrganisationFact(
                kind=_Kind.ESTABLISHED, effective_date=day, name=event.name, state=event.after
            )
        case OrganisationRenamed():
            return OrganisationFact(kind=_Kind.RENAMED, effective_date=day, name=event.name)
        case OrganisationReparented():
            return OrganisationFact(kind=_Kind.REPARENTED, effective_date=day, state=event.after)
        case OrganisationUpgraded():
            return OrganisationFact(kind=_Kind.UPGRADED, effective_date=day)
        case OrganisationDissolved():
            return OrganisationFact(kind=_Kind.DISSOLVED, effective_date=day)
        case OrganisationHistoryRestated():
            return event.fact


def told(unit: Organisation, known: UnitFacts, codes: Mapping[UUID, str]) -> Organisation:
    """Return a unit as the facts that stand make it; `codes` are those of all that it ever hangs under.

    Raises DomainError where they cannot all be true.
    """
    facts = sorted(
        (one.fact for one in known.facts), key=lambda fact: (fact.effective_date, _ORDER[fact.kind])
    )
    if faults := [*_own_faults(facts)]:
        raise DomainError(faults)
    founding = next(fact for fact in facts if fact.kind is _Kind.ESTABLISHED)
    states: list[DatedState] = []
    placed: dict[bool, OrganisationType] = {}
    for fact in facts:
        if fact.kind is _Kind.DISSOLVED:
            continue
        state = _after(states[-1] if states else None, fact, codes, placed)
        if states and replace(state, since=states[-1].since) == states[-1]:
            continue
        if states and states[-1].since == state.since:
            states.pop()
        states.append(state)
    last = states[-1]
    return replace(
        unit,
        name=last.name,
        type=last.type,
        parent_id=last.parent_id,
        parent_code=last.parent_code,
        established_on=founding.effective_date,
        dissolved_on=next((fact.effective_date for fact in facts if fact.kind is _Kind.DISSOLVED), None),
        changed=tuple(states),
    )


def decide_unit_correction(
    unit: Organisation,
    known: UnitFacts,
    command: CorrectUnitFact | WithdrawUnitFact,
    relatives: Relatives,
    inside: Inside,
) -> Decided[Organisation]:
    """Return what puts a fact of a unit right, or takes it back.

    Raises DomainError where there is no such fact or it stands no more, where nothing would change, where what is
    corrected is not of that fact, and where the unit, the tree around it or what is in it would become impossible,
    naming what is in the way.
    """
    old = _standing(known, command.number)
    number = unit.version + 1
    if isinstance(command, WithdrawUnitFact):
        if old.fact.kind is _Kind.ESTABLISHED:
            raise DomainError([Fault("establishment-stays", "fact", {"number": command.number})])
        new = None
        order = command.decision_date, command.document
    else:
        new = _corrected(old, command, relatives, number)
        order = new.decision_date, new.document
    codes = {parent.id: code for code, parent in relatives.parents.items()}
    after = replace(told(unit, known.restated(command.number, new, number), codes), version=number)
    for stretch in _stretches(unit, after):
        if faults := [*_tree_faults(after, stretch, relatives), *_inside_faults(after, stretch, inside)]:
            raise DomainError(faults)
    retracted, steps = restated_steps(unit, after)
    names_retracted, names = _restated_names(unit, after)
    changed = [
        *(step.effective_date for step in (*retracted, *steps)),
        *(name.effective_date for name in (*names_retracted, *names)),
    ]
    event = OrganisationHistoryRestated(
        effective_date=min(changed, default=(new or old).fact.effective_date),
        decision_date=order[0],
        organisation_id=unit.id,
        code=unit.code,
        corrects=command.number,
        fact=new and new.fact,
        retracted=retracted,
        stated=steps,
        names_retracted=names_retracted,
        names_stated=names,
        document=order[1],
    )
    return Decided(after, event)


_ORDER: Final = {kind: place for place, kind in enumerate(OrganisationFactKind)}
"""Which fact of a day is told first."""


def _after(
    before: DatedState | None,
    fact: OrganisationFact,
    codes: Mapping[UUID, str],
    placed: dict[bool, OrganisationType],
) -> DatedState:
    """Return what a unit is after a fact.

    `placed` is the type that its places made it so far, as a cell (True) and as a committee: a place that says the
    same says nothing of the type, so that a cell which by now was upgraded before stays a committee there.
    """
    state = fact.state
    if before is None:
        if fact.name is None or state is None:
            raise AssertionError("a unit is founded with a name and a place")
        placed[state.type.is_cell] = state.type
        code = None if state.parent_id is None else codes[state.parent_id]
        return DatedState(
            since=fact.effective_date,
            name=fact.name,
            type=state.type,
            parent_id=state.parent_id,
            parent_code=code,
        )
    now = replace(before, since=fact.effective_date)
    if fact.kind is _Kind.UPGRADED:
        if now.type is not OrganisationType.GRASSROOTS_CELL:
            facts = {"type": TYPE_LABELS[now.type], "day": now.since}
            raise DomainError([Fault("not-upgradable", "effective_date", facts)])
        placed[False] = OrganisationType.GRASSROOTS_COMMITTEE
        return replace(now, type=placed[False])
    if state is None or state.parent_id is None:
        return replace(now, name=fact.name or now.name)
    now = replace(now, parent_id=state.parent_id, parent_code=codes[state.parent_id])
    if placed.get(state.type.is_cell, state.type) is state.type:
        return now
    placed[state.type.is_cell] = state.type
    return replace(now, type=state.type)


def _own_faults(facts: Sequence[OrganisationFact]) -> Iterator[Fault]:
    """Yield what makes the facts of a unit, in the order of their days, impossible by themselves."""
    founded_on = next(fact.effective_date for fact in facts if fact.kind is _Kind.ESTABLISHED)
    ended_on = next((fact.effective_date for fact in facts if fact.kind is _Kind.DISSOLVED), None)
    if ended_on is not None and ended_on <= founded_on:
        dates = {"dissolved_on": ended_on, "established_on": founded_on}
        yield Fault("dissolved-before-established", "effective_date", dates)
        return
    changes = [fact for fact in facts if fact.kind not in {_Kind.ESTABLISHED, _Kind.DISSOLVED}]
    for fact in changes:
        day = fact.effective_date
        if day <= founded_on:
            dates = {"day": day, "established_on": founded_on}
            yield Fault("changed-before-establishment", "effective_date", dates)
        elif ended_on is not None and day >= ended_on:
            yield Fault(
                "changed-after-dissolution", "effective_date", {"dissolved_on": ended_on, "changed_on": day}
            )
    for one, other in pairwise(sorted(changes, key=lambda fact: (_ORDER[fact.kind], fact.effective_date))):
        if (one.kind, one.effective_date) == (other.kind, other.effective_date):
            facts_ = {"what": _LABELS[one.kind], "day": one.effective_date}
            yield Fault("changed-that-day", "effective_date", facts_)


_LABELS: Final[Mapping[OrganisationFactKind, str]] = {
    _Kind.RENAMED: "tên",
    _Kind.REPARENTED: "cấp trên",
    _Kind.UPGRADED: "loại đơn vị",
}


def _standing(known: UnitFacts, number: int) -> UnitFact:
    for one in known.facts:
        if one.number == number:
            return one
    if number not in known.replaced:
        raise DomainError([Fault("no-such-fact", "fact", {"number": number})])
    by = known.replaced[number]
    if by is None:
        raise DomainError([Fault("fact-withdrawn", "fact", {"number": number})])
    raise DomainError([Fault("fact-replaced", "fact", {"number": number, "by": by})])


def _corrected(old: UnitFact, command: CorrectUnitFact, relatives: Relatives, number: int) -> UnitFact:
    named = old.fact.kind in {_Kind.ESTABLISHED, _Kind.RENAMED}
    placed = old.fact.state is not None
    faults = [
        Fault("not-of-this-fact", column, {"number": command.number})
        for column, value, its in (
            ("name", command.name, named),
            ("parent_code", command.parent_code, placed),
            ("type", command.type, placed),
        )
        if value is not None and not its
    ]
    if command.name is not None:
        faults += name_faults("name", command.name)
    parent = None if command.parent_code is None else relatives.parents.get(command.parent_code)
    if command.parent_code is not None and parent is None:
        value = {"value": shown("parent_code", command.parent_code)}
        faults.append(Fault("unknown-parent", "parent_code", value))
    if faults:
        raise DomainError(faults)
    state = old.fact.state and OrganisationState(
        type=command.type or old.fact.state.type, parent_id=parent.id if parent else old.fact.state.parent_id
    )
    fact = old.fact.model_copy(
        update={
            "effective_date": command.effective_date or old.fact.effective_date,
            "name": command.name or old.fact.name,
            "state": state,
        }
    )
    new = UnitFact(number, fact, command.decision_date or old.decision_date, command.document or old.document)
    if replace(new, number=old.number) == old:
        raise DomainError([Fault("nothing-to-correct", "fact", {"number": command.number})])
    return new


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days on which nothing changes, and what a unit was on them by each telling; None where it was not there."""

    start: date
    end: date | None
    before: DatedState | None
    after: DatedState | None


def _stretches(old: Organisation, new: Organisation) -> Iterator[_Stretch]:
    days = {state.since for unit in (old, new) for state in unit.states}
    days |= {unit.dissolved_on for unit in (old, new) if unit.dissolved_on}
    ends: list[date | None] = [*sorted(days)[1:], None]
    for start, end in zip(sorted(days), ends, strict=True):
        yield _Stretch(start, end, _there(old, start), _there(new, start))


def _there(unit: Organisation, day: date) -> DatedState | None:
    there = unit.established_on <= day and (unit.dissolved_on is None or day < unit.dissolved_on)
    return unit.on(day) if there else None


def _tree_faults(unit: Organisation, stretch: _Stretch, relatives: Relatives) -> Iterator[Fault]:
    """Yield what above and below a unit cannot be on days on which it is otherwise now."""
    state, was = stretch.after, stretch.before
    if state is None:
        if stretch.start < unit.established_on:
            yield from _orphans(unit, stretch, relatives)
        return
    if was is not None and state.counted == was.counted:
        return
    now = replace(state, since=stretch.start)
    if now.parent_code is not None:
        parent = relatives.parents[now.parent_code]
        # Units older than what they hang under are known of: founded so, they are warned of.
        if stretch.start >= parent.established_on or stretch.start != unit.established_on:
            yield from absence(parent, stretch.start, stretch.end)
        yield from misfits_above(now, stretch.end, parent)
    if was is None or state.type is not was.type:
        yield from misfits_below(unit, now, stretch.end, relatives.children)


def _orphans(unit: Organisation, stretch: _Stretch, relatives: Relatives) -> Iterator[Fault]:
    """Yield a fault of each unit that hangs under one on days on which it is not there yet."""
    for child in relatives.children:
        ends = [*(state.since for state in child.states[1:]), child.dissolved_on]
        for state, end in zip(child.states, ends, strict=True):
            meets = (stretch.end is None or state.since < stretch.end) and (
                end is None or end > stretch.start
            )
            if state.parent_id == unit.id and meets:
                facts = {"child": shown("code", child.code), "day": max(state.since, stretch.start)}
                yield Fault("child-in-the-way", "effective_date", facts)
                break


def _inside_faults(unit: Organisation, stretch: _Stretch, inside: Inside) -> Iterator[Fault]:
    """Yield who counts or holds a seat in a unit on days on which it is not there yet, or is no cell now."""
    absent = stretch.after is None and stretch.start < unit.established_on
    cell_before = stretch.before is None or stretch.before.type.is_cell
    no_cell = cell_before and stretch.after is not None and not stretch.after.type.is_cell
    for code, stays, matters in (
        ("members-then", inside.members, absent or no_cell),
        ("seats-then", inside.seats, absent),
    ):
        if matters and (those := _meeting(stays, stretch)):
            day = max(stretch.start, min(stay.from_on for stay in those))
            yield Fault(code, "effective_date", {"count": len(those), "day": day})


def _meeting(stays: Iterable[Stay], stretch: _Stretch) -> list[Stay]:
    return [
        stay
        for stay in stays
        if (stretch.end is None or stay.from_on < stretch.end)
        and (stay.until_on is None or stay.until_on > stretch.start)
    ]


def _restated_names(
    old: Organisation, new: Organisation
) -> tuple[tuple[DatedName, ...], tuple[DatedName, ...]]:
    """Return the names that a unit did not come to have on their days, and those that it did."""
    before, after = _names(old), _names(new)
    return tuple(name for name in before if name not in after), tuple(
        name for name in after if name not in before
    )


def _names(unit: Organisation) -> list[DatedName]:
    found: list[DatedName] = []
    for state in unit.states:
        if not found or found[-1].name != state.name:
            found.append(DatedName(effective_date=state.since, name=state.name))
    return found
