"""The HTTP side of notices: whom they reach, and what became of them."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter

from chassis.letters.answers import delivery_json
from chassis.letters.contact_routes import ContactBook
from chassis.letters.recipients import RecipientKind
from chassis.resources import Resources
from replicas.membership.recipients import contacts_of_register
from replicas.membership.tree import Units
from replicas.membership.unit_names import NAMELESS
from services.inspection.commands import carry_out, command_routes
from services.inspection.notices import answers
from services.inspection.notices.outbox import notice
from services.inspection.plans.queries import Month, known_plan
from services.inspection.reads import Actor, note_read, reading

_NOTICES: Final = """
    SELECT notices.*, withdrawn, state, reason, logged, attempts, settled_at
    FROM notices JOIN deliveries ON notice_id = id
    WHERE visit_plan_id = $1
    ORDER BY plan_version DESC, notices.kind, notices.recipient_id
"""


def router(resources: Resources) -> APIRouter:
    """Return the routes of contacts and notices."""
    routes = APIRouter()
    book = ContactBook(
        resources.pool, command_routes, partial(carry_out, resources), note_read, about="visits"
    )
    routes.include_router(contacts_of_register(book))
    routes.include_router(_reads(resources))
    return routes


def _reads(resources: Resources) -> APIRouter:
    routes = APIRouter(tags=["queries"])

    @routes.get("/visit-plans/{month}/notices", **answers.notices())
    async def notices(month: Month, actor: Actor = "unknown") -> dict[str, Any]:
        """Which visitors and cells were told of a plan, and who could not be reached. Who read it is noted."""
        async with reading(resources.pool) as connection:
            plan = await known_plan(connection, month)
            rows = await connection.fetch(_NOTICES, plan.id)
            codes = (await Units.read(connection)).codes
            people = {row["recipient_id"] for row in rows if row["kind"] == RecipientKind.MEMBER}
            await note_read(connection, actor, f"visit-plan-notices:{month}", len(people))
        return {"month": month, "items": [_json(row, codes) for row in rows]}

    return routes


def _json(row: Mapping[str, Any], codes: Mapping[UUID, str]) -> dict[str, Any]:
    told = notice(row)
    of_cell = told.recipient.kind is RecipientKind.UNIT
    return {
        "plan_version": told.plan_version,
        "queued_at": told.queued_at,
        "superseded": row["superseded"],
        "visits": len(told.visits),
        "gone": len(told.gone),
        "cell_code": codes.get(told.recipient.id, NAMELESS.code) if of_cell else None,
        **delivery_json(row),
    }
