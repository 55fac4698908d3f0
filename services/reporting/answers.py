"""What reporting answers, with an example of each."""

from datetime import date, datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from chassis.openapi import example
from services.reporting import domain, movement
from services.reporting.domain import Dimension
from services.reporting.tree import Unit


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
                "true_at": "2020-12-30T08:00:00.123456Z",
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
    true_at: datetime
    """The instant at which this was so: these events, and none after, were counted."""


class Units(BaseModel):
    """Units that hang directly under one unit, or the roots."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "as_of": "2020-11-30",
                "units": [{"code": "K.01.02", "name": "Chi bộ Khoa Nội", "type": "subordinate_cell"}],
                "up_to": {"chibo.membership.internal.v1": {"0": 4294971398, "5": 4294971399}},
                "true_at": "2020-12-30T08:00:00.123456Z",
            }
        ),
    )

    as_of: date
    units: list[Unit]
    up_to: dict[str, dict[str, int]]
    """Topic -> partition -> sequence of the last event counted."""
    true_at: datetime
    """The instant at which this was so: these events, and none after, were counted."""


class Movement(BaseModel):
    """How the number of members became another in a period: opening + in - out = closing."""

    model_config = ConfigDict(use_attribute_docstrings=True, serialize_by_alias=True, validate_by_name=True)

    opening: int
    """Members at the end of the day before the first."""
    came: movement.Came = Field(alias="in")
    went: movement.Went = Field(alias="out")
    within: dict[str, int]
    """Steps that lead neither in nor out, by reason: confirmations, moves from cell to cell, changes of profile."""
    closing: int
    """Members on the last day."""


class UnitMovement(Movement):
    """The movement of a unit directly below, in the days on which it hung there."""

    unit: Unit


_IN_AND_OUT: Final[dict[str, JsonValue]] = {
    "in": {
        "total": 5,
        "by_reason": {
            "admitted": 3, "received": 1, "restored": 0, "transfer": 1, "merger": 0, "split": 0, "upgrade": 0,
            "unit_moved_in": 0,
        },
    },
    "out": {
        "total": 3,
        "by_reason": {
            "died": 1, "expelled": 0, "removed": 1, "resigned": 0, "transferred_out": 0, "unstated": 0,
            "transfer": 1, "merger": 0, "split": 0, "upgrade": 0, "unit_moved_out": 0,
        },
        "removed_on_probation": 1,
    },
    "within": {"confirmed": 2, "transfer": 0, "merger": 0, "split": 0, "upgrade": 0, "profile": 1},
}  # fmt: skip


class MovementAnswer(Movement):
    """The movement of one unit with all below it, or of the whole register, from the first day to the last."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "unit": {"code": "K.01", "name": "Đảng bộ Sở Y tế", "type": "grassroots_committee"},
                "from": "2020-01-01",
                "to": "2020-11-30",
                "known_at": None,
                "opening": 96,
                **_IN_AND_OUT,
                "closing": 98,
                "by": "unit",
                "units": [
                    {
                        "unit": {"code": "K.01.02", "name": "Chi bộ Khoa Nội", "type": "subordinate_cell"},
                        "opening": 96,
                        **_IN_AND_OUT,
                        "closing": 98,
                    }
                ],
                "up_to": {"chibo.membership.internal.v1": {"0": 4294971398, "5": 4294971399}},
                "true_at": "2020-12-30T08:00:00.123456Z",
            }
        ),
    )

    unit: Unit | None
    from_: date = Field(alias="from")
    to: date
    known_at: datetime | None
    by: Literal["unit"] | None
    units: list[UnitMovement]
    """If asked for, a row for each unit directly below in which there was somebody, and one for members who belong to
    the unit itself. Openings and closings add up to the whole; a move from row to row is out of one and into another.
    """
    up_to: dict[str, dict[str, int]]
    """Topic -> partition -> sequence of the last event counted."""
    true_at: datetime
    """The instant at which this was so: these events, and none after, were counted."""
