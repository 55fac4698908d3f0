"""The card of a unit: where it stands in the tree of a day, how many members it has, and which rules speak of it.

Nothing on it is of any one person.
"""

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from chassis.database import Connection, Pool
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import unavailable
from contracts.membership import OrganisationType
from services.membership import answers, thresholds, tree
from services.membership.answers import UnitCode
from services.membership.paging import AsOf, reading, today
from services.membership.problems import unknown_organisation
from services.membership.queries import organisation_json, organisation_of
from services.membership.strength import CountedUnit, counted_units
from services.membership.unit_rules import UnitRule, threshold, warning

_PATH: Final = f"""
    WITH RECURSIVE tree AS MATERIALIZED ({tree.ON_DAY.format(day="$2")}),
    path (unit_id, height) AS (
        SELECT $1::uuid, 0
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
            path = await path_to(connection, unit.id, day)
            units = await counted_units(connection, unit.id, day)
        own = units[unit.id]
        children = [
            child for child in units.values() if child.parent_id == own.id and (child.exists or child.members)
        ]
        return {
            "as_of": day,
            "unit": organisation_json(unit, day),
            "exists": own.exists,
            "path": path,
            "members": _strength(own),
            "children": [_below_json(child) for child in children],
            "warnings": [_warning_json(own, rule) for rule in own.rules],
        }

    return routes


async def path_to(
    connection: Connection, unit: UUID, day: date, *, itself: bool = False
) -> list[dict[str, Any]]:
    """Return the units above a unit on a day, from the root down, as UnitOnPath; with `itself` the unit too, last."""
    path = [dict(row) for row in await connection.fetch(_PATH, unit, day)]
    return path if itself else path[:-1]


def _below_json(unit: CountedUnit) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "type": unit.type,
        "members": _strength(unit),
        "warnings": [_warning_json(unit, rule) for rule in unit.rules],
    }


def _strength(unit: CountedUnit) -> dict[str, int]:
    return {
        "total": unit.members,
        "official": unit.official,
        "probationary": unit.members - unit.official,
    }


def _warning_json(unit: CountedUnit, rule: UnitRule) -> dict[str, Any]:
    least = threshold(rule)
    return {
        "rule": rule,
        "threshold": least.value,
        "message": warning(rule, members=unit.members, official=unit.official),
        "source": least.source,
    }
