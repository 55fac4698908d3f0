"""Projections built anew, compared, and held against membership's log, on the command line."""

import asyncio
import json
import signal
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess, Stack
from tests.example_bloc import CHIBO, ROOT
from tests.waiting import until

UNITS = "code,parent_code,type,name,established_on,dissolved_on\n"


@pytest.fixture(scope="module", autouse=True)
def known(membership: Client, reporting: Client) -> None:
    code = f"R{uuid.uuid4().hex[:8]}"
    rows = "".join(f"{code}.{n},{code},grassroots_cell,Chi bộ {n},1990-01-01,\n" for n in range(40))
    membership.post(
        "/v1/imports/organisations",
        content=f"{UNITS}{code},,bloc,Đảng bộ Khối,1976-01-01,\n{rows}".encode(),
        headers={"Content-Type": "text/csv"},
    )
    wait_until_seen(membership, reporting)


@pytest.fixture
def chibo(services: dict[str, ServiceProcess]) -> Any:
    env = {"COLUMNS": "200"} | {f"CHIBO_{name.upper()}_URL": one.url for name, one in services.items()}

    def run(*words: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(app, words, env=env)
        assert done.exit_code == exit_code, done.output
        return done.output

    return run


@pytest.fixture
async def database(stack: Stack) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(stack.database_url("reporting"))
    yield connection
    await connection.close()


def figures(reporting: Client) -> Any:
    answer = reporting.get("/v1/statistics", as_of="2020-11-30", by="gender")
    return {name: value for name, value in answer.items() if name != "true_at"}  # when it was asked


def test_a_rebuild_and_a_comparison_change_nothing_that_anybody_sees(chibo, reporting):
    before = figures(reporting)
    assert "giống nhau" in chibo("rebuild", "--verify")
    assert "thay bảng" in chibo("rebuild", "membership-facts", "--actor", "tran.van.b")
    assert figures(reporting) == before
    assert reporting.get("/v1/rebuilds", limit="1")["rebuilds"][0]["started_by"] == "tran.van.b"
    assert "không có bảng" in chibo("rebuild", "khong-co", exit_code=1).lower()


async def test_an_event_that_was_lost_is_found_in_the_log_and_mended_by_a_rebuild(chibo, reporting, database):
    before = figures(reporting)
    lost = await database.fetchval("SELECT max(sequence) FROM organisation_facts")
    for table in ("organisation_facts", "organisations"):
        await database.execute(f"DELETE FROM {table} WHERE sequence = $1", lost)
    told = await asyncio.to_thread(chibo, "reconcile", exit_code=1)
    assert f"sự kiện {lost}: chỉ có ở bảng dựng lại (mất)" in told
    told = await asyncio.to_thread(chibo, "rebuild", "membership-facts", "--verify", "--json", exit_code=1)
    answer = json.loads(told[told.index("{") :])
    assert {row["sequence"] for table in answer["tables"] for row in table["first"]} == {lost}
    await asyncio.to_thread(chibo, "rebuild")
    assert figures(reporting) == before
    assert "giống nhau" in await asyncio.to_thread(chibo, "reconcile")


@asynccontextmanager
async def building_held(stack: Stack) -> AsyncIterator[None]:
    """Make whoever builds a projection wait in the middle of it; whoever reads the live one does not notice."""
    other = await asyncpg.connect(stack.database_url("reporting"))
    try:
        await other.execute("BEGIN; LOCK TABLE discarded_events IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        await other.close()


async def until_building_waits(database: asyncpg.Connection) -> None:
    async with asyncio.timeout(60):
        while not await database.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.02)


async def test_kill_nine_in_the_middle_of_a_rebuild(services, reporting, stack, database):
    before = figures(reporting)
    async with building_held(stack):
        begun = reporting.send("/v1/rebuilds", {"started_by": "tran.van.b"})
        await until_building_waits(database)
        second = Client(services["reporting"].url)
        with pytest.raises(Exception, match=r"Đang có một lần dựng lại.*tran\.van\.b"):
            second.send("/v1/rebuilds", {})
        assert figures(reporting) == before
        services["reporting"].kill()
    services["reporting"].restart()
    await asyncio.to_thread(services["reporting"].wait_ready)
    assert figures(reporting) == before
    path = f"/v1/rebuilds/{begun['id']}"
    await asyncio.to_thread(until, lambda: reporting.get(path)["state"] == "swapped", "the rebuild to go on")
    assert figures(reporting) == before
    assert not await database.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'rebuild%'")


@pytest.fixture
def interrupted(services: dict[str, ServiceProcess]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*CHIBO, "rebuild", "--url", services["reporting"].url],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield process
    process.kill()


async def test_ctrl_c_cancels_a_rebuild(reporting, stack, database, interrupted):
    before = figures(reporting)
    async with building_held(stack):
        await until_building_waits(database)
        interrupted.send_signal(signal.SIGINT)
        await asyncio.to_thread(interrupted.communicate, timeout=60)
        assert interrupted.returncode == 130
        assert reporting.get("/v1/rebuilds", limit="1")["rebuilds"][0]["state"] == "cancelled"
        assert figures(reporting) == before
