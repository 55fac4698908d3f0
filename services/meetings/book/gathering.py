"""All that is approved of a meeting, put together from what is recorded of it and what is known of its cell."""

from datetime import date
from typing import Final

from chassis.database import Connection
from replicas.membership.leadership import leaders_on
from replicas.membership.unit_names import NAMELESS, names_on
from services.meetings.book.pages import Approved
from services.meetings.resolutions.contents import contents_of
from services.meetings.resolutions.domain import Record

_SELF_SCORE: Final = """
    SELECT guidance_number || ' ' || guidance_date AS guidance, points::text AS points, total, grade, decided_on
    FROM scores WHERE meeting_id = $1 AND kind = 'self'
"""
_DOCUMENTS: Final = (
    "SELECT encode(sha256, 'hex') AS sha256 FROM documents WHERE meeting_id = $1 AND withdrawn_at IS NULL"
)
_ABOVE: Final = """
    SELECT parent_id FROM unit_steps WHERE unit_id = $1 AND effective_date <= $2 AND parent_id IS NOT NULL
    GROUP BY parent_id HAVING sum(delta) > 0 LIMIT 1
"""


async def gathered(connection: Connection, record: Record, *, approved_on: date | None) -> Approved:
    """Return what is recorded of a meeting as it goes into the book; of a draft `approved_on` is None."""
    meeting, cell_id = record.meeting, record.meeting.plan.cell_id
    above = await connection.fetchval(_ABOVE, cell_id, record.day)
    names = await names_on(connection, [cell_id, *([above] if above else [])], record.day)
    code, name = names.get(cell_id, NAMELESS)
    score = await connection.fetchrow(_SELF_SCORE, meeting.id)
    contents = await contents_of(connection, meeting.id)
    leaders = await leaders_on(connection, cell_id, record.day)
    chair = contents["proceedings"] and contents["proceedings"]["chair_id"]
    return Approved(
        record=record,
        cell_code=code,
        cell_name=name,
        above_name=names[above].name if above in names else None,
        chair_positions=sorted(leaders.get(chair, ())),
        contents=contents,
        self_score=dict(score) if score else None,
        documents=[row["sha256"] for row in await connection.fetch(_DOCUMENTS, meeting.id)],
        approved_on=approved_on,
    )
