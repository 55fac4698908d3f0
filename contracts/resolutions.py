"""Internal events of what a cell records of a meeting held: proceedings, resolutions, tasks, minutes approved.

Words that people said or wrote stay in the service's book; events carry counts, numbers, days, opaque ids and hashes.
Proceedings, resolutions and minutes happen to the meeting and are counted in its version; a task outlives its meeting
and is an aggregate of its own.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value


class Majority(StrEnum):
    """How much of the base a decision needs (DOMAIN: after)."""

    MORE_THAN_HALF = "more_than_half"
    """Of an ordinary resolution."""
    TWO_THIRDS = "two_thirds"
    """Of an admission."""


class TaskStatus(StrEnum):
    """How far a task is."""

    OPEN = "open"
    REPORTED = "reported"
    """Said to be done; the cell has not evaluated it yet."""
    CLOSED = "closed"
    """Evaluated by the cell, and not carried on."""


class TaskResult(StrEnum):
    """What a cell found of a task."""

    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    NOT_DONE = "not_done"


class DocumentKind(StrEnum):
    """What is numbered, and has a page in a cell's book."""

    MINUTES = "minutes"
    """Biên bản."""
    RESOLUTION = "resolution"
    """Nghị quyết."""


class Proceedings(Value):
    """Who led a meeting and wrote it down, and how much was said."""

    chair_id: Annotated[UUID, PSEUDONYMOUS]
    recorder_id: Annotated[UUID, PSEUDONYMOUS]
    opinions: Annotated[int, PUBLIC]
    speakers: Annotated[int, PUBLIC]
    """How many of the members on the roll gave one."""
    directions: Annotated[int, PUBLIC]
    """How many directions for the next month there are."""


class ProceedingsRecorded(Event):
    """What went on in a meeting held was written down, for the first time or anew before its minutes are approved."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.proceedings-recorded.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    before: Annotated[Proceedings | None, PSEUDONYMOUS] = None
    after: Annotated[Proceedings, PSEUDONYMOUS]


class Ballot(Value):
    """How a resolution was voted on."""

    majority: Annotated[Majority, PUBLIC]
    in_favour: Annotated[int, PUBLIC]
    against: Annotated[int, PUBLIC]
    abstained: Annotated[int, PUBLIC]
    voters: Annotated[int, PUBLIC]
    """Official members who were there."""
    base: Annotated[int, PUBLIC]
    """Official members summoned, of whom the majority is counted."""


class ResolutionAdopted(Event):
    """A resolution was carried by the cell, and has a number."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.resolution-adopted.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    resolution_id: Annotated[UUID, PUBLIC]
    series: Annotated[str, PUBLIC]
    """Within what it is numbered: the cell's term, such as `2020–2025`, or a year where no term is known."""
    number: Annotated[int, PUBLIC]
    """From 1 in its series, without gaps."""
    ballot: Annotated[Ballot, PUBLIC]


class ResolutionRejected(Event):
    """A resolution was put to the vote and not carried: it has no number."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.resolution-rejected.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    resolution_id: Annotated[UUID, PUBLIC]
    ballot: Annotated[Ballot, PUBLIC]


class Page(Value):
    """A page that was added to the book of a cell."""

    page: Annotated[int, PUBLIC]
    """Its place in the book, from 1."""
    kind: Annotated[DocumentKind, PUBLIC]
    number: Annotated[int, PUBLIC]
    hash: Annotated[str, PUBLIC]
    """SHA-256 of the page and of all before it, in hexadecimal digits."""


class MinutesApproved(Event):
    """Chair and recorder approved the minutes of a meeting: its record is closed, and is in the cell's book."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.minutes-approved.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    series: Annotated[str, PUBLIC]
    number: Annotated[int, PUBLIC]
    pages: Annotated[tuple[Page, ...], PUBLIC]
    """What the book has from then on: the resolutions of the meeting, then its minutes."""


class MeetingReportedUp(Event):
    """Minutes and resolutions of a meeting were sent to the committee above."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-reported-up.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    due_on: Annotated[date, PUBLIC]
    """The last day on which they are in time, by the guidance of the meeting's day."""


class TaskState(Value):
    """A task as it is from an event on."""

    member_id: Annotated[UUID, PSEUDONYMOUS]
    """Whose task it is."""
    status: Annotated[TaskStatus, PSEUDONYMOUS]
    first_due_on: Annotated[date, PSEUDONYMOUS]
    """The last day that it was first given; what is done by then is in time."""
    due_on: Annotated[date, PSEUDONYMOUS]
    """The same after it was carried on."""
    done_on: Annotated[date | None, PSEUDONYMOUS] = None
    result: Annotated[TaskResult | None, PSEUDONYMOUS] = None
    """None until the cell evaluated it."""


class TaskAssigned(Event):
    """A meeting gave a member something to do."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.task-assigned.v1"
    AGGREGATE: ClassVar[str] = "task"
    KEY: ClassVar[str] = "task_id"

    task_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    meeting_id: Annotated[UUID, PUBLIC]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[TaskState, PSEUDONYMOUS]


class TaskReported(Event):
    """A task was reported to be done."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.task-reported.v1"
    AGGREGATE: ClassVar[str] = "task"
    KEY: ClassVar[str] = "task_id"

    task_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    before: Annotated[TaskState, PSEUDONYMOUS]
    after: Annotated[TaskState, PSEUDONYMOUS]


class TaskEvaluated(Event):
    """A later meeting of the cell evaluated a task; one that is not done may be carried on to another day."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.task-evaluated.v1"
    AGGREGATE: ClassVar[str] = "task"
    KEY: ClassVar[str] = "task_id"

    task_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    meeting_id: Annotated[UUID, PUBLIC]
    """Which meeting evaluated it."""
    result: Annotated[TaskResult, PSEUDONYMOUS]
    before: Annotated[TaskState, PSEUDONYMOUS]
    after: Annotated[TaskState, PSEUDONYMOUS]


TaskEvent = TaskAssigned | TaskReported | TaskEvaluated
RecordEvent = (
    ProceedingsRecorded | ResolutionAdopted | ResolutionRejected | MinutesApproved | MeetingReportedUp
)

EVENTS: tuple[type[Event], ...] = (
    ProceedingsRecorded,
    ResolutionAdopted,
    ResolutionRejected,
    MinutesApproved,
    MeetingReportedUp,
    TaskAssigned,
    TaskReported,
    TaskEvaluated,
)
