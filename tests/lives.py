"""A member whose life goes on as somebody decides, with all events so far, and strategies for what is decided."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import strategies as st

from contracts.membership import DepartureReason, Gender, OrganisationType
from services.membership.domain import (
    AdmitMember,
    ConfirmMember,
    DomainError,
    Identity,
    Organisation,
    RecordDeparture,
    decide_admission,
    decide_confirmation,
    decide_departure,
)
from services.membership.history import (
    CorrectedMember,
    CorrectFact,
    History,
    WithdrawFact,
    decide_correction,
    decide_late_confirmation,
    decide_withdrawal,
    history_of,
)

ADMITTED, CONFIRMED, LEFT = date(2019, 5, 19), date(2020, 5, 19), date(2020, 9, 1)
WHO = Identity(full_name="Lò Thị Ánh", birth_date=date(1996, 2, 29), ethnicity="Thái", religion=None)


def cell(code="K.01", established=date(2000, 1, 1)):
    return Organisation(
        id=uuid4(), code=code, name="Chi bộ", type=OrganisationType.GRASSROOTS_CELL, parent_id=uuid4(),
        parent_code="K", established_on=established,
    )  # fmt: skip


HOME = cell()


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

    @property
    def history(self) -> History:
        return history_of(self.events)

    def take(self, decided):
        assert decided.state.version == len(self.events) + 1
        self.member = decided.state
        self.events.append(decided.event)
        return decided.event

    def confirm(self, day=CONFIRMED):
        return self.take(decide_confirmation(self.member, ConfirmMember(official_on=day)))

    def leave(self, day=LEFT, reason=DepartureReason.RESIGNED):
        return self.take(decide_departure(self.member, RecordDeparture(left_on=day, reason=reason)))

    def confirm_late(self, day=CONFIRMED):
        return self.take(decide_late_confirmation(self.member, self.history, ConfirmMember(official_on=day)))

    def correct(self, number, **what):
        return self.take(decide_correction(self.member, self.history, CorrectFact(number=number, **what)))

    def correct_person(self, number=1, where=HOME, who=WHO, gender=Gender.FEMALE, youth_union=True, **what):
        member = CorrectedMember(
            cell=where,
            cell_code=where.code if where else "?",
            identity=who,
            gender=gender,
            youth_union=youth_union,
        )
        return self.correct(number, member=member, **what)

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
                case _:
                    getattr(self, name)(*arguments)
        except DomainError:
            return False
        return True


DAYS = st.integers(0, 40).map(lambda days: ADMITTED + timedelta(days=days))
ACTIONS = st.one_of(
    st.tuples(st.just("confirm"), DAYS),
    st.tuples(st.just("leave"), DAYS),
    st.tuples(st.just("confirm_late"), DAYS),
    st.tuples(st.just("correct"), st.integers(1, 9), DAYS),
    st.tuples(st.just("withdraw"), st.integers(1, 9)),
    st.tuples(st.just("person"), st.integers(1, 9), st.booleans(), DAYS),
)
