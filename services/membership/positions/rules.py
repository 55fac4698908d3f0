"""What documents say of terms and positions: figures with the days from which they hold, and their sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.membership import OrganisationType
from contracts.positions import Position
from services.membership.thresholds import CELL_COMMITTEE_FROM, Threshold

_CHARTER: Final = "Điều lệ Đảng (19/01/2011)"
_RULES_ON_CHARTER: Final = "Quy định 29-QĐ/TW (25/7/2016)"
_CONVENTION: Final = "quy ước của phần mềm"
_CHARTER_DAY: Final = date(2011, 1, 19)

MOST_IN_CELL_COMMITTEE: Final = Threshold(7, f"{_RULES_ON_CHARTER}, mục 24")
"""Members of a cell's committee (chi ủy), its secretary and deputy among them."""
MOST_DEPUTIES_OF_CELL: Final = Threshold(1, f"{_RULES_ON_CHARTER}, mục 24")


@dataclass(frozen=True, slots=True)
class CongressRule:
    """How long after a congress the next one of a type of unit is held, from a day on."""

    type: OrganisationType
    in_force_from: date
    months: int
    tolerance: int
    """Months by which it may be earlier or later, where the committee above agrees."""
    source: str


_FIVE_YEARS: Final = f"{_CHARTER}, Điều 22"
_PILOT: Final = "Quy định 294-QĐ/TW (26/5/2025): thí điểm đại hội chi bộ 5 năm một lần"
CONGRESS_RULES: Final = (
    CongressRule(OrganisationType.GRASSROOTS_COMMITTEE, _CHARTER_DAY, 60, 12, _FIVE_YEARS),
    CongressRule(OrganisationType.GRASSROOTS_CELL, _CHARTER_DAY, 60, 12, _FIVE_YEARS),
    CongressRule(OrganisationType.SUBORDINATE_CELL, _CHARTER_DAY, 30, 6, f"{_CHARTER}, Điều 24 khoản 3"),
    CongressRule(OrganisationType.SUBORDINATE_CELL, date(2025, 7, 1), 60, 6, _PILOT),
    CongressRule(OrganisationType.DIVISIONAL_COMMITTEE, _CHARTER_DAY, 60, 12, _CONVENTION),
    CongressRule(OrganisationType.BLOC, _CHARTER_DAY, 60, 12, _CONVENTION),
)
"""Twice in five years is every 30 months. A day before the first of a type's rules is held against that first."""


def congress_rules(day: date) -> Mapping[OrganisationType, CongressRule]:
    """Return the rule of each type of unit that is in force on a day."""
    rules: dict[OrganisationType, CongressRule] = {}
    for rule in CONGRESS_RULES:
        if rule.in_force_from <= day or rule.type not in rules:
            rules[rule.type] = rule
    return rules


@dataclass(frozen=True, slots=True)
class Seat:
    """A position that a type of unit is to have, from a number of official members on."""

    type: OrganisationType
    position: Position
    from_official: int
    source: str


_CELLS: Final = tuple(type_ for type_ in OrganisationType if type_.is_cell)
_COMMITTEES: Final = tuple(type_ for type_ in OrganisationType if not type_.is_cell)
_FROM_NINE: Final = CELL_COMMITTEE_FROM.value

SEATS: Final = (
    *(Seat(type_, Position.SECRETARY, 0, f"{_RULES_ON_CHARTER}, mục 24") for type_ in _CELLS),
    *(
        Seat(type_, position, _FROM_NINE, f"{CELL_COMMITTEE_FROM.source}; {_RULES_ON_CHARTER}, mục 24")
        for type_ in _CELLS
        for position in (Position.DEPUTY_SECRETARY, Position.COMMITTEE_MEMBER)
    ),
    *(Seat(type_, position, 0, _CONVENTION) for type_ in _COMMITTEES for position in Position),
)
"""A seat is vacant while nobody holds the position; how many committee members there are is for the unit to say."""
