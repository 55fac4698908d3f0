"""The HTTP side of the checklist: what a visitor looks at and scores by, on a day."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict

from chassis.openapi import example, invalid_at, problem_answers
from contracts.findings import Severity
from rules.guidance import Criterion, MeetingGrade, NoGuidanceError, guidances
from services.inspection.answers import Said
from services.inspection.checklists import (
    Axis,
    Book,
    Limitation,
    NoChecklistError,
    Step,
    checklist_on,
    checklists,
)
from services.inspection.problems import no_checklist
from services.inspection.reads import On, today


class RubricSaid(Said):
    """By what a meeting of the day is scored."""

    guidance: str
    """The document of it."""
    provisional: bool
    """Whether it stands in for one that is not known."""
    points: dict[Criterion, int]
    """The most of each criterion; together 100."""
    grades: dict[MeetingGrade, int]
    """The fewest points of each; below all of them a meeting was poor."""


class ChecklistSaid(Said):
    """What a visitor looks at, comments on and scores by."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "on": "2020-11-30",
                "in_force_from": "2018-07-06",
                "source": "Bài báo ngày 30/12/2020; sổ sách theo thông lệ",
                "provisional": True,
                "remedy_days": {"minor": 60, "moderate": 30, "serious": 15},
                "books": [
                    {"code": "member_list", "label": "Danh sách đảng viên", "reconciled_every_months": 3}
                ],
                "steps": [{"code": "roll_called", "label": "Điểm danh", "phase": "during"}],
                "axes": [{"code": "content", "label": "Nội dung sinh hoạt"}],
                "limitations": [{"code": "verbosity", "label": "Dài dòng", "axis": "chairing"}],
                "rubric": {
                    "guidance": "Hướng dẫn 12-HD/BTCTW (6/7/2018)",
                    "provisional": True,
                    "points": {"duration": 5, "content": 25},
                    "grades": {"good": 90, "fair": 70, "average": 50},
                },
            }
        ),
    )

    on: date
    in_force_from: date
    source: str
    provisional: bool
    """Whether it stands in for a document that is not known."""
    remedy_days: dict[Severity, int]
    """Days that a finding may take, where its visitors set no day."""
    books: tuple[Book, ...]
    steps: tuple[Step, ...]
    axes: tuple[Axis, ...]
    limitations: tuple[Limitation, ...]
    rubric: RubricSaid


def router() -> APIRouter:
    """Return the route of the checklist."""
    routes = APIRouter(tags=["queries"])
    first = checklists()[0].in_force_from

    @routes.get(
        "/checklist",
        response_model=ChecklistSaid,
        responses=problem_answers(no_checklist(date(2010, 1, 1), first), invalid_at("query.on")),
    )
    async def checklist(on: On = None) -> dict[str, Any]:
        """The books, axes and faults of the checklist in force on a day, and the rubric of its meetings."""
        day = on or today()
        try:
            found, guidance = checklist_on(day), guidances().on(day)
        except (NoChecklistError, NoGuidanceError):
            raise no_checklist(day, first) from None
        return {
            "on": day,
            **found.model_dump(),
            "rubric": {
                "guidance": guidance.source,
                "provisional": guidance.provisional,
                "points": dict(guidance.rubric),
                "grades": guidance.grades.model_dump(),
            },
        }

    return routes
