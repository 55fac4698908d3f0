"""Which counts of a table are not published because they are small, and which others to keep these unknown. Pure.

A table is of one unit with a committee and one month: a row for each unit directly below, counts in columns. `base`
is the column of all persons; every other counts some of them. Small is a count of 1 to 4 persons, and as small are
the 1 to 4 persons whom a column leaves out of its row (one man among women). Nobody is not small: 0 is nobody's
data.

- A small count is hidden, in the row and in the whole.
- A row hidden in `base` is hidden in every column.
- Of a column in which something is hidden at least two rows are, and they come to five persons or more, as far as
  there are rows to hide: the smallest ones first, never a row that another table shows as its whole
  (`told_elsewhere`), nor an empty one beside a total that is shown. Where one stays alone, the whole is hidden.
  Beside a small count a row that another table shows, though it is hidden here still, counts for none of these.
- What was hidden in the table before stays hidden if something there was small: else a row that comes back would
  tell, by the same sum as last month, what stands beside it.

The claim, which tests/unit/test_suppression.py proves case by case. A reader who knows every number published, that
rows add up to the whole, and that no column is below 0 or above `base`, finds for each small count of the table at
least two numbers that it may be (1). The same holds of two tables, one after the other, for a reader who also knows
that nothing hidden in either has changed in between (2), and for one who knows the rows that other tables show (3).
Not claimed: that a reader who knows this rule itself, or somebody in the unit, cannot narrow it down further; what
the whole of a committee tells of the only unit below it; and what two months tell of somebody of whom it is known
that they came or went in between: two large counts may differ by one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

SMALLEST_SHOWN: Final = 5
"""Counts of persons under this are not published."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is left out of a table."""

    cells: frozenset[tuple[str, str]]
    """Rows and columns."""
    wholes: frozenset[str]
    """Columns of which the whole is left out."""
    small: frozenset[str]
    """Columns in which something is small: what is hidden of them stays so in the next table."""


NOTHING: Final = Hidden(frozenset(), frozenset(), frozenset())


def is_small(count: int, base: int | None = None) -> bool:
    """Return whether a count is of 1 to 4 persons, or leaves out so many of its base."""
    return 0 < count < SMALLEST_SHOWN or (base is not None and 0 < base - count < SMALLEST_SHOWN)


def suppress(
    rows: Mapping[str, Counts],
    whole: Counts,
    *,
    base: str,
    told_elsewhere: Collection[str] = (),
    before: Hidden = NOTHING,
) -> Hidden:
    """Return what is to be left out of a table, the one before it being `before`."""
    columns = [base, *(column for column in whole if column != base)]
    cells: set[tuple[str, str]] = set()
    wholes: set[str] = set()
    small: set[str] = set()
    gone: set[str] = set()
    # Rows that are in doubt by themselves: another table does not show them as its whole.
    doubted = {row for row in rows if row not in told_elsewhere or _is_small(rows[row], base, base)}
    for column in columns:
        mine = {row for row in rows if _is_small(rows[row], column, base)}
        if mine or _is_small(whole, column, base):
            small.add(column)
        hidden = mine | gone
        if column in before.small:
            hidden |= {row for row in rows if (row, column) in before.cells}
        candidates = [
            row
            for row in _smallest_first(rows, column)
            if row not in hidden and row not in told_elsewhere and (column == base or rows[row][base] > 0)
        ]
        # Where nothing is small, what was hidden stays so for the sake of the table before, in which it was in doubt.
        cover = hidden & (doubted | mine) if mine else set(hidden)
        if column != base:
            cover -= {row for row in cover if rows[row][base] == 0}
        while hidden and candidates and not _is_group(cover, rows, column):
            hidden.add(candidates[0])
            cover.add(candidates.pop(0))
        if column == base:
            gone = hidden
        if len(cover) == 1 or _is_small(whole, column, base) or (column in before.small & before.wholes):
            wholes.add(column)
        cells |= {(row, column) for row in hidden}
    if base in wholes:
        wholes |= set(columns)
        cells |= {(row, column) for row in rows for column in columns}
    return Hidden(frozenset(cells), frozenset(wholes), frozenset(small))


def _is_small(counts: Counts, column: str, base: str) -> bool:
    return is_small(counts[column], None if column == base else counts[base])


def _smallest_first(rows: Mapping[str, Counts], column: str) -> Iterable[str]:
    return sorted(rows, key=lambda row: (rows[row][column], row))


def _is_group(hidden: Collection[str], rows: Mapping[str, Counts], column: str) -> bool:
    return len(hidden) >= 2 and sum(rows[row][column] for row in hidden) >= SMALLEST_SHOWN
