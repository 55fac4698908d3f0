"""Entity tags of answers: an answer stays what it is while no further event is counted."""

import hashlib
from datetime import date
from typing import Any, Final

from services.reporting.figures.query import Mark

HEADERS: Final[dict[str, Any]] = {
    "ETag": {
        "required": True,
        "description": "Of this question as of the last event counted, for `If-None-Match`",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
        "example": '"9b6f2a51c0d84e7793b1c5d0e2f4a688"',
    }
}
"""As the OpenAPI document has it."""
NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "The copy named by `If-None-Match` still holds", "headers": HEADERS}
}
"""What a route answers who has that already."""


def tag(said: tuple[object, ...], marked: Mark, *, today: date | None = None) -> str:
    """Return the tag of what is asked for, the events counted and the tables that they were counted in.

    `today` is told where an answer changes as days pass.
    """
    events = sorted((topic, sorted(its.items())) for topic, its in marked.up_to.items())
    text = repr((said, events, marked.generation, today))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
