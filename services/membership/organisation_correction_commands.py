"""The route that puts right what is recorded of a unit."""

from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.database import Connection
from chassis.event_log import events_of
from chassis.idempotency import Answer, documented_key
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.membership import queries
from services.membership.answers import COMMAND, ChangedOrganisation, UnitCode, changed
from services.membership.commands import carry_out
from services.membership.domain import Organisation, organisation_warnings
from services.membership.future import future_warnings
from services.membership.organisation_corrections import Inside, Stay, decide_unit_correction, facts_of
from services.membership.organisation_history import read_unit_event
from services.membership.organisations import Relatives, dissolution_warnings
from services.membership.paging import today
from services.membership.positions.endings import end_for_move, end_for_unit, endings_warnings
from services.membership.positions.tenures import Order
from services.membership.problems import unknown_organisation
from services.membership.requests import UnitCorrection
from services.membership.store import Changes, Store

_MEMBERS: Final = "SELECT from_on, until_on FROM member_states WHERE cell_id = $1"
_SEATS: Final = """
    SELECT from_on, until_on FROM positions WHERE organisation_id = $1 AND NOT withdrawn
    UNION ALL
    SELECT from_on, until_on FROM terms WHERE organisation_id = $1 AND NOT withdrawn
"""


def router(resources: Resources) -> APIRouter:
    """Return the route that corrects facts of units."""
    routes = APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])

    @routes.post("/organisations/{code:path}/corrections", **changed(ChangedOrganisation))
    async def correct(request: Request, code: UnitCode, asked: UnitCorrection) -> Response:
        """Put a fact of a unit's history right, or withdraw it; what was said before stays in the history.

        What other commands did besides stays: a withdrawn end brings back no position, and no member who has moved.
        """

        async def handle(store: Store) -> Answer:
            found = await store.organisation_with_parents(
                queries.code_in_path(code), parent_code=asked.parent_code
            )
            if found is None:
                raise unknown_organisation(code)
            unit, parents = found
            check_if_match(request, unit.version)
            known = facts_of(read_unit_event(event) for event in await events_of(store.connection, unit.id))
            relatives = Relatives(parents=parents, children=await store.children_ever(unit))
            inside = await _inside(store.connection, unit)
            decided = decide_unit_correction(unit, known, asked.command(), relatives, inside)
            await store.save(Changes([decided]))
            after = decided.state
            order = Order(decision_date=asked.decided_on, document=asked.ordered_by)
            ended = [*await end_for_unit(store, after, order), *await end_for_move(store, after, order)]
            founded_under = after.on(after.established_on).parent_code
            warnings = organisation_warnings(after, parents[founded_under] if founded_under else None)
            if after.dissolved_on is not None and after.dissolved_on != unit.dissolved_on:
                left = await store.members_from(after, after.dissolved_on)
                warnings += dissolution_warnings(after, relatives.children, left)
            body = queries.organisation_json(after, after.states[-1].since)
            warnings += [*endings_warnings(ended), *future_warnings([decided.event], today())]
            return Answer(200, body | {"warnings": [warning.as_json() for warning in warnings]})

        return await carry_out(resources, request, handle)

    return routes


async def _inside(connection: Connection, unit: Organisation) -> Inside:
    members, seats = [await connection.fetch(query, unit.id) for query in (_MEMBERS, _SEATS)]
    return Inside(members=[Stay(*row) for row in members], seats=[Stay(*row) for row in seats])
