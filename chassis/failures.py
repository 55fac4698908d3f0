"""Which failures pass by themselves, and how long to wait between tries."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable
from typing import Final, Never

import asyncpg
from aiokafka.errors import KafkaError

from chassis.logs import is_of_chassis, logger

_LONGEST_WAIT: Final = 5.0


class StaleMarkError(Exception):
    """Another consumer of the same group moved the mark first; what was read is to be judged anew."""


TRANSIENT: Final = (
    OSError,
    TimeoutError,
    KafkaError,
    StaleMarkError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the driver, on a session that the server is just ending
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,  # serialization failure, deadlock
    asyncpg.CannotConnectNowError,
    asyncpg.PostgresSystemError,  # the server's disk, say
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # a server that has become a standby
    asyncpg.InvalidCatalogNameError,  # a database that is still to be made
    # A migration that is still to run, or that ran while a statement was prepared.
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)


def is_transient(error: BaseException) -> bool:
    """Return whether `error` lies in the surroundings (a server that is away), not in what was asked."""
    return isinstance(error, TRANSIENT)


def told(error: BaseException) -> str:
    """Return what may be logged of an error: words other than ours and a server's may quote a person's data."""
    return repr(error)[:500] if is_transient(error) or is_of_chassis(error) else type(error).__name__


def backoff(attempt: int) -> float:
    """Return the seconds to wait before try number `attempt` (from 1): exponential, capped, with full jitter.

    Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    ceiling = min(_LONGEST_WAIT, 0.1 * 2 ** min(attempt, 10))
    return random.uniform(0.05, ceiling)  # noqa: S311 - no secret in it


async def run_until_done(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` until it succeeds once, trying again after transient failures; raises any other."""
    for attempt in itertools.count(1):
        try:
            await work()
        except Exception as error:
            if not is_transient(error):
                raise
            logger().warning("work-waits", work=name, error=repr(error)[:500])
            await asyncio.sleep(backoff(attempt))
        else:
            return


async def keep_running(name: str, work: Callable[[], Awaitable[None]]) -> Never:
    """Run `work` for ever: when it fails or ends, wait a little longer each time and begin again.

    Every failure is logged with its kind. A failure after a minute of good work starts the count anew.
    """
    clock = asyncio.get_running_loop().time
    attempt = 0
    while True:
        started = clock()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the work must go on
            unforeseen = None if is_transient(error) else error
            logger().warning("work-failed", work=name, error=told(error), exc_info=unforeseen)
        attempt = 1 if clock() - started > 60 else attempt + 1
        await asyncio.sleep(backoff(attempt))
