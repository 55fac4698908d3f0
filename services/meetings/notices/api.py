"""The HTTP side of notices: whom they reach, what became of them, and calendar files."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from chassis import calendars
from chassis.database import Connection
from chassis.idempotency import Answer
from chassis.preconditions import check_if_match, resource
from chassis.resources import Resources
from chassis.vietnamese import nfc
from contracts.meetings import MeetingStatus
from rules.guidance import NoGuidanceError, guidances
from services.meetings import store
from services.meetings.calendar import local_day
from services.meetings.commands import carry_out, command_routes
from services.meetings.domain import Meeting
from services.meetings.notices import answers, contacts
from services.meetings.notices.contacts import Contact, contact, keep
from services.meetings.notices.notice import Recipient, content, expected_minutes, title
from services.meetings.notices.outbox import cell_name
from services.meetings.problems import unknown_cell, unknown_meeting
from services.meetings.queries import MEETING, CellCode, MeetingId, known_cell
from services.meetings.reads import Actor, note_read
from services.meetings.store import Store

_MemberId = Annotated[UUID, Path(alias="member_id", description="A member's id, as events carry it")]
_UnitCode = Annotated[str, Path(description="A unit's code, as membership gives it", examples=["K.01"])]
_Find = Callable[[Connection], Awaitable[Recipient]]

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
    routes.include_router(_members(resources))
    routes.include_router(_units(resources))
    routes.include_router(_reads(resources))
    return routes


def _members(resources: Resources) -> APIRouter:
    routes, commands = APIRouter(tags=["queries"]), command_routes()

    def known(id_: UUID) -> _Find:
        async def find(connection: Connection) -> Recipient:
            if not await contacts.is_known_member(connection, id_):
                raise answers.unknown_member()
            return contacts.member(id_)

        return find

    @commands.put("/contacts/{member_id}", **answers.contact_changed(answers.unknown_member()))
    async def put(request: Request, id_: _MemberId, asked: answers.Address) -> Response:
        """Say at which address a member is told of meetings. What could not reach them so far is sent then."""
        return await _change(resources, request, known(id_), asked.email)

    @commands.delete(
        "/contacts/{member_id}", **answers.contact_changed(answers.unknown_member(), answers.no_contact())
    )
    async def delete(request: Request, id_: _MemberId) -> Response:
        """Take a member's address out."""
        return await _change(resources, request, known(id_), None)

    @routes.get(
        "/contacts/{member_id}", **answers.contact_read(answers.unknown_member(), answers.no_contact())
    )
    async def get(request: Request, id_: _MemberId, actor: Actor = "unknown") -> Response:
        """A member's address. Who read it is noted."""
        return await _read(resources, request, known(id_), actor)

    routes.include_router(commands)
    return routes


def _units(resources: Resources) -> APIRouter:
    routes, commands = APIRouter(tags=["queries"]), command_routes()

    def known(code: str) -> _Find:
        async def find(connection: Connection) -> Recipient:
            found = await contacts.unit_of(connection, nfc(code).replace("\0", "\ufffd"))
            if found is None:
                raise answers.unknown_unit(code)
            return contacts.unit(found)

        return find

    unknown = (answers.unknown_unit("K.99"), answers.no_such_path())

    @commands.put("/unit-contacts/{code:path}", **answers.contact_changed(*unknown))
    async def put(request: Request, code: _UnitCode, asked: answers.Address) -> Response:
        """Say at which address a unit is told of the meetings of the cells below it."""
        return await _change(resources, request, known(code), asked.email)

    @commands.delete("/unit-contacts/{code:path}", **answers.contact_changed(*unknown, answers.no_contact()))
    async def delete(request: Request, code: _UnitCode) -> Response:
        """Take a unit's address out."""
        return await _change(resources, request, known(code), None)

    @routes.get("/unit-contacts/{code:path}", **answers.contact_read(*unknown, answers.no_contact()))
    async def get(request: Request, code: _UnitCode, actor: Actor = "unknown") -> Response:
        """A unit's address. Who read it is noted: it may be that of whoever keeps its office."""
        return await _read(resources, request, known(code), actor)

    routes.include_router(commands)
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
        **answers.calendar_file(unknown_cell("K.99.01"), answers.no_such_path()),
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


async def _change(resources: Resources, request: Request, find: _Find, email: str | None) -> Response:
    async def handle(its: Store) -> Answer:
        connection = its.connection
        of = await find(connection)
        before = await contact(connection, of, hold=True)
        if email is None and (before is None or before.email is None):
            raise answers.no_contact()
        version = before.version if before else 0
        check_if_match(request, version)
        await keep(connection, of, Contact(email, version + 1), datetime.now(UTC))
        return Answer(200, {"kind": of.kind.value, "id": str(of.id), "version": version + 1})

    return await carry_out(resources, request, handle)


async def _read(resources: Resources, request: Request, find: _Find, actor: str) -> Response:
    async with resources.pool.acquire() as connection, connection.transaction():
        of = await find(connection)
        found = await contact(connection, of)
        if found is None or found.email is None:
            raise answers.no_contact()
        await note_read(connection, actor, f"contacts/{of.kind}/{of.id}", 1)
    body = {"kind": of.kind.value, "id": str(of.id), "version": found.version, "email": found.email}
    return resource(request, body)


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
        "deliveries": [
            {
                "kind": one["kind"],
                "id": one["recipient_id"],
                **{
                    name: one[name]
                    for name in ("withdrawn", "state", "reason", "logged", "attempts", "settled_at")
                },
            }
            for one in deliveries
            if one["notice_id"] == row["id"]
        ],
    }
