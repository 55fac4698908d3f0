"""The HTTP side of reports: a unit's month, quarter or year as a file, and the template that it is made by."""

import asyncio
import hashlib
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.papers import PaperFault, drawn, filled
from chassis.papers.http import Form as PaperForm
from chassis.papers.http import disposition, documented, faulty_template, paper
from chassis.preconditions import documented_if_none_match, not_modified, tagged
from chassis.rebuilding import reading
from chassis.resources import Resources
from chassis.settings import Settings
from services.reporting import parameters
from services.reporting.consumers import CONSUMERS
from services.reporting.dated_tree import Trees
from services.reporting.figures.periods import Period
from services.reporting.figures.query import mark
from services.reporting.parameters import Code, KnownAt
from services.reporting.recorded import local_day
from services.reporting.reports import answers, content
from services.reporting.reports.answers import Form, FormOfReport, PeriodOfReport, SpanOfReport
from services.reporting.reports.facts import Facts
from services.reporting.reports.gathering import gathered
from services.reporting.reports.pictures import pictures
from services.reporting.reports.spans import Reported, Span, last_over, whole
from services.reporting.reports.templates import FILE, template
from services.reporting.reports.workbook import workbook
from services.reporting.tags import tag

_NAME: Final = FILE.removesuffix(".docx")


def router(resources: Resources, trees: Trees) -> APIRouter:
    """Return the routes of reports."""
    routes = APIRouter(tags=["reports"])

    @routes.get("/reports/{span}", **answers.report())
    async def report(
        request: Request,
        *,
        span: SpanOfReport,
        unit: Code = None,
        period: PeriodOfReport = None,
        format_: FormOfReport = None,
        known_at: KnownAt = None,
    ) -> Response:
        """A unit's report of a month, quarter or year, with all below it: for people to read, sign and send.

        Without `unit` that of the only root. A period that is not over is told as far as it has come, and says so.
        All figures are those of `/v1/figures` and `/v1/movement`, of one snapshot; the report ends with up to which
        event and instant they are true.
        """
        parameters.only(request, "unit", "period", "format", "known_at")
        form, days = _form(format_), _days(span, period)
        code, instant = parameters.code(unit), parameters.instant(known_at)
        given = await asyncio.to_thread(template, resources.settings.templates)
        async with reading(resources.pool) as connection:
            marked = await mark(connection, CONSUMERS)
            if instant and instant >= marked.at:
                instant = None  # nothing was recorded since
            reported = Reported(span, days, local_day(instant or marked.at))
            said = (reported, form, instant, code, hashlib.sha256(given).digest(), resources.settings.place)
            known_as = tag(said, marked, today=local_day(marked.at))
            if known := not_modified(request, known_as):
                return known
            facts = await gathered(connection, trees, reported, unit=code, known_at=instant, mark=marked)
        # Drawing takes long enough to be felt by others who wait.
        file = await asyncio.to_thread(_file, facts, form, given, resources.settings)
        return Response(file, headers=_headers(facts, form, known_as), media_type=form.media_type)

    @routes.get(
        "/paper-templates/report",
        response_class=Response,
        responses=documented(PaperForm.DOCX),
        dependencies=[Depends(documented_if_none_match)],
    )
    async def report_template(request: Request) -> Response:
        """The template in use, to be edited in Word and put into the folder that CHIBO_TEMPLATES names."""
        given = await asyncio.to_thread(template, resources.settings.templates)
        return paper(request, given, PaperForm.DOCX, _NAME)

    return routes


def _form(text: str | None) -> Form:
    if text is None:
        return Form.PDF
    if text not in set(Form):
        raise parameters.wrong(
            "format", f"Không có dạng “{text[:50]}”; dùng được: {', '.join(Form)}.", allowed=tuple(Form)
        )
    return Form(text)


def _days(span: Span, text: str | None) -> Period:
    if text is None:
        return last_over(span, parameters.today())
    found = whole(span, text)
    if found is None:
        raise answers.not_a_period(span)
    return found


def _file(facts: Facts, form: Form, given: bytes, settings: Settings) -> bytes:
    """Return the report as a file. Raises Problem `faulty-template` (500)."""
    if form is Form.XLSX:
        return workbook(facts)
    title = f"Báo cáo {facts.reported.words}: {content.name_of(facts)}"
    try:
        document = filled(given, content.values(facts, place=settings.place) | pictures(facts), title=title)
        return drawn(document) if form is Form.PDF else document
    except PaperFault as fault:
        raise faulty_template(FILE, fault) from fault


def _headers(facts: Facts, form: Form, known_as: str) -> dict[str, str]:
    unit = f" {facts.unit.code}" if facts.unit else ""
    name = f"Báo cáo {facts.reported.words}{unit}.{form}"
    return {**tagged(known_as), "Content-Disposition": disposition(name), "X-Content-Type-Options": "nosniff"}
