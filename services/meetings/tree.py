"""The months that the cells of the tree owe."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from replicas.membership import tree
from services.meetings.calendar import Month, months_due


@dataclass(slots=True)
class Units(tree.Units):
    """All units, as far as membership has told, and what the cells among them owe."""

    def owed(self, first: Month, last: Month) -> dict[UUID, list[Month]]:
        """Return the months, from one to another, in which each cell owes a regular meeting."""
        return {
            cell: months
            for cell, spans in self.cells().items()
            if (months := [month for span in spans for month in months_due(span, first, last)])
        }

    def owed_below(self, unit: UUID, asked: Collection[Month]) -> dict[UUID, list[Month]]:
        """Return the same for the cells that are below a unit, or are it, on the last day of the month."""
        cells = {month: self.below([unit], month.last) for month in asked}
        owed = {
            cell: [month for month in its if cell in cells[month]]
            for cell, its in self.owed(min(asked), max(asked)).items()
        }
        return {cell: its for cell, its in owed.items() if its}
