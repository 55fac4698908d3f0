"""Reads of ratings and awards, as they stand or as they were known at an instant."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from chassis.database import Connection, Pool
from contracts.membership import DocumentRef
from contracts.ratings import Grade, Rating
from services.membership import tree
from services.membership.answers import UNKNOWN_MEMBER, UNKNOWN_UNIT, MemberCode, UnitCode
from services.membership.domain import Organisation
from services.membership.list_answers import list_of
from services.membership.paging import (
    NAME_ORDER,
    Actor,
    Cursor,
    Limit,
    after,
    after_name,
    iso,
    note_read,
    page,
    place_by_name,
    reading,
)
from services.membership.problems import unknown_member
from services.membership.queries import code_in_path, organisation_of
from services.membership.ratings import answers
from services.membership.ratings.awards import FLAG, Award, flag_years
from services.membership.ratings.domain import last_day
from services.membership.ratings.requests import Year
from services.membership.ratings.rules import rating_rules
from services.membership.ratings.store import WITHDRAWN, award, document, rating
from services.membership.ratings.versions import Rated, grade_of
from services.membership.requests import Text

_KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="RFC 3339 instant: what was known then; what is known now by default"),
]
_Year = Annotated[Year, Query(description="Calendar year")]
_Of = Annotated[
    Rated | None,
    Query(description="By default the members of a cell, and the units directly below a committee"),
]
_Unit = Annotated[Text | None, Query(description="Code of a unit: it and all below it; left out: all")]

_STATED: Final = """
    FROM ratings AS rating
    JOIN rating_lists AS list ON list.id = rating.list_id
    JOIN organisations AS owner ON owner.id = list.organisation_id
    JOIN organisations AS place ON place.id = rating.unit_id
"""
_SHOWN: Final = "rating.*, owner.code AS list, place.code AS unit"
# Of the year $3, as known at $2, of those counted in the units $1: members in cells, or units right below.
_OF_YEAR: Final = """
    rating.unit_id = ANY($1::uuid[]) AND rating.year = $3
    AND ($2::timestamptz IS NULL AND rating.replaced_at IS NULL
         OR rating.recorded_at <= $2 AND (rating.replaced_at IS NULL OR rating.replaced_at > $2))
"""
_COUNTS: Final = f"""
    SELECT rating.grade, count(*) AS count FROM ratings AS rating
    WHERE {_OF_YEAR} AND (rating.member_id IS NOT NULL) = $4
    GROUP BY rating.grade
"""
_MEMBER_PAGE: Final = f"""
    SELECT {_SHOWN}, member.code, identity.full_name AS name, identity.name_sort_key
    {_STATED}
    JOIN members AS member ON member.id = rating.member_id
    JOIN member_identities AS identity ON identity.member_id = member.id
    WHERE {_OF_YEAR} AND ({NAME_ORDER}) > ($4::bytea, $5::text)
    ORDER BY {NAME_ORDER} LIMIT $6
"""
_UNIT_PAGE: Final = f"""
    SELECT {_SHOWN}, unit.code, {tree.name_on("unit.id", "$4")} AS name
    {_STATED}
    JOIN organisations AS unit ON unit.id = rating.organisation_id
    WHERE {_OF_YEAR} AND unit.code > $5
    ORDER BY unit.code LIMIT $6
"""
_ENTRIES: Final = f"""
    SELECT {_SHOWN}, {WITHDRAWN} AS withdrawn
    {_STATED}
    WHERE (rating.member_id = $1 OR rating.organisation_id = $1)
      AND ($2::timestamptz IS NULL OR rating.recorded_at <= $2)
    ORDER BY rating.year, rating.recorded_at, rating.number
"""
_AWARDS: Final = """
    SELECT *, coalesce(withdrawn_at <= $2, withdrawn_at IS NOT NULL AND $2 IS NULL) AS withdrawn_then
    FROM awards
    WHERE (member_id = $1 OR organisation_id = $1) AND ($2::timestamptz IS NULL OR recorded_at <= $2)
    ORDER BY awarded_on, recorded_at
