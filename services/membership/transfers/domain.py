"""The rules of transfers: who may be on the way, from where to where, and which step follows which. Pure.

A transfer is requested, released by the origin and received by the destination, or it is cancelled or expires on the
way (DOMAIN: Transfer). Until it is received the member counts at the origin; `receptions` says what they count as
from then on. A member has one open transfer at most.

The deadline runs from the release. Before it there is none, nor for a temporary stay (quy ước của phần mềm). A
transfer past its deadline is overdue and can still be received; once it is expired it cannot. It expires by a
command, or by itself when it has been overdue and nobody touched it for some time (`watch`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from contracts.membership import OrganisationType
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
    TransferState,
)
from services.membership import thresholds
from services.membership.domain import DomainError, Organisation, code_faults, name_faults
from services.membership.faults import Fault
from services.membership.members import Member, cell_faults
from services.membership.working_days import WorkingDayCalendar, WorkingDaysUnknown

STATE_LABELS: Final[Mapping[TransferState, str]] = {
    TransferState.REQUESTED: "đã được đề nghị, chờ nơi đi giới thiệu",
    TransferState.RELEASED: "đã được nơi đi giới thiệu, chờ nơi đến tiếp nhận",
    TransferState.RECEIVED: "đã được tiếp nhận",
    TransferState.CANCELLED: "đã bị hủy",
    TransferState.EXPIRED: "đã hết hạn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheWay:
    """A transfer of the register; `version` counts its events."""

    id: UUID
    member_code: str
    transfer: Transfer
    outside: str | None = None
    """The organisation outside the register that they go to or come from, as somebody named it."""
    version: int = 1

    @property
    def code(self) -> str:
        """The member's, by which reports name it."""
        return self.member_code

    @property
    def last_day(self) -> date:
        """The day of its last step."""
        one = self.transfer
        return one.ended_on or one.released_on or one.requested_on


@dataclass(frozen=True, slots=True)
class DecidedTransfer:
    """An event of a transfer that now happened, and the transfer after it."""

    state: OnTheWay
    event: TransferEvent


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to go: a member, and where they counted on the day of the request, if they did."""

    member: Member
    origin: Organisation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTransfer:
    """Ask for a transfer: to a cell, to the outside, or from the outside to a cell."""

    member_code: str
    requested_on: date
    origin_code: str | None = None
    """Where they are thought to belong; None where nobody says."""
    destination_code: str | None = None
    outside: str | None = None
    """The organisation outside: where they come from if a destination is named, else where they go."""
    temporary: bool = False
    until_on: date | None = None
    decision_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Take a transfer one step further on a day; `cancelled_for` of a cancellation only."""

    day: date
    decision_date: date | None = None
    cancelled_for: CancelReason = CancelReason.UNSTATED


def decide_request(
    command: RequestTransfer,
    *,
    person: Person | None,
    destination: Organisation | None,
    above: Mapping[UUID, Organisation],
    open_: OnTheWay | None,
    new_id: UUID,
    newcomer_id: UUID,
) -> DecidedTransfer:
    """Return the request of a transfer of `person`; None is somebody whom the register does not know.

    `destination` is the unit of the command's destination code, None if there is none; `above` has, by id, all that
    both ends hang under on some day; `open_` is the member's open transfer; `newcomer_id` becomes the id of somebody
    unknown. The kind follows from both ends and the tree of that day. Raises DomainError.
    """
    if open_ is not None:
        known = {"state": STATE_LABELS[open_.transfer.state], "day": open_.last_day}
        raise DomainError([Fault("transfer-open", "member_code", known)])
    faults = [*_way_faults(command), *_destination_faults(command, destination)]
    if not faults:
        faults = _origin_faults(command, person)
    if faults:
        raise DomainError(faults)
    comes_in = destination is not None and command.outside is not None
    origin = person.origin if person and not comes_in else None
    if origin and destination and origin.id == destination.id:
        raise DomainError([Fault("already-in-cell", "destination_code", {"day": command.requested_on})])
    transfer = Transfer(
        member_id=person.member.id if person else newcomer_id,
        kind=_kind(command, origin, destination, above),
        state=TransferState.REQUESTED,
        origin_id=origin and origin.id,
        destination_id=destination and destination.id,
        requested_on=command.requested_on,
        until_on=command.until_on,
    )
    state = OnTheWay(id=new_id, member_code=command.member_code, transfer=transfer, outside=command.outside)
    event = TransferRequested(
        effective_date=command.requested_on,
        decision_date=command.decision_date,
        transfer_id=new_id,
        after=transfer,
    )
    return DecidedTransfer(state, event)


