"""How what was said of a candidate is put right or taken back by a later event that names it. Pure.

Facts of a kind follow one another: a later certificate takes the place of the one before, and once it is taken back
the one before stands again. How somebody left the list is one kind, whether they were admitted or struck.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

from contracts.candidates import (
    Candidate,
    CandidateAdmitted,
    CandidateCertified,
    CandidateEvent,
    CandidateIntroduced,
    CandidateListed,
    CandidateMoved,
    CandidateRestated,
    CandidateStage,
    CandidateStruck,
    StrikeReason,
)
from services.membership.candidates.domain import (
    DecidedCandidate,
    Listed,
    Person,
    certificate_faults,
    person_faults,
    place_faults,
)
from services.membership.corrections import Place, known_cell
from services.membership.domain import DomainError
from services.membership.faults import Fault
from services.membership.positions.tenures import refuse_what_is_not_of

Kind = Literal["listed", "moved", "certified", "introduced", "admitted", "struck"]
Status = Literal["stands", "replaced", "withdrawn", "withdrawal"]

_KINDS: Final[Mapping[type[CandidateEvent], Kind]] = {
    CandidateListed: "listed",
    CandidateMoved: "moved",
    CandidateCertified: "certified",
    CandidateIntroduced: "introduced",
    CandidateAdmitted: "admitted",
    CandidateStruck: "struck",
}
_ROWS: Final[Mapping[Kind, str]] = {kind: kind for kind in _KINDS.values()} | {
    "admitted": "end",
    "struck": "end",
}
"""Facts of one row take each other's place."""
_NOT_ENDED: Final[Mapping[str, Any]] = {
    "stage": CandidateStage.LISTED, "ended_on": None, "struck_for": None, "voted_on": None, "member_id": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact, and all that was said of the candidate with it."""

    number: int
    kind: Kind
    day: date
    after: Candidate


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that were ever stated of a candidate."""

    rows: Mapping[str, tuple[Stated, ...]] = field(default_factory=dict)
    """Those that were not taken back or put right, by row; the last of each row stands."""
    kinds: Mapping[int, Kind] = field(default_factory=dict)
    """By the number of the event that stated it."""
    gone: Mapping[int, int | None] = field(default_factory=dict)
    """By number, that of what put it right; None where it was taken back."""

    def standing(self, number: int) -> Stated:
        """Return a fact that stands. Raises DomainError where there is none of the number, or it stands no more."""
        if number not in self.kinds:
            raise DomainError([Fault("no-such-fact", "fact", {"number": number})])
        if number in self.gone and self.gone[number] is None:
            raise DomainError([Fault("fact-withdrawn", "fact", {"number": number})])
        by = self.replaced_by(number)
        if by is not None:
            raise DomainError([Fault("fact-replaced", "fact", {"number": number, "by": by})])
        return self.rows[_ROWS[self.kinds[number]]][-1]

    def replaced_by(self, number: int) -> int | None:
        """Return the number of the fact in the place of another; None for one that stands or was taken back."""
        if number in self.gone:
            return self.gone[number]
        row = [one.number for one in self.rows[_ROWS[self.kinds[number]]]]
        return None if row[-1] == number else row[row.index(number) + 1]

    def status(self, number: int) -> Status:
        """Return what became of what event `number` said."""
        if number not in self.kinds:
            return "withdrawal"
        if number in self.gone and self.gone[number] is None:
            return "withdrawn"
        return "stands" if self.replaced_by(number) is None else "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCandidate:
    """Say what a fact should have been; what is None stays as it was stated."""

    number: int
    day: date | None = None
    decision_date: date | None = None
    cell: Place | None = None
    """Of a listing or a move."""
    reason: StrikeReason | None = None
    """Of a strike."""
    voted_on: date | None = None
    """Of an admission."""
    who: Person | None = None
    """Of a listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCandidateFact:
    """Say that something never happened."""

    number: int
    decision_date: date | None = None


def told(events: Iterable[CandidateEvent]) -> Facts:
    """Return the facts of one candidate, the events given in their order from the first."""
    rows: dict[str, tuple[Stated, ...]] = {}
    kinds: dict[int, Kind] = {}
    gone: dict[int, int | None] = {}
    for number, event in enumerate(events, 1):
        if isinstance(event, CandidateRestated):
            kind = kinds[event.corrects]
            row = rows[_ROWS[kind]][:-1]
            gone[event.corrects] = None if event.withdrawn else number
            if not event.withdrawn:
                kinds[number] = kind
                row = (*row, Stated(number, kind, event.effective_date, event.after))
            rows[_ROWS[kind]] = row
        else:
            kinds[number] = kind = _KINDS[type(event)]
            stated = Stated(number, kind, event.effective_date, event.after)
            rows[_ROWS[kind]] = (*rows.get(_ROWS[kind], ()), stated)
    return Facts(rows, kinds, gone)


def decide_candidate_correction(
    one: Listed,
    facts: Facts,
    command: CorrectCandidate | WithdrawCandidateFact,
    *,
    member_stands: bool = False,
) -> DecidedCandidate:
    """Return what puts a fact right, or takes it back.

    `member_stands` says that who was admitted is in the register of members, or was: the day of the ceremony is put
    right there, and an admission taken back here once it was taken back there. Raises DomainError where the fact is
    unknown or stands no more, where it cannot be so, and where nothing changes.
    """
    stated = facts.standing(command.number)
    of_the_day = isinstance(command, WithdrawCandidateFact) or command.day is not None
    if stated.kind == "admitted" and member_stands and of_the_day:
        raise DomainError([Fault("admission-of-member", "fact")])
    if isinstance(command, WithdrawCandidateFact):
        return _withdrawn(one, facts, stated, command)
    state, day = _corrected(one, facts, stated, command)
    if (state, day) == (one, stated.day) and command.decision_date is None:
        raise DomainError([Fault("nothing-to-correct", "fact", {"number": command.number})])
    return _restated(one, state, command.number, day, command.decision_date, withdrawn=False)


def _withdrawn(one: Listed, facts: Facts, stated: Stated, command: WithdrawCandidateFact) -> DecidedCandidate:
    if stated.kind == "listed":
        raise DomainError([Fault("listing-stays", "fact", {"number": stated.number})])
    row = facts.rows[_ROWS[stated.kind]]
    before = row[-2].after if len(row) > 1 else None
    now = one.candidate
    former: dict[Kind, Mapping[str, Any]] = {
        "certified": {"certified_on": before and before.certified_on},
        "introduced": {"introducers": before.introducers if before else ()},
        "moved": {"cell_id": (before or facts.rows["listed"][-1].after).cell_id},
    }
    after = now.model_copy(update=former.get(stated.kind, _NOT_ENDED))
    state = replace(one, candidate=after)
    return _restated(one, state, stated.number, stated.day, command.decision_date, withdrawn=True)


def _corrected(one: Listed, facts: Facts, stated: Stated, command: CorrectCandidate) -> tuple[Listed, date]:
    _refuse_what_another_states(stated, facts, command)
    day = command.day or stated.day
    now, kind = one.candidate, stated.kind
    changes: dict[str, Any] = {}
    state = one
    if command.who is not None:
        state = replace(state, who=command.who)
    if command.cell is not None:
        cell = known_cell(command.cell)
        changes["cell_id"], state = cell.id, replace(state, cell_code=cell.code)
    if kind == "listed":
        changes["listed_on"] = day
    elif kind == "certified":
        changes["certified_on"] = day
    elif kind in {"admitted", "struck"}:
        changes["ended_on"] = day
    if command.reason is not None:
        changes["struck_for"] = command.reason
    if command.voted_on is not None:
        changes["voted_on"] = command.voted_on
    state = replace(state, candidate=now.model_copy(update=changes))
    if faults := _faults(state, stated, day, command):
        raise DomainError(faults)
    return state, day


def _faults(state: Listed, stated: Stated, day: date, command: CorrectCandidate) -> list[Fault]:
    """Return why a candidate cannot be as is now said."""
    candidate = state.candidate
    faults = person_faults(state.who, candidate.listed_on) if stated.kind == "listed" else []
    if stated.kind == "certified":
        faults += certificate_faults(state, day)
    elif day < candidate.listed_on:
        faults.append(
            Fault("before-listing", "effective_date", {"day": day, "listed_on": candidate.listed_on})
        )
    if candidate.ended_on and candidate.ended_on < candidate.listed_on:
        days = {"day": candidate.ended_on, "listed_on": candidate.listed_on}
        faults.append(Fault("before-listing", "effective_date", days))
    if command.cell is not None:
        faults += place_faults(command.cell.code, command.cell.unit, day, "effective_date")
    return faults


def _refuse_what_another_states(stated: Stated, facts: Facts, command: CorrectCandidate) -> None:
    placed = stated.kind == "moved" or (stated.kind == "listed" and not facts.rows.get("moved"))
    said = {
        "cell_code": None if placed else command.cell,
        "reason": None if stated.kind == "struck" else command.reason,
        "voted_on": None if stated.kind == "admitted" else command.voted_on,
        "full_name": None if stated.kind == "listed" else command.who,
    }
    refuse_what_is_not_of(stated.number, said)


def _restated(
    one: Listed, state: Listed, number: int, day: date, decision_date: date | None, *, withdrawn: bool
) -> DecidedCandidate:
    event = CandidateRestated(
        effective_date=day,
        decision_date=decision_date,
        candidate_id=one.id,
        corrects=number,
        withdrawn=withdrawn,
        before=one.candidate,
        after=state.candidate,
    )
    return DecidedCandidate(replace(state, version=one.version + 1), event)
