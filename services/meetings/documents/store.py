"""Documents in PostgreSQL: bytes once by their SHA-256, and for which meetings they were posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from contracts.notices import WithdrawalReason

# The row is held in any case, so that nobody erases bytes that somebody else is about to need.
_KEEP_BYTES: Final = """
    INSERT INTO file_contents (sha256, media_type, size, bytes) VALUES ($1, $2, $3, $4)
    ON CONFLICT (sha256) DO UPDATE SET bytes = coalesce(file_contents.bytes, excluded.bytes)
"""
_POST: Final = """
    INSERT INTO documents (id, meeting_id, sha256, file_name, posted_at, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_DOCUMENTS: Final = """
    SELECT document.id, meeting_id, document.sha256, media_type, size, file_name, posted_at, withdrawn_at, withdrawal,
        replaced_by
    FROM documents AS document JOIN file_contents USING (sha256)
"""
_WITHDRAW: Final = "UPDATE documents SET withdrawn_at = $2, withdrawal = $3, replaced_by = $4 WHERE id = $1"
_HOLD_BYTES: Final = "SELECT FROM file_contents WHERE sha256 = $1 FOR UPDATE"
# A replaced document stays readable, and with it its bytes.
_ERASE: Final = """
    UPDATE file_contents SET bytes = NULL
    WHERE sha256 = $1 AND NOT EXISTS (
        SELECT FROM documents
        WHERE sha256 = $1 AND (withdrawn_at IS NULL OR withdrawal = 'replaced')
    )
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
    withdrawn_at: datetime | None = None
    """When it was taken back; None while it stands, as `withdrawal`."""
    withdrawal: WithdrawalReason | None = None
    replaced_by: UUID | None = None
    """The document that stands in its place."""


async def posted(connection: Connection, meeting_id: UUID) -> list[Document]:
    """Return the documents of a meeting, in the order in which they were posted."""
    rows = await connection.fetch(
        f"{_DOCUMENTS} WHERE meeting_id = $1 ORDER BY posted_at, document.id", meeting_id
    )
    return [_document(row) for row in rows]


async def posted_once(connection: Connection, meeting_id: UUID, sha256: bytes) -> Document | None:
    """Return the document of a meeting that has these bytes and stands; None where there is none."""
    row = await connection.fetchrow(
        f"{_DOCUMENTS} WHERE meeting_id = $1 AND document.sha256 = $2 AND withdrawn_at IS NULL",
        meeting_id,
        sha256,
    )
    return None if row is None else _document(row)


async def post(connection: Connection, new: Document, body: bytes, recorded_at: datetime) -> None:
    """Write a document; its bytes only where nobody has posted them before. The caller holds the meeting."""
    await connection.execute(_KEEP_BYTES, new.sha256, new.media_type, new.size, body)
    await connection.execute(
        _POST, new.id, new.meeting_id, new.sha256, new.file_name, new.posted_at, recorded_at
    )


async def document(connection: Connection, meeting_id: UUID, id_: UUID) -> Document | None:
    """Return a meeting's document, taken back or not; None where it has none of that id."""
    row = await connection.fetchrow(
        f"{_DOCUMENTS} WHERE document.id = $1 AND meeting_id = $2", id_, meeting_id
    )
    return None if row is None else _document(row)


async def contents(connection: Connection, one: Document) -> bytes:
    """Return the bytes of a document that may be read."""
    body: bytes = await connection.fetchval("SELECT bytes FROM file_contents WHERE sha256 = $1", one.sha256)
    return body


async def withdraw(connection: Connection, one: Document) -> None:
    """Write that a document was taken back, and erase its bytes where they are confidential and nobody needs them.

    The caller holds the meeting.
    """
    await connection.execute(_HOLD_BYTES, one.sha256)
    await connection.execute(
        _WITHDRAW, one.id, one.withdrawn_at, one.withdrawal and one.withdrawal.value, one.replaced_by
    )
    if one.withdrawal is WithdrawalReason.CONFIDENTIAL:
        await connection.execute(_ERASE, one.sha256)


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
            "withdrawn_at": one.withdrawn_at and one.withdrawn_at.astimezone(UTC).isoformat(),
            "withdrawal": one.withdrawal and one.withdrawal.value,
            "replaced_by": one.replaced_by and str(one.replaced_by),
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
        withdrawn_at=row["withdrawn_at"],
        withdrawal=row["withdrawal"] and WithdrawalReason(row["withdrawal"]),
        replaced_by=row["replaced_by"],
    )
