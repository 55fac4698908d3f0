"""How the terms of a unit's leadership follow one another. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.positions import Term, TermEnded, TermEvent, TermOpened, TermRestated
from services.membership.domain import DomainError, Organisation, name_faults
from services.membership.faults import Fault, shown
from services.membership.positions.facts import Facts, Kind
from services.membership.positions.tenures import (
    Decided,
    EndTenure,
    Order,
    Tenure,
    Withdraw,
    days_of,
    emptiness,
    first_changed,
    goes_on,
    known,
    refuse_what_is_not_of,
    unit_faults,
    until_text,
)

DecidedTerm = Decided[Term, TermEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTerm(Order):
    """Open a term of a unit; with `until_on` where it has ended since."""

    label: str
    from_on: date
    until_on: date | None = None
    congress_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectTerm(Order):
    """Say what a fact should have been; what is None stays as it was stated."""

    number: int
    effective_date: date | None = None
    label: str | None = None
    """Of the beginning only, as `congress_on` is."""
    congress_on: date | None = None


def decide_opening(
    command: OpenTerm, *, unit: Organisation, others: Collection[Tenure[Term]], new_id: UUID
) -> list[DecidedTerm]:
    """Return the end of the term that ran until now, the beginning of a new one and, where it is past, its end.

    `others` are the other terms of the unit. Raises DomainError where terms would overlap.
    """
    term = Term(
        organisation_id=unit.id, label=command.label, congress_on=command.congress_on, from_on=command.from_on
    )
    whole = term.model_copy(update={"until_on": command.until_on}) if command.until_on else term
    before = [
        _end_term(other, command.from_on, command)
        for other in others
        if other.state and other.state.until_on is None and other.state.from_on < command.from_on
    ]
    ended = {one.tenure.id for one in before}
    if faults := term_faults(whole, unit, [other for other in others if other.id not in ended]):
        raise DomainError(faults)
    opened = TermOpened(
        effective_date=term.from_on,
        decision_date=command.decision_date,
        term_id=new_id,
        after=term,
        document=command.document,
    )
    decided = [*before, Decided(Tenure(new_id, term), opened)]
    if command.until_on:
        decided.append(_end_term(Tenure(new_id, term), command.until_on, Order()))
    return decided


def decide_term_end(tenure: Tenure[Term], command: EndTenure) -> DecidedTerm:
    """Return the end of a term that runs. Raises DomainError where it ended already, or before it began."""
    goes_on(tenure, command.until_on)
    return _end_term(tenure, command.until_on, command)


def decide_term_correction(
    tenure: Tenure[Term],
    facts: Facts,
    command: CorrectTerm | Withdraw,
    *,
    unit: Organisation,
    others: Collection[Tenure[Term]],
) -> DecidedTerm:
    """Return what puts a fact of a term right, or takes it back. Raises DomainError as `decide_correction`."""
    term, kind = known(tenure), facts.kind_of(command.number)
    if isinstance(command, Withdraw):
        after = None if kind == "began" else term.model_copy(update={"until_on": None})
    else:
        after = _corrected_term(term, kind, command)
    if after == term and not command.is_stated:
        raise DomainError([Fault("nothing-to-correct", "fact", {"number": command.number})])
    if after and (faults := term_faults(after, unit, others)):
        raise DomainError(faults)
    event = TermRestated(
        effective_date=first_changed(term, after),
        decision_date=command.decision_date,
        term_id=tenure.id,
        corrects=command.number,
        before=term,
        after=after,
        document=command.document,
    )
    return Decided(Tenure(tenure.id, after, tenure.version + 1), event)


def decide_term_cut(tenure: Tenure[Term], facts: Facts, day: date, order: Order) -> DecidedTerm | None:
    """Return the end of a term with its unit; None where it ended before. A term to come is withdrawn."""
    term = known(tenure)
    if term.until_on and term.until_on <= day:
        return None
    if term.from_on < day and facts.ended is None:
        return _end_term(tenure, day, order)
    after = term.model_copy(update={"until_on": day}) if term.from_on < day else None
    corrects = facts.ended if after and facts.ended else facts.began or 1
    event = TermRestated(
        effective_date=first_changed(term, after),
        decision_date=order.decision_date,
        term_id=tenure.id,
        corrects=corrects,
        before=term,
        after=after,
        document=order.document,
    )
    return Decided(Tenure(tenure.id, after, tenure.version + 1), event)


def term_faults(term: Term, unit: Organisation, others: Collection[Tenure[Term]]) -> list[Fault]:
    """Return why a term cannot be as is said."""
    faults = name_faults("label", term.label)
    if empty := emptiness(term.from_on, term.until_on):
        return [*faults, *empty]
    if term.congress_on and term.congress_on > term.from_on:
        dates = {"congress_on": term.congress_on, "from_on": term.from_on}
        faults.append(Fault("congress-after-beginning", "congress_on", dates))
    faults += unit_faults(term, unit)
    for other in others:
        if other.state and days_of(other.state).meets(days_of(term)):
            facts = {
                "label": shown("label", other.state.label),
                "from_on": other.state.from_on,
                "until": until_text(other.state.until_on),
            }
            faults.append(Fault("terms-overlap", "from_on", facts))
    return faults


def _end_term(tenure: Tenure[Term], until_on: date, order: Order) -> DecidedTerm:
    before = known(tenure)
    after = before.model_copy(update={"until_on": until_on})
    event = TermEnded(
        effective_date=until_on,
        decision_date=order.decision_date,
        term_id=tenure.id,
        before=before,
        after=after,
        document=order.document,
    )
    return Decided(Tenure(tenure.id, after, tenure.version + 1), event)


def _corrected_term(term: Term, kind: Kind, command: CorrectTerm) -> Term:
    beginning = {"label": command.label, "congress_on": command.congress_on}
    if kind == "ended":
        refuse_what_is_not_of(command.number, beginning)
        beginning = {}
    said = beginning | {"from_on" if kind == "began" else "until_on": command.effective_date}
    return term.model_copy(update={name: value for name, value in said.items() if value is not None})
