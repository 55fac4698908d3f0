"""Months as people ask for them: one as 2020-03, or several from one to another."""

from itertools import islice
from typing import Annotated, Final

from fastapi import Query
from pydantic import StringConstraints

from services.meetings.calendar import Month, months
from services.meetings.faults import Fault, FaultsFound

MOST_MONTHS: Final = 36
"""How many months one question or command is about at most [C]."""

MonthText = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]
"""A month as 2020-03."""
FirstMonth = Annotated[MonthText, Query(alias="from", description="The first month, as 2020-01")]
LastMonth = Annotated[MonthText, Query(alias="to", description="The last month, as 2020-12")]


def month_of(text: MonthText) -> Month:
    """Return the month of a text."""
    return Month(int(text[:4]), int(text[5:]))


def month_text(month: Month) -> str:
    """Return the text of a month."""
    return f"{month.year:04}-{month.month:02}"


def period(first: MonthText, last: MonthText) -> list[Month]:
    """Return the months from one to another. Raises FaultsFound `too-many-months` for none, or too many."""
    asked = list(islice(months(month_of(first), month_of(last)), MOST_MONTHS + 1))
    if not 1 <= len(asked) <= MOST_MONTHS:
        raise FaultsFound([Fault("too-many-months", "to", {"most": MOST_MONTHS})])
    return asked
