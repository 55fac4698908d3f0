"""The rules of the organisation tree and the register: pure functions from a state and a command to an event.

Each `decide` function returns a `Decided`: the event and the state after it. It raises DomainError with every
rule that the command breaks. Single commands and import rows go through the same functions. What is unusual
but possible is no error: `organisation_warnings` and `member_warnings` name it.

A unit exists on a day D if established_on <= D < dissolved_on; a member counts if admitted_on <= D < left_on,
whether or not the cell still exists (DESIGN: Input files).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, Generic, TypeVar
from uuid import UUID

from contracts.membership import (
    DepartureReason,
    DocumentRef,
    Education,
    Fact,
    FactKind,
    Gender,
    MemberAdmitted,
    MemberConfirmed,
    MemberLeft,
    MembershipEvent,
    MemberState,
    Occupation,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationState,
    OrganisationType,
    PoliticalTheory,
    Qualification,
    Standing,
    Step,
)
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

_MAJORITY: Final = "kinh"
_NO_RELIGION: Final = frozenset({"", "không"})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a member is: kept in a table of its own, never in an event or a log, so its `repr` is empty."""

    full_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    ethnicity: str = field(repr=False)
    religion: str | None = field(repr=False)
    """None for no religion."""


@dataclass(frozen=True, kw_only=True)  # no slots: `counted` is remembered
class Member:
    """A member of the register; `version` counts their events."""

    id: UUID
    code: str
    cell_id: UUID
    cell_code: str
    identity: Identity
    gender: Gender
    youth_union: bool
    admitted_on: date
    """The day they joined the party, from which party age counts."""
    entered_on: date | None
    """The day from which they count in this register, this time; None for somebody entered by mistake."""
    changed_on: date
    """The day of the last change of what they count as."""
    official_on: date | None = None
    left_on: date | None = None
    left_reason: DepartureReason | None = None
    education: Education | None = None
    qualification: Qualification | None = None
    theory: PoliticalTheory | None = None
    occupation: Occupation | None = None
    version: int = 1

    @cached_property
    def counted(self) -> MemberState:
        """The groups they count in, or counted in last, from the last event on."""
        return MemberState(
            cell_id=self.cell_id,
            standing=Standing.OFFICIAL if self.official_on else Standing.PROBATIONARY,
            gender=self.gender,
            ethnic_minority=is_ethnic_minority(self.identity.ethnicity),
            religious=self.identity.religion is not None,
            youth_union=self.youth_union,
            birth_date=self.identity.birth_date,
            joined_on=None if self.admitted_on == self.entered_on else self.admitted_on,
            education=self.education,
            qualification=self.qualification,
            theory=self.theory,
            occupation=self.occupation,
        )


State = TypeVar("State", Organisation, Member)


@dataclass(frozen=True, slots=True)
class Decided(Generic[State]):
    """An event that now happened, and the state it leaves behind; `state.version` is the event's version."""

    state: State
    event: MembershipEvent
    steps: tuple[Step, ...] = ()
    """All that a member counted as, by its days; empty where the event is but the next step."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitMember:
    """Enter somebody into the register of a cell, on probation."""

    code: str
    cell_code: str
    identity: Identity
    gender: Gender
    youth_union: bool
    admitted_on: date
    decision_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmMember:
    """Make a member on probation an official one."""

    official_on: date
    decision_date: date | None = None

    @property
    def fact(self) -> Fact:
        """What is said to have happened."""
        return Fact(
            kind=FactKind.CONFIRMED, effective_date=self.official_on, decision_date=self.decision_date
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeparture:
    """Take a member off the register; the day of leaving no longer counts."""

    left_on: date
    reason: DepartureReason = DepartureReason.UNSTATED
    decision_date: date | None = None

    @property
    def fact(self) -> Fact:
        """What is said to have happened."""
        return Fact(
            kind=FactKind.LEFT,
            effective_date=self.left_on,
            decision_date=self.decision_date,
            reason=self.reason,
        )


def clean(text: str) -> str:
    """Return text in NFC with single spaces and none around it: one form for what looks the same."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=1024)
