"""Monthly plans of visits: no rule is ever broken, the best plan is found, the least is changed, all is explained."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan import greedy
from contracts.visit_plans import PlanChange, VisitAssigned, VisitAssignmentChanged, VisitChange
from rules.guidance import MeetingGrade
from services.inspection.faults import FaultsFound
from services.inspection.plans import domain
from services.inspection.plans.assignment import Wanted, assign, least_of_kinds, value, worth
from services.inspection.plans.plan import Pin, PlanStatus
from services.inspection.plans.policy import (
    AreaRule,
    NoPolicyError,
    parse_policies,
    policies,
    policy_of,
)
from services.inspection.plans.replanning import decide_replan
from services.inspection.plans.rules import Ban, Limits, breaches, hindrance
from services.inspection.plans.situation import (
    Kind,
    Meeting,
    MeetingState,
    Rule,
    Situation,
    Standing,
    Whereabouts,
)

MONTH, ON = date(2020, 6, 1), date(2020, 5, 28)
CELLS = [UUID(int=100 + n) for n in range(5)]
PEOPLE = [UUID(int=200 + n) for n in range(4)]
ANN, BEN, CAM, _ = PEOPLE
TEAM, OTHER_TEAM = UUID(int=300), UUID(int=301)
LIMITS = Limits(per_person=2)


def met(number, cell=CELLS[0], day=3, hour=8, kinds=(Kind.REGULAR, Kind.SUBORDINATE), **other):
    return Meeting(
        id=UUID(int=number), cell_id=cell, starts_at=datetime(2020, 6, day, hour, tzinfo=UTC),
        kinds=frozenset(kinds), **other,
    )  # fmt: skip


def always(**of):
    """Somebody who is the same on every day of the month."""
    there = Whereabouts(team_id=TEAM, **of)
    return {date(2020, 6, day): there for day in range(1, 31)}


def month(meetings, people, **of):
    return Situation(
        month=MONTH, policy=of.pop("policy", policy_of(MONTH)),
        meetings={one.id: one for one in meetings}, people=people, **of,
    )  # fmt: skip


def proposed(situation, limits=LIMITS):
    return domain.decide_proposal(situation, limits, on=ON).state


def approved(plan, situation):
    return domain.decide_approval(plan, situation, on=ON).state


def refused(decide, *arguments, **named):
    with pytest.raises(FaultsFound) as found:
        decide(*arguments, **named)
    return [fault.code for fault in found.value.faults]


# Random months, small enough that every plan of them can be tried.


OF_MEETINGS = st.sampled_from([(Kind.REGULAR,), (Kind.THEMATIC,), (Kind.REGULAR, Kind.THEMATIC), ()])


@st.composite
def months(draw, most_meetings=6, most_people=3):
    meetings = [
        met(
            number,
            draw(st.sampled_from(CELLS)),
            draw(st.integers(1, 2)),
            draw(st.sampled_from([8, 10, 14])),
            kinds=[*draw(OF_MEETINGS), draw(st.sampled_from([Kind.GRASSROOTS, Kind.SUBORDINATE]))],
            state=draw(st.sampled_from([MeetingState.AHEAD] * 6 + list(MeetingState))),
        )
        for number in range(draw(st.integers(0, most_meetings)))
    ]
    people = {}
    for member in PEOPLE[: draw(st.integers(0, most_people))]:
        days = {}
        for day in (1, 2):
            if draw(st.booleans()) or draw(st.booleans()):
                days[date(2020, 6, day)] = Whereabouts(
                    team_id=TEAM,
                    hindrance=draw(st.sampled_from([None, None, None, Rule.ABSENT, Rule.SUSPENDED])),
                    homes=frozenset(draw(st.lists(st.sampled_from(CELLS), max_size=2))),
                    areas=dict.fromkeys(draw(st.lists(st.sampled_from(CELLS), max_size=3)), OTHER_TEAM),
                )
        people[member] = days
    grade = st.sampled_from([None, *MeetingGrade])
    number = st.integers(0, 3)
    standing = st.builds(
        Standing, months=st.none() | st.integers(0, 30), findings=number, overdue=number, grade=grade
    )
    return month(
        meetings,
        people,
        policy=policy_of(MONTH).model_copy(update={"area": draw(st.sampled_from(AreaRule))}),
        cells={cell: draw(standing) for cell in CELLS},
        load={member: draw(number) for member in PEOPLE},
    )


limits = st.builds(
    Limits,
    per_person=st.integers(1, 2),
    at_most=st.none() | st.integers(1, 3),
    bans=st.frozensets(
        st.builds(
            Ban,
            meeting_id=st.none() | st.integers(0, 5).map(lambda n: UUID(int=n)),
            member_id=st.none() | st.sampled_from(PEOPLE),
        ).filter(lambda ban: ban != Ban()),
        max_size=2,
    ),
)


def every_plan(situation, limits):
    """All plans of a month that break no rule: the slow and sure way."""
    choices = [
        [None, *(who for who in situation.people if hindrance(situation, limits, one, who) is None)]
        for one in situation.meetings.values()
    ]
    for who in product(*choices):
        chosen = {one: member for one, member in zip(situation.meetings, who, strict=True) if member}
        if not any(breaches(situation, limits, chosen)):
            yield chosen


@settings(max_examples=80, deadline=None)
@given(months(), limits)
def test_a_plan_breaks_no_rule_and_no_plan_is_better(situation, limits):
    chosen = assign(situation, limits).chosen
    assert list(breaches(situation, limits, chosen)) == []
    best = max(value(situation, limits, plan) for plan in every_plan(situation, limits))
    assert value(situation, limits, chosen) == best
    assert best >= value(situation, limits, {})


def broken_by_hand(situation, limits, chosen):
    """The rules again, as a person would look at a plan: kept apart from the code that makes plans."""
    for one, who in chosen.items():
        meeting = situation.meetings[one]
        there = situation.people.get(who, {}).get((meeting.starts_at + timedelta(hours=7)).date())
        obligatory = situation.policy.area is AreaRule.OBLIGATORY
        faults = {
            "open": meeting.state is not MeetingState.AHEAD
            or not meeting.kinds & {Kind.REGULAR, Kind.THEMATIC},
            "person": there is None or there.hindrance or meeting.cell_id in there.homes,
            "area": there and obligatory and meeting.cell_id not in there.areas,
            "ban": limits.bans & {Ban(one), Ban(None, who), Ban(one, who)},
        }
        yield from (name for name, is_so in faults.items() if is_so)
    for (one, who), (other, whom) in combinations(chosen.items(), 2):
        a, b = sorted((situation.meetings[one], situation.meetings[other]), key=lambda m: m.starts_at)
        length = 120 if {Kind.REGULAR, Kind.THEMATIC} <= a.kinds else 90
        if who == whom and b.starts_at - a.starts_at < timedelta(minutes=length + 60):
            yield "at once"
        if a.cell_id == b.cell_id:
            yield "cell"
    if any(count > limits.per_person for count in Counter(chosen.values()).values()):
        yield "capacity"
    if limits.at_most is not None and len(chosen) > limits.at_most:
        yield "too many"


@settings(max_examples=80, deadline=None)
@given(months(9, 4), limits)
def test_rules_are_those_that_a_person_would_look_at(situation, limits):
    chosen = assign(situation, limits).chosen
    assert list(broken_by_hand(situation, limits, chosen)) == []
    assert assign(situation, limits).chosen == chosen, "the same month has the same plan"
    peer = greedy(situation, replace(limits, at_most=None))
    assert list(broken_by_hand(situation, replace(limits, at_most=None), peer)) == []


@settings(max_examples=80, deadline=None)
@given(months(9, 4), limits, st.data())
def test_pins_hold_or_are_refused_with_a_rule_and_cells(situation, limits, data):
    if not any(situation.open_meetings()) or not situation.people:
        assert refused(proposed, situation, limits)[0] in {"no-open-meeting", "nobody-to-send"}
        return
    plan = proposed(situation, limits)
    for _ in range(3):
        meeting = data.draw(st.sampled_from(sorted(situation.meetings)))
        member = data.draw(st.none() | st.sampled_from(sorted(situation.people)))
        before, pins = plan.chosen, {one for one, visit in plan.visits.items() if visit.pin}
        try:
            plan = domain.decide_pin(plan, situation, meeting, member, on=ON).state
        except FaultsFound as found:
            for fault in found.faults:
                assert (
                    fault.code == "nothing-changes" or "(0" in fault.message or fault.code == "visit-not-open"
                )
                assert fault.message_en
            continue
        assert list(breaches(situation, limits, plan.chosen)) == []
        assert meeting in plan.chosen
        assert member in {None, plan.chosen[meeting]}
        assert pins <= {one for one, visit in plan.visits.items() if visit.pin}
        assert plan.chosen.keys() <= before.keys() | {meeting}, "no other cell comes in"
    again = domain.decide_again(plan, situation, limits, on=ON).state
    for one, visit in plan.visits.items():
        if visit.pin is Pin.VISITOR:
            assert again.chosen[one] == visit.planned.member_id
        if visit.pin:
            assert again.visits[one].pin is visit.pin
    assert list(breaches(situation, limits, again.chosen)) == []


def least_changes(situation, limits, before, must):
    """The fewest visits that are otherwise, of all plans that have what must be and no further meeting."""
    only = before.keys() | must.keys()
    return min(
        sum(before[one] != plan.get(one) for one in before)
        for plan in every_plan(situation, limits)
        if plan.keys() <= only and all(plan.get(one) == who for one, who in must.items())
    )


@settings(max_examples=100, deadline=None)
@given(months(), limits, st.data())
def test_a_pin_changes_no_more_than_it_must(situation, limits, data):
    if not any(situation.open_meetings()) or not situation.people:
        return
    plan = proposed(situation, limits)
    meeting = data.draw(st.sampled_from(sorted(situation.meetings)))
    member = data.draw(st.sampled_from(sorted(situation.people)))
    try:
        after = domain.decide_pin(plan, situation, meeting, member, on=ON).state
    except FaultsFound:
        return
    changed = sum(who != after.chosen.get(one) for one, who in plan.chosen.items())
    assert changed == least_changes(situation, limits, plan.chosen, {meeting: member})


@st.composite
def later(draw, situation):
    """The same month after something happened to it."""
    meetings, people = dict(situation.meetings), dict(situation.people)
    for _ in range(draw(st.integers(0, 3))):
        what = draw(st.sampled_from(["moved", "postponed", "cancelled", "over", "absent", "left", "own"]))
        one = draw(st.sampled_from(sorted(meetings)))
        who = draw(st.sampled_from(sorted(people)))
        meeting, days = meetings[one], people[who]
        if what == "moved":
            at = datetime(2020, 6, draw(st.integers(1, 2)), draw(st.sampled_from([8, 10, 14])), tzinfo=UTC)
            meetings[one] = replace(meeting, starts_at=at, state=MeetingState.AHEAD)
        elif what == "postponed":
            meetings[one] = replace(meeting, starts_at=None, state=MeetingState.POSTPONED)
        elif what == "cancelled":
            meetings[one] = replace(meeting, state=MeetingState.CANCELLED)
        elif what == "over" and meeting.is_open:
            meetings[one] = replace(meeting, state=MeetingState.OVER)
        elif what == "absent":
            people[who] = {day: replace(there, hindrance=Rule.ABSENT) for day, there in days.items()}
        elif what == "left":
            people[who] = {}
        elif what == "own":
            people[who] = {
                day: replace(there, homes=there.homes | {meeting.cell_id}) for day, there in days.items()
            }
    return replace(situation, meetings=meetings, people=people)


@settings(max_examples=100, deadline=None)
@given(months(8, 4), limits, st.data())
def test_replanning_changes_only_visits_that_cannot_be_and_changes_them_once(situation, limits, data):
    if not any(situation.open_meetings()) or not situation.people:
        return
    plan = proposed(situation, limits)
    if not plan.chosen:
        return
    plan, now = approved(plan, situation), situation
    for _ in range(2):
        now = data.draw(later(now))
        before = plan.chosen
        over = {one for one in before if now.meetings[one].state is MeetingState.OVER}
        decided = decide_replan(plan, now, on=ON)
        if decided is None:
            ahead = {one: who for one, who in before.items() if one not in over}
            assert list(breaches(now, plan.limits, ahead)) == []
            continue
        events = [
            event for event, _ in decided.events if isinstance(event, VisitAssignmentChanged | VisitAssigned)
        ]
        after = decided.state.chosen
        assert after.keys() <= plan.visits.keys(), "no other cell comes in"
        assert {one: who for one, who in after.items() if one in over} == {one: before[one] for one in over}
        ahead = {one: who for one, who in after.items() if one not in over}
        assert list(breaches(now, replace(plan.limits, at_most=None), ahead)) == []
        if before.keys() - over and not over:
            # What could have stayed as it was, stayed: no visit was changed that breaks no rule beside the others.
            for one, who in before.items():
                if after.get(one) != who:
                    others = {other: whom for other, whom in after.items() if other != one}
                    assert list(breaches(now, replace(plan.limits, at_most=None), {**others, one: who})) != []
        touched = {event.assignment_id for event in events}
        assert len(touched) == len(events)
        for event in events:
            assert event.before != event.after
        assert decide_replan(decided.state, now, on=ON) is None, "asked again it changes nothing"
        plan = decided.state


@settings(max_examples=100, deadline=None)
@given(months(9, 4), limits)
def test_each_cell_is_visited_or_it_is_said_why_not(situation, limits):
    if not any(situation.open_meetings()) or not situation.people:
        return
    plan = proposed(situation, limits)
    visited = {visit.planned.cell_id for visit in plan.visits.values()}
    assert {one.cell_id for one in plan.left_out} == set(CELLS) - visited
    assert all(one.reason.message and "{" not in one.reason.message for one in plan.left_out)
    assert all(visit.why and all(reason.message for reason in visit.why) for visit in plan.visits.values())
    for one in plan.left_out:
        if one.code == "nobody-can":
            meeting = situation.meetings[one.meeting_id]
            assert all(hindrance(situation, limits, meeting, who) for who in situation.people)


@settings(max_examples=40, deadline=None)
@given(months(9, 4), limits, st.data())
def test_a_cell_is_visited_or_left_out_after_a_change_by_hand_too(situation, limits, data):
    if not any(situation.open_meetings()) or not situation.people:
        return
    plan = proposed(situation, limits)
    for _ in range(3):
        meeting_id = data.draw(st.sampled_from(sorted(situation.meetings)))
        member_id = data.draw(st.none() | st.sampled_from(sorted(situation.people)))
        try:
            plan = domain.decide_change(plan, situation, meeting_id, member_id, on=ON).state
        except FaultsFound:
            continue
        visited = {visit.planned.cell_id for visit in plan.visits.values()}
        assert sorted(one.cell_id for one in plan.left_out) == sorted(set(CELLS) - visited)


# Worked examples.


def test_cells_not_visited_for_longest_with_findings_and_poor_scores_come_first():
    standings = [
        Standing(months=1),
        Standing(months=12),
        Standing(months=1, findings=3, overdue=2),
        Standing(months=1, grade=MeetingGrade.POOR),
        Standing(),
    ]
    cells = dict(zip(CELLS, standings, strict=True))
    meetings = [met(number, cell, day=3 + number) for number, cell in enumerate(CELLS)]
    situation = month(meetings, {ANN: always()}, cells=cells)
    assert [worth(situation, cell) for cell in CELLS] == [23, 56, 48, 43, 92]
    plan = proposed(situation)
    assert [one.int for one in plan.chosen] == [1, 4]
    assert plan.visits[UUID(int=1)].why[0].message == "Đã 12 tháng chưa được dự."
    assert plan.visits[UUID(int=4)].why[0].code == "never-visited"
    assert [(one.code, one.points) for one in plan.left_out] == [
        ("outranked", 48), ("outranked", 43), ("outranked", 23),
    ]  # fmt: skip
    assert "1 người đã đủ số buổi trong tháng" in plan.left_out[0].reason.message


def test_both_kinds_of_meeting_and_of_cell_are_covered():
    # Nine subordinate cells that were never visited, and one grassroots cell with a thematic meeting that was.
    cells = [UUID(int=400 + n) for n in range(10)]
    meetings = [met(n, cells[n], day=1 + n) for n in range(9)]
    meetings.append(met(9, cells[9], day=20, kinds=(Kind.THEMATIC, Kind.GRASSROOTS)))
    standing = dict.fromkeys(cells, Standing()) | {cells[9]: Standing(months=0)}
    situation = month(meetings, {ANN: always(), BEN: always()}, cells=standing)
    assert least_of_kinds(situation, LIMITS) == {
        Kind.REGULAR: 1, Kind.THEMATIC: 1, Kind.GRASSROOTS: 1, Kind.SUBORDINATE: 1,
    }  # fmt: skip
    plan = proposed(situation)
    assert UUID(int=9) in plan.chosen
    assert [reason.code for reason in plan.visits[UUID(int=9)].why] == [
        "covers-grassroots-cell", "covers-thematic",
    ]  # fmt: skip


def test_load_is_balanced_within_a_month_and_over_the_months_before():
    meetings = [met(n, CELLS[n], day=1 + n) for n in range(3)]
    people = {ANN: always(), BEN: always(), CAM: always()}
    plan = proposed(month(meetings, people))
    assert sorted(plan.chosen.values()) == [ANN, BEN, CAM]
    plan = proposed(month(meetings[:2], people, load={ANN: 5, BEN: 1, CAM: 1}))
    assert set(plan.chosen.values()) == {BEN, CAM}


def test_people_go_to_the_area_of_their_team_and_only_there_where_that_is_obligatory():
    meetings = [met(0, CELLS[0]), met(1, CELLS[1])]
    people = {ANN: always(areas={CELLS[1]: OTHER_TEAM}), BEN: always()}
    plan = proposed(month(meetings, people))
    assert plan.chosen == {UUID(int=0): BEN, UUID(int=1): ANN}
    assert plan.visits[UUID(int=1)].planned.team_id == OTHER_TEAM
    obligatory = policy_of(MONTH).model_copy(update={"area": AreaRule.OBLIGATORY})
    plan = proposed(month(meetings, people, policy=obligatory))
    assert plan.chosen == {UUID(int=1): ANN}


@pytest.mark.parametrize(
    ("people", "rule"),
    [
        ({ANN: always(homes=frozenset({CELLS[0]}))}, "visit-own-cell"),
        ({ANN: always(hindrance=Rule.ABSENT)}, "visit-absent"),
        ({ANN: always(hindrance=Rule.EXEMPT)}, "visit-exempt"),
        ({ANN: always(hindrance=Rule.SUSPENDED)}, "visit-suspended"),
        ({ANN: always(hindrance=Rule.NOT_IN_REGISTER)}, "visit-not-in-register"),
        ({ANN: {}}, "visit-not-seated"),
    ],
)
def test_a_pin_that_breaks_a_rule_is_refused_by_its_name(people, rule):
    meetings = [met(0), met(1, CELLS[1], day=9)]
    situation = month(meetings, people | {BEN: always()}, codes={CELLS[0]: "K.01"})
    plan = proposed(situation)
    assert refused(domain.decide_pin, plan, situation, UUID(int=0), ANN, on=ON) == [rule]
    assert refused(domain.decide_change, plan, situation, UUID(int=0), ANN, on=ON) == [rule]


def test_pins_that_contradict_are_refused_with_the_rule_and_all_cells():
    meetings = [
        met(0),
        met(1, CELLS[1], hour=9),
        met(2, CELLS[2], day=5),
        met(3, CELLS[3], day=6),
        met(4, day=9),
    ]
    codes = {CELLS[0]: "K.01", CELLS[1]: "K.02", CELLS[2]: "K.03", CELLS[3]: "K.04"}
    situation = month(meetings, {ANN: always(), BEN: always()}, codes=codes)
    plan = domain.decide_pin(proposed(situation), situation, UUID(int=0), ANN, on=ON).state
    with pytest.raises(FaultsFound) as found:
        domain.decide_pin(plan, situation, UUID(int=1), ANN, on=ON)
    [fault] = found.value.faults
    assert (fault.code, "K.01 (03/06), K.02 (03/06)" in fault.message) == ("visit-at-once", True)
    assert refused(domain.decide_pin, plan, situation, UUID(int=4), BEN, on=ON) == ["visit-cell-twice"]
    plan = domain.decide_pin(plan, situation, UUID(int=2), ANN, on=ON).state
    assert refused(domain.decide_pin, plan, situation, UUID(int=3), ANN, on=ON) == ["visit-capacity"]


def test_a_pinned_meeting_for_which_nobody_is_left_is_refused_with_what_hinders_each():
    people = {ANN: always(homes=frozenset({CELLS[0]})), BEN: always(hindrance=Rule.ABSENT), CAM: always()}
    situation = month([met(0), met(1, CELLS[1])], people, codes={CELLS[0]: "K.01", CELLS[1]: "K.02"})
    plan = domain.decide_pin(proposed(situation), situation, UUID(int=1), CAM, on=ON).state
    with pytest.raises(FaultsFound) as found:
        domain.decide_pin(plan, situation, UUID(int=0), None, on=ON)
    [fault] = found.value.faults
    assert fault.code == "nobody-for-pinned"
    assert fault.message.startswith(
        "Không xếp được người dự buổi đã ghim ở K.01 (03/06): 1 người vắng, 1 người đang dự nơi khác cùng giờ, "
        "1 người là chi bộ của chính mình."
    )


def test_what_is_forbidden_is_not_planned_and_comes_back_only_when_it_is_proposed_anew():
    situation = month([met(0), met(1, CELLS[1], day=9)], {ANN: always(), BEN: always()})
    plan = domain.decide_ban(proposed(situation), situation, Ban(UUID(int=0)), on=ON).state
    assert list(plan.chosen) == [UUID(int=1)]
    assert [one.code for one in plan.left_out] == ["forbidden"]
    decided = domain.decide_ban(plan, situation, Ban(None, plan.chosen[UUID(int=1)]), on=ON)
    [(event, version)] = decided.events
    assert (event.change, version, len(event.before), len(event.after)) == (PlanChange.FORBIDDEN, 3, 1, 1)
    plan = domain.decide_allowance(decided.state, Ban(UUID(int=0)), on=ON).state
    assert list(plan.chosen) == [UUID(int=1)]
    assert len(domain.decide_again(plan, situation, LIMITS, on=ON).state.chosen) == 2
    assert refused(domain.decide_allowance, plan, Ban(UUID(int=0)), on=ON) == ["not-forbidden"]
    assert refused(domain.decide_ban, plan, situation, Ban(), on=ON) == ["nothing-to-forbid"]
    pinned = domain.decide_pin(plan, situation, UUID(int=1), None, on=ON).state
    assert refused(domain.decide_ban, pinned, situation, Ban(UUID(int=1)), on=ON) == ["pinned-visit"]


def test_what_is_pinned_or_forbidden_leaves_other_visits_though_others_would_be_better_by_now():
    meetings = [met(number, CELLS[number], day=3 + number) for number in range(3)]
    plan = proposed(month(meetings, {ANN: always()}), Limits(per_person=3))
    assert list(plan.chosen.values()) == [ANN, ANN, ANN]
    # Somebody else is free by now, and of the team in whose area the cells are.
    now = month(meetings, {ANN: always(), BEN: always(areas=dict.fromkeys(CELLS, OTHER_TEAM))})
    pinned = domain.decide_pin(plan, now, UUID(int=0), BEN, on=ON).state
    assert list(pinned.chosen.values()) == [BEN, ANN, ANN]
    without = domain.decide_ban(plan, now, Ban(UUID(int=0)), on=ON).state
    assert list(without.chosen.values()) == [ANN, ANN]
    again = domain.decide_again(plan, now, Limits(per_person=3), on=ON).state
    assert list(again.chosen.values()).count(BEN) >= 2


def test_a_plan_is_approved_once_and_each_visit_is_told():
    situation = month([met(0), met(1, CELLS[1], day=9)], {ANN: always(), BEN: always()})
    plan = proposed(situation)
    decided = domain.decide_approval(plan, situation, on=ON)
    assert [type(event).__name__ for event, _ in decided.events] == [
        "VisitPlanApproved", "VisitAssigned", "VisitAssigned",
    ]  # fmt: skip
    done = decided.state
    assert (done.status, done.version) == (PlanStatus.APPROVED, 2)
    assert refused(domain.decide_approval, done, situation, on=ON) == ["plan-approved"]
    assert refused(domain.decide_again, done, situation, LIMITS, on=ON) == ["plan-approved"]
    assert refused(domain.decide_pin, done, situation, UUID(int=0), ANN, on=ON) == ["plan-approved"]
    away = replace(situation, people={ANN: always(hindrance=Rule.ABSENT), BEN: always()})
    assert "visit-absent" in refused(domain.decide_approval, plan, away, on=ON)
    moved = replace(situation, meetings=situation.meetings | {UUID(int=0): met(0, day=4)})
    assert refused(domain.decide_approval, plan, moved, on=ON) == ["visit-moved"]


def test_an_approved_visit_is_changed_by_hand_or_taken_out():
    situation = month([met(0), met(1, CELLS[1], day=9)], {ANN: always(), BEN: always()})
    plan = approved(proposed(situation), situation)
    who = plan.chosen[UUID(int=0)]
    other = ({ANN, BEN} - {who}).pop()
    decided = domain.decide_change(plan, situation, UUID(int=0), other, on=ON)
    event, version = decided.events[1]
    assert (event.before.member_id, event.after.member_id, event.reason, version) == (
        who, other, VisitChange.BY_HAND, 2,
    )  # fmt: skip
    gone = domain.decide_change(decided.state, situation, UUID(int=0), None, on=ON)
    assert gone.events[1][0].after is None
    assert list(gone.state.visits) == [UUID(int=1)]
    assert decide_replan(gone.state, situation, on=ON) is None, "what was taken out by hand stays out"
    back = domain.decide_change(gone.state, situation, UUID(int=0), who, on=ON)
    assert (back.events[1][0].before, back.events[1][1]) == (None, 4)
    over = replace(situation, meetings=situation.meetings | {UUID(int=0): met(0, state=MeetingState.OVER)})
    assert refused(domain.decide_change, plan, over, UUID(int=0), None, on=ON) == ["visit-over"]


MOVED = {"starts_at": datetime(2020, 6, 4, 8, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("meeting", "people", "reason", "after"),
    [
        (MOVED, {}, VisitChange.MEETING_MOVED, ANN),
        ({"state": MeetingState.CANCELLED}, {}, VisitChange.MEETING_CANCELLED, None),
        ({"state": MeetingState.POSTPONED, "starts_at": None}, {}, VisitChange.MEETING_POSTPONED, None),
        ({}, {ANN: always(hindrance=Rule.ABSENT)}, VisitChange.ABSENT, BEN),
        ({}, {ANN: always(hindrance=Rule.SUSPENDED)}, VisitChange.NOT_FREE, BEN),
        ({}, {ANN: {}}, VisitChange.NOT_SEATED, BEN),
        ({}, {ANN: always(homes=frozenset({CELLS[0]}))}, VisitChange.OWN_CELL, BEN),
        (
            {}, {ANN: {}, BEN: always(homes=frozenset({CELLS[0]}))}, VisitChange.NOT_SEATED, None,
        ),
    ],
)  # fmt: skip
def test_what_makes_a_visit_impossible_is_planned_anew_and_nothing_else(meeting, people, reason, after):
    situation = month([met(0), met(1, CELLS[1])], {ANN: always(), BEN: always()})
    plan = domain.decide_pin(proposed(situation), situation, UUID(int=0), ANN, on=ON).state
    plan = approved(plan, situation)
    if after is BEN:  # who else is at the same time elsewhere could not
        meeting = meeting | {"starts_at": datetime(2020, 6, 3, 14, tzinfo=UTC)}
        situation = replace(
            situation,
            meetings=situation.meetings | {UUID(int=0): replace(situation.meetings[UUID(int=0)], **meeting)},
        )
        plan = decide_replan(plan, situation, on=ON).state
    one = replace(situation.meetings[UUID(int=0)], **meeting)
    now = replace(
        situation, meetings=situation.meetings | {one.id: one}, people={**situation.people, **people}
    )
    decided = decide_replan(plan, now, on=ON)
    [_, (event, _)] = decided.events
    assert event.reason is reason
    assert (event.after and event.after.member_id) == after
    assert decided.state.chosen.get(UUID(int=1)) == plan.chosen[UUID(int=1)]


def test_a_visit_that_lapsed_comes_back_when_somebody_can():
    situation = month([met(0)], {ANN: always()})
    plan = approved(proposed(situation), situation)
    away = replace(situation, people={ANN: always(hindrance=Rule.ABSENT)})
    gone = decide_replan(plan, away, on=ON).state
    assert (gone.chosen, gone.visits[UUID(int=0)].lapsed) == ({}, VisitChange.ABSENT)
    [_, (event, version)] = decide_replan(gone, situation, on=ON).events
    assert (event.before, event.after.member_id, event.reason, version) == (
        None, ANN, VisitChange.POSSIBLE_AGAIN, 3,
    )  # fmt: skip


def test_policies_are_data_in_the_order_of_their_months():
    assert policy_of(date(2020, 6, 1)) is policies()[0]
    with pytest.raises(NoPolicyError):
        policy_of(date(2018, 6, 1))
    with pytest.raises(ValueError, match="order"):
        parse_policies("planning = []")


def test_balance_never_keeps_anybody_at_home():
    """A visit counts for more than the highest cost of load."""
    for policy in policies():
        most = policy.weights.load * (2 * policy.visits_per_person - 1)
        assert policy.weights.visit > most
        assert assign(month([met(0)], {ANN: always()}), LIMITS, Wanted()).chosen == {UUID(int=0): ANN}
