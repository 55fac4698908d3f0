"""Internal events of the inspection service: the life of what visitors found lacking in a cell, until it is mended.

It is support, not discipline: no event here says anything of a member's standing. What is lacking, and how it was
mended, in words stays in the service's database. Each event has the finding as it was and as it is, so that whoever
counts findings needs no look-up: open ones, overdue ones, and those that came again.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final
from uuid import UUID

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.positions import Position


class Severity(StrEnum):
    """How much a finding weighs."""

    MINOR = "minor"
    """Nhẹ."""
    MODERATE = "moderate"
    """Vừa."""
    SERIOUS = "serious"
    """Nghiêm trọng."""


class FindingState(StrEnum):
    """How far the remedy of a finding is (DOMAIN: a finding's life)."""

    OPEN = "open"
    """Nobody remedies it yet, or what was done was not enough."""
    REMEDYING = "remedying"
    """Being remedied."""
    REPORTED = "reported"
    """The cell says that it is mended, with evidence; nobody confirmed that yet."""
    CLOSED = "closed"
    """Confirmed as mended."""


UNSETTLED: Final = frozenset({FindingState.OPEN, FindingState.REMEDYING, FindingState.REPORTED})
"""States in which a finding is still to be settled."""


class Owner(Value):
    """Who is to remedy a finding: whoever holds a position in a unit, or a member by their opaque id."""

    unit_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    position: Annotated[Position | None, PSEUDONYMOUS] = None
    """In that unit; None for the unit as a whole."""
    member_id: Annotated[UUID | None, PSEUDONYMOUS] = None


class FindingFacts(Value):
    """A finding as it is."""

    cell_id: Annotated[UUID, PUBLIC]
    visit_id: Annotated[UUID, PUBLIC]
    """At which visit it was found."""
    found_on: Annotated[date, PUBLIC]
    """The day of that visit."""
    axis: Annotated[str, PUBLIC]
    """As the checklist of the visit calls it."""
    limitation: Annotated[str | None, PUBLIC] = None
    """Which of the checklist's limitations it is; None where it is said in words only."""
    severity: Annotated[Severity, PUBLIC]
    owner: Annotated[Owner, PSEUDONYMOUS]
    due_on: Annotated[date, PUBLIC]
    """The last day on which it is to be reported as mended."""
    state: Annotated[FindingState, PUBLIC]
    overdue: Annotated[bool, PUBLIC] = False
    """Whether its day went by, nothing is reported to this hour, and that was told."""
    reopened: Annotated[int, PUBLIC] = 0
    """How often what was reported was not enough."""
    recurrence_of: Annotated[UUID | None, PUBLIC] = None
    """The last finding before it of the same limitation in the same cell; None where this is the first."""
    carried_into: Annotated[int | None, PUBLIC] = None
    """The year into whose plan it was carried over last."""


class FindingOpened(Event):
    """Visitors found something lacking in a cell."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.finding-opened.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[FindingFacts, PUBLIC]


class FindingRemedyBegun(Event):
    """Its owner began to remedy a finding."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.finding-remedy-begun.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[FindingFacts, PUBLIC]
    after: Annotated[FindingFacts, PUBLIC]


class FindingRemedyReported(Event):
    """Its owner reported a finding as mended, with evidence."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.finding-remedy-reported.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[FindingFacts, PUBLIC]
    after: Annotated[FindingFacts, PUBLIC]


class FindingClosed(Event):
    """Whoever follows the cell confirmed that a finding is mended."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.finding-closed.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[FindingFacts, PUBLIC]
    after: Annotated[FindingFacts, PUBLIC]


class FindingReopened(Event):
    """What was reported of a finding, or even confirmed, was not enough; it has a new day."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.finding-reopened.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[FindingFacts, PUBLIC]
    after: Annotated[FindingFacts, PUBLIC]


class FindingOverdue(Event):
    """The day of a finding went by and nothing was reported: told once, on the day after it, to whoever is above."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.finding-overdue.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[FindingFacts, PUBLIC]
    after: Annotated[FindingFacts, PUBLIC]
    escalated_to: Annotated[UUID | None, PUBLIC] = None
    """The unit above the cell on that day; None where none is known."""


class FindingCarriedOver(Event):
    """A finding that was not settled in its year is work of the next year's plan."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.finding-carried-over.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[FindingFacts, PUBLIC]
    after: Annotated[FindingFacts, PUBLIC]


class FindingStep(Value):
    """A finding changes on a day: one step of its life; `before` is None for the first."""

    effective_date: Annotated[date, PUBLIC]
    before: Annotated[FindingFacts | None, PUBLIC]
    after: Annotated[FindingFacts | None, PUBLIC]


class FindingRestated(Event):
    """What was said of a finding was wrong, or an earlier one became known; `after` is None where it never was.

    `effective_date` is the first day that counts otherwise than before. What was wrong was so in each step of its
    life: a sum of signed deltas is restated by taking back the steps that are no longer true and adding those that
    now are. Where there are none of either, this is one step more.
    """

    TYPE: ClassVar[str] = "vn.chibo.inspection.finding-restated.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PUBLIC]
    before: Annotated[FindingFacts, PUBLIC]
    after: Annotated[FindingFacts | None, PUBLIC]
    retracted: Annotated[tuple[FindingStep, ...], PUBLIC] = ()
    """The last steps of its life so far, from the first on that is otherwise."""
    stated: Annotated[tuple[FindingStep, ...], PUBLIC] = ()
    """The same steps as they were in truth; a step that changed nothing in truth is none."""


FindingEvent = (
    FindingOpened
    | FindingRemedyBegun
    | FindingRemedyReported
    | FindingClosed
    | FindingReopened
    | FindingOverdue
    | FindingCarriedOver
    | FindingRestated
)

EVENTS: tuple[type[Event], ...] = (
    FindingOpened,
    FindingRemedyBegun,
    FindingRemedyReported,
    FindingClosed,
    FindingReopened,
    FindingOverdue,
    FindingCarriedOver,
    FindingRestated,
)
