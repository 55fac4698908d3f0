"""Reads of books: the pages of one, and whether they are as they were written."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.cursors import decode_cursor, encode_cursor, invalid_cursor
from chassis.database import Connection, Pool
from replicas.membership.unit_names import Named, names_on
from services.meetings.book.answers import Book, Verification
from services.meetings.book.chain import BookPage, Damage, Finding, verify
from services.meetings.book.store import books, pages_of, told_of
from services.meetings.calendar import local_day
from services.meetings.queries import CellCode, known_cell
from services.meetings.reads import Actor, note_read, reading
from services.meetings.resolutions.answers import listed

_WORDS: Final[Mapping[Damage, str]] = {
    Damage.ALTERED: "Nội dung trang đã bị sửa sau khi ghi.",
    Damage.MISSING: "Trang đã bị lấy khỏi sổ.",
    Damage.UNCHAINED: "Trang không nối tiếp trang trước nó: sổ đã bị sửa, bớt hoặc đổi chỗ trang.",
    Damage.NOT_AS_TOLD: "Mã băm của trang khác với mã đã công bố khi ghi: sổ đã bị viết lại.",
    Damage.UNTOLD: "Trang được thêm ngoài hệ thống: chưa từng được công bố.",
}


def router(pool: Pool) -> APIRouter:
    """Return the routes that read books."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/cells/{code:path}/book", **listed(Book, "query.limit"))
    async def book(
        code: CellCode,
        cursor: Annotated[str | None, Query(description="`next` of the page before", max_length=2000)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 20,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """The book of a cell: minutes and resolutions as they were approved. The reading is noted."""
        after = _place(cursor)
        async with reading(pool) as connection:
            cell = await known_cell(connection, code)
            pages = await pages_of(connection, cell.id, after=after, limit=limit + 1)
            people = _people(pages[:limit])
            await note_read(connection, actor, f"cells/{cell.code}/book", len(people))
        more = len(pages) > limit
        return {
            "cell_code": cell.code,
            "items": [_page_json(page) for page in pages[:limit]],
            "next": encode_cursor([str(pages[limit - 1].page)]) if more else None,
        }

    @routes.get("/book-verification", **listed(Verification, "query.cell"))
    async def verification(
        cell: Annotated[str | None, Query(description="Code of a cell; all books by default")] = None,
    ) -> dict[str, Any]:
        """Whether books are as they were written: every page by its hash, the page before and what was told of it."""
        async with reading(pool) as connection:
            only = None if cell is None else (await known_cell(connection, cell)).id
            told = await told_of(connection, only)
            # A book of which all pages are gone is known by what was told.
            wanted = {only} if only else told.keys() | await books(connection)
            names = await names_on(connection, wanted, local_day(datetime.now(UTC)))
            count, findings = 0, []
            for cell_id in sorted(wanted):
                pages, found = await _verified(connection, cell_id, told)
                count += pages
                findings += [_finding_json(names.get(cell_id), one) for one in found]
        return {"books": len(wanted), "pages": count, "whole": not findings, "findings": findings}

    return routes


async def _verified(
    connection: Connection, cell_id: UUID, told: Mapping[UUID, Mapping[int, bytes]]
) -> tuple[int, list[Finding]]:
    pages = await pages_of(connection, cell_id)
    return len(pages), verify(pages, told.get(cell_id, {}))


def _people(pages: Iterable[BookPage]) -> set[str]:
    """Return the members that pages speak of: chair, recorder and speakers are on the roll.

    Of a correction, those whom what was wrong or what is right speaks of.
    """
    said = [json.loads(page.content) for page in pages]
    said += [content[side] for content in said for side in ("before", "after") if side in content]
    lists = {"roll": "member_id", "tasks": "member_id", "evaluations": "member_id", "absences": "member_id",
             "opinions": "speaker_id"}  # fmt: skip
    found = {one[who] for content in said for name, who in lists.items() for one in content.get(name, ())}
    found |= {content.get(who) for content in said for who in ("chair_id", "recorder_id")}
    return found - {None}


def _page_json(page: BookPage) -> dict[str, Any]:
    return {
        "page": page.page,
        "meeting_id": page.meeting_id,
        "kind": page.kind,
        "series": page.series,
        "number": page.number,
        "content": json.loads(page.content),
        "written_at": page.written_at,
        "previous": page.previous.hex(),
        "hash": page.hash.hex(),
    }


def _finding_json(named: Named | None, finding: Finding) -> dict[str, Any]:
    return {
        "cell_code": named and named.code,
        "page": finding.page,
        "damage": finding.damage,
        "message": _WORDS[finding.damage],
    }


def _place(cursor: str | None) -> int:
    """Return the place after which a page begins. Raises Problem `invalid-cursor` (400)."""
    if cursor is None:
        return 0
    [place] = decode_cursor(cursor, 1)
    if not (place.isascii() and place.isdecimal() and len(place) < 10):
        raise invalid_cursor()
    return int(place)
