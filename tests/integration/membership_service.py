"""Membership with its HTTP side and nothing else running, for tests of what it answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx import ASGITransport, AsyncClient, Response

from chassis.database import Pool, open_pool
from chassis.migrations import migrate
from chassis.service import Role, make_app
from chassis.settings import Settings
from services.membership.app import SERVICE


@asynccontextmanager
async def service(database_url: str) -> AsyncIterator[tuple[AsyncClient, Pool]]:
    """An empty register: a client of it, and connections to its database."""
    async with await open_pool(database_url, application_name="test", size=4) as pool:
        async with pool.acquire() as connection:
            await migrate(connection, SERVICE.all_migrations)
        app = make_app(SERVICE, Role.API, Settings(database_url=database_url, kafka="127.0.0.1:1"))
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=transport, base_url="http://membership", timeout=60) as client,
        ):
            yield client, pool


def problem(answer: Response, status: int) -> str:
    """Return the type of a problem, which must have this status and say something in Vietnamese."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    return answer.json()["type"].removeprefix("urn:chibo:problem:")
