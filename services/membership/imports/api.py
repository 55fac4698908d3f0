"""The HTTP side of imports: the body of a request is the file."""

import asyncio
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from chassis.idempotency import Answer, documented_key, fingerprint
from chassis.imports import OnError
from chassis.openapi import Answers
from chassis.resources import Resources
from chassis.tables import MAX_BYTES
from chassis.uploads import read_body
from services.membership.answers import IMPORT, MEMBERS_FILE, ORGANISATIONS_FILE, TRANSFERS_FILE
from services.membership.columns import Kind
from services.membership.commands import run_once
from services.membership.downloads import download, file_content, unnamed_file
from services.membership.exports.sheets import MEDIA_TYPES, Form
from services.membership.imports.marked import MOST_MARKED, write_marked
from services.membership.imports.report import Report
from services.membership.imports.run import ImportRefused, Upload, import_file
from services.membership.requests import Text
from services.membership.store import Store

_XLSX: Final = MEDIA_TYPES[Form.XLSX]

_ANSWERS: Final[Answers] = {
    **IMPORT,
    **{
        status: {**IMPORT[status], "content": IMPORT[status].get("content", {}) | file_content(Form.XLSX)}
        for status in (200, 422)
    },
}

_OnError = Annotated[OnError, Query(description="What becomes of good rows when others are bad")]
_DryRun = Annotated[bool, Query(description="Only say what would come of it")]
_FileName = Annotated[Text, Query(description="The name that errors mention", max_length=200)]


def router(resources: Resources) -> APIRouter:
    """Return the routes that import files."""
    routes = APIRouter(
        prefix="/imports", tags=["imports"], responses=_ANSWERS, dependencies=[Depends(documented_key)]
    )

    @routes.post("/organisations", openapi_extra=ORGANISATIONS_FILE)
    async def organisations(
        request: Request,
        on_error: _OnError = OnError.ABORT,
        dry_run: _DryRun = False,
        file_name: _FileName = "organisations",
    ) -> Response:
        """Import a CSV or XLSX file of units; the body is the file.

        With `Accept` of an XLSX workbook a dry run or a refusal answers with the file, faulty cells marked.
        """
        upload = await _upload(request, file_name, on_error=on_error, dry_run=dry_run)
        return await _import(resources, request, Kind.ORGANISATIONS, upload)

    @routes.post("/members", openapi_extra=MEMBERS_FILE)
    async def members(
        request: Request,
        on_error: _OnError = OnError.ABORT,
        dry_run: _DryRun = False,
        file_name: _FileName = "members",
    ) -> Response:
        """Import a CSV or XLSX file of members; the body is the file.

        With `Accept` of an XLSX workbook a dry run or a refusal answers with the file, faulty cells marked.
        """
        upload = await _upload(request, file_name, on_error=on_error, dry_run=dry_run)
        return await _import(resources, request, Kind.MEMBERS, upload)

    @routes.post("/transfers", openapi_extra=TRANSFERS_FILE)
    async def transfers(
        request: Request,
        on_error: _OnError = OnError.ABORT,
        dry_run: _DryRun = False,
        file_name: _FileName = "transfers",
    ) -> Response:
        """Import a CSV or XLSX file of transfers, each on its way or received; the body is the file.

        With `Accept` of an XLSX workbook a dry run or a refusal answers with the file, faulty cells marked.
        """
        upload = await _upload(request, file_name, on_error=on_error, dry_run=dry_run)
        return await _import(resources, request, Kind.TRANSFERS, upload)

    return routes


async def _import(resources: Resources, request: Request, kind: Kind, upload: Upload) -> Response:
    if not _wants_workbook(request):
        return await _report(resources, request, kind, upload)
    upload = replace(upload, most_kept=MOST_MARKED)
    try:
        if not upload.dry_run:
            return await _report(resources, request, kind, upload)
        # What a dry run says is not kept with a key: it has no effect that must not happen twice, and the answer
        # holds all that the file holds.
        async with resources.pool.acquire() as connection, connection.transaction():
            report = await import_file(Store(connection, resources.event_log), kind, upload)
    except ImportRefused as refused:  # rolled back, with its key
        return await _marked(kind, upload, refused.report, status=refused.status)
    return await _marked(kind, upload, report)


async def _report(resources: Resources, request: Request, kind: Kind, upload: Upload) -> Response:
    asked = await asyncio.to_thread(
        fingerprint, request.method, request.url.path, request.url.query, upload.body
    )

    async def handle(store: Store) -> Answer:
        return Answer(200, (await import_file(store, kind, upload)).as_json())

    # A file of units holds many of them at once: in no order that suits a command on members of two of them.
    answer = await run_once(resources, request, asked, handle, alone=kind is Kind.ORGANISATIONS)
    return JSONResponse(answer.body, answer.status)


async def _marked(kind: Kind, upload: Upload, report: Report, *, status: int = 200) -> Response:
    async with unnamed_file() as file:
        await asyncio.to_thread(write_marked, file, kind, upload, report)
        return download(file, f"{kind}-errors", Form.XLSX, status=status)


def _wants_workbook(request: Request) -> bool:
    accepted = request.headers.get("Accept", "").split(",")
    return _XLSX in {media_range.partition(";")[0].strip().lower() for media_range in accepted}


async def _upload(request: Request, file_name: str, *, on_error: OnError, dry_run: bool) -> Upload:
    """Return the body of a request as a file. Raises Problem `file-too-large` (413), before reading if it can."""
    body = await read_body(request, file_name, MAX_BYTES)
    workbook = request.headers.get("Content-Type", "").partition(";")[0].strip().lower() == _XLSX
    return Upload(body, file_name, workbook=workbook, on_error=on_error, dry_run=dry_run)
