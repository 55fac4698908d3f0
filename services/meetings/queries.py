"""Reads of meetings: one, those of a cell, who is to come, and what became of the months that a cell owes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from chassis.cursors import day_and_id, encode_cursor
from chassis.database import Connection, Pool
from chassis.preconditions import resource
from chassis.vietnamese import nfc
from contracts.meetings import AttendanceFigures, MeetingStatus
from replicas.membership.cells import Cell, cell_of
from rules.guidance import guidances
from services.meetings import store
from services.meetings.answers import CellList, MeetingPage, Months, of_cell, one
from services.meetings.attendance import rate
from services.meetings.calendar import Month, Quarter, local_day, months_due, quarters_due
from services.meetings.cells import listed_on
from services.meetings.domain import Meeting
from services.meetings.problems import unknown_cell, unknown_meeting
from services.meetings.requests import Day

CellCode = Annotated[str, Path(description="A cell's code, as membership gives it", examples=["K.01.02"])]
MeetingId = Annotated[UUID, Path(alias="id", description="A meeting's id")]
_Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=2000)]
_Limit = Annotated[int, Query(ge=1, le=500)]
_On = Annotated[Day | None, Query(description="ISO day; today in Asia/Ho_Chi_Minh by default")]
_First = Annotated[Day, Query(alias="from", description="A day of the first month")]
_Last = Annotated[Day, Query(alias="to", description="A day of the last month")]

MEETING: Final = """
    SELECT meeting.*, named.code AS cell_code, coalesce(told.flagged, 0) AS flagged, told.version AS checked
    FROM meetings AS meeting
    LEFT JOIN attendance_checks AS told ON told.meeting_id = meeting.id
    CROSS JOIN LATERAL (
        SELECT code FROM unit_names WHERE unit_id = meeting.cell_id
        ORDER BY effective_date DESC, sequence DESC, ordinal DESC LIMIT 1
    ) AS named
"""
_OF_CELL: Final = f"""{MEETING}
    WHERE meeting.cell_id = $1 AND (meeting.month, meeting.id) > ($2, $3)
    ORDER BY meeting.month, meeting.id LIMIT $4
"""
# What became of a month's regular meeting; a cancelled one may have another in its place.
_REGULAR: Final = """
    SELECT DISTINCT ON (month) month, status FROM meetings
    WHERE cell_id = $1 AND kind = 'regular' AND month BETWEEN $2 AND $3
    ORDER BY month, status = 'cancelled'
