"""End-to-end delay: from the 2xx of a single command to its visibility in `GET /v1/statistics`.

Commands (`POST /v1/members`, each with an idempotency key) come at a fixed rate whether or not earlier ones are
answered. All go into one cell made for it, each into another group of its cross-table, so that one observer, who
asks for that cell again and again while something is awaited, sees which of them are there. A delay ends when
the answer that shows the command has arrived: one whole poll is in it, and the polling takes its share of the cores,
as does this client. The register holds nothing else, so that a poll is cheap; queries have figures of their own.

Against: the bare parts at the same rate on the same servers: from one commit to a record produced by aiokafka
(acks=all, idempotent), consumed, and its row committed in PostgreSQL, all in one process without a line of ours.
"""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self

import asyncpg
from aiokafka import AIOKafkaConsumer

from bench import system
from bench.figures import Aim, Baseline, Figure, percentile
from bench.sizes import Size
from bench.system import System, Systems
from bench.wire import Wire
from chassis.broker import ensure_topics
from chassis.relay import producing

RATE: Final = 100
"""Commands a second."""

_ROOT: Final = "DO"
_CELL: Final = "DO.01"
_AS_OF: Final = date(2020, 11, 30)
_TOPIC: Final = "bench.delay.v1"
_VALUE: Final = b"x" * 500
_GIVE_UP_SECONDS: Final = 30.0
_BETWEEN_POLLS: Final = 0.001
_IDLE_SECONDS: Final = 2.0
_AIMS: Final = {50: Aim(10.0), 99: Aim(50.0)}
_AGES: Final = {"18-30": 25, "31-35": 33, "36-40": 38, "41-45": 43, "46-50": 48, "51-55": 53, "56-60": 58}

# As many groups as commands come in a quarter of a second, so that one answer tells apart what is under way. A finer
# table would say no more, and its making would take the cores from what is measured.
_DIMENSIONS: Final = ("gender", "youth", "age_band")
_PATH: Final = f"/v1/statistics?unit={_CELL}&as_of={_AS_OF}&by={','.join(_DIMENSIONS)}"
_GROUPS: Final = list(itertools.product(("female", "male"), (False, True), _AGES))
_Group = tuple[str, bool, str]


