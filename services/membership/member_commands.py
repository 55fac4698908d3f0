"""The commands on one member: admitted, confirmed, left, put right; and what every command on a member shares."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.idempotency import Answer, documented_key
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.membership import members, queries
from services.membership.answers import COMMAND, ChangedMember, MemberCode, changed, created
from services.membership.commands import carry_out
from services.membership.corrections import decide_restatement, is_late, record
from services.membership.data import vietnamese_working_days
from services.membership.dimensions.grounds import carry_grounds
from services.membership.domain import Decided, Organisation
from services.membership.faults import Fault
from services.membership.future import future_warnings
from services.membership.members import Member
from services.membership.paging import today
from services.membership.positions.endings import end_for_members, endings_warnings
from services.membership.positions.tenures import Order
from services.membership.problems import unknown_member
from services.membership.requests import Admission, Confirmation, Correction, Departure
from services.membership.store import Changes, Store
from services.membership.transfers.corrections import refuse_facts_of
from services.membership.transfers.endings import cancel_for_leavers
from services.membership.transfers.store import TransferStore

Decide = Callable[[Store, Member], Awaitable[tuple[Decided[Member], Sequence[Fault]]]]
"""Decides and saves what becomes of a member who is held; returns it with what is unusual about it."""


def commands() -> APIRouter:
    """Return a router of commands, with what the answers of each are."""
    return APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])


def router(resources: Resources) -> APIRouter:
    """Return the routes of the commands on a member's ordinary course, and of corrections."""
    routes = commands()

    @routes.post("/members", status_code=201, **created(ChangedMember))
    async def admit(request: Request, asked: Admission) -> Response:
        """Enter somebody into the register of a cell, on probation."""

        async def handle(store: Store) -> Answer:
            command = asked.command()
            cell = (await store.organisations([command.cell_code])).get(command.cell_code)
            decided = members.decide_admission(command, cell=cell, new_id=uuid4())
            await store.save(Changes([decided]))
            calendar = vietnamese_working_days()
            unusual = members.ceremony_warnings(command.admitted_on, command.decision_date, calendar)
            usual = members.member_warnings(decided.state, cell) if cell else []
            return _answer(201, decided, [*usual, *unusual])

        return await carry_out(resources, request, handle)

    @routes.post("/members/{code:path}/confirmation", **changed(ChangedMember))
    async def confirm(request: Request, code: MemberCode, asked: Confirmation) -> Response:
        """Make a member on probation an official one."""

        async def decide(store: Store, member: Member) -> tuple[Decided[Member], Sequence[Fault]]:
            decided = await _confirmed(store, member, asked.command())
            await store.save(Changes([decided]))
            return decided, members.member_warnings(decided.state, await cell_of(store, member))

        return await change_member(resources, request, code, decide)

    @routes.post("/members/{code:path}/departure", **changed(ChangedMember))
    async def depart(request: Request, code: MemberCode, asked: Departure) -> Response:
        """Take a member off the register."""

        async def decide(store: Store, member: Member) -> tuple[Decided[Member], Sequence[Fault]]:
            # By the history whenever it was: what holds beside ends with it.
            decided = record(member, await store.history(member), asked.command().fact)
            await store.save(Changes([decided]))
            return decided, await lost_seats(store, decided)

        return await change_member(resources, request, code, decide)

    @routes.post("/members/{code:path}/corrections", **changed(ChangedMember))
    async def correct(request: Request, code: MemberCode, asked: Correction) -> Response:
        """Put a fact of a member's history right, or withdraw it; what was said before stays in the history."""

        async def decide(store: Store, member: Member) -> tuple[Decided[Member], Sequence[Fault]]:
            stated = None if asked.cell_code is None else await store.organisation(asked.cell_code)
            known, command = await store.history(member), asked.command(member, stated)
            refuse_facts_of(await TransferStore(store).of_each([member.code]), known, command)
            decided = decide_restatement(member, known, command)
            await store.save(Changes([decided]))
            await carry_grounds(store.connection, decided.state, corrects=asked.fact, grounds=asked.grounds)
            warnings = members.member_warnings(decided.state, await cell_of(store, decided.state))
            return decided, [*warnings, *await lost_seats(store, decided)]

        return await change_member(resources, request, code, decide)

    return routes


async def change_member(resources: Resources, request: Request, code: str, decide: Decide) -> Response:
    """Answer with what a command makes of the member with a code, who is held and checked against `If-Match`.

    Raises Problem `unknown-member` (404), `precondition-failed` (412) and what `decide` raises.
    """

    async def handle(store: Store) -> Answer:
        known = queries.code_in_path(code)
        member = (await store.members([known], for_change=True)).get(known)
        if member is None:
            raise unknown_member(code)
        check_if_match(request, member.version)
        decided, warnings = await decide(store, member)
        # Who left the register by whatever command is on no way to another cell.
        ended = await cancel_for_leavers(store, [decided.state], decided.event.decision_date)
        return _answer(200, decided, [*warnings, *ended])

    return await carry_out(resources, request, handle)


async def cell_of(store: Store, member: Member) -> Organisation:
    """Return the cell that a member counts in, or counted in last."""
    return (await store.organisations([member.cell_code]))[member.cell_code]


async def lost_seats(store: Store, decided: Decided[Member]) -> list[Fault]:
    """End the positions that a member can hold no longer; return the warning of it."""
    order = Order(decision_date=decided.event.decision_date)
    member = decided.state
    return endings_warnings(await end_for_members(store, {member.id: member.left_reason}, order))


async def _confirmed(store: Store, member: Member, command: members.ConfirmMember) -> Decided[Member]:
    if not is_late(member, command.official_on):
        return members.decide_confirmation(member, command)
    return record(member, await store.history(member), command.fact)


def _answer(status: int, decided: Decided[Member], warnings: Sequence[Fault]) -> Answer:
    body = queries.member_json(decided.state)
    unusual = [*warnings, *future_warnings([decided.event], today())]
    return Answer(status, body | {"warnings": [warning.as_json() for warning in unusual]})
