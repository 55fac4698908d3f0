"""How well a meeting went, in points of the rubric in force on its day. Pure.

Three facts, each of its own: what the cell proposes (self-score), what an inspector gave, what the superior decided
(DOMAIN: quality score). None is worked out from another; each cites its rubric.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from rules.guidance import Criterion, Guidance, MeetingGrade

_SMALLEST: Final = Decimal("0.25")
"""Points are given in quarters at the finest [C]."""


class ScoreError(ValueError):
    """Points that cannot be given by a rubric; `criterion` is where, None for the whole."""

    def __init__(self, message: str, criterion: Criterion | None = None) -> None:
        super().__init__(message)
        self.criterion = criterion


@dataclass(frozen=True, slots=True)
class Score:
    """Points by criterion, out of the rubric of one guidance."""

    points: Mapping[Criterion, Decimal]
    guidance: Guidance

    def __post_init__(self) -> None:
        """Check the points. Raises ScoreError."""
        missing = [criterion for criterion in Criterion if criterion not in self.points]
        if missing:
            raise ScoreError("a criterion has no points", missing[0])
        for criterion, points in self.points.items():
            if not 0 <= points <= self.guidance.rubric[criterion]:
                raise ScoreError("more points than the rubric has, or fewer than none", criterion)
            if points % _SMALLEST:
                raise ScoreError("points are given in quarters", criterion)

    @property
    def total(self) -> Decimal:
        """All points, out of 100."""
        return sum(self.points.values(), Decimal(0))

    @property
    def grade(self) -> MeetingGrade:
        """What they come to."""
        bars = self.guidance.grades
        for grade, bar in (
            (MeetingGrade.GOOD, bars.good),
            (MeetingGrade.FAIR, bars.fair),
            (MeetingGrade.AVERAGE, bars.average),
        ):
            if self.total >= bar:
                return grade
        return MeetingGrade.POOR


def doubtful(
    score: Score, *, minutes: int | None, combined: bool, rate: Fraction | None, absences: int = 0
) -> list[Criterion]:
    """Return the criteria that have full points though what is recorded of the meeting does not bear them out.

    `minutes` is how long it took and `rate` its attendance from 0 to 1, None where not recorded; `combined` a regular
    meeting with a thematic part; `absences` of how many members fail the criterion by themselves. To be looked at,
    not wrong: how points fall below the full ones is not laid down.
    """
    guidance = score.guidance
    least = guidance.least_minutes_combined if combined else guidance.least_minutes
    found = []
    if _is_full(score, Criterion.DURATION) and least and minutes is not None and minutes < least:
        found.append(Criterion.DURATION)
    attended = rate is None or guidance.attendance.is_met(rate)
    if _is_full(score, Criterion.ATTENDANCE) and not (attended and absences == 0):
        found.append(Criterion.ATTENDANCE)
    return found


def _is_full(score: Score, criterion: Criterion) -> bool:
    return score.points[criterion] == score.guidance.rubric[criterion]
