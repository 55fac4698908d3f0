"""The HTTP side of months owed: what became of them for a unit and all below it, and from when they are watched."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.cursors import decode_cursor, encode_cursor
from chassis.faults import FaultsFound
from chassis.idempotency import Answer
from chassis.openapi import example
from chassis.preconditions import check_if_match, resource
from chassis.refusals import refused
from chassis.resources import Resources
from services.meetings.commands import carry_out, command_routes
from services.meetings.faults import CONFLICTS
from services.meetings.months import answers, store
from services.meetings.months.domain import MonthStatus, Watch, decide_watch
from services.meetings.months.store import MonthOfCell
from services.meetings.periods import FirstMonth, LastMonth, MonthText, month_of, month_text, period
from services.meetings.queries import reading
from services.meetings.store import Store
from services.meetings.tree import Units

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('monthly watch', 0))"


class Watching(BaseModel):
    """From which month on months without a meeting are looked for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=example({"from_month": "2019-01"}))

    from_month: MonthText


def router(resources: Resources) -> APIRouter:
    """Return the routes of months owed."""
    routes = APIRouter()
    routes.include_router(_commands(resources))
    routes.include_router(_reads(resources))
    return routes


def _commands(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/monthly-watch", **answers.watched())
    async def set_watch(request: Request, asked: Watching) -> Response:
        """Say in which month the record of meetings begins: from there on months without one are told as missed.

        Said again with another month, those that are watched no more are made good, those that are now are looked at.
        """

        async def handle(store_: Store) -> Answer:
            await store_.connection.execute(_LOCK)
            before = await store.watch(store_.connection)
            check_if_match(request, before.version)
            after, event = decide_watch(before, month_of(asked.from_month))
            await store.save_watch(store_, after, event)
            return Answer(200, _watch_json(after))

        return await carry_out(resources, request, handle)

    return routes


def _reads(resources: Resources) -> APIRouter:
    routes = APIRouter(tags=["queries"])

    @routes.get("/monthly-watch", **answers.watch())
    async def watch(request: Request) -> Response:
        """In which month the record of meetings begins."""
        async with reading(resources.pool) as connection:
            found = await store.watch(connection)
        return resource(request, _watch_json(found))

    @routes.get("/months", **answers.months())
    async def months(
        unit: Annotated[str, Query(description="Code of a unit, with all below it", max_length=300)],
        first: FirstMonth,
        last: LastMonth,
        cursor: Annotated[str | None, Query(description="`next` of the page before", max_length=2000)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        """What became of each month in which the cells of a unit owe a regular meeting, as it is known now.

        A cell counts under the units above it on the last day of the month.
        """
        after = "" if cursor is None else decode_cursor(cursor, 1)[0]
        try:
            asked = period(first, last)
        except FaultsFound as found:
            raise refused(found, CONFLICTS) from None
        async with reading(resources.pool) as connection:
            units = await Units.read(connection)
            id_ = units.of_code(unit)
            watched = (await store.watch(connection)).first
            asked = [month for month in asked if watched is None or month >= watched]
            owed = units.owed_below(id_, asked) if asked else {}
            found_ = await store.months_of(connection, units, owed, now=datetime.now(UTC))
        of_cells: dict[UUID, list[MonthOfCell]] = {}
        for one in found_:
            of_cells.setdefault(one.cell_id, []).append(one)
        listed = sorted((units.codes[cell], cell) for cell in of_cells)
        rest = [(code, cell) for code, cell in listed if code > after]
        return {
            "unit_code": units.codes[id_],
            "from_month": first,
            "to_month": last,
            "watched_from": watched and month_text(watched),
            "totals": _figures(found_),
            "by_month": [
                {"month": month_text(month), **_figures(one for one in found_ if one.month == month)}
                for month in asked
            ],
            "items": [_cell_json(code, of_cells[cell]) for code, cell in rest[:limit]],
            "next": encode_cursor([rest[limit - 1][0]]) if len(rest) > limit else None,
        }

    return routes


def _figures(found: Iterable[MonthOfCell]) -> dict[str, int]:
    counts: Mapping[MonthStatus, int] = Counter(one.status for one in found)
    return {
        "due": sum(counts.values()),
        **{status.value: counts.get(status, 0) for status in MonthStatus},
    }


def _cell_json(code: str, found: list[MonthOfCell]) -> dict[str, Any]:
    return {
        "cell_code": code,
        **_figures(found),
        "months": [
            {"month": month_text(one.month), "status": one.status.value}
            for one in sorted(found, key=lambda one: one.month)
        ],
    }


def _watch_json(watch: Watch) -> dict[str, Any]:
    return {"from_month": watch.first and month_text(watch.first), "version": watch.version}