def measure(systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield the delay, what it is made of, and that of the bare parts."""
    with systems.system() as running:
        _make_cell(running)
        bare = system.run(_bare_parts(running, size))
        observer = system.run(_commands(running, size))
    for percent, aim in _AIMS.items():
        yield Figure(
            f"delay: 2xx to visible, p{percent}",
            percentile(observer.delays, percent),
            "ms",
            Baseline(f"bare parts, p{percent}", percentile(bare.delays, percent)),
            aim,
        )
    for percent in _AIMS:
        yield Figure(
            f"delay: command to 2xx, p{percent}",
            percentile(observer.commands, percent),
            "ms",
            Baseline(f"bare commit, p{percent}", percentile(bare.commands, percent)),
        )
    for percent in _AIMS:
        yield Figure(f"delay: of which one poll, p{percent}", percentile(observer.polls, percent), "ms")


def _make_cell(running: System) -> None:
    lines = (
        "code,parent_code,type,name,established_on,dissolved_on",
        f"{_ROOT},,bloc,Đảng bộ Khối (đo độ trễ),1976-02-20,",
        f"{_CELL},{_ROOT},grassroots_cell,Chi bộ đo độ trễ,1976-02-20,",
    )
    running.import_file("organisations", "\n".join(lines).encode())
    running.wait_until_seen()


async def _at_rate(total: int) -> AsyncIterator[tuple[int, float]]:
    """Yield each number and the moment it was due, no earlier than then; lateness is not made up for."""
    began = time.perf_counter()
    for number in range(total):
        due = began + number / RATE
        await asyncio.sleep(due - time.perf_counter())
        yield number, due


async def _open_loop(size: Size, act: Callable[[int, float, bool], Awaitable[None]]) -> None:
    """Call `act(number, due, counts)` at the rate, each in a task of its own; raises what one of them raises."""
    async with asyncio.TaskGroup() as tasks:
        async for number, due in _at_rate(size.warm_up_commands + size.commands):
            tasks.create_task(_awaited(act(number, due, number >= size.warm_up_commands)))


async def _awaited(done: Awaitable[None]) -> None:
    await done


@dataclass(slots=True)
class _Times:
    """Milliseconds."""

    commands: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)


class _Wires:
    """As many connections as there are requests at the same time.

    A server hangs up on one that nothing was asked on for five seconds, so the last used is taken first, and one
    that has lain too long not at all.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[tuple[Wire, float]] = []

    async def post(self, path: str, body: Any, *, key: str) -> None:
        """Send a command."""
        wire = await self._take()
        await wire.post(path, body, key=key)
        self._idle.append((wire, time.monotonic()))

    async def _take(self) -> Wire:
        if self._idle and time.monotonic() - self._idle[-1][1] < _IDLE_SECONDS:
            return self._idle.pop()[0]
        self.close()
        return await Wire.open(self._url)

    def close(self) -> None:
        """Hang up those that nothing is asked on."""
        while self._idle:
            self._idle.pop()[0].close()


class _Observer:
    """Asks for the cell as long as commands are awaited, and notes when each is seen."""

    def __init__(self, wire: Wire, times: _Times) -> None:
        self._wire = wire
        self._times = times
        self._awaited: list[tuple[_Group, int, float, bool]] = []
        self._wake = asyncio.Event()

    @classmethod
    async def on(cls, url: str, times: _Times) -> Self:
        """Return an observer of the service at `url`."""
        return cls(await Wire.open(url), times)

    def wait_for(self, group: _Group, count: int, *, since: float, counts: bool) -> None:
        """Note when the cell has `count` members in `group`."""
        self._awaited.append((group, count, since, counts))
        self._wake.set()

    @property
    def is_waiting(self) -> bool:
        """Whether a command is not visible yet."""
        return bool(self._awaited)

    async def watch(self) -> None:
        """Ask until cancelled."""
        while True:
            if not self._awaited:
                self._wake.clear()
                await self._wake.wait()
            asked = time.perf_counter()
            answer = json.loads(await self._wire.get(_PATH))
            now = time.perf_counter()
            self._times.polls.append((now - asked) * 1000)
            seen = {tuple(group[name] for name in _DIMENSIONS): group["count"] for group in answer["groups"]}
            waiting, self._awaited = self._awaited, []
            for group, count, since, counts in waiting:
                if seen.get(group, 0) < count:
                    self._awaited.append((group, count, since, counts))
                elif counts:
                    self._times.delays.append((now - since) * 1000)
            await asyncio.sleep(_BETWEEN_POLLS)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


async def _commands(running: System, size: Size) -> _Times:
    """Return how long commands took to be answered, and from then on to be visible."""
    times = _Times()
    wires = _Wires(running.processes["membership"].url)
    observer = await _Observer.on(running.processes["reporting"].url, times)
    given: Counter[_Group] = Counter()

    async def admit(number: int, due: float, counts: bool) -> None:
        group = _GROUPS[number % len(_GROUPS)]
        given[group] += 1
        count = given[group]
        await wires.post("/v1/members", _admission(number, group), key=f"delay-{number}")
        answered = time.perf_counter()
        observer.wait_for(group, count, since=answered, counts=counts)
        if counts:
            times.commands.append((answered - due) * 1000)

    watching = asyncio.create_task(observer.watch())
    try:
        await _open_loop(size, admit)
        async with asyncio.timeout(_GIVE_UP_SECONDS):
            while observer.is_waiting and not watching.done():  # noqa: ASYNC110 - no event is worth it here
                await asyncio.sleep(0.001)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        observer.close()
        wires.close()
    return times


def _admission(number: int, group: _Group) -> dict[str, Any]:
    gender, youth, band = group
    return {
        "code": f"{_CELL}-{number}",
        "cell_code": _CELL,
        "full_name": "Nguyễn Văn Đo",
        "birth_date": date(_AS_OF.year - _AGES[band], 1, 1).isoformat(),
        "gender": gender,
        "ethnicity": "Kinh",
        "religion": None,
        "youth_union": youth,
        "admitted_on": "2020-05-19",
    }


async def _bare_parts(running: System, size: Size) -> _Times:
    """Return the times of commit, and of produce, consume and commit after it."""
    times = _Times()
    url = running.stack.database_url("bench")
    pool = await asyncpg.create_pool(url, min_size=2, max_size=8)
    await pool.execute("DROP TABLE IF EXISTS bare; CREATE TABLE bare (number bigint, value bytea)")
    await ensure_topics(running.stack.kafka, [_TOPIC])
    consumer = AIOKafkaConsumer(
        _TOPIC, bootstrap_servers=running.stack.kafka, group_id=None, auto_offset_reset="earliest"
    )
    await consumer.start()
    committed: dict[int, asyncio.Future[float]] = {}

    async def consume() -> None:
        while True:
            record = await consumer.getone()
            await pool.execute("INSERT INTO bare VALUES ($1, $2)", int(record.key), record.value)
            committed[int(record.key)].set_result(time.perf_counter())

    consuming = asyncio.create_task(consume())
    try:
        async with producing(running.stack.kafka) as producer:

            async def act(number: int, due: float, counts: bool) -> None:
                committed[number] = asyncio.get_running_loop().create_future()
                await pool.execute("INSERT INTO bare VALUES ($1, $2)", number, _VALUE)
                answered = time.perf_counter()
                await producer.send(_TOPIC, _VALUE, key=b"%d" % number)
                async with asyncio.timeout(_GIVE_UP_SECONDS):
                    seen = await committed[number]
                if counts:
                    times.commands.append((answered - due) * 1000)
                    times.delays.append((seen - answered) * 1000)

            await _open_loop(size, act)
    finally:
        consuming.cancel()
        with suppress(asyncio.CancelledError):
            await consuming
        await consumer.stop()
        await pool.close()
    return times
