"""The HTTP side that all services share: measured, traced, HEAD as GET, and with problems for errors."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import tracing
from chassis.metrics import HTTP_DURATION

_UNMATCHED: Final = "unmatched"
_EVENT_STREAM: Final = "text/event-stream"


class Measured:
    """ASGI middleware: a duration by route and status, and the request's trace for whatever it causes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; anything but HTTP goes through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        tracing.begin(Headers(scope=scope).get("traceparent"))
        status = 500
        started = time.perf_counter()
        answered: float | None = None

        async def note_status(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status = message["status"]
                # It goes on for as long as somebody reads it: no time to wait for.
                if Headers(raw=message["headers"]).get("content-type", "").startswith(_EVENT_STREAM):
                    answered = time.perf_counter()
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            # The route's template, never the path: a path holds codes, and labels must stay few.
            route = getattr(scope.get("route"), "path", _UNMATCHED)
            ended = answered or time.perf_counter()
            HTTP_DURATION.labels(scope["method"], route, status).observe(ended - started)


class WithoutContent:
    """ASGI middleware: HEAD is answered as GET is, without the content (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; anything but HEAD goes through untouched."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        told = asyncio.Event()

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
            elif not told.is_set():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                told.set()

        asked = False

        async def receive_until_told() -> Message:
            """Give the request once, and then say that nobody reads on: an answer without an end would go on."""
            nonlocal asked
            if not asked:
                asked = True
                return await receive()
            await told.wait()
            return {"type": "http.disconnect"}

        await self._app({**scope, "method": "GET"}, receive_until_told, send_head)


def in_parts(parts: Sequence[bytes], headers: Mapping[str, str], media_type: str) -> Response:
    """Return an answer whose content is sent part by part: whole it would be written to memory twice more."""

    async def one_by_one() -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    length = {"Content-Length": str(sum(map(len, parts)))}
    return StreamingResponse(one_by_one(), headers={**headers, **length}, media_type=media_type)


def add_metrics(app: FastAPI) -> None:
    """Serve `/metrics` in Prometheus' text format."""

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
