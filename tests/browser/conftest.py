"""The example bloc in services of its own, loaded once, and a real browser to look at it with."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page

from chibo import importing
from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess, Stack
from tests.browser.chromium import chromium
from tests.example_bloc import EXAMPLE


@pytest.fixture(scope="session")
def example() -> Iterator[dict[str, ServiceProcess]]:
    """The services, with everything of the example bloc counted by reporting."""
    with Stack.start() as stack:
        running = {name: stack.run_service(name) for name in ("membership", "meetings", "reporting")}
        for service in running.values():
            service.wait_ready()
        membership, meetings, reporting = (Client(service.url) for service in running.values())
        for kind in ("organisations", "members"):
            importing.import_file(membership, kind, EXAMPLE / f"{kind}.csv")
        wait_until_seen(membership, meetings)
        importing.import_file(meetings, "meetings", EXAMPLE / "meetings.csv")
        for source in (membership, meetings):
            wait_until_seen(source, reporting)
        yield running


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def page(browser: Browser, example: dict[str, ServiceProcess]) -> AsyncIterator[Page]:
    """A page of a projector's size; the test fails where the browser complains of anything."""
    context = await browser.new_context(
        base_url=example["reporting"].url, viewport={"width": 1920, "height": 1080}, locale="vi-VN"
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert complaints == []
