"""What is recorded of a meeting, in words: as it is answered, and as it goes into the book."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from chassis.database import Connection

Contents = dict[str, Any]

_WRITTEN: Final = "SELECT chair_id, recorder_id, guests, directions FROM proceedings WHERE meeting_id = $1"
_OPINIONS: Final = """
    SELECT speaker_id, content AS text FROM opinions WHERE meeting_id = $1 ORDER BY ordinal
"""
_CONCLUSIONS: Final = "SELECT point, content AS text FROM conclusions WHERE meeting_id = $1 ORDER BY point"
_ABSENCES: Final = "SELECT member_id, reason FROM absences WHERE meeting_id = $1 ORDER BY member_id"
_RESOLUTIONS: Final = """
    SELECT id, subject, content AS text, majority, in_favour, against, abstained, voters, base, voted_on,
        number IS NOT NULL AS carried, series_label AS series, number
    FROM resolutions WHERE meeting_id = $1 ORDER BY ordinal
"""
_TASKS: Final = """
    SELECT id, member_id, content AS text, first_due_on AS due_on FROM tasks
    WHERE meeting_id = $1 ORDER BY first_due_on, id
"""
_EVALUATIONS: Final = """
    SELECT found.task_id, task.member_id, task.content AS text, found.due_on, found.result, found.done_on,
        found.remark, found.carried_on_to
    FROM task_evaluations AS found JOIN tasks AS task ON task.id = found.task_id
    WHERE found.meeting_id = $1 ORDER BY found.due_on, found.task_id
"""
_MINUTES: Final = """
    SELECT series_label AS series, number, approved_on, reported_on FROM minutes WHERE meeting_id = $1
"""
_CORRECTIONS: Final = """
    SELECT page, series_label AS series, number, corrects, fields, reason, approved_on, approved_by
    FROM corrections WHERE meeting_id = $1 ORDER BY page
"""


async def contents_of(connection: Connection, meeting_id: UUID) -> Contents:
    """Return all that is recorded of a meeting beside its roll; values are as PostgreSQL gives them."""
    written = await connection.fetchrow(_WRITTEN, meeting_id)
    proceedings = None
    if written is not None:
        proceedings = dict(written) | {
            "opinions": await _rows(connection, _OPINIONS, meeting_id),
            "conclusions": await _rows(connection, _CONCLUSIONS, meeting_id),
            "absences": await _rows(connection, _ABSENCES, meeting_id),
        }
    minutes = await connection.fetchrow(_MINUTES, meeting_id)
    return {
        "proceedings": proceedings,
        "resolutions": await _rows(connection, _RESOLUTIONS, meeting_id),
        "tasks": await _rows(connection, _TASKS, meeting_id),
        "evaluations": await _rows(connection, _EVALUATIONS, meeting_id),
        "minutes": dict(minutes) if minutes else None,
        "corrections": await _rows(connection, _CORRECTIONS, meeting_id),
    }


def people_of(contents: Mapping[str, Any]) -> set[UUID]:
    """Return the members that contents speak of."""
    written = contents["proceedings"] or {}
    found = {written.get("chair_id"), written.get("recorder_id")}
    found |= {one["speaker_id"] for one in written.get("opinions", ())}
    for several in (written.get("absences", ()), contents["tasks"], contents["evaluations"]):
        found |= {one["member_id"] for one in several}
    return {id_ for id_ in found if id_ is not None}


async def _rows(connection: Connection, query: str, meeting_id: UUID) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(query, meeting_id)]
