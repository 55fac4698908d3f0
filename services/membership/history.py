"""A member's history: what their events say happened, by day, and how it is put right. Pure.

The event log is the history. Each event of a member states a fact, numbered by the event's version; a later event
may take a fact's place or withdraw it, and may state one late. The facts that stand, in the order of their days,
come to steps: from day to day, what the member counted as. Whatever is late or corrected is decided by
comparing the steps before and after, so no figure needs to know why it changed.
"""

from collections.abc import Iterable, Mapping
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
    MemberEvent,
    MemberHistoryRestated,
    MemberLeft,
    MemberState,
    Standing,
    Step,
)
from services.membership.domain import (
    AdmitMember,
    ConfirmMember,
    Decided,
    DomainError,
    Identity,
    Member,
    Organisation,
    admission_faults,
)
from services.membership.faults import Fault

_ORDER: Final = {FactKind.ADMITTED: 0, FactKind.CONFIRMED: 1, FactKind.LEFT: 2}
"""Of facts of the same day."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact that stands, and its number: the version of the event that stated it."""

    number: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class History:
    """The facts that stand, and what became of the others."""

    facts: tuple[Numbered, ...] = ()
    replaced: Mapping[int, int | None] = field(default_factory=dict)
    """By the number of a fact that stands no more, that of the fact in its place; None where it was withdrawn."""

    def of(self, kind: FactKind) -> Numbered | None:
        """Return the fact of a kind that stands."""
        return next((known for known in self.facts if known.fact.kind is kind), None)

    def restated(self, number: int, corrects: int | None, fact: Fact | None) -> "History":
        """Return the history after event `number`, which states `fact` late or in the place of fact `corrects`."""
        facts = tuple(known for known in self.facts if known.number != corrects)
        if fact is not None:
            facts = (*facts, Numbered(number, fact))
        gone = {} if corrects is None else {corrects: number if fact else None}
        return History(facts, {**self.replaced, **gone})


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFact:
    """Say what a fact should have been; what is None stays as it was stated."""

    number: int
    effective_date: date | None = None
    decision_date: date | None = None
    reason: DepartureReason | None = None
    """Of a departure only."""
    member: "CorrectedMember | None" = None
    """Of an admission only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedMember:
    """Who was admitted, and where, as it should have been stated."""

    cell: Organisation | None
    """None where there is no unit of the code that was given."""
    cell_code: str
    identity: Identity
    gender: Gender
    youth_union: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawFact:
    """Say that something never happened."""

    number: int
    decision_date: date | None = None


def history_of(events: Iterable[MemberEvent]) -> History:
    """Return the history that a member's events tell, given in their order from the first."""
    history = History()
    for number, event in enumerate(events, 1):
        corrects = event.corrects if isinstance(event, MemberHistoryRestated) else None
        history = history.restated(number, corrects, stated(event))
    return history


def stated(event: MemberEvent) -> Fact | None:
    """Return the fact that an event states; None for one that withdraws."""
    return event.fact if isinstance(event, MemberHistoryRestated) else _fact_of(event)


def _fact_of(event: MemberChange) -> Fact:
    """Return the fact that an event of the ordinary course states."""
    state: MemberState | None = None
    reason: DepartureReason | None = None
    match event:
        case MemberAdmitted():
            kind, state = FactKind.ADMITTED, event.after
        case MemberConfirmed():
            kind = FactKind.CONFIRMED
        case MemberLeft():
            kind, reason = FactKind.LEFT, event.reason
    return Fact(
        kind=kind,
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        state=state,
        reason=reason,
    )


def steps_of(history: History) -> list[Step]:
    """Return what the member counted as, from day to day. Raises DomainError where the facts cannot all be true."""
    if faults := _contradictions(history):
        raise DomainError(faults)
    steps: list[Step] = []
    state: MemberState | None = None
    for known in sorted(history.facts, key=_in_order):
        before, state = state, _after(state, known.fact)
        steps.append(Step(effective_date=known.fact.effective_date, before=before, after=state))
    return steps


def decide_late_confirmation(member: Member, history: History, command: ConfirmMember) -> Decided[Member]:
    """Return the confirmation of somebody who has left since: it was true, and was not known.

    Raises DomainError where it cannot have been.
    """
    fact = Fact(
        kind=FactKind.CONFIRMED, effective_date=command.official_on, decision_date=command.decision_date
    )
    return _restate(member, history, None, fact)


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
    _refuse_what_is_not_of(old.kind, command)
    new = old.model_copy(
        update={
            "effective_date": command.effective_date or old.effective_date,
            "decision_date": command.decision_date or old.decision_date,
            "reason": command.reason or old.reason,
        }
    )
    after = member
    if command.member is not None:
        after = _corrected(member, command.member, new.effective_date)
        new = new.model_copy(
            update={"state": after.counted.model_copy(update={"standing": Standing.PROBATIONARY})}
        )
    elif old.kind is FactKind.ADMITTED and member.identity.birth_date >= new.effective_date:
        raise DomainError([Fault("born-after-admission", "effective_date")])
    if new == old and after.identity == member.identity:
        raise DomainError([Fault("nothing-to-correct", "fact", {"number": command.number})])
    return _restate(after, history, command.number, new)


