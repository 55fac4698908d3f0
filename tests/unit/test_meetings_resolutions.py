"""What is recorded of a meeting held: proceedings, votes, approval, reports; and in which series it is numbered."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.corrections import RollDifference
from contracts.meetings import (
    AttendanceFigures,
    Attender,
    MeetingKind,
    MeetingPlan,
    MeetingStatus,
    Presence,
    Roll,
)
from contracts.resolutions import Majority, ResolutionAdopted, ResolutionRejected
from replicas.membership.terms import Term
from rules.guidance import guidances
from services.meetings.attendance import Vote
from services.meetings.domain import Listed, Meeting
from services.meetings.faults import FaultsFound
from services.meetings.late_facts.domain import flags
from services.meetings.resolutions.domain import (
    Approve,
    Opinion,
    Record,
    WriteDown,
    check_approval,
    count_votes,
    decide_adoption,
    decide_approval,
    decide_proceedings,
    decide_rejection,
    decide_reporting,
)
from services.meetings.resolutions.numbering import Series, series_on

DAY, TODAY = date(2026, 3, 3), date(2026, 4, 10)
GUIDANCE = guidances().on(DAY)
CHAIR, RECORDER, SPEAKER, ILL, AWAY, YOUNG = (UUID(int=number) for number in range(1, 7))
SERIES = Series("term:1", "2025–2030")


def attender(id_, presence=Presence.PRESENT, roll=Roll.OFFICIAL, **more):
    return Attender(member_id=id_, roll=roll, presence=presence, **more)


ROLL = (
    attender(CHAIR),
    attender(RECORDER),
    attender(SPEAKER),
    attender(ILL, Presence.EXCUSED),
    attender(AWAY, Presence.UNEXCUSED),
    attender(YOUNG, roll=Roll.PROBATIONARY),
)


def record(roll=ROLL, **more):
    plan = MeetingPlan(
        cell_id=UUID(int=99), kind=MeetingKind.REGULAR, month=date(2026, 3, 1),
        # 3 March in Việt Nam, 2 March in UTC.
        starts_at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC), thematic=False,
    )  # fmt: skip
    meeting = Meeting(
        id=UUID(int=50), plan=plan, place="Phòng họp", theme=None, agenda=("Đánh giá", "Khác"),
        status=MeetingStatus.HELD, minutes=95,
        attendance=AttendanceFigures(counted=6, present=4, excused=1, unexcused=1), version=4,
    )  # fmt: skip
    return Record(meeting=meeting, roll=tuple(roll), **more)


def written(**more):
    return WriteDown(**({"chair_id": CHAIR, "recorder_id": RECORDER} | more))


def recorded():
    open_ = record()
    return replace(open_, proceedings=decide_proceedings(open_, written()).event.after)


def codes(error):
    return [(fault.code, fault.column) for fault in error.value.faults]


def test_proceedings_are_told_as_numbers_and_never_in_words():
    said = written(
        opinions=(
            Opinion(SPEAKER, "Một"),
            Opinion(SPEAKER, "Hai"),
            Opinion(YOUNG, "Ba"),
            Opinion(None, "Khách"),
        ),
        conclusions=((2, "Nhất trí"),),
        absences=((ILL, "Ốm"),),
        directions=("Học tập chuyên đề",),
    )
    decided = decide_proceedings(record(), said)
    after = decided.event.after
    assert (after.opinions, after.speakers, after.directions) == (4, 2, 1)
    assert (decided.event.effective_date, decided.version) == (DAY, 5)
    assert not any(text in decided.event.as_json() for text in ("Một", "Khách", "Nhất trí", "Ốm", "Học tập"))
    again = decide_proceedings(replace(record(), proceedings=after), written())
    assert (again.event.before, again.event.after.opinions) == (after, 0)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"chair_id": AWAY}, [("not-present", "chair_id")]),
        ({"recorder_id": uuid4()}, [("not-present", "recorder_id")]),
        ({"recorder_id": CHAIR}, [("chair-is-recorder", "recorder_id")]),
        ({"opinions": (Opinion(ILL, "Vắng mà nói"),)}, [("not-present", "opinions")]),
        ({"absences": ((SPEAKER, "Bận"),)}, [("not-absent", "absences")]),
        ({"absences": ((ILL, "Ốm"), (ILL, "Bận"))}, [("given-twice", "absences")]),
        ({"conclusions": ((3, "Không có"),)}, [("no-such-point", "conclusions")]),
        ({"conclusions": ((1, "Một"), (1, "Hai"))}, [("given-twice", "conclusions")]),
    ],
)
def test_who_was_not_there_neither_leads_nor_speaks(more, found):
    with pytest.raises(FaultsFound) as error:
        decide_proceedings(record(), written(**more))
    assert codes(error) == found


def people(number, roll=Roll.OFFICIAL, presence=Presence.PRESENT, **more):
    return [attender(uuid4(), presence, roll, **more) for _ in range(number)]


def vote(roll, in_favour, against=0, abstained=0, majority=Majority.MORE_THAN_HALF):
    return count_votes(record(roll), Vote(in_favour, against, abstained), majority)


def test_the_bases_of_votes_as_the_domain_has_them():
    """Nine official members summoned, one of two exempt came and votes, three on probation, one visitor."""
    roll = [
        *people(6), *people(2, presence=Presence.EXCUSED),
        *people(1, exempt=True), *people(1, presence=Presence.EXEMPT, exempt=True),
        *people(3, Roll.PROBATIONARY), *people(1, Roll.VISITING),
    ]  # fmt: skip
    ballot, carried = vote(roll, 5, 1, 1)
    assert ((ballot.base, ballot.voters), carried) == ((9, 7), True)
    assert vote(roll, 4, 3)[1] is False
    assert vote(roll, 6, majority=Majority.TWO_THIRDS)[1] is True
    assert vote(roll, 5, majority=Majority.TWO_THIRDS)[1] is False


def test_half_of_all_summoned_does_not_carry_even_where_nobody_there_is_against():
    roll = people(5) + people(5, presence=Presence.EXCUSED)
    assert vote(roll, 5)[1] is False


def test_more_votes_than_voters_cannot_have_been_cast():
    with pytest.raises(FaultsFound) as error:
        vote(ROLL, 3, 0, 1)
    assert codes(error) == [("votes-beyond-voters", "in_favour")]


def test_what_is_carried_has_a_number_and_what_is_not_has_none():
    ballot, _ = vote(ROLL, 3)
    adopted = decide_adoption(record(), ballot, resolution_id=uuid4(), series=SERIES, number=7)
    assert isinstance(adopted.event, ResolutionAdopted)
    assert (adopted.event.series, adopted.event.number, adopted.warnings) == ("2025–2030", 7, ())
    rejected = decide_rejection(record(), vote(ROLL, 2, 1)[0], resolution_id=uuid4())
    assert isinstance(rejected.event, ResolutionRejected)
    assert [warning.code for warning in rejected.warnings] == ["not-carried"]
    assert "2 trên 5" in rejected.warnings[0].message


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.integers(0, 12), st.sampled_from(Majority))
def test_a_resolution_is_carried_by_those_in_favour_and_never_hindered_by_more_of_them(
    favour, against, abstained, away, majority
):
    roll = people(favour + against + abstained + 1) + people(away, presence=Presence.UNEXCUSED)
    ballot, carried = vote(roll, favour, against, abstained, majority)
    share = favour / ballot.base
    assert carried == (
        share > 1 / 2 if majority is Majority.MORE_THAN_HALF else 3 * favour >= 2 * ballot.base
    )
    assert vote(roll, favour + 1, against, abstained, majority)[1] >= carried


APPROVE = Approve(approved_on=date(2026, 3, 4), approved_by=frozenset({CHAIR, RECORDER}))


def test_minutes_are_approved_by_chair_and_recorder_after_the_meeting():
    check_approval(recorded(), APPROVE, today=TODAY)
    decided = decide_approval(recorded(), APPROVE, series=SERIES, number=3, pages=[], tasks_left=2)
    assert (decided.event.number, decided.event.effective_date) == (3, date(2026, 3, 4))
    assert [warning.code for warning in decided.warnings] == ["tasks-not-evaluated"]


@pytest.mark.parametrize(
    ("of", "command", "found"),
    [
        (record(), APPROVE, [("no-proceedings", None)]),
        (
            recorded(),
            replace(APPROVE, approved_by=frozenset({CHAIR})),
            [("approved-by-others", "approved_by")],
        ),
        (recorded(), replace(APPROVE, approved_on=date(2026, 3, 2)), [("day-too-early", "approved_on")]),
        (recorded(), replace(APPROVE, approved_on=date(2026, 4, 11)), [("day-in-the-future", "approved_on")]),
    ],
)
def test_approvals_that_cannot_be_are_refused(of, command, found):
    with pytest.raises(FaultsFound) as error:
        check_approval(of, command, today=TODAY)
    assert codes(error) == found


def refusals(of):
    """The code with which each way of adding to a record is refused."""
    ways = (
        lambda: decide_proceedings(of, written()),
        lambda: count_votes(of, Vote(1, 0, 0), Majority.MORE_THAN_HALF),
        lambda: check_approval(of, APPROVE, today=TODAY),
    )
    for way in ways:
        with pytest.raises(FaultsFound) as error:
            way()
        yield error.value.faults[0].code


def test_nothing_is_recorded_before_a_meeting_is_held_nor_after_its_minutes_are_approved():
    for status in set(MeetingStatus) - {MeetingStatus.HELD}:
        assert set(refusals(replace(recorded(), meeting=replace(record().meeting, status=status)))) == {
            "not-held"
        }
    assert set(refusals(replace(recorded(), approved_on=DAY))) == {"record-closed"}


def test_minutes_go_up_within_two_days_of_the_meeting():
    approved = replace(recorded(), approved_on=date(2026, 3, 4))
    assert decide_reporting(approved, date(2026, 3, 5), guidances().on, today=TODAY).warnings == ()
    late = decide_reporting(approved, date(2026, 3, 6), guidances().on, today=TODAY)
    assert [warning.code for warning in late.warnings] == ["reported-late"]
    assert late.event.due_on == date(2026, 3, 5)
    for of, sent_on, code in (
        (recorded(), date(2026, 3, 5), "minutes-not-approved"),
        (replace(approved, reported_on=DAY), date(2026, 3, 5), "reported-already"),
        (approved, date(2026, 3, 3), "day-too-early"),
        (approved, date(2026, 4, 11), "day-in-the-future"),
    ):
        with pytest.raises(FaultsFound) as error:
            decide_reporting(of, sent_on, guidances().on, today=TODAY)
        assert codes(error)[0][0] == code


# Series of numbers.

FIRST = Term(UUID(int=1), "2017–2020", date(2017, 6, 1), date(2020, 5, 15))
SECOND = Term(UUID(int=2), "2020–2025", date(2020, 5, 15))


def test_numbers_run_within_the_term_of_the_day_and_within_the_year_where_there_is_none():
    assert series_on(date(2020, 5, 14), [FIRST, SECOND]).label == "2017–2020"
    assert series_on(date(2020, 5, 15), [FIRST, SECOND]).label == "2020–2025"
    assert series_on(date(2016, 12, 31), [FIRST, SECOND]) == Series("year:2016", "2016")
    assert series_on(date(2020, 5, 15), [FIRST]) == Series("year:2020", "2020")
    overlapping = replace(FIRST, until_on=None)
    assert series_on(date(2020, 6, 1), [SECOND, overlapping]).label == "2020–2025"


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.permutations([FIRST, SECOND]))
def test_a_day_has_one_series_in_whatever_order_terms_were_told(day, terms):
    found = series_on(day, terms)
    assert found == series_on(day, [FIRST, SECOND])
    assert (found.key.startswith("term:")) == (day >= FIRST.from_on)


# Late facts.


def test_a_roll_is_flagged_where_the_list_of_its_day_is_otherwise_by_now():
    listed = {one.member_id: Listed(roll=one.roll) for one in ROLL}
    assert flags(ROLL, listed) == []
    newcomer = UUID(int=9)
    del listed[SPEAKER]
    listed |= {
        YOUNG: Listed(roll=Roll.OFFICIAL), ILL: Listed(roll=Roll.OFFICIAL, exempt=True),
        newcomer: Listed(roll=Roll.OFFICIAL),
    }  # fmt: skip
    assert [(flag.member_id, flag.difference) for flag in flags(ROLL, listed)] == [
        (SPEAKER, RollDifference.NOT_ON_THE_LIST),
        (ILL, RollDifference.OTHER_EXEMPTION),
        (YOUNG, RollDifference.OTHER_ROLL),
        (newcomer, RollDifference.MISSING),
    ]
