"""The HTTP side of orders that interrupt meetings: one command puts off the meetings of all cells that it means."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.cursors import day_and_id, encode_cursor
from chassis.idempotency import Answer
from chassis.preconditions import check_if_match, resource
from chassis.resources import Resources
from contracts.interruptions import InterruptionTerms
from services.meetings.commands import carry_out, command_routes
from services.meetings.domain import Meeting, decide_postponement
from services.meetings.interruptions import answers
from services.meetings.interruptions.domain import (
    Interruption,
    InterruptionDecided,
    decide_order,
    decide_revision,
    decide_withdrawal,
)
from services.meetings.interruptions.requests import Ordering, Revising, Withdrawing
from services.meetings.interruptions.store import InterruptionStore, interruption
from services.meetings.problems import unknown_interruption
from services.meetings.queries import reading
from services.meetings.store import Store
from services.meetings.tree import Units

_Id = Annotated[UUID, Path(alias="id", description="An order's id")]

_PAGE = "SELECT * FROM interruptions WHERE (from_on, id) > ($1, $2) ORDER BY from_on, id LIMIT $3"


def router(resources: Resources) -> APIRouter:
    """Return the routes of orders that interrupt meetings."""
    routes = APIRouter()
    routes.include_router(_commands(resources))
    routes.include_router(_reads(resources))
    return routes


def _commands(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/interruptions", status_code=201, **answers.ordered())
    async def order(request: Request, asked: Ordering) -> Response:
        """Record an order: regular meetings planned on its days are put off, months without one are excused.

        It means the cells below its units on its first day and on the first of each month after. It may be recorded
        late: months that were told as missed are then made good.
        """

        async def handle(store: Store) -> Answer:
            units = await Units.read(store.connection)
            terms, orders = asked.terms(units), InterruptionStore(store)
            meetings = await orders.put_off_by(terms, units)
            decided = decide_order(
                terms, new_id=uuid4(), decision_date=asked.decision_date, postponed=len(meetings)
            )
            return await _save(201, store, decided, meetings, units)

        return await carry_out(resources, request, handle)

    @routes.post("/interruptions/{id}/revision", **answers.changed())
    async def revise(request: Request, id_: _Id, asked: Revising) -> Response:
        """Extend an order, end it sooner, or put right what was recorded of it.

        Meetings that it means now are put off. One that it put off and does not mean any more excuses nothing until
        it has a new time.
        """

        async def handle(store: Store) -> Answer:
            units = await Units.read(store.connection)
            orders = InterruptionStore(store)
            before = await _known(orders, id_)
            check_if_match(request, before.version)
            terms = asked.terms(before.terms, units)
            meetings = [] if before.withdrawn else await orders.put_off_by(terms, units)
            decided = decide_revision(
                before, terms, decision_date=asked.decision_date, postponed=len(meetings)
            )
            return await _save(200, store, decided, meetings, units)

        return await carry_out(resources, request, handle)

    @routes.post("/interruptions/{id}/withdrawal", **answers.changed())
    async def withdraw(request: Request, id_: _Id, asked: Withdrawing) -> Response:
        """Withdraw an order that was recorded in error; what it put off needs a new time."""

        async def handle(store: Store) -> Answer:
            units = await Units.read(store.connection)
            before = await _known(InterruptionStore(store), id_)
            check_if_match(request, before.version)
            decided = decide_withdrawal(before, decision_date=asked.decision_date)
            return await _save(200, store, decided, [], units)

        return await carry_out(resources, request, handle)

    return routes


def _reads(resources: Resources) -> APIRouter:
    routes = APIRouter(tags=["queries"])

    @routes.get("/interruptions", **answers.page())
    async def orders(
        cursor: Annotated[str | None, Query(description="`next` of the page before", max_length=2000)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        """Orders, by the days from which they hold, withdrawn ones too."""
        place = day_and_id(cursor)
        async with reading(resources.pool) as connection:
            units = await Units.read(connection)
            rows = await connection.fetch(_PAGE, *place, limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        return {
            "items": [_json(interruption(row), units) for row in rows[:limit]],
            "next": last and encode_cursor([last["from_on"].isoformat(), str(last["id"])]),
        }

    @routes.get("/interruptions/{id}", **answers.one())
    async def order(request: Request, id_: _Id) -> Response:
        """One order."""
        async with reading(resources.pool) as connection:
            row = await connection.fetchrow("SELECT * FROM interruptions WHERE id = $1", id_)
            if row is None:
                raise unknown_interruption()
            units = await Units.read(connection)
        return resource(request, _json(interruption(row), units))

    return routes


async def _known(orders: InterruptionStore, id_: UUID) -> Interruption:
    found = await orders.interruption(id_)
    if found is None:
        raise unknown_interruption()
    return found


async def _save(
    status: int,
    store: Store,
    decided: InterruptionDecided,
    meetings: Sequence[Meeting],
    units: Units,
) -> Answer:
    """Write an order, and put off these meetings by it, in one transaction."""
    await InterruptionStore(store).save(decided)
    postponement = decided.state.postponement(decided.event.decision_date)
    await store.save_all([decide_postponement(meeting, postponement) for meeting in meetings])
    return Answer(status, _json(decided.state, units) | {"postponed": len(meetings)})


def _json(order: Interruption, units: Units) -> dict[str, Any]:
    terms: InterruptionTerms = order.terms
    return {
        "id": str(order.id),
        "unit_codes": [units.codes[unit] for unit in terms.unit_ids],
        "from_on": terms.from_on.isoformat(),
        "until_on": terms.until_on and terms.until_on.isoformat(),
        "reason": terms.reason.value,
        "document": {"number": terms.document.number, "date": terms.document.date.isoformat()},
        "withdrawn": order.withdrawn,
        "version": order.version,
    }
