"""How a unit begins and ends: pure functions from a state and a command to an event, as all decisions are.

Each `decide` function returns a `Decided`: the event and the state after it. It raises DomainError with every
rule that the command breaks. Single commands and import rows go through the same functions. What is unusual
but possible is no error: `organisation_warnings` names it. The members' rules are in `members`.

A unit exists on a day D if established_on <= D < dissolved_on (DESIGN: Input files).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Generic, TypeVar
from uuid import UUID

from contracts.membership import (
    DocumentRef,
    MembershipEvent,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationState,
    OrganisationType,
    Step,
)
from contracts.spells import Spell
from services.membership import thresholds
from services.membership.faults import Fault, FaultsFound, shown

TYPE_LABELS: Final[Mapping[OrganisationType, str]] = {
    OrganisationType.BLOC: "Đảng bộ Khối",
    OrganisationType.GRASSROOTS_COMMITTEE: "đảng bộ cơ sở",
    OrganisationType.DIVISIONAL_COMMITTEE: "đảng bộ bộ phận",
    OrganisationType.GRASSROOTS_CELL: "chi bộ cơ sở",
    OrganisationType.SUBORDINATE_CELL: "chi bộ trực thuộc",
}

PARENT_TYPES: Final[Mapping[OrganisationType, tuple[OrganisationType, ...]]] = {
    OrganisationType.BLOC: (),
    OrganisationType.GRASSROOTS_COMMITTEE: (OrganisationType.BLOC,),
    OrganisationType.GRASSROOTS_CELL: (OrganisationType.BLOC,),
    OrganisationType.DIVISIONAL_COMMITTEE: (OrganisationType.GRASSROOTS_COMMITTEE,),
    OrganisationType.SUBORDINATE_CELL: (
        OrganisationType.GRASSROOTS_COMMITTEE,
        OrganisationType.DIVISIONAL_COMMITTEE,
    ),
}
"""Which types a unit may hang under; none for a root (DOMAIN: who is in it)."""


class DomainError(FaultsFound):
    """A command breaks rules; `faults` names each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedState:
    """What a unit is called, what it is and where it hangs, from a day on."""

    since: date
    name: str
    type: OrganisationType
    parent_id: UUID | None
    parent_code: str | None

    @property
    def counted(self) -> OrganisationState:
        """What events say of it."""
        return OrganisationState(type=self.type, parent_id=self.parent_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A unit of the tree, as the last of its dated changes leaves it; `version` counts its events."""

    id: UUID
    code: str
    name: str
    type: OrganisationType
    parent_id: UUID | None
    parent_code: str | None
    established_on: date
    dissolved_on: date | None = None
    version: int = 1
    changed: tuple[DatedState, ...] = ()
    """All its states by their days, the last of them being its own; empty where it never changed."""

    @property
    def states(self) -> tuple[DatedState, ...]:
        """What it was from its establishment on, by their days."""
        return self.changed or (
            DatedState(
                since=self.established_on,
                name=self.name,
                type=self.type,
                parent_id=self.parent_id,
                parent_code=self.parent_code,
            ),
        )

    def on(self, day: date) -> DatedState:
        """Return what it was on a day; what it was founded as before its time, and what it ended as after it."""
        first, *later = self.states
        return next((state for state in reversed(later) if state.since <= day), first)

    def states_from(self, day: date) -> tuple[DatedState, ...]:
        """Return what it was on a day and what it became after it."""
        there = self.on(day)
        return there, *(state for state in self.states if state.since > max(there.since, day))

    @property
    def counted(self) -> OrganisationState:
        """What events say of it."""
        return OrganisationState(type=self.type, parent_id=self.parent_id)


_State = TypeVar("_State")


@dataclass(frozen=True, slots=True)
class Decided(Generic[_State]):
    """An event that now happened, and the state it leaves behind; `state.version` is the event's version."""

    state: _State
    event: MembershipEvent
    steps: tuple[Step, ...] = ()
    """All that a member counted as, by its days; empty where the event is but the next step."""
    spells: tuple[Spell, ...] | None = None
    """All that held of a member beside, by its days; None where nothing of it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishOrganisation:
    """Found a unit from `established_on` on."""

    code: str
    parent_code: str | None
    type: OrganisationType
    name: str
    established_on: date
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DissolveOrganisation:
    """End a unit: on `dissolved_on` it exists no more."""

    dissolved_on: date
    decision_date: date | None = None
    document: DocumentRef | None = None


def clean(text: str) -> str:
    """Return text in NFC with single spaces and none around it: one form for what looks the same."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    return " ".join(unicodedata.normalize("NFC", text).split())


def decide_establishment(
    command: EstablishOrganisation, *, parent: Organisation | None, new_id: UUID
) -> Decided[Organisation]:
    """Return the founding of a unit under `parent`: the unit that has the command's parent code, if any."""
    faults = [
        *code_faults("code", command.code),
        *name_faults("name", command.name),
        *_parent_faults(command, parent),
    ]
    if faults:
        raise DomainError(faults)
    state = Organisation(
        id=new_id,
        code=command.code,
        name=command.name,
        type=command.type,
        parent_id=parent.id if parent else None,
        parent_code=parent.code if parent else None,
        established_on=command.established_on,
    )
    event = OrganisationEstablished(
        effective_date=command.established_on,
        decision_date=command.decision_date,
        organisation_id=new_id,
        code=state.code,
        name=state.name,
        after=state.counted,
        document=command.document,
    )
    return Decided(state, event)


def decide_dissolution(organisation: Organisation, command: DissolveOrganisation) -> Decided[Organisation]:
    """Return the end of a unit, after its beginning and only once."""
    if organisation.dissolved_on:
        known = {"dissolved_on": organisation.dissolved_on}
        raise DomainError([Fault("already-dissolved", "dissolved_on", known)])
    if command.dissolved_on <= organisation.established_on:
        dates = {"dissolved_on": command.dissolved_on, "established_on": organisation.established_on}
        raise DomainError([Fault("dissolved-before-established", "dissolved_on", dates)])
    last = organisation.states[-1].since
    if command.dissolved_on <= last:
        changed = {"dissolved_on": command.dissolved_on, "changed_on": last}
        raise DomainError([Fault("changed-after-dissolution", "dissolved_on", changed)])
    state = replace(organisation, dissolved_on=command.dissolved_on, version=organisation.version + 1)
    event = OrganisationDissolved(
        effective_date=command.dissolved_on,
        decision_date=command.decision_date,
        organisation_id=organisation.id,
        before=organisation.counted,
        document=command.document,
    )
    return Decided(state, event)


def organisation_warnings(organisation: Organisation, parent: Organisation | None) -> list[Fault]:
    """Return what is unusual, yet possible, about a unit."""
    if parent is None or organisation.established_on >= parent.established_on:
        return []
    dates = {
        "established_on": organisation.established_on,
        "parent_established_on": parent.established_on,
    }
    return [Fault("established-before-parent", "established_on", dates)]


def absent_cell(cell: Organisation, day: date, column: str) -> list[Fault]:
    """Return why nobody comes to a cell on a day: it is not there yet, or no more.

    `column` holds the day. In `admitted_on` it is that of an admission; everywhere else of a move or a way back.
    """
    admitted = column == "admitted_on"
    facts = {"value": cell.code, "admitted_on" if admitted else "day": day}
    if day < cell.established_on:
        code = "admitted-before-cell" if admitted else "came-before-cell"
        return [Fault(code, column, facts | {"established_on": cell.established_on})]
    if cell.dissolved_on and day >= cell.dissolved_on:
        code = "admitted-after-cell" if admitted else "came-after-cell"
        return [Fault(code, column, facts | {"dissolved_on": cell.dissolved_on})]
    return []


def full_months(start: date, end: date) -> int:
    """Return the whole months from `start` to `end`; one that starts on the 31st is full on a month's last day."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day >= start.day or _is_last_of_month(end):
        return months
    return months - 1


def _is_last_of_month(day: date) -> bool:
    return day == date.max or date.fromordinal(day.toordinal() + 1).month != day.month


def code_faults(column: str, code: str) -> list[Fault]:
    """Return why a text cannot be a code: empty, too long, unprintable."""
    if not code:
        return [Fault("value-missing", column)]
    if len(code) > thresholds.LONGEST_CODE:
        return [Fault("too-long", column, {"limit": thresholds.LONGEST_CODE})]
    return _control_faults(column, code)


def name_faults(column: str, name: str) -> list[Fault]:
    """Return why a text cannot be the name of somebody or something: empty, too long, unprintable."""
    return word_faults(column, name) if name else [Fault("value-missing", column)]


def word_faults(column: str, text: str) -> list[Fault]:
    """Return why a text cannot be a word of the register: too long, unprintable."""
    if len(text) > thresholds.LONGEST_NAME:
        return [Fault("too-long", column, {"limit": thresholds.LONGEST_NAME})]
    return _control_faults(column, text)


def _control_faults(column: str, text: str) -> list[Fault]:
    # Every control character is unprintable, and names are nearly always printable: the quick test goes first.
    if not text.isprintable() and any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        return [Fault("control-character", column)]
    return []


def _parent_faults(command: EstablishOrganisation, parent: Organisation | None) -> list[Fault]:
    allowed = PARENT_TYPES[command.type]
    labels = {
        "type": TYPE_LABELS[command.type].capitalize(),
        "allowed": " hoặc ".join(TYPE_LABELS[type_] for type_ in allowed),
    }
    if not command.parent_code:
        return [Fault("parent-missing", "parent_code", labels)] if allowed else []
    if not allowed:
        return [Fault("parent-not-allowed", "parent_code")]
    value = shown("parent_code", command.parent_code)
    if parent is None:
        return [Fault("unknown-parent", "parent_code", {"value": value})]
    for state in parent.states_from(command.established_on):
        if state.type not in allowed:
            found = {"parent_type": TYPE_LABELS[state.type], "value": value}
            if not parent.changed:
                return [Fault("parent-type-mismatch", "parent_code", labels | found)]
            day = {"day": max(state.since, command.established_on)}
            return [Fault("parent-type-on-day", "parent_code", labels | found | day)]
    return []
