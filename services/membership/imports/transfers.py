"""Rows of a transfers file, decided against the register: a transfer that is on its way, or that has happened.

A row is known again by its member, the day of the request and both ends. What it says beyond the register is
recorded, step by step as the commands do; what the register has beyond the row stays. So the sheet of a month may be
filled in as things happen and sent again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from contracts.membership import MemberEvent
from contracts.transfers import TransferKind, TransferState
from services.membership.columns import TRANSFER_LABELS
from services.membership.domain import Organisation, clean
from services.membership.faults import Fault, FaultsFound
from services.membership.files import Row
from services.membership.history import History, stated
from services.membership.imports.cells import GENDERS, TRANSFER_KINDS, YES_NO, Cells
from services.membership.imports.members import difference
from services.membership.imports.report import Plan
from services.membership.members import Identity, religion_of
from services.membership.transfers.domain import (
    DecidedTransfer,
    OnTheWay,
    Person,
    RequestTransfer,
    Step,
    decide_release,
    decide_request,
)
from services.membership.transfers.receptions import (
    Known,
    Newcomer,
    ReceiveTransfer,
    Reception,
    cell_on,
    decide_reception,
)
from services.membership.working_days import WorkingDayCalendar

T = TypeVar("T")


@dataclass(slots=True)
class Register:
    """What the register has of those whom a file speaks of; it grows with what is decided."""

    cells: Mapping[str, Organisation]
    """The units whose codes stand in the file."""
    units: Mapping[UUID, Organisation]
    """By id, all units that anybody may have been in or go to, and all that these hung under on some day."""
    known: dict[str, Known] = field(default_factory=dict)
    """Members by their codes."""
    transfers: dict[str, list[OnTheWay]] = field(default_factory=dict)
    """By the member's code, in the order of their requests."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a row says."""

    request: RequestTransfer
    kind: TransferKind | None
    released_on: date | None
    received_on: date | None
    full_name: str
    official_on: date | None
    papers: Callable[[], Newcomer]
    """Reads who it is; raises FaultsFound."""


def plan_transfers(
    rows: Iterable[Row], register: Register, working_days: WorkingDayCalendar, today: date
) -> Plan[Any]:
    """Return what is decided of the rows of a file: of each its transfer's steps, then what becomes of the member.

    A step after `today` is refused.
    """
    plan: Plan[Any] = Plan()
    for row in rows:
        try:
            asked = _read(row, plan.day_first)
            _have_come(asked, today)
            decided, warnings = _decide(asked, register, working_days)
        except FaultsFound as found:
            plan.refuse(row.line, found.faults)
        else:
            plan.accept(row.line, decided, warnings)
    return plan


def _read(row: Row, day_first: Counter[str]) -> _Asked:
    """Return what a row says. Raises FaultsFound where it cannot be read."""
    if row.faults:
        raise FaultsFound(row.faults)  # its cells may stand under the wrong columns
    cells = Cells(row, day_first)
    requested_on, kind = cells.date("requested_on"), cells.optional_word("kind", TRANSFER_KINDS)
    released_on, received_on = cells.optional_date("released_on"), cells.optional_date("received_on")
    decision_date, until_on = cells.optional_date("decision_date"), cells.optional_date("until_on")
    official_on = cells.optional_date("official_on")
    if received_on and not cells.text("released_on"):
        cells.faults.append(Fault("received-without-release", "released_on"))
    if cells.faults or requested_on is None:
        raise FaultsFound(cells.faults)
    request = RequestTransfer(
        member_code=cells.text("member_code"),
        origin_code=cells.text("origin_code") or None,
        destination_code=cells.text("destination_code") or None,
        outside=cells.text("outside") or None,
        temporary=kind is TransferKind.TEMPORARY,
        requested_on=requested_on,
        until_on=until_on,
        decision_date=decision_date,
    )
    return _Asked(
        request, kind, released_on, received_on, cells.text("full_name"), official_on, lambda: _papers(cells)
    )


def _have_come(asked: _Asked, today: date) -> None:
    """Refuse steps of a day to come."""
    days = {
        "requested_on": asked.request.requested_on,
        "released_on": asked.released_on,
        "received_on": asked.received_on,
    }
    faults = [
        Fault("transfer-in-future", name, {"day": day}) for name, day in days.items() if day and day > today
    ]
    if faults:
        raise FaultsFound(faults)


def _papers(cells: Cells) -> Newcomer:
    birth_date, admitted_on = cells.date("birth_date"), cells.date("admitted_on")
    gender, youth_union = cells.word("gender", GENDERS), cells.word("youth_union", YES_NO)
    decided_on = cells.optional_date("admission_decided_on")
    if cells.faults or birth_date is None or admitted_on is None or gender is None or youth_union is None:
        raise FaultsFound(cells.faults)
    return Newcomer(
        identity=Identity(
            full_name=cells.text("full_name"),
            birth_date=birth_date,
            ethnicity=cells.text("ethnicity"),
            religion=religion_of(cells.text("religion")),
        ),
        gender=gender,
        youth_union=youth_union,
        admitted_on=admitted_on,
        admission_decided_on=decided_on,
    )


