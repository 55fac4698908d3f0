"""The queries behind the statistics: each answer is one statement, so all its figures are of one snapshot.

Rules:

- A member or unit counts on a day by the sum of its facts with an effective date up to that day, whether or
  not the unit it belongs to is dissolved by then.
- The scope of a unit is the unit and all below it. A unit's parent (and type, and name) on a day is what the
  latest fact up to that day says; before its first fact, what the first says. Dissolving changes none of
  them, so what was below a dissolved unit can still be asked for.
- Facts about units not yet known are kept and count from the moment the unit's own event arrives.
- With `known_at`, only what membership had recorded by that instant is looked at.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import msgspec

from chassis.database import Connection, Pool
from services.reporting.domain import AGE_BANDS, OLDEST, Group, day_number
from services.reporting.tree import ASKED, KNOWN, MARKS, NOBODY, RULING, Unit, stands


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything of one snapshot: units by type, members by group, and up to which event it is true."""

    unit: Unit | None
    units_by_type: dict[str, int]
    groups: list[Group]
    up_to: dict[str, dict[str, int]]


# All states at once: looked up one by one inside the recursion they take ten times as long for a whole bloc.
_STATES = f"""
WITH RECURSIVE states AS MATERIALIZED (
    SELECT DISTINCT ON (f.organisation_id) f.organisation_id, f.type, f.parent_id
    FROM organisation_facts f
    WHERE f.delta = 1 AND {stands("organisation_facts", "f")}
    ORDER BY f.organisation_id, {RULING.format("f")}
)"""

_WHOLE_REGISTER = f"""
, asked(organisation_id, code, name) AS ({NOBODY}), scope AS (
    SELECT organisation_id FROM states
)"""

_UNIT_AND_BELOW = f"""
, asked AS ({ASKED}), scope AS (
    SELECT organisation_id FROM asked
    UNION
    SELECT below.organisation_id FROM scope above JOIN states below ON below.parent_id = above.organisation_id
)"""

_FIGURES = f"""
, alike AS (
    -- All that tells members apart in one integer: grouping by one column is a fifth faster than by six.
    SELECT f.profile + least(greatest(($4::int - f.born) / 10000, 0), {OLDEST}) * 32 AS bits,
           sum(f.delta) AS count
    FROM member_facts f
    -- An array, not IN: a tenth faster over a whole bloc, and an index scan for a few cells.
    WHERE f.cell_id = ANY (ARRAY(SELECT organisation_id FROM scope))
      AND f.effective_date <= $1 AND {KNOWN.format("f")}
    GROUP BY bits
), groups AS (
    SELECT bits & 31 AS bits, width_bucket(bits >> 5, $5::integer[]) - 1 AS age_band,
           sum(count)::bigint AS count, sum(count * (bits >> 5))::bigint AS years
    FROM alike
    GROUP BY 1, 2
    HAVING sum(count) <> 0
), units AS (
    SELECT f.type, sum(f.delta) AS count
    FROM organisation_facts f
    WHERE f.organisation_id IN (SELECT organisation_id FROM scope)
      AND f.effective_date <= $1 AND {KNOWN.format("f")}
    GROUP BY f.type
), marks AS ({MARKS.format("$6")})
SELECT asked.code, asked.name,
       (SELECT type FROM states WHERE organisation_id = asked.organisation_id) AS type,
       (SELECT json_object_agg(type, count) FROM units) AS units,
       (SELECT json_agg(json_build_array(
           CASE WHEN bits & 1 = 0 THEN 'male' ELSE 'female' END,
           CASE WHEN bits & 2 = 0 THEN 'probationary' ELSE 'official' END,
           bits & 4 <> 0, bits & 8 <> 0, bits & 16 <> 0, age_band, count, years)) FROM groups) AS groups,
       (SELECT json_object_agg(topic, sequences) FROM marks) AS marks
FROM asked
"""

_OF_REGISTER: Final = _STATES + _WHOLE_REGISTER + _FIGURES
_OF_UNIT: Final = _STATES + _UNIT_AND_BELOW + _FIGURES

_LOWEST_AGES: Final = [band.lowest for band in AGE_BANDS]

_read_groups = msgspec.json.Decoder(list[tuple[str, str, bool, bool, bool, int, int, int]]).decode
_read_units = msgspec.json.Decoder(dict[str, int]).decode
_read_marks = msgspec.json.Decoder(dict[str, dict[str, int]]).decode


async def statistics(
    database: Pool | Connection, *, consumer: str, unit: str | None, as_of: date, known_at: datetime | None
) -> Answer | None:
    """Return the figures of a unit and all below it, by its code, or of the whole register for None.

    `up_to` gives the marks of `consumer`: topic -> partition -> sequence of the last event counted. Returns None
    where no unit of that code is known.
    """
    found = await database.fetchrow(
        _OF_REGISTER if unit is None else _OF_UNIT,
        as_of, known_at, unit, day_number(as_of), _LOWEST_AGES, consumer,
    )  # fmt: skip
    if found is None:
        return None
    return Answer(
        unit=None if unit is None else Unit(found["code"], found["name"], found["type"]),
        units_by_type=_read_units(found["units"] or "{}"),
        groups=[Group(*group) for group in _read_groups(found["groups"] or "[]")],
        up_to=_read_marks(found["marks"] or "{}"),
    )


# A unit is there on a day if its facts up to that day come to more than nothing.
_UNITS_BELOW: Final = f"""
{_STATES}
, asked AS ({ASKED}), below AS (
    SELECT states.organisation_id, states.type
    FROM states
    WHERE CASE WHEN $3 IS NULL THEN states.parent_id IS NULL
               ELSE states.parent_id = (SELECT organisation_id FROM asked) END
      AND (SELECT sum(f.delta) FROM organisation_facts f
           WHERE f.organisation_id = states.organisation_id AND f.effective_date <= $1
             AND {KNOWN.format("f")}) > 0
)
SELECT $3 IS NULL OR EXISTS (SELECT FROM asked) AS is_known, code, name, type
FROM (VALUES (1)) AS always
LEFT JOIN (
    SELECT DISTINCT ON (n.organisation_id) n.code, n.name, below.type
    FROM below JOIN organisations n USING (organisation_id)
    WHERE {stands("organisations", "n")}
    ORDER BY n.organisation_id, {RULING.format("n")}
) units ON true
ORDER BY code
"""


async def units_below(database: Pool | Connection, *, parent: str | None, as_of: date) -> list[Unit] | None:
    """Return the units that hang directly under the unit of that code on a day and exist then, by code.

    For None, the roots. Returns None where no unit of that code is known.
    """
    rows = await database.fetch(_UNITS_BELOW, as_of, None, parent)
    if not rows[0]["is_known"]:
        return None
    return [Unit(row["code"], row["name"], row["type"]) for row in rows if row["code"] is not None]
