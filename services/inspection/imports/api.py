"""The HTTP side of importing past visits and findings: the body of a request is the file."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from chassis.idempotency import Answer, documented_key, fingerprint
from chassis.import_answers import XLSX, file_body, import_answers
from chassis.imports import OnError, Upload
from chassis.resources import Resources
from chassis.tables import MAX_BYTES
from chassis.uploads import read_body
from services.inspection.commands import run
from services.inspection.faults import Fault
from services.inspection.imports.columns import FINDINGS, VISITS
from services.inspection.imports.run import import_findings, import_visits
from services.inspection.requests import Text
from services.inspection.store import Store

VISITS_EXAMPLE: Final = (
    f"{','.join(column.name for column in VISITS.columns)}\n"
    "TCT-0,K.01.02,regular,2020-11,2020-11-03,fair,good,good,fair,good,-,member_list,-,minutes_read,"
    "5,5,8,5,20,8,5,25,4.5,Gửi dự thảo trước.\n"
)
FINDINGS_EXAMPLE: Final = (
    f"{','.join(column.name for column in FINDINGS.columns)}\n"
    "TCT-0,K.01.02,regular,2020-11,awkwardness,,minor,Lúng túng khi kết luận.,2020-12-20,2020-12-10,"
    "Biên bản tháng 12.,\n"
)
_OnError = Annotated[OnError, Query(description="What becomes of good rows when others are bad")]
_DryRun = Annotated[bool, Query(description="Only say what would come of it")]
_FileName = Annotated[Text, Query(description="The name that errors mention", max_length=200)]
_UNKNOWN: Final = Fault("unknown-cell", "cell_code", {"code": "K.99"})


def router(resources: Resources) -> APIRouter:
    """Return the routes that import files."""
    routes = APIRouter(prefix="/imports", tags=["imports"], dependencies=[Depends(documented_key)])

    @routes.post(
        "/visits", openapi_extra=file_body(VISITS_EXAMPLE), responses=import_answers("visits.csv", _UNKNOWN)
    )
    async def visits(
        request: Request,
        on_error: _OnError = OnError.ABORT,
        dry_run: _DryRun = False,
        file_name: _FileName = "visits",
    ) -> Response:
        """Import a CSV or XLSX file of past visits, one row a visit, of meetings that are known.

        What is recorded already is never altered.
        """
        return await _run(resources, request, (file_name, on_error, dry_run), import_visits)

    @routes.post(
        "/findings",
        openapi_extra=file_body(FINDINGS_EXAMPLE),
        responses=import_answers("findings.csv", _UNKNOWN),
    )
    async def findings(
        request: Request,
        on_error: _OnError = OnError.ABORT,
        dry_run: _DryRun = False,
        file_name: _FileName = "findings",
    ) -> Response:
        """Import a CSV or XLSX file of findings of visits that are recorded, one row a finding.

        One that is known goes on in its life as far as its row says; nothing else of it is altered.
        """
        return await _run(resources, request, (file_name, on_error, dry_run), import_findings)

    return routes


async def _run(
    resources: Resources,
    request: Request,
    wish: tuple[str, OnError, bool],
    import_: Callable[[Store, Upload], Awaitable[dict[str, Any]]],
) -> Response:
    file_name, on_error, dry_run = wish
    body = await read_body(request, file_name, MAX_BYTES)
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    upload = Upload(body, file_name, workbook=media_type == XLSX, on_error=on_error, dry_run=dry_run)
    asked = await asyncio.to_thread(fingerprint, request.method, request.url.path, request.url.query, body)

    async def handle(store: Store) -> Answer:
        return Answer(200, await import_(store, upload))

    answer = await run(resources, request, handle, asked=asked)
    return JSONResponse(answer.body, answer.status)
