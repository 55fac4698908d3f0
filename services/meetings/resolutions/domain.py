"""What is recorded of a meeting held, until its minutes are approved: pure functions from a record to an event.

    held -> proceedings written down, resolutions voted on, tasks given and evaluated, in any order and number
         -> minutes approved: the record is closed and in the book -> reported up

Only of a meeting held: its roll says who was there to chair, speak and vote, and there is no roll before.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from contracts.corrections import MinutesCorrected
from contracts.meetings import Attender, MeetingStatus, Presence
from contracts.resolutions import (
    Ballot,
    Majority,
    MeetingReportedUp,
    MinutesApproved,
    Page,
    Proceedings,
    ProceedingsRecorded,
    RecordEvent,
    ResolutionAdopted,
    ResolutionRejected,
)
from rules.guidance import Guidance
from services.meetings.attendance import Vote, base, carries, voters
from services.meetings.calendar import local_day
from services.meetings.domain import Meeting
from services.meetings.faults import Fault, FaultsFound
from services.meetings.resolutions.numbering import Series

_ABSENT: Final = frozenset({Presence.EXCUSED, Presence.UNEXCUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A meeting with its roll, and how far what is recorded of it is."""

    meeting: Meeting
    roll: tuple[Attender, ...]
    proceedings: Proceedings | None = None
    approved_on: date | None = None
    """When its minutes were approved; from then on nothing is added."""
    reported_on: date | None = None
    """When they were sent to the committee above."""

    @property
    def day(self) -> date:
        """The day on which it was held, in Asia/Ho_Chi_Minh."""
        if self.meeting.plan.starts_at is None:
            raise AssertionError("a meeting held has a time")
        return local_day(self.meeting.plan.starts_at)

    @property
    def present(self) -> frozenset[UUID]:
        """Who on the roll was there."""
        return frozenset(one.member_id for one in self.roll if one.presence is Presence.PRESENT)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody said; `speaker_id` is None for a guest."""

    speaker_id: UUID | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDown:
    """What went on: who led and who wrote, what was said and concluded, why somebody was away, what comes next."""

    chair_id: UUID
    recorder_id: UUID
    guests: tuple[str, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    conclusions: tuple[tuple[int, str], ...] = ()
    """By the number of the agenda's point, from 1."""
    absences: tuple[tuple[UUID, str], ...] = ()
    """Why a member was away."""
    directions: tuple[str, ...] = ()
    """For the next month."""

    @property
    def counted(self) -> Proceedings:
        """What can be counted of it."""
        return Proceedings(
            chair_id=self.chair_id,
            recorder_id=self.recorder_id,
            opinions=len(self.opinions),
            speakers=len({one.speaker_id for one in self.opinions if one.speaker_id}),
            directions=len(self.directions),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Chair and recorder approved the minutes as they are written down."""

    approved_on: date
    approved_by: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Decided:
    """An event that now happened to a meeting, the version it leaves, and what is unusual about it."""

    event: RecordEvent | MinutesCorrected
    version: int
    warnings: tuple[Fault, ...] = ()


def check_open(record: Record) -> None:
    """Refuse whatever would add to the record of a meeting that is not held, or whose minutes are approved."""
    if record.meeting.status is not MeetingStatus.HELD:
        raise FaultsFound([Fault("not-held")])
    if record.approved_on is not None:
        raise FaultsFound([Fault("record-closed", None, {"day": _shown(record.approved_on)})])


def decide_proceedings(record: Record, command: WriteDown) -> Decided:
    """Return that proceedings were written down, in place of those before."""
    check_open(record)
    if faults := list(faults_of_proceedings(record, command)):
        raise FaultsFound(faults)
    event = ProceedingsRecorded(
        effective_date=record.day,
        meeting_id=record.meeting.id,
        cell_id=record.meeting.plan.cell_id,
        before=record.proceedings,
        after=command.counted,
    )
    return _decided(record, event)


def count_votes(record: Record, vote: Vote, majority: Majority) -> tuple[Ballot, bool]:
    """Return how a resolution was voted on, and whether that carries it, by the roll of the meeting.

    Raises FaultsFound `votes-beyond-voters` where more votes were cast than there were official members.
    """
    check_open(record)
    return ballot_of(record.roll, vote, majority)


def ballot_of(roll: Collection[Attender], vote: Vote, majority: Majority) -> tuple[Ballot, bool]:
    """Return the ballot of those on a roll, and whether it carries. Raises as `count_votes`."""
    there = len(voters(roll))
    if vote.cast > there:
        raise FaultsFound([Fault("votes-beyond-voters", "in_favour", {"cast": vote.cast, "voters": there})])
    ballot = Ballot(
        majority=majority,
        in_favour=vote.in_favour,
        against=vote.against,
        abstained=vote.abstained,
        voters=there,
        base=base(roll),
    )
    return ballot, carries(vote, majority, roll)


def decide_adoption(
    record: Record, ballot: Ballot, *, resolution_id: UUID, series: Series, number: int
) -> Decided:
    """Return that a resolution was carried, under the next number of its series."""
    event = ResolutionAdopted(
        effective_date=record.day,
        meeting_id=record.meeting.id,
        cell_id=record.meeting.plan.cell_id,
        resolution_id=resolution_id,
        series=series.label,
        number=number,
        ballot=ballot,
    )
    return _decided(record, event)


def decide_rejection(record: Record, ballot: Ballot, *, resolution_id: UUID) -> Decided:
    """Return that a resolution was not carried; it gets no number, and a warning says what it needed."""
    event = ResolutionRejected(
        effective_date=record.day,
        meeting_id=record.meeting.id,
        cell_id=record.meeting.plan.cell_id,
        resolution_id=resolution_id,
        ballot=ballot,
    )
    facts = {"in_favour": ballot.in_favour, "base": ballot.base, "bar": _BARS[ballot.majority]}
    return _decided(record, event, Fault("not-carried", "in_favour", facts))


def check_approval(record: Record, command: Approve, *, today: date) -> None:
    """Refuse minutes that nobody wrote down, others than chair and recorder approve, or on a day that cannot be."""
    check_open(record)
    if record.proceedings is None:
        raise FaultsFound([Fault("no-proceedings")])
    faults = list(faults_of_day("approved_on", command.approved_on, since=record.day, today=today))
    if command.approved_by != {record.proceedings.chair_id, record.proceedings.recorder_id}:
        faults.append(Fault("approved-by-others", "approved_by"))
    if faults:
        raise FaultsFound(faults)


def decide_approval(
    record: Record,
    command: Approve,
    *,
    series: Series,
    number: int,
    pages: Sequence[Page],
    tasks_left: int = 0,
) -> Decided:
    """Return that minutes are approved, once `check_approval` let them; `pages` is what the book has of it.

    `tasks_left` is how many tasks that were due by the meeting it did not evaluate: a warning.
    """
    event = MinutesApproved(
        effective_date=command.approved_on,
        meeting_id=record.meeting.id,
        cell_id=record.meeting.plan.cell_id,
        series=series.label,
        number=number,
        pages=tuple(pages),
    )
    left = [Fault("tasks-not-evaluated", None, {"count": tasks_left})] if tasks_left else []
    return _decided(record, event, *left)


def decide_reporting(
    record: Record, sent_on: date, guidance_on: Callable[[date], Guidance], *, today: date
) -> Decided:
    """Return that minutes and resolutions were sent up; with a warning where that is later than guidance has it.

    `guidance_on` is asked for the guidance of the meeting's day: a meeting that is put off has none.
    """
    if record.approved_on is None:
        raise FaultsFound([Fault("minutes-not-approved")])
    if record.reported_on is not None:
        raise FaultsFound([Fault("reported-already", None, {"day": _shown(record.reported_on)})])
    if faults := list(faults_of_day("sent_on", sent_on, since=record.approved_on, today=today)):
        raise FaultsFound(faults)
    guidance = guidance_on(record.day)
    due_on = report_due_on(record.day, guidance)
    event = MeetingReportedUp(
        effective_date=sent_on,
        meeting_id=record.meeting.id,
        cell_id=record.meeting.plan.cell_id,
        due_on=due_on,
    )
    facts = {"due_on": _shown(due_on), "source": guidance.source, "days": guidance.report_within_days}
    late = [Fault("reported-late", "sent_on", facts)] if sent_on > due_on else []
    return _decided(record, event, *late)


def report_due_on(day: date, guidance: Guidance) -> date:
    """Return the last day on which what a meeting of a day decided is sent up in time; calendar days [C]."""
    return day + timedelta(days=guidance.report_within_days)


_BARS: Final = {Majority.MORE_THAN_HALF: "quá nửa", Majority.TWO_THIRDS: "ít nhất hai phần ba"}


def _decided(record: Record, event: RecordEvent, *warnings: Fault) -> Decided:
    return Decided(event, record.meeting.version + 1, warnings)


def faults_of_proceedings(record: Record, command: WriteDown) -> Iterator[Fault]:
    """Return where what is written down does not go with the roll and the agenda of its meeting."""
    present = record.present
    if command.chair_id not in present:
        yield Fault("not-present", "chair_id", {"count": 1})
    if command.recorder_id not in present:
        yield Fault("not-present", "recorder_id", {"count": 1})
    if command.chair_id == command.recorder_id:
        yield Fault("chair-is-recorder", "recorder_id")
    if strangers := {one.speaker_id for one in command.opinions if one.speaker_id} - present:
        yield Fault("not-present", "opinions", {"count": len(strangers)})
    absent = {one.member_id for one in record.roll if one.presence in _ABSENT}
    if others := {id_ for id_, _ in command.absences} - absent:
        yield Fault("not-absent", "absences", {"count": len(others)})
    if _has_twice([id_ for id_, _ in command.absences]):
        yield Fault("given-twice", "absences")
    points = [point for point, _ in command.conclusions]
    if any(point > len(record.meeting.agenda) for point in points):
        yield Fault("no-such-point", "conclusions", {"points": len(record.meeting.agenda)})
    if _has_twice(points):
        yield Fault("given-twice", "conclusions")


def _has_twice(found: Collection[object]) -> bool:
    return len(set(found)) < len(found)


def faults_of_day(column: str, day: date, *, since: date, today: date) -> Iterator[Fault]:
    """Return what is wrong with the day of a step that follows another, and is not after today."""
    if day < since:
        yield Fault("day-too-early", column, {"since": _shown(since)})
    if day > today:
        yield Fault("day-in-the-future", column, {"today": _shown(today)})


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
