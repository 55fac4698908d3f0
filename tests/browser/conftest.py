"""The example bloc in services of its own, loaded once, and a real browser to look at it with."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.stack import ServiceProcess
from tests.browser.chromium import chromium
from tests.browser.example import PROJECTOR, example_services

# Only bounds a broken run, as in tests/waiting.py: the default would judge how busy the machine is.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def example() -> Iterator[dict[str, ServiceProcess]]:
    with example_services() as running:
        yield running


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def page(browser: Browser, example: dict[str, ServiceProcess]) -> AsyncIterator[Page]:
    """A page of a projector's size; the test fails where the browser complains of anything."""
    context = await browser.new_context(base_url=example["reporting"].url, viewport=PROJECTOR, locale="vi-VN")
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert complaints == []
