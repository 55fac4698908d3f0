"""What commands on calendars and year plans look like as JSON."""

from datetime import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.openapi import example
from services.meetings.calendar import Month
from services.meetings.faults import Fault, FaultsFound
from services.meetings.periods import MonthText, month_of
from services.meetings.plans.domain import Regular, Theme
from services.meetings.plans.topics import topics
from services.meetings.requests import Day, Text


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class CalendarSetting(_Request):
    """The regular day of a cell, from a day on."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"from_on": "2020-01-01", "day": 3, "starts_at": "14:30", "place": "Phòng họp tầng 2"}
        )
    )

    from_on: Day
    day: Annotated[int, Field(ge=1, le=31)]
    """Of the month; in a month that has fewer days, its last."""
    starts_at: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    """In Asia/Ho_Chi_Minh, as 14:30."""
    place: Text

    def regular(self) -> Regular:
        """Return the regular day."""
        hour, minute = map(int, self.starts_at.split(":"))
        return Regular(from_on=self.from_on, day=self.day, starts_at=time(hour, minute), place=self.place)


class PlannedTheme(_Request):
    """The theme of a month: a topic of the catalogue, or words of the cell's own."""

    month: MonthText
    topic: Text | None = None
    """Code of a topic of the catalogue."""
    theme: Text | None = None
    """In words; the topic's name where it is left out."""


class YearPlanning(_Request):
    """The themes of a year. They replace all that were set for it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "themes": [
                    {"month": "2020-03", "topic": "2020-hoc-tap-bac"},
                    {"month": "2020-05", "theme": "Vai trò của chi bộ trong phòng, chống dịch"},
                ]
            }
        )
    )

    themes: Annotated[list[PlannedTheme], Field(max_length=24)]

    def stated(self, year: int) -> list[tuple[Month, Theme]]:
        """Return the themes by their months.

        Raises FaultsFound for a topic that the catalogue of the year does not have, and where neither is given.
        """
        faults = [
            Fault("unknown-topic", "themes", {"topic": one.topic, "year": year})
            for one in self.themes
            if one.topic and (one.topic not in topics() or topics()[one.topic].year != year)
        ]
        faults += [Fault("theme-missing", "themes") for one in self.themes if not (one.topic or one.theme)]
        if faults:
            raise FaultsFound(faults)
        return [
            (month_of(one.month), Theme(one.theme or topics()[one.topic or ""].name, one.topic))
            for one in self.themes
        ]


class MonthsPlanning(_Request):
    """Of which cells the regular meetings are to be planned, and of which months."""

    model_config = ConfigDict(
        json_schema_extra=example({"unit_code": "K.01", "from_month": "2020-01", "to_month": "2020-12"})
    )

    unit_code: Text
    """A cell, or a unit with all cells below it."""
    from_month: MonthText
    to_month: MonthText
