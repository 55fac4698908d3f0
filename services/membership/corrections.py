"""What is recorded late, or put right: decided by comparing a member's steps before and after. Pure.

`record` takes any fact. What comes after all that is known is an event of its own, as is, on any day, what holds
beside where somebody counts (spells); anything else restates the history, taking back the steps that are no
longer true and stating those that now are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from contracts.membership import (
    DepartureReason,
    Fact,
    FactKind,
    Gender,
    MemberAdmitted,
    MemberChange,
    MemberConfirmed,
    MemberHistoryRestatedV2,
    MemberLeft,
    MemberMoved,
    MemberProfileChanged,
    MemberReceived,
    MemberRestored,
    MemberState,
    MoveReason,
    ProfileChange,
    Standing,
    Step,
)
from contracts.spells import (
    MemberExempted,
    MemberExemptionEnded,
    MemberSuspended,
    MemberSuspensionLifted,
    MemberTemporaryStayBegan,
    MemberTemporaryStayEnded,
    Spell,
    SpellBegan,
    SpellEnded,
)
from services.membership.domain import Decided, DomainError, Organisation
from services.membership.faults import Fault
from services.membership.history import (
    ENTRIES,
    SPELL_KINDS,
    SPELLS,
    History,
    Life,
    hosts_misplaced,
    life_of,
    misplaced,
    spells_of,
    steps_of,
)
from services.membership.members import AdmitMember, Identity, Member, admission_faults


@dataclass(frozen=True, slots=True)
class Place:
    """A cell as somebody names it: `unit` is None where there is no unit of that code."""

    code: str
    unit: Organisation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFact:
    """Say what a fact should have been; what is None stays as it was stated."""

    number: int
    effective_date: date | None = None
    decision_date: date | None = None
    reason: DepartureReason | None = None
    """Of a departure only."""
    until: date | None = None
    """The planned end; of what begins a spell only."""
    grounds: str | None = field(default=None, repr=False)
    """Of what begins an exemption or a suspension only."""
    profile: ProfileChange | None = None
    """Of a change of profile only, or of an entry: then all that it stated, what is left out being unknown."""
    joined_on: date | None = None
    """When they had joined the party; of who was received or restored only."""
    official_on: date | None = None
    """Of who came in as an official member, received or restored, only."""
    admission_decided_on: date | None = None
    """Of a reception only."""
    cell: Place | None = None
    """Of an entry, a move or a temporary stay only."""
    member: "CorrectedMember | None" = None
    """Of an entry only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedMember:
    """Who came in, as it should have been stated."""

    identity: Identity
    gender: Gender
    youth_union: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawFact:
    """Say that something never happened."""

    number: int
    decision_date: date | None = None


def record(
    member: Member, history: History, fact: Fact, *, cell: Organisation | None = None
) -> Decided[Member]:
    """Return what says that a fact is true, whenever it became known; `cell` is the one that it speaks of.

    Raises DomainError where it cannot be true with all that is known, naming what it contradicts.
    """
    number = member.version + 1
    restated = history.restated(number, None, fact, cell)
    old, new = steps_of(history), _possible_steps(restated)
    spells_before, spells = spells_of(history), spells_of(restated)
    changed = [spell for spell in spells if spell not in spells_before]
    after = as_of_history(member, restated, number)
    if fact.kind in SPELL_KINDS and len(changed) == 1:  # told late, one may end what another had ended
        (spell,) = changed
        was = next((known for known in spells_before if known.fact == spell.fact), None)
        return Decided(after, _spell_event(member, fact, was, spell), spells=spells)
    if len(new) == len(old) + 1 and new[:-1] == old:
        ended = tuple(spell for spell in changed if spell.ended_on == fact.effective_date)
        event = _event(member, fact, new[-1], ended)
        return Decided(after, event, tuple(new), spells if changed else None)
    return _restatement(member, history, restated, fact=fact, decision_date=fact.decision_date)


def decide_restatement(
    member: Member, history: History, command: CorrectFact | WithdrawFact
) -> Decided[Member]:
    """Return what `decide_correction` or `decide_withdrawal` does."""
    if isinstance(command, WithdrawFact):
        return decide_withdrawal(member, history, command)
    return decide_correction(member, history, command)


