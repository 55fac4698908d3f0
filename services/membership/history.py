"""A member's history: what their events say happened, and what that comes to from day to day. Pure.

The event log is the history. Each event of a member states a fact, numbered by the event's version; a later event
may take a fact's place or withdraw it, and may state one late. The facts that stand are told in the order of
their days, each as the next thing that happens to somebody: so nobody can leave who is not there, come who is
there, or be in two cells. From day to day they come to steps: what the member counted as; and to spells: what held
of them beside. Whatever is late or corrected is decided by comparing steps and spells before and after
(`corrections`), so no figure needs to know why it changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from contracts.membership import (
    Cause,
    DepartureReason,
    Fact,
    FactKind,
    MemberAdmitted,
    MemberChange,
    MemberConfirmed,
    MemberEvent,
    MemberHistoryRestatedV2,
    MemberLeft,
    MemberMoved,
    MemberProfileChanged,
    MemberReceived,
    MemberRestored,
    MemberState,
    MoveReason,
    Standing,
    Step,
)
from contracts.spells import (
    MemberExempted,
    MemberExemptionEnded,
    MemberSuspended,
    MemberSuspensionLifted,
    MemberTemporaryStayBegan,
    MemberTemporaryStayEnded,
    Spell,
    SpellBegan,
    SpellEnded,
    SpellKind,
)
from services.membership.clocks import Seniority
from services.membership.domain import TYPE_LABELS, DomainError, Organisation, absent_cell
from services.membership.faults import Fault

ENTRIES: Final = frozenset({FactKind.ADMITTED, FactKind.RECEIVED, FactKind.RESTORED})
"""The ways into the register."""
SPELLS: Final[Mapping[FactKind, FactKind]] = {
    FactKind.EXEMPTED: FactKind.EXEMPTION_ENDED,
    FactKind.SUSPENDED: FactKind.SUSPENSION_LIFTED,
    FactKind.TEMPORARY_STAY_BEGAN: FactKind.TEMPORARY_STAY_ENDED,
}
"""What begins beside where a member counts, and how it ends; leaving the register ends all of them."""
SPELL_KINDS: Final[Mapping[FactKind, SpellKind]] = {
    FactKind.EXEMPTED: SpellKind.EXEMPTION,
    FactKind.EXEMPTION_ENDED: SpellKind.EXEMPTION,
    FactKind.SUSPENDED: SpellKind.SUSPENSION,
    FactKind.SUSPENSION_LIFTED: SpellKind.SUSPENSION,
    FactKind.TEMPORARY_STAY_BEGAN: SpellKind.TEMPORARY_STAY,
    FactKind.TEMPORARY_STAY_ENDED: SpellKind.TEMPORARY_STAY,
}
"""What each fact of a spell begins or ends."""

_ENDS: Final = frozenset(SPELLS.values())
_ORDER: Final = {kind: (kind not in _ENDS, place) for place, kind in enumerate(FactKind)}
"""Which fact of a day is tried first: what ends beside, before the move or departure that would end it as well."""
_WAYS_BACK: Final[Mapping[FactKind, frozenset[DepartureReason]]] = {
    FactKind.RECEIVED: frozenset({DepartureReason.TRANSFERRED_OUT, DepartureReason.UNSTATED}),
    FactKind.RESTORED: frozenset(
        {
            DepartureReason.REMOVED,
            DepartureReason.EXPELLED,
            DepartureReason.RESIGNED,
            DepartureReason.UNSTATED,
        }
    ),
    FactKind.ADMITTED: frozenset(
        {
            DepartureReason.REMOVED,
            DepartureReason.EXPELLED,
            DepartureReason.RESIGNED,
            DepartureReason.UNSTATED,
        }
    ),
}
"""After which departures somebody may come in again in each way."""
_PERSONAL: Final = ("gender", "ethnic_minority", "religious", "birth_date")
"""What of a state is who somebody is: one for the whole of a life, as it was stated last."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact that stands, and its number: the version of the event that stated it."""

    number: int
    fact: Fact

    @property
    def day(self) -> date:
        """From when it is true."""
        return self.fact.effective_date


