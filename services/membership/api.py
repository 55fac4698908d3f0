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
    members,
    movements,
    organisation_history,
    queries,
    search,
)
from services.membership.answers import (
    COMMAND,
    ChangedMember,
    ChangedOrganisation,
    MemberCode,
    UnitCode,
    changed,
    created,
)
from services.membership.commands import carry_out
from services.membership.corrections import decide_restatement, is_late, record
from services.membership.domain import Decided, Organisation
from services.membership.exports import api as exports
from services.membership.faults import Fault
from services.membership.imports import api as imports
from services.membership.members import Member
from services.membership.organisations import (
    Change,
    Relatives,
    ReparentOrganisation,
    change_warnings,
    decide_renaming,
    decide_reparenting,
    decide_upgrade,
    dissolution_warnings,
)
from services.membership.positions import api as positions
from services.membership.positions.endings import (
    end_for_members,
    end_for_move,
    end_for_unit,
    endings_warnings,
)
from services.membership.positions.tenures import Order
from services.membership.problems import unknown_member, unknown_organisation
from services.membership.ratings import api as ratings
from services.membership.requests import (
    Admission,
    Confirmation,
    Correction,
    Departure,
    Dissolution,
    Establishment,
    Renaming,
    Reparenting,
    Upgrade,
)
from services.membership.store import Changes, Store


def router(resources: Resources) -> APIRouter:
    """Return the routes of the membership service."""
    routes = APIRouter(prefix="/v1")
    routes.include_router(_organisation_commands(resources))
    routes.include_router(_organisation_changes(resources))
    routes.include_router(_member_commands(resources))
    routes.include_router(_corrections(resources))
    routes.include_router(imports.router(resources))
    routes.include_router(exports.router(resources.pool))
    routes.include_router(histories.router(resources.pool))
    routes.include_router(organisation_history.router(resources.pool))
    routes.include_router(lists.router(resources.pool))
    routes.include_router(movements.router(resources.pool))
    routes.include_router(ratings.router(resources))
    routes.include_router(positions.router(resources))
    routes.include_router(search.router(resources.pool))
    routes.include_router(cards.router(resources.pool))
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
            return _organisation(200, decided, [*warnings, *endings_warnings(ended)])

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

    @routes.post("/organisations/{code:path}/upgrade", **changed(ChangedOrganisation))
    async def upgrade(request: Request, code: UnitCode, asked: Upgrade) -> Response:
        """Make a grassroots cell a grassroots committee from a day on. Its members must be in other cells by then."""
        command = asked.command()

        async def decide(store: Store, unit: Organisation, relatives: Relatives) -> Decided[Organisation]:
            members = await store.members_from(unit, command.effective_date)
            return decide_upgrade(unit, command, relatives, members=members)

        return await change(request, code, command, decide)

    return routes


def _member_commands(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/members", status_code=201, **created(ChangedMember))
    async def admit(request: Request, asked: Admission) -> Response:
        """Enter somebody into the register of a cell, on probation."""

        async def handle(store: Store) -> Answer:
            command = asked.command()
            cell = (await store.organisations([command.cell_code])).get(command.cell_code)
            decided = members.decide_admission(command, cell=cell, new_id=uuid4())
            await store.save(Changes([decided]))
            return _member(201, decided, members.member_warnings(decided.state, cell) if cell else [])

        return await carry_out(resources, request, handle)

    @routes.post("/members/{code:path}/confirmation", **changed(ChangedMember))
    async def confirm(request: Request, code: MemberCode, asked: Confirmation) -> Response:
        """Make a member on probation an official one."""

        async def handle(store: Store) -> Answer:
            member, cell = await _known_member(store, code)
            check_if_match(request, member.version)
            decided = await _confirmed(store, member, asked.command())
            await store.save(Changes([decided]))
            return _member(200, decided, members.member_warnings(decided.state, cell))

        return await carry_out(resources, request, handle)

    @routes.post("/members/{code:path}/departure", **changed(ChangedMember))
    async def depart(request: Request, code: MemberCode, asked: Departure) -> Response:
        """Take a member off the register."""

        async def handle(store: Store) -> Answer:
            member, _ = await _known_member(store, code)
            check_if_match(request, member.version)
            decided = await _departed(store, member, asked.command())
            await store.save(Changes([decided]))
            return _member(200, decided, await _lost_seats(store, decided))

        return await carry_out(resources, request, handle)

    return routes


def _corrections(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/members/{code:path}/corrections", **changed(ChangedMember))
    async def correct(request: Request, code: MemberCode, asked: Correction) -> Response:
        """Put a fact of a member's history right, or withdraw it; what was said before stays in the history."""

        async def handle(store: Store) -> Answer:
            member, cell = await _known_member(store, code)
            check_if_match(request, member.version)
            stated = None if asked.cell_code is None else await store.organisation(asked.cell_code)
            decided = decide_restatement(member, await store.history(member), asked.command(member, stated))
            await store.save(Changes([decided]))
            warnings = members.member_warnings(decided.state, stated or cell)
            return _member(200, decided, [*warnings, *await _lost_seats(store, decided)])

        return await carry_out(resources, request, handle)

    return routes


async def _confirmed(store: Store, member: Member, command: members.ConfirmMember) -> Decided[Member]:
    if not is_late(member, command.official_on):
        return members.decide_confirmation(member, command)
    return record(member, await store.history(member), command.fact)


async def _departed(store: Store, member: Member, command: members.RecordDeparture) -> Decided[Member]:
    # By the history whenever it was: what holds beside ends with it.
    return record(member, await store.history(member), command.fact)


async def _lost_seats(store: Store, decided: Decided[Member]) -> list[Fault]:
    """End the positions that a member can hold no longer; return the warning of it."""
    order = Order(decision_date=decided.event.decision_date)
    member = decided.state
    return endings_warnings(await end_for_members(store, {member.id: member.left_reason}, order))


async def _known_member(store: Store, code: str) -> tuple[Member, Organisation]:
    code = queries.code_in_path(code)
    member = (await store.members([code], for_change=True)).get(code)
    if member is None:
        raise unknown_member(code)
    return member, (await store.organisations([member.cell_code]))[member.cell_code]


def _organisation(status: int, decided: Decided[Organisation], warnings: Sequence[Fault]) -> Answer:
    unit = queries.organisation_json(decided.state, decided.event.effective_date)
    return _answer(status, unit, warnings)


def _member(status: int, decided: Decided[Member], warnings: Sequence[Fault]) -> Answer:
    return _answer(status, queries.member_json(decided.state), warnings)


def _answer(status: int, body: dict[str, Any], warnings: Sequence[Fault]) -> Answer:
    return Answer(status, body | {"warnings": [warning.as_json() for warning in warnings]})
