"""The outbox of notices: who is to be told of a plan's visits is written in the transaction of its change.

Only those are told whose visits are others than what they were told last. What was not sent by then is dropped: who
was never told of a visit hears nothing of its end.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from chassis.database import Connection, add_rows
from chassis.letters.outbox import deliver, supersede
from chassis.letters.recipients import Recipient, RecipientKind
from contracts.visit_plans import PlannedVisit, VisitAssigned, VisitAssignmentChanged
from replicas.membership.unit_names import NAMELESS, names_on
from services.inspection.notices.notice import Notice, Visit, concerned, to_come
from services.inspection.plans.plan import Decided, Plan
from services.inspection.plans.policy import policy_of

Row = Mapping[str, Any]

_NOTICES: Final = UUID("8f5b7f0e-6d2b-5a5e-9a0b-3c1d2e4f5a71")
"""Namespace of the ids of notices."""
_COLUMNS: Final = (
    "id", "visit_plan_id", "plan_version", "month", "kind", "recipient_id", "queued_at", "visits", "before",
    "starts_at",
)  # fmt: skip
_TEAMS: Final = "SELECT id, name FROM teams WHERE id = ANY($1::uuid[])"
_LAST: Final = """
    SELECT DISTINCT ON (kind, recipient_id) * FROM notices
    WHERE visit_plan_id = $1 AND recipient_id = ANY($2::uuid[])
    ORDER BY kind, recipient_id, plan_version DESC
"""
# What a sender holds at this moment may be on its way: it counts as told.
_TOLD: Final = """
    SELECT DISTINCT ON (notices.kind, notices.recipient_id) notices.*, state
    FROM notices JOIN deliveries AS delivery ON delivery.notice_id = notices.id
    WHERE visit_plan_id = $1 AND notices.recipient_id = ANY($2::uuid[]) AND state IN ('sent', 'waiting')
    ORDER BY notices.kind, notices.recipient_id, plan_version DESC
"""


async def queue(connection: Connection, decided: Decided, now: datetime) -> None:
    """Write who is to be told of what is now otherwise in an approved plan, whose row is held by the caller."""
    touched = _touched(decided)
    if not touched:
        return
    plan = decided.state
    visits = await _visits(connection, plan, touched, now)
    ids = [one.id for one in touched]
    last = {_recipient(row): row for row in await connection.fetch(_LAST, plan.id, ids)}
    stale = [one for one in touched if _is_stale(last.get(one), visits[one], now)]
    held = [last[one]["id"] for one in stale if one in last and not last[one]["superseded"]]
    await supersede(connection, held, now)
    told = {_recipient(row): row for row in await connection.fetch(_TOLD, plan.id, ids)}
    new = [
        Notice(
            plan_id=plan.id,
            plan_version=plan.version,
            month=plan.month,
            recipient=one,
            queued_at=now,
            visits=visits[one],
            before=_before(told.get(one), now),
        )
        for one in stale
        if _is_news(told.get(one), visits[one], now)
    ]
    await add_rows(connection, "notices", _COLUMNS, [_row(one) for one in new])
    await deliver(connection, [(_id(one), one.recipient, one.withdrawn) for one in new], now)


def notice(row: Row) -> Notice:
    """Return the notice in a row of the table."""
    return Notice(
        plan_id=row["visit_plan_id"],
        plan_version=row["plan_version"],
        month=row["month"],
        recipient=_recipient(row),
        queued_at=row["queued_at"],
        visits=_kept(row["visits"]),
        before=_kept(row["before"]),
    )


def _touched(decided: Decided) -> list[Recipient]:
    sides: list[PlannedVisit | None] = []
    for event, _ in decided.events:
        if isinstance(event, VisitAssigned | VisitAssignmentChanged):
            sides += [event.before, event.after]
    return sorted({one for side in sides if side is not None for one in concerned(side)})


async def _visits(
    connection: Connection, plan: Plan, of: Iterable[Recipient], now: datetime
) -> dict[Recipient, tuple[Visit, ...]]:
    """Return the visits to come of each of these recipients."""
    standing = [one.planned for one in plan.visits.values() if one.lapsed is None]
    names = await names_on(connection, {one.cell_id for one in standing}, plan.month)
    rows = await connection.fetch(_TEAMS, list({one.team_id for one in standing}))
    teams, minutes = {row["id"]: row["name"] for row in rows}, policy_of(plan.month).minutes
    found: dict[Recipient, list[Visit]] = {one: [] for one in of}
    for planned in standing:
        visit = Visit(
            meeting_id=planned.meeting_id,
            starts_at=planned.starts_at,
            minutes=minutes,
            cell_name=names.get(planned.cell_id, NAMELESS).name,
            team_name=teams[planned.team_id],
        )
        for one in concerned(planned):
            if one in found:
                found[one].append(visit)
    return {one: to_come(its, now) for one, its in found.items()}


def _is_stale(last: Row | None, visits: tuple[Visit, ...], now: datetime) -> bool:
    """Return whether what was queued last for a recipient does not hold any more."""
    return last is None or last["superseded"] or to_come(notice(last).visits, now) != visits


def _before(told: Row | None, now: datetime) -> tuple[Visit, ...]:
    return () if told is None else to_come(notice(told).visits, now)


def _is_news(told: Row | None, visits: tuple[Visit, ...], now: datetime) -> bool:
    """Return whether a recipient is to be told; again where what says the same may not arrive."""
    if told is not None and told["state"] != "sent" and visits:
        return True
    return _before(told, now) != visits


def _recipient(row: Row) -> Recipient:
    return Recipient(RecipientKind(row["kind"]), row["recipient_id"])


def _id(of: Notice) -> UUID:
    return uuid5(_NOTICES, f"{of.plan_id}.{of.plan_version}.{of.recipient.kind}.{of.recipient.id}")


def _row(of: Notice) -> tuple[Any, ...]:
    return (
        _id(of), of.plan_id, of.plan_version, of.month, of.recipient.kind.value, of.recipient.id, of.queued_at,
        msgspec.json.encode(of.visits).decode(), msgspec.json.encode(of.before).decode(), of.starts_at,
    )  # fmt: skip


def _kept(text: str) -> tuple[Visit, ...]:
    return msgspec.json.decode(text, type=tuple[Visit, ...])
