"""What papers of a meeting are made of: the pages of the book, or before them what is recorded, as a draft."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from contracts.meetings import MeetingStatus
from contracts.resolutions import DocumentKind
from services.meetings import store as meetings
from services.meetings.book.gathering import gathered
from services.meetings.book.pages import minutes_content, resolution_content
from services.meetings.faults import Fault, FaultsFound
from services.meetings.papers.templates import FILES
from services.meetings.problems import unknown_meeting
from services.meetings.resolutions.domain import Record
from services.meetings.resolutions.store import roll_of

# The page that was written when minutes were approved; whatever came later is a page of its own.
_PAGES: Final = """
    SELECT kind, content, ARRAY(
        SELECT page FROM corrections WHERE meeting_id = $1 AND written.page = ANY(corrects) ORDER BY page
    ) AS corrected_by
    FROM book_pages AS written WHERE meeting_id = $1 AND kind = ANY($2::text[]) ORDER BY page
"""


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What one paper says; a draft is in no book, and may say something else tomorrow."""

    kind: DocumentKind
    content: Mapping[str, Any]
    draft: bool
    corrected_by: tuple[int, ...] = ()
    """Pages of the book that put it right since."""

    @property
    def resolution_id(self) -> UUID | None:
        """Which resolution it is; None of minutes."""
        return UUID(self.content["id"]) if self.kind is DocumentKind.RESOLUTION else None


async def pages_of_meeting(connection: Connection, meeting_id: UUID) -> Sequence[PrintedPage]:
    """Return what papers there are of a meeting: its minutes first, then each resolution that was carried.

    Raises Problem `unknown-meeting` (404); FaultsFound `not-held`, `no-proceedings` where there is nothing to print.
    """
    row = await connection.fetchrow("SELECT * FROM meetings WHERE id = $1", meeting_id)
    if row is None:
        raise unknown_meeting()
    written = await connection.fetch(_PAGES, meeting_id, list(FILES))
    if written:
        pages = [
            PrintedPage(
                DocumentKind(one["kind"]),
                json.loads(one["content"]),
                draft=False,
                corrected_by=tuple(one["corrected_by"]),
            )
            for one in written
        ]
    else:
        if row["status"] != MeetingStatus.HELD.value:
            raise FaultsFound([Fault("not-held")])
        record = Record(meeting=meetings.meeting(row), roll=await roll_of(connection, meeting_id))
        pages = list(await _drafts(connection, record))
    return sorted(pages, key=lambda page: page.kind is not DocumentKind.MINUTES)


async def _drafts(connection: Connection, record: Record) -> Iterator[PrintedPage]:
    """Return the pages that would be written if the minutes were approved as they are."""
    found = await gathered(connection, record, approved_on=None)
    if found.contents["proceedings"] is None:
        raise FaultsFound([Fault("no-proceedings")])
    minutes = minutes_content(found, series="", number=0)
    carried = [one for one in found.contents["resolutions"] if one["carried"]]
    contents = [
        (DocumentKind.MINUTES, minutes),
        *((DocumentKind.RESOLUTION, resolution_content(found, one)) for one in carried),
    ]
    return (PrintedPage(kind, json.loads(content), draft=True) for kind, content in contents)
