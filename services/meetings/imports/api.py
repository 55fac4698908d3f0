"""The HTTP side of importing past meetings: the body of a request is the file."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from chassis.commands import run_once
from chassis.database import Connection
from chassis.idempotency import Answer, documented_key, fingerprint
from chassis.imports import OnError, Upload
from chassis.resources import Resources
from chassis.tables import MAX_BYTES
from chassis.uploads import read_body
from services.meetings.imports.answers import IMPORT, MEETINGS_FILE
from services.meetings.imports.run import import_meetings
from services.meetings.requests import Text
from services.meetings.store import Store

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_OnError = Annotated[OnError, Query(description="What becomes of good rows when others are bad")]
_DryRun = Annotated[bool, Query(description="Only say what would come of it")]
_FileName = Annotated[Text, Query(description="The name that errors mention", max_length=200)]


def router(resources: Resources) -> APIRouter:
    """Return the routes that import files."""
    routes = APIRouter(
        prefix="/imports", tags=["imports"], responses=IMPORT, dependencies=[Depends(documented_key)]
    )

    @routes.post("/meetings", openapi_extra=MEETINGS_FILE)
    async def meetings(
        request: Request,
        on_error: _OnError = OnError.ABORT,
        dry_run: _DryRun = False,
        file_name: _FileName = "meetings",
    ) -> Response:
        """Import a CSV or XLSX file of past meetings, one row a meeting; the body is the file.

        They are known from a book's summary: attendance in figures, no roll, no scores. What is recorded already is
        never altered; only a meeting put off may turn out to have been held.
        """
        body = await read_body(request, file_name, MAX_BYTES)
        media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        upload = Upload(body, file_name, workbook=media_type == _XLSX, on_error=on_error, dry_run=dry_run)
        asked = await asyncio.to_thread(
            fingerprint, request.method, request.url.path, request.url.query, body
        )

        async def handle(connection: Connection) -> Answer:
            store = Store(connection, resources.event_log)
            return Answer(200, await import_meetings(store, upload, now=datetime.now(UTC)))

        answer = await run_once(resources, request, asked, handle)
        return JSONResponse(answer.body, answer.status)

    return routes
