"""The calls of a year in PostgreSQL: where each on the rolls of some cells was, meeting by meeting."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.database import Connection
from rules.guidance import Guidance, NoGuidanceError, guidances
from services.meetings.absences.domain import Called, Failing, failing
from services.meetings.calendar import local_day
from services.meetings.resolutions.store import attender

# A meeting counts in the year of its month, whenever it was held.
_CALLS: Final = """
    SELECT attenders.*, meeting.cell_id, meeting.starts_at
    FROM meetings AS meeting JOIN attenders ON attenders.meeting_id = meeting.id
    WHERE meeting.status = 'held' AND meeting.cell_id = ANY($1::uuid[])
      AND meeting.month BETWEEN make_date($2, 1, 1) AND make_date($2, 12, 1)
    ORDER BY meeting.starts_at, meeting.id
"""


async def failing_in(
    connection: Connection, cells: Collection[UUID], year: int
) -> Mapping[tuple[UUID, UUID], Failing]:
    """Return who of some cells failed the attendance criterion in a year, by cell and member."""
    calls: dict[tuple[UUID, UUID], list[Called]] = {}
    for row in await connection.fetch(_CALLS, list(cells), year):
        one = Called(row["meeting_id"], attender(row), _guidance(row["starts_at"]))
        calls.setdefault((row["cell_id"], one.attender.member_id), []).append(one)
    found = {key: failing(its) for key, its in calls.items()}
    return {key: one for key, one in found.items() if one.at}


def _guidance(starts_at: datetime) -> Guidance | None:
    try:
        return guidances().on(local_day(starts_at))
    except NoGuidanceError:
        return None
