"""The HTTP side of documents: posted for a meeting, listed, and read."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from chassis import commands
from chassis.faults import FaultsFound
from chassis.file_kinds import MAX_BYTES, file_name, kind_of
from chassis.idempotency import Answer, fingerprint
from chassis.refusals import refused
from chassis.resources import Resources
from chassis.uploads import read_body, stored_file
from contracts.notices import MeetingDocumentPosted, MeetingDocumentWithdrawn, WithdrawalReason
from rules.guidance import NoGuidanceError, guidances
from services.meetings.calendar import VIETNAM, local_day
from services.meetings.commands import carry_out_many, command_routes
from services.meetings.documents import store
from services.meetings.documents.answers import (
    Withdrawing,
    document_withdrawn,
    listing,
    posting,
    reading,
    unknown_document,
    withdrawing,
)
from services.meetings.documents.store import Document
from services.meetings.domain import Meeting
from services.meetings.faults import CONFLICTS, Fault
from services.meetings.problems import unknown_meeting
from services.meetings.queries import MeetingId
from services.meetings.reads import Actor, note_read
from services.meetings.requests import Instant, Text
from services.meetings.store import Store

_DocumentId = Annotated[UUID, Path(alias="document_id", description="A document's id")]
_FileName = Annotated[Text, Query(alias="file_name", description="What the file is called", max_length=200)]
_PostedAt = Annotated[Instant | None, Query(description="When members were given it; now by default")]


def router(resources: Resources) -> APIRouter:
    """Return the routes of documents."""
    routes, posts = APIRouter(tags=["queries"]), command_routes()

    @posts.post("/meetings/{id}/documents", status_code=201, **posting())
    async def post(
        request: Request, id_: MeetingId, name: _FileName = "tai-lieu", posted_at: _PostedAt = None
    ) -> Response:
        """Post a document for a meeting; the body is the file. The same file twice is kept once."""
        body = await read_body(request, name, MAX_BYTES)
        now = datetime.now(UTC)
        try:
            new = await asyncio.to_thread(
                _new_document, id_, body, name=name, posted_at=posted_at or now, now=now
            )
            asked = await asyncio.to_thread(
                fingerprint, request.method, request.url.path, request.url.query, body
            )
            answer = await commands.run_once(
                resources,
                request,
                asked,
                lambda connection: _post(Store(connection, resources.event_log), new, body, now),
            )
        except FaultsFound as found:
            raise refused(found, CONFLICTS) from None
        return JSONResponse(answer.body, answer.status)

    @posts.post("/meetings/{id}/documents/{document_id}/withdrawal", **withdrawing())
    async def withdraw(
        request: Request, id_: MeetingId, document_id: _DocumentId, asked: Withdrawing
    ) -> Response:
        """Take a document back: a mistaken one, one that another replaces, or a confidential one, which is erased."""

        async def handle(its: Store) -> Answer:
            return await _withdraw(its, id_, document_id, asked)

        return await carry_out_many(resources, request, handle)

    @routes.get("/meetings/{id}/documents", **listing())
    async def documents(id_: MeetingId) -> dict[str, Any]:
        """The documents of a meeting, in the order in which they were posted."""
        async with resources.pool.acquire() as connection:
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM meetings WHERE id = $1)", id_):
                raise unknown_meeting()
            return {"items": store.as_json(await store.posted(connection, id_))}

    @routes.get("/meetings/{id}/documents/{document_id}", **reading())
    async def document(id_: MeetingId, document_id: _DocumentId, actor: Actor = "unknown") -> Response:
        """One document. It may speak of people: who read it is noted."""
        async with resources.pool.acquire() as connection, connection.transaction():
            found = await store.document(connection, id_, document_id)
            if found is None:
                raise unknown_document()
            if found.withdrawal not in {None, WithdrawalReason.REPLACED}:
                raise document_withdrawn()
            body = await store.contents(connection, found)
            await note_read(connection, actor, f"meetings/{id_}/documents/{document_id}", 1)
        return stored_file(body, found.file_name, found.media_type)

    routes.include_router(posts)
    return routes


def _new_document(id_: UUID, body: bytes, *, name: str, posted_at: datetime, now: datetime) -> Document:
    """Return what is to be posted. Raises FaultsFound where it is no such file, or was not posted by now."""
    kind = kind_of(body)
    faults = [] if kind else [Fault("file-kind-unknown", None)]
    if posted_at > now:
        faults.append(Fault("posted-in-the-future", "posted_at"))
    if kind is None or faults:
        raise FaultsFound(faults)
    return Document(
        id=uuid4(),
        meeting_id=id_,
        sha256=sha256(body).digest(),
        media_type=kind.media_type,
        size=len(body),
        file_name=file_name(name, kind),
        posted_at=posted_at,
    )


async def _post(its: Store, new: Document, body: bytes, now: datetime) -> Answer:
    meeting = await its.meeting(new.meeting_id)  # held: two who post the same file wait for each other
    if meeting is None:
        raise unknown_meeting()
    if known := await store.posted_once(its.connection, new.meeting_id, new.sha256):
        return _answer(200, meeting, known)
    await store.post(its.connection, new, body, now)
    event = MeetingDocumentPosted(
        effective_date=local_day(new.posted_at),
        meeting_document_id=new.id,
        meeting_id=new.meeting_id,
        sha256=new.sha256.hex(),
        size=new.size,
        media_type=new.media_type,
    )
    await its.append(event, 1)
    return _answer(201, meeting, new)


async def _withdraw(its: Store, id_: UUID, document_id: UUID, asked: Withdrawing) -> Answer:
    meeting = await its.meeting(id_)  # held: nothing is posted or taken back meanwhile
    if meeting is None:
        raise unknown_meeting()
    documents = {one.id: one for one in await store.posted(its.connection, id_)}
    found = documents.get(document_id)
    if found is None:
        raise unknown_document()
    if found.withdrawn_at is not None:
        raise FaultsFound(
            [Fault("document-withdrawn", None, {"day": f"{local_day(found.withdrawn_at):%d/%m/%Y}"})]
        )
    if (asked.reason is WithdrawalReason.REPLACED) != (asked.replaced_by is not None):
        raise FaultsFound([Fault("replacement-missing", "replaced_by")])
    if asked.replaced_by is not None:
        other = documents.get(asked.replaced_by)
        if other is None or other == found or other.withdrawn_at is not None:
            raise FaultsFound([Fault("replacement-unknown", "replaced_by")])
    now = datetime.now(UTC)
    gone = replace(found, withdrawn_at=now, withdrawal=asked.reason, replaced_by=asked.replaced_by)
    await store.withdraw(its.connection, gone)
    event = MeetingDocumentWithdrawn(
        effective_date=local_day(now),
        meeting_document_id=gone.id,
        meeting_id=id_,
        reason=asked.reason,
        replaced_by=gone.replaced_by,
    )
    await its.append(event, 2)
    [body] = store.as_json([gone])
    return Answer(200, body | {"warnings": []})


def _answer(status: int, meeting: Meeting, document: Document) -> Answer:
    [body] = store.as_json([document])
    warnings = [warning.as_json() for warning in _late(meeting, document.posted_at)]
    return Answer(status, body | {"warnings": warnings})


def _late(meeting: Meeting, posted_at: datetime) -> list[Fault]:
    """Return the warning of a document that came later than the guidance of the meeting's day asks for."""
    starts_at = meeting.plan.starts_at
    if starts_at is None:
        return []
    day, posted_on = local_day(starts_at), local_day(posted_at)
    try:
        guidance = guidances().on(day)
    except NoGuidanceError:
        return []
    days = guidance.documents_days_before
    if days is None or (day - posted_on).days >= days:
        return []
    facts = {
        "source": guidance.source,
        "days": days,
        "posted": f"{posted_on:%d/%m/%Y}",
        "start": f"{starts_at.astimezone(VIETNAM):%d/%m/%Y}",
    }
    return [Fault("document-late", "posted_at", facts)]
