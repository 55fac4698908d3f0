"""What is told as an e-mail with its calendar file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from chassis.calendars import Entry, Method, calendar_text

_POLICY: Final = SMTP.clone(cte_type="7bit")
"""Every server takes it, whatever it says of eight bits."""
_NEWS_FOR: Final = timedelta(days=2)
"""For how long it is worth telling that something is off [C]; until it was to begin, if that is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one recipient is told; nobody sees who else is told."""

    id: str
    """The same however often it is sent, of letters, digits, dots and hyphens: mail programs know it again."""
    address: str | None
    """None where none is known."""
    subject: str
    text: str
    queued_at: datetime
    worth_until: datetime
    """From then on it is of no use to anybody."""
    entries: tuple[Entry, ...]
    method: Method
    """What calendar programs are to do; a request, or its cancelling, is of one entry (RFC 5546, section 3.2.2)."""
    file_name: str
    about: Mapping[str, str | int]
    """What the log may tell of it: ids and codes, no words and no address."""


def worth_until(starts_at: datetime, *, queued_at: datetime, off: bool) -> datetime:
    """Return from when on it is of no use to tell of what begins then, or was to: of what is `off`, later."""
    return max(starts_at, queued_at + _NEWS_FOR) if off else starts_at


def written(letter: Letter, *, sender: str) -> EmailMessage:
    """Return a letter to an address that is known: words, and the calendar entries as programs look for them."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = " ".join(letter.subject.split())
    message["From"] = sender
    message["To"] = letter.address
    message["Date"] = format_datetime(letter.queued_at)
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    method = letter.method
    calendar = calendar_text(
        letter.entries,
        method,
        made_at=letter.queued_at,
        organizer=sender,
        attendee=None if method is Method.PUBLISH else letter.address,
    )
    message.add_alternative(calendar, "text", "calendar", params={"method": method.value, "charset": "utf-8"})
    message.add_attachment(calendar, "application", "ics", filename=letter.file_name)
    return message