@dataclass(frozen=True, slots=True)
class History:
    """The facts that stand, and what became of the others."""

    facts: tuple[Numbered, ...] = ()
    replaced: Mapping[int, int | None] = field(default_factory=dict)
    """By the number of a fact that stands no more, that of the fact in its place; None where it was withdrawn."""
    cells: Mapping[UUID, Organisation] = field(default_factory=dict)
    """The cells that the facts speak of."""

    def of(self, kind: FactKind) -> Numbered | None:
        """Return the first fact of a kind that stands."""
        return next((known for known in self.facts if known.fact.kind is kind), None)

    def up_to(self, day: date) -> "History":
        """Return what had happened by a day, with all that is known of it."""
        return replace(self, facts=tuple(known for known in self.facts if known.day <= day))

    def restated(
        self, number: int, corrects: int | None, fact: Fact | None, cell: Organisation | None = None
    ) -> "History":
        """Return the history after event `number`, which states `fact` late or in the place of fact `corrects`.

        `cell` is the one that the fact speaks of, if it is new to this history.
        """
        facts = tuple(known for known in self.facts if known.number != corrects)
        if fact is not None:
            facts = (*facts, Numbered(number, fact))
        gone = {} if corrects is None else {corrects: number if fact else None}
        cells = self.cells if cell is None else {**self.cells, cell.id: cell}
        return History(facts, {**self.replaced, **gone}, cells)


@dataclass(slots=True)
class Life:
    """What the facts come to, told up to some day: what a member counts as, and why they do."""

    state: MemberState | None = None
    entry: Numbered | None = None
    confirmed: Numbered | None = None
    """In the period of membership that the last entry began."""
    left: Numbered | None = None
    """The last departure."""
    last: Numbered | None = None
    """The last fact that changed what they count as, or where."""
    seniority: Seniority | None = None
    """From when party age counts."""
    open: dict[SpellKind, Spell] = field(default_factory=dict)
    """What holds beside."""
    spells: list[Spell] = field(default_factory=list)
    """What held beside and is over."""


def history_of(events: Iterable[MemberEvent], cells: Mapping[UUID, Organisation] | None = None) -> History:
    """Return the history that a member's events tell, given in their order from the first."""
    history = History(cells=cells or {})
    for number, event in enumerate(events, 1):
        history = followed(history, number, event)
    return history


def followed(history: History, number: int, event: MemberEvent) -> History:
    """Return the history after one more event, the member's `number`th; its cell must be known already."""
    corrects = event.corrects if isinstance(event, MemberHistoryRestatedV2) else None
    return history.restated(number, corrects, stated(event))


def stated(event: MemberEvent) -> Fact | None:
    """Return the fact that an event states; None for one that withdraws."""
    return event.fact if isinstance(event, MemberHistoryRestatedV2) else _fact_of(event)


def cells_of(facts: Iterable[Fact]) -> set[UUID]:
    """Return the ids of the cells that facts speak of."""
    return {id_ for fact in facts for id_ in (fact.cell_id, fact.state and fact.state.cell_id) if id_}


def _fact_of(event: MemberChange | SpellBegan | SpellEnded) -> Fact:
    """Return the fact that an event of the ordinary course states."""
    fact = Fact(
        kind=_KINDS[type(event)], effective_date=event.effective_date, decision_date=event.decision_date
    )
    match event:
        case MemberAdmitted():
            about: dict[str, object] = {"state": _as_fact(event)}
        case MemberReceived():
            about = {
                "state": _as_fact(event),
                "official_on": event.official_on,
                "admission_decided_on": event.admission_decided_on,
            }
        case MemberRestored():
            about = {"state": _as_fact(event), "official_on": event.official_on}
        case MemberConfirmed():
            return fact
        case MemberProfileChanged():
            about = {"profile": event.profile}
        case MemberMoved():
            about = {"cell_id": event.after.cell_id, "move": event.reason}
        case MemberLeft():
            about = {"reason": event.reason}
        case MemberExempted() | MemberSuspended() | MemberTemporaryStayBegan():
            about = {"until": event.after.until, "cell_id": event.after.cell_id}
        case MemberExemptionEnded() | MemberSuspensionLifted() | MemberTemporaryStayEnded():
            return fact
    return fact.model_copy(update=about)


def _as_fact(entry: MemberAdmitted | MemberReceived | MemberRestored) -> MemberState:
    """Return as what somebody entered; of the day they joined only another one, which does not move with it."""
    state = entry.after
    joined_on = None if state.joined_on == entry.effective_date else state.joined_on
    return state.model_copy(update={"joined_on": joined_on, "party_since": None})


