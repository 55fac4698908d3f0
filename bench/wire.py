"""A keep-alive HTTP connection that costs next to nothing, so that the client is not what is measured."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final, Self
from urllib.parse import urlsplit

_LIMIT: Final = 2**24


class Wire:
    """One HTTP/1.1 connection to a service of ours; one request at a time."""

    def __init__(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._host = host
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect to the service at `url`."""
        parts = urlsplit(url)
        # By default it would stop reading and begin again some fifty times in an answer of ten million bytes.
        return cls(parts.netloc, *await asyncio.open_connection(parts.hostname, parts.port, limit=_LIMIT))

    async def get(self, path: str) -> bytes:
        """Return the body of the answer to a GET. Raises RuntimeError where its status is not 2xx."""
        return await self._ask("GET", path, b"", {})

    async def post(self, path: str, body: Any, *, key: str) -> bytes:
        """Send a JSON command under an idempotency key. Raises as `get`."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        return await self._ask("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)

    async def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        length = next(int(line[15:]) for line in head if line.lower().startswith("content-length:"))
        answer = await self._reader.readexactly(length)
        if not head[0].startswith("HTTP/1.1 2"):
            raise RuntimeError(f"{method} {path}: {head[0]} {answer[:500]!r}")
        return answer

    def close(self) -> None:
        """Hang up."""
        self._writer.close()
