"""Dated changes of units: what is refused, what events say, and that the order of recording does not matter."""

from collections import Counter
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import (
    DocumentRef,
    OrganisationEstablished,
    OrganisationMove,
    OrganisationState,
    OrganisationType,
)
from services.membership import domain
from services.membership.domain import PARENT_TYPES, DissolveOrganisation, DomainError, Organisation
from services.membership.organisations import (
    ReparentOrganisation,
    UpgradeOrganisation,
    change_warnings,
    decide_renaming,
    decide_reparenting,
    decide_upgrade,
    dissolution_warnings,
)
from tests.dated_trees import (
    BLOC,
    CELL,
    GRASSROOTS_CELL,
    TREE,
    A,
    B,
    commands,
    dissolved,
    kin,
    move,
    moves_that_fit,
    on,
    rename,
    renamed,
    run,
    unit,
    upgrade,
    world,
)


def refused(decide, *arguments, **named) -> list[str]:
    with pytest.raises(DomainError) as raised:
        decide(*arguments, **named)
    for fault in raised.value.faults:
        assert "{" not in fault.message + fault.message_en
    return [fault.code for fault in raised.value.faults]


def names(of: Organisation, *days: int) -> list[str]:
    return [of.on(on(day)).name for day in days]


def test_a_name_holds_from_its_day_until_the_next_however_late_it_is_recorded():
    late = renamed(renamed(CELL, "Ba", 30), "Hai", 20)
    in_time = renamed(renamed(CELL, "Hai", 20), "Ba", 30)
    assert late.states == in_time.states
    assert names(late, -5, 19, 20, 29, 30, 99) == ["Đơn vị C", "Đơn vị C", "Hai", "Hai", "Ba", "Ba"]
    assert (late.name, late.version) == ("Ba", 3)
    event = decide_renaming(renamed(CELL, "Ba", 30), rename("Hai", 20)).event
    assert (event.name_before, event.name, event.code) == ("Đơn vị C", "Hai", "C")


def test_a_change_recorded_before_a_known_one_says_until_when_it_holds():
    known = renamed(CELL, "Ba", 30)
    [warning] = change_warnings(known, rename("Hai", 20))
    assert warning.code == "holds-until"
    assert f"{on(30):%d/%m/%Y}" in warning.message
    assert change_warnings(known, rename("Bốn", 40)) == []
    moved = ReparentOrganisation(parent_code="B", effective_date=on(20))
    assert change_warnings(known, moved) == []


def test_what_ordered_a_change_is_in_its_event():
    document = DocumentRef(number="41-QĐ/ĐUK", date=on(5))
    asked = replace(rename("Hai", 20), document=document, decision_date=on(5))
    event = decide_renaming(CELL, asked).event
    assert (event.document, event.decision_date) == (document, on(5))
    for decided in (
        domain.decide_dissolution(CELL, DissolveOrganisation(dissolved_on=on(9), document=document)),
        decide_reparenting(
            CELL,
            ReparentOrganisation(parent_code="B", effective_date=on(9), document=document),
            kin(CELL, TREE),
        ),
        decide_upgrade(
            GRASSROOTS_CELL,
            UpgradeOrganisation(effective_date=on(9), document=document),
            kin(GRASSROOTS_CELL, TREE),
            members=0,
        ),
    ):
        assert decided.event.document == document


@pytest.mark.parametrize(
    ("of", "name", "day", "codes"),
    [
        (CELL, "", 5, ["value-missing"]),
        (CELL, "x" * 301, 5, ["too-long"]),
        (CELL, "Hai", 0, ["changed-before-establishment"]),
        (CELL, "Hai", -1, ["changed-before-establishment"]),
        (dissolved(CELL, 50), "Hai", 50, ["already-dissolved"]),
        (CELL, "Đơn vị C", 5, ["nothing-changes"]),
        (renamed(CELL, "Hai", 20), "Hai", 25, ["nothing-changes"]),
        (renamed(CELL, "Hai", 20), "Ba", 20, ["changed-that-day"]),
        (renamed(CELL, "Hai", 20), "Hai", 20, ["changed-that-day"]),
        (renamed(CELL, "Hai", 20), "Hai", 10, ["changes-later"]),
    ],
)
def test_a_name_that_is_none_or_of_a_day_outside_the_units_life_is_refused(of, name, day, codes):
    assert refused(decide_renaming, of, rename(name, day)) == codes


