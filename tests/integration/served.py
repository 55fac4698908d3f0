"""A service with its HTTP side and nothing else running, for tests of what it answers.

To build the routes of a service takes FastAPI longer than most tests take, and they are the same for every
database: an application is built once, and then lent to one test after the other with a pool of that test's own.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest import mock

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from chassis import service as chassis_service
from chassis.database import Pool, open_pool
from chassis.migrations import migrate
from chassis.service import Role, Service, make_app
from chassis.settings import Settings


class _LentPool:
    """Stands for the pool of whichever test has the application now."""

    lent: Pool | None = None

    def __getattr__(self, name: str) -> Any:
        assert self.lent is not None, "the application is used outside the test that it was lent to"
        return getattr(self.lent, name)

    async def close(self) -> None:
        """The test closes its own pool."""


_idle: dict[str, list[tuple[FastAPI, _LentPool]]] = defaultdict(list)


async def _built(service: Service) -> tuple[FastAPI, _LentPool]:
    pool = _LentPool()
    app = make_app(service, Role.API, Settings(database_url="postgresql://lent", kafka="127.0.0.1:1"))
    with mock.patch.object(chassis_service, "open_pool", mock.AsyncMock(return_value=pool)):
        async with app.router.lifespan_context(app):
            pass  # the routes are there now; no part of an API process runs on
    return app, pool


@asynccontextmanager
async def served(service: Service, database_url: str) -> AsyncIterator[tuple[AsyncClient, Pool]]:
    """Migrate an empty database; give a client of the service and connections to its database."""
    async with await open_pool(database_url, application_name="test", size=8) as pool:
        async with pool.acquire() as connection:
            await migrate(connection, service.all_migrations)
        app, lent = _idle[service.name].pop() if _idle[service.name] else await _built(service)
        lent.lent = pool
        try:
            transport = ASGITransport(app, raise_app_exceptions=False)
            async with AsyncClient(
                transport=transport, base_url=f"http://{service.name}", timeout=60
            ) as client:
                yield client, pool
        finally:
            lent.lent = None
            _idle[service.name].append((app, lent))


def problem(answer: Response, status: int) -> str:
    """Return the type of a problem, which must have this status and say something in Vietnamese."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    return answer.json()["type"].removeprefix("urn:chibo:problem:")
