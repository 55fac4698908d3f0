"""What the routes of monthly plans answer, as their OpenAPI document has it."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from fastapi.responses import Response
from pydantic import ConfigDict, JsonValue

from chassis.openapi import example, invalid_at, problem_answers, resource_answer
from chassis.problems import unavailable
from contracts.visit_plans import VisitChange
from services.inspection import answers
from services.inspection.answers import DONE, Said, changing
from services.inspection.plans.plan import Pin, PlanStatus
from services.inspection.plans.situation import Rule
from services.inspection.problems import no_policy, unknown_plan, unknown_plan_meeting

_MEETING: Final = "0b1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b55"
_REASON: Final[dict[str, Any]] = {
    "code": "not-visited-for",
    "message": "Đã 12 tháng chưa được dự.",
    "message_en": "It was not visited for 12 months.",
}
_BRIEF: Final[dict[str, Any]] = {
    "month": "2020-03", "status": "draft", "visits": 1, "lapsed": 0, "left_out": 1, "version": 1,
}  # fmt: skip
_PLAN: Final[dict[str, Any]] = {
    "month": "2020-03",
    "status": "draft",
    "per_person": 2,
    "at_most": None,
    "policy": "2018-07-01",
    "visits": [
        {
            "assignment_id": "1c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b66",
            "meeting_id": _MEETING,
            "cell_code": "K.01.02",
            "starts_at": "2020-03-03T07:30:00+00:00",
            "member_id": "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10",
            "team_code": "TCT-1",
            "pin": None,
            "lapsed": None,
            "why": [_REASON],
        }
    ],
    "left_out": [
        {
            "cell_code": "K.02",
            "meeting_id": None,
            "points": 23,
            "rules": {},
            "code": "no-meeting",
            "message": "Trong tháng không có buổi sinh hoạt nào còn dự được.",
            "message_en": "It has no meeting in the month to be attended.",
        }
    ],
    "bans": [],
    "version": 1,
}


class Why(Said):
    """A reason, by a stable code and in words."""

    code: str
    message: str
    message_en: str


class PlannedVisitSaid(Said):
    """Who is to attend which meeting, and why there."""

    assignment_id: UUID
    meeting_id: UUID
    cell_code: str
    starts_at: datetime
    member_id: UUID
    team_code: str
    """The team that they go for."""
    pin: Pin | None
    lapsed: VisitChange | None
    """Why nobody attends by now; it is planned again as soon as somebody can."""
    why: list[Why]
    """What counted for it when it was decided, the most telling first."""


class LeftOutSaid(Why):
    """A cell without a visit, and why, as it was decided."""

    cell_code: str
    meeting_id: UUID | None
    """Its first meeting that could be attended."""
    points: int
    """What a visit of it counts."""
    rules: dict[Rule, int]
    """How many people each rule keeps from there, beside what is planned."""


class BanSaid(Said):
    """What is forbidden: a meeting, somebody, or both together."""

    meeting_id: UUID | None
    cell_code: str | None
    """Whose meeting it is."""
    member_id: UUID | None


class VisitPlan(Said):
    """The plan of a month."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_PLAN))

    month: str
    status: PlanStatus
    per_person: int
    """Visits of one person at most."""
    at_most: int | None
    """Visits of all together."""
    policy: date
    """The first month of the version of the policy by which it is made."""
    visits: list[PlannedVisitSaid]
    """By their beginning."""
    left_out: list[LeftOutSaid]
    """Cells that are not visited, those that count for most first."""
    bans: list[BanSaid]
    version: int


class PlanBrief(Said):
    """A plan in a list."""

    month: str
    status: PlanStatus
    visits: int
    lapsed: int
    """Visits that nobody can make by now."""
    left_out: int
    """Cells without a visit."""
    version: int


class PlanPage(Said):
    """Plans, the latest month first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"items": [_BRIEF], "next": None})
    )

    items: list[PlanBrief]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class PlanFact(Said):
    """Something that was recorded of a plan or of one of its visits, as other services of this system read it."""

    type: str
    recorded_at: datetime
    event: dict[str, JsonValue]


class PlanHistory(Said):
    """Everything that was recorded of a plan and its visits, in that order."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "month": "2020-03",
                "items": [
                    {
                        "type": "vn.chibo.inspection.visit-plan-proposed.v1",
                        "recorded_at": "2020-02-24T02:00:00+00:00",
                        "event": {"effective_date": "2020-02-24", "month": "2020-03-01"},
                    }
                ],
            }
        ),
    )

    month: str
    items: list[PlanFact]


_UNKNOWN: Final = unknown_plan("2020-03")


def proposed() -> dict[str, Any]:
    """Return what the decorator of the route says that proposes a plan."""
    no = no_policy(date(2018, 6, 1), date(2018, 7, 1))
    return {"responses": resource_answer(201, VisitPlan, DONE) | problem_answers(no)}


def changed(*, meeting: bool = False) -> dict[str, Any]:
    """Return what the decorator of a route says that changes a plan."""
    return changing(VisitPlan, _UNKNOWN, *([unknown_plan_meeting()] if meeting else []))


def one() -> dict[str, Any]:
    """Return what the decorator of the route says that reads a plan."""
    return answers.one(VisitPlan, "The plan", _UNKNOWN)


def page() -> dict[str, Any]:
    """Return what the decorator of the route says that lists plans."""
    return answers.page(PlanPage)


def calendar() -> dict[str, Any]:
    """Return what the decorator of the route says that answers with somebody's calendar."""
    content = {"text/calendar": {"schema": {"type": "string", "format": "binary"}}}
    problems = problem_answers(_UNKNOWN, invalid_at("query.member_id"), unavailable())
    return {
        "response_class": Response,
        "responses": {200: {"description": "A calendar file (RFC 5545)", "content": content}} | problems,
    }


def history() -> dict[str, Any]:
    """Return what the decorator of the route says that reads what was recorded of a plan."""
    return {
        "response_model": PlanHistory,
        "responses": problem_answers(_UNKNOWN, invalid_at("header.X-Chibo-Actor"), unavailable()),
    }
