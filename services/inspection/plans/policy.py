"""By what a month is planned: limits that nobody may break and weights of what is weighed, read from dated data."""

import tomllib
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, TypeAdapter


class AreaRule(StrEnum):
    """Whether people go to cells outside the areas of their teams."""

    PREFERRED = "preferred"
    """They do where that is better on the whole."""
    OBLIGATORY = "obligatory"
    """They never do."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Weights(_Data):
    """What is weighed when a month is planned, in points."""

    visit: PositiveInt
    month: NonNegativeInt
    """For each month since the cell was last visited."""
    most_months: PositiveInt
    """So many of them count; for a cell that never was visited, all of these."""
    finding: NonNegativeInt
    """For each finding not closed, and again where it is overdue."""
    most_findings: PositiveInt
    poor: NonNegativeInt
    """For a cell whose last meeting was scored so."""
    average: NonNegativeInt
    area: NonNegativeInt
    """Where the cell is in the area of a team that the visitor sits in."""
    load: NonNegativeInt
    """Against each visit of a person beyond the first, or beyond what others made in the months before."""
    load_months: NonNegativeInt
    kind: NonNegativeInt
    """Against each visit that is missing to the least share of a kind of meeting, or of cell."""
    kind_percent: Annotated[int, Field(ge=0, le=50)]
    """That share."""


class Policy(_Data):
    """One version of how months are planned."""

    in_force_from: Annotated[date, Field(alias="from")]
    source: str
    visits_per_person: PositiveInt
    """In one month, where a plan does not ask for another number."""
    minutes: PositiveInt
    """How long a meeting takes."""
    minutes_combined: PositiveInt
    """How long a regular meeting with a thematic part takes."""
    travel_minutes: NonNegativeInt
    """Between the end of one meeting and the beginning of the next, elsewhere."""
    area: AreaRule
    weights: Weights


class NoPolicyError(ValueError):
    """No policy is known for a month: it lies before the first; `first` is that one's month."""

    def __init__(self, first: date) -> None:
        super().__init__(f"the first policy is of {first}")
        self.first = first


_POLICIES: Final = TypeAdapter(tuple[Policy, ...])


@cache
def policies() -> Sequence[Policy]:
    """Return the versions that the service comes with, by their months."""
    text = files("services.inspection.data").joinpath("planning.toml").read_text(encoding="utf-8")
    return parse_policies(text)


def policy_of(month: date) -> Policy:
    """Return the version by which a month, given by its first day, is planned. Raises NoPolicyError."""
    known = [version for version in policies() if version.in_force_from <= month]
    if not known:
        raise NoPolicyError(policies()[0].in_force_from)
    return known[-1]


def parse_policies(text: str) -> Sequence[Policy]:
    """Return the versions in a TOML text.

    Raises ValueError where it is no TOML, something is missing, or versions are not in the order of their months.
    """
    versions = _POLICIES.validate_python(tomllib.loads(text)["planning"])
    months = [version.in_force_from for version in versions]
    if not months or months != sorted(set(months)) or any(month.day != 1 for month in months):
        raise ValueError(f"versions are not in the order of their months: {months}")
    return versions
