"""The organisation tree of a day, in SQL."""

from typing import Final

ON_DAY: Final = """
    SELECT DISTINCT ON (organisation_id) organisation_id AS unit_id, name, type, parent_id
    FROM organisation_states
    ORDER BY organisation_id, effective_date > {day}, CASE WHEN effective_date <= {day} THEN effective_date END DESC,
        effective_date
"""
"""Each unit as it was on `{day}`; before its time what it was founded as, and after it what it ended as."""


def within(unit: str, day: str, *, condition: str = "true") -> str:
    """Return the recursive CTEs `tree` (ON_DAY) and `within (unit_id)`: a unit and, if `condition`, all below it."""
    return f"""
        tree AS MATERIALIZED ({ON_DAY.format(day=day)}),
        within (unit_id) AS (
            SELECT {unit}::uuid
            UNION
            SELECT below.unit_id FROM tree AS below JOIN within ON below.parent_id = within.unit_id
            WHERE {condition}
        )
    """