_KINDS: Final[Mapping[type[MemberChange | SpellBegan | SpellEnded], FactKind]] = {
    MemberAdmitted: FactKind.ADMITTED,
    MemberReceived: FactKind.RECEIVED,
    MemberRestored: FactKind.RESTORED,
    MemberConfirmed: FactKind.CONFIRMED,
    MemberProfileChanged: FactKind.PROFILED,
    MemberMoved: FactKind.MOVED,
    MemberLeft: FactKind.LEFT,
    MemberExempted: FactKind.EXEMPTED,
    MemberExemptionEnded: FactKind.EXEMPTION_ENDED,
    MemberSuspended: FactKind.SUSPENDED,
    MemberSuspensionLifted: FactKind.SUSPENSION_LIFTED,
    MemberTemporaryStayBegan: FactKind.TEMPORARY_STAY_BEGAN,
    MemberTemporaryStayEnded: FactKind.TEMPORARY_STAY_ENDED,
}


def steps_of(history: History) -> list[Step]:
    """Return what the member counted as, from day to day. Raises DomainError where the facts cannot all be true."""
    return [step for _, step in _told(history, Life()) if step is not None]


def life_of(history: History) -> Life:
    """Return what all the facts come to. Raises DomainError where they cannot all be true."""
    life = Life()
    for _ in _told(history, life):
        pass
    return life


def spells_of(history: History) -> tuple[Spell, ...]:
    """Return what held beside where the member counted, by its days. Raises DomainError as `steps_of`."""
    life = life_of(history)
    return tuple(sorted((*life.spells, *life.open.values()), key=lambda spell: (spell.from_on, spell.fact)))


def _told(history: History, life: Life) -> Iterator[tuple[Numbered, Step | None]]:
    """Tell the facts in the order of their days, changing `life`; yield each with the step it makes, if any.

    Of the facts of one day each comes when it can: somebody may be admitted and leave, or leave and come back. Those
    alike keep their order, though: of two moves the one told last says where somebody is in the end.
    """
    waiting = sorted(_of_one_person(history.facts), key=_in_order)
    while waiting:
        today = [next(alike) for _, alike in groupby(waiting, _day_and_kind)]
        today = [known for known in today if known.day == waiting[0].day]
        refused = [(known, _conflict(life, known, waiting)) for known in today]
        possible = next((known for known, fault in refused if fault is None), None)
        if possible is None:
            raise DomainError([fault for _, fault in refused[:1] if fault])
        waiting.remove(possible)
        before = life.state
        _happens(life, possible)
        counts = possible.fact.kind not in SPELL_KINDS
        step = Step(
            effective_date=possible.day, before=before, after=life.state, cause=_cause(possible.fact)
        ) if counts else None  # fmt: skip
        yield possible, step


def _of_one_person(facts: tuple[Numbered, ...]) -> list[Numbered]:
    """Return the facts with who somebody is as it was stated last, in every entry: they were nobody else before."""
    entries = [known for known in facts if known.fact.state is not None]
    if len(entries) < 2:
        return list(facts)
    latest = max(entries, key=lambda known: known.number).fact.state
    who = {name: getattr(latest, name) for name in _PERSONAL}
    return [
        Numbered(
            known.number, known.fact.model_copy(update={"state": known.fact.state.model_copy(update=who)})
        )
        if known.fact.state
        else known
        for known in facts
    ]


def _in_order(known: Numbered) -> tuple[date, tuple[bool, int], int]:
    return known.day, _ORDER[known.fact.kind], known.number


def _day_and_kind(known: Numbered) -> tuple[date, FactKind]:
    return known.day, known.fact.kind


def _happens(life: Life, known: Numbered) -> None:
    fact, kind = known.fact, known.fact.kind
    if kind in SPELLS:
        life.open[SPELL_KINDS[kind]] = Spell(
            kind=SPELL_KINDS[kind],
            fact=known.number,
            from_on=known.day,
            until=fact.until,
            cell_id=fact.cell_id,
        )
        return
    if kind in SPELL_KINDS:
        _end(life, SPELL_KINDS[kind], known.day)
        return
    life.last = known
    if kind in ENTRIES:
        life.seniority = seniority = _seniority(life, known)
        life.state, life.entry, life.confirmed = _entered(fact, seniority), known, None
    elif kind is FactKind.LEFT:
        life.state, life.left = None, known
        for open_ in list(life.open):
            _end(life, open_, known.day)
    else:
        if kind is FactKind.CONFIRMED:
            life.confirmed = known
        life.state = life.state and life.state.model_copy(update=_update(fact))
        stay = life.open.get(SpellKind.TEMPORARY_STAY)
        if kind is FactKind.MOVED and stay and stay.cell_id == fact.cell_id:
            _end(life, stay.kind, known.day)


def _entered(fact: Fact, seniority: Seniority) -> MemberState | None:
    """Return as what somebody enters, with when they joined and since when party age counts."""
    if fact.state is None:
        return None
    joined_on = fact.state.joined_on or fact.effective_date
    return fact.state.model_copy(
        update={"joined_on": joined_on, "party_since": seniority.stated_since(joined_on)}
    )


