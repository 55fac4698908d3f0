"""What commands on visits look like as JSON; each makes a report of the domain."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from chassis.openapi import example
from contracts.visits import AxisComment, AxisGrade, BookCheck, StepCheck
from rules.guidance import Criterion
from services.inspection.requests import Day, Remarked, Request
from services.inspection.teams.requests import TeamCode
from services.inspection.visits.domain import Report

Code = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=50)]
"""A code of the checklist."""
_Points = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]

_POINTS: Final[dict[str, JsonValue]] = {
    "duration": 5, "attendance": 5, "preparation": 8, "procedure": 5, "content": 20, "chairing": 8,
    "principles": 5, "results": 25, "closing": 4.5,
}  # fmt: skip


class BookSaid(Request):
    """How one of the cell's books was; null where that was not looked at."""

    book: Code
    present: bool | None = None
    up_to_date: bool | None = None
    correct: bool | None = None
    remark: Remarked = None


class StepSaid(Request):
    """Whether a step of the meeting's course was followed."""

    step: Code
    followed: bool
    remark: Remarked = None


class AxisSaid(Request):
    """A comment on one axis, with its grade."""

    axis: Code
    grade: AxisGrade
    comment: Remarked = None


class _Said(Request):
    visited_on: Day | None = None
    """The meeting's day, where it is left out."""
    visitor_ids: Annotated[list[UUID], Field(max_length=20)] | None = None
    """Who of the team was there."""
    assignment_id: UUID | None = None
    """The assignment of a monthly plan that it fulfils."""
    books: Annotated[list[BookSaid], Field(max_length=50)] | None = None
    steps: Annotated[list[StepSaid], Field(max_length=50)] | None = None
    axes: Annotated[list[AxisSaid], Field(max_length=50)] | None = None
    points: dict[Criterion, _Points] | None = None
    """The inspector's score, by each criterion of the rubric in force on the meeting's day."""
    guidance: Remarked = None
    """What the visitors advised on the spot. Words are kept in this service; they are in no event."""
    comment: Remarked = None

    def report(self, before: Report) -> Report:
        """Return what is said, and for what is left out what was said before."""
        words = before.words
        its: dict[str, Any] = {}
        if self.visitor_ids is not None:
            its["visitor_ids"] = tuple(self.visitor_ids)
        if self.books is not None:
            its["books"] = tuple(BookCheck(**one.model_dump(exclude={"remark"})) for one in self.books)
            words = replace(words, books={one.book: one.remark for one in self.books if one.remark})
        if self.steps is not None:
            its["steps"] = tuple(StepCheck(step=one.step, followed=one.followed) for one in self.steps)
            words = replace(words, steps={one.step: one.remark for one in self.steps if one.remark})
        if self.axes is not None:
            its["axes"] = tuple(AxisComment(axis=one.axis, grade=one.grade) for one in self.axes)
            words = replace(words, axes={one.axis: one.comment for one in self.axes if one.comment})
        return replace(
            before,
            visited_on=self.visited_on or before.visited_on,
            assignment_id=self._said("assignment_id", before.assignment_id),
            points=self.points or before.points,
            words=replace(
                words,
                guidance=self._said("guidance", words.guidance),
                comment=self._said("comment", words.comment),
            ),
            **its,
        )

    def _said(self, name: str, before: Any) -> Any:
        """Return what is said of a field, and what was said before only where it is left out."""
        return getattr(self, name) if name in self.model_fields_set else before


class VisitRecording(_Said):
    """A visit of a working team to a meeting."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "meeting_id": "01937b2e-5f00-7a10-8c00-0000000000e1",
                "team_code": "TCT-1",
                "books": [{"book": "member_list", "present": True, "up_to_date": False, "correct": True}],
                "steps": [{"step": "roll_called", "followed": True}],
                "axes": [{"axis": "content", "grade": "fair", "comment": "Chủ đề còn rộng."}],
                "points": _POINTS,
                "guidance": "Gửi dự thảo nghị quyết trước cuộc họp.",
            }
        )
    )

    meeting_id: UUID
    team_code: TeamCode


class VisitCorrecting(_Said):
    """What of a visit is otherwise than was said; what is left out stays. Lists stand in place of those before.

    Guidance, comment and assignment that are null are taken back: words that should not have been written can go.
    """

    model_config = ConfigDict(json_schema_extra=example({"visited_on": "2020-06-04"}))

    unscored: bool = False
    """No score was given, though one was recorded."""

    def report(self, before: Report) -> Report:
        """Return what is said, and for what is left out what was said before."""
        found = super().report(before)
        return replace(found, points=None) if self.unscored else found


class VisitWithdrawing(Request):
    """There was no such visit."""

    model_config = ConfigDict(json_schema_extra=example({}))
