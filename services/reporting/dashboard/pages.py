"""From what a page shows to the answer that carries it: HTML by templates that escape, compressed, with its tag."""

import gzip
import hashlib
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from chassis.problems import RETRY_AFTER
from services.reporting.dashboard import charts, files, heat, wording

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
    UNIT_TYPES=wording.UNIT_TYPES,
    DASH=wording.DASH,
    LABELS=heat.LABELS,
    SHORT=heat.SHORT,
    bars=charts.bars,
    lines=charts.lines,
    cells=heat.cells,
    rows=charts.rows,
    shares=heat.shares,
)
_TEMPLATES.filters.update(
    change=wording.change,
    day=wording.day,
    instant=wording.instant,
    month=wording.month,
    number=wording.number,
    percent=wording.percent,
)


def page(request: Request, template: str, values: dict[str, Any], *, status: int = 200) -> Response:
    """Return the answer that carries a template filled in; 304 to a reader who has just that already."""
    body = _TEMPLATES.get_template(template).render(values).encode()
    headers = dict(_HEADERS)
    if status in RETRY_AFTER:
        headers["Retry-After"] = RETRY_AFTER[status]
    if status == 200:
        headers["ETag"] = tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        if tag in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]:
            return Response(status_code=304, headers=headers)
    if files.accepts_gzip(request):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, compresslevel=5, mtime=0)
    return Response(body, status, headers, media_type="text/html")
