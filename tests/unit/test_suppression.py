"""No small count can be computed from what is published: for each an other number is shown that fits as well."""

import itertools

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from contracts.suppression import NOTHING, Hidden, is_small, suppress

BASE, PART = "members", "women"
ROWS = ("a", "b", "c", "d")


@st.composite
def tables(draw: st.DrawFn):
    rows = {}
    for row in ROWS[: draw(st.integers(1, 4))]:
        base = draw(st.one_of(st.integers(0, 7), st.integers(0, 30)))
        rows[row] = {BASE: base, PART: draw(st.one_of(st.integers(0, min(base, 6)), st.integers(0, base)))}
    return rows


def whole_of(rows):
    return {column: sum(counts[column] for counts in rows.values()) for column in (BASE, PART)}


def hidden_of(rows, before=NOTHING, told_elsewhere=()):
    return suppress(rows, whole_of(rows), base=BASE, before=before, told_elsewhere=told_elsewhere)


def published(rows, hidden: Hidden):
    """What a reader sees: numbers, and where there is none."""
    cells = {(row, column): rows[row][column] for row in rows for column in (BASE, PART)}
    whole = whole_of(rows)
    return (
        {cell: None if cell in hidden.cells else count for cell, count in cells.items()},
        {column: None if column in hidden.wholes else whole[column] for column in whole},
    )


def is_possible(rows) -> bool:
    return all(0 <= counts[PART] <= counts[BASE] for counts in rows.values())


def steps(rows):
    """Ways in which a column may be another: not at all, a person in another row, one more or one less."""
    yield {}
    for one in rows:
        yield {one: 1}
        yield {one: -1}
        for other in rows:
            if other != one:
                yield {one: 1, other: -1}


def worlds(rows):
    """Tables a step away in both columns."""
    for base, part in itertools.product(list(steps(rows)), repeat=2):
        world = {
            row: {BASE: counts[BASE] + base.get(row, 0), PART: counts[PART] + part.get(row, 0)}
            for row, counts in rows.items()
        }
        if is_possible(world):
            yield world


QUANTITIES = {
    BASE: lambda counts: counts[BASE],
    PART: lambda counts: counts[PART],
    "the others": lambda counts: counts[BASE] - counts[PART],
}


def is_ambiguous(rows, row, quantity, hidden) -> bool:
    seen, of = published(rows, hidden), QUANTITIES[quantity]
    return any(of(world[row]) != of(rows[row]) and published(world, hidden) == seen for world in worlds(rows))


def small_counts(rows):
    for row, counts in rows.items():
        for quantity, of in QUANTITIES.items():
            if is_small(of(counts)):
                yield row, quantity


def small_cells(rows):
    return {(row, BASE if quantity == BASE else PART) for row, quantity in small_counts(rows)}


@settings(max_examples=150, deadline=None)
@given(tables())
@example({"a": {BASE: 3, PART: 1}, "b": {BASE: 9, PART: 5}})
@example({"a": {BASE: 12, PART: 3}, "b": {BASE: 0, PART: 0}, "c": {BASE: 20, PART: 20}})
@example({"a": {BASE: 12, PART: 12}, "b": {BASE: 12, PART: 11}})
def test_a_small_count_may_always_be_another(rows):
    hidden = hidden_of(rows)
    assert small_cells(rows) <= hidden.cells
    for count in small_counts(rows):
        assert is_ambiguous(rows, *count, hidden), count


@settings(max_examples=150, deadline=None)
@given(tables(), st.sets(st.sampled_from(ROWS)))
def test_rows_that_other_tables_tell_are_hidden_only_where_they_are_small(rows, told):
    hidden = hidden_of(rows, told_elsewhere=told)
    small = small_cells(rows)
    base_hidden = {row for row, column in small if column == BASE}
    if BASE not in hidden.wholes:
        for row, column in hidden.cells:
            assert row not in told or (row, column) in small or row in base_hidden
    for count in small_counts(rows):
        assert is_ambiguous(rows, *count, hidden), count


@settings(max_examples=150, deadline=None)
@given(tables(), tables())
def test_two_tables_after_one_another_tell_no_more_of_what_stayed_the_same(rows, other):
    first = hidden_of(rows)
    # What is hidden in the first stays as it is; what is shown may change in any way.
    later = {
        row: counts if any((row, column) in first.cells for column in counts) else other.get(row, counts)
        for row, counts in rows.items()
    }
    second = hidden_of(later, before=first)
    hidden = first.cells | second.cells
    assume(all(rows[row][column] == later[row][column] for row, column in hidden))
    assert small_cells(rows) <= second.cells
    # In both months the same world, so what is another must be hidden in both.
    both = Hidden(first.cells & second.cells, first.wholes & second.wholes, frozenset())
    for count in small_counts(rows):
        assert is_ambiguous(rows, *count, both), count


def test_what_is_large_is_told():
    rows = {"a": {BASE: 12, PART: 6}, "b": {BASE: 20, PART: 0}}
    assert hidden_of(rows) == NOTHING


def test_a_row_comes_back_when_nothing_was_small_in_the_table_before():
    small = {"a": {BASE: 4, PART: 0}, "b": {BASE: 9, PART: 0}, "c": {BASE: 30, PART: 0}}
    grown = {**small, "a": {BASE: 9, PART: 0}}
    first = hidden_of(small)
    second = hidden_of(grown, before=first)
    assert {row for row, column in second.cells if column == BASE} == {"a", "b"}
    assert hidden_of(grown, before=second).cells == frozenset()


@settings(max_examples=150, deadline=None)
@given(tables(), tables(), st.sets(st.sampled_from(ROWS)))
@example(
    {"a": {BASE: 20, PART: 6}, "b": {BASE: 20, PART: 2}, "c": {BASE: 40, PART: 20}},
    {"a": {BASE: 20, PART: 3}, "b": {BASE: 20, PART: 9}, "c": {BASE: 40, PART: 20}},
    {"a"},
)
@example(
    {"a": {BASE: 10, PART: 5}, "b": {BASE: 0, PART: 0}, "c": {BASE: 5, PART: 1}, "d": {BASE: 5, PART: 0}},
    {"a": {BASE: 3, PART: 0}, "b": {BASE: 3, PART: 0}, "c": {BASE: 5, PART: 1}, "d": {BASE: 5, PART: 0}},
    {"a", "d"},
)
def test_a_row_that_another_table_tells_hides_no_small_one_beside_it(rows, earlier, told):
    """What was hidden before may stay hidden here while the row's own table shows it again as its whole."""
    first = hidden_of({row: earlier.get(row, counts) for row, counts in rows.items()}, told_elsewhere=told)
    hidden = hidden_of(rows, before=first, told_elsewhere=told)
    small = small_cells(rows)
    shown_elsewhere = {
        (row, column)
        for row, column in hidden.cells
        if row in told and not {(row, column), (row, BASE)} & small
    }
    known = Hidden(hidden.cells - shown_elsewhere, hidden.wholes, frozenset())
    for count in small_counts(rows):
        assert is_ambiguous(rows, *count, known), count
