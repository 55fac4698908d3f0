"""What visits and findings of a period come to. Pure.

A figure of the past is that of the day: a finding counts as overdue at a period's end if its day was over then and
nothing had been reported by then, whatever became of it since.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID

from contracts.findings import FindingState
from contracts.visits import GRADE_VALUES, AxisGrade

_WAITING: Final = frozenset({FindingState.OPEN, FindingState.REMEDYING})


class Grain(StrEnum):
    """What each item of an answer covers."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    PERIOD = "period"
    """All that is asked for at once."""


_MONTHS: Final = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are counted together, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenVisit:
    """What is counted of a visit; points are out of 100, None where nobody gave any."""

    cell_id: UUID
    on: date
    grades: Mapping[str, AxisGrade]
    own: float | None = None
    """The cell's own score of the meeting."""
    inspector: float | None = None
    official: float | None = None


@dataclass(frozen=True, slots=True)
class FindingStep:
    """A finding as it was from a day on."""

    on: date
    state: FindingState
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFinding:
    """What is counted of a finding; its steps are in the order of recording."""

    cell_id: UUID
    found_on: date
    recurrent: bool
    steps: Sequence[FindingStep]

    def at(self, day: date) -> FindingStep | None:
        """Return how it was at the end of a day; None before it was found."""
        if day < self.found_on:
            return None
        return [step for step in _passed(self.steps) if step.on <= day][-1]


def _passed(steps: Sequence[FindingStep]) -> list[FindingStep]:
    """Return the states that a finding went through.

    What was put right, told of as overdue or carried over leaves it in its state, on whatever day it takes effect: it
    says nothing of the days before, but for the due day, which is another since the finding was opened, or reopened.
    """
    found: list[FindingStep] = []
    for step in steps:
        if not found or step.state is not found[-1].state:
            found.append(step)
        elif step.due_on != found[-1].due_on:
            begins = max(place for place, one in enumerate(found) if one.state is FindingState.OPEN)
            found[begins:] = [replace(one, due_on=step.due_on) for one in found[begins:]]
    return found


@dataclass(frozen=True, slots=True)
class Distance:
    """How far one score of a meeting is from another, over the meetings that have both."""

    visits: int
    mean: Fraction | None
    """The first less the second: above nothing where the first is the better one."""
    mean_absolute: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a period comes to."""

    visits: int
    cells: int
    """Cells that exist on its last day."""
    visited: int
    """Those of them that were visited at least once in it."""
    axes: Mapping[str, Fraction]
    """The mean grade of each axis, from 1 to 4."""
    own_from_inspector: Distance
    official_from_inspector: Distance
    own_from_official: Distance
    opened: int
    closed: int
    overdue: int
    """At its end."""
    unsettled: int
    """At its end."""
    recurrent: int
    """Of those opened."""


def evaluate(
    visits: Collection[SeenVisit],
    findings: Collection[SeenFinding],
    cells: Collection[UUID],
    span: Span,
    *,
    today: date,
) -> Evaluation:
    """Return what the days of a span come to; a span that goes on is looked at as of `today`."""
    seen = [one for one in visits if span.first <= one.on <= span.last]
    end = min(span.last, today)
    opened = [one for one in findings if span.first <= one.found_on <= span.last]
    at_end = [step for one in findings if (step := one.at(end))]
    return Evaluation(
        visits=len(seen),
        cells=len(cells),
        visited=len({one.cell_id for one in seen}.intersection(cells)),
        axes=dict(_means(seen)),
        own_from_inspector=_distance([(one.own, one.inspector) for one in seen]),
        official_from_inspector=_distance([(one.official, one.inspector) for one in seen]),
        own_from_official=_distance([(one.own, one.official) for one in seen]),
        opened=len(opened),
        closed=sum(_closed_within(one, span.first, end) for one in findings),
        overdue=sum(step.state in _WAITING and step.due_on < end for step in at_end),
        unsettled=sum(step.state is not FindingState.CLOSED for step in at_end),
        recurrent=sum(one.recurrent for one in opened),
    )


def spans(first: date, last: date, grain: Grain) -> Iterator[Span]:
    """Yield the spans of a grain that make up the days from one to another; the outer ones may be cut."""
    if grain is Grain.PERIOD:
        yield Span(first, last)
        return
    begins = first
    while begins <= last:
        ahead = _following(begins, _MONTHS[grain])
        yield Span(begins, min(last, ahead - timedelta(days=1)))
        begins = ahead


def label(span: Span, grain: Grain) -> str:
    """Return what a span is called: 2020-06, 2020-Q2, 2020, or 2020-01/2020-06."""
    begins = span.first
    if grain is Grain.MONTH:
        return f"{begins:%Y-%m}"
    if grain is Grain.QUARTER:
        return f"{begins.year:04}-Q{(begins.month + 2) // 3}"
    if grain is Grain.YEAR:
        return f"{begins.year:04}"
    return f"{begins:%Y-%m}/{span.last:%Y-%m}"


def _following(day: date, months: int) -> date:
    """Return the first day of the span after that of a day."""
    number = (day.year * 12 + day.month - 1) // months * months + months
    return date(number // 12, number % 12 + 1, 1)


def _means(seen: Collection[SeenVisit]) -> Iterator[tuple[str, Fraction]]:
    sums, counts = Counter[str](), Counter[str]()
    for one in seen:
        for axis, grade in one.grades.items():
            sums[axis] += GRADE_VALUES[grade]
            counts[axis] += 1
    for axis, count in counts.items():
        yield axis, Fraction(sums[axis], count)


def _distance(pairs: Collection[tuple[float | None, float | None]]) -> Distance:
    apart = [Fraction(one) - Fraction(other) for one, other in pairs if one is not None and other is not None]
    if not apart:
        return Distance(0, None, None)
    return Distance(
        len(apart), sum(apart, Fraction()) / len(apart), sum(map(abs, apart), Fraction()) / len(apart)
    )


def _closed_within(finding: SeenFinding, first: date, end: date) -> bool:
    """Return whether a finding was closed in a span, and is at its end."""
    then, before = finding.at(end), finding.at(first - timedelta(days=1))
    if then is None or then.state is not FindingState.CLOSED:
        return False
    return before is None or before.state is not FindingState.CLOSED