def test_the_last_day_of_a_unit_may_still_see_a_change():
    assert names(renamed(dissolved(CELL, 50), "Hai", 49), 48, 49, 60) == ["Đơn vị C", "Hai", "Hai"]


def test_a_unit_cannot_end_before_what_is_known_of_it():
    for known in (renamed(CELL, "Hai", 20), move(CELL, "B", 20).state):
        for day in (19, 20):
            assert refused(dissolved, known, day) == ["changed-after-dissolution"]
        assert dissolved(known, 21).dissolved_on == on(21)


def test_what_a_dissolved_unit_leaves_behind_is_warned_of():
    ended = dissolved(A, 30)
    stays, gone = unit("S", "subordinate_cell", A), dissolved(unit("T", "subordinate_cell", A), 30)
    moved, many = (
        move(CELL, "B", 30).state,
        [unit(f"C{number}", "subordinate_cell", A) for number in range(6)],
    )
    [warning] = dissolution_warnings(ended, [gone, stays, moved], 0)
    assert (warning.code, warning.parameters["codes"]) == ("dissolved-above-units", "“S”")
    assert dissolution_warnings(ended, [gone, moved], 0) == []
    [warning] = dissolution_warnings(ended, many, 0)
    assert (warning.parameters["count"], warning.message.count("“C")) == (6, 5)
    [warning] = dissolution_warnings(ended, [], 3)
    assert "3 đảng viên" in warning.message
    assert dissolution_warnings(A, many, 3) == []


def test_a_move_says_where_from_and_where_to():
    decided = move(CELL, "B", 20)
    assert [decided.state.on(on(day)).parent_code for day in (0, 19, 20)] == ["A", "A", "B"]
    assert (decided.event.before.parent_id, decided.event.after.parent_id) == (A.id, B.id)
    assert (decided.event.retracted, decided.event.stated) == ((), ())


def test_a_move_recorded_late_takes_back_what_later_steps_said():
    known = dissolved(move(CELL, "B", 30).state, 50)
    third = unit("D", "grassroots_committee", BLOC)
    event = move(known, "D", 10, tree=(*TREE, third)).event
    [taken], [told] = event.retracted, event.stated
    assert (taken.effective_date, taken.before.parent_id, taken.after.parent_id) == (on(30), A.id, B.id)
    assert (told.effective_date, told.before.parent_id, told.after.parent_id) == (on(30), third.id, B.id)


def test_a_cell_that_comes_under_the_bloc_is_a_grassroots_cell_while_it_is_there():
    assert refused(move, CELL, "K", 20) == ["parent-type-on-day"]
    moved = move(CELL, "K", 20, "grassroots_cell").state
    back = move(moved, "B", 40, "subordinate_cell").state
    assert [(back.on(on(day)).type.value, back.on(on(day)).parent_code) for day in (19, 20, 40)] == [
        ("subordinate_cell", "A"), ("grassroots_cell", "K"), ("subordinate_cell", "B"),
    ]  # fmt: skip
    late = move(move(CELL, "B", 40).state, "K", 20, "grassroots_cell").state
    assert late.states == back.states
    assert refused(move, CELL, "K", 20, "grassroots_committee") == ["type-not-by-moving"]


ENDED = dissolved(B, 30)
LATE = unit("L", "grassroots_committee", BLOC, since=10)
LEADER = unit("X", "grassroots_cell", BLOC)


