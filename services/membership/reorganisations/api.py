"""The routes of mergers, splits and upgrades."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.idempotency import Answer, documented_key
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from services.membership import queries
from services.membership.answers import COMMAND, ReorganisedOrganisation, UnitCode, changed
from services.membership.commands import carry_out
from services.membership.faults import Fault
from services.membership.future import future_warning
from services.membership.paging import today
from services.membership.problems import unknown_organisation
from services.membership.reorganisations import store as reorganisations
from services.membership.reorganisations.domain import (
    decide_merger,
    decide_split,
    decide_upgrade_with_cells,
)
from services.membership.reorganisations.orders import Known, Order, Reorganised
from services.membership.reorganisations.requests import Merger, Split, upgrade_command
from services.membership.requests import Upgrade
from services.membership.store import Store


def router(resources: Resources) -> APIRouter:
    """Return the routes of mergers, splits and upgrades."""
    routes = APIRouter(tags=["commands"], responses=COMMAND, dependencies=[Depends(documented_key)])

    @routes.post("/organisations/{code:path}/merger", **changed(ReorganisedOrganisation))
    async def merge(request: Request, code: UnitCode, asked: Merger) -> Response:
        """Merge other units into this one, which may be founded by the same decision.

        Members of merged cells belong to it, and units under merged committees hang under it, from the day on;
        positions there end. All of it is done or nothing.
        """
        target = queries.code_in_path(code)
        command = asked.command(target)
        above = [command.establish.parent_code] if command.establish and command.establish.parent_code else []
        return await _carry_out(
            resources, request, target, command,
            named=[*command.sources, target, *above], parted=command.sources, founded=command.establish is not None,
            decide=lambda known: decide_merger(known, command, new_id=uuid4),
        )  # fmt: skip

    @routes.post("/organisations/{code:path}/split", **changed(ReorganisedOrganisation))
    async def split(request: Request, code: UnitCode, asked: Split) -> Response:
        """Found new units with members of this cell, or units of this committee. All of it is done or nothing."""
        source = queries.code_in_path(code)
        command = asked.command(source)
        return await _carry_out(
            resources, request, source, command,
            named=[source, *(part.code for part in command.parts)], parted=[source],
            decide=lambda known: decide_split(known, command, new_id=uuid4),
        )  # fmt: skip

    @routes.post("/organisations/{code:path}/upgrade", **changed(ReorganisedOrganisation))
    async def upgrade(request: Request, code: UnitCode, asked: Upgrade) -> Response:
        """Make a grassroots cell a grassroots committee from a day on.

        With `cells` these are founded below it and all its members are in them; without, they are elsewhere by then.
        """
        unit = queries.code_in_path(code)
        command = upgrade_command(asked, unit)
        return await _carry_out(
            resources, request, unit, command,
            named=[unit, *(cell.code for cell in command.cells)], parted=[unit],
            decide=lambda known: decide_upgrade_with_cells(known, command, new_id=uuid4),
        )  # fmt: skip

    return routes


async def _carry_out(
    resources: Resources,
    request: Request,
    code: str,
    order: Order,
    *,
    named: Collection[str],
    parted: Collection[str],
    decide: Callable[[Known], Reorganised],
    founded: bool = False,
) -> Response:
    async def handle(store: Store) -> Answer:
        known = await reorganisations.known(store, order.effective_date, named, parted)
        unit = known.units.get(code)
        if unit is not None:
            check_if_match(request, unit.version)
        elif not founded:
            raise unknown_organisation(code)
        done = decide(known)
        warnings = await reorganisations.save(store, done, order)
        warnings += future_warning(order.effective_date, today())
        return _answer(done, order.effective_date, warnings)

    return await carry_out(resources, request, handle, alone=True)


def _answer(done: Reorganised, day: date, warnings: Sequence[Fault]) -> Answer:
    others = {decided.state.code: decided.state for decided in done.units if decided.state.id != done.unit.id}
    return Answer(
        200,
        {
            **queries.organisation_json(done.unit, day),
            "reorganisation_id": str(done.whole.reorganisation_id) if done.whole else None,
            "units": [queries.organisation_json(unit, day) for _, unit in sorted(others.items())],
            "members_moved": len(done.members),
            "warnings": [warning.as_json() for warning in (*done.warnings, *warnings)],
        },
    )
