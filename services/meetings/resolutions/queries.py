"""Reads of what is recorded: a meeting's record and roll, tasks and how many were in time, reports that are due."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from chassis.cursors import day_and_id, decode_cursor, encode_cursor, invalid_cursor
from chassis.database import Connection, Pool
from chassis.preconditions import resource
from replicas.membership.unit_names import NAMELESS, Named, names_on
from rules.guidance import NoGuidanceError, guidances
from services.meetings import store as meetings
from services.meetings.calendar import local_day
from services.meetings.cells import listed_on
from services.meetings.late_facts.domain import flags
from services.meetings.problems import unknown_meeting, unknown_task
from services.meetings.queries import CellCode, MeetingId, known_cell
from services.meetings.reads import Actor, note_read, reading
from services.meetings.requests import Day
from services.meetings.resolutions.answers import (
    UNKNOWN_UNIT,
    ReportsDue,
    TaskFigures,
    TaskPage,
    listed,
    record_read,
    roll_read,
    task_read,
)
from services.meetings.resolutions.contents import contents_of, people_of
from services.meetings.resolutions.domain import Record, report_due_on
from services.meetings.resolutions.store import roll_of
from services.meetings.tree import Units

TaskId = Annotated[UUID, Path(alias="id", description="A task's id")]
_Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=2000)]
_Limit = Annotated[int, Query(ge=1, le=500)]
_On = Annotated[Day | None, Query(description="ISO day; today in Asia/Ho_Chi_Minh by default")]
_First = Annotated[Day, Query(alias="from", description="First day of the period")]
_Last = Annotated[Day, Query(alias="to", description="Its last day")]


class TaskList(StrEnum):
    """Which tasks of a cell are wanted."""

    ALL = "all"
    OPEN = "open"
    """Not closed."""
    DUE = "due"
    """Not reported done, with the last day within the next seven [C]."""
    OVERDUE = "overdue"
    """Not reported done, with the last day past."""
    REPORTED = "reported"
    CLOSED = "closed"


_Which = Annotated[TaskList, Query(description="Which tasks; `due` within seven days, `overdue` on the day")]
_WHICH: Final[Mapping[TaskList, str]] = {
    TaskList.ALL: "$2::date IS NOT NULL",
    TaskList.OPEN: "$2::date IS NOT NULL AND status <> 'closed'",
    TaskList.DUE: "status = 'open' AND due_on BETWEEN $2::date AND $2::date + 7",
    TaskList.OVERDUE: "status = 'open' AND due_on < $2::date",
    TaskList.REPORTED: "$2::date IS NOT NULL AND status = 'reported'",
    TaskList.CLOSED: "$2::date IS NOT NULL AND status = 'closed'",
}
_TASKS: Final = """
    SELECT * FROM tasks WHERE cell_id = $1 AND {which} AND (due_on, id) > ($3, $4) ORDER BY due_on, id LIMIT $5
"""
# What a meeting found counts, not what was reported; a task carried on is open still.
_FIGURES: Final = """
    SELECT count(*) AS due,
        count(*) FILTER (WHERE status = 'closed' AND result = 'done_in_time') AS done_in_time,
        count(*) FILTER (WHERE status = 'closed' AND result = 'done_late') AS done_late,
        count(*) FILTER (WHERE status = 'closed' AND result = 'not_done') AS not_done,
        count(*) FILTER (WHERE status <> 'closed') AS open
    FROM tasks WHERE cell_id = $1 AND first_due_on BETWEEN $2 AND $3
