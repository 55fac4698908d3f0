"""The life of a task: given, reported, evaluated by a later meeting, carried on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.meetings import Attender, MeetingKind, MeetingPlan, MeetingStatus, Presence, Roll
from contracts.resolutions import TaskResult, TaskStatus
from services.meetings.domain import Meeting
from services.meetings.faults import FaultsFound
from services.meetings.resolutions.domain import Record
from services.meetings.resolutions.tasks import (
    Evaluate,
    decide_assignment,
    decide_evaluation,
    decide_report,
    result_of,
)

CELL, MEMBER, AWAY = UUID(int=1), UUID(int=2), UUID(int=3)
MARCH, DUE, APRIL, MAY = date(2026, 3, 3), date(2026, 3, 25), date(2026, 4, 3), date(2026, 5, 4)
TODAY = date(2026, 6, 1)


def record(day, cell=CELL, status=MeetingStatus.HELD, **more):
    plan = MeetingPlan(
        cell_id=cell, kind=MeetingKind.REGULAR, month=day.replace(day=1),
        starts_at=datetime(day.year, day.month, day.day, 7, tzinfo=UTC), thematic=False,
    )  # fmt: skip
    meeting = Meeting(id=uuid4(), plan=plan, place="Phòng họp", theme=None, status=status)
    roll = (
        Attender(member_id=MEMBER, roll=Roll.OFFICIAL, presence=Presence.PRESENT),
        Attender(member_id=AWAY, roll=Roll.OFFICIAL, presence=Presence.EXCUSED),
    )
    return Record(meeting=meeting, roll=roll, **more)


def given_task(member=MEMBER, due_on=DUE, at=None):
    return decide_assignment(
        at or record(MARCH), member_id=member, content="Viết báo cáo", due_on=due_on, new_id=uuid4()
    )


def refused(way):
    with pytest.raises(FaultsFound) as error:
        way()
    return [fault.code for fault in error.value.faults]


def test_a_task_is_given_to_who_is_on_the_roll_and_its_words_stay_here():
    decided = given_task(AWAY)
    assert (decided.state.status, decided.state.due_on) == (TaskStatus.OPEN, DUE)
    assert (decided.event.effective_date, decided.event.after.member_id) == (MARCH, AWAY)
    assert "Viết báo cáo" not in decided.event.as_json()
    assert refused(lambda: given_task(uuid4())) == ["not-on-the-roll"]
    assert refused(lambda: given_task(due_on=MARCH - timedelta(days=1))) == ["day-too-early"]
    assert refused(lambda: given_task(at=record(MARCH, approved_on=MARCH))) == ["record-closed"]
    assert refused(lambda: given_task(at=record(MARCH, status=MeetingStatus.ANNOUNCED))) == ["not-held"]


def test_done_by_the_last_day_is_in_time_and_a_day_later_is_late():
    for done_on, result in ((DUE, TaskResult.DONE_IN_TIME), (DUE + timedelta(days=1), TaskResult.DONE_LATE)):
        reported = decide_report(given_task().state, done_on, today=TODAY)
        assert (reported.state.status, reported.state.result) == (TaskStatus.REPORTED, None)
        found = decide_evaluation(reported.state, record(APRIL), Evaluate(done=True))
        assert (found.state.status, found.event.result, found.state.done_on) == (
            TaskStatus.CLOSED,
            result,
            done_on,
        )


def test_what_was_carried_on_is_late_even_if_it_is_done_by_the_new_day():
    task = given_task().state
    carried = decide_evaluation(task, record(APRIL), Evaluate(done=False, carried_on_to=date(2026, 4, 25)))
    assert (carried.event.result, carried.state.status) == (TaskResult.NOT_DONE, TaskStatus.OPEN)
    assert (carried.state.due_on, carried.state.first_due_on) == (date(2026, 4, 25), DUE)
    done = decide_evaluation(carried.state, record(MAY), Evaluate(done=True, done_on=date(2026, 4, 20)))
    assert (done.event.result, done.state.status) == (TaskResult.DONE_LATE, TaskStatus.CLOSED)


def test_a_report_that_the_cell_does_not_believe_is_not_done():
    reported = decide_report(given_task().state, DUE, today=TODAY).state
    found = decide_evaluation(reported, record(APRIL), Evaluate(done=False)).state
    assert (found.result, found.done_on) == (TaskResult.NOT_DONE, None)


def test_evaluations_that_cannot_be_are_refused():
    at = record(MARCH)
    task = given_task(at=at).state

    def found(command, at_=None, task_=task):
        return refused(lambda: decide_evaluation(task_, at_ or record(APRIL), command))

    assert found(Evaluate(done=False), at) == ["evaluated-too-early"]
    assert found(Evaluate(done=False), record(date(2026, 2, 3))) == ["evaluated-too-early"]
    assert found(Evaluate(done=False), record(APRIL, cell=uuid4())) == ["task-of-another-cell"]
    assert found(Evaluate(done=False), record(APRIL, approved_on=APRIL)) == ["record-closed"]
    assert found(Evaluate(done=True)) == ["done-day-missing"]
    assert found(Evaluate(done=True, done_on=date(2026, 4, 4))) == ["done-after"]
    assert found(Evaluate(done=True, done_on=date(2026, 3, 2))) == ["day-too-early"]
    assert found(Evaluate(done=True, done_on=DUE, carried_on_to=MAY)) == ["done-and-not-done"]
    assert found(Evaluate(done=False, done_on=DUE)) == ["done-and-not-done"]
    assert found(Evaluate(done=False, carried_on_to=APRIL)) == ["carried-on-into-the-past"]
    once = record(APRIL)
    carried = decide_evaluation(task, once, Evaluate(done=False, carried_on_to=MAY)).state
    assert found(Evaluate(done=False), once, carried) == ["evaluated-already"]
    closed = decide_evaluation(task, once, Evaluate(done=False)).state
    assert found(Evaluate(done=False), record(MAY), closed) == ["task-closed"]
    assert refused(lambda: decide_report(closed, DUE, today=TODAY)) == ["task-closed"]
    assert refused(lambda: decide_report(task, TODAY + timedelta(days=1), today=TODAY)) == ["done-after"]


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(days, days, days)
def test_who_is_later_never_comes_out_better(first_due_on, done_on, later):
    order = [TaskResult.DONE_IN_TIME, TaskResult.DONE_LATE]
    early, late = sorted((done_on, later))
    assert order.index(result_of(first_due_on, early)) <= order.index(result_of(first_due_on, late))


class Rules(RuleBasedStateMachine):
    """A task whose steps come in any order, while the cell goes on meeting."""

    @initialize()
    def begin(self):
        self.at = record(MARCH)
        self.task = given_task(at=self.at).state
        self.events = 1
        self.sides = [decide_assignment]

    def go(self, may, decide):
        was = self.task
        if not may:
            assert set(refused(decide)) <= {"task-closed", "evaluated-too-early", "evaluated-already"}
            assert self.task == was
            return
        decided = decide()
        assert (decided.event.before, decided.event.after) == (was.state, decided.state.state)
        self.task, self.events = decided.state, self.events + 1

    @property
    def is_closed(self):
        return self.task.status is TaskStatus.CLOSED

    @rule(days_=st.integers(1, 40))
    def meet(self, days_):
        self.at = record(self.at.day + timedelta(days=days_))

    @rule(days_=st.integers(0, 60))
    def report(self, days_):
        done_on = MARCH + timedelta(days=days_)
        self.go(not self.is_closed, lambda: decide_report(self.task, done_on, today=done_on))

    @rule(on=st.one_of(st.none(), st.integers(1, 60)))
    def find_undone(self, on):
        command = Evaluate(done=False, carried_on_to=on and self.at.day + timedelta(days=on))
        self.go(self.may_be_evaluated, lambda: decide_evaluation(self.task, self.at, command))

    @rule()
    def find_done(self):
        command = Evaluate(done=True, done_on=self.at.day)
        self.go(self.may_be_evaluated, lambda: decide_evaluation(self.task, self.at, command))

    @property
    def may_be_evaluated(self):
        here = self.at.meeting.id
        return not self.is_closed and here not in {self.task.meeting_id, self.task.evaluated_by}

    @invariant()
    def it_hangs_together(self):
        if not hasattr(self, "task"):
            return
        task = self.task
        assert task.version == self.events
        assert task.first_due_on == DUE
        assert task.due_on >= DUE or task.evaluated_by
        if task.status is TaskStatus.CLOSED:
            assert task.result is result_of(DUE, task.done_on)
        assert (task.status is TaskStatus.REPORTED) <= (task.done_on is not None)


TestLife = Rules.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_a_task_evaluated_on_the_day_it_was_given_by_another_meeting_is_possible():
    """Two meetings may be on one day: an extraordinary one after the regular."""
    task = given_task().state
    assert decide_evaluation(task, record(MARCH), Evaluate(done=True, done_on=MARCH)).state.result
    assert replace(task, version=2) != task
