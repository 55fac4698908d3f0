"""Transfers: which step follows which, what each kind makes of its member, that nobody is twice or nowhere."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.membership import DepartureReason, FactKind, Gender, MemberChange, OrganisationType, Standing
from contracts.transfers import CancelReason, TransferKind, TransferState
from services.membership.data import vietnamese_working_days
from services.membership.domain import DomainError
from services.membership.history import History, history_of, steps_of
from services.membership.transfers.domain import (
    OnTheWay,
    Person,
    RequestTransfer,
    Step,
    cancelled_by_leaving,
    deadline,
    decide_cancellation,
    decide_expiry,
    decide_release,
    decide_request,
    latest_release_overdue,
)
from services.membership.transfers.receptions import (
    Known,
    Newcomer,
    ReceiveTransfer,
    cell_on,
    decide_reception,
)
from tests import lives
from tests.lives import ADMITTED, AWAY, CONFIRMED, WHO, Life, cell

COMMITTEE = replace(cell("K.0"), type=OrganisationType.GRASSROOTS_COMMITTEE)
DIVISION = replace(
    cell("K.0.1"), type=OrganisationType.DIVISIONAL_COMMITTEE, parent_id=COMMITTEE.id, parent_code="K.0"
)
NEAR = replace(cell("K.03"), type=OrganisationType.SUBORDINATE_CELL, parent_id=DIVISION.id)
HOME = replace(lives.HOME, type=OrganisationType.SUBORDINATE_CELL, parent_id=COMMITTEE.id)
ABOVE = {one.id: one for one in (COMMITTEE, DIVISION)}
CELLS = {one.code: one for one in (NEAR, HOME, AWAY)}
BY_ID = {one.id: one for one in CELLS.values()}
DAY = date(2020, 3, 2)
CALENDAR = vietnamese_working_days()
PAPERS = Newcomer(identity=WHO, gender=Gender.FEMALE, youth_union=False, admitted_on=ADMITTED)


class Register:
    """One member, or somebody still unknown, and their transfers, as commands would keep them."""

    def __init__(self, life: Life | None = None, code: str = "DV-1") -> None:
        self.life = life
        self.code = life.member.code if life else code
        self.transfers: dict[UUID, OnTheWay] = {}
        self.events = []

    @property
    def open(self) -> OnTheWay | None:
        found = [one for one in self.transfers.values() if one.transfer.state.is_open]
        assert len(found) <= 1
        return found[0] if found else None

    @property
    def last(self) -> OnTheWay:
        return list(self.transfers.values())[-1]

    def person(self, day):
        if self.life is None:
            return None
        there = cell_on(self.life.history, day)
        return Person(self.life.member, there)

    def take(self, decided):
        self.transfers[decided.state.id] = decided.state
        self.events.append(decided.event)
        return decided

    def request(self, day=DAY, to="K.02", **about):
        command = RequestTransfer(member_code=self.code, requested_on=day, destination_code=to, **about)
        return self.take(
            decide_request(
                command,
                person=self.person(day),
                destination=CELLS.get(to),
                above=ABOVE,
                open_=self.open,
                new_id=uuid4(),
                newcomer_id=uuid4(),
            )
        )

    def release(self, day=DAY, one=None):
        return self.take(decide_release(one or self.last, Step(day=day)))

    def receive(self, day=DAY, one=None, **papers):
        one = one or self.last
        known = Known(self.life.member, self.life.history) if self.life else None
        to = BY_ID.get(one.transfer.destination_id)
        command = ReceiveTransfer(step=Step(day=day), **papers)
        made = decide_reception(one, command, known=known, destination=to, working_days=CALENDAR)
        self.take(made.transfer)
        if self.life is None:
            self.life = Life()
            self.life.member, self.life.events = made.member.state, [made.member.event]
        else:
            self.life.take(made.member)
        self.life.cells |= BY_ID
        return made

    def cancel(self, day=DAY, one=None, **about):
        return self.take(decide_cancellation(one or self.last, Step(day=day, **about)))

    def expire(self, day, one=None):
        return self.take(decide_expiry(one or self.last, Step(day=day), CALENDAR))


def known_member() -> Register:
    life = Life()
    life.cells |= BY_ID
    return Register(life)


def refused(code, action, *arguments, **named):
    with pytest.raises(DomainError) as found:
        action(*arguments, **named)
    assert [fault.code for fault in found.value.faults] == [code]
    return found.value.faults[0]


def test_a_transfer_goes_from_request_to_reception_and_the_member_counts_at_home_until_then():
    register = known_member()
    register.request(DAY)
    register.release(DAY + timedelta(7))
    assert cell_on(register.life.history, DAY + timedelta(30)) == HOME
    made = register.receive(DAY + timedelta(10))
    assert made.warnings == []
    assert register.last.transfer.state is TransferState.RECEIVED
    assert (register.last.version, register.life.member.cell_code) == (3, AWAY.code)
    assert cell_on(register.life.history, DAY + timedelta(9)) == HOME
    assert cell_on(register.life.history, DAY + timedelta(10)) == AWAY
    assert [type(event).__name__ for event in register.events] == [
        "TransferRequested", "TransferReleased", "TransferReceived",
    ]  # fmt: skip
    # Each event says the whole before and after, so the last one is the transfer.
    for before, after in zip(register.events, register.events[1:], strict=False):
        assert after.before == before.after
    assert register.events[-1].after == register.last.transfer


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"to": "K.03"}, TransferKind.WITHIN_COMMITTEE),
        ({"to": "K.02"}, TransferKind.WITHIN_BLOC),
        ({"to": None, "outside": "Đảng bộ huyện Mai Sơn"}, TransferKind.OUT_OF_BLOC),
        ({"to": "K.02", "temporary": True}, TransferKind.TEMPORARY),
    ],
)
def test_the_kind_follows_from_both_ends(asked, kind):
    assert known_member().request(**asked).state.transfer.kind is kind


def test_who_is_unknown_comes_from_outside_and_has_their_id_from_the_request_on():
    register = Register(code="DV-9")
    register.request(to="K.02", outside="Đảng bộ huyện Mai Sơn")
    assert register.last.transfer.kind is TransferKind.INTO_BLOC
    assert register.last.transfer.origin_id is None
    register.release(DAY + timedelta(1))
    refused("papers-missing", register.receive, DAY + timedelta(5))
    made = register.receive(DAY + timedelta(5), newcomer=PAPERS, official_on=CONFIRMED - timedelta(100))
    member = made.member.state
    assert (member.id, member.code, member.cell_code) == (
        register.last.transfer.member_id, "DV-9", "K.02",
    )  # fmt: skip
    assert (member.admitted_on, member.entered_on) == (ADMITTED, DAY + timedelta(5))
    assert made.member.event.after.joined_on == ADMITTED
    # What the event says reads as the history, and the next fact follows on it.
    assert steps_of(history_of([made.member.event], register.life.cells))[0].after == member.counted
    register.life.leave(DAY + timedelta(90))


@pytest.mark.parametrize(
    ("papers", "official_on", "code"),
    [
        ({"admitted_on": DAY + timedelta(9)}, None, "received-before-admission"),
        ({}, ADMITTED - timedelta(1), "confirmed-before-admission"),
        ({}, DAY + timedelta(2), "confirmed-after-reception"),
        ({"identity": replace(WHO, full_name="")}, None, "value-missing"),
        ({"identity": replace(WHO, birth_date=ADMITTED)}, None, "born-after-admission"),
    ],
)
def test_papers_that_cannot_be_right_are_refused(papers, official_on, code):
    register = Register(code="DV-9")
    register.request(to="K.02", outside="Nơi khác")
    register.release()
    refused(code, register.receive, newcomer=replace(PAPERS, **papers), official_on=official_on)
    assert register.life is None


def test_a_former_member_comes_back_as_they_left():
    register = known_member()
    register.life.confirm(CONFIRMED)
    register.request(CONFIRMED + timedelta(1), to=None, outside="Nơi khác")
    register.release(CONFIRMED + timedelta(2))
    left = register.receive(CONFIRMED + timedelta(9))
    assert left.member.event.reason is DepartureReason.TRANSFERRED_OUT
    assert register.life.member.left_on == CONFIRMED + timedelta(9)
    back = CONFIRMED + timedelta(400)
    register.request(back, to="K.03", outside="Nơi khác")
    register.release(back)
    refused("papers-not-wanted", register.receive, back, newcomer=PAPERS)
    refused("already-confirmed", register.receive, back, official_on=back)
    made = register.receive(back)
    member = made.member.state
    assert (member.cell_code, member.entered_on, member.left_on) == ("K.03", back, None)
    assert (member.admitted_on, member.official_on) == (ADMITTED, CONFIRMED)
    assert made.member.event.after.standing is Standing.OFFICIAL


def test_who_left_on_probation_may_have_been_confirmed_elsewhere():
    register = known_member()
    register.life.leave(date(2020, 3, 1), DepartureReason.TRANSFERRED_OUT)
    register.request(date(2021, 3, 1), to="K.01", outside="Nơi khác")
    register.release(date(2021, 3, 1))
    member = register.receive(date(2021, 3, 8), official_on=CONFIRMED).member.state
    assert (member.official_on, member.counted.standing) == (CONFIRMED, Standing.OFFICIAL)


def test_who_died_does_not_come_back():
    register = known_member()
    register.life.leave(DAY, DepartureReason.DIED)
    register.request(DAY + timedelta(30), to="K.02", outside="Nơi khác")
    register.release(DAY + timedelta(30))
    refused("no-way-back", register.receive, DAY + timedelta(31))


def test_a_temporary_stay_leaves_where_they_count():
    register = known_member()
    until = DAY + timedelta(180)
    register.request(to="K.02", temporary=True, until_on=until)
    register.release()
    register.receive(DAY + timedelta(3))
    assert cell_on(register.life.history, DAY + timedelta(30)) == HOME
    fact = register.life.history.of(FactKind.TEMPORARY_STAY_BEGAN).fact
    assert (fact.cell_id, fact.until) == (AWAY.id, until)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"to": "K.01"}, "already-in-cell"),
        ({"to": None}, "transfer-nowhere"),
        ({"to": "K.77"}, "unknown-cell"),
        ({"day": date(1999, 1, 1)}, "came-before-cell"),
        ({"day": date(2015, 1, 1)}, "not-counted-then"),
        ({"origin_code": "K.02", "to": "K.03"}, "other-origin"),
        ({"outside": "Nơi khác"}, "already-in-register"),
        ({"to": None, "outside": "Nơi khác", "temporary": True}, "temporary-to-a-cell"),
        ({"until_on": DAY + timedelta(1)}, "until-of-temporary"),
        ({"temporary": True, "until_on": DAY}, "until-before-request"),
        ({"outside": " \x07"}, "control-character"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(asked, code):
    refused(code, known_member().request, **asked)


@pytest.mark.parametrize("register", [known_member(), Register(code="DV-9")], ids=["known", "unknown"])
def test_who_is_on_the_way_to_a_cell_that_ends_is_told_so_and_not_of_an_admission(monkeypatch, register):
    unknown = register.life is None
    register.request(outside="Nơi khác" if unknown else None)
    register.release()
    ended = replace(AWAY, dissolved_on=DAY + timedelta(2))
    monkeypatch.setitem(BY_ID, AWAY.id, ended)
    papers = {"newcomer": PAPERS} if unknown else {}
    fault = refused("came-after-cell", register.receive, DAY + timedelta(2), **papers)
    assert (fault.column, "vào Đảng" in fault.message) == (
        "entered_on" if unknown else "effective_date",
        False,
    )
    assert f"{DAY + timedelta(2):%d/%m/%Y}" in fault.message


def test_the_destination_is_a_cell():
    committee = replace(AWAY, type=OrganisationType.GRASSROOTS_COMMITTEE)
    command = RequestTransfer(member_code="DV-1", requested_on=DAY, destination_code="K.02")
    fault = refused(
        "not-a-cell", decide_request, command, person=known_member().person(DAY), destination=committee,
        above=ABOVE, open_=None, new_id=uuid4(), newcomer_id=uuid4(),
    )  # fmt: skip
    assert fault.column == "destination_code"


def test_somebody_unknown_cannot_set_out():
    refused("not-counted-then", Register(code="DV-9").request)
    refused("not-counted-then", Register(code="DV-9").request, to=None, outside="Nơi khác")


def test_a_member_has_one_open_transfer():
    register = known_member()
    register.request()
    fault = refused("transfer-open", register.request, to="K.03")
    assert "chờ nơi đi giới thiệu" in fault.message
    register.cancel()
    register.request(to="K.03")


STEPS = {
    "release": lambda register: register.release(date(2020, 12, 1)),
    "receive": lambda register: register.receive(date(2020, 12, 1)),
    "cancel": lambda register: register.cancel(date(2020, 12, 1)),
    "expire": lambda register: register.expire(date(2020, 12, 1)),
}
WAYS = {
    "requested": ["request"],
    "released": ["request", "release"],
    "received": ["request", "release", "receive"],
    "cancelled": ["request", "cancel"],
    "expired": ["request", "release", "expire"],
}
FOLLOWS = {"requested": {"release", "cancel"}, "released": {"receive", "cancel", "expire"}}


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_out_of_order_says_the_state_that_the_transfer_is_in(state, step):
    register = known_member()
    for name in WAYS[state]:
        if name == "expire":
            register.expire(date(2020, 11, 30))
        else:
            getattr(register, name)()
    assert register.last.transfer.state == state
    if step in FOLLOWS.get(state, set()):
        STEPS[step](register)
        return
    fault = refused("transfer-out-of-order", STEPS[step], register)
    assert f"{register.last.last_day:%d/%m/%Y}" in fault.message


def test_a_step_is_not_before_the_one_that_it_follows():
    register = known_member()
    register.request()
    for step in (register.release, register.cancel):
        refused("transfer-step-before", step, DAY - timedelta(1))
    register.release(DAY + timedelta(3))
    for step in (register.receive, register.cancel):
        refused("transfer-step-before", step, DAY + timedelta(2))


# The deadline


def test_the_deadline_is_sixty_working_days_from_the_release():
    register = known_member()
    register.request()
    assert deadline(register.last.transfer, CALENDAR) is None
    register.release(date(2020, 3, 9))
    # Reckoned by hand: Hùng Vương on 2 April, 30 April and 1 May 2020 are off.
    assert deadline(register.last.transfer, CALENDAR) == date(2020, 6, 4)
    refused("transfer-not-overdue", register.expire, date(2020, 6, 4))
    event = register.expire(date(2020, 6, 5)).event
    assert (event.due_on, event.effective_date) == (date(2020, 6, 4), date(2020, 6, 5))


def test_an_overdue_transfer_is_received_with_a_warning_and_an_expired_one_is_not():
    register = known_member()
    register.request()
    register.release(date(2020, 3, 9))
    in_time = replace(register.last)
    assert [fault.code for fault in register.receive(date(2020, 6, 5)).warnings] == ["received-late"]
    other = known_member()
    other.transfers = {in_time.id: replace(in_time, transfer=in_time.transfer.model_copy(
        update={"member_id": other.life.member.id}))}  # fmt: skip
    assert other.receive(date(2020, 6, 4)).warnings == []


def test_a_temporary_transfer_has_no_deadline_nor_has_one_beyond_the_calendar():
    register = known_member()
    register.request(to="K.02", temporary=True)
    register.release()
    assert deadline(register.last.transfer, CALENDAR) is None
    refused("transfer-not-overdue", register.expire, date(2027, 1, 1))
    register.cancel()
    register.request(date(2027, 12, 1))
    register.release(date(2027, 12, 1))
    assert deadline(register.last.transfer, CALENDAR) is None
    refused("transfer-not-overdue", register.expire, date(2028, 12, 1))


@given(
    released_on=st.dates(date(2017, 6, 1), date(2028, 6, 1)),
    day=st.one_of(st.dates(date(2017, 6, 1), date(2028, 6, 1)), st.sampled_from([date.min, date.max])),
)
def test_what_is_overdue_on_a_day_is_what_was_released_by_one_day(released_on, day):
    released = (
        known_member()
        .request()
        .state.transfer.model_copy(update={"state": TransferState.RELEASED, "released_on": released_on})
    )
    due_on, last = deadline(released, CALENDAR), latest_release_overdue(day, CALENDAR)
    overdue = due_on is not None and due_on < day
    assert overdue == (last is not None and CALENDAR.first_day <= released_on <= last)


# What happens beside


def test_who_leaves_otherwise_is_no_longer_on_the_way():
    register = known_member()
    register.request(DAY + timedelta(5))
    # A death found late does not go back before what was recorded of the transfer.
    ended = cancelled_by_leaving(register.last, DAY, None).state
    assert ended.transfer.cancelled_for is CancelReason.LEFT_REGISTER
    assert ended.transfer.ended_on == DAY + timedelta(5)


def test_who_is_received_late_and_was_moved_since_is_warned_of():
    register = known_member()
    register.request(to="K.02")
    register.release()
    register.life.move(DAY + timedelta(9), NEAR)
    made = register.receive(DAY + timedelta(5))
    assert [fault.code for fault in made.warnings] == ["moved-on-later"]
    assert register.life.member.cell_id == NEAR.id


def test_who_was_moved_by_a_merger_meanwhile_is_received_from_there():
    register = known_member()
    register.request(to="K.02")
    register.release()
    register.life.move(DAY + timedelta(2), NEAR)
    made = register.receive(DAY + timedelta(5))
    assert [fault.code for fault in made.warnings] == ["moved-since-request"]
    assert cell_on(register.life.history, DAY + timedelta(5)) == AWAY


def test_who_arrived_at_the_destination_otherwise_is_not_received_there():
    register = known_member()
    register.request(to="K.02")
    register.release()
    register.life.move(DAY + timedelta(2), AWAY)
    refused("already-in-cell", register.receive, DAY + timedelta(5))


def test_a_code_that_another_was_given_meanwhile_is_refused():
    register = Register(code="DV-1")
    register.request(to="K.02", outside="Nơi khác")
    register.release()
    register.life = Life()
    refused("code-taken", register.receive)


def test_a_reception_found_late_goes_before_what_is_known_after_it():
    register = known_member()
    register.life.confirm(CONFIRMED)
    register.request(DAY)
    register.release(DAY)
    register.receive(DAY + timedelta(8))
    history: History = register.life.history
    assert [step.after.cell_id for step in steps_of(history)] == [HOME.id, AWAY.id, AWAY.id]


# In whatever order and however often it is done


AHEAD = st.one_of(st.integers(0, 30), st.integers(0, 30), st.integers(-15, 60))
WHICH = st.sampled_from([-1, -1, -1, -2, -3])


class OnePlace(RuleBasedStateMachine):
    """Commands in any order, late and early, of a known member or a newcomer: one place, or none, on every day."""

    @initialize(known=st.booleans())
    def begin(self, known):
        self.register = known_member() if known else Register(code="DV-9")
        self.today = DAY

    def tried(self, action, ahead, *arguments, **named):
        """Carry out a command on a day before or after the last one; what is refused changes nothing."""
        day = self.today + timedelta(ahead)
        before = self.written()
        try:
            action(*arguments, day=day, **named)
        except DomainError:
            assert self.written() == before
            return False
        self.today = max(self.today, day)
        return True

    def written(self):
        events = self.register.life.events if self.register.life else []
        return dict(self.register.transfers), len(self.register.events), len(events)

    @rule(
        ahead=AHEAD,
        way=st.sampled_from(["K.01", "K.02", "K.03", "out", "in"]),
        temporary=st.booleans(),
    )
    def request(self, ahead, way, temporary):
        was_open = self.register.open is not None
        to = {"out": None, "in": "K.02"}.get(way, way)
        outside = "Nơi khác" if way in {"out", "in"} else None
        temporary = temporary and outside is None
        done = self.tried(self.register.request, ahead, to=to, outside=outside, temporary=temporary)
        assert not (done and was_open)

    @precondition(lambda self: self.register.transfers)
    @rule(ahead=AHEAD, which=WHICH)
    def release(self, ahead, which):
        self.tried(self.register.release, ahead, one=self.one(which))

    @precondition(lambda self: self.register.transfers)
    @rule(ahead=AHEAD, which=WHICH)
    def receive(self, ahead, which):
        papers = {} if self.register.life else {"newcomer": PAPERS}
        self.tried(self.register.receive, ahead, one=self.one(which), **papers)

    @precondition(lambda self: self.register.open)
    @rule(ahead=st.integers(0, 30))
    def go_on(self, ahead):
        if self.register.open.transfer.state is TransferState.REQUESTED:
            self.release(ahead=ahead, which=-1)
        else:
            self.receive(ahead=ahead, which=-1)

    @precondition(lambda self: len(self.register.events) % 3 == 2)
    @rule(ahead=AHEAD, which=WHICH)
    def cancel(self, ahead, which):
        self.tried(self.register.cancel, ahead, one=self.one(which))

    @precondition(lambda self: self.register.transfers)
    @rule(ahead=st.integers(-15, 120), which=WHICH)
    def expire(self, ahead, which):
        self.tried(self.register.expire, ahead, one=self.one(which))

    @precondition(lambda self: self.register.life and len(self.register.events) > 4)
    @rule(ahead=AHEAD, reason=st.sampled_from([DepartureReason.DIED, DepartureReason.TRANSFERRED_OUT]))
    def leave(self, ahead, reason):
        if not self.tried(self.register.life.leave, ahead, reason=reason):
            return
        member, one = self.register.life.member, self.register.open
        if member.left_on is not None and one is not None:
            self.register.take(cancelled_by_leaving(one, member.left_on, None))

    @precondition(lambda self: self.register.life and len(self.register.events) > 4)
    @rule(ahead=AHEAD, where=st.sampled_from([HOME, NEAR, AWAY]))
    def merge(self, ahead, where):
        self.tried(self.register.life.move, ahead, where=where)

    def one(self, which):
        transfers = list(self.register.transfers.values())
        return transfers[max(which, -len(transfers))]

    @invariant()
    def one_open_at_most_and_each_is_what_its_last_event_says(self):
        if not hasattr(self, "register"):
            return
        assert self.register.open is None or self.register.open.version <= 2
        last = {event.transfer_id: event.after for event in self.register.events}
        assert last == {id_: one.transfer for id_, one in self.register.transfers.items()}

    @invariant()
    def signed_deltas_put_everybody_in_one_place_or_none(self):
        if not hasattr(self, "register") or self.register.life is None:
            return
        counted: dict[tuple[date, UUID], int] = {}
        for event in self.register.life.events:
            # What a stay beside states is no step: it is counted nowhere.
            steps = [(1, event)] if isinstance(event, MemberChange) else []
            steps += [(1, step) for step in getattr(event, "stated", ())]
            steps += [(-1, step) for step in getattr(event, "retracted", ())]
            for sign, step in steps:
                for side, value in ((-sign, step.before), (sign, step.after)):
                    if value is not None:
                        key = (step.effective_date, value.cell_id)
                        counted[key] = counted.get(key, 0) + side
        total: dict[UUID, int] = {}
        for day in sorted({day for day, _ in counted}):
            for (on, where), count in counted.items():
                if on == day:
                    total[where] = total.get(where, 0) + count
            assert set(total.values()) <= {0, 1}
            assert sum(total.values()) <= 1
            there = cell_on(self.register.life.history, day)
            assert {where for where, count in total.items() if count} == ({there.id} if there else set())


OnePlace.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
TestOnePlace = OnePlace.TestCase
