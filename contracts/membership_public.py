"""Public events of the membership service, for other provincial systems: nothing of any person.

`public_form` maps each internal event to one of these or to none. The inside can change while this stands.
"""

from functools import singledispatch
from typing import Annotated, ClassVar
from uuid import UUID

from contracts import membership, ratings, reorganisations
from contracts.event import PUBLIC, Event, Value


class UnitEstablished(Event):
    """A unit of the party tree exists from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-established.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]
    type: Annotated[membership.OrganisationType, PUBLIC]
    parent_id: Annotated[UUID | None, PUBLIC]


class UnitDissolved(Event):
    """A unit of the party tree exists no more from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-dissolved.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]


class UnitRenamed(Event):
    """A unit of the party tree has another name from `effective_date` on, until a renaming of a later day."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-renamed.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]


class UnitReparented(Event):
    """A unit of the party tree hangs under another one from `effective_date` on.

    It may have been recorded after changes of later days: `stated` gives those that read otherwise now.
    """

    TYPE: ClassVar[str] = "vn.chibo.public.unit-reparented.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    type: Annotated[membership.OrganisationType, PUBLIC]
    parent_id: Annotated[UUID | None, PUBLIC]
    stated: Annotated[tuple[membership.OrganisationStep, ...], PUBLIC] = ()


class UnitUpgraded(Event):
    """A unit of the party tree is of a higher type from `effective_date` on; `stated` as with UnitReparented."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-upgraded.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    type: Annotated[membership.OrganisationType, PUBLIC]
    parent_id: Annotated[UUID | None, PUBLIC]
    stated: Annotated[tuple[membership.OrganisationStep, ...], PUBLIC] = ()


class UnitHistoryRestated(Event):
    """What was told of a unit's past was wrong; `effective_date` is the first day that is otherwise.

    The steps and names of `retracted` and `names_retracted` never were; those of `stated` and `names_stated` were.
    """

    TYPE: ClassVar[str] = "vn.chibo.public.unit-history-restated.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    retracted: Annotated[tuple[membership.OrganisationStep, ...], PUBLIC]
    stated: Annotated[tuple[membership.OrganisationStep, ...], PUBLIC]
    names_retracted: Annotated[tuple[membership.DatedName, ...], PUBLIC]
    names_stated: Annotated[tuple[membership.DatedName, ...], PUBLIC]


class UnitsMerged(Event):
    """Units were merged into one on `effective_date`; what became of each is told of the units themselves."""

    TYPE: ClassVar[str] = "vn.chibo.public.units-merged.v1"
    AGGREGATE: ClassVar[str] = "reorganisation"
    KEY: ClassVar[str] = "reorganisation_id"

    reorganisation_id: Annotated[UUID, PUBLIC]
    source_ids: Annotated[tuple[UUID, ...], PUBLIC]
    target_id: Annotated[UUID, PUBLIC]
    target_is_new: Annotated[bool, PUBLIC]
    document: Annotated[membership.DocumentRef | None, PUBLIC] = None


class UnitSplit(Event):
    """A unit was split on `effective_date`; what became of it and of its parts is told of the units themselves."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-split.v1"
    AGGREGATE: ClassVar[str] = "reorganisation"
    KEY: ClassVar[str] = "reorganisation_id"

    reorganisation_id: Annotated[UUID, PUBLIC]
    source_id: Annotated[UUID, PUBLIC]
    part_ids: Annotated[tuple[UUID, ...], PUBLIC]
    source_goes_on: Annotated[bool, PUBLIC]
    document: Annotated[membership.DocumentRef | None, PUBLIC] = None


class UnitRating(Value):
    """The grade of a unit for a year, or why it has none."""

    grade: Annotated[ratings.Grade | None, PUBLIC]
    not_rated: Annotated[ratings.NotRatedReason | None, PUBLIC]


class RatedUnit(Value):
    """A unit and how it is rated."""

    unit_id: Annotated[UUID, PUBLIC]
    rating: Annotated[UnitRating, PUBLIC]


class UnitsRated(Event):
    """The units directly under a committee were rated for a year; `effective_date` is its last day."""

    TYPE: ClassVar[str] = "vn.chibo.public.units-rated.v1"
    AGGREGATE: ClassVar[str] = "rating_list"
    KEY: ClassVar[str] = "rating_list_id"

    rating_list_id: Annotated[UUID, PUBLIC]
    superior_id: Annotated[UUID, PUBLIC]
    year: Annotated[int, PUBLIC]
    rule: Annotated[membership.DocumentRef | None, PUBLIC]
    """The rule document they were rated by; None where it is not known."""
    units: Annotated[tuple[RatedUnit, ...], PUBLIC]


class UnitRatingCorrected(Event):
    """One rating of a list is another than was stated; `rating` is None where it is withdrawn."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-rating-corrected.v1"
    AGGREGATE: ClassVar[str] = "rating_list"
    KEY: ClassVar[str] = "rating_list_id"

    rating_list_id: Annotated[UUID, PUBLIC]
    year: Annotated[int, PUBLIC]
    unit_id: Annotated[UUID, PUBLIC]
    rating_before: Annotated[UnitRating | None, PUBLIC]
    """None where the unit was not on the list before."""
    rating: Annotated[UnitRating | None, PUBLIC]


