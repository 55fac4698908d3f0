"""The situation of a month, read from what the service has recorded itself and heard of others."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from contracts.meetings import MeetingKind, MeetingStatus
from replicas.membership.members import Placed, placed_on
from replicas.membership.tree import Units
from rules.guidance import MeetingGrade
from services.inspection.days import VIETNAM, local_day, months_between
from services.inspection.plans.policy import Policy, policy_of
from services.inspection.plans.situation import (
    Kind,
    Meeting,
    MeetingState,
    Rule,
    Situation,
    Span,
    Standing,
    Whereabouts,
)
from services.inspection.teams.domain import Team
from services.inspection.teams.store import read_teams

Row = Mapping[str, Any]

_MEETINGS: Final = """
    SELECT id, cell_id, kind, starts_at, thematic, status FROM meetings
    WHERE month = $1 OR id IN (SELECT meeting_id FROM visit_assignments WHERE visit_plan_id = $2)
"""
_TEAMS: Final = """
    SELECT * FROM teams WHERE NOT withdrawn AND from_on <= $2 AND (until_on IS NULL OR until_on > $1) ORDER BY code
"""
_ABSENCES: Final = """
    SELECT member_id, first_on, last_on FROM absences WHERE NOT withdrawn AND first_on <= $2 AND last_on >= $1
