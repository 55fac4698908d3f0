"""Who prepares an agenda, meetings by party group, and absences that fail the criterion of attendance."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.meetings import Attender, MeetingStatus, Presence, Roll
from rules.guidance import guidances
from services.meetings.absences.domain import Called, failing
from services.meetings.domain import Reschedule, decide_agreement, decide_rescheduling
from services.meetings.faults import FaultsFound
from services.meetings.preparation import Cell, check_by_group, prepared_by
from tests.unit.test_meetings_domain import plan

SECRETARY, DEPUTY, STRANGER = (UUID(int=number) for number in range(1, 4))
AGENDA = ("Đánh giá", "Nhiệm vụ", "Khác")
CELL = Cell(listed={SECRETARY, DEPUTY})
OF_2018, OF_2025 = guidances().on(date(2020, 5, 1)), guidances().on(date(2026, 5, 1))


def codes(error):
    return [fault.code for fault in error.value.faults]


def test_points_of_the_agenda_are_assigned_to_people_of_the_cell():
    assert prepared_by([(3, DEPUTY), (1, SECRETARY)], AGENDA, CELL) == (SECRETARY, None, DEPUTY)
    assert prepared_by([], AGENDA, CELL) == ()


@pytest.mark.parametrize(
    ("assignments", "found"),
    [
        ([(4, DEPUTY)], ["no-such-point"]),
        ([(0, DEPUTY)], ["no-such-point"]),
        ([(1, DEPUTY), (1, SECRETARY)], ["given-twice"]),
        ([(1, STRANGER)], ["assigned-to-others"]),
    ],
)
def test_assignments_that_cannot_be(assignments, found):
    with pytest.raises(FaultsFound) as error:
        prepared_by(assignments, AGENDA, CELL)
    assert codes(error) == found


def test_who_prepares_what_is_part_of_what_is_agreed():
    meeting = plan()
    named = decide_rescheduling(meeting, Reschedule(assignments=((1, DEPUTY),)), CELL).state
    agreed = decide_agreement(named, date(2026, 2, 27))
    assert (agreed.event.items, agreed.event.assigned) == (2, 1)
    other_place = decide_rescheduling(agreed.state, Reschedule(place="Hội trường")).state
    assert (other_place.status, other_place.prepared_by) == (MeetingStatus.AGREED, (DEPUTY, None))
    other = decide_rescheduling(agreed.state, Reschedule(assignments=((2, DEPUTY),)), CELL).state
    assert (other.status, other.prepared_by) == (MeetingStatus.PLANNED, (None, DEPUTY))
    anew = decide_rescheduling(agreed.state, Reschedule(agenda=("Chỉ một việc",))).state
    assert anew.prepared_by == ()


def test_a_cell_of_fifty_meets_by_group_three_times_a_year():
    large = Cell(members=50, by_group=2, guidance=OF_2018)
    check_by_group(large)
    for cell, found in (
        (Cell(members=49, guidance=OF_2018), "too-few-for-groups"),
        (Cell(members=50, by_group=3, guidance=OF_2025), "too-often-by-group"),
        (Cell(members=50), "no-meetings-by-group"),
    ):
        with pytest.raises(FaultsFound) as error:
            check_by_group(cell)
        assert codes(error) == [found]


# Absences.

LETTERS = {
    "p": (Presence.PRESENT, {}),
    "e": (Presence.EXCUSED, {}),
    "u": (Presence.UNEXCUSED, {}),
    "x": (Presence.EXEMPT, {"exempt": True}),
    "d": (Presence.EXCUSED, {"special_duty": True}),
}


def called(letters, guidance=OF_2018):
    return [
        Called(
            UUID(int=number),
            Attender(member_id=DEPUTY, roll=Roll.OFFICIAL, presence=LETTERS[letter][0], **LETTERS[letter][1]),
            guidance,
        )
        for number, letter in enumerate(letters)
    ]


@pytest.mark.parametrize(
    ("letters", "unexcused", "longest", "at"),
    [
        ("ppp", 0, 0, []),
        ("pup", 1, 0, [1]),
        ("eeep", 0, 3, []),
        ("eeee", 0, 4, [3]),
        ("eeepe", 0, 3, []),
        ("eexedeee", 0, 6, [5, 6, 7]),
        ("eeueeee", 1, 4, [2, 6]),
    ],
)
def test_one_unexcused_or_more_than_three_excused_running_fail(letters, unexcused, longest, at):
    found = failing(called(letters))
    assert (found.unexcused, found.longest_run) == (unexcused, longest)
    assert [meeting.int for meeting in found.at] == at
    assert failing(called(letters, OF_2025)).at == (), "the guidance of 2025 says nothing of it"


@given(st.text("peuxd", max_size=14))
def test_whoever_comes_to_one_more_meeting_fails_at_no_more(letters):
    more = [failing(called(letters[:place] + "p" + letters[place + 1 :])) for place in range(len(letters))]
    assert all(len(one.at) <= len(failing(called(letters)).at) for one in more)
