"""Attendance rates and the bases of votes, with the domain's rules as worked examples."""

from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.meetings import Attender, Presence, Roll
from contracts.resolutions import Majority
from services.meetings import attendance
from services.meetings.attendance import (
    Vote,
    VoteError,
    base,
    carries,
    figures,
    has_quorum,
    voters,
)


def rate(roll):
    return attendance.rate(figures(roll))


def people(number, roll=Roll.OFFICIAL, presence=Presence.PRESENT, **more):
    return [Attender(member_id=uuid4(), roll=roll, presence=presence, **more) for _ in range(number)]


def test_exempt_and_specially_ordered_members_are_left_out_of_the_rate():
    there = people(16) + people(1, Roll.PROBATIONARY)
    away = people(1, presence=Presence.EXCUSED) + people(2, presence=Presence.UNEXCUSED)
    left_out = (
        people(3, presence=Presence.EXEMPT, exempt=True)
        + people(1, exempt=True)
        + people(2, presence=Presence.EXCUSED, special_duty=True)
    )
    assert rate(there + away + left_out) == Fraction(17, 20)


def test_where_nobody_was_to_come_there_is_no_rate():
    assert rate([]) is None
    assert rate(people(2, presence=Presence.EXEMPT, exempt=True)) is None


def test_a_resolution_needs_more_than_half_of_all_official_members_summoned():
    """Ten official members, six there: five in favour are half of the ten, and not more."""
    roll = people(6) + people(4, presence=Presence.EXCUSED)
    assert base(roll) == 10
    assert not carries(Vote(5, 1, 0), Majority.MORE_THAN_HALF, roll)
    assert carries(Vote(6, 0, 0), Majority.MORE_THAN_HALF, roll)


def test_an_admission_needs_two_thirds_of_them():
    roll = people(8) + people(1, presence=Presence.UNEXCUSED)
    assert not carries(Vote(5, 3, 0), Majority.TWO_THIRDS, roll)
    assert carries(Vote(6, 2, 0), Majority.TWO_THIRDS, roll)


def test_members_on_probation_and_visitors_do_not_vote_and_are_in_no_base():
    roll = people(3) + people(4, Roll.PROBATIONARY) + people(2, Roll.VISITING)
    assert (base(roll), len(voters(roll))) == (3, 3)
    with pytest.raises(VoteError):
        carries(Vote(4, 0, 0), Majority.MORE_THAN_HALF, roll)


def test_exempt_members_count_only_if_they_come():
    away = people(4) + people(2, presence=Presence.EXEMPT, exempt=True)
    assert base(away) == 4
    assert carries(Vote(3, 1, 0), Majority.MORE_THAN_HALF, away)
    come = people(4) + people(2, exempt=True)
    assert base(come) == 6
    assert not carries(Vote(3, 3, 0), Majority.MORE_THAN_HALF, come)


@pytest.mark.parametrize("vote", [Vote(-1, 2, 0), Vote(3, 1, 1)])
def test_votes_that_cannot_have_been_cast_are_refused(vote):
    with pytest.raises(VoteError):
        carries(vote, Majority.MORE_THAN_HALF, people(4))


def test_nothing_is_carried_where_nobody_may_vote():
    roll = people(3, Roll.PROBATIONARY)
    assert not carries(Vote(0, 0, 0), Majority.MORE_THAN_HALF, roll)
    assert not carries(Vote(0, 0, 0), Majority.TWO_THIRDS, roll)
    assert not has_quorum(roll)


rolls = st.lists(
    st.builds(
        Attender,
        member_id=st.uuids(),
        roll=st.sampled_from(Roll),
        presence=st.sampled_from(Presence),
        exempt=st.booleans(),
        special_duty=st.booleans(),
    ),
    max_size=12,
)


@given(rolls)
def test_what_carries_an_admission_carries_a_resolution_and_needs_a_quorum(roll):
    everybody = Vote(len(voters(roll)), 0, 0)
    carried = carries(everybody, Majority.MORE_THAN_HALF, roll)
    assert carried == has_quorum(roll)
    assert carried >= carries(everybody, Majority.TWO_THIRDS, roll)


@given(rolls)
def test_a_rate_lies_between_nobody_and_everybody(roll):
    found = rate(roll)
    assert found is None or 0 <= found <= 1
