"""The trace that a request belongs to, carried on to the events it causes (W3C Trace Context, level 1)."""

import re
import secrets
from contextvars import ContextVar
from typing import Final

_VALID: Final = re.compile(r"[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: Final[ContextVar[str | None]] = ContextVar("traceparent", default=None)


def begin(traceparent: str | None) -> str:
    """Take part in the caller's trace, or begin one where the header is missing or malformed; return it."""
    if traceparent is None or not _VALID.fullmatch(traceparent):
        traceparent = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    _current.set(traceparent)
    return traceparent


def current() -> str | None:
    """Return the trace that this task works for, or None outside of any."""
    return _current.get()
