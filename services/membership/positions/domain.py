"""Who may hold which position in a unit: pure, as `services.membership.domain` is.

A position is held by an official member who is counted in the unit or below it on each of its days: for a cell, in
that cell. A stay elsewhere for a time leaves a member counted at home, so that the seat there is kept. A unit has
one secretary at most on any day, and a member one position in a unit: the secretary and the deputies belong to the
committee by what they are.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.membership import DepartureReason
from contracts.positions import (
    HeldPosition,
    Obtained,
    Position,
    PositionEnded,
    PositionEndReason,
    PositionEvent,
    PositionRestated,
    PositionTaken,
)
from services.membership.domain import DomainError, Organisation
from services.membership.faults import Fault, shown
from services.membership.positions.facts import Facts, Kind
from services.membership.positions.rules import MOST_DEPUTIES_OF_CELL, MOST_IN_CELL_COMMITTEE
from services.membership.positions.tenures import (
    Days,
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
from services.membership.thresholds import CELL_COMMITTEE_FROM

POSITION_LABELS: Final = {
    Position.SECRETARY: "bí thư",
    Position.DEPUTY_SECRETARY: "phó bí thư",
    Position.COMMITTEE_MEMBER: "cấp ủy viên",
}

DecidedPosition = Decided[HeldPosition, PositionEvent]


@dataclass(frozen=True, slots=True)
class Holder:
    """A member as positions see them: on which days they were counted, as official member, and in the unit."""

    id: UUID
    code: str
    counted: tuple[Days, ...]
    official: tuple[Days, ...]
    inside: tuple[Days, ...]
    """When their cell was the unit or hung below it, whatever they counted as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePosition(Order):
    """Let a member hold a position from a day on; with `until_on` where it has ended since."""

    position: Position
    from_on: date
    until_on: date | None = None
    obtained: Obtained = Obtained.UNSTATED
    end_reason: PositionEndReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPosition(Order):
    """Say what a fact should have been; what is None stays as it was stated."""

    number: int
    effective_date: date | None = None
    position: Position | None = None
    """Of the beginning only, as `obtained` is."""
    obtained: Obtained | None = None
    end_reason: PositionEndReason | None = None
    """Of the end only."""


def decide_taking(
    command: TakePosition,
    *,
    unit: Organisation,
    holder: Holder,
    others: Collection[Tenure[HeldPosition]],
    new_id: UUID,
) -> list[DecidedPosition]:
    """Return the beginning of a position and, where it has ended since, its end.

    `others` are the other positions of the unit. Raises DomainError where it cannot have been held.
    """
    held = HeldPosition(
        organisation_id=unit.id,
        member_id=holder.id,
        position=command.position,
        from_on=command.from_on,
        obtained=command.obtained,
    )
    if command.end_reason and command.until_on is None:
        raise DomainError([Fault("end-reason-without-day", "end_reason")])
    whole = _ended(held, command.until_on, command.end_reason) if command.until_on else held
    if faults := holding_faults(whole, unit, holder, others):
        raise DomainError(faults)
    taken = PositionTaken(
        effective_date=held.from_on,
        decision_date=command.decision_date,
        position_id=new_id,
        after=held,
        document=command.document,
    )
    decided = [Decided(Tenure(new_id, held), taken)]
    if whole is not held:
        decided.append(_end(Tenure(new_id, held), whole, Order()))
    return decided


def decide_end(tenure: Tenure[HeldPosition], command: EndTenure) -> DecidedPosition:
    """Return the end of a position that goes on. Raises DomainError where it ended already, or before it began."""
    held = goes_on(tenure, command.until_on)
    return _end(tenure, _ended(held, command.until_on, command.reason), command)


def decide_correction(
    tenure: Tenure[HeldPosition],
    facts: Facts,
    command: CorrectPosition | Withdraw,
    *,
    unit: Organisation,
    holder: Holder,
    others: Collection[Tenure[HeldPosition]],
) -> DecidedPosition:
    """Return what puts a fact of a position right, or takes it back.

    Raises DomainError where there is no such fact or it stands no more, where nothing would change, where what is
    corrected is not of that fact, and where the position could not have been held so.
    """
    held, kind = known(tenure), facts.kind_of(command.number)
    if isinstance(command, Withdraw):
        after = None if kind == "began" else held.model_copy(update={"until_on": None, "end_reason": None})
    else:
        after = _corrected(held, kind, command)
    if after == held and not command.is_stated:
        raise DomainError([Fault("nothing-to-correct", "fact", {"number": command.number})])
    if after and (faults := holding_faults(after, unit, holder, others)):
        raise DomainError(faults)
    return _restate(tenure, after, command.number, command)


def decide_cut(
    tenure: Tenure[HeldPosition], facts: Facts, day: date, reason: PositionEndReason, order: Order
) -> DecidedPosition:
    """Return the end of a position on a day from which on it cannot be held, whatever was said of its end.

    Raises DomainError `position-in-the-way` where it could not have been held at all.
    """
    held = known(tenure)
    if day <= held.from_on:
        facts_known = {"position": POSITION_LABELS[held.position], "from_on": held.from_on, "id": tenure.id}
        raise DomainError([Fault("position-in-the-way", None, facts_known)])
    ended = _ended(held, day, reason)
    if facts.ended is None:
        return _end(tenure, ended, order)
    return _restate(tenure, ended, facts.ended, order)


def first_day_lost(held: HeldPosition, holder: Holder) -> date | None:
    """Return the first day of a position on which its holder is no official member counted in the unit."""
    lost = [_first_outside(days_of(held), spans) for spans in (holder.official, holder.inside)]
    return min((day for day in lost if day), default=None)


