"""Plans of visits in PostgreSQL: one read for a decision, and what was decided written with its events."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from chassis.database import Connection
from chassis.event_log import ConcurrentChange
from contracts.visit_plans import PlannedVisit, VisitChange
from services.inspection.days import month_text
from services.inspection.faults import Fault, FaultsFound
from services.inspection.notices import outbox
from services.inspection.plans.plan import Decided, Pin, Plan, PlanStatus, Visit, assignment_id
from services.inspection.plans.reasons import LeftOut, Reason
from services.inspection.plans.rules import Ban, Limits
from services.inspection.plans.situation import Rule
from services.inspection.store import Store

Row = Mapping[str, Any]

_NEW: Final = """
    INSERT INTO visit_plans (id, month, status, per_person, at_most, left_out, version)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)
"""
_CHANGE: Final = """
    UPDATE visit_plans SET status = $3, per_person = $4, at_most = $5, left_out = $6::jsonb, version = $7
    WHERE id = $1 AND month = $2 AND version = $7 - 1
"""
_ASSIGN: Final = """
    INSERT INTO visit_assignments
        (id, visit_plan_id, meeting_id, cell_id, starts_at, member_id, team_id, pin, lapsed, why, version, removed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, false)
    ON CONFLICT (id) DO UPDATE
    SET cell_id = excluded.cell_id, starts_at = excluded.starts_at, member_id = excluded.member_id,
        team_id = excluded.team_id, pin = excluded.pin, lapsed = excluded.lapsed, why = excluded.why,
        version = excluded.version, removed = false
"""
_FORGET: Final = """
    DELETE FROM visit_assignments WHERE visit_plan_id = $1 AND version = 0 AND meeting_id <> ALL($2::uuid[])
"""
_REMOVE: Final = """
    UPDATE visit_assignments SET removed = true, version = $3 WHERE visit_plan_id = $1 AND meeting_id = $2
"""
_BAN: Final = "INSERT INTO visit_bans (visit_plan_id, meeting_id, member_id) VALUES ($1, $2, $3)"


class PlanStore:
    """Reads for a decision, and writes, in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    async def plan(self, month: date) -> Plan | None:
        """Return the plan of a month, held as it is until the transaction ends; None where there is none."""
        row = await self._connection.fetchrow("SELECT * FROM visit_plans WHERE month = $1 FOR UPDATE", month)
        return None if row is None else (await read_plans(self._connection, [row]))[0]

    async def save(self, decided: Decided, now: datetime) -> None:
        """Write a plan, append its events, and queue who is to be told of its visits.

        Raises FaultsFound `plan-there`, ConcurrentChange.
        """
        state = decided.state
        try:
            done = await self._connection.execute(
                _NEW if state.version == 1 else _CHANGE,
                state.id, state.month, state.status.value, state.limits.per_person, state.limits.at_most,
                _json([_left_out_kept(one) for one in state.left_out]), state.version,
            )  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            month = month_text(state.month)
            raise FaultsFound([Fault("plan-there", "month", {"month": month})]) from error
        if done.endswith(" 0"):
            raise ConcurrentChange
        await self._connection.execute(_FORGET, state.id, list(state.visits))
        await self._connection.executemany(
            _ASSIGN, [_assignment(state, one, visit) for one, visit in state.visits.items()]
        )
        gone = state.told.keys() - state.visits.keys()
        await self._connection.executemany(
            _REMOVE, [(state.id, one, state.told[one]) for one in sorted(gone)]
        )
        await self._connection.execute("DELETE FROM visit_bans WHERE visit_plan_id = $1", state.id)
        bans = [(state.id, ban.meeting_id, ban.member_id) for ban in state.limits.bans]
        await self._connection.executemany(_BAN, bans)
        for event, version in decided.events:
            await self._store.append(event, version)
        await outbox.queue(self._connection, decided, now)


async def read_plans(connection: Connection, rows: Collection[Row]) -> list[Plan]:
    """Return the plans of these rows of the table, in their order."""
    ids = [row["id"] for row in rows]
    visits = await connection.fetch(
        "SELECT * FROM visit_assignments WHERE visit_plan_id = ANY($1::uuid[]) ORDER BY starts_at, meeting_id",
        ids,
    )
    bans = await connection.fetch("SELECT * FROM visit_bans WHERE visit_plan_id = ANY($1::uuid[])", ids)
    return [
        _plan(
            row,
            [one for one in visits if one["visit_plan_id"] == row["id"]],
            [one for one in bans if one["visit_plan_id"] == row["id"]],
        )
        for row in rows
    ]


def _plan(row: Row, visits: Sequence[Row], bans: Sequence[Row]) -> Plan:
    return Plan(
        id=row["id"],
        month=row["month"],
        limits=Limits(
            per_person=row["per_person"],
            at_most=row["at_most"],
            bans=frozenset(Ban(ban["meeting_id"], ban["member_id"]) for ban in bans),
        ),
        visits={one["meeting_id"]: _visit(one) for one in visits if not one["removed"]},
        left_out=[_left_out(one) for one in msgspec.json.decode(row["left_out"])],
        status=PlanStatus(row["status"]),
        told={one["meeting_id"]: one["version"] for one in visits if one["version"]},
        version=row["version"],
    )


def _visit(row: Row) -> Visit:
    return Visit(
        planned=PlannedVisit(
            meeting_id=row["meeting_id"],
            cell_id=row["cell_id"],
            starts_at=row["starts_at"],
            member_id=row["member_id"],
            team_id=row["team_id"],
        ),
        why=tuple(Reason(one["code"], None, one["of"]) for one in msgspec.json.decode(row["why"])),
        pin=None if row["pin"] is None else Pin(row["pin"]),
        lapsed=None if row["lapsed"] is None else VisitChange(row["lapsed"]),
    )


def _assignment(plan: Plan, meeting_id: UUID, visit: Visit) -> tuple[Any, ...]:
    planned = visit.planned
    why = [{"code": one.code, "of": dict(one.parameters)} for one in visit.why]
    return (
        assignment_id(plan.id, meeting_id), plan.id, meeting_id, planned.cell_id, planned.starts_at,
        planned.member_id, planned.team_id, visit.pin and visit.pin.value, visit.lapsed and visit.lapsed.value,
        _json(why), plan.told.get(meeting_id, 0),
    )  # fmt: skip


def _left_out_kept(one: LeftOut) -> dict[str, Any]:
    meeting = None if one.meeting_id is None else str(one.meeting_id)
    rules = {rule.value: count for rule, count in one.rules.items()}
    return {
        "cell": str(one.cell_id),
        "meeting": meeting,
        "code": one.code,
        "points": one.points,
        "rules": rules,
    }


def _left_out(kept: Row) -> LeftOut:
    return LeftOut(
        cell_id=UUID(kept["cell"]),
        meeting_id=None if kept["meeting"] is None else UUID(kept["meeting"]),
        code=kept["code"],
        points=kept["points"],
        rules={Rule(rule): count for rule, count in kept["rules"].items()},
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
