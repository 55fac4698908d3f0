"""Minutes that turn out wrong after they were approved: from what they say and a command to what holds instead. Pure.

The pages of the book stay. A correction is a page of its own that names those it corrects, with the reason; what is
recorded of the meeting is from then on as it says. It puts right what was written down, never what was decided: it
cannot change which resolutions are carried, nor the day of the meeting, on which its list, term and tasks rest [C].
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from contracts.corrections import CorrectedField, CountedBallot, MinutesCorrected, RecordSide, TaskCorrected
from contracts.meetings import Attender, Presence
from contracts.resolutions import Ballot
from services.meetings.attendance import Vote, figures
from services.meetings.calendar import local_day
from services.meetings.domain import Hold, Listed, roll_faults, time_faults
from services.meetings.faults import Fault, FaultsFound
from services.meetings.resolutions.domain import (
    Decided,
    Record,
    WriteDown,
    ballot_of,
    faults_of_day,
    faults_of_proceedings,
)
from services.meetings.resolutions.numbering import Series
from services.meetings.resolutions.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class VotedOn:
    """A resolution as it was put to the vote."""

    id: UUID
    subject: str
    text: str
    ballot: Ballot
    carried: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What minutes say that a correction may be about."""

    began_at: datetime
    minutes: int
    place: str
    roll: tuple[Attender, ...]
    written: WriteDown
    resolutions: tuple[VotedOn, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfResolution:
    """What of a resolution is otherwise; what is None stays."""

    subject: str | None = None
    text: str | None = None
    vote: Vote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTask:
    """What of a task is otherwise; what is None stays."""

    member_id: UUID | None = None
    content: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """Put minutes right; what is None, or not named, stays."""

    reason: str
    approved_on: date
    approved_by: frozenset[UUID]
    began_at: datetime | None = None
    ended_at: datetime | None = None
    place: str | None = None
    presences: Mapping[UUID, Presence] | None = None
    """The whole roll, by the list of the day as known now."""
    special_duty: frozenset[UUID] = frozenset()
    written: WriteDown | None = None
    resolutions: Mapping[UUID, OfResolution] = field(default_factory=dict)
    tasks: Mapping[UUID, OfTask] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """A page that the book has of a meeting: its place, and of which resolution it is; None for its minutes."""

    page: int
    resolution_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What minutes said, and what holds instead, before it is numbered and in the book."""

    before: Record
    after: Record
    was: Said
    now: Said
    fields: tuple[CorrectedField, ...]
    tasks: tuple[tuple[Task, TaskCorrected], ...]
    """Those that are otherwise, with their events."""
    warnings: tuple[Fault, ...] = ()

    def corrects(self, pages: Sequence[WrittenPage]) -> tuple[int, ...]:
        """Return which pages of the meeting are put right: its minutes, and resolutions that say the same wrong."""
        differing = {one.id for one in differing_of(self.now.resolutions, self.was.resolutions)}
        on_all = bool(_ON_RESOLUTIONS.intersection(self.fields))
        return tuple(
            one.page for one in pages if one.resolution_id is None or on_all or one.resolution_id in differing
        )


_ON_RESOLUTIONS: Final = frozenset({CorrectedField.TASKS, CorrectedField.DIRECTIONS, CorrectedField.CHAIR})
"""What the page of a resolution says as well."""
_VALUES: Final[Mapping[CorrectedField, Callable[[Said], Any]]] = {
    CorrectedField.BEGAN_AT: lambda said: said.began_at,
    CorrectedField.MINUTES: lambda said: said.minutes,
    CorrectedField.PLACE: lambda said: said.place,
    CorrectedField.ROLL: lambda said: said.roll,
    CorrectedField.CHAIR: lambda said: said.written.chair_id,
    CorrectedField.RECORDER: lambda said: said.written.recorder_id,
    CorrectedField.GUESTS: lambda said: said.written.guests,
    CorrectedField.OPINIONS: lambda said: said.written.opinions,
    CorrectedField.CONCLUSIONS: lambda said: sorted(said.written.conclusions),
    CorrectedField.ABSENCES: lambda said: sorted(said.written.absences),
    CorrectedField.DIRECTIONS: lambda said: said.written.directions,
    CorrectedField.RESOLUTIONS: lambda said: said.resolutions,
    CorrectedField.TASKS: lambda said: [(one.member_id, one.content, one.first_due_on) for one in said.tasks],
}


def check_correction(
    record: Record,
    was: Said,
    command: Correct,
    *,
    listed: Mapping[UUID, Listed],
    leaders: Collection[UUID],
    now: datetime,
) -> Corrected:
    """Return what a command puts right of approved minutes.

    `listed` is who was to come on the day of the meeting, `leaders` who leads the cell on the day of the approval:
    of them, of the chair and of the recorder two approve, so that minutes can be put right after somebody has left.
    Raises FaultsFound where minutes are not approved, nothing would change, or what is said cannot be.
    """
    if record.approved_on is None:
        raise FaultsFound([Fault("nothing-to-correct")])
    hold = _hold(was, command)
    faults = [
        *faults_of_day("approved_on", command.approved_on, since=record.approved_on, today=local_day(now)),
        *time_faults(hold, now),
    ]
    if local_day(hold.began_at) != record.day:
        faults.append(Fault("corrected-to-another-day", "began_at", {"day": _shown(record.day)}))
    if command.presences is not None:
        faults += roll_faults(hold, listed, record.day)
    if faults:
        raise FaultsFound(faults)
    roll = was.roll if command.presences is None else hold.roll(listed)
    written = command.written or was.written
    after = _after(record, hold, command.place or was.place, roll, written)
    faults += faults_of_proceedings(after, written)
    may = {written.chair_id, written.recorder_id, *leaders}
    if len(command.approved_by) < 2 or not command.approved_by <= may:
        faults.append(Fault("corrected-by-others", "approved_by"))
    resolutions = [_resolution(one, command, roll, faults) for one in was.resolutions]
    tasks = [_task(one, command, roll, faults) for one in was.tasks]
    faults += _faults_of_others(was, command)
    if faults:
        raise FaultsFound(faults)
    said = Said(
        began_at=hold.began_at,
        minutes=hold.minutes,
        place=after.meeting.place,
        roll=roll,
        written=written,
        resolutions=tuple(resolutions),
        tasks=tuple(tasks),
    )
    fields = tuple(field_ for field_, value in _VALUES.items() if value(was) != value(said))
    if not fields:
        raise FaultsFound([Fault("nothing-changes")])
    sent = record.reported_on
    return Corrected(
        before=record,
        after=after,
        was=was,
        now=said,
        fields=fields,
        tasks=tuple(
            _told(old, new, command) for old, new in zip(was.tasks, tasks, strict=True) if old != new
        ),
        warnings=(Fault("corrected-after-reporting", None, {"day": _shown(sent)}),) if sent else (),
    )


def decide_correction(
    corrected: Corrected,
    command: Correct,
    *,
    series: Series,
    number: int,
    page: int,
    hash_: str,
    corrects: tuple[int, ...],
) -> Decided:
    """Return that minutes were corrected, once the correction is a page of the book."""
    record = corrected.before
    event = MinutesCorrected(
        effective_date=record.day,
        decision_date=command.approved_on,
        meeting_id=record.meeting.id,
        cell_id=record.meeting.plan.cell_id,
        series=series.label,
        number=number,
        page=page,
        hash=hash_,
        corrects=corrects,
        fields=corrected.fields,
        before=_side(record, corrected.was, corrected.now),
        after=_side(corrected.after, corrected.now, corrected.was),
    )
    return Decided(event, record.meeting.version + 1, corrected.warnings)


def differing_of(these: Sequence[Any], others: Collection[Any]) -> list[Any]:
    """Return those of these that the others do not have as they are."""
    return [one for one in these if one not in others]


def _hold(was: Said, command: Correct) -> Hold:
    ended_at = was.began_at + timedelta(minutes=was.minutes)
    return Hold(
        began_at=command.began_at or was.began_at,
        ended_at=command.ended_at or ended_at,
        presences=command.presences or {},
        special_duty=command.special_duty,
    )


def _after(record: Record, hold: Hold, place: str, roll: tuple[Attender, ...], written: WriteDown) -> Record:
    meeting = record.meeting
    return replace(
        record,
        meeting=replace(
            meeting,
            plan=meeting.plan.model_copy(update={"starts_at": hold.began_at}),
            place=place,
            minutes=hold.minutes,
            attendance=figures(roll),
            version=meeting.version + 1,
        ),
        roll=roll,
        proceedings=written.counted,
    )


def _resolution(one: VotedOn, command: Correct, roll: Collection[Attender], faults: list[Fault]) -> VotedOn:
    """Return a resolution as it is put right, counted anew by the roll; note what cannot be."""
    asked = command.resolutions.get(one.id, OfResolution())
    was = one.ballot
    vote = asked.vote or Vote(was.in_favour, was.against, was.abstained)
    ballot, carried = ballot_of(roll, vote, was.majority)
    if carried is not one.carried:
        faults.append(Fault("outcome-corrected", "resolutions", {"subject": one.subject}))
    return replace(one, subject=asked.subject or one.subject, text=asked.text or one.text, ballot=ballot)


def _task(one: Task, command: Correct, roll: Collection[Attender], faults: list[Fault]) -> Task:
    """Return a task as it is put right; note what cannot be."""
    asked = command.tasks.get(one.id)
    if asked is None:
        return one
    member_id, due_on = asked.member_id or one.member_id, asked.due_on or one.first_due_on
    if member_id != one.member_id and member_id not in {attender.member_id for attender in roll}:
        faults.append(Fault("not-on-the-roll", "tasks"))
    if due_on < one.assigned_on:
        faults.append(Fault("day-too-early", "tasks", {"since": _shown(one.assigned_on)}))
    # In time or late was found by that day, and is in the minutes of the meeting that found it.
    if due_on != one.first_due_on and one.result is not None:
        faults.append(Fault("task-evaluated-since", "tasks"))
    changed = replace(
        one,
        member_id=member_id,
        content=asked.content or one.content,
        first_due_on=due_on,
        due_on=due_on if one.result is None else one.due_on,
    )
    return one if changed == one else replace(changed, version=one.version + 1)


def _faults_of_others(was: Said, command: Correct) -> Iterator[Fault]:
    if command.resolutions.keys() - {one.id for one in was.resolutions}:
        yield Fault("resolution-of-another-meeting", "resolutions")
    if command.tasks.keys() - {one.id for one in was.tasks}:
        yield Fault("task-of-another-meeting", "tasks")


def _told(old: Task, new: Task, command: Correct) -> tuple[Task, TaskCorrected]:
    event = TaskCorrected(
        effective_date=old.assigned_on,
        decision_date=command.approved_on,
        task_id=old.id,
        cell_id=old.cell_id,
        meeting_id=old.meeting_id,
        before=old.state,
        after=new.state,
    )
    return new, event


def _side(record: Record, said: Said, other: Said) -> RecordSide:
    meeting = record.meeting
    if meeting.attendance is None or record.proceedings is None:
        raise AssertionError("approved minutes have attendance and proceedings")
    return RecordSide(
        plan=meeting.plan,
        minutes=said.minutes,
        attendance=meeting.attendance,
        attenders=tuple(differing_of(said.roll, other.roll)),
        proceedings=record.proceedings,
        ballots=tuple(
            CountedBallot(resolution_id=one.id, ballot=one.ballot)
            for one in said.resolutions
            if one.ballot not in {of.ballot for of in other.resolutions if of.id == one.id}
        ),
    )


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
