"""Teams and absences in PostgreSQL: a state read for a decision, and what was decided written with its event."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg

from chassis.database import Connection
from chassis.event_log import ConcurrentChange
from chassis.vietnamese import nfc
from contracts.inspection import Absence, Seat, TeamRole, TeamTerms
from services.inspection.faults import Fault, FaultsFound
from services.inspection.problems import unknown_team
from services.inspection.store import Store
from services.inspection.teams.absences import AbsenceDecided, AbsenceReason, Away
from services.inspection.teams.domain import Team, TeamDecided

Row = Mapping[str, Any]

_NEW: Final = """
    INSERT INTO teams (id, code, name, from_on, until_on, withdrawn, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_CHANGE: Final = """
    UPDATE teams SET code = $2, name = $3, from_on = $4, until_on = $5, withdrawn = $6, version = $7
    WHERE id = $1 AND version = $7 - 1
"""
_SEAT: Final = """
    INSERT INTO seats (id, team_id, member_id, role, from_on, until_on) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (id) DO UPDATE
    SET member_id = excluded.member_id, role = excluded.role, from_on = excluded.from_on,
        until_on = excluded.until_on
"""
_AREA: Final = """
    INSERT INTO areas (team_id, from_on, unit_ids) VALUES ($1, $2, $3)
    ON CONFLICT (team_id, from_on) DO UPDATE SET unit_ids = excluded.unit_ids
"""
_NEW_ABSENCE: Final = """
    INSERT INTO absences (id, member_id, first_on, last_on, reason, withdrawn, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_CHANGE_ABSENCE: Final = """
    UPDATE absences SET member_id = $2, first_on = $3, last_on = $4, reason = $5, withdrawn = $6, version = $7
    WHERE id = $1 AND version = $7 - 1
"""
_BEARS: Final = "SELECT * FROM teams WHERE code = $1 AND NOT withdrawn"
_VISITS: Final = "SELECT count(*) FROM visits WHERE team_id = $1 AND NOT withdrawn"
# One lock for a person: two absences that overlap cannot both find the other one missing.
_HOLD_PERSON: Final = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 6107))"
_SITS: Final = """
    SELECT EXISTS (
        SELECT FROM seats AS seat JOIN teams AS team ON team.id = seat.team_id
        WHERE seat.member_id = $1 AND NOT team.withdrawn
          AND greatest(seat.from_on, team.from_on) <= $3
          AND coalesce(least(seat.until_on, team.until_on), 'infinity') > greatest(seat.from_on, team.from_on, $2)
    )
"""


class TeamStore:
    """Reads for a decision, and writes, in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    async def team(self, code: str) -> Team | None:
        """Return a team, held as it is until the transaction ends; None where no team has that code."""
        row = await self._connection.fetchrow(
            "SELECT * FROM teams WHERE code = $1 AND NOT withdrawn FOR UPDATE", code
        )
        return None if row is None else (await read_teams(self._connection, [row]))[0]

    async def visits(self, team: Team) -> int:
        """Return how many visits of a team are recorded."""
        count: int = await self._connection.fetchval(_VISITS, team.id)
        return count

    async def others_on(self, team: Team, day: date) -> list[Team]:
        """Return the other teams that are there on a day."""
        rows = await self._connection.fetch(f"{THERE} AND id <> $2", day, team.id)
        return await read_teams(self._connection, rows)

    async def save(self, decided: TeamDecided) -> None:
        """Write a team, and append its event. Raises FaultsFound `team-code-taken`, ConcurrentChange."""
        state, terms = decided.state, decided.state.terms
        try:
            done = await self._connection.execute(
                _NEW if state.version == 1 else _CHANGE,
                state.id, terms.code, terms.name, terms.from_on, terms.until_on, state.withdrawn, state.version,
            )  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "teams_code":
                raise FaultsFound([Fault("team-code-taken", "code", {"code": terms.code})]) from error
            raise
        if done.endswith(" 0"):
            raise ConcurrentChange
        await self._connection.execute(
            "DELETE FROM seats WHERE team_id = $1 AND id <> ALL($2::uuid[])", state.id, list(state.seats)
        )
        await self._connection.executemany(
            _SEAT,
            [
                (id_, state.id, seat.member_id, seat.role.value, seat.from_on, seat.until_on)
                for id_, seat in state.seats.items()
            ],
        )
        await self._connection.executemany(
            _AREA, [(state.id, from_on, sorted(units)) for from_on, units in state.areas.items()]
        )
        await self._store.append(decided.event, state.version)


class AbsenceStore:
    """Reads for a decision on somebody's absence, and writes, in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    async def absence(self, id_: UUID) -> Away | None:
        """Return an absence, held as it is until the transaction ends; None where there is none of that id."""
        row = await self._connection.fetchrow("SELECT * FROM absences WHERE id = $1 FOR UPDATE", id_)
        return None if row is None else away(row)

    async def others_of(self, member_id: UUID, *, but: UUID | None = None) -> list[Away]:
        """Return the absences of a person but one; nobody else records another until the transaction ends."""
        await self._connection.execute(_HOLD_PERSON, str(member_id))
        rows = await self._connection.fetch(
            "SELECT * FROM absences WHERE member_id = $1 AND NOT withdrawn", member_id
        )
        return [away(row) for row in rows if row["id"] != but]

    async def sits(self, days: Absence) -> bool:
        """Return whether somebody sits in a team on one of these days."""
        found: bool = await self._connection.fetchval(_SITS, days.member_id, days.first_on, days.last_on)
        return found

    async def save(self, decided: AbsenceDecided) -> None:
        """Write an absence, and append its event. Raises ConcurrentChange."""
        state, days = decided.state, decided.state.days
        done = await self._connection.execute(
            _NEW_ABSENCE if state.version == 1 else _CHANGE_ABSENCE,
            state.id, days.member_id, days.first_on, days.last_on, state.reason.value, state.withdrawn,
            state.version,
        )  # fmt: skip
        if done.endswith(" 0"):
            raise ConcurrentChange
        await self._store.append(decided.event, state.version)


THERE: Final = """
    SELECT * FROM teams
    WHERE NOT withdrawn AND from_on <= $1 AND (until_on IS NULL OR until_on > $1)
"""
"""Teams that are there on a day."""


async def known_team(connection: Connection, code: str, *, hold: bool = False) -> Team:
    """Return the team of a code, kept as it is until the transaction ends if `hold`.

    Raises Problem `unknown-team` (404).
    """
    wanted = nfc(code).replace("\0", "\ufffd")
    row = await connection.fetchrow(f"{_BEARS}{' FOR SHARE' if hold else ''}", wanted)
    if row is None:
        raise unknown_team(code)
    return (await read_teams(connection, [row]))[0]


async def team_of(connection: Connection, id_: UUID) -> Team:
    """Return the team of an id that is recorded."""
    rows = await connection.fetch("SELECT * FROM teams WHERE id = $1", id_)
    return (await read_teams(connection, rows))[0]


async def read_teams(connection: Connection, rows: Collection[Row]) -> list[Team]:
    """Return the teams of these rows of the table, in their order, with their seats and areas."""
    ids = [row["id"] for row in rows]
    seats = await connection.fetch(
        "SELECT * FROM seats WHERE team_id = ANY($1::uuid[]) ORDER BY from_on, id", ids
    )
    areas = await connection.fetch(
        "SELECT * FROM areas WHERE team_id = ANY($1::uuid[]) ORDER BY from_on", ids
    )
    return [_team(row, _of(row["id"], seats), _of(row["id"], areas)) for row in rows]


def _of(team: UUID, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["team_id"] == team]


def _team(row: Row, seats: Iterable[Row], areas: Iterable[Row]) -> Team:
    return Team(
        id=row["id"],
        terms=TeamTerms(code=row["code"], name=row["name"], from_on=row["from_on"], until_on=row["until_on"]),
        seats={
            seat["id"]: Seat(
                member_id=seat["member_id"],
                role=TeamRole(seat["role"]),
                from_on=seat["from_on"],
                until_on=seat["until_on"],
            )
            for seat in seats
        },
        areas={area["from_on"]: frozenset(area["unit_ids"]) for area in areas},
        withdrawn=row["withdrawn"],
        version=row["version"],
    )


def away(row: Row) -> Away:
    """Return the absence in a row of the table."""
    return Away(
        id=row["id"],
        days=Absence(member_id=row["member_id"], first_on=row["first_on"], last_on=row["last_on"]),
        reason=AbsenceReason(row["reason"]),
        withdrawn=row["withdrawn"],
        version=row["version"],
    )
