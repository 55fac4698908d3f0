"""From when until when a unit is there, or is of a type. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Existence:
    """From when until when a unit is a cell; on `until` it is none any more, None for no end."""

    since: date
    until: date | None = None

    def covers(self, first: date, last: date) -> bool:
        """Return whether it is there on every day from one to another."""
        return self.since <= first and (self.until is None or self.until > last)


def existence(changes: Sequence[tuple[date, int]]) -> list[Existence]:
    """Return when a unit is there, from the days on which its number becomes 1 and 0."""
    spans, since, there = [], None, 0
    for day, change in changes:
        before, there = there, there + change
        if before <= 0 < there:
            since = day
        elif there <= 0 < before and since is not None:
            spans.append(Existence(since, day))
            since = None
    return [*spans, Existence(since)] if since is not None else spans
