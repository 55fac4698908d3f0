"""One made-up event of each type about notices of meetings and documents posted for them."""

from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.notices import (
    MeetingDocumentPosted,
    MeetingDocumentWithdrawn,
    NoticesSent,
    NoticeTopic,
    WithdrawalReason,
)

_MEETING: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e1")

NOTICE_EXAMPLES: Final[tuple[Event, ...]] = (
    NoticesSent(
        effective_date=date(2020, 3, 31),
        notice_id=UUID("01937b2e-5f00-7a10-8c00-0000000000f1"),
        meeting_id=_MEETING,
        meeting_version=3,
        topic=NoticeTopic.ANNOUNCED,
        sent=17,
        failed=1,
    ),
    MeetingDocumentPosted(
        effective_date=date(2020, 3, 31),
        meeting_document_id=UUID("01937b2e-5f00-7a10-8c00-0000000000f2"),
        meeting_id=_MEETING,
        sha256=sha256(b"").hexdigest(),
        size=48_213,
        media_type="application/pdf",
    ),
    MeetingDocumentWithdrawn(
        effective_date=date(2020, 4, 1),
        meeting_document_id=UUID("01937b2e-5f00-7a10-8c00-0000000000f2"),
        meeting_id=_MEETING,
        reason=WithdrawalReason.REPLACED,
        replaced_by=UUID("01937b2e-5f00-7a10-8c00-0000000000f5"),
    ),
)
