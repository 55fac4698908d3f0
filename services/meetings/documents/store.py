"""Documents in PostgreSQL: bytes once by their SHA-256, and for which meetings they were posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from services.meetings.documents.kinds import FileKind

_KEEP_BYTES: Final = """
    INSERT INTO file_contents (sha256, media_type, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
_POST: Final = """
    INSERT INTO documents (id, meeting_id, sha256, file_name, posted_at, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_DOCUMENTS: Final = """
    SELECT document.id, meeting_id, document.sha256, media_type, length(bytes) AS size, file_name, posted_at
    FROM documents AS document JOIN file_contents USING (sha256)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file posted for a meeting, without its bytes."""

    id: UUID
    meeting_id: UUID
    sha256: bytes
    media_type: str
    size: int
    """In bytes."""
    file_name: str
    posted_at: datetime


async def posted(connection: Connection, meeting_id: UUID) -> list[Document]:
    """Return the documents of a meeting, in the order in which they were posted."""
    rows = await connection.fetch(
        f"{_DOCUMENTS} WHERE meeting_id = $1 ORDER BY posted_at, document.id", meeting_id
    )
    return [_document(row) for row in rows]


async def posted_once(connection: Connection, meeting_id: UUID, sha256: bytes) -> Document | None:
    """Return the document of a meeting that has these bytes; None where there is none."""
    row = await connection.fetchrow(
        f"{_DOCUMENTS} WHERE meeting_id = $1 AND document.sha256 = $2", meeting_id, sha256
    )
    return None if row is None else _document(row)


async def post(connection: Connection, new: Document, body: bytes, recorded_at: datetime) -> None:
    """Write a document; its bytes only where nobody has posted them before. The caller holds the meeting."""
    await connection.execute(_KEEP_BYTES, new.sha256, new.media_type, body)
    await connection.execute(
        _POST, new.id, new.meeting_id, new.sha256, new.file_name, new.posted_at, recorded_at
    )


async def contents(connection: Connection, meeting_id: UUID, id_: UUID) -> tuple[str, FileKind, bytes] | None:
    """Return the name, kind and bytes of a meeting's document; None where it has none of that id."""
    row = await connection.fetchrow(
        "SELECT file_name, media_type, bytes FROM documents JOIN file_contents USING (sha256)"
        " WHERE id = $1 AND meeting_id = $2",
        id_,
        meeting_id,
    )
    if row is None:
        return None
    [kind] = [kind for kind in FileKind if kind.media_type == row["media_type"]]
    return row["file_name"], kind, row["bytes"]


def as_json(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """Return documents as answers carry them."""
    return [
        {
            "id": str(one.id),
            "file_name": one.file_name,
            "media_type": one.media_type,
            "size": one.size,
            "sha256": one.sha256.hex(),
            "posted_at": one.posted_at.astimezone(UTC).isoformat(),
        }
        for one in documents
    ]


def _document(row: Mapping[str, Any]) -> Document:
    return Document(
        id=row["id"],
        meeting_id=row["meeting_id"],
        sha256=row["sha256"],
        media_type=row["media_type"],
        size=row["size"],
        file_name=row["file_name"],
        posted_at=row["posted_at"],
    )
