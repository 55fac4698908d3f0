"""The life of an order that interrupts meetings: given, revised, withdrawn. Pure.

An order speaks of units with all below them and of days. A regular meeting planned on one of its days is put off; a
month that it touches and that has no meeting on another day is excused [C].
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.interruptions import (
    InterruptionEvent,
    InterruptionOrdered,
    InterruptionRevised,
    InterruptionTerms,
    InterruptionWithdrawn,
)
from services.meetings.calendar import Month
from services.meetings.domain import Interrupt
from services.meetings.faults import Fault, FaultsFound

_LONGEST_DAYS: Final = 3 * 366
"""An order for longer than three years is a wrong date [C]."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both included; None for no end."""

    from_on: date
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether a day is in it."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def touches(self, month: Month) -> bool:
        """Return whether any day of a month is in it."""
        return self.from_on <= month.last and (self.until_on is None or month.first <= self.until_on)

    def scope_day(self, month: Month) -> date:
        """Return whose tree says which cells it means in a month: its first day there."""
        return max(self.from_on, month.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """An order; `version` counts its events."""

    id: UUID
    terms: InterruptionTerms
    withdrawn: bool = False
    version: int = 1

    @property
    def span(self) -> Span:
        """The days of which it speaks."""
        return Span(self.terms.from_on, self.terms.until_on)

    def postponement(self, decision_date: date | None = None) -> Interrupt:
        """Return the command that puts off one meeting by it."""
        return Interrupt(
            reason=self.terms.reason,
            on=self.terms.from_on,
            decision_date=decision_date or self.terms.document.date,
            document=self.terms.document,
            interruption_id=self.id,
        )


@dataclass(frozen=True, slots=True)
class InterruptionDecided:
    """An order as a command leaves it, and its event."""

    state: Interruption
    event: InterruptionEvent


def decide_order(
    terms: InterruptionTerms, *, new_id: UUID, decision_date: date | None, postponed: int
) -> InterruptionDecided:
    """Return a new order. Raises FaultsFound for days that cannot be, or no units."""
    _check(terms)
    event = InterruptionOrdered(
        effective_date=terms.from_on,
        decision_date=decision_date or terms.document.date,
        interruption_id=new_id,
        after=terms,
        postponed=postponed,
    )
    return InterruptionDecided(Interruption(id=new_id, terms=terms), event)


def decide_revision(
    order: Interruption, terms: InterruptionTerms, *, decision_date: date | None, postponed: int
) -> InterruptionDecided:
    """Return an order that was extended, ended sooner or put right.

    Raises FaultsFound for days that cannot be, `nothing-changes`, and `interruption-withdrawn`.
    """
    _check_standing(order)
    _check(terms)
    if terms == order.terms:
        raise FaultsFound([Fault("nothing-changes", None)])
    event = InterruptionRevised(
        effective_date=min(order.terms.from_on, terms.from_on),
        decision_date=decision_date,
        interruption_id=order.id,
        before=order.terms,
        after=terms,
        postponed=postponed,
    )
    return InterruptionDecided(replace(order, terms=terms, version=order.version + 1), event)


def decide_withdrawal(order: Interruption, *, decision_date: date | None) -> InterruptionDecided:
    """Return an order that was recorded in error. Raises FaultsFound `interruption-withdrawn`."""
    _check_standing(order)
    event = InterruptionWithdrawn(
        effective_date=order.terms.from_on,
        decision_date=decision_date,
        interruption_id=order.id,
        before=order.terms,
    )
    return InterruptionDecided(replace(order, withdrawn=True, version=order.version + 1), event)


def still_puts_off(orders: Collection[Interruption], order_id: UUID | None, day: date) -> bool:
    """Return whether a postponement of a meeting of a day stands: by itself, or while its order covers the day."""
    return order_id is None or any(
        order.id == order_id and not order.withdrawn and order.span.covers(day) for order in orders
    )


def _check(terms: InterruptionTerms) -> None:
    if terms.until_on is None:
        return
    if terms.until_on < terms.from_on:
        raise FaultsFound([Fault("ends-before-it-starts", "until_on")])
    if (terms.until_on - terms.from_on).days > _LONGEST_DAYS:
        raise FaultsFound([Fault("interruption-too-long", "until_on")])


def _check_standing(order: Interruption) -> None:
    if order.withdrawn:
        raise FaultsFound([Fault("interruption-withdrawn", None)])
