"""Periodic work of a service, done by one of its processes at a time.

A turn is one transaction. What it finds and does is in the database, never in memory: whichever process has the next
turn, after whatever stop, goes on from there.
"""

import asyncio
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from chassis import metrics
from chassis.database import Connection
from chassis.resources import Resources

Clock = Callable[[], datetime]
Work = Callable[[Connection, Resources, datetime], Awaitable[bool]]
"""What a job does in a transaction of its own, at an instant; returns whether there is more to do at once."""

_LOCKS: Final = 0x6368_696A
"""The first half of the advisory locks of jobs ("chij"); the second is made from the job's name."""
_OUTCOMES: Final = ("done", "passed", "failed")
_STALLED_TURNS: Final = 3
_STALLED_SECONDS: Final = 120.0


def utc_now() -> datetime:
    """Return the instant that it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a service does again and again, `seconds` after it was last done."""

    name: str
    seconds: float
    work: Work


class JobRunner:
    """Does one job in this process until it is cancelled, standing by while another process does it."""

    def __init__(self, job: Job, resources: Resources, clock: Clock = utc_now) -> None:
        self.job = job
        self._resources = resources
        self._clock = clock
        self._turned = time.monotonic()
        for outcome in _OUTCOMES:
            metrics.JOB_TURNS.labels(job.name, outcome)  # from 0 on: a first failure is to be seen as a rise

    async def run(self) -> None:
        """Take turns for ever. Raises what a turn raises; to be run again."""
        self._turned = time.monotonic()
        while True:
            if not await self.turn():
                await asyncio.sleep(self.job.seconds)

    async def turn(self) -> bool:
        """Do the work once, and return whether there is more; a turn that another process has is passed over.

        Raises what the work raises, and then nothing of the turn is kept.
        """
        started = time.monotonic()
        try:
            async with self._resources.pool.acquire() as connection, connection.transaction():
                # Held until the commit: who has the lock next sees all that this turn recorded.
                if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1, $2)", *self._lock()):
                    self._count("passed")
                    return False
                more = await self.job.work(connection, self._resources, self._clock())
        except Exception:
            self._count("failed")
            raise
        self._count("done")
        metrics.JOB_DURATION.labels(self.job.name).observe(time.monotonic() - started)
        metrics.JOB_DONE_AT.labels(self.job.name).set_to_current_time()
        return more

    async def is_live(self) -> bool:
        """Return False where no turn has ended for so long that something hangs."""
        return time.monotonic() - self._turned < max(_STALLED_TURNS * self.job.seconds, _STALLED_SECONDS)

    def _count(self, outcome: str) -> None:
        self._turned = time.monotonic()
        metrics.JOB_TURNS.labels(self.job.name, outcome).inc()

    def _lock(self) -> tuple[int, int]:
        number = zlib.crc32(self.job.name.encode())
        return _LOCKS, number - (1 << 32) if number >= 1 << 31 else number
