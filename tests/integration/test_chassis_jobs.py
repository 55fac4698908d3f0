"""Periodic jobs on a real database: one process has a turn, what it did is kept whole or not at all."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import APIRouter
from httpx import ASGITransport
from prometheus_client import REGISTRY

from chassis.event_log import EventLog
from chassis.jobs import Job, JobRunner
from chassis.resources import Resources
from chassis.service import Role, Service, make_app
from chassis.settings import Settings

NOW = datetime(2020, 2, 29, 17, tzinfo=UTC)


def turns(name, outcome):
    return REGISTRY.get_sample_value("chibo_job_turns_total", {"job_name": name, "outcome": outcome}) or 0


@pytest.fixture
async def runner(pool, database_url):
    await pool.execute("CREATE TABLE done (at timestamptz)")
    settings = Settings(database_url=database_url, kafka="127.0.0.1:1")

    def make(work, name="test.job"):
        return JobRunner(Job(name, 0.01, work), Resources(pool, EventLog(1_000_000), settings), lambda: NOW)

    return make


async def write(connection, _, now):
    await connection.execute("INSERT INTO done VALUES ($1)", now)
    return False


async def test_a_turn_has_the_instant_of_its_clock_and_is_one_transaction(runner, pool):
    assert not await runner(write).turn()
    assert await pool.fetch("SELECT at FROM done") == [(NOW,)]

    async def fail(*turn):
        await write(*turn)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await runner(fail, "test.failing").turn()
    assert turns("test.failing", "failed") == 1
    assert await pool.fetchval("SELECT count(*) FROM done") == 1


async def test_while_one_has_the_turn_another_passes_and_other_jobs_go_on(runner, pool):
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*turn):
        inside.set()
        await go_on.wait()
        return await write(*turn)

    first = asyncio.create_task(runner(slow, "test.slow").turn())
    await inside.wait()
    assert not await runner(write, "test.slow").turn()
    assert turns("test.slow", "passed") == 1
    assert await pool.fetchval("SELECT count(*) FROM done") == 0
    await runner(write, "test.other").turn()
    go_on.set()
    await first
    assert await pool.fetchval("SELECT count(*) FROM done") == 2
    await runner(write, "test.slow").turn()
    assert turns("test.slow", "done") == 2


async def test_a_process_of_the_role_does_the_jobs_and_says_that_it_lives(database_url, pool):
    await pool.execute("CREATE TABLE done (at timestamptz)")
    did = asyncio.Event()

    async def work(*turn):
        did.set()
        return await write(*turn)

    service = Service(
        name="test", title="Test", default_port=1, migrations=[], router=lambda _: APIRouter(),
        jobs=[Job("test.served", 3600, work)],
    )  # fmt: skip
    settings = Settings(database_url=database_url, kafka="127.0.0.1:1")
    app = make_app(service, Role.JOBS, settings)
    async with app.router.lifespan_context(app):
        async with asyncio.timeout(30):
            await did.wait()
        async with httpx.AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
            assert (await client.get("/health/live")).json() == {"job test.served": True}
    api = make_app(service, Role.API, settings)
    async with (
        api.router.lifespan_context(api),
        httpx.AsyncClient(transport=ASGITransport(api), base_url="http://test") as client,
    ):
        assert (await client.get("/health/live")).json() == {}
