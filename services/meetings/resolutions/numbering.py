"""Within what minutes and resolutions are numbered. Pure.

Numbering runs per cell, document type and term (DOMAIN: minutes hold). Where membership has told of no term, it runs
per calendar year [C]. A number once given stands: a term that is told later numbers what comes after.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from replicas.membership.terms import Term


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
