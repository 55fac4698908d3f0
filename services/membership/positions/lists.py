"""The lists of what is vacant and which congresses are due: units of a day, with nothing of any person."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from chassis.cursors import invalid_cursor
from chassis.database import Pool
from contracts.positions import Position
from services.membership import tree
from services.membership.list_answers import list_of
from services.membership.paging import AsOf, Cursor, Limit, after, page, reading, today
from services.membership.positions.answers import CongressDuePage, VacancyPage
from services.membership.positions.rules import SEATS, congress_rules
from services.membership.queries import organisation_of
from services.membership.requests import Text

_Unit = Annotated[
    Text | None, Query(description="Code of a unit: it and all below it; left out: the whole register")
]
_Position = Annotated[Position | None, Query(description="Only this position; left out: all")]
_WithinDays = Annotated[int, Query(ge=0, le=3660, description="How many days ahead a congress may be due")]
_Unknown = Annotated[bool, Query(description="Units of which no term is recorded as well, as the last")]
_REMINDER_DAYS: Final = 183
"""A convention of this system: half a year, in which a congress is prepared."""
_LAST: Final = date.max.isoformat()

# Units that exist on the day $2, at $1 or below it.
_UNITS: Final = f"""
    WITH RECURSIVE {tree.within("$1", "$2")},
    units AS (
        SELECT unit.id, unit.code, tree.name, tree.type, parent.code AS parent_code
        FROM organisations AS unit
        JOIN tree ON tree.unit_id = unit.id
        LEFT JOIN organisations AS parent ON parent.id = tree.parent_id
        WHERE ($1::uuid IS NULL OR unit.id IN (SELECT unit_id FROM within))
          AND unit.established_on <= $2 AND (unit.dissolved_on IS NULL OR unit.dissolved_on > $2)
    )
"""
_VACANCIES: Final = f"""{_UNITS},
    official AS (
        SELECT cell_id, count(*) AS members FROM member_states
        WHERE standing = 'official' AND from_on <= $2 AND (until_on IS NULL OR until_on > $2)
        GROUP BY cell_id
    ),
    seats AS (
        SELECT * FROM unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::text[])
            AS seat (type, position, from_official, source, place)
    )
    SELECT units.code, units.name, units.type, units.parent_code, seat.position, seat.source, seat.place,
        coalesce(official.members, 0)::int AS official_members,
        (SELECT max(until_on) FROM positions AS former
         WHERE former.organisation_id = units.id AND former.position = seat.position AND NOT former.withdrawn
           AND former.until_on <= $2) AS vacant_since
    FROM units
    JOIN seats AS seat ON seat.type = units.type
    LEFT JOIN official ON official.cell_id = units.id
    WHERE coalesce(official.members, 0) >= seat.from_official
      AND ($8::text IS NULL OR seat.position = $8)
      AND (units.code, seat.place) > ($9 COLLATE "C", $10)
      AND NOT EXISTS (
        SELECT 1 FROM positions AS held
        WHERE held.organisation_id = units.id AND held.position = seat.position AND NOT held.withdrawn
          AND held.from_on <= $2 AND (held.until_on IS NULL OR held.until_on > $2))
    ORDER BY units.code, seat.place LIMIT $11
