"""Real servers for every test that wants them, started once for the whole run."""

import secrets
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from chassis.database import Pool, open_pool
from deploy.local.stack import Stack
from tests.prometheus import Prometheus


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
