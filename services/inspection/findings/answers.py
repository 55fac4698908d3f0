"""What the routes of findings answer, as their OpenAPI document has it."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ConfigDict

from chassis.openapi import example, invalid_at, problem_answers, resource_answer
from chassis.problems import unavailable
from contracts.findings import FindingState, Severity
from contracts.positions import Position
from replicas.membership.problems import unknown_unit
from services.inspection.answers import DONE, Said, changing, one, page
from services.inspection.problems import unknown_finding, unknown_team, unknown_visit
from services.inspection.visits.answers import Fact

_ID: Final = "01937b2e-5f00-7a10-8c00-000000000112"
_VISIT: Final = "01937b2e-5f00-7a10-8c00-000000000111"
_BRIEF: Final[dict[str, Any]] = {
    "id": _ID,
    "visit_id": _VISIT,
    "cell_code": "K.01.02",
    "found_on": "2020-06-03",
    "axis": "chairing",
    "limitation": "verbosity",
    "severity": "minor",
    "due_on": "2020-07-03",
    "state": "reported",
    "since": "2020-07-02",
    "overdue": False,
    "reopened": 0,
    "recurrence_of": None,
    "carried_into": None,
}
_FINDING: Final[dict[str, Any]] = {
    **_BRIEF,
    "summary": "Phần đánh giá kéo dài, nhiều nội dung lặp lại.",
    "owner": {"unit_code": "K.01.02", "position": "secretary", "member_id": None},
    "steps": [
        {
            "version": 1,
            "on": "2020-06-03",
            "state": "open",
            "due_on": "2020-07-03",
            "note": None,
            "restated": False,
        },
        {
            "version": 2,
            "on": "2020-07-02",
            "state": "reported",
            "due_on": "2020-07-03",
            "note": "Đã quy định thời gian phát biểu.",
            "restated": False,
        },
    ],
    "attachment_ids": [],
    "withdrawn": False,
    "version": 2,
}


class OwnerAnswer(Said):
    """Who is to remedy it: whoever holds a position in a unit, or a member; who that is membership knows."""

    unit_code: str | None
    position: Position | None
    member_id: UUID | None


class StepAnswer(Said):
    """One step of its life, with what was said at it."""

    version: int
    on: date
    state: FindingState
    due_on: date
    note: str | None
    restated: bool
    """No step of its own: what was said before was put right, from `on` on."""


class FindingBrief(Said):
    """A finding, as a list has it."""

    id: UUID
    visit_id: UUID
    cell_code: str
    found_on: date
    axis: str
    limitation: str | None
    severity: Severity
    due_on: date
    state: FindingState
    since: date
    """From which day on it is in its state."""
    overdue: bool
    """Whether its day went by, nothing is reported, and that was told."""
    reopened: int
    """How often what was reported was not enough."""
    recurrence_of: UUID | None
    """The last finding before it of the same limitation in the same cell."""
    carried_into: int | None
    """The year into whose plan it was carried over last."""


class Finding(FindingBrief):
    """A finding with all that was said of it. Whose words and ids these are is noted when they are read."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_FINDING))

    summary: str
    owner: OwnerAnswer
    steps: list[StepAnswer]
    attachment_ids: list[UUID]
    """What shows that it is mended, among the attachments of its visit."""
    withdrawn: bool
    """There was no such finding."""
    version: int


class FindingPage(Said):
    """Findings, by the days on which they were found."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"items": [_BRIEF], "next": None})
    )

    items: list[FindingBrief]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class FindingHistory(Said):
    """Everything that was recorded of a finding, in that order."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "id": _ID,
                "items": [
                    {
                        "number": 1,
                        "type": "vn.chibo.inspection.finding-opened.v1",
                        "recorded_at": "2020-06-04T02:00:00+00:00",
                        "event": {"effective_date": "2020-06-03", "finding_id": _ID},
                    }
                ],
            }
        ),
    )

    id: UUID
    items: list[Fact]


class CarriedOver(Said):
    """What went into the plan of a year."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"year": 2021, "ids": [_ID]})
    )

    year: int
    ids: list[UUID]
    """Findings that were carried over now; those that were before are not told again."""


def opened() -> dict[str, Any]:
    """Return what the decorator of the route says that opens a finding."""
    return {
        "responses": {
            **resource_answer(201, Finding, DONE),
            **problem_answers(unknown_visit(), unknown_unit("K.99")),
        }
    }


def changed() -> dict[str, Any]:
    """Return what the decorator of a route says that changes a finding: it heeds `If-Match`."""
    return changing(Finding, unknown_finding())


def corrected() -> dict[str, Any]:
    """Return what the decorator of the route says that corrects a finding."""
    return changing(Finding, unknown_finding(), unknown_unit("K.99"))


def carried_over() -> dict[str, Any]:
    """Return what the decorator of the route says that carries findings over."""
    return {"responses": {200: {"model": CarriedOver, "description": DONE}}}


def listed() -> dict[str, Any]:
    """Return what the decorator of the route says that lists findings."""
    found = page(FindingPage)
    return found | {
        "responses": {**found["responses"], **problem_answers(unknown_unit("K.99"), unknown_team("TCT-9"))}
    }


def one_finding() -> dict[str, Any]:
    """Return what the decorator of the route says that reads a finding."""
    return one(Finding, "The finding", unknown_finding())


def history() -> dict[str, Any]:
    """Return what the decorator of the route says that reads what was recorded of a finding."""
    return {
        "response_model": FindingHistory,
        "responses": problem_answers(unknown_finding(), invalid_at("path.id"), unavailable()),
    }
