"""The HTTP side of absences: one list."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from chassis.database import Pool
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import unavailable
from replicas.membership.problems import unknown_unit
from replicas.membership.unit_names import NAMELESS, names_on
from services.meetings.absences.store import failing_in
from services.meetings.reads import Actor, note_read, reading
from services.meetings.tree import Units

_Year = Annotated[
    int, Query(ge=1930, le=2200, description="Calendar year of the months that meetings count for")
]
_Unit = Annotated[
    str | None, Query(description="A unit with all below it; all cells by default", max_length=300)
]


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class FailingMember(_Answer):
    """Somebody whose absences failed the attendance criterion of their cell."""

    cell_code: str
    cell_name: str
    member_id: UUID
    unexcused: int
    """How often they were away without a reason in the year."""
    longest_run: int
    """Of excused absences, one after the other."""
    meeting_ids: list[UUID]
    """The meetings at which it failed."""


class FailingMembers(_Answer):
    """All of a year, by cell."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "year": 2020,
                "items": [
                    {
                        "cell_code": "K.01.02",
                        "cell_name": "Chi bộ Văn phòng",
                        "member_id": "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10",
                        "unexcused": 1,
                        "longest_run": 2,
                        "meeting_ids": ["0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11"],
                    }
                ],
            }
        ),
    )

    year: int
    items: list[FailingMember]


def router(pool: Pool) -> APIRouter:
    """Return the route of absences."""
    routes = APIRouter(tags=["queries"])

    @routes.get(
        "/lists/absences",
        response_model=FailingMembers,
        responses=problem_answers(unknown_unit("K.99"), invalid_at("query.year"), unavailable()),
    )
    async def absences(year: _Year, unit: _Unit = None, actor: Actor = "unknown") -> dict[str, Any]:
        """Who was away without a reason, or excused too often running, by the guidance of each day. Noted."""
        day = date(year, 12, 31)
        async with reading(pool) as connection:
            units = await Units.read(connection)
            cells = set(units.cells()) if unit is None else units.below([units.of_code(unit)], day)
            found = await failing_in(connection, cells, year)
            names = await names_on(connection, {cell for cell, _ in found}, day)
            await note_read(connection, actor, f"lists/absences/{year}", len(found))
        rows = [(names.get(cell, NAMELESS), member, one) for (cell, member), one in found.items()]
        return {
            "year": year,
            "items": [
                {
                    "cell_code": named.code,
                    "cell_name": named.name,
                    "member_id": member,
                    "unexcused": one.unexcused,
                    "longest_run": one.longest_run,
                    "meeting_ids": list(one.at),
                }
                for named, member, one in sorted(rows, key=lambda row: (row[0].code, row[1]))
            ],
        }

    return routes
