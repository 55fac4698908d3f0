"""Rows of a members file, decided against the register."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from contracts.membership import DepartureReason, Fact, FactKind, MemberEvent, ProfileChange
from services.membership.clocks import CountedFrom
from services.membership.corrections import CorrectFact, decide_correction, is_late, record
from services.membership.domain import Decided, Organisation
from services.membership.faults import PERSONAL_COLUMNS, Fault, FaultsFound, shown
from services.membership.files import Row
from services.membership.history import History, followed, life_of
from services.membership.imports.cells import (
    EDUCATIONS,
    GENDERS,
    OCCUPATIONS,
    QUALIFICATIONS,
    REASONS,
    THEORIES,
    YES_NO,
    Cells,
)
from services.membership.imports.numbers import KnownNumbers
from services.membership.imports.report import Plan
from services.membership.members import (
    AdmitMember,
    ConfirmMember,
    Identity,
    Member,
    RecordDeparture,
    decide_admission,
    decide_confirmation,
    decide_departure,
    member_warnings,
    religion_of,
)
from services.membership.numbers.domain import Numbers, clean_number, number_faults, number_warnings
from services.membership.ways_in import ReceiveMember, decide_first_reception


@dataclass(frozen=True, slots=True)
class Commands:
    """What a row asks for."""

    admit: AdmitMember
    entered_on: date | None
    """The day on which they came, where that is not the day of their admission."""
    confirm: ConfirmMember | None
    depart: RecordDeparture | None
    numbers: Numbers


def plan_members(
    rows: Iterable[Row],
    *,
    cells: Mapping[str, Organisation],
    members: Mapping[str, Member],
    histories: Mapping[UUID, History],
    seen: dict[str, int],
    numbers: KnownNumbers | None = None,
) -> Plan[Any]:
    """Return what is decided of some rows of a file: of members, and of the numbers of some.

    `cells` and `members` are what the register has of the codes in these rows, `histories` those of the members
    to whom a row `adds`, `numbers` who has which, None where no row states any. `seen` is the line of each code of
    the file so far, kept by the caller from one part of the file to the next, as are the numbers that are taken.
    """
    plan: Plan[Any] = Plan()
    numbers = numbers or KnownNumbers()
    for row in rows:
        try:
            commands = _commands(row, seen, plan.day_first)
            cell = cells.get(commands.admit.cell_code)
            known = members.get(commands.admit.code)
            decided = list(_decide(commands, cell, known, histories))
            member = decided[-1].state if decided else known
            numbered = list(numbers.decided(commands.numbers, member)) if member else []
        except FaultsFound as found:
            plan.refuse(row.line, found.faults)
            continue
        warnings = member_warnings(decided[-1].state, cell) if decided and cell else []
        if numbered:
            warnings += number_warnings(commands.numbers)
        done: list[Any] = [*decided, *numbered]
        plan.accept(row.line, done, warnings)
    return plan


def _commands(row: Row, seen: dict[str, int], day_first: Counter[str]) -> Commands:
    """Return what a row asks for. Raises FaultsFound where it cannot be read."""
    if row.faults:
        raise FaultsFound(row.faults)  # its cells may stand under the wrong columns
    cells = Cells(row, day_first)
    code = cells.text("code")
    if code and seen.setdefault(code, row.line) != row.line:
        facts = {"value": shown("code", code), "first_line": seen[code]}
        cells.faults.append(Fault("duplicate-code", "code", facts))
    birth_date, admitted_on = cells.date("birth_date"), cells.date("admitted_on")
    gender, youth_union = cells.word("gender", GENDERS), cells.word("youth_union", YES_NO)
    official_on, left_on = cells.optional_date("official_on"), cells.optional_date("left_on")
    reason = cells.optional_word("left_reason", REASONS)
    if reason and not cells.text("left_on"):
        cells.faults.append(Fault("reason-without-date", "left_reason"))
    numbers = numbers_of(row)
    cells.faults += number_faults(numbers)
    if cells.faults or birth_date is None or admitted_on is None or gender is None or youth_union is None:
        raise FaultsFound(cells.faults)
    admit = AdmitMember(
        code=code,
        cell_code=cells.text("cell_code"),
        identity=Identity(
            full_name=cells.text("full_name"),
            birth_date=birth_date,
            ethnicity=cells.text("ethnicity"),
            religion=religion_of(cells.text("religion")),
        ),
        gender=gender,
        youth_union=youth_union,
        admitted_on=admitted_on,
        decision_date=cells.optional_date("admission_decided_on"),
        education=cells.optional_word("education", EDUCATIONS),
        qualification=cells.optional_word("qualification", QUALIFICATIONS),
        theory=cells.optional_word("theory", THEORIES),
        occupation=cells.optional_word("occupation", OCCUPATIONS),
    )
    entered_on = cells.optional_date("entered_on")
    if cells.faults:
        raise FaultsFound(cells.faults)
    confirm = ConfirmMember(official_on=official_on) if official_on else None
    unstated = DepartureReason.UNSTATED
    depart = RecordDeparture(left_on=left_on, reason=reason or unstated) if left_on else None
    return Commands(admit, entered_on, confirm, depart, numbers)


def numbers_of(row: Row) -> Numbers:
    """Return the numbers that stand in a row."""
    card, file = (clean_number(row.cells.get(column)) for column in ("card_number", "file_number"))
    return Numbers(card=card, file=file)


def adds(row: Row, member: Member) -> bool:
    """Return whether a row says something of a known member that the register does not."""
    says = row.cells
    return bool(
        (says.get("official_on") and member.official_on is None)
        or (says.get("left_on") and member.left_on is None)
        or (says.get("admission_decided_on") and _decided_on(member) is None)
        or any(says.get(name) and getattr(member, name) is None for name in _PROFILE)
    )


def _decide(
    commands: Commands,
    cell: Organisation | None,
    known: Member | None,
    histories: Mapping[UUID, History],
) -> Iterator[Decided[Member]]:
    """Yield what the register does not have yet of a row's facts."""
    admit, confirm, depart = commands.admit, commands.confirm, commands.depart
    if known:
        differences = list(_differences(known, commands))
        if differences:
            raise FaultsFound(differences)
        member = known
    else:
        entry = _entry(commands, cell)
        yield entry
        member = entry.state
    history = histories.get(member.id)
    if known and history is not None:
        for decided in _filled_in(known, history, admit):
            yield decided
            member, history = decided.state, followed(history, decided.state.version, _event(decided))
    if confirm and member.official_on is None:
        if history is not None and is_late(member, confirm.official_on):
            confirmed = record(member, history, confirm.fact)
        else:
            confirmed = decide_confirmation(member, confirm)
        yield confirmed
        member = confirmed.state
        history = history and history.restated(member.version, None, confirm.fact)
    if depart and member.left_on is None:
        if history is not None:
            yield record(member, history, depart.fact)
        else:
            yield decide_departure(member, depart)