def decide_correction(member: Member, history: History, command: CorrectFact) -> Decided[Member]:
    """Return what puts a fact right.

    Raises DomainError where there is no such fact or it stands no more, where nothing would change, where what is
    corrected is not of that fact, and where the history would become impossible, naming what it contradicts.
    """
    old = _standing(history, command.number)
    _refuse_what_is_not_of(old, command)
    new = old.model_copy(
        update={
            "effective_date": command.effective_date or old.effective_date,
            "decision_date": command.decision_date or old.decision_date,
            "reason": command.reason or old.reason,
            "until": command.until or old.until,
            "profile": (command.profile or old.profile) if old.kind is FactKind.PROFILED else None,
            "official_on": command.official_on or old.official_on,
            "admission_decided_on": command.admission_decided_on or old.admission_decided_on,
        }
    )
    after, cell = member, None
    if old.kind in ENTRIES:
        after, cell, new = _corrected_entry(member, history, command, new)
    elif command.cell is not None:
        cell = known_cell(command.cell)
        new = new.model_copy(update={"cell_id": cell.id})
    if new == old and after.identity == member.identity and command.grounds is None:
        raise DomainError([Fault("nothing-to-correct", "fact", {"number": command.number})])
    restated = history.restated(member.version + 1, command.number, new, cell)
    return _restatement(
        after,
        history,
        restated,
        corrects=command.number,
        fact=new,
        decision_date=new.decision_date,
    )


def decide_withdrawal(member: Member, history: History, command: WithdrawFact) -> Decided[Member]:
    """Return what takes a fact back.

    Raises DomainError as `decide_correction`, and for an entry that other facts hang on. Without others somebody was
    entered by mistake: they never were a member.
    """
    old = _standing(history, command.number)
    restated = history.restated(member.version + 1, command.number, None)
    if old.kind in ENTRIES:
        try:
            steps_of(restated)
        except DomainError:
            raise DomainError([Fault("admission-stays", "fact", {"number": command.number})]) from None
    return _restatement(
        member, history, restated, corrects=command.number, decision_date=command.decision_date
    )


def known_cell(place: Place) -> Organisation:
    """Return the unit of a place. Raises DomainError where there is none."""
    if place.unit is None:
        raise DomainError([Fault("unknown-cell", "cell_code", {"value": place.code})])
    return place.unit


def is_late(member: Member, day: date) -> bool:
    """Return whether something of that day may not be the next thing that happens to somebody.

    Of what happens on one day the history alone says in which order.
    """
    return member.entered_on is None or member.left_on is not None or day <= member.changed_on


def _possible_steps(history: History) -> list[Step]:
    """Return the steps of a history. Raises DomainError where it cannot be true."""
    steps = steps_of(history)
    if faults := misplaced(steps, history.cells) or hosts_misplaced(spells_of(history), history.cells):
        raise DomainError(faults)
    return steps


def _restatement(
    member: Member,
    history: History,
    restated: History,
    *,
    corrects: int | None = None,
    fact: Fact | None = None,
    decision_date: date | None = None,
) -> Decided[Member]:
    old, new = steps_of(history), _possible_steps(restated)
    retracted, added = _without(old, new), _without(new, old)
    changed = [step.effective_date for step in (*retracted, *added)]
    known_from = fact.effective_date if fact else _standing(history, corrects or 0).effective_date
    spells = spells_of(restated)
    respelled = spells if spells != spells_of(history) else None
    event = MemberHistoryRestatedV2(
        effective_date=min(changed, default=known_from),
        decision_date=decision_date,
        member_id=member.id,
        corrects=corrects,
        fact=fact,
        retracted=retracted,
        stated=added,
        spells=respelled,
    )
    after = as_of_history(member, restated, member.version + 1)
    return Decided(after, event, tuple(new), respelled)