"""
# When each cell was last visited, or a visit of an earlier month was planned that was not recorded by now.
_VISITED: Final = """
    SELECT cell_id, max(day) AS day FROM (
        SELECT cell_id, visited_on AS day FROM visits WHERE NOT withdrawn AND visited_on <= $2
        UNION ALL
        SELECT cell_id, (starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        FROM visit_assignments AS visit JOIN visit_plans AS plan ON plan.id = visit.visit_plan_id
        WHERE plan.status = 'approved' AND plan.month < $1 AND visit.lapsed IS NULL AND NOT visit.removed
    ) AS visited
    GROUP BY cell_id
"""
_FINDINGS: Final = """
    SELECT cell_id, count(*) AS open, count(*) FILTER (WHERE due_on < $1) AS overdue FROM findings
    WHERE NOT withdrawn AND state <> 'closed' AND found_on <= $1
    GROUP BY cell_id
"""
# The superior's word, else the inspector's, else the cell's own, of the last meeting that has any.
_GRADES: Final = """
    SELECT DISTINCT ON (cell_id) cell_id, grade FROM (
        SELECT meeting.cell_id, meeting.starts_at, score.grade,
               CASE score.kind WHEN 'official' THEN 0 ELSE 2 END AS rank
        FROM meeting_scores AS score JOIN meetings AS meeting ON meeting.id = score.meeting_id
        UNION ALL
        SELECT visit.cell_id, meeting.starts_at, score.grade, 1
        FROM visit_scores AS score
        JOIN visits AS visit ON visit.id = score.visit_id
        JOIN meetings AS meeting ON meeting.id = visit.meeting_id
        WHERE NOT visit.withdrawn
    ) AS scored
    WHERE starts_at < $1
    ORDER BY cell_id, starts_at DESC, rank
"""
_ENGAGED: Final = """
    SELECT member_id, starts_at FROM visit_assignments
    WHERE visit_plan_id <> $1 AND lapsed IS NULL AND NOT removed AND starts_at BETWEEN $2 AND $3
"""
_LOAD: Final = """
    SELECT member_id, count(*) AS visits FROM visit_assignments AS visit
    JOIN visit_plans AS plan ON plan.id = visit.visit_plan_id
    WHERE plan.month >= $1 AND plan.month < $2 AND lapsed IS NULL AND NOT removed
    GROUP BY member_id
"""
_DAY: Final = timedelta(days=1)
_FIRST: Final = date.min + _DAY


async def read_situation(
    connection: Connection, month: date, plan: UUID, *, on: date | None, now: datetime
) -> Situation:
    """Return the situation of a month, whose plan has or will have that id, as the service knows it now.

    What begins before `on` is over; before `now` where that is None. Raises NoPolicyError for a month before any
    policy.
    """
    policy = policy_of(month)
    # In UTC the first day of all would begin before any.
    since = now if on is None else datetime.combine(max(on, _FIRST), time(), VIETNAM)
    today = on or local_day(now)
    units = await Units.read(connection)
    rows = await connection.fetch(_MEETINGS, month, plan)
    days = sorted({local_day(row["starts_at"]) for row in rows if row["starts_at"] is not None})
    types = {day: units.types_on(day) for day in days}
    meetings = {row["id"]: _meeting(row, types, since, is_now=on is None) for row in rows}
    return Situation(
        month=month,
        policy=policy,
        meetings=meetings,
        people=await _people(connection, units, days),
        cells=await _cells(
            connection, units, month, {one.cell_id for one in meetings.values()}, today=today, since=since
        ),
        engaged=await _engaged(connection, plan, policy, rows),
        load=await _load(connection, policy, month),
        codes=units.codes,
    )


def _meeting(row: Row, types: Mapping[date, Mapping[UUID, str]], since: datetime, *, is_now: bool) -> Meeting:
    starts_at: datetime | None = row["starts_at"]
    kinds = {Kind.REGULAR} if row["kind"] == MeetingKind.REGULAR else set()
    if row["thematic"] or row["kind"] == MeetingKind.THEMATIC:
        kinds.add(Kind.THEMATIC)
    if row["kind"] == MeetingKind.EXTRAORDINARY:
        kinds.clear()
    type_ = None if starts_at is None else types[local_day(starts_at)].get(row["cell_id"])
    kinds |= {kind for kind in (Kind.GRASSROOTS, Kind.SUBORDINATE) if kind == type_}
    return Meeting(
        id=row["id"],
        cell_id=row["cell_id"],
        starts_at=starts_at,
        kinds=frozenset(kinds),
        state=_state(MeetingStatus(row["status"]), starts_at, since, is_now=is_now),
    )


def _state(
    status: MeetingStatus, starts_at: datetime | None, since: datetime, *, is_now: bool
) -> MeetingState:
    if status is MeetingStatus.CANCELLED:
        return MeetingState.CANCELLED
    if starts_at is None or status is MeetingStatus.POSTPONED:
        return MeetingState.POSTPONED
    is_over = starts_at < since or (is_now and status is MeetingStatus.HELD)
    return MeetingState.OVER if is_over else MeetingState.AHEAD


async def _people(
    connection: Connection, units: Units, days: Collection[date]
) -> dict[UUID, dict[date, Whereabouts]]:
    if not days:
        return {}
    teams = await read_teams(connection, await connection.fetch(_TEAMS, min(days), max(days)))
    away = await connection.fetch(_ABSENCES, min(days), max(days))
    people: dict[UUID, dict[date, Whereabouts]] = {}
    for day in days:
        seats = _seats(teams, day)
        placed = await placed_on(connection, seats, day)
        absent = {row["member_id"] for row in away if row["first_on"] <= day <= row["last_on"]}
        cells = units.cells_on(day)
        areas = {team.id: units.below(team.area_on(day), day) & cells for team in teams}
        for member_id, its in seats.items():
            at = placed.get(member_id)
            people.setdefault(member_id, {})[day] = Whereabouts(
                team_id=its[0].id,
                hindrance=_hindrance(at, is_absent=member_id in absent),
                homes=frozenset(cell for cell in (at.cell_id, at.host_id) if cell) if at else frozenset(),
                areas={cell: team.id for team in reversed(its) for cell in areas[team.id]},
            )
    return people


def _seats(teams: Collection[Team], day: date) -> dict[UUID, list[Team]]:
    """Return the teams in which each person sits on a day, by their codes."""
    found: dict[UUID, list[Team]] = {}
    for team in teams:
        for seat in team.seats_on(day).values():
            found.setdefault(seat.member_id, []).append(team)
    return found


def _hindrance(placed: Placed | None, *, is_absent: bool) -> Rule | None:
    if placed is None:
        return Rule.NOT_IN_REGISTER
    holds = {Rule.SUSPENDED: placed.suspended, Rule.EXEMPT: placed.exempt, Rule.ABSENT: is_absent}
    return next((rule for rule, is_so in holds.items() if is_so), None)


async def _cells(
    connection: Connection,
    units: Units,
    month: date,
    meeting: Collection[UUID],
    *,
    today: date,
    since: datetime,
) -> dict[UUID, Standing]:
    visited = {row["cell_id"]: row["day"] for row in await connection.fetch(_VISITED, month, today)}
    findings = {row["cell_id"]: row for row in await connection.fetch(_FINDINGS, today)}
    grades = {row["cell_id"]: row["grade"] for row in await connection.fetch(_GRADES, since)}
    return {
        cell: Standing(
            months=max(0, months_between(visited[cell], month)) if cell in visited else None,
            findings=findings[cell]["open"] if cell in findings else 0,
            overdue=findings[cell]["overdue"] if cell in findings else 0,
            grade=MeetingGrade(grades[cell]) if cell in grades else None,
        )
        for cell in {*units.cells_on(month), *meeting}
    }


async def _engaged(
    connection: Connection, plan: UUID, policy: Policy, meetings: Collection[Row]
) -> dict[UUID, list[Span]]:
    times = [row["starts_at"] for row in meetings if row["starts_at"] is not None]
    if not times:
        return {}
    length = timedelta(minutes=policy.minutes_combined + policy.travel_minutes)
    found: dict[UUID, list[Span]] = {}
    for row in await connection.fetch(_ENGAGED, plan, min(times) - _DAY, max(times) + _DAY):
        span = Span(begins=row["starts_at"], ends=row["starts_at"] + length)
        found.setdefault(row["member_id"], []).append(span)
    return found


async def _load(connection: Connection, policy: Policy, month: date) -> Counter[UUID]:
    first = month
    for _ in range(policy.weights.load_months):
        first = (first - _DAY).replace(day=1)
    return Counter({row["member_id"]: row["visits"] for row in await connection.fetch(_LOAD, first, month)})
