"""Which rules speak of a unit, by its type and its members."""

import pytest

from contracts.membership import OrganisationType
from services.membership.unit_rules import UnitRule, rules_of

CELLS = [type_ for type_ in OrganisationType if type_.is_cell]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("official", "rules"),
    [
        (0, [UnitRule.CELL_TOO_SMALL]),
        (2, [UnitRule.CELL_TOO_SMALL]),
        (3, []),
        (8, []),
        (9, [UnitRule.CELL_COMMITTEE]),
    ],
)
def test_a_cell_is_held_against_its_official_members(cell, official, rules):
    assert rules_of(cell, members=official + 40, official=official) == rules


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("official", "rules"), [(2, [UnitRule.CELL_TOO_SMALL]), (3, []), (9, [])])
def test_a_cell_that_has_a_committee_is_not_told_to_elect_one(cell, official, rules):
    assert rules_of(cell, members=official, official=official, has_committee=True) == rules


@pytest.mark.parametrize(("members", "rules"), [(29, [UnitRule.COMMITTEE_TOO_SMALL]), (30, [])])
def test_a_grassroots_committee_is_held_against_all_its_members(members, rules):
    assert rules_of(OrganisationType.GRASSROOTS_COMMITTEE, members=members, official=1) == rules


@pytest.mark.parametrize("type_", [OrganisationType.BLOC, OrganisationType.DIVISIONAL_COMMITTEE])
def test_no_rule_speaks_of_other_units(type_):
    assert [rules_of(type_, members=n, official=n) for n in (0, 8, 9, 29)] == [[]] * 4
