"""Who came into a unit, who went out of it, and why: the register behind the movement table of a report.

Of every unit and period opening + in - out = closing (DOMAIN: movement identity). The opening is counted on the eve
of the first day, the closing on the last. A unit's scope is what hangs under it from day to day: when a cell comes
under the unit its members come in, and when it goes they go out, though nothing happened to themselves. Moves inside
the scope are neither. Somebody who came and went on one day was there on no day, and is in neither list.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.database import Connection, Pool
from services.membership import tree
from services.membership.answers import UnitCode, page_of
from services.membership.movement_answers import Direction, MovementPage, not_a_period
from services.membership.paging import Actor, Cursor, Limit, after, note_read, page, reading
from services.membership.queries import organisation_of
from services.membership.requests import Day

_First = Annotated[Day, Query(alias="from", description="First day of the period, ISO")]
_Last = Annotated[Day, Query(alias="to", description="Last day of the period, ISO")]
_Which = Annotated[Direction | None, Query(description="Only those who came, or who went; left out: both")]

_CHANGES_OF_PLACE: Final = """
    SELECT DISTINCT effective_date FROM (
        SELECT effective_date, parent_id,
            lag(parent_id) OVER (PARTITION BY organisation_id ORDER BY effective_date) AS parent_before
        FROM organisation_states
    ) AS state
    WHERE parent_before IS DISTINCT FROM parent_id AND parent_before IS NOT NULL
      AND effective_date > $1 AND effective_date <= $2
    ORDER BY effective_date
"""
_SCOPE: Final = f"WITH RECURSIVE {tree.within('$1', '$2')} SELECT unit_id FROM within"

# Cells with the days ($2 up to, not with, $3) on which they are in scope, and what anybody counted as there then. Who
# was not in scope the day before came, and who was not the day after went.
_STAYING: Final = "ARRAY['confirmed', 'profile']"
_STAYS: Final = f"""
    WITH inside AS (
        SELECT state.member_id, state.standing, state.cell_id,
            greatest(state.from_on, span.first) AS came, least(state.until_on, span.beyond) AS went,
            -- Somebody confirmed on the very day that their cell comes along was there already.
            CASE WHEN state.from_on < span.first OR state.began_by = ANY ({_STAYING}) THEN 'unit_moved_in'
                 ELSE coalesce(state.began_by, 'unstated') END AS came_by,
            CASE WHEN state.until_on <= span.beyond AND state.ended_by <> ALL ({_STAYING}) THEN state.ended_by
                 WHEN state.until_on < span.beyond THEN 'unstated' ELSE 'unit_moved_out' END AS went_by
        FROM unnest($1::uuid[], $2::date[], $3::date[]) AS span (cell_id, first, beyond)
        JOIN member_states AS state
          ON state.cell_id = span.cell_id AND state.from_on < span.beyond
         AND (state.until_on IS NULL OR state.until_on > span.first)
    ), stays AS (
        SELECT inside.*,
            lag(went) OVER one IS DISTINCT FROM came AS comes, lead(came) OVER one IS DISTINCT FROM went AS goes
        FROM inside WINDOW one AS (PARTITION BY member_id ORDER BY came)
    )
"""
_TOTALS: Final = f"""{_STAYS}
    SELECT count(*) FILTER (WHERE came = $4) AS opening, count(*) FILTER (WHERE went = $5) AS closing,
        coalesce((SELECT json_object_agg(cause, count) FROM (
            SELECT came_by AS cause, count(*) FROM stays WHERE comes AND came > $4 GROUP BY 1
        ) AS came), '{{}}') AS came,
        coalesce((SELECT json_object_agg(cause, count) FROM (
            SELECT went_by AS cause, count(*) FROM stays WHERE goes AND went < $5 GROUP BY 1
        ) AS went), '{{}}') AS went
    FROM stays
"""
_MOVEMENTS: Final = f"""{_STAYS}
    , moved AS (
        SELECT came AS day, 'in' AS direction, came_by AS cause, member_id, cell_id, standing
        FROM stays WHERE comes AND came > $4
        UNION ALL
        SELECT went, 'out', went_by, member_id, cell_id, standing
        FROM stays WHERE goes AND went < $5
    )
    SELECT moved.day, direction, cause, member.code, identity.full_name, cell.code AS cell_code, moved.standing
    FROM moved
    JOIN members AS member ON member.id = moved.member_id
    JOIN member_identities AS identity ON identity.member_id = moved.member_id
    JOIN organisations AS cell ON cell.id = moved.cell_id
    WHERE ($6::text IS NULL OR direction = $6)
      AND (moved.day::text, direction, member.code) > ($7::text, $8::text, $9::text COLLATE "C")
    ORDER BY moved.day::text, direction, member.code LIMIT $10
"""


def router(pool: Pool) -> APIRouter:
    """Return the route that reads movements."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/organisations/{code:path}/movements", **page_of(MovementPage, not_a_period()))
    async def movements(
        *,
        code: UnitCode,
        first: _First,
        last: _Last,
        direction: _Which = None,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Who came into a unit and all below it, who went, and why; with the table of the whole period.

        In the order of days. As it is known now; the figures as they were known at another time are reporting's.
        """
        if first > last or first == date.min or last == date.max:
            raise not_a_period()
        eve, beyond = first - timedelta(1), last + timedelta(1)
        place = after(cursor, 3)
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            spans = await _spans(connection, unit.id, eve, beyond)
            [totals] = await connection.fetch(_TOTALS, *spans, eve, beyond)
            rows = await connection.fetch(_MOVEMENTS, *spans, eve, beyond, direction, *place, limit + 1)
            await note_read(connection, actor, f"organisations/{unit.code}/movements", min(len(rows), limit))
        items = [{**row, "day": row["day"].isoformat()} for row in rows]
        end = [
            part
            for item in items[limit - 1 : limit]
            for part in (item["day"], item["direction"], item["code"])
        ]
        return {
            "unit": unit.code,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "opening": totals["opening"],
            "came": json.loads(totals["came"]),
            "went": json.loads(totals["went"]),
            "closing": totals["closing"],
        } | page(items, limit, end)

    return routes


async def _spans(
    connection: Connection, unit: UUID, first: date, beyond: date
) -> tuple[Sequence[UUID], Sequence[date], Sequence[date]]:
    """Return which units are in a unit's scope on the days from `first` up to, not with, `beyond`: as three columns.

    A unit that stays there has one row, however often the tree changes elsewhere.
    """
    changes = await connection.fetch(_CHANGES_OF_PLACE, first, beyond - timedelta(1))
    days = [first, *(row["effective_date"] for row in changes), beyond]
    open_since: dict[UUID, date] = {}
    spans: list[tuple[UUID, date, date]] = []
    for day in days[:-1]:
        inside = {row["unit_id"] for row in await connection.fetch(_SCOPE, unit, day)}
        spans += [(one, open_since.pop(one), day) for one in open_since.keys() - inside]
        for one in inside:
            open_since.setdefault(one, day)
    spans += [(one, since, beyond) for one, since in open_since.items()]
    units, firsts, ends = zip(*spans, strict=True)
    return units, firsts, ends
