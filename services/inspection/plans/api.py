"""The HTTP side of monthly plans: each command is read, decided on the situation as it is now, saved, answered."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Connection
from chassis.faults import FaultsFound
from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.inspection.commands import carry_out, command_routes
from services.inspection.days import MonthText, local_day, month_of
from services.inspection.faults import Fault
from services.inspection.plans import answers, domain, queries
from services.inspection.plans.plan import Decided, Plan, plan_id
from services.inspection.plans.policy import NoPolicyError
from services.inspection.plans.queries import Month, plan_json
from services.inspection.plans.reading import read_situation
from services.inspection.plans.replanning import decide_replan
from services.inspection.plans.requests import (
    Approving,
    Changing,
    Forbidding,
    Pinning,
    Proposing,
    Replanning,
    Reproposing,
    Unpinning,
)
from services.inspection.plans.rules import Limits
from services.inspection.plans.situation import Situation
from services.inspection.plans.store import PlanStore
from services.inspection.problems import no_policy, unknown_plan, unknown_plan_meeting
from services.inspection.store import Store

_Decide = Callable[[Plan, Situation, date], Decided]


def router(resources: Resources) -> APIRouter:
    """Return the routes of monthly plans."""
    routes = APIRouter()
    routes.include_router(_proposing(resources))
    routes.include_router(_keeping(resources))
    routes.include_router(_pinning(resources))
    routes.include_router(_forbidding(resources))
    routes.include_router(queries.router(resources))
    return routes


def _proposing(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/visit-plans", status_code=201, **answers.proposed())
    async def propose(request: Request, asked: Proposing) -> Response:
        """Propose who of the teams attends which meeting of a month."""

        async def handle(store: Store) -> Answer:
            month, plans = month_of(asked.month), PlanStore(store)
            if await plans.plan(month) is not None:
                raise FaultsFound([Fault("plan-there", "month", {"month": asked.month})])
            situation, today = await _situation(store.connection, month, asked.on)
            limits = Limits(
                per_person=asked.per_person or situation.policy.visits_per_person, at_most=asked.at_most
            )
            decided = await _solved(domain.decide_proposal, situation, limits, on=today)
            return await _save(201, store, decided)

        return await carry_out(resources, request, handle)

    @routes.post("/visit-plans/{month}/proposal", **answers.changed())
    async def propose_anew(request: Request, month: Month, asked: Reproposing) -> Response:
        """Plan a month anew as things are now, with what is pinned and forbidden; a draft only."""

        def decide(plan: Plan, situation: Situation, today: date) -> Decided:
            limits = Limits(per_person=asked.per_person or plan.limits.per_person, at_most=asked.at_most)
            return domain.decide_again(plan, situation, limits, on=today)

        return await _change(resources, request, month, asked.on, decide)

    return routes


def _keeping(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/visit-plans/{month}/replanning", **answers.changed())
    async def replan(request: Request, month: Month, asked: Replanning) -> Response:
        """Plan anew what cannot be any more, and nothing else: what the service does of itself for approved plans."""

        def decide(plan: Plan, situation: Situation, today: date) -> Decided:
            decided = decide_replan(plan, situation, on=today)
            if decided is None:
                raise FaultsFound([Fault("nothing-changes")])
            return decided

        return await _change(resources, request, month, asked.on, decide)

    @routes.post("/visit-plans/{month}/approval", **answers.changed())
    async def approve(request: Request, month: Month, asked: Approving) -> Response:
        """Approve a plan as it is: people and cells are told of its visits."""

        def decide(plan: Plan, situation: Situation, today: date) -> Decided:
            document = asked.document.reference() if asked.document else None
            return domain.decide_approval(
                plan,
                situation,
                on=today,
                decision_date=document.date if document else None,
                document=document,
            )

        return await _change(resources, request, month, asked.on, decide)

    return routes


def _pinning(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/visit-plans/{month}/pins", **answers.changed(meeting=True))
    async def pin(request: Request, month: Month, asked: Pinning) -> Response:
        """Have a meeting attended for sure; other visits change only where they must. A draft only."""

        def decide(plan: Plan, situation: Situation, today: date) -> Decided:
            return domain.decide_pin(plan, situation, asked.meeting_id, asked.member_id, on=today)

        return await _change(resources, request, month, asked.on, decide, meeting_id=asked.meeting_id)

    @routes.post("/visit-plans/{month}/pins/removal", **answers.changed(meeting=True))
    async def unpin(request: Request, month: Month, asked: Unpinning) -> Response:
        """Let a visit be changed again; a draft only."""

        def decide(plan: Plan, _: Situation, today: date) -> Decided:
            return domain.decide_unpin(plan, asked.meeting_id, on=today)

        return await _change(resources, request, month, asked.on, decide, meeting_id=asked.meeting_id)

    @routes.post("/visit-plans/{month}/changes", **answers.changed(meeting=True))
    async def change(request: Request, month: Month, asked: Changing) -> Response:
        """Change one visit by hand, also of an approved plan; refused where it breaks a rule."""

        def decide(plan: Plan, situation: Situation, today: date) -> Decided:
            return domain.decide_change(plan, situation, asked.meeting_id, asked.member_id, on=today)

        return await _change(resources, request, month, asked.on, decide, meeting_id=asked.meeting_id)

    return routes


def _forbidding(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/visit-plans/{month}/bans", **answers.changed(meeting=True))
    async def forbid(request: Request, month: Month, asked: Forbidding) -> Response:
        """Forbid a meeting, a person, or the person at the meeting; other visits stay. A draft only."""

        def decide(plan: Plan, situation: Situation, today: date) -> Decided:
            return domain.decide_ban(plan, situation, asked.ban(), on=today)

        return await _change(resources, request, month, asked.on, decide, meeting_id=asked.meeting_id)

    @routes.post("/visit-plans/{month}/bans/removal", **answers.changed(meeting=True))
    async def allow(request: Request, month: Month, asked: Forbidding) -> Response:
        """Allow what was forbidden: it may be chosen when the plan is proposed anew. A draft only."""

        def decide(plan: Plan, _: Situation, today: date) -> Decided:
            return domain.decide_allowance(plan, asked.ban(), on=today)

        return await _change(resources, request, month, asked.on, decide, meeting_id=asked.meeting_id)

    return routes


async def _change(
    resources: Resources,
    request: Request,
    month: MonthText,
    on: date | None,
    decide: _Decide,
    *,
    meeting_id: UUID | None = None,
) -> Response:
    async def handle(store: Store) -> Answer:
        plan = await PlanStore(store).plan(month_of(month))
        if plan is None:
            raise unknown_plan(month)
        check_if_match(request, plan.version)
        situation, today = await _situation(store.connection, plan.month, on)
        if meeting_id is not None and meeting_id not in situation.meetings:
            raise unknown_plan_meeting()
        return await _save(200, store, await _solved(decide, plan, situation, today))

    return await carry_out(resources, request, handle)


async def _situation(connection: Connection, month: date, on: date | None) -> tuple[Situation, date]:
    """Return the situation of a month, and the day on which something is done to its plan.

    Raises FaultsFound `plan-to-come` for a day to come, Problem `no-planning-policy` (404).
    """
    now = datetime.now(UTC)
    if on is not None and on > local_day(now):
        raise FaultsFound([Fault("plan-to-come", "on", {"day": on})])
    try:
        return await read_situation(connection, month, plan_id(month), on=on, now=now), on or local_day(now)
    except NoPolicyError as error:
        raise no_policy(month, error.first) from None


async def _solved(decide: Callable[..., Decided], *arguments: Any, **named: Any) -> Decided:
    """Decide beside the event loop: a month takes the solver up to a second."""
    return await asyncio.to_thread(partial(decide, *arguments, **named))


async def _save(status: int, store: Store, decided: Decided) -> Answer:
    await PlanStore(store).save(decided, datetime.now(UTC))
    return Answer(status, await plan_json(store.connection, decided.state))