def decide_withdrawal(member: Member, history: History, command: WithdrawFact) -> Decided[Member]:
    """Return what takes a fact back.

    Raises DomainError as `decide_correction`, and for an admission: what the register says of somebody hangs on it.
    """
    old = _standing(history, command.number)
    if old.kind is FactKind.ADMITTED:
        raise DomainError([Fault("admission-stays", "fact", {"number": command.number})])
    return _restate(member, history, command.number, None, decision_date=command.decision_date)


def _restate(
    member: Member,
    history: History,
    corrects: int | None,
    fact: Fact | None,
    *,
    decision_date: date | None = None,
) -> Decided[Member]:
    number = member.version + 1
    restated = history.restated(number, corrects, fact)
    old, new = steps_of(history), steps_of(restated)
    retracted = tuple(step for step in old if step not in new)
    added = tuple(step for step in new if step not in old)
    changed = [step.effective_date for step in (*retracted, *added)]
    known_from = fact.effective_date if fact else old[0].effective_date
    event = MemberHistoryRestated(
        effective_date=min(changed, default=known_from),
        decision_date=fact.decision_date if fact else decision_date,
        member_id=member.id,
        corrects=corrects,
        fact=fact,
        retracted=retracted,
        stated=added,
    )
    return Decided(_as_of_history(member, restated, number), event)


def _as_of_history(member: Member, history: History, version: int) -> Member:
    admitted, confirmed, left = (history.of(kind) for kind in FactKind)
    return replace(
        member,
        admitted_on=admitted.fact.effective_date if admitted else member.admitted_on,
        official_on=confirmed.fact.effective_date if confirmed else None,
        left_on=left.fact.effective_date if left else None,
        left_reason=left.fact.reason if left else None,
        version=version,
    )


def _contradictions(history: History) -> list[Fault]:
    """Return why the facts cannot all be true."""
    for kind, code, name in _TWICE:
        said = [known.fact.effective_date for known in history.facts if known.fact.kind is kind]
        if len(said) > 1:
            return [Fault(code, name, {name: said[0]})]
    admitted, confirmed, left = (_day(history.of(kind)) for kind in FactKind)
    faults = []
    if confirmed and admitted and confirmed < admitted:
        dates = {"official_on": confirmed, "admitted_on": admitted}
        faults.append(Fault("confirmed-before-admission", "official_on", dates))
    if left and admitted and left < admitted:
        faults.append(Fault("left-before-admission", "left_on", {"left_on": left, "admitted_on": admitted}))
    if left and confirmed and left < confirmed:
        both = {"left_on": left, "official_on": confirmed}
        faults.append(Fault("left-before-confirmation", "left_on", both))
    return faults


_TWICE: Final = (
    (FactKind.CONFIRMED, "already-confirmed", "official_on"),
    (FactKind.LEFT, "already-left", "left_on"),
)


def _day(known: Numbered | None) -> date | None:
    return known.fact.effective_date if known else None


def _in_order(known: Numbered) -> tuple[date, int]:
    return known.fact.effective_date, _ORDER[known.fact.kind]


def _after(state: MemberState | None, fact: Fact) -> MemberState | None:
    match fact.kind:
        case FactKind.ADMITTED:
            return fact.state
        case FactKind.CONFIRMED:
            return state and state.model_copy(update={"standing": Standing.OFFICIAL})
        case FactKind.LEFT:
            return None


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


def _refuse_what_is_not_of(kind: FactKind, command: CorrectFact) -> None:
    faults = []
    if command.reason is not None and kind is not FactKind.LEFT:
        faults.append(Fault("not-of-this-fact", "left_reason", {"number": command.number}))
    if command.member is not None and kind is not FactKind.ADMITTED:
        faults.append(Fault("not-of-this-fact", "member", {"number": command.number}))
    if faults:
        raise DomainError(faults)


def _corrected(member: Member, command: CorrectedMember, admitted_on: date) -> Member:
    """Return the member as they should have been admitted. Raises DomainError as an admission does."""
    admission = AdmitMember(
        code=member.code,
        cell_code=command.cell_code,
        identity=command.identity,
        gender=command.gender,
        youth_union=command.youth_union,
        admitted_on=admitted_on,
    )
    faults = admission_faults(admission, command.cell)
    if faults or command.cell is None:
        raise DomainError(faults)
    return replace(
        member,
        cell_id=command.cell.id,
        cell_code=command.cell.code,
        identity=command.identity,
        gender=command.gender,
        youth_union=command.youth_union,
    )
