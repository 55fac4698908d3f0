"""What became known after a day whose knowledge a page shows: the figures that are others by what is known today."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.reporting.dashboard import tiles
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.measure import Kind
from services.reporting.figures.query import Row, difference

_LABELS: Final = tiles.MEMBERS | tiles.UNITS | tiles.MEETINGS | tiles.INSPECTION


@dataclass(frozen=True, slots=True)
class Later:
    """A figure as it was known then, and as it is known today."""

    then: float | None
    today: float | None
    by: float | None
    """None where there was none of it then, or is none today."""
    decimals: int
    unit: str


def later(then: Row, today: Row, *, without: tuple[str, ...] = ()) -> Mapping[str, Later]:
    """Return by their labels the figures of tiles that are not what they were known to be."""
    found = {}
    for code, label in _LABELS.items():
        measure, was, is_ = MEASURES[code], then.values[code], today.values[code]
        if was != is_ and code not in without:
            ratio = measure.kind is Kind.RATIO
            by = difference(measure, is_, was)[0]
            found[label] = Later(was, is_, by, 1 if ratio else 0, "%" if measure.unit == "%" else "")
    return found
