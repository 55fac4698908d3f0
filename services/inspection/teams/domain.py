"""What becomes of a working team: pure functions from a state and a command to an event.

A team is there on some days, has its people in seats with terms, and from a day on an area: units with all below
them. What is recorded late or put right is held against the same rules as what is recorded in time: the team as it
would be is looked at as a whole, and refused if it could not have been.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Final
from uuid import UUID

from contracts.inspection import (
    Seat,
    TeamAreaSet,
    TeamDissolved,
    TeamEvent,
    TeamFormed,
    TeamMemberReleased,
    TeamMemberSeated,
    TeamRestated,
    TeamRole,
    TeamSeatRestated,
    TeamTerms,
)
from contracts.membership import DocumentRef, Standing
from services.inspection.faults import Fault, FaultsFound

Units = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who ordered something, and when; what the source does not state is None."""

    on: date | None = None
    document: DocumentRef | None = None


UNSTATED: Final = Decision()


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A working team; `version` counts its events."""

    id: UUID
    terms: TeamTerms
    seats: Mapping[UUID, Seat] = field(default_factory=dict)
    """By their ids, all that were held and are not known to be wrong."""
    areas: Mapping[date, Units] = field(default_factory=dict)
    """From which day on it is responsible for which units, until the next of these days."""
    withdrawn: bool = False
    """It never was."""
    version: int = 1

    def is_there(self, day: date) -> bool:
        """Return whether it is there on a day."""
        return not self.withdrawn and _covers(self.terms.from_on, self.terms.until_on, day)

    def area_on(self, day: date) -> Units:
        """Return the units that it is responsible for on a day, with all below them; none where it is not there."""
        since = max((first for first in self.areas if first <= day), default=None)
        return frozenset() if since is None or not self.is_there(day) else self.areas[since]

    def seats_on(self, day: date) -> dict[UUID, Seat]:
        """Return the seats that are held on a day; none where the team is not there."""
        return {
            id_: seat
            for id_, seat in self.seats.items()
            if self.is_there(day) and _covers(seat.from_on, seat.until_on, day)
        }


@dataclass(frozen=True, slots=True)
class TeamDecided:
    """A team as a command leaves it, its event, and what is unusual about it."""

    state: Team
    event: TeamEvent
    warnings: tuple[Fault, ...] = ()


def decide_formation(terms: TeamTerms, *, new_id: UUID, decision: Decision = UNSTATED) -> TeamDecided:
    """Return a new team, without anybody in it. Raises FaultsFound `ends-before-it-starts`."""
    event = TeamFormed(
        effective_date=terms.from_on,
        decision_date=decision.on,
        team_id=new_id,
        after=terms,
        document=decision.document,
    )
    return _decided(Team(id=new_id, terms=terms), event)


def decide_dissolution(team: Team, on: date, decision: Decision = UNSTATED) -> TeamDecided:
    """Return a team that is no more from a day on; its seats and its area end with it.

    Raises FaultsFound `already-ended`, and for a day before it was formed, or before somebody took a seat.
    """
    if team.terms.until_on is not None:
        raise FaultsFound([Fault("already-ended", "on", {"until": team.terms.until_on})])
    terms = team.terms.model_copy(update={"until_on": on})
    event = TeamDissolved(
        effective_date=on,
        decision_date=decision.on,
        team_id=team.id,
        before=team.terms,
        after=terms,
        document=decision.document,
    )
    return _decided(_next(team, terms=terms), event)


def decide_correction(team: Team, terms: TeamTerms, decision: Decision = UNSTATED) -> TeamDecided:
    """Return a team of which something else is true than was said. Raises FaultsFound, also `nothing-changes`."""
    if terms == team.terms:
        raise FaultsFound([Fault("nothing-changes")])
    event = TeamRestated(
        effective_date=_first_difference(
            (team.terms.from_on, team.terms.until_on),
            (terms.from_on, terms.until_on),
            same=(team.terms.code, team.terms.name) == (terms.code, terms.name),
        ),
        decision_date=decision.on,
        team_id=team.id,
        before=team.terms,
        after=terms,
        document=decision.document,
    )
    return _decided(_next(team, terms=terms), event)


def decide_withdrawal(team: Team, decision: Decision = UNSTATED, *, visits: int = 0) -> TeamDecided:
    """Return that a team never was: neither were its seats and its area; `visits` is how many it made.

    Raises FaultsFound `team-has-visits`.
    """
    if visits:
        raise FaultsFound([Fault("team-has-visits", None, {"team": team.terms.code, "count": visits})])
    event = TeamRestated(
        effective_date=team.terms.from_on,
        decision_date=decision.on,
        team_id=team.id,
        before=team.terms,
        after=None,
        document=decision.document,
    )
    return _decided(_next(team, withdrawn=True), event)


def decide_area(team: Team, from_on: date, units: Units, decision: Decision = UNSTATED) -> TeamDecided:
    """Return a team that is responsible for other units from a day on, up to the day of the next area told.

    Raises FaultsFound `outside-team` and `nothing-changes`.
    """
    if not team.is_there(from_on):
        raise FaultsFound([Fault("outside-team", "from_on", {"day": from_on, "team": team.terms.code})])
    before = team.area_on(from_on)
    if before == units:
        raise FaultsFound([Fault("nothing-changes")])
    event = TeamAreaSet(
        effective_date=from_on,
        decision_date=decision.on,
        team_id=team.id,
        until_on=min((day for day in team.areas if day > from_on), default=None),
        before=tuple(sorted(before)),
        after=tuple(sorted(units)),
        document=decision.document,
    )
    return _decided(_next(team, areas={**team.areas, from_on: units}), event)


def decide_seat(
    team: Team, seat: Seat, *, new_id: UUID, standing: Standing | None, decision: Decision = UNSTATED
) -> TeamDecided:
    """Return that somebody sits in a team; `standing` is theirs in the register on the first day, None for none.

    Raises FaultsFound where they are not in the register, sit in the team already, or lead it beside another.
    """
    event = TeamMemberSeated(
        effective_date=seat.from_on,
        decision_date=decision.on,
        team_id=team.id,
        seat_id=new_id,
        after=seat,
        document=decision.document,
    )
    warnings = _check_register(seat, standing)
    return _decided(_next(team, seats={**team.seats, new_id: seat}), event, warnings)


def decide_release(team: Team, seat_id: UUID, on: date, decision: Decision = UNSTATED) -> TeamDecided:
    """Return that somebody sits in a team no more from a day on. Raises FaultsFound `already-ended`."""
    seat = team.seats[seat_id]
    if seat.until_on is not None:
        raise FaultsFound([Fault("already-ended", "on", {"until": seat.until_on})])
    after = seat.model_copy(update={"until_on": on})
    event = TeamMemberReleased(
        effective_date=on,
        decision_date=decision.on,
        team_id=team.id,
        seat_id=seat_id,
        before=seat,
        after=after,
        document=decision.document,
    )
    return _decided(_next(team, seats={**team.seats, seat_id: after}), event)


def decide_seat_correction(
    team: Team,
    seat_id: UUID,
    after: Seat,
    *,
    standing: Standing | None,
    decision: Decision = UNSTATED,
) -> TeamDecided:
    """Return a seat of which something else is true than was said; `standing` is of its first day, as it is now.

    Raises FaultsFound as `decide_seat`, and `nothing-changes`.
    """
    before = team.seats[seat_id]
    if before == after:
        raise FaultsFound([Fault("nothing-changes")])
    event = TeamSeatRestated(
        effective_date=_first_difference(
            (before.from_on, before.until_on),
            (after.from_on, after.until_on),
            same=(before.member_id, before.role) == (after.member_id, after.role),
        ),
        decision_date=decision.on,
        team_id=team.id,
        seat_id=seat_id,
        before=before,
        after=after,
        document=decision.document,
    )
    warnings = _check_register(after, standing)
    return _decided(_next(team, seats={**team.seats, seat_id: after}), event, warnings)


def decide_seat_withdrawal(team: Team, seat_id: UUID, decision: Decision = UNSTATED) -> TeamDecided:
    """Return that a seat never was held."""
    before = team.seats[seat_id]
    event = TeamSeatRestated(
        effective_date=before.from_on,
        decision_date=decision.on,
        team_id=team.id,
        seat_id=seat_id,
        before=before,
        after=None,
        document=decision.document,
    )
    others = {id_: seat for id_, seat in team.seats.items() if id_ != seat_id}
    return _decided(_next(team, seats=others), event)


def _next(
    team: Team,
    *,
    terms: TeamTerms | None = None,
    seats: Mapping[UUID, Seat] | None = None,
    areas: Mapping[date, Units] | None = None,
    withdrawn: bool = False,
) -> Team:
    return replace(
        team,
        terms=terms or team.terms,
        seats=team.seats if seats is None else seats,
        areas=team.areas if areas is None else areas,
        withdrawn=withdrawn,
        version=team.version + 1,
    )


def _decided(state: Team, event: TeamEvent, warnings: tuple[Fault, ...] = ()) -> TeamDecided:
    """Return what was decided. Raises FaultsFound where the team could not have been so."""
    if faults := list(_faults(state)):
        raise FaultsFound(faults)
    return TeamDecided(state, event, warnings)


def _faults(team: Team) -> Iterator[Fault]:
    """Yield what is impossible about a team. An area may stand outside its days: it does not hold there."""
    terms = team.terms
    spans = [(terms.from_on, terms.until_on), *((one.from_on, one.until_on) for one in team.seats.values())]
    if any(until is not None and until <= from_on for from_on, until in spans):
        yield Fault("ends-before-it-starts", "until_on")
        return
    begins = [seat.from_on for seat in team.seats.values()]
    if outside := [day for day in begins if not _covers(terms.from_on, terms.until_on, day)]:
        yield Fault("outside-team", "from_on", {"day": min(outside), "team": terms.code})
    for one, other in combinations(sorted(team.seats.values(), key=lambda seat: seat.from_on), 2):
        if one.until_on is None or other.from_on < one.until_on:
            if one.member_id == other.member_id:
                yield Fault("seated-twice", "from_on", {"day": other.from_on, "team": terms.code})
            if one.role is other.role is TeamRole.LEADER:
                yield Fault("two-leaders", "role", {"day": other.from_on, "team": terms.code})


def _check_register(seat: Seat, standing: Standing | None) -> tuple[Fault, ...]:
    """Return what is unusual about who takes a seat. Raises FaultsFound `not-in-register`."""
    if standing is None:
        raise FaultsFound([Fault("not-in-register", "member_id", {"day": seat.from_on})])
    if standing is Standing.PROBATIONARY:
        return (Fault("on-probation", "member_id", {"day": seat.from_on}),)
    return ()


def _covers(from_on: date, until_on: date | None, day: date) -> bool:
    return from_on <= day and (until_on is None or day < until_on)


_Days = tuple[date, date | None]


def _first_difference(before: _Days, after: _Days, *, same: bool) -> date:
    """Return the first day on which it is otherwise; `same` where nothing but the days is."""
    if not same or before[0] != after[0]:
        return min(before[0], after[0])
    return min(day for day in (before[1], after[1]) if day is not None)
