"""What any command of inspection may answer, as its OpenAPI document has it."""

from datetime import date
from typing import Any, Final

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from chassis.cursors import invalid_cursor
from chassis.event_log import ConcurrentChange, EventTooLarge
from chassis.faults import FaultsFound
from chassis.idempotency import key_invalid, key_reused
from chassis.openapi import (
    NOT_MODIFIED,
    Answers,
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
from chassis.refusals import refused
from services.inspection.faults import CONFLICTS, MESSAGES, Fault

_TWO_LEADERS: Final = Fault("two-leaders", "role", {"day": date(2020, 3, 2), "team": "TCT-1"})
_STRANGER: Final = Fault("not-in-register", "member_id", {"day": date(2020, 3, 2)})

COMMAND: Final[Answers] = problem_answers(
    key_invalid(),
    unreadable_body(),
    refused(FaultsFound([_TWO_LEADERS]), CONFLICTS),
    ConcurrentChange(),
    refused(FaultsFound([_STRANGER]), CONFLICTS),
    invalid_at("body.from_on"),
    key_reused(),
    EventTooLarge("vn.chibo.inspection.team-area-set.v1", 1_200_000, 1_000_000),
    unavailable(),
    further={409: CONFLICTS, 422: MESSAGES.keys() - CONFLICTS},
)
DONE: Final = "Done; its events are recorded for good"


class Said(BaseModel):
    """What an answer is made of: the text below a field is its description."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Warning_(Said):  # noqa: N801 - a warning of Python's is something else
    """What is unusual, yet recorded."""

    column: str | None
    code: str
    message: str
    message_en: str


class DocumentSaid(Said):
    """The document that ordered it."""

    number: str
    date: date


def changing(model: type[BaseModel], *unknown: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that changes a resource: it heeds `If-Match`."""
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(200, model, DONE),
            **problem_answers(
                key_invalid(), invalid_if_match(), unreadable_body(), *unknown, precondition_failed(3)
            ),
        },
    }


def one(model: type[BaseModel], what: str, unknown: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that reads a resource."""
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "response_model": None,
        "responses": {
            **resource_answer(200, model, what),
            **NOT_MODIFIED,
            **problem_answers(unknown, invalid_at("header.X-Chibo-Actor"), unavailable()),
        },
    }


def page(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the decorator of a route says that lists something."""
    return {
        "response_model": model,
        "responses": problem_answers(invalid_cursor(), invalid_at("query.limit"), unavailable()),
    }
