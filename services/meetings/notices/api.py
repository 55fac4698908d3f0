"""The HTTP side of notices: whom they reach, what became of them, and calendar files."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from chassis import calendars
from chassis.database import Connection
from chassis.letters.answers import delivery_json
from chassis.letters.contact_routes import ContactBook
from chassis.openapi import no_such_path
from chassis.resources import Resources
from contracts.meetings import MeetingStatus
from replicas.membership.recipients import contacts_of_register
from rules.guidance import NoGuidanceError, guidances
from services.meetings import store
from services.meetings.calendar import local_day
from services.meetings.commands import carry_out, command_routes
from services.meetings.domain import Meeting
from services.meetings.notices import answers
from services.meetings.notices.notice import content, expected_minutes, title
from services.meetings.notices.outbox import cell_name
from services.meetings.problems import unknown_cell, unknown_meeting
from services.meetings.queries import MEETING, CellCode, MeetingId, known_cell
from services.meetings.reads import note_read

_SHOWN_FOR: Final = timedelta(days=366)
"""How long a meeting stays in the calendar of its cell [C]."""
_OF_CELL: Final = f"""{MEETING}
    WHERE meeting.cell_id = $1 AND announced_on IS NOT NULL AND starts_at > $2
    ORDER BY starts_at, meeting.id
"""
_NOTICES: Final = "SELECT * FROM notices WHERE meeting_id = $1 ORDER BY meeting_version DESC"
_DELIVERIES: Final = """
    SELECT * FROM deliveries WHERE notice_id = ANY($1::uuid[]) ORDER BY kind, recipient_id
"""


def router(resources: Resources) -> APIRouter:
    """Return the routes of contacts, notices and calendar files."""
    routes = APIRouter()
    book = ContactBook(
        resources.pool, command_routes, partial(carry_out, resources), note_read, about="meetings"
    )
    routes.include_router(contacts_of_register(book))
    routes.include_router(_reads(resources))
    return routes


def _reads(resources: Resources) -> APIRouter:
    routes = APIRouter(tags=["queries"])

    @routes.get("/meetings/{id}/notices", **answers.notices())
    async def notices(id_: MeetingId) -> dict[str, Any]:
        """Who was told of a meeting, after which change, and who could not be reached. By ids, without addresses."""
        async with resources.pool.acquire() as connection, connection.transaction():
            await _meeting(connection, id_)
            told = await connection.fetch(_NOTICES, id_)
            deliveries = await connection.fetch(_DELIVERIES, [row["id"] for row in told])
        return {"items": [_notice_json(row, deliveries) for row in told]}

    @routes.get("/meetings/{id}/calendar.ics", **answers.calendar_file(unknown_meeting()))
    async def of_meeting(id_: MeetingId) -> Response:
        """One meeting for calendar programs; one that is off is taken out of them."""
        async with resources.pool.acquire() as connection, connection.transaction():
            meeting = await _meeting(connection, id_)
            name = await _cell_name(connection, meeting)
        entry = _entry(meeting, name)
        off = entry.status is calendars.Status.CANCELLED
        return _file(
            [entry], calendars.Method.CANCEL if off else calendars.Method.PUBLISH, resources, "lich-hop"
        )

    @routes.get(
        "/cells/{code:path}/calendar.ics",
        **answers.calendar_file(unknown_cell("K.99.01"), no_such_path()),
    )
    async def of_cell(code: CellCode) -> Response:
        """The meetings of a cell that were announced, of the last year and to come, to subscribe to."""
        now = datetime.now(UTC)
        async with resources.pool.acquire() as connection, connection.transaction():
            cell = await known_cell(connection, code)
            rows = await connection.fetch(_OF_CELL, cell.id, now - _SHOWN_FOR)
        entries = [_entry(store.meeting(row), cell.name) for row in rows]
        return _file(
            entries, calendars.Method.PUBLISH, resources, "lich-chi-bo", name=f"Lịch họp {cell.name}"
        )

    return routes


async def _meeting(connection: Connection, id_: UUID) -> Meeting:
    row = await connection.fetchrow(f"{MEETING} WHERE meeting.id = $1", id_)
    if row is None:
        raise unknown_meeting()
    return store.meeting(row)


async def _cell_name(connection: Connection, meeting: Meeting) -> str:
    starts_at = meeting.plan.starts_at
    return await cell_name(
        connection, meeting.plan.cell_id, local_day(starts_at) if starts_at else meeting.plan.month
    )


_STATUS: Final[Mapping[MeetingStatus, calendars.Status]] = {
    MeetingStatus.PLANNED: calendars.Status.TENTATIVE,
    MeetingStatus.AGREED: calendars.Status.TENTATIVE,
    MeetingStatus.ANNOUNCED: calendars.Status.CONFIRMED,
    MeetingStatus.HELD: calendars.Status.CONFIRMED,
    MeetingStatus.POSTPONED: calendars.Status.CANCELLED,
    MeetingStatus.CANCELLED: calendars.Status.CANCELLED,
}


def _entry(meeting: Meeting, name: str) -> calendars.Entry:
    starts_at = meeting.plan.starts_at
    try:
        guidance = guidances().on(local_day(starts_at)) if starts_at else None
    except NoGuidanceError:
        guidance = None
    return calendars.Entry(
        id=meeting.id,
        sequence=meeting.version,
        starts_at=starts_at,
        minutes=meeting.minutes or expected_minutes(meeting, guidance),
        summary=title(meeting.plan.kind, name),
        place=meeting.place,
        description="\n".join(content(meeting.theme, meeting.agenda)),
        status=_STATUS[meeting.status],
    )


def _file(
    entries: list[calendars.Entry],
    method: calendars.Method,
    resources: Resources,
    file_name: str,
    *,
    name: str | None = None,
) -> Response:
    sender = resources.settings.smtp_from
    text = calendars.calendar_text(entries, method, made_at=datetime.now(UTC), organizer=sender, name=name)
    headers = {
        "Content-Disposition": f'inline; filename="{file_name}.ics"',
        "Cache-Control": "private, no-cache",
    }
    return Response(text, headers=headers, media_type=calendars.MEDIA_TYPE)


def _notice_json(row: Mapping[str, Any], deliveries: list[Any]) -> dict[str, Any]:
    return {
        "meeting_version": row["meeting_version"],
        "topic": row["topic"],
        "queued_at": row["queued_at"],
        "superseded": row["superseded"],
        "deliveries": [delivery_json(one) for one in deliveries if one["notice_id"] == row["id"]],
    }
