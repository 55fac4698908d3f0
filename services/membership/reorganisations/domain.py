"""Mergers, splits and upgrades of units together with all that is in them: one decision, many events. Pure.

Nothing here is a rule of its own kind: units are founded, hung elsewhere, upgraded and dissolved as single commands
do it (`organisations`, `domain`), and members move as any fact is recorded (`corrections.record`), so that whatever
is known of later days is heeded. What none of that allows is refused, with the unit or member in the way named.

A unit that ends keeps nothing: whatever comes into it on that day or later is in the way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from contracts.membership import MoveReason, OrganisationType
from contracts.reorganisations import OrganisationsMerged, OrganisationSplit
from services.membership import thresholds
from services.membership.domain import TYPE_LABELS, Organisation
from services.membership.faults import Fault, shown
from services.membership.organisations import UpgradeOrganisation, change_warnings, decide_upgrade
from services.membership.reorganisations.orders import (
    Known,
    MergeOrganisations,
    NewUnit,
    Reorganised,
    SplitOrganisation,
    UpgradeWithCells,
)
from services.membership.reorganisations.work import Work


def decide_merger(known: Known, command: MergeOrganisations, *, new_id: Callable[[], UUID]) -> Reorganised:
    """Return the merger of units of one kind: cells, committees or blocs.

    Raises DomainError where a unit is unknown, not there on the day or of another kind, and where something known of
    the day or later is in the way.
    """
    work = Work(known, command)
    if len(command.sources) < (1 if command.establish is None else 2):
        work.faults.append(Fault("too-few-sources", "sources"))
    sources = work.units_named("sources", command.sources)
    if command.target in command.sources:
        work.faults.append(
            Fault("merged-into-itself", "sources", {"value": shown("sources", command.target)})
        )
    work.refuse()
    target = _target(work, command, new_id)
    for source in sources:
        work.faults += _kind_faults(source, target, command.effective_date)
    work.faults += _end_faults(target, command)
    work.refuse()
    for source in sources:
        children = (child for child in work.children_on_day(source) if child.code not in command.sources)
        work.hang(children, target)
        work.move(work.members_on_day(source), target, MoveReason.MERGER)
    work.end(sources)
    work.refuse()
    whole = OrganisationsMerged(
        effective_date=command.effective_date,
        decision_date=command.decision_date,
        reorganisation_id=new_id(),
        source_ids=tuple(source.id for source in sources),
        target_id=target.id,
        target_is_new=command.establish is not None,
        document=command.document,
    )
    cells = [unit for unit in (*sources, target) if unit.id in known.official]
    return work.done(target.code, whole, list(_too_small_to_decide(cells, known.official)))


def decide_split(known: Known, command: SplitOrganisation, *, new_id: Callable[[], UUID]) -> Reorganised:
    """Return the split of a cell, whose members are named, or of another unit, whose child units are.

    Raises DomainError as `decide_merger`, where somebody named does not belong to the unit on the day or is named
    twice, and where the unit ends and something of it is in no part.
    """
    work = Work(known, command)
    source = work.unit_named("source", command.source)
    place = source.on(command.effective_date)
    if len(command.parts) < (1 if command.goes_on else 2):
        work.faults.append(Fault("too-few-parts", "parts"))
    work.refuse()
    parts = work.found(
        [
            (part.code, NewUnit(name=part.name, type=place.type, parent_code=place.parent_code))
            for part in command.parts
        ],
        new_id,
    )
    work.place(
        source, list(zip(command.parts, parts, strict=True)), MoveReason.SPLIT, all_of_it=not command.goes_on
    )
    if not command.goes_on:
        work.end([source])
    work.refuse()
    whole = OrganisationSplit(
        effective_date=command.effective_date,
        decision_date=command.decision_date,
        reorganisation_id=new_id(),
        source_id=source.id,
        part_ids=tuple(part.id for part in parts),
        source_goes_on=command.goes_on,
        document=command.document,
    )
    cells = [*parts, *([source] if command.goes_on else [])] if place.type.is_cell else []
    return work.done(source.code, whole, list(work.too_few_members(cells)))


def decide_upgrade_with_cells(
    known: Known, command: UpgradeWithCells, *, new_id: Callable[[], UUID]
) -> Reorganised:
    """Return the upgrade of a grassroots cell, with the founding of its cells and the move of its members into them.

    Without cells nobody may be in it from that day on.

    Raises DomainError as `organisations.decide_upgrade`, and as `decide_split` of a unit that ends: a committee has
    no members of its own.
    """
    work = Work(known, command)
    unit = work.unit_named("unit", command.unit)
    upgrade = UpgradeOrganisation(
        effective_date=command.effective_date, decision_date=command.decision_date, document=command.document
    )
    homeless = 0 if command.cells else len(known.people)
    work.take(decide_upgrade(unit, upgrade, work.relatives(unit), members=homeless))
    below = OrganisationType.SUBORDINATE_CELL
    cells = work.found(
        [(cell.code, NewUnit(name=cell.name, type=below, parent_code=unit.code)) for cell in command.cells],
        new_id,
    )
    work.place(unit, list(zip(command.cells, cells, strict=True)), MoveReason.UPGRADE, all_of_it=True)
    work.refuse_comers(unit)
    work.refuse()
    warnings = change_warnings(unit, upgrade)
    if command.cells:
        warnings += [*_too_few_for_committee(unit, len(known.people)), *work.too_few_members(cells)]
    return work.done(unit.code, None, warnings)


def _target(work: Work, command: MergeOrganisations, new_id: Callable[[], UUID]) -> Organisation:
    if command.establish is None:
        return work.unit_named("target", command.target)
    [target] = work.found([(command.target, command.establish)], new_id)
    return target


def _kind_faults(source: Organisation, target: Organisation, day: date) -> list[Fault]:
    one, other = source.on(day).type, target.on(day).type
    if _KINDS[one] == _KINDS[other]:
        return []
    facts = {
        "source": source.code,
        "type": TYPE_LABELS[one],
        "target": target.code,
        "other": TYPE_LABELS[other],
    }
    return [Fault("merged-kinds-differ", "sources", facts)]


_KINDS: Final[Mapping[OrganisationType, str]] = {
    OrganisationType.BLOC: "bloc",
    OrganisationType.GRASSROOTS_COMMITTEE: "committee",
    OrganisationType.DIVISIONAL_COMMITTEE: "committee",
    OrganisationType.GRASSROOTS_CELL: "cell",
    OrganisationType.SUBORDINATE_CELL: "cell",
}
"""What merges with one another: units that hold the same, members or units."""


def _end_faults(target: Organisation, command: MergeOrganisations) -> list[Fault]:
    """Return why a unit cannot take others in: it ends or becomes another kind of unit later, as is known already."""
    kind = _KINDS[target.on(command.effective_date).type]
    later = [state for state in target.states_from(command.effective_date) if _KINDS[state.type] != kind]
    if target.dissolved_on or later:
        day = target.dissolved_on or later[0].since
        return [Fault("target-ends-later", "target", {"value": target.code, "day": day})]
    return []


def _too_small_to_decide(cells: Iterable[Organisation], official: Mapping[UUID, int]) -> Iterator[Fault]:
    least = thresholds.LEAST_OFFICIAL_MEMBERS
    for cell in cells:
        if official[cell.id] < least.value:
            facts = {
                "value": cell.code,
                "official": official[cell.id],
                "least": least.value,
                "source": least.source,
            }
            yield Fault("merged-by-superior", "sources", facts)


def _too_few_for_committee(unit: Organisation, members: int) -> Iterator[Fault]:
    least = thresholds.GRASSROOTS_COMMITTEE_FROM
    if members < least.value:
        facts = {"value": unit.code, "members": members, "least": least.value, "source": least.source}
        yield Fault("committee-of-few-members", "cells", facts)
