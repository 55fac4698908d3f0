"""What is to take place as iCalendar text (RFC 5545, and RFC 5546 for what is sent), which calendar programs open."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


class Method(StrEnum):
    """What the reader's program is to do (RFC 5546, section 3.2)."""

    PUBLISH = "PUBLISH"
    """Show it."""
    REQUEST = "REQUEST"
    """Put it in the reader's calendar, or change it there."""
    CANCEL = "CANCEL"
    """Take it out."""


class Status(StrEnum):
    """How sure it is (RFC 5545, section 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    """Planned, and not announced by now."""
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something in a calendar. Of one `id` the higher `sequence` holds."""

    id: UUID
    sequence: int
    starts_at: datetime | None
    """None where no time is known; only a cancelled one may lack it."""
    minutes: int
    summary: str
    place: str
    description: str
    status: Status


def calendar_text(
    entries: Iterable[Entry],
    method: Method,
    *,
    made_at: datetime,
    organizer: str,
    attendee: str | None = None,
    name: str | None = None,
) -> bytes:
    """Return a calendar of these entries: CRLF, folded at 75 bytes, in UTF-8.

    `organizer` and `attendee` are e-mail addresses; who is requested, or told that it is off, is an attendee.
    `name` is what programs call a calendar that is subscribed to. Raises ValueError where one without a time is not
    cancelled.
    """
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Chi Bo//chibo//VI")
    calendar.add("METHOD", method.value)
    if name is not None:
        calendar.add("X-WR-CALNAME", _plain(name))
    calendar.add_component(_timezone())
    for entry in entries:
        event = _event(entry, made_at)
        event.add("ORGANIZER", vCalAddress(f"mailto:{organizer}"))
        if attendee is not None:
            address = vCalAddress(f"mailto:{attendee}")
            address.params["PARTSTAT"] = vText("NEEDS-ACTION")
            address.params["ROLE"] = vText("REQ-PARTICIPANT")
            event.add("ATTENDEE", address, encode=False)
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _event(entry: Entry, made_at: datetime) -> Event:
    event = Event()
    event.add("UID", f"{entry.id}@chibo")
    event.add("DTSTAMP", made_at)
    event.add("SEQUENCE", entry.sequence)
    if entry.starts_at is not None:
        starts_at = entry.starts_at.astimezone(_ZONE)
        event.add("DTSTART", starts_at)
        event.add("DTEND", starts_at + timedelta(minutes=entry.minutes))
    elif entry.status is not Status.CANCELLED:
        raise ValueError(f"{entry.id} takes place and has no time")
    event.add("SUMMARY", _plain(entry.summary))
    event.add("LOCATION", _plain(entry.place))
    if entry.description:
        event.add("DESCRIPTION", _plain(entry.description))
    event.add("STATUS", entry.status.value)
    return event


def _timezone() -> Timezone:
    """Return the zone as it has been since 13 June 1975 (tz database): a file need not know what was before."""
    since = TimezoneStandard()
    since.add("DTSTART", datetime(1975, 6, 13))  # noqa: DTZ001 - local time, by the standard
    since.add("TZOFFSETFROM", timedelta(hours=8))
    since.add("TZOFFSETTO", timedelta(hours=7))
    since.add("TZNAME", "+07")
    zone = Timezone()
    zone.add("TZID", _ZONE.key)
    zone.add_component(since)
    return zone


def _plain(text: str) -> str:
    """Return text without the control characters that the standard does not allow; line ends stay."""
    return "".join(
        character for character in text if character == "\n" or unicodedata.category(character) != "Cc"
    )
