"""The HTTP side of figures: one question for any unit and period."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from chassis.database import Pool
from chassis.faults import FaultsFound
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import unavailable
from chassis.refusals import refused
from contracts.meetings import MeetingKind, MeetingStatus
from replicas.membership.problems import unknown_unit
from services.meetings.attendance import rate
from services.meetings.faults import CONFLICTS, Fault
from services.meetings.figures.store import Figures, figures_of
from services.meetings.months.domain import MonthStatus
from services.meetings.periods import MOST_MONTHS, FirstMonth, LastMonth, period
from services.meetings.queries import reading
from services.meetings.tree import Units

_Unit = Annotated[
    str | None, Query(description="Code of a unit, with all below it; all cells by default", max_length=300)
]


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class MonthsOwed(_Answer):
    """Months in which a cell owes a regular meeting, by what became of them; `due` is their sum."""

    due: int
    held: int
    postponed: int
    excused: int
    missed: int
    open: int


class MeetingsByKind(_Answer):
    """Meetings of one status, by their kind."""

    regular: int
    thematic: int
    extraordinary: int


class ThematicQuarter(_Answer):
    """Cells that owe a thematic meeting in a quarter, and those of them that held one, alone or combined."""

    quarter: str
    due: int
    held: int


class AttendanceSum(_Answer):
    """How many were to come to all meetings held, and came."""

    counted: int
    present: int
    excused: int
    unexcused: int
    percent: float | None
    """Of those counted, to one decimal; None where nobody was to come."""


class MeetingFigures(_Answer):
    """How often the cells of a unit met in a period, how well, and what they did."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "unit_code": "K.01",
                "from_month": "2020-04",
                "to_month": "2020-06",
                "months": {"due": 21, "held": 14, "postponed": 6, "excused": 0, "missed": 1, "open": 0},
                "held": {"regular": 14, "thematic": 2, "extraordinary": 1},
                "put_off": {"regular": 6, "thematic": 0, "extraordinary": 0},
                "called_off": {"regular": 0, "thematic": 0, "extraordinary": 0},
                "thematic": [{"quarter": "2020-Q2", "due": 7, "held": 6}],
                "attendance": {
                    "counted": 187, "present": 172, "excused": 12, "unexcused": 3, "percent": 92.0
                },
                "opinions": 96,
                "tasks": 61,
                "tasks_on_time": 52,
            }
        ),
    )  # fmt: skip

    unit_code: str | None
    from_month: str
    to_month: str
    months: MonthsOwed
    held: MeetingsByKind
    put_off: MeetingsByKind
    """Postponed, and not held since."""
    called_off: MeetingsByKind
    thematic: list[ThematicQuarter]
    """Quarters that lie wholly in the period."""
    attendance: AttendanceSum
    opinions: int
    tasks: int
    """Due in the period."""
    tasks_on_time: int


_TOO_MANY: Final = Fault("too-many-months", "to", {"most": MOST_MONTHS})


def router(pool: Pool) -> APIRouter:
    """Return the route of figures."""
    routes = APIRouter(tags=["queries"])

    @routes.get(
        "/figures",
        response_model=MeetingFigures,
        responses=problem_answers(
            unknown_unit("K.99"),
            refused(FaultsFound([_TOO_MANY]), CONFLICTS),
            invalid_at("query.from"),
            unavailable(),
        ),
    )
    async def figures(first: FirstMonth, last: LastMonth, unit: _Unit = None) -> dict[str, Any]:
        """How often the cells of a unit met, how well, and what they did, by the months that meetings count for."""
        try:
            asked = period(first, last)
        except FaultsFound as found:
            raise refused(found, CONFLICTS) from None
        async with reading(pool) as connection:
            units = await Units.read(connection)
            id_ = None if unit is None else units.of_code(unit)
            summed = await figures_of(connection, units, id_, asked, now=datetime.now(UTC))
        code = None if id_ is None else units.codes[id_]
        return {"unit_code": code, "from_month": first, "to_month": last, **_json(summed)}

    return routes


def _json(figures: Figures) -> dict[str, Any]:
    came = rate(figures.attendance)
    return {
        "months": {
            "due": sum(figures.months.values()),
            **{status.value: figures.months.get(status, 0) for status in MonthStatus},
        },
        "held": _by_kind(figures, MeetingStatus.HELD),
        "put_off": _by_kind(figures, MeetingStatus.POSTPONED),
        "called_off": _by_kind(figures, MeetingStatus.CANCELLED),
        "thematic": [
            {
                "quarter": f"{one.quarter.year:04}-Q{one.quarter.number}",
                "due": one.due,
                "held": one.held,
            }
            for one in figures.thematic
        ],
        "attendance": figures.attendance.model_dump()
        | {"percent": None if came is None else round(float(came) * 100, 1)},
        "opinions": figures.opinions,
        "tasks": figures.tasks,
        "tasks_on_time": figures.tasks_on_time,
    }


def _by_kind(figures: Figures, status: MeetingStatus) -> dict[str, int]:
    return {kind.value: figures.meetings.get((kind, status.value), 0) for kind in MeetingKind}