"""
# Those told by a summary of a book of paper were reported in their time.
_UNREPORTED: Final = """
    SELECT meeting.id, meeting.cell_id, meeting.starts_at, minutes.approved_on IS NOT NULL AS approved
    FROM meetings AS meeting LEFT JOIN minutes ON minutes.meeting_id = meeting.id
    WHERE meeting.status = 'held' AND minutes.reported_on IS NULL
      AND NOT EXISTS (SELECT FROM book_figures WHERE meeting_id = meeting.id)
      AND ($1::uuid[] IS NULL OR meeting.cell_id = ANY($1))
      AND meeting.starts_at < (($2::date + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
      AND (meeting.starts_at, meeting.id) > ($3, $4)
    ORDER BY meeting.starts_at, meeting.id LIMIT $5
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read what is recorded."""
    routes = APIRouter(tags=["queries"])
    _of_meetings(routes, pool)
    _of_tasks(routes, pool)

    @routes.get("/lists/reports-due", **listed(ReportsDue, "query.as_of", UNKNOWN_UNIT))
    async def reports_due(
        as_of: _On = None,
        unit: Annotated[str | None, Query(description="A unit with all below it; all by default")] = None,
        cursor: _Cursor = None,
        limit: _Limit = 100,
    ) -> dict[str, Any]:
        """Meetings held whose minutes and resolutions were not sent up, with the last day for that."""
        day = as_of or _today()
        place = _instant_place(cursor)
        async with reading(pool) as connection:
            cells = None
            if unit is not None:
                units = await Units.read(connection)
                cells = list(units.below([units.of_code(unit)], day))
            rows = await connection.fetch(_UNREPORTED, cells, day, *place, limit + 1)
            names = await names_on(connection, {row["cell_id"] for row in rows}, day)
        items = [_report_json(row, names.get(row["cell_id"], NAMELESS), day) for row in rows[:limit]]
        last = rows[limit - 1] if len(rows) > limit else None
        return {
            "as_of": day.isoformat(),
            "items": items,
            "next": last
            and encode_cursor([last["starts_at"].isoformat(timespec="microseconds"), str(last["id"])]),
        }

    return routes


def _of_meetings(routes: APIRouter, pool: Pool) -> None:
    @routes.get("/meetings/{id}/record", **record_read())
    async def record(request: Request, id_: MeetingId, actor: Actor = "unknown") -> Response:
        """All that is recorded of a meeting held: proceedings, resolutions, tasks, minutes. The reading is noted."""
        async with reading(pool) as connection:
            version = await connection.fetchval("SELECT version FROM meetings WHERE id = $1", id_)
            if version is None:
                raise unknown_meeting()
            contents = await contents_of(connection, id_)
            await note_read(connection, actor, f"meetings/{id_}/record", len(people_of(contents)))
        body = {"meeting_id": str(id_), "version": version, **jsonable_encoder(contents)}
        return resource(request, body)

    @routes.get("/meetings/{id}/roll", **roll_read())
    async def roll(id_: MeetingId, actor: Actor = "unknown") -> dict[str, Any]:
        """Who was where, beside the list of that day as known now: facts told late flag the roll, never change it."""
        async with reading(pool) as connection:
            row = await connection.fetchrow("SELECT * FROM meetings WHERE id = $1", id_)
            if row is None:
                raise unknown_meeting()
            found = Record(meeting=meetings.meeting(row), roll=await roll_of(connection, id_))
            day = local_day(row["starts_at"] or datetime.now(UTC))
            # Before a meeting is held nobody is on its roll, and nobody is missing from it.
            now = await listed_on(connection, row["cell_id"], day) if row["status"] == "held" else {}
            await note_read(connection, actor, f"meetings/{id_}/roll", len(found.roll))
        differences: dict[UUID, list[str]] = {}
        for flag in flags(found.roll, now):
            differences.setdefault(flag.member_id, []).append(flag.difference.value)
        called = {one.member_id: one for one in found.roll}
        return {
            "meeting_id": id_,
            "on": day,
            "flagged": len(differences),
            "items": [
                {
                    "member_id": member,
                    "roll": called[member].roll if member in called else None,
                    "presence": called[member].presence if member in called else None,
                    "special_duty": member in called and called[member].special_duty,
                    "roll_now": now[member].roll if member in now else None,
                    "differences": differences.get(member, []),
                }
                for member in sorted(called.keys() | differences.keys())
            ],
        }


def _of_tasks(routes: APIRouter, pool: Pool) -> None:
    @routes.get("/tasks/{id}", **task_read())
    async def task(request: Request, id_: TaskId, actor: Actor = "unknown") -> Response:
        """One task. The reading is noted."""
        async with reading(pool) as connection:
            row = await connection.fetchrow("SELECT * FROM tasks WHERE id = $1", id_)
            if row is None:
                raise unknown_task()
            named = await name_of(connection, row["cell_id"], row["assigned_on"])
            await note_read(connection, actor, f"tasks/{id_}", 1)
        return resource(request, task_json(row, named.code))

    @routes.get("/cells/{code:path}/tasks", **listed(TaskPage, "query.on"))
    async def tasks(
        *,
        code: CellCode,
        which: _Which = TaskList.ALL,
        on: _On = None,
        cursor: _Cursor = None,
        limit: _Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Tasks of a cell, by their last days. The reading is noted."""
        day, place = on or _today(), day_and_id(cursor)
        async with reading(pool) as connection:
            cell = await known_cell(connection, code)
            query = _TASKS.format(which=_WHICH[which])
            rows = await connection.fetch(query, cell.id, day, *place, limit + 1)
            people = {row["member_id"] for row in rows[:limit]}
            await note_read(connection, actor, f"cells/{cell.code}/tasks", len(people))
        last = rows[limit - 1] if len(rows) > limit else None
        return {
            "cell_code": cell.code,
            "on": day.isoformat(),
            "items": [task_json(row, cell.code) for row in rows[:limit]],
            "next": last and encode_cursor([last["due_on"].isoformat(), str(last["id"])]),
        }

    @routes.get("/cells/{code:path}/task-figures", **listed(TaskFigures, "query.from"))
    async def figures(code: CellCode, first: _First, last: _Last) -> dict[str, Any]:
        """How many tasks were first due in a period, and how many were done in time as meetings found."""
        async with reading(pool) as connection:
            cell = await known_cell(connection, code)
            [row] = await connection.fetch(_FIGURES, cell.id, first, last)
        due = row["due"]
        return {
            "cell_code": cell.code,
            **row,
            "percent_in_time": round(100 * row["done_in_time"] / due, 1) if due else None,
        }


def task_json(row: Mapping[str, Any], cell_code: str) -> dict[str, Any]:
    """Return a task in a row of the table as answers carry it."""
    said = {name: row[name] for name in _TASK_FIELDS}
    body: dict[str, Any] = jsonable_encoder({"cell_code": cell_code, "text": row["content"], **said})
    return body


_TASK_FIELDS: Final = (
    "id", "meeting_id", "member_id", "assigned_on", "first_due_on", "due_on", "status", "done_on", "result",
    "version",
)  # fmt: skip


async def name_of(connection: Connection, cell_id: UUID, day: date) -> Named:
    """Return how a cell is called on a day."""
    return (await names_on(connection, [cell_id], day)).get(cell_id, NAMELESS)


def _report_json(row: Mapping[str, Any], named: Named, day: date) -> dict[str, Any]:
    held_on = local_day(row["starts_at"])
    try:
        guidance = guidances().on(held_on)
    except NoGuidanceError:
        guidance = guidances().versions[0]
    due_on = report_due_on(held_on, guidance)
    return {
        "meeting_id": row["id"],
        "cell_code": named.code,
        "cell_name": named.name,
        "held_on": held_on,
        "approved": row["approved"],
        "due_on": due_on,
        "overdue": due_on < day,
        "source": guidance.source,
    }


def _today() -> date:
    return local_day(datetime.now(UTC))


def _instant_place(cursor: str | None) -> tuple[datetime, UUID]:
    """Return the instant and the id after which a page begins. Raises Problem `invalid-cursor` (400)."""
    if cursor is None:
        return datetime.min.replace(tzinfo=UTC), UUID(int=0)
    at, id_ = decode_cursor(cursor, 2)
    try:
        # An instant without its offset is none of ours; what lies outside the calendar neither.
        return datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC), UUID(id_)
    except (ValueError, OverflowError):
        raise invalid_cursor() from None
