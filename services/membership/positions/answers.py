"""What the routes of terms and positions answer, as their OpenAPI document has it; its people are made up."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict

from chassis.idempotency import key_invalid
from chassis.openapi import example, invalid_at, problem_answers, resource_answer, unreadable_body
from chassis.preconditions import documented_if_match, invalid_if_match, precondition_failed
from chassis.problems import Problem, unavailable
from contracts.membership import DocumentRef, OrganisationType
from contracts.positions import Obtained, Position, PositionEndReason
from services.membership.answers import Warning_
from services.membership.positions import rules

_POSITION: Final[dict[str, Any]] = {
    "id": "5b0c1f0e-52a1-4f5c-8a58-0c1f5b0b8b11",
    "organisation_code": "K.01.02",
    "member_code": "ĐV-000123",
    "position": "secretary",
    "from_on": "2020-05-15",
    "until_on": None,
    "obtained": "elected",
    "end_reason": None,
    "withdrawn": False,
    "version": 1,
}
_TERM: Final[dict[str, Any]] = {
    "id": "5b0c1f0e-52a1-4f5c-8a58-0c1f5b0b8b12",
    "organisation_code": "K.01.02",
    "label": "2020–2022",
    "congress_on": "2020-05-15",
    "from_on": "2020-05-15",
    "until_on": None,
    "withdrawn": False,
    "version": 1,
}
_DOCUMENT: Final = {"number": "12-QĐ/ĐU", "date": "2020-05-20"}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class _Position(_Answer):
    id: UUID
    organisation_code: str
    member_code: str
    position: Position
    from_on: date
    until_on: date | None
    """The first day on which they hold it no longer; null while they do."""
    obtained: Obtained
    end_reason: PositionEndReason | None
    withdrawn: bool
    """Whether it never was, and was recorded by mistake; the rest is then as it was last stated."""
    version: int
    """Number of changes so far; the entity tag."""


class ChangedPosition(_Position):
    """A position after a command."""

    model_config = ConfigDict(json_schema_extra=example(_POSITION | {"warnings": []}))

    warnings: list[Warning_]


class ListedPosition(_Position):
    """A position, who holds it and where, and what decided it."""

    organisation_name: str
    full_name: str
    decision_date: date | None
    """Of what was recorded last."""
    document: DocumentRef | None
    recorded_at: datetime
    """When it was last changed."""


class UnitPositions(_Answer):
    """The positions of a unit on a day: the secretary, the deputies, the committee's members."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "K.01.02",
                "as_of": "2020-11-30",
                "items": [
                    _POSITION
                    | {
                        "organisation_name": "Chi bộ Khoa Nội",
                        "full_name": "Lê Thị Hoa",
                        "decision_date": "2020-05-20",
                        "document": _DOCUMENT,
                        "recorded_at": "2020-05-21T02:15:00.123456Z",
                    }
                ],
            }
        )
    )

    code: str
    as_of: date
    items: list[ListedPosition]
    """By position; those of one position by name."""


class MemberPositions(_Answer):
    """All positions of a member, whenever they held them."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "ĐV-000123",
                "items": [
                    _POSITION
                    | {
                        "organisation_name": "Chi bộ Khoa Nội",
                        "full_name": "Lê Thị Hoa",
                        "decision_date": None,
                        "document": None,
                        "recorded_at": "2020-05-21T02:15:00.123456Z",
                    }
                ],
            }
        )
    )

    code: str
    items: list[ListedPosition]
    """By the day on which they began."""


class _Term(_Answer):
    id: UUID
    organisation_code: str
    label: str
    congress_on: date | None
    """The last day of the congress that opened it."""
    from_on: date
    until_on: date | None
    """The first day that is no longer of the term; null while it runs."""
    withdrawn: bool
    """Whether it never was, and was recorded by mistake; the rest is then as it was last stated."""
    version: int
    """Number of changes so far; the entity tag."""


class ChangedTerm(_Term):
    """A term after a command."""

    model_config = ConfigDict(json_schema_extra=example(_TERM | {"warnings": []}))

    warnings: list[Warning_]


class OpenedTerm(ChangedTerm):
    """A new term, and what came about with it."""

    model_config = ConfigDict(
        json_schema_extra=example(_TERM | {"warnings": [], "ended": [], "taken": [_POSITION["id"]]})
    )

    ended: list[UUID]
    """The positions that ended with the term before."""
    taken: list[UUID]
    """The positions of those who were elected, in the order in which they were given."""


class ListedTerm(_Term):
    """A term, and what decided it."""

    decision_date: date | None
    """Of what was recorded last."""
    document: DocumentRef | None
    recorded_at: datetime
    """When it was last changed."""


class UnitTerms(_Answer):
    """The terms of a unit."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "K.01.02",
                "items": [
                    _TERM
                    | {
                        "decision_date": "2020-05-20",
                        "document": _DOCUMENT,
                        "recorded_at": "2020-05-21T02:15:00.123456Z",
                    }
                ],
            }
        )
    )

    code: str
    items: list[ListedTerm]
    """By the day on which they began."""


class HeldSide(_Answer):
    """A position as it was stated."""

    position: Position
    from_on: date
    until_on: date | None
    obtained: Obtained
    end_reason: PositionEndReason | None


class TermSide(_Answer):
    """A term as it was stated."""

    label: str
    congress_on: date | None
    from_on: date
    until_on: date | None