@pytest.mark.parametrize(
    ("of", "to", "day", "codes"),
    [
        (CELL, "Q", 5, ["unknown-parent"]),
        (CELL, "G", 5, ["parent-type-on-day"]),
        (CELL, "C", 5, ["parent-type-on-day"]),
        (A, "C", 5, ["parent-type-on-day"]),
        (BLOC, "A", 5, ["parent-not-allowed"]),
        (CELL, "A", 5, ["nothing-changes"]),
        (CELL, "L", 9, ["parent-not-yet-there"]),
        (CELL, "L", 0, ["changed-before-establishment"]),
        (CELL, "B", 30, ["parent-no-longer-there"]),
        (CELL, "B", 20, ["parent-no-longer-there"]),
        (dissolved(CELL, 31), "B", 20, ["parent-no-longer-there"]),
        (CELL, "X", 5, ["parent-type-on-day"]),
    ],
)
def test_a_move_that_makes_the_tree_impossible_on_some_day_is_refused(of, to, day, codes):
    tree = (BLOC, A, ENDED, CELL, GRASSROOTS_CELL, LATE, upgrade(LEADER, 10).state)
    assert refused(move, of, to, day, tree=tree) == codes


def test_a_move_to_where_the_tree_is_possible_all_the_while_is_done():
    tree = (BLOC, A, ENDED, CELL, LATE, upgrade(LEADER, 10).state)
    assert move(dissolved(CELL, 30), "B", 20, tree=tree).state.parent_code == "B"
    assert move(CELL, "L", 10, tree=tree).state.parent_code == "L"
    assert move(CELL, "X", 10, tree=tree).state.parent_code == "X"
    # Where it goes when the parent ends was recorded first.
    onward = move(CELL, "L", 30, tree=tree).state
    assert move(onward, "B", 20, tree=tree).state.on(on(29)).parent_code == "B"


def test_a_cell_is_upgraded_once_nobody_counts_there():
    assert refused(upgrade, GRASSROOTS_CELL, 20, members=3) == ["members-in-upgraded-cell"]
    decided = upgrade(GRASSROOTS_CELL, 20)
    assert [decided.state.on(on(day)).type.value for day in (19, 20)] == [
        "grassroots_cell", "grassroots_committee",
    ]  # fmt: skip
    assert (decided.event.before, decided.event.after) == (GRASSROOTS_CELL.counted, decided.state.counted)
    assert refused(upgrade, decided.state, 30) == ["not-upgradable"]
    assert refused(upgrade, decided.state, 20) == ["not-upgradable"]
    assert refused(upgrade, decided.state, 10) == ["changes-later"]
    for other in (BLOC, A, CELL):
        assert refused(upgrade, other, 20) == ["not-upgradable"]


def test_an_upgrade_found_after_the_dissolution_is_taken_into_it():
    event = upgrade(dissolved(GRASSROOTS_CELL, 50), 20).event
    [taken], [told] = event.retracted, event.stated
    assert (taken.before.type.value, told.before.type.value) == ("grassroots_cell", "grassroots_committee")
    assert taken.after is told.after is None


def test_units_come_under_an_upgraded_one_from_that_day_on_only():
    upgraded = upgrade(GRASSROOTS_CELL, 20).state

    def found(day: int) -> object:
        command = domain.EstablishOrganisation(
            code="N", parent_code="G", type=OrganisationType.SUBORDINATE_CELL, name="Mới", established_on=on(day)
        )  # fmt: skip
        return domain.decide_establishment(command, parent=upgraded, new_id=uuid4())

    assert found(20)
    assert refused(found, 19) == ["parent-type-on-day"]


def test_a_committee_that_has_divisions_cannot_become_one():
    division = unit("D", "divisional_committee", A)
    tree = (*TREE, division)
    assert refused(move, A, "B", 20, "divisional_committee", tree=tree) == ["child-type-on-day"]
    gone = move(division, "B", 20, tree=tree).state
    assert move(A, "B", 20, "divisional_committee", tree=(*TREE, gone)).state.type.value == (
        "divisional_committee"
    )
    assert refused(move, A, "B", 19, "divisional_committee", tree=(*TREE, gone)) == ["child-type-on-day"]


def test_types_hang_under_higher_ones_only():
    """So no tree that fits its types has a circle."""

    def height(type_: OrganisationType) -> int:
        return 1 + max(map(height, PARENT_TYPES[type_]), default=0)

    assert all(height(above) < height(type_) for type_, aboves in PARENT_TYPES.items() for above in aboves)


