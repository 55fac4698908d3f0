"""Events of the reporting service: figures of a unit and a month, frozen, and frozen anew."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, FiniteFloat

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value


class Figure(Value):
    """A figure by the code of its measure."""

    measure: Annotated[str, PUBLIC]
    value: Annotated[FiniteFloat | None, PUBLIC]
    """None where a ratio has no base."""


class UnitCounts(Value):
    """Members of a unit directly below, however few."""

    unit: Annotated[str, PSEUDONYMOUS]
    """Its code on the last day."""
    told_elsewhere: Annotated[bool, PSEUDONYMOUS]
    """Whether the unit has such events of its own, in which these are the whole."""
    members: Annotated[int, PSEUDONYMOUS]
    women: Annotated[int, PSEUDONYMOUS]
    ethnic_minority: Annotated[int, PSEUDONYMOUS]
    youth: Annotated[int, PSEUDONYMOUS]
    with_faith: Annotated[int, PSEUDONYMOUS]
    probationary: Annotated[int, PSEUDONYMOUS]


class MonthFigures(Value):
    """All that is frozen of a unit and a month."""

    whole: Annotated[tuple[Figure, ...], PSEUDONYMOUS]
    below: Annotated[tuple[UnitCounts, ...], PSEUDONYMOUS]


class Withheld(Value):
    """A count of members that is not published."""

    unit: Annotated[str | None, PUBLIC]
    """Code of the unit directly below; None for the whole."""
    measure: Annotated[str, PUBLIC]


class MonthFrozen(Event):
    """The figures of a unit and a month were frozen, or frozen anew since a late fact changed them.

    `effective_date` is the month's last day. What may not go outside is stated with it, since it depends on what went
    out before (contracts/suppression.py).
    """

    TYPE: ClassVar[str] = "vn.chibo.reporting.month-frozen.v1"
    AGGREGATE: ClassVar[str] = "unit_statistics"
    KEY: ClassVar[str] = "unit_statistics_id"

    unit_statistics_id: Annotated[UUID, PUBLIC]
    """One for each unit, so that its months stay in order."""
    snapshot_id: Annotated[UUID, PUBLIC]
    unit: Annotated[str, PUBLIC]
    """The unit's code."""
    from_on: Annotated[date, PUBLIC]
    """The first day of the month."""
    revision: Annotated[int, PUBLIC]
    """From 1; each one replaces those before it."""
    known_at: Annotated[AwareDatetime, PUBLIC]
    digest: Annotated[str, PUBLIC]
    """SHA-256 of the frozen revision and all before it, hexadecimal."""
    before: Annotated[MonthFigures | None, PSEUDONYMOUS]
    """Those of the revision before; None of the first."""
    after: Annotated[MonthFigures, PSEUDONYMOUS]
    withheld: Annotated[tuple[Withheld, ...], PUBLIC]
    small: Annotated[tuple[str, ...], PSEUDONYMOUS]
    """Measures of which something is small: what is withheld of them stays so in the next event."""


EVENTS: tuple[type[Event], ...] = (MonthFrozen,)
