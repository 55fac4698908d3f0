"""The heat map: what became of each month that each cell owed a meeting, drawn as one narrow line a cell. Pure.

Where cells are too many for that, a line is a unit with all its cells, and each month is parted as they were.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final

from markupsafe import Markup

from services.reporting.tree import Unit


class Became(StrEnum):
    """What became of a month in which a cell was to meet."""

    HELD = "held"
    PUT_OFF = "put-off"
    """Put off with a reason, or interrupted by an order."""
    MISSED = "missed"
    OPEN = "open"
    """It is not over yet."""


LABELS: Final[Mapping[Became, str]] = {
    Became.HELD: "Đã họp",
    Became.PUT_OFF: "Hoãn có lý do, tạm dừng",
    Became.MISSED: "Không họp, không lý do",
    Became.OPEN: "Chưa hết tháng",
}

_SHORT: Final[Mapping[Became | None, str]] = {
    Became.HELD: "họp",
    Became.PUT_OFF: "hoãn",
    Became.MISSED: "không",
    Became.OPEN: "…",
    None: "",
}
"""The same where there is room for one word."""

_MEASURES: Final[Mapping[str, Became]] = {
    # The worst first: facts that contradict each other may say two things of a month.
    "meetings.missed": Became.MISSED,
    "meetings.postponed": Became.PUT_OFF,
    "meetings.excused": Became.PUT_OFF,
    "meetings.open": Became.OPEN,
    "meetings.months_held": Became.HELD,
}
MEASURES: Final = ",".join(_MEASURES)
"""What is to be asked for, by cell and month."""


@dataclass(frozen=True, slots=True)
class Line:
    """One cell, and what became of each month; None where it owed none."""

    unit: Unit
    months: Sequence[Became | None]


@dataclass(frozen=True, slots=True)
class Month:
    """What a month came to in all cells together."""

    first: date
    counts: Mapping[Became, int]

    @property
    def due(self) -> int:
        """How many cells were to meet."""
        return sum(self.counts.values())

    @property
    def is_recorded(self) -> bool:
        """Whether anything is known of it but that it went by."""
        return bool(self.counts[Became.HELD] or self.counts[Became.PUT_OFF])

    @property
    def shares(self) -> Sequence[tuple[Became, float]]:
        """Of what happened at all, in its order: to which part of these cells."""
        return [(what, self.counts[what] / self.due) for what in Became if self.counts[what]]

    @property
    def without(self) -> int:
        """How many of them did not, for whatever reason, though the month is over."""
        return self.counts[Became.PUT_OFF] + self.counts[Became.MISSED]


@dataclass(frozen=True, slots=True)
class Group:
    """A unit with all its cells, and what each month came to in them."""

    unit: Unit
    months: Sequence[Month]


@dataclass(frozen=True, slots=True)
class Heat:
    """Cells by months, or units with all their cells."""

    lines: Sequence[Line]
    months: Sequence[Month]
    groups: Sequence[Group] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no cell owed anything."""
        return not any(month.due for month in self.months)

    @property
    def seen(self) -> Sequence[Became]:
        """What happened at all, in the order of the legend."""
        return [what for what in Became if any(month.counts[what] for month in self.months)]

    @property
    def unrecorded(self) -> Sequence[Month]:
        """The first months, if nothing is recorded of them but of a later one: the books may begin only there."""
        first = next((place for place, month in enumerate(self.months) if month.is_recorded), 0)
        return [month for month in self.months[:first] if month.due]

    @property
    def worst(self) -> Month | None:
        """The month in which the most cells did not meet, the latest of several; None where all did.

        Months before the first of which something is recorded are left out.
        """
        unrecorded = self.unrecorded
        recorded = [month for month in self.months if month not in unrecorded]
        found = max(reversed(recorded), key=lambda month: month.without, default=None)
        return found if found and found.without else None


def became(values: Mapping[str, float | None]) -> Became | None:
    """Return what became of a cell's month, of the values of `MEASURES`; None where it owed no meeting."""
    return next((became for measure, became in _MEASURES.items() if values.get(measure)), None)


def heat(months: Sequence[date], told: Iterable[tuple[date, Unit, Became | None]]) -> Heat:
    """Return the map of what was told of cells, by the first days of months; cells in order of their codes."""
    by_code: dict[str, dict[date, Became | None]] = {}
    last: dict[str, Unit] = {}
    for month, unit, what in sorted(told, key=lambda one: one[0]):
        by_code.setdefault(unit.code, {})[month] = what
        last[unit.code] = unit
    lines = [
        Line(last[code], [its.get(month) for month in months])
        for code, its in sorted(by_code.items())
        if any(its.values())
    ]
    return Heat(
        lines,
        [
            Month(first, Counter(what for line in lines if (what := line.months[place])))
            for place, first in enumerate(months)
        ],
    )