def _end(life: Life, kind: SpellKind, day: date) -> None:
    life.spells.append(life.open.pop(kind).model_copy(update={"ended_on": day}))


def _seniority(life: Life, entry: Numbered) -> Seniority:
    """Return from when party age counts after an entry (Quy định 24-QĐ/TW, mục 4.5; Hướng dẫn 01-HD/TW, mục 5.3).

    Who is admitted again keeps the years before, less the time between; for who is restored, or was a member
    elsewhere meanwhile, they go on as if nothing had been.
    """
    fact = entry.fact
    joined_on = (fact.state.joined_on if fact.state else None) or entry.day
    if life.seniority is None or life.left is None:
        decided_on = fact.decision_date if fact.kind is FactKind.ADMITTED else fact.admission_decided_on
        return Seniority.of(joined_on, decided_on)
    if fact.kind is FactKind.ADMITTED:
        return Seniority(life.seniority.since + (entry.day - life.left.day), life.seniority.counted_from)
    if fact.admission_decided_on is not None:
        return Seniority.of(joined_on, fact.admission_decided_on)
    return life.seniority


def _update(fact: Fact) -> dict[str, object]:
    match fact.kind:
        case FactKind.CONFIRMED:
            return {"standing": Standing.OFFICIAL}
        case FactKind.MOVED:
            return {"cell_id": fact.cell_id}
        case _:
            return {} if fact.profile is None else _said(fact)


def _said(fact: Fact) -> dict[str, object]:
    return {name: value for name, value in fact.profile or () if value is not None}


def _conflict(life: Life, known: Numbered, waiting: list[Numbered]) -> Fault | None:
    """Return why something cannot be what happens next."""
    if known.fact.kind in ENTRIES:
        return _entry_conflict(life, known)
    if life.state is None:
        return _absence(life, known, waiting)
    if known.fact.kind in SPELL_KINDS:
        return _spell_conflict(life, known)
    return _change_conflict(life, life.state, known)


def _change_conflict(life: Life, state: MemberState, known: Numbered) -> Fault | None:
    fact, kind = known.fact, known.fact.kind
    if kind is FactKind.CONFIRMED and state.standing is Standing.OFFICIAL:
        return Fault("already-confirmed", "official_on", {"official_on": _confirmed_on(life, known)})
    if kind is FactKind.MOVED and fact.cell_id == state.cell_id:
        return Fault("already-in-cell", "cell_code", {"day": known.day})
    if kind is FactKind.PROFILED and state.model_copy(update=_said(fact)) == state:
        return Fault("profile-unchanged", "effective_date", {"day": known.day})
    return None


def _spell_conflict(life: Life, known: Numbered) -> Fault | None:
    fact = known.fact
    kind = SPELL_KINDS[fact.kind]
    begun = life.open.get(kind)
    if fact.kind not in SPELLS:
        if begun is not None:
            return None
        return Fault("not-so", "effective_date", {"what": SPELL_LABELS[kind], "day": known.day})
    if begun is not None:
        since = begun.from_on if begun.fact < known.number else known.day
        return Fault("already-so", "effective_date", {"what": SPELL_LABELS[kind], "since": since})
    if fact.until is not None and fact.until <= known.day:
        return Fault("planned-before-beginning", "until", {"until": fact.until, "day": known.day})
    if life.state is not None and fact.cell_id == life.state.cell_id:
        return Fault("stay-at-home", "cell_code", {"day": known.day})
    return None


SPELL_LABELS: Final[Mapping[SpellKind, str]] = {
    SpellKind.EXEMPTION: "miễn công tác và sinh hoạt đảng",
    SpellKind.SUSPENSION: "đình chỉ sinh hoạt đảng",
    SpellKind.TEMPORARY_STAY: "sinh hoạt đảng tạm thời ở chi bộ khác",
}


def _entry_conflict(life: Life, known: Numbered) -> Fault | None:
    kind = known.fact.kind
    if life.state is not None and life.entry is not None:
        since = _known_first(life.entry, known).day
        return Fault("already-in-register", "effective_date", {"since": since})
    if life.left is None:
        return None if kind is not FactKind.RESTORED else Fault("never-left", "effective_date")
    reason = life.left.fact.reason or DepartureReason.UNSTATED
    if reason not in _WAYS_BACK[kind]:
        why = {"left_on": life.left.day, "reason": REASON_LABELS[reason]}
        return Fault("no-way-back", "effective_date", why)
    return None


