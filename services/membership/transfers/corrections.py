"""What puts a step of a transfer right, or takes the last one back, and the member's own fact with it. Pure.

The event log is the history, as with members: each event states a step, numbered by its version, and a later event
may take a step's place or withdraw it. What a reception made of its member is a fact of the member's history; it is
found there by its day, its kind and its cell, and always put right together with the reception.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.membership import Fact, FactKind
from contracts.transfers import (
    CancelReason,
    Transfer,
    TransferCancelled,
    TransferEvent,
    TransferExpired,
    TransferKind,
    TransferReceived,
    TransferReleased,
    TransferRequested,
    TransferRestated,
    TransferState,
)
from services.membership.corrections import CorrectFact, WithdrawFact, decide_restatement
from services.membership.domain import Decided, DomainError, Organisation, name_faults
from services.membership.faults import Fault
from services.membership.history import ENTRIES, History, Numbered
from services.membership.members import Member
from services.membership.transfers.domain import (
    STATE_LABELS,
    DecidedTransfer,
    OnTheWay,
    Person,
    RequestTransfer,
    deadline,
    decide_request,
)
from services.membership.transfers.receptions import Known, cell_on
from services.membership.working_days import WorkingDayCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectStep:
    """Say what a step should have been; what is None stays as it was stated."""

    number: int
    day: date | None = None
    decision_date: date | None = None
    outside: str | None = None
    """Of a request to or from outside only."""
    cancelled_for: CancelReason | None = None
    """Of a cancellation only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawStep:
    """Say that the last step never happened."""

    number: int
    decision_date: date | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A step, by the state that it led to."""

    state: TransferState
    day: date
    decision_date: date | None


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that were ever stated, and what became of those that stand no more."""

    stated: Mapping[int, Stated] = field(default_factory=dict)
    """By the number of the event that stated them."""
    replaced: Mapping[int, int | None] = field(default_factory=dict)
    """By the number of a step that stands no more, that of the one in its place; None where it was withdrawn."""

    def standing(self, number: int) -> Stated:
        """Return a step that stands.

        Raises DomainError where there is no such step (`no-such-fact`), or it was replaced or withdrawn.
        """
        if number not in self.stated:
            raise DomainError([Fault("no-such-fact", "fact", {"number": number})])
        if number not in self.replaced:
            return self.stated[number]
        by = self.replaced[number]
        if by is None:
            raise DomainError([Fault("fact-withdrawn", "fact", {"number": number})])
        raise DomainError([Fault("fact-replaced", "fact", {"number": number, "by": by})])

    def status(self, number: int) -> str:
        """Return what became of what event `number` said."""
        if number not in self.stated:
            return "withdrawal"
        if number not in self.replaced:
            return "stands"
        return "withdrawn" if self.replaced[number] is None else "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a correction is judged against."""

    known: Known | None
    """The member; None for somebody who has not come in yet."""
    origin: Organisation | None
    destination: Organisation | None
    above: Mapping[UUID, Organisation]
    """By id, both ends and all that they hang under on some day."""
    open_: OnTheWay | None
    """The member's open transfer."""
    working_days: WorkingDayCalendar


@dataclass(frozen=True, slots=True)
class Restatement:
    """A transfer put right, and its member, where the reception was."""

    transfer: DecidedTransfer
    member: Decided[Member] | None


def told_steps(events: Iterable[TransferEvent]) -> Steps:
    """Return the steps of one transfer, its events given in their order from the first."""
    stated: dict[int, Stated] = {}
    replaced: dict[int, int | None] = {}
    for number, event in enumerate(events, 1):
        state = _LED_TO.get(type(event))
        if isinstance(event, TransferRestated):
            withdrawn = event.before.state is not event.after.state
            replaced[event.corrects] = None if withdrawn else number
            state = None if withdrawn else stated[event.corrects].state
        if state is not None:
            stated[number] = Stated(state, event.effective_date, event.decision_date)
    return Steps(stated, replaced)


def decide_restatement_of(
    one: OnTheWay, steps: Steps, command: CorrectStep | WithdrawStep, around: Around
) -> Restatement:
    """Return what puts a step right or takes it back, and what that makes of the member.

    Raises DomainError where there is no such step or it stands no more, where nothing would change, where what is
    corrected is not of that step, where days would be out of order or an open transfer impossible, and where the
    member's history would become impossible, naming what it contradicts.
    """
    step = steps.standing(command.number)
    if isinstance(command, WithdrawStep):
        decided = _withdrawn(one, step, command)
    else:
        decided = _corrected(one, step, command, around)
    member = _member_after(one, step, command, around.known)
    if decided.state.transfer.state.is_open and not one.transfer.state.is_open:
        _check_reopened(one, around, member)
    return Restatement(decided, member)