"""
_THEMATIC: Final = """
    SELECT DISTINCT month FROM meetings
    WHERE cell_id = $1 AND theme IS NOT NULL AND status = 'held' AND month BETWEEN $2 AND $3
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/meetings/{id}", **one())
    async def meeting(request: Request, id_: MeetingId) -> Response:
        """One meeting, with the last score of each kind."""
        async with reading(pool) as connection:
            row = await connection.fetchrow(f"{MEETING} WHERE meeting.id = $1", id_)
            if row is None:
                raise unknown_meeting()
            scores = await connection.fetch("SELECT * FROM scores WHERE meeting_id = $1 ORDER BY kind", id_)
        body = meeting_json(store.meeting(row), row["cell_code"])
        body |= {
            "scores": [_score_json(score) for score in scores],
            "attendance_flagged": row["flagged"],
        }
        # What is told late of its attendance changes the answer, and not the meeting.
        return resource(request, body, as_of=row["checked"])

    @routes.get("/cells/{code:path}/meetings", **of_cell(MeetingPage))
    async def meetings(code: CellCode, cursor: _Cursor = None, limit: _Limit = 100) -> dict[str, Any]:
        """Meetings of a cell, by the months that they count for."""
        place = day_and_id(cursor)
        async with reading(pool) as connection:
            cell = await known_cell(connection, code)
            rows = await connection.fetch(_OF_CELL, cell.id, *place, limit + 1)
        items = [
            meeting_json(store.meeting(row), row["cell_code"]) | {"attendance_flagged": row["flagged"]}
            for row in rows[:limit]
        ]
        more = len(rows) > limit
        last = rows[limit - 1] if more else None
        return {
            "items": items,
            "next": last and encode_cursor([last["month"].isoformat(), str(last["id"])]),
        }

    @routes.get("/cells/{code:path}/list", **of_cell(CellList))
    async def listed(code: CellCode, on: _On = None) -> dict[str, Any]:
        """Who is to come to a meeting of a cell on a day: its members, without those who stay elsewhere, with those
        who stay here. Suspended members are not."""
        day = on or local_day(datetime.now(UTC))
        async with reading(pool) as connection:
            cell = await known_cell(connection, code)
            found = await listed_on(connection, cell.id, day)
        return {
            "cell_code": cell.code,
            "on": day.isoformat(),
            "items": [
                {"member_id": str(id_), "roll": who.roll.value, "exempt": who.exempt}
                for id_, who in sorted(found.items())
            ],
        }

    @routes.get("/cells/{code:path}/months", **of_cell(Months))
    async def months(code: CellCode, first: _First, last: _Last) -> dict[str, Any]:
        """What became of each month in which a cell owes a regular meeting, and of each quarter a thematic one."""
        between = Month.of(first), Month.of(last)
        days = between[0].first, between[1].first
        async with reading(pool) as connection:
            cell = await known_cell(connection, code)
            regular = await connection.fetch(_REGULAR, cell.id, *days)
            thematic = await connection.fetch(_THEMATIC, cell.id, *days)
        status = {Month.of(row["month"]): row["status"] for row in regular}
        due = [month for existence in cell.existence for month in months_due(existence, *between)]
        quarters = [quarter for existence in cell.existence for quarter in quarters_due(existence, *between)]
        had = {Month.of(row["month"]).quarter for row in thematic}
        return {
            "cell_code": cell.code,
            "due": len(due),
            "held": sum(status.get(month) == MeetingStatus.HELD for month in due),
            "months": [{"month": _month(month), "status": status.get(month)} for month in due],
            "quarters_due": [_quarter(quarter) for quarter in quarters],
            "quarters_thematic": [_quarter(quarter) for quarter in quarters if quarter in had],
        }

    return routes


@asynccontextmanager
async def reading(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction that only reads, and sees one state of all."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield connection


async def known_cell(connection: Connection, code: str) -> Cell:
    """Return the cell of a code. Raises Problem `unknown-cell` (404)."""
    cell = await cell_of(connection, nfc(code).replace("\0", "\ufffd"))
    if cell is None:
        raise unknown_cell(code)
    return cell


def meeting_json(meeting: Meeting, cell_code: str) -> dict[str, Any]:
    """Return a meeting as answers carry it."""
    plan = meeting.plan
    return {
        "id": str(meeting.id),
        "cell_code": cell_code,
        "kind": plan.kind.value,
        "month": _month(Month.of(plan.month)),
        "starts_at": plan.starts_at and plan.starts_at.astimezone(UTC).isoformat(),
        "place": meeting.place,
        "theme": meeting.theme,
        "agenda": list(meeting.agenda),
        "assignments": [
            {"point": point, "member_id": str(member)}
            for point, member in enumerate(meeting.prepared_by, 1)
            if member is not None
        ],
        "by_group": plan.by_group,
        "status": meeting.status.value,
        "agreed_on": meeting.agreed_on and meeting.agreed_on.isoformat(),
        "announced_on": meeting.announced_on and meeting.announced_on.isoformat(),
        "minutes": meeting.minutes,
        "attendance": meeting.attendance and _attendance_json(meeting.attendance),
        "version": meeting.version,
    }


def _attendance_json(attendance: AttendanceFigures) -> dict[str, Any]:
    came = rate(attendance)
    return attendance.model_dump() | {"percent": None if came is None else round(float(came) * 100, 1)}


_POINTS: Final = TypeAdapter(dict[str, float])


def _score_json(row: Mapping[str, Any]) -> dict[str, Any]:
    guidance = guidances().cited(row["guidance_number"], row["guidance_date"])
    return {
        "kind": row["kind"],
        "guidance": guidance.source,
        "points": _POINTS.validate_json(row["points"]),
        "total": float(row["total"]),
        "grade": row["grade"],
        "decided_on": row["decided_on"].isoformat(),
    }


def _month(month: Month) -> str:
    return f"{month.year:04}-{month.month:02}"


def _quarter(quarter: Quarter) -> str:
    return f"{quarter.year:04}-Q{quarter.number}"
