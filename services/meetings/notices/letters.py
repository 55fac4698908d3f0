"""A notice as an e-mail with its calendar entry."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from chassis.calendars import Entry, Method, Status, calendar_text
from services.meetings.notices.notice import Notice, Recipient, content, subject, text, title

_POLICY: Final = SMTP.clone(cte_type="7bit")
"""Every server takes it, whatever it says of eight bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice for one recipient; nobody sees who else is told."""

    notice: Notice
    recipient: Recipient
    withdrawn: bool
    address: str | None
    """None where none is known."""


def written(letter: Letter, *, sender: str) -> EmailMessage:
    """Return a letter to an address that is known: words, and the calendar entry as programs look for it.

    A letter sent twice has the same Message-ID, by which mail programs know it again.
    """
    notice, about = letter.notice, subject(letter.notice, withdrawn=letter.withdrawn)
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = " ".join(about.split())
    message["From"] = sender
    message["To"] = letter.address
    message["Date"] = format_datetime(notice.queued_at)
    message["Message-ID"] = (
        f"<{notice.meeting_id}.{notice.meeting_version}.{letter.recipient.id}@{sender.rpartition('@')[2]}>"
    )
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(notice, withdrawn=letter.withdrawn, to=letter.recipient.id))
    method = Method.REQUEST if notice.takes_place and not letter.withdrawn else Method.CANCEL
    calendar = calendar_text(
        [_entry(notice, Status.CONFIRMED if method is Method.REQUEST else Status.CANCELLED)],
        method,
        made_at=notice.queued_at,
        organizer=sender,
        attendee=letter.address,
    )
    message.add_alternative(calendar, "text", "calendar", params={"method": method.value, "charset": "utf-8"})
    message.add_attachment(calendar, "application", "ics", filename="lich-hop.ics")
    return message


def _entry(notice: Notice, status: Status) -> Entry:
    return Entry(
        id=notice.meeting_id,
        sequence=notice.meeting_version,
        starts_at=notice.starts_at,
        minutes=notice.minutes,
        summary=title(notice.kind, notice.cell_name),
        place=notice.place,
        description="\n".join(content(notice.theme, notice.agenda)),
        status=status,
    )
