"""The ways into the register beside a first admission, which is in `members`. Pure.

Received from outside (chuyển đến) somebody comes in as they were there. Restored (phục hồi đảng tịch) and admitted
again (kết nạp lại) take who somebody was when they left, as it was on that day. What is unusual but possible is no
error: `readmission_warnings` names it.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.membership import Fact, FactKind, MemberReceived, MemberState, Standing, Step
from services.membership import thresholds
from services.membership.clocks import Seniority
from services.membership.corrections import Place, known_cell, last_state, official_on, record
from services.membership.domain import Decided, DomainError, Organisation, full_months
from services.membership.faults import Fault
from services.membership.history import ENTRIES, History, Life, life_of, misplaced
from services.membership.members import AdmitMember, Member, admission_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreMember:
    """Give somebody back their membership, with the standing and party age that they had."""

    effective_date: date
    decision_date: date | None = None
    cell: Place | None = None
    """None for the cell that they left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmitMember:
    """Admit somebody again, on probation; `admitted_on` is the day of the new ceremony."""

    admitted_on: date
    cell: Place
    decision_date: date | None = None
    youth_union: bool | None = None
    """None for what it was when they left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveMember:
    """Enter somebody whom the register does not know, and who is a member already, from `entered_on` on."""

    papers: AdmitMember
    """Who they are and their admission, wherever that was; its cell is the one they come to."""
    entered_on: date
    official_on: date | None = None
    """The confirmation, if they come as an official member."""
    decision_date: date | None = None
    """Of the decision by which they come, not of that on their admission."""


def decide_first_reception(
    command: ReceiveMember, *, cell: Organisation | None, new_id: UUID
) -> Decided[Member]:
    """Return the entry into `cell`: the unit of the papers' cell code, None if there is none.

    Raises DomainError as `members.decide_admission`, and where they would come before their admission, or before the
    confirmation that they come with.
    """
    papers, day, official_on = command.papers, command.entered_on, command.official_on
    faults = admission_faults(papers, cell, entered_on=day)
    if papers.admitted_on > day:
        days = {"admitted_on": papers.admitted_on, "received_on": day}
        faults.append(Fault("received-before-admission", "admitted_on", days))
    faults += confirmation_faults(papers.admitted_on, official_on, day)
    if faults or cell is None:
        raise DomainError(faults)
    state = Member(
        id=new_id,
        code=papers.code,
        cell_id=cell.id,
        cell_code=cell.code,
        identity=papers.identity,
        gender=papers.gender,
        youth_union=papers.youth_union,
        admitted_on=papers.admitted_on,
        entered_on=day,
        changed_on=day,
        official_on=official_on,
        education=papers.education,
        qualification=papers.qualification,
        theory=papers.theory,
        occupation=papers.occupation,
        seniority=Seniority.of(papers.admitted_on, papers.decision_date),
    )
    step = Step(effective_date=day, before=None, after=state.counted)
    if faults := misplaced([step], {cell.id: cell}):
        raise DomainError(faults)
    event = MemberReceived(
        effective_date=day,
        decision_date=command.decision_date,
        member_id=new_id,
        after=state.counted,
        official_on=official_on,
        admission_decided_on=papers.decision_date,
    )
    return Decided(state, event)


def confirmation_faults(admitted_on: date, official_on: date | None, received_on: date) -> list[Fault]:
    """Return why somebody who is received cannot have been confirmed on a day; None for who comes on probation."""
    if official_on is None:
        return []
    if official_on < admitted_on:
        days = {"official_on": official_on, "admitted_on": admitted_on}
        return [Fault("confirmed-before-admission", "official_on", days)]
    if official_on > received_on:
        days = {"official_on": official_on, "day": received_on}
        return [Fault("confirmed-after-reception", "official_on", days)]
    return []


def decide_restoration(member: Member, history: History, command: RestoreMember) -> Decided[Member]:
    """Return the restoration of somebody who had left.

    Raises DomainError for somebody who had not, who died or was transferred out, or where no such cell is that day.
    """
    past = history.up_to(command.effective_date)
    life = life_of(past)
    there = _left_as(past, life)
    cell = history.cells[there.cell_id] if command.cell is None else known_cell(command.cell)
    joined_on = there.joined_on or (life.entry.day if life.entry else None)
    state = there.model_copy(update={"cell_id": cell.id, "joined_on": joined_on, "party_since": None})
    fact = Fact(
        kind=FactKind.RESTORED,
        effective_date=command.effective_date,
        decision_date=command.decision_date,
        state=state,
        official_on=official_on(life) if there.standing is Standing.OFFICIAL else None,
    )
    return record(member, history, fact, cell=cell)


def decide_readmission(member: Member, history: History, command: ReadmitMember) -> Decided[Member]:
    """Return the new admission of somebody who had left, or who had been entered by mistake.

    Raises DomainError for somebody who is in the register, who died or was transferred out, or where no such cell is
    that day.
    """
    past = history.up_to(command.admitted_on)
    by_mistake = life_of(history).entry is None
    there = member.counted if by_mistake else _left_as(past, life_of(past))
    cell = known_cell(command.cell)
    state = there.model_copy(
        update={
            "cell_id": cell.id,
            "standing": Standing.PROBATIONARY,
            "joined_on": None,
            "party_since": None,
            "youth_union": there.youth_union if command.youth_union is None else command.youth_union,
        }
    )
    fact = Fact(
        kind=FactKind.ADMITTED,
        effective_date=command.admitted_on,
        decision_date=command.decision_date,
        state=state,
    )
    return record(member, history, fact, cell=cell)


def readmission_warnings(history: History, command: ReadmitMember) -> list[Fault]:
    """Return what is unusual about an admission that `decide_readmission` decided from this history."""
    past = history.up_to(command.admitted_on)
    if (left := life_of(past).left) is None:
        return []
    warnings = []
    least, most = thresholds.READMISSION_MONTHS, thresholds.MOST_READMISSIONS
    if full_months(left.day, command.admitted_on) < least.value:
        rule = {"months": least.value, "left_on": left.day, "source": least.source}
        warnings.append(Fault("readmitted-early", "admitted_on", rule))
    entries = sorted((known.day, known.fact.kind) for known in past.facts if known.fact.kind in ENTRIES)
    if sum(kind is FactKind.ADMITTED for _, kind in entries[1:]) >= most.value:
        warnings.append(Fault("readmitted-often", "admitted_on", {"most": most.value, "source": most.source}))
    return warnings


def _left_as(past: History, life: Life) -> MemberState:
    """Return as what somebody left who is not in the register now. Raises DomainError where there is no such."""
    if life.state is not None and life.entry is not None:
        raise DomainError([Fault("already-in-register", "effective_date", {"since": life.entry.day})])
    if life.left is None:
        raise DomainError([Fault("never-left", "effective_date")])
    return last_state(past, life)
