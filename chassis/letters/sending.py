"""The sender: takes what waits in the outbox, one letter a turn, until there is no more.

A letter goes out at least once. It is sent while its row is held, and the row changes with the commit: a process that
ends in between leaves the row as it was, and another sends the letter again, under the same Message-ID.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from chassis.jobs import Job
from chassis.letters.letter import Letter
from chassis.letters.notifiers import Notifier, ServerAway, TryLater, Undeliverable, notifier_of
from chassis.logs import logger
from chassis.resources import Resources

Row = Mapping[str, Any]

_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(minutes=15)
_LANES: Final = 2
"""How many letters are under way at once, over all processes; each holds a database connection meanwhile."""
_SECONDS: Final = 5

# One that another lane holds is passed over.
_NEXT: Final = """
    SELECT notices.*, notice_id, delivery.kind AS recipient_kind, delivery.recipient_id, withdrawn, attempts, email
    FROM deliveries AS delivery
    JOIN notices ON notices.id = notice_id
    LEFT JOIN contacts ON (contacts.kind, contacts.id) = (delivery.kind, delivery.recipient_id)
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


async def _nothing(connection: Connection, resources: Resources, row: Row, now: datetime) -> None:
    """Have nothing follow from a letter that was settled."""


@dataclass(frozen=True, slots=True)
class Sender:
    """How a service makes letters of its notices, and what follows from sending them."""

    letter: Callable[[Row], Letter]
    """Makes the letter of a row: of a notice, with `recipient_kind`, `recipient_id`, `withdrawn` and `email`."""
    settled: Callable[[Connection, Resources, Row, datetime], Awaitable[None]] = _nothing
    """What is done in the transaction in which a letter, of a notice that holds, is sent or fails for good."""

    def jobs(self) -> tuple[Job, ...]:
        """Return the lanes of this sender: each is in one process at a time, and they never hold the same letter."""
        return tuple(Job(f"notices-{lane}", _SECONDS, self.send_next) for lane in range(1, _LANES + 1))

    async def send_next(self, connection: Connection, resources: Resources, now: datetime) -> bool:
        """Send one letter that is due, by the office's notifier; return whether to look for another at once."""
        return await self.send_one(connection, resources, now, notifier_of(resources.settings))

    async def send_one(
        self, connection: Connection, resources: Resources, now: datetime, notifier: Notifier
    ) -> bool:
        """Send one letter that is due in the caller's transaction; return whether to look for another at once."""
        row = await connection.fetchrow(_NEXT, now)
        if row is None:
            return False
        key = (row["notice_id"], row["recipient_kind"], row["recipient_id"])
        if row["superseded"]:  # while somebody else held the letter, and then did not send it
            await connection.execute(_SETTLE, *key, "dropped", None, False, now)
            return True
        letter = self.letter(row)
        try:
            if now >= letter.worth_until:
                raise Undeliverable("too-late")  # noqa: TRY301 - an outcome like the notifier's own
            await notifier.give(letter)
        except TryLater as later:
            logger().warning("notice-waits", **letter.about, why=str(later))
            await _try_again(connection, row, key, now)
            return not isinstance(later, ServerAway)
        except Undeliverable as error:
            logger().warning("notice-undeliverable", **letter.about, why=error.reason)
            settled: tuple[str, str | None, bool] = ("failed", error.reason, False)
        else:
            settled = ("sent", None, notifier.only_logs)
        superseded = await _hold(connection, row)
        await connection.execute(_SETTLE, *key, *settled, now)
        if not superseded:
            await self.settled(connection, resources, row, now)
        return True


def wait(attempt: int) -> timedelta:
    """Return how long to wait after failed try number `attempt` (from 1): doubled each time, up to 15 minutes."""
    return min(_FIRST_WAIT * (1 << min(attempt - 1, 10)), _LONGEST_WAIT)


async def _hold(connection: Connection, row: Row) -> bool:
    """Hold the notice, so that of two senders the second sees what the first did; return whether it is superseded."""
    held: bool = await connection.fetchval(
        "SELECT superseded FROM notices WHERE id = $1 FOR UPDATE", row["notice_id"]
    )
    return held


async def _try_again(connection: Connection, row: Row, key: tuple[UUID, str, UUID], now: datetime) -> None:
    if await _hold(connection, row):
        await connection.execute(_SETTLE, *key, "dropped", None, False, now)
    else:
        await connection.execute(_AGAIN, *key, now + wait(row["attempts"] + 1))
