"""What commands on ratings and awards look like as JSON; each makes a command of the domain."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool, model_validator

from chassis.openapi import example
from contracts.ratings import AwardKind, AwardLevel, Grade, NotRatedReason, Rating, Score, TaskResults
from services.membership.ratings.awards import GrantAward
from services.membership.ratings.domain import CorrectRating, Item, RateAll
from services.membership.ratings.versions import Rated
from services.membership.requests import Day, MaybeDay, OrderedRequest, Text

_FIRST_YEAR: Final = 1930
_LAST_YEAR: Final = 9998
_MOST_ITEMS: Final = 5000
_MOST_TASKS: Final = 10_000

Year = Annotated[int, Field(ge=_FIRST_YEAR, le=_LAST_YEAR)]
"""A calendar year."""
_Points = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
_Tasks = Annotated[int, Field(ge=0, le=_MOST_TASKS)]
_Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Tasks(BaseModel):
    """How the tasks of the year were done, in numbers of tasks."""

    model_config = ConfigDict(extra="forbid")

    assigned: _Tasks
    done: _Tasks
    exceeded: _Tasks = 0
    late: _Tasks = 0
    disciplined: StrictBool = False
    """Whether a unit below, or one of those who lead it, was disciplined in the year."""


class Points(BaseModel):
    """The points of a year: for common criteria, and for results; a grade is proposed from them."""

    model_config = ConfigDict(extra="forbid")

    common: _Points
    results: _Points
    tasks: Tasks | None = None

    @property
    def score(self) -> Score:
        """The points as events carry them."""
        return Score(
            common_hundredths=int(self.common * 100),
            results_hundredths=int(self.results * 100),
            tasks=TaskResults(**self.tasks.model_dump()) if self.tasks else None,
        )


class _Rated(BaseModel):
    model_config = ConfigDict(extra="forbid")

    grade: Grade | None = None
    not_rated: NotRatedReason | None = None
    points: Points | None = None

    @property
    def rating(self) -> Rating:
        """The rating as events carry it."""
        return Rating(
            grade=self.grade, not_rated=self.not_rated, score=self.points.score if self.points else None
        )


class RatingLine(_Rated):
    """One line of a list: who, and a grade or the reason why there is none."""

    code: Text
    """Of a member, or of a unit."""


_DECISION: Final[Mapping[str, JsonValue]] = {
    "decision_date": "2020-12-22",
    "document": {"number": "112-QĐ/ĐU", "date": "2020-12-22"},
}


class RatingsOfYear(OrderedRequest):
    """The ratings of a year, all that one decision says: of members, or of the units directly below."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=example(
            {
                "year": 2020,
                "of": "members",
                "ratings": [{"code": "ĐV-000123", "grade": "good"}],
                **_DECISION,
            }
        ),
    )

    year: Year
    of: Rated | None = None
    """By default the members of a cell, and the units below a committee."""
    ratings: Annotated[list[RatingLine], Field(min_length=1, max_length=_MOST_ITEMS)]

    def command(self, of: Rated) -> RateAll:
        """Return the command."""
        return RateAll(
            of=of,
            year=self.year,
            items=[Item(line.code, line.rating) for line in self.ratings],
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


class RatingCorrection(OrderedRequest, _Rated):
    """One rating of a list put right, withdrawn, or stated late."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=example(
            {
                "year": 2020,
                "of": "members",
                "code": "ĐV-000123",
                "corrects": 1,
                "grade": "completed",
                "decision_date": "2021-01-15",
            }
        ),
    )

    year: Year
    of: Rated | None = None
    """Which list of the unit, as with the list itself."""
    code: Text
    corrects: _Number | None = None
    """Number of the rating that is wrong; left out for somebody whom the list forgot."""
    withdraw: StrictBool = False

    @model_validator(mode="after")
    def _either_or(self) -> Self:
        if self.withdraw and (self.grade or self.not_rated or self.points):
            raise ValueError("hủy thì không ghi kèm xếp loại")
        return self

    def command(self) -> CorrectRating:
        """Return the command."""
        return CorrectRating(
            code=self.code,
            corrects=self.corrects,
            rating=None if self.withdraw else self.rating,
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


class AwardGrant(OrderedRequest):
    """An award to a unit or a member."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=example(
            {
                "kind": "commendation",
                "level": "bloc",
                "title": "Giấy khen của Đảng ủy Khối",
                "awarded_on": "2020-02-03",
                "decision_date": "2020-01-20",
                "document": {"number": "31-QĐ/ĐUK", "date": "2020-01-20"},
            }
        ),
    )

    kind: AwardKind
    level: AwardLevel
    title: Text
    awarded_on: Day
    last_year: Year | None = None
    """Of a five-year flag: the last of its years; the one before the award where nothing is said."""

    def command(self) -> GrantAward:
        """Return the command."""
        return GrantAward(
            kind=self.kind,
            level=self.level,
            title=self.title,
            awarded_on=self.awarded_on,
            last_year=self.last_year,
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


class Withdrawal(BaseModel):
    """That an award was recorded wrongly, or taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=example({"decision_date": "2020-03-02"}))

    decision_date: MaybeDay = None
