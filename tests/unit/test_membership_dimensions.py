"""What holds of a member beside where they count: exemption, suspension, temporary stay; and their party age."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import (
    DepartureReason,
    FactKind,
    MemberHistoryRestatedV2,
    Occupation,
    PoliticalTheory,
    ProfileChange,
    Standing,
)
from contracts.spells import (
    MemberExempted,
    MemberExemptionEnded,
    MemberSuspended,
    MemberTemporaryStayBegan,
    SpellBegan,
    SpellEnded,
    SpellKind,
)
from services.membership.clocks import CountedFrom
from services.membership.corrections import Place
from services.membership.domain import DomainError
from services.membership.history import SPELLS, history_of, spells_of, steps_of
from services.membership.ways_in import (
    ReadmitMember,
    RestoreMember,
    decide_readmission,
    decide_restoration,
    readmission_warnings,
)
from tests.lives import ACTIONS, ADMITTED, AWAY, CONFIRMED, HOME, LEFT, Life, cell

EXEMPTED, SUSPENDED, STAY = FactKind.EXEMPTED, FactKind.SUSPENDED, FactKind.TEMPORARY_STAY_BEGAN


def refused(action, *arguments, **named):
    with pytest.raises(DomainError) as error:
        action(*arguments, **named)
    return [fault.code for fault in error.value.faults]


def told(life):
    return [(spell.kind, spell.from_on, spell.ended_on) for spell in spells_of(life.history)]


def test_an_exemption_begins_and_ends_and_changes_nothing_that_is_counted():
    life = Life()
    life.confirm()
    before = life.member.counted
    began = life.begin(EXEMPTED, date(2020, 6, 1), until=date(2021, 6, 1))
    assert isinstance(began, MemberExempted)
    assert (began.before, began.after.until, began.after.ended_on, began.after.fact) == (
        None,
        date(2021, 6, 1),
        None,
        3,
    )
    ended = life.end(EXEMPTED, date(2020, 12, 1))
    assert isinstance(ended, MemberExemptionEnded)
    assert (ended.before, ended.after.ended_on) == (began.after, date(2020, 12, 1))
    assert life.member.counted == before
    assert life.member.changed_on == CONFIRMED


def test_each_kind_holds_beside_the_others_and_once_at_a_time():
    life = Life()
    life.begin(EXEMPTED, date(2020, 1, 1))
    assert isinstance(life.begin(SUSPENDED, date(2020, 1, 1)), MemberSuspended)
    assert isinstance(life.begin(STAY, date(2020, 1, 1)), MemberTemporaryStayBegan)
    assert refused(life.begin, EXEMPTED, date(2020, 2, 1)) == ["already-so"]
    assert refused(life.begin, EXEMPTED, date(2019, 12, 1)) == ["already-so"]
    life.end(EXEMPTED, date(2020, 2, 1))
    life.begin(EXEMPTED, date(2020, 2, 1))
    assert refused(life.end, EXEMPTED, date(2019, 12, 31)) == ["not-so"]


def test_a_spell_told_late_makes_no_step_and_restates_nothing():
    life = Life()
    life.confirm()
    life.leave(reason=DepartureReason.TRANSFERRED_OUT)
    began = life.begin(EXEMPTED, date(2020, 1, 1))
    assert isinstance(began, MemberExempted)
    assert began.after.ended_on == LEFT
    ended = life.end(EXEMPTED, date(2020, 3, 1))
    assert (ended.before.ended_on, ended.after.ended_on) == (LEFT, date(2020, 3, 1))
    assert refused(life.begin, EXEMPTED, LEFT) == ["gone-by-then"]


def test_a_beginning_told_late_may_take_the_end_of_another():
    life = Life()
    life.begin(EXEMPTED, date(2020, 1, 2))
    life.end(EXEMPTED, date(2020, 1, 2))
    event = life.begin(EXEMPTED, date(2020, 1, 1))
    assert isinstance(event, MemberHistoryRestatedV2)
    assert [(spell.from_on, spell.ended_on) for spell in event.spells] == [
        (date(2020, 1, 1), date(2020, 1, 2)),
        (date(2020, 1, 2), None),
    ]
    assert life.beside == spells_of(life.history)


def test_leaving_ends_all_and_says_so():
    life = Life()
    life.begin(EXEMPTED, date(2020, 1, 1))
    life.begin(STAY, date(2020, 2, 1))
    event = life.leave()
    assert sorted((spell.kind, spell.ended_on) for spell in event.ended) == [
        (SpellKind.EXEMPTION, LEFT),
        (SpellKind.TEMPORARY_STAY, LEFT),
    ]
    life.withdraw(4)
    assert {ended_on for _, _, ended_on in told(life)} == {None}


def test_a_move_to_the_host_ends_the_stay_and_any_other_does_not():
    life = Life()
    life.begin(STAY, date(2020, 1, 1), host=AWAY)
    third = cell("K.03")
    assert life.move(date(2020, 2, 1), third).ended == ()
    event = life.move(date(2020, 3, 1), AWAY)
    assert [(spell.cell_id, spell.ended_on) for spell in event.ended] == [(AWAY.id, date(2020, 3, 1))]
    assert refused(life.begin, STAY, date(2020, 4, 1), host=AWAY) == ["stay-at-home"]


def test_a_move_to_the_host_found_late_ends_the_stay_and_the_event_tells_all_spells():
    life = Life()
    life.begin(STAY, date(2020, 1, 1), host=AWAY)
    life.confirm()
    event = life.move(date(2020, 2, 1), AWAY)
    assert isinstance(event, MemberHistoryRestatedV2)
    assert [(spell.from_on, spell.ended_on) for spell in event.spells] == [
        (date(2020, 1, 1), date(2020, 2, 1))
    ]


def test_what_ends_on_the_day_of_a_departure_or_a_move_is_told_before_it():
    life = Life()
    life.begin(STAY, date(2020, 1, 1), host=AWAY)
    life.end(STAY, date(2020, 2, 1))
    life.move(date(2020, 2, 1), AWAY)
    life.begin(EXEMPTED, date(2020, 2, 1))
    life.end(EXEMPTED, LEFT)
    assert life.leave().ended == ()


@pytest.mark.parametrize(
    ("host", "code"),
    [
        (HOME, "stay-at-home"),
        (cell("K.03", established=date(2020, 1, 2)), "host-no-cell"),
    ],
)
def test_a_stay_is_in_another_cell_that_exists(host, code):
    assert refused(Life().begin, STAY, date(2020, 1, 1), host=host) == [code]


def test_a_plan_is_after_the_beginning_and_ends_nothing_by_itself():
    life = Life()
    day = date(2020, 1, 1)
    assert refused(life.begin, SUSPENDED, day, until=day) == ["planned-before-beginning"]
    life.begin(SUSPENDED, day, until=date(2020, 2, 1))
    assert told(life) == [(SpellKind.SUSPENSION, day, None)]


def test_a_correction_puts_a_spell_right_by_the_number_of_its_fact():
    life = Life()
    life.begin(STAY, date(2020, 1, 1), until=date(2020, 6, 1))
    third = cell("K.03")
    life.correct_cell(2, third, until=date(2020, 7, 1))
    (spell,) = spells_of(life.history)
    assert (spell.fact, spell.cell_id, spell.until) == (3, third.id, date(2020, 7, 1))
    event = life.withdraw(3)
    assert event.spells == ()
    assert (event.retracted, event.stated) == ((), ())
    assert refused(life.correct, 1, until=date(2020, 7, 1)) == ["not-of-this-fact"]


def test_grounds_put_right_are_an_event_that_says_nothing_of_them():
    life = Life()
    life.begin(EXEMPTED, date(2020, 1, 1))
    event = life.correct(2, grounds="Tuổi cao")
    assert (event.corrects, event.spells[0].fact) == (2, 3)
    assert "cao" not in event.model_dump_json()
    assert refused(life.correct, 1, grounds="Tuổi cao") == ["not-of-this-fact"]


def test_an_entry_with_a_spell_after_it_cannot_be_withdrawn():
    life = Life()
    life.begin(EXEMPTED, date(2020, 1, 1))
    assert refused(life.withdraw, 1) == ["admission-stays"]


@given(st.lists(ACTIONS, max_size=14))
def test_spells_of_a_kind_never_overlap_and_lie_within_the_time_in_the_register(actions):
    life = Life()
    for action in actions:
        life.tried(action)
    there = []
    for step in steps_of(life.history):
        if step.before is None:
            there.append([step.effective_date, None])
        if step.after is None:
            there[-1][1] = step.effective_date
    spells = spells_of(life.history)
    for kind in SpellKind:
        of_kind = [spell for spell in spells if spell.kind is kind]
        for one, following in pairwise(of_kind):
            assert one.ended_on is not None
            assert one.ended_on <= following.from_on
    for spell in spells:
        assert any(
            came <= spell.from_on
            and (left is None or (spell.ended_on is not None and spell.ended_on <= left))
            for came, left in there
        )
        days = [
            step for step in steps_of(life.history) if step.effective_date <= spell.from_on and step.after
        ]
        assert spell.cell_id is None or days


def replayed(events):
    """What a reader knows who only takes what each event says of spells."""
    known = {}
    for event in events:
        if isinstance(event, SpellBegan | SpellEnded):
            if event.before is not None:
                assert known.pop(event.before.fact) == event.before
            known[event.after.fact] = event.after
        elif isinstance(event, MemberHistoryRestatedV2):
            if event.spells is not None:
                known = {spell.fact: spell for spell in event.spells}
        else:
            for spell in getattr(event, "ended", ()):
                assert known[spell.fact] == spell.model_copy(update={"ended_on": None})
                known[spell.fact] = spell
    return sorted(known.values(), key=lambda spell: (spell.from_on, spell.fact))


@given(st.lists(ACTIONS, max_size=14))
def test_events_alone_tell_all_spells_and_none_of_them_moves_a_figure(actions):
    life = Life()
    for action in actions:
        before = steps_of(life.history)
        if life.tried(action):
            assert replayed(life.events) == list(spells_of(life.history)) == list(life.beside)
            if isinstance(life.events[-1], SpellBegan | SpellEnded):
                assert steps_of(life.history) == before


@given(st.lists(st.tuples(st.sampled_from(sorted(SPELLS)), st.integers(0, 60)), max_size=8))
def test_the_order_of_recording_does_not_matter(spells):
    """Beginnings and ends that were recorded by their days read the same when each is told late, where it can be."""
    inorder, late = Life(), Life()
    open_, facts = Counter(), []
    for kind, days in sorted(spells, key=lambda one: one[1]):
        day = ADMITTED + timedelta(days)
        facts.append(("end" if open_[kind] else "begin", kind, day))
        open_[kind] = 1 - open_[kind]
    facts = [fact for fact in facts if inorder.tried(fact)]
    for kind in SPELLS:
        # Of one kind a beginning comes before its end; kinds may come in any order.
        assert all(late.tried(fact) for fact in facts if fact[1] is kind)
    assert Counter(told(late)) == Counter(told(inorder))


def test_party_age_counts_from_the_decision_on_admission_where_it_is_known():
    life = Life()
    assert life.member.seniority.counted_from is CountedFrom.ADMISSION
    life.correct(1, decision_date=date(2019, 5, 6))
    assert (life.member.seniority.since, life.member.seniority.counted_from) == (
        date(2019, 5, 6),
        CountedFrom.ADMISSION_DECISION,
    )
    life.correct(2, decision_date=ADMITTED + timedelta(1))
    assert life.member.seniority.since == ADMITTED


def test_every_event_says_when_somebody_joined_and_since_when_their_party_age_counts():
    life = Life()
    life.confirm()
    decided = date(2019, 5, 6)
    event = life.correct(1, decision_date=decided)
    assert {step.after.party_since for step in event.retracted} == {None}
    assert [(step.after.joined_on, step.after.party_since) for step in event.stated] == [
        (ADMITTED, decided)
    ] * 2
    left = life.leave()
    assert (left.before.joined_on, left.before.party_since) == (ADMITTED, decided)
    back = life.enter(FactKind.RESTORED, LEFT + timedelta(100))
    assert (back.after.joined_on, back.after.party_since) == (ADMITTED, decided)
    assert back.after == life.member.counted


def test_events_that_did_not_say_when_somebody_joined_are_read_as_those_that_do():
    life = Life()
    (event,) = life.events
    untold = event.model_copy(update={"after": event.after.model_copy(update={"joined_on": None})})
    assert [step.after for step in steps_of(history_of([untold]))] == [life.member.counted]


def test_who_is_admitted_again_keeps_the_years_before_and_who_is_restored_all():
    """Quy định 24-QĐ/TW, mục 4.5.2; Hướng dẫn 01-HD/TW, mục 5.3."""
    again, restored = Life(), Life()
    for life in (again, restored):
        life.confirm()
        life.leave(reason=DepartureReason.REMOVED)
    gap = timedelta(1200)
    again.enter(FactKind.ADMITTED, LEFT + gap)
    assert (again.member.seniority.since, again.member.admitted_on) == (ADMITTED + gap, LEFT + gap)
    restored.enter(FactKind.RESTORED, LEFT + gap)
    assert (restored.member.seniority.since, restored.member.admitted_on) == (ADMITTED, ADMITTED)
    assert restored.member.counted.standing is Standing.OFFICIAL


def restored(life, day, where=None):
    place = where and Place(where.code, where)
    command = RestoreMember(effective_date=day, cell=place)
    return life.take(decide_restoration(life.member, life.history, command))


def readmitted(life, day, where=HOME, **about):
    command = ReadmitMember(admitted_on=day, cell=Place(where.code if where else "K.9", where), **about)
    return life.take(decide_readmission(life.member, life.history, command))


def test_who_is_restored_has_their_standing_and_admission_and_comes_back_where_they_left():
    life = Life()
    life.confirm()
    life.leave(reason=DepartureReason.EXPELLED)
    event = restored(life, date(2021, 3, 1))
    assert (event.after.standing, event.after.joined_on, event.official_on) == (
        Standing.OFFICIAL,
        ADMITTED,
        CONFIRMED,
    )
    assert (life.member.cell_id, life.member.official_on, life.member.left_on) == (HOME.id, CONFIRMED, None)
    assert refused(restored, life, date(2021, 4, 1)) == ["already-in-register"]


def test_a_restoration_found_late_is_of_the_departure_before_it():
    life = Life()
    life.leave(date(2020, 1, 1), DepartureReason.REMOVED)
    restored(life, date(2020, 6, 1))
    life.confirm(date(2020, 7, 1))
    life.leave(date(2021, 1, 1), DepartureReason.REMOVED)
    restored(life, date(2021, 6, 1), AWAY)
    assert refused(restored, life, date(2020, 5, 1)) == ["already-in-register"]
    assert refused(restored, life, date(2019, 1, 1)) == ["never-left"]
    assert (life.member.official_on, life.member.cell_id) == (date(2020, 7, 1), AWAY.id)


def test_nobody_is_restored_who_died():
    life = Life()
    life.leave(reason=DepartureReason.DIED)
    assert refused(restored, life, date(2021, 1, 1)) == ["no-way-back"]


def test_who_is_admitted_again_is_on_probation_from_the_new_ceremony():
    life = Life()
    life.confirm()
    life.leave(reason=DepartureReason.RESIGNED)
    event = readmitted(life, date(2024, 9, 1), AWAY, youth_union=False)
    assert (event.after.standing, event.after.joined_on, event.after.youth_union) == (
        Standing.PROBATIONARY,
        date(2024, 9, 1),
        False,
    )
    assert (life.member.admitted_on, life.member.official_on) == (date(2024, 9, 1), None)
    assert refused(readmitted, Life(), date(2024, 9, 1)) == ["already-in-register"]
    assert refused(readmitted, life, date(2020, 8, 1)) == ["already-in-register"]


def test_who_was_entered_by_mistake_may_be_admitted_in_truth():
    life = Life()
    life.withdraw(1)
    readmitted(life, date(2021, 1, 1), decision_date=date(2020, 12, 20))
    assert (life.member.admitted_on, life.member.seniority.since) == (date(2021, 1, 1), date(2020, 12, 20))


@pytest.mark.parametrize(
    ("day", "codes"), [(date(2023, 8, 31), ["readmitted-early"]), (date(2023, 9, 1), [])]
)
def test_a_readmission_within_36_months_is_unusual(day, codes):
    """Quy định 24-QĐ/TW, mục 3.5."""
    life = Life()
    life.leave(LEFT, DepartureReason.REMOVED)
    command = ReadmitMember(admitted_on=day, cell=Place(HOME.code, HOME))
    assert [fault.code for fault in readmission_warnings(life.history, command)] == codes


def test_a_second_readmission_is_unusual():
    life = Life()
    life.leave(LEFT, DepartureReason.REMOVED)
    readmitted(life, date(2024, 1, 1))
    life.leave(date(2024, 6, 1), DepartureReason.REMOVED)
    command = ReadmitMember(admitted_on=date(2028, 1, 1), cell=Place(HOME.code, HOME))
    assert [fault.code for fault in readmission_warnings(life.history, command)] == ["readmitted-often"]


def test_a_readmission_names_a_cell_that_there_is():
    life = Life()
    life.leave(LEFT, DepartureReason.REMOVED)
    assert refused(readmitted, life, date(2024, 1, 1), None) == ["unknown-cell"]


def test_who_came_in_is_put_right_within_what_they_had_been_before():
    life = Life()
    life.confirm()
    life.leave(reason=DepartureReason.TRANSFERRED_OUT)
    life.enter(FactKind.RECEIVED, date(2021, 1, 4))
    life.correct(4, official_on=date(2020, 6, 1), admission_decided_on=date(2019, 5, 6))
    assert (life.member.official_on, life.member.seniority.since) == (date(2020, 6, 1), date(2019, 5, 6))
    assert refused(life.correct, 5, official_on=date(2021, 1, 5)) == ["confirmed-after-reception"]
    assert refused(life.correct, 5, official_on=ADMITTED - timedelta(1)) == ["confirmed-before-admission"]
    assert refused(life.correct, 5, effective_date=ADMITTED - timedelta(1)) == ["received-before-admission"]
    assert refused(life.correct, 1, official_on=CONFIRMED) == ["not-of-this-fact"]
    assert refused(life.correct, 2, admission_decided_on=ADMITTED) == ["not-of-this-fact"]


def test_when_somebody_had_joined_elsewhere_is_put_right():
    life = Life()
    life.leave(reason=DepartureReason.TRANSFERRED_OUT)
    life.enter(FactKind.RECEIVED, date(2021, 1, 4), official=False)
    joined = ADMITTED - timedelta(100)
    life.correct(3, joined_on=joined)
    assert (life.member.admitted_on, life.member.entered_on) == (joined, date(2021, 1, 4))
    assert steps_of(life.history)[-1].after == life.member.counted
    assert refused(life.correct, 4, joined_on=date(2021, 1, 5)) == ["received-before-admission"]
    assert refused(life.correct, 4, joined_on=date(1900, 1, 1)) == ["born-after-admission"]
    assert refused(life.correct, 1, joined_on=joined) == ["not-of-this-fact"]


def test_what_an_entry_said_of_education_and_work_is_put_right_and_taken_back():
    life = Life()
    youth_union = life.member.youth_union
    life.correct(1, profile=ProfileChange(theory=PoliticalTheory.ADVANCED, occupation=Occupation.WORKER))
    assert (life.member.theory, life.member.occupation) == (PoliticalTheory.ADVANCED, Occupation.WORKER)
    life.correct(2, profile=ProfileChange(occupation=Occupation.WORKER))
    assert (life.member.theory, life.member.occupation) == (None, Occupation.WORKER)
    assert life.member.youth_union is youth_union
    assert refused(life.correct, 3, profile=ProfileChange(occupation=Occupation.WORKER)) == [
        "nothing-to-correct"
    ]
    life.correct(3, profile=ProfileChange(youth_union=not youth_union))
    assert (life.member.youth_union, life.member.occupation) == (not youth_union, None)


def test_who_joined_on_the_day_of_their_entry_counts_as_if_they_had_joined_here():
    life = Life()
    life.leave(ADMITTED, DepartureReason.TRANSFERRED_OUT)
    life.enter(FactKind.RECEIVED, ADMITTED, official=False)
    assert steps_of(life.history)[-1].after == life.member.counted
