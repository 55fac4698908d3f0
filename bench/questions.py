"""Query time of the grammar: `GET /v1/figures` of the example bloc's two years of meetings, and of its members.

Against: a plain SQL view over the same rows, by month alone, without tree, ratios or HTTP: the naive peer, which
knows no unit but the whole.
"""

from collections.abc import Awaitable, Callable, Iterator
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

_AIM: Final = Aim(50.0)
_TWO_YEARS: Final = "unit=K&from=2018-12&to=2020-11&by_period=month"
_WIDEST: Final = (
    "gender,ethnic_minority,religion,youth,standing,age_band,education,qualification,theory,occupation"
)
_QUESTIONS: Final = {
    "two years of meetings, by month": f"{_TWO_YEARS}&measures=meetings.*,tasks.*",
    "two years of meetings, by month and cell": f"{_TWO_YEARS}&measures=meetings.held_rate&by=cell",
    "two years of members, by month": f"{_TWO_YEARS}&measures=members.*",
    "members of a day, by all dimensions": f"unit=K&to=2020-11-30&measures=members&by={_WIDEST}",
}
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
    for percent, aim in ((50, None), (99, _AIM)):
        baseline = Baseline(f"p{percent} of a plain view, by month", percentile(view, percent))
        for what, taken in times.items():
            yield Figure(f"figures: {what}, p{percent}", percentile(taken, percent), "ms", baseline, aim)


async def _ask(url: str, database: str, times: int) -> dict[str, list[float]]:
    wire, connection = await Wire.open(url), await asyncpg.connect(database)

    def get(asked: str) -> Callable[[], Awaitable[object]]:
        return lambda: wire.get(f"/v1/figures?{asked}")

    try:
        await connection.execute(_VIEW)
        found = {what: await timed(get(asked), times) for what, asked in _QUESTIONS.items()}
        found["view"] = await timed(lambda: connection.fetch("SELECT * FROM meetings_by_month"), times)
        await connection.execute("DROP VIEW meetings_by_month")
    finally:
        wire.close()
        await connection.close()
    return found
