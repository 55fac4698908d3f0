"""The sender: takes what waits in the outbox, one letter a turn, until there is no more.

A letter goes out at least once. It is sent while its row is held, and the row changes with the commit: a process that
ends in between leaves the row as it was, and another sends the letter again, under the same Message-ID.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from chassis.event_log import NewEvent
from chassis.jobs import Job
from chassis.logs import logger
from chassis.resources import Resources
from contracts.notices import NoticesSent, NoticeTopic
from services.meetings.calendar import local_day
from services.meetings.notices.letters import Letter
from services.meetings.notices.notice import Notice, Recipient, RecipientKind
from services.meetings.notices.notifiers import Notifier, ServerAway, TryLater, Undeliverable, notifier_of
from services.meetings.notices.outbox import notice

_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(minutes=15)
_NEWS_FOR: Final = timedelta(days=2)
"""For how long it is worth telling that a meeting is off [C]; until it was to begin, if that is longer."""
_LANES: Final = 2
"""How many letters are under way at once, over all processes; each holds a database connection meanwhile."""
_SECONDS: Final = 5

# One that another lane holds is passed over.
_NEXT: Final = """
    SELECT notices.*, notice_id, delivery.kind AS recipient_kind, recipient_id, withdrawn, attempts, email
    FROM deliveries AS delivery
    JOIN notices ON notices.id = notice_id
    LEFT JOIN contacts ON (contacts.kind, contacts.id) = (delivery.kind, recipient_id)
    WHERE state = 'waiting' AND next_try_at <= $1
    ORDER BY next_try_at LIMIT 1
    FOR UPDATE OF delivery SKIP LOCKED
"""
_SETTLE: Final = """
    UPDATE deliveries
    SET state = $4, reason = $5, logged = $6, attempts = attempts + 1, settled_at = $7
    WHERE notice_id = $1 AND kind = $2 AND recipient_id = $3
"""
_AGAIN: Final = """
    UPDATE deliveries SET attempts = attempts + 1, next_try_at = $4
    WHERE notice_id = $1 AND kind = $2 AND recipient_id = $3
"""
_COUNTS: Final = """
    SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'sent') AS sent,
        count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE logged) AS logged
    FROM deliveries WHERE notice_id = $1
"""


async def send_next(connection: Connection, resources: Resources, now: datetime) -> bool:
    """Send one letter that is due, by the office's notifier; return whether to look for another at once."""
    return await send_one(connection, resources, now, notifier_of(resources.settings))


JOBS: Final = tuple(Job(f"notices-{lane}", _SECONDS, send_next) for lane in range(1, _LANES + 1))
"""Lanes of one sender: each is in one process at a time, and they never hold the same letter."""


async def send_one(connection: Connection, resources: Resources, now: datetime, notifier: Notifier) -> bool:
    """Send one letter that is due in the caller's transaction; return whether to look for another at once."""
    row = await connection.fetchrow(_NEXT, now)
    if row is None:
        return False
    told = notice(row)
    key = (row["notice_id"], row["recipient_kind"], row["recipient_id"])
    if row["superseded"]:  # while somebody else held the letter, and then did not send it
        await connection.execute(_SETTLE, *key, "dropped", None, False, now)
        return True
    letter = Letter(
        notice=told,
        recipient=Recipient(RecipientKind(row["recipient_kind"]), row["recipient_id"]),
        withdrawn=row["withdrawn"],
        address=row["email"],
    )
    try:
        if now >= _worth_until(told):
            raise Undeliverable("too-late")  # noqa: TRY301 - an outcome like the notifier's own
        await notifier.give(letter)
    except TryLater as later:
        logger().warning("notice-waits", meeting=str(told.meeting_id), why=str(later))
        await _try_again(connection, row, key, now)
        return not isinstance(later, ServerAway)
    except Undeliverable as error:
        logger().warning("notice-undeliverable", meeting=str(told.meeting_id), why=error.reason)
        settled: tuple[str, str | None, bool] = ("failed", error.reason, False)
    else:
        settled = ("sent", None, notifier.only_logs)
    superseded = await _hold(connection, row)
    await connection.execute(_SETTLE, *key, *settled, now)
    if not superseded:
        await _tell_if_all_settled(connection, resources, row, now)
    return True


def wait(attempt: int) -> timedelta:
    """Return how long to wait after failed try number `attempt` (from 1): doubled each time, up to 15 minutes."""
    return min(_FIRST_WAIT * (1 << min(attempt - 1, 10)), _LONGEST_WAIT)


def _worth_until(told: Notice) -> datetime:
    return told.starts_at if told.takes_place else max(told.starts_at, told.queued_at + _NEWS_FOR)


async def _hold(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Hold the notice, so that of two senders the second sees what the first did; return whether it is superseded."""
    held: bool = await connection.fetchval(
        "SELECT superseded FROM notices WHERE id = $1 FOR UPDATE", row["notice_id"]
    )
    return held


async def _try_again(
    connection: Connection, row: Mapping[str, Any], key: tuple[UUID, str, UUID], now: datetime
) -> None:
    if await _hold(connection, row):
        await connection.execute(_SETTLE, *key, "dropped", None, False, now)
    else:
        await connection.execute(_AGAIN, *key, now + wait(row["attempts"] + 1))


async def _tell_if_all_settled(
    connection: Connection, resources: Resources, row: Mapping[str, Any], now: datetime
) -> None:
    [counts] = await connection.fetch(_COUNTS, row["notice_id"])
    if counts["waiting"]:
        return
    version = await connection.fetchval(
        "UPDATE notices SET version = version + 1 WHERE id = $1 RETURNING version", row["notice_id"]
    )
    event = NoticesSent(
        effective_date=local_day(now),
        notice_id=row["notice_id"],
        meeting_id=row["meeting_id"],
        meeting_version=row["meeting_version"],
        topic=NoticeTopic(row["topic"]),
        sent=counts["sent"],
        failed=counts["failed"],
        logged=counts["logged"],
    )
    told = NewEvent(event.aggregate_id, version, event.TYPE, event.as_json())
    await resources.event_log.append(connection, [told])