def decide_release(one: OnTheWay, command: Step) -> DecidedTransfer:
    """Return that the origin let a member go. Raises DomainError out of order."""
    after = _next(one, command.day, TransferState.REQUESTED, "giới thiệu").model_copy(
        update={"state": TransferState.RELEASED, "released_on": command.day}
    )
    event = TransferReleased(
        effective_date=command.day,
        decision_date=command.decision_date,
        transfer_id=one.id,
        before=one.transfer,
        after=after,
    )
    return DecidedTransfer(_after(one, after), event)


def decide_receipt(one: OnTheWay, command: Step) -> DecidedTransfer:
    """Return that the destination received a member, overdue or not; `receptions` decides what becomes of the member.

    Raises DomainError out of order.
    """
    after = _ended(one, command.day, TransferState.RECEIVED, TransferState.RELEASED, "tiếp nhận")
    event = TransferReceived(
        effective_date=command.day,
        decision_date=command.decision_date,
        transfer_id=one.id,
        before=one.transfer,
        after=after,
    )
    return DecidedTransfer(_after(one, after), event)


def decide_cancellation(one: OnTheWay, command: Step) -> DecidedTransfer:
    """Return that an open transfer came to nothing. Raises DomainError out of order."""
    after = _ended(one, command.day, TransferState.CANCELLED, one.transfer.state, "hủy").model_copy(
        update={"cancelled_for": command.cancelled_for}
    )
    event = TransferCancelled(
        effective_date=command.day,
        decision_date=command.decision_date,
        transfer_id=one.id,
        before=one.transfer,
        after=after,
    )
    return DecidedTransfer(_after(one, after), event)


def decide_expiry(one: OnTheWay, command: Step, working_days: WorkingDayCalendar) -> DecidedTransfer:
    """Return that a transfer's time was over by the day of the command.

    Raises DomainError out of order, where its deadline is not past, and where it has none.
    """
    after = _ended(one, command.day, TransferState.EXPIRED, TransferState.RELEASED, "ghi hết hạn")
    due_on = deadline(one.transfer, working_days)
    if due_on is None or command.day <= due_on:
        until = f"đến hết ngày {due_on:%d/%m/%Y}" if due_on else "chưa xác định"
        raise DomainError([Fault("transfer-not-overdue", "day", {"until": until, "day": command.day})])
    event = TransferExpired(
        effective_date=command.day,
        decision_date=command.decision_date,
        transfer_id=one.id,
        due_on=due_on,
        before=one.transfer,
        after=after,
    )
    return DecidedTransfer(_after(one, after), event)


def cancelled_by_leaving(one: OnTheWay, day: date, decision_date: date | None) -> DecidedTransfer:
    """Return that an open transfer came to nothing as its member left the register on `day`, perhaps found late."""
    step = Step(
        day=max(day, one.last_day), decision_date=decision_date, cancelled_for=CancelReason.LEFT_REGISTER
    )
    return decide_cancellation(one, step)


def deadline(transfer: Transfer, working_days: WorkingDayCalendar) -> date | None:
    """Return the last day on which a released transfer can be received in time.

    None where there is none, and where the working-day calendar does not reach so far.
    """
    if transfer.released_on is None or transfer.kind is TransferKind.TEMPORARY:
        return None
    try:
        return working_days.add_working_days(transfer.released_on, thresholds.TRANSFER_WORKING_DAYS.value)
    except WorkingDaysUnknown:
        return None