def _without(steps: Iterable[Step], others: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps that are not among the others; of two alike, as of one day, both must be there."""
    left = list(others)
    remaining: list[Step] = []
    for step in steps:
        if step in left:
            left.remove(step)
        else:
            remaining.append(step)
    return tuple(remaining)


def as_of_history(member: Member, history: History, version: int) -> Member:
    """Return what the register says of somebody after all the facts of their history."""
    life = life_of(history)
    if life.entry is None or life.last is None:
        # Entered by mistake: what stands there is who it was thought to be.
        return replace(
            member, entered_on=None, official_on=None, left_on=None, left_reason=None, version=version
        )
    there = last_state(history, life)
    joined_on = there.joined_on or life.entry.day
    official = there.standing is Standing.OFFICIAL
    left = life.left if life.state is None else None
    cell = history.cells.get(there.cell_id)
    return replace(
        member,
        cell_id=there.cell_id,
        cell_code=cell.code if cell else member.cell_code,
        youth_union=there.youth_union,
        education=there.education,
        qualification=there.qualification,
        theory=there.theory,
        occupation=there.occupation,
        admitted_on=joined_on,
        entered_on=life.entry.day,
        official_on=official_on(life) if official else None,
        left_on=left.day if left else None,
        left_reason=left.fact.reason if left else None,
        changed_on=life.last.day,
        seniority=life.seniority or member.seniority,
        version=version,
    )


def last_state(history: History, life: Life) -> MemberState:
    """Return what somebody counts as, or counted as before they left, after at least one entry."""
    if life.state is not None:
        return life.state
    last = next(step.before for step in reversed(steps_of(history)) if step.after is None)
    if last is None:
        raise AssertionError("somebody left who was not there")
    return last


def official_on(life: Life) -> date | None:
    """Return when somebody was confirmed, in the period of membership that their last entry began."""
    if life.confirmed is not None:
        return life.confirmed.day
    return life.entry.fact.official_on if life.entry else None


def _event(member: Member, fact: Fact, step: Step, ended: tuple[Spell, ...]) -> MemberChange:
    """Return the event of what comes after all that is known, and of the spells that `ended` with it."""
    event, about = _EVENTS[fact.kind]
    return event.model_validate(
        {
            "effective_date": fact.effective_date,
            "decision_date": fact.decision_date,
            "member_id": member.id,
            "before": step.before,
            "after": step.after,
            **about(fact),
            **({"ended": ended} if ended else {}),
        }
    )


def _spell_event(member: Member, fact: Fact, before: Spell | None, after: Spell) -> SpellBegan | SpellEnded:
    return _SPELL_EVENTS[fact.kind].model_validate(
        {
            "effective_date": fact.effective_date,
            "decision_date": fact.decision_date,
            "member_id": member.id,
            "before": before,
            "after": after,
        }
    )


_SPELL_EVENTS: Final[Mapping[FactKind, type[SpellBegan | SpellEnded]]] = {
    FactKind.EXEMPTED: MemberExempted,
    FactKind.EXEMPTION_ENDED: MemberExemptionEnded,
    FactKind.SUSPENDED: MemberSuspended,
    FactKind.SUSPENSION_LIFTED: MemberSuspensionLifted,
    FactKind.TEMPORARY_STAY_BEGAN: MemberTemporaryStayBegan,
    FactKind.TEMPORARY_STAY_ENDED: MemberTemporaryStayEnded,
}


def _nothing(_: Fact) -> Mapping[str, object]:
    return {}


_EVENTS: Final[Mapping[FactKind, tuple[type[MemberChange], Callable[[Fact], Mapping[str, object]]]]] = {
    FactKind.ADMITTED: (MemberAdmitted, _nothing),
    FactKind.RECEIVED: (
        MemberReceived,
        lambda fact: {
            "official_on": fact.official_on,
            "admission_decided_on": fact.admission_decided_on,
        },
    ),
    FactKind.RESTORED: (MemberRestored, lambda fact: {"official_on": fact.official_on}),
    FactKind.CONFIRMED: (MemberConfirmed, _nothing),
    FactKind.PROFILED: (MemberProfileChanged, lambda fact: {"profile": fact.profile}),
    FactKind.MOVED: (MemberMoved, lambda fact: {"reason": fact.move or MoveReason.TRANSFER}),
    FactKind.LEFT: (MemberLeft, lambda fact: {"reason": fact.reason or DepartureReason.UNSTATED}),
}
"""Which event says that a fact of a kind happened next, and what it says beside the two sides."""


def _standing(history: History, number: int) -> Fact:
    """Return the fact of a number that stands. Raises DomainError where there is none."""
    for known in history.facts:
        if known.number == number:
            return known.fact
    if number not in history.replaced:
        raise DomainError([Fault("unknown-fact", "fact", {"number": number})])
    by = history.replaced[number]
    if by is None:
        raise DomainError([Fault("fact-withdrawn", "fact", {"number": number})])
    raise DomainError([Fault("fact-replaced", "fact", {"number": number, "by": by})])


def _refuse_what_is_not_of(fact: Fact, command: CorrectFact) -> None:
    kind = fact.kind
    said = {
        "left_reason": (command.reason, kind is FactKind.LEFT),
        "member": (command.member, kind in ENTRIES),
        "until": (command.until, kind in SPELLS),
        "grounds": (command.grounds, kind in GROUNDED),
        "profile": (command.profile, kind in _PROFILED),
        "admitted_on": (command.joined_on, kind in _JOINED_BEFORE),
        "official_on": (command.official_on, fact.official_on is not None),
        "admission_decided_on": (command.admission_decided_on, kind is FactKind.RECEIVED),
        "cell_code": (command.cell, kind in _PLACED),
    }
    faults = [
        Fault("not-of-this-fact", column, {"number": command.number})
        for column, (value, of_this_fact) in said.items()
        if value is not None and not of_this_fact
    ]
    if faults:
        raise DomainError(faults)


GROUNDED: Final = frozenset({FactKind.EXEMPTED, FactKind.SUSPENDED})
"""Facts whose grounds are kept, in membership alone."""
_PLACED: Final = ENTRIES | {FactKind.MOVED, FactKind.TEMPORARY_STAY_BEGAN}
_PROFILED: Final = ENTRIES | {FactKind.PROFILED}
_JOINED_BEFORE: Final = ENTRIES - {FactKind.ADMITTED}


def _corrected_entry(
    member: Member, history: History, command: CorrectFact, fact: Fact
) -> tuple[Member, Organisation | None, Fact]:
    """Return the member as they should have come in, and where. Raises DomainError as an admission does."""
    old = fact.state
    if old is None:
        raise AssertionError("an entry without a state")
    known = history.cells.get(old.cell_id)
    place = command.cell or Place(known.code if known else member.cell_code, known)
    who = command.member
    after = member if who is None else replace(member, identity=who.identity, gender=who.gender)
    youth_union = old.youth_union if who is None else who.youth_union
    joined_on = (command.joined_on or old.joined_on) if fact.kind in _JOINED_BEFORE else None
    as_admitted = AdmitMember(
        code=member.code,
        cell_code=place.code,
        identity=after.identity,
        gender=after.gender,
        youth_union=youth_union,
        admitted_on=joined_on or fact.effective_date,
    )
    faults = admission_faults(as_admitted, place.unit, entered_on=fact.effective_date)
    faults += _reception_faults(joined_on, fact)
    if faults or place.unit is None:
        raise DomainError(faults)
    state = old.model_copy(
        update={
            "cell_id": place.unit.id,
            "gender": after.gender,
            "ethnic_minority": after.counted.ethnic_minority,
            "religious": after.counted.religious,
            "birth_date": after.identity.birth_date,
            "youth_union": youth_union,
            "joined_on": joined_on,
            **_stated_profile(command.profile),
        }
    )
    return after, place.unit, fact.model_copy(update={"state": state})


def _stated_profile(profile: ProfileChange | None) -> Mapping[str, object]:
    """Return what an entry should have stated of a profile; of the youth union only where that is said."""
    said = {} if profile is None else dict(profile)
    return {name: value for name, value in said.items() if name != "youth_union" or value is not None}


def _reception_faults(joined_on: date | None, fact: Fact) -> list[Fault]:
    """Return why somebody cannot have come in on a day who had joined, and perhaps been confirmed, elsewhere."""
    day, confirmed_on = fact.effective_date, fact.official_on
    if joined_on is not None and joined_on > day:
        days = {"admitted_on": joined_on, "received_on": day}
        return [Fault("received-before-admission", "effective_date", days)]
    if confirmed_on is None:
        return []
    if confirmed_on > day:
        return [Fault("confirmed-after-reception", "official_on", {"official_on": confirmed_on, "day": day})]
    if confirmed_on < (joined_on or day):
        days = {"official_on": confirmed_on, "admitted_on": joined_on or day}
        return [Fault("confirmed-before-admission", "official_on", days)]
    return []
