"""The guidance on cell meetings in force on a day, read from its data: a file for each version (`data/guidance/`)."""

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

_FULL: Final = 100
_Day = date
"""A field called `date` hides the type from those after it."""


class Criterion(StrEnum):
    """What a meeting is scored by (DOMAIN: quality score)."""

    DURATION = "duration"
    ATTENDANCE = "attendance"
    PREPARATION = "preparation"
    PROCEDURE = "procedure"
    CONTENT = "content"
    CHAIRING = "chairing"
    PRINCIPLES = "principles"
    RESULTS = "results"
    """Of the resolution before."""
    CLOSING = "closing"


class MeetingGrade(StrEnum):
    """How well a cell met: tốt, khá, trung bình, kém."""

    GOOD = "good"
    FAIR = "fair"
    AVERAGE = "average"
    POOR = "poor"


class NoGuidanceError(ValueError):
    """No guidance is known for a day: it lies before the first."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class AttendanceBar(_Data):
    """From which attendance the full points are due."""

    percent: Annotated[int, Field(ge=0, le=100)]
    more_than: bool
    """Whether it must be more than that; else that much is enough."""

    def is_met(self, rate: Fraction) -> bool:
        """Return whether an attendance rate, from 0 to 1, is worth the full points."""
        bar = Fraction(self.percent, 100)
        return rate > bar if self.more_than else rate >= bar


class ByGroup(_Data):
    """Which cells may meet by their party groups (tổ đảng), and how often."""

    least_members: PositiveInt
    most_a_year: PositiveInt


class Absences(_Data):
    """Which absences of one member fail the attendance criterion of the cell."""

    unexcused: PositiveInt
    """From how many unexcused ones in a year on."""
    excused_running: PositiveInt
    """More excused ones than that, one after the other in a year."""


class GradeBars(_Data):
    """The fewest points, out of 100, of each grade; below the last a meeting was poor."""

    good: PositiveInt
    fair: PositiveInt
    average: PositiveInt


class Guidance(_Data):
    """One version of the rules; figures that it does not set are None."""

    number: str
    date: _Day
    in_force_from: Annotated[_Day, Field(alias="from")]
    provisional: bool
    """Whether the rubric stands in for one that is not known."""
    least_minutes: PositiveInt | None = None
    least_minutes_combined: PositiveInt | None = None
    """Of a regular meeting with a thematic part."""
    thematic_each_quarter: PositiveInt
    documents_days_before: PositiveInt | None = None
    report_within_days: PositiveInt
    attendance: AttendanceBar
    absences: Absences | None = None
    by_group: ByGroup | None = None
    rubric: Mapping[Criterion, PositiveInt]
    """The most points of each criterion; together 100."""
    grades: GradeBars

    @property
    def source(self) -> str:
        """The document, as people cite it."""
        return f"Hướng dẫn {self.number} ({self.date.day}/{self.date.month}/{self.date.year})"


@dataclass(frozen=True, slots=True)
class Guidances:
    """All versions, by the days from which they are in force."""

    versions: Sequence[Guidance]

    def on(self, day: date) -> Guidance:
        """Return the version in force on a day. Raises NoGuidanceError before the first."""
        place = bisect_right([version.in_force_from for version in self.versions], day)
        if place == 0:
            raise NoGuidanceError(f"no guidance on cell meetings is known for {day}")
        return self.versions[place - 1]

    def cited(self, number: str, dated: date) -> Guidance:
        """Return the version of a document. Raises NoGuidanceError where there is none."""
        for version in self.versions:
            if (version.number, version.date) == (number, dated):
                return version
        raise NoGuidanceError(f"no guidance {number} of {dated} is known")


@cache
def guidances() -> Guidances:
    """Return the versions that the service comes with."""
    folder = files(f"{__package__}.data.guidance")
    return parse_guidances(
        [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".toml")]
    )


def parse_guidances(texts: Iterable[str]) -> Guidances:
    """Return the versions in TOML texts, one in each.

    Raises ValueError where one is no TOML, a value is missing or outside its range, a rubric does not come to 100 or
    leaves a criterion out, grades do not fall, or two begin on one day.
    """
    versions = sorted(
        (Guidance.model_validate(tomllib.loads(text)) for text in texts),
        key=lambda version: version.in_force_from,
    )
    days = [version.in_force_from for version in versions]
    if not days or len(days) != len(set(days)):
        raise ValueError(f"there is no version, or two of them begin on one day: {days}")
    for version in versions:
        _check(version)
    return Guidances(versions)


def _check(version: Guidance) -> None:
    points = sum(version.rubric.values())
    if set(version.rubric) != set(Criterion) or points != _FULL:
        raise ValueError(
            f"{version.source}: the rubric must have every criterion and come to 100, not {points}"
        )
    grades = version.grades
    if not _FULL >= grades.good > grades.fair > grades.average:
        raise ValueError(f"{version.source}: the bars of the grades must fall")
