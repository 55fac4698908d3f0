"""The query behind movement: one statement, so that opening, in, out and closing are of one snapshot.

The rules of statistics.py hold for each day of the period: what hangs where on a day, and which facts count. So a
unit is looked at as the cells below it, each for the days on which it hangs there (*pieces*). A piece that is there
before the first day brings its members into the opening, a later one as moved in; one that is there on the last day
leaves them in the closing, an earlier one takes them out. Between, each side of a step that lies in a piece counts;
a step with both sides in some stays within. Summed up this is opening + in - out = closing, whatever the facts are.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from chassis.database import Connection, Pool
from services.reporting.movement import CAUSES, Line, Movement, Way, movement_of
from services.reporting.tree import ASKED, KNOWN, NOBODY, RULING, Unit, stands


@dataclass(frozen=True, slots=True)
class Row:
    """The movement of a unit that hangs directly under the one asked for, while it does."""

    unit: Unit
    movement: Movement


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything of one snapshot: the whole movement, and its rows by unit."""

    unit: Unit | None
    movement: Movement
    rows: list[Row]


# Further parameters: $4 the first day ($1 is the last), $5 whether rows by unit are wanted.
_DAYS = "daterange($4::date - 1, $1, '[]')"
"""The days looked at: those of the period, and the one before it."""

_HUNG = f"""
WITH RECURSIVE hung AS MATERIALIZED (
    -- Where each unit hung and what it was, from when until when; before its first fact as the first says.
    SELECT organisation_id, type, parent_id,
           daterange(CASE WHEN lag(effective_date) OVER life IS NOT NULL THEN effective_date END,
                     lead(effective_date) OVER life) AS during
    FROM (
        SELECT DISTINCT ON (f.organisation_id, f.effective_date)
               f.organisation_id, f.effective_date, f.type, f.parent_id
        FROM organisation_facts f
        WHERE f.delta = 1 AND {stands("organisation_facts", "f")}
        ORDER BY f.organisation_id, f.effective_date, f.sequence DESC
    ) ruling
    WINDOW life AS (PARTITION BY organisation_id ORDER BY effective_date)
)"""

_CHILDREN = f"""
    SELECT organisation_id, organisation_id, during * {_DAYS}
    FROM hung
    WHERE $5 AND parent_id IS NOT DISTINCT FROM (SELECT organisation_id FROM asked) AND during && {_DAYS}
"""
_BELOW = """
    UNION
    SELECT above.row_of, below.organisation_id, above.during * below.during
    FROM scope above JOIN hung below
      ON below.parent_id = above.organisation_id AND below.during && above.during
"""

# `row_of` is the unit whose row it is, NULL for the whole. What hangs under none of those known counts in the whole.
_WHOLE_REGISTER = f"""
, asked(organisation_id, code, name) AS ({NOBODY}), scope(row_of, organisation_id, during) AS (
    {_CHILDREN}
    {_BELOW}
), scopes AS (
    TABLE scope
    UNION ALL
    SELECT DISTINCT NULL::uuid, organisation_id, {_DAYS} FROM hung
)"""

# Members may belong to the very unit asked for, as in a cell that became a committee: they have a row, too.
_UNIT_AND_BELOW = f"""
, asked AS ({ASKED}), scope(row_of, organisation_id, during) AS (
    (SELECT NULL::uuid, organisation_id, {_DAYS} FROM asked UNION ALL {_CHILDREN})
    {_BELOW}
), scopes AS (
    TABLE scope
    UNION ALL
    SELECT organisation_id, organisation_id, {_DAYS} FROM asked WHERE $5
)"""

