"""Single-command rate: how many `POST /v1/members` a second are answered to 1, 8 and 32 clients.

Each client sends the next command when the last one is answered, each with an idempotency key; all into one cell.
Against: as many clients that each commit one row of the same size in PostgreSQL, and nothing else.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import asyncpg

from bench import system
from bench.figures import Baseline, Figure
from bench.sizes import Size
from bench.system import System, Systems
from bench.wire import Wire

_ROOT: Final = "LENH"
_CELL: Final = "LENH.01"
_VALUE: Final = b"x" * 500
_WARM_UP: Final = 50


def measure(systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield the rate for each number of clients."""
    with systems.system() as running:
        _make_cell(running)
        numbers = itertools.count(1)
        for clients in size.clients:
            bare = system.run(_bare(running, clients, size.client_commands))
            rate = system.run(_commands(running, clients, size.client_commands, numbers))
            what = f"commands: {clients} client" + ("s" if clients > 1 else "")
            yield Figure(what, rate, "1/s", Baseline("bare commits", bare))


def _make_cell(running: System) -> None:
    lines = (
        "code,parent_code,type,name,established_on,dissolved_on",
        f"{_ROOT},,bloc,Đảng bộ Khối (đo lệnh),1976-02-20,",
        f"{_CELL},{_ROOT},grassroots_cell,Chi bộ đo lệnh,1976-02-20,",
    )
    running.import_file("organisations", "\n".join(lines).encode())


async def _rate(clients: int, total: int, act: Callable[[int], Awaitable[None]]) -> float:
    """Return how many a second are done; `act(client)` is called again and again by each client."""

    async def work(client: int, times: int) -> None:
        for _ in range(times):
            await act(client)

    await asyncio.gather(*(work(client, max(1, _WARM_UP // clients)) for client in range(clients)))
    each = max(1, total // clients)
    began = time.perf_counter()
    await asyncio.gather(*(work(client, each) for client in range(clients)))
    return clients * each / (time.perf_counter() - began)


async def _commands(running: System, clients: int, total: int, numbers: Iterator[int]) -> float:
    wires = [await Wire.open(running.processes["membership"].url) for _ in range(clients)]
    try:

        async def admit(client: int) -> None:
            number = next(numbers)
            await wires[client].post("/v1/members", _admission(number), key=f"commands-{number}")

        return await _rate(clients, total, admit)
    finally:
        for wire in wires:
            wire.close()


def _admission(number: int) -> dict[str, object]:
    return {
        "code": f"{_CELL}-{number}",
        "cell_code": _CELL,
        "full_name": "Nguyễn Văn Đo",
        "birth_date": "1980-01-01",
        "gender": "male",
        "ethnicity": "Kinh",
        "religion": None,
        "youth_union": False,
        "admitted_on": "2020-05-19",
    }


async def _bare(running: System, clients: int, total: int) -> float:
    pool = await asyncpg.create_pool(running.stack.database_url("bench"), min_size=clients, max_size=clients)
    try:
        await pool.execute("CREATE TABLE IF NOT EXISTS bare_commits (value bytea)")

        async def commit(_client: int) -> None:
            await pool.execute("INSERT INTO bare_commits VALUES ($1)", _VALUE)

        return await _rate(clients, total, commit)
    finally:
        await pool.close()
