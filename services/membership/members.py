"""The rules of the register: who may come into it, be confirmed and leave it. Pure.

`Member` is what the register says of somebody now. The functions here decide what happens next to them, as
`domain` does for units; whatever is late or corrected is decided by `corrections`. What is unusual but possible is
no error: `member_warnings` names it.

A member counts on a day D if admitted_on <= D < left_on, whether or not the cell still exists (DESIGN: Input
files).
"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Final
from uuid import UUID

from contracts.membership import (
    DepartureReason,
    Education,
    Fact,
    FactKind,
    Gender,
    MemberAdmitted,
    MemberConfirmed,
    MemberLeft,
    MemberState,
    Occupation,
    PoliticalTheory,
    Qualification,
    Standing,
)
from services.membership import thresholds
from services.membership.clocks import Seniority, add_months, ceremony_deadline
from services.membership.domain import (
    TYPE_LABELS,
    Decided,
    DomainError,
    Organisation,
    absent_cell,
    clean,
    code_faults,
    full_months,
    name_faults,
    word_faults,
)
from services.membership.faults import Fault, shown
from services.membership.working_days import WorkingDayCalendar, WorkingDaysUnknown

_MAJORITY: Final = "kinh"
_NO_RELIGION: Final = frozenset({"", "không"})


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
    seniority: Seniority
    """From when party age counts."""
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
            joined_on=self.admitted_on,
            party_since=self.seniority.stated_since(self.admitted_on),
            education=self.education,
            qualification=self.qualification,
            theory=self.theory,
            occupation=self.occupation,
        )


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
    education: Education | None = None
    qualification: Qualification | None = None
    theory: PoliticalTheory | None = None
    occupation: Occupation | None = None


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


@lru_cache(maxsize=1024)
def is_ethnic_minority(ethnicity: str) -> bool:
    """Return whether an ethnic group is any but Kinh, which is the majority (DESIGN: Input files)."""
    return clean(ethnicity).casefold() != _MAJORITY


def religion_of(text: str | None) -> str | None:
    """Return a religion as stated, or None where the text is empty or says `Không` (DESIGN: Input files)."""
    stated = clean(text or "")
    return None if stated.casefold() in _NO_RELIGION else stated


def admission_faults(
    command: AdmitMember, cell: Organisation | None, *, entered_on: date | None = None
) -> list[Fault]:
    """Return why somebody cannot enter `cell`, the unit of the command's cell code, if there is one.

    They enter on the day of their admission, or on `entered_on`.
    """
    faults = [*code_faults("code", command.code), *name_faults("full_name", command.identity.full_name)]
    if not command.identity.ethnicity:
        faults.append(Fault("ethnicity-missing", "ethnicity"))
    faults += word_faults("ethnicity", command.identity.ethnicity)
    faults += word_faults("religion", command.identity.religion or "")
    if command.identity.birth_date >= command.admitted_on:
        faults.append(Fault("born-after-admission", "birth_date"))
    day = entered_on or command.admitted_on
    column = "admitted_on" if day == command.admitted_on else "entered_on"
    return [*faults, *cell_faults(command.cell_code, cell, day, column=column)]


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
        education=command.education,
        qualification=command.qualification,
        theory=command.theory,
        occupation=command.occupation,
        seniority=Seniority.of(command.admitted_on, command.decision_date),
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

    What is known of them must be of earlier days (`Member.changed_on`), and nothing may hold beside, which would end
    as well; else this is for `corrections.record`.
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
    warnings += _confirmed_late(member)
    end = cell.dissolved_on
    if end and (member.left_on is None or member.left_on > end):
        warnings.append(Fault("outlives-cell", "left_on", {"dissolved_on": end}))
    return warnings


def ceremony_warnings(
    admitted_on: date, decision_date: date | None, working_days: WorkingDayCalendar
) -> list[Fault]:
    """Return that a ceremony was held too long after the decision on an admission; none where nobody can tell."""
    rule = thresholds.CEREMONY_WORKING_DAYS
    if decision_date is None or decision_date < rule.in_force_from:
        return []
    try:
        due_on = ceremony_deadline(decision_date, working_days)
    except WorkingDaysUnknown:
        return []
    if admitted_on <= due_on:
        return []
    return [
        Fault("ceremony-late", "admitted_on", {"due_on": due_on, "count": rule.value, "source": rule.source})
    ]


def _confirmed_late(member: Member) -> list[Fault]:
    rule = thresholds.CONFIRMED_FROM
    if member.official_on is None or member.admitted_on < rule.in_force_from:
        return []
    try:
        due_on = add_months(member.admitted_on, rule.value)
    except ValueError:  # past the year 9999
        return []
    if member.official_on <= due_on:
        return []
    return [
        Fault(
            "confirmed-late", "official_on", {"due_on": due_on, "months": rule.value, "source": rule.source}
        )
    ]


def cell_faults(
    code: str, cell: Organisation | None, day: date, *, column: str = "admitted_on"
) -> list[Fault]:
    """Return why somebody cannot belong to `cell`, the unit that has `code`, from the day in `column` on."""
    value = shown("cell_code", code)
    if not code:
        return [Fault("value-missing", "cell_code")]
    if cell is None:
        return [Fault("unknown-cell", "cell_code", {"value": value})]
    if not cell.on(day).type.is_cell:
        return [Fault("not-a-cell", "cell_code", {"value": value, "type": TYPE_LABELS[cell.on(day).type]})]
    return absent_cell(cell, day, column)


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
