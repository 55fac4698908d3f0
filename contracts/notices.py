"""Internal events of what goes with a meeting: the notices of it, and the documents posted for it.

Nobody is named and nothing is quoted: how many were told, and what a file's bytes come to. Addresses, titles of files
and their contents stay in the meetings service.
"""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import PUBLIC, Event


class NoticeTopic(StrEnum):
    """What a notice says of a meeting."""

    ANNOUNCED = "announced"
    """It takes place: content, time and place."""
    CHANGED = "changed"
    """It was announced again, after a change."""
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class NoticesSent(Event):
    """Whoever a version of a meeting was to be told to was told, or could not be.

    Told again where somebody was reached later: the last one of a notice says how it is.
    """

    TYPE: ClassVar[str] = "vn.chibo.meetings.notices-sent.v1"
    AGGREGATE: ClassVar[str] = "notice"
    KEY: ClassVar[str] = "notice_id"

    notice_id: Annotated[UUID, PUBLIC]
    meeting_id: Annotated[UUID, PUBLIC]
    meeting_version: Annotated[int, Field(ge=1), PUBLIC]
    """Which state of the meeting was told, as its events count."""
    topic: Annotated[NoticeTopic, PUBLIC]
    sent: Annotated[int, Field(ge=0), PUBLIC]
    """How many it was given out to."""
    failed: Annotated[int, Field(ge=0), PUBLIC]
    """How many could not be reached."""
    logged: Annotated[int, Field(ge=0), PUBLIC] = 0
    """Of those sent, how many only to the service's log, where the office has no mail server."""


class MeetingDocumentPosted(Event):
    """A document was posted for a meeting; it takes effect on the day of posting."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-document-posted.v1"
    AGGREGATE: ClassVar[str] = "meeting_document"
    KEY: ClassVar[str] = "meeting_document_id"

    meeting_document_id: Annotated[UUID, PUBLIC]
    meeting_id: Annotated[UUID, PUBLIC]
    sha256: Annotated[str, Field(min_length=64, max_length=64), PUBLIC]
    """Of its bytes, in hexadecimal."""
    size: Annotated[int, Field(ge=1), PUBLIC]
    """In bytes."""
    media_type: Annotated[str, PUBLIC]


class WithdrawalReason(StrEnum):
    """Why a document was taken back."""

    MISTAKEN = "mistaken"
    """It is not of this meeting, or was not to be posted."""
    REPLACED = "replaced"
    """Another stands in its place."""
    CONFIDENTIAL = "confidential"
    """It must not be in this system: its bytes are erased as well."""


class MeetingDocumentWithdrawn(Event):
    """A document that was posted for a meeting was taken back; its hash stays in what was approved with it."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-document-withdrawn.v1"
    AGGREGATE: ClassVar[str] = "meeting_document"
    KEY: ClassVar[str] = "meeting_document_id"

    meeting_document_id: Annotated[UUID, PUBLIC]
    meeting_id: Annotated[UUID, PUBLIC]
    reason: Annotated[WithdrawalReason, PUBLIC]
    replaced_by: Annotated[UUID | None, PUBLIC] = None
    """The document that stands in its place; None where none does."""


EVENTS: tuple[type[Event], ...] = (NoticesSent, MeetingDocumentPosted, MeetingDocumentWithdrawn)
