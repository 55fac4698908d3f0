"""Replay rate: membership's topic, full of real events, into committed rows of the projection *membership facts*.

The real consumer, `python -m services.reporting consumer`, starts on empty tables; its marks are watched, which it
commits together with the rows. Timed from the first mark that is seen to the last; what the first mark stands for is
not counted. Median of the runs. Afterwards the rows are counted: no rate is worth anything if one is missing.

Against, in the same run: the bare reading of the topic and the bare writing of the rows, which no projection can
exceed, and the naive way (see replay_peers.py).
"""

import asyncio
import time
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

import asyncpg

from bench import register, replay_peers, stream, system
from bench.figures import Aim, Baseline, Figure, median
from bench.memory import rss
from bench.sizes import Size
from bench.stream import Filled, Sequences
from bench.system import Systems
from deploy.local.stack import ServiceProcess, Stack

_AIM: Final = Aim(100_000, at_least=True)
_MEMORY_AIM: Final = Aim(150.0)
_GIVE_UP_SECONDS: Final = 600.0
_LOOK_SECONDS: Final = 0.002


class Move(NamedTuple):
    """How many events were applied, so many seconds after the first mark."""

    seconds: float
    applied: int


def measure(_systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield the rate beside that of each peer, and the memory that the consumer takes.

    The servers are always its own: where membership runs too, the topic has another writer.
    """
    made = register.make(size.replayed_members)
    with Stack.start() as stack:
        filled = system.run(stream.fill(stack.kafka, made))
        migrate(stack)
        consumer = stack.run_service("reporting", "consumer")
        consumer.stop()
        rates, memory = [], 0.0
        for _ in range(size.replays):
            system.run(system.forget_projection(stack))
            consumer.restart()
            events, seconds = system.run(watch(stack, consumer, filled.sequences))
            system.run(_count(stack, filled))
            rates.append(events / seconds)
            memory = max(memory, rss(consumer.pid))
            consumer.stop()
        url = stack.database_url("reporting")
        read = system.run(replay_peers.read_records(stack.kafka, filled.events))
        copied = system.run(replay_peers.copy_facts(url)) * filled.events / filled.facts
        system.run(system.forget_projection(stack))
        naive = system.run(replay_peers.insert_each(stack.kafka, url, size.inserted_events))
    rate, what = median(rates), f"replay: {filled.events:,} events"
    yield Figure(what, rate, "events/s", Baseline("aiokafka getmany, counting", read), _AIM)
    yield Figure(what, rate, "events/s", Baseline("COPY of the rows alone", copied))
    yield Figure(what, rate, "events/s", Baseline("FastStream, an INSERT a row", naive))
    yield Figure("replay: memory of the consumer after it, RSS", memory, "MB", aim=_MEMORY_AIM)


def migrate(stack: Stack) -> None:
    """Bring the tables of reporting up to date."""
    migration = stack.run_service("reporting", "migrate")
    deadline = time.monotonic() + 60
    while migration.returncode is None and time.monotonic() < deadline:
        time.sleep(0.01)
    if migration.returncode != 0:
        raise RuntimeError(f"the migrations failed: {migration.log.read_text(encoding='utf-8')[-2000:]}")


async def watch(
    stack: Stack,
    consumer: ServiceProcess,
    sent: Sequences,
    *,
    patience: float = _GIVE_UP_SECONDS,
    moves: "list[Move] | None" = None,
) -> tuple[int, float]:
    """Wait until the marks stand for all that was sent; return events and seconds from the first mark to the last.

    What is seen on the way is added to `moves`.

    Raises RuntimeError where the consumer ends before, and TimeoutError after `patience` seconds.
    """
    events = sum(map(len, sent.values()))
    connection = await asyncpg.connect(stack.database_url("reporting"))
    try:
        async with asyncio.timeout(patience):
            first = await _applied(connection, sent)
            while not first:
                await asyncio.sleep(_LOOK_SECONDS)
                first = await _applied(connection, sent)
            began, applied = time.perf_counter(), first
            seen = [] if moves is None else moves
            seen.append(Move(0.0, first))
            while applied < events:
                if consumer.returncode is not None:
                    raise RuntimeError(
                        f"the consumer ended: {consumer.log.read_text(encoding='utf-8')[-2000:]}"
                    )
                await asyncio.sleep(_LOOK_SECONDS)
                applied = await _applied(connection, sent)
                if applied > seen[-1].applied:
                    seen.append(Move(time.perf_counter() - began, applied))
            return events - first, time.perf_counter() - began
    finally:
        await connection.close()


async def _count(stack: Stack, filled: Filled) -> None:
    connection = await asyncpg.connect(stack.database_url("reporting"))
    try:
        if (found := await connection.fetchval("SELECT count(*) FROM member_facts")) != filled.facts:
            raise RuntimeError(f"{found} rows of facts instead of {filled.facts}")
    finally:
        await connection.close()


async def _applied(connection: "asyncpg.Connection[asyncpg.Record]", sent: Sequences) -> int:
    """Return how many events the marks stand for."""
    marks = await connection.fetch("SELECT topic, partition, sequence FROM stream_marks")
    return sum(bisect_right(sent.get((row["topic"], row["partition"]), ()), row["sequence"]) for row in marks)
