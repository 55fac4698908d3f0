"""The sender of notices of meetings, which tells the other services when all of a notice are sent or have failed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chassis.database import Connection
from chassis.event_log import NewEvent
from chassis.letters.sending import Sender
from chassis.resources import Resources
from contracts.notices import NoticesSent, NoticeTopic
from services.meetings.calendar import local_day
from services.meetings.notices.letters import letter_of

_COUNTS: Final = """
    SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'sent') AS sent,
        count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE logged) AS logged
    FROM deliveries WHERE notice_id = $1
"""


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


SENDER: Final = Sender(letter_of, _tell_if_all_settled)
