"""Files attached to a visit: photographs of books, reports of what was mended; bytes once, by their SHA-256."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ConfigDict

from chassis.database import Connection
from chassis.faults import FaultsFound
from chassis.file_kinds import MAX_BYTES, FileKind, file_name, kind_of
from chassis.idempotency import Answer, fingerprint
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import unavailable
from chassis.resources import Resources
from chassis.uploads import file_too_large, read_body, stored_file
from contracts.visits import VisitFileAttached
from services.inspection.answers import Said
from services.inspection.commands import command_routes, run
from services.inspection.days import local_day
from services.inspection.faults import Fault
from services.inspection.problems import unknown_attachment, unknown_visit
from services.inspection.reads import Actor, note_read, reading
from services.inspection.requests import Text
from services.inspection.store import Store
from services.inspection.visits.queries import VisitId
from services.inspection.visits.store import VisitStore

_AttachmentId = Annotated[UUID, Path(alias="attachment_id", description="An attachment's id")]
_FileName = Annotated[Text, Query(alias="file_name", description="What the file is called", max_length=200)]
_BINARY: Final = {"type": "string", "format": "binary"}
_BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "The file itself: PDF, DOCX, XLSX, PNG or JPEG; which one is told by its content",
        "content": {"application/octet-stream": {"schema": _BINARY}},
    }
}
_EXAMPLE: Final[dict[str, Any]] = {
    "id": "01937b2e-5f00-7a10-8c00-000000000113",
    "file_name": "so-bien-ban.jpg",
    "media_type": "image/jpeg",
    "size": 48213,
    "sha256": "5f" * 32,
    "recorded_at": "2020-06-04T02:00:00+00:00",
}
_LISTED: Final = """
    SELECT attachment.id, attachment.file_name, attachment.sha256, attachment.recorded_at, media_type,
           length(bytes) AS size
    FROM attachments AS attachment JOIN file_contents USING (sha256)
    WHERE visit_id = $1 AND ($2::uuid IS NULL OR attachment.id = $2) ORDER BY recorded_at, attachment.id
"""
_KEEP: Final = (
    "INSERT INTO file_contents (sha256, media_type, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
)
_ATTACH: Final = """
    INSERT INTO attachments (id, visit_id, sha256, file_name, recorded_at) VALUES ($1, $2, $3, $4, $5)
"""
_CONTENT: Final = """
    SELECT file_name, media_type, bytes FROM attachments JOIN file_contents USING (sha256)
    WHERE visit_id = $1 AND attachments.id = $2
"""


class Attachment(Said):
    """A file attached to a visit."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_EXAMPLE))

    id: UUID
    file_name: str
    media_type: str
    size: int
    """In bytes."""
    sha256: str
    """Of its bytes, in hexadecimal."""
    recorded_at: datetime


class Attachments(Said):
    """The files attached to a visit, in their order."""

    model_config = ConfigDict(json_schema_extra=example({"items": [_EXAMPLE]}))

    items: list[Attachment]


def router(resources: Resources) -> APIRouter:
    """Return the routes of attachments."""
    routes, posts = APIRouter(tags=["queries"]), command_routes()

    @posts.post(
        "/visits/{id}/attachments",
        status_code=201,
        openapi_extra=_BODY,
        responses={
            200: {"model": Attachment, "description": "It was attached before, and is kept once"},
            201: {"model": Attachment, "description": "Done; its event is recorded for good"},
            **problem_answers(unknown_visit(), file_too_large("so-bien-ban.jpg", MAX_BYTES)),
        },
    )
    async def attach(request: Request, id_: VisitId, name: _FileName = "tai-lieu") -> Response:
        """Attach a file to a visit; the body is the file. The same file twice is kept once."""
        body = await read_body(request, name, MAX_BYTES)
        kind, digest = kind_of(body), await asyncio.to_thread(sha256, body)
        asked = await asyncio.to_thread(
            fingerprint, request.method, request.url.path, request.url.query, body
        )

        async def handle(store: Store) -> Answer:
            if kind is None:
                raise FaultsFound([Fault("file-kind-unknown")])
            visit = await VisitStore(store).visit(id_)  # held: two who attach one file wait for each other
            if visit is None or visit.withdrawn:
                raise unknown_visit()
            return await _attach(
                store, id_, body, digest=digest.digest(), kind=kind, name=file_name(name, kind)
            )

        answer = await run(resources, request, handle, asked=asked)
        return JSONResponse(answer.body, answer.status)

    @routes.get(
        "/visits/{id}/attachments",
        response_model=Attachments,
        responses=problem_answers(unknown_visit(), invalid_at("path.id"), unavailable()),
    )
    async def attachments(id_: VisitId) -> dict[str, Any]:
        """The files attached to a visit, in the order in which they were attached."""
        async with reading(resources.pool) as connection:
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM visits WHERE id = $1)", id_):
                raise unknown_visit()
            return {"items": await _listed(connection, id_)}

    @routes.get(
        "/visits/{id}/attachments/{attachment_id}",
        response_class=Response,
        responses={
            200: {
                "description": "The file",
                "content": {kind.media_type: {"schema": _BINARY} for kind in FileKind},
            },
            **problem_answers(unknown_attachment(), invalid_at("path.id"), unavailable()),
        },
    )
    async def attachment(id_: VisitId, attachment_id: _AttachmentId, actor: Actor = "unknown") -> Response:
        """One file. It may speak of people: who read it is noted."""
        async with reading(resources.pool) as connection:
            found = await connection.fetchrow(_CONTENT, id_, attachment_id)
            if found is None:
                raise unknown_attachment()
            await note_read(connection, actor, f"visit:{id_}/attachments/{attachment_id}", 1)
        return stored_file(found["bytes"], found["file_name"], found["media_type"])

    routes.include_router(posts)
    return routes


async def _attach(
    store: Store, visit_id: UUID, body: bytes, *, digest: bytes, kind: FileKind, name: str
) -> Answer:
    connection = store.connection
    known = await connection.fetchval(
        "SELECT id FROM attachments WHERE visit_id = $1 AND sha256 = $2", visit_id, digest
    )
    if known is not None:
        return Answer(200, (await _listed(connection, visit_id, known))[0])
    id_, now = uuid4(), datetime.now(UTC)
    await connection.execute(_KEEP, digest, kind.media_type, body)
    await connection.execute(_ATTACH, id_, visit_id, digest, name, now)
    event = VisitFileAttached(
        effective_date=local_day(now),
        visit_file_id=id_,
        visit_id=visit_id,
        sha256=digest.hex(),
        size=len(body),
        media_type=kind.media_type,
    )
    await store.append(event, 1)
    return Answer(201, (await _listed(connection, visit_id, id_))[0])


async def _listed(connection: Connection, visit_id: UUID, id_: UUID | None = None) -> list[dict[str, Any]]:
    return [
        {
            "id": str(row["id"]),
            "file_name": row["file_name"],
            "media_type": row["media_type"],
            "size": row["size"],
            "sha256": row["sha256"].hex(),
            "recorded_at": row["recorded_at"].isoformat(),
        }
        for row in await connection.fetch(_LISTED, visit_id, id_)
    ]
