"""The HTTP side of the list of limitations as a paper. It names cells and no person."""

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from chassis.database import Connection
from chassis.openapi import invalid_at, problem_answers
from chassis.papers import PaperFault, drawn, filled
from chassis.papers.http import Form, documented, faulty_template, paper
from chassis.papers.templates import template
from chassis.preconditions import documented_if_none_match
from chassis.problems import unavailable
from chassis.resources import Resources
from replicas.membership.problems import unknown_unit
from replicas.membership.tree import Units
from replicas.membership.unit_names import NAMELESS, names_on
from services.inspection.evaluations.api import Year, limitations_of
from services.inspection.papers.content import limitation_values
from services.inspection.reads import reading, today
from services.inspection.visits.queries import UnitCode

_OWN: Final = Path(__file__).parent / "templates"
_FILE: Final = "danh-muc-han-che.docx"
_Wanted = Annotated[
    Form, Query(alias="format", description="As PDF, or as a Word document that can be edited")
]


def router(resources: Resources) -> APIRouter:
    """Return the routes of papers."""
    routes = APIRouter(tags=["queries"])

    @routes.get(
        "/limitations/paper",
        response_class=Response,
        dependencies=[Depends(documented_if_none_match)],
        responses={
            **documented(*Form),
            **problem_answers(
                unknown_unit("K.99"),
                invalid_at("query.format"),
                faulty_template(_FILE, PaperFault("chỗ điền không dùng được: 'nam_sau' is undefined")),
                unavailable(),
            ),
        },
    )
    async def limitations(
        request: Request, year: Year, unit: UnitCode = None, form: _Wanted = Form.PDF
    ) -> Response:
        """The list of limitations of a year, for the next year's plan, as a paper; nobody is named in it."""
        settings, day = resources.settings, min(date(year, 12, 31), today())
        async with reading(resources.pool) as connection:
            listed = await limitations_of(connection, year, unit)
            its, above = await _heading(connection, unit, day)
        values = limitation_values(listed, unit=its, above=above, place=settings.place, day=day)
        # Drawing takes long enough to be felt by others who wait.
        content = await asyncio.to_thread(_made, values, form, settings.templates)
        return paper(request, content, form, f"Danh mục hạn chế {year} {unit or ''}".strip())

    @routes.get(
        "/paper-templates/limitations",
        response_class=Response,
        dependencies=[Depends(documented_if_none_match)],
        responses={**documented(Form.DOCX), **problem_answers(unavailable())},
    )
    async def template_in_use(request: Request) -> Response:
        """The template in use, to be edited in Word and put into the folder that CHIBO_TEMPLATES names."""
        content = await asyncio.to_thread(template, _FILE, _OWN, resources.settings.templates)
        return paper(request, content, Form.DOCX, _FILE.removesuffix(".docx"))

    return routes


async def _heading(connection: Connection, code: str | None, day: date) -> tuple[str, str | None]:
    """Return what a unit is called, and the one above it; the whole of the tree where none is asked for."""
    units = await Units.read(connection)
    parents = {unit: parent for parent, its in units.tree_on(day).items() for unit in its}
    unit = next((one for one, parent in parents.items() if parent is None), None)
    if code is not None:
        unit = units.of_code(code)
    above = parents.get(unit) if unit else None
    names = await names_on(connection, [one for one in (unit, above) if one], day)
    its = names.get(unit, NAMELESS) if unit else NAMELESS
    return its.name, names[above].name if above in names else None


def _made(values: Mapping[str, Any], form: Form, folder: Path | None) -> bytes:
    """Return the file of the list. Raises Problem `faulty-template` (500)."""
    title = f"Danh mục hạn chế năm {values['nam']}"
    try:
        document = filled(template(_FILE, _OWN, folder), values, title=title)
        return document if form is Form.DOCX else drawn(document)
    except PaperFault as fault:
        raise faulty_template(_FILE, fault) from fault
