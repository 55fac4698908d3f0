"""What positions and terms have in common: a first day, perhaps an end, and facts that may be put right. Pure.

Days are half-open, as everywhere in the register: a position is held on a day D if from_on <= D < until_on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from contracts.membership import DocumentRef
from contracts.positions import HeldPosition, PositionEndReason, PositionEvent, Term, TermEvent
from services.membership.domain import DomainError, Organisation
from services.membership.faults import Fault

What = TypeVar("What", HeldPosition, Term)
Happened = TypeVar("Happened", PositionEvent, TermEvent)


@dataclass(frozen=True, slots=True)
class Tenure(Generic[What]):
    """A position or a term as its last event leaves it; `version` counts its events."""

    id: UUID
    state: What | None
    """None where it was withdrawn: it never was."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Decided(Generic[What, Happened]):
    """An event that now happened to a position or a term, and what it leaves behind."""

    tenure: Tenure[What]
    event: Happened


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `start` on until `end`, which is the first that is not among them; None for all to come."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def meets(self, other: "Days") -> bool:
        """Return whether some day is among both."""
        return other.start in self or self.start in other


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What decided something, where the source states it."""

    decision_date: date | None = None
    document: DocumentRef | None = None

    @property
    def is_stated(self) -> bool:
        """Whether anything is said of it."""
        return self.decision_date is not None or self.document is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTenure(Order):
    """End a position or a term: `until_on` is the first day on which it is no more."""

    until_on: date
    reason: PositionEndReason = PositionEndReason.UNSTATED
    """Of a position only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Order):
    """Say that something never happened: the end, or with the beginning all of it."""

    number: int


def known(tenure: Tenure[What]) -> What:
    """Return what a position or term is. Raises DomainError `withdrawn-already` where it was withdrawn."""
    if tenure.state is None:
        raise DomainError([Fault("withdrawn-already")])
    return tenure.state


def days_of(of: HeldPosition | Term) -> Days:
    """Return the days of a position or term."""
    return Days(of.from_on, of.until_on)


def until_text(day: date | None) -> str:
    """Return how messages say until when something is so; `day` is the first that is not."""
    return f"đến trước ngày {day}" if day else "đến nay"


def emptiness(from_on: date, until_on: date | None) -> list[Fault]:
    """Return the fault of an end that is not after the beginning."""
    if until_on is None or until_on > from_on:
        return []
    return [Fault("ended-before-beginning", "until_on", {"until_on": until_on, "from_on": from_on})]


def goes_on(tenure: Tenure[What], until_on: date) -> What:
    """Return what is to end on a day. Raises DomainError where it ended already, or has not begun by then."""
    state = known(tenure)
    if state.until_on:
        raise DomainError([Fault("already-ended", "until_on", {"until_on": state.until_on})])
    if faults := emptiness(state.from_on, until_on):
        raise DomainError(faults)
    return state


def unit_faults(of: HeldPosition | Term, unit: Organisation) -> list[Fault]:
    """Return why a unit cannot have this on its days."""
    if of.from_on < unit.established_on:
        dates = {"day": of.from_on, "established_on": unit.established_on}
        return [Fault("unit-not-yet-there", "from_on", dates)]
    end = unit.dissolved_on
    if end and (of.until_on is None or of.until_on > end):
        return [Fault("unit-no-longer-there", "until_on", {"dissolved_on": end})]
    return []


def first_changed(before: HeldPosition | Term, after: HeldPosition | Term | None) -> date:
    """Return the first day that is otherwise after a correction than before it."""
    if after is None:
        return before.from_on
    ends = {"until_on", "end_reason"}
    if before.model_dump(exclude=ends) == after.model_dump(exclude=ends):
        return min((day for day in (before.until_on, after.until_on) if day), default=before.from_on)
    return min(before.from_on, after.from_on)


def refuse_what_is_not_of(number: int, said: Mapping[str, object]) -> None:
    """Raise DomainError where anything is said of a fact that it is not about."""
    faults = [
        Fault("not-of-this-fact", name, {"number": number})
        for name, value in said.items()
        if value is not None
    ]
    if faults:
        raise DomainError(faults)
