"""A reorganisation on its way: units as they are by now, what was decided, and what is in the way. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from chassis.faults import Fault as AnyFault
from contracts.membership import Fact, FactKind, MemberState, MoveReason, Standing
from contracts.reorganisations import OrganisationsMerged, OrganisationSplit
from services.membership import thresholds
from services.membership.corrections import record
from services.membership.domain import (
    Decided,
    DissolveOrganisation,
    DomainError,
    EstablishOrganisation,
    Organisation,
    decide_dissolution,
    decide_establishment,
)
from services.membership.faults import Fault, shown
from services.membership.history import History, steps_of
from services.membership.members import Member
from services.membership.organisations import Relatives, ReparentOrganisation, day_faults, decide_reparenting
from services.membership.reorganisations.orders import Known, NewUnit, Order, Part, Person, Reorganised


def on_day(history: History, day: date) -> MemberState | None:
    """Return what somebody counts as on a day; None where they do not."""
    past = [step for step in steps_of(history) if step.effective_date <= day]
    return past[-1].after if past else None


class Work:
    """A decision on its way: units as they are by now, what was decided, and what is wrong."""

    def __init__(self, known: Known, order: Order) -> None:
        self._day = order.effective_date
        self._order = order
        self._known = known
        self._units = dict(known.units)
        self._decided: list[Decided[Organisation]] = []
        self._ended: list[Decided[Organisation]] = []
        self._moved: list[Decided[Member]] = []
        self._moved_to: dict[UUID, UUID] = {}
        self.faults: list[Fault] = []

    def refuse(self) -> None:
        """Raise DomainError with what is wrong so far, if anything is."""
        if self.faults:
            raise DomainError(self.faults)

    def units_named(self, column: str, codes: Sequence[str]) -> list[Organisation]:
        """Return the units of these codes, which are there the day before and on the day, none named twice."""
        found = []
        for code, count in Counter(codes).items():
            unit = self._units.get(code)
            value = {"value": shown(column, code)}
            if count > 1:
                self.faults.append(Fault("named-twice", column, value))
            if unit is None:
                self.faults.append(Fault("unknown-unit", column, value))
            elif faults := day_faults(unit, self._day):
                self.faults += [_about("unit-in-the-way", code, fault) for fault in faults]
            else:
                found.append(unit)
        return found

    def relatives(self, unit: Organisation) -> Relatives:
        """Return the units that a unit must fit to, as they are by now."""
        children = [
            other
            for other in self._units.values()
            if any(state.parent_id == unit.id for state in other.states)
        ]
        return Relatives(parents=self._units, children=children)

    def take(self, decided: Decided[Organisation]) -> Organisation:
        """Note what was decided of a unit, and return it."""
        self._decided.append(decided)
        self._units[decided.state.code] = decided.state
        return decided.state

    def unit_named(self, column: str, code: str) -> Organisation:
        """Return the unit of a code, which is there the day before and on the day. Raises DomainError otherwise."""
        found = self.units_named(column, [code])
        self.refuse()
        [unit] = found
        return unit

    def found(self, wanted: Iterable[tuple[str, NewUnit]], new_id: Callable[[], UUID]) -> list[Organisation]:
        """Return units founded on the day, given by code. Raises DomainError, each named, where they cannot be."""
        founded = []
        for code, new in wanted:
            if code in self._units:
                self.faults.append(Fault("unit-code-taken", "code", {"value": shown("code", code)}))
                continue
            command = EstablishOrganisation(
                code=code,
                parent_code=new.parent_code,
                type=new.type,
                name=new.name,
                established_on=self._day,
                decision_date=self._order.decision_date,
                document=self._order.document,
            )
            parent = self._units.get(new.parent_code) if new.parent_code else None
            try:
                founded.append(self.take(decide_establishment(command, parent=parent, new_id=new_id())))
            except DomainError as error:
                self.faults += [_about("unit-not-founded", code, fault) for fault in error.faults]
        self.refuse()
        return founded

    def children_on_day(self, unit: Organisation) -> list[Organisation]:
        """Return the units that hang under a unit on the day and were there before it, by code."""
        return sorted(
            (
                child
                for child in self._units.values()
                if child.established_on < self._day
                and (child.dissolved_on is None or child.dissolved_on > self._day)
                and child.on(self._day).parent_id == unit.id
            ),
            key=lambda child: child.code,
        )

    def members_on_day(self, cell: Organisation) -> list[Person]:
        """Return who belongs to a cell on the day, as was known before."""
        return [
            person
            for person in self._known.people
            if (state := on_day(person.history, self._day)) and state.cell_id == cell.id
        ]

    def hang(self, children: Iterable[Organisation], under: Organisation) -> None:
        """Hang units under another one from the day on."""
        for child in children:
            command = ReparentOrganisation(
                parent_code=under.code,
                effective_date=self._day,
                decision_date=self._order.decision_date,
                document=self._order.document,
            )
            try:
                self.take(decide_reparenting(child, command, self.relatives(child)))
            except DomainError as error:
                self.faults += [_about("unit-in-the-way", child.code, fault) for fault in error.faults]

    def move(self, people: Iterable[Person], to: Organisation, reason: MoveReason) -> None:
        """Move members to a cell from the day on, whatever is known of them after it."""
        fact = Fact(
            kind=FactKind.MOVED,
            effective_date=self._day,
            decision_date=self._order.decision_date,
            cell_id=to.id,
            move=reason,
        )
        by_id = {unit.id: unit for unit in self._units.values()}
        for person in people:
            cells = {id_: by_id.get(id_, cell) for id_, cell in person.history.cells.items()}
            try:
                decided = record(person.member, replace(person.history, cells=cells), fact, cell=to)
            except DomainError as error:
                self.faults += [
                    _about("member-in-the-way", person.member.code, fault) for fault in error.faults
                ]
            else:
                self._moved.append(decided)
                self._moved_to[person.member.id] = to.id

    def place(
        self,
        source: Organisation,
        parts: Sequence[tuple[Part, Organisation]],
        reason: MoveReason,
        *,
        all_of_it: bool,
    ) -> None:
        """Move what each part names into it; `all_of_it` where nothing may stay behind."""
        is_cell = self._known.units[source.code].on(self._day).type.is_cell
        people = {person.member.code: person for person in self.members_on_day(source)} if is_cell else {}
        children = {} if is_cell else {child.code: child for child in self.children_on_day(source)}
        there: Collection[str] = people or children
        column = "members" if is_cell else "units"
        named = Counter(code for part, _ in parts for code in (part.members if is_cell else part.units))
        for part, unit in parts:
            if part.units if is_cell else part.members:
                self.faults.append(Fault("not-of-this-kind", "units" if is_cell else "members"))
            self.move((people[code] for code in part.members if code in people), unit, reason)
            self.hang((children[code] for code in part.units if code in children), unit)
        for code, count in named.items():
            facts = {"value": shown(column, code), "unit": source.code, "day": self._day}
            if count > 1:
                self.faults.append(Fault("named-twice", column, facts))
            elif code not in there:
                self.faults.append(Fault("not-in-unit-that-day", column, facts))
        if all_of_it and (left := sorted(set(there) - named.keys())):
            self.faults.append(Fault("not-placed", column, _listed(left)))

    def end(self, units: Sequence[Organisation]) -> None:
        """Dissolve units on the day. What comes into one of them then or later is in the way."""
        command = DissolveOrganisation(
            dissolved_on=self._day, decision_date=self._order.decision_date, document=self._order.document
        )
        for unit in units:
            try:
                decided = decide_dissolution(unit, command)
            except DomainError as error:
                self.faults += [_about("unit-in-the-way", unit.code, fault) for fault in error.faults]
            else:
                self._units[unit.code] = decided.state
                self._ended.append(decided)
        self.refuse()
        for unit in units:
            self.refuse_comers(unit)
            if later := sorted(
                other.code for other in self._units.values() if self._comes_under(other, unit)
            ):
                self.faults.append(Fault("units-come-later", None, {"unit": unit.code, **_listed(later)}))

    def refuse_comers(self, cell: Organisation) -> None:
        """Note who comes into a cell on the day or later."""
        comers = sorted(
            person.member.code
            for person in self._known.people
            if any(
                step.effective_date >= self._day and step.after and step.after.cell_id == cell.id
                and (step.before is None or step.before.cell_id != cell.id)
                for step in steps_of(person.history)
            )
        )  # fmt: skip
        if comers:
            facts = {"unit": cell.code, "day": self._day, **_listed(comers)}
            self.faults.append(Fault("members-come-later", None, facts))

    def _comes_under(self, other: Organisation, unit: Organisation) -> bool:
        """Return whether a unit hangs under another one on the day or later."""
        ends = [*(state.since for state in other.states[1:]), other.dissolved_on]
        return any(
            state.parent_id == unit.id and (end is None or end > self._day)
            for state, end in zip(other.states, ends, strict=True)
        )

    def too_few_members(self, cells: Iterable[Organisation]) -> Iterator[Fault]:
        """Yield a warning of each cell that has fewer official members on the day than a cell needs."""
        least = thresholds.LEAST_OFFICIAL_MEMBERS
        counts: Counter[UUID] = Counter()
        for person in self._known.people:
            state = on_day(person.history, self._day)
            if state is not None and state.standing is Standing.OFFICIAL:
                counts[self._moved_to.get(person.member.id, state.cell_id)] += 1
        for cell in cells:
            if counts[cell.id] < least.value:
                facts = {
                    "value": cell.code,
                    "official": counts[cell.id],
                    "least": least.value,
                    "source": least.source,
                }
                yield Fault("cell-of-few-members", "members", facts)

    def done(
        self, code: str, whole: OrganisationsMerged | OrganisationSplit | None, warnings: Sequence[Fault]
    ) -> Reorganised:
        """Return all that was decided: what is founded or changed first, then who moves, then what ends."""
        return Reorganised(
            unit=self._units[code],
            units=(*self._decided, *self._ended),
            members=tuple(self._moved),
            whole=whole,
            warnings=tuple(warnings),
        )


def _about(problem: str, code: str, fault: AnyFault) -> Fault:
    """Return a fault as one of the unit or member that has a code."""
    return Fault(problem, fault.column, {"code": code, "why": fault.message, "why_en": fault.message_en})


_MOST_NAMED: Final = 5
"""Codes that a message lists."""


def _listed(codes: Sequence[str]) -> dict[str, object]:
    first = ", ".join(shown("code", code) for code in codes[:_MOST_NAMED])
    return {"count": len(codes), "codes": first + (", …" if len(codes) > _MOST_NAMED else "")}
