"""What a snapshot is: figures frozen in revisions, chained by hash, and what differs between two of them. Pure.

A revision's hash is the SHA-256 of its canonical JSON (keys in order, no blanks, UTF-8) with the hash of the revision
before it inside, 32 zero bytes before the first: whoever changes one has to change all that follow. A random number
is inside as well, which does not go outside with the hash: else small counts that are withheld could be tried out.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

GENESIS: Final = bytes(32)

Values = Mapping[str, int | float | None]
"""Figures by the codes of their measures."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a unit with all below it, and of each unit directly below."""

    whole: Values
    below: Mapping[str, Values]
    """By the codes of units, as they were on the last day."""

    def as_json(self) -> dict[str, Any]:
        """Return them as JSON can hold them; a whole number is an integer, however it was counted."""
        return {
            "whole": _whole_numbers(self.whole),
            "below": {code: _whole_numbers(values) for code, values in self.below.items()},
        }


def _whole_numbers(values: Values) -> dict[str, int | float | None]:
    return {
        code: int(value) if isinstance(value, float) and value.is_integer() else value
        for code, value in values.items()
    }


@dataclass(frozen=True, slots=True)
class Terms:
    """What a snapshot is of."""

    id: UUID
    unit_code: str | None
    """None: the whole register."""
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Revision:
    """Figures as they were known at an instant, up to certain events."""

    number: int
    unit: Mapping[str, str] | None
    known_at: datetime
    up_to: Mapping[str, Mapping[str, int]]
    seen: Mapping[str, Any]
    figures: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]]
    previous_hash: bytes
    hash: bytes
    nonce: bytes | None = None
    """None of revisions made before there was one."""


def canonical(value: Any) -> bytes:
    """Return a JSON value as the same bytes, however it was put together."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def hash_of(terms: Terms, revision: Revision) -> bytes:
    """Return the hash that a revision must have."""
    told = {
        "snapshot": str(terms.id),
        "unit_code": terms.unit_code,
        "from": terms.first.isoformat(),
        "to": terms.last.isoformat(),
        "revision": revision.number,
        "unit": revision.unit,
        "known_at": revision.known_at.isoformat(),
        "up_to": revision.up_to,
        "seen": revision.seen,
        "figures": revision.figures,
        "events": list(revision.events),
        "previous": revision.previous_hash.hex(),
    }
    if revision.nonce is not None:
        told["nonce"] = revision.nonce.hex()
    return hashlib.sha256(canonical(told)).digest()


def first_altered(terms: Terms, revisions: Sequence[Revision]) -> int | None:
    """Return the number of the first revision that is not as it was made, or is missing; None where all are."""
    previous = GENESIS
    for number, revision in enumerate(revisions, 1):
        if revision.number != number or revision.previous_hash != previous:
            return number
        if hash_of(terms, revision) != revision.hash:
            return number
        previous = revision.hash
    return None if revisions else 1


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that is another than before; None where there was or is none."""

    unit: str | None
    """The code of a unit directly below; None for the whole."""
    measure: str
    before: int | float | None
    after: int | float | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """Return what differs between the figures of two revisions, the whole first."""
    tables: list[tuple[str | None, Values, Values]] = [(None, before["whole"], after["whole"])]
    codes = sorted(before["below"].keys() | after["below"].keys())
    tables += [(code, before["below"].get(code, {}), after["below"].get(code, {})) for code in codes]
    return [
        Changed(unit, measure, old.get(measure), new.get(measure))
        for unit, old, new in tables
        for measure in dict.fromkeys((*old, *new))
        if old.get(measure) != new.get(measure)
    ]


@dataclass(frozen=True, slots=True)
class Seen:
    """Events of a topic that were counted: all to a sequence, the least of its marks, and some beyond."""

    to: int
    also: frozenset[int]

    def __contains__(self, sequence: int) -> bool:
        return sequence <= self.to or sequence in self.also


def seen_of(marks: Mapping[int, int], partitions: int, beyond: Iterable[int]) -> Seen:
    """Return what was counted, by the marks of a topic's partitions and the sequences found beyond the least."""
    to = min(marks.get(partition, 0) for partition in range(partitions))
    return Seen(to, frozenset(sequence for sequence in beyond if sequence > to))


Marks = Mapping[str, Mapping[str, int]]


def knows_less(now: Marks, then: Marks) -> bool:
    """Return whether a mark is lower now than it was then, or is not there."""
    return any(
        now.get(topic, {}).get(partition, 0) < mark
        for topic, its in then.items()
        for partition, mark in its.items()
    )
