"""Chance and working days, for all that makes the example bloc."""

import random
from datetime import date, timedelta
from typing import Final

SEED: Final = "bloc-2020"


def stream(purpose: str) -> random.Random:
    """Give a random stream of its own to each purpose, so that a change of one leaves the others alone."""
    return random.Random(f"{SEED}/{purpose}")  # noqa: S311 - nothing secret


def is_working_day(day: date) -> bool:
    """Leave out weekends, fixed holidays, and 29 February, which has no same day twelve months on."""
    closed = {(1, 1), (2, 29), (4, 30), (5, 1), (9, 2)}
    return day.weekday() < 5 and (day.month, day.day) not in closed


def working_day_from(day: date) -> date:
    """Give the day itself or the next working day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