def _entry(commands: Commands, cell: Organisation | None) -> Decided[Member]:
    """Return how somebody comes in whom the register does not know: by admission, or from elsewhere as they are."""
    admit, entered_on, confirm = commands.admit, commands.entered_on, commands.confirm
    if entered_on is None or entered_on == admit.admitted_on:
        return decide_admission(admit, cell=cell, new_id=uuid4())
    official_on = confirm.official_on if confirm and confirm.official_on <= entered_on else None
    command = ReceiveMember(papers=admit, entered_on=entered_on, official_on=official_on)
    return decide_first_reception(command, cell=cell, new_id=uuid4())


def _filled_in(member: Member, history: History, admit: AdmitMember) -> Iterator[Decided[Member]]:
    """Yield what a row says that was not stated before: as true since the last entry, for no day is given."""
    entry = life_of(history).entry
    if entry is None:
        return
    if admit.decision_date and _decided_on(member) is None and entry.fact.kind is FactKind.ADMITTED:
        decided = decide_correction(
            member, history, CorrectFact(number=entry.number, decision_date=admit.decision_date)
        )
        yield decided
        member, history = decided.state, followed(history, decided.state.version, _event(decided))
    change = ProfileChange(
        **{name: getattr(admit, name) for name in _PROFILE if getattr(member, name) is None}
    )
    if change != ProfileChange():
        yield record(member, history, Fact(kind=FactKind.PROFILED, effective_date=entry.day, profile=change))


def _event(decided: Decided[Member]) -> MemberEvent:
    if not isinstance(decided.event, MemberEvent):
        raise TypeError("an event of a unit")
    return decided.event


_PROFILE: Final = ("education", "qualification", "theory", "occupation")


def _decided_on(member: Member) -> date | None:
    """Return the decision on admission from which party age counts; None where it is not known."""
    seniority = member.seniority
    return seniority.since if seniority.counted_from is CountedFrom.ADMISSION_DECISION else None


def _differences(known: Member, commands: Commands) -> Iterator[Fault]:
    """Yield each column in which a row says something else than the register; newly filled ones may."""
    admit, confirm, depart = commands.admit, commands.confirm, commands.depart
    old, new = known.identity, admit.identity
    compared: Sequence[tuple[str, object, object]] = (
        ("cell_code", known.cell_code, admit.cell_code),
        ("full_name", old.full_name, new.full_name),
        ("birth_date", old.birth_date, new.birth_date),
        ("gender", known.gender, admit.gender),
        ("ethnicity", old.ethnicity, new.ethnicity),
        ("religion", old.religion, new.religion),
        ("youth_union", known.youth_union, admit.youth_union),
        ("admitted_on", known.admitted_on, admit.admitted_on),
    )
    if commands.entered_on:
        compared = (*compared, ("entered_on", known.entered_on, commands.entered_on))
    filled: Sequence[tuple[str, object, object]] = (
        ("admission_decided_on", _decided_on(known), admit.decision_date),
        *((name, getattr(known, name), getattr(admit, name)) for name in _PROFILE),
    )
    compared = (*compared, *(one for one in filled if None not in one))
    if known.official_on:
        compared = (*compared, ("official_on", known.official_on, confirm and confirm.official_on))
    if known.left_on:
        compared = (
            *compared,
            ("left_on", known.left_on, depart and depart.left_on),
            ("left_reason", known.left_reason, depart and depart.reason),
        )
    for column, before, after in compared:
        if before != after:
            yield difference(column, before, after)


def difference(column: str, old: object, new: object) -> Fault:
    """Return the fault of a column that differs from the register, without its values where it is personal."""
    if column in PERSONAL_COLUMNS:
        return Fault("personal-differs-from-register", column)
    values = {"old": _said(column, old), "new": _said(column, new)}
    return Fault("differs-from-register", column, values)


def _said(column: str, value: object) -> str | date:
    if isinstance(value, date):
        return value
    return "trống" if value is None else shown(column, str(value))
