"""Late and corrected facts: the history they come to, and the signed steps that restate every figure."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import DepartureReason, FactKind, MemberHistoryRestated, Standing
from services.membership.domain import DomainError
from services.membership.history import steps_of
from tests.lives import ACTIONS, ADMITTED, CONFIRMED, LEFT, WHO, Life, cell


def summed(events):
    """Count as a projection does, that knows nothing of histories: signed sides by day, and what is not nothing."""
    sums = Counter()

    def add(day, before, after, sign=1):
        if before is not None:
            sums[day, before] -= sign
        if after is not None:
            sums[day, after] += sign

    for event in events:
        if isinstance(event, MemberHistoryRestated):
            for step in event.retracted:
                add(step.effective_date, step.before, step.after, -1)
            for step in event.stated:
                add(step.effective_date, step.before, step.after)
        else:
            add(event.effective_date, event.before, event.after)
    return {key: count for key, count in sums.items() if count}


def stepped(history):
    sums = Counter()
    for step in steps_of(history):
        if step.before is not None:
            sums[step.effective_date, step.before] -= 1
        if step.after is not None:
            sums[step.effective_date, step.after] += 1
    return {key: count for key, count in sums.items() if count}


def codes(error):
    return [fault.code for fault in error.value.faults]


def test_a_confirmation_found_after_the_departure_changes_what_was_left():
    life = Life()
    life.leave()
    event = life.confirm_late()
    assert event.corrects is None
    assert event.effective_date == CONFIRMED
    assert [step.before.standing for step in event.retracted] == [Standing.PROBATIONARY]
    assert [(step.effective_date, step.before.standing) for step in event.stated] == [
        (CONFIRMED, Standing.PROBATIONARY),
        (LEFT, Standing.OFFICIAL),
    ]
    assert (life.member.official_on, life.member.left_on) == (CONFIRMED, LEFT)


def test_a_day_put_right_moves_one_step_and_names_what_it_corrects():
    life = Life()
    life.confirm()
    event = life.correct(2, effective_date=date(2020, 6, 1))
    assert (event.corrects, event.fact.kind, event.effective_date) == (2, FactKind.CONFIRMED, CONFIRMED)
    assert len(event.retracted) == len(event.stated) == 1
    assert life.member.official_on == date(2020, 6, 1)


def test_the_person_put_right_changes_every_step_and_no_event_says_who_it_is():
    life = Life()
    life.confirm()
    life.leave()
    kinh = replace(WHO, ethnicity="Kinh", full_name="Lò Thị Ánh Tuyết")
    event = life.correct_person(who=kinh)
    assert len(event.retracted) == len(event.stated) == 3
    assert not any(step.after.ethnic_minority for step in event.stated if step.after)
    assert life.member.identity == kinh
    assert "Ánh" not in event.model_dump_json()
    assert "Kinh" not in event.model_dump_json()


def test_a_name_put_right_changes_no_figure_and_is_still_an_event():
    life = Life()
    event = life.correct_person(who=replace(WHO, full_name="Lò Thị Anh"))
    assert event.retracted == event.stated == ()
    assert event.effective_date == ADMITTED


def test_another_cell_is_put_right_from_the_beginning():
    life = Life()
    life.confirm()
    other = cell("K.02")
    life.correct_person(where=other)
    assert life.member.cell_id == other.id
    assert {side.cell_id for _, side in summed(life.events)} == {other.id}


def test_a_departure_that_never_was_is_taken_back():
    life = Life()
    life.leave()
    event = life.withdraw(2)
    assert event.fact is None
    assert life.member.left_on is None
    assert life.member.left_reason is None
    life.confirm()


def test_facts_are_named_by_numbers_that_never_change():
    life = Life()
    life.confirm()
    life.correct(2, effective_date=date(2020, 6, 1))
    life.correct(3, effective_date=date(2020, 6, 2))
    assert life.history.replaced == {2: 3, 3: 4}
    with pytest.raises(DomainError) as error:
        life.correct(2, effective_date=date(2020, 6, 3))
    assert codes(error) == ["fact-replaced"]
    assert "số 3" in error.value.faults[0].message
    life.withdraw(4)
    with pytest.raises(DomainError) as error:
        life.withdraw(4)
    assert codes(error) == ["fact-withdrawn"]
    with pytest.raises(DomainError) as error:
        life.withdraw(99)
    assert codes(error) == ["unknown-fact"]


@pytest.mark.parametrize(
    ("number", "what", "code"),
    [
        (1, {"effective_date": date(2020, 5, 20)}, "confirmed-before-admission"),
        (1, {"effective_date": date(1996, 2, 29)}, "born-after-admission"),
        (2, {"effective_date": date(2019, 5, 18)}, "confirmed-before-admission"),
        (2, {"effective_date": date(2020, 9, 2)}, "left-before-confirmation"),
        (3, {"effective_date": date(2020, 5, 18)}, "left-before-confirmation"),
        (2, {}, "nothing-to-correct"),
        (2, {"effective_date": CONFIRMED}, "nothing-to-correct"),
        (2, {"reason": DepartureReason.DIED}, "not-of-this-fact"),
    ],
)
def test_what_would_make_the_history_impossible_is_refused_with_what_it_contradicts(number, what, code):
    life = Life()
    life.confirm()
    life.leave()
    with pytest.raises(DomainError) as error:
        life.correct(number, **what)
    assert code in codes(error)


def test_an_admission_stays_and_a_person_belongs_to_it_alone():
    life = Life()
    life.confirm()
    with pytest.raises(DomainError) as error:
        life.withdraw(1)
    assert codes(error) == ["admission-stays"]
    with pytest.raises(DomainError) as error:
        life.correct_person(2)
    assert codes(error) == ["not-of-this-fact"]
    with pytest.raises(DomainError) as error:
        life.correct_person(where=None)
    assert codes(error) == ["unknown-cell"]
    with pytest.raises(DomainError) as error:
        life.correct_person(where=cell(established=date(2019, 5, 20)))
    assert codes(error) == ["admitted-before-cell"]


def test_a_second_confirmation_is_no_late_one():
    life = Life()
    life.confirm()
    life.leave()
    with pytest.raises(DomainError) as error:
        life.confirm_late(date(2020, 6, 1))
    assert codes(error) == ["already-confirmed"]


@given(st.lists(ACTIONS, max_size=12))
def test_signed_steps_always_come_to_the_history_that_stands(actions):
    life = Life()
    for action in actions:
        if not life.tried(action):
            continue
        assert summed(life.events) == stepped(life.history)
        by_kind = {kind: life.history.of(kind) for kind in FactKind}
        assert life.member.admitted_on == by_kind[FactKind.ADMITTED].fact.effective_date
        for kind, known in (("official_on", FactKind.CONFIRMED), ("left_on", FactKind.LEFT)):
            fact = by_kind[known]
            assert getattr(life.member, kind) == (fact and fact.fact.effective_date)
        assert life.member.version == len(life.events)
