"""The HTTP side of papers: what a meeting has, each as PDF or Word, and the templates that they are made by.

Names are not in this service. Without them a paper has a line to write on for each; whoever may read names in
membership sends them along (POST), and gets the paper with them. They go through this process, and are neither kept
nor logged; a GET has none, since an address is kept in logs.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.faults import FaultsFound
from chassis.papers import PaperFault, drawn, filled
from chassis.papers.http import Form, faulty_template, paper
from chassis.refusals import refused
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.resolutions import DocumentKind
from services.meetings.faults import CONFLICTS
from services.meetings.papers import answers
from services.meetings.papers.answers import Names, PapersOfMeeting, unknown_resolution
from services.meetings.papers.content import (
    Printing,
    Values,
    minutes_values,
    people_in,
    resolution_values,
    title_of,
)
from services.meetings.papers.pages import PrintedPage, pages_of_meeting
from services.meetings.papers.templates import FILES, template_of
from services.meetings.queries import MeetingId
from services.meetings.reads import Actor, note_read, reading

_Wanted = Annotated[
    Form, Query(alias="format", description="As PDF, or as a Word document that can be edited")
]
_ResolutionId = Annotated[UUID, Path(description="A resolution's id")]
_Kind = Annotated[DocumentKind, Path(description="Of which paper the template is")]

_VALUES: Final[Mapping[DocumentKind, Callable[[Mapping[str, Any], Printing], Values]]] = {
    DocumentKind.MINUTES: minutes_values,
    DocumentKind.RESOLUTION: resolution_values,
}
_NAMES: Final[Mapping[DocumentKind, str]] = {
    DocumentKind.MINUTES: "Biên bản",
    DocumentKind.RESOLUTION: "Nghị quyết",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """Which paper is wanted, by whom, and how."""

    meeting_id: UUID
    resolution_id: UUID | None = None
    """None asks for the minutes."""
    form: Form
    actor: str
    names: Mapping[UUID, str] = field(default_factory=dict, repr=False)


def router(resources: Resources) -> APIRouter:
    """Return the routes of papers."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/meetings/{id}/papers", **answers.listing())
    async def papers(id_: MeetingId, actor: Actor = "unknown") -> PapersOfMeeting:
        """The papers of a meeting, and whom each names: by ids, with which membership tells the names."""
        pages = await _pages(resources, id_, actor, "papers", lambda pages: pages)
        return PapersOfMeeting.model_validate({"meeting_id": id_, "items": [_listed(page) for page in pages]})

    @routes.get("/meetings/{id}/papers/minutes", **answers.printed())
    async def minutes(
        request: Request, id_: MeetingId, form: _Wanted = Form.PDF, actor: Actor = "unknown"
    ) -> Response:
        """Minutes, with lines to write names on. As they are in the book; a draft before they are approved."""
        return await _printed(resources, request, _Wish(meeting_id=id_, form=form, actor=actor))

    @routes.post("/meetings/{id}/papers/minutes", **answers.printed_with_names())
    async def minutes_with_names(
        request: Request, id_: MeetingId, asked: Names, form: _Wanted = Form.PDF, actor: Actor = "unknown"
    ) -> Response:
        """The same with the names that are sent along. Nothing is changed by it, and no name is kept."""
        wish = _Wish(meeting_id=id_, form=form, actor=actor, names=asked.by_id())
        return await _printed(resources, request, wish)

    @routes.get("/meetings/{id}/papers/resolutions/{resolution_id}", **answers.printed(unknown_resolution()))
    async def resolution(
        *,
        request: Request,
        id_: MeetingId,
        resolution_id: _ResolutionId,
        form: _Wanted = Form.PDF,
        actor: Actor = "unknown",
    ) -> Response:
        """A resolution that was carried, with lines to write names on; a draft before the minutes are approved."""
        wish = _Wish(meeting_id=id_, resolution_id=resolution_id, form=form, actor=actor)
        return await _printed(resources, request, wish)

    @routes.post(
        "/meetings/{id}/papers/resolutions/{resolution_id}",
        **answers.printed_with_names(unknown_resolution()),
    )
    async def resolution_with_names(
        *,
        request: Request,
        id_: MeetingId,
        resolution_id: _ResolutionId,
        asked: Names,
        form: _Wanted = Form.PDF,
        actor: Actor = "unknown",
    ) -> Response:
        """The same with the names that are sent along. Nothing is changed by it, and no name is kept."""
        wish = _Wish(meeting_id=id_, resolution_id=resolution_id, form=form, actor=actor, names=asked.by_id())
        return await _printed(resources, request, wish)

    @routes.get("/paper-templates/{kind}", **answers.template())
    async def template(request: Request, kind: _Kind) -> Response:
        """The template in use, to be edited in Word and put into the folder that CHIBO_TEMPLATES names."""
        content = await asyncio.to_thread(template_of, kind, resources.settings.templates)
        return paper(request, content, Form.DOCX, FILES[kind].removesuffix(".docx"))

    return routes


async def _printed(resources: Resources, request: Request, wish: _Wish) -> Response:
    def wanted(pages: Sequence[PrintedPage]) -> Sequence[PrintedPage]:
        for page in pages:
            if page.resolution_id == wish.resolution_id:
                return [page]
        raise unknown_resolution()

    what = f"papers/resolutions/{wish.resolution_id}" if wish.resolution_id else "papers/minutes"
    [page] = await _pages(resources, wish.meeting_id, wish.actor, what, wanted)
    # Drawing takes long enough to be felt by others who wait.
    content = await asyncio.to_thread(_made, page, wish, resources.settings)
    return paper(request, content, wish.form, _file_name(page))


async def _pages(
    resources: Resources,
    meeting_id: UUID,
    actor: str,
    what: str,
    wanted: Callable[[Sequence[PrintedPage]], Sequence[PrintedPage]],
) -> Sequence[PrintedPage]:
    """Return the pages wanted of a meeting, and note that they were read."""
    async with reading(resources.pool) as connection:
        try:
            pages = wanted(await pages_of_meeting(connection, meeting_id))
        except FaultsFound as found:
            raise refused(found, CONFLICTS) from None
        people = {id_ for page in pages for id_ in people_in(page.content)}
        await note_read(connection, actor, f"meetings/{meeting_id}/{what}", len(people))
    return pages


def _made(page: PrintedPage, wish: _Wish, settings: Settings) -> bytes:
    """Return the file of a paper. Raises Problem `faulty-template` (500)."""
    printing = Printing(names=wish.names, place=settings.place, draft=page.draft)
    values = _VALUES[page.kind](page.content, printing)
    try:
        document = filled(template_of(page.kind, settings.templates), values, title=title_of(page.content))
        return document if wish.form is Form.DOCX else drawn(document)
    except PaperFault as fault:
        raise faulty_template(FILES[page.kind], fault) from fault


def _listed(page: PrintedPage) -> dict[str, Any]:
    return {
        "kind": page.kind,
        "resolution_id": page.resolution_id,
        "title": title_of(page.content),
        "series": None if page.draft else page.content["series"],
        "number": None if page.draft else page.content["number"],
        "draft": page.draft,
        "corrected_by": list(page.corrected_by),
        "member_ids": people_in(page.content),
    }


def _file_name(page: PrintedPage) -> str:
    said = page.content
    number = "dự thảo" if page.draft else f"số {said['number']:02}"
    return f"{_NAMES[page.kind]} {number} {said['cell']['code']} {said['meeting']['month'][:7]}"
