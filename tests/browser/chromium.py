"""A real Chromium without a screen: the one named by CHIBO_CHROMIUM or on the PATH, else Debian's."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from tests import debian_package

_PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome", "google-chrome-stable")
_PACKAGES = ("chromium-headless-shell", "fonts-roboto-unhinted")  # a machine may have no font at all
# As root there is no sandbox; the rest keeps the browser from calling home, and from looking for a graphics card.
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class NoChromiumError(Exception):
    """There is no browser here, and apt cannot give one; says what to do."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run a browser with an empty profile of its own until the block ends."""
    program, environment = _program()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=list(_FLAGS), env=dict(environment)
        )
        try:
            yield browser
        finally:
            await browser.close()


def _program() -> tuple[str, dict[str, str]]:
    named = os.environ.get("CHIBO_CHROMIUM") or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if named:
        return named, dict(os.environ)
    try:
        root = debian_package.unpacked(*_PACKAGES)
    except debian_package.CannotFetchError as error:
        raise NoChromiumError(
            "No Chromium here, and Debian's package cannot be fetched: put `chromium` on PATH, or name one in"
            f" CHIBO_CHROMIUM.\n{error}"
        ) from error
    return str(root / "usr/lib/chromium/chromium-headless-shell"), debian_package.environment(root)
