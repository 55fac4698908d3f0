"""The card of a unit: where it stands in the tree of a day, how many members it has, and which rules speak of it.

Nothing on it is of any one person.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from chassis.database import Pool
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import unavailable
from contracts.membership import OrganisationType
from services.membership import answers, thresholds, tree
from services.membership.answers import UnitCode
from services.membership.paging import AsOf, reading, today
from services.membership.problems import unknown_organisation
from services.membership.queries import organisation_json, organisation_of
from services.membership.unit_rules import UnitRule, threshold, warning

# Members of the day $2 in the unit $1 itself and in each branch below it. Who is in a dissolved cell still counts.
_BRANCHES: Final = f"""
    WITH RECURSIVE tree AS MATERIALIZED ({tree.ON_DAY.format(day="$2")}),
    branches (branch_id, unit_id) AS (
        SELECT $1::uuid, $1::uuid
        UNION
        SELECT CASE WHEN above.unit_id = $1 THEN below.unit_id ELSE above.branch_id END, below.unit_id
        FROM tree AS below JOIN branches AS above ON below.parent_id = above.unit_id
    ),
    strength AS (
        SELECT branch_id, count(member.id) AS members,
            count(member.id) FILTER (WHERE member.official_on <= $2) AS official
        FROM branches LEFT JOIN members AS member
            ON member.cell_id = branches.unit_id
            AND member.admitted_on <= $2 AND (member.left_on IS NULL OR member.left_on > $2)
        GROUP BY branch_id
    )
    SELECT unit.id, unit.code, tree.name, tree.type, strength.members, strength.official,
        unit.established_on <= $2 AND (unit.dissolved_on IS NULL OR unit.dissolved_on > $2) AS exists
    FROM strength
    JOIN organisations AS unit ON unit.id = strength.branch_id
    JOIN tree ON tree.unit_id = strength.branch_id
    ORDER BY unit.code
"""
_PATH: Final = f"""
    WITH RECURSIVE tree AS MATERIALIZED ({tree.ON_DAY.format(day="$2")}),
    path (unit_id, height) AS (
        SELECT parent_id, 1 FROM tree WHERE unit_id = $1
        UNION ALL
        SELECT above.parent_id, path.height + 1 FROM tree AS above JOIN path ON above.unit_id = path.unit_id
    )
    SELECT unit.code, tree.name, tree.type
    FROM path JOIN organisations AS unit ON unit.id = path.unit_id JOIN tree ON tree.unit_id = path.unit_id
    ORDER BY path.height DESC
"""

_EXAMPLE: Final[dict[str, Any]] = {
    "as_of": "2020-11-30",
    "unit": {
        "id": "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11",
        "code": "K.01.02",
        "parent_code": "K.01",
        "type": "subordinate_cell",
        "name": "Chi bộ Khoa Nội",
        "established_on": "1996-01-01",
        "dissolved_on": None,
        "version": 1,
    },
    "exists": True,
    "path": [
        {"code": "K", "name": "Đảng bộ Khối", "type": "bloc"},
        {"code": "K.01", "name": "Đảng bộ Bệnh viện tỉnh", "type": "grassroots_committee"},
    ],
    "members": {"total": 3, "official": 2, "probationary": 1},
    "children": [],
    "warnings": [
        {
            "rule": "cell-too-small",
            "threshold": thresholds.LEAST_OFFICIAL_MEMBERS.value,
            "message": warning(UnitRule.CELL_TOO_SMALL, members=3, official=2),
            "source": thresholds.LEAST_OFFICIAL_MEMBERS.source,
        }
    ],
}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class UnitOnPath(_Answer):
    """A unit as it was on the day."""

    code: str
    name: str
    type: OrganisationType


class Strength(_Answer):
    """How many members counted on the day in a unit and all below it."""

    total: int
    official: int
    probationary: int


class UnitWarning(_Answer):
    """A rule that speaks of a unit: it calls for a decision and refuses nothing."""

    rule: UnitRule
    threshold: int
    message: str
    """What it calls for, in Vietnamese."""
    source: str
    """The document that the rule is from."""


class UnitBelow(UnitOnPath):
    """A unit directly below, on the day."""

    members: Strength
    warnings: list[UnitWarning]


class UnitCard(_Answer):
    """A unit on a day."""

    model_config = ConfigDict(json_schema_extra=example(_EXAMPLE))

    as_of: date
    unit: answers.Organisation
    """With its name, type and parent of the day."""
    exists: bool
    """Whether it was established by the day, and not yet dissolved."""
    path: list[UnitOnPath]
    """From the root to the unit directly above; empty for a root."""
    members: Strength
    children: list[UnitBelow]
    """By code; a dissolved one only while members still count in it."""
    warnings: list[UnitWarning]
    """Of the rules on the number of members."""


def router(pool: Pool) -> APIRouter:
    """Return the route of the unit card."""
    routes = APIRouter(tags=["queries"])
    problems = problem_answers(unknown_organisation("K.99"), invalid_at("query.as_of"), unavailable())

    @routes.get("/organisations/{code:path}/card", response_model=UnitCard, responses=problems)
    async def card(code: UnitCode, as_of: AsOf = None) -> dict[str, Any]:
        """One unit on a day: the units above and below it, its members by standing, and what rules call for.

        Members are counted in the unit and all below it. Nothing here is of any one person.
        """
        day = as_of or today()
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            path = await connection.fetch(_PATH, unit.id, day)
            branches = await connection.fetch(_BRANCHES, unit.id, day)
        (own,) = (row for row in branches if row["id"] == unit.id)
        below = [row for row in branches if row["id"] != unit.id and (row["exists"] or row["members"])]
        members, official = (sum(row[column] for row in branches) for column in ("members", "official"))
        return {
            "as_of": day,
            "unit": organisation_json(unit, day),
            "exists": own["exists"],
            "path": [dict(row) for row in path],
            "members": _strength(members, official),
            "children": [_below_json(row) for row in below],
            "warnings": list(_warnings(own["type"], members, official)) if own["exists"] else [],
        }

    return routes


def _below_json(row: Mapping[str, Any]) -> dict[str, Any]:
    members, official = row["members"], row["official"]
    return {
        "code": row["code"],
        "name": row["name"],
        "type": row["type"],
        "members": _strength(members, official),
        "warnings": list(_warnings(row["type"], members, official)) if row["exists"] else [],
    }


def _strength(members: int, official: int) -> dict[str, int]:
    return {"total": members, "official": official, "probationary": members - official}


def _warnings(type_: str, members: int, official: int) -> Iterator[dict[str, Any]]:
    for rule in rules_of(OrganisationType(type_), members=members, official=official):
        least = threshold(rule)
        yield {
            "rule": rule,
            "threshold": least.value,
            "message": warning(rule, members=members, official=official),
            "source": least.source,
        }


def rules_of(type_: OrganisationType, *, members: int, official: int) -> list[UnitRule]:
    """Return the rules that speak of a unit with so many members, `official` of them official ones."""
    if type_.is_cell and official < threshold(UnitRule.CELL_TOO_SMALL).value:
        return [UnitRule.CELL_TOO_SMALL]
    if type_.is_cell and official >= threshold(UnitRule.CELL_COMMITTEE).value:
        return [UnitRule.CELL_COMMITTEE]
    if (
        type_ is OrganisationType.GRASSROOTS_COMMITTEE
        and members < threshold(UnitRule.COMMITTEE_TOO_SMALL).value
    ):
        return [UnitRule.COMMITTEE_TOO_SMALL]
    return []
