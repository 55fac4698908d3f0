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
from services.membership.transfers.domain import (
    DecidedTransfer,
    OnTheWay,
    Person,
    decide_cancellation,
    decide_expiry,
    decide_release,
    decide_request,
)
from services.membership.transfers.endings import expire_overdue
from services.membership.transfers.queries import transfer_json
from services.membership.transfers.receptions import Known, cell_on, decide_reception
from services.membership.transfers.requests import (
    Asking,
    Cancellation,
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
            _has_come(asked.as_of, "as_of")
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
        return await step(request, transfer_id, lambda one: decide_release(one, asked.command()))

    @routes.post("/transfers/{transfer_id}/cancellation", **CHANGED)
    async def cancel(request: Request, transfer_id: TransferId, asked: Cancellation) -> Response:
        """End an open transfer that comes to nothing; the member stays where they are."""
        return await step(request, transfer_id, lambda one: decide_cancellation(one, asked.command()))

    @routes.post("/transfers/{transfer_id}/expiry", **CHANGED)
    async def expire(request: Request, transfer_id: TransferId, asked: Expiry) -> Response:
        """End a transfer whose deadline is past; the member stays where they are."""

        def decide(one: OnTheWay) -> DecidedTransfer:
            _has_come(asked.expired_on, "expired_on")
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


def _has_come(day: date, column: str) -> None:
    """Refuse to end what may still be in time: a slip in the year would end every transfer at once."""
    if day > today():
        raise DomainError([Fault("expiry-in-future", column, {"day": day})])


async def _answer(status: int, store: Store, one: OnTheWay, warnings: Sequence[Fault]) -> Answer:
    ids = {id_ for id_ in (one.transfer.origin_id, one.transfer.destination_id) if id_}
    codes = await unit_codes(store.connection, ids)
    return Answer(
        status, transfer_json(one, codes) | {"warnings": [warning.as_json() for warning in warnings]}
    )