def grouped(months: Sequence[date], told: Iterable[tuple[date, Unit, Mapping[str, float | None]]]) -> Heat:
    """Return the map of cells too many to be told apart: of the values of `MEASURES` in the units that they are of.

    Units stand in the order of their codes, and are called as they were last.
    """
    by_code: dict[str, dict[date, Counter[Became]]] = {}
    last: dict[str, Unit] = {}
    for month, unit, values in sorted(told, key=lambda one: one[0]):
        counts: Counter[Became] = Counter()
        for measure, what in _MEASURES.items():
            counts[what] += int(values.get(measure) or 0)
        by_code.setdefault(unit.code, {})[month] = counts
        last[unit.code] = unit
    none: Counter[Became] = Counter()
    return Heat(
        [],
        [
            Month(first, sum((its.get(first, none) for its in by_code.values()), Counter()))
            for first in months
        ],
        [
            Group(last[code], [Month(first, its.get(first, none)) for first in months])
            for code, its in sorted(by_code.items())
            if any(map(Counter.total, its.values()))
        ],
    )


_WIDE: Final = 0.94
"""Of a month's column, so that one can be told from the next."""
_FORMS: Final[Mapping[Became, tuple[float, float]]] = {
    Became.HELD: (_WIDE, 0.88),
    Became.PUT_OFF: (_WIDE, 0.4),
    Became.MISSED: (_WIDE / 2, 0.88),
    Became.OPEN: (_WIDE, 0.1),
}
"""Width and height of a mark where lines are high enough for a form: colour is then not the only sign."""
_DENSE: Final = 40
_TALLEST: Final = 560
"""Of a map, in CSS pixels: it is to be seen at once, on a projector beside its heading."""


def cells(heat: Heat, *, title: str) -> Markup:
    """Return the map as SVG, a month one unit wide and a cell one unit high, stretched by the page as it needs.

    In a dense map cells one below the other to whom the same happened are one shape: a bloc takes a few kilobytes.
    """
    shapes: dict[Became, list[str]] = {what: [] for what in Became}
    for column in range(len(heat.months)):
        row = 0
        for what, run in groupby(line.months[column] for line in heat.lines):
            size = len(list(run))
            if what is None:
                pass
            elif len(heat.lines) > _DENSE:
                shapes[what].append(_rectangle(column, row, _WIDE, size))
            else:
                wide, high = _FORMS[what]
                left, above = (_WIDE - wide) / 2, (1 - high) / 2
                shapes[what] += [
                    _rectangle(column + left, at + above, wide, high) for at in range(row, row + size)
                ]
            row += size
    return _svg(
        "cells",
        title,
        size=(len(heat.months), len(heat.lines)),
        pixels=height(len(heat.lines)),
        shapes=shapes,
    )


def words(line: Line) -> Markup:
    """Return the months of a cell as cells of a table: six thousand for a bloc, too many to write one by one."""
    return Markup().join(map(_WORDS.__getitem__, line.months))


_WORDS: Final = {what: Markup("<td>{}</td>").format(short) for what, short in _SHORT.items()}


def parted(heat: Heat, *, title: str) -> Markup:
    """Return the map of units as SVG, as `cells`: each month of a unit is parted from left to right."""
    shapes: dict[Became, list[str]] = {what: [] for what in Became}
    for row, group in enumerate(heat.groups):
        for column, month in enumerate(group.months):
            left = float(column)
            for what, share in month.shares:
                shapes[what].append(_rectangle(left, row + 0.06, _WIDE * share, 0.88))
                left += _WIDE * share
    lines = len(heat.groups)
    return _svg("cells", title, size=(len(heat.months), lines), pixels=height(lines), shapes=shapes)


def shares(heat: Heat, *, title: str) -> Markup:
    """Return bars as SVG, one a month above its column of the map: of a hundred, how many met or did not."""
    shapes: dict[Became, list[str]] = {what: [] for what in Became}
    for column, month in enumerate(heat.months):
        top = 100.0
        for what in Became:
            high = 100 * month.counts[what] / month.due if month.counts[what] else 0
            top -= high
            if high:
                shapes[what].append(_rectangle(column, top, _WIDE, high))
    return _svg("shares", title, size=(len(heat.months), 100), pixels=72, shapes=shapes)


def height(lines: int) -> int:
    """Return how high a map of so many cells is, in CSS pixels."""
    return lines * max(2, min(24, _TALLEST // lines)) if lines else 0


def _rectangle(left: float, top: float, wide: float, high: float) -> str:
    return f"M{left:.4g} {top:.4g}h{wide:.4g}v{high:.4g}h-{wide:.4g}z"


def _svg(
    kind: str, title: str, *, size: tuple[int, int], pixels: int, shapes: Mapping[Became, list[str]]
) -> Markup:
    paths = Markup().join(
        Markup('<path class="{}" d="{}"/>').format(what, "".join(its)) for what, its in shapes.items() if its
    )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' width="{}" height="{}" preserveAspectRatio="none">{}</svg>'
    ).format(kind, title, *size, size[0], pixels, paths)
