"""The rules of the list of candidates: who is on it, what they need for admission, and how they leave it. Pure.

A candidate is listed by a cell, takes the course on the party, is introduced by official members, and is admitted or
struck off the list (DOMAIN: Lifecycle). What a rule asks of an admission and the register does not have is no error,
since papers come late: `admission_warnings` names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.candidates import (
    Candidate,
    CandidateAdmitted,
    CandidateCertified,
    CandidateEvent,
    CandidateIntroduced,
    CandidateListed,
    CandidateMoved,
    CandidateStage,
    CandidateStruck,
    Introducer,
    StrikeReason,
)
from contracts.membership import Gender
from services.membership import thresholds
from services.membership.clocks import add_months
from services.membership.domain import (
    Decided,
    DomainError,
    Organisation,
    code_faults,
    full_months,
    name_faults,
    word_faults,
)
from services.membership.faults import Fault, shown
from services.membership.members import AdmitMember, Identity, Member, cell_faults, decide_admission

STAGE_LABELS: Final[Mapping[CandidateStage, str]] = {
    CandidateStage.LISTED: "đang trong danh sách",
    CandidateStage.ADMITTED: "đã được kết nạp",
    CandidateStage.STRUCK: "đã ra khỏi danh sách",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who a candidate is: kept in the register, never in an event or a log, so its `repr` is empty."""

    identity: Identity = field(repr=False)
    gender: Gender = field(repr=False)
    youth_union: bool = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A candidate of the register; `version` counts their events."""

    id: UUID
    code: str
    cell_code: str
    who: Person
    candidate: Candidate
    version: int = 1


@dataclass(frozen=True, slots=True)
class DecidedCandidate:
    """An event of a candidate that now happened, and the candidate after it."""

    state: Listed
    event: CandidateEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCandidate:
    """Put somebody on the list of a cell."""

    code: str
    cell_code: str
    who: Person
    listed_on: date
    decision_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A day of a candidate's preparation, and the decision behind it where there is one."""

    day: date
    decision_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """A member who is to introduce somebody; `member_id` is None where there is no such official member that day."""

    code: str
    since: date
    member_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitCandidate:
    """Admit a candidate to the party; `admitted_on` is the day of the ceremony."""

    member_code: str
    admitted_on: date
    cell_code: str
    voted_on: date | None = None
    decision_date: date | None = None


def decide_listing(command: ListCandidate, *, cell: Organisation | None, new_id: UUID) -> DecidedCandidate:
    """Return that somebody is on the list of `cell`: the unit of the command's cell code, None if there is none."""
    faults = [*code_faults("code", command.code), *person_faults(command.who, command.listed_on)]
    faults += place_faults(command.cell_code, cell, command.listed_on, "listed_on")
    if faults or cell is None:
        raise DomainError(faults)
    after = Candidate(cell_id=cell.id, stage=CandidateStage.LISTED, listed_on=command.listed_on)
    state = Listed(id=new_id, code=command.code, cell_code=cell.code, who=command.who, candidate=after)
    event = CandidateListed(
        effective_date=command.listed_on,
        decision_date=command.decision_date,
        candidate_id=new_id,
        after=after,
    )
    return DecidedCandidate(state, event)


def decide_move(one: Listed, told: Told, *, cell_code: str, cell: Organisation | None) -> DecidedCandidate:
    """Return that a candidate is on the list of another cell."""
    before = _on_the_list(one, told.day)
    faults = place_faults(cell_code, cell, told.day, "effective_date")
    if faults or cell is None:
        raise DomainError(faults)
    if cell.id == before.cell_id:
        raise DomainError([Fault("candidate-there-already", "cell_code")])
    after = before.model_copy(update={"cell_id": cell.id})
    event = CandidateMoved(
        effective_date=told.day,
        decision_date=told.decision_date,
        candidate_id=one.id,
        before=before,
        after=after,
    )
    return DecidedCandidate(replace(_after(one, after), cell_code=cell.code), event)


