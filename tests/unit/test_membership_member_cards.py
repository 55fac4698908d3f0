"""What a card says of a day, of random lives: the same as their steps come to, and clocks that only go forward."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import Standing
from services.membership import thresholds
from services.membership.clocks import CountedFrom, Seniority
from services.membership.history import steps_of
from services.membership.member_cards import clocks_json, life_on, there_since
from tests.lives import ACTIONS, ADMITTED, AWAY, HOME, Life

DAYS = [ADMITTED + timedelta(number) for number in range(-1, 43)]


def lived(actions) -> Life:
    life = Life()
    for action in actions:
        life.tried(action)
    return life


@given(st.lists(ACTIONS, max_size=8))
def test_what_somebody_counts_as_on_a_day_is_what_their_steps_come_to(actions):
    history = lived(actions).history
    states = {}
    for day in DAYS:
        now = [step.after for step in steps_of(history) if step.effective_date <= day][-1:]
        states[day] = now[0] if now else None
        life = life_on(history, day)
        assert life.state == states[day]
        told = clocks_json(life, day)
        standing = life.state and life.state.standing
        assert told["standing"] == standing
        assert (told["review"] is not None) == (standing is Standing.PROBATIONARY)
        assert (told["party_age"] is not None) == (standing is Standing.OFFICIAL)
        if life.state is not None:
            since = there_since(history, day)
            there = [earlier for earlier in DAYS if since <= earlier <= day]
            assert {states[earlier].cell_id for earlier in there} == {life.state.cell_id}
            before = states.get(since - timedelta(1))
            assert before is None or before.cell_id != life.state.cell_id or came_back_on(history, since)


def came_back_on(history, day: date) -> bool:
    """Return whether somebody left and came back, or went and returned, within one day."""
    return sum(step.effective_date == day for step in steps_of(history)) > 1


def test_a_move_begins_a_new_stay_and_a_confirmation_does_not():
    life = Life()
    life.confirm(ADMITTED + timedelta(5))
    life.move(ADMITTED + timedelta(10))
    days = [there_since(life.history, ADMITTED + timedelta(number)) for number in (0, 9, 10, 20)]
    assert days == [ADMITTED, ADMITTED, ADMITTED + timedelta(10), ADMITTED + timedelta(10)]
    assert [life_on(life.history, day).state.cell_id for day in days[1:3]] == [HOME.id, AWAY.id]


@given(st.dates(date(1930, 1, 1), date(2100, 1, 1)), st.dates(date(1930, 1, 1), date(2200, 1, 1)))
def test_the_next_badge_is_the_first_whose_award_day_is_not_past(since, day):
    seniority = Seniority(since, CountedFrom.ADMISSION)
    years = seniority.next_badge_on(day)
    past = [one for one in thresholds.BADGE_YEARS.values if years is None or one < years]
    assert all(seniority.award_day_of(one) < day for one in past)
    assert years is None or seniority.award_day_of(years) >= day


def test_there_is_no_badge_after_the_last_and_none_past_the_calendar():
    assert Seniority(date(1900, 1, 1), CountedFrom.ADMISSION).next_badge_on(date(2020, 1, 1)) is None
    assert Seniority(date(9980, 1, 1), CountedFrom.ADMISSION).next_badge_on(date(9990, 1, 1)) is None
