"""A small tree and changes of it in any order, for tests of what units are on which day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from hypothesis import strategies as st

from contracts.membership import OrganisationEstablished, OrganisationType
from services.membership import domain
from services.membership.domain import DissolveOrganisation, DomainError, Organisation
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
