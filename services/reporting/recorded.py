"""What projections need of a received event, and its instant and days as they store them."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final, Protocol

_VIETNAM: Final = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh: no summer time, and no tzdata needed


class Recorded(Protocol):
    """A received event."""

    @property
    def type(self) -> str:
        """CloudEvents type."""

    @property
    def sequence(self) -> int:
        """Place in the stream."""

    @property
    def value(self) -> bytes:
        """The event's JSON."""

    @property
    def time(self) -> str:
        """Instant of recording, RFC 3339 in UTC."""


@lru_cache(maxsize=256)  # what was imported together was recorded at the same instant
def instant(text: str) -> datetime:
    """Return an instant of recording. Raises ValueError where it is none, or has no offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"instant of recording without an offset: {text!r}")
    return at.astimezone(UTC)


def local_day(at: datetime) -> date:
    """Return which day it is in Asia/Ho_Chi_Minh at an instant. Raises ValueError where it has no offset."""
    if at.tzinfo is None:
        raise ValueError(f"instant without an offset: {at!r}")
    return at.astimezone(_VIETNAM).date()


def day_end(day: date) -> datetime:
    """Return the last instant of a day in Asia/Ho_Chi_Minh."""
    return datetime.combine(day, time.max, _VIETNAM)
