"""The HTTP side of ratings and awards: commands on whole lists and single lines."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.idempotency import Answer, documented_key, fingerprint
from chassis.preconditions import check_if_match, resource
from chassis.resources import Resources
from contracts.membership import OrganisationType
from contracts.ratings import Grade
from services.membership.answers import (
    COMMAND,
    UNKNOWN_MEMBER,
    UNKNOWN_UNIT,
    MemberCode,
    UnitCode,
)
from services.membership.commands import run_once
from services.membership.domain import DomainError, Organisation
from services.membership.faults import Fault
from services.membership.paging import (
    today,
)
from services.membership.problems import unknown_member, unknown_organisation
from services.membership.queries import code_in_path, organisation_of
from services.membership.ratings import answers, queries
from services.membership.ratings.answers import AwardId, unknown_award
from services.membership.ratings.awards import (
    Award,
    decide_award,
    decide_withdrawal,
    flag_warnings,
    flag_years,
)
from services.membership.ratings.domain import (
    DecidedList,
    Judged,
    RatingList,
    decide_correction,
    decide_list,
    last_day,
    list_warnings,
)
from services.membership.ratings.queries import award_json, rated_by_default, rule_json
from services.membership.ratings.requests import (
    AwardGrant,
    RatingCorrection,
    RatingsOfYear,
    Withdrawal,
)
from services.membership.ratings.rules import rating_rules
from services.membership.ratings.store import RatingStore
from services.membership.ratings.versions import Rated
from services.membership.store import Store

_WHAT: Final[Mapping[Rated, str]] = {Rated.MEMBERS: "đảng viên", Rated.ORGANISATIONS: "đơn vị trực thuộc"}


def router(resources: Resources) -> APIRouter:
    """Return the routes of ratings and awards."""
    routes = APIRouter()
    routes.include_router(_rating_commands(resources))
    routes.include_router(_unit_award_commands(resources))
    routes.include_router(_award_commands(resources))
    routes.include_router(queries.router(resources.pool))
    return routes


def _commands() -> APIRouter:
    return APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])


def _rating_commands(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post(
        "/organisations/{code:path}/ratings",
        status_code=201,
        **answers.command(201, answers.RecordedList, UNKNOWN_UNIT),
    )
    async def rate(request: Request, code: UnitCode, asked: RatingsOfYear) -> Response:
        """Record the ratings of a year that one decision states: a whole list at once.

        Of the members of a cell, or of all cells of a grassroots committee; or of the units directly below a
        committee. Who is on it are those counted there on 31 December. More excellent ones than the rule of the
        year allows are refused. `If-Match` is held against the unit.
        """

        async def handle(store: Store) -> Answer:
            found = await organisation_of(store.connection, code)
            of = _rated(found, asked.of, asked.year)
            ratings = RatingStore(store, rating_rules())
            unit, top = await ratings.hold(found, of, asked.year)
            check_if_match(request, unit.version)
            if await ratings.list_of(unit, of, asked.year):
                raise DomainError([Fault("list-recorded", "year", {"year": asked.year})])
            known = await ratings.known(unit, top, of, asked.year)
            command = asked.command(of)
            decided = decide_list(
                command, organisation_id=unit.id, known=known, new_id=uuid4(), today=today()
            )
            await ratings.save(decided)
            return _recorded(201, unit, decided, len(command.items), list_warnings(command, known))

        return await _run(resources, request, handle)

    @routes.post(
        "/organisations/{code:path}/rating-corrections",
        **answers.command(200, answers.RecordedList, UNKNOWN_UNIT),
    )
    async def correct(request: Request, code: UnitCode, asked: RatingCorrection) -> Response:
        """Put one rating of a unit's list right, withdraw it, or state one that the list forgot.

        The cap on excellent ones is judged again: what makes an excess larger is refused. What was said before
        stays in the history. `If-Match` is held against the list.
        """

        async def handle(store: Store) -> Answer:
            found = await organisation_of(store.connection, code)
            of = _rated(found, asked.of, asked.year)
            ratings = RatingStore(store, rating_rules())
            unit, top = await ratings.hold(found, of, asked.year)
            list_ = await ratings.list_of(unit, of, asked.year)
            if list_ is None:
                raise DomainError([Fault("no-list", "year", {"year": asked.year})])
            check_if_match(request, list_.version)
            command = asked.command()
            decided = decide_correction(
                command,
                list_=list_,
                known=await ratings.known(unit, top, of, asked.year),
                stated=await ratings.stated(list_, command.code),
                today=today(),
            )
            await ratings.save(decided)
            return _recorded(200, unit, decided, 0 if command.rating is None else 1, [])

        return await _run(resources, request, handle)

    return routes


def _unit_award_commands(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post(
        "/organisations/{code:path}/awards",
        status_code=201,
        **answers.command(201, answers.RecordedAward, UNKNOWN_UNIT),
    )
    async def award_unit(request: Request, code: UnitCode, asked: AwardGrant) -> Response:
        """Record an award to a unit. A five-year flag that the ratings do not call for is recorded with a warning."""

        async def handle(store: Store) -> Answer:
            known = code_in_path(code)
            unit = (await store.organisations([known], for_change=True)).get(known)
            if unit is None:
                raise unknown_organisation(code)
            check_if_match(request, unit.version)
            ratings, rules = RatingStore(store, rating_rules()), rating_rules()
            decided = decide_award(
                asked.command(),
                new_id=uuid4(),
                organisation_id=unit.id,
                established_on=unit.established_on,
                standing=await ratings.awards_of(unit.id),
                today=today(),
            )
            await ratings.save_award(decided)
            warnings = []
            if decided.state.last_year is not None:
                years = flag_years(decided.state.last_year, rules.flag_years.value)
                excellent = await ratings.excellent_years(unit.id, years)
                warnings = flag_warnings(decided.state, excellent, rules.flag_years)
            return _awarded(201, decided.state, warnings)

        return await _run(resources, request, handle)

    return routes


def _award_commands(resources: Resources) -> APIRouter:
    routes = _commands()

    @routes.post(
        "/members/{code:path}/awards",
        status_code=201,
        **answers.command(201, answers.RecordedAward, UNKNOWN_MEMBER),
    )
    async def award_member(request: Request, code: MemberCode, asked: AwardGrant) -> Response:
        """Record an award to a member."""

        async def handle(store: Store) -> Answer:
            known = code_in_path(code)
            member = (await store.members([known], for_change=True)).get(known)
            if member is None:
                raise unknown_member(code)
            check_if_match(request, member.version)
            ratings = RatingStore(store, rating_rules())
            grant = asked.command()
            decided = decide_award(
                grant,
                new_id=uuid4(),
                member_id=member.id,
                cell_id=await ratings.cell_on(member.id, grant.awarded_on),
                standing=await ratings.awards_of(member.id),
                today=today(),
            )
            await ratings.save_award(decided)
            return _awarded(201, decided.state, [])

        return await _run(resources, request, handle)

    @routes.post(
        "/awards/{award_id}/withdrawal", **answers.command(200, answers.RecordedAward, unknown_award())
    )
    async def withdraw(request: Request, award_id: AwardId, asked: Withdrawal) -> Response:
        """Say that an award was recorded wrongly, or was taken back: it counts no more, from the beginning."""

        async def handle(store: Store) -> Answer:
            ratings = RatingStore(store, rating_rules())
            found = await ratings.award(award_id)
            if found is None:
                raise unknown_award()
            check_if_match(request, found.version)
            decided = decide_withdrawal(found, decision_date=asked.decision_date)
            await ratings.save_award(decided)
            return _awarded(200, decided.state, [])

        return await _run(resources, request, handle)

    return routes


async def _run(
    resources: Resources, request: Request, handle: Callable[[Store], Awaitable[Answer]]
) -> Response:
    asked = fingerprint(request.method, request.url.path, request.url.query, await request.body())
    answer = await run_once(resources, request, asked, handle)
    return resource(request, answer.body, answer.status)


def _rated(unit: Organisation, of: Rated | None, year: int) -> Rated:
    """Return whom a list of the unit rates. Raises DomainError where a unit of its type does not rate those."""
    type_ = unit.on(last_day(year)).type
    wanted = of or rated_by_default(unit, year)
    of_members = type_ is not OrganisationType.BLOC
    if (wanted is Rated.MEMBERS and not of_members) or (wanted is Rated.ORGANISATIONS and type_.is_cell):
        raise DomainError([Fault("nobody-to-rate", "of", {"what": _WHAT[wanted]})])
    return wanted


def _recorded(
    status: int, unit: Organisation, decided: DecidedList, count: int, warnings: Sequence[Fault]
) -> Answer:
    list_: RatingList = decided.state
    body = {
        "id": str(list_.id),
        "organisation": unit.code,
        "of": list_.of.value,
        "year": list_.year,
        "version": list_.version,
        "rule": rule_json(list_.year),
        "ratings": count,
        "caps": [_cap_json(one) for one in decided.judged],
        "warnings": [warning.as_json() for warning in warnings],
    }
    return Answer(status, body)


def _awarded(status: int, state: Award, warnings: Sequence[Fault]) -> Answer:
    return Answer(status, award_json(state) | {"warnings": [warning.as_json() for warning in warnings]})


def _cap_json(judged: Judged) -> dict[str, Any]:
    cap, tally = judged.cap, judged.tally
    return {
        "type": judged.of_type and judged.of_type.value,
        "excellent": tally[Grade.EXCELLENT],
        "allowed": cap.allowed(tally),
        "percent": cap.percent,
        "base": cap.base.value,
        "counted": cap.counted(tally),
        "provisional": cap.provisional,
    }
