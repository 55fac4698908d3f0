"""The whole life of a meeting, from plan to correction, with its steps in any order: a machine on the pure domain."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.meetings import MeetingHeld, Presence, Roll, ScoreKind
from contracts.resolutions import Majority, ResolutionAdopted
from rules.guidance import guidances
from services.meetings.attendance import Vote, figures
from services.meetings.corrections.domain import (
    Correct,
    OfTask,
    Said,
    VotedOn,
    check_correction,
    decide_correction,
)
from services.meetings.domain import (
    Hold,
    Reschedule,
    decide_agreement,
    decide_announcement,
    decide_cancellation,
    decide_holding,
    decide_postponement,
    decide_rescheduling,
    decide_scoring,
)
from services.meetings.faults import CONFLICTS, FaultsFound
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
from services.meetings.resolutions.numbering import Series
from services.meetings.resolutions.tasks import decide_assignment
from tests.meeting_life import Model
from tests.unit.test_meetings_domain import DAY, GUIDANCE, LISTED, NOW, STARTS, interrupt, plan, score

PEOPLE = sorted(LISTED)
VOTERS = [id_ for id_ in PEOPLE if LISTED[id_].roll is Roll.OFFICIAL]
SERIES = Series("term:1", "2025–2030")
HELD_ON, APPROVED_ON, CORRECTED_ON = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 20)
presences = st.lists(
    st.sampled_from([Presence.PRESENT, Presence.EXCUSED, Presence.UNEXCUSED]), min_size=5, max_size=5
)


class Life(RuleBasedStateMachine):
    """What the model allows goes through, and whatever it does not is a conflict that changes nothing."""

    def __init__(self):
        super().__init__()
        self.model = Model()
        self.record = Record(meeting=plan(), roll=())
        self.written = None
        self.voted, self.tasks, self.told = [], [], []
        self.events = self.numbers = self.corrections = 0

    @initialize(away=presences, far=st.integers(0, 6))
    def begin_on_the_way(self, away, far):
        """Chance alone would hold few meetings, and approve hardly any."""
        steps = (
            self.agree, self.announce, lambda: self.hold(away), lambda: self.write_down(2),
            lambda: self.vote(2, Majority.MORE_THAN_HALF), self.approve,
        )  # fmt: skip
        for step in steps[:far]:
            step()

    def go(self, step, decide):
        """Decide a step; return what was decided, None where it was refused."""
        was = self.record
        if not self.model.may(step):
            with pytest.raises(FaultsFound) as error:
                decide()
            assert {fault.code for fault in error.value.faults} <= CONFLICTS
            assert self.record == was
            return None
        decided = decide()
        self.model.take(step)
        return decided

    def of_meeting(self, step, decide):
        if decided := self.go(step, decide):
            self.record, self.events = replace(self.record, meeting=decided.state), self.events + 1
            self.told.append(decided.event)
        return decided

    def of_record(self, step, decide, **changed):
        if decided := self.go(step, decide):
            self.events += 1
            meeting = replace(self.record.meeting, version=decided.version)
            self.record = replace(self.record, meeting=meeting, **changed)
            self.told.append(decided.event)
        return decided

    @property
    def meeting(self):
        return self.record.meeting

    @rule()
    def agree(self):
        self.of_meeting("agree", lambda: decide_agreement(self.meeting, date(2026, 2, 27)))

    @rule()
    def announce(self):
        self.of_meeting("announce", lambda: decide_announcement(self.meeting, STARTS - 2 * DAY, GUIDANCE))

    @rule(content=st.booleans())
    def change(self, content):
        asked = Reschedule(starts_at=STARTS, agenda=(f"Nội dung {self.events}",) if content else None)
        step = "renew" if content else "move"
        self.of_meeting(step, lambda: decide_rescheduling(self.meeting, asked))

    @rule(step=st.sampled_from(["postpone", "cancel"]), rarely=st.integers(0, 5))
    def interrupt(self, step, rarely):
        if not rarely:
            decide = decide_postponement if step == "postpone" else decide_cancellation
            self.of_meeting(step, lambda: decide(self.meeting, interrupt()))

    @rule(away=presences)
    def hold(self, away):
        # Somebody leads it, and somebody else writes it down.
        called = dict(zip(PEOPLE, away, strict=True)) | dict.fromkeys(VOTERS[:2], Presence.PRESENT)
        command = Hold(began_at=STARTS, ended_at=STARTS + timedelta(minutes=95), presences=called)
        step = lambda: decide_holding(self.meeting, command, listed=LISTED, guidance=GUIDANCE, now=NOW)  # noqa: E731
        if decided := self.of_meeting("hold", step):
            self.record = replace(self.record, roll=decided.event.attenders)

    @rule(kind=st.sampled_from(ScoreKind))
    def give_points(self, kind):
        self.of_meeting(
            "score", lambda: decide_scoring(self.meeting, kind, score(), decided_on=date(2026, 3, 5))
        )

    @rule(opinions=st.integers(0, 4))
    def write_down(self, opinions):
        said = WriteDown(
            chair_id=VOTERS[0],
            recorder_id=VOTERS[1],
            opinions=tuple(Opinion(VOTERS[number % 2], "Nhất trí") for number in range(opinions)),
        )
        if self.of_record(
            "write_down", lambda: decide_proceedings(self.record, said), proceedings=said.counted
        ):
            self.written = said

    @rule(in_favour=st.integers(0, 2), majority=st.sampled_from(Majority))
    def vote(self, in_favour, majority):
        new_id = uuid4()

        def decide():
            ballot, carried = count_votes(self.record, Vote(in_favour, 0, 0), majority)
            if not carried:
                return decide_rejection(self.record, ballot, resolution_id=new_id)
            number = self.numbers + 1
            return decide_adoption(self.record, ballot, resolution_id=new_id, series=SERIES, number=number)

        if decided := self.of_record("vote", decide):
            carried = isinstance(decided.event, ResolutionAdopted)
            self.numbers += carried
            self.voted.append(
                VotedOn(
                    id=new_id, subject="Về", text="Nội dung", ballot=decided.event.ballot, carried=carried
                )
            )

    @rule(who=st.sampled_from(PEOPLE))
    def assign(self, who):
        decided = self.go(
            "assign",
            lambda: decide_assignment(
                self.record, member_id=who, content="Việc", due_on=date(2026, 3, 25), new_id=uuid4()
            ),
        )
        if decided:
            self.tasks.append(decided.state)

    @rule()
    def approve(self):
        command = Approve(approved_on=APPROVED_ON, approved_by=frozenset(VOTERS[:2]))

        def decide():
            check_approval(self.record, command, today=CORRECTED_ON)
            return decide_approval(self.record, command, series=SERIES, number=1, pages=())

        self.of_record("approve", decide, approved_on=APPROVED_ON)

    @rule()
    def report_up(self):
        self.of_record(
            "report_up",
            lambda: decide_reporting(self.record, APPROVED_ON, guidances().on, today=CORRECTED_ON),
            reported_on=APPROVED_ON,
        )

    @rule(away=presences, opinions=st.integers(0, 4), due=st.integers(0, 20))
    def correct(self, away, opinions, due):
        """The roll, what was said and the days of tasks turn out otherwise; and always the place."""
        called = dict(zip(PEOPLE, away, strict=True)) | dict.fromkeys(VOTERS[:2], Presence.PRESENT)
        written = self.written or WriteDown(chair_id=VOTERS[0], recorder_id=VOTERS[1])
        command = Correct(
            reason="Ghi nhầm",
            approved_on=CORRECTED_ON,
            approved_by=frozenset(VOTERS[:2]),
            place=f"Phòng {self.events}",
            presences=called,
            written=replace(written, opinions=(Opinion(VOTERS[0], "Khác"),) * opinions, absences=()),
            tasks={one.id: OfTask(due_on=HELD_ON + due * DAY) for one in self.tasks},
        )
        was, events = self.said(written), self.events
        try:
            corrected = check_correction(self.record, was, command, listed=LISTED, leaders=(), now=NOW)
        except FaultsFound as error:
            codes = {fault.code for fault in error.faults}
            assert codes == ({"outcome-corrected"} if self.model.may("correct") else {"nothing-to-correct"})
            return
        assert self.model.may("correct")
        self.corrections += 1
        decided = decide_correction(
            corrected, command, series=SERIES, number=self.corrections, page=9, hash_="", corrects=()
        )
        self.told.append(decided.event)
        self.events += 1
        assert (decided.version, [one.carried for one in corrected.now.resolutions]) == (
            self.meeting.version + 1,
            [one.carried for one in was.resolutions],
        )
        self.record, self.written = corrected.after, command.written
        self.voted = list(corrected.now.resolutions)
        self.tasks = list(corrected.now.tasks)
        changed = {task.id: event for task, event in corrected.tasks}
        for old, new in zip(was.tasks, self.tasks, strict=True):
            assert (old == new) == (old.id not in changed)
            if event := changed.get(old.id):
                assert (event.before, event.after) == (old.state, new.state)
        assert bool(decided.warnings) == self.model.reported
        assert self.events == events + 1

    def said(self, written):
        meeting = self.meeting
        return Said(
            began_at=STARTS,
            minutes=meeting.minutes or 0,
            place=meeting.place,
            roll=self.record.roll,
            written=written,
            resolutions=tuple(self.voted),
            tasks=tuple(self.tasks),
        )

    @invariant()
    def it_hangs_together(self):
        assert self.meeting.status is self.model.status
        assert self.meeting.version == self.events + 1
        assert (self.record.approved_on is not None) == self.model.approved
        if self.record.roll:
            assert self.meeting.attendance == figures(self.record.roll)

    @invariant()
    def what_was_told_sums_to_what_is(self):
        """Statistics are sums of signed sides: what a meeting told comes to its attendance and its opinions."""
        summed = Counter()
        proceedings = Counter()
        ballots = {}
        for event in self.told:
            if isinstance(event, MeetingHeld):
                summed.update(event.attendance.model_dump())
            sides = [(-1, getattr(event, "before", None)), (+1, getattr(event, "after", None))]
            for sign, side in sides:
                if hasattr(side, "attendance"):
                    _add(summed, sign, side.attendance.model_dump())
                    _add(proceedings, sign, {"opinions": side.proceedings.opinions})
                    ballots |= {one.resolution_id: one.ballot for one in side.ballots if sign > 0}
                elif hasattr(side, "opinions"):
                    _add(proceedings, sign, {"opinions": side.opinions})
            if hasattr(event, "ballot"):
                ballots[event.resolution_id] = event.ballot
        if self.record.roll:
            assert summed == Counter(figures(self.record.roll).model_dump())
        if self.written:
            assert proceedings["opinions"] == len(self.written.opinions)
        assert ballots == {one.id: one.ballot for one in self.voted}


def _add(summed, sign, counts):
    for name, count in counts.items():
        summed[name] += sign * count


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def approved():
    """A meeting with a resolution and a task, whose minutes are approved."""
    machine = Life()
    machine.begin_on_the_way([Presence.PRESENT] * 5, far=5)
    machine.assign(PEOPLE[-1])
    machine.approve()
    return machine


BOTH = frozenset(VOTERS[:2])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"place": "Khác", "approved_by": frozenset(VOTERS[:1])}, "corrected-by-others"),
        ({"place": "Khác", "approved_by": frozenset({VOTERS[0], UUID(int=9)})}, "corrected-by-others"),
        ({"place": "Khác", "approved_on": APPROVED_ON - DAY}, "day-too-early"),
        ({"place": "Khác", "approved_on": NOW.date() + DAY}, "day-in-the-future"),
        ({"began_at": STARTS - DAY}, "too-long"),
        ({"began_at": STARTS - DAY, "ended_at": STARTS - DAY / 2}, "corrected-to-another-day"),
        ({"presences": {VOTERS[0]: Presence.PRESENT}}, "left-off-the-roll"),
        ({"written": WriteDown(chair_id=VOTERS[0], recorder_id=VOTERS[0])}, "chair-is-recorder"),
        ({"tasks": {UUID(int=8): OfTask(content="Khác")}}, "task-of-another-meeting"),
        ({}, "nothing-changes"),
    ],
)
def test_corrections_that_cannot_be(asked, found):
    machine = approved()
    command = Correct(**({"reason": "Nhầm", "approved_on": CORRECTED_ON, "approved_by": BOTH} | asked))
    with pytest.raises(FaultsFound) as error:
        check_correction(
            machine.record, machine.said(machine.written), command, listed=LISTED, leaders=(), now=NOW
        )
    assert found in [fault.code for fault in error.value.faults]


def test_leaders_of_the_day_may_put_right_what_others_wrote():
    machine, leader = approved(), UUID(int=9)
    command = Correct(
        reason="Nhầm", approved_on=CORRECTED_ON, approved_by=frozenset({VOTERS[0], leader}), place="Khác"
    )
    found = check_correction(
        machine.record, machine.said(machine.written), command, listed=LISTED, leaders=[leader], now=NOW
    )
    assert (found.fields, found.after.meeting.place) == (("place",), "Khác")


def test_a_task_that_a_meeting_evaluated_keeps_its_day_and_may_have_other_words():
    machine = approved()
    evaluated = replace(machine.tasks[0], result="done_late")
    said = replace(machine.said(machine.written), tasks=(evaluated,))

    def asked(**what):
        return Correct(
            reason="Nhầm", approved_on=CORRECTED_ON, approved_by=BOTH, tasks={evaluated.id: OfTask(**what)}
        )

    with pytest.raises(FaultsFound) as error:
        check_correction(
            machine.record, said, asked(due_on=date(2026, 3, 26)), listed=LISTED, leaders=(), now=NOW
        )
    assert [fault.code for fault in error.value.faults] == ["task-evaluated-since"]
    found = check_correction(
        machine.record, said, asked(content="Chữ khác"), listed=LISTED, leaders=(), now=NOW
    )
    [(task, event)] = found.tasks
    assert (task.content, event.before) == ("Chữ khác", event.after)
