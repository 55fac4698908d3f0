"""Public events of the reporting service, for other provincial systems: counts, small ones withheld.

`public_form` maps each internal event to one of these. Of a unit that has a committee what is counted of members is
published unless it is small; of the units directly below only what tells no small count, alone or with what else is
published (contracts/suppression.py states how far).
"""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import AwareDatetime

from contracts.event import PUBLIC, Event, Value
from contracts.statistics import Figure, MonthFigures, MonthFrozen, UnitCounts, Withheld

MEMBERS: Final = "members"
COLUMNS: Final = {
    MEMBERS: "members",
    "members.women": "women",
    "members.ethnic_minority": "ethnic_minority",
    "members.youth": "youth",
    "members.with_religion": "with_faith",
    "members.probationary": "probationary",
}
"""The measures of members that are published, and their fields. No other: a rate, or who is not on probation, would
tell a count that is withheld."""
_OF_UNITS: Final = "units."
"""Measures that begin so count units, not persons."""


class PublishedRow(Value):
    """What is published of a unit directly below."""

    unit: Annotated[str, PUBLIC]
    """Its code."""
    counts: Annotated[tuple[Figure, ...], PUBLIC]


class UnitMonthPublished(Event):
    """The figures of a unit and a month; a later revision replaces this one. `effective_date` is the last day."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-month-published.v1"
    AGGREGATE: ClassVar[str] = "unit_statistics"
    KEY: ClassVar[str] = "unit_statistics_id"

    unit_statistics_id: Annotated[UUID, PUBLIC]
    snapshot_id: Annotated[UUID, PUBLIC]
    unit: Annotated[str, PUBLIC]
    """The unit's code."""
    from_on: Annotated[date, PUBLIC]
    revision: Annotated[int, PUBLIC]
    known_at: Annotated[AwareDatetime, PUBLIC]
    digest: Annotated[str, PUBLIC]
    """SHA-256 of the frozen revision, hexadecimal: two readers can tell that they have the same."""
    whole: Annotated[tuple[Figure, ...], PUBLIC]
    below: Annotated[tuple[PublishedRow, ...], PUBLIC]
    withheld: Annotated[tuple[Withheld, ...], PUBLIC]
    """Counts that there are and that are not told."""
    changed: Annotated[tuple[str, ...], PUBLIC]
    """Measures of the whole that are others than in the revision before."""


def public_form(event: Event) -> Event | None:
    """Return the public form of an internal event; None for whatever is nobody's business outside."""
    if not isinstance(event, MonthFrozen):
        return None
    gone = {(each.unit, each.measure) for each in event.withheld}
    whole = tuple(figure for figure in event.after.whole if _is_told(figure.measure, gone))
    return UnitMonthPublished(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_statistics_id=event.unit_statistics_id,
        snapshot_id=event.snapshot_id,
        unit=event.unit,
        from_on=event.from_on,
        revision=event.revision,
        known_at=event.known_at,
        digest=event.digest,
        whole=whole,
        below=tuple(PublishedRow(unit=row.unit, counts=_told(row, gone)) for row in event.after.below),
        withheld=event.withheld,
        changed=_changed(event.before, whole),
    )


def _is_told(measure: str, gone: set[tuple[str | None, str]]) -> bool:
    return measure.startswith(_OF_UNITS) or (measure in COLUMNS and (None, measure) not in gone)


def _told(row: UnitCounts, gone: set[tuple[str | None, str]]) -> tuple[Figure, ...]:
    return tuple(
        Figure(measure=measure, value=getattr(row, column))
        for measure, column in COLUMNS.items()
        if (row.unit, measure) not in gone
    )


def _changed(before: MonthFigures | None, whole: tuple[Figure, ...]) -> tuple[str, ...]:
    if before is None:
        return ()
    former = {figure.measure: figure.value for figure in before.whole}
    return tuple(figure.measure for figure in whole if former.get(figure.measure) != figure.value)


EVENTS: tuple[type[Event], ...] = (UnitMonthPublished,)
