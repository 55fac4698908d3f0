"""What commands on findings look like as JSON; each makes a command of the domain."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import ConfigDict, Field

from chassis.openapi import example
from contracts.findings import Severity
from contracts.positions import Position
from services.inspection.requests import Day, Remark, Remarked, Request, Text
from services.inspection.visits.requests import Code

_ON: Final = "2020-07-06"


class OwnerSaid(Request):
    """Who is to remedy a finding: whoever holds a position in a unit, or a member; one of both."""

    unit_code: Text | None = None
    position: Position | None = None
    """In that unit; the unit as a whole, where it is left out."""
    member_id: UUID | None = None


class _Lacking(Request):
    axis: Code | None = None
    """Left out where a limitation is named: it has its axis."""
    limitation: Code | None = None
    """Which of the checklist's it is; left out where it is said in words only."""
    owner: OwnerSaid | None = None
    """The cell's secretary, where it is left out."""
    due_on: Day | None = None
    """The last day on which it is to be reported as mended; by its severity, where it is left out."""


class FindingOpening(_Lacking):
    """Something that visitors found lacking in a cell."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "limitation": "verbosity",
                "severity": "minor",
                "summary": "Phần đánh giá kéo dài, nhiều nội dung lặp lại.",
                "due_on": "2020-07-03",
            }
        )
    )

    severity: Severity
    summary: Annotated[Remark, Field(min_length=1)]
    """What it is, in words: kept in this service; in no event."""


class FindingCorrecting(_Lacking):
    """What of a finding is otherwise than was said; what is left out stays."""

    model_config = ConfigDict(json_schema_extra=example({"severity": "moderate"}))

    severity: Severity | None = None
    summary: Remarked = None
    no_limitation: bool = False
    """It is none of the checklist's, though one was named; then its axis is said."""


class Step(Request):
    """A step of a finding's life, from a day on."""

    model_config = ConfigDict(json_schema_extra=example({"on": _ON}))

    on: Day
    note: Remarked = None
    """Kept in this service; in no event."""


class Reporting(Step):
    """What its owner did; the evidence is in the note, or attached to the visit."""

    model_config = ConfigDict(
        json_schema_extra=example({"on": _ON, "note": "Đã quy định thời gian phát biểu; biên bản tháng 7."})
    )

    attachment_ids: Annotated[list[UUID], Field(max_length=20, default_factory=list)]


class Reopening(Step):
    """Why what was reported is not enough (in the note), and until when it is to be."""

    model_config = ConfigDict(
        json_schema_extra=example({"on": "2020-07-10", "note": "Vẫn còn lặp lại.", "due_on": "2020-08-03"})
    )

    due_on: Day


class CarryingOver(Request):
    """The year into whose plan unsettled findings of earlier years go."""

    model_config = ConfigDict(json_schema_extra=example({"year": 2021}))

    year: Annotated[int, Field(ge=2000, le=2200)]


class FindingWithdrawing(Request):
    """There was no such finding."""

    model_config = ConfigDict(json_schema_extra=example({}))
