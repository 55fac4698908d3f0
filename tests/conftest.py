"""Real servers for every test that wants them, started once for the whole run."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
import structlog
from hypothesis import settings

from chassis.database import Pool, open_pool
from deploy.local.stack import Stack
from tests.prometheus import Prometheus

# How long an example takes is no matter of right or wrong.
settings.register_profile("chibo", deadline=None)
settings.load_profile("chibo")
# A worker process is given a width, which consoles would keep whatever a test asks for.
os.environ.pop("COLUMNS", None)
# With the values of all variables, as is the default, a traceback takes seconds to draw.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Real PostgreSQL and Kafka; tests that kill servers start a stack of their own."""
    with Stack.start() as running:
        yield running


@pytest.fixture(scope="session")
def prometheus() -> Prometheus:
    """The programs of a real Prometheus, on PATH or fetched into the checkout."""
    return Prometheus.find()


@pytest.fixture
def database_url(stack: Stack) -> str:
    """An empty database of its own for one test."""
    return stack.database_url(f"test_{secrets.token_hex(6)}")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with await open_pool(database_url, application_name="test", size=8) as pool:
        yield pool


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
def topic() -> str:
    """A topic name that no other test uses."""
    return f"test.{secrets.token_hex(6)}.v1"
