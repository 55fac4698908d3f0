"""Members of a day of a whole province, at half of its years and then at all of them: cross-tables, and how many.

As growth.py, but of the register alone, so that the whole province takes minutes and not hours. Against the
cross-table by the same ten dimensions in plain SQL: all facts up to the day, grouped by PostgreSQL and fetched by its
driver.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Final

import asyncpg

from bench import replay, stream, system
from bench.figures import Aim, Baseline, Figure, percentile
from bench.memory import rss
from bench.questions import WIDEST
from bench.scale.asked import Times
from bench.scale.growth import keep_checkpoints
from bench.scale.history import ROOT, Province
from bench.sizes import Size
from bench.statistics import timed
from bench.stream import Sequences
from bench.system import Systems
from bench.wire import Wire
from chassis.broker import ensure_topics
from contracts.topics import MEMBERSHIP_INTERNAL
from deploy.local.stack import Stack
from services.reporting.domain import AGE_BANDS, day_number

_AIM: Final = Aim(50.0)
_MEMORY_AIM: Final = Aim(150.0)
_PLAIN: Final = "plain SQL, by ten dimensions"
_SQL: Final = """
    SELECT profile, background & 4095, width_bucket(greatest($2 - born, 0) / 10000, $3::int[]), sum(delta)
    FROM member_facts WHERE effective_date <= $1 GROUP BY 1, 2, 3 HAVING sum(delta) <> 0
"""
_BY: Final[Mapping[str, str]] = {
    "how many": "",
    "by ten dimensions": f"&by={WIDEST}",
    "by era and party age, too": f"&by={WIDEST},admission_era,party_age",
}


def measure(_systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield p50 and p99 of each question at all years, beside those at half of them and plain SQL's.

    The servers are always its own: nothing else may write the topic.
    """
    its = size.register
    province = Province(its.members, cells=its.cells, years=its.years)
    half = len(province.months) // 2
    parts = (
        chain(province.register(), province.lives(province.months[:half])),
        province.lives(province.months[half:]),
    )
    sent: Sequences = {}
    taken, memory = [], 0.0
    with Stack.start() as stack:
        system.run(ensure_topics(stack.kafka, [MEMBERSHIP_INTERNAL.name]))
        replay.migrate(stack)
        system.run(system.forget_projection(stack))
        consumer = stack.run_service("reporting", "consumer")
        for records, months in zip(parts, (province.months[:half], province.months), strict=True):
            system.run(stream.send(stack.kafka, records, sent))
            system.run(replay.watch(stack, consumer, sent))
            system.run(keep_checkpoints(stack))
            reporting = stack.run_service("reporting", "api")
            reporting.wait_ready()
            url = stack.database_url("reporting")
            taken.append(system.run(_ask(reporting.url, url, months, its.queries)))
            memory = rss(reporting.pid)
            reporting.stop()
    before, now = taken
    for what in _BY:
        for percent, aim in ((50, None), (99, _AIM)):
            figure, label = percentile(now[what], percent), f"members: {what}, p{percent}"
            yield Figure(
                label, figure, "ms", Baseline("half the years", percentile(before[what], percent)), aim
            )
            yield Figure(label, figure, "ms", Baseline(_PLAIN, percentile(now[_PLAIN], percent)))
    yield Figure("members: RSS of the API afterwards", memory, "MB", None, _MEMORY_AIM)


async def _ask(url: str, database: str, months: list[date], times: int) -> dict[str, list[float]]:
    when = Times(months)
    bands = [band.lowest for band in AGE_BANDS]
    wire, connection = await Wire.open(url), await asyncpg.connect(database)

    def asking(by: str) -> Callable[[], Awaitable[object]]:
        return lambda: wire.get(f"/v1/figures?unit={ROOT}&to={when.day()}&measures=members{by}")

    def plainly() -> Awaitable[object]:
        day = when.day()
        return connection.fetch(_SQL, day, day_number(day), bands)

    try:
        questions = {what: asking(by) for what, by in _BY.items()} | {_PLAIN: plainly}
        return {what: await timed(question, times) for what, question in questions.items()}
    finally:
        wire.close()
        await connection.close()
