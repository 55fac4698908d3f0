"""What the routes of months owed answer, as their OpenAPI document has it."""

from typing import Any, Final

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from chassis.cursors import invalid_cursor
from chassis.faults import FaultsFound
from chassis.idempotency import key_invalid
from chassis.openapi import (
    NOT_MODIFIED,
    example,
    invalid_at,
    problem_answers,
    resource_answer,
    unreadable_body,
)
from chassis.preconditions import (
    documented_if_match,
    documented_if_none_match,
    invalid_if_match,
    precondition_failed,
)
from chassis.problems import unavailable
from chassis.refusals import refused
from replicas.membership.problems import unknown_unit
from services.meetings.faults import CONFLICTS, Fault
from services.meetings.months.domain import MonthStatus

_LONG: Final = Fault("too-many-months", "to", {"most": 36})


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Figures(_Answer):
    """How many months are owed, and what became of them: due is the sum of the others."""

    due: int
    held: int
    postponed: int
    """Put off with a reason, its new time not over."""
    excused: int
    """An order interrupted the cell's meetings."""
    missed: int
    open: int
    """Not over yet."""


class Month(_Answer):
    """A month that a cell owes, and what became of it."""

    month: str
    status: MonthStatus


class CellMonths(Figures):
    """What became of the months that a cell owes."""

    cell_code: str
    months: list[Month]


_FIGURES: Final[dict[str, Any]] = {"due": 4, "held": 2, "postponed": 0, "excused": 1, "missed": 1, "open": 0}


class UnitMonths(_Answer):
    """What became of the months that the cells of a unit owe."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "unit_code": "K.01",
                "from_month": "2020-01",
                "to_month": "2020-04",
                "watched_from": "2019-01",
                "totals": _FIGURES,
                "by_month": [_FIGURES | {"month": "2020-01", "due": 1, "held": 1, "excused": 0, "missed": 0}],
                "items": [
                    _FIGURES
                    | {
                        "cell_code": "K.01.02",
                        "months": [
                            {"month": "2020-01", "status": "held"},
                            {"month": "2020-02", "status": "missed"},
                            {"month": "2020-03", "status": "held"},
                            {"month": "2020-04", "status": "excused"},
                        ],
                    }
                ],
                "next": None,
            }
        ),
    )

    unit_code: str
    from_month: str
    to_month: str
    watched_from: str | None
    """The month in which the record of meetings begins: those before it are not owed. None where it is not set, and
    no month is told as missed."""
    totals: Figures
    """Of all cells, not of this page's."""
    by_month: list["FiguresOfMonth"]
    items: list[CellMonths]
    """By the codes of the cells."""
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class FiguresOfMonth(Figures):
    """The figures of one month, of all cells."""

    month: str


class Watch(_Answer):
    """From which month on months without a meeting are looked for."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"from_month": "2019-01", "version": 1})
    )

    from_month: str | None
    """None where they are not."""
    version: int


def months() -> dict[str, Any]:
    """Return what the decorator of the route says that reads months."""
    return {
        "response_model": UnitMonths,
        "responses": problem_answers(
            invalid_cursor(),
            unknown_unit("K.99"),
            refused(FaultsFound([_LONG]), CONFLICTS),
            invalid_at("query.limit"),
            unavailable(),
        ),
    }


def watched() -> dict[str, Any]:
    """Return what the decorator of the route says that sets the watch: it heeds `If-Match`."""
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(200, Watch, "Done; its event is recorded for good"),
            **problem_answers(key_invalid(), invalid_if_match(), unreadable_body(), precondition_failed(3)),
        },
    }


def watch() -> dict[str, Any]:
    """Return what the decorator of the route says that reads the watch."""
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "response_model": None,
        "responses": {
            **resource_answer(200, Watch, "As it is now; version 0 where it is not set"),
            **NOT_MODIFIED,
            **problem_answers(unavailable()),
        },
    }
