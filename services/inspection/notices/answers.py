"""What the route of a plan's notices answers, as its OpenAPI document has it."""

from datetime import datetime
from typing import Any, Final

from pydantic import ConfigDict

from chassis.letters.answers import Delivery
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import unavailable
from services.inspection.answers import Said
from services.inspection.problems import unknown_plan

_NOTICE: Final[dict[str, Any]] = {
    "plan_version": 2,
    "queued_at": "2020-02-27T02:00:00+00:00",
    "superseded": False,
    "visits": 1,
    "gone": 0,
    "cell_code": "K.01.02",
    "kind": "unit",
    "id": "01937b2e-5f00-7a10-8c00-0000000000c1",
    "withdrawn": False,
    "state": "failed",
    "reason": "no-address",
    "logged": False,
    "attempts": 1,
    "settled_at": "2020-02-27T02:00:03+00:00",
}


class Notice(Delivery):
    """What one recipient was told of a plan after one change of it, and what became of the letter."""

    plan_version: int
    queued_at: datetime
    superseded: bool
    """The recipient's visits were changed since."""
    visits: int
    """How many were to come."""
    gone: int
    """How many that were told before are off."""
    cell_code: str | None
    """The cell that is told; null for a visitor."""


class Notices(Said):
    """Everything that was told of a plan, the latest first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"month": "2020-03", "items": [_NOTICE]})
    )

    month: str
    items: list[Notice]


def notices() -> dict[str, Any]:
    """Return what the decorator of the route says that reads the notices of a plan."""
    return {
        "response_model": Notices,
        "responses": problem_answers(
            unknown_plan("2020-03"), invalid_at("header.X-Chibo-Actor"), unavailable()
        ),
    }
