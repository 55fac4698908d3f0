"""Internal events of orders that interrupt the meetings of many cells at once, as one against an epidemic."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PUBLIC, Event, Value
from contracts.meetings import InterruptionReason
from contracts.membership import DocumentRef


class InterruptionTerms(Value):
    """Which cells do not meet, when and why."""

    unit_ids: Annotated[tuple[UUID, ...], PUBLIC]
    """Units with all below them."""
    from_on: Annotated[date, PUBLIC]
    until_on: Annotated[date | None, PUBLIC] = None
    """The last day; None until further notice."""
    reason: Annotated[InterruptionReason, PUBLIC]
    document: Annotated[DocumentRef, PUBLIC]


class InterruptionOrdered(Event):
    """Regular meetings are interrupted: those planned in its days are put off, months without one excused."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.interruption-ordered.v1"
    AGGREGATE: ClassVar[str] = "interruption"
    KEY: ClassVar[str] = "interruption_id"

    interruption_id: Annotated[UUID, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[InterruptionTerms, PUBLIC]
    postponed: Annotated[int, PUBLIC]
    """How many meetings it put off when it was recorded; each has its own event."""


class InterruptionRevised(Event):
    """An order was extended, ended sooner, or put right, as if it had said so from the beginning."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.interruption-revised.v1"
    AGGREGATE: ClassVar[str] = "interruption"
    KEY: ClassVar[str] = "interruption_id"

    interruption_id: Annotated[UUID, PUBLIC]
    before: Annotated[InterruptionTerms, PUBLIC]
    after: Annotated[InterruptionTerms, PUBLIC]
    postponed: Annotated[int, PUBLIC]
    """How many more meetings it puts off by that."""


class InterruptionWithdrawn(Event):
    """An order was recorded in error: it excuses nothing, and what it put off needs a new time."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.interruption-withdrawn.v1"
    AGGREGATE: ClassVar[str] = "interruption"
    KEY: ClassVar[str] = "interruption_id"

    interruption_id: Annotated[UUID, PUBLIC]
    before: Annotated[InterruptionTerms, PUBLIC]
    after: Annotated[None, PUBLIC] = None


InterruptionEvent = InterruptionOrdered | InterruptionRevised | InterruptionWithdrawn

EVENTS: tuple[type[Event], ...] = (InterruptionOrdered, InterruptionRevised, InterruptionWithdrawn)
