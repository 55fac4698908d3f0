"""Late and corrected facts: the history they come to, and the signed steps that restate every figure."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import (
    Cause,
    DepartureReason,
    FactKind,
    MemberChange,
    MemberHistoryRestatedV2,
    OrganisationType,
    Standing,
)
from services.membership.domain import DomainError
from services.membership.history import steps_of
from tests.lives import ACTIONS, ADMITTED, AWAY, CONFIRMED, HOME, LEFT, WHO, Life, cell


def summed(events):
    """Count as a projection does, that knows nothing of histories: signed sides by day, and what is not nothing."""
    sums = Counter()

    def add(day, before, after, sign=1):
        if before is not None:
            sums[day, before] -= sign
        if after is not None:
            sums[day, after] += sign

    for event in events:
        if isinstance(event, MemberHistoryRestatedV2):
            for step in event.retracted:
                add(step.effective_date, step.before, step.after, -1)
            for step in event.stated:
                add(step.effective_date, step.before, step.after)
        elif isinstance(event, MemberChange):
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
    life.correct_cell(1, other)
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
        life.correct_cell(1, None)
    assert codes(error) == ["unknown-cell"]
    with pytest.raises(DomainError) as error:
        life.correct_cell(1, cell(established=date(2019, 5, 20)))
    assert codes(error) == ["admitted-before-cell"]


def test_a_second_confirmation_is_no_late_one():
    life = Life()
    life.confirm()
    life.leave()
    with pytest.raises(DomainError) as error:
        life.confirm_late(date(2020, 6, 1))
    assert codes(error) == ["already-confirmed"]


def test_a_move_ends_one_stay_and_begins_another_on_the_same_day():
    life = Life()
    life.confirm()
    event = life.move(date(2020, 6, 1))
    assert (event.before.cell_id, event.after.cell_id) == (HOME.id, AWAY.id)
    assert (life.member.cell_id, life.member.cell_code) == (AWAY.id, AWAY.code)
    with pytest.raises(DomainError) as error:
        life.move(date(2020, 6, 2))
    assert codes(error) == ["already-in-cell"]


def test_a_move_found_late_changes_where_a_confirmation_was():
    life = Life()
    life.confirm()
    event = life.move(date(2019, 6, 1))
    assert isinstance(event, MemberHistoryRestatedV2)
    assert [step.after.cell_id for step in event.retracted] == [HOME.id]
    assert [(step.cause, step.after.cell_id) for step in event.stated] == [
        (Cause.TRANSFER, AWAY.id),
        (Cause.CONFIRMED, AWAY.id),
    ]


def test_a_move_to_where_no_cell_is_that_day_is_refused():
    life = Life()
    with pytest.raises(DomainError) as error:
        life.move(date(2019, 6, 1), cell("K.03", established=date(2019, 6, 2)))
    assert codes(error) == ["came-before-cell"]
    upgraded = replace(
        AWAY,
        type=OrganisationType.GRASSROOTS_COMMITTEE,
        changed=(
            replace(AWAY.states[0]),
            replace(AWAY.states[0], since=date(2019, 8, 1), type=OrganisationType.GRASSROOTS_COMMITTEE),
        ),
    )
    with pytest.raises(DomainError) as error:
        life.move(date(2019, 6, 1), upgraded)
    assert codes(error) == ["not-a-cell-then"]
    life.move(date(2019, 8, 1), AWAY)
    life.move(date(2019, 9, 1), HOME)


@pytest.mark.parametrize(
    ("reason", "way", "code"),
    [
        (DepartureReason.TRANSFERRED_OUT, FactKind.RECEIVED, None),
        (DepartureReason.TRANSFERRED_OUT, FactKind.RESTORED, "no-way-back"),
        (DepartureReason.EXPELLED, FactKind.RESTORED, None),
        (DepartureReason.REMOVED, FactKind.ADMITTED, None),
        (DepartureReason.REMOVED, FactKind.RECEIVED, "no-way-back"),
        (DepartureReason.DIED, FactKind.RESTORED, "no-way-back"),
    ],
)
def test_how_somebody_left_says_how_they_may_come_back(reason, way, code):
    life = Life()
    life.confirm()
    life.leave(reason=reason)
    if code is None:
        event = life.enter(way, date(2021, 1, 4))
        assert event.before is None
        assert (life.member.left_on, life.member.entered_on) == (None, date(2021, 1, 4))
        assert life.member.admitted_on == (date(2021, 1, 4) if way is FactKind.ADMITTED else ADMITTED)
    else:
        with pytest.raises(DomainError) as error:
            life.enter(way, date(2021, 1, 4))
        assert codes(error) == [code]


def test_somebody_may_leave_and_come_back_on_one_day_and_not_come_twice():
    life = Life()
    life.leave(date(2020, 9, 1), DepartureReason.TRANSFERRED_OUT)
    life.enter(FactKind.RECEIVED, date(2020, 9, 1), AWAY, official=False)
    assert life.member.cell_id == AWAY.id
    with pytest.raises(DomainError) as error:
        life.enter(FactKind.RECEIVED, date(2020, 9, 2))
    assert codes(error) == ["already-in-register"]


def test_leaving_the_youth_union_is_a_change_of_profile():
    life = Life()
    event = life.profile(date(2020, 1, 1), youth_union=False)
    assert (event.before.youth_union, event.after.youth_union) == (True, False)
    with pytest.raises(DomainError) as error:
        life.profile(date(2020, 1, 2), youth_union=False)
    assert codes(error) == ["profile-unchanged"]


def test_who_entered_by_mistake_never_was_a_member():
    life = Life()
    event = life.withdraw(1)
    assert (event.fact, event.stated, len(event.retracted)) == (None, (), 1)
    assert life.member.entered_on is None
    assert summed(life.events) == {}
    life.enter(FactKind.ADMITTED, date(2020, 3, 1))
    assert life.member.entered_on == date(2020, 3, 1)


def test_what_happens_on_one_day_is_told_as_the_history_tells_it():
    life = Life()
    life.leave(ADMITTED, DepartureReason.RESIGNED)
    life.enter(FactKind.ADMITTED, ADMITTED)
    life.confirm(ADMITTED)
    assert summed(life.events) == stepped(life.history)
    assert life.member.counted == steps_of(life.history)[-1].after


def test_of_two_steps_alike_on_one_day_each_is_taken_back_by_itself():
    life = Life()
    life.leave(ADMITTED, DepartureReason.RESIGNED)
    life.enter(FactKind.ADMITTED, ADMITTED)
    life.correct(1, effective_date=ADMITTED + timedelta(1))
    assert summed(life.events) == stepped(life.history)


@given(st.lists(ACTIONS, max_size=14))
def test_signed_steps_always_come_to_the_history_that_stands(actions):
    life = Life()
    for action in actions:
        if not life.tried(action):
            continue
        assert summed(life.events) == stepped(life.history)
        assert life.member.version == len(life.events)
        last = steps_of(life.history)[-1:]
        assert [step.after for step in last if step.after] == (
            [life.member.counted] if life.member.entered_on and life.member.left_on is None else []
        )
        assert [step.effective_date for step in last] == [life.member.changed_on][: len(last)]


@given(st.lists(ACTIONS, max_size=14))
def test_nobody_is_in_two_cells_or_twice_in_one_on_any_day(actions):
    life = Life()
    for action in actions:
        life.tried(action)
    signed = summed(life.events)
    for day in {day for day, _ in signed}:
        there = Counter()
        for (changed, state), count in signed.items():
            there[state.cell_id] += count if changed <= day else 0
        assert sorted(there.elements()) in ([], [HOME.id], [AWAY.id])
        assert min(there.values()) >= 0
