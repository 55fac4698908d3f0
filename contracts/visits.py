"""Internal events of the inspection service: visits of working teams to meetings of cells, and what they found there.

What visitors say in words stays in the service's database: it may speak of people. An event has what can be
counted: which books were in order, which steps were followed, a grade for each axis, and the points of the
inspector's score by the rubric that it cites. Who visited goes by opaque ids.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.meetings import CriterionPoints, MeetingKind
from contracts.membership import DocumentRef


class AxisGrade(StrEnum):
    """How well a meeting went, seen from one axis: tốt, khá, trung bình, kém."""

    GOOD = "good"
    FAIR = "fair"
    AVERAGE = "average"
    POOR = "poor"


GRADE_VALUES: Final[Mapping[AxisGrade, int]] = {
    AxisGrade.GOOD: 4,
    AxisGrade.FAIR: 3,
    AxisGrade.AVERAGE: 2,
    AxisGrade.POOR: 1,
}
"""What a grade counts for in a mean, from 1 to 4 [C]."""


class BookCheck(Value):
    """Whether one of a cell's books was as it is to be; None where that was not looked at."""

    book: Annotated[str, PUBLIC]
    """As the checklist calls it."""
    present: Annotated[bool | None, PUBLIC] = None
    up_to_date: Annotated[bool | None, PUBLIC] = None
    correct: Annotated[bool | None, PUBLIC] = None


class StepCheck(Value):
    """Whether one step of how a meeting is to go was followed."""

    step: Annotated[str, PUBLIC]
    """As the checklist calls it."""
    followed: Annotated[bool, PUBLIC]


class AxisComment(Value):
    """How a meeting was graded on one axis."""

    axis: Annotated[str, PUBLIC]
    """As the checklist calls it."""
    grade: Annotated[AxisGrade, PUBLIC]


class InspectorScore(Value):
    """What an inspector gave a meeting, by the rubric of the guidance in force on the meeting's day."""

    guidance: Annotated[DocumentRef, PUBLIC]
    points: Annotated[tuple[CriterionPoints, ...], PUBLIC]
    total: Annotated[float, Field(ge=0, le=100), PUBLIC]
    grade: Annotated[str, PUBLIC]


class VisitFacts(Value):
    """Where visitors were, and what they found in order there."""

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """The first day of the month that the meeting counts for."""
    kind: Annotated[MeetingKind, PUBLIC]
    """Of the meeting."""
    team_id: Annotated[UUID, PUBLIC]
    visited_on: Annotated[date, PUBLIC]
    visitor_ids: Annotated[tuple[UUID, ...], PSEUDONYMOUS] = ()
    """Members; nobody where only the team is known."""
    assignment_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    """The assignment of a monthly plan that it fulfils."""
    checklist: Annotated[date, PUBLIC]
    """The first day in force of the version that the codes below are of."""
    books: Annotated[tuple[BookCheck, ...], PUBLIC] = ()
    steps: Annotated[tuple[StepCheck, ...], PUBLIC] = ()
    axes: Annotated[tuple[AxisComment, ...], PUBLIC] = ()
    score: Annotated[InspectorScore | None, PUBLIC] = None


class VisitRecorded(Event):
    """A working team was at a meeting of a cell, on `effective_date`."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.visit-recorded.v1"
    AGGREGATE: ClassVar[str] = "visit"
    KEY: ClassVar[str] = "visit_id"

    visit_id: Annotated[UUID, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[VisitFacts, PUBLIC]


class VisitRestated(Event):
    """What was said of a visit was wrong, and is now another; `after` is None where there was none.

    The same on both sides where only what was said in words is another. `effective_date` is the day of the visit, the
    earlier one where that is what changed.
    """

    TYPE: ClassVar[str] = "vn.chibo.inspection.visit-restated.v1"
    AGGREGATE: ClassVar[str] = "visit"
    KEY: ClassVar[str] = "visit_id"

    visit_id: Annotated[UUID, PUBLIC]
    before: Annotated[VisitFacts, PUBLIC]
    after: Annotated[VisitFacts | None, PUBLIC]


class VisitFileAttached(Event):
    """A file was attached to a visit: a photograph of a book, a report of what was mended."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.visit-file-attached.v1"
    AGGREGATE: ClassVar[str] = "visit_file"
    KEY: ClassVar[str] = "visit_file_id"

    visit_file_id: Annotated[UUID, PUBLIC]
    visit_id: Annotated[UUID, PUBLIC]
    sha256: Annotated[str, Field(min_length=64, max_length=64), PUBLIC]
    """Of its bytes, in hexadecimal."""
    size: Annotated[int, Field(ge=1), PUBLIC]
    """In bytes."""
    media_type: Annotated[str, PUBLIC]


VisitEvent = VisitRecorded | VisitRestated

EVENTS: tuple[type[Event], ...] = (VisitRecorded, VisitRestated, VisitFileAttached)
