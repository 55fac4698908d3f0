"""The rules on how many members a unit has, as warnings: they call for a decision and refuse nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.membership import OrganisationType
from services.membership import thresholds
from services.membership.thresholds import Threshold


class UnitRule(StrEnum):
    """A rule on the number of members that a unit is held against."""

    CELL_TOO_SMALL = "cell-too-small"
    """A cell with too few official members; it cannot decide on its own merging."""
    CELL_COMMITTEE = "cell-committee"
    """A cell with as many official members as elect a cell committee (chi ủy), and without one."""
    COMMITTEE_TOO_SMALL = "committee-too-small"
    """A grassroots committee with too few members."""


@dataclass(frozen=True, slots=True)
class _Warning:
    least: Threshold
    text: str


_WARNINGS: Final[Mapping[UnitRule, _Warning]] = {
    UnitRule.CELL_TOO_SMALL: _Warning(
        thresholds.LEAST_OFFICIAL_MEMBERS,
        "Chi bộ có {official} đảng viên chính thức, chưa đủ {least}. Cấp ủy cấp trên trực tiếp xem xét, quyết định.",
    ),
    UnitRule.CELL_COMMITTEE: _Warning(
        thresholds.CELL_COMMITTEE_FROM,
        "Chi bộ có {official} đảng viên chính thức, từ {least} trở lên, mà chưa có chi ủy: bầu chi ủy.",
    ),
    UnitRule.COMMITTEE_TOO_SMALL: _Warning(
        thresholds.GRASSROOTS_COMMITTEE_FROM,
        "Đảng bộ cơ sở có {members} đảng viên, chưa đủ {least}. Cấp ủy cấp trên trực tiếp xem xét, quyết định.",
    ),
}


def threshold(rule: UnitRule) -> Threshold:
    """Return the figure of a rule and its source."""
    return _WARNINGS[rule].least


def warning(rule: UnitRule, *, members: int, official: int) -> str:
    """Return what a rule says of a unit with so many members, in Vietnamese."""
    found = _WARNINGS[rule]
    return found.text.format(members=members, official=official, least=found.least.value)


def rules_of(
    type_: OrganisationType, *, members: int, official: int, has_committee: bool = False
) -> list[UnitRule]:
    """Return the rules that speak of a unit with so many members, `official` of them official ones."""
    if type_.is_cell and official < threshold(UnitRule.CELL_TOO_SMALL).value:
        return [UnitRule.CELL_TOO_SMALL]
    if type_.is_cell and official >= threshold(UnitRule.CELL_COMMITTEE).value and not has_committee:
        return [UnitRule.CELL_COMMITTEE]
    is_committee = type_ is OrganisationType.GRASSROOTS_COMMITTEE
    if is_committee and members < threshold(UnitRule.COMMITTEE_TOO_SMALL).value:
        return [UnitRule.COMMITTEE_TOO_SMALL]
    return []