def fact_made(one: OnTheWay, history: History) -> Numbered | None:
    """Return the fact of a member's history that the reception of a transfer made; None where there is none."""
    transfer = one.transfer
    if transfer.state is not TransferState.RECEIVED:
        return None
    for known in history.facts:
        fact = known.fact
        if (fact.kind, fact.effective_date, _cell(fact)) == (
            _MADE[transfer.kind],
            transfer.ended_on,
            transfer.destination_id,
        ):
            return known
    return None


def refuse_facts_of(
    transfers: Iterable[OnTheWay], history: History, command: CorrectFact | WithdrawFact
) -> None:
    """Refuse to put right in a member's history alone what the reception of one of their transfers said.

    Who somebody is, and all else that a transfer does not say, is put right there. Raises DomainError.
    """
    for one in transfers:
        made = fact_made(one, history)
        if made is not None and made.number == command.number and _says_otherwise(command, made.fact):
            known = {"number": command.number, "day": one.transfer.requested_on}
            raise DomainError([Fault("transfer-fact", "fact", known)])


def _says_otherwise(command: CorrectFact | WithdrawFact, fact: Fact) -> bool:
    if isinstance(command, WithdrawFact):
        return True
    cell = command.cell.unit if command.cell else None
    return (
        command.effective_date not in {None, fact.effective_date}
        or command.decision_date not in {None, fact.decision_date}
        or command.reason not in {None, fact.reason}
        or (cell is not None and cell.id != _cell(fact))
    )


def _corrected(one: OnTheWay, step: Stated, command: CorrectStep, around: Around) -> DecidedTransfer:
    _refuse_what_is_not_of(one, step, command)
    day = command.day or step.day
    decision_date = command.decision_date or step.decision_date
    outside = command.outside or one.outside
    after = one.transfer.model_copy(update={_COLUMN[step.state]: day})
    if command.cancelled_for is not None:
        after = after.model_copy(update={"cancelled_for": command.cancelled_for})
    if (after, decision_date, outside) == (one.transfer, step.decision_date, one.outside):
        raise DomainError([Fault("nothing-to-correct", "fact", {"number": command.number})])
    _check_order(after, step.state, day)
    if step.state is TransferState.REQUESTED and day != step.day:
        after = after.model_copy(update={"kind": _kind_then(one, day, around)})
    if after.state is TransferState.EXPIRED:
        _check_overdue(after, around.working_days)
    event = _event(one, command.number, after, day, decision_date)
    return DecidedTransfer(replace(one, transfer=after, outside=outside, version=one.version + 1), event)


def _withdrawn(one: OnTheWay, step: Stated, command: WithdrawStep) -> DecidedTransfer:
    if step.state is TransferState.REQUESTED:
        raise DomainError([Fault("transfer-request-stays", "fact", {"number": command.number})])
    if step.state is not one.transfer.state:
        raise DomainError([Fault("transfer-step-not-last", "fact", {"number": command.number})])
    update: dict[str, object] = {_COLUMN[step.state]: None, "cancelled_for": None}
    was_released = step.state is not TransferState.RELEASED and one.transfer.released_on is not None
    update["state"] = TransferState.RELEASED if was_released else TransferState.REQUESTED
    after = one.transfer.model_copy(update=update)
    event = _event(one, command.number, after, step.day, command.decision_date)
    return DecidedTransfer(replace(one, transfer=after, version=one.version + 1), event)


def _event(
    one: OnTheWay, corrects: int, after: Transfer, day: date, decision_date: date | None
) -> TransferRestated:
    return TransferRestated(
        effective_date=day,
        decision_date=decision_date,
        transfer_id=one.id,
        corrects=corrects,
        before=one.transfer,
        after=after,
    )


def _refuse_what_is_not_of(one: OnTheWay, step: Stated, command: CorrectStep) -> None:
    said = {
        "outside": (command.outside, step.state is TransferState.REQUESTED and one.outside is not None),
        "reason": (command.cancelled_for, step.state is TransferState.CANCELLED),
    }
    faults = [
        Fault("not-of-this-fact", column, {"number": command.number})
        for column, (value, of_this_step) in said.items()
        if value is not None and not of_this_step
    ]
    if command.outside is not None and not faults:
        faults = name_faults("outside", command.outside)
    if faults:
        raise DomainError(faults)


def _check_order(after: Transfer, state: TransferState, day: date) -> None:
    """Refuse a day before that of the step before, or after that of the next."""
    column = _COLUMN[state]
    places = ("requested_on", "released_on", "ended_on")
    here = places.index(column)
    before = [known for name in places[:here] if (known := getattr(after, name))]
    later = [known for name in places[here + 1 :] if (known := getattr(after, name))]
    if before and day < max(before):
        raise DomainError([Fault("transfer-step-before", "day", {"day": day, "last": max(before)})])
    if later and day > min(later):
        raise DomainError([Fault("transfer-step-after", "day", {"day": day, "next": min(later)})])


