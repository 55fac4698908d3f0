"""Take the pictures of the dashboard, from the example bloc in a real browser, and measure its first view.

`python docs/make_dashboard_pictures.py`; the figures are printed, and kept in bench/README.md.
"""

import asyncio
import io
import statistics
import sys
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.chromium import chromium
from tests.browser.example import DAY, PHONE, PROJECTOR, example_services

TIMES = 20
TALL = {"width": 1920, "height": 1400}
"""The projector's width, and high enough for the whole map."""


async def main(url: str) -> None:
    """Take both pictures, then open the page as somebody does who never was there, over and over."""
    async with chromium() as browser:
        for name, size, scale in (("dashboard", TALL, 1), ("dashboard-phone", PHONE, 2)):
            page = await browser.new_page(viewport=size, device_scale_factor=scale, locale="vi-VN")
            await page.goto(url + DAY)
            picture = Image.open(io.BytesIO(await page.screenshot()))
            # A page has few colours: with 128 of them it is a third of the bytes, and looks the same.
            picture.convert("RGB").quantize(128).save(Path(__file__).with_name(f"{name}.png"), optimize=True)
            await page.close()
        for size, month in ((PROJECTOR, "2020-11"), (PHONE, "2020-10")):
            # Each of another day: none was made for somebody before.
            days = [f"{url}/?as_of={month}-{number:02}" for number in range(1, TIMES + 1)]
            views = [await _first_view(browser, day, size) for day in days]
            seen, loaded, sent = (statistics.median(one) for one in zip(*views, strict=True))
            sys.stdout.write(
                f"{size['width']}x{size['height']}: painted {seen:.0f} ms, all {loaded:.0f} ms, {sent:,.0f} bytes\n"
            )


async def _first_view(browser: Browser, address: str, size: dict[str, int]) -> tuple[float, float, float]:
    """Return milliseconds until something is seen and until all is there, and the bytes sent, with an empty cache."""
    context = await browser.new_context(viewport=size)
    page = await context.new_page()
    await page.goto(address, wait_until="load")
    taken: list[float] = await page.evaluate("""async () => {
        await new Promise((resolve) => new PerformanceObserver(resolve).observe({ type: "paint", buffered: true }));
        const view = performance.getEntriesByType("navigation")[0];
        const all = [view, ...performance.getEntriesByType("resource")];
        return [
            performance.getEntriesByName("first-contentful-paint")[0].startTime,
            view.loadEventStart,
            all.reduce((sum, one) => sum + one.transferSize, 0),
        ];
    }""")
    await context.close()
    return taken[0], taken[1], taken[2]


if __name__ == "__main__":
    with example_services() as running:
        asyncio.run(main(running["reporting"].url))
