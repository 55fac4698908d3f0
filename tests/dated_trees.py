"""A small tree and changes of it in any order, for tests of what units are on which day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from hypothesis import strategies as st

from contracts.membership import OrganisationEstablished, OrganisationType
from services.membership import domain
from services.membership.domain import DissolveOrganisation, DomainError, Organisation
from services.membership.organisation_corrections import (
    CorrectUnitFact,
    Inside,
    WithdrawUnitFact,
    decide_unit_correction,
    facts_of,
    told,
)
from services.membership.organisations import (
    Relatives,
    RenameOrganisation,
    ReparentOrganisation,
    UpgradeOrganisation,
    decide_renaming,
    decide_reparenting,
    decide_upgrade,
)

FIRST = date(2010, 1, 1)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def unit(code: str, type_: str, above: Organisation | None = None, since: int = 0, **changes) -> Organisation:
    return Organisation(
        id=uuid4(), code=code, name=f"Đơn vị {code}", type=OrganisationType(type_),
        parent_id=above and above.id, parent_code=above and above.code, established_on=on(since), **changes,
    )  # fmt: skip


BLOC = unit("K", "bloc")
A, B = unit("A", "grassroots_committee", BLOC), unit("B", "grassroots_committee", BLOC)
CELL = unit("C", "subordinate_cell", A)
GRASSROOTS_CELL = unit("G", "grassroots_cell", BLOC)
TREE = (BLOC, A, B, CELL, GRASSROOTS_CELL)


def kin(of: Organisation, tree: Iterable[Organisation]) -> Relatives:
    return Relatives(
        parents={other.code: other for other in tree},
        children=[other for other in tree if any(state.parent_id == of.id for state in other.states)],
    )


def rename(name: str, day: int) -> RenameOrganisation:
    return RenameOrganisation(name=name, effective_date=on(day))


def renamed(of: Organisation, name: str, day: int) -> Organisation:
    return decide_renaming(of, rename(name, day)).state


def move(of: Organisation, to: str, day: int, type_: str | None = None, tree=TREE):
    asked = ReparentOrganisation(
        parent_code=to, effective_date=on(day), type=OrganisationType(type_) if type_ else None
    )
    return decide_reparenting(of, asked, kin(of, tree))


def upgrade(of: Organisation, day: int, tree=TREE, members: int = 0):
    return decide_upgrade(of, UpgradeOrganisation(effective_date=on(day)), kin(of, tree), members=members)


def dissolved(of: Organisation, day: int) -> Organisation:
    return domain.decide_dissolution(of, DissolveOrganisation(dissolved_on=on(day))).state


days = st.integers(-2, 40)
codes = st.sampled_from(["K", "M", "A", "B", "C", "D", "G", "Q"])
kinds = st.none() | st.sampled_from(
    ["grassroots_cell", "subordinate_cell", "divisional_committee", "grassroots_committee"]
)
commands = st.one_of(
    st.tuples(st.just("rename"), codes, days, st.sampled_from(["Một", "Hai", "Ba"])),
    st.tuples(st.just("move"), codes, days, codes, kinds),
    st.tuples(st.just("upgrade"), codes, days),
    st.tuples(st.just("dissolve"), codes, st.integers(20, 45)),
)


moves_that_fit = st.one_of(
    st.tuples(
        st.just("move"), st.just("C"), days, st.sampled_from("AB"), st.sampled_from([None, "subordinate_cell"])
    ),
    st.tuples(st.just("move"), st.just("C"), days, st.sampled_from("KM"), st.just("grassroots_cell")),
    st.tuples(st.just("move"), st.just("G"), days, st.sampled_from("KM"), st.none()),
    st.tuples(st.just("upgrade"), st.sampled_from("CG"), days),
    st.tuples(st.just("dissolve"), st.sampled_from("CG"), st.integers(20, 45)),
)  # fmt: skip


def world() -> dict[str, Organisation]:
    division = unit("D", "divisional_committee", A, since=5)
    late = replace(B, established_on=on(8))
    return {one.code: one for one in (*TREE, late, division, unit("M", "bloc"))}


def run(tree: dict[str, Organisation], asked: tuple):
    """Carry a command out; return what was decided, or None where it is refused."""
    kind, code, day, *rest = asked
    if code not in tree:
        return None
    of, everybody = tree[code], tuple(tree.values())
    try:
        match kind:
            case "rename":
                decided = decide_renaming(of, rename(rest[0], day))
            case "move":
                decided = move(of, rest[0], day, rest[1], tree=everybody)
            case "upgrade":
                decided = upgrade(of, day, tree=everybody)
            case _:
                decided = domain.decide_dissolution(of, DissolveOrganisation(dissolved_on=on(day)))
    except DomainError:
        return None
    tree[code] = decided.state
    return decided


def founding(one: Organisation) -> OrganisationEstablished:
    """What was told when a unit that has not changed yet was founded."""
    return OrganisationEstablished(
        effective_date=one.established_on, organisation_id=one.id, code=one.code, name=one.name, after=one.counted
    )  # fmt: skip


def fix(number: int, day: int | None = None, **what) -> CorrectUnitFact:
    return CorrectUnitFact(number=number, effective_date=None if day is None else on(day), **what)


def withdraw(number: int) -> WithdrawUnitFact:
    return WithdrawUnitFact(number=number)


class World:
    """Units and all their events so far, by code and in the order of recording."""

    def __init__(self, units=None):
        self.tree = dict(units or {one.code: one for one in TREE})
        self.events = {code: [founding(one)] for code, one in self.tree.items()}
        self.log = [event for events in self.events.values() for event in events]

    def do(self, *asked) -> bool:
        """Carry a command out; return whether it could be."""
        decided = run(self.tree, asked)
        if decided:
            self._note(asked[1], decided.event)
        return decided is not None

    def decide(self, code, command, *, members=(), seats=()):
        of = self.tree[code]
        return decide_unit_correction(
            of, facts_of(self.events[code]), command, kin(of, self.tree.values()),
            Inside(members=members, seats=seats),
        )  # fmt: skip

    def correct(self, code, command, **inside):
        decided = self.decide(code, command, **inside)
        self.tree[code] = decided.state
        self._note(code, decided.event)
        return decided.event

    def put_right(self, code, change) -> bool:
        """Carry one of `corrections` out; return whether it could be."""
        kind, number, *value = change
        match kind:
            case "withdraw":
                command = withdraw(number)
            case "day":
                command = fix(number, *value)
            case "name":
                command = fix(number, name=value[0])
            case _:
                command = fix(number, parent_code=value[0])
        try:
            self.correct(code, command)
        except DomainError:
            return False
        return True

    def _note(self, code, event) -> None:
        self.events[code].append(event)
        self.log.append(event)

    def retold(self, code) -> Organisation:
        codes = {one.id: one.code for one in self.tree.values()}
        return told(self.tree[code], facts_of(self.events[code]), codes)


corrections = st.tuples(
    st.sampled_from("ABCGD"),
    st.one_of(
        st.tuples(st.just("withdraw"), st.integers(1, 4)),
        st.tuples(st.just("day"), st.integers(1, 4), days),
        st.tuples(st.just("name"), st.integers(1, 4), st.sampled_from(["Một", "Hai", "Sáu"])),
        st.tuples(st.just("parent"), st.integers(1, 4), st.sampled_from("ABKM")),
    ),
)
"""A unit's code, and what is put right of it: `World.put_right`."""