# Any changes in any order.


def sums(events: list, day: date) -> Counter[OrganisationState]:
    """What signed deltas come to on a day."""
    total: Counter[OrganisationState] = Counter()
    for event in events:
        steps = [(+1, event)]
        if isinstance(event, OrganisationMove):
            steps += [(+1, step) for step in event.stated] + [(-1, step) for step in event.retracted]
        for sign, step in steps:
            if step.effective_date <= day:
                total.update({step.after: sign} if step.after else {})
                total.subtract({step.before: sign} if step.before else {})
    return Counter({state: count for state, count in total.items() if count})


@given(st.lists(moves_that_fit | commands, max_size=12))
def test_signed_deltas_come_to_what_the_unit_is_on_every_day(asked):
    tree = world()
    told: dict[str, list] = {
        code: [
            OrganisationEstablished(
                effective_date=one.established_on, organisation_id=one.id, code=code, name=one.name, after=one.counted
            )
        ]
        for code, one in tree.items()
    }  # fmt: skip
    for one in asked:
        decided = run(tree, one)
        if decided and one[0] != "rename":
            told[one[1]].append(decided.event)
    for code, events in told.items():
        one = tree[code]
        for day in map(on, range(-1, 46)):
            there = one.established_on <= day and not (one.dissolved_on and one.dissolved_on <= day)
            assert sums(events, day) == (Counter([one.on(day).counted]) if there else Counter())


@given(st.lists(commands | moves_that_fit, max_size=12))
def test_the_tree_is_possible_on_every_day(asked):
    """Whatever was accepted: types fit, and the way up ends at a root."""
    tree = world()
    for one in asked:
        run(tree, one)
    by_id = {one.id: one for one in tree.values()}
    for day in map(on, range(46)):
        for one in tree.values():
            if day < one.established_on or (one.dissolved_on and one.dissolved_on <= day):
                continue
            path, at = [one.id], one.on(day)
            while at.parent_id is not None:
                above = by_id[at.parent_id].on(day)
                assert above.type in PARENT_TYPES[at.type]
                assert at.parent_id not in path
                path.append(at.parent_id)
                at = above
            assert at.type is OrganisationType.BLOC


THIRD = unit("E", "grassroots_committee", BLOC)
SIDE_BY_SIDE = (BLOC, A, unit("B", "grassroots_committee", BLOC), THIRD, CELL)


def change(of: Organisation, kind: str, day: int, value: str) -> Organisation:
    return renamed(of, value, day) if kind == "name" else move(of, value, day, tree=SIDE_BY_SIDE).state


@given(
    st.lists(
        st.tuples(st.just("name"), st.integers(1, 30), st.sampled_from([CELL.name, "Hai", "Ba"]))
        | st.tuples(st.just("parent_code"), st.integers(1, 30), st.sampled_from(["A", "B", "E"])),
        max_size=12,
    )
)
def test_a_unit_is_what_was_decided_for_the_latest_day_whatever_the_order_of_recording(asked):
    """Against the plain model: for each kind a value by day, and the latest day up to the one asked for rules."""
    model = {"name": {0: CELL.name}, "parent_code": {0: "A"}}
    one, stand = CELL, []
    for kind, day, value in asked:
        known = model[kind]
        before = known[max(at for at in known if at <= day)]
        after = known.get(min((at for at in known if at > day), default=-1))
        if day in known or value in {before, after}:
            assert refused(change, one, kind, day, value)
        else:
            one = change(one, kind, day, value)
            known[day] = value
            stand.append((kind, day, value))
    for day in range(32):
        for kind, known in model.items():
            assert getattr(one.on(on(day)), kind) == known[max(at for at in known if at <= day)]
    in_time = CELL
    for kind, day, value in sorted(stand, key=lambda change: change[1]):
        in_time = change(in_time, kind, day, value)
    assert in_time == one
    assert {state.parent_code for state in one.states} == set(model["parent_code"].values())
