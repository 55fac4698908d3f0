"""What the routes of ratings and awards answer, as the OpenAPI document has it; the people in it are made up."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict

from chassis.cursors import invalid_cursor
from chassis.idempotency import key_invalid
from chassis.openapi import example, invalid_at, problem_answers, resource_answer, unreadable_body
from chassis.preconditions import documented_if_match, invalid_if_match, precondition_failed
from chassis.problems import Problem, unavailable
from contracts.membership import OrganisationType
from contracts.ratings import AwardKind, AwardLevel, Grade, NotRatedReason
from services.membership.answers import Warning_
from services.membership.ratings.versions import CapBase, Rated


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class DocumentAnswer(_Answer):
    """A document by its number and date."""

    model_config = ConfigDict(title="DocumentRef")

    number: str
    date: date


class RuleAnswer(DocumentAnswer):
    """The document that ratings of a year follow."""

    model_config = ConfigDict(title="RatingRule")

    title: str


class CapAnswer(_Answer):
    """How the cap on the highest grade was judged."""

    model_config = ConfigDict(title="Cap")

    type: OrganisationType | None
    """Of units; null for members."""
    excellent: int
    allowed: int
    """`percent` of `counted`, never rounded up."""
    percent: int
    base: CapBase
    """Whom the percentage is taken of."""
    counted: int
    """How many those are: of members, in the whole grassroots organisation so far."""
    provisional: bool
    """Whether the base is a convention, for want of a text."""


class GradeCounts(_Answer):
    """How many have each grade, and how many none."""

    excellent: int
    good: int
    completed: int
    not_completed: int
    not_rated: int


_RULE: Final[dict[str, Any]] = {
    "number": "21-HD/BTCTW",
    "date": "2019-10-18",
    "title": "Hướng dẫn 21-HD/BTCTW (18/10/2019)",
}
_LIST: Final[dict[str, Any]] = {
    "id": "3f0f6d0e-2a0f-4c88-9a39-6a1f4f6b1a20",
    "organisation": "K.01.02",
    "of": "members",
    "year": 2020,
    "version": 1,
    "rule": _RULE,
}


class RecordedList(_Answer):
    """A list after a command; nothing of any person, as the answer is kept with its idempotency key."""

    model_config = ConfigDict(
        json_schema_extra=example(
            _LIST
            | {
                "ratings": 1,
                "caps": [
                    {
                        "type": None,
                        "excellent": 0,
                        "allowed": 0,
                        "percent": 20,
                        "base": "good",
                        "counted": 1,
                        "provisional": False,
                    }
                ],
                "warnings": [],
            }
        )
    )

    id: UUID
    organisation: str
    of: Rated
    year: int
    version: int
    """Number of changes so far; the entity tag, for corrections."""
    rule: RuleAnswer | None
    """Null for a year of which no rule is held."""
    ratings: int
    """How many ratings the command stated."""
    caps: list[CapAnswer]
    warnings: list[Warning_]


class TasksAnswer(_Answer):
    """How the tasks of the year were done."""

    model_config = ConfigDict(title="TaskResults")

    assigned: int
    done: int
    exceeded: int
    late: int
    disciplined: bool


class PointsAnswer(_Answer):
    """The points of a year."""

    model_config = ConfigDict(title="Score")

    common: float
    results: float
    total: float
    tasks: TasksAnswer | None


class _RatingAnswer(_Answer):
    number: int
    """By which a correction names it, on the list of `list`."""
    list: str
    """Code of the unit whose list has it."""
    grade: Grade | None
    not_rated: NotRatedReason | None
    points: PointsAnswer | None
    proposed: Grade | None
    """The grade that the points call for; it binds nobody. Null without points."""
    corrects: int | None
    decision_date: date | None
    document: DocumentAnswer | None
    recorded_at: datetime


_RATING: Final[dict[str, Any]] = {
    "number": 1,
    "list": "K.01.02",
    "grade": "good",
    "not_rated": None,
    "points": None,
    "proposed": None,
    "corrects": None,
    "decision_date": "2020-12-22",
    "document": {"number": "112-QĐ/ĐU", "date": "2020-12-22"},
    "recorded_at": "2020-12-23T02:15:00.123456+00:00",
}


class ListedRating(_RatingAnswer):
    """Somebody, or a unit, and how they are rated."""

    code: str
    name: str
    """Of the member, or of the unit as it was called on that day."""
    unit: str
    """Code of the cell of a member, or of the unit above, on the last day of the year."""


class RatingPage(_Answer):
    """A page of the ratings of a unit for a year: members in the order of their names, units by code."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "organisation": "K.01.02",
                "of": "members",
                "year": 2020,
                "rule": _RULE,
                "version": 1,
                "counts": {"excellent": 0, "good": 1, "completed": 0, "not_completed": 0, "not_rated": 0},
                "items": [_RATING | {"code": "ĐV-000123", "name": "Lê Thị Hoa", "unit": "K.01.02"}],
                "next": None,
            }
        )
    )

    organisation: str
    of: Rated
    year: int
    rule: RuleAnswer | None
    version: int | None
    """Of the unit's own list, as it is now; null where it has none. In quotes it is the entity tag."""
    counts: GradeCounts
    """Of all ratings, not of the page alone."""
    items: list[ListedRating]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class RatingEntry(_RatingAnswer):
    """What was stated of a year at one time, and what became of it."""

    year: int
    status: Literal["stands", "replaced", "withdrawn"]
    replaced_by: int | None
    """Number of the event that took its place, or withdrew it."""
    unit: str