def why_lost(holder: Holder, day: date, departure: DepartureReason | None) -> PositionEndReason:
    """Return why a holder is lost on a day; `departure` is why they left the register, if they did."""
    if any(day in days for days in holder.counted):
        return PositionEndReason.TRANSFERRED
    match departure:
        case DepartureReason.DIED:
            return PositionEndReason.DIED
        case DepartureReason.TRANSFERRED_OUT:
            return PositionEndReason.TRANSFERRED
        case _:
            return PositionEndReason.LEFT_REGISTER


def holding_faults(
    held: HeldPosition, unit: Organisation, holder: Holder, others: Collection[Tenure[HeldPosition]]
) -> list[Fault]:
    """Return why a position cannot be held as is said."""
    if empty := emptiness(held.from_on, held.until_on):
        return empty
    faults = [*unit_faults(held, unit), *_holder_faults(held, unit, holder)]
    for other in _meeting(held, others):
        days = {"from_on": other.from_on, "until": until_text(other.until_on)}
        if other.member_id == held.member_id:
            other_one = days | {"position": POSITION_LABELS[other.position]}
            faults.append(Fault("holds-a-position-already", "position", other_one))
        elif other.position is held.position is Position.SECRETARY:
            faults.append(Fault("secretary-already", "position", days))
    return faults


def holding_warnings(
    held: HeldPosition, unit: Organisation, others: Collection[Tenure[HeldPosition]], official: int
) -> list[Fault]:
    """Return what is unusual, yet possible, about a position; `official` counts the cell's official members then."""
    if not unit.on(held.from_on).type.is_cell:
        return []
    warnings = []
    meeting = list(_meeting(held, others))
    together = 1 + _most_at_once(meeting)
    if together > MOST_IN_CELL_COMMITTEE.value:
        facts = {
            "count": together,
            "most": MOST_IN_CELL_COMMITTEE.value,
            "source": MOST_IN_CELL_COMMITTEE.source,
        }
        warnings.append(Fault("cell-committee-large", "position", facts))
    deputies = [other for other in meeting if other.position is Position.DEPUTY_SECRETARY]
    if held.position is Position.DEPUTY_SECRETARY and len(deputies) >= MOST_DEPUTIES_OF_CELL.value:
        source = {"most": MOST_DEPUTIES_OF_CELL.value, "source": MOST_DEPUTIES_OF_CELL.source}
        warnings.append(Fault("deputies-many", "position", source))
    if held.position is Position.COMMITTEE_MEMBER and official < CELL_COMMITTEE_FROM.value:
        few = {"official": official, "least": CELL_COMMITTEE_FROM.value, "source": CELL_COMMITTEE_FROM.source}
        warnings.append(Fault("committee-of-few", "position", few))
    return warnings


def _meeting(held: HeldPosition, others: Collection[Tenure[HeldPosition]]) -> Iterator[HeldPosition]:
    for other in others:
        if other.state and days_of(other.state).meets(days_of(held)):
            yield other.state


def _most_at_once(held: Sequence[HeldPosition]) -> int:
    return max((sum(each.from_on in days_of(other) for other in held) for each in held), default=0)


def _holder_faults(held: HeldPosition, unit: Organisation, holder: Holder) -> Iterator[Fault]:
    """Yield the first reason why a member is none who may hold it, with the first day of it."""
    day = first_day_lost(held, holder)
    if day is None:
        return
    facts = {"day": day, "code": shown("code", holder.code), "unit": shown("code", unit.code)}
    column = "from_on" if day == held.from_on else "until_on"
    if not any(day in days for days in holder.counted):
        yield Fault("holder-not-in-register", column, facts)
    elif not any(day in days for days in holder.official):
        yield Fault("holder-not-official", column, facts)
    else:
        yield Fault("holder-elsewhere", column, facts)


def _first_outside(days: Days, spans: Collection[Days]) -> date | None:
    """Return the first of `days` that is in none of the spans."""
    day = days.start
    for span in sorted(spans, key=lambda span: span.start):
        if day in span:
            if span.end is None:
                return None
            day = span.end
    return day if day in days else None


def _ended(held: HeldPosition, until_on: date, reason: PositionEndReason | None) -> HeldPosition:
    update = {"until_on": until_on, "end_reason": reason or PositionEndReason.UNSTATED}
    return held.model_copy(update=update)


def _end(tenure: Tenure[HeldPosition], ended: HeldPosition, order: Order) -> DecidedPosition:
    if ended.until_on is None:
        raise ValueError("an end has a day")
    event = PositionEnded(
        effective_date=ended.until_on,
        decision_date=order.decision_date,
        position_id=tenure.id,
        before=known(tenure),
        after=ended,
        document=order.document,
    )
    return Decided(Tenure(tenure.id, ended, tenure.version + 1), event)


def _restate(
    tenure: Tenure[HeldPosition], after: HeldPosition | None, corrects: int, order: Order
) -> DecidedPosition:
    before = known(tenure)
    event = PositionRestated(
        effective_date=first_changed(before, after),
        decision_date=order.decision_date,
        position_id=tenure.id,
        corrects=corrects,
        before=before,
        after=after,
        document=order.document,
    )
    return Decided(Tenure(tenure.id, after, tenure.version + 1), event)


def _corrected(held: HeldPosition, kind: Kind, command: CorrectPosition) -> HeldPosition:
    beginning = {"position": command.position, "obtained": command.obtained}
    ending = {"end_reason": command.end_reason}
    refuse_what_is_not_of(command.number, ending if kind == "began" else beginning)
    day = {"from_on" if kind == "began" else "until_on": command.effective_date}
    said = (beginning if kind == "began" else ending) | day
    return held.model_copy(update={name: value for name, value in said.items() if value is not None})
