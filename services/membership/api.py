"""The HTTP side of membership: each command is read, decided by the domain, saved with its events, answered.

The whole way of a command is in one transaction, under its `Idempotency-Key` if it has one.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.idempotency import Answer, documented_key
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.membership import (
    cards,
    domain,
    histories,
    lists,
    member_cards,
    member_commands,
    movements,
    organisation_correction_commands,
    organisation_history,
    queries,
    search,
)
from services.membership.answers import (
    COMMAND,
    ChangedOrganisation,
    UnitCode,
    changed,
    created,
)
from services.membership.candidates import api as candidates
from services.membership.candidates.endings import left_behind_warnings
from services.membership.commands import carry_out
from services.membership.dimensions import api as dimensions
from services.membership.domain import Decided, Organisation
from services.membership.exports import api as exports
from services.membership.faults import Fault
from services.membership.future import future_warnings
from services.membership.imports import api as imports
from services.membership.numbers import api as numbers
from services.membership.organisations import (
    Change,
    Relatives,
    ReparentOrganisation,
    change_warnings,
    decide_renaming,
    decide_reparenting,
    dissolution_warnings,
)
from services.membership.paging import today
from services.membership.positions import api as positions
from services.membership.positions.endings import (
    end_for_move,
    end_for_unit,
    endings_warnings,
)
from services.membership.positions.tenures import Order
from services.membership.problems import unknown_organisation
from services.membership.ratings import api as ratings
from services.membership.reorganisations import api as reorganisations
from services.membership.requests import (
    Dissolution,
    Establishment,
    Renaming,
    Reparenting,
)
from services.membership.store import Changes, Store
from services.membership.transfers import api as transfers
from services.membership.transfers.endings import on_the_way_warnings


def router(resources: Resources) -> APIRouter:
    """Return the routes of the membership service."""
    routes = APIRouter(prefix="/v1")
    routes.include_router(_organisation_commands(resources))
    routes.include_router(_organisation_changes(resources))
    routes.include_router(reorganisations.router(resources))
    routes.include_router(organisation_correction_commands.router(resources))
    routes.include_router(member_commands.router(resources))
    routes.include_router(dimensions.router(resources))
    routes.include_router(candidates.router(resources))
    routes.include_router(numbers.router(resources))
    routes.include_router(imports.router(resources))
    routes.include_router(exports.router(resources.pool))
    routes.include_router(histories.router(resources.pool))
    routes.include_router(organisation_history.router(resources.pool))
    routes.include_router(lists.router(resources.pool))
    routes.include_router(movements.router(resources.pool))
    routes.include_router(ratings.router(resources))
    routes.include_router(positions.router(resources))
    routes.include_router(transfers.router(resources))
    routes.include_router(search.router(resources.pool))
    routes.include_router(cards.router(resources.pool))
    routes.include_router(member_cards.router(resources.pool))
    routes.include_router(queries.router(resources.pool))
    return routes


def _commands() -> APIRouter:
    return APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])


def _organisation_commands(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/organisations", status_code=201, **created(ChangedOrganisation))
    async def establish(request: Request, asked: Establishment) -> Response:
        """Found a unit of the tree."""

        async def handle(store: Store) -> Answer:
            command = asked.command()
            parent_code = command.parent_code
            parent = (await store.organisations([parent_code])).get(parent_code) if parent_code else None
            decided = domain.decide_establishment(command, parent=parent, new_id=uuid4())
            await store.save(Changes([decided]))
            return _organisation(201, decided, domain.organisation_warnings(decided.state, parent))

        return await carry_out(resources, request, handle)

    @routes.post("/organisations/{code:path}/dissolution", **changed(ChangedOrganisation))
    async def dissolve(request: Request, code: UnitCode, asked: Dissolution) -> Response:
        """End a unit."""

        async def handle(store: Store) -> Answer:
            known = queries.code_in_path(code)
            unit = (await store.organisations([known], for_change=True)).get(known)
            if unit is None:
                raise unknown_organisation(code)
            check_if_match(request, unit.version)
            decided = domain.decide_dissolution(unit, asked.command())
            await store.save(Changes([decided]))
            order = Order(decision_date=asked.decided_on, document=asked.ordered_by)
            ended = await end_for_unit(store, decided.state, order)
            members = await store.members_from(unit, decided.event.effective_date)
            children = await store.children_ever(unit)
            warnings = dissolution_warnings(decided.state, children, members)
            warnings += [*endings_warnings(ended), *await on_the_way_warnings(store, decided.state)]
            warnings += await left_behind_warnings(store, decided.state)
            return _organisation(200, decided, warnings)

        return await carry_out(resources, request, handle)

    return routes


def _organisation_changes(resources: Resources) -> APIRouter:
    routes = _commands()

    async def change(
        request: Request,
        code: str,
        command: Change,
        decide: Callable[[Store, Organisation, Relatives], Awaitable[Decided[Organisation]]],
    ) -> Response:
        async def handle(store: Store) -> Answer:
            wanted = command.parent_code if isinstance(command, ReparentOrganisation) else None
            found = await store.organisation_with_parents(queries.code_in_path(code), parent_code=wanted)
            if found is None:
                raise unknown_organisation(code)
            unit, parents = found
            check_if_match(request, unit.version)
            relatives = Relatives(parents=parents, children=await store.children_ever(unit))
            decided = await decide(store, unit, relatives)
            await store.save(Changes([decided]))
            order = Order(decision_date=command.decision_date, document=command.document)
            ended = await end_for_move(store, unit, order)
            return _organisation(200, decided, [*change_warnings(unit, command), *endings_warnings(ended)])

        return await carry_out(resources, request, handle)

    @routes.post("/organisations/{code:path}/rename", **changed(ChangedOrganisation))
    async def rename(request: Request, code: UnitCode, asked: Renaming) -> Response:
        """Give a unit another name from a day on; its code stays."""
        command = asked.command()

        async def decide(_store: Store, unit: Organisation, _: Relatives) -> Decided[Organisation]:
            return decide_renaming(unit, command)

        return await change(request, code, command, decide)

    @routes.post("/organisations/{code:path}/reparent", **changed(ChangedOrganisation))
    async def reparent(request: Request, code: UnitCode, asked: Reparenting) -> Response:
        """Hang a unit, with all below it, under another one from a day on."""
        command = asked.command()

        async def decide(_store: Store, unit: Organisation, relatives: Relatives) -> Decided[Organisation]:
            return decide_reparenting(unit, command, relatives)

        return await change(request, code, command, decide)

    return routes


def _organisation(status: int, decided: Decided[Organisation], warnings: Sequence[Fault]) -> Answer:
    unit = queries.organisation_json(decided.state, decided.event.effective_date)
    return _answer(status, unit, [*warnings, *future_warnings([decided.event], today())])


def _answer(status: int, body: dict[str, Any], warnings: Sequence[Fault]) -> Answer:
    return Answer(status, body | {"warnings": [warning.as_json() for warning in warnings]})
