"""Books in PostgreSQL: pages are added and read, and never anything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection, add_rows
from contracts.corrections import MinutesCorrected
from contracts.resolutions import MinutesApproved
from services.meetings.book.chain import NOTHING, BookPage, PageKind, digest

_COLUMNS: Final = (
    "cell_id", "page", "meeting_id", "kind", "series", "number", "content", "written_at", "previous", "hash",
)  # fmt: skip
# One at a time adds to a book: whoever comes meanwhile waits for the commit, and reads the last page after it.
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('book ' || $1::text, 0))"
_LAST: Final = "SELECT page, hash FROM book_pages WHERE cell_id = $1 ORDER BY page DESC LIMIT 1"
_PAGES: Final = """
    SELECT * FROM book_pages WHERE cell_id = $1 AND page > $2 ORDER BY page LIMIT $3
"""
_TOLD: Final = """
    SELECT approved.payload ->> 'cell_id' AS cell_id, (page ->> 'page')::int AS page, page ->> 'hash' AS hash
    FROM event_log AS approved CROSS JOIN json_array_elements(approved.payload -> 'pages') AS page
    WHERE approved.type = $1 AND ($3::text IS NULL OR approved.payload ->> 'cell_id' = $3)
    UNION ALL
    SELECT payload ->> 'cell_id', (payload ->> 'page')::int, payload ->> 'hash' FROM event_log
    WHERE type = $2 AND ($3::text IS NULL OR payload ->> 'cell_id' = $3)
"""
_BOOKS: Final = "SELECT DISTINCT cell_id FROM book_pages"


@dataclass(frozen=True, slots=True)
class Draft:
    """A page to be added, as far as it does not hang on its place."""

    kind: PageKind
    series: str
    number: int
    content: str


async def add_pages(
    connection: Connection, cell_id: UUID, meeting_id: UUID, drafts: Sequence[Draft], *, written_at: datetime
) -> list[BookPage]:
    """Add pages to the book of a cell, in their order; return them as they stand there."""
    await connection.execute(_LOCK, str(cell_id))
    last = await connection.fetchrow(_LAST, cell_id)
    place, before = (last["page"], last["hash"]) if last else (0, NOTHING)
    added = []
    for number, draft in enumerate(drafts, place + 1):
        page = _page(draft, cell_id, meeting_id, number, written_at=written_at, before=before)
        added.append(page)
        before = page.hash
    await add_rows(connection, "book_pages", _COLUMNS, [_row(page) for page in added])
    return added


async def pages_of(
    connection: Connection, cell_id: UUID, *, after: int = 0, limit: int | None = None
) -> list[BookPage]:
    """Return the pages of a book after a place, by their places; all of them without a limit."""
    return [page(row) for row in await connection.fetch(_PAGES, cell_id, after, limit)]


async def told_of(connection: Connection, cell_id: UUID | None) -> dict[UUID, dict[int, bytes]]:
    """Return the hash of each page as its event told it, by cell and place; of one cell, or of all."""
    found: dict[UUID, dict[int, bytes]] = {}
    only = None if cell_id is None else str(cell_id)
    rows = await connection.fetch(_TOLD, MinutesApproved.TYPE, MinutesCorrected.TYPE, only)
    for row in rows:
        found.setdefault(UUID(row["cell_id"]), {})[row["page"]] = bytes.fromhex(row["hash"])
    return found


async def books(connection: Connection) -> set[UUID]:
    """Return the cells whose books have a page."""
    return {row["cell_id"] for row in await connection.fetch(_BOOKS)}


def page(row: Mapping[str, Any]) -> BookPage:
    """Return the page in a row of the table."""
    return BookPage(**{name: row[name] for name in _COLUMNS if name != "kind"}, kind=PageKind(row["kind"]))


def _page(
    draft: Draft, cell_id: UUID, meeting_id: UUID, place: int, *, written_at: datetime, before: bytes
) -> BookPage:
    said: dict[str, Any] = {
        "cell_id": cell_id,
        "page": place,
        "meeting_id": meeting_id,
        "kind": draft.kind,
        "series": draft.series,
        "number": draft.number,
        "content": draft.content,
        "written_at": written_at,
        "previous": before,
    }
    return BookPage(**said, hash=digest(BookPage(**said, hash=b"")))


def _row(one: BookPage) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in _COLUMNS)