def decide_certificate(one: Listed, told: Told) -> DecidedCandidate:
    """Return that a candidate has a certificate of the course on the party, perhaps from before they were listed."""
    before = _on_the_list(one)
    faults = certificate_faults(one, told.day)
    if faults:
        raise DomainError(faults)
    after = before.model_copy(update={"certified_on": told.day})
    event = CandidateCertified(
        effective_date=told.day,
        decision_date=told.decision_date,
        candidate_id=one.id,
        before=before,
        after=after,
    )
    return DecidedCandidate(_after(one, after), event)


def decide_introducers(one: Listed, told: Told, introductions: Sequence[Introduction]) -> DecidedCandidate:
    """Return that members introduce a candidate, in the place of those before."""
    before = _on_the_list(one, told.day)
    if faults := _introduction_faults(introductions, told.day):
        raise DomainError(faults)
    introducers = tuple(
        Introducer(member_id=found.member_id, since=found.since)
        for found in introductions
        if found.member_id is not None
    )
    after = before.model_copy(update={"introducers": introducers})
    event = CandidateIntroduced(
        effective_date=told.day,
        decision_date=told.decision_date,
        candidate_id=one.id,
        before=before,
        after=after,
    )
    return DecidedCandidate(_after(one, after), event)


def decide_strike(one: Listed, told: Told, reason: StrikeReason) -> DecidedCandidate:
    """Return that a candidate is on the list no more, and is not admitted."""
    before = _on_the_list(one, told.day)
    after = before.model_copy(
        update={"stage": CandidateStage.STRUCK, "ended_on": told.day, "struck_for": reason}
    )
    event = CandidateStruck(
        effective_date=told.day,
        decision_date=told.decision_date,
        candidate_id=one.id,
        before=before,
        after=after,
    )
    return DecidedCandidate(_after(one, after), event)


def decide_candidate_admission(
    one: Listed, command: AdmitCandidate, *, cell: Organisation | None, new_id: UUID
) -> tuple[DecidedCandidate, Decided[Member]]:
    """Return that a candidate was admitted, and the member that they are from then on, on probation.

    `cell` is the unit of the command's cell code. Raises DomainError as `members.decide_admission`, and where they
    are on the list no more or the vote is not between the listing and the ceremony.
    """
    before = _on_the_list(one, command.admitted_on)
    if command.voted_on and not before.listed_on <= command.voted_on <= command.admitted_on:
        days = {"day": command.voted_on, "first": before.listed_on, "last": command.admitted_on}
        raise DomainError([Fault("vote-outside", "voted_on", days)])
    admission = AdmitMember(
        code=command.member_code,
        cell_code=command.cell_code,
        identity=one.who.identity,
        gender=one.who.gender,
        youth_union=one.who.youth_union,
        admitted_on=command.admitted_on,
        decision_date=command.decision_date,
    )
    member = decide_admission(admission, cell=cell, new_id=new_id)
    after = before.model_copy(
        update={
            "stage": CandidateStage.ADMITTED,
            "voted_on": command.voted_on,
            "ended_on": command.admitted_on,
            "member_id": new_id,
        }
    )
    event = CandidateAdmitted(
        effective_date=command.admitted_on,
        decision_date=command.decision_date,
        candidate_id=one.id,
        before=before,
        after=after,
    )
    return DecidedCandidate(_after(one, after), event), member


def admission_warnings(one: Listed) -> list[Fault]:
    """Return what a rule asks of the admission of a candidate, once admitted, and the register does not have.

    All is of the day of the cell's vote; of the ceremony, where the vote is not known.
    """
    candidate = one.candidate
    day = candidate.voted_on or candidate.ended_on or candidate.listed_on
    return [
        *_age_warnings(one.who.identity.birth_date, day),
        *_certificate_warnings(candidate.certified_on, day),
        *_introducer_warnings(candidate.introducers, day, youth_union=one.who.youth_union),
    ]


def certificate_ends_on(certified_on: date) -> date | None:
    """Return the first day on which a certificate is valid no more; None past the end of all dates."""
    try:
        return add_months(certified_on, thresholds.COURSE_CERTIFICATE_MONTHS.value)
    except ValueError:
        return None


