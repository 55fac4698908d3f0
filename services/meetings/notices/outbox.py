"""The outbox of notices: what is to be told of a meeting is written in the transaction of its change.

What is written down after the fact - a meeting announced or called off when its time is past - is told to nobody.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from chassis.database import Connection, add_rows
from chassis.letters.outbox import deliver, supersede
from chassis.letters.recipients import Recipient, RecipientKind
from contracts.meetings import (
    InterruptionReason,
    MeetingAnnounced,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MeetingPostponed,
    MeetingRescheduled,
)
from contracts.notices import NoticeTopic
from rules.guidance import NoGuidanceError, guidances
from services.meetings.calendar import local_day
from services.meetings.cells import listed_on
from services.meetings.domain import Decided, Meeting
from services.meetings.notices.notice import Notice, addressed, expected_minutes

_NOTICES: Final = UUID("3a4c8e0a-7d0f-5c43-9c39-0a5e0b1f6d27")
"""Namespace of the ids of notices."""

_COLUMNS: Final = (
    "id", "meeting_id", "meeting_version", "queued_at", "topic", "cell_name", "kind", "starts_at", "minutes", "place",
    "theme", "agenda", "prepared_by", "reason",
)  # fmt: skip

_TOPICS: Final = {MeetingPostponed: NoticeTopic.POSTPONED, MeetingCancelled: NoticeTopic.CANCELLED}
_TOLD_OF: Final = (MeetingAnnounced, MeetingHeld, MeetingRescheduled, *_TOPICS)

_KNOWN: Final = "SELECT DISTINCT meeting_id FROM notices WHERE meeting_id = ANY($1::uuid[])"
_LAST: Final = """
    SELECT * FROM notices WHERE meeting_id = $1 ORDER BY meeting_version DESC LIMIT 1
"""
# Of each who was ever told of a meeting, the last that they were told or are to be told.
_TOLD: Final = """
    SELECT DISTINCT ON (delivery.kind, recipient_id)
        delivery.kind, recipient_id, withdrawn, topic IN ('postponed', 'cancelled') AS off, state = 'sent' AS sent
    FROM deliveries AS delivery JOIN notices ON notices.id = notice_id
    WHERE meeting_id = $1
    ORDER BY delivery.kind, recipient_id, meeting_version DESC
"""
_HOLDING: Final = "SELECT id FROM notices WHERE meeting_id = $1 AND NOT superseded"
_CELL_NAME: Final = """
    SELECT name FROM unit_names
    WHERE unit_id = $1
    GROUP BY name, effective_date
    HAVING sum(delta) > 0
    ORDER BY effective_date <= $2 DESC, effective_date DESC LIMIT 1
"""
_ABOVE: Final = """
    SELECT parent_id FROM unit_steps
    WHERE unit_id = $1 AND effective_date <= $2 AND parent_id IS NOT NULL
    GROUP BY parent_id
    HAVING sum(delta) > 0