def _kind_then(one: OnTheWay, day: date, around: Around) -> TransferKind:
    """Return the kind by the tree of another day of the request. Raises DomainError where it could not be asked."""
    transfer = one.transfer
    asked = RequestTransfer(
        member_code=one.member_code,
        requested_on=day,
        origin_code=around.origin.code if around.origin else None,
        destination_code=around.destination.code if around.destination else None,
        outside=one.outside,
        temporary=transfer.kind is TransferKind.TEMPORARY,
        until_on=transfer.until_on,
    )
    decided = decide_request(
        asked,
        person=_person_then(one, day, around),
        destination=around.destination,
        above=around.above,
        open_=None,
        new_id=one.id,
        newcomer_id=transfer.member_id,
    )
    return decided.state.transfer.kind


def _person_then(one: OnTheWay, day: date, around: Around) -> Person | None:
    """Return who asked on a day, and where they counted; what the reception of that very day made is left out."""
    if around.known is None:
        return None
    received_then = one.transfer.state is TransferState.RECEIVED and day == one.transfer.ended_on
    there = around.origin if received_then else cell_on(around.known.history, day)
    if there is None and one.transfer.kind is TransferKind.INTO_BLOC:
        return None  # by now they may have come; they had not then
    return Person(around.known.member, there)


def _check_overdue(after: Transfer, working_days: WorkingDayCalendar) -> None:
    due_on = deadline(after, working_days)
    if due_on is None or after.ended_on is None or after.ended_on <= due_on:
        until = f"đến hết ngày {due_on:%d/%m/%Y}" if due_on else "chưa xác định"
        known = {"until": until, "day": after.ended_on}
        raise DomainError([Fault("transfer-not-overdue", "day", known)])


def _check_reopened(one: OnTheWay, around: Around, member: Decided[Member] | None) -> None:
    """Refuse that a transfer is on the way again beside another one, or without its member."""
    if around.open_ is not None:
        known = {"state": STATE_LABELS[around.open_.transfer.state], "day": around.open_.last_day}
        raise DomainError([Fault("transfer-open", "member_code", known)])
    state = around.known.member if around.known else None
    if member is not None:
        state = member.state
    if one.transfer.origin_id is None or state is None:
        return
    if state.left_on is not None or state.entered_on is None:
        raise DomainError([Fault("transfer-of-one-gone", "fact")])


def _member_after(
    one: OnTheWay, step: Stated, command: CorrectStep | WithdrawStep, known: Known | None
) -> Decided[Member] | None:
    """Return the member's fact put right or withdrawn as the reception is; None where it says the same."""
    if step.state is not TransferState.RECEIVED:
        return None
    made = None if known is None else fact_made(one, known.history)
    if known is None or made is None:
        raise DomainError([Fault("transfer-fact-gone", "fact", {"day": step.day})])
    number, fact = made.number, made.fact
    if isinstance(command, WithdrawStep):
        withdraw = WithdrawFact(number=number, decision_date=command.decision_date)
        return decide_restatement(known.member, known.history, withdraw)
    day, decision_date = command.day or step.day, command.decision_date or step.decision_date
    if (day, decision_date) == (fact.effective_date, fact.decision_date):
        return None
    correct = CorrectFact(number=number, effective_date=day, decision_date=decision_date)
    joined_then = fact.kind in ENTRIES and fact.state is not None and fact.state.joined_on is None
    if joined_then and day != fact.effective_date:
        # Who joined on the day that they came in did not join on another because they came in on another.
        correct = replace(correct, joined_on=fact.effective_date)
    return decide_restatement(known.member, known.history, correct)


def _cell(fact: Fact) -> UUID | None:
    return fact.state.cell_id if fact.state else fact.cell_id


_LED_TO: Final[Mapping[type[TransferEvent], TransferState]] = {
    TransferRequested: TransferState.REQUESTED,
    TransferReleased: TransferState.RELEASED,
    TransferReceived: TransferState.RECEIVED,
    TransferCancelled: TransferState.CANCELLED,
    TransferExpired: TransferState.EXPIRED,
}
_COLUMN: Final[Mapping[TransferState, str]] = {
    TransferState.REQUESTED: "requested_on",
    TransferState.RELEASED: "released_on",
    TransferState.RECEIVED: "ended_on",
    TransferState.CANCELLED: "ended_on",
    TransferState.EXPIRED: "ended_on",
}
"""Where a transfer has the day of the step that led to a state."""
_MADE: Final[Mapping[TransferKind, FactKind]] = {
    TransferKind.WITHIN_COMMITTEE: FactKind.MOVED,
    TransferKind.WITHIN_BLOC: FactKind.MOVED,
    TransferKind.OUT_OF_BLOC: FactKind.LEFT,
    TransferKind.INTO_BLOC: FactKind.RECEIVED,
    TransferKind.TEMPORARY: FactKind.TEMPORARY_STAY_BEGAN,
}
"""What the reception of a transfer of a kind makes of its member, as `receptions` decides."""