"""
# Units of the day $2 that had the highest grade in every year from $3 to $4.
_FLAG_ELIGIBLE: Final = f"""
    WITH RECURSIVE {tree.within("$1", "$2")},
    eligible AS (
        SELECT organisation_id FROM ratings
        WHERE organisation_id IS NOT NULL AND replaced_at IS NULL AND grade = 'excellent'
          AND year BETWEEN $3 AND $4
        GROUP BY organisation_id HAVING count(*) = $4 - $3 + 1
    )
    SELECT unit.code, tree.name, tree.type, parent.code AS parent_code,
        (SELECT max(awarded_on) FROM awards
         WHERE awards.organisation_id = unit.id AND kind = $7 AND withdrawn_at IS NULL) AS flag_on
    FROM eligible
    JOIN organisations AS unit ON unit.id = eligible.organisation_id
    JOIN tree ON tree.unit_id = unit.id
    LEFT JOIN organisations AS parent ON parent.id = tree.parent_id
    WHERE ($1::uuid IS NULL OR unit.id IN (SELECT unit_id FROM within))
      AND {tree.exists("$2")}
      AND unit.code > $5
    ORDER BY unit.code LIMIT $6
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read ratings and awards."""
    routes = APIRouter()
    routes.include_router(_rating_reads(pool))
    routes.include_router(_award_reads(pool))
    return routes


def _rating_reads(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["queries"])

    @routes.get(
        "/organisations/{code:path}/rating-history",
        **answers.read(answers.RatingHistory, UNKNOWN_UNIT),
    )
    async def of_unit(code: UnitCode, known_at: _KnownAt = None) -> dict[str, Any]:
        """How a unit itself was rated from year to year, with all that was corrected."""
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            return {"code": unit.code, "entries": await rating_entries(connection, unit.id, known_at)}

    @routes.get(
        "/organisations/{code:path}/ratings",
        **answers.read(answers.RatingPage, UNKNOWN_UNIT, paged=True),
    )
    async def of_year(
        *,
        code: UnitCode,
        year: _Year,
        of: _Of = None,
        known_at: _KnownAt = None,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """The ratings of a year of the members in a unit's cells, or of the units directly below it.

        Wherever they were recorded: `list` says on which unit's list a rating stands.
        """
        day = last_day(year)
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            rated = of or rated_by_default(unit, year)
            of_members = rated is Rated.MEMBERS
            units = await tree.units_within(connection, unit.id, day) if of_members else [unit.id]
            asked = (units, known_at, year)
            if of_members:
                rows = await connection.fetch(_MEMBER_PAGE, *asked, *after_name(cursor), limit + 1)
                what = f"organisations/{unit.code}/ratings?year={year}"
                await note_read(connection, actor, what, min(len(rows), limit))
                last = [part for row in rows[limit - 1 : limit] for part in place_by_name(row)]
            else:
                rows = await connection.fetch(_UNIT_PAGE, *asked, day, *after(cursor, 1), limit + 1)
                last = [row["code"] for row in rows[limit - 1 : limit]]
            counts = await connection.fetch(_COUNTS, *asked, of_members)
            version = await connection.fetchval(
                "SELECT version FROM rating_lists WHERE organisation_id = $1 AND rated = $2 AND year = $3",
                unit.id,
                rated.value,
                year,
            )
        number = {row["grade"] or "not_rated": row["count"] for row in counts}
        items = [
            _rating_json(row) | {"code": row["code"], "name": row["name"], "unit": row["unit"]}
            for row in rows
        ]
        return {
            "organisation": unit.code,
            "of": rated.value,
            "year": year,
            "rule": rule_json(year),
            "version": version,
            "counts": {name: number.get(name, 0) for name in (*Grade, "not_rated")},
        } | page(items, limit, last)

    @routes.get("/members/{code:path}/ratings", **answers.read(answers.RatingHistory, UNKNOWN_MEMBER))
    async def of_member(
        code: MemberCode, known_at: _KnownAt = None, actor: Actor = "unknown"
    ) -> dict[str, Any]:
        """How a member was rated from year to year, with all that was corrected."""
        async with reading(pool) as connection:
            known, member_id = await _member_id(connection, code)
            entries = await rating_entries(connection, member_id, known_at)
            await note_read(connection, actor, f"members/{known}/ratings", 1)
        return {"code": known, "entries": entries}

    return routes


def _award_reads(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["queries"])

    @routes.get("/organisations/{code:path}/awards", **answers.read(answers.Awards, UNKNOWN_UNIT))
    async def of_unit(code: UnitCode, known_at: _KnownAt = None) -> dict[str, Any]:
        """The awards of a unit."""
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            return {"code": unit.code, "awards": await awards_of(connection, unit.id, known_at)}

    @routes.get("/members/{code:path}/awards", **answers.read(answers.Awards, UNKNOWN_MEMBER))
    async def of_member(
        code: MemberCode, known_at: _KnownAt = None, actor: Actor = "unknown"
    ) -> dict[str, Any]:
        """The awards of a member."""
        async with reading(pool) as connection:
            known, member_id = await _member_id(connection, code)
            awards = await awards_of(connection, member_id, known_at)
            await note_read(connection, actor, f"members/{known}/awards", 1)
        return {"code": known, "awards": awards}

    @routes.get("/lists/flag-eligible", tags=["lists"], **list_of(answers.FlagEligiblePage))
    async def flag_eligible(
        *, year: _Year, unit: _Unit = None, cursor: Cursor = None, limit: Limit = 100
    ) -> dict[str, Any]:
        """Units with the highest grade in five years in a row up to `year`, by code. `flag_on`: who has it."""
        rule = rating_rules().flag_years
        years = flag_years(year, rule.value)
        (last_code,) = after(cursor, 1)
        async with reading(pool) as connection:
            scope = None if unit is None else (await organisation_of(connection, unit)).id
            rows = await connection.fetch(
                _FLAG_ELIGIBLE, scope, last_day(year), years[0], year, last_code, limit + 1, FLAG.value
            )
        items = [
            {
                "code": row["code"],
                "name": row["name"],
                "type": row["type"],
                "parent_code": row["parent_code"],
                "years": list(years),
                "flag_on": iso(row["flag_on"]),
                "source": rule.source,
            }
            for row in rows
        ]
        return {"year": year} | page(items, limit, [row["code"] for row in rows[limit - 1 : limit]])

    return routes


def rated_by_default(unit: Organisation, year: int) -> Rated:
    """Return whom a unit rates where nothing else is said: a cell its members, a committee the units below it."""
    return Rated.MEMBERS if unit.on(last_day(year)).type.is_cell else Rated.ORGANISATIONS


async def _member_id(connection: Connection, code: str) -> tuple[str, UUID]:
    known = code_in_path(code)
    member_id = await connection.fetchval("SELECT id FROM members WHERE code = $1", known)
    if member_id is None:
        raise unknown_member(code)
    return known, member_id


async def rating_entries(
    connection: Connection, subject: UUID, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Return all that was stated of how a member or a unit was rated, as RatingHistory has it."""
    rows = await connection.fetch(_ENTRIES, subject, known_at)
    entries = []
    for row in rows:
        replaced = row["replaced_at"] is not None and (known_at is None or row["replaced_at"] <= known_at)
        status = "stands" if not replaced else "withdrawn" if row["withdrawn"] else "replaced"
        entries.append(
            {
                **_rating_json(row),
                "year": row["year"],
                "status": status,
                "replaced_by": row["replaced_by"] if replaced else None,
                "unit": row["unit"],
            }
        )
    return entries


