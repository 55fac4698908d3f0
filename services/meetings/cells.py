"""Who is on a cell's list on a day, as the replica says."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from chassis.database import Connection
from contracts.meetings import Roll
from rules.guidance import NoGuidanceError, guidances
from services.meetings.domain import Listed
from services.meetings.preparation import Cell

LISTED: Final = """
    WITH asked AS ({asked}), counted AS (
        SELECT asked.cell_id, asked.day, step.member_id, step.standing AS roll
        FROM asked JOIN member_steps AS step ON step.cell_id = asked.cell_id AND step.effective_date <= asked.day
        GROUP BY asked.cell_id, asked.day, step.member_id, step.standing
        HAVING sum(step.delta) > 0
        UNION ALL
        SELECT asked.cell_id, asked.day, stay.member_id, 'visiting'
        FROM asked JOIN member_spells AS stay ON stay.cell_id = asked.cell_id AND stay.kind = 'temporary_stay'
            AND stay.from_on <= asked.day AND (stay.ended_on IS NULL OR stay.ended_on > asked.day)
    ), listed AS (
        SELECT counted.cell_id, counted.day, counted.member_id, roll,
            bool_or(coalesce(holds.kind = 'exemption', false)) AS exempt
        FROM counted LEFT JOIN member_spells AS holds ON holds.member_id = counted.member_id
            AND holds.from_on <= counted.day AND (holds.ended_on IS NULL OR holds.ended_on > counted.day)
        GROUP BY counted.cell_id, counted.day, counted.member_id, roll
        HAVING NOT bool_or(coalesce(holds.kind = 'suspension', false))
           AND (roll = 'visiting' OR NOT bool_or(coalesce(holds.kind = 'temporary_stay', false)))
    )
"""
"""The beginning of a query: `listed` is who is to come in each cell on each day that `{asked}` has, once each.

Who counts in a cell on the day and stays in no other, and who stays there for a time; suspended ones do not come.
"""
_ON_EACH: Final = (
    LISTED.format(
        asked="SELECT DISTINCT cell_id, day FROM unnest($1::uuid[], $2::date[]) AS of (cell_id, day)"
    )
    + "SELECT cell_id, day, member_id, roll, exempt FROM listed"
)

_BY_GROUP: Final = """
    SELECT count(*) FROM meetings
    WHERE cell_id = $1 AND by_group AND status <> 'cancelled'
      AND extract(year FROM month) = extract(year FROM $2::date)
"""
# Two who plan at once: the second waits for the first, and counts its meeting.
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('by group ' || $1::text, 0))"

Lists = Mapping[tuple[UUID, date], Mapping[UUID, Listed]]
"""Who is to come, by their ids, by cell and day."""


async def listed_on(connection: Connection, cell_id: UUID, day: date) -> Mapping[UUID, Listed]:
    """Return who is to come to a meeting of a cell on a day, by their ids."""
    return (await listed_on_each(connection, [(cell_id, day)]))[cell_id, day]


async def listed_on_each(connection: Connection, asked: Collection[tuple[UUID, date]]) -> Lists:
    """Return the same of several cells and days."""
    found: dict[tuple[UUID, date], dict[UUID, Listed]] = {one: {} for one in asked}
    rows = await connection.fetch(_ON_EACH, [cell for cell, _ in asked], [day for _, day in asked])
    for row in rows:
        found[row["cell_id"], row["day"]][row["member_id"]] = Listed(
            roll=Roll(row["roll"]), exempt=row["exempt"]
        )
    return found


async def about_cell(connection: Connection, cell_id: UUID, day: date) -> Cell:
    """Return what plans of a meeting on a day are held against; nobody else plans one by group meanwhile."""
    await connection.execute(_LOCK, str(cell_id))
    listed = await listed_on(connection, cell_id, day)
    try:
        guidance = guidances().on(day)
    except NoGuidanceError:
        guidance = None
    return Cell(
        listed=listed.keys(),
        members=sum(one.roll is not Roll.VISITING for one in listed.values()),
        by_group=await connection.fetchval(_BY_GROUP, cell_id, day),
        guidance=guidance,
    )