def person_faults(who: Person, listed_on: date) -> list[Fault]:
    """Return why somebody cannot be who is said."""
    identity = who.identity
    faults = name_faults("full_name", identity.full_name)
    if not identity.ethnicity:
        faults.append(Fault("ethnicity-missing", "ethnicity"))
    faults += word_faults("ethnicity", identity.ethnicity) + word_faults("religion", identity.religion or "")
    if identity.birth_date >= listed_on:
        faults.append(Fault("born-after-listing", "birth_date"))
    return faults


def place_faults(code: str, cell: Organisation | None, day: date, column: str) -> list[Fault]:
    """Return why nobody is on the list of `cell`, the unit that has `code`, from the day in `column` on."""
    return cell_faults(code, cell, day, column=column)


def certificate_faults(one: Listed, day: date) -> list[Fault]:
    """Return why a certificate cannot be of a day."""
    return [Fault("certified-before-birth", "effective_date")] if day <= one.who.identity.birth_date else []


def _on_the_list(one: Listed, day: date | None = None) -> Candidate:
    """Return a candidate who is on the list, on `day` if it is given. Raises DomainError."""
    candidate = one.candidate
    if candidate.stage is not CandidateStage.LISTED:
        known = {"stage": STAGE_LABELS[candidate.stage], "day": candidate.ended_on}
        raise DomainError([Fault("candidate-off-the-list", "stage", known)])
    if day is not None and day < candidate.listed_on:
        days = {"day": day, "listed_on": candidate.listed_on}
        raise DomainError([Fault("before-listing", "effective_date", days)])
    return candidate


def _after(one: Listed, candidate: Candidate) -> Listed:
    return replace(one, candidate=candidate, version=one.version + 1)


def _introduction_faults(introductions: Sequence[Introduction], day: date) -> list[Fault]:
    faults = []
    codes: set[str] = set()
    for found in introductions:
        value = {"value": shown("member_code", found.code)}
        if found.code in codes:
            faults.append(Fault("introducer-twice", "introducers", value))
        elif found.member_id is None:
            faults.append(Fault("introducer-not-official", "introducers", value | {"day": day}))
        if found.since > day:
            faults.append(Fault("introducer-since-later", "introducers", {"since": found.since, "day": day}))
        codes.add(found.code)
    return faults


def _age_warnings(birth_date: date, day: date) -> list[Fault]:
    least, most = thresholds.LEAST_AGE_AT_ADMISSION, thresholds.MOST_AGE_AT_ADMISSION
    months = full_months(birth_date, day)
    if least.value * 12 <= months <= most.value * 12:
        return []
    source = least.source if months < least.value * 12 else most.source
    bounds = {"least": least.value, "most": most.value, "source": source}
    return [Fault("age-at-admission", "voted_on", bounds)]


def _certificate_warnings(certified_on: date | None, day: date) -> list[Fault]:
    rule = thresholds.COURSE_CERTIFICATE_MONTHS
    known = {"months": rule.value, "source": rule.source}
    if certified_on is None or certified_on > day:
        return [Fault("certificate-missing", "voted_on", known)]
    ends_on = certificate_ends_on(certified_on)
    if ends_on is None or day < ends_on:
        return []
    return [Fault("certificate-expired", "voted_on", known | {"certified_on": certified_on})]


def _introducer_warnings(introducers: Sequence[Introducer], day: date, *, youth_union: bool) -> list[Fault]:
    rule = thresholds.INTRODUCERS_OF_YOUTH if youth_union else thresholds.INTRODUCERS
    warnings = []
    if len(introducers) < rule.value:
        facts = {"count": len(introducers), "least": rule.value, "source": rule.source}
        warnings.append(Fault("introducers-few", None, facts))
    known = thresholds.INTRODUCER_MONTHS
    new = [one for one in introducers if full_months(one.since, day) < known.value]
    if new:
        facts = {"count": len(new), "months": known.value, "source": known.source}
        warnings.append(Fault("introducers-new", None, facts))
    return warnings