"""
# Days past the end of the calendar are its end: PostgreSQL counts further than dates of answers can.
_CONGRESSES: Final = f"""{_UNITS},
    rules AS (
        SELECT * FROM unnest($3::text[], $4::int[], $5::int[], $6::text[]) AS rule (type, months, tolerance, source)
    ),
    due AS (
        SELECT units.*, rule.source, rule.tolerance, last.label, last.congress_on,
            CASE WHEN last.congress_on IS NOT NULL
                THEN least(last.congress_on + make_interval(months => rule.months), '9999-12-31')::date
            END AS due_on
        FROM units
        JOIN rules AS rule ON rule.type = units.type
        LEFT JOIN LATERAL (
            SELECT label, coalesce(congress_on, from_on) AS congress_on FROM terms
            WHERE organisation_id = units.id AND from_on <= $2 AND NOT withdrawn
            ORDER BY from_on DESC LIMIT 1
        ) AS last ON true
    )
    SELECT *, (due_on - make_interval(months => tolerance))::date AS earliest_on,
        CASE WHEN due_on IS NOT NULL
            THEN least(due_on + make_interval(months => tolerance), '9999-12-31')::date
        END AS latest_on,
        coalesce(due_on, '9999-12-31') AS place
    FROM due
    WHERE CASE WHEN due_on IS NULL THEN $8 ELSE due_on <= $7 END
      AND (coalesce(due_on, '9999-12-31'), code) > ($9::date, $10 COLLATE "C")
    ORDER BY place, code LIMIT $11
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes of the lists."""
    routes = APIRouter(prefix="/lists", tags=["lists"])

    @routes.get("/vacancies", **list_of(VacancyPage))
    async def vacancies(
        *,
        as_of: AsOf = None,
        unit: _Unit = None,
        position: _Position = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """Positions that units are to have and that nobody holds on the day, by the unit's code.

        A cell with fewer official members than elect a committee is to have a secretary alone. That nobody is a
        committee member beside secretary and deputy makes that position vacant; how many there are to be is for the
        unit to say.
        """
        day = as_of or today()
        last = after(cursor, 2)
        seats = [
            [getattr(seat, name) for seat in SEATS]
            for name in ("type", "position", "from_official", "source")
        ]
        places = [str(list(Position).index(seat.position)) for seat in SEATS]
        async with reading(pool) as connection:
            scope = None if unit is None else (await organisation_of(connection, unit)).id
            rows = await connection.fetch(_VACANCIES, scope, day, *seats, places, position, *last, limit + 1)
        end = [part for row in rows[limit - 1 : limit] for part in (row["code"], row["place"])]
        return {"as_of": day} | page([dict(row) for row in rows], limit, end)

    @routes.get("/congresses-due", **list_of(CongressDuePage))
    async def congresses_due(
        *,
        as_of: AsOf = None,
        unit: _Unit = None,
        within_days: _WithinDays = _REMINDER_DAYS,
        unknown: _Unknown = False,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """Units whose next congress is due by the rule in force on the day, those first that were due first.

        It is counted from the congress that opened the last term, or from the term's first day where there was none.
        """
        day = as_of or today()
        last_day, last_code = _after_day(cursor)
        rules = [*congress_rules(day).values()]
        columns = [
            [getattr(rule, name) for rule in rules] for name in ("type", "months", "tolerance", "source")
        ]
        until = date.fromordinal(min(day.toordinal() + within_days, date.max.toordinal()))
        async with reading(pool) as connection:
            scope = None if unit is None else (await organisation_of(connection, unit)).id
            rows = await connection.fetch(
                _CONGRESSES, scope, day, *columns, until, unknown, last_day, last_code, limit + 1
            )
        items = [
            {
                "code": row["code"],
                "name": row["name"],
                "type": row["type"],
                "parent_code": row["parent_code"],
                "label": row["label"],
                "last_congress_on": row["congress_on"],
                "due_on": row["due_on"],
                "earliest_on": row["earliest_on"],
                "latest_on": row["latest_on"],
                "overdue": row["latest_on"] is not None and row["latest_on"] < day,
                "source": row["source"],
            }
            for row in rows
        ]
        end = [part for row in rows[limit - 1 : limit] for part in (row["place"].isoformat(), row["code"])]
        return {"as_of": day} | page(items, limit, end)

    return routes


def _after_day(cursor: str | None) -> tuple[date, str]:
    """Return the day and code after which a page begins. Raises Problem `invalid-cursor` (400)."""
    day, code = after(cursor, 2)
    try:
        return (date.fromisoformat(day) if day else date.min), code
    except ValueError:
        raise invalid_cursor() from None
