"""Query time of the grammar: `GET /v1/figures` of the example bloc's two years of meetings, and of its members.

Against: a plain SQL view over the same rows, by month alone, without tree, ratios or HTTP: the naive peer, which
knows no unit but the whole. Days are drawn by chance; the page's are never twice the same, since it keeps pages.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from typing import Final

import asyncpg

from bench import system
from bench.figures import Aim, Baseline, Figure, percentile
from bench.sizes import Size
from bench.statistics import timed
from bench.system import EXAMPLE_MEETINGS, Systems
from bench.wire import Wire
from chibo.client import Client
from chibo.stack import wait_until_seen

_OF_A_DAY: Final = Aim(50.0)
_OF_TWO_YEARS: Final = Aim(200.0)
_OF_THE_PAGE: Final = Aim(1000.0)
_FIRST_DAY: Final = date(1990, 1, 1)
_DAYS: Final = (date(2021, 12, 31) - _FIRST_DAY).days
_TWO_YEARS: Final = "unit=K&from=2018-12&to=2020-11&by_period=month"
WIDEST: Final = (
    "gender,ethnic_minority,religion,youth,standing,age_band,education,qualification,theory,occupation"
)
"""All that members can be told apart by."""
_QUESTIONS: Final = {
    "two years of meetings, by month": f"{_TWO_YEARS}&measures=meetings.*,tasks.*",
    "two years of meetings, by month and cell": f"{_TWO_YEARS}&measures=meetings.held_rate&by=cell",
    "two years of members, by month": f"{_TWO_YEARS}&measures=members.*",
    "two years of movement, by month": f"{_TWO_YEARS}&measures=movement.*",
    "members of a day": "unit=K&to={day}&measures=members",
    "members of a day, by all dimensions": f"unit=K&to={{day}}&measures=members&by={WIDEST}",
}
_PAGE: Final = "the page, of a day that nobody looked at"
_VIEW: Final = """
    CREATE OR REPLACE VIEW meetings_by_month AS
    SELECT month, count(*) FILTER (WHERE status = 'held') AS held, sum(counted) AS counted, sum(present) AS present,
           sum(book_opinions + opinions) AS opinions
    FROM meeting_states WHERE known_until IS NULL GROUP BY month
"""


def measure(systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield p50 and p99 of each question."""
    with systems.system() as running:
        running.import_example()
        meetings = running.stack.run_service("meetings")
        meetings.wait_ready()
        client = Client(meetings.url)
        wait_until_seen(running.membership, client)
        rows = EXAMPLE_MEETINGS.read_bytes().splitlines(keepends=True)[: size.past_meetings + 1]
        client.post("/v1/imports/meetings", content=b"".join(rows), headers={"Content-Type": "text/csv"})
        wait_until_seen(client, running.reporting)
        url = running.processes["reporting"].url
        times = system.run(_ask(url, running.stack.database_url("reporting"), size.queries // 2))
    view = times.pop("view")
    for percent in (50, 99):
        baseline = Baseline(f"p{percent} of a plain view, by month", percentile(view, percent))
        for what, taken in times.items():
            aim = _aim(what) if percent == 99 else None
            yield Figure(f"figures: {what}, p{percent}", percentile(taken, percent), "ms", baseline, aim)


def _aim(what: str) -> Aim:
    return _OF_THE_PAGE if what == _PAGE else _OF_TWO_YEARS if what.startswith("two years") else _OF_A_DAY


async def _ask(url: str, database: str, times: int) -> dict[str, list[float]]:
    wire, connection = await Wire.open(url), await asyncpg.connect(database)
    chance = random.Random(2020)
    any_day = [_FIRST_DAY + timedelta(days=number) for number in range(_DAYS)]
    met = [day for day in any_day if day.year == 2020]

    def get(asked: str, of: list[date]) -> Callable[[], Awaitable[object]]:
        days = iter(chance.sample(of, len(of)))
        return lambda: wire.get(asked.format(day=next(days)))

    try:
        await connection.execute(_VIEW)
        found = {
            what: await timed(get(f"/v1/figures?{asked}", any_day), times)
            for what, asked in _QUESTIONS.items()
        }
        found[_PAGE] = await timed(get("/?unit=K&as_of={day}", met), times // 2)
        found["view"] = await timed(lambda: connection.fetch("SELECT * FROM meetings_by_month"), times)
        await connection.execute("DROP VIEW meetings_by_month")
    finally:
        wire.close()
        await connection.close()
    return found
