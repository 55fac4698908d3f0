"""What the routes of orders that interrupt meetings answer, as their OpenAPI document has it."""

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
from chassis.problems import unavailable
from contracts.meetings import InterruptionReason
from replicas.membership.problems import unknown_unit
from services.meetings.problems import unknown_interruption

_UNKNOWN: Final = unknown_interruption()
_UNKNOWN_UNIT: Final = unknown_unit("K.99")
_ORDER: Final[dict[str, Any]] = {
    "id": "3f1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b77",
    "unit_codes": ["K"],
    "from_on": "2020-04-01",
    "until_on": "2020-04-22",
    "reason": "epidemic",
    "document": {"number": "16/CT-TTg", "date": "2020-03-31"},
    "withdrawn": False,
    "version": 1,
}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class OrderDocument(_Answer):
    """The document that orders it."""

    number: str
    date: date


class Interruption(_Answer):
    """An order by which the cells of some units do not meet for some days."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_ORDER))

    id: UUID
    unit_codes: list[str]
    """Units with all below them."""
    from_on: date
    until_on: date | None
    """The last day; None until further notice."""
    reason: InterruptionReason
    document: OrderDocument
    withdrawn: bool
    version: int


class ChangedInterruption(Interruption):
    """An order as a command leaves it, and what that did."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(_ORDER | {"postponed": 206}),
    )

    postponed: int
    """How many planned meetings this command put off."""


class InterruptionPage(_Answer):
    """Orders, by the days from which they hold."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"items": [_ORDER], "next": None})
    )

    items: list[Interruption]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


def ordered() -> dict[str, Any]:
    """Return what the decorator of the route says that records an order."""
    return {
        "responses": {
            **resource_answer(201, ChangedInterruption, "Done; its events are recorded for good"),
            **problem_answers(_UNKNOWN_UNIT),
        }
    }


def changed() -> dict[str, Any]:
    """Return what the decorator of a route says that changes an order: it heeds `If-Match`."""
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(200, ChangedInterruption, "Done; its events are recorded for good"),
            **problem_answers(
                key_invalid(),
                invalid_if_match(),
                unreadable_body(),
                _UNKNOWN,
                _UNKNOWN_UNIT,
                precondition_failed(3),
            ),
        },
    }


def one() -> dict[str, Any]:
    """Return what the decorator of the route says that reads an order."""
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "response_model": None,
        "responses": {
            **resource_answer(200, Interruption, "The order"),
            **NOT_MODIFIED,
            **problem_answers(_UNKNOWN, invalid_at("path.id"), unavailable()),
        },
    }


def page() -> dict[str, Any]:
    """Return what the decorator of the route says that lists orders."""
    return {
        "response_model": InterruptionPage,
        "responses": problem_answers(invalid_cursor(), invalid_at("query.limit"), unavailable()),
    }
