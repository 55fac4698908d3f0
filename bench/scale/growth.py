"""Replay, disk, memory and query time of a province's history, at half of its years and then at all of them.

The real consumer replays from empty tables; a process with all parts of reporting is asked afterwards, on days at
random, behind the checkpoints and the VACUUM ANALYZE such as reporting and PostgreSQL make by themselves within a
minute. Against: the same figures from materialised views over the raw events (view.py) and from the same fold in
Kafka Streams (streams.py), held to be the same.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain
from typing import Final

import asyncpg

from bench import replay, stream, system
from bench.figures import Aim, Baseline, Figure, percentile
from bench.memory import highest_rss, rss
from bench.replay import Move
from bench.scale import asked, streams
from bench.scale.asked import Table, Times, Year
from bench.scale.history import Province
from bench.scale.streams import Folded
from bench.scale.view import Views
from bench.sizes import Size
from bench.statistics import timed
from bench.stream import Sequences
from bench.system import Systems
from bench.wire import Wire
from chassis.broker import ensure_topics
from contracts.topics import MEETINGS_INTERNAL, MEMBERSHIP_INTERNAL
from deploy.local.stack import ServiceProcess, Stack
from services.reporting import checkpoints

_AIM: Final = Aim(50.0)
_MEMORY_AIM: Final = Aim(150.0)
_PATIENCE_SECONDS: Final = 4 * 3600.0
_MEGABYTE: Final = 2**20
_TOPICS: Final = (MEMBERSHIP_INTERNAL.name, MEETINGS_INTERNAL.name)
_PARTS: Final = 5
"""In which a replay is looked at, to see whether it slows down."""
_COMPARED: Final = 3
"""Days and years whose figures are held against the peer's."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay from nothing took, and left."""

    events: int
    rate: float
    """Events a second."""
    rates: Sequence[float]
    """Of each fifth of the events."""
    highest: float
    """RSS of the consumer, in MB, as the next two."""
    database: float
    topics: float

    @property
    def seconds(self) -> float:
        """How long all events take at that rate."""
        return self.events / self.rate


@dataclass(frozen=True, slots=True)
class Answered:
    """What questions took, in ms, of reporting and of the views; and what the views took before, in s."""

    days: Sequence[date]
    """Whose figures are held against the peers'; so are those of the years."""
    years: Sequence[Year]
    of_days: Sequence[Table]
    of_years: Sequence[Table]
    members: list[float]
    meetings: list[float]
    members_of_view: list[float]
    meetings_of_view: list[float]
    loaded: float
    refreshed: float
    memory: float
    """RSS of reporting afterwards, in MB."""
    kept: Sequence[float] = ()
    """What each checkpoint took that was made before, in s."""


