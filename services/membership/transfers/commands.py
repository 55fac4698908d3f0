"""The commands on transfers over HTTP: read with locks, decided, saved with their events, answered."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from chassis.idempotency import Answer, documented_key, fingerprint
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.membership.answers import COMMAND, created
from services.membership.commands import carry_out, run_once
from services.membership.data import vietnamese_working_days
from services.membership.domain import DomainError
from services.membership.faults import Fault
from services.membership.members import Member
from services.membership.paging import today
from services.membership.positions.endings import end_for_members, endings_warnings
from services.membership.positions.tenures import Order
from services.membership.queries import unit_codes
from services.membership.store import Changes, Store
from services.membership.transfers.answers import (
    CHANGED,
    ChangedTransfer,
    ExpiredTransfers,
    TransferId,
    unknown_transfer,
)
from services.membership.transfers.corrections import Around, decide_restatement_of, told_steps
from services.membership.transfers.domain import (
    DecidedTransfer,
    OnTheWay,
    Person,
    decide_cancellation,
    decide_expiry,
    decide_release,
    decide_request,
)
from services.membership.transfers.endings import cancel_for_leavers, expire_overdue
from services.membership.transfers.queries import transfer_json
from services.membership.transfers.receptions import Known, cell_on, decide_reception
from services.membership.transfers.requests import (
    Asking,
    Cancellation,
    Correction,
    Expiry,
    ExpiryOfAll,
    Receiving,
    Release,
)
from services.membership.transfers.store import TransferStore

_EXPIRED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": ExpiredTransfers, "description": "Done; its events are recorded for good"}
}


def router(resources: Resources) -> APIRouter:
    """Return the routes that change transfers."""
    routes = APIRouter()
    routes.include_router(_requests(resources))
    routes.include_router(_expiry(resources))
    routes.include_router(_steps(resources))
    routes.include_router(_receptions(resources))
    routes.include_router(_corrections(resources))
    return routes


def _commands() -> APIRouter:
    return APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])


def _requests(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/transfers", status_code=201, **created(ChangedTransfer))
    async def ask(request: Request, asked: Asking) -> Response:
        """Ask for a transfer: to another cell, out of the register, or from outside into it.

        The member goes on counting where they are. Nobody has two open transfers.
        """

        async def handle(store: Store) -> Answer:
            command, kept = asked.command(), TransferStore(store)
            _has_come(command.requested_on, "requested_on")
            member = (await store.members([command.member_code], for_change=True)).get(command.member_code)
            day, code = command.requested_on, command.destination_code
            unit = None if code is None else await store.organisation(code)
            there = None if member is None else cell_on(await store.history(member), day)
            above = await kept.with_all_above({one.id for one in (unit, there) if one})
            person = None if member is None else Person(member, there)
            open_ = (await kept.open_of([command.member_code])).get(command.member_code)
            decided = decide_request(
                command,
                person=person,
                destination=unit,
                above=above,
                open_=open_,
                new_id=uuid4(),
                newcomer_id=uuid4(),
            )
            await kept.save([decided])
            return await _answer(201, store, decided.state, [])

        return await carry_out(resources, request, handle)

    return routes


def _expiry(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/transfers/expiry", responses=_EXPIRED)
    async def expire_all(request: Request, asked: ExpiryOfAll) -> Response:
        """End every transfer whose deadline is past on a day, in one command; once done there is none left."""

        async def handle(store: Store) -> Answer:
            _has_come(asked.as_of, "as_of", "expiry-in-future")
            decided = await expire_overdue(TransferStore(store), asked.as_of, asked.decision_date)
            ids = [str(one.state.id) for one in decided]
            return Answer(200, {"as_of": asked.as_of.isoformat(), "expired": ids, "count": len(ids)})

        told = fingerprint(request.method, request.url.path, request.url.query, await request.body())
        answer = await run_once(resources, request, told, handle)
        return JSONResponse(answer.body, answer.status)

    return routes


def _steps(resources: Resources) -> APIRouter:
    routes = _commands()

    async def step(request: Request, id_: UUID, decide: Callable[[OnTheWay], DecidedTransfer]) -> Response:
        async def handle(store: Store) -> Answer:
            kept = TransferStore(store)
            one = await kept.one(id_)
            if one is None:
                raise unknown_transfer(id_)
            check_if_match(request, one.version)
            decided = decide(one)
            await kept.save([decided])
            return await _answer(200, store, decided.state, [])

        return await carry_out(resources, request, handle)

    @routes.post("/transfers/{transfer_id}/release", **CHANGED)
    async def release(request: Request, transfer_id: TransferId, asked: Release) -> Response:
        """Record that the origin let a member go: the deadline runs from it, and they count there until received."""

        def decide(one: OnTheWay) -> DecidedTransfer:
            _has_come(asked.released_on, "released_on")
            return decide_release(one, asked.command())

        return await step(request, transfer_id, decide)

    @routes.post("/transfers/{transfer_id}/cancellation", **CHANGED)
    async def cancel(request: Request, transfer_id: TransferId, asked: Cancellation) -> Response:
        """End an open transfer that comes to nothing; the member stays where they are."""

        def decide(one: OnTheWay) -> DecidedTransfer:
            _has_come(asked.cancelled_on, "cancelled_on")
            return decide_cancellation(one, asked.command())

        return await step(request, transfer_id, decide)

    @routes.post("/transfers/{transfer_id}/expiry", **CHANGED)
    async def expire(request: Request, transfer_id: TransferId, asked: Expiry) -> Response:
        """End a transfer whose deadline is past; the member stays where they are."""

        def decide(one: OnTheWay) -> DecidedTransfer:
            _has_come(asked.expired_on, "expired_on", "expiry-in-future")
            return decide_expiry(one, asked.command(), vietnamese_working_days())

        return await step(request, transfer_id, decide)

    return routes


def _receptions(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/transfers/{transfer_id}/reception", **CHANGED)
    async def receive(request: Request, transfer_id: TransferId, asked: Receiving) -> Response:
        """Record that the destination received a member, and with it that they moved, left, came or stay there.

        A released transfer can be received after its deadline too, as long as it is not expired.
        """

        async def handle(store: Store) -> Answer:
            kept = TransferStore(store)
            ends = await kept.ends(transfer_id)
            if ends is None:
                raise unknown_transfer(transfer_id)
            member_code, destination_code = ends
            member = (await store.members([member_code], for_change=True)).get(member_code)
            destination = None if destination_code is None else await store.organisation(destination_code)
            one = await kept.one(transfer_id)
            if one is None:
                raise unknown_transfer(transfer_id)
            check_if_match(request, one.version)
            _has_come(asked.received_on, "received_on")
            reception = decide_reception(
                one,
                asked.command(),
                known=None if member is None else Known(member, await store.history(member)),
                destination=destination,
                working_days=vietnamese_working_days(),
            )
            await kept.save([reception.transfer])
            await store.save(Changes([reception.member]))
            after = reception.member.state
            order = Order(decision_date=asked.decision_date)
            ended = await end_for_members(store, {after.id: after.left_reason}, order)
            warnings = [*reception.warnings, *endings_warnings(ended)]
            return await _answer(200, store, reception.transfer.state, warnings)

        return await carry_out(resources, request, handle)

    return routes


def _corrections(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/transfers/{transfer_id}/corrections", **CHANGED)
    async def correct(request: Request, transfer_id: TransferId, asked: Correction) -> Response:
        """Put a step of a transfer right, or withdraw the last one; what was said before stays in the history.

        What a reception made of its member is put right or withdrawn with it.
        """

        async def handle(store: Store) -> Answer:
            kept = TransferStore(store)
            ends = await kept.ends(transfer_id)
            if ends is None:
                raise unknown_transfer(transfer_id)
            member_code, _ = ends
            member = (await store.members([member_code], for_change=True)).get(member_code)
            one = await kept.one(transfer_id)
            if one is None:
                raise unknown_transfer(transfer_id)
            check_if_match(request, one.version)
            _has_come(asked.effective_date, "effective_date")
            around = await _around(store, kept, one, member)
            steps = told_steps(await kept.events(transfer_id))
            decided = decide_restatement_of(one, steps, asked.command(), around)
            await kept.save([decided.transfer])
            await kept.keep_former_place(one, decided.transfer.state)
            warnings: list[Fault] = []
            if decided.member is not None:
                await store.save(Changes([decided.member]))
                after = decided.member.state
                order = Order(decision_date=asked.decision_date)
                warnings = endings_warnings(
                    await end_for_members(store, {after.id: after.left_reason}, order)
                )
                # Who is taken off the register from another day on is on no other way out of their cell.
                warnings += await cancel_for_leavers(store, [after], asked.decision_date)
            return await _answer(200, store, decided.transfer.state, warnings)

        return await carry_out(resources, request, handle)

    return routes


async def _around(store: Store, kept: TransferStore, one: OnTheWay, member: Member | None) -> Around:
    """Return what a correction of a transfer is judged against; its member is held."""
    transfer = one.transfer
    above = await kept.with_all_above({id_ for id_ in (transfer.origin_id, transfer.destination_id) if id_})
    # Somebody who is still to come may by now have a code that is another's.
    mine = member is not None and member.id == transfer.member_id
    return Around(
        known=Known(member, await store.history(member)) if member and mine else None,
        origin=above[transfer.origin_id] if transfer.origin_id else None,
        destination=above[transfer.destination_id] if transfer.destination_id else None,
        above=above,
        open_=(await kept.open_of([one.member_code])).get(one.member_code),
        working_days=vietnamese_working_days(),
    )


def _has_come(day: date | None, column: str, fault: str = "transfer-in-future") -> None:
    """Refuse what is told of a day to come; of an expiry, a slip in the year would end every transfer at once."""
    if day is not None and day > today():
        raise DomainError([Fault(fault, column, {"day": day})])


async def _answer(status: int, store: Store, one: OnTheWay, warnings: Sequence[Fault]) -> Answer:
    ids = {id_ for id_ in (one.transfer.origin_id, one.transfer.destination_id) if id_}
    codes = await unit_codes(store.connection, ids)
    return Answer(
        status, transfer_json(one, codes) | {"warnings": [warning.as_json() for warning in warnings]}
    )
