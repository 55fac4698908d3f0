"""Reads of monthly plans: one with the reasons of its visits, all of them, and what was recorded of one."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.calendars import MEDIA_TYPE, Entry, Method, Status, calendar_text
from chassis.cursors import decode_cursor, encode_cursor, invalid_cursor
from chassis.database import Connection
from chassis.event_log import events_of_each
from chassis.preconditions import resource
from chassis.resources import Resources
from replicas.membership.tree import Units
from replicas.membership.unit_names import NAMELESS, Named, names_on
from services.inspection.days import MonthText, month_of, month_text
from services.inspection.plans import answers
from services.inspection.plans.plan import Plan, PlanStatus, Visit, assignment_id
from services.inspection.plans.policy import policy_of
from services.inspection.plans.reasons import Reason
from services.inspection.plans.store import read_plans
from services.inspection.problems import unknown_plan
from services.inspection.reads import Actor, note_read, reading

Month = Annotated[MonthText, Path(description="A month", examples=["2020-03"])]
_Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=2000)]
_Limit = Annotated[int, Query(ge=1, le=500)]
_Who = Annotated[UUID, Query(description="Whose visits, by their id as events carry it")]

_PLANS: Final = "SELECT * FROM visit_plans WHERE month < $1 ORDER BY month DESC LIMIT $2"
_PLAN: Final = "SELECT * FROM visit_plans WHERE month = $1"
_TEAMS: Final = "SELECT id, code FROM teams"
_CELLS: Final = "SELECT id, cell_id FROM meetings WHERE id = ANY($1::uuid[])"


def router(resources: Resources) -> APIRouter:
    """Return the routes that read."""
    routes, pool = APIRouter(tags=["queries"]), resources.pool

    @routes.get("/visit-plans", **answers.page())
    async def plans(cursor: _Cursor = None, limit: _Limit = 100) -> dict[str, Any]:
        """Plans, the latest month first."""
        before = date.max if cursor is None else _place(cursor)
        async with reading(pool) as connection:
            rows = await connection.fetch(_PLANS, before, limit + 1)
            found = await read_plans(connection, rows[:limit])
        return {
            "items": [_brief(plan) for plan in found],
            "next": encode_cursor([found[-1].month.isoformat()]) if len(rows) > limit else None,
        }

    @routes.get("/visit-plans/{month}", **answers.one())
    async def plan(request: Request, month: Month, actor: Actor = "unknown") -> Response:
        """The plan of a month: who attends what and why, and why other cells are left out. Who read it is noted."""
        async with reading(pool) as connection:
            found = await known_plan(connection, month)
            body = await plan_json(connection, found)
            await note_read(connection, actor, f"visit-plan:{month}", len(set(found.chosen.values())))
        return resource(request, body)

    @routes.get("/visit-plans/{month}/calendar", **answers.calendar())
    async def calendar(month: Month, member_id: _Who, actor: Actor = "unknown") -> Response:
        """The visits that somebody is to make in a month, as a calendar file. Who read it is noted."""
        async with reading(pool) as connection:
            found = await known_plan(connection, month)
            cells = [one.planned.cell_id for one in found.visits.values()]
            names = await names_on(connection, cells, found.month)
            await note_read(connection, actor, f"visit-plan-calendar:{month}", 1)
        text = calendar_text(
            [
                _entry(found, one, names)
                for one in found.visits.values()
                if one.planned.member_id == member_id
            ],
            Method.PUBLISH,
            made_at=datetime.now(UTC),
            organizer=resources.settings.smtp_from,
        )
        headers = {
            "Content-Disposition": f'inline; filename="{month}.ics"',
            "Cache-Control": "private, no-cache",
        }
        return Response(text, headers=headers, media_type=MEDIA_TYPE)

    @routes.get("/visit-plans/{month}/history", **answers.history())
    async def history(month: Month, actor: Actor = "unknown") -> dict[str, Any]:
        """Everything that was recorded of a plan and its visits, in that order. Who read it is noted."""
        async with reading(pool) as connection:
            found = await known_plan(connection, month)
            ids = [found.id, *(assignment_id(found.id, one) for one in {**found.told, **found.visits})]
            recorded = [one for its in (await events_of_each(connection, ids)).values() for one in its]
            await note_read(connection, actor, f"visit-plan-history:{month}", len(found.visits))
        return {
            "month": month,
            "items": [
                {
                    "type": event.type,
                    "recorded_at": event.recorded_at.isoformat(),
                    "event": msgspec.json.decode(event.payload),
                }
                for event in sorted(recorded, key=lambda one: (one.recorded_at, one.type, one.payload))
            ],
        }

    return routes


async def plan_json(connection: Connection, plan: Plan) -> dict[str, Any]:
    """Return a plan as answers carry it."""
    cells = (await Units.read(connection)).codes
    teams = {row["id"]: row["code"] for row in await connection.fetch(_TEAMS)}
    banned = [ban.meeting_id for ban in plan.limits.bans if ban.meeting_id]
    of = {row["id"]: row["cell_id"] for row in await connection.fetch(_CELLS, banned)}

    def visit(one: Visit) -> dict[str, Any]:
        planned = one.planned
        return {
            "assignment_id": str(assignment_id(plan.id, planned.meeting_id)),
            "meeting_id": str(planned.meeting_id),
            "cell_code": cells.get(planned.cell_id, NAMELESS.code),
            "starts_at": planned.starts_at.isoformat(),
            "member_id": str(planned.member_id),
            "team_code": teams[planned.team_id],
            "pin": one.pin and one.pin.value,
            "lapsed": one.lapsed and one.lapsed.value,
            "why": [_reason(reason) for reason in one.why],
        }

    return {
        "month": month_text(plan.month),
        "status": plan.status.value,
        "per_person": plan.limits.per_person,
        "at_most": plan.limits.at_most,
        "policy": policy_of(plan.month).in_force_from.isoformat(),
        "visits": [visit(one) for one in plan.visits.values()],
        "left_out": [
            {
                "cell_code": cells.get(one.cell_id, NAMELESS.code),
                "meeting_id": one.meeting_id and str(one.meeting_id),
                "points": one.points,
                "rules": {rule.value: count for rule, count in one.rules.items()},
                **_reason(one.reason),
            }
            for one in plan.left_out
        ],
        "bans": [
            {
                "meeting_id": ban.meeting_id and str(ban.meeting_id),
                "cell_code": ban.meeting_id
                and cells.get(of.get(ban.meeting_id, ban.meeting_id), NAMELESS.code),
                "member_id": ban.member_id and str(ban.member_id),
            }
            for ban in sorted(plan.limits.bans, key=str)
        ],
        "version": plan.version,
    }


def _entry(plan: Plan, visit: Visit, names: Mapping[UUID, Named]) -> Entry:
    """Return a visit in a calendar: not sure before the plan is approved, called off where it lapsed."""
    planned = visit.planned
    name = names.get(planned.cell_id, NAMELESS).name
    if visit.lapsed:
        status = Status.CANCELLED
    else:
        status = Status.CONFIRMED if plan.status is PlanStatus.APPROVED else Status.TENTATIVE
    return Entry(
        id=assignment_id(plan.id, planned.meeting_id),
        sequence=plan.version,
        starts_at=planned.starts_at,
        minutes=policy_of(plan.month).minutes,
        summary=f"Dự sinh hoạt {name}",
        place=name,
        description="",
        status=status,
    )


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "message": reason.message, "message_en": reason.message_en}


def _brief(plan: Plan) -> dict[str, Any]:
    return {
        "month": month_text(plan.month),
        "status": plan.status.value,
        "visits": len(plan.chosen),
        "lapsed": len(plan.visits) - len(plan.chosen),
        "left_out": len(plan.left_out),
        "version": plan.version,
    }


async def known_plan(connection: Connection, month: MonthText) -> Plan:
    """Return the plan of a month. Raises Problem `unknown-visit-plan` (404)."""
    row = await connection.fetchrow(_PLAN, month_of(month))
    if row is None:
        raise unknown_plan(month)
    return (await read_plans(connection, [row]))[0]


def _place(cursor: str) -> date:
    """Return the month before which a page begins. Raises Problem `invalid-cursor` (400)."""
    try:
        return date.fromisoformat(decode_cursor(cursor, 1)[0])
    except ValueError:
        raise invalid_cursor() from None
