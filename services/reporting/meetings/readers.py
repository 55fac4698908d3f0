"""Tolerant readers of the meetings service's events: only what is counted, as in membership_facts.py."""

from datetime import date, datetime
from typing import Final, Literal

import msgspec

from contracts import cell_months, corrections, interruptions, meeting_plans, meetings, resolutions

Kind = Literal["regular", "thematic", "extraordinary"]


class Plan(msgspec.Struct, gc=False):
    """Of `contracts.meetings.MeetingPlan`."""

    cell_id: str
    kind: Kind
    month: date
    starts_at: datetime | None
    thematic: bool


class Attendance(msgspec.Struct, gc=False):
    """Of `contracts.meetings.AttendanceFigures`."""

    counted: int
    present: int
    excused: int
    unexcused: int


class Book(msgspec.Struct, gc=False):
    """Of `contracts.meetings.BookFigures`."""

    opinions: int
    tasks: int
    tasks_on_time: int


class Planned(msgspec.Struct, gc=False):
    """Of `contracts.meetings.MeetingPlanned` and MeetingRescheduled."""

    meeting_id: str
    after: Plan


class Postponed(msgspec.Struct, gc=False):
    """Of `contracts.meetings.MeetingPostponed`."""

    meeting_id: str
    effective_date: date
    before: Plan
    after: Plan
    interruption_id: str | None = None


class Cancelled(msgspec.Struct, gc=False):
    """Of `contracts.meetings.MeetingCancelled`."""

    meeting_id: str
    before: Plan


class Held(msgspec.Struct, gc=False):
    """Of `contracts.meetings.MeetingHeld`."""

    meeting_id: str
    plan: Plan
    minutes: int
    attendance: Attendance
    book: Book | None = None


class Scored(msgspec.Struct, gc=False):
    """Of `contracts.meetings.MeetingScored`."""

    meeting_id: str
    kind: Literal["self", "official"]
    total: float
    grade: str


class Said(msgspec.Struct, gc=False):
    """Of `contracts.resolutions.Proceedings`."""

    opinions: int


class Proceedings(msgspec.Struct, gc=False):
    """Of `contracts.resolutions.ProceedingsRecorded`."""

    meeting_id: str
    after: Said


class RecordSide(msgspec.Struct, gc=False):
    """Of `contracts.corrections.RecordSide`."""

    plan: Plan
    minutes: int
    attendance: Attendance
    proceedings: Said


class Corrected(msgspec.Struct, gc=False):
    """Of `contracts.corrections.MinutesCorrected`."""

    meeting_id: str
    after: RecordSide


class OfMeeting(msgspec.Struct, gc=False):
    """Of `contracts.resolutions.ResolutionAdopted`, ResolutionRejected and MinutesApproved."""

    meeting_id: str


class ReportedUp(msgspec.Struct, gc=False):
    """Of `contracts.resolutions.MeetingReportedUp`."""

    meeting_id: str
    effective_date: date
    due_on: date


class TaskState(msgspec.Struct, gc=False):
    """Of `contracts.resolutions.TaskState`."""

    status: Literal["open", "reported", "closed"]
    first_due_on: date
    due_on: date
    done_on: date | None = None
    result: Literal["done_in_time", "done_late", "not_done"] | None = None


class Task(msgspec.Struct, gc=False):
    """Of `contracts.resolutions.TaskAssigned`, TaskReported and TaskEvaluated, and of TaskCorrected."""

    task_id: str
    cell_id: str
    after: TaskState


class Terms(msgspec.Struct, gc=False):
    """Of `contracts.interruptions.InterruptionTerms`."""

    unit_ids: list[str]
    from_on: date
    until_on: date | None = None


class Interruption(msgspec.Struct, gc=False):
    """Of `contracts.interruptions.InterruptionOrdered` and InterruptionRevised."""

    interruption_id: str
    after: Terms


class Withdrawn(msgspec.Struct, gc=False):
    """Of `contracts.interruptions.InterruptionWithdrawn`."""

    interruption_id: str
    before: Terms


class Watch(msgspec.Struct, gc=False):
    """Of `contracts.meeting_plans.MonthlyWatchSet`."""

    monthly_watch_id: str
    after: date


class OfMonth(msgspec.Struct, gc=False):
    """Of `contracts.cell_months.MonthMissed` and MonthMadeGood."""

    cell_month_id: str
    cell_id: str
    month: date


READERS: Final[dict[str, type[msgspec.Struct]]] = {
    meetings.MeetingPlanned.TYPE: Planned,
    meetings.MeetingRescheduled.TYPE: Planned,
    meetings.MeetingPostponed.TYPE: Postponed,
    meetings.MeetingCancelled.TYPE: Cancelled,
    meetings.MeetingHeld.TYPE: Held,
    meetings.MeetingScored.TYPE: Scored,
    resolutions.ProceedingsRecorded.TYPE: Proceedings,
    resolutions.ResolutionAdopted.TYPE: OfMeeting,
    resolutions.ResolutionRejected.TYPE: OfMeeting,
    resolutions.MinutesApproved.TYPE: OfMeeting,
    resolutions.MeetingReportedUp.TYPE: ReportedUp,
    resolutions.TaskAssigned.TYPE: Task,
    resolutions.TaskReported.TYPE: Task,
    resolutions.TaskEvaluated.TYPE: Task,
    corrections.MinutesCorrected.TYPE: Corrected,
    corrections.TaskCorrected.TYPE: Task,
    interruptions.InterruptionOrdered.TYPE: Interruption,
    interruptions.InterruptionRevised.TYPE: Interruption,
    interruptions.InterruptionWithdrawn.TYPE: Withdrawn,
    meeting_plans.MonthlyWatchSet.TYPE: Watch,
    cell_months.MonthMissed.TYPE: OfMonth,
    cell_months.MonthMadeGood.TYPE: OfMonth,
}
"""Which struct reads which event."""
