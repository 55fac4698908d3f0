"""The chain of a book: each page bears the hash of itself and of all before it. Pure.

The hash of a page is SHA-256 of its fields and of the hash of the page before, as a JSON list in UTF-8; the first
page follows 32 zero bytes. Whoever alters, takes out, adds or exchanges a page has to alter all hashes after it as
well, and those were told in events (`MinutesApproved`, `MinutesCorrected`), which other systems keep.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

NOTHING: Final = bytes(32)
"""What the first page has before it."""


class PageKind(StrEnum):
    """What a page of a book is."""

    MINUTES = "minutes"
    RESOLUTION = "resolution"
    CORRECTION = "correction"
    """Đính chính: it puts pages before it right, and leaves them as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    """A page of the book of a cell, as it stands there."""

    cell_id: UUID
    page: int
    """From 1, without gaps."""
    meeting_id: UUID
    kind: PageKind
    series: str
    number: int
    content: str
    """What was approved, as canonical JSON."""
    written_at: datetime
    previous: bytes
    hash: bytes


class Damage(StrEnum):
    """What is wrong with a page."""

    ALTERED = "altered"
    """What it says is not what was hashed."""
    MISSING = "missing"
    """There is none of that number, though there was or a later one is there."""
    UNCHAINED = "unchained"
    """It does not follow the page before it."""
    NOT_AS_TOLD = "not_as_told"
    """Its hash is not the one that was told when it was written."""
    UNTOLD = "untold"
    """Nobody was told of it: it was added past the service."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A damaged page of a book."""

    page: int
    damage: Damage


def digest(page: BookPage) -> bytes:
    """Return the hash that a page must have by what it says and by the hash before it."""
    said = [
        str(page.cell_id),
        page.page,
        str(page.meeting_id),
        page.kind,
        page.series,
        page.number,
        page.content,
        page.written_at.astimezone(UTC).isoformat(timespec="microseconds"),
        page.previous.hex(),
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def verify(pages: Iterable[BookPage], told: Mapping[int, bytes]) -> list[Finding]:
    """Return what is wrong with a book, by page; `told` is the hash of each page as its event told it.

    `pages` come in the order of their places.
    """
    found, before, place = [], NOTHING, 0
    for page in pages:
        found += [Finding(missing, Damage.MISSING) for missing in range(place + 1, page.page)]
        found += [Finding(page.page, damage) for damage in _damages(page, before, told)]
        before, place = page.hash, page.page
    found += [Finding(missing, Damage.MISSING) for missing in sorted(told) if missing > place]
    return found


def _damages(page: BookPage, before: bytes, told: Mapping[int, bytes]) -> Iterable[Damage]:
    if digest(page) != page.hash:
        yield Damage.ALTERED
    if page.previous != before:
        yield Damage.UNCHAINED
    if page.page not in told:
        yield Damage.UNTOLD
    elif told[page.page] != page.hash:
        yield Damage.NOT_AS_TOLD
