"""What the meetings of many cells come to, summed from what is recorded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection
from contracts.meetings import AttendanceFigures, MeetingKind
from services.meetings.calendar import Month, Quarter, quarters_due
from services.meetings.months.domain import MonthStatus
from services.meetings.months.store import months_of, watch
from services.meetings.tree import Units

# Opinions of a meeting are those of its record, or of the book's summary that it was taken from.
_MEETINGS: Final = """
    SELECT cell_id, month, kind, status, count(*) AS meetings,
        bool_or(theme IS NOT NULL AND status = 'held') AS themed,
        coalesce(sum(counted), 0) AS counted, coalesce(sum(present), 0) AS present,
        coalesce(sum(excused), 0) AS excused, coalesce(sum(unexcused), 0) AS unexcused,
        coalesce(sum(book.opinions), 0) + coalesce(sum(recorded.opinions), 0) AS opinions,
        coalesce(sum(book.tasks), 0) AS tasks, coalesce(sum(book.tasks_on_time), 0) AS tasks_on_time
    FROM meetings
    LEFT JOIN book_figures AS book ON book.meeting_id = meetings.id
    LEFT JOIN (
        SELECT meeting_id, count(*) AS opinions FROM opinions GROUP BY meeting_id
    ) AS recorded ON recorded.meeting_id = meetings.id
    WHERE month BETWEEN $1 AND $2
    GROUP BY cell_id, month, kind, status
"""
# Tasks count for the month in which they were first due, whatever was put off later.
_TASKS: Final = """
    SELECT cell_id, date_trunc('month', first_due_on)::date AS month, count(*) AS tasks,
        count(*) FILTER (WHERE status = 'closed' AND result = 'done_in_time') AS tasks_on_time
    FROM tasks WHERE first_due_on BETWEEN $1 AND $2
    GROUP BY cell_id, 2
"""


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """In how many cells that owe a thematic meeting in a quarter one was held."""

    quarter: Quarter
    due: int
    held: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What cells come to in some months."""

    months: Mapping[MonthStatus, int]
    """Months in which a cell owes a regular meeting, by what became of them."""
    meetings: Mapping[tuple[MeetingKind, str], int]
    """All meetings that count for those months, by kind and status."""
    thematic: Sequence[QuarterFigures]
    """Quarters that lie wholly in those months."""
    attendance: AttendanceFigures
    """Of all meetings held."""
    opinions: int
    tasks: int
    tasks_on_time: int


async def figures_of(
    connection: Connection, units: Units, unit: UUID | None, asked: Sequence[Month], *, now: datetime
) -> Figures:
    """Return the figures of the cells of a unit, and of all below it; of all cells for None.

    A cell counts under the units above it on the last day of the month, or of the quarter. Nothing is owed before the
    month in which the record of meetings begins, where that is set.
    """
    first, last = asked[0], asked[-1]
    begins = max((await watch(connection)).first or first, first)
    watched = [month for month in asked if month >= begins]
    owed = _owed(units, unit, watched) if watched else {}
    became = await months_of(connection, units, owed, now=now)
    scope = None if unit is None else {month: units.below([unit], month.last) for month in asked}
    rows = [
        row
        for row in await connection.fetch(_MEETINGS, first.first, last.first)
        if scope is None or row["cell_id"] in scope[Month.of(row["month"])]
    ]
    tasks = [
        row
        for row in await connection.fetch(_TASKS, first.first, last.last)
        if scope is None or row["cell_id"] in scope[Month.of(row["month"])]
    ]
    themed = {(row["cell_id"], Month.of(row["month"]).quarter) for row in rows if row["themed"]}
    return Figures(
        months=Counter(one.status for one in became),
        meetings=_meetings(rows),
        thematic=_thematic(units, unit, begins, last, themed),
        attendance=AttendanceFigures(
            counted=_sum(rows, "counted"),
            present=_sum(rows, "present"),
            excused=_sum(rows, "excused"),
            unexcused=_sum(rows, "unexcused"),
        ),
        opinions=_sum(rows, "opinions"),
        tasks=_sum(rows, "tasks") + _sum(tasks, "tasks"),
        tasks_on_time=_sum(rows, "tasks_on_time") + _sum(tasks, "tasks_on_time"),
    )


def _owed(units: Units, unit: UUID | None, asked: Sequence[Month]) -> Mapping[UUID, Sequence[Month]]:
    return units.owed(asked[0], asked[-1]) if unit is None else units.owed_below(unit, asked)


def _meetings(rows: Sequence[Mapping[str, Any]]) -> Mapping[tuple[MeetingKind, str], int]:
    found: Counter[tuple[MeetingKind, str]] = Counter()
    for row in rows:
        found[MeetingKind(row["kind"]), row["status"]] += row["meetings"]
    return found


def _thematic(
    units: Units, unit: UUID | None, first: Month, last: Month, themed: set[tuple[UUID, Quarter]]
) -> list[QuarterFigures]:
    due: dict[Quarter, set[UUID]] = {}
    for cell, spans in units.cells().items():
        for span in spans:
            for quarter in quarters_due(span, first, last):
                due.setdefault(quarter, set()).add(cell)
    found = []
    for quarter, cells in sorted(due.items()):
        owing = cells if unit is None else cells & units.below([unit], quarter.last)
        had = sum((cell, quarter) in themed for cell in owing)
        found.append(QuarterFigures(quarter, len(owing), had))
    return found


def _sum(rows: Sequence[Mapping[str, Any]], column: str) -> int:
    return sum(int(row[column]) for row in rows)
