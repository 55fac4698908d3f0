"""What the routes of notices and calendar files answer."""

from datetime import datetime
from typing import Any, Final

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.letters.answers import Delivery
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import Problem, unavailable
from contracts.notices import NoticeTopic
from services.meetings.answers import UNKNOWN_MEETING

_UNIT: Final = "01937b2e-5f00-7a10-8c00-0000000000c1"


class _Model(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Notice(_Model):
    """What was told of a meeting after one change, and to whom."""

    meeting_version: int
    topic: NoticeTopic
    queued_at: datetime
    superseded: bool
    """The meeting was changed since, or held."""
    deliveries: list[Delivery]


class Notices(_Model):
    """Notices of a meeting, the latest first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "items": [
                    {
                        "meeting_version": 3,
                        "topic": "announced",
                        "queued_at": "2020-10-31T01:00:00+00:00",
                        "superseded": False,
                        "deliveries": [
                            {
                                "kind": "unit",
                                "id": _UNIT,
                                "withdrawn": False,
                                "state": "failed",
                                "reason": "no-address",
                                "logged": False,
                                "attempts": 1,
                                "settled_at": "2020-10-31T01:00:03+00:00",
                            }
                        ],
                    }
                ]
            }
        ),
    )

    items: list[Notice]


def notices() -> dict[str, Any]:
    """Return what the decorator of the route says that reads the notices of a meeting."""
    return {
        "response_model": Notices,
        "responses": problem_answers(UNKNOWN_MEETING, invalid_at("path.id"), unavailable()),
    }


def calendar_file(*missing: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that answers with a calendar file."""
    content = {"text/calendar": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "response_class": Response,
        "responses": {
            200: {"description": "The file, in iCalendar (RFC 5545)", "content": content},
            **problem_answers(*missing, invalid_at("path.id"), unavailable()),
        },
    }
