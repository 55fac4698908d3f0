"""Of the projection *membership facts*: ratings and awards as dated, signed rows; corrected ones are taken back.

A member's rating and award count in the cell that the event names, a unit's in the unit itself. Awards of the first
weeks to members name no cell, so that they cannot be counted below a unit: they stay in membership.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from chassis.database import Connection, add_rows
from contracts import ratings
from services.reporting.recorded import Recorded

_Grade = Literal["excellent", "good", "completed", "not_completed"]


class Rating(msgspec.Struct, gc=False):
    """Of `contracts.ratings.Rating`; without a grade there is a reason why."""

    grade: _Grade | None = None


class MemberRating(msgspec.Struct, gc=False):
    """Of `contracts.ratings.MemberRating`."""

    cell_id: str
    after: Rating


class UnitRating(msgspec.Struct, gc=False):
    """Of `contracts.ratings.OrganisationRating`."""

    organisation_id: str
    type: str
    after: Rating


class MembersRated(msgspec.Struct, gc=False):
    """Of `contracts.ratings.MembersRated`."""

    effective_date: date
    ratings: list[MemberRating]


class MemberCorrected(msgspec.Struct, gc=False):
    """Of `contracts.ratings.MemberRatingCorrected`."""

    effective_date: date
    cell_id: str
    before: Rating | None
    after: Rating | None


class UnitsRated(msgspec.Struct, gc=False):
    """Of `contracts.ratings.OrganisationsRated`."""

    effective_date: date
    ratings: list[UnitRating]


class UnitCorrected(msgspec.Struct, gc=False):
    """Of `contracts.ratings.OrganisationRatingCorrected`."""

    effective_date: date
    organisation_id: str
    type: str
    before: Rating | None
    after: Rating | None


class Awarded(msgspec.Struct, gc=False):
    """Of `contracts.ratings.OrganisationAwarded` and OrganisationAwardWithdrawn."""

    effective_date: date
    organisation_id: str
    kind: Literal["five_year_flag", "flag", "merit", "commendation", "other"]
    level: Literal["central", "province", "bloc", "grassroots"]


class MemberAwarded(msgspec.Struct, gc=False):
    """Of `contracts.ratings.MemberAwarded` and MemberAwardWithdrawn."""

    effective_date: date
    kind: Literal["five_year_flag", "flag", "merit", "commendation", "other"]
    level: Literal["central", "province", "bloc", "grassroots"]
    cell_id: str | None = None


_Told = MembersRated | MemberCorrected | UnitsRated | UnitCorrected | Awarded | MemberAwarded
READERS: Final[dict[str, type[_Told]]] = {
    ratings.MembersRated.TYPE: MembersRated,
    ratings.MemberRatingCorrected.TYPE: MemberCorrected,
    ratings.OrganisationsRated.TYPE: UnitsRated,
    ratings.OrganisationRatingCorrected.TYPE: UnitCorrected,
    ratings.OrganisationAwarded.TYPE: Awarded,
    ratings.OrganisationAwardWithdrawn.TYPE: Awarded,
    ratings.MemberAwarded.TYPE: MemberAwarded,
    ratings.MemberAwardWithdrawn.TYPE: MemberAwarded,
}
"""Which struct reads which event."""
_WITHDRAWN: Final = frozenset({ratings.OrganisationAwardWithdrawn.TYPE, ratings.MemberAwardWithdrawn.TYPE})
_DECODE: Final = {type_: msgspec.json.Decoder(reader).decode for type_, reader in READERS.items()}

RATING_TABLE: Final = "rating_facts"
RATING_COLUMNS: Final = (
    "sequence", "ordinal", "recorded_at", "effective_date", "delta", "of_members", "unit_id", "type", "grade",
)  # fmt: skip
AWARD_TABLE: Final = "award_facts"
AWARD_COLUMNS: Final = (
    "sequence", "ordinal", "recorded_at", "effective_date", "delta", "of_members", "unit_id", "kind", "level",
)  # fmt: skip
TABLES: Final = (RATING_TABLE, AWARD_TABLE)
RatingRow = tuple[int, int, datetime, date, int, bool, str, str | None, str | None]
AwardRow = tuple[int, int, datetime, date, int, bool, str, str, str]


@dataclass(slots=True)
class Facts:
    """The rows that a batch of events comes to, in the order of the tables' columns."""

    ratings: list[RatingRow] = field(default_factory=list)
    awards: list[AwardRow] = field(default_factory=list)


def fold(event: Recorded, at: datetime, facts: Facts) -> None:
    """Add the rows of an event that was recorded at an instant.

    Raises ValueError where it is not JSON, lacks a field, or has a value outside its type; KeyError for a type that
    is none of `READERS`.
    """
    told = _DECODE[event.type](event.value)
    if isinstance(told, Awarded | MemberAwarded):
        of_members = isinstance(told, MemberAwarded)
        unit = told.cell_id if isinstance(told, MemberAwarded) else told.organisation_id
        delta = -1 if event.type in _WITHDRAWN else 1
        if unit is not None:
            facts.awards.append(
                (event.sequence, 0, at, told.effective_date, delta, of_members, unit, told.kind, told.level)
            )
        return
    facts.ratings += [
        (event.sequence, ordinal, at, told.effective_date, delta, *of, rating.grade)
        for ordinal, (delta, of, rating) in enumerate(_rated(told))
    ]


def _rated(told: _Told) -> Iterator[tuple[int, tuple[bool, str, str | None], Rating]]:
    """Yield what is added or taken back: whose rating it is, and the rating."""
    match told:
        case MembersRated():
            for member in told.ratings:
                yield +1, (True, member.cell_id, None), member.after
        case UnitsRated():
            for unit in told.ratings:
                yield +1, (False, unit.organisation_id, unit.type), unit.after
        case MemberCorrected() | UnitCorrected():
            of = (
                (True, told.cell_id, None)
                if isinstance(told, MemberCorrected)
                else (False, told.organisation_id, told.type)
            )
            for delta, rating in ((-1, told.before), (+1, told.after)):
                if rating is not None:
                    yield delta, of, rating


async def write(connection: Connection, folded: Sequence[Facts]) -> None:
    """Add these rows, in the caller's transaction. Raises asyncpg.DataError for an id that is no UUID."""
    await add_rows(
        connection, RATING_TABLE, RATING_COLUMNS, [row for facts in folded for row in facts.ratings]
    )
    await add_rows(connection, AWARD_TABLE, AWARD_COLUMNS, [row for facts in folded for row in facts.awards])
