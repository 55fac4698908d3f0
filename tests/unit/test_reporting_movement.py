from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import Cause
from services.reporting.movement import (
    CAUSES,
    CODES,
    IN_REASONS,
    OUT_REASONS,
    WITHIN_REASONS,
    Line,
    Way,
    movement_of,
)

lines = st.lists(
    st.builds(
        Line, st.sampled_from(Way), st.sampled_from(Cause), st.integers(-3, 9), st.integers(0, 9)
    )
)  # fmt: skip


def test_each_cause_keeps_the_number_that_is_stored():
    assert CAUSES == (
        "admitted", "received", "restored", "confirmed", "profile", "transfer", "merger", "split", "upgrade",
        "transferred_out", "resigned", "removed", "expelled", "died", "unstated",
    )  # fmt: skip
    assert set(CAUSES) == set(Cause)
    assert [CODES[cause] for cause in CAUSES] == list(range(len(CAUSES)))


def test_every_reason_has_its_line_and_those_removed_on_probation_are_told():
    moved = movement_of(
        [
            Line(Way.IN, Cause.ADMITTED, 3, 3),
            Line(Way.OUT, Cause.REMOVED, 2, 1),
            Line(Way.OUT, Cause.DIED, 1, 1),
            Line(Way.WITHIN, Cause.CONFIRMED, 4, 0),
        ],
        opening=10, closing=14, moved_in=5, moved_out=1,
    )  # fmt: skip
    assert moved.came.by_reason == dict.fromkeys(IN_REASONS, 0) | {"admitted": 3, "unit_moved_in": 5}
    assert moved.went.by_reason == dict.fromkeys(OUT_REASONS, 0) | {
        "removed": 2,
        "died": 1,
        "unit_moved_out": 1,
    }
    assert moved.within == dict.fromkeys(WITHIN_REASONS, 0) | {"confirmed": 4}
    assert (moved.opening, moved.came.total, moved.went.total, moved.closing) == (10, 8, 4, 14)
    assert moved.went.removed_on_probation == 1
    assert not moved.is_empty


@given(lines, st.integers(0, 9), st.integers(0, 9))
def test_nothing_is_lost_whatever_the_way_and_the_cause(found, moved_in, moved_out):
    moved = movement_of(found, moved_in=moved_in, moved_out=moved_out)
    assert moved.came.total == moved_in + sum(line.count for line in found if line.way is Way.IN)
    assert moved.went.total == moved_out + sum(line.count for line in found if line.way is Way.OUT)
    assert sum(moved.within.values()) == sum(line.count for line in found if line.way is Way.WITHIN)
    for total, reasons in (
        (moved.came.total, moved.came.by_reason),
        (moved.went.total, moved.went.by_reason),
    ):
        assert total == sum(reasons.values())


def test_nobody_and_nothing_is_empty():
    assert movement_of([]).is_empty
    assert not movement_of([], opening=1, moved_out=1).is_empty
    assert not movement_of([Line(Way.WITHIN, Cause.PROFILE, 1, 0)], closing=0).is_empty
