"""Mergers, splits and upgrades with members: what each decides, what is in the way, and that nobody is lost."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.membership import (
    DocumentRef,
    MemberHistoryRestatedV2,
    MemberMoved,
    MoveReason,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationReparented,
    OrganisationType,
    OrganisationUpgraded,
)
from services.membership.domain import DomainError
from services.membership.history import history_of, steps_of
from services.membership.organisations import ReparentOrganisation, decide_reparenting
from services.membership.reorganisations.domain import decide_merger, decide_split, decide_upgrade_with_cells
from services.membership.reorganisations.orders import (
    Known,
    MergeOrganisations,
    NewUnit,
    Part,
    Person,
    SplitOrganisation,
    UpgradeWithCells,
)
from services.membership.reorganisations.work import on_day
from tests.dated_trees import dissolved, kin, on, unit
from tests.lives import ADMITTED, Life

DAY = 4_000
"""Some days after the first members of `lives` came, counted from `dated_trees.FIRST`."""
BLOC = unit("K", "bloc")
A, B = unit("A", "grassroots_committee", BLOC), unit("B", "grassroots_committee", BLOC)
A1, A2, B1 = (
    unit("A.1", "subordinate_cell", A),
    unit("A.2", "subordinate_cell", A),
    unit("B.1", "subordinate_cell", B),
)
G = unit("G", "grassroots_cell", BLOC)
TREE = (BLOC, A, B, A1, A2, B1, G)
DOCUMENT = DocumentRef(number="78-QĐ/ĐU", date=on(DAY - 5))
AFTER = (on(DAY) - ADMITTED).days


class Someone(Life):
    """A member of a cell, under a code of their own."""

    def __init__(self, code: str, cell):
        super().__init__()
        first = self.events[0]
        member_id = uuid4()
        self.events = [
            first.model_copy(
                update={"member_id": member_id, "after": first.after.model_copy(update={"cell_id": cell.id})}
            )
        ]
        self.member = replace(self.member, id=member_id, code=code, cell_id=cell.id, cell_code=cell.code)
        self.cells = {one.id: one for one in TREE}


def people(*some: Someone) -> list[Person]:
    return [Person(one.member, one.history) for one in some]


def known(some=(), tree=TREE, official=None) -> Known:
    return Known(units={one.code: one for one in tree}, people=people(*some), official=official or {})


def day(offset: int = 0) -> date:
    return on(DAY + offset)


def merged(*sources: str, into: str, world: Known, establish: NewUnit | None = None, offset: int = 0):
    command = MergeOrganisations(
        sources=sources, target=into, establish=establish, effective_date=day(offset), document=DOCUMENT
    )
    return decide_merger(world, command, new_id=uuid4)


def split(source: str, *parts: Part, world: Known, goes_on: bool = True):
    command = SplitOrganisation(
        source=source, parts=parts, goes_on=goes_on, effective_date=day(), document=DOCUMENT
    )
    return decide_split(world, command, new_id=uuid4)


def upgraded(code: str, *cells: Part, world: Known):
    return decide_upgrade_with_cells(
        world, UpgradeWithCells(unit=code, cells=cells, effective_date=day(), document=DOCUMENT), new_id=uuid4
    )


def refused(decide, *arguments, **named) -> list[str]:
    with pytest.raises(DomainError) as raised:
        decide(*arguments, **named)
    for fault in raised.value.faults:
        assert "{" not in fault.message + fault.message_en
    return [fault.code for fault in raised.value.faults]


def part(code: str, *members: str, units: tuple[str, ...] = ()) -> Part:
    return Part(code=code, name=f"Chi bộ {code}", members=members, units=units)


def events(done) -> list[str]:
    return [type(one.event).__name__ for one in (*done.units, *done.members)]


def test_members_of_merged_cells_belong_to_the_one_that_stays_and_the_others_end():
    a, b, c = Someone("M1", A1), Someone("M2", A2), Someone("M3", B1)
    b.confirm(ADMITTED + timedelta(days=366))
    done = merged("A.2", "B.1", into="A.1", world=known([a, b, c], official={A1.id: 3, A2.id: 1, B1.id: 0}))
    assert events(done) == ["OrganisationDissolved", "OrganisationDissolved", "MemberMoved", "MemberMoved"]
    assert {one.state.code: (one.event.before.cell_id, one.event.after.cell_id) for one in done.members} == {
        "M2": (A2.id, A1.id), "M3": (B1.id, A1.id),
    }  # fmt: skip
    for one in (*done.units, *done.members):
        assert one.event.effective_date == day()
    for one in done.members:
        assert one.event.reason is MoveReason.MERGER
    assert {one.state.dissolved_on for one in done.units} == {day()}
    assert {one.event.document for one in done.units} == {DOCUMENT}
    assert (done.whole.source_ids, done.whole.target_id) == ((A2.id, B1.id), A1.id)
    assert (done.whole.target_is_new, done.whole.document) == (False, DOCUMENT)
    assert done.unit == A1
    assert [(fault.code, fault.parameters["value"]) for fault in done.warnings] == [
        ("merged-by-superior", "A.2"), ("merged-by-superior", "B.1"),
    ]  # fmt: skip
    assert "Điều lệ" in done.warnings[0].message


def test_units_may_merge_into_one_that_the_decision_founds():
    a, b = Someone("M1", A1), Someone("M2", A2)
    new = NewUnit(name="Chi bộ Một", type=OrganisationType.SUBORDINATE_CELL, parent_code="A")
    done = merged("A.1", "A.2", into="A.3", establish=new, world=known([a, b]))
    assert events(done)[:3] == ["OrganisationEstablished", "OrganisationDissolved", "OrganisationDissolved"]
    founded = done.units[0].event
    assert (founded.code, founded.effective_date, founded.document) == ("A.3", day(), DOCUMENT)
    assert (
        {one.event.after.cell_id for one in done.members}
        == {founded.organisation_id}
        == {done.whole.target_id}
    )
    assert done.whole.target_is_new
    assert refused(merged, "A.1", into="A.3", establish=new, world=known()) == ["too-few-sources"]
    assert refused(merged, "A.1", "A.2", into="B.1", establish=new, world=known()) == ["unit-code-taken"]
    wrong = replace(new, parent_code="K")
    assert refused(merged, "A.1", "A.2", into="A.3", establish=wrong, world=known()) == ["unit-not-founded"]


def test_what_hangs_under_a_merged_committee_hangs_under_the_one_that_stays():
    done = merged("A", into="B", world=known())
    assert events(done) == ["OrganisationReparented", "OrganisationReparented", "OrganisationDissolved"]
    assert [(one.event.organisation_id, one.event.after.parent_id) for one in done.units[:2]] == [
        (A1.id, B.id), (A2.id, B.id),
    ]  # fmt: skip
    assert done.members == ()


def test_a_committee_merges_together_with_one_that_hangs_under_it():
    division = unit("A.0", "divisional_committee", A)
    below = unit("A.0.1", "subordinate_cell", division)
    done = merged("A", "A.0", into="B", world=known(tree=(*TREE, division, below)))
    now = {one.state.code: one.state for one in done.units}
    assert {code: state.on(day()).parent_code for code, state in now.items() if not state.dissolved_on} == {
        "A.1": "B", "A.2": "B", "A.0.1": "B",
    }  # fmt: skip
    assert now["A"].dissolved_on == now["A.0"].dissolved_on == day()


def test_who_was_confirmed_or_went_on_later_is_restated():
    """The merger becomes known after what happened then."""
    gone, official = Someone("M1", A2), Someone("M2", A2)
    official.confirm(day(30))
    gone.move(day(20), B1)
    done = merged("A.2", into="A.1", world=known([gone, official]))
    assert {type(one.event) for one in done.members} == {MemberHistoryRestatedV2}
    for someone, cells in ((gone, [A2, A1, B1]), (official, [A2, A1, A1])):
        [decided] = [one for one in done.members if one.state.code == someone.member.code]
        assert [step.after.cell_id for step in decided.steps] == [cell.id for cell in cells]


@pytest.mark.parametrize(
    ("sources", "into", "offset", "codes"),
    [
        ((), "A.1", 0, ["too-few-sources"]),
        (("A.1",), "A.1", 0, ["merged-into-itself"]),
        (("A.2", "A.2"), "A.1", 0, ["named-twice"]),
        (("Q",), "A.1", 0, ["unknown-unit"]),
        (("A.1",), "Q", 0, ["unknown-unit"]),
        (("A.1",), "B", 0, ["merged-kinds-differ"]),
        (("A",), "G", 0, ["merged-kinds-differ"]),
        (("A",), "K", 0, ["merged-kinds-differ"]),
        (("A.2",), "A.1", -DAY, ["unit-in-the-way"]),
        (("Z",), "A.1", 0, ["unit-in-the-way"]),
        (("A.1",), "Z", 0, ["unit-in-the-way"]),
        (("A.1",), "Y", 0, ["target-ends-later"]),
        (("Y",), "A.1", 0, ["unit-in-the-way"]),
        (("A",), "A.0", 0, ["unit-in-the-way"]),
    ],
)  # fmt: skip
def test_units_that_cannot_merge_are_refused(sources, into, offset, codes):
    gone = replace(unit("Z", "subordinate_cell", A), dissolved_on=day())
    goes = replace(unit("Y", "subordinate_cell", A), dissolved_on=day(9))
    division = unit("A.0", "divisional_committee", A)
    assert (
        refused(merged, *sources, into=into, offset=offset, world=known(tree=(*TREE, gone, goes, division)))
        == codes
    )


def test_whatever_comes_into_a_merged_unit_that_day_or_later_is_in_the_way():
    for since in (0, 7):
        comer = Someone("M1", B1)
        comer.move(day(since), A2)
        assert refused(merged, "A.2", into="A.1", world=known([comer])) == ["members-come-later"]
        child = unit("A.9", "subordinate_cell", A, since=DAY + since)
        assert refused(merged, "A", into="B", world=known(tree=(*TREE, child))) == ["units-come-later"]
        moved = decide_reparenting(
            B1, ReparentOrganisation(parent_code="A", effective_date=day(since)), kin(B1, TREE)
        ).state
        tree = [one for one in TREE if one is not B1]
        found = refused(merged, "A", into="B", world=known(tree=(*tree, moved)))
        assert found == (["unit-in-the-way"] if since == 0 else ["units-come-later"])
    comer = Someone("M2", B1)
    comer.move(day(5), A1)
    found = refused(merged, "B.1", into="A.1", world=known([comer]))
    assert found == ["member-in-the-way"]


def test_a_cell_gives_some_of_its_members_to_new_ones_and_goes_on():
    some = [Someone(f"M{number}", A1) for number in range(4)]
    done = split("A.1", part("A.3", "M1"), part("A.4", "M2", "M3"), world=known(some))
    assert events(done) == ["OrganisationEstablished"] * 2 + ["MemberMoved"] * 3
    three, four = (one.event for one in done.units)
    assert {one.state.code: one.state.cell_code for one in done.members} == {
        "M1": "A.3",
        "M2": "A.4",
        "M3": "A.4",
    }
    assert {one.event.reason for one in done.members} == {MoveReason.SPLIT}
    assert three.after == A1.counted
    assert (done.whole.source_id, done.whole.part_ids) == (
        A1.id,
        (three.organisation_id, four.organisation_id),
    )
    assert done.whole.source_goes_on
    assert [(fault.code, fault.parameters["official"]) for fault in done.warnings] == [
        ("cell-of-few-members", 0)
    ] * 3


def test_a_cell_that_ends_gives_all_its_members_to_the_parts():
    some = [Someone("M1", A1), Someone("M2", A1)]
    gone = Someone("M3", A1)
    gone.leave(day())
    world = known([*some, gone])
    done = split("A.1", part("A.3", "M1"), part("A.4", "M2"), goes_on=False, world=world)
    assert events(done)[2] == "OrganisationDissolved"
    assert len(done.members) == 2
    assert refused(split, "A.1", part("A.3", "M1"), part("A.4"), goes_on=False, world=world) == ["not-placed"]
    assert refused(split, "A.1", part("A.3", "M1"), goes_on=False, world=world) == ["too-few-parts"]
    late = Someone("M4", A1)
    late.move(day(4), A2)
    late.move(day(8), A1)
    parts = part("A.3", "M1", "M4"), part("A.4", "M2")
    assert refused(split, "A.1", *parts, goes_on=False, world=known([*some, late])) == ["members-come-later"]


@pytest.mark.parametrize(
    ("source", "parts", "codes"),
    [
        ("A.1", (), ["too-few-parts"]),
        ("Q", (part("A.3"),), ["unknown-unit"]),
        ("A.1", (part("A.3", "M1", "M1"),), ["named-twice"]),
        ("A.1", (part("A.3", "M1"), part("A.4", "M1")), ["named-twice"]),
        ("A.1", (part("A.3", "M2"),), ["not-in-unit-that-day"]),
        ("A.1", (part("A.3", "M9"),), ["not-in-unit-that-day"]),
        ("A.1", (part("A.3"), part("A.3")), ["unit-code-taken"]),
        ("A.1", (part("A.2", "M1"),), ["unit-code-taken"]),
        ("A.1", (replace(part("A.3", "M1"), name=""),), ["unit-not-founded"]),
        ("A.1", (part("A.3", units=("B.1",)),), ["not-of-this-kind"]),
        ("A", (part("A.3", "M1"),), ["not-of-this-kind"]),
        ("A", (part("C", units=("B.1",)),), ["not-in-unit-that-day"]),
    ],
)  # fmt: skip
def test_parts_that_cannot_be_are_refused(source, parts, codes):
    assert refused(split, source, *parts, world=known([Someone("M1", A1), Someone("M2", A2)])) == codes


def test_a_committee_gives_units_to_a_new_one():
    done = split("A", part("C", units=("A.1",)), world=known())
    founded, moved = (one.event for one in done.units)
    assert isinstance(founded, OrganisationEstablished)
    assert isinstance(moved, OrganisationReparented)
    assert founded.after == A.counted
    assert (moved.organisation_id, moved.after.parent_id) == (A1.id, founded.organisation_id)
    both = part("C", units=("A.1",)), part("D", units=("A.2",))
    assert isinstance(split("A", *both, goes_on=False, world=known()).units[-1].event, OrganisationDissolved)
    assert refused(split, "A", part("C", units=("A.1",)), part("D"), goes_on=False, world=known()) == [
        "not-placed"
    ]


def test_a_cell_becomes_a_committee_with_cells_in_which_its_members_are():
    some = [Someone("M1", G), Someone("M2", G)]
    done = upgraded("G", part("G.1", "M1"), part("G.2", "M2"), world=known(some))
    assert [type(one.event) for one in done.units] == [
        OrganisationUpgraded,
        OrganisationEstablished,
        OrganisationEstablished,
    ]
    assert {one.state.code: one.state.cell_code for one in done.members} == {"M1": "G.1", "M2": "G.2"}
    assert {type(one.event) for one in done.members} == {MemberMoved}
    assert {one.event.reason for one in done.members} == {MoveReason.UPGRADE}
    assert {one.state.parent_code for one in done.units[1:]} == {"G"}
    assert done.whole is None
    assert done.unit.type is OrganisationType.GRASSROOTS_COMMITTEE
    assert [fault.code for fault in done.warnings] == ["committee-of-few-members"] + [
        "cell-of-few-members"
    ] * 2
    assert refused(upgraded, "G", part("G.1", "M1"), world=known(some)) == ["not-placed"]
    assert refused(upgraded, "A.1", part("G.1"), world=known(some)) == ["not-upgradable"]
    comer = Someone("M3", B1)
    comer.move(day(3), G)
    assert refused(upgraded, "G", part("G.1", "M1", "M2"), world=known([*some, comer])) == [
        "members-come-later"
    ]


CELLS = (A1, A2, B1)
LATER = st.integers(-30, 30).map(day)
fates = st.lists(
    st.one_of(
        st.tuples(st.just("move"), LATER, st.sampled_from(CELLS)),
        st.tuples(st.just("confirm"), LATER),
        st.tuples(st.just("leave"), LATER),
    ),
    max_size=4,
)


@given(
    st.lists(st.tuples(st.sampled_from(CELLS), fates), max_size=4), st.permutations(CELLS), st.integers(1, 2)
)
@settings(deadline=None)
def test_a_merger_moves_who_was_there_and_nobody_else_whatever_is_known_of_later(lives, cells, count):
    """On each day everybody is where a plain reading of their moves and the merger puts them, or it is refused."""
    some = []
    for number, (home, fate) in enumerate(lives):
        one = Someone(f"M{number}", home)
        for action in fate:
            one.tried(action)
        some.append(one)
    sources, target = cells[:count], cells[-1]
    ended = {cell.id for cell in sources}
    try:
        done = merged(*(cell.code for cell in sources), into=target.code, world=known(some))
    except DomainError:
        assert any(in_the_way(one, ended, target) for one in some)
        return
    told = {one.state.id: one for one in done.members}
    for one in some:
        before = one.history
        if decided := told.get(one.member.id):
            one.take(decided)
        for offset in range(-31, 32):
            was, now = on_day(before, day(offset)), on_day(one.history, day(offset))
            expected = was and was.cell_id
            if was and offset >= 0 and was.cell_id in ended:
                expected = target.id
            assert (now and now.cell_id) == expected


def test_a_merger_does_not_turn_two_moves_of_one_day_round():
    one = Someone("M1", B1)
    one.move(day(1), A2)
    one.move(day(1), A1)
    # The first of the two would be no move any more, and the second may not be told before it.
    assert refused(merged, "B.1", into="A.2", world=known([one])) == ["member-in-the-way"]


def in_the_way(one: Someone, ended: set, target) -> bool:
    """Whether somebody comes into a merged cell that day or later, or goes from one to the target by themselves."""
    for step in steps_of(one.history):
        if step.effective_date < day() or step.after is None:
            continue
        came = step.before is None or step.before.cell_id != step.after.cell_id
        if came and (step.after.cell_id in ended or step.after.cell_id == target.id):
            return True
    return False


def test_a_history_with_a_merger_reads_back_as_it_was_decided():
    one = Someone("M1", A2)
    done = merged("A.2", into="A.1", world=known([one]))
    one.take(done.members[0])
    assert [step.after.cell_id for step in steps_of(history_of(one.events, one.cells))] == [A2.id, A1.id]


def test_a_unit_of_the_day_before_is_no_source():
    assert refused(merged, "A.2", into="A.1", world=known(tree=(BLOC, A, A1, dissolved(A2, DAY)))) == [
        "unit-in-the-way"
    ]
