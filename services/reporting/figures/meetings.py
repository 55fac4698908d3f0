"""Meetings and tasks of some spans of months, told apart as asked: an index range scan by cell and month."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from chassis.database import Connection
from services.reporting.figures.cubes import Counted, Cube, Spans, sums_of
from services.reporting.figures.dimensions import VALUES, Dimension
from services.reporting.figures.frame import Frame, Sums
from services.reporting.meetings.facts import MEETINGS, TASKS

_GRADES: Final = tuple(VALUES[Dimension.GRADE])
COLUMNS: Final[Mapping[str, str]] = {
    "held": "count(*) FILTER (WHERE m.status = 'held')",
    "thematic": "count(*) FILTER (WHERE m.status = 'held' AND m.thematic)",
    "put_off": "count(*) FILTER (WHERE m.status = 'postponed')",
    "called_off": "count(*) FILTER (WHERE m.status = 'cancelled')",
    "minutes": "coalesce(sum(m.minutes), 0)",
    "timed": "count(m.minutes)",
    **{name: f"sum(m.{name})" for name in ("counted", "present", "excused", "unexcused")},
    "opinions": "sum(m.book_opinions + m.opinions)",
    **{
        name: f"sum(m.{name})"
        for name in ("resolutions", "rejected", "approved", "reported_up", "reported_in_time")
    },
    **{kind: f"count(m.{kind}_points)" for kind in ("self", "official")},
    **{f"{kind}_points": f"coalesce(sum(m.{kind}_points), 0)" for kind in ("self", "official")},
    **{
        f"{kind}.{grade}": f"count(*) FILTER (WHERE m.{kind}_grade = '{grade}')"
        for kind in ("self", "official")
        for grade in _GRADES
    },
}
"""What a column sums of meetings. A meeting that has no score, or no length, is left out of its mean."""
MEETINGS_CUBE: Final = Cube(MEETINGS.as_known, COLUMNS, {Dimension.KIND: "m.kind"})


async def tasks(
    connection: Connection, frame: Frame, spans: Spans, *, today: date, known_at: datetime | None
) -> Sums:
    """Return how many tasks were first due in some months, done in time, and open after the day that they have now.

    With those that a book's summary counts of a meeting before the system was there.
    """
    then = "$7" if known_at else None
    counted = Counted.in_months(frame, spans.months)
    rows = await connection.fetch(
        f"""
        SELECT row, width_bucket(month, $5::date[]) - 1 AS span, sum(tasks), sum(on_time), sum(overdue)
        FROM (
            SELECT p.row, t.month, 1 AS tasks, (t.status = 'closed' AND t.result = 'done_in_time')::int AS on_time,
                   (t.status = 'open' AND t.due_on < $6::date)::int AS overdue
            FROM {counted.rows(TASKS.as_known(then), "t")}
            UNION ALL
            SELECT p.row, m.month, m.book_tasks, m.book_tasks_on_time, 0
            FROM {counted.rows(MEETINGS.as_known(then))}
        ) AS due
        GROUP BY 1, 2
        """,
        *counted.parameters,
        list(spans.starts),
        today,
        *([known_at] if known_at else []),
    )
    return sums_of(rows, 0, ["tasks", "on_time", "overdue"])
