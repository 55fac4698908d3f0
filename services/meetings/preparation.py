"""Who prepares which point of an agenda, and whether a cell may meet by its party groups (DOMAIN: before). Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from rules.guidance import Guidance
from services.meetings.faults import Fault, FaultsFound

Assignments = Sequence[tuple[int, UUID]]
"""Points of an agenda by their numbers, from 1, and who prepares each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What of a cell its plans are held against; where nothing is asked of it, it need not be known."""

    listed: Collection[UUID] = ()
    """Who is to come on the day of the meeting."""
    members: int = 0
    """How many of them are its own."""
    by_group: int = 0
    """How many meetings of the year it holds by group, or means to, beside this one."""
    guidance: Guidance | None = None


def prepared_by(assignments: Assignments, agenda: Sequence[str], cell: Cell) -> tuple[UUID | None, ...]:
    """Return who prepares each point of an agenda; nothing where nobody is named.

    Raises FaultsFound where a point is none of the agenda's, or named twice, or somebody is not on the cell's list.
    """
    points = [point for point, _ in assignments]
    faults = []
    if any(not 1 <= point <= len(agenda) for point in points):
        faults.append(Fault("no-such-point", "assignments", {"points": len(agenda)}))
    if len(set(points)) < len(points):
        faults.append(Fault("given-twice", "assignments"))
    if others := {member for _, member in assignments} - set(cell.listed):
        faults.append(Fault("assigned-to-others", "assignments", {"count": len(others)}))
    if faults:
        raise FaultsFound(faults)
    named = dict(assignments)
    return tuple(named.get(point) for point in range(1, len(agenda) + 1)) if named else ()


def check_by_group(cell: Cell) -> None:
    """Refuse a meeting by party groups to a cell that is too small for them, or has had as many as it may this year.

    Raises FaultsFound.
    """
    rule = cell.guidance and cell.guidance.by_group
    if not rule or not cell.guidance:
        raise FaultsFound([Fault("no-meetings-by-group", "by_group")])
    facts = {"source": cell.guidance.source, "least": rule.least_members, "most": rule.most_a_year}
    if cell.members < rule.least_members:
        raise FaultsFound([Fault("too-few-for-groups", "by_group", facts | {"members": cell.members})])
    if cell.by_group >= rule.most_a_year:
        raise FaultsFound([Fault("too-often-by-group", "by_group", facts)])