def _decide(
    asked: _Asked, register: Register, working_days: WorkingDayCalendar
) -> tuple[list[Any], list[Fault]]:
    """Return what the register does not have yet of a row, and what is unusual; it has it from then on."""
    code = asked.request.member_code
    known, others = register.known.get(code), register.transfers.get(code, [])
    _check_name(asked, known)
    one = _same(asked.request, others, register)
    decided: list[Any] = [] if one else [_requested(asked, known, others, register)]
    one = one or decided[0].state
    if asked.kind not in {None, one.transfer.kind}:
        raise FaultsFound([Fault("other-kind", "kind", {"value": TRANSFER_LABELS[one.transfer.kind]})])
    for released in _released(asked, one):
        decided.append(released)
        one = released.state
    warnings: list[Fault] = []
    for reception in _received(asked, one, register, working_days):
        decided += [reception.transfer, reception.member]
        one, warnings = reception.transfer.state, reception.warnings
        register.known[code] = _known_after(reception, known, register)
    register.transfers[code] = [*(other for other in others if other.id != one.id), one]
    return decided, warnings


def _released(asked: _Asked, one: OnTheWay) -> Iterator[DecidedTransfer]:
    """Yield the release, if a row has one and the register does not."""
    day, there = asked.released_on, one.transfer.released_on
    if day is not None and there is None:
        step = Step(day=day, decision_date=asked.request.decision_date)
        yield _told("released_on", lambda: decide_release(one, step))
    elif day not in {None, there}:
        raise FaultsFound([difference("released_on", there, day)])


def _received(
    asked: _Asked, one: OnTheWay, register: Register, working_days: WorkingDayCalendar
) -> Iterator[Reception]:
    """Yield the reception, if a row has one and the register does not."""
    day, received = asked.received_on, one.transfer.state is TransferState.RECEIVED
    if day is not None and not received:
        known, id_ = register.known.get(one.code), one.transfer.destination_id
        command = _reception(asked, day, known)
        yield _told(
            "received_on",
            lambda: decide_reception(
                one,
                command,
                known=known,
                destination=None if id_ is None else register.units[id_],
                working_days=working_days,
            ),
        )
    elif received and day not in {None, one.transfer.ended_on}:
        raise FaultsFound([difference("received_on", one.transfer.ended_on, day)])


def _known_after(reception: Reception, known: Known | None, register: Register) -> Known:
    member, event = reception.member.state, reception.member.event
    fact = stated(event) if isinstance(event, MemberEvent) else None
    history = known.history if known else History()
    history = replace(history, cells={**register.units, **history.cells})
    return Known(member, history.restated(member.version, None, fact))


def _requested(
    asked: _Asked, known: Known | None, others: list[OnTheWay], register: Register
) -> DecidedTransfer:
    request = asked.request
    person = None
    if known is not None:
        person = Person(known.member, cell_on(known.history, request.requested_on))
    return decide_request(
        request,
        person=person,
        destination=register.cells.get(request.destination_code or ""),
        above=register.units,
        open_=next((other for other in others if other.transfer.state.is_open), None),
        new_id=uuid4(),
        newcomer_id=uuid4(),
    )


def _reception(asked: _Asked, day: date, known: Known | None) -> ReceiveTransfer:
    """Return the command; what the papers of a member say that the register knows already is left out."""
    step = Step(day=day, decision_date=asked.request.decision_date)
    if known is None:
        return ReceiveTransfer(step=step, newcomer=asked.papers(), official_on=asked.official_on)
    same = asked.official_on == known.member.official_on
    return ReceiveTransfer(step=step, official_on=None if same else asked.official_on)


def _same(request: RequestTransfer, others: Iterable[OnTheWay], register: Register) -> OnTheWay | None:
    """Return the transfer of which a row speaks again: one that came to nothing only if there is no other."""
    destination = register.cells.get(request.destination_code or "")
    found = [
        one
        for one in others
        if one.transfer.requested_on == request.requested_on
        and one.transfer.destination_id == (destination and destination.id)
        and one.outside == request.outside
        and (one.transfer.kind is TransferKind.TEMPORARY) == request.temporary
    ]
    ended = {TransferState.CANCELLED, TransferState.EXPIRED}
    return max(found, key=lambda one: one.transfer.state not in ended, default=None)


def _check_name(asked: _Asked, known: Known | None) -> None:
    """Refuse a row whose name is not that of the member with its code: the likeliest slip in a sheet."""
    if known is None or not asked.full_name:
        return
    if clean(asked.full_name).casefold() != known.member.identity.full_name.casefold():
        raise FaultsFound([Fault("personal-differs-from-register", "full_name")])


_COLUMNS: Final = {"cell_code": "destination_code", "code": "member_code", "newcomer": "full_name"}
"""Where a row says what a command says elsewhere."""


def _told(column: str, decide: Callable[[], T]) -> T:
    """Return what is decided of a step whose day stands in `column`, where its faults are marked."""
    try:
        return decide()
    except FaultsFound as found:
        places = {**_COLUMNS, "day": column, "state": column}
        raise FaultsFound(
            [replace(fault, column=places.get(fault.column or "", fault.column)) for fault in found.faults]
        ) from None
