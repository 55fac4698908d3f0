"""Query time: `GET /v1/statistics` of the example bloc at random days, one after another over loopback.

Against: `/health/ready` of the same process, which is `SELECT true` behind the same HTTP server: the floor of any
answer that asks the database; and one plain scan over all rows of facts, straight in SQL, as a naive peer.
"""

import random
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from typing import Final

import asyncpg

from bench import system
from bench.figures import Aim, Baseline, Figure, percentile
from bench.sizes import Size
from bench.system import Systems
from bench.wire import Wire

_FIRST_DAY: Final = date(1980, 1, 1)
_DAYS: Final = (date(2021, 12, 31) - _FIRST_DAY).days
_ALL: Final = "gender,ethnic_minority,religion,youth,standing,age_band"
_WARM_UP: Final = 20
_AIM: Final = Aim(10.0)
_SCAN: Final = """
    SELECT gender, standing, ethnic_minority, religious, youth_union, sum(delta)
    FROM member_facts WHERE effective_date <= $1 GROUP BY 1, 2, 3, 4, 5
"""


def measure(systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield p50 and p99 of each kind of question."""
    with systems.system() as running:
        running.import_example()
        url = running.processes["reporting"].url
        times = system.run(_ask(url, running.stack.database_url("reporting"), size.queries))
    floor = times.pop("/health/ready")
    for percent, aim in ((50, None), (99, _AIM)):
        baseline = Baseline(f"p{percent} of /health/ready", percentile(floor, percent))
        for what, taken in times.items():
            figure = percentile(taken, percent)
            of_us = what.startswith("bloc")
            yield Figure(
                f"statistics: {what}, p{percent}",
                figure,
                "ms",
                baseline if of_us else None,
                aim if of_us else None,
            )


async def _ask(url: str, database: str, times: int) -> dict[str, list[float]]:
    chance = random.Random(2020)
    wire, connection = await Wire.open(url), await asyncpg.connect(database)

    def day() -> date:
        return _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))

    questions: dict[str, Callable[[], Awaitable[object]]] = {
        "bloc": lambda: wire.get(f"/v1/statistics?unit=K&as_of={day()}"),
        "bloc, by gender and standing": lambda: wire.get(
            f"/v1/statistics?unit=K&as_of={day()}&by=gender,standing"
        ),
        "bloc, by all dimensions": lambda: wire.get(f"/v1/statistics?unit=K&as_of={day()}&by={_ALL}"),
        "plain scan in SQL": lambda: connection.fetch(_SCAN, day()),
        "/health/ready": lambda: wire.get("/health/ready"),
    }
    try:
        return {what: await timed(question, times) for what, question in questions.items()}
    finally:
        wire.close()
        await connection.close()


async def timed(question: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """Return the milliseconds of each of `times` answers, after some that do not count."""
    for _ in range(_WARM_UP):
        await question()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await question()
        taken.append((time.perf_counter() - began) * 1000)
    return taken