REASON_LABELS: Final[Mapping[DepartureReason, str]] = {
    DepartureReason.TRANSFERRED_OUT: "chuyển sinh hoạt đảng đi",
    DepartureReason.RESIGNED: "xin ra khỏi Đảng",
    DepartureReason.REMOVED: "bị xóa tên",
    DepartureReason.EXPELLED: "bị khai trừ",
    DepartureReason.DIED: "từ trần",
    DepartureReason.UNSTATED: "không rõ lý do",
}


def _absence(life: Life, known: Numbered, waiting: list[Numbered]) -> Fault:
    """Return why something cannot happen to somebody who is not in the register that day."""
    day = known.day
    if life.left is not None:
        left_on = _known_first(life.left, known).day
        if known.fact.kind is FactKind.LEFT:
            return Fault("already-left", "left_on", {"left_on": left_on})
        if known.fact.kind is FactKind.CONFIRMED:
            return Fault(
                "left-before-confirmation", "left_on", {"left_on": life.left.day, "official_on": day}
            )
        return Fault("gone-by-then", "effective_date", {"left_on": life.left.day, "day": day})
    admitted_on = next((later.day for later in waiting if later.fact.kind in ENTRIES), day)
    if known.fact.kind is FactKind.LEFT:
        return Fault("left-before-admission", "left_on", {"left_on": day, "admitted_on": admitted_on})
    if known.fact.kind is FactKind.CONFIRMED:
        dates = {"official_on": day, "admitted_on": admitted_on}
        return Fault("confirmed-before-admission", "official_on", dates)
    return Fault("not-there-yet", "effective_date", {"day": day, "admitted_on": admitted_on})


def _confirmed_on(life: Life, known: Numbered) -> date:
    if life.confirmed is not None:
        return _known_first(life.confirmed, known).day
    entry = life.entry
    return (entry.fact.official_on or entry.day) if entry else known.day


def _known_first(one: Numbered, other: Numbered) -> Numbered:
    """Return the one of two facts that was stated first: the other is what is asked for."""
    return one if one.number < other.number else other


def cause_of(event: MemberChange) -> Cause:
    """Return why what somebody counts as changes with an event of the ordinary course."""
    if isinstance(event, MemberLeft | MemberMoved):
        return Cause(event.reason.value)
    return _CAUSES[_KINDS[type(event)]]


def _cause(fact: Fact) -> Cause:
    if fact.kind is FactKind.LEFT:
        return Cause((fact.reason or DepartureReason.UNSTATED).value)
    if fact.kind is FactKind.MOVED:
        return Cause((fact.move or MoveReason.TRANSFER).value)
    return _CAUSES[fact.kind]


_CAUSES: Final = {
    FactKind.ADMITTED: Cause.ADMITTED,
    FactKind.RECEIVED: Cause.RECEIVED,
    FactKind.RESTORED: Cause.RESTORED,
    FactKind.CONFIRMED: Cause.CONFIRMED,
    FactKind.PROFILED: Cause.PROFILE,
}


def misplaced(steps: list[Step], cells: Mapping[UUID, Organisation]) -> list[Fault]:
    """Return why somebody cannot have been where the first of these steps that is wrong says.

    They come to a cell of that day, and it stays one while they are there. That it ended meanwhile is no error: they
    go on counting (DESIGN: Input files).
    """
    followers: list[Step | None] = [*steps[1:], None]
    for step, following in zip(steps, followers, strict=False):
        if step.after is None or (cell := cells.get(step.after.cell_id)) is None:
            continue
        came = step.before is None or step.before.cell_id != step.after.cell_id
        admitted = step.before is None and step.after.joined_on == step.effective_date
        column = "admitted_on" if admitted else "effective_date"
        if came and (found := absent_cell(cell, step.effective_date, column)):
            return found
        for state in cell.states_from(step.effective_date):
            day = max(state.since, step.effective_date)
            if not state.type.is_cell and (following is None or day < following.effective_date):
                known = {"value": cell.code, "type": TYPE_LABELS[state.type], "day": day}
                return [Fault("not-a-cell-then", "cell_code", known)]
    return []


def hosts_misplaced(spells: Iterable[Spell], cells: Mapping[UUID, Organisation]) -> list[Fault]:
    """Return why somebody cannot have begun to stay where the first of these spells that is wrong says."""
    for spell in spells:
        if spell.cell_id is None or (host := cells.get(spell.cell_id)) is None:
            continue
        day = spell.from_on
        there = host.established_on <= day and (host.dissolved_on is None or day < host.dissolved_on)
        if not (there and host.on(day).type.is_cell):
            return [Fault("host-no-cell", "cell_code", {"value": host.code, "day": day})]
    return []
