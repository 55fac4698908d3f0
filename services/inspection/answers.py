"""What any command of inspection may answer, as its OpenAPI document has it."""

from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from chassis.event_log import ConcurrentChange, EventTooLarge
from chassis.faults import FaultsFound
from chassis.idempotency import key_invalid, key_reused
from chassis.openapi import Answers, invalid_at, problem_answers, unreadable_body
from chassis.problems import unavailable
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
