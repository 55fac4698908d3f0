"""Movement of members (biến động đảng viên): opening + in - out = closing, by reason. Pure.

Over a period, from its first day to its last:

- `opening` is how many counted on the day before the first, `closing` how many count on the last;
- a member's step on a day is `in` where only what they count as after it lies within the unit on that day, `out`
  where only what they counted as before it does, and `within` where both do: neither in nor out;
- a cell that comes to hang within the unit brings in those who counted in it the day before, as `unit_moved_in`,
  and takes them out by `unit_moved_out`; its own steps of that day are judged by where it hangs then.

A step that was taken back counts -1 of what it counted before, so what was restated comes to what is true.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.membership import Cause

CAUSES: Final = (
    Cause.ADMITTED,
    Cause.RECEIVED,
    Cause.RESTORED,
    Cause.CONFIRMED,
    Cause.PROFILE,
    Cause.TRANSFER,
    Cause.MERGER,
    Cause.SPLIT,
    Cause.UPGRADE,
    Cause.TRANSFERRED_OUT,
    Cause.RESIGNED,
    Cause.REMOVED,
    Cause.EXPELLED,
    Cause.DIED,
    Cause.UNSTATED,
)
"""Causes by the number that is stored of them: their place here. New ones come last."""
CODES: Final[Mapping[str, int]] = {cause: code for code, cause in enumerate(CAUSES)}
"""The number of each cause."""

UNIT_MOVED_IN: Final = "unit_moved_in"
UNIT_MOVED_OUT: Final = "unit_moved_out"

_BETWEEN: Final = (Cause.TRANSFER, Cause.MERGER, Cause.SPLIT, Cause.UPGRADE)
IN_REASONS: Final[tuple[str, ...]] = (
    Cause.ADMITTED, Cause.RECEIVED, Cause.RESTORED, *_BETWEEN, UNIT_MOVED_IN,
)  # fmt: skip
"""Ways in, in the order of party reports (DOMAIN: report tables in use), then those from cell to cell."""
OUT_REASONS: Final[tuple[str, ...]] = (
    Cause.DIED, Cause.EXPELLED, Cause.REMOVED, Cause.RESIGNED, Cause.TRANSFERRED_OUT, Cause.UNSTATED, *_BETWEEN,
    UNIT_MOVED_OUT,
)  # fmt: skip
"""Ways out, in the same order."""
WITHIN_REASONS: Final[tuple[str, ...]] = (Cause.CONFIRMED, *_BETWEEN, Cause.PROFILE)
"""What changes nothing in the number."""


class Way(StrEnum):
    """Where a step leads, seen from a unit."""

    IN = "in"
    OUT = "out"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Line:
    """Steps alike: how many, less those taken back, and how many of them were of members then on probation."""

    way: Way
    cause: Cause
    count: int
    on_probation: int


@dataclass(frozen=True, slots=True)
class Came:
    """How many came in, and by which reason."""

    total: int
    by_reason: dict[str, int]
    """Every way in, with 0 where nobody came by it."""


@dataclass(frozen=True, slots=True)
class Went:
    """How many went out, and by which reason."""

    total: int
    by_reason: dict[str, int]
    """Every way out, with 0 where nobody went by it."""
    removed_on_probation: int
    """Of those removed (xóa tên): who were on probation."""


@dataclass(frozen=True, slots=True)
class Movement:
    """How the number of members became another: opening + came.total - went.total = closing."""

    opening: int
    came: Came
    went: Went
    within: dict[str, int]
    """Steps that lead neither in nor out: confirmations, moves from cell to cell, changes of profile."""
    closing: int

    @property
    def is_empty(self) -> bool:
        """Whether there was nobody and nothing happened."""
        counts = (*self.came.by_reason.values(), *self.went.by_reason.values(), *self.within.values())
        return not (self.opening or self.closing or any(counts))


def movement_of(
    lines: Iterable[Line], *, opening: int = 0, closing: int = 0, moved_in: int = 0, moved_out: int = 0
) -> Movement:
    """Return the movement that these steps come to, with those who came and went with their whole cell."""
    counts: dict[Way, Counter[str]] = {
        Way.IN: Counter(dict.fromkeys(IN_REASONS, 0) | {UNIT_MOVED_IN: moved_in}),
        Way.OUT: Counter(dict.fromkeys(OUT_REASONS, 0) | {UNIT_MOVED_OUT: moved_out}),
        Way.WITHIN: Counter(dict.fromkeys(WITHIN_REASONS, 0)),
    }
    removed_on_probation = 0
    for line in lines:
        counts[line.way][line.cause] += line.count
        if line.way is Way.OUT and line.cause is Cause.REMOVED:
            removed_on_probation += line.on_probation
    came, went = ({str(reason): count for reason, count in counts[way].items()} for way in (Way.IN, Way.OUT))
    return Movement(
        opening=opening,
        came=Came(sum(came.values()), came),
        went=Went(sum(went.values()), went, removed_on_probation),
        within={str(reason): count for reason, count in counts[Way.WITHIN].items()},
        closing=closing,
    )
