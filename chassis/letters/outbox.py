"""The outbox: who is to be told is written in the transaction of what they are told of."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.database import Connection, add_rows
from chassis.letters.recipients import Recipient

_COLUMNS: Final = ("notice_id", "kind", "recipient_id", "withdrawn", "next_try_at")
# A delivery that a sender holds is left to the sender, who sees afterwards that the notice holds no more.
_SUPERSEDE: Final = """
    WITH superseded AS (
        UPDATE notices SET superseded = true WHERE id = ANY($1::uuid[])
    )
    UPDATE deliveries SET state = 'dropped', settled_at = $2
    WHERE (notice_id, kind, recipient_id) IN (
        SELECT notice_id, kind, recipient_id FROM deliveries
        WHERE notice_id = ANY($1::uuid[]) AND state = 'waiting'
        FOR UPDATE SKIP LOCKED
    )
"""


async def supersede(connection: Connection, notices: Collection[UUID], now: datetime) -> None:
    """Have notices hold no more: what of them was not sent is dropped."""
    await connection.execute(_SUPERSEDE, list(notices), now)


async def deliver(
    connection: Connection, to: Iterable[tuple[UUID, Recipient, bool]], queued_at: datetime
) -> None:
    """Write that notices are to be sent: of each its id, to whom, and whether they are only told that it is off."""
    rows = [
        (notice_id, recipient.kind.value, recipient.id, withdrawn, queued_at)
        for notice_id, recipient, withdrawn in to
    ]
    await add_rows(connection, "deliveries", _COLUMNS, rows)