def measure(_systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield the figures of all years, beside those of half of them, and of the peers.

    The servers are always its own: nothing else may write the topics.
    """
    its = size.scale
    province = Province(its.members, cells=its.cells, years=its.years)
    half = len(province.months) // 2
    parts = (
        chain(province.beginning(), province.span(province.months[:half])),
        province.span(province.months[half:]),
    )
    months = (province.months[:half], province.months)
    replayed, answered = [], []
    sent: Sequences = {}
    with Stack.start() as stack:
        system.run(ensure_topics(stack.kafka, _TOPICS))
        replay.migrate(stack)
        consumer = stack.run_service("reporting", "consumer")
        consumer.stop()
        for records, known in zip(parts, months, strict=True):
            events = system.run(stream.send(stack.kafka, records, sent))
            _tell(f"{events:,} events sent")
            replayed.append(_replay(stack, consumer, sent))
            _tell(_said_of_replay(replayed[-1]))
            answered.append(_answer(stack, sum(map(len, sent.values())), known, its.queries))
            _tell(_said_of_answers(answered[-1]))
        folded = _fold(stack, replayed[1].events, answered[1])
    yield from _of_replays(replayed[0], replayed[1], answered[1])
    yield from _of_streams(replayed[1], folded)
    yield from _of_answers(answered[0], answered[1], folded)


def _tell(what: str) -> None:
    """Say how far it is: the whole province takes most of an hour."""
    print(
        f"scale: {datetime.now(UTC):%H:%M:%S} UTC, load {os.getloadavg()[0]:.1f}: {what}",
        file=sys.stderr,
        flush=True,
    )


def _said_of_replay(its: Replayed) -> str:
    parts = ", ".join(f"{rate:,.0f}" for rate in its.rates)
    return (
        f"{its.events:,} replayed, {its.rate:,.0f} a second (its fifths: {parts}), RSS {its.highest:.0f} MB"
    )


def _said_of_answers(its: Answered) -> str:
    members, meetings = (
        ", ".join(f"{percentile(taken, percent):.1f}" for percent in (50, 99))
        for taken in (its.members, its.meetings)
    )
    return f"asked; p50 and p99 of members {members} ms, of meetings {meetings} ms"


def _replay(stack: Stack, consumer: ServiceProcess, sent: Sequences) -> Replayed:
    system.run(system.forget_projection(stack))
    began = time.perf_counter()
    consumer.restart()
    moves: list[Move] = []
    with highest_rss(consumer.pid) as highest:
        events, seconds = system.run(
            replay.watch(stack, consumer, sent, patience=_PATIENCE_SECONDS, moves=moves)
        )
    if not events:  # so few that the first mark stood for all of them: the process' start is counted too
        events, seconds = sum(map(len, sent.values())), time.perf_counter() - began
    consumer.stop()
    return Replayed(
        events=sum(map(len, sent.values())),
        rate=events / seconds,
        rates=list(_rates(moves)),
        highest=highest[0],
        database=system.run(_database_size(stack)),
        topics=_topics_size(stack),
    )


def _rates(moves: Sequence[Move]) -> Iterator[float]:
    """Yield the rate of each part, as far as the marks that were seen tell the parts."""
    first, last = moves[0], moves[-1]
    before = first
    for part in range(1, _PARTS + 1):
        until = first.applied + (last.applied - first.applied) * part / _PARTS
        after = next(move for move in moves if move.applied >= until)
        if after.seconds > before.seconds:
            yield (after.applied - before.applied) / (after.seconds - before.seconds)
        before = after


def _answer(stack: Stack, events: int, months: list[date], queries: int) -> Answered:
    kept = system.run(keep_checkpoints(stack))
    reporting = stack.run_service("reporting")
    reporting.wait_ready()
    try:
        return replace(system.run(_ask(stack, reporting, events, months, queries)), kept=kept)
    finally:
        reporting.stop()


async def _ask(
    stack: Stack, reporting: ServiceProcess, events: int, months: list[date], queries: int
) -> Answered:
    wire, views = await Wire.open(reporting.url), await Views.make(stack.database_url("bench"))
    times = Times(months)
    try:
        loaded, refreshed = await views.load(stack.kafka, events), await views.refresh()
        days, years = [times.day() for _ in range(_COMPARED)], [times.year() for _ in range(_COMPARED)]
        of_days = [asked.members_table(await asked.members(wire, day)) for day in days]
        of_years = [asked.meetings_table(await asked.meetings(wire, year)) for year in years]
        asked.same("members, views", of_days, [await views.members(day) for day in days])
        asked.same("meetings, views", of_years, [await views.meetings(year) for year in years])
        return Answered(
            days=days,
            years=years,
            of_days=of_days,
            of_years=of_years,
            members=await timed(lambda: asked.members(wire, times.day()), queries),
            meetings=await timed(lambda: asked.meetings(wire, times.year()), queries),
            members_of_view=await timed(lambda: views.members(times.day()), queries),
            meetings_of_view=await timed(lambda: views.meetings(times.year()), queries),
            loaded=loaded,
            refreshed=refreshed,
            memory=rss(reporting.pid),
        )
    finally:
        wire.close()
        await views.close()


def _fold(stack: Stack, events: int, ours: Answered) -> Folded:
    folded = streams.fold(stack, events, ours.days, ours.years)
    asked.same("members, Kafka Streams", ours.of_days, folded.members)
    asked.same("meetings, Kafka Streams", ours.of_years, folded.meetings)
    return folded


async def _database_size(stack: Stack) -> float:
    connection = await asyncpg.connect(stack.database_url("reporting"))
    try:
        return float(await connection.fetchval("SELECT pg_database_size(current_database())")) / _MEGABYTE
    finally:
        await connection.close()


async def keep_checkpoints(stack: Stack) -> list[float]:
    """Do what reporting and PostgreSQL do by themselves in a minute; return the seconds of each checkpoint."""
    connection = await asyncpg.connect(stack.database_url("reporting"))
    seconds = []
    try:
        await connection.execute("VACUUM ANALYZE")
        while True:
            began = time.perf_counter()
            async with connection.transaction():
                day = await checkpoints.next_day(connection, datetime.now(UTC).date())
                if day is None:
                    break
                await checkpoints.make(connection, day)
            seconds.append(time.perf_counter() - began)
        await connection.execute("VACUUM ANALYZE member_checkpoints, member_standings")
    finally:
        await connection.close()
    return seconds


def _topics_size(stack: Stack) -> float:
    """Return what the topics take on the broker's disk, in MB; 0 where the broker is not ours."""
    logs = chain.from_iterable((stack.folder / "kafka").glob(f"{topic}-*/*.log") for topic in _TOPICS)
    return sum(log.stat().st_size for log in logs) / _MEGABYTE


def _of_replays(half: Replayed, whole: Replayed, answered: Answered) -> Iterator[Figure]:
    what = f"scale: {whole.events:,} events"
    before = f"half the years, {half.events:,}"
    refreshed = Baseline("views: load the rest, refresh", answered.loaded + answered.refreshed)
    yield Figure(f"{what}, replay", whole.seconds, "s", Baseline(before, half.seconds))
    yield Figure(f"{what}, replay", whole.seconds, "s", Baseline("views: refresh alone", answered.refreshed))
    for number, rate in enumerate(whole.rates, start=1):
        part = f"scale: replay of all years, fifth {number}"
        yield Figure(part, rate, "events/s", Baseline("all of it", whole.rate))
    kept = answered.kept
    if kept:
        yield Figure(f"scale: {len(kept)} checkpoints made", sum(kept), "s", Baseline("slowest", max(kept)))
    yield Figure("scale: views, load the second half and refresh", refreshed.value, "s")
    yield Figure(what, whole.rate, "events/s", Baseline(before, half.rate))
    yield Figure(
        "scale: highest RSS of the consumer", whole.highest, "MB", Baseline(before, half.highest), _MEMORY_AIM
    )
    yield Figure("scale: database after the replay", whole.database, "MB", Baseline(before, half.database))
    if whole.topics:
        yield Figure("scale: topics", whole.topics, "MB", Baseline(before, half.topics))


def _of_streams(ours: Replayed, theirs: Folded) -> Iterator[Figure]:
    peer = "Kafka Streams"
    yield Figure(
        "scale: replay, all years", ours.rate, "events/s", Baseline(peer, ours.events / theirs.seconds)
    )
    yield Figure("scale: highest RSS", ours.highest, "MB", Baseline(peer, theirs.highest))
    yield Figure("scale: database", ours.database, "MB", Baseline(f"{peer}, its stores", theirs.state))


def _of_answers(half: Answered, whole: Answered, folded: Folded) -> Iterator[Figure]:
    groups, then_groups = (max(map(len, ours.of_days)) for ours in (whole, half))
    yield Figure(
        "scale: groups of the widest cross-table", groups, "", Baseline("half the years", then_groups)
    )
    for what, now, then, view, stores in (
        ("members by all dimensions", whole.members, half.members, whole.members_of_view, folded.members_ms),
        (
            "a year's meetings by kind",
            whole.meetings,
            half.meetings,
            whole.meetings_of_view,
            folded.meetings_ms,
        ),
    ):
        for percent, aim in ((50, None), (99, _AIM)):
            figure = percentile(now, percent)
            label = f"scale: {what}, p{percent}"
            yield Figure(label, figure, "ms", Baseline("half the years", percentile(then, percent)), aim)
            yield Figure(label, figure, "ms", Baseline("materialised view", percentile(view, percent)))
        yield Figure(
            f"scale: {what}, p50",
            percentile(now, 50),
            "ms",
            Baseline("Kafka Streams, scan", percentile(stores, 50)),
        )
    yield Figure(
        "scale: RSS of reporting after the questions",
        whole.memory,
        "MB",
        Baseline("half the years", half.memory),
        _MEMORY_AIM,
    )
