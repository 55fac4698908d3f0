"""What a measure is: a sum of columns of a source, or one sum over another. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.reporting.figures.dimensions import Dimension


class Kind(StrEnum):
    """How a measure is of a period, and so how it may be added up."""

    STOCK = "stock"
    """How it is on the last day: adds up over units, never over periods."""
    FLOW = "flow"
    """What happened in it: adds up over units and periods."""
    DISTINCT = "distinct"
    """What was met with in it at least once: never adds up over periods, and over units only if none moved in it."""
    RATIO = "ratio"
    """One sum over another: adds up over nothing."""


class Source(StrEnum):
    """Which projection a measure comes from, and so which query."""

    MEMBERS = "members"
    UNITS = "units"
    MOVEMENT = "movement"
    MEETINGS = "meetings"
    MONTHS = "months"
    QUARTERS = "quarters"
    TASKS = "tasks"
    VISITS = "visits"
    COVERAGE = "coverage"
    AXES = "axes"
    FINDINGS = "findings"
    FINDINGS_THEN = "findings-then"
    """How findings stood on the last day."""
    RATINGS = "ratings"
    AWARDS = "awards"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that can be asked for. Its value is a sum of columns of its source, or one sum over another."""

    code: str
    label: str
    unit: str
    """What is counted, in Vietnamese; `%` of ratios, `năm`, `điểm` and `phút` of means."""
    kind: Kind
    source: Source
    columns: tuple[str, ...]
    over: tuple[str, ...] = ()
    """Of a ratio: what the sum is divided by."""
    scale: int = 1
    """By what a ratio is multiplied: 100 for per cent."""
    dimensions: tuple[Dimension, ...] = ()
    """By what it can be told apart beside units."""
    better: int = 0
    """Which way is better, for rankings and colours: 1 more, -1 less, 0 neither."""

    @property
    def all_columns(self) -> tuple[str, ...]:
        """All columns that its value is made of."""
        return (*self.columns, *self.over)

    def value(self, sums: Mapping[str, float]) -> float | None:
        """Return its value of these sums: a whole number, or a ratio to one decimal; None where there is no base."""
        above = _sum(sums, self.columns)
        if self.kind is not Kind.RATIO:
            return above
        below = _sum(sums, self.over)
        # Halves up, as people round: a float would round some down.
        return None if below <= 0 else int(above * self.scale * 10 / below + 0.5) / 10


def _sum(sums: Mapping[str, float], columns: tuple[str, ...]) -> float:
    # An answer has some ten thousand: a generator would take twice as long.
    found = 0.0 if not columns else sums.get(columns[0], 0)
    for column in columns[1:]:
        found += sums.get(column, 0)
    return found