def is_ethnic_minority(ethnicity: str) -> bool:
    """Return whether an ethnic group is any but Kinh, which is the majority (DESIGN: Input files)."""
    return clean(ethnicity).casefold() != _MAJORITY


def religion_of(text: str | None) -> str | None:
    """Return a religion as stated, or None where the text is empty or says `Không` (DESIGN: Input files)."""
    stated = clean(text or "")
    return None if stated.casefold() in _NO_RELIGION else stated


def decide_establishment(
    command: EstablishOrganisation, *, parent: Organisation | None, new_id: UUID
) -> Decided[Organisation]:
    """Return the founding of a unit under `parent`: the unit that has the command's parent code, if any."""
    faults = [
        *_code_faults("code", command.code),
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


def admission_faults(
    command: AdmitMember, cell: Organisation | None, *, entered_on: date | None = None
) -> list[Fault]:
    """Return why somebody cannot enter `cell`, the unit of the command's cell code, if there is one.

    They enter on the day of their admission, or on `entered_on`.
    """
    faults = [*_code_faults("code", command.code), *name_faults("full_name", command.identity.full_name)]
    if not command.identity.ethnicity:
        faults.append(Fault("ethnicity-missing", "ethnicity"))
    faults += _word_faults("ethnicity", command.identity.ethnicity)
    faults += _word_faults("religion", command.identity.religion or "")
    if command.identity.birth_date >= command.admitted_on:
        faults.append(Fault("born-after-admission", "birth_date"))
    return [*faults, *cell_faults(command.cell_code, cell, entered_on or command.admitted_on)]


def decide_admission(command: AdmitMember, *, cell: Organisation | None, new_id: UUID) -> Decided[Member]:
    """Return the admission to `cell`: the unit that has the command's cell code, None if there is none."""
    faults = admission_faults(command, cell)
    if cell is not None and not faults:
        faults = _later_no_cell(cell, command.admitted_on)
    if faults or cell is None:
        raise DomainError(faults)
    state = Member(
        id=new_id,
        code=command.code,
        cell_id=cell.id,
        cell_code=cell.code,
        identity=command.identity,
        gender=command.gender,
        youth_union=command.youth_union,
        admitted_on=command.admitted_on,
        entered_on=command.admitted_on,
        changed_on=command.admitted_on,
    )
    event = MemberAdmitted(
        effective_date=command.admitted_on,
        decision_date=command.decision_date,
        member_id=new_id,
        after=state.counted,
    )
    return Decided(state, event)


def decide_confirmation(member: Member, command: ConfirmMember) -> Decided[Member]:
    """Return the confirmation of a member on probation who is still in the register.

    What is known of them must be of earlier days (`Member.changed_on`); else it is late (`corrections.record`), as
    is a confirmation found after the departure, whose event has said which standing was left.
    """
    faults = _still_in_register(member, "official_on")
    if member.official_on:
        faults.append(Fault("already-confirmed", "official_on", {"official_on": member.official_on}))
    if command.official_on < member.admitted_on:
        dates = {"official_on": command.official_on, "admitted_on": member.admitted_on}
        faults.append(Fault("confirmed-before-admission", "official_on", dates))
    if faults:
        raise DomainError(faults)
    _is_next(member, command.official_on)
    state = replace(
        member, official_on=command.official_on, changed_on=command.official_on, version=member.version + 1
    )
    event = MemberConfirmed(
        effective_date=command.official_on,
        decision_date=command.decision_date,
        member_id=member.id,
        before=member.counted,
        after=state.counted,
    )
    return Decided(state, event)


def decide_departure(member: Member, command: RecordDeparture) -> Decided[Member]:
    """Return the departure of a member, not before their admission or confirmation, and only once.

    What is known of them must be of earlier days (`Member.changed_on`); else it is late (`corrections.record`).
    """
    faults = _still_in_register(member, "left_on")
    if command.left_on < member.admitted_on:
        dates = {"left_on": command.left_on, "admitted_on": member.admitted_on}
        faults.append(Fault("left-before-admission", "left_on", dates))
    elif member.official_on and command.left_on < member.official_on:
        confirmed = {"left_on": command.left_on, "official_on": member.official_on}
        faults.append(Fault("left-before-confirmation", "left_on", confirmed))
    if faults:
        raise DomainError(faults)
    _is_next(member, command.left_on)
    state = replace(
        member,
        left_on=command.left_on,
        left_reason=command.reason,
        changed_on=command.left_on,
        version=member.version + 1,
    )
    event = MemberLeft(
        effective_date=command.left_on,
        decision_date=command.decision_date,
        member_id=member.id,
        reason=command.reason,
        before=member.counted,
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


def member_warnings(member: Member, cell: Organisation) -> list[Fault]:
    """Return what is unusual, yet possible, about a member; the thresholds and their sources are data."""
    warnings = []
    least, most = thresholds.LEAST_AGE_AT_ADMISSION, thresholds.MOST_AGE_AT_ADMISSION
    age = full_months(member.identity.birth_date, member.admitted_on)
    if not least.value * 12 <= age <= most.value * 12:
        source = least.source if age < least.value * 12 else most.source
        bounds = {"least": least.value, "most": most.value, "source": source}
        warnings.append(Fault("age-at-admission", "admitted_on", bounds))
    probation = thresholds.PROBATION_MONTHS
    if member.official_on and full_months(member.admitted_on, member.official_on) < probation.value:
        rule = {"months": probation.value, "source": probation.source}
        warnings.append(Fault("confirmed-early", "official_on", rule))
    end = cell.dissolved_on
    if end and (member.left_on is None or member.left_on > end):
        warnings.append(Fault("outlives-cell", "left_on", {"dissolved_on": end}))
    return warnings


def full_months(start: date, end: date) -> int:
    """Return the whole months from `start` to `end`; one that starts on the 31st is full on a month's last day."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day >= start.day or _is_last_of_month(end):
        return months
    return months - 1


def _is_last_of_month(day: date) -> bool:
    return day == date.max or date.fromordinal(day.toordinal() + 1).month != day.month


def _code_faults(column: str, code: str) -> list[Fault]:
    if not code:
        return [Fault("value-missing", column)]
    if len(code) > thresholds.LONGEST_CODE:
        return [Fault("too-long", column, {"limit": thresholds.LONGEST_CODE})]
    return _control_faults(column, code)


def name_faults(column: str, name: str) -> list[Fault]:
    """Return why a text cannot be the name of somebody or something: empty, too long, unprintable."""
    return _word_faults(column, name) if name else [Fault("value-missing", column)]


def _word_faults(column: str, text: str) -> list[Fault]:
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


def cell_faults(code: str, cell: Organisation | None, day: date) -> list[Fault]:
    """Return why somebody cannot belong to `cell`, the unit that has `code`, from a day on."""
    value = shown("cell_code", code)
    if not code:
        return [Fault("value-missing", "cell_code")]
    if cell is None:
        return [Fault("unknown-cell", "cell_code", {"value": value})]
    if not cell.on(day).type.is_cell:
        return [Fault("not-a-cell", "cell_code", {"value": value, "type": TYPE_LABELS[cell.on(day).type]})]
    if day < cell.established_on:
        dates = {"admitted_on": day, "established_on": cell.established_on}
        return [Fault("admitted-before-cell", "admitted_on", dates)]
    if cell.dissolved_on and day >= cell.dissolved_on:
        ended = {"admitted_on": day, "dissolved_on": cell.dissolved_on}
        return [Fault("admitted-after-cell", "admitted_on", ended)]
    return []


def _later_no_cell(cell: Organisation, day: date) -> list[Fault]:
    """Return why somebody cannot belong to a cell from a day on for good: it becomes a committee later."""
    for state in cell.states_from(day):
        if not state.type.is_cell:
            found = {"value": cell.code, "type": TYPE_LABELS[state.type], "day": state.since}
            return [Fault("not-a-cell-then", "cell_code", found)]
    return []


def _is_next(member: Member, day: date) -> None:
    if day < member.changed_on:
        raise ValueError(f"what was recorded of {member.id} is later: this is for corrections.record")


def _still_in_register(member: Member, column: str) -> list[Fault]:
    return [Fault("already-left", column, {"left_on": member.left_on})] if member.left_on else []
