"""Which facts of a position or a term stand: that it began, and that it ended. Pure.

The event log is the history, as with members (`services.membership.history`): each event states a fact, numbered by
its version, and a later event may take a fact's place or withdraw it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from contracts.positions import (
    PositionEnded,
    PositionEvent,
    PositionRestated,
    PositionTaken,
    TermEnded,
    TermEvent,
    TermOpened,
    TermRestated,
)
from services.membership.domain import DomainError
from services.membership.faults import Fault

Kind = Literal["began", "ended"]


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers of the facts that stand, and what became of the others."""

    began: int | None = None
    ended: int | None = None
    replaced: Mapping[int, int | None] = field(default_factory=dict)
    """By the number of a fact that stands no more, that of the fact in its place; None where it was withdrawn."""
    kinds: Mapping[int, Kind] = field(default_factory=dict)
    """What each fact, standing or not, is about."""

    def kind_of(self, number: int) -> Kind:
        """Return what a fact that stands is about.

        Raises DomainError where there is no such fact (`no-such-fact`), or it was replaced or withdrawn.
        """
        if number in {self.began, self.ended}:
            return self.kinds[number]
        if number not in self.replaced:
            raise DomainError([Fault("no-such-fact", "fact", {"number": number})])
        by = self.replaced[number]
        if by is None:
            raise DomainError([Fault("fact-withdrawn", "fact", {"number": number})])
        raise DomainError([Fault("fact-replaced", "fact", {"number": number, "by": by})])


def facts_of(events: Iterable[PositionEvent | TermEvent]) -> Facts:
    """Return the facts of one position or term, its events given in their order from the first."""
    facts = Facts()
    for number, event in enumerate(events, 1):
        match event:
            case PositionTaken() | TermOpened():
                facts = _stated(facts, "began", number)
            case PositionEnded() | TermEnded():
                facts = _stated(facts, "ended", number)
            case PositionRestated() | TermRestated():
                facts = _restated(facts, number, event)
    return facts


def _stated(facts: Facts, kind: Kind, number: int) -> Facts:
    began, ended = (number, facts.ended) if kind == "began" else (facts.began, number)
    return Facts(began, ended, facts.replaced, {**facts.kinds, number: kind})


def _restated(facts: Facts, number: int, event: PositionRestated | TermRestated) -> Facts:
    kind, after = facts.kinds[event.corrects], event.after
    if after is None:
        # It never was, so it did not end either.
        gone = {known: None for known in (facts.began, facts.ended) if known is not None}
        return Facts(None, None, {**facts.replaced, **gone}, facts.kinds)
    if kind == "ended" and after.until_on is None:
        return Facts(facts.began, None, {**facts.replaced, event.corrects: None}, facts.kinds)
    stated = _stated(facts, kind, number)
    return Facts(stated.began, stated.ended, {**facts.replaced, event.corrects: number}, stated.kinds)
