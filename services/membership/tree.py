"""The organisation tree of a day, and who counts in it, in SQL.

All that is asked of a unit and a day goes through here: which units hang where (`within`), which of them exist
(`exists`), and who counts in them (`counts`). Days and units are given as SQL, most often a parameter's number.
"""

from datetime import date
from typing import Final
from uuid import UUID

from chassis.database import Connection

LATEST: Final = date.max
"""The day on which all that is known has happened: the tree and the register as they were recorded last."""

_NEAREST: Final = (
    "effective_date > {day}, CASE WHEN effective_date <= {day} THEN effective_date END DESC, effective_date"
)

ON_DAY: Final = f"""
    SELECT DISTINCT ON (organisation_id) organisation_id AS unit_id, name, type, parent_id
    FROM organisation_states
    ORDER BY organisation_id, {_NEAREST}
"""
"""Each unit as it was on `{day}`; before its time what it was founded as, and after it what it ended as."""


def within(unit: str, day: str, *, paths: bool = False) -> str:
    """Return the recursive CTEs `tree` (ON_DAY) and `within (unit_id)`: a unit and all below it; all units for NULL.

    With `paths` also its `path`: codes from the top down, whose order has each unit before those below it.
    """
    path, top, code, joined = (
        (", path", ", ARRAY[unit.code]", ", within.path || unit.code", "JOIN organisations AS unit ON unit.id = {}")
        if paths
        else ("", "", "", "")
    )  # fmt: skip
    return f"""
        tree AS MATERIALIZED ({ON_DAY.format(day=day)}),
        within (unit_id{path}) AS (
            SELECT top.unit_id{top} FROM tree AS top {joined.format("top.unit_id")}
            WHERE CASE WHEN {unit}::uuid IS NULL THEN top.parent_id IS NULL ELSE top.unit_id = {unit} END
            UNION
            SELECT below.unit_id{code}
            FROM tree AS below JOIN within ON below.parent_id = within.unit_id {joined.format("below.unit_id")}
        )
    """


def exists(day: str, unit: str = "unit") -> str:
    """Return the condition that a row of `organisations` is a unit that there is on a day."""
    return f"{unit}.established_on <= {day} AND ({unit}.dissolved_on IS NULL OR {unit}.dissolved_on > {day})"


def counts(day: str, state: str = "state") -> str:
    """Return the condition that a row of `member_states` is what somebody counts as on a day."""
    return f"{state}.from_on <= {day} AND ({state}.until_on IS NULL OR {state}.until_on > {day})"


def name_on(unit: str, day: str) -> str:
    """Return what a unit was called on a day, as ON_DAY has it."""
    order = _NEAREST.format(day=day)
    return f"(SELECT name FROM organisation_states WHERE organisation_id = {unit} ORDER BY {order} LIMIT 1)"


_UNITS: Final = f"WITH RECURSIVE {within('$1', '$2')} SELECT unit_id FROM within"


async def units_within(connection: Connection, unit: UUID | None, day: date) -> list[UUID]:
    """Return a unit and all below it on a day; all units for None.

    Ask for what is in them by these ids in a statement of its own, which is planned for so many (`paging.reading`).
    """
    return [row["unit_id"] for row in await connection.fetch(_UNITS, unit, day)]
