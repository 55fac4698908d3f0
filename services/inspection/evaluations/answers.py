"""What the routes of evaluations answer, as their OpenAPI document has it."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ConfigDict

from chassis.faults import FaultsFound
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import unavailable
from chassis.refusals import refused
from contracts.findings import FindingState, Severity
from replicas.membership.problems import unknown_unit
from services.inspection.answers import Said
from services.inspection.evaluations.figures import Grain
from services.inspection.faults import CONFLICTS, Fault
from services.inspection.problems import unknown_team

_APART: Final[dict[str, Any]] = {"visits": 3, "mean": 2.5, "mean_absolute": 3.0}
TOO_MANY: Final = Fault("too-many-months", "to", {"most": 120})


class DistanceSaid(Said):
    """How far one score of a meeting is from another, over the visits whose meetings have both."""

    visits: int
    mean: float | None
    """Points: the first less the second. Null where no meeting has both."""
    mean_absolute: float | None


class Distances(Said):
    """Three scores of one meeting: the cell's own, the inspector's, the superior's."""

    self_from_inspector: DistanceSaid
    official_from_inspector: DistanceSaid
    self_from_official: DistanceSaid


class FindingsSaid(Said):
    """What became of findings."""

    opened: int
    closed: int
    overdue: int
    """At the end: their day is over and nothing was reported."""
    unsettled: int
    """At the end."""
    recurrent: int
    """Of those opened: the same limitation in the same cell as at an earlier visit."""


class EvaluationSaid(Said):
    """What the days of a span come to."""

    label: str
    """As 2020-06, 2020-Q2, 2020 or 2020-01/2020-06."""
    first: date
    last: date
    visits: int
    cells: int
    """Cells that exist on its last day: of the unit, of the team's area, or all."""
    visited: int
    """Those of them that were visited at least once in it."""
    percent: float | None
    """Of those cells, to one decimal; null where there are none."""
    axes: dict[str, float]
    """Mean grade by axis: good 4, fair 3, average 2, poor 1; to two decimals."""
    scores: Distances
    findings: FindingsSaid


class Evaluations(Said):
    """Visits and findings of a unit, a team, or all, by spans of time."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "unit_code": None,
                "team_code": "TCT-1",
                "by": "quarter",
                "items": [
                    {
                        "label": "2020-Q2",
                        "first": "2020-04-01",
                        "last": "2020-06-30",
                        "visits": 14,
                        "cells": 40,
                        "visited": 12,
                        "percent": 30.0,
                        "axes": {"content": 3.21, "chairing": 2.93},
                        "scores": {
                            "self_from_inspector": _APART,
                            "official_from_inspector": {"visits": 0, "mean": None, "mean_absolute": None},
                            "self_from_official": {"visits": 0, "mean": None, "mean_absolute": None},
                        },
                        "findings": {
                            "opened": 9, "closed": 5, "overdue": 2, "unsettled": 6, "recurrent": 1
                        },
                    }
                ],
            }
        ),
    )  # fmt: skip

    unit_code: str | None
    team_code: str | None
    by: Grain
    items: list[EvaluationSaid]


class LimitationSaid(Said):
    """What was found of one limitation, or of an axis in words only."""

    axis: str
    axis_label: str
    limitation: str | None
    label: str
    """In Vietnamese."""
    found: int
    cells: int
    recurrent: int
    serious: int
    unsettled: int
    """At the year's end, those of earlier years too."""


class UnsettledSaid(Said):
    """A finding that is work of the next year."""

    id: UUID
    cell_code: str
    cell_name: str
    found_on: date
    label: str
    severity: Severity
    state: FindingState


class Limitations(Said):
    """The list of limitations for the next year."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "year": 2020,
                "unit_code": None,
                "items": [
                    {
                        "axis": "chairing",
                        "axis_label": "Điều hành của người chủ trì",
                        "limitation": "verbosity",
                        "label": "Dài dòng",
                        "found": 12,
                        "cells": 11,
                        "recurrent": 2,
                        "serious": 0,
                        "unsettled": 1,
                    }
                ],
                "unsettled": [
                    {
                        "id": "01937b2e-5f00-7a10-8c00-000000000112",
                        "cell_code": "K.01.02",
                        "cell_name": "Chi bộ Phòng Tổng hợp",
                        "found_on": "2020-11-03",
                        "label": "Dài dòng",
                        "severity": "minor",
                        "state": "open",
                    }
                ],
            }
        ),
    )

    year: int
    unit_code: str | None
    items: list[LimitationSaid]
    """What is not settled first, then what was found most."""
    unsettled: list[UnsettledSaid]


def evaluations() -> dict[str, Any]:
    """Return what the decorator of the route says that evaluates."""
    return {
        "response_model": Evaluations,
        "responses": problem_answers(
            unknown_unit("K.99"),
            unknown_team("TCT-9"),
            refused(FaultsFound([TOO_MANY]), CONFLICTS),
            invalid_at("query.from"),
            unavailable(),
        ),
    }


def limitations() -> dict[str, Any]:
    """Return what the decorator of the route says that lists limitations."""
    return {
        "response_model": Limitations,
        "responses": problem_answers(unknown_unit("K.99"), invalid_at("query.year"), unavailable()),
    }
