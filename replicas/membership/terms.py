"""A term of a unit's leadership. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a unit's leadership, as membership tells of it; `until_on` is the first day no longer of it."""

    id: UUID
    label: str
    from_on: date
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether a day is of the term."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)
