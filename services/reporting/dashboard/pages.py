"""From what a page shows to the answer that carries it: HTML by templates that escape, compressed, with its tag."""

import gzip
import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from chassis.problems import RETRY_AFTER
from services.reporting.dashboard import charts, files, heat, wording
from services.reporting.figures.dimensions import VALUES, Dimension

# Nothing from elsewhere, and nothing written into the page itself: what somebody puts into a unit's name stays text.
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding",
}

_TEMPLATES: Final = Environment(
    loader=PackageLoader("services.reporting.dashboard"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(
    asset=files.address,
    UNIT_TYPES=VALUES[Dimension.TYPE],
    DASH=wording.DASH,
    LABELS=heat.LABELS,
    bars=charts.bars,
    lines=charts.lines,
    parted=heat.parted,
    cells=heat.cells,
    rows=charts.rows,
    shares=heat.shares,
    words=heat.words,
)
_TEMPLATES.filters.update(
    change=wording.change,
    day=wording.day,
    instant=wording.instant,
    month=wording.month,
    number=wording.number,
    percent=wording.percent,
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent, with its entity tag."""

    compressed: bytes
    tag: str


def page(template: str, values: dict[str, Any]) -> Page:
    """Return a template filled in."""
    body = _TEMPLATES.get_template(template).render(values).encode()
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Page(gzip.compress(body, compresslevel=5, mtime=0), tag)


def answer(request: Request, page: Page, *, status: int = 200) -> Response:
    """Return the answer that carries a page; 304 to a reader who has just that already."""
    headers = dict(_HEADERS)
    if status in RETRY_AFTER:
        headers["Retry-After"] = RETRY_AFTER[status]
    if status == 200:
        headers["ETag"] = page.tag
        if page.tag in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]:
            return Response(status_code=304, headers=headers)
    if not files.accepts_gzip(request):
        return Response(gzip.decompress(page.compressed), status, headers, media_type="text/html")
    return Response(page.compressed, status, headers | {"Content-Encoding": "gzip"}, media_type="text/html")


class Kept:
    """Pages that were made, by what they are of: a room full of readers costs no more than one of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: dict[Hashable, Page] = {}

    def get(self, of: Hashable) -> Page | None:
        """Return the page of that, if it is still kept."""
        found = self._pages.pop(of, None)
        if found:
            self._pages[of] = found  # the last is the last to go
        return found

    def keep(self, of: Hashable, page: Page) -> None:
        """Keep a page, and let go of the one that was not asked for the longest."""
        self._pages[of] = page
        if len(self._pages) > self._most:
            del self._pages[next(iter(self._pages))]
