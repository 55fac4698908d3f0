"""What the routes of visits answer, as their OpenAPI document has it."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ConfigDict, JsonValue

from chassis.openapi import example, invalid_at, problem_answers, resource_answer
from chassis.problems import unavailable
from contracts.meetings import MeetingKind
from contracts.visits import AxisGrade
from rules.guidance import Criterion, MeetingGrade
from services.inspection.answers import DONE, DocumentSaid, Said, Warning_, changing, one
from services.inspection.problems import unknown_team, unknown_visit

_ID: Final = "01937b2e-5f00-7a10-8c00-000000000111"
_BRIEF: Final[dict[str, Any]] = {
    "id": _ID,
    "meeting_id": "01937b2e-5f00-7a10-8c00-0000000000e1",
    "cell_code": "K.01.02",
    "month": "2020-06",
    "kind": "regular",
    "team_code": "TCT-1",
    "visited_on": "2020-06-03",
    "total": 85.5,
    "grade": "fair",
    "findings": 1,
}
_VISIT: Final[dict[str, Any]] = {
    **_BRIEF,
    "visitor_ids": ["7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"],
    "assignment_id": None,
    "checklist": "2018-07-06",
    "books": [{"book": "member_list", "present": True, "up_to_date": False, "correct": True, "remark": None}],
    "steps": [{"step": "roll_called", "followed": True, "remark": None}],
    "axes": [{"axis": "content", "grade": "fair", "comment": "Chủ đề còn rộng."}],
    "score": {
        "guidance": {"number": "12-HD/BTCTW", "date": "2018-07-06"},
        "points": {"duration": 5, "content": 20},
        "total": 85.5,
        "grade": "fair",
    },
    "guidance": "Gửi dự thảo nghị quyết trước cuộc họp.",
    "comment": None,
    "withdrawn": False,
    "version": 1,
}


CHANGED_EXAMPLE: Final[dict[str, Any]] = _VISIT | {"warnings": []}
"""A visit as a command leaves it."""


class BookAnswer(Said):
    """How one of the cell's books was; null where that was not looked at."""

    book: str
    present: bool | None
    up_to_date: bool | None
    correct: bool | None
    remark: str | None


class StepAnswer(Said):
    """Whether a step of the meeting's course was followed."""

    step: str
    followed: bool
    remark: str | None


class AxisAnswer(Said):
    """A comment on one axis, with its grade."""

    axis: str
    grade: AxisGrade
    comment: str | None


class ScoreAnswer(Said):
    """The inspector's score."""

    guidance: DocumentSaid
    """By whose rubric."""
    points: dict[Criterion, float]
    total: float
    grade: MeetingGrade


class VisitBrief(Said):
    """A visit, as a list has it."""

    id: UUID
    meeting_id: UUID
    cell_code: str
    month: str
    """Of the meeting, as 2020-06."""
    kind: MeetingKind
    """Of the meeting."""
    team_code: str
    visited_on: date
    total: float | None
    """Points of the inspector's score; null where none was given."""
    grade: MeetingGrade | None
    findings: int
    """How many stand upon it."""


class Visit(VisitBrief):
    """A visit with all that was said of it. Whose words and ids these are is noted when they are read."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_VISIT))

    visitor_ids: list[UUID]
    assignment_id: UUID | None
    checklist: date
    """The first day in force of the version that its codes are of."""
    books: list[BookAnswer]
    steps: list[StepAnswer]
    axes: list[AxisAnswer]
    score: ScoreAnswer | None
    guidance: str | None
    comment: str | None
    withdrawn: bool
    """There was no such visit."""
    version: int


class ChangedVisit(Visit):
    """A visit as a command leaves it, and what is unusual about that."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(CHANGED_EXAMPLE))

    warnings: list[Warning_]


class VisitPage(Said):
    """Visits, by their days."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"items": [_BRIEF], "next": None})
    )

    items: list[VisitBrief]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class Fact(Said):
    """Something that was recorded: the event as other services of this system read it."""

    number: int
    """From 1, in the order of recording."""
    type: str
    recorded_at: datetime
    event: dict[str, JsonValue]


class VisitHistory(Said):
    """Everything that was recorded of a visit, in that order; what was said in words as it was is not kept."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "id": _ID,
                "items": [
                    {
                        "number": 1,
                        "type": "vn.chibo.inspection.visit-recorded.v1",
                        "recorded_at": "2020-06-04T02:00:00+00:00",
                        "event": {"effective_date": "2020-06-03", "visit_id": _ID},
                    }
                ],
            }
        ),
    )

    id: UUID
    items: list[Fact]


def recorded() -> dict[str, Any]:
    """Return what the decorator of the route says that records a visit."""
    return {
        "responses": {
            **resource_answer(201, ChangedVisit, DONE),
            **problem_answers(unknown_team("TCT-9")),
        }
    }


def changed() -> dict[str, Any]:
    """Return what the decorator of a route says that changes a visit: it heeds `If-Match`."""
    return changing(ChangedVisit, unknown_visit())


def one_visit() -> dict[str, Any]:
    """Return what the decorator of the route says that reads a visit."""
    return one(Visit, "The visit", unknown_visit())


def history() -> dict[str, Any]:
    """Return what the decorator of the route says that reads what was recorded of a visit."""
    return {
        "response_model": VisitHistory,
        "responses": problem_answers(unknown_visit(), invalid_at("path.id"), unavailable()),
    }