"""


async def queue(connection: Connection, decided: Sequence[Decided], now: datetime) -> None:
    """Write who is to be told of what now happened to meetings, where somebody is to be told.

    The meetings' rows are held by the caller. A notice that is not sent by now is dropped where it holds no more.
    """
    about = [one for one in decided if isinstance(one.event, _TOLD_OF)]
    if not about:
        return
    rows = await connection.fetch(_KNOWN, [one.state.id for one in about])
    known = {row["meeting_id"] for row in rows}
    for one in about:
        meeting, event = one.state, one.event
        if isinstance(event, MeetingAnnounced):
            if event.plan.starts_at is not None and event.plan.starts_at > now:
                await _announce(connection, meeting, event.plan.starts_at, now)
                known.add(meeting.id)
        elif meeting.id in known:
            if isinstance(event, MeetingPostponed | MeetingCancelled):
                await _call_off(connection, meeting, event, now)
            else:
                await _supersede(connection, meeting.id, now)


async def cell_name(connection: Connection, cell_id: UUID, day: date) -> str:
    """Return what a cell is called on a day; what it was called first, before."""
    name: str | None = await connection.fetchval(_CELL_NAME, cell_id, day)
    return name or ""


def notice(row: Mapping[str, Any]) -> Notice:
    """Return the notice in a row of the table."""
    return Notice(
        meeting_id=row["meeting_id"],
        meeting_version=row["meeting_version"],
        queued_at=row["queued_at"],
        topic=NoticeTopic(row["topic"]),
        cell_name=row["cell_name"],
        kind=MeetingKind(row["kind"]),
        starts_at=row["starts_at"],
        minutes=row["minutes"],
        place=row["place"],
        theme=row["theme"],
        agenda=tuple(row["agenda"]),
        prepared_by=tuple(row["prepared_by"]),
        reason=row["reason"] and InterruptionReason(row["reason"]),
    )


async def _supersede(connection: Connection, meeting_id: UUID, now: datetime) -> None:
    holding = await connection.fetch(_HOLDING, meeting_id)
    await supersede(connection, [row["id"] for row in holding], now)


async def _announce(connection: Connection, meeting: Meeting, starts_at: datetime, now: datetime) -> None:
    day = local_day(starts_at)
    told = await connection.fetch(_TOLD, meeting.id)
    await _supersede(connection, meeting.id, now)
    try:
        guidance = guidances().on(day)
    except NoGuidanceError:
        guidance = None
    new = Notice(
        meeting_id=meeting.id,
        meeting_version=meeting.version,
        queued_at=now,
        topic=NoticeTopic.CHANGED if told else NoticeTopic.ANNOUNCED,
        cell_name=await cell_name(connection, meeting.plan.cell_id, day),
        kind=meeting.plan.kind,
        starts_at=starts_at,
        minutes=expected_minutes(meeting, guidance),
        place=meeting.place,
        theme=meeting.theme,
        agenda=meeting.agenda,
        prepared_by=meeting.prepared_by,
    )
    listed = await listed_on(connection, meeting.plan.cell_id, day)
    above = await connection.fetch(_ABOVE, meeting.plan.cell_id, day)
    to_come = [Recipient(RecipientKind.MEMBER, id_) for id_ in listed]
    to_come += [Recipient(RecipientKind.UNIT, row["parent_id"]) for row in above]
    # Who was told that it is off has nothing to take back.
    before = [_recipient(row) for row in told if not (row["sent"] and (row["off"] or row["withdrawn"]))]
    await _write(connection, new, to_come, before)


async def _call_off(
    connection: Connection, meeting: Meeting, event: MeetingPostponed | MeetingCancelled, now: datetime
) -> None:
    [last] = await connection.fetch(_LAST, meeting.id)
    told = await connection.fetch(_TOLD, meeting.id)
    await _supersede(connection, meeting.id, now)
    if event.before.starts_at is not None and event.before.starts_at <= now:
        return
    known = notice(last)
    new = Notice(
        meeting_id=meeting.id,
        meeting_version=meeting.version,
        queued_at=now,
        topic=_TOPICS[type(event)],
        cell_name=known.cell_name,
        kind=known.kind,
        starts_at=known.starts_at,
        minutes=known.minutes,
        place=known.place,
        theme=known.theme,
        agenda=known.agenda,
        prepared_by=known.prepared_by,
        reason=event.reason,
    )
    concerned = [_recipient(row) for row in told if not (row["sent"] and row["withdrawn"])]
    await _write(connection, new, concerned, ())


def _recipient(row: Mapping[str, Any]) -> Recipient:
    return Recipient(RecipientKind(row["kind"]), row["recipient_id"])


async def _write(
    connection: Connection, new: Notice, to_come: Collection[Recipient], told_before: Collection[Recipient]
) -> None:
    id_ = uuid5(_NOTICES, f"{new.meeting_id}.{new.meeting_version}")
    row = (
        id_, new.meeting_id, new.meeting_version, new.queued_at, new.topic.value, new.cell_name, new.kind.value,
        new.starts_at, new.minutes, new.place, new.theme, list(new.agenda), list(new.prepared_by),
        new.reason and new.reason.value,
    )  # fmt: skip
    await add_rows(connection, "notices", _COLUMNS, [row])
    told = [(id_, one.recipient, one.withdrawn) for one in addressed(to_come, told_before)]
    await deliver(connection, told, new.queued_at)