def latest_release_overdue(day: date, working_days: WorkingDayCalendar) -> date | None:
    """Return the latest release whose deadline is past on `day`, the inverse of `deadline`; None where there is none.

    It holds for releases from the first day of the calendar on; of earlier ones no deadline is known.
    """
    if day <= working_days.first_day:
        return None
    until = min(day - timedelta(1), working_days.last_day)
    try:
        return working_days.latest_start(until, thresholds.TRANSFER_WORKING_DAYS.value)
    except WorkingDaysUnknown:
        return None


def _next(one: OnTheWay, day: date, from_: TransferState, what: str) -> Transfer:
    """Return the transfer, if it is in the state that a step follows on; `what` is the step in Vietnamese."""
    if one.transfer.state is not from_ or not from_.is_open:
        known = {"state": STATE_LABELS[one.transfer.state], "day": one.last_day, "what": what}
        raise DomainError([Fault("transfer-out-of-order", "state", known)])
    if day < one.last_day:
        raise DomainError([Fault("transfer-step-before", "day", {"day": day, "last": one.last_day})])
    return one.transfer


def _ended(one: OnTheWay, day: date, state: TransferState, from_: TransferState, what: str) -> Transfer:
    return _next(one, day, from_, what).model_copy(update={"state": state, "ended_on": day})


def _after(one: OnTheWay, transfer: Transfer) -> OnTheWay:
    return replace(one, transfer=transfer, version=one.version + 1)


def _kind(
    command: RequestTransfer,
    origin: Organisation | None,
    destination: Organisation | None,
    above: Mapping[UUID, Organisation],
) -> TransferKind:
    if origin is None:
        return TransferKind.INTO_BLOC
    if destination is None:
        return TransferKind.OUT_OF_BLOC
    if command.temporary:
        return TransferKind.TEMPORARY
    tops = {_grassroots(cell, command.requested_on, above).id for cell in (origin, destination)}
    return TransferKind.WITHIN_COMMITTEE if len(tops) == 1 else TransferKind.WITHIN_BLOC


def _grassroots(cell: Organisation, day: date, above: Mapping[UUID, Organisation]) -> Organisation:
    """Return the grassroots organisation that a cell belonged to on a day: itself, for a grassroots cell."""
    top = cell
    while top.on(day).type not in _GRASSROOTS and (parent_id := top.on(day).parent_id):
        top = above[parent_id]
    return top


_GRASSROOTS: Final = {OrganisationType.GRASSROOTS_COMMITTEE, OrganisationType.GRASSROOTS_CELL}


def _way_faults(command: RequestTransfer) -> list[Fault]:
    """Return what is wrong with a request in itself."""
    faults = code_faults("member_code", command.member_code)
    if command.outside is not None:
        faults += name_faults("outside", command.outside)
    if command.destination_code is None and command.outside is None:
        faults.append(Fault("transfer-nowhere", "destination_code"))
    if command.temporary and (command.destination_code is None or command.outside is not None):
        faults.append(Fault("temporary-to-a-cell", "temporary"))
    if command.until_on is not None:
        if not command.temporary:
            faults.append(Fault("until-of-temporary", "until_on"))
        elif command.until_on <= command.requested_on:
            days = {"until_on": command.until_on, "requested_on": command.requested_on}
            faults.append(Fault("until-before-request", "until_on", days))
    return faults


def _destination_faults(command: RequestTransfer, unit: Organisation | None) -> list[Fault]:
    if command.destination_code is None:
        return []
    day = command.requested_on
    found = cell_faults(command.destination_code, unit, day, column="requested_on")
    return [
        replace(fault, column="destination_code") if fault.column == "cell_code" else fault for fault in found
    ]


def _origin_faults(command: RequestTransfer, person: Person | None) -> list[Fault]:
    """Return why somebody cannot set out: who goes counts in a cell that day, and who comes counts nowhere."""
    if command.destination_code is not None and command.outside is not None:
        there = person and (person.origin or person.member.left_on is None) and person.member.entered_on
        return [Fault("already-in-register", "member_code", {"since": there})] if there else []
    day = {"day": command.requested_on}
    if person is None or person.origin is None:
        return [Fault("not-counted-then", "member_code", day)]
    if command.origin_code not in {None, person.origin.code}:
        return [Fault("other-origin", "origin_code", day | {"value": person.origin.code})]
    return []
