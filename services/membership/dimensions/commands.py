"""The commands on the dimensions of a member, each told by a fact of its own whenever it became known."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.resources import Resources
from contracts.membership import Fact, FactKind
from services.membership.answers import ChangedMember, MemberCode, changed
from services.membership.corrections import Place, known_cell, record
from services.membership.dimensions.grounds import keep_grounds
from services.membership.dimensions.requests import (
    Profile,
    Readmission,
    Restoration,
    SpellBeginning,
    SpellEnd,
    TemporaryStay,
)
from services.membership.domain import Decided
from services.membership.faults import Fault
from services.membership.member_commands import cell_of, change_member, commands, lost_seats
from services.membership.members import Member, member_warnings
from services.membership.store import Changes, Store
from services.membership.ways_in import decide_readmission, decide_restoration, readmission_warnings

_Outcome = tuple[Decided[Member], Sequence[Fault]]


def router(resources: Resources) -> APIRouter:
    """Return the routes of these commands."""
    routes = APIRouter()
    routes.include_router(_spells(resources))
    routes.include_router(_stays(resources))
    routes.include_router(_others(resources))
    return routes


def _spells(resources: Resources) -> APIRouter:
    routes = commands()

    async def begin(request: Request, code: str, kind: FactKind, asked: SpellBeginning) -> Response:
        async def decide(store: Store, member: Member) -> _Outcome:
            outcome = await _recorded(store, member, asked.fact(kind))
            await keep_grounds(store.connection, outcome[0].state, asked.grounds)
            return outcome

        return await change_member(resources, request, code, decide)

    async def end(request: Request, code: str, kind: FactKind, asked: SpellEnd) -> Response:
        async def decide(store: Store, member: Member) -> _Outcome:
            return await _recorded(store, member, asked.fact(kind))

        return await change_member(resources, request, code, decide)

    @routes.post("/members/{code:path}/exemption", **changed(ChangedMember))
    async def exempt(request: Request, code: MemberCode, asked: SpellBeginning) -> Response:
        """Exempt a member from party work and meetings. They count as before and may receive badges."""
        return await begin(request, code, FactKind.EXEMPTED, asked)

    @routes.post("/members/{code:path}/exemption/end", **changed(ChangedMember))
    async def end_exemption(request: Request, code: MemberCode, asked: SpellEnd) -> Response:
        """End a member's exemption."""
        return await end(request, code, FactKind.EXEMPTION_ENDED, asked)

    @routes.post("/members/{code:path}/suspension", **changed(ChangedMember))
    async def suspend(request: Request, code: MemberCode, asked: SpellBeginning) -> Response:
        """Suspend a member from party activities. They count as before."""
        return await begin(request, code, FactKind.SUSPENDED, asked)

    @routes.post("/members/{code:path}/suspension/end", **changed(ChangedMember))
    async def lift_suspension(request: Request, code: MemberCode, asked: SpellEnd) -> Response:
        """Lift a member's suspension."""
        return await end(request, code, FactKind.SUSPENSION_LIFTED, asked)

    return routes


def _stays(resources: Resources) -> APIRouter:
    routes = commands()

    @routes.post("/members/{code:path}/temporary-stay", **changed(ChangedMember))
    async def stay(request: Request, code: MemberCode, asked: TemporaryStay) -> Response:
        """Record that a member takes part in another cell for a time; they count, and keep their seat, at home."""

        async def decide(store: Store, member: Member) -> _Outcome:
            host = known_cell(Place(asked.cell_code, await store.organisation(asked.cell_code)))
            decided = record(member, await store.history(member), asked.fact_at(host), cell=host)
            await store.save(Changes([decided]))
            return decided, []

        return await change_member(resources, request, code, decide)

    @routes.post("/members/{code:path}/temporary-stay/end", **changed(ChangedMember))
    async def end_stay(request: Request, code: MemberCode, asked: SpellEnd) -> Response:
        """Record that a member is back from a temporary stay."""

        async def decide(store: Store, member: Member) -> _Outcome:
            return await _recorded(store, member, asked.fact(FactKind.TEMPORARY_STAY_ENDED))

        return await change_member(resources, request, code, decide)

    return routes


def _others(resources: Resources) -> APIRouter:
    routes = commands()

    @routes.post("/members/{code:path}/profile", **changed(ChangedMember))
    async def profile(request: Request, code: MemberCode, asked: Profile) -> Response:
        """Record that a member left the youth union, or has another education, political theory or occupation."""

        async def decide(store: Store, member: Member) -> _Outcome:
            return await _recorded(store, member, asked.profiled())

        return await change_member(resources, request, code, decide)

    @routes.post("/members/{code:path}/restoration", **changed(ChangedMember))
    async def restore(request: Request, code: MemberCode, asked: Restoration) -> Response:
        """Give somebody who had left their membership back, with the standing and party age that they had."""

        async def decide(store: Store, member: Member) -> _Outcome:
            cell = None if asked.cell_code is None else await store.organisation(asked.cell_code)
            decided = decide_restoration(member, await store.history(member), asked.command(cell))
            return await _returned(store, decided, [])

        return await change_member(resources, request, code, decide)

    @routes.post("/members/{code:path}/readmission", **changed(ChangedMember))
    async def readmit(request: Request, code: MemberCode, asked: Readmission) -> Response:
        """Admit somebody again who had left, on probation. Within 36 months of leaving this is warned of."""

        async def decide(store: Store, member: Member) -> _Outcome:
            command = asked.command(await store.organisation(asked.cell_code))
            history = await store.history(member)
            decided = decide_readmission(member, history, command)
            return await _returned(store, decided, readmission_warnings(history, command))

        return await change_member(resources, request, code, decide)

    return routes


async def _recorded(store: Store, member: Member, fact: Fact) -> _Outcome:
    decided = record(member, await store.history(member), fact)
    await store.save(Changes([decided]))
    return decided, []


async def _returned(store: Store, decided: Decided[Member], warnings: Sequence[Fault]) -> _Outcome:
    await store.save(Changes([decided]))
    usual = member_warnings(decided.state, await cell_of(store, decided.state))
    # Told late, it may say that somebody was elsewhere when they were thought to hold a seat.
    return decided, [*warnings, *usual, *await lost_seats(store, decided)]