class _Entry(_Answer):
    number: int
    """By which a correction names it."""
    kind: Literal["began", "ended", "withdrawn"]
    """What it says of it, itself or in the place of what it corrects."""
    recorded_at: datetime
    corrects: int | None
    """Number of the fact that it puts right, or withdraws."""
    status: Literal["stands", "replaced", "withdrawn", "withdrawal"]
    replaced_by: int | None
    effective_date: date
    decision_date: date | None
    document: DocumentRef | None


class PositionEntry(_Entry):
    """What was recorded of a position at one time."""

    before: HeldSide | None
    after: HeldSide | None
    """All of it from then on; null where it was withdrawn."""


class TermEntry(_Entry):
    """What was recorded of a term at one time."""

    before: TermSide | None
    after: TermSide | None
    """All of it from then on; null where it was withdrawn."""


_ENTRY: Final[dict[str, Any]] = {
    "number": 1,
    "kind": "began",
    "recorded_at": "2020-05-21T02:15:00.123456Z",
    "corrects": None,
    "status": "stands",
    "replaced_by": None,
    "effective_date": "2020-05-15",
    "decision_date": "2020-05-20",
    "document": _DOCUMENT,
    "before": None,
}


class PositionHistory(_Answer):
    """Everything recorded of a position, in order; nothing of who holds it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": _POSITION["id"],
                "entries": [
                    _ENTRY
                    | {
                        "after": {
                            name: _POSITION[name]
                            for name in ("position", "from_on", "until_on", "obtained", "end_reason")
                        }
                    }
                ],
            }
        )
    )

    id: UUID
    entries: list[PositionEntry]


class TermHistory(_Answer):
    """Everything recorded of a term, in order."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": _TERM["id"],
                "entries": [
                    _ENTRY
                    | {
                        "after": {
                            name: _TERM[name] for name in ("label", "congress_on", "from_on", "until_on")
                        }
                    }
                ],
            }
        )
    )

    id: UUID
    entries: list[TermEntry]


class Vacancy(_Answer):
    """A position that a unit is to have, and that nobody holds."""

    code: str
    name: str
    type: OrganisationType
    parent_code: str | None
    position: Position
    vacant_since: date | None
    """The day on which it was held no longer; null where nobody is recorded to have held it before."""
    official_members: int
    """Counted in the unit itself, which none are in a committee."""
    source: str
    """The rule, and the document it is from."""


class VacancyPage(_Answer):
    """A page of vacancies, by the unit's code."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "as_of": "2020-11-30",
                "items": [
                    {
                        "code": "K.01.02",
                        "name": "Chi bộ Khoa Nội",
                        "type": "subordinate_cell",
                        "parent_code": "K.01",
                        "position": "secretary",
                        "vacant_since": "2020-10-01",
                        "official_members": 7,
                        "source": rules.SEATS[0].source,
                    }
                ],
                "next": None,
            }
        )
    )

    as_of: date
    items: list[Vacancy]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class CongressDue(_Answer):
    """A unit whose next congress is due."""

    code: str
    name: str
    type: OrganisationType
    parent_code: str | None
    label: str | None
    """Of the last term; null, as the days are, where none is recorded."""
    last_congress_on: date | None
    """The congress that opened it, or its first day where there was none."""
    due_on: date | None
    earliest_on: date | None
    """As early as the committee above may agree to."""
    latest_on: date | None
    """As late as the committee above may agree to."""
    overdue: bool
    """Whether even that is past."""
    source: str
    """The rule, and the document it is from."""


class CongressDuePage(_Answer):
    """A page of congresses due, those first that were due first."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "as_of": "2022-10-01",
                "items": [
                    {
                        "code": "K.01.02",
                        "name": "Chi bộ Khoa Nội",
                        "type": "subordinate_cell",
                        "parent_code": "K.01",
                        "label": "2020–2022",
                        "last_congress_on": "2020-05-15",
                        "due_on": "2022-11-15",
                        "earliest_on": "2022-05-15",
                        "latest_on": "2023-05-15",
                        "overdue": False,
                        "source": rules.CONGRESS_RULES[2].source,
                    }
                ],
                "next": None,
            }
        )
    )

    as_of: date
    items: list[CongressDue]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


def unknown_position(id_: UUID) -> Problem:
    """Return the problem of a position's id that the register does not have."""
    return Problem(
        "unknown-position",
        404,
        title="Không có chức vụ này",
        title_en="Unknown position",
        detail=f"Trong sổ không có chức vụ mang số {id_}.",
    )


def unknown_term(id_: UUID) -> Problem:
    """Return the problem of a term's id that the register does not have."""
    return Problem(
        "unknown-term",
        404,
        title="Không có nhiệm kỳ này",
        title_en="Unknown term",
        detail=f"Trong sổ không có nhiệm kỳ mang số {id_}.",
    )


UNKNOWN_POSITION: Final = unknown_position(UUID(_POSITION["id"]))
UNKNOWN_TERM: Final = unknown_term(UUID(_TERM["id"]))


def changed(model: type[BaseModel], unknown: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that changes a position or a term: it heeds `If-Match`."""
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(200, model, "Done; its events are recorded for good"),
            **problem_answers(
                key_invalid(), invalid_if_match(), unreadable_body(), unknown, precondition_failed(3)
            ),
        },
    }


def read(model: type[BaseModel], unknown: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that reads terms or positions."""
    answers = problem_answers(unknown, invalid_at("query.known_at"), unavailable())
    return {"response_model": model, "responses": answers}


PositionId = Annotated[UUID, Path(description="Id of a position", examples=[_POSITION["id"]])]
TermId = Annotated[UUID, Path(description="Id of a term", examples=[_TERM["id"]])]
