"""The commands on terms and positions over HTTP: read with locks, decided, saved with their events, answered."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.idempotency import Answer, documented_key
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from contracts.positions import HeldPosition, PositionEndReason, Term
from services.membership.answers import COMMAND, created
from services.membership.commands import carry_out
from services.membership.domain import DomainError, Organisation
from services.membership.faults import Fault, shown
from services.membership.positions.answers import (
    UNKNOWN_POSITION,
    UNKNOWN_TERM,
    ChangedPosition,
    ChangedTerm,
    OpenedTerm,
    PositionId,
    TermId,
    changed,
    unknown_position,
    unknown_term,
)
from services.membership.positions.domain import (
    DecidedPosition,
    Holder,
    TakePosition,
    decide_correction,
    decide_end,
    decide_taking,
    holding_warnings,
)
from services.membership.positions.requests import (
    Opening,
    PositionCorrection,
    PositionEnd,
    Taking,
    TermCorrection,
    TermEnd,
)
from services.membership.positions.store import PositionStore
from services.membership.positions.tenures import EndTenure, Tenure
from services.membership.positions.terms import (
    DecidedTerm,
    decide_opening,
    decide_term_correction,
    decide_term_end,
)
from services.membership.store import Store


def router(resources: Resources) -> APIRouter:
    """Return the routes that change terms and positions."""
    routes = APIRouter()
    routes.include_router(_position_commands(resources))
    routes.include_router(_term_commands(resources))
    return routes


def _commands() -> APIRouter:
    return APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])


def _position_commands(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/positions", status_code=201, **created(ChangedPosition))
    async def take(request: Request, asked: Taking) -> Response:
        """Record that a member holds a position in a unit from a day on; with its end where it is over."""

        async def handle(store: Store) -> Answer:
            kept = _kept(store)
            unit, members = await _held(store, asked.organisation_code, [asked.member_code])
            holders = await kept.holders(members, [unit.id])
            others = await kept.positions(units=[unit.id])
            [holder] = holders.values()
            decided = decide_taking(asked.command(), unit=unit, holder=holder, others=others, new_id=uuid4())
            await kept.save_positions(decided)
            body = position_json(decided[-1], unit.code, holder.code)
            return _answer(201, body, await _warnings(kept, decided[-1], unit, others))

        return await carry_out(resources, request, handle)

    @routes.post("/positions/{position_id}/end", **changed(ChangedPosition, UNKNOWN_POSITION))
    async def end(request: Request, position_id: PositionId, asked: PositionEnd) -> Response:
        """Record that a position is held no longer."""

        async def handle(store: Store) -> Answer:
            kept = _kept(store)
            place = await kept.place_of_position(position_id)
            found = await kept.positions(ids=[position_id])
            if place is None or not found:
                raise unknown_position(position_id)
            check_if_match(request, found[0].version)
            decided = decide_end(found[0], asked.command())
            await kept.save_positions([decided])
            _, member_code, unit_code = place
            return _answer(200, position_json(decided, unit_code, member_code), [])

        return await carry_out(resources, request, handle)

    @routes.post("/positions/{position_id}/corrections", **changed(ChangedPosition, UNKNOWN_POSITION))
    async def correct(request: Request, position_id: PositionId, asked: PositionCorrection) -> Response:
        """Put a fact of a position right, or withdraw it; what was said before stays in the history."""

        async def handle(store: Store) -> Answer:
            kept = _kept(store)
            place = await kept.place_of_position(position_id)
            if place is None:
                raise unknown_position(position_id)
            _, member_code, unit_code = place
            unit, members = await _held(store, unit_code, [member_code])
            [holder] = (await kept.holders(members, [unit.id])).values()
            tenure, others = _split(await kept.positions(units=[unit.id]), position_id)
            check_if_match(request, tenure.version)
            decided = decide_correction(
                tenure,
                await kept.facts(position_id),
                asked.command(),
                unit=unit,
                holder=holder,
                others=others,
            )
            await kept.save_positions([decided])
            body = position_json(decided, unit.code, member_code)
            return _answer(200, body, await _warnings(kept, decided, unit, others))

        return await carry_out(resources, request, handle)

    return routes


def _term_commands(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post("/terms", status_code=201, **created(OpenedTerm))
    async def open_term(request: Request, asked: Opening) -> Response:
        """Open a term of a unit's leadership, as a congress does.

        The term that runs ends with it, and the positions held until then; those elected hold theirs from then on.
        """

        async def handle(store: Store) -> Answer:
            kept = _kept(store)
            elections = asked.elections()
            unit, members = await _held(store, asked.organisation_code, [code for code, _ in elections])
            opened = decide_opening(
                asked.command(), unit=unit, others=await kept.terms(units=[unit.id]), new_id=uuid4()
            )
            held = await kept.positions(units=[unit.id])
            ended = _ended_with_term(asked, held) if asked.end_positions else []
            after = {one.id: one for one in held} | {one.tenure.id: one.tenure for one in ended}
            holders = {one.code: one for one in (await kept.holders(members, [unit.id])).values()}
            taken = _elected(elections, unit, holders, after)
            await kept.save_terms(opened)
            await kept.save_positions([*ended, *taken])
            warnings = [
                warning for one in taken for warning in await _warnings(kept, one, unit, [*after.values()])
            ]
            term = next(one for one in reversed(opened) if one.event.before is None)
            last = opened[-1] if opened[-1].tenure.id == term.tenure.id else term
            body = term_json(last, unit.code) | {
                "ended": [str(one.tenure.id) for one in ended],
                "taken": [str(one.tenure.id) for one in taken],
            }
            return _answer(201, body, warnings)

        return await carry_out(resources, request, handle)

    @routes.post("/terms/{term_id}/end", **changed(ChangedTerm, UNKNOWN_TERM))
    async def end(request: Request, term_id: TermId, asked: TermEnd) -> Response:
        """Record that a term is over, where no other follows at once."""

        async def handle(store: Store) -> Answer:
            kept = _kept(store)
            unit, tenure, _ = await _known_term(store, term_id)
            check_if_match(request, tenure.version)
            decided = decide_term_end(tenure, asked.command())
            await kept.save_terms([decided])
            return _answer(200, term_json(decided, unit.code), [])

        return await carry_out(resources, request, handle)

    @routes.post("/terms/{term_id}/corrections", **changed(ChangedTerm, UNKNOWN_TERM))
    async def correct(request: Request, term_id: TermId, asked: TermCorrection) -> Response:
        """Put a fact of a term right, or withdraw it; what was said before stays in the history."""

        async def handle(store: Store) -> Answer:
            kept = _kept(store)
            unit, tenure, others = await _known_term(store, term_id)
            check_if_match(request, tenure.version)
            decided = decide_term_correction(
                tenure, await kept.facts(term_id), asked.command(), unit=unit, others=others
            )
            await kept.save_terms([decided])
            return _answer(200, term_json(decided, unit.code), [])

        return await carry_out(resources, request, handle)

    return routes


def _kept(store: Store) -> PositionStore:
    return PositionStore(store.connection, store.event_log)


async def _held(
    store: Store, unit_code: str, member_codes: Collection[str]
) -> tuple[Organisation, dict[UUID, str]]:
    """Return a unit, and members as code by id, all held for a change: members first, as everywhere.

    Raises DomainError `unknown-unit` and `unknown-holder`.
    """
    members = await store.members(member_codes, for_change=True)
    unit = (await store.organisations([unit_code], for_change=True)).get(unit_code)
    faults = [
        Fault("unknown-holder", "member_code", {"value": shown("member_code", code)})
        for code in member_codes
        if code not in members
    ]
    if unit is None:
        faults.append(
            Fault("unknown-unit", "organisation_code", {"value": shown("organisation_code", unit_code)})
        )
    if faults or unit is None:
        raise DomainError(faults)
    return unit, {member.id: member.code for member in members.values()}


async def _known_term(store: Store, term_id: UUID) -> tuple[Organisation, Tenure[Term], list[Tenure[Term]]]:
    """Return the unit of a term, held for a change, the term and the unit's others."""
    kept = _kept(store)
    code = await kept.unit_of_term(term_id)
    if code is None:
        raise unknown_term(term_id)
    unit, _ = await _held(store, code, [])
    terms = await kept.terms(units=[unit.id])
    [tenure] = (one for one in terms if one.id == term_id)
    return unit, tenure, [one for one in terms if one.id != term_id]


