"""What becomes of working teams: worked examples, and what holds whatever is recorded in whatever order."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from contracts.inspection import Seat, TeamRole, TeamTerms
from contracts.membership import DocumentRef, Standing
from services.inspection.faults import FaultsFound
from services.inspection.teams import domain
from services.inspection.teams.domain import Decision, Team

TEAM, FIRST, SECOND = UUID(int=1), UUID(int=2), UUID(int=3)
ANN, BEN = UUID(int=11), UUID(int=12)
HEALTH, SCHOOLS = UUID(int=21), UUID(int=22)
FORMED, MARCH, JUNE, ENDED = date(2020, 1, 15), date(2020, 3, 1), date(2020, 6, 1), date(2020, 12, 31)
ORDER = Decision(date(2020, 1, 10), DocumentRef(number="12-QĐ/ĐUK", date=date(2020, 1, 10)))


def seat(member=ANN, role=TeamRole.MEMBER, from_on=FORMED, until_on=None):
    return Seat(member_id=member, role=role, from_on=from_on, until_on=until_on)


def formed(until_on=None):
    terms = TeamTerms(code="TCT-1", name="Tổ công tác số 1", from_on=FORMED, until_on=until_on)
    return domain.decide_formation(terms, new_id=TEAM, decision=ORDER).state


def seated(team, one, id_=FIRST, standing=Standing.OFFICIAL):
    return domain.decide_seat(team, one, new_id=id_, standing=standing).state


def refused(decide, *arguments, **named):
    with pytest.raises(FaultsFound) as found:
        decide(*arguments, **named)
    return [fault.code for fault in found.value.faults]


def test_a_team_from_its_formation_to_its_end():
    team = seated(formed(), seat(role=TeamRole.LEADER))
    team = domain.decide_area(team, FORMED, frozenset({HEALTH}), ORDER).state
    team = domain.decide_area(team, JUNE, frozenset({HEALTH, SCHOOLS})).state
    decided = domain.decide_dissolution(team, ENDED)
    assert (decided.event.before.until_on, decided.event.after.until_on) == (None, ENDED)
    last = ENDED - timedelta(days=1)
    assert decided.state.area_on(JUNE - timedelta(days=1)) == {HEALTH}
    assert decided.state.area_on(last) == {HEALTH, SCHOOLS}
    assert list(decided.state.seats_on(last)) == [FIRST]
    assert (decided.state.area_on(ENDED), decided.state.seats_on(ENDED)) == (frozenset(), {})
    assert decided.state.version == 5


def test_an_event_carries_who_ordered_it():
    decided = domain.decide_seat(formed(), seat(), new_id=FIRST, standing=Standing.OFFICIAL, decision=ORDER)
    assert (decided.event.decision_date, decided.event.document) == (ORDER.on, ORDER.document)
    assert (decided.event.effective_date, decided.event.after.member_id) == (FORMED, ANN)


def test_a_day_before_it_is_formed_or_after_its_end_is_refused():
    assert refused(seated, formed(), seat(from_on=FORMED - timedelta(days=1))) == ["outside-team"]
    assert refused(seated, formed(JUNE), seat(from_on=JUNE)) == ["outside-team"]
    assert refused(domain.decide_area, formed(JUNE), JUNE, frozenset({HEALTH})) == ["outside-team"]
    assert refused(domain.decide_dissolution, seated(formed(), seat(from_on=JUNE)), MARCH) == ["outside-team"]
    assert refused(domain.decide_dissolution, formed(), FORMED) == ["ends-before-it-starts"]
    assert refused(seated, formed(), seat(until_on=FORMED)) == ["ends-before-it-starts"]


def test_nobody_sits_in_a_team_twice_at_once_and_may_come_back():
    team = seated(formed(), seat(until_on=JUNE))
    assert refused(seated, team, seat(from_on=JUNE - timedelta(days=1)), SECOND) == ["seated-twice"]
    assert list(seated(team, seat(from_on=JUNE), SECOND).seats_on(JUNE)) == [SECOND]
    assert refused(seated, seated(formed(), seat(from_on=MARCH)), seat(until_on=JUNE), SECOND) == [
        "seated-twice"
    ]


def test_a_team_has_one_leader_at_a_time():
    team = seated(formed(), seat(role=TeamRole.LEADER))
    other = seat(BEN, TeamRole.LEADER, from_on=JUNE)
    assert refused(seated, team, other, SECOND) == ["two-leaders"]
    assert len(seated(team, seat(BEN, TeamRole.DEPUTY_LEADER), SECOND).seats) == 2
    released = domain.decide_release(team, FIRST, JUNE).state
    assert seated(released, other, SECOND).seats_on(JUNE) == {SECOND: other}


def test_who_is_not_in_the_register_on_that_day_is_refused_and_a_probationary_member_told():
    assert refused(seated, formed(), seat(), standing=None) == ["not-in-register"]
    decided = domain.decide_seat(formed(), seat(), new_id=FIRST, standing=Standing.PROBATIONARY)
    assert [warning.code for warning in decided.warnings] == ["on-probation"]


def test_an_area_told_late_holds_up_to_the_next_and_told_again_puts_it_right():
    team = domain.decide_area(formed(), JUNE, frozenset({SCHOOLS})).state
    late = domain.decide_area(team, FORMED, frozenset({HEALTH}))
    assert (late.event.before, late.event.after, late.event.until_on) == ((), (HEALTH,), JUNE)
    again = domain.decide_area(late.state, FORMED, frozenset())
    assert (again.event.before, again.event.after, again.event.until_on) == ((HEALTH,), (), JUNE)
    assert (again.state.area_on(MARCH), again.state.area_on(JUNE)) == (frozenset(), {SCHOOLS})
    assert refused(domain.decide_area, team, JUNE, frozenset({SCHOOLS})) == ["nothing-changes"]


def test_what_ended_ends_once_and_a_wrong_end_is_put_right():
    team = domain.decide_release(seated(formed(), seat()), FIRST, JUNE).state
    assert refused(domain.decide_release, team, FIRST, MARCH) == ["already-ended"]
    right = domain.decide_seat_correction(team, FIRST, seat(), standing=Standing.OFFICIAL)
    assert right.event.effective_date == JUNE
    assert list(right.state.seats_on(ENDED)) == [FIRST]
    over = domain.decide_dissolution(right.state, ENDED).state
    assert refused(domain.decide_dissolution, over, JUNE) == ["already-ended"]
    on = domain.decide_correction(over, over.terms.model_copy(update={"until_on": None}))
    assert (on.event.effective_date, list(on.state.seats_on(ENDED))) == (ENDED, [FIRST])


def test_a_correction_is_held_against_the_same_rules():
    team = seated(seated(formed(), seat(until_on=MARCH)), seat(from_on=JUNE), SECOND)
    later = seat(until_on=JUNE + timedelta(days=1))
    correct = domain.decide_seat_correction
    assert refused(correct, team, FIRST, later, standing=Standing.OFFICIAL) == ["seated-twice"]
    assert refused(correct, team, FIRST, seat(until_on=JUNE), standing=None) == ["not-in-register"]
    assert refused(correct, team, FIRST, team.seats[FIRST], standing=Standing.OFFICIAL) == ["nothing-changes"]
    terms = team.terms.model_copy(update={"from_on": MARCH})
    assert refused(domain.decide_correction, team, terms) == ["outside-team"]
    assert refused(domain.decide_correction, team, team.terms) == ["nothing-changes"]


def test_a_seat_or_a_team_that_never_was_leaves_nothing():
    team = domain.decide_area(seated(formed(), seat()), FORMED, frozenset({HEALTH})).state
    gone = domain.decide_seat_withdrawal(team, FIRST)
    assert (gone.event.effective_date, gone.event.after, gone.state.seats) == (FORMED, None, {})
    never = domain.decide_withdrawal(team)
    assert (never.event.after, never.state.seats_on(MARCH), never.state.area_on(MARCH)) == (
        None,
        {},
        frozenset(),
    )


def test_a_correction_takes_effect_on_the_first_day_that_is_otherwise():
    team = formed(ENDED)
    for changed, day in (
        ({"name": "Tổ 1"}, FORMED),
        ({"from_on": MARCH}, FORMED),
        ({"from_on": date(2020, 1, 2)}, date(2020, 1, 2)),
        ({"until_on": JUNE}, JUNE),
        ({"until_on": None}, ENDED),
    ):
        decided = domain.decide_correction(team, team.terms.model_copy(update=changed))
        assert decided.event.effective_date == day, changed


# Whatever is asked of a team in whatever order: what was refused cannot have been, and what was accepted can.

DAYS = st.integers(0, 12).map(lambda number: FORMED + timedelta(days=30 * number - 30))
PEOPLE = st.sampled_from([ANN, BEN, UUID(int=13)])
LENGTHS = st.none() | st.integers(1, 200)


@st.composite
def seats(draw):
    from_on, length = draw(DAYS), draw(LENGTHS)
    return seat(
        draw(PEOPLE),
        draw(st.sampled_from(TeamRole)),
        from_on,
        None if length is None else from_on + timedelta(days=length),
    )


class LifeOfATeam(RuleBasedStateMachine):
    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.team: Team = formed()
        self.next = 100

    def asked(self, decide, *arguments, **named):
        try:
            decided = decide(self.team, *arguments, **named)
        except FaultsFound:
            return False
        assert decided.state.version == self.team.version + 1
        self.team = decided.state
        return True

    @rule(target=ids, one=seats())
    def sit(self, one):
        self.next += 1
        id_ = UUID(int=self.next)
        done = self.asked(domain.decide_seat, one, new_id=id_, standing=Standing.OFFICIAL)
        return id_ if done else multiple()

    @rule(id_=ids, day=DAYS)
    def release(self, id_, day):
        self.asked(domain.decide_release, id_, day)

    @rule(id_=ids, one=seats())
    def correct(self, id_, one):
        self.asked(domain.decide_seat_correction, id_, one, standing=Standing.OFFICIAL)

    @rule(id_=consumes(ids))
    def withdraw(self, id_):
        assert self.asked(domain.decide_seat_withdrawal, id_)

    @rule(day=DAYS, units=st.frozensets(st.sampled_from([HEALTH, SCHOOLS])))
    def give_area(self, day, units):
        done = self.asked(domain.decide_area, day, units)
        assert not done or self.team.area_on(day) == units

    @rule(day=DAYS)
    def dissolve(self, day):
        self.asked(domain.decide_dissolution, day)

    @rule(day=DAYS, until=st.none() | DAYS)
    def correct_days(self, day, until):
        self.asked(
            domain.decide_correction,
            self.team.terms.model_copy(update={"from_on": day, "until_on": until}),
        )

    @invariant()
    def on_each_day_it_could_have_been_so(self):
        for number in range(-60, 500, 10):
            day = FORMED + timedelta(days=number)
            held = self.team.seats_on(day).values()
            assert self.team.is_there(day) or not (held or self.team.area_on(day))
            assert max(Counter(one.member_id for one in held).values(), default=0) <= 1
            assert sum(one.role is TeamRole.LEADER for one in held) <= 1


TestLifeOfATeam = LifeOfATeam.TestCase


@given(
    st.lists(st.tuples(DAYS, st.frozensets(st.sampled_from([HEALTH, SCHOOLS]))), max_size=6),
    st.lists(DAYS, max_size=4),
)
def test_the_deltas_of_areas_sum_up_to_the_area_of_any_day(told, asked):
    team, events = formed(), []
    for day, units in told:
        try:
            decided = domain.decide_area(team, day, units)
        except FaultsFound:
            continue
        team, events = decided.state, [*events, decided.event]
    for day in asked:
        count: Counter[UUID] = Counter()
        for event in events:
            if event.effective_date <= day and (event.until_on is None or day < event.until_on):
                count.update(event.after)
                count.subtract(event.before)
        assert {unit for unit, number in count.items() if number} == team.area_on(day)
        assert set(count.values()) <= {0, 1}
