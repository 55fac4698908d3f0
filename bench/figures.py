"""What a measurement comes to: a figure beside its baseline, and whether it reaches its aim."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDTHS: Final = (52, 12, 9, 44, 8, 16)
_HEADER: Final = ("figure", "measured", "unit", "baseline of the same run", "ratio", "aim")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be: at most `bound`, or at least where `at_least`."""

    bound: float
    at_least: bool = False

    def is_met_by(self, value: float) -> bool:
        """Return whether a figure reaches this aim."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was measured beside a figure, in the same unit."""

    what: str
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    what: str
    value: float
    unit: str
    baseline: Baseline | None = None
    aim: Aim | None = None

    @property
    def ratio(self) -> float | None:
        """The figure as a multiple of its baseline; None where there is none."""
        return self.value / self.baseline.value if self.baseline and self.baseline.value else None


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of all do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values were measured")
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def median(values: Sequence[float]) -> float:
    """Return the lower median: always one of the measured values."""
    return percentile(values, 50)


def header() -> str:
    """Return the head of the table, in Markdown."""
    return f"{_row(_HEADER)}\n{_row([('-' * width) for width in _WIDTHS])}"


def row(figure: Figure) -> str:
    """Return a figure as a row of the table."""
    baseline, aim = figure.baseline, figure.aim
    return _row(
        (
            figure.what,
            number(figure.value),
            figure.unit,
            f"{baseline.what}: {number(baseline.value)}" if baseline else "",
            "" if figure.ratio is None else number(figure.ratio),
            "" if aim is None else _verdict(aim, figure.value),
        )
    )


def number(value: float) -> str:
    """Return a number with three significant digits or all of its whole ones."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def _verdict(aim: Aim, value: float) -> str:
    return (
        f"{'≥' if aim.at_least else '≤'} {number(aim.bound)}: {'met' if aim.is_met_by(value) else 'missed'}"
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))} |"
