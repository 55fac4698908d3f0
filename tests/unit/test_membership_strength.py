"""Members of units summed up a tree: the same as counting each branch on its own."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.membership.strength import CountedUnit, summed
from services.membership.unit_rules import UnitRule


def unit(
    number: int, above: int | None, members: int, official: int, *, exists: bool = True, **kind
) -> CountedUnit:
    return CountedUnit(
        id=UUID(int=number), code=str(number), name="", type=kind.get("type", "subordinate_cell"),
        parent_id=None if above is None else UUID(int=above), parent_code=None, exists=exists, members=members,
        official=official, has_committee=False,
    )  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30),
    st.data(),
)
def test_each_unit_has_its_own_members_and_those_of_all_below_it(rows, data):
    # Any unit hangs under an earlier one; the first is the root, whose own superior is not among them.
    above = {number: seed % number if number else 99 for number, (seed, _, _) in enumerate(rows)}
    own = {number: (members + official, official) for number, (_, members, official) in enumerate(rows)}
    order = data.draw(st.permutations(range(len(rows))))
    found = summed(unit(number, above[number], *own[number]) for number in order)

    def branch(number: int) -> tuple[int, int]:
        below = [branch(other) for other in own if above[other] == number]
        return tuple(sum(column) for column in zip(own[number], *below, strict=True))

    assert {one.id.int: (one.members, one.official) for one in found.values()} == {n: branch(n) for n in own}
    assert [one.id.int for one in found.values()] == list(order)


def test_no_rule_speaks_of_a_unit_that_is_not_there():
    assert unit(1, None, 2, 2).rules == [UnitRule.CELL_TOO_SMALL]
    assert unit(1, None, 2, 2, exists=False).rules == []
    assert unit(1, None, 29, 2, type="grassroots_committee").rules == [UnitRule.COMMITTEE_TOO_SMALL]
