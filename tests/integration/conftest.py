"""Fixtures of the tests on real servers."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from chassis import migrations
from chassis.database import Pool
from deploy.local.stack import Stack
from services.membership.app import SERVICE as MEMBERSHIP
from tests.integration.chassis_way import Way
from tests.integration.served import served


@pytest.fixture
async def way(pool: Pool, database_url: str, stack: Stack, topic: str) -> Way:
    """An empty service: migrated, with a table of effects; nothing runs yet."""
    async with pool.acquire() as connection:
        await migrations.migrate(
            connection,
            [
                migrations.EVENT_LOG,
                migrations.STREAM_CONSUMERS,
                migrations.IDEMPOTENCY_KEYS,
                migrations.REBUILDS,
            ],
        )
        await connection.execute(
            "CREATE TABLE effects (sequence bigint, key bytea, value text, number bigserial)"
        )
    return Way(pool, database_url, stack.kafka, topic)


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[AsyncClient]:
    """A client of membership with an empty register; a module may fill it in a fixture of this name on top of it."""
    async with served(MEMBERSHIP, database_url) as (client, _):
        yield client