class UnitAwarded(Event):
    """A unit received an award on `effective_date`."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-awarded.v1"
    AGGREGATE: ClassVar[str] = "award"
    KEY: ClassVar[str] = "award_id"

    award_id: Annotated[UUID, PUBLIC]
    unit_id: Annotated[UUID, PUBLIC]
    kind: Annotated[ratings.AwardKind, PUBLIC]
    level: Annotated[ratings.AwardLevel, PUBLIC]
    title: Annotated[str, PUBLIC]


class UnitAwardWithdrawn(Event):
    """An award to a unit counts no more, from the beginning; `effective_date` is the day of the award."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-award-withdrawn.v1"
    AGGREGATE: ClassVar[str] = "award"
    KEY: ClassVar[str] = "award_id"

    award_id: Annotated[UUID, PUBLIC]
    unit_id: Annotated[UUID, PUBLIC]


EVENTS: tuple[type[Event], ...] = (
    UnitEstablished,
    UnitDissolved,
    UnitRenamed,
    UnitReparented,
    UnitUpgraded,
    UnitsRated,
    UnitRatingCorrected,
    UnitAwarded,
    UnitAwardWithdrawn,
    UnitHistoryRestated,
    UnitsMerged,
    UnitSplit,
)


@singledispatch
def public_form(event: Event) -> Event | None:
    """Return what other systems are told of an internal event, or None (so persons stay inside)."""
    del event
    return None


@public_form.register
def _(event: membership.OrganisationEstablished) -> UnitEstablished:
    return UnitEstablished(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        code=event.code,
        name=event.name,
        type=event.after.type,
        parent_id=event.after.parent_id,
    )


@public_form.register
def _(event: membership.OrganisationDissolved) -> UnitDissolved:
    return UnitDissolved(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
    )


@public_form.register
def _(event: membership.OrganisationRenamed) -> UnitRenamed:
    return UnitRenamed(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        code=event.code,
        name=event.name,
    )


@public_form.register
def _(event: membership.OrganisationReparented) -> UnitReparented:
    return UnitReparented(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        type=event.after.type,
        parent_id=event.after.parent_id,
        stated=event.stated,
    )


@public_form.register
def _(event: membership.OrganisationUpgraded) -> UnitUpgraded:
    return UnitUpgraded(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        type=event.after.type,
        parent_id=event.after.parent_id,
        stated=event.stated,
    )


@public_form.register
def _(event: membership.OrganisationHistoryRestated) -> UnitHistoryRestated:
    return UnitHistoryRestated(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        code=event.code,
        retracted=event.retracted,
        stated=event.stated,
        names_retracted=event.names_retracted,
        names_stated=event.names_stated,
    )


@public_form.register
def _(event: reorganisations.OrganisationsMerged) -> UnitsMerged:
    return UnitsMerged(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        reorganisation_id=event.reorganisation_id,
        source_ids=event.source_ids,
        target_id=event.target_id,
        target_is_new=event.target_is_new,
        document=event.document,
    )


@public_form.register
def _(event: reorganisations.OrganisationSplit) -> UnitSplit:
    return UnitSplit(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        reorganisation_id=event.reorganisation_id,
        source_id=event.source_id,
        part_ids=event.part_ids,
        source_goes_on=event.source_goes_on,
        document=event.document,
    )


@public_form.register
def _(event: ratings.OrganisationsRated) -> UnitsRated:
    return UnitsRated(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        rating_list_id=event.rating_list_id,
        superior_id=event.organisation_id,
        year=event.year,
        rule=event.rule,
        units=tuple(RatedUnit(unit_id=one.organisation_id, rating=_told(one.after)) for one in event.ratings),
    )


@public_form.register
def _(event: ratings.OrganisationRatingCorrected) -> UnitRatingCorrected:
    return UnitRatingCorrected(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        rating_list_id=event.rating_list_id,
        year=event.year,
        unit_id=event.organisation_id,
        rating_before=event.before and _told(event.before),
        rating=event.after and _told(event.after),
    )


def _told(rating: ratings.Rating) -> UnitRating:
    """Return a rating without its points, which stay inside."""
    return UnitRating(grade=rating.grade, not_rated=rating.not_rated)


@public_form.register
def _(event: ratings.OrganisationAwarded) -> UnitAwarded:
    return UnitAwarded(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        award_id=event.award_id,
        unit_id=event.organisation_id,
        kind=event.kind,
        level=event.level,
        title=event.title,
    )


@public_form.register
def _(event: ratings.OrganisationAwardWithdrawn) -> UnitAwardWithdrawn:
    return UnitAwardWithdrawn(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        award_id=event.award_id,
        unit_id=event.organisation_id,
    )
