"""Steps of a transfer put right or taken back: the member's history says the same as the transfer, always."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import FactKind
from contracts.transfers import CancelReason, TransferKind, TransferRestated, TransferState
from services.membership.corrections import CorrectFact, Place, WithdrawFact
from services.membership.domain import DomainError
from services.membership.transfers.corrections import (
    Around,
    CorrectStep,
    WithdrawStep,
    decide_restatement_of,
    fact_made,
    refuse_facts_of,
    told_steps,
)
from services.membership.transfers.receptions import Known, cell_on
from tests.lives import ADMITTED, AWAY
from tests.unit.test_membership_transfers import (
    ABOVE,
    BY_ID,
    CALENDAR,
    DAY,
    HOME,
    NEAR,
    PAPERS,
    Register,
    known_member,
    refused,
)

RELEASED, RECEIVED = DAY + timedelta(7), DAY + timedelta(18)
WAYS = {
    TransferKind.WITHIN_COMMITTEE: {"to": "K.03"},
    TransferKind.WITHIN_BLOC: {"to": "K.02"},
    TransferKind.OUT_OF_BLOC: {"to": None, "outside": "Đảng bộ huyện Mai Sơn"},
    TransferKind.TEMPORARY: {"to": "K.02", "temporary": True, "until_on": DAY + timedelta(90)},
}


def steps_of(register, one):
    return told_steps(event for event in register.events if event.transfer_id == one.id)


def restate(register, command, one=None):
    """Put a step of a transfer right, as the command does, and the member with it."""
    one = one or register.last
    transfer, life = one.transfer, register.life
    around = Around(
        known=Known(life.member, life.history) if life else None,
        origin=BY_ID.get(transfer.origin_id),
        destination=BY_ID.get(transfer.destination_id),
        above=ABOVE | BY_ID,
        open_=register.open,
        working_days=CALENDAR,
    )
    decided = decide_restatement_of(one, steps_of(register, one), command, around)
    register.take(decided.transfer)
    if decided.member is not None:
        life.take(decided.member)
    return decided


def correct(register, number, day=None, **about):
    return restate(register, CorrectStep(number=number, day=day, **about))


def withdraw(register, number):
    return restate(register, WithdrawStep(number=number))


def received(kind=TransferKind.WITHIN_BLOC) -> Register:
    register = known_member() if kind in WAYS else Register()
    way = WAYS.get(kind, {"to": "K.02", "outside": "Đảng bộ huyện Mai Sơn"})
    register.request(DAY, **way)
    register.release(RELEASED)
    register.receive(RECEIVED, **({} if kind in WAYS else {"newcomer": PAPERS}))
    return register


def test_a_correction_tells_the_transfer_before_and_after_and_which_step_it_corrects():
    register = known_member()
    register.request(DAY)
    register.release(RELEASED)
    before = register.last.transfer
    correct(register, 2, DAY + timedelta(3), decision_date=DAY)
    event = register.events[-1]
    assert isinstance(event, TransferRestated)
    assert (event.corrects, event.before, event.decision_date) == (2, before, DAY)
    assert event.after == before.model_copy(update={"released_on": DAY + timedelta(3)})
    assert (register.last.version, register.last.transfer) == (3, event.after)
    steps = steps_of(register, register.last)
    assert [steps.status(number) for number in (1, 2, 3)] == ["stands", "replaced", "stands"]


@pytest.mark.parametrize("kind", TransferKind)
def test_a_reception_on_another_day_takes_the_members_fact_along(kind):
    register = received(kind)
    there = cell_on(register.life.history, RECEIVED)
    decided = correct(register, 3, RECEIVED + timedelta(5), decision_date=DAY)
    made = fact_made(register.last, register.life.history)
    assert made.fact.effective_date == RECEIVED + timedelta(5) == register.last.transfer.ended_on
    assert made.fact.decision_date == decided.member.event.decision_date == DAY
    before = None if kind is TransferKind.INTO_BLOC else HOME
    assert cell_on(register.life.history, RECEIVED + timedelta(4)) == before
    assert cell_on(register.life.history, RECEIVED + timedelta(5)) == there


@pytest.mark.parametrize("kind", TransferKind)
def test_a_reception_by_mistake_is_taken_back_with_what_it_made_and_can_come_true_later(kind):
    register = received(kind)
    there = cell_on(register.life.history, RECEIVED)
    withdraw(register, 3)
    assert register.last.transfer.state is TransferState.RELEASED
    assert register.last.transfer.ended_on is None
    home = None if kind is TransferKind.INTO_BLOC else HOME
    assert cell_on(register.life.history, RECEIVED) == home
    register.receive(RECEIVED + timedelta(9))
    assert cell_on(register.life.history, RECEIVED + timedelta(9)) == there
    assert fact_made(register.last, register.life.history) is not None


def test_steps_are_taken_back_from_the_last_and_the_request_never():
    register = received()
    refused("transfer-step-not-last", withdraw, register, 2)
    withdraw(register, 3)
    refused("fact-withdrawn", withdraw, register, 3)
    withdraw(register, 2)
    assert register.last.transfer.state is TransferState.REQUESTED
    assert register.last.transfer.released_on is None
    refused("transfer-request-stays", withdraw, register, 1)
    refused("no-such-fact", withdraw, register, 99)
    refused("no-such-fact", withdraw, register, 4)


def test_the_days_of_steps_stay_in_order():
    register = received()
    refused("transfer-step-before", correct, register, 2, DAY - timedelta(1))
    refused("transfer-step-after", correct, register, 2, RECEIVED + timedelta(1))
    refused("transfer-step-after", correct, register, 1, RELEASED + timedelta(1))
    refused("transfer-step-before", correct, register, 3, RELEASED - timedelta(1))
    refused("nothing-to-correct", correct, register, 3, RECEIVED)
    correct(register, 3, RELEASED)
    refused("fact-replaced", correct, register, 3, RECEIVED)


def test_only_what_belongs_to_a_step_is_corrected_there():
    register = received(TransferKind.OUT_OF_BLOC)
    refused("not-of-this-fact", correct, register, 2, outside="Đảng bộ huyện Yên Châu")
    refused("not-of-this-fact", correct, register, 1, cancelled_for=CancelReason.REFUSED)
    decided = correct(register, 1, outside="Đảng bộ huyện Yên Châu")
    assert register.last.outside == "Đảng bộ huyện Yên Châu"
    assert decided.transfer.event.before == decided.transfer.event.after
    assert "Yên Châu" not in decided.transfer.event.model_dump_json()
    refused("not-of-this-fact", correct, received(), 1, outside="Đảng bộ huyện Yên Châu")


def test_another_day_of_the_request_is_judged_as_the_request_was():
    register = known_member()
    register.life.move(DAY - timedelta(30), NEAR)
    register.request(DAY)
    correct(register, 1, DAY - timedelta(30))
    refused("other-origin", correct, register, 2, DAY - timedelta(31))


def test_a_request_of_the_day_of_the_reception_is_no_riddle():
    register = received()
    correct(register, 2, RECEIVED)
    correct(register, 1, RECEIVED)
    assert register.last.transfer.requested_on == RECEIVED


def test_a_cancellation_may_be_put_right_or_taken_back():
    register = known_member()
    register.request(DAY)
    register.cancel(RELEASED)
    correct(register, 2, DAY, cancelled_for=CancelReason.REFUSED)
    assert register.last.transfer.cancelled_for is CancelReason.REFUSED
    withdraw(register, 3)
    assert (register.last.transfer.state, register.last.transfer.cancelled_for) == (
        TransferState.REQUESTED,
        None,
    )


def test_what_expired_stays_overdue_on_its_day():
    register = known_member()
    register.request(DAY)
    register.release(DAY)
    register.expire(date(2020, 6, 10))
    refused("transfer-not-overdue", correct, register, 2, DAY + timedelta(60))
    refused("transfer-not-overdue", correct, register, 3, date(2020, 5, 5))
    correct(register, 3, date(2020, 6, 20))
    withdraw(register, 4)
    assert register.last.transfer.state is TransferState.RELEASED


def test_nobody_is_on_two_ways_by_a_withdrawal():
    register = received()
    first = register.last
    register.request(RECEIVED, to="K.03")
    refused("transfer-open", restate, register, WithdrawStep(number=3), first)


def test_a_transfer_of_one_gone_stays_cancelled():
    register = known_member()
    register.request(DAY)
    register.cancel(RELEASED)
    register.life.leave(RECEIVED)
    refused("transfer-of-one-gone", withdraw, register, 2)


def test_what_the_history_cannot_bear_is_refused():
    register = received()
    register.life.leave(RECEIVED + timedelta(30))
    refused("gone-by-then", correct, register, 3, RECEIVED + timedelta(31))
    assert register.last.transfer.ended_on == RECEIVED


def test_a_member_who_joined_as_they_came_did_not_join_on_another_day():
    register = Register()
    register.request(ADMITTED, to="K.02", outside="Đảng bộ huyện Mai Sơn")
    register.release(ADMITTED)
    register.receive(ADMITTED, newcomer=PAPERS)
    correct(register, 3, ADMITTED + timedelta(4))
    assert (register.life.member.entered_on, register.life.member.admitted_on) == (
        ADMITTED + timedelta(4),
        ADMITTED,
    )


def test_what_a_reception_said_is_put_right_by_the_transfer_alone():
    register = received()
    history = register.life.history
    number = fact_made(register.last, history).number
    for command in (
        WithdrawFact(number=number),
        CorrectFact(number=number, effective_date=RELEASED),
        CorrectFact(number=number, decision_date=DAY),
        CorrectFact(number=number, cell=Place(NEAR.code, NEAR)),
    ):
        refused("transfer-fact", refuse_facts_of, [register.last], history, command)
    refuse_facts_of([register.last], history, CorrectFact(number=number, effective_date=RECEIVED))
    refuse_facts_of([register.last], history, CorrectFact(number=1, effective_date=ADMITTED + timedelta(1)))
    assert history.facts[-1].fact.kind is FactKind.MOVED
    assert AWAY.id == history.facts[-1].fact.cell_id


def test_who_somebody_is_is_put_right_in_the_register_though_they_came_by_a_transfer():
    register = received(TransferKind.INTO_BLOC)
    refuse_facts_of([register.last], register.life.history, CorrectFact(number=1, official_on=DAY))


def test_a_fact_that_is_no_longer_there_is_named():
    register = received()
    number = fact_made(register.last, register.life.history).number
    register.life.withdraw(number)
    refused("transfer-fact-gone", withdraw, register, 3)


@given(
    kind=st.sampled_from(TransferKind),
    corrections=st.lists(
        st.tuples(st.integers(1, 8), st.none() | st.integers(0, 40)), min_size=1, max_size=8
    ),
)
def test_whatever_is_put_right_the_register_says_what_the_transfer_says(kind, corrections):
    register = received(kind)
    for number, days in corrections:
        with suppress(DomainError):
            if days is None:
                withdraw(register, number)
            else:
                correct(register, number, DAY + timedelta(days))
        transfer, history = register.last.transfer, register.life.history
        assert transfer.requested_on <= (transfer.released_on or transfer.requested_on)
        assert transfer.ended_on is None or transfer.ended_on >= (
            transfer.released_on or transfer.requested_on
        )
        made = fact_made(register.last, history)
        assert (made is not None) == (transfer.state is TransferState.RECEIVED)
        kinds = {FactKind.MOVED, FactKind.LEFT, FactKind.RECEIVED, FactKind.TEMPORARY_STAY_BEGAN}
        said = [known for known in history.facts if known.fact.kind in kinds]
        assert said == ([made] if made else [])