class RatingHistory(_Answer):
    """Everything that was stated of a member or of a unit, by year; nothing of who they are."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "ĐV-000123",
                "entries": [
                    _RATING | {"year": 2020, "status": "stands", "replaced_by": None, "unit": "K.01.02"}
                ],
            }
        )
    )

    code: str
    entries: list[RatingEntry]


_AWARD: Final[dict[str, Any]] = {
    "id": "b3a4e0d6-52f7-4c57-8a8f-1a1d8f1d2c33",
    "kind": "commendation",
    "level": "bloc",
    "title": "Giấy khen của Đảng ủy Khối",
    "awarded_on": "2020-02-03",
    "last_year": None,
    "decision_date": "2020-01-20",
    "document": {"number": "31-QĐ/ĐUK", "date": "2020-01-20"},
    "version": 1,
    "withdrawn": False,
}


class AwardAnswer(_Answer):
    """An award."""

    model_config = ConfigDict(title="Award")

    id: UUID
    kind: AwardKind
    level: AwardLevel
    title: str
    awarded_on: date
    last_year: int | None
    """Of a five-year flag: the last of its years."""
    decision_date: date | None
    document: DocumentAnswer | None
    version: int
    """Number of changes so far; the entity tag."""
    withdrawn: bool


class RecordedAward(AwardAnswer):
    """An award after a command."""

    model_config = ConfigDict(title="RecordedAward", json_schema_extra=example(_AWARD | {"warnings": []}))

    warnings: list[Warning_]


class Awards(_Answer):
    """The awards of a member or of a unit, in the order of their days; withdrawn ones say so."""

    model_config = ConfigDict(json_schema_extra=example({"code": "K.01", "awards": [_AWARD]}))

    code: str
    awards: list[AwardAnswer]


class FlagEligible(_Answer):
    """A unit with the highest grade in each of the years that the five-year flag rests on."""

    code: str
    name: str
    type: OrganisationType
    parent_code: str | None
    years: list[int]
    flag_on: date | None
    """When it last received the flag; null where it has not."""
    source: str
    """The rule, and the document it is from."""


class FlagEligiblePage(_Answer):
    """A page of units eligible for the five-year flag, by code."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "year": 2020,
                "items": [
                    {
                        "code": "K.01",
                        "name": "Đảng bộ Sở Y tế",
                        "type": "grassroots_committee",
                        "parent_code": "K",
                        "years": [2016, 2017, 2018, 2019, 2020],
                        "flag_on": None,
                        "source": "Hướng dẫn 21-HD/BTCTW (18/10/2019)",
                    }
                ],
                "next": None,
            }
        )
    )

    year: int
    items: list[FlagEligible]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


AwardId = Annotated[UUID, Path(description="Id of an award", examples=[_AWARD["id"]])]


def unknown_award() -> Problem:
    """Return the problem of an award's id that the register does not have."""
    return Problem(
        "unknown-award",
        404,
        title="Không có khen thưởng này",
        title_en="Unknown award",
        detail="Trong sổ không có khen thưởng mang mã này. Hãy xem lại danh sách khen thưởng của đơn vị, đảng viên.",
    )


def command(status: int, model: type[BaseModel], unknown: Problem) -> dict[str, Any]:
    """Return what the decorator of a command's route says: it heeds `If-Match`."""
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(status, model, "Done; its events are recorded for good"),
            **problem_answers(
                key_invalid(), invalid_if_match(), unreadable_body(), unknown, precondition_failed(3)
            ),
        },
    }


def read(model: type[BaseModel], unknown: Problem, *, paged: bool = False) -> dict[str, Any]:
    """Return what the decorator of a reading route says."""
    more = (invalid_cursor(),) if paged else ()
    return {
        "responses": {
            200: {"model": model, "description": "As recorded"},
            **problem_answers(*more, unknown, invalid_at("query.known_at"), unavailable()),
        }
    }
