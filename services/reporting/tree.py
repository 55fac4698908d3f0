"""What queries share: which fact of a unit rules on a day, what was known by an instant, and up to which event.

Parameters everywhere: $1 the day, $2 known_at or NULL, $3 the unit's code or NULL.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as of the day asked for."""

    code: str
    name: str
    type: str


CELL_TYPES: Final = frozenset({"grassroots_cell", "subordinate_cell"})
"""The types of unit in which members meet (chi bộ cơ sở, chi bộ trực thuộc)."""

# What rules on a day is the fact nearest to it, from the past before the future. Dates are compared, never
# subtracted: the first and last of the calendar come as infinities.
RULING: Final = (
    "{0}.effective_date > $1, CASE WHEN {0}.effective_date <= $1 THEN {0}.effective_date END DESC,"
    " {0}.effective_date, {0}.sequence DESC"
)
"""The order in which facts of a unit rule, the first before all others; to be formatted with the table's alias."""

KNOWN: Final = "($2::timestamptz IS NULL OR {0}.recorded_at <= $2)"
"""Whether a row was known; to be formatted with the table's alias."""


def stands(table: str, alias: str, known: str = KNOWN) -> str:
    """Return the condition that what a row of `table` says of its day was known, and is not taken back since."""
    return f"""NOT {alias}.retracts AND {known.format(alias)} AND NOT EXISTS (
        SELECT FROM {table} back
        WHERE back.organisation_id = {alias}.organisation_id AND back.effective_date = {alias}.effective_date
          AND back.retracts AND back.sequence > {alias}.sequence AND {known.format("back")}
    )"""


ASKED: Final = f"""
    SELECT n.organisation_id, n.code, n.name
    FROM organisations n
    WHERE n.code = $3 AND {stands("organisations", "n")}
    ORDER BY {RULING.format("n")}
    LIMIT 1
"""
"""The unit with the code $3; a code may have passed from one unit to another."""

NOBODY: Final = "SELECT NULL::uuid, NULL::text, NULL::text WHERE $3::text IS NULL"
"""In its place for the whole register."""
