"""What is asked of a reorganisation, what the register knows of it, and what comes of it. Values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from contracts.membership import DocumentRef, OrganisationType
from contracts.reorganisations import OrganisationsMerged, OrganisationSplit
from services.membership.domain import Decided, Organisation
from services.membership.faults import Fault
from services.membership.history import History
from services.membership.members import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A decision: from which day it holds, and what ordered it where the source states it."""

    effective_date: date
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOrganisations(Order):
    """Merge the units `sources` into the unit `target`, all given by their codes."""

    sources: tuple[str, ...]
    target: str
    establish: "NewUnit | None" = None
    """What the target is founded as by the same decision; None where it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit that a decision founds beside what else it does."""

    name: str
    type: OrganisationType
    parent_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A unit that is founded with some of what another one has."""

    code: str
    name: str
    members: tuple[str, ...] = ()
    """Codes of those who belong to it from its first day on; of a cell only."""
    units: tuple[str, ...] = ()
    """Codes of the units that hang under it from its first day on; of a committee only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOrganisation(Order):
    """Found `parts` of the type and in the place of the unit `source`, and end it if it does not go on."""

    source: str
    parts: tuple[Part, ...]
    goes_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeWithCells(Order):
    """Make the grassroots cell `unit` a committee, and found the cells below it in which its members are then.

    No cells where the members are in others already.
    """

    unit: str
    cells: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who belongs to one of the units on the day or later."""

    member: Member
    history: History


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the register has of all that a reorganisation concerns, held as it is."""

    units: Mapping[str, Organisation]
    """By code: those named, all that hang under them on some day, and all that any of these hangs under."""
    people: Sequence[Person] = ()
    """In the cells that end or are parted, on the day or later."""
    official: Mapping[UUID, int] = field(default_factory=dict)
    """Official members of each cell named, on the day before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorganised:
    """What was decided, in the order in which it is to be recorded."""

    unit: Organisation
    """The one that was asked to be reorganised, or merged into, as it is now."""
    units: tuple[Decided[Organisation], ...]
    members: tuple[Decided[Member], ...]
    whole: OrganisationsMerged | OrganisationSplit | None
    """None for an upgrade, which its own event tells."""
    warnings: tuple[Fault, ...]
