"""Opaque cursors of lists: the sort key of the last row seen, so that a page never shifts under a reader."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.problems import Problem


def encode_cursor(values: Sequence[str]) -> str:
    """Return the cursor that stands after the row whose sort key is `values`."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _is_storable(value: object) -> bool:
    """Return whether PostgreSQL could hold `value` as text: neither NUL nor half a surrogate pair."""
    return isinstance(value, str) and not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)


def decode_cursor(cursor: str, length: int) -> list[str]:
    """Return the sort key of `length` parts that `cursor` holds.

    Raises Problem `invalid-cursor` (400) where the text was not made by `encode_cursor` for the same list.
    """
    try:
        values = json.loads(
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        )
    except (binascii.Error, ValueError, RecursionError):
        values = None
    if not (
        isinstance(values, list) and len(values) == length and all(_is_storable(value) for value in values)
    ):
        raise invalid_cursor()
    return values


def day_and_id(cursor: str | None) -> tuple[date, UUID]:
    """Return the day and the id that a cursor holds of a list by both; without a cursor what is before all of them.

    Raises Problem `invalid-cursor` (400).
    """
    if cursor is None:
        return date.min, UUID(int=0)
    day, id_ = decode_cursor(cursor, 2)
    try:
        return date.fromisoformat(day), UUID(id_)
    except ValueError:
        raise invalid_cursor() from None


def invalid_cursor() -> Problem:
    """Return the problem of a cursor that no page of this list gave."""
    return Problem(
        "invalid-cursor", 400, title="Con trỏ trang không hợp lệ", title_en="Invalid cursor",
        detail="Hãy dùng nguyên giá trị `next` của trang trước, hoặc bỏ `cursor` để đọc từ đầu.",
    )  # fmt: skip
