"""Meetings that are past, as a book's summary has them: decided from a row and what is recorded already. Pure.

A meeting begins with its plan here as everywhere, so that whoever follows the events need not know where it came
from. What is recorded is never altered by a file: a row that says otherwise is refused. Only one that was put off may
turn out to have been held.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from contracts.meetings import (
    AttendanceFigures,
    BookFigures,
    InterruptionReason,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MeetingPlan,
    MeetingPlanned,
    MeetingPostponed,
    MeetingRescheduled,
    MeetingStatus,
)
from contracts.membership import DocumentRef
from services.meetings.calendar import Month, local_day
from services.meetings.domain import Decided, Meeting
from services.meetings.faults import Fault, FaultsFound

LONGEST_MINUTES: Final = 24 * 60
"""Longer than a day is a slip of the pen [C], as in the domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a summary says of a meeting that took place."""

    minutes: int
    attendance: AttendanceFigures
    book: BookFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHeld:
    """Why a meeting was put off, or called off, and by which document."""

    cancelled: bool
    reason: InterruptionReason
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMeeting:
    """A meeting of a cell that is past; `at` is when it began or was to begin, None where nobody noted it."""

    cell_id: UUID
    kind: MeetingKind
    month: Month
    at: datetime | None
    theme: str | None
    outcome: Held | NotHeld

    @property
    def day(self) -> date:
        """The day that it is told for: its own, else the first of its month."""
        return local_day(self.at) if self.at else self.month.first

    @property
    def status(self) -> MeetingStatus:
        """What became of it."""
        if isinstance(self.outcome, Held):
            return MeetingStatus.HELD
        return MeetingStatus.CANCELLED if self.outcome.cancelled else MeetingStatus.POSTPONED


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A meeting as it is recorded, with what a book counted of it if it was taken from one."""

    meeting: Meeting
    book: BookFigures | None


def decide_past(asked: PastMeeting, *, known: Recorded | None, new_id: UUID, now: datetime) -> list[Decided]:
    """Return what is recorded of a past meeting: nothing where it is `known` with all that is asked.

    Raises FaultsFound where the row cannot be so, or says otherwise than what is recorded.
    """
    if faults := list(_faults(asked, now)):
        raise FaultsFound(faults)
    if known is None:
        planned = _planned(asked, new_id)
        return [planned, _ended(planned.state, asked)]
    if known.meeting.status is MeetingStatus.POSTPONED and isinstance(asked.outcome, Held):
        anew = _set_anew(known.meeting, asked)
        return [anew, _ended(anew.state, asked)]
    if found := list(_differences(known, asked)):
        raise FaultsFound(found)
    return []


def _faults(asked: PastMeeting, now: datetime) -> Iterator[Fault]:
    if asked.kind is MeetingKind.THEMATIC and not asked.theme:
        yield Fault("theme-missing", "theme")
    if asked.month.first > local_day(now):
        yield Fault("month-to-come", "month", {"month": str_of(asked.month)})
    if not isinstance(asked.outcome, Held):
        return
    outcome, came = asked.outcome, asked.outcome.attendance
    if asked.at is None:
        yield Fault("value-missing", "held_at")
    elif asked.at + timedelta(minutes=outcome.minutes) > now:
        yield Fault("in-the-future", "held_at")
    if not 0 < outcome.minutes <= LONGEST_MINUTES:
        yield Fault("minutes-impossible", "minutes", {"most": LONGEST_MINUTES})
    parts = came.present + came.excused + came.unexcused
    if parts != came.counted:
        yield Fault("attendance-does-not-add-up", "counted", {"counted": came.counted, "parts": parts})
    if outcome.book.tasks_on_time > outcome.book.tasks:
        facts = {"tasks": outcome.book.tasks, "on_time": outcome.book.tasks_on_time}
        yield Fault("more-on-time-than-tasks", "tasks_on_time", facts)


def str_of(month: Month) -> str:
    """Return a month as people write it: 04/2020."""
    return f"{month.month:02}/{month.year:04}"


def _planned(asked: PastMeeting, new_id: UUID) -> Decided:
    plan = MeetingPlan(
        cell_id=asked.cell_id,
        kind=asked.kind,
        month=asked.month.first,
        starts_at=asked.at,
        thematic=asked.theme is not None,
    )
    state = Meeting(id=new_id, plan=plan, place="", theme=asked.theme)
    return Decided(state, MeetingPlanned(effective_date=asked.day, meeting_id=new_id, after=plan))


def _set_anew(meeting: Meeting, asked: PastMeeting) -> Decided:
    theme = asked.theme or meeting.theme
    plan = meeting.plan.model_copy(update={"starts_at": asked.at, "thematic": theme is not None})
    state = replace(
        meeting, plan=plan, theme=theme, status=MeetingStatus.PLANNED, version=meeting.version + 1
    )
    event = MeetingRescheduled(
        effective_date=asked.day, meeting_id=meeting.id, before=meeting.plan, after=plan
    )
    return Decided(state, event)


def _ended(meeting: Meeting, asked: PastMeeting) -> Decided:
    outcome, day = asked.outcome, asked.day
    state = replace(meeting, status=asked.status, version=meeting.version + 1)
    if isinstance(outcome, Held):
        held = MeetingHeld(
            effective_date=day,
            meeting_id=meeting.id,
            plan=meeting.plan,
            minutes=outcome.minutes,
            attendance=outcome.attendance,
            attenders=(),
            book=outcome.book,
        )
        return Decided(replace(state, attendance=outcome.attendance, minutes=outcome.minutes), held)
    decided_on = outcome.document.date if outcome.document else None
    if outcome.cancelled:
        called_off = MeetingCancelled(
            effective_date=day,
            decision_date=decided_on,
            meeting_id=meeting.id,
            before=meeting.plan,
            reason=outcome.reason,
            document=outcome.document,
        )
        return Decided(state, called_off)
    after = meeting.plan.model_copy(update={"starts_at": None})
    put_off = MeetingPostponed(
        effective_date=day,
        decision_date=decided_on,
        meeting_id=meeting.id,
        before=meeting.plan,
        after=after,
        reason=outcome.reason,
        document=outcome.document,
    )
    return Decided(replace(state, plan=after, postponed_from=day), put_off)


def _differences(known: Recorded, asked: PastMeeting) -> Iterator[Fault]:
    """Yield where a row says otherwise than what is recorded; why a meeting was put off is not compared."""
    meeting, outcome = known.meeting, asked.outcome
    if meeting.status is not asked.status:
        yield Fault("recorded-otherwise", "status")
    if meeting.theme != asked.theme:
        yield Fault("recorded-otherwise", "theme")
    if meeting.plan.starts_at is not None and asked.at is not None and meeting.plan.starts_at != asked.at:
        yield Fault("recorded-otherwise", "held_at")
    if not isinstance(outcome, Held) or meeting.status is not MeetingStatus.HELD:
        return
    if meeting.minutes != outcome.minutes:
        yield Fault("recorded-otherwise", "minutes")
    if meeting.attendance != outcome.attendance:
        yield Fault("recorded-otherwise", "counted")
    if known.book != outcome.book:
        yield Fault("recorded-otherwise", "opinions")
