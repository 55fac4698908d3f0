"""Positions and terms: who may hold what, how it is put right, and that a unit never has two secretaries."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import DocumentRef, OrganisationType
from contracts.positions import Obtained, Position, PositionEndReason
from services.membership import thresholds
from services.membership.domain import DomainError
from services.membership.positions import rules
from services.membership.positions.domain import (
    CorrectPosition,
    Holder,
    TakePosition,
    decide_correction,
    decide_cut,
    decide_end,
    decide_taking,
    first_day_lost,
    holding_warnings,
)
from services.membership.positions.facts import facts_of
from services.membership.positions.tenures import Days, EndTenure, Order, Tenure, Withdraw
from services.membership.positions.terms import (
    CorrectTerm,
    OpenTerm,
    decide_opening,
    decide_term_correction,
    decide_term_cut,
    decide_term_end,
)
from tests.dated_trees import A, dissolved, on, unit

CELL = unit("C", "subordinate_cell", A)
ALWAYS = (Days(on(0)),)


def member(code: str = "M1", *, counted=ALWAYS, official=None, inside=ALWAYS) -> Holder:
    return Holder(
        id=UUID(int=sum(code.encode())),
        code=code,
        counted=counted,
        official=official or counted,
        inside=inside,
    )


def take(
    day: int, until: int | None = None, what: str = "secretary", holder=None, others=(), of=CELL, **more
):
    command = TakePosition(
        position=Position(what), from_on=on(day), until_on=None if until is None else on(until), **more
    )
    return decide_taking(command, unit=of, holder=holder or member(), others=others, new_id=uuid4())


def last(decided) -> Tenure:
    return decided[-1].tenure


def refused(decide, *arguments, **named) -> list[str]:
    with pytest.raises(DomainError) as raised:
        decide(*arguments, **named)
    for fault in raised.value.faults:
        assert "{" not in fault.message + fault.message_en
    return [fault.code for fault in raised.value.faults]


def test_a_position_is_taken_and_ended():
    [taken] = take(5, obtained=Obtained.ELECTED, decision_date=on(4))
    assert (taken.event.before, taken.event.effective_date, taken.event.decision_date) == (None, on(5), on(4))
    ended = decide_end(taken.tenure, EndTenure(until_on=on(9), reason=PositionEndReason.RESIGNED))
    assert (ended.event.before, ended.event.effective_date) == (taken.event.after, on(9))
    assert (ended.tenure.state.until_on, ended.tenure.version) == (on(9), 2)
    assert ended.tenure.state.end_reason is PositionEndReason.RESIGNED
    assert refused(decide_end, ended.tenure, EndTenure(until_on=on(10))) == ["already-ended"]
    assert refused(decide_end, taken.tenure, EndTenure(until_on=on(5))) == ["ended-before-beginning"]


def test_one_that_is_over_is_recorded_with_its_end():
    taken, ended = take(5, 9, end_reason=PositionEndReason.TERM_ENDED)
    assert (taken.event.after.until_on, ended.event.after.until_on, ended.tenure.version) == (None, on(9), 2)
    assert ended.tenure.state.end_reason is PositionEndReason.TERM_ENDED
    assert last(take(5, 9)).state.end_reason is PositionEndReason.UNSTATED
    assert refused(take, 9, 9) == ["ended-before-beginning"]
    assert refused(take, 5, end_reason=PositionEndReason.DIED) == ["end-reason-without-day"]


@pytest.mark.parametrize(
    ("holder", "days", "fault", "first"),
    [
        (member(counted=(Days(on(6)),)), (5, 9), "holder-not-in-register", 5),
        (member(counted=(Days(on(0), on(8)),)), (5, None), "holder-not-in-register", 8),
        (member(counted=(Days(on(0), on(8)),)), (5, 9), "holder-not-in-register", 8),
        (member(official=(Days(on(6)),)), (5, 9), "holder-not-official", 5),
        (member(inside=(Days(on(0), on(8)),)), (5, None), "holder-elsewhere", 8),
        (member(inside=(Days(on(0), on(6)), Days(on(7)))), (5, 9), "holder-elsewhere", 6),
        (member(inside=()), (5, 9), "holder-elsewhere", 5),
    ],
)
def test_only_an_official_member_of_the_unit_holds_a_position_on_each_of_its_days(holder, days, fault, first):
    with pytest.raises(DomainError) as raised:
        take(*days, holder=holder)
    [found] = raised.value.faults
    assert found.code == fault
    assert f"{on(first):%d/%m/%Y}" in found.message


def test_days_that_follow_one_another_are_one_stay():
    follow = (Days(on(0), on(6)), Days(on(6), on(8)), Days(on(8)))
    assert take(5, holder=member(counted=follow, inside=follow))
    last_day = member(counted=(Days(on(0), on(9)),))
    assert take(5, 9, holder=last_day)


def test_a_unit_has_one_secretary_at_a_time_and_a_member_one_position():
    first, second = member("M1"), member("M2")
    secretary = last(take(5, 9, holder=first))
    assert refused(take, 8, None, holder=second, others=[secretary]) == ["secretary-already"]
    assert refused(take, 2, 6, holder=second, others=[secretary]) == ["secretary-already"]
    assert take(9, holder=second, others=[secretary])
    assert take(2, 5, holder=second, others=[secretary])
    assert take(5, None, "deputy_secretary", holder=second, others=[secretary])
    taken = refused(take, 5, 6, "committee_member", holder=first, others=[secretary])
    assert taken == ["holds-a-position-already"]
    assert take(9, None, "committee_member", holder=first, others=[secretary])
    withdrawn = Tenure(secretary.id, None, 3)
    assert take(8, holder=second, others=[withdrawn])


def test_a_position_is_held_while_the_unit_is_there():
    young = unit("N", "subordinate_cell", A, since=5)
    assert refused(take, 4, 6, of=young) == ["unit-not-yet-there"]
    gone = dissolved(CELL, 20)
    assert refused(take, 5, None, of=gone) == refused(take, 5, 21, of=gone) == ["unit-no-longer-there"]
    assert take(5, 20, of=gone)


def correct(events, tenure, command, **named):
    known = {"unit": CELL, "holder": member(), "others": ()} | named
    return decide_correction(tenure, facts_of(events), command, **known)


def test_a_fact_is_put_right_by_its_number_and_its_place_taken():
    decided = take(5, 9)
    events, tenure = [one.event for one in decided], last(decided)
    moved = correct(events, tenure, CorrectPosition(number=2, effective_date=on(12)))
    assert (moved.event.corrects, moved.event.effective_date) == (2, on(9))
    assert (moved.tenure.state.from_on, moved.tenure.state.until_on) == (on(5), on(12))
    events.append(moved.event)
    earlier = CorrectPosition(number=1, effective_date=on(3), position=Position.DEPUTY_SECRETARY)
    begun = correct(events, moved.tenure, earlier)
    assert begun.event.effective_date == on(3)
    events.append(begun.event)
    facts = facts_of(events)
    assert (facts.began, facts.ended, facts.replaced) == (4, 3, {1: 4, 2: 3})
    for number, fault in ((1, "fact-replaced"), (7, "no-such-fact")):
        command = CorrectPosition(number=number, effective_date=on(1))
        assert refused(correct, events, begun.tenure, command) == [fault]
    assert refused(correct, events, begun.tenure, CorrectPosition(number=4)) == ["nothing-to-correct"]
    resigned = CorrectPosition(number=4, end_reason=PositionEndReason.RESIGNED)
    assert refused(correct, events, begun.tenure, resigned) == ["not-of-this-fact"]
    late = CorrectPosition(number=4, effective_date=on(12))
    assert refused(correct, events, begun.tenure, late) == ["ended-before-beginning"]


def test_a_document_alone_is_a_correction():
    decided = take(5)
    document = DocumentRef(number="41-QĐ/ĐUK", date=on(4))
    found = correct([decided[0].event], last(decided), CorrectPosition(number=1, document=document))
    assert (found.event.document, found.event.after) == (document, decided[0].event.after)
    assert found.event.effective_date == on(5)


def test_an_end_that_is_withdrawn_lets_a_position_go_on_if_it_can():
    decided = take(5, 9)
    events, tenure = [one.event for one in decided], last(decided)
    going_on = correct(events, tenure, Withdraw(number=2))
    assert (going_on.tenure.state.until_on, going_on.tenure.state.end_reason) == (None, None)
    facts = facts_of([*events, going_on.event])
    assert (facts.began, facts.ended, facts.replaced) == (1, None, {2: None})
    follower = last(take(9, holder=member("M2")))
    assert refused(correct, events, tenure, Withdraw(number=2), others=[follower]) == ["secretary-already"]
    again = Withdraw(number=2)
    assert refused(correct, [*events, going_on.event], going_on.tenure, again) == ["fact-withdrawn"]


def test_a_beginning_that_is_withdrawn_leaves_nothing():
    decided = take(5, 9)
    events, tenure = [one.event for one in decided], last(decided)
    gone = correct(events, tenure, Withdraw(number=1))
    assert (gone.event.after, gone.event.effective_date, gone.tenure.state) == (None, on(5), None)
    facts = facts_of([*events, gone.event])
    assert (facts.began, facts.ended, facts.replaced) == (None, None, {1: None, 2: None})
    assert refused(decide_end, gone.tenure, EndTenure(until_on=on(7))) == ["withdrawn-already"]


def test_a_position_is_cut_where_its_holder_is_lost():
    gone = member(counted=(Days(on(0), on(8)),))
    [taken] = take(5)
    assert first_day_lost(taken.event.after, gone) == on(8)
    cut = decide_cut(
        taken.tenure, facts_of([taken.event]), on(8), PositionEndReason.DIED, Order(decision_date=on(9))
    )
    assert (cut.tenure.state.until_on, cut.event.decision_date) == (on(8), on(9))
    known = take(5, 12, end_reason=PositionEndReason.RESIGNED)
    facts = facts_of([one.event for one in known])
    shortened = decide_cut(last(known), facts, on(8), PositionEndReason.DIED, Order())
    assert (shortened.event.corrects, shortened.tenure.state.until_on) == (2, on(8))
    assert shortened.tenure.state.end_reason is PositionEndReason.DIED
    lost = refused(decide_cut, last(known), facts, on(5), PositionEndReason.DIED, Order())
    assert lost == ["position-in-the-way"]
    assert first_day_lost(last(take(5, 8)).state, gone) is None


def test_what_is_unusual_in_a_cell_is_named_with_its_source():
    others = [last(take(5, holder=member(f"C{n}"), what="committee_member")) for n in range(7)]
    eighth = last(take(6, holder=member("M9"), what="committee_member")).state
    [large] = holding_warnings(eighth, CELL, others, official=12)
    assert (large.code, "8 người" in large.message, "29-QĐ/TW" in large.message) == (
        "cell-committee-large", True, True,
    )  # fmt: skip
    assert holding_warnings(eighth, CELL, others[:6], official=12) == []
    assert holding_warnings(eighth, A, others, official=3) == []
    [few] = holding_warnings(eighth, CELL, [], official=thresholds.CELL_COMMITTEE_FROM.value - 1)
    assert few.code == "committee-of-few"
    deputy = last(take(5, holder=member("M8"), what="deputy_secretary"))
    [many] = holding_warnings(
        last(take(5, holder=member("M7"), what="deputy_secretary")).state, CELL, [deputy], 12
    )
    assert many.code == "deputies-many"


# Terms


def open_term(day: int, until: int | None = None, others=(), label: str = "2020–2025", of=CELL, **more):
    command = OpenTerm(label=label, from_on=on(day), until_on=None if until is None else on(until), **more)
    return decide_opening(command, unit=of, others=others, new_id=uuid4())


def test_a_new_term_ends_the_one_that_runs():
    running = last(open_term(5))
    ended, opened = open_term(9, others=[running], label="2025–2030", congress_on=on(8))
    assert (ended.tenure.id, ended.tenure.state.until_on, ended.event.effective_date) == (
        running.id,
        on(9),
        on(9),
    )
    assert (opened.event.after.congress_on, opened.event.after.until_on) == (on(8), None)


def test_terms_do_not_overlap_and_a_past_one_is_recorded_with_its_end():
    running = last(open_term(9))
    assert refused(open_term, 5, others=[running]) == ["terms-overlap"]
    assert refused(open_term, 9, others=[running]) == ["terms-overlap"]
    opened, ended = open_term(5, 9, others=[running])
    assert (opened.event.after.until_on, ended.event.after.until_on) == (None, on(9))
    assert refused(open_term, 3, 6, others=[last([ended])]) == ["terms-overlap"]
    assert refused(open_term, 5, congress_on=on(6)) == ["congress-after-beginning"]
    assert refused(open_term, 5, label=" ".join(["x" * 200] * 2)) == ["too-long"]
    assert refused(open_term, -1) == ["unit-not-yet-there"]


def test_a_term_is_ended_and_put_right():
    opened = open_term(5)
    ended = decide_term_end(last(opened), EndTenure(until_on=on(9)))
    assert refused(decide_term_end, ended.tenure, EndTenure(until_on=on(9))) == ["already-ended"]
    facts = facts_of([opened[0].event, ended.event])
    named = {"unit": CELL, "others": ()}
    renamed = decide_term_correction(
        ended.tenure, facts, CorrectTerm(number=1, label="2020–2022", congress_on=on(4)), **named
    )
    assert (renamed.tenure.state.label, renamed.tenure.state.congress_on) == ("2020–2022", on(4))
    open_again = decide_term_correction(ended.tenure, facts, Withdraw(number=2), **named)
    assert open_again.tenure.state.until_on is None
    gone = decide_term_correction(ended.tenure, facts, Withdraw(number=1), **named)
    assert (gone.tenure.state, gone.event.after) == (None, None)
    wrong = CorrectTerm(number=2, label="x")
    assert refused(decide_term_correction, ended.tenure, facts, wrong, **named) == ["not-of-this-fact"]
    same = CorrectTerm(number=1, label="2020–2025")
    assert refused(decide_term_correction, ended.tenure, facts, same, **named) == ["nothing-to-correct"]


@pytest.mark.parametrize(
    ("days", "cut", "left"),
    [((5, None), 9, (5, 9)), ((5, 12), 9, (5, 9)), ((5, 9), 9, None), ((9, None), 9, ()), ((9, 12), 9, ())],
)
def test_a_term_ends_with_its_unit(days, cut, left):
    decided = open_term(*days)
    found = decide_term_cut(last(decided), facts_of([one.event for one in decided]), on(cut), Order())
    if left is None:
        assert found is None
    elif left:
        assert (found.tenure.state.from_on, found.tenure.state.until_on) == tuple(map(on, left))
    else:
        assert found.tenure.state is None


# Rules


def test_rules_are_those_in_force():
    cell = OrganisationType.SUBORDINATE_CELL
    assert [
        rules.congress_rules(day)[cell].months
        for day in (date(2020, 1, 1), date(2025, 7, 1), date(1999, 1, 1))
    ] == [30, 60, 30]
    assert rules.congress_rules(date(2020, 1, 1)).keys() == set(OrganisationType)
    assert all(rule.source for rule in (*rules.CONGRESS_RULES, *rules.SEATS))


# Any commands in any order

days = st.integers(-2, 30)
spans = st.lists(st.integers(0, 30), min_size=2, max_size=4, unique=True).map(
    lambda found: [
        Days(on(start), on(end)) for start, end in zip(sorted(found)[::2], sorted(found)[1::2], strict=False)
    ]
)
people = st.builds(
    lambda official, inside: [
        member("M1"),
        member("M2"),
        member("M3", official=tuple(official), inside=tuple(inside)),
    ],
    st.just(ALWAYS) | spans,
    st.just(ALWAYS) | spans,
)
codes = st.sampled_from(["M1", "M2", "M3"])
commands = st.one_of(
    st.tuples(
        st.just("take"),
        st.integers(0, 20),
        st.none() | st.integers(1, 10),
        st.sampled_from([Position.SECRETARY, Position.SECRETARY, Position.DEPUTY_SECRETARY]),
        codes,
    ),
    st.tuples(st.just("end"), days, st.integers(0, 5)),
    st.tuples(st.just("correct"), days, st.integers(0, 5), st.integers(1, 5)),
    st.tuples(st.just("withdraw"), st.integers(0, 5), st.integers(1, 5)),
)


class World:
    """A cell and its positions, with the events that made them."""

    def __init__(self, lives):
        self.people = {holder.code: holder for holder in lives}
        self.tenures, self.events = {}, {}

    def others(self, id_=None):
        return [tenure for tenure in self.tenures.values() if tenure.id != id_]

    def run(self, asked) -> None:
        try:
            decided = self.decided(asked)
        except DomainError:
            return
        for one in decided:
            assert one.tenure.version == len(self.events.get(one.tenure.id, ())) + 1
            self.tenures[one.tenure.id] = one.tenure
            self.events.setdefault(one.tenure.id, []).append(one.event)

    def decided(self, asked):
        kind, *rest = asked
        if kind == "take":
            day, length, position, code = rest
            return take(
                day, length and day + length, position, holder=self.people[code], others=self.others(),
                **({"end_reason": PositionEndReason.RESIGNED} if length else {}),
            )  # fmt: skip
        index = rest[1] if kind in {"end", "correct"} else rest[0]
        if index >= len(self.tenures):
            return []
        tenure = list(self.tenures.values())[index]
        if kind == "end":
            return [decide_end(tenure, EndTenure(until_on=on(rest[0])))]
        if kind == "correct":
            command = CorrectPosition(number=rest[2], effective_date=on(rest[0]))
        else:
            command = Withdraw(number=rest[1])
        if tenure.state is None:
            return []
        code = next(code for code, one in self.people.items() if one.id == tenure.state.member_id)
        return [
            correct(
                self.events[tenure.id], tenure, command,
                holder=self.people[code], others=self.others(tenure.id),
            )
        ]  # fmt: skip


@given(people, st.lists(commands, min_size=5, max_size=25))
def test_on_no_day_has_a_unit_two_secretaries_or_one_who_cannot_be(lives, asked):
    world = World(lives)
    for each in asked:
        world.run(each)
    held = [tenure.state for tenure in world.tenures.values() if tenure.state]
    for number in range(-2, 35):
        day = on(number)
        today = [one for one in held if one.from_on <= day and (one.until_on is None or day < one.until_on)]
        assert sum(one.position is Position.SECRETARY for one in today) <= 1
        assert len({one.member_id for one in today}) == len(today)
        for one in today:
            holder = next(holder for holder in world.people.values() if holder.id == one.member_id)
            assert any(day in days for days in holder.official)
            assert any(day in days for days in holder.inside)
    for id_, events in world.events.items():
        # The last event is the whole of it, and each takes up where the one before it left.
        assert events[-1].after == world.tenures[id_].state
        assert [event.before for event in events[1:]] == [event.after for event in events[:-1]]
        facts = facts_of(events)
        assert (facts.began is None) == (events[-1].after is None)
        assert (facts.ended is None) == (events[-1].after is None or events[-1].after.until_on is None)


@given(spans, days, st.none() | days)
def test_the_first_day_lost_is_the_first_on_which_the_holder_is_not_there(inside, start, end):
    if end is not None and end <= start:
        end = None
    state = last(take(max(start, 0), holder=member())).state.model_copy(
        update={"from_on": on(start), "until_on": None if end is None else on(end)}
    )
    holder = member(counted=(Days(on(-5)),), inside=tuple(inside))
    whole = [on(start) + timedelta(n) for n in range(60 if end is None else end - start)]
    lost = [day for day in whole if not any(day in span for span in inside)]
    assert first_day_lost(state, holder) == (lost[0] if lost else None)
