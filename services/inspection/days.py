"""Days and months as people in Việt Nam count them. Pure."""

from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Final

from pydantic import StringConstraints

VIETNAM: Final = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh: no summer time, so no tables are needed."""

MonthText = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]
"""A month as 2020-03."""


def local_day(at: datetime) -> date:
    """Return which day it is in Việt Nam at an instant."""
    return at.astimezone(VIETNAM).date()


def month_of(text: MonthText) -> date:
    """Return the first day of a month."""
    return date.fromisoformat(f"{text}-01")


def month_text(month: date) -> str:
    """Return a month as 2020-03."""
    return f"{month.year:04}-{month.month:02}"


def months_between(earlier: date, later: date) -> int:
    """Return how many calendar months one day's month is before another's."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
