"""The dashboard's HTTP side: the page at the root, and its files.

Its address says all that it shows, so that a view can be sent to somebody: `/?unit=K.01&as_of=2020-11-30`, and with
`known_on=2020-12-05` by what was known at the end of that day. A page is sent whole and reads without scripts; with
them only what differs is put in place.
"""

from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.failures import TRANSIENT
from chassis.logs import logger
from chassis.problems import Problem, unavailable
from chassis.resources import Resources
from services.reporting import parameters
from services.reporting.dashboard import files, pages, view
from services.reporting.dashboard.snapshot import snapshot
from services.reporting.dated_tree import Trees
from services.reporting.figures.periods import FIRST_YEAR, LAST_YEAR, after_month
from services.reporting.recorded import day_end
from services.reporting.tags import tag

_MONTHS_BACK: Final = 120
"""How far the slider goes back; any other day can still be typed."""
_KEPT: Final = 64
"""Pages, of some 20 kilobytes each."""


def router(resources: Resources, trees: Trees) -> APIRouter:
    """Return the routes of the dashboard."""
    routes, kept = APIRouter(include_in_schema=False), pages.Kept(_KEPT)
    routes.include_router(files.router())

    @routes.get("/")
    async def dashboard(
        request: Request, unit: str | None = None, as_of: str | None = None, known_on: str | None = None
    ) -> Response:
        try:
            parameters.only(request, "unit", "as_of", "known_on")
            today = parameters.today()
            found = await _page(
                parameters.code(unit or None), _day(as_of, today), _known_on(known_on, today), today
            )
        except Problem as problem:
            return _wrong(request, problem)
        except TRANSIENT as error:
            logger().warning("answer-unavailable", error=type(error).__name__)
            return _wrong(request, unavailable())
        return pages.answer(request, found)

    async def _page(unit: str | None, as_of: date, known_on: date | None, today: date) -> pages.Page:
        async with snapshot(resources.pool, trees, day_end(known_on) if known_on else None) as known:
            key = tag((unit, as_of, known_on), known.mark, today=today)
            found = kept.get(key)
            if found is None:
                shown = await view.look(known, unit=unit, as_of=as_of, known_on=known_on, today=today)
                slider = {"first": after_month(today, -_MONTHS_BACK), "steps": _MONTHS_BACK}
                found = pages.page("dashboard.html", {"view": shown, "slider": slider})
                kept.keep(key, found)
            return found

    return routes


def _day(text: str | None, today: date) -> date:
    found = parameters.day(text) if text else today
    if not FIRST_YEAR + 2 <= found.year <= LAST_YEAR:
        raise parameters.not_a_day("as_of")  # trends go back two years before it
    return found


def _known_on(text: str | None, today: date) -> date | None:
    """Return of which day's knowledge a page is; None for all that is known, as it is from today on."""
    found = parameters.day(text, name="known_on") if text else today
    return found if found < today else None


def _wrong(request: Request, problem: Problem) -> Response:
    # Who asks by what was known once may ask for what was not.
    without = (
        request.url.remove_query_params("known_on").query if "known_on" in request.query_params else None
    )
    found = pages.page("problem.html", {"problem": problem, "without": without})
    return pages.answer(request, found, status=problem.status)
