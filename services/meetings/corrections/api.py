"""The HTTP side of corrections: one command, in one transaction with the meeting and its tasks locked."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.faults import FaultsFound
from chassis.idempotency import Answer
from chassis.refusals import refused
from chassis.resources import Resources
from replicas.membership.leadership import leaders_on
from services.meetings.book.chain import PageKind
from services.meetings.book.gathering import gathered
from services.meetings.book.store import Draft, add_pages
from services.meetings.cells import listed_on
from services.meetings.commands import command_routes
from services.meetings.corrections.domain import Corrected, check_correction, decide_correction
from services.meetings.corrections.page import correction_content
from services.meetings.corrections.requests import Correcting
from services.meetings.corrections.store import (
    Numbered,
    said_of,
    save_corrected,
    save_correction,
    written_pages,
)
from services.meetings.faults import CONFLICTS, Fault
from services.meetings.queries import MeetingId
from services.meetings.resolutions.answers import recorded
from services.meetings.resolutions.commands import answered, carry_out_record, record_seen, series_of
from services.meetings.resolutions.contents import contents_of
from services.meetings.resolutions.domain import Record
from services.meetings.resolutions.store import RecordStore


def router(resources: Resources) -> APIRouter:
    """Return the route of corrections."""
    routes = command_routes()

    @routes.post("/meetings/{id}/corrections", **recorded())
    async def correct(request: Request, id_: MeetingId, asked: Correcting) -> Response:
        """Put approved minutes right: a further page of the book says what was wrong, what holds, and why."""
        if again := asked.twice():
            raise refused(FaultsFound([Fault("twice-on-the-roll", "roll", {"count": again})]), CONFLICTS)
        now = datetime.now(UTC)

        async def handle(store: RecordStore) -> Answer:
            record = await record_seen(request, store, id_)
            corrected = await _checked(store, record, asked, now)
            await save_corrected(store, corrected)
            numbered, hash_ = await _written(store, corrected, asked, now)
            await save_correction(store, record, asked.command(), numbered, corrected.fields)
            decided = decide_correction(
                corrected,
                asked.command(),
                series=numbered.series,
                number=numbered.number,
                page=numbered.page,
                hash_=hash_,
                corrects=numbered.corrects,
            )
            await store.advance(record, decided)
            correction = {
                "page": numbered.page, "series": numbered.series.label, "number": numbered.number,
                "corrects": numbered.corrects, "fields": corrected.fields, "reason": asked.reason,
                "approved_on": asked.approved_on, "approved_by": sorted(set(asked.approved_by)),
            }  # fmt: skip
            return answered(id_, decided, correction=correction)

        return await carry_out_record(resources, request, handle)

    return routes


async def _checked(store: RecordStore, record: Record, asked: Correcting, now: datetime) -> Corrected:
    """Return what is put right. Raises FaultsFound."""
    connection, cell_id, command = store.connection, record.meeting.plan.cell_id, asked.command()
    contents = await contents_of(connection, record.meeting.id)
    said = await said_of(connection, record, contents)
    if said is None or record.approved_on is None:
        raise FaultsFound([Fault("nothing-to-correct")])
    return check_correction(
        record,
        said,
        command,
        listed=await listed_on(connection, cell_id, record.day),
        leaders=await leaders_on(connection, cell_id, command.approved_on),
        now=now,
    )


async def _written(
    store: RecordStore, corrected: Corrected, asked: Correcting, now: datetime
) -> tuple[Numbered, str]:
    """Put a correction into the book of its cell, under the next number; return where it is, and its hash."""
    connection, meeting = store.connection, corrected.after.meeting
    series = await series_of(connection, corrected.after)
    number = await store.next_number(meeting.plan.cell_id, PageKind.CORRECTION, series)
    corrects = corrected.corrects(await written_pages(connection, meeting.id))
    content = correction_content(
        await gathered(connection, corrected.after, approved_on=asked.approved_on),
        corrected,
        series=series.label,
        number=number,
        reason=asked.reason,
        approved_by=sorted(set(asked.approved_by)),
        corrects=corrects,
    )
    draft = Draft(PageKind.CORRECTION, series.label, number, content)
    [page] = await add_pages(connection, meeting.plan.cell_id, meeting.id, [draft], written_at=now)
    return Numbered(series=series, number=number, page=page.page, corrects=corrects), page.hash.hex()
