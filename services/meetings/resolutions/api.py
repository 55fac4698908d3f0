"""The HTTP side of what is recorded of a meeting held: each command in one transaction, with the meeting locked."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Connection
from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from contracts.resolutions import DocumentKind, Page
from rules.guidance import guidances
from services.meetings.book.chain import PageKind
from services.meetings.book.gathering import gathered
from services.meetings.book.pages import minutes_content, resolution_content
from services.meetings.book.store import Draft, add_pages
from services.meetings.calendar import local_day
from services.meetings.commands import command_routes
from services.meetings.problems import unknown_task
from services.meetings.queries import MeetingId
from services.meetings.resolutions import domain, queries, tasks
from services.meetings.resolutions.answers import recorded, task_changed, task_given
from services.meetings.resolutions.commands import (
    answered,
    carry_out_record,
    known_record,
    record_seen,
    series_of,
)
from services.meetings.resolutions.domain import Record
from services.meetings.resolutions.numbering import Series
from services.meetings.resolutions.queries import TaskId, name_of, task_json
from services.meetings.resolutions.requests import (
    Approving,
    Assigning,
    Evaluating,
    PuttingToVote,
    Reporting,
    SendingUp,
    WritingDown,
)
from services.meetings.resolutions.store import RecordStore, Voted


def router(resources: Resources) -> APIRouter:
    """Return the routes of records and tasks."""
    routes = APIRouter()
    routes.include_router(_recording(resources))
    routes.include_router(_closing(resources))
    routes.include_router(_tasks(resources))
    routes.include_router(queries.router(resources.pool))
    return routes


def _recording(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/meetings/{id}/proceedings", **recorded())
    async def write_down(request: Request, id_: MeetingId, asked: WritingDown) -> Response:
        """Write down what went on in a meeting held, in place of what was, until its minutes are approved."""

        async def handle(store: RecordStore) -> Answer:
            record = await record_seen(request, store, id_)
            decided = domain.decide_proceedings(record, asked.command())
            await store.save_proceedings(record, asked.command(), decided)
            return answered(id_, decided)

        return await carry_out_record(resources, request, handle)

    @routes.post("/meetings/{id}/resolutions", **recorded())
    async def vote(request: Request, id_: MeetingId, asked: PuttingToVote) -> Response:
        """Record a resolution and its votes. Whether it is carried follows from the roll; if so it has a number."""

        async def handle(store: RecordStore) -> Answer:
            record = await record_seen(request, store, id_)
            ballot, carried = domain.count_votes(record, asked.vote, asked.majority)
            new_id, series, number = uuid4(), None, None
            if carried:
                series = await series_of(store.connection, record)
                cell_id = record.meeting.plan.cell_id
                number = await store.next_number(cell_id, PageKind.RESOLUTION, series)
                decided = domain.decide_adoption(
                    record, ballot, resolution_id=new_id, series=series, number=number
                )
            else:
                decided = domain.decide_rejection(record, ballot, resolution_id=new_id)
            voted = Voted(new_id, asked.subject, asked.text, ballot, series, number)
            await store.save_vote(record, voted, decided)
            resolution = {
                "id": new_id, "subject": asked.subject, "text": asked.text, **ballot.model_dump(),
                "voted_on": record.day, "carried": carried, "series": series and series.label, "number": number,
            }  # fmt: skip
            return answered(id_, decided, resolution=resolution)

        return await carry_out_record(resources, request, handle)

    return routes


def _closing(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/meetings/{id}/approval", **recorded())
    async def approve(request: Request, id_: MeetingId, asked: Approving) -> Response:
        """Record that chair and recorder approved the minutes: they get a number and go into the book for good."""
        now = datetime.now(UTC)

        async def handle(store: RecordStore) -> Answer:
            record = await record_seen(request, store, id_)
            command = asked.command()
            domain.check_approval(record, command, today=local_day(now))
            series = await series_of(store.connection, record)
            cell_id = record.meeting.plan.cell_id
            number = await store.next_number(cell_id, PageKind.MINUTES, series)
            pages = await _write_pages(
                store.connection, record, command, series=series, number=number, written_at=now
            )
            left = await store.tasks_left(record)
            decided = domain.decide_approval(
                record, command, series=series, number=number, pages=pages, tasks_left=left
            )
            await store.save_approval(record, command, series, number, decided)
            minutes = {"series": series.label, "number": number, "approved_on": asked.approved_on}
            return answered(id_, decided, minutes=minutes | {"reported_on": None})

        return await carry_out_record(resources, request, handle)

    @routes.post("/meetings/{id}/reporting", **recorded())
    async def report_up(request: Request, id_: MeetingId, asked: SendingUp) -> Response:
        """Record that minutes and resolutions were sent to the committee above."""

        async def handle(store: RecordStore) -> Answer:
            record = await record_seen(request, store, id_)
            today = local_day(datetime.now(UTC))
            decided = domain.decide_reporting(record, asked.sent_on, guidances().on, today=today)
            await store.save_reporting(record, decided)
            return answered(id_, decided)

        return await carry_out_record(resources, request, handle)

    return routes


def _tasks(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/meetings/{id}/tasks", status_code=201, **task_given())
    async def assign(request: Request, id_: MeetingId, asked: Assigning) -> Response:
        """Give a task to somebody on the roll of a meeting held."""

        async def handle(store: RecordStore) -> Answer:
            record = await known_record(store, id_)
            decided = tasks.decide_assignment(
                record, member_id=asked.member_id, content=asked.text, due_on=asked.due_on, new_id=uuid4()
            )
            await store.save_task(decided)
            return await _task_answer(store, 201, decided.state)

        return await carry_out_record(resources, request, handle)

    @routes.post("/tasks/{id}/reports", **task_changed())
    async def report(request: Request, id_: TaskId, asked: Reporting) -> Response:
        """Record that a task was done; a meeting evaluates it later."""

        async def handle(store: RecordStore) -> Answer:
            task = await _task(request, store, id_)
            decided = tasks.decide_report(task, asked.done_on, today=local_day(datetime.now(UTC)))
            await store.save_task(decided)
            return await _task_answer(store, 200, decided.state)

        return await carry_out_record(resources, request, handle)

    @routes.post("/tasks/{id}/evaluations", **task_changed())
    async def evaluate(request: Request, id_: TaskId, asked: Evaluating) -> Response:
        """Record what a later meeting found of a task: in time, late, or not done and maybe carried on."""

        async def handle(store: RecordStore) -> Answer:
            # The meeting before the task, as whatever else locks both.
            record = await known_record(store, asked.meeting_id)
            task = await _task(request, store, id_)
            decided = tasks.decide_evaluation(task, record, asked.command())
            await store.save_task(decided, remark=asked.remark)
            return await _task_answer(store, 200, decided.state)

        return await carry_out_record(resources, request, handle)

    return routes


async def _write_pages(
    connection: Connection,
    record: Record,
    command: domain.Approve,
    *,
    series: Series,
    number: int,
    written_at: datetime,
) -> list[Page]:
    """Put the resolutions of a meeting and its minutes into the book of its cell."""
    meeting = record.meeting
    approved = await gathered(connection, record, approved_on=command.approved_on)
    drafts = [
        Draft(PageKind.RESOLUTION, one["series"], one["number"], resolution_content(approved, one))
        for one in approved.contents["resolutions"]
        if one["carried"]
    ]
    content = minutes_content(approved, series=series.label, number=number)
    drafts.append(Draft(PageKind.MINUTES, series.label, number, content))
    added = await add_pages(connection, meeting.plan.cell_id, meeting.id, drafts, written_at=written_at)
    return [
        Page(page=one.page, kind=DocumentKind(one.kind), number=one.number, hash=one.hash.hex())
        for one in added
    ]


async def _task(request: Request, store: RecordStore, id_: UUID) -> tasks.Task:
    task = await store.task(id_)
    if task is None:
        raise unknown_task()
    check_if_match(request, task.version)
    return task


async def _task_answer(store: RecordStore, status: int, task: tasks.Task) -> Answer:
    row = {name: getattr(task, name) for name in tasks.Task.__slots__}
    named = await name_of(store.connection, task.cell_id, task.assigned_on)
    return Answer(status, task_json(row, named.code))
