"""The organisation tree of a day, in SQL."""

from typing import Final

ON_DAY: Final = """
    SELECT DISTINCT ON (organisation_id) organisation_id AS unit_id, name, type, parent_id
    FROM organisation_states
    ORDER BY organisation_id, effective_date > {day}, CASE WHEN effective_date <= {day} THEN effective_date END DESC,
        effective_date
"""
"""Each unit as it was on `{day}`; before its time what it was founded as, and after it what it ended as."""
