"""The list of limitations for the next year: what was lacking most, what came again, what is not settled. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.findings import FindingState, Severity

_RANK = tuple(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A finding as the year's end has it."""

    id: UUID
    cell_id: UUID
    found_on: date
    axis: str
    limitation: str | None
    severity: Severity
    summary: str
    recurrent: bool
    state: FindingState


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What was found of one limitation, or of an axis in words only."""

    axis: str
    limitation: str | None
    found: int
    """In the year."""
    cells: int
    """In how many cells it was found, or is not settled."""
    recurrent: int
    """Of those found in the year."""
    serious: int
    """Of those found in the year."""
    unsettled: int
    """At the year's end, those of earlier years too."""


def grouped(lacking: Iterable[Lacking], year: int) -> list[Group]:
    """Return what was lacking in a year by limitation: what is not settled first, then what was found most."""
    groups: dict[tuple[str, str | None], list[Lacking]] = {}
    for one in lacking:
        groups.setdefault((one.axis, one.limitation), []).append(one)
    found = [_group(axis, limitation, its, year) for (axis, limitation), its in groups.items()]
    return sorted(found, key=lambda one: (-one.unsettled, -one.found, one.axis, one.limitation or ""))


def unsettled(lacking: Iterable[Lacking]) -> list[Lacking]:
    """Return what is work of the next year: the grave first, then by their days."""
    left = [one for one in lacking if one.state is not FindingState.CLOSED]
    return sorted(left, key=lambda one: (-_RANK.index(one.severity), one.found_on, one.id))


def _group(axis: str, limitation: str | None, its: Sequence[Lacking], year: int) -> Group:
    of_year = [one for one in its if one.found_on.year == year]
    return Group(
        axis=axis,
        limitation=limitation,
        found=len(of_year),
        cells=len({one.cell_id for one in its}),
        recurrent=sum(one.recurrent for one in of_year),
        serious=sum(one.severity is Severity.SERIOUS for one in of_year),
        unsettled=sum(one.state is not FindingState.CLOSED for one in its),
    )
