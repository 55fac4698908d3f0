"""A version of the rules of annual ratings: the cap on the highest grade, and the grade that points propose. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.membership import DocumentRef
from contracts.ratings import Grade, Score, TaskResults
from services.membership.thresholds import Threshold


class Rated(StrEnum):
    """Whom a list rates."""

    MEMBERS = "members"
    ORGANISATIONS = "organisations"


class CapBase(StrEnum):
    """What the cap on the highest grade is a percentage of."""

    GOOD = "good"
    GOOD_OR_BETTER = "good_or_better"
    RATED = "rated"


_COUNTED: Final[Mapping[CapBase, tuple[Grade, ...]]] = {
    CapBase.GOOD: (Grade.GOOD,),
    CapBase.GOOD_OR_BETTER: (Grade.EXCELLENT, Grade.GOOD),
    CapBase.RATED: tuple(Grade),
}
BASE_LABELS: Final[Mapping[CapBase, str]] = {
    CapBase.GOOD: "xếp loại hoàn thành tốt nhiệm vụ",
    CapBase.GOOD_OR_BETTER: "xếp loại hoàn thành tốt nhiệm vụ trở lên",
    CapBase.RATED: "được xếp loại",
}

Tally = Counter[Grade]
"""How many have each grade; those without a grade count nowhere."""


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that may have the highest grade: `percent` of those that `base` names, never rounded up."""

    percent: int
    base: CapBase
    provisional: bool
    """Whether the base is a convention, for want of a text."""

    def counted(self, tally: Tally) -> int:
        """Return how many the percentage is taken of."""
        return sum(tally[grade] for grade in _COUNTED[self.base])

    def allowed(self, tally: Tally) -> int:
        """Return how many may be excellent."""
        return self.percent * self.counted(tally) // 100

    def excess(self, tally: Tally) -> int:
        """Return by how many hundredths the highest grade is beyond the cap; at most 0 where it is not."""
        return 100 * tally[Grade.EXCELLENT] - self.percent * self.counted(tally)


@dataclass(frozen=True, slots=True)
class GradeBound:
    """What a grade takes: points in hundredths, and per cent of the tasks assigned."""

    grade: Grade
    points: int
    done: int
    """At least."""
    exceeded: int
    """At least."""
    late: int
    """At most."""
    undisciplined: bool
    """Whether nobody of those who lead, and no unit below, may have been disciplined."""

    def is_met(self, tasks: TaskResults | None) -> bool:
        """Return whether the conditions on tasks are met; what is not stated is not held against anybody."""
        return tasks is None or (
            tasks.done * 100 >= self.done * tasks.assigned
            and tasks.exceeded * 100 >= self.exceeded * tasks.assigned
            and tasks.late * 100 <= self.late * tasks.assigned
            and not (self.undisciplined and tasks.disciplined)
        )


@dataclass(frozen=True, slots=True)
class PointScale:
    """The most points for each part, in hundredths, and what each grade takes, the best grade first."""

    common: int
    results: int
    bounds: tuple[GradeBound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRule:
    """A version of the rules, from a year on."""

    first_year: int
    document: DocumentRef
    title: str
    """The document with its number and date, as people read it."""
    members: Cap
    units: Cap
    points: PointScale | None
    """None for a version that knows no points."""

    def cap(self, of: Rated) -> Cap:
        """Return the cap on a kind of list."""
        return self.members if of is Rated.MEMBERS else self.units


@dataclass(frozen=True, slots=True)
class Rules:
    """All that documents say of ratings: versions in the order of their years."""

    versions: tuple[RatingRule, ...]
    newly_formed: Threshold
    """Months before the end of the year, below which a unit is newly formed."""
    set_aside: str
    """What says that members who are exempt or suspended are not rated."""
    flag_years: Threshold
    """Years in a row with the highest grade that a five-year flag rests on."""

    def of_year(self, year: int) -> RatingRule | None:
        """Return the version that a year is rated by; None before the first."""
        return next((one for one in reversed(self.versions) if one.first_year <= year), None)


def grade_of(score: Score, rule: RatingRule) -> Grade | None:
    """Return the grade that points call for by a rule, None by one that knows no points. It binds nobody.

    The conditions on tasks count where they are stated.
    """
    if rule.points is None:
        return None
    total = score.common_hundredths + score.results_hundredths
    return next(
        (bound.grade for bound in rule.points.bounds if total >= bound.points and bound.is_met(score.tasks)),
        Grade.NOT_COMPLETED,
    )