def _split(
    positions: Sequence[Tenure[HeldPosition]], id_: UUID
) -> tuple[Tenure[HeldPosition], list[Tenure[HeldPosition]]]:
    [tenure] = (one for one in positions if one.id == id_)
    return tenure, [one for one in positions if one.id != id_]


def _ended_with_term(asked: Opening, held: Collection[Tenure[HeldPosition]]) -> list[DecidedPosition]:
    end = EndTenure(until_on=asked.from_on, reason=PositionEndReason.TERM_ENDED, **asked.order)
    return [
        decide_end(one, end)
        for one in held
        if one.state and one.state.until_on is None and one.state.from_on < asked.from_on
    ]


def _elected(
    elections: Sequence[tuple[str, TakePosition]],
    unit: Organisation,
    holders: dict[str, Holder],
    held: dict[UUID, Tenure[HeldPosition]],
) -> list[DecidedPosition]:
    """Return the positions of those elected, one after the other, added to those `held` in the unit."""
    taken = []
    for code, command in elections:
        [decided] = decide_taking(
            command, unit=unit, holder=holders[code], others=[*held.values()], new_id=uuid4()
        )
        held[decided.tenure.id] = decided.tenure
        taken.append(decided)
    return taken


async def _warnings(
    kept: PositionStore,
    decided: DecidedPosition,
    unit: Organisation,
    held: Collection[Tenure[HeldPosition]],
) -> list[Fault]:
    state = decided.tenure.state
    if state is None:
        return []
    others = [one for one in held if one.id != decided.tenure.id]
    return holding_warnings(state, unit, others, await kept.official_members(state))


def position_json(decided: DecidedPosition, unit_code: str, member_code: str) -> dict[str, Any]:
    """Return a position as answers carry it; one that was withdrawn as it was last stated."""
    held = decided.event.after or decided.event.before
    return {
        "id": str(decided.tenure.id),
        "organisation_code": unit_code,
        "member_code": member_code,
        **(held.model_dump(mode="json", exclude={"organisation_id", "member_id"}) if held else {}),
        "withdrawn": decided.tenure.state is None,
        "version": decided.tenure.version,
    }


def term_json(decided: DecidedTerm, unit_code: str) -> dict[str, Any]:
    """Return a term as answers carry it; one that was withdrawn as it was last stated."""
    term = decided.event.after or decided.event.before
    return {
        "id": str(decided.tenure.id),
        "organisation_code": unit_code,
        **(term.model_dump(mode="json", exclude={"organisation_id"}) if term else {}),
        "withdrawn": decided.tenure.state is None,
        "version": decided.tenure.version,
    }


def _answer(status: int, body: dict[str, Any], warnings: Sequence[Fault]) -> Answer:
    return Answer(status, body | {"warnings": [warning.as_json() for warning in warnings]})
