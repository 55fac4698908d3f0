"""A notice as a letter with its calendar entry."""

from collections.abc import Mapping
from typing import Any

from chassis.calendars import Entry, Method, Status
from chassis.letters.letter import Letter, worth_until
from chassis.letters.recipients import Recipient, RecipientKind
from services.meetings.notices.notice import Notice, content, subject, text, title
from services.meetings.notices.outbox import notice


def letter_of(row: Mapping[str, Any]) -> Letter:
    """Return the letter of a row that is due."""
    recipient = Recipient(RecipientKind(row["recipient_kind"]), row["recipient_id"])
    return letter(notice(row), recipient, withdrawn=row["withdrawn"], address=row["email"])


def letter(told: Notice, recipient: Recipient, *, withdrawn: bool, address: str | None) -> Letter:
    """Return what a notice tells one recipient; `withdrawn` where they were told and need not come now."""
    invites = told.takes_place and not withdrawn
    return Letter(
        id=f"{told.meeting_id}.{told.meeting_version}.{recipient.id}",
        address=address,
        subject=subject(told, withdrawn=withdrawn),
        text=text(told, withdrawn=withdrawn, to=recipient.id),
        queued_at=told.queued_at,
        worth_until=worth_until(told.starts_at, queued_at=told.queued_at, off=not told.takes_place),
        entries=(_entry(told, Status.CONFIRMED if invites else Status.CANCELLED),),
        method=Method.REQUEST if invites else Method.CANCEL,
        file_name="lich-hop.ics",
        about={
            "meeting": str(told.meeting_id),
            "version": told.meeting_version,
            "topic": told.topic.value,
            "recipient": recipient.kind.value,
        },
    )


def _entry(told: Notice, status: Status) -> Entry:
    return Entry(
        id=told.meeting_id,
        sequence=told.meeting_version,
        starts_at=told.starts_at,
        minutes=told.minutes,
        summary=title(told.kind, told.cell_name),
        place=told.place,
        description="\n".join(content(told.theme, told.agenda)),
        status=status,
    )
