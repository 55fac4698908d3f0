"""What the routes of meetings answer, as their OpenAPI document has it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from chassis.cursors import invalid_cursor
from chassis.event_log import ConcurrentChange, EventTooLarge
from chassis.faults import FaultsFound
from chassis.idempotency import key_invalid, key_reused
from chassis.openapi import (
    NOT_MODIFIED,
    Answers,
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
from chassis.refusals import refused
from contracts.meetings import MeetingKind, MeetingStatus, Roll, ScoreKind
from services.meetings.faults import CONFLICTS, MESSAGES, Fault
from services.meetings.problems import unknown_cell, unknown_meeting


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Warning_(_Answer):  # noqa: N801 - a warning of Python's is something else
    """What is unusual, yet recorded."""

    column: str | None
    code: str
    message: str
    message_en: str


class Attendance(_Answer):
    """How many were to come, and came."""

    counted: int
    """On the list, without exempt members and those on special duty."""
    present: int
    excused: int
    unexcused: int
    percent: float | None
    """Of those counted, to one decimal; None where nobody was to come."""


class Score(_Answer):
    """The last score of one kind."""

    kind: ScoreKind
    guidance: str
    """The document of its rubric."""
    points: dict[str, Decimal]
    total: Decimal
    grade: str
    decided_on: date


class Assignment(_Answer):
    """Who prepares a point of the agenda."""

    point: int
    """Its number, from 1."""
    member_id: UUID


_MEETING: Final[dict[str, Any]] = {
    "id": "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11",
    "cell_code": "K.01.02",
    "kind": "regular",
    "month": "2020-11",
    "starts_at": "2020-11-03T07:30:00+00:00",
    "place": "Phòng họp tầng 2",
    "theme": None,
    "agenda": ["Đánh giá nghị quyết tháng 10", "Phương hướng tháng 11"],
    "assignments": [{"point": 2, "member_id": "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"}],
    "by_group": False,
    "status": "announced",
    "agreed_on": "2020-10-30",
    "announced_on": "2020-10-31",
    "minutes": None,
    "attendance": None,
    "version": 3,
}


class Meeting(_Answer):
    """A meeting of a cell."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(_MEETING | {"scores": [], "attendance_flagged": 0}),
    )

    id: UUID
    cell_code: str
    kind: MeetingKind
    month: str
    """Which month it counts for, as 2020-11."""
    starts_at: datetime | None
    """In UTC; None while it is postponed without a new time."""
    place: str
    theme: str | None
    agenda: list[str]
    assignments: list[Assignment]
    by_group: bool
    """Whether a large cell holds it by its party groups."""
    status: MeetingStatus
    agreed_on: date | None
    announced_on: date | None
    minutes: int | None
    """How long it took; None until it was held, as `attendance`."""
    attendance: Attendance | None
    version: int
    scores: list[Score] = []
    attendance_flagged: int = 0
    """Of how many people what membership told late makes the attendance doubtful; `roll` says how."""


class ChangedMeeting(Meeting):
    """A meeting as a command leaves it, and what is unusual about that."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example(_MEETING | {"warnings": []})
    )

    warnings: list[Warning_]


class MeetingPage(_Answer):
    """Meetings of a cell, by the months that they count for."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example({"items": [_MEETING | {"attendance_flagged": 0}], "next": None}),
    )

    items: list[Meeting]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class ListedMember(_Answer):
    """Somebody who is to come; who that is membership knows."""

    member_id: UUID
    roll: Roll
    exempt: bool


class CellList(_Answer):
    """Who is to come to a meeting of a cell on a day."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "cell_code": "K.01.02",
                "on": "2020-11-03",
                "items": [
                    {"member_id": "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10", "roll": "official", "exempt": False}
                ],
            }
        ),
    )

    cell_code: str
    on: date
    items: list[ListedMember]


class MonthOfCell(_Answer):
    """What became of a month in which a cell owed a regular meeting."""

    month: str
    status: MeetingStatus | None
    """Of its regular meeting; None where none was planned."""


class Months(_Answer):
    """The months that a cell owes, and what became of them."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "cell_code": "K.01.02",
                "due": 2,
                "held": 1,
                "months": [
                    {"month": "2020-03", "status": "held"},
                    {"month": "2020-04", "status": "postponed"},
                ],
                "quarters_due": ["2020-Q1"],
                "quarters_thematic": ["2020-Q1"],
            }
        ),
    )

    cell_code: str
    due: int
    held: int
    months: list[MonthOfCell]
    quarters_due: list[str]
    """Quarters, as 2020-Q1, that lie wholly in the time asked for."""
    quarters_thematic: list[str]
    """Those of them in which a meeting with a theme was held."""


_LATE: Final = Fault("told-after-it-began", "told_at", {"start": "14:30 ngày 03/11/2020"})
_TWICE: Final = Fault("already-planned", "kind", {"month": "11/2020"})

COMMAND: Final[Answers] = problem_answers(
    key_invalid(),
    unreadable_body(),
    refused(FaultsFound([_TWICE]), CONFLICTS),
    ConcurrentChange(),
    refused(FaultsFound([_LATE]), CONFLICTS),
    invalid_at("body.starts_at"),
    key_reused(),
    EventTooLarge("vn.chibo.meetings.meeting-held.v1", 1_200_000, 1_000_000),
    unavailable(),
    further={409: CONFLICTS, 422: MESSAGES.keys() - CONFLICTS},
)
"""What any command may answer; a route says by `created` or `changed` what it answers besides."""

UNKNOWN_MEETING: Final = unknown_meeting()
UNKNOWN_CELL: Final = unknown_cell("K.99.01")
_DONE: Final = "Done; its events are recorded for good"


def created() -> dict[str, Any]:
    """Return what the decorator of the route says that plans a meeting."""
    return {"responses": {**resource_answer(201, ChangedMeeting, _DONE), **problem_answers(UNKNOWN_CELL)}}


def changed() -> dict[str, Any]:
    """Return what the decorator of a route says that changes a meeting: it heeds `If-Match`."""
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(200, ChangedMeeting, _DONE),
            **problem_answers(
                key_invalid(), invalid_if_match(), unreadable_body(), UNKNOWN_MEETING, precondition_failed(3)
            ),
        },
    }


def one() -> dict[str, Any]:
    """Return what the decorator of the route says that reads a meeting."""
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "response_model": None,
        "responses": {
            **resource_answer(200, Meeting, "The meeting"),
            **NOT_MODIFIED,
            **problem_answers(UNKNOWN_MEETING, invalid_at("path.id"), unavailable()),
        },
    }


def of_cell(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the decorator of a route says that reads something of a cell."""
    return {
        "response_model": model,
        "responses": problem_answers(invalid_cursor(), UNKNOWN_CELL, invalid_at("query.on"), unavailable()),
    }
