"""A province in one go: units, then members, each file in one request; the time, and the memory at its highest.

Against: PostgreSQL's COPY of the members' rows, as in `imports`. Memory is that of membership, all parts in one
process, looked at every few milliseconds while the members' file is on the way, beside what the process just started
takes: the file itself is in it.
"""

import time
from collections.abc import Iterator

from bench import imports, register, system
from bench.figures import Baseline, Figure
from bench.memory import highest_rss, rss
from bench.sizes import Size
from bench.system import Systems


def measure(systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield the seconds of each file, the rate of the members beside that of COPY, and the highest RSS."""
    made = register.make(size.province_members, cells=size.province_cells, root="TINH")
    organisations, members = register.organisations_file(made), register.members_file(made)
    with systems.system() as running:
        copied = system.run(imports.copy(running.stack.database_url("bench"), members))
        pid = running.processes["membership"].pid
        started = rss(pid)
        began = time.perf_counter()
        running.import_file("organisations", organisations)
        units_seconds = time.perf_counter() - began
        with highest_rss(pid) as highest:
            began = time.perf_counter()
            answer = running.import_file("members", members)
            seconds = time.perf_counter() - began
        running.wait_until_seen()
        counted = time.perf_counter() - began
    rows = answer["imported"]
    yield Figure(f"province: {len(made.units):,} units", units_seconds, "s")
    yield Figure(f"province: {rows:,} members", seconds, "s")
    yield Figure(f"province: {rows:,} members, until counted", counted, "s")
    yield Figure(
        f"province: {rows:,} members", rows / seconds, "rows/s", Baseline("COPY into a bare table", copied)
    )
    yield Figure("province: highest RSS of membership", highest[0], "MB", Baseline("just started", started))
