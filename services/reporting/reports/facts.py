"""What a report is written from: figures of one snapshot, already counted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.reporting.figures.periods import Period
from services.reporting.movement import Movement
from services.reporting.reports.spans import Reported
from services.reporting.tree import Unit


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of the period beside that of the same days a year before; None where there is none to tell."""

    now: float | None
    before: float | None = None
    by: float | None = None
    """By how much it differs; of shares, in percentage points."""
    percent: float | None = None
    """By how many per cent of what it was."""


NOTHING = Figure(None)

Values = Mapping[str, float | None]
"""Measures of one row, by their codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a report tells."""

    reported: Reported
    unit: Unit | None
    """None of the whole register, where it hangs under more than one unit or none."""
    above: Unit | None
    until: date | None
    """The first day within the period on which the unit is no more there."""
    figures: Mapping[str, Figure]
    """By the codes of measures."""
    ages: Mapping[str, Figure]
    """Members by age band."""
    axes: Mapping[tuple[str, str], float]
    """Comments of visitors, by axis and grade."""
    moved: Movement
    months: Sequence[tuple[Period, Values]]
    """The twelve months that end with the report's last."""
    below: Sequence[tuple[Unit, Values]]
    """Of what hangs directly below."""
    known_at: datetime | None
    up_to: Mapping[str, Mapping[str, int]]
    """Topic -> partition -> sequence of the last event counted."""
    at: datetime
    """The instant at which all that, and nothing after, was counted."""
    made_on: date
    """Its day in Việt Nam, by which the report is dated."""

    def figure(self, code: str) -> Figure:
        """Return a measure; one without figures where it was not asked for."""
        return self.figures.get(code, NOTHING)

    def now(self, code: str) -> float:
        """Return a measure of the period, 0 where there is none."""
        return self.figure(code).now or 0
