"""The rules of awards: what is granted and withdrawn, and which years the five-year flag rests on. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.membership import DocumentRef
from contracts.ratings import (
    AwardEvent,
    AwardKind,
    AwardLevel,
    MemberAwarded,
    MemberAwardWithdrawn,
    OrganisationAwarded,
    OrganisationAwardWithdrawn,
)
from services.membership.domain import DomainError, name_faults
from services.membership.faults import Fault
from services.membership.thresholds import Threshold

FLAG: Final = AwardKind.FIVE_YEAR_FLAG


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAward:
    """Award something to a unit or a member on a day."""

    kind: AwardKind
    level: AwardLevel
    title: str
    awarded_on: date
    last_year: int | None = None
    """Of a five-year flag: the last of its years; the one before the award where nothing is said."""
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """An award as recorded; `version` counts its events. One of the two ids is there."""

    id: UUID
    member_id: UUID | None
    organisation_id: UUID | None
    kind: AwardKind
    level: AwardLevel
    title: str
    awarded_on: date
    last_year: int | None
    decision_date: date | None
    document: DocumentRef | None
    cell_id: UUID | None = None
    """Of an award to a member: where they counted on that day, if it was known and they did."""
    version: int = 1
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class DecidedAward:
    """An event that now happened to an award, and the award after it."""

    state: Award
    event: AwardEvent


def decide_award(
    command: GrantAward,
    *,
    new_id: UUID,
    member_id: UUID | None = None,
    cell_id: UUID | None = None,
    organisation_id: UUID | None = None,
    established_on: date | None = None,
    standing: Collection[Award] = (),
    today: date,
) -> DecidedAward:
    """Return the award to a member, who counted in a cell on that day, or to a unit, founded on `established_on`.

    They have those `standing` already. A flag that no five years call for is granted all the same: see
    `flag_warnings`. Raises DomainError.
    """
    faults = name_faults("title", command.title)
    if command.awarded_on > today:
        faults.append(Fault("awarded-in-future", "awarded_on", {"awarded_on": command.awarded_on}))
    if established_on is not None and command.awarded_on < established_on:
        dates = {"awarded_on": command.awarded_on, "established_on": established_on}
        faults.append(Fault("awarded-before-established", "awarded_on", dates))
    if command.kind is FLAG and member_id is not None:
        faults.append(Fault("flag-of-units", "kind"))
    if command.kind is not FLAG and command.last_year is not None:
        faults.append(Fault("last-year-of-flag", "last_year"))
    last_year = None
    if command.kind is FLAG:
        last_year = command.last_year or command.awarded_on.year - 1
        if last_year > command.awarded_on.year:
            values = {"awarded_on": command.awarded_on, "last_year": last_year}
            faults.append(Fault("flag-before-years", "last_year", values))
    if any(
        (one.kind, one.title, one.awarded_on) == (command.kind, command.title, command.awarded_on)
        for one in standing
    ):
        faults.append(Fault("already-awarded", "title", {"awarded_on": command.awarded_on}))
    if faults:
        raise DomainError(faults)
    state = Award(
        id=new_id,
        member_id=member_id,
        organisation_id=organisation_id,
        kind=command.kind,
        level=command.level,
        title=command.title,
        awarded_on=command.awarded_on,
        last_year=last_year,
        decision_date=command.decision_date,
        document=command.document,
        cell_id=cell_id,
    )
    return DecidedAward(state, _awarded(state))


def decide_withdrawal(award: Award, *, decision_date: date | None) -> DecidedAward:
    """Return the end of an award that was recorded wrongly or taken back: it counts no more, from the beginning."""
    if award.withdrawn:
        raise DomainError([Fault("award-withdrawn")])
    state = replace(award, withdrawn=True, version=award.version + 1)
    if award.member_id is not None:
        return DecidedAward(
            state,
            MemberAwardWithdrawn(
                effective_date=award.awarded_on,
                decision_date=decision_date,
                member_award_id=award.id,
                member_id=award.member_id,
                kind=award.kind,
                level=award.level,
                cell_id=award.cell_id,
            ),
        )
    return DecidedAward(
        state,
        OrganisationAwardWithdrawn(
            effective_date=award.awarded_on,
            decision_date=decision_date,
            award_id=award.id,
            organisation_id=_unit(award),
            kind=award.kind,
            level=award.level,
        ),
    )


def flag_years(last_year: int, years: int) -> range:
    """Return the years that a flag for `years` in a row up to `last_year` rests on."""
    return range(last_year - years + 1, last_year + 1)


def flag_warnings(award: Award, excellent: Collection[int], rule: Threshold) -> list[Fault]:
    """Return which of its years a five-year flag misses, where the unit was `excellent` in those years."""
    if award.kind is not FLAG or award.last_year is None:
        return []
    missing = [year for year in flag_years(award.last_year, rule.value) if year not in excellent]
    if not missing:
        return []
    values = {"years": ", ".join(map(str, missing)), "count": rule.value, "source": rule.source}
    return [Fault("flag-years-missing", "last_year", values)]


def _awarded(state: Award) -> MemberAwarded | OrganisationAwarded:
    if state.member_id is not None:
        return MemberAwarded(
            effective_date=state.awarded_on,
            decision_date=state.decision_date,
            member_award_id=state.id,
            member_id=state.member_id,
            kind=state.kind,
            level=state.level,
            cell_id=state.cell_id,
        )
    return OrganisationAwarded(
        effective_date=state.awarded_on,
        decision_date=state.decision_date,
        award_id=state.id,
        organisation_id=_unit(state),
        kind=state.kind,
        level=state.level,
        title=state.title,
        last_year=state.last_year,
        document=state.document,
    )


def _unit(award: Award) -> UUID:
    if award.organisation_id is None:
        raise ValueError("an award is to a member or to a unit")
    return award.organisation_id
