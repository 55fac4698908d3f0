"""Data that the service comes with, apart from thresholds."""

from functools import cache
from importlib.resources import files

from services.membership.working_days import WorkingDayCalendar, parse_calendar


@cache
def vietnamese_working_days() -> WorkingDayCalendar:
    """Return the working-day calendar of Vietnamese party and state offices."""
    text = files(__name__).joinpath("public_holidays.csv").read_text(encoding="utf-8")
    return parse_calendar(text.splitlines())
