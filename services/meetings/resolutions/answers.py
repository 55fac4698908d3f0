"""What the routes of records and tasks answer, as their OpenAPI document has it."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from chassis.cursors import invalid_cursor
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
from chassis.problems import Problem, unavailable
from contracts.corrections import CorrectedField, RollDifference
from contracts.meetings import Presence, Roll
from contracts.resolutions import Majority, TaskResult, TaskStatus
from replicas.membership.problems import unknown_unit
from services.meetings.answers import UNKNOWN_CELL, UNKNOWN_MEETING, Warning_
from services.meetings.problems import unknown_task

_MEETING: Final = "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11"
_MEMBER: Final = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"
_OTHER: Final = "1f8b1f6e-0b0a-4f7e-9a55-6a1f0d3c2b20"
_TASK_ID: Final = "5a0e3c52-6f0c-4d1b-8f35-0d6f2f3c1a77"
_RESOLUTION_ID: Final = "9b1c6f0e-52a1-4f5c-8a58-0c1f5b0b8b33"


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class VotedResolution(_Answer):
    """A resolution as it was voted on."""

    id: UUID
    subject: str
    text: str
    majority: Majority
    in_favour: int
    against: int
    abstained: int
    voters: int
    """Official members who were there."""
    base: int
    """Official members summoned, of whom the majority is counted."""
    voted_on: date
    carried: bool
    series: str | None
    """Within what it is numbered, a term or a year; None where it was not carried, as `number`."""
    number: int | None


_RESOLUTION: Final[dict[str, Any]] = {
    "id": _RESOLUTION_ID,
    "subject": "Nhiệm vụ tháng 11 năm 2020",
    "text": "Chi bộ thống nhất hoàn thành báo cáo tổng kết năm trước ngày 25/11.",
    "majority": "more_than_half",
    "in_favour": 8,
    "against": 0,
    "abstained": 1,
    "voters": 9,
    "base": 11,
    "voted_on": "2020-11-03",
    "carried": True,
    "series": "2020–2025",
    "number": 5,
}


class RecordedMeeting(_Answer):
    """A meeting whose record a command changed: its version, and what the command made."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {"meeting_id": _MEETING, "version": 6, "resolution": _RESOLUTION, "minutes": None, "warnings": []}
        ),
    )

    meeting_id: UUID
    version: int
    resolution: VotedResolution | None = None
    minutes: "Minutes | None" = None
    correction: "Correction | None" = None
    warnings: list[Warning_]


class Minutes(_Answer):
    """Minutes that were approved."""

    series: str
    number: int
    approved_on: date
    reported_on: date | None
    """When they were sent to the committee above."""


class Correction(_Answer):
    """That approved minutes were put right; the page of the book says what they said and what holds instead."""

    page: int
    """Its place in the book of the cell."""
    series: str
    number: int
    corrects: list[int]
    """The pages that it puts right."""
    fields: list[CorrectedField]
    reason: str
    approved_on: date
    approved_by: list[UUID]


class Opinion(_Answer):
    """What somebody said."""

    speaker_id: UUID | None
    """None for a guest."""
    text: str


class Conclusion(_Answer):
    """What was concluded on a point of the agenda."""

    point: int
    text: str


class Absence(_Answer):
    """Why somebody was away."""

    member_id: UUID
    reason: str


class Proceedings(_Answer):
    """What went on in a meeting."""

    chair_id: UUID
    recorder_id: UUID
    guests: list[str]
    opinions: list[Opinion]
    conclusions: list[Conclusion]
    absences: list[Absence]
    directions: list[str]


class GivenTask(_Answer):
    """A task as the meeting gave it."""

    id: UUID
    member_id: UUID
    text: str
    due_on: date


class Evaluation(_Answer):
    """What the meeting found of an earlier task."""

    task_id: UUID
    member_id: UUID
    text: str
    due_on: date
    result: TaskResult
    done_on: date | None
    remark: str | None
    carried_on_to: date | None


class MeetingRecord(_Answer):
    """All that is recorded of a meeting held, beside its roll."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "meeting_id": _MEETING,
                "version": 6,
                "proceedings": {
                    "chair_id": _MEMBER,
                    "recorder_id": _OTHER,
                    "guests": [],
                    "opinions": [{"speaker_id": _MEMBER, "text": "Nhất trí với dự thảo báo cáo."}],
                    "conclusions": [{"point": 1, "text": "Hoàn thành nghị quyết tháng 10."}],
                    "absences": [],
                    "directions": ["Sinh hoạt chuyên đề về nêu gương"],
                },
                "resolutions": [_RESOLUTION],
                "tasks": [
                    {"id": _TASK_ID, "member_id": _OTHER, "text": "Dự thảo báo cáo", "due_on": "2020-11-25"}
                ],
                "evaluations": [],
                "minutes": None,
                "corrections": [],
            }
        ),
    )

    meeting_id: UUID
    version: int
    proceedings: Proceedings | None
    resolutions: list[VotedResolution]
    tasks: list[GivenTask]
    evaluations: list[Evaluation]
    minutes: Minutes | None
    """None until they are approved."""
    corrections: list[Correction]
    """What was put right of them since, in its order; what is above is as it holds now."""


_TASK: Final[dict[str, Any]] = {
    "id": _TASK_ID,
    "cell_code": "K.01.02",
    "meeting_id": _MEETING,
    "member_id": _OTHER,
    "text": "Dự thảo báo cáo tổng kết năm",
    "assigned_on": "2020-11-03",
    "first_due_on": "2020-11-25",
    "due_on": "2020-11-25",
    "status": "open",
    "done_on": None,
    "result": None,
    "version": 1,
}


class Task(_Answer):
    """What a meeting gave a member to do."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_TASK))

    id: UUID
    cell_code: str
    meeting_id: UUID
    """The meeting that gave it."""
    member_id: UUID
    text: str
    assigned_on: date
    first_due_on: date
    """The last day on which it is in time."""
    due_on: date
    """The same after it was carried on."""
    status: TaskStatus
    done_on: date | None
    result: TaskResult | None
    """What a meeting found of it last; stays while it is carried on."""
    version: int


