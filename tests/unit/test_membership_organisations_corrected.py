"""Corrections of what is recorded of a unit: told anew, it is as if it had been recorded so in the first place."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.membership import OrganisationFactKind, OrganisationRenamed, OrganisationType
from services.membership.domain import DomainError, Organisation
from services.membership.organisation_corrections import (
    Stay,
)
from tests.dated_trees import CELL, B, World, commands, corrections, fix, moves_that_fit, on, withdraw, world


def refused(decide, *arguments, **named) -> list[str]:
    with pytest.raises(DomainError) as raised:
        decide(*arguments, **named)
    for fault in raised.value.faults:
        assert "{" not in fault.message + fault.message_en
    return [fault.code for fault in raised.value.faults]


def life(of: Organisation) -> tuple:
    """What a unit is from day to day, whatever was recorded."""
    states = [
        (state.since, state.name, state.type, state.parent_code)
        for before, state in zip((None, *of.states), of.states, strict=False)
        if before is None or replace(before, since=state.since) != state
    ]
    return states, of.established_on, of.dissolved_on


def test_a_unit_was_founded_on_another_day_under_another_name_elsewhere():
    here = World()
    event = here.correct("C", fix(1, 3, name="Tên đúng", parent_code="B"))
    assert life(here.tree["C"]) == ([(on(3), "Tên đúng", CELL.type, "B")], on(3), None)
    assert (event.corrects, event.fact.kind, event.effective_date) == (
        1,
        OrganisationFactKind.ESTABLISHED,
        on(0),
    )
    assert [(step.effective_date, step.before) for step in event.retracted] == [(on(0), None)]
    assert [(step.effective_date, step.after.parent_id) for step in event.stated] == [(on(3), B.id)]
    assert [(name.effective_date, name.name) for name in event.names_retracted] == [(on(0), "Đơn vị C")]
    assert [(name.effective_date, name.name) for name in event.names_stated] == [(on(3), "Tên đúng")]
    assert here.tree["C"].version == 2
    again = here.correct("C", fix(2, 4))
    assert [step.effective_date for step in again.retracted] == [on(3)]
    assert refused(here.decide, "C", fix(1, 5)) == ["fact-replaced"]


def test_a_dissolution_that_never_was_is_withdrawn():
    here = World()
    here.do("dissolve", "C", 20)
    event = here.correct("C", withdraw(2))
    assert here.tree["C"].dissolved_on is None
    assert (event.fact, event.corrects) == (None, 2)
    assert ([step.after for step in event.retracted], event.stated) == ([None], ())
    assert refused(here.decide, "C", withdraw(2)) == ["fact-withdrawn"]
    assert here.do("dissolve", "C", 30)
    here.correct("C", fix(4, 25))
    assert here.tree["C"].dissolved_on == on(25)


def test_a_name_that_never_was_is_taken_back_and_the_next_holds():
    here = World()
    here.do("rename", "C", 10, "Hai")
    here.do("rename", "C", 20, "Ba")
    event = here.correct("C", withdraw(2))
    assert [here.tree["C"].on(on(day)).name for day in (9, 10, 19, 20)] == ["Đơn vị C"] * 3 + ["Ba"]
    assert ([name.name for name in event.names_retracted], event.names_stated) == (["Hai"], ())
    here.correct("C", fix(3, 15, name="Bốn"))
    assert [here.tree["C"].on(on(day)).name for day in (14, 15, 30)] == ["Đơn vị C", "Bốn", "Bốn"]


def test_a_move_or_an_upgrade_on_another_day_carries_what_follows():
    here = World(world())
    here.do("upgrade", "G", 20)
    here.do("move", "G", 30, "M", None)
    event = here.correct("G", fix(2, 35))
    types = {
        day: (here.tree["G"].on(on(day)).type.value, here.tree["G"].on(on(day)).parent_code)
        for day in (29, 30, 35)
    }
    assert types == {
        29: ("grassroots_cell", "K"),
        30: ("grassroots_cell", "M"),
        35: ("grassroots_committee", "M"),
    }
    assert {step.effective_date for step in event.retracted} == {on(20), on(30)}
    assert {step.effective_date for step in event.stated} == {on(30), on(35)}
    here.correct("G", withdraw(2 + 2))
    assert here.tree["G"].type is OrganisationType.GRASSROOTS_CELL


@pytest.mark.parametrize(
    ("code", "command", "codes"),
    [
        ("C", fix(9, 5), ["no-such-fact"]),
        ("C", fix(1), ["nothing-to-correct"]),
        ("C", fix(1, 0), ["nothing-to-correct"]),
        ("C", withdraw(1), ["establishment-stays"]),
        ("C", fix(1, name=""), ["value-missing"]),
        ("C", fix(2, parent_code="B"), ["not-of-this-fact"]),
        ("C", fix(1, parent_code="Q"), ["unknown-parent"]),
        ("C", fix(1, parent_code="G"), ["parent-type-on-day"]),
        ("C", fix(1, parent_code="K"), ["parent-type-on-day"]),
        ("C", fix(1, 10), ["changed-before-establishment"]),
        ("C", fix(2, 0), ["changed-before-establishment"]),
        ("C", fix(2, 40), ["changed-after-dissolution"]),
        ("C", fix(3, 10), ["changed-after-dissolution"]),
        ("C", fix(3, 0), ["dissolved-before-established"]),
        ("G", fix(1, type=OrganisationType.GRASSROOTS_COMMITTEE), ["not-upgradable"]),
        ("A", fix(1, 1), ["child-in-the-way"]),
        ("A", fix(1, type=OrganisationType.GRASSROOTS_CELL), ["child-type-on-day"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_what_is_in_the_way_named(code, command, codes):
    here = World()
    here.do("rename", "C", 10, "Hai")
    here.do("dissolve", "C", 40)
    here.do("upgrade", "G", 20)
    assert refused(here.decide, code, command) == codes


def test_two_changes_of_one_kind_are_not_of_one_day():
    here = World()
    here.do("rename", "C", 10, "Hai")
    here.do("rename", "C", 20, "Ba")
    assert refused(here.decide, "C", fix(3, 10)) == ["changed-that-day"]


def test_what_was_withdrawn_with_a_parent_that_is_gone_is_refused():
    here = World()
    here.do("move", "C", 10, "B", None)
    here.do("dissolve", "A", 15)
    assert refused(here.decide, "C", withdraw(2)) == ["parent-no-longer-there"]


def test_members_and_seats_of_days_without_the_unit_are_in_the_way():
    here = World()
    stay = [Stay(on(2), on(6))]
    for named in ({"members": stay}, {"seats": stay}):
        [code] = refused(here.decide, "C", fix(1, 3), **named)
        assert code in {"members-then", "seats-then"}
        assert here.decide("C", fix(1, 2), **named)
        assert here.decide("C", fix(1, -9), **named)
    here.do("upgrade", "G", 20)
    assert refused(here.decide, "G", fix(2, 10), members=[Stay(on(1), on(20))]) == ["members-then"]
    assert here.decide("G", fix(2, 20, document=None, decision_date=on(1)), members=[Stay(on(1), on(20))])


@given(st.lists(moves_that_fit | commands, max_size=12))
@settings(deadline=None)
def test_the_facts_of_a_unit_come_to_what_was_decided_in_whatever_order_they_were_recorded(asked):
    here = World(world())
    for one in asked:
        here.do(*one)
    for code, of in here.tree.items():
        assert life(here.retold(code)) == life(of)


@given(
    st.lists(moves_that_fit | commands, max_size=8),
    st.lists(corrections, min_size=1, max_size=5),
    st.lists(moves_that_fit, max_size=3),
)
@settings(deadline=None)
def test_signed_steps_and_names_come_to_the_unit_as_it_is_told(asked, corrected, later):
    """Whatever was corrected, the sum of all steps is what is true, and nothing of the tree is impossible."""
    here = World(world())
    for one in asked:
        here.do(*one)
    for code, change in corrected:
        if not here.put_right(code, change):
            continue
        for one in later:
            here.do(*one)
    for code, of in here.tree.items():
        assert life(here.retold(code)) == life(of)
        for day in range(-3, 47):
            there = of.established_on <= on(day) and (of.dissolved_on is None or on(day) < of.dissolved_on)
            expected = Counter({of.on(on(day)).counted: 1} if there else {})
            assert (
                Counter({side: n for side, n in summed(here.events[code], on(day)).items() if n}) == expected
            )


def summed(events, day) -> Counter:
    """What a reader comes to that adds up signed steps."""
    found: Counter = Counter()
    for event in events:
        own = [] if hasattr(event, "corrects") or isinstance(event, OrganisationRenamed) else [event]
        for sign, steps in (
            (1, [*own, *getattr(event, "stated", ())]),
            (-1, getattr(event, "retracted", ())),
        ):
            for step in steps:
                if step.effective_date <= day:
                    for delta, side in ((-1, step.before), (1, step.after)):
                        if side is not None:
                            found[side] += sign * delta
    return found
