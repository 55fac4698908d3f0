"""Memory of each service process, all parts in one: after an import, and after a replay of what was imported.

Against: the same process just started. RSS counts shared libraries in full; USS, what would be free if the process
ended, is given beside it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psutil

from bench import register, system
from bench.figures import Aim, Baseline, Figure
from bench.sizes import Size
from bench.system import Systems

_MEGABYTE: Final = 2**20
_AIM: Final = Aim(150.0)
_LOOK_SECONDS: Final = 0.01


def measure(systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield RSS and USS of membership and reporting."""
    large = register.make(size.members)
    with systems.system() as running:
        started = {name: rss(process.pid) for name, process in running.processes.items()}
        running.import_example()
        running.import_file("organisations", register.organisations_file(large))
        running.import_file("members", register.members_file(large))
        running.wait_until_seen()
        for name, process in running.processes.items():
            yield from of_process(f"{name}, after the import", process.pid, started[name])
        reporting = running.processes["reporting"]
        reporting.stop()
        system.run(system.forget_projection(running.stack))
        reporting.restart()
        reporting.wait_ready()
        running.wait_until_seen()
        yield from of_process("reporting, after a replay", reporting.pid, started["reporting"])


def rss(pid: int) -> float:
    """Return the resident memory of a process, in MB."""
    return float(psutil.Process(pid).memory_info().rss) / _MEGABYTE


@contextmanager
def highest_rss(pid: int) -> Iterator[list[float]]:
    """Yield a list whose one number is the highest RSS of a process so far, in MB."""
    highest, over = [rss(pid)], threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            highest[0] = max(highest[0], rss(pid))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield highest
    finally:
        over.set()
        looking.join()


def of_process(what: str, pid: int, started: float) -> Iterator[Figure]:
    """Yield RSS, beside what it was at the start, and USS."""
    yield Figure(f"memory: {what}, RSS", rss(pid), "MB", Baseline("just started", started), _AIM)
    own = psutil.Process(pid).memory_full_info().uss / _MEGABYTE
    yield Figure(f"memory: {what}, USS", own, "MB")
