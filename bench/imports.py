"""Import rate: a members file sent to `POST /v1/imports/members`, from the first byte sent to the answer.

The answer comes when every row is decided and every event is in the log, committed. Against: PostgreSQL's COPY of
the same rows, as text, into a bare table without an index, in a database of the same server: nothing can be faster.
"""

import io
import time
from collections.abc import Iterator
from typing import Final

import asyncpg

from bench import register, system
from bench.figures import Baseline, Figure
from bench.sizes import Size
from bench.system import System, Systems

_COLUMNS: Final = (
    "code", "cell_code", "full_name", "birth_date", "gender", "ethnicity", "religion", "youth_union",
    "admitted_on", "official_on", "left_on", "left_reason",
)  # fmt: skip


def measure(systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield the rate of the example bloc, then that of a larger made-up file."""
    large = register.make(size.members)
    files = (
        (
            "the bloc",
            system.EXAMPLE_ORGANISATIONS.read_bytes(),
            system.EXAMPLE_MEMBERS.read_bytes(),
        ),
        ("large file", register.organisations_file(large), register.members_file(large)),
    )
    with systems.system() as running:
        for name, organisations, members in files:
            running.import_file("organisations", organisations)
            yield from _import(running, name, members)


def _import(running: System, name: str, members: bytes) -> Iterator[Figure]:
    copied = system.run(copy(running.stack.database_url("bench"), members))
    began = time.perf_counter()
    answer = running.import_file("members", members)
    seconds = time.perf_counter() - began
    running.wait_until_seen()
    visible = time.perf_counter() - began
    rows, events = answer["imported"], answer["events"]
    what = f"imports: {name}, {rows:,} rows"
    yield Figure(what, rows / seconds, "rows/s", Baseline("COPY into a bare table", copied))
    yield Figure(f"{what}, recorded", events / seconds, "events/s")
    yield Figure(f"{what}, until counted", events / visible, "events/s")


async def copy(url: str, members: bytes) -> float:
    """Return the rows a second at which PostgreSQL copies a members file into a bare table."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("DROP TABLE IF EXISTS bare")
        await connection.execute(f"CREATE TABLE bare ({', '.join(f'{name} text' for name in _COLUMNS)})")
        began = time.perf_counter()
        status = await connection.copy_to_table("bare", source=io.BytesIO(members), format="csv", header=True)
        return int(status.removeprefix("COPY ")) / (time.perf_counter() - began)
    finally:
        await connection.close()
