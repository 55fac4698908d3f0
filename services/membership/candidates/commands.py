"""The commands on candidates over HTTP: read with locks, decided, saved with their events, answered."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.membership.answers import created
from services.membership.candidates.answers import (
    CHANGED,
    CandidateCode,
    ChangedCandidate,
    unknown_candidate,
)
from services.membership.candidates.corrections import decide_candidate_correction, told
from services.membership.candidates.domain import (
    DecidedCandidate,
    Introduction,
    Listed,
    admission_warnings,
    decide_candidate_admission,
    decide_certificate,
    decide_introducers,
    decide_listing,
    decide_move,
    decide_strike,
)
from services.membership.candidates.queries import candidate_json, member_codes
from services.membership.candidates.requests import (
    CandidateAdmission,
    CandidateCorrection,
    Certificate,
    Introducers,
    Listing,
    Move,
    Strike,
)
from services.membership.candidates.store import CandidateStore
from services.membership.commands import carry_out
from services.membership.data import vietnamese_working_days
from services.membership.faults import Fault
from services.membership.future import future_warning
from services.membership.member_commands import commands
from services.membership.members import ceremony_warnings
from services.membership.paging import today
from services.membership.queries import code_in_path
from services.membership.store import Changes, Store

_Outcome = tuple[DecidedCandidate, Sequence[Fault]]
_Decide = Callable[[Store, CandidateStore, Listed], Awaitable[_Outcome]]


def router(resources: Resources) -> APIRouter:
    """Return the routes that change candidates."""
    routes = APIRouter()
    routes.include_router(_listings(resources))
    routes.include_router(_preparations(resources))
    routes.include_router(_ends(resources))
    return routes


def _listings(resources: Resources) -> APIRouter:
    routes = commands()

    @routes.post("/candidates", status_code=201, **created(ChangedCandidate))
    async def enlist(request: Request, asked: Listing) -> Response:
        """Put somebody on the list of candidates of a cell."""

        async def handle(store: Store) -> Answer:
            command = asked.command()
            cell = await store.organisation(command.cell_code)
            decided = decide_listing(command, cell=cell, new_id=uuid4())
            await CandidateStore(store).save(decided)
            return await _answer(201, store, decided, _future(command.listed_on, "listed_on"))

        return await carry_out(resources, request, handle)

    @routes.post("/candidates/{code:path}/cell", **CHANGED)
    async def move(request: Request, code: CandidateCode, asked: Move) -> Response:
        """Put a candidate on the list of another cell."""

        async def decide(store: Store, _kept: CandidateStore, one: Listed) -> _Outcome:
            cell = await store.organisation(asked.cell_code)
            return decide_move(one, asked.told(), cell_code=asked.cell_code, cell=cell), _future(
                asked.effective_date
            )

        return await _change(resources, request, code, decide)

    return routes


def _preparations(resources: Resources) -> APIRouter:
    routes = commands()

    @routes.post("/candidates/{code:path}/certificate", **CHANGED)
    async def certify(request: Request, code: CandidateCode, asked: Certificate) -> Response:
        """Record the certificate of the course on the party; a later one takes the place of the one before."""

        async def decide(_store: Store, _kept: CandidateStore, one: Listed) -> _Outcome:
            return decide_certificate(one, asked.told()), _future(asked.effective_date)

        return await _change(resources, request, code, decide)

    @routes.post("/candidates/{code:path}/introducers", **CHANGED)
    async def introduce(request: Request, code: CandidateCode, asked: Introducers) -> Response:
        """Record which official members help and introduce a candidate, in the place of those before."""

        async def decide(_store: Store, kept: CandidateStore, one: Listed) -> _Outcome:
            officials = await kept.officials(
                [one.member_code for one in asked.introducers], asked.effective_date
            )
            found = [
                Introduction(
                    code=named.member_code, since=named.since, member_id=officials.get(named.member_code)
                )
                for named in asked.introducers
            ]
            return decide_introducers(one, asked.told(), found), _future(asked.effective_date)

        return await _change(resources, request, code, decide)

    return routes


def _ends(resources: Resources) -> APIRouter:
    routes = commands()

    @routes.post("/candidates/{code:path}/admission", **CHANGED)
    async def admit(request: Request, code: CandidateCode, asked: CandidateAdmission) -> Response:
        """Admit a candidate: from the ceremony on they are a member of their cell, on probation.

        What the rules ask of the admission and the register does not have is warned of.
        """

        async def decide(store: Store, _kept: CandidateStore, one: Listed) -> _Outcome:
            command = asked.command(one.cell_code)
            cell = await store.organisation(command.cell_code)
            decided, member = decide_candidate_admission(one, command, cell=cell, new_id=uuid4())
            await store.save(Changes([member]))
            calendar = vietnamese_working_days()
            return decided, [
                *admission_warnings(decided.state),
                *ceremony_warnings(command.admitted_on, command.decision_date, calendar),
                *_future(command.admitted_on, "admitted_on"),
            ]

        return await _change(resources, request, code, decide)

    @routes.post("/candidates/{code:path}/strike", **CHANGED)
    async def strike(request: Request, code: CandidateCode, asked: Strike) -> Response:
        """Take a candidate off the list who is not admitted."""

        async def decide(_store: Store, _kept: CandidateStore, one: Listed) -> _Outcome:
            return decide_strike(one, asked.told(), asked.reason), _future(asked.effective_date)

        return await _change(resources, request, code, decide)

    @routes.post("/candidates/{code:path}/corrections", **CHANGED)
    async def correct(request: Request, code: CandidateCode, asked: CandidateCorrection) -> Response:
        """Put a fact of a candidate right, or withdraw it; what was said before stays in the history."""

        async def decide(store: Store, kept: CandidateStore, one: Listed) -> _Outcome:
            cell = None if asked.cell_code is None else await store.organisation(asked.cell_code)
            decided = decide_candidate_correction(
                one,
                told(await kept.events(one.id)),
                asked.command(one.who, cell),
                member_stands=await kept.is_or_was_member(one.candidate.member_id),
            )
            return decided, []

        return await _change(resources, request, code, decide)

    return routes


async def _change(resources: Resources, request: Request, code: str, decide: _Decide) -> Response:
    """Answer with what a command makes of the candidate with a code, who is held and checked against `If-Match`."""

    async def handle(store: Store) -> Answer:
        kept = CandidateStore(store)
        one = await kept.one(code_in_path(code))
        if one is None:
            raise unknown_candidate(code)
        check_if_match(request, one.version)
        decided, warnings = await decide(store, kept, one)
        await kept.save(decided, before=one)
        return await _answer(200, store, decided, warnings)

    return await carry_out(resources, request, handle)


async def _answer(status: int, store: Store, decided: DecidedCandidate, warnings: Sequence[Fault]) -> Answer:
    codes = await member_codes(store.connection, [decided.state.candidate])
    body = candidate_json(decided.state, codes)
    return Answer(status, body | {"warnings": [warning.as_json() for warning in warnings]})


def _future(day: date, column: str = "effective_date") -> list[Fault]:
    return future_warning(day, today(), column)
