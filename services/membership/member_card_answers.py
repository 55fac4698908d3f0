"""What the card of a member answers, as its OpenAPI document has it; the person in the example is made up."""

from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import unavailable
from contracts.membership import Standing
from contracts.positions import Position
from contracts.ratings import AwardKind, AwardLevel, Grade, NotRatedReason
from contracts.spells import SpellKind
from contracts.transfers import TransferKind
from services.membership import answers, thresholds
from services.membership.answers import UNKNOWN_MEMBER, HistoryFact
from services.membership.cards import UnitOnPath
from services.membership.clocks import CountedFrom
from services.membership.list_answers import ConfirmationReview
from services.membership.positions.answers import ListedPosition
from services.membership.ratings.answers import AwardAnswer, RatingEntry
from services.membership.transfers.answers import Transfer

_EXAMPLE: Final[dict[str, Any]] = {
    "as_of": "2020-11-30",
    "member": {
        "id": "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10",
        "code": "ĐV-000123",
        "cell_code": "K.01.02",
        "admitted_on": "2015-03-01",
        "official_on": "2016-03-01",
        "left_on": None,
        "left_reason": None,
        "version": 1,
        "full_name": "Lê Thị Hoa",
        "birth_date": "1990-05-01",
        "gender": "female",
        "ethnicity": "Thái",
        "religion": None,
        "youth_union": False,
    },
    "numbers": {"card_number": "012345678901", "file_number": None},
    "place": {
        "cell": {"code": "K.01.02", "name": "Chi bộ Khoa Nội", "type": "subordinate_cell"},
        "since": "2015-03-01",
        "path": [
            {"code": "K", "name": "Đảng bộ Khối", "type": "bloc"},
            {"code": "K.01", "name": "Đảng bộ Bệnh viện tỉnh", "type": "grassroots_committee"},
        ],
    },
    "standing": "official",
    "review": None,
    "party_age": {"since": "2015-02-20", "counted_from": "admission_decision", "years": 5},
    "next_badge": {
        "years": 30,
        "years_full_on": "2045-02-20",
        "award_day": "2045-05-19",
        "source": thresholds.BADGE_YEARS.source,
    },
    "spells": [],
    "positions": [],
    "ratings": [],
    "awards": [],
    "transfer": None,
    "timeline": [
        {
            "about": "membership",
            "what": "admitted",
            "effective_date": "2015-03-01",
            "decision_date": "2015-02-20",
            "recorded_at": "2015-03-05T02:15:00.123456Z",
            "number": 1,
            "status": "stands",
            "fact": {
                "kind": "admitted",
                "effective_date": "2015-03-01",
                "decision_date": "2015-02-20",
                "cell_code": "K.01.02",
            },
            "position": None,
            "rating": None,
            "award": None,
            "transfer": None,
        }
    ],
}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class MemberNumbers(_Answer):
    """The numbers by which the party knows a member; null for one that is not recorded."""

    card_number: str | None
    file_number: str | None


class Place(_Answer):
    """Where a member counts on a day, in the tree of that day."""

    cell: UnitOnPath
    since: date
    """The day from which they have counted there without a break."""
    path: list[UnitOnPath]
    """From the root to the unit directly above the cell."""


class PartyAge(_Answer):
    """Party age (tuổi đảng)."""

    since: date
    counted_from: CountedFrom
    years: int
    """Full ones."""


class NextBadge(_Answer):
    """The first party badge whose award day is not past."""

    years: int
    years_full_on: date
    award_day: date
    source: str
    """The rule, and the document it is from."""


class HeldSpell(_Answer):
    """What holds of a member beside where they count."""

    kind: SpellKind
    from_on: date
    until: date | None
    """The first day on which it is meant to hold no more."""
    cell_code: str | None
    """The host; of a temporary stay only."""


class TimelinePosition(_Answer):
    """A position, as it was stated."""

    id: UUID
    organisation_code: str
    position: Position
    from_on: date
    until_on: date | None


class TimelineRating(_Answer):
    """A rating, as it was stated."""

    year: int
    grade: Grade | None
    not_rated: NotRatedReason | None


class TimelineAward(_Answer):
    """An award."""

    id: UUID
    kind: AwardKind
    level: AwardLevel
    title: str


class TimelineTransfer(_Answer):
    """A transfer."""

    id: UUID
    kind: TransferKind
    origin_code: str | None
    destination_code: str | None


class TimelineEntry(_Answer):
    """Something that was recorded of a member at one time; what it is about is told by the one that is not null."""

    about: Literal["membership", "position", "rating", "award", "transfer"]
    what: str
    """What happened.

    Of `membership` the kind of fact, or `withdrawal`; of `position` what was said of it; of `transfer` the state that
    it came to; else `rated` or `awarded`.
    """
    effective_date: date
    """Of a rating the last day of its year."""
    decision_date: date | None
    recorded_at: datetime
    number: int | None
    """By which a correction names it; null for an award and for a transfer."""
    status: Literal["stands", "replaced", "withdrawn", "withdrawal"]
    fact: HistoryFact | None
    position: TimelinePosition | None
    rating: TimelineRating | None
    award: TimelineAward | None
    transfer: TimelineTransfer | None


class MemberCard(_Answer):
    """A member on a day, and all that was ever recorded of them."""

    model_config = ConfigDict(json_schema_extra=example(_EXAMPLE))

    as_of: date
    member: answers.Member
    """As recorded last."""
    numbers: MemberNumbers
    place: Place | None
    """Null where they do not count on the day: not yet, no longer, or entered by mistake."""
    standing: Standing | None
    review: ConfirmationReview | None
    """Of who is on probation."""
    party_age: PartyAge | None
    """Of who is official; on probation there is none yet (Điều lệ Đảng, Điều 5 khoản 4)."""
    next_badge: NextBadge | None
    spells: list[HeldSpell]
    """What holds on the day."""
    positions: list[ListedPosition]
    """Those held on the day."""
    ratings: list[RatingEntry]
    """Those that stand, of years that were over by the day."""
    awards: list[AwardAnswer]
    """Those received by the day."""
    transfer: Transfer | None
    """The one that they are on now, whatever the day asked for."""
    timeline: list[TimelineEntry]
    """Everything recorded, whatever the day asked for, by the days of its effect and then of its recording."""


CARD: Final[dict[str, Any]] = {
    "response_model": MemberCard,
    "responses": problem_answers(UNKNOWN_MEMBER, invalid_at("query.as_of"), unavailable()),
}
"""What the decorator of the card's route says."""
