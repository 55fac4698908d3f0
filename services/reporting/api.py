"""The HTTP side of reporting: figures of a unit on a day, and the tree to look through.

Reads only; every answer says up to which event it is true (`up_to`).
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from chassis.openapi import example, problem_answers
from chassis.problems import Problem, unavailable
from chassis.resources import Resources
from chassis.vietnamese import nfc
from services.reporting import domain, statistics
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.domain import Dimension
from services.reporting.statistics import Unit

_VIETNAM: Final = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh: no summer time, and no tzdata needed
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


class Age(BaseModel):
    """Ages in completed years on the day."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    mean: float | None
    """To one decimal; None where there is nobody."""


class Statistics(BaseModel):
    """The figures of one unit with all below it, or of the whole register, on one day."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "unit": {"code": "K.01", "name": "Đảng bộ Sở Y tế", "type": "grassroots_committee"},
                "as_of": "2020-11-30",
                "known_at": None,
                "organisations": {
                    "grassroots_organisations": 1,
                    "grassroots_committees": 1,
                    "grassroots_cells": 0,
                    "subordinate_cells": 7,
                    "divisional_committees": 0,
                },
                "members": {
                    "total": 98,
                    "women": 51,
                    "ethnic_minority": 9,
                    "youth": 23,
                    "with_religion": 4,
                    "probationary": 6,
                    "official": 92,
                },
                "by": ["gender"],
                "groups": [{"gender": "female", "count": 51}, {"gender": "male", "count": 47}],
                "age": {"mean": 41.3},
                "up_to": {"chibo.membership.internal.v1": {"0": 4294971398, "5": 4294971399}},
            }
        ),
    )

    unit: Unit | None
    as_of: date
    known_at: datetime | None
    organisations: domain.Organisations
    members: domain.Members
    by: list[Dimension]
    groups: list[dict[str, str | bool | int]]
    """One row for each combination of values that somebody has, with its `count`."""
    age: Age
    up_to: dict[str, dict[str, int]]
    """Topic -> partition -> sequence of the last event counted."""


class Units(BaseModel):
    """Units that hang directly under one unit, or the roots."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "as_of": "2020-11-30",
                "units": [{"code": "K.01.02", "name": "Chi bộ Khoa Nội", "type": "subordinate_cell"}],
            }
        )
    )

    as_of: date
    units: list[Unit]


_Code = Annotated[
    str | None, Query(description="Code of a unit; left out: the whole register", examples=["K.01"])
]
_Parent = Annotated[
    str | None, Query(description="Code of the unit above; left out: the roots", examples=["K.01"])
]
_AsOf = Annotated[
    str | None,
    Query(description="Day, YYYY-MM-DD; today in Asia/Ho_Chi_Minh by default", examples=["2020-11-30"]),
]
_KnownAt = Annotated[
    str | None,
    Query(
        description="RFC 3339 instant: only what was recorded by then counts; now by default",
        examples=["2020-12-30T08:00:00Z"],
    ),
]
_By = Annotated[
    str | None,
    Query(
        description=f"Dimensions of the cross-table, comma-separated: {', '.join(Dimension)}",
        examples=["gender,age_band"],
    ),
]


def router(resources: Resources) -> APIRouter:
    """Return the routes of the reporting service."""
    routes = APIRouter(prefix="/v1", tags=["statistics"], responses=_REFUSALS)

    @routes.get("/statistics")
    async def figures(
        request: Request, unit: _Code = None, as_of: _AsOf = None, by: _By = None, known_at: _KnownAt = None
    ) -> Statistics:
        """Count units and members of a unit and all below it on a day, with a cross-table if asked for."""
        _only(request, "unit", "as_of", "by", "known_at")
        day, dimensions, instant = _day(as_of), _dimensions(by), _instant(known_at)
        answer = await statistics.statistics(
            resources.pool,
            consumer=MEMBERSHIP_FACTS.name,
            unit=None if unit is None else _code(unit),
            as_of=day,
            known_at=instant,
        )
        if answer is None:
            raise _unknown_unit(unit or "")
        return Statistics(
            unit=answer.unit,
            as_of=day,
            known_at=instant,
            organisations=domain.count_organisations(answer.units_by_type),
            members=domain.count_members(answer.groups),
            by=list(dimensions),
            groups=domain.tabulate(answer.groups, dimensions),
            age=Age(mean=domain.mean_age(answer.groups)),
            up_to=answer.up_to,
        )

    @routes.get("/units")
    async def units(request: Request, parent: _Parent = None, as_of: _AsOf = None) -> Units:
        """List the units directly under one, that exist on the day, by code."""
        _only(request, "parent", "as_of")
        day = _day(as_of)
        found = await statistics.units_below(
            resources.pool, parent=None if parent is None else _code(parent), as_of=day
        )
        if found is None:
            raise _unknown_unit(parent or "")
        return Units(as_of=day, units=found)

    return routes


def _only(request: Request, *names: str) -> None:
    """Refuse a parameter that is not known or comes twice: passed over, it would give the wrong figures."""
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in names:
            raise _wrong(
                name, f"Không có tham số “{name[:50]}”; dùng được: {', '.join(names)}.", allowed=names
            )
        if given.count(name) > 1:
            raise _wrong(name, f"Tham số “{name}” chỉ được nêu một lần.")


def _code(text: str) -> str:
    code = nfc(text)
    if not code or "\x00" in code:  # PostgreSQL has no NUL in text
        raise _unknown_unit(text)
    return code


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(_VIETNAM).date()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _not_a_day()


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _wrong(
        "known_at",
        "Thời điểm phải có ngày, giờ và múi giờ (RFC 3339), ví dụ 2020-12-30T08:00:00Z"
        " hoặc 2020-12-30T15:00:00%2B07:00 (dấu + trong địa chỉ phải viết là %2B).",
    )


def _dimensions(text: str | None) -> Sequence[Dimension]:
    names = [name.strip() for name in text.split(",")] if text else []
    for name in names:
        if name not in set(Dimension):
            raise _wrong(
                "by", f"Không phân tổ theo “{name[:50]}” được; dùng được: {', '.join(Dimension)}.",
                allowed=tuple(Dimension),
            )  # fmt: skip
        if names.count(name) > 1:
            raise _wrong("by", f"“{name}” chỉ được nêu một lần.")
    return [Dimension(name) for name in names]


def _wrong(parameter: str, detail: str, **extensions: Sequence[str]) -> Problem:
    return Problem(
        "invalid-parameter", 400, title="Tham số chưa đúng", title_en="Invalid parameter", detail=detail,
        parameter=parameter[:50], **extensions,
    )  # fmt: skip


def _unknown_unit(code: str) -> Problem:
    return Problem(
        "unknown-unit", 404, title="Không có tổ chức đảng này", title_en="Unknown unit",
        detail=f"Chưa biết tổ chức đảng nào có mã “{code[:50]}”.",
    )  # fmt: skip


def _not_a_day() -> Problem:
    return _wrong("as_of", "Ngày phải là một ngày có thật, viết theo dạng NĂM-THÁNG-NGÀY, ví dụ 2020-11-30.")


_REFUSALS: Final = problem_answers(_not_a_day(), _unknown_unit("K.99"), unavailable())