class TaskPage(_Answer):
    """Tasks of a cell, by their last days."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {"cell_code": "K.01.02", "on": "2020-12-01", "items": [_TASK], "next": None}
        ),
    )

    cell_code: str
    on: date
    items: list[Task]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class TaskFigures(_Answer):
    """How many tasks of a cell were first due in a period, and what its meetings found of them."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "cell_code": "K.01.02", "from": "2020-01-01", "to": "2020-12-31", "due": 40, "done_in_time": 30,
                "done_late": 6, "not_done": 1, "open": 3, "percent_in_time": 75.0,
            }
        ),
    )  # fmt: skip

    cell_code: str
    due: int
    done_in_time: int
    done_late: int
    not_done: int
    open: int
    """Not evaluated yet, or carried on."""
    percent_in_time: float | None
    """Of all that were due, to one decimal; None where none was."""


class RollEntry(_Answer):
    """Somebody on the roll, or who should have been."""

    member_id: UUID
    roll: Roll | None
    """As what they are on the roll; None where they are not on it, as `presence`."""
    presence: Presence | None
    special_duty: bool
    roll_now: Roll | None
    """As what they are on the list of that day by what is known now; None where they are not."""
    differences: list[RollDifference]


class RollCheck(_Answer):
    """The roll of a meeting beside the list of its day as known now; the roll stays as it was called."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "meeting_id": _MEETING,
                "on": "2020-11-03",
                "flagged": 1,
                "items": [
                    {
                        "member_id": _MEMBER,
                        "roll": "official",
                        "presence": "present",
                        "special_duty": False,
                        "roll_now": None,
                        "differences": ["not_on_the_list"],
                    }
                ],
            }
        ),
    )

    meeting_id: UUID
    on: date
    flagged: int
    """Of how many roll and list differ."""
    items: list[RollEntry]


class ReportDue(_Answer):
    """A meeting whose minutes and resolutions were not sent up yet."""

    meeting_id: UUID
    cell_code: str
    cell_name: str
    held_on: date
    approved: bool
    due_on: date
    overdue: bool
    source: str
    """The guidance that says how many days there are."""


class ReportsDue(_Answer):
    """Meetings to be reported to the committee above, the oldest first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "as_of": "2020-11-10",
                "items": [
                    {
                        "meeting_id": _MEETING,
                        "cell_code": "K.01.02",
                        "cell_name": "Chi bộ Văn phòng",
                        "held_on": "2020-11-03",
                        "approved": True,
                        "due_on": "2020-11-05",
                        "overdue": True,
                        "source": "Hướng dẫn 12-HD/BTCTW (6/7/2018)",
                    }
                ],
                "next": None,
            }
        ),
    )

    as_of: date
    items: list[ReportDue]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


UNKNOWN_TASK: Final = unknown_task()
UNKNOWN_UNIT: Final = unknown_unit("K.99")
_DONE: Final = "Done; its events are recorded for good"


def recorded() -> dict[str, Any]:
    """Return what the decorator of a route says that adds to the record of a meeting: it heeds `If-Match`."""
    return _changing(200, RecordedMeeting, UNKNOWN_MEETING)


def task_given() -> dict[str, Any]:
    """Return what the decorator of the route says that gives a task."""
    return {"responses": {**resource_answer(201, Task, _DONE), **problem_answers(UNKNOWN_MEETING)}}


def task_changed() -> dict[str, Any]:
    """Return what the decorator of a route says that changes a task: it heeds `If-Match`."""
    return _changing(200, Task, UNKNOWN_TASK, UNKNOWN_MEETING)


def record_read() -> dict[str, Any]:
    """Return what the decorator of the route says that reads the record of a meeting."""
    return _reading(MeetingRecord, UNKNOWN_MEETING)


def task_read() -> dict[str, Any]:
    """Return what the decorator of the route says that reads a task."""
    return _reading(Task, UNKNOWN_TASK)


def roll_read() -> dict[str, Any]:
    """Return what the decorator of the route says that reads the roll of a meeting."""
    return {
        "response_model": RollCheck,
        "responses": problem_answers(UNKNOWN_MEETING, invalid_at("path.id"), unavailable()),
    }


def listed(model: type[BaseModel], place: str, unknown: Problem = UNKNOWN_CELL) -> dict[str, Any]:
    """Return what the decorator of a route says that lists something of a cell, or of a unit."""
    return {
        "response_model": model,
        "responses": problem_answers(invalid_cursor(), unknown, invalid_at(place), unavailable()),
    }


def _changing(status: int, model: type[BaseModel], *unknown: Problem) -> dict[str, Any]:
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(status, model, _DONE),
            **problem_answers(
                key_invalid(), invalid_if_match(), unreadable_body(), *unknown, precondition_failed(3)
            ),
        },
    }


def _reading(model: type[BaseModel], unknown: Problem) -> dict[str, Any]:
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "response_model": None,
        "responses": {
            **resource_answer(200, model, "As it is now"),
            **NOT_MODIFIED,
            **problem_answers(unknown, invalid_at("path.id"), unavailable()),
        },
    }
