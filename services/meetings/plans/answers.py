"""What the routes of calendars and year plans answer, as their OpenAPI document has it."""

from datetime import date
from typing import Any, Final

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from chassis.idempotency import key_invalid
from chassis.openapi import (
    NOT_MODIFIED,
    example,
    invalid_at,
    problem_answers,
    resource_answer,
    unreadable_body,
)
from chassis.preconditions import (
    documented_if_match,
    documented_if_none_match,
    invalid_if_match,
    precondition_failed,
)
from chassis.problems import unavailable
from replicas.membership.problems import unknown_unit
from services.meetings.answers import UNKNOWN_CELL, Warning_

UNKNOWN_UNIT: Final = unknown_unit("K.99")


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class RegularDay(_Answer):
    """When and where a cell has its regular meeting, from a day on."""

    from_on: date
    day: int
    """Of the month; in a month that has fewer days, its last."""
    starts_at: str
    """In Asia/Ho_Chi_Minh, as 14:30."""
    place: str


class CellCalendar(_Answer):
    """The regular days of a cell, by the days from which they hold."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "cell_code": "K.01.02",
                "days": [
                    {"from_on": "2020-01-01", "day": 3, "starts_at": "14:30", "place": "Phòng họp tầng 2"}
                ],
                "version": 1,
            }
        ),
    )

    cell_code: str
    days: list[RegularDay]
    version: int


class Theme(_Answer):
    """The theme of a month."""

    month: str
    topic: str | None
    """Code of a topic of the catalogue; None for a theme of the cell's own."""
    theme: str


_PLAN: Final[dict[str, Any]] = {
    "cell_code": "K.01.02",
    "year": 2020,
    "themes": [
        {
            "month": "2020-03",
            "topic": "2020-hoc-tap-bac",
            "theme": "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        }
    ],
    "quarters_without": ["2020-Q2", "2020-Q3", "2020-Q4"],
    "version": 1,
}


class YearPlan(_Answer):
    """The themes of a cell for a year."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_PLAN))

    cell_code: str
    year: int
    themes: list[Theme]
    quarters_without: list[str]
    """Quarters, as 2020-Q1, of which no month has a theme."""
    version: int


class ChangedYearPlan(YearPlan):
    """A year plan as a command leaves it, and what is unusual about that."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example(_PLAN | {"warnings": []})
    )

    warnings: list[Warning_]


class Topic(_Answer):
    """A topic of the catalogue."""

    code: str
    year: int
    name: str


class Topics(_Answer):
    """The topics of a year."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "items": [
                    {
                        "code": "2020-hoc-tap-bac",
                        "year": 2020,
                        "name": "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
                    }
                ]
            }
        ),
    )

    items: list[Topic]


class PlannedMonths(_Answer):
    """What became of each month for which a cell was to be given its regular meeting."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {"planned": 2900, "left_alone": 4, "interrupted": 484, "without_calendar": ["K.01.02"]}
        ),
    )

    planned: int
    left_alone: int
    """Months that had their regular meeting already."""
    interrupted: int
    """Months whose day lies in an order that interrupts the cell's meetings."""
    without_calendar: list[str]
    """Codes of cells that have no regular day in some of these months."""


def setting(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the decorator of a route says that sets something of a cell: it heeds `If-Match`."""
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(200, model, "Done; its event is recorded for good"),
            **problem_answers(
                key_invalid(), invalid_if_match(), unreadable_body(), UNKNOWN_CELL, precondition_failed(3)
            ),
        },
    }


def reading(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the decorator of a route says that reads something of a cell."""
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "response_model": None,
        "responses": {
            **resource_answer(200, model, "As it is now; version 0 where nothing is set"),
            **NOT_MODIFIED,
            **problem_answers(UNKNOWN_CELL, invalid_at("path.year"), unavailable()),
        },
    }


def planning() -> dict[str, Any]:
    """Return what the decorator of the route says that plans many meetings."""
    return {"response_model": PlannedMonths, "responses": problem_answers(UNKNOWN_UNIT)}
