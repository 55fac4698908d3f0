"""The list of candidates: from the listing to the ceremony, and what is put right of it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.candidates import CandidateStage, StrikeReason
from contracts.membership import Gender, MemberAdmitted, OrganisationType
from services.membership.candidates.corrections import (
    CorrectCandidate,
    WithdrawCandidateFact,
    decide_candidate_correction,
    told,
)
from services.membership.candidates.domain import (
    AdmitCandidate,
    Introduction,
    ListCandidate,
    Person,
    Told,
    admission_warnings,
    certificate_ends_on,
    decide_candidate_admission,
    decide_certificate,
    decide_introducers,
    decide_listing,
    decide_move,
    decide_strike,
)
from services.membership.corrections import Place
from services.membership.domain import DomainError, Organisation
from services.membership.members import Identity


def cell(code="C", **changes) -> Organisation:
    facts = {
        "id": uuid4(),
        "code": code,
        "name": "Chi bộ",
        "type": OrganisationType.GRASSROOTS_CELL,
        "parent_id": uuid4(),
        "parent_code": "K",
        "established_on": date(1996, 1, 1),
    }
    return Organisation(**facts | changes)


CELL, OTHER = cell(), cell("D")
WHO = Person(
    identity=Identity(
        full_name="Lò Thị Ví Dụ", birth_date=date(1998, 5, 1), ethnicity="Thái", religion="Tin Lành"
    ),
    gender=Gender.FEMALE,
    youth_union=False,
)


def listed(day=date(2022, 1, 5), who=WHO, **changes):
    command = ListCandidate(code="QC-1", cell_code="C", who=who, listed_on=day)
    return decide_listing(replace(command, **changes), cell=CELL, new_id=uuid4())


def admit(one, on=date(2023, 2, 3), **changes):
    command = AdmitCandidate(member_code="M1", admitted_on=on, cell_code="C")
    return decide_candidate_admission(one, replace(command, **changes), cell=CELL, new_id=uuid4())


def known(code="M7", since=date(2020, 1, 1), member_id=None):
    return Introduction(code=code, since=since, member_id=member_id or uuid4())


def prepared(who=WHO, introductions=None):
    """A candidate with all that is needed, by the events of each step."""
    steps = [listed(who=who)]
    steps.append(decide_certificate(steps[-1].state, Told(day=date(2022, 3, 1))))
    introductions = [known("M7"), known("M8")] if introductions is None else introductions
    steps.append(decide_introducers(steps[-1].state, Told(day=date(2022, 4, 1)), introductions))
    return steps


def codes(faults) -> list[str]:
    return [fault.code for fault in faults]


def refused(do, *arguments, **named) -> list[str]:
    with pytest.raises(DomainError) as found:
        do(*arguments, **named)
    return codes(found.value.faults)


def test_a_candidate_who_was_prepared_is_admitted_without_a_warning():
    one = prepared()[-1].state
    decided, member = admit(one, voted_on=date(2023, 1, 5), decision_date=date(2023, 1, 20))
    assert (decided.state.candidate.stage, decided.state.candidate.member_id) == (
        CandidateStage.ADMITTED,
        member.state.id,
    )
    assert isinstance(member.event, MemberAdmitted)
    assert (member.state.identity, member.state.gender) == (WHO.identity, Gender.FEMALE)
    assert admission_warnings(decided.state) == []


def test_nothing_of_who_it_is_can_be_read_from_a_log():
    decided, _ = admit(prepared()[-1].state)
    texts = [repr(decided), repr(listed()), *(one.event.model_dump_json() for one in (*prepared(), decided))]
    assert not [text for text in texts for word in ("Ví Dụ", "Thái", "Tin Lành", "1998") if word in text]


@pytest.mark.parametrize(
    ("certified_on", "voted_on", "warned"),
    [
        (date(2017, 1, 6), date(2022, 1, 5), []),
        (date(2017, 1, 5), date(2022, 1, 5), ["certificate-expired"]),
        (date(2022, 1, 6), date(2022, 1, 5), ["certificate-missing"]),
    ],
)
def test_a_certificate_is_valid_for_sixty_months_at_the_vote(certified_on, voted_on, warned):
    one = decide_introducers(listed().state, Told(day=date(2022, 1, 5)), [known("M7"), known("M8")]).state
    certified = decide_certificate(one, Told(day=certified_on)).state
    decided, _ = admit(certified, on=date(2022, 2, 3), voted_on=voted_on)
    assert codes(admission_warnings(decided.state)) == warned
    assert certificate_ends_on(date(2017, 1, 31)) == date(2022, 1, 31)


def test_introducers_are_two_official_members_who_have_known_them_for_a_year():
    alone = prepared(introductions=[known(since=date(2022, 1, 6))])[-1].state
    decided, _ = admit(alone, voted_on=date(2023, 1, 5))
    assert codes(admission_warnings(decided.state)) == ["introducers-few", "introducers-new"]
    # Of a member of the youth union one member is enough, with its committee.
    young = prepared(who=replace(WHO, youth_union=True), introductions=[known()])[-1].state
    assert admission_warnings(admit(young)[0].state) == []
    nobody = Introduction(code="M9", since=date(2020, 1, 1), member_id=None)
    same = known("M7")
    for found, fault in (
        ([nobody], "introducer-not-official"),
        ([same, same], "introducer-twice"),
        ([known(since=date(2022, 1, 6))], "introducer-since-later"),
    ):
        assert refused(decide_introducers, listed().state, Told(day=date(2022, 1, 5)), found) == [fault]


@pytest.mark.parametrize(
    ("born", "warned"),
    [
        (date(2005, 1, 5), []),
        (date(2005, 1, 6), ["age-at-admission"]),
        (date(1963, 1, 5), []),
        (date(1962, 12, 5), ["age-at-admission"]),
    ],
)
def test_the_age_counts_at_the_vote(born, warned):
    who = replace(WHO, identity=replace(WHO.identity, birth_date=born))
    decided, _ = admit(prepared(who=who)[-1].state, voted_on=date(2023, 1, 5))
    assert codes(admission_warnings(decided.state)) == warned


def test_who_left_the_list_is_on_it_no_more():
    struck = decide_strike(listed().state, Told(day=date(2022, 6, 1)), StrikeReason.WITHDRAWN).state
    for do, *more in (
        (decide_strike, Told(day=date(2022, 7, 1)), StrikeReason.UNFIT),
        (decide_certificate, Told(day=date(2022, 7, 1))),
        (decide_introducers, Told(day=date(2022, 7, 1)), [known()]),
    ):
        assert refused(do, struck, *more) == ["candidate-off-the-list"]
    assert refused(admit, struck) == ["candidate-off-the-list"]


def test_days_that_cannot_be_are_refused():
    one = listed().state
    assert refused(admit, one, on=date(2022, 1, 4)) == ["before-listing"]
    assert refused(admit, one, voted_on=date(2022, 1, 4)) == ["vote-outside"]
    assert refused(admit, one, voted_on=date(2023, 2, 4)) == ["vote-outside"]
    assert refused(decide_strike, one, Told(day=date(2022, 1, 4)), StrikeReason.GONE) == ["before-listing"]
    assert refused(decide_certificate, one, Told(day=date(1998, 5, 1))) == ["certified-before-birth"]
    assert refused(listed, day=date(1998, 5, 1)) == ["born-after-listing"]
    assert refused(listed, day=date(1995, 12, 31)) == ["born-after-listing", "came-before-cell"]
    assert refused(listed, code="") == ["value-missing"]
    here = Told(day=date(2022, 2, 1))
    assert refused(decide_move, one, here, cell_code="C", cell=CELL) == ["candidate-there-already"]
    assert refused(decide_move, one, here, cell_code="X", cell=None) == ["unknown-cell"]


def correct(steps, number, *, member_stands=False, **said):
    facts = told(step.event for step in steps)
    command = CorrectCandidate(number=number, **said)
    return decide_candidate_correction(steps[-1].state, facts, command, member_stands=member_stands)


def withdraw(steps, number, **about):
    facts = told(step.event for step in steps)
    return decide_candidate_correction(steps[-1].state, facts, WithdrawCandidateFact(number=number), **about)


def test_a_fact_is_put_right_by_its_number():
    steps = prepared()
    steps.append(correct(steps, 2, day=date(2022, 3, 8)))
    assert steps[-1].state.candidate.certified_on == date(2022, 3, 8)
    facts = told(step.event for step in steps)
    assert [facts.status(number) for number in range(1, 5)] == ["stands", "replaced", "stands", "stands"]
    assert refused(correct, steps, 2, day=date(2022, 3, 9)) == ["fact-replaced"]
    assert refused(correct, steps, 4, day=date(2022, 3, 8)) == ["nothing-to-correct"]
    assert refused(correct, steps, 9) == ["no-such-fact"]
    assert refused(correct, steps, 4, reason=StrikeReason.UNFIT) == ["not-of-this-fact"]
    assert refused(correct, steps, 1, day=date(1995, 1, 1)) == ["born-after-listing"]
    renamed = replace(WHO, identity=replace(WHO.identity, full_name="Lò Thị Đúng"))
    steps.append(correct(steps, 1, who=renamed))
    assert steps[-1].state.who == renamed
    assert steps[-1].event.before == steps[-1].event.after
    assert "Lò" not in steps[-1].event.model_dump_json()


def test_what_is_taken_back_gives_way_to_what_stood_before():
    steps = prepared()
    steps.append(decide_certificate(steps[-1].state, Told(day=date(2022, 9, 1))))
    assert refused(withdraw, steps, 2) == ["fact-replaced"]
    steps.append(withdraw(steps, 4))
    assert steps[-1].state.candidate.certified_on == date(2022, 3, 1)
    steps.append(withdraw(steps, 2))
    assert steps[-1].state.candidate.certified_on is None
    steps.append(withdraw(steps, 3))
    assert steps[-1].state.candidate.introducers == ()
    assert refused(withdraw, steps, 3) == ["fact-withdrawn"]
    assert refused(withdraw, steps, 1) == ["listing-stays"]


def test_a_strike_by_mistake_is_taken_back_and_a_move_put_right():
    steps = prepared()
    moved = decide_move(steps[-1].state, Told(day=date(2022, 5, 1)), cell_code="D", cell=OTHER)
    steps.append(moved)
    steps.append(decide_strike(moved.state, Told(day=date(2022, 6, 1)), StrikeReason.UNSTATED))
    steps.append(correct(steps, 5, reason=StrikeReason.UNFIT))
    assert steps[-1].state.candidate.struck_for is StrikeReason.UNFIT
    steps.append(withdraw(steps, 6))
    assert (steps[-1].state.candidate, steps[-1].state.cell_code) == (moved.state.candidate, "D")
    assert refused(correct, steps, 1, cell=Place("D", OTHER)) == ["not-of-this-fact"]
    steps.append(correct(steps, 4, cell=Place("C", CELL)))
    assert (steps[-1].state.candidate.cell_id, steps[-1].state.cell_code) == (CELL.id, "C")


def test_an_admission_is_taken_back_only_with_the_member():
    steps = prepared()
    steps.append(admit(steps[-1].state)[0])
    assert refused(withdraw, steps, 4, member_stands=True) == ["admission-of-member"]
    assert refused(correct, steps, 4, member_stands=True, day=date(2023, 2, 4)) == ["admission-of-member"]
    voted = correct(steps, 4, member_stands=True, voted_on=date(2023, 1, 5))
    assert voted.state.candidate.voted_on == date(2023, 1, 5)
    back = withdraw(steps, 4).state.candidate
    assert back == steps[2].state.candidate
    assert back.stage is CandidateStage.LISTED


DAYS = st.dates(min_value=date(2022, 1, 1), max_value=date(2024, 1, 1))


@given(
    st.lists(
        st.tuples(st.sampled_from(["certify", "introduce", "strike", "correct", "withdraw"]), DAYS),
        max_size=15,
    )
)
def test_events_alone_tell_the_candidate_and_both_sides_of_each_fit_together(asked):
    steps = [listed()]
    for what, day in asked:
        one = steps[-1].state
        number = day.toordinal() % len(steps) + 1
        try:
            if what == "certify":
                steps.append(decide_certificate(one, Told(day=day)))
            elif what == "introduce":
                steps.append(decide_introducers(one, Told(day=day), [known()]))
            elif what == "strike":
                steps.append(decide_strike(one, Told(day=day), StrikeReason.GONE))
            elif what == "correct":
                steps.append(correct(steps, number, day=day + timedelta(1)))
            else:
                steps.append(withdraw(steps, number))
        except DomainError:
            continue
    for number, (before, step) in enumerate(pairwise(steps), 2):
        assert (step.event.before, step.event.after) == (before.state.candidate, step.state.candidate)
        assert step.state.version == number
    facts, last = told(step.event for step in steps), steps[-1].state.candidate
    certificates = facts.rows.get("certified", ())
    assert last.certified_on == (certificates[-1].day if certificates else None)
    ends = facts.rows.get("end", ())
    assert last.ended_on == (ends[-1].day if ends else None)
    assert last.ended_on is None or last.ended_on >= last.listed_on
