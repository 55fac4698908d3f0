"""Internal events of what turns out otherwise after minutes were approved: corrections, and attendance in doubt.

A page of a book is never altered: a correction is a page of its own that names those it corrects. Events carry what
can be counted, before and after; words stay in the book.
"""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.meetings import AttendanceFigures, Attender, MeetingPlan, Roll
from contracts.resolutions import Ballot, Proceedings, TaskState


class CorrectedField(StrEnum):
    """What of minutes a correction is about."""

    BEGAN_AT = "began_at"
    MINUTES = "minutes"
    """How long the meeting took."""
    PLACE = "place"
    ROLL = "roll"
    CHAIR = "chair_id"
    RECORDER = "recorder_id"
    GUESTS = "guests"
    OPINIONS = "opinions"
    CONCLUSIONS = "conclusions"
    ABSENCES = "absences"
    DIRECTIONS = "directions"
    RESOLUTIONS = "resolutions"
    TASKS = "tasks"


class CountedBallot(Value):
    """How one resolution was voted on."""

    resolution_id: Annotated[UUID, PUBLIC]
    ballot: Annotated[Ballot, PUBLIC]


class RecordSide(Value):
    """What can be counted of a record, before or after a correction."""

    plan: Annotated[MeetingPlan, PUBLIC]
    """Whose meeting it was, of which month, and when it began."""
    minutes: Annotated[int, PUBLIC]
    """How long it took."""
    attendance: Annotated[AttendanceFigures, PUBLIC]
    attenders: Annotated[tuple[Attender, ...], PSEUDONYMOUS]
    """Those of the roll who are otherwise on the other side, or not on it."""
    proceedings: Annotated[Proceedings, PSEUDONYMOUS]
    ballots: Annotated[tuple[CountedBallot, ...], PUBLIC]
    """Those that are otherwise on the other side; which are carried a correction never changes."""


class MinutesCorrected(Event):
    """Approved minutes were put right: a further page of the book says what, and why.

    It is true from the day of the meeting on; `decision_date` is the day on which it was approved.
    """

    TYPE: ClassVar[str] = "vn.chibo.meetings.minutes-corrected.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    series: Annotated[str, PUBLIC]
    """Within what corrections are numbered, as minutes are: a term of the cell, or a year."""
    number: Annotated[int, PUBLIC]
    """From 1 in its series, without gaps."""
    page: Annotated[int, PUBLIC]
    """The place of the correction in the book."""
    hash: Annotated[str, PUBLIC]
    """SHA-256 of that page and of all before it, in hexadecimal digits."""
    corrects: Annotated[tuple[int, ...], PUBLIC]
    """The pages that it puts right."""
    fields: Annotated[tuple[CorrectedField, ...], PUBLIC]
    before: Annotated[RecordSide, PSEUDONYMOUS]
    after: Annotated[RecordSide, PSEUDONYMOUS]


class TaskCorrected(Event):
    """A task was written down otherwise in minutes than the meeting gave it, and these were put right."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.task-corrected.v1"
    AGGREGATE: ClassVar[str] = "task"
    KEY: ClassVar[str] = "task_id"

    task_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    meeting_id: Annotated[UUID, PUBLIC]
    """The meeting whose minutes were corrected."""
    before: Annotated[TaskState, PSEUDONYMOUS]
    """The same as `after` where only words were put right."""
    after: Annotated[TaskState, PSEUDONYMOUS]


class RollDifference(StrEnum):
    """How somebody on the roll of a meeting is otherwise by what is known now."""

    NOT_ON_THE_LIST = "not_on_the_list"
    """Was not to come: had left, moved, or stayed elsewhere by then."""
    MISSING = "missing"
    """Was to come, and is not on the roll."""
    OTHER_ROLL = "other_roll"
    """Was official, on probation or visiting, otherwise than the roll has it."""
    OTHER_EXEMPTION = "other_exemption"


class AttendanceFlag(Value):
    """Somebody of whom the roll and the list of its day, as known now, differ."""

    member_id: Annotated[UUID, PSEUDONYMOUS]
    difference: Annotated[RollDifference, PSEUDONYMOUS]
    roll: Annotated[Roll | None, PSEUDONYMOUS] = None
    """As what they are on the list now; None where they are not."""


class AttendanceFlagged(Event):
    """What membership told late makes the roll of a meeting doubtful, or no longer does; roll and book stay.

    It takes effect on the day of the meeting.
    """

    TYPE: ClassVar[str] = "vn.chibo.meetings.attendance-flagged.v1"
    AGGREGATE: ClassVar[str] = "attendance_check"
    KEY: ClassVar[str] = "attendance_check_id"

    attendance_check_id: Annotated[UUID, PUBLIC]
    """Derived from the meeting's id."""
    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    before: Annotated[tuple[AttendanceFlag, ...], PSEUDONYMOUS] = ()
    after: Annotated[tuple[AttendanceFlag, ...], PSEUDONYMOUS] = ()
    """All that differ now; empty where roll and list agree again."""


EVENTS: tuple[type[Event], ...] = (MinutesCorrected, TaskCorrected, AttendanceFlagged)
