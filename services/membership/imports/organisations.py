"""Rows of an organisations file, decided against one another and the register: a child may come before its parent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from chassis.faults import Fault as AnyFault
from services.membership import domain
from services.membership.domain import Decided, Organisation
from services.membership.faults import Fault, FaultsFound, shown
from services.membership.files import Located, Row
from services.membership.imports.cells import TYPES, Cells
from services.membership.imports.members import difference
from services.membership.imports.report import Plan


@dataclass(slots=True, eq=False)
class _Asked:
    """What a row asks for, as far as it can be read."""

    line: int
    code: str
    parent_code: str | None
    faults: Sequence[AnyFault]
    establish: domain.EstablishOrganisation | None = None
    dissolve: domain.DissolveOrganisation | None = None


@dataclass(slots=True)
class _Planner:
    asked: Mapping[str, _Asked]
    known: Mapping[str, Organisation]
    settled: dict[str, Organisation | None] = field(default_factory=dict)
    """What each row came to: the unit after it, or None where the row is refused."""
    plan: Plan[Organisation] = field(default_factory=Plan)
    dependants: list[Located] = field(default_factory=list)

    def settle(self, row: _Asked) -> None:
        """Decide a row whose parent's row, if there is one, is decided already."""
        faults = [*row.faults]
        parent = self._parent(row)
        if isinstance(parent, Fault):
            faults.append(parent)
        else:
            try:
                decided = list(_decide(row, parent, self.known.get(row.code)))
            except FaultsFound as found:
                faults += found.faults
            else:
                unit = decided[-1].state if decided else self.known[row.code]
                self.settled[row.code] = unit
                self.plan.accept(
                    row.line, decided, domain.organisation_warnings(unit, parent) if decided else ()
                )
                return
        self.refuse(row, faults)

    def refuse(self, row: _Asked, faults: Iterable[AnyFault]) -> None:
        """Note a refused row; that a parent was refused is listed after the faults that it comes from."""
        self.settled[row.code] = None
        self.plan.refuse(row.line, [fault for fault in faults if fault.code != "parent-refused"])
        self.dependants += [Located(row.line, fault) for fault in faults if fault.code == "parent-refused"]

    def _parent(self, row: _Asked) -> Organisation | Fault | None:
        code = row.parent_code
        if code is None:
            return None
        if code not in self.asked:
            return self.known.get(code)
        parent = self.settled[code]
        if parent is None:
            facts = {"value": shown("parent_code", code), "parent_line": self.asked[code].line}
            return Fault("parent-refused", "parent_code", facts)
        return parent


def plan_organisations(rows: Iterable[Row], *, known: Mapping[str, Organisation]) -> Plan[Organisation]:
    """Return what is decided of all rows of a file; `known` is what the register has of the codes in them."""
    asked: dict[str, _Asked] = {}
    planner = _Planner(asked, known)
    for row in rows:
        read = _read(row, planner.plan.day_first)
        if not read.code:
            planner.plan.refuse(read.line, [Fault("value-missing", "code"), *read.faults])
        elif read.code in asked:
            facts = {"value": shown("code", read.code), "first_line": asked[read.code].line}
            planner.plan.refuse(read.line, [Fault("duplicate-code", "code", facts), *read.faults])
        else:
            asked[read.code] = read
    for row_ in _parents_first(planner):
        planner.settle(row_)
    planner.plan.errors.sort(key=lambda located: located.line)
    planner.plan.errors += sorted(planner.dependants, key=lambda located: located.line)
    planner.plan.warnings.sort(key=lambda located: located.line)
    return planner.plan


def _read(row: Row, day_first: Counter[str]) -> _Asked:
    cells = Cells(row, day_first)
    code, parent_code = cells.text("code"), cells.text("parent_code") or None
    if row.faults:  # its cells may stand under the wrong columns
        return _Asked(row.line, code, parent_code, row.faults)
    type_, established_on = cells.word("type", TYPES), cells.date("established_on")
    dissolved_on = cells.optional_date("dissolved_on")
    asked = _Asked(row.line, code, parent_code, cells.faults)
    if not cells.faults and type_ and established_on:
        asked.establish = domain.EstablishOrganisation(
            code=code,
            parent_code=parent_code,
            type=type_,
            name=cells.text("name"),
            established_on=established_on,
        )
        asked.dissolve = domain.DissolveOrganisation(dissolved_on=dissolved_on) if dissolved_on else None
    return asked


def _parents_first(planner: _Planner) -> Iterator[_Asked]:
    """Yield the rows so that a parent's row comes before its children's; refuse those that go in a circle."""
    asked, settled = planner.asked, planner.settled
    for row in asked.values():
        path: list[_Asked] = []
        at: _Asked | None = row
        on_path: set[str] = set()
        while at and at.code not in settled and at.code not in on_path:
            path.append(at)
            on_path.add(at.code)
            at = asked.get(at.parent_code) if at.parent_code else None
        if at and at.code in on_path:
            circle = path[path.index(at) :]
            names = " → ".join(unit.code[:60] for unit in [*circle[:20], at])
            for unit in circle:
                planner.refuse(unit, [Fault("cyclic-tree", "parent_code", {"cycle": names}), *unit.faults])
        for unit in reversed(path):
            if unit.code not in settled:
                yield unit


def _decide(
    row: _Asked, parent: Organisation | None, known: Organisation | None
) -> Iterator[Decided[Organisation]]:
    """Yield what the register does not have yet of a row's facts."""
    if row.establish is None:
        raise FaultsFound([])  # its faults are known: it cannot be read
    if known:
        differences = list(_differences(known, row.establish, row.dissolve))
        if differences:
            raise FaultsFound(differences)
        unit = known
    else:
        established = domain.decide_establishment(row.establish, parent=parent, new_id=uuid4())
        yield established
        unit = established.state
    if row.dissolve and unit.dissolved_on is None:
        yield domain.decide_dissolution(unit, row.dissolve)


def _differences(
    known: Organisation,
    establish: domain.EstablishOrganisation,
    dissolve: domain.DissolveOrganisation | None,
) -> Iterator[Fault]:
    """Yield each column in which a row says something else than the register; a newly filled end may."""
    compared: list[tuple[str, object, object]] = [
        ("parent_code", known.parent_code, establish.parent_code),
        ("type", known.type, establish.type),
        ("name", known.name, establish.name),
        ("established_on", known.established_on, establish.established_on),
    ]
    if known.dissolved_on:
        compared.append(("dissolved_on", known.dissolved_on, dissolve and dissolve.dissolved_on))
    for column, before, after in compared:
        if before != after:
            yield difference(column, before, after)
