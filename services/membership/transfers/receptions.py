"""What a received transfer makes of its member: they move, leave, come or stay elsewhere for a time. Pure.

The transfer's event and the member's are decided together and saved in one transaction: so a member counts at the
origin until the day they are received and at the destination from it, at no moment twice and at no moment nowhere.
"""

from dataclasses import dataclass
from datetime import date

from contracts.membership import (
    DepartureReason,
    Fact,
    FactKind,
    Gender,
    MemberState,
    MoveReason,
    Standing,
)
from contracts.transfers import TransferKind
from services.membership import thresholds
from services.membership.corrections import record
from services.membership.domain import Decided, DomainError, Organisation
from services.membership.faults import Fault
from services.membership.history import History, steps_of
from services.membership.members import AdmitMember, Identity, Member, member_warnings
from services.membership.transfers.domain import DecidedTransfer, OnTheWay, Step, deadline, decide_receipt
from services.membership.ways_in import ReceiveMember, confirmation_faults, decide_first_reception
from services.membership.working_days import WorkingDayCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Who comes into the register for the first time, as their papers say."""

    identity: Identity
    gender: Gender
    youth_union: bool
    admitted_on: date
    """Admission to the party."""
    admission_decided_on: date | None = None
    """The decision on it, from which party age counts; None where the papers do not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveTransfer:
    """Receive who is on the way; of those who come from outside their papers say the last two."""

    step: Step
    newcomer: Newcomer | None = None
    official_on: date | None = None
    """The confirmation; None for who is on probation, or was known as an official member before."""


@dataclass(frozen=True, slots=True)
class Known:
    """A member of whom there are events already, and these."""

    member: Member
    history: History


@dataclass(frozen=True, slots=True)
class Reception:
    """A transfer received, what became of its member, and what is unusual about it."""

    transfer: DecidedTransfer
    member: Decided[Member]
    warnings: list[Fault]


def decide_reception(
    one: OnTheWay,
    command: ReceiveTransfer,
    *,
    known: Known | None,
    destination: Organisation | None,
    working_days: WorkingDayCalendar,
) -> Reception:
    """Return the end of a released transfer at its destination, which is None for one that leads outside.

    `known` is the member with the transfer's code; None where there is none. Raises DomainError out of order, where
    it cannot be true with all that is known of the member, and where a newcomer's papers are missing or wrong.
    """
    received = decide_receipt(one, command.step)
    if known is not None and known.member.id != one.transfer.member_id:
        raise DomainError([Fault("code-taken", "member_code")])
    into = one.transfer.kind is TransferKind.INTO_BLOC
    if (command.newcomer is not None) != (known is None):
        raise DomainError([Fault("papers-missing" if known is None else "papers-not-wanted", "newcomer")])
    if command.official_on is not None and not into:
        raise DomainError([Fault("papers-not-wanted", "official_on")])
    warnings = _late(one, command.step.day, working_days)
    if known is None:
        if destination is None or command.newcomer is None:
            raise AssertionError("somebody unknown comes from outside to a cell")
        member = _first_entry(one, command, command.newcomer, destination)
        warnings += member_warnings(member.state, destination)
    else:
        member = record(known.member, known.history, _fact(one, command, known), cell=destination)
        warnings += _moved_meanwhile(one, known, command.step.day)
        warnings += _moved_on_later(one, known, command.step.day)
    return Reception(received, member, warnings)


def cell_on(history: History, day: date) -> Organisation | None:
    """Return where somebody counts on a day; None where they do not."""
    there: MemberState | None = None
    for step in steps_of(history):
        if step.effective_date <= day:
            there = step.after
    return None if there is None else history.cells.get(there.cell_id)


def _fact(one: OnTheWay, command: ReceiveTransfer, known: Known) -> Fact:
    """Return what is to be said of a member whom the register knows."""
    transfer, step = one.transfer, command.step
    about: dict[str, object]
    match transfer.kind:
        case TransferKind.OUT_OF_BLOC:
            kind, about = FactKind.LEFT, {"reason": DepartureReason.TRANSFERRED_OUT}
        case TransferKind.TEMPORARY:
            kind = FactKind.TEMPORARY_STAY_BEGAN
            about = {"cell_id": transfer.destination_id, "until": transfer.until_on}
        case TransferKind.INTO_BLOC:
            kind, about = FactKind.RECEIVED, _return(one, command, known.member)
        case _:
            kind, about = FactKind.MOVED, {"cell_id": transfer.destination_id, "move": MoveReason.TRANSFER}
    fact = Fact(kind=kind, effective_date=step.day, decision_date=step.decision_date)
    return fact.model_copy(update=about)


def _return(one: OnTheWay, command: ReceiveTransfer, member: Member) -> dict[str, object]:
    """Return as what a former member comes back: as they left, and perhaps confirmed meanwhile."""
    if command.official_on is not None and member.official_on is not None:
        raise DomainError([Fault("already-confirmed", "official_on", {"official_on": member.official_on})])
    official_on = command.official_on or member.official_on
    if faults := confirmation_faults(member.admitted_on, command.official_on, command.step.day):
        raise DomainError(faults)
    day = command.step.day
    state = member.counted.model_copy(
        update={
            "cell_id": one.transfer.destination_id,
            "standing": Standing.OFFICIAL if official_on else Standing.PROBATIONARY,
            "joined_on": None if member.admitted_on == day else member.admitted_on,
            "party_since": None,
        }
    )
    return {"state": state, "official_on": official_on}


def _first_entry(
    one: OnTheWay, command: ReceiveTransfer, newcomer: Newcomer, cell: Organisation
) -> Decided[Member]:
    """Return the entry of somebody whom the register did not know, as `members.decide_admission` does."""
    day, decision_date = command.step.day, command.step.decision_date
    papers = AdmitMember(
        code=one.member_code,
        cell_code=cell.code,
        identity=newcomer.identity,
        gender=newcomer.gender,
        youth_union=newcomer.youth_union,
        admitted_on=newcomer.admitted_on,
        decision_date=newcomer.admission_decided_on,
    )
    reception = ReceiveMember(
        papers=papers, entered_on=day, official_on=command.official_on, decision_date=decision_date
    )
    return decide_first_reception(reception, cell=cell, new_id=one.transfer.member_id)


def _late(one: OnTheWay, day: date, working_days: WorkingDayCalendar) -> list[Fault]:
    due_on, rule = deadline(one.transfer, working_days), thresholds.TRANSFER_WORKING_DAYS
    if due_on is None or day <= due_on:
        return []
    known = {"due_on": due_on, "count": rule.value, "source": rule.source}
    return [Fault("received-late", "day", known)]


def _moved_meanwhile(one: OnTheWay, known: Known, day: date) -> list[Fault]:
    """Return that somebody is received from another cell than the one that they set out from, as after a merger."""
    left = cell_on(known.history, day)
    if one.transfer.origin_id is None or left is None or left.id == one.transfer.origin_id:
        return []
    return [Fault("moved-since-request", "state", {"value": left.code, "day": day})]


def _moved_on_later(one: OnTheWay, known: Known, day: date) -> list[Fault]:
    """Return that somebody received late was moved to another cell since, as by a merger of their old one."""
    if one.transfer.kind in {TransferKind.TEMPORARY, TransferKind.OUT_OF_BLOC}:
        return []
    for step in steps_of(known.history):
        before, after = step.before, step.after
        if step.effective_date > day and before and after and before.cell_id != after.cell_id:
            cell = known.history.cells[after.cell_id]
            return [Fault("moved-on-later", "day", {"value": cell.code, "day": step.effective_date})]
    return []
