"""What the commands on a record have in common: it is read under its lock, and answered with its version."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from chassis.database import Connection
from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from replicas.membership.leadership import terms_of
from services.meetings.commands import carry_out
from services.meetings.problems import unknown_meeting
from services.meetings.resolutions.domain import Decided, Record
from services.meetings.resolutions.numbering import Series, series_on
from services.meetings.resolutions.store import RecordStore


async def known_record(store: RecordStore, id_: UUID) -> Record:
    """Return the record of a meeting, held until the transaction ends. Raises Problem `unknown-meeting` (404)."""
    record = await store.record(id_)
    if record is None:
        raise unknown_meeting()
    return record


async def record_seen(request: Request, store: RecordStore, id_: UUID) -> Record:
    """Return the same as the caller last saw it. Raises as `known_record` and `check_if_match`."""
    record = await known_record(store, id_)
    check_if_match(request, record.meeting.version)
    return record


async def series_of(connection: Connection, record: Record) -> Series:
    """Return within what documents of a meeting are numbered."""
    return series_on(record.day, await terms_of(connection, record.meeting.plan.cell_id))


async def carry_out_record(
    resources: Resources, request: Request, handle: Callable[[RecordStore], Awaitable[Answer]]
) -> Response:
    """Run a command on a record in one transaction."""
    return await carry_out(
        resources, request, lambda store: handle(RecordStore(store.connection, resources.event_log))
    )


def answered(id_: UUID, decided: Decided, **made: Any) -> Answer:
    """Return the answer of a command that changed a record, with what it made."""
    warnings = [warning.as_json() for warning in decided.warnings]
    body = {"meeting_id": id_, "version": decided.version, "warnings": warnings, **made}
    return Answer(200, jsonable_encoder(body))
