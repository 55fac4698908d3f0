"""What a visitor looks at in a cell: books, axes of comment and faults often met, read from dated data."""

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, StringConstraints, TypeAdapter

from contracts.findings import Severity

_Code = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Book(_Data):
    """A book or list that a cell keeps."""

    code: _Code
    label: str
    """In Vietnamese, as `label` of the others."""
    reconciled_every_months: PositiveInt | None = None
    """How often it is to be held against the superior's; None where that is not laid down."""


class Phase(StrEnum):
    """When in a meeting's course a step is taken."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Step(_Data):
    """One step of how a meeting is to go."""

    code: _Code
    label: str
    phase: Phase


class Axis(_Data):
    """One of the sides from which a meeting is commented on."""

    code: _Code
    label: str


class Limitation(_Data):
    """A fault that visitors often meet; a finding may name it, or be said in words only."""

    code: _Code
    label: str
    axis: _Code
    """The axis that it belongs to."""


class Checklist(_Data):
    """One version of what visitors look at."""

    in_force_from: Annotated[date, Field(alias="from")]
    source: str
    provisional: bool
    """Whether it stands in for a document that is not known."""
    remedy_days: Mapping[Severity, PositiveInt]
    """Days that a finding may take by its severity, where its visitors set no day."""
    books: Annotated[tuple[Book, ...], Field(min_length=1)]
    steps: tuple[Step, ...] = ()
    """Of how a meeting is to go, in their order."""
    axes: Annotated[tuple[Axis, ...], Field(min_length=1)]
    limitations: tuple[Limitation, ...]


class NoChecklistError(ValueError):
    """No checklist is known for a day: it lies before the first; `first` is that one's day."""

    def __init__(self, first: date) -> None:
        super().__init__(f"the first checklist is of {first}")
        self.first = first


_CHECKLISTS: Final = TypeAdapter(tuple[Checklist, ...])


@cache
def checklists() -> Sequence[Checklist]:
    """Return the versions that the service comes with, by their days."""
    text = files("services.inspection.data").joinpath("checklists.toml").read_text(encoding="utf-8")
    return parse_checklists(text)


def checklist_on(day: date) -> Checklist:
    """Return the version in force on a day. Raises NoChecklistError before the first."""
    versions = checklists()
    place = bisect_right([version.in_force_from for version in versions], day)
    if place == 0:
        raise NoChecklistError(versions[0].in_force_from)
    return versions[place - 1]


def parse_checklists(text: str) -> Sequence[Checklist]:
    """Return the versions in a TOML text.

    Raises ValueError where it is no TOML, something is missing, a code stands twice, a limitation has no axis of its
    version, or versions are not in the order of their days.
    """
    versions = _CHECKLISTS.validate_python(tomllib.loads(text)["checklist"])
    days = [version.in_force_from for version in versions]
    if not days or days != sorted(set(days)):
        raise ValueError(f"versions are not in the order of their days: {days}")
    for version in versions:
        for codes in (version.books, version.steps, version.axes, version.limitations):
            _check_once(one.code for one in codes)
        axes = {axis.code for axis in version.axes}
        for one in version.limitations:
            if one.axis not in axes:
                raise ValueError(f"{one.code} belongs to {one.axis}, which is no axis")
    return versions


def _check_once(codes: Iterable[str]) -> None:
    listed = list(codes)
    if len(set(listed)) < len(listed):
        raise ValueError(f"a code stands twice: {listed}")
