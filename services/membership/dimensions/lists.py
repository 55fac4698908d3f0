"""Lists of what holds of members on a day beside where they count, and of who is to leave the youth union."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query

from chassis.database import Pool
from contracts.spells import SpellKind
from services.membership import clocks, thresholds, tree
from services.membership.dimensions.answers import SpellPage, StayPage, YouthUnionPage
from services.membership.list_answers import list_of
from services.membership.paging import (
    NAME_ORDER,
    Actor,
    AsOf,
    Cursor,
    Limit,
    after_name,
    iso,
    note_read,
    page,
    place_by_name,
    reading,
    today,
)
from services.membership.queries import organisation_of
from services.membership.requests import Text
from services.membership.thresholds import Threshold

_Unit = Annotated[
    Text | None, Query(description="Code of a unit: it and all below it; left out: the whole register")
]
_WithinDays = Annotated[int, Query(ge=0, le=366, description="How many days ahead the birthday may be")]


class Side(StrEnum):
    """From which of its two cells a temporary stay is seen."""

    HOST = "host"
    HOME = "home"


_SideOfStay = Annotated[
    Side,
    Query(description="`host`: who stays in the unit's cells; `home`: who of its members stays elsewhere"),
]

_PERSON: Final = f"""
    SELECT member.code, identity.full_name, identity.birth_date, identity.name_sort_key,
        cell.code AS cell_code, {tree.name_on("cell.id", "$2")} AS cell_name, state.standing
"""
_WHO: Final = f"""
    JOIN members AS member ON member.id = state.member_id
    JOIN member_identities AS identity ON identity.member_id = state.member_id
    JOIN organisations AS cell ON cell.id = state.cell_id
    WHERE {tree.counts("$2")} AND ({NAME_ORDER}) > ($3::bytea, $4::text)
"""
_ORDER: Final = f"ORDER BY {NAME_ORDER} LIMIT $5"
# What of the kind $6 holds on the day $2.
_SPELLS: Final = f"""
    {_PERSON}, spell.from_on, spell.until_on, spell.until_on <= $2 AS overdue, grounds.grounds,
        host.code AS host_code, {tree.name_on("host.id", "$2")} AS host_name
    FROM member_spells AS spell
    JOIN member_states AS state ON state.member_id = spell.member_id
    LEFT JOIN organisations AS host ON host.id = spell.cell_id
    LEFT JOIN member_spell_grounds AS grounds
        ON grounds.member_id = spell.member_id AND grounds.fact = spell.fact
    {_WHO} AND spell.kind = $6 AND spell.from_on <= $2 AND (spell.ended_on IS NULL OR spell.ended_on > $2)
      AND ($1::uuid[] IS NULL OR {{side}} = ANY($1))
    {_ORDER}
