"""Within what minutes and resolutions are numbered. Pure.

Numbering runs per cell, document type and term (DOMAIN: minutes hold). Where membership has told of no term, it runs
per calendar year [C]. A number once given stands: a term that is told later numbers what comes after.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a cell's leadership, as membership tells of it; `until_on` is the first day no longer of it."""

    id: UUID
    label: str
    from_on: date
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether a day is of the term."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True, slots=True)
class Series:
    """What numbers run within: `key` tells two apart, `label` is what people see, such as `2020–2025`."""

    key: str
    label: str


def series_on(day: date, terms: Iterable[Term]) -> Series:
    """Return the series of a document of a day: the term of that day, the last to begin of several; else the year."""
    covering = [term for term in terms if term.covers(day)]
    if not covering:
        return Series(f"year:{day.year:04}", f"{day.year:04}")
    term = max(covering, key=lambda one: (one.from_on, one.id))
    return Series(f"term:{term.id}", term.label)