async def awards_of(
    connection: Connection, subject: UUID, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Return the awards of a member or a unit, as AwardAnswer."""
    rows = await connection.fetch(_AWARDS, subject, known_at)
    return [award_json(award(row)) | {"withdrawn": row["withdrawn_then"]} for row in rows]


def rule_json(year: int) -> dict[str, Any] | None:
    """Return the rule of a year as answers carry it; None where none is held."""
    rule = rating_rules().of_year(year)
    return None if rule is None else {**_document_json(rule.document), "title": rule.title}


def _rating_json(row: Mapping[str, Any]) -> dict[str, Any]:
    given = rating(row)
    ordered_by = document(row)
    return {
        "number": row["number"],
        "list": row["list"],
        "grade": given.grade and given.grade.value,
        "not_rated": given.not_rated and given.not_rated.value,
        "points": _points_json(given),
        "proposed": _proposed(given, row["year"]),
        "corrects": row["corrects"],
        "decision_date": iso(row["decision_date"]),
        "document": ordered_by and _document_json(ordered_by),
        "recorded_at": row["recorded_at"].isoformat(),
    }


def _points_json(given: Rating) -> dict[str, Any] | None:
    score = given.score
    if score is None:
        return None
    return {
        "common": score.common_hundredths / 100,
        "results": score.results_hundredths / 100,
        "total": (score.common_hundredths + score.results_hundredths) / 100,
        "tasks": score.tasks and score.tasks.model_dump(),
    }


def _proposed(given: Rating, year: int) -> str | None:
    rule = rating_rules().of_year(year)
    if given.score is None or rule is None:
        return None
    grade = grade_of(given.score, rule)
    return grade and grade.value


def _document_json(ordered_by: DocumentRef) -> dict[str, Any]:
    return {"number": ordered_by.number, "date": ordered_by.date.isoformat()}


def award_json(state: Award) -> dict[str, Any]:
    """Return an award as answers carry it."""
    return {
        "id": str(state.id),
        "kind": state.kind.value,
        "level": state.level.value,
        "title": state.title,
        "awarded_on": state.awarded_on.isoformat(),
        "last_year": state.last_year,
        "decision_date": iso(state.decision_date),
        "document": state.document and _document_json(state.document),
        "version": state.version,
        "withdrawn": state.withdrawn,
    }
