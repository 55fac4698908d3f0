"""The life of a task: given by a meeting, reported done, evaluated by a later meeting. Pure.

    open -> reported -> closed
      ^--------+-------'  one that is not done may be carried on to another day, and is open again

A task is in time if it was done by the day that it was first given: carrying it on makes nothing in time [C].
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.resolutions import (
    TaskAssigned,
    TaskEvaluated,
    TaskEvent,
    TaskReported,
    TaskResult,
    TaskState,
    TaskStatus,
)
from services.meetings.faults import Fault, FaultsFound
from services.meetings.resolutions.domain import Record, check_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a meeting gave a member to do; `version` counts its events."""

    id: UUID
    cell_id: UUID
    meeting_id: UUID
    member_id: UUID
    content: str
    assigned_on: date
    first_due_on: date
    due_on: date
    status: TaskStatus = TaskStatus.OPEN
    done_on: date | None = None
    result: TaskResult | None = None
    """What the cell found last; stays while a task is carried on."""
    evaluated_by: UUID | None = None
    """The meeting that evaluated it last."""
    version: int = 1

    @property
    def state(self) -> TaskState:
        """The task as events carry it."""
        return TaskState(
            member_id=self.member_id,
            status=self.status,
            first_due_on=self.first_due_on,
            due_on=self.due_on,
            done_on=self.done_on,
            result=self.result,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate:
    """What a cell finds of a task. `done_on` may be left out where it was reported; `carried_on_to`: a new day."""

    done: bool
    done_on: date | None = None
    carried_on_to: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """An event that now happened to a task, and the task it leaves behind."""

    state: Task
    event: TaskEvent


def decide_assignment(
    record: Record, *, member_id: UUID, content: str, due_on: date, new_id: UUID
) -> Decided:
    """Return a task that a meeting gives to somebody on its roll, present or not."""
    check_open(record)
    faults = []
    if member_id not in {one.member_id for one in record.roll}:
        faults.append(Fault("not-on-the-roll", "member_id"))
    if due_on < record.day:
        faults.append(Fault("day-too-early", "due_on", {"since": f"{record.day:%d/%m/%Y}"}))
    if faults:
        raise FaultsFound(faults)
    task = Task(
        id=new_id,
        cell_id=record.meeting.plan.cell_id,
        meeting_id=record.meeting.id,
        member_id=member_id,
        content=content,
        assigned_on=record.day,
        first_due_on=due_on,
        due_on=due_on,
    )
    event = TaskAssigned(
        effective_date=record.day,
        task_id=new_id,
        cell_id=task.cell_id,
        meeting_id=task.meeting_id,
        after=task.state,
    )
    return Decided(task, event)


def decide_report(task: Task, done_on: date, *, today: date) -> Decided:
    """Return a task that is said to be done on a day; said again, the last word counts until it is evaluated."""
    _check_not_closed(task)
    if faults := list(_faults_of_done(task, done_on, latest=today)):
        raise FaultsFound(faults)
    state = replace(task, status=TaskStatus.REPORTED, done_on=done_on, version=task.version + 1)
    event = TaskReported(
        effective_date=done_on,
        task_id=task.id,
        cell_id=task.cell_id,
        before=task.state,
        after=state.state,
    )
    return Decided(state, event)


def decide_evaluation(task: Task, record: Record, command: Evaluate) -> Decided:
    """Return a task as a later meeting of its cell found it: in time, late, or not done."""
    check_open(record)
    _check_not_closed(task)
    if task.evaluated_by == record.meeting.id:
        raise FaultsFound([Fault("evaluated-already")])
    if faults := list(_faults_of_evaluation(task, record, command)):
        raise FaultsFound(faults)
    done_on = (command.done_on or task.done_on) if command.done else None
    result = result_of(task.first_due_on, done_on)
    carried_on_to = command.carried_on_to
    state = replace(
        task,
        status=TaskStatus.OPEN if carried_on_to else TaskStatus.CLOSED,
        due_on=carried_on_to or task.due_on,
        done_on=done_on,
        result=result,
        evaluated_by=record.meeting.id,
        version=task.version + 1,
    )
    event = TaskEvaluated(
        effective_date=record.day,
        task_id=task.id,
        cell_id=task.cell_id,
        meeting_id=record.meeting.id,
        result=result,
        before=task.state,
        after=state.state,
    )
    return Decided(state, event)


def result_of(first_due_on: date, done_on: date | None) -> TaskResult:
    """Return how a task came out that was first given until a day, and done on another or not at all."""
    if done_on is None:
        return TaskResult.NOT_DONE
    return TaskResult.DONE_IN_TIME if done_on <= first_due_on else TaskResult.DONE_LATE


def _check_not_closed(task: Task) -> None:
    if task.status is TaskStatus.CLOSED:
        raise FaultsFound([Fault("task-closed")])


def _faults_of_evaluation(task: Task, record: Record, command: Evaluate) -> Iterator[Fault]:
    if record.meeting.plan.cell_id != task.cell_id:
        yield Fault("task-of-another-cell", "meeting_id")
    elif record.meeting.id == task.meeting_id or record.day < task.assigned_on:
        yield Fault("evaluated-too-early", "meeting_id", {"day": f"{task.assigned_on:%d/%m/%Y}"})
    if not command.done:
        if command.done_on:
            yield Fault("done-and-not-done", "done_on")
        if command.carried_on_to and command.carried_on_to <= record.day:
            yield Fault("carried-on-into-the-past", "carried_on_to", {"day": f"{record.day:%d/%m/%Y}"})
        return
    if command.carried_on_to:
        yield Fault("done-and-not-done", "carried_on_to")
    done_on = command.done_on or task.done_on
    if done_on is None:
        yield Fault("done-day-missing", "done_on")
    else:
        yield from _faults_of_done(task, done_on, latest=record.day)


def _faults_of_done(task: Task, done_on: date, *, latest: date) -> Iterator[Fault]:
    if done_on < task.assigned_on:
        yield Fault("day-too-early", "done_on", {"since": f"{task.assigned_on:%d/%m/%Y}"})
    if done_on > latest:
        yield Fault("done-after", "done_on", {"latest": f"{latest:%d/%m/%Y}"})
