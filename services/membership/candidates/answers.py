"""What the routes of candidates answer, as their OpenAPI document has it; the people in the examples are made up."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict

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
from chassis.problems import Problem, unavailable
from contracts.candidates import CandidateStage, StrikeReason
from contracts.membership import Gender
from services.membership import thresholds
from services.membership.answers import Warning_

_CANDIDATE: Final[dict[str, Any]] = {
    "id": "3d1c6f0e-52a1-4f5c-8a58-0c1f5b0b8bf1",
    "code": "QC-000045",
    "cell_code": "K.01.02",
    "stage": "listed",
    "listed_on": "2023-01-05",
    "certified_on": "2023-04-21",
    "certificate_ends_on": "2028-04-21",
    "introducers": [{"member_code": "ĐV-000123", "since": "2021-09-01"}],
    "voted_on": None,
    "ended_on": None,
    "struck_for": None,
    "member_code": None,
    "version": 3,
}
_LISTED: Final[dict[str, Any]] = _CANDIDATE | {
    "full_name": "Lò Thị Ví Dụ",
    "birth_date": "1998-05-01",
    "gender": "female",
    "youth_union": True,
    "cell_name": "Chi bộ Khoa Nội",
}
_ENDING: Final[dict[str, Any]] = _LISTED | {
    "expired": False,
    "source": thresholds.COURSE_CERTIFICATE_MONTHS.source,
}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class IntroducerAnswer(_Answer):
    """A member who introduces a candidate."""

    model_config = ConfigDict(title="Introducer")

    member_code: str
    since: date
    """From when they have worked or lived together."""


class _Candidate(_Answer):
    id: UUID
    code: str
    cell_code: str
    stage: CandidateStage
    listed_on: date
    certified_on: date | None
    """The day of the last certificate of the course on the party."""
    certificate_ends_on: date | None
    """The first day on which it is valid no more."""
    introducers: list[IntroducerAnswer]
    voted_on: date | None
    ended_on: date | None
    """The first day on which they are on the list no more."""
    struck_for: StrikeReason | None
    member_code: str | None
    """Theirs as a member; of who was admitted."""
    version: int
    """Number of changes so far; the entity tag."""


class ChangedCandidate(_Candidate):
    """A candidate after a command; nothing of who they are, as the answer is kept with its idempotency key."""

    model_config = ConfigDict(json_schema_extra=example(_CANDIDATE | {"warnings": []}))

    warnings: list[Warning_]


class ListedCandidate(_Candidate):
    """A candidate as lists show them: without ethnic group and religion."""

    full_name: str
    birth_date: date
    gender: Gender
    youth_union: bool
    cell_name: str
    """On the day asked for."""


class CandidateAnswer(_Candidate):
    """A candidate, and who they are."""

    model_config = ConfigDict(
        title="Candidate",
        json_schema_extra=example(
            {name: value for name, value in _LISTED.items() if name != "cell_name"}
            | {"ethnicity": "Thái", "religion": None}
        ),
    )

    full_name: str
    birth_date: date
    gender: Gender
    youth_union: bool
    ethnicity: str
    religion: str | None
    """Null for none."""


class CandidatePage(_Answer):
    """A page of candidates, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example({"as_of": "2023-11-30", "items": [_LISTED], "next": None})
    )

    as_of: date
    items: list[ListedCandidate]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class CertificateEnding(ListedCandidate):
    """A candidate whose certificate is valid no more, or soon will not be."""

    expired: bool
    source: str
    """The rule, and the document it is from."""


class CertificatePage(_Answer):
    """A page of candidates, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example({"as_of": "2028-01-31", "items": [_ENDING], "next": None})
    )

    as_of: date
    items: list[CertificateEnding]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class CandidateFact(_Answer):
    """All that was said of a candidate from an event on; nothing of who they are."""

    cell_code: str
    stage: CandidateStage
    listed_on: date
    certified_on: date | None
    introducers: list[IntroducerAnswer]
    voted_on: date | None
    ended_on: date | None
    struck_for: StrikeReason | None
    member_code: str | None


class CandidateEntry(_Answer):
    """What was recorded of a candidate at one time."""

    number: int
    """By which a correction names it."""
    what: Literal["listed", "moved", "certified", "introduced", "admitted", "struck"] | None
    """What it states, itself or in the place of what it corrects; null for a withdrawal."""
    recorded_at: datetime
    corrects: int | None
    status: Literal["stands", "replaced", "withdrawn", "withdrawal"]
    replaced_by: int | None
    effective_date: date
    decision_date: date | None
    after: CandidateFact


class CandidateHistory(_Answer):
    """Everything recorded of a candidate, in order; nothing of who they are."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "QC-000045",
                "entries": [
                    {
                        "number": 1,
                        "what": "listed",
                        "recorded_at": "2023-01-06T02:15:00.123456Z",
                        "corrects": None,
                        "status": "stands",
                        "replaced_by": None,
                        "effective_date": "2023-01-05",
                        "decision_date": None,
                        "after": {
                            "cell_code": "K.01.02",
                            "stage": "listed",
                            "listed_on": "2023-01-05",
                            "certified_on": None,
                            "introducers": [],
                            "voted_on": None,
                            "ended_on": None,
                            "struck_for": None,
                            "member_code": None,
                        },
                    }
                ],
            }
        )
    )

    code: str
    entries: list[CandidateEntry]


def unknown_candidate(code: str) -> Problem:
    """Return the problem of a candidate's code that the register does not have."""
    return Problem(
        "unknown-candidate",
        404,
        title="Không có quần chúng ưu tú này",
        title_en="Unknown candidate",
        detail=f"Trong sổ không có quần chúng ưu tú mang mã “{code}”.",
    )


_UNKNOWN: Final = unknown_candidate("QC-999999")

CHANGED: Final[dict[str, Any]] = {
    "dependencies": [Depends(documented_if_match)],
    "responses": {
        **resource_answer(200, ChangedCandidate, "Done; its events are recorded for good"),
        **problem_answers(
            key_invalid(), invalid_if_match(), unreadable_body(), _UNKNOWN, precondition_failed(3)
        ),
    },
}
"""What the decorator of a route says that changes a candidate: it heeds `If-Match`."""

ONE: Final[dict[str, Any]] = {
    "dependencies": [Depends(documented_if_none_match)],
    "responses": {
        **resource_answer(200, CandidateAnswer, "As it is now"),
        **NOT_MODIFIED,
        **problem_answers(_UNKNOWN, invalid_at("header.X-Chibo-Actor"), unavailable()),
    },
}
"""What the decorator of the route says that reads one candidate, with the entity tag."""

HISTORY: Final[dict[str, Any]] = {
    "response_model": CandidateHistory,
    "responses": problem_answers(_UNKNOWN, invalid_at("query.known_at"), unavailable()),
}
"""What the decorator of the route says that reads the history of a candidate."""

CandidateCode = Annotated[str, Path(description="Code of a candidate", examples=["QC-000045"])]