"""
_SPELLS_AT: Final = {
    Side.HOME: _SPELLS.format(side="state.cell_id"),
    Side.HOST: _SPELLS.format(side="spell.cell_id"),
}
# Of the youth union on the day $2, and born by $6.
_OF_AGE: Final = f"""
    {_PERSON}
    FROM member_states AS state
    {_WHO} AND state.youth_union AND identity.birth_date <= $6
      AND ($1::uuid[] IS NULL OR state.cell_id = ANY($1))
    {_ORDER}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every one of these lists may be asked for, and by whom."""

    as_of: AsOf = None
    unit: _Unit = None
    cursor: Cursor = None
    limit: Limit = 100
    actor: Actor = "unknown"


_Asked = Annotated[Asked, Depends()]
_Row = Mapping[str, Any]


def router(pool: Pool) -> APIRouter:
    """Return the routes of these lists."""
    routes = APIRouter(prefix="/lists", tags=["lists"])

    async def listed(
        name: str, asked: Asked, statement: str, argument: object, as_json: Callable[[_Row], dict[str, Any]]
    ) -> dict[str, Any]:
        day, unit, limit = asked.as_of or today(), asked.unit, asked.limit
        place = after_name(asked.cursor)
        async with reading(pool) as connection:
            above = None if unit is None else await organisation_of(connection, unit)
            scope = above and await tree.units_within(connection, above.id, day)
            rows = await connection.fetch(statement, scope, day, *place, limit + 1, argument)
            what = f"lists/{name}" + (f"?unit={unit}" if unit else "")
            await note_read(connection, asked.actor, what, min(len(rows), limit))
        last = [part for row in rows[limit - 1 : limit] for part in place_by_name(row)]
        return {"as_of": day.isoformat()} | page([as_json(row) for row in rows], limit, last)

    @routes.get("/exempt", **list_of(SpellPage))
    async def exempt(asked: _Asked) -> dict[str, Any]:
        """Members who are exempt from party work and meetings on a day, with the grounds.

        An exemption goes on past its planned end until its end is recorded: `overdue` then.
        """
        return await listed("exempt", asked, _SPELLS_AT[Side.HOME], SpellKind.EXEMPTION, _spell_json)

    @routes.get("/suspended", **list_of(SpellPage))
    async def suspended(asked: _Asked) -> dict[str, Any]:
        """Members who are suspended on a day, with the grounds; `overdue` as with exemptions."""
        return await listed("suspended", asked, _SPELLS_AT[Side.HOME], SpellKind.SUSPENSION, _spell_json)

    @routes.get("/temporary-stays", **list_of(StayPage))
    async def temporary_stays(asked: _Asked, side: _SideOfStay = Side.HOST) -> dict[str, Any]:
        """Members on a temporary stay on a day, who count at home; `overdue` as with exemptions."""
        name = f"temporary-stays/{side}"
        return await listed(name, asked, _SPELLS_AT[side], SpellKind.TEMPORARY_STAY, _stay_json)

    @routes.get("/youth-union-ending", **list_of(YouthUnionPage))
    async def youth_union_ending(asked: _Asked, within_days: _WithinDays = 0) -> dict[str, Any]:
        """Members of the youth union who are too old for it on a day, or soon will be.

        They leave it after `due_from`, their birthday; by their own wish they may stay until `latest_on` at most.
        """
        born_by = _born_by(asked.as_of or today(), within_days)
        return await listed("youth-union-ending", asked, _OF_AGE, born_by, _youth_json)

    return routes


def _born_by(day: date, within_days: int) -> date:
    """Return the last birth date of those whose age is reached soon; the first of all days where there is none."""
    months = 12 * thresholds.YOUTH_UNION_UNTIL.value
    try:
        return clocks.latest_start(day + timedelta(within_days), months)
    except OverflowError:  # next to the end of all dates
        return clocks.latest_start(day, months)
    except ValueError:
        return date.min


def _person_json(row: _Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "full_name": row["full_name"],
        "birth_date": row["birth_date"].isoformat(),
        "cell_code": row["cell_code"],
        "cell_name": row["cell_name"],
        "standing": row["standing"],
    }


def _held_json(row: _Row) -> dict[str, Any]:
    return {
        **_person_json(row),
        "from_on": row["from_on"].isoformat(),
        "until": iso(row["until_on"]),
        "overdue": bool(row["overdue"]),
    }


def _spell_json(row: _Row) -> dict[str, Any]:
    return {**_held_json(row), "grounds": row["grounds"]}


def _stay_json(row: _Row) -> dict[str, Any]:
    return {**_held_json(row), "host_code": row["host_code"], "host_name": row["host_name"]}


def _youth_json(row: _Row) -> dict[str, Any]:
    return {
        **_person_json(row),
        "due_from": _birthday(row, thresholds.YOUTH_UNION_UNTIL),
        "latest_on": _birthday(row, thresholds.YOUTH_UNION_LATEST),
        "source": thresholds.YOUTH_UNION_UNTIL.source,
    }


def _birthday(row: _Row, age: Threshold) -> str:
    try:
        return clocks.add_months(row["birth_date"], 12 * age.value).isoformat()
    except ValueError:  # past the end of all dates
        return date.max.isoformat()
