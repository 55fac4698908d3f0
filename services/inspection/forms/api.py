"""The HTTP side of the sheet: given out for a meeting and a team, and taken back with what was filled in."""

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ConfigDict

from chassis.faults import FaultsFound
from chassis.idempotency import Answer, fingerprint
from chassis.import_answers import BINARY, XLSX
from chassis.openapi import example, invalid_at, problem_answers
from chassis.papers.http import disposition
from chassis.problems import unavailable
from chassis.refusals import refused
from chassis.resources import Resources
from chassis.uploads import file_too_large, read_body
from replicas.membership.unit_names import NAMELESS, names_on
from services.inspection.answers import DONE
from services.inspection.commands import command_routes, run
from services.inspection.faults import CONFLICTS, Fault
from services.inspection.findings.finding import Seen
from services.inspection.findings.store import FindingStore
from services.inspection.forms.reading import Sheet, read_sheet
from services.inspection.forms.writing import Known, written
from services.inspection.imports.columns import KINDS
from services.inspection.problems import unknown_team
from services.inspection.reads import reading
from services.inspection.requests import Text
from services.inspection.store import Store
from services.inspection.teams.store import known_team
from services.inspection.visits.answers import CHANGED_EXAMPLE, ChangedVisit
from services.inspection.visits.domain import Report, decide_visit, visit_day
from services.inspection.visits.queries import visit_json
from services.inspection.visits.store import VisitStore, checklist_of, guidance_of

_MOST_BYTES: Final = 4 * 1024 * 1024
_MeetingId = Annotated[UUID, Query(description="A meeting's id")]
_Team = Annotated[Text, Query(description="A team's code", max_length=32)]
_Visitors = Annotated[
    list[UUID], Query(alias="visitor_id", description="Who goes there", max_length=20, default_factory=list)
]
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The sheet that `GET /v1/visit-form` gave out, filled in",
        "content": {"application/octet-stream": {"schema": BINARY}, XLSX: {"schema": BINARY}},
    }
}


class FiledVisit(ChangedVisit):
    """A visit as a sheet has it, and the findings that it made."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example(CHANGED_EXAMPLE | {"finding_ids": []})
    )

    finding_ids: list[UUID]


def router(resources: Resources) -> APIRouter:
    """Return the routes of the sheet."""
    routes = APIRouter()
    routes.include_router(_out(resources))
    routes.include_router(_in(resources))
    return routes


def _out(resources: Resources) -> APIRouter:
    routes = APIRouter(tags=["queries"])

    @routes.get(
        "/visit-form",
        response_class=Response,
        responses={
            200: {"description": "The sheet", "content": {XLSX: {"schema": BINARY}}},
            **problem_answers(
                unknown_team("TCT-9"),
                refused(FaultsFound([Fault("meeting-cancelled", "meeting_id")]), CONFLICTS),
                refused(FaultsFound([Fault("unknown-meeting", "meeting_id")]), CONFLICTS),
                invalid_at("query.meeting_id"),
                unavailable(),
            ),
        },
    )
    async def form(meeting_id: _MeetingId, team: _Team, visitors: _Visitors) -> Response:
        """A sheet for a visit, as a workbook: the meeting filled in, lists to pick from, the rest to write on."""
        async with reading(resources.pool) as connection:
            its = await known_team(connection, team)
            try:
                meeting = await VisitStore(Store(connection, resources.event_log)).meeting(meeting_id)
                day = visit_day(Report(), meeting)
                checklist, guidance = checklist_of(day), guidance_of(day)
            except FaultsFound as found:
                raise refused(found, CONFLICTS) from None
            names = await names_on(connection, [meeting.cell_id], day)
        cell = names.get(meeting.cell_id, NAMELESS)
        known = Known(
            meeting_id=str(meeting_id),
            team_code=its.terms.code,
            cell=f"{cell.code} {cell.name}",
            kind=KINDS.label(meeting.kind),
            day=day,
            visitor_ids=[str(one) for one in visitors],
        )
        content = await asyncio.to_thread(written, known, checklist, guidance)
        headers = {
            "Content-Disposition": disposition(f"Phiếu dự {cell.code} {day:%d-%m-%Y}.xlsx"),
            "Cache-Control": "no-store",
        }
        return Response(content, headers=headers, media_type=XLSX)

    return routes


def _in(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post(
        "/visit-forms",
        status_code=201,
        openapi_extra=_FILE,
        responses={
            201: {"model": FiledVisit, "description": DONE},
            **problem_answers(unknown_team("TCT-9"), file_too_large("phieu-du.xlsx", _MOST_BYTES)),
        },
    )
    async def file(request: Request) -> Response:
        """Record a visit and its findings from a sheet that was filled in: all of it or, with what is wrong in which
        cell, nothing.
        """
        body = await read_body(request, "phieu-du.xlsx", _MOST_BYTES)
        asked = fingerprint(request.method, request.url.path, request.url.query, body)
        answer = await run(resources, request, lambda store: _file(store, body), asked=asked)
        return JSONResponse(answer.body, answer.status)

    return routes


async def _file(store: Store, body: bytes) -> Answer:
    head, sheet = await asyncio.to_thread(read_sheet, body)
    visits, team = VisitStore(store), await known_team(store.connection, head.team_code, hold=True)
    meeting = await visits.meeting(head.meeting_id)
    its = checklist_of(visit_day(Report(visited_on=head.visited_on), meeting))
    sheet.check_list(its)
    report, found = sheet.report(its, head), sheet.findings(its)
    if sheet.faults:
        raise FaultsFound(sheet.faults)
    try:
        around = await visits.around(report, meeting, team)
        decided = decide_visit(report, meeting=meeting, around=around, new_id=uuid4())
    except FaultsFound as faults:
        raise FaultsFound([_in_cell(sheet, fault) for fault in faults.faults]) from None
    await visits.save(decided)
    facts, ids = decided.state.facts, []
    seen = Seen(visit_id=decided.state.id, cell_id=facts.cell_id, on=facts.visited_on)
    for code, one in found:
        try:
            opened = await FindingStore(store).open(one, seen, uuid4())
        except FaultsFound as faults:
            places = {"limitation": 0, "axis": 0, "severity": 1, "due_on": 2}
            raise FaultsFound(
                [
                    Fault(fault.code, sheet.place(code, places.get(fault.column or "", 3)), fault.parameters)
                    for fault in faults.faults
                ]
            ) from None
        ids.append(str(opened.state.id))
    said = await visit_json(store.connection, decided.state)
    warnings = [warning.as_json() for warning in decided.warnings]
    return Answer(201, said | {"warnings": warnings, "finding_ids": ids})


def _in_cell(sheet: Sheet, fault: Any) -> Fault:
    """Return a fault of the domain with the cell that it is about, where it is about one."""
    facts = fault.parameters
    code = {
        "books": f"book:{facts.get('code')}",
        "points": f"points:{facts.get('criterion')}",
        "visited_on": "meta:visited_on",
    }.get(fault.column or "", "")
    return Fault(fault.code, sheet.place(code) if code in sheet.rows else fault.column, facts)