_MOVEMENT = f"""
, pieces AS (
    SELECT row_of, organisation_id, greatest(lower(days), $4) AS since, upper(days) AS until,
           days @> ($4::date - 1) AS opens, days @> $1 AS closes
    FROM (SELECT row_of, organisation_id, range_agg(during) AS pieces FROM scopes GROUP BY 1, 2) merged,
         unnest(merged.pieces) AS days
), changes AS (
    -- A step of the piece's days by itself, all facts before them together.
    SELECT p.row_of, p.opens, p.closes, f.effective_date >= p.since AS moves,
           CASE WHEN f.effective_date >= p.since THEN f.sequence END AS sequence,
           CASE WHEN f.effective_date >= p.since THEN f.ordinal >> 1 END AS step,
           CASE WHEN f.effective_date >= p.since THEN f.cause END AS cause,
           sum(f.delta) AS delta,
           sum(f.delta) FILTER (WHERE f.ordinal & 1 = 0) AS before,
           sum(f.delta) FILTER (WHERE f.ordinal & 1 = 1) AS after,
           sum(f.delta) FILTER (WHERE f.ordinal & 1 = 0 AND f.standing = 'probationary') AS before_on_probation,
           sum(f.delta) FILTER (WHERE f.ordinal & 1 = 1 AND f.standing = 'probationary') AS after_on_probation
    FROM pieces p JOIN member_facts f ON f.cell_id = p.organisation_id
    -- An array, too: an index scan for a few cells.
    WHERE f.cell_id = ANY (ARRAY(SELECT organisation_id FROM pieces))
      AND f.effective_date <= $1 AND (p.closes OR f.effective_date < p.until) AND {KNOWN.format("f")}
    GROUP BY 1, 2, 3, 4, 5, 6, 7
), balances AS (
    SELECT row_of,
           coalesce(sum(delta) FILTER (WHERE opens AND NOT moves), 0) AS opening,
           coalesce(sum(delta) FILTER (WHERE closes), 0) AS closing,
           coalesce(sum(delta) FILTER (WHERE NOT opens AND NOT moves), 0) AS moved_in,
           coalesce(sum(delta) FILTER (WHERE NOT closes), 0) AS moved_out
    FROM changes
    GROUP BY row_of
), steps AS (
    -- The two sides of one step may lie in two pieces.
    SELECT row_of, cause, sum(before) AS before, sum(after) AS after,
           coalesce(sum(after_on_probation), -sum(before_on_probation), 0) AS on_probation
    FROM changes
    WHERE moves
    GROUP BY row_of, sequence, step, cause
), lines AS (
    SELECT row_of,
           CASE WHEN after IS NULL THEN 'out' WHEN before IS NULL THEN 'in' ELSE 'within' END AS way, cause,
           sum(coalesce(after, -before)) AS count, sum(on_probation) AS on_probation
    FROM steps
    GROUP BY 1, 2, 3
), names AS (
    SELECT DISTINCT ON (n.organisation_id) n.organisation_id, n.code, n.name
    FROM organisations n
    WHERE n.organisation_id = ANY (ARRAY(SELECT row_of FROM balances)) AND {stands("organisations", "n")}
    ORDER BY n.organisation_id, {RULING.format("n")}
)
SELECT asked.code, asked.name,
       (SELECT type FROM hung WHERE organisation_id = asked.organisation_id AND during @> $1) AS type,
       (SELECT json_agg(json_build_array(
           CASE WHEN row_of IS NOT NULL THEN json_build_array(row_of, names.code, names.name, hung.type) END,
           opening, closing, moved_in, moved_out)
           ORDER BY row_of IS DISTINCT FROM asked.organisation_id, names.code COLLATE "C")
        FROM balances
        LEFT JOIN names ON names.organisation_id = row_of
        LEFT JOIN hung ON hung.organisation_id = row_of AND hung.during @> $1
        WHERE row_of IS NULL OR names.code IS NOT NULL) AS balances,
       (SELECT json_agg(json_build_array(row_of, way, cause, count, on_probation)) FROM lines) AS lines
FROM asked
"""

_OF_REGISTER: Final = _HUNG + _WHOLE_REGISTER + _MOVEMENT
_OF_UNIT: Final = _HUNG + _UNIT_AND_BELOW + _MOVEMENT

_Named = tuple[str, str, str, str]
_read_balances = msgspec.json.Decoder(list[tuple[_Named | None, int, int, int, int]]).decode
_read_lines = msgspec.json.Decoder(
    list[tuple[str | None, Literal["in", "out", "within"], int, int, int]]
).decode


async def movement(
    database: Pool | Connection,
    *,
    unit: str | None,
    first: date,
    last: date,
    known_at: datetime | None,
    by_unit: bool,
) -> Answer | None:
    """Return the movement of a unit and all below it, by its code, or of the whole register for None.

    From `first` to `last`, both included; `first` may not be after `last`. With `by_unit` also a row for each unit
    directly under it (for the whole register: each root) in which there was somebody, of the days on which it hung
    there: the rows' openings and closings add up to those of the whole. Units are named as of the last day.

    Returns None where no unit of that code is known.
    """
    found = await database.fetchrow(
        _OF_REGISTER if unit is None else _OF_UNIT, last, known_at, unit, first, by_unit
    )
    if found is None:
        return None
    lines: defaultdict[str | None, list[Line]] = defaultdict(list)
    for row_of, way, cause, count, on_probation in _read_lines(found["lines"] or "[]"):
        lines[row_of].append(Line(Way(way), CAUSES[cause], count, on_probation))
    whole, rows = movement_of([]), []
    for named, opening, closing, moved_in, moved_out in _read_balances(found["balances"] or "[]"):
        moved = movement_of(
            lines[named[0] if named else None],
            opening=opening, closing=closing, moved_in=moved_in, moved_out=moved_out,
        )  # fmt: skip
        if named is None:
            whole = moved
        elif not moved.is_empty:
            rows.append(Row(Unit(*named[1:]), moved))
    return Answer(
        unit=None if unit is None else Unit(found["code"], found["name"], found["type"]),
        movement=whole,
        rows=rows,
    )
