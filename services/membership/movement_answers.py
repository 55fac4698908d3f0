"""What the register of movements answers, as its OpenAPI document has it; the people in the examples are made up."""

from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from chassis.openapi import example
from chassis.problems import Problem
from contracts.membership import Standing


class Direction(StrEnum):
    """Whether somebody came into a unit or went out of it."""

    IN = "in"
    OUT = "out"


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Movement(_Answer):
    """Somebody who came into the unit, or went out of it."""

    day: date
    """The first day on which they count there, or no more."""
    direction: Direction
    cause: str
    """A `Cause` of the events, or `unit_moved_in` and `unit_moved_out` where their cell came or went with them."""
    code: str
    full_name: str
    cell_code: str
    """The cell that they came to, or were in."""
    standing: Standing


_MOVEMENT: Final[dict[str, Any]] = {
    "day": "2020-06-01",
    "direction": "in",
    "cause": "transfer",
    "code": "ĐV-000123",
    "full_name": "Lê Thị Hoa",
    "cell_code": "K.01.02",
    "standing": "official",
}


class MovementPage(_Answer):
    """The movements of a unit in a period, by day; `opening` + all `came` - all `went` = `closing`."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "unit": "K.01",
                "from": "2020-01-01",
                "to": "2020-06-30",
                "opening": 97,
                "came": {"transfer": 2},
                "went": {"died": 1},
                "closing": 98,
                "items": [_MOVEMENT],
                "next": None,
            }
        ),
    )

    unit: str
    from_: date = Field(alias="from")
    to: date
    opening: int
    """Members on the eve of the first day."""
    came: dict[str, int]
    """By cause, of the whole period whatever the page."""
    went: dict[str, int]
    closing: int
    """Members on the last day."""
    items: list[Movement]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


def not_a_period() -> Problem:
    """Return the problem of a period that ends before it begins, or reaches the end of all dates."""
    return Problem(
        "not-a-period",
        422,
        title="Kỳ báo cáo chưa đúng",
        title_en="Not a period",
        detail="Ngày cuối kỳ (to) phải từ ngày đầu kỳ (from) trở đi. Hãy kiểm tra hai ngày.",
    )
