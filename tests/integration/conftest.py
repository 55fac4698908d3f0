"""Fixtures of the tests on real servers."""

import pytest

from chassis import migrations
from chassis.database import Pool
from deploy.local.stack import Stack
from tests.integration.chassis_way import Way


@pytest.fixture
async def way(pool: Pool, database_url: str, stack: Stack, topic: str) -> Way:
    """An empty service: migrated, with a table of effects; nothing runs yet."""
    async with pool.acquire() as connection:
        await migrations.migrate(
            connection, [migrations.EVENT_LOG, migrations.STREAM_CONSUMERS, migrations.IDEMPOTENCY_KEYS]
        )
        await connection.execute(
            "CREATE TABLE effects (sequence bigint, key bytea, value text, number bigserial)"
        )
    return Way(pool, database_url, stack.kafka, topic)
