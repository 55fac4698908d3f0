"""What the routes of papers take and answer."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.faults import FaultsFound
from chassis.openapi import Answers, example, invalid_at, problem_answers, unreadable_body
from chassis.papers import PaperFault
from chassis.papers.http import Form, documented, faulty_template
from chassis.preconditions import documented_if_none_match
from chassis.problems import Problem, unavailable
from chassis.refusals import refused
from contracts.resolutions import DocumentKind
from services.meetings.answers import UNKNOWN_MEETING
from services.meetings.faults import CONFLICTS, Fault
from services.meetings.requests import Text

_MEMBER: Final = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"
_RESOLUTION_ID: Final = "9b1c6f0e-52a1-4f5c-8a58-0c1f5b0b8b33"
_FAULTY: Final = faulty_template(
    "bien-ban.docx", PaperFault("chỗ điền không dùng được: 'chu_tich' is undefined")
)


class NamedMember(BaseModel):
    """What a member is called on the paper."""

    model_config = ConfigDict(extra="forbid")

    member_id: UUID
    full_name: Annotated[Text, Field(max_length=200, repr=False)]


class Names(BaseModel):
    """What members are called: meetings holds no names. They are printed on this paper, and kept nowhere."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=example({"members": [{"member_id": _MEMBER, "full_name": "Nguyễn Thị Hoa"}]}),
    )

    members: Annotated[list[NamedMember], Field(max_length=5000)]

    def by_id(self) -> dict[UUID, str]:
        """Return the names by the ids of their members; the last of several."""
        return {one.member_id: one.full_name for one in self.members}


class PaperOfMeeting(BaseModel):
    """A paper that can be had of a meeting."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    kind: DocumentKind
    resolution_id: UUID | None
    """Which resolution it is; null of minutes."""
    title: str
    series: str | None
    """Within what it is numbered; null of a draft, as `number`."""
    number: int | None
    draft: bool
    """Whether its minutes are not approved yet: it is printed as a draft, from what is recorded by now."""
    corrected_by: list[int]
    """Pages of the book that put it right since; the paper is as it was approved."""
    member_ids: list[UUID]
    """Whom it names."""


class PapersOfMeeting(BaseModel):
    """The papers of a meeting: its minutes, then each resolution that was carried."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "meeting_id": "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11",
                "items": [
                    {
                        "kind": "resolution",
                        "resolution_id": _RESOLUTION_ID,
                        "title": "Nhiệm vụ tháng 11 năm 2020",
                        "series": "2020–2025",
                        "number": 5,
                        "draft": False,
                        "corrected_by": [],
                        "member_ids": [_MEMBER],
                    }
                ],
            }
        )
    )

    meeting_id: UUID
    items: list[PaperOfMeeting]


def unknown_resolution() -> Problem:
    """Return the problem of an id that no resolution of the meeting has that was carried."""
    return Problem(
        "unknown-resolution",
        404,
        title="Không có nghị quyết này",
        title_en="Unknown resolution",
        detail="Cuộc họp không thông qua nghị quyết nào mang mã số này. Hãy lấy mã số từ danh sách văn bản của"
        " cuộc họp.",
    )


def listing() -> dict[str, Any]:
    """Return what the decorator of the route says that lists the papers of a meeting."""
    return {
        "response_model": PapersOfMeeting,
        "responses": problem_answers(
            UNKNOWN_MEETING, *_NOTHING_TO_PRINT, invalid_at("path.id"), unavailable()
        ),
    }


def printed(*unknown: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that answers with a paper without names."""
    return {
        "response_class": Response,
        "dependencies": [Depends(documented_if_none_match)],
        "responses": _paper(*unknown),
    }


def printed_with_names(*unknown: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that answers with a paper with names."""
    answers = _paper(unreadable_body(), *unknown)
    answers.pop(304)
    return {"response_class": Response, "responses": answers}


def template() -> dict[str, Any]:
    """Return what the decorator of the route says that answers with a template."""
    return {
        "response_class": Response,
        "dependencies": [Depends(documented_if_none_match)],
        "responses": {**documented(Form.DOCX), **problem_answers(invalid_at("path.kind"))},
    }


_NOTHING_TO_PRINT: Final = tuple(
    refused(FaultsFound([Fault(code)]), CONFLICTS) for code in ("not-held", "no-proceedings")
)


def _paper(*others: Problem) -> Answers:
    problems = (
        UNKNOWN_MEETING,
        *others,
        *_NOTHING_TO_PRINT,
        invalid_at("query.format"),
        _FAULTY,
        unavailable(),
    )
    return {**documented(*Form), **problem_answers(*problems)}
