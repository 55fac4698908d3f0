"""The life of a meeting: its order, its rules, and what is unusual about it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.meetings import InterruptionReason, MeetingKind, MeetingStatus, Presence, Roll, ScoreKind
from contracts.positions import Position
from rules.guidance import guidances
from rules.scores import Score
from services.meetings.domain import (
    Hold,
    Interrupt,
    Listed,
    PlanMeeting,
    Reschedule,
    decide_agreement,
    decide_announcement,
    decide_cancellation,
    decide_holding,
    decide_plan,
    decide_postponement,
    decide_rescheduling,
    decide_scoring,
)
from services.meetings.faults import FaultsFound

CELL, STARTS = uuid4(), datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GUIDANCE = guidances().on(date(2026, 3, 3))
LISTED = {uuid4(): Listed(roll=Roll.OFFICIAL) for _ in range(4)} | {uuid4(): Listed(roll=Roll.PROBATIONARY)}
NOW = STARTS + 30 * DAY


def plan(
    kind=MeetingKind.REGULAR, theme=None, agenda=("Đánh giá tháng 2", "Nhiệm vụ tháng 3"), starts_at=STARTS
):
    command = PlanMeeting(kind=kind, starts_at=starts_at, place="Phòng họp", theme=theme, agenda=agenda)
    return decide_plan(command, cell_id=CELL, new_id=uuid4()).state


def announced(**what):
    agreed = decide_agreement(plan(**what), date(2026, 2, 27)).state
    return decide_announcement(agreed, STARTS - 2 * DAY, GUIDANCE).state


def hold(meeting, presences=None, minutes=95, listed=LISTED, now=NOW, **more):
    command = Hold(
        began_at=STARTS,
        ended_at=STARTS + timedelta(minutes=minutes),
        presences=dict.fromkeys(LISTED, Presence.PRESENT) if presences is None else presences,
        **more,
    )
    return decide_holding(meeting, command, listed=listed, guidance=GUIDANCE, now=now)


def interrupt(reason=InterruptionReason.EPIDEMIC):
    return Interrupt(reason=reason, on=date(2026, 3, 1))


def score(**less):
    points = {one: Decimal(most) - less.get(one.value, 0) for one, most in GUIDANCE.rubric.items()}
    return Score(points, GUIDANCE)


def codes(error):
    return [fault.code for fault in error.value.faults]


def test_the_happy_way_from_plan_to_score():
    decided = hold(announced())
    assert decided.warnings == ()
    held = decided.state
    assert (held.status, held.minutes, held.version) == (MeetingStatus.HELD, 95, 4)
    attendance = decided.event.attendance
    assert (attendance.counted, attendance.present) == (5, 5)
    scored = decide_scoring(held, ScoreKind.SELF, score(content=3), decided_on=date(2026, 3, 3))
    assert (scored.event.total, scored.event.grade, scored.event.guidance.number) == (
        97,
        "good",
        "42-HD/BTCTW",
    )
    assert scored.warnings == ()


def test_members_are_not_told_before_content_is_agreed_nor_after_the_meeting_began():
    with pytest.raises(FaultsFound) as error:
        decide_announcement(plan(), STARTS - DAY, GUIDANCE)
    assert codes(error) == ["wrong-state"]
    assert "thống nhất chương trình" in error.value.faults[0].message
    agreed = decide_agreement(plan(), date(2026, 3, 2)).state
    with pytest.raises(FaultsFound) as error:
        decide_announcement(agreed, STARTS - 3 * DAY, GUIDANCE)
    assert codes(error) == ["told-before-agreed"]
    with pytest.raises(FaultsFound) as error:
        decide_announcement(agreed, STARTS, GUIDANCE)
    assert codes(error) == ["told-after-it-began"]
    assert "14:30 ngày 03/03/2026" in error.value.faults[0].message


def test_documents_of_the_same_day_are_late_by_the_guidance_of_2025():
    agreed = decide_agreement(plan(), date(2026, 3, 2)).state
    assert [one.code for one in decide_announcement(agreed, STARTS - HOUR, GUIDANCE).warnings] == [
        "late-documents"
    ]
    old = guidances().on(date(2020, 3, 3))
    assert decide_announcement(agreed, STARTS - HOUR, old).warnings == ()


def test_an_agenda_without_points_cannot_be_agreed_and_a_thematic_meeting_has_a_theme():
    with pytest.raises(FaultsFound) as error:
        decide_agreement(plan(agenda=()), date(2026, 3, 2))
    assert codes(error) == ["agenda-empty"]
    with pytest.raises(FaultsFound) as error:
        plan(MeetingKind.THEMATIC)
    assert codes(error) == ["theme-missing"]


SECRETARY, DEPUTY, THIRD = uuid4(), uuid4(), uuid4()
TWO = {SECRETARY: {Position.SECRETARY}, DEPUTY: {Position.DEPUTY_SECRETARY}}
COMMITTEE = TWO | {THIRD: {Position.COMMITTEE_MEMBER}}


@pytest.mark.parametrize(
    ("agreed_by", "leaders", "warned"),
    [
        ((), COMMITTEE, []),
        ((SECRETARY, THIRD), COMMITTEE, []),
        ((SECRETARY, THIRD), COMMITTEE | {uuid4(): {Position.COMMITTEE_MEMBER}}, ["agreed-by-few"]),
        ((SECRETARY, SECRETARY), COMMITTEE, ["agreed-by-few"]),
        ((SECRETARY, DEPUTY), TWO, []),
        ((DEPUTY,), TWO, ["agreed-by-few"]),
        ((SECRETARY,), {SECRETARY: {Position.SECRETARY}}, []),
        ((SECRETARY,), {}, ["leaders-unknown"]),
    ],
)
def test_the_committee_agrees_or_secretary_and_deputy_where_there_is_none(agreed_by, leaders, warned):
    decided = decide_agreement(plan(), date(2026, 2, 27), agreed_by=agreed_by, leaders=leaders)
    assert [warning.code for warning in decided.warnings] == warned
    assert set(decided.event.agreed_by) == set(agreed_by)


def test_nobody_agrees_who_does_not_lead_the_cell():
    with pytest.raises(FaultsFound) as error:
        decide_agreement(plan(), date(2026, 2, 27), agreed_by=(SECRETARY, uuid4()), leaders=COMMITTEE)
    assert codes(error) == ["agreed-by-others"]


def test_another_time_is_told_again_and_another_agenda_agreed_again():
    moved = decide_rescheduling(announced(), Reschedule(starts_at=STARTS + DAY))
    assert (moved.state.status, moved.state.agreed_on) == (MeetingStatus.AGREED, date(2026, 2, 27))
    assert (moved.event.before.starts_at, moved.event.after.starts_at) == (STARTS, STARTS + DAY)
    changed = decide_rescheduling(announced(), Reschedule(agenda=("Khác",))).state
    assert (changed.status, changed.agreed_on) == (MeetingStatus.PLANNED, None)


def test_a_meeting_put_off_into_the_next_month_still_counts_for_its_own():
    postponed = decide_postponement(announced(), interrupt())
    assert postponed.event.after.starts_at is None
    with pytest.raises(FaultsFound) as error:
        decide_rescheduling(postponed.state, Reschedule(place="Hội trường"))
    assert codes(error) == ["new-time-missing"]
    anew = decide_rescheduling(
        postponed.state, Reschedule(starts_at=datetime(2026, 4, 2, 1, tzinfo=UTC))
    ).state
    assert (anew.status, anew.plan.month) == (MeetingStatus.AGREED, date(2026, 3, 1))


def test_a_month_begins_in_viet_nam():
    assert plan(starts_at=datetime(2026, 2, 28, 17, 30, tzinfo=UTC)).plan.month == date(2026, 3, 1)


def test_everybody_on_the_list_is_on_the_roll_and_nobody_else():
    everybody = dict.fromkeys(LISTED, Presence.PRESENT)
    one = next(iter(everybody))
    with pytest.raises(FaultsFound) as error:
        hold(announced(), {id_: here for id_, here in everybody.items() if id_ != one})
    assert codes(error) == ["left-off-the-roll"]
    with pytest.raises(FaultsFound) as error:
        hold(announced(), everybody | {uuid4(): Presence.PRESENT})
    assert codes(error) == ["not-on-the-list"]
    with pytest.raises(FaultsFound) as error:
        hold(announced(), everybody | {one: Presence.EXEMPT})
    assert codes(error) == ["not-exempt"]
    exempt = LISTED | {one: Listed(roll=Roll.OFFICIAL, exempt=True)}
    decided = hold(announced(), everybody | {one: Presence.EXEMPT}, listed=exempt)
    assert (decided.event.attendance.counted, decided.event.attendance.present) == (4, 4)


@pytest.mark.parametrize(
    ("minutes", "now", "code"),
    [(0, NOW, "ends-before-it-begins"), (24 * 60 + 1, NOW, "too-long"), (60, STARTS, "in-the-future")],
)
def test_times_that_cannot_be_are_refused(minutes, now, code):
    with pytest.raises(FaultsFound) as error:
        hold(announced(), minutes=minutes, now=now)
    assert codes(error) == [code]


def test_what_is_unusual_is_said_and_not_refused():
    away = dict.fromkeys(LISTED, Presence.UNEXCUSED)
    decided = hold(announced(theme="Vai trò nêu gương"), away, minutes=119)
    assert [one.code for one in decided.warnings] == ["no-quorum", "short-meeting"]
    scored = decide_scoring(decided.state, ScoreKind.SELF, score(), decided_on=date(2026, 3, 4))
    assert [one.column for one in scored.warnings] == ["duration", "attendance"]


class Rules(RuleBasedStateMachine):
    """A meeting whose steps come in any order: only those of the picture in domain.py go through."""

    def __init__(self):
        super().__init__()
        self.events = 1
        self.told = self.agreed = False

    @initialize(kind=st.sampled_from([MeetingKind.REGULAR, MeetingKind.EXTRAORDINARY]))
    def begin(self, kind):
        self.meeting = plan(kind)

    def go(self, allowed, decide):
        was = self.meeting
        if was.status in allowed:
            decided = decide()
            self.meeting = decided.state
            self.events += 1
            assert decided.event.meeting_id == was.id
            return True
        with pytest.raises(FaultsFound) as error:
            decide()
        assert codes(error) == ["wrong-state"]
        assert self.meeting == was
        return False

    @rule()
    def agree(self):
        if self.go({MeetingStatus.PLANNED}, lambda: decide_agreement(self.meeting, date(2026, 2, 27))):
            self.agreed = True

    @rule()
    def announce(self):
        step = lambda: decide_announcement(self.meeting, STARTS - 2 * DAY, GUIDANCE)  # noqa: E731
        if self.go({MeetingStatus.AGREED}, step):
            self.told = True

    @rule(content=st.booleans())
    def reschedule(self, content):
        asked = Reschedule(starts_at=STARTS, agenda=(f"Nội dung {self.events}",) if content else None)
        if self.go({*OPEN, MeetingStatus.POSTPONED}, lambda: decide_rescheduling(self.meeting, asked)):
            self.told, self.agreed = False, self.agreed and not content

    @rule()
    def postpone(self):
        if self.go(OPEN, lambda: decide_postponement(self.meeting, interrupt())):
            self.told = False

    @rule()
    def cancel(self):
        self.go({*OPEN, MeetingStatus.POSTPONED}, lambda: decide_cancellation(self.meeting, interrupt()))

    @rule()
    def hold(self):
        if self.go({MeetingStatus.ANNOUNCED}, lambda: hold(self.meeting)):
            assert self.agreed
            assert self.told

    @rule(kind=st.sampled_from(ScoreKind))
    def score(self, kind):
        step = lambda: decide_scoring(self.meeting, kind, score(), decided_on=date(2026, 3, 5))  # noqa: E731
        self.go({MeetingStatus.HELD}, step)

    @invariant()
    def versions_count_events(self):
        if hasattr(self, "meeting"):
            assert self.meeting.version == self.events
            assert (self.meeting.plan.starts_at is None) == (
                self.meeting.status is MeetingStatus.POSTPONED
            ) or (self.meeting.status is MeetingStatus.CANCELLED)
            assert self.meeting.plan.month == date(2026, 3, 1)


OPEN = {MeetingStatus.PLANNED, MeetingStatus.AGREED, MeetingStatus.ANNOUNCED}
TestOrder = Rules.TestCase
TestOrder.settings = settings(max_examples=60, stateful_step_count=25)


@given(st.lists(st.sampled_from(Presence), min_size=5, max_size=5))
def test_figures_are_those_of_the_roll(presences):
    exempt = {id_: Listed(roll=one.roll, exempt=True) for id_, one in LISTED.items()}
    decided = hold(announced(), dict(zip(LISTED, presences, strict=True)), listed=exempt)
    assert decided.event.attendance.counted == 0
    assert {one.member_id for one in decided.event.attenders} == set(LISTED)
