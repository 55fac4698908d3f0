"""A member whose life goes on as somebody decides, with all events so far, and strategies for what is decided."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import strategies as st

from contracts.membership import (
    DepartureReason,
    Fact,
    FactKind,
    Gender,
    MoveReason,
    OrganisationType,
    ProfileChange,
    Standing,
)
from services.membership.corrections import (
    CorrectedMember,
    CorrectFact,
    Place,
    WithdrawFact,
    decide_correction,
    decide_withdrawal,
    is_late,
    record,
)
from services.membership.domain import DomainError, Organisation
from services.membership.history import ENTRIES, SPELLS, History, history_of, spells_of
from services.membership.members import (
    AdmitMember,
    ConfirmMember,
    Identity,
    RecordDeparture,
    decide_admission,
    decide_confirmation,
    decide_departure,
)

ADMITTED, CONFIRMED, LEFT = date(2019, 5, 19), date(2020, 5, 19), date(2020, 9, 1)
WHO = Identity(full_name="Lò Thị Ánh", birth_date=date(1996, 2, 29), ethnicity="Thái", religion=None)


def cell(code="K.01", established=date(2000, 1, 1)):
    return Organisation(
        id=uuid4(), code=code, name="Chi bộ", type=OrganisationType.GRASSROOTS_CELL, parent_id=uuid4(),
        parent_code="K", established_on=established,
    )  # fmt: skip


HOME = cell()


AWAY = cell("K.02")
CELLS = {HOME.id: HOME, AWAY.id: AWAY}


class Life:
    """A member and all events so far, as the log would hold them."""

    def __init__(self):
        command = AdmitMember(
            code="DV-1",
            cell_code=HOME.code,
            identity=WHO,
            gender=Gender.FEMALE,
            youth_union=True,
            admitted_on=ADMITTED,
        )
        first = decide_admission(command, cell=HOME, new_id=uuid4())
        self.member, self.events = first.state, [first.event]
        self.beside = ()
        self.cells = dict(CELLS)

    @property
    def history(self) -> History:
        return history_of(self.events, self.cells)

    def take(self, decided):
        assert decided.state.version == len(self.events) + 1
        self.member = decided.state
        self.events.append(decided.event)
        self.beside = self.beside if decided.spells is None else decided.spells
        return decided.event

    def record(self, kind, day, cell=None, **about):
        """Record any fact, whenever it becomes known."""
        fact = Fact(kind=kind, effective_date=day, **about)
        return self.take(record(self.member, self.history, fact, cell=cell))

    def confirm(self, day=CONFIRMED):
        """Confirm somebody of whom nothing later is known; else say so late."""
        if is_late(self.member, day):
            return self.record(FactKind.CONFIRMED, day)
        return self.take(decide_confirmation(self.member, ConfirmMember(official_on=day)))

    def leave(self, day=LEFT, reason=DepartureReason.RESIGNED):
        if is_late(self.member, day) or spells_of(self.history):
            return self.record(FactKind.LEFT, day, reason=reason)
        return self.take(decide_departure(self.member, RecordDeparture(left_on=day, reason=reason)))

    def confirm_late(self, day=CONFIRMED):
        return self.record(FactKind.CONFIRMED, day)

    def move(self, day, where=AWAY, reason=MoveReason.TRANSFER):
        return self.record(FactKind.MOVED, day, where, cell_id=where.id, move=reason)

    def profile(self, day, **change):
        return self.record(FactKind.PROFILED, day, profile=ProfileChange(**change))

    def begin(self, kind, day, until=None, host=AWAY):
        """Begin an exemption, a suspension or a temporary stay."""
        if kind is FactKind.TEMPORARY_STAY_BEGAN:
            return self.record(kind, day, host, until=until, cell_id=host.id)
        return self.record(kind, day, until=until)

    def end(self, kind, day):
        return self.record(SPELLS[kind], day)

    def enter(self, kind, day, where=HOME, *, official=True):
        """Come into the register again, official or on probation."""
        admitted = kind is FactKind.ADMITTED
        state = self.member.counted.model_copy(
            update={
                "cell_id": where.id,
                "standing": Standing.OFFICIAL if official and not admitted else Standing.PROBATIONARY,
                "joined_on": None if admitted else ADMITTED,
            }
        )
        official_on = CONFIRMED if official and not admitted else None
        return self.record(kind, day, where, state=state, official_on=official_on)

    def correct(self, number, **what):
        return self.take(decide_correction(self.member, self.history, CorrectFact(number=number, **what)))

    def correct_person(self, number=1, who=WHO, gender=Gender.FEMALE, youth_union=True, **what):
        member = CorrectedMember(identity=who, gender=gender, youth_union=youth_union)
        return self.correct(number, member=member, **what)

    def correct_cell(self, number, where, **what):
        return self.correct(number, cell=Place(where.code if where else "?", where), **what)

    def withdraw(self, number):
        return self.take(decide_withdrawal(self.member, self.history, WithdrawFact(number=number)))

    def tried(self, action):
        """Do one of ACTIONS; return whether it could be done."""
        name, *arguments = action
        try:
            match name, arguments:
                case "correct", (number, day):
                    self.correct(number, effective_date=day)
                case "person", (number, young, day):
                    self.correct_person(number, youth_union=young, effective_date=day)
                case "profile", (day, young):
                    self.profile(day, youth_union=young)
                case _:
                    getattr(self, name)(*arguments)
        except DomainError:
            return False
        return True


DAYS = st.integers(0, 40).map(lambda days: ADMITTED + timedelta(days=days))
_CELLS = st.sampled_from([HOME, AWAY])
_NUMBERS = st.integers(1, 9)
ACTIONS = st.one_of(
    st.tuples(st.just("confirm"), DAYS),
    st.tuples(st.just("leave"), DAYS, st.sampled_from(DepartureReason)),
    st.tuples(st.just("move"), DAYS, _CELLS),
    st.tuples(st.just("profile"), DAYS, st.booleans()),
    st.tuples(st.just("enter"), st.sampled_from(sorted(ENTRIES)), DAYS, _CELLS),
    st.tuples(st.just("begin"), st.sampled_from(sorted(SPELLS)), DAYS, st.none() | DAYS, _CELLS),
    st.tuples(st.just("end"), st.sampled_from(sorted(SPELLS)), DAYS),
    st.tuples(st.just("correct"), _NUMBERS, DAYS),
    st.tuples(st.just("correct_cell"), _NUMBERS, _CELLS),
    st.tuples(st.just("withdraw"), _NUMBERS),
    st.tuples(st.just("person"), _NUMBERS, st.booleans(), DAYS),
)
