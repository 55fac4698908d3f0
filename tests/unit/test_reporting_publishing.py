"""What goes outside of a frozen month: counts as they are, and none that is small, also beside the months before."""

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.statistics_public import COLUMNS, MEMBERS, public_form
from contracts.suppression import is_small
from services.reporting.snapshots.domain import Revision, Terms
from services.reporting.snapshots.publishing import frozen

ID = UUID(int=5)
CELL_TYPES = {"K.1": "grassroots_committee"} | dict.fromkeys(("K.2", "K.3", "K.4"), "grassroots_cell")


@st.composite
def figures(draw: st.DrawFn):
    below = {}
    for unit in CELL_TYPES:
        members = draw(st.integers(0, 20))
        below[unit] = {measure: draw(st.integers(0, members)) for measure in COLUMNS} | {MEMBERS: members}
    whole = {measure: sum(row[measure] for row in below.values()) for measure in COLUMNS}
    extra = {"members.women_rate": 12.5, "movement.in": 3, "units.grassroots_cells": 3}
    return {"whole": whole | extra, "below": below, "types": CELL_TYPES}


def event(month: int, number: int, content, former, past):
    terms = Terms(UUID(int=month), "K", date(2020, month, 1), date(2020, month, 28))
    at = datetime(2021, 1, 1, tzinfo=UTC)
    unit = {"code": "K", "name": "Đảng bộ Khối", "type": "bloc"}
    return frozen(ID, terms, Revision(number, unit, at, {}, {}, content, [], b"", b"\1" * 32), former, past)


@settings(max_examples=60, deadline=None)
@given(st.lists(figures(), min_size=1, max_size=4))
def test_nothing_small_goes_outside_and_the_rest_goes_as_it_is(months):
    past = []
    for number, content in enumerate(months, 1):
        past.append(event(number, 1, content, None, past))
        told = public_form(past[-1])
        whole = {figure.measure: figure.value for figure in told.whole}
        assert whole.keys() <= COLUMNS.keys() | {"units.grassroots_cells"}
        assert all(content["whole"][measure] == value for measure, value in whole.items())
        withheld = {(each.unit, each.measure) for each in told.withheld}
        for row in told.below:
            counts = {figure.measure: figure.value for figure in row.counts}
            for measure in COLUMNS:
                count, members = content["below"][row.unit][measure], content["below"][row.unit][MEMBERS]
                assert (measure in counts) == ((row.unit, measure) not in withheld)
                if measure in counts:
                    assert counts[measure] == count
                    assert not is_small(count, None if measure == MEMBERS else members)
        if len(past) > 1:
            before = {(each.unit, each.measure) for each in past[-2].withheld if each.unit}
            assert {cell for cell in before if cell[1] in past[-2].small} <= withheld


ROW = dict.fromkeys(COLUMNS, 9) | {MEMBERS: 30}


def content(**women):
    """Figures in which three cells have so many women, and nothing else is small."""
    below = {f"K.{number}": ROW | {"members.women": women.get(f"k{number}", 9)} for number in (2, 3, 4)}
    whole = {measure: sum(row[measure] for row in below.values()) for measure in COLUMNS}
    return {"whole": whole, "below": below, "types": {}}


def women_withheld(told) -> set[str | None]:
    return {each.unit for each in told.withheld if each.measure == "members.women"}


def test_what_the_month_before_hid_stays_hidden_though_an_older_one_was_restated_in_between():
    past = [event(9, 1, content(), None, [])]
    past.append(event(10, 1, content(k2=3), None, past))
    past.append(event(9, 2, content(k4=10), None, past))
    past.append(event(9, 3, content(k4=11), None, past))  # nothing small any more, here or in what it follows
    assert women_withheld(event(11, 1, content(), None, past)) == {"K.2", "K.3"}


def test_a_restated_month_shows_nothing_that_the_month_after_it_hides():
    past = [event(9, 1, content(), None, [])]
    past.append(event(10, 1, content(k2=3), None, past))
    past.append(event(12, 1, content(), None, past))
    past.append(event(12, 2, content(k4=10), None, past))
    assert women_withheld(event(9, 2, content(k4=10), None, past)) == {"K.2", "K.3"}


def test_a_revision_says_what_changed_of_what_is_told():
    row = dict.fromkeys(COLUMNS, 6) | {MEMBERS: 20}
    whole = dict.fromkeys(COLUMNS, 24) | {MEMBERS: 80}
    content = {"whole": whole, "below": dict.fromkeys(CELL_TYPES, row), "types": {}}
    first = event(1, 1, content, None, [])
    former = Revision(1, None, datetime(2021, 1, 1, tzinfo=UTC), {}, {}, content, [], b"", b"")
    changed = {**content, "whole": content["whole"] | {"members.women": 25}}
    second = event(1, 2, changed, former, [first])
    assert (public_form(first).changed, public_form(second).changed) == ((), ("members.women",))
    assert second.withheld == ()
