"""A made-up province: the events that membership and meetings would publish of its years, month by month.

Nothing goes through the services' commands: the contracts' classes make the events, and they are sent in the form in
which the relay sends them, so that the real consumer decodes and folds them. A meeting that is held comes to twenty
events: from the plan over the roll and the minutes to its scores, and three tasks that are given, reported and
evaluated. Some are put off, some called off, and some months are missed.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Final, NamedTuple
from uuid import UUID

from bench import register
from bench.register import Unit
from bench.scale.lives import Lives
from bench.stream import Log
from chassis.publications import Message
from contracts import cell_months, meeting_plans, meetings, resolutions
from contracts.event import Event
from contracts.meetings import Attender, MeetingKind, MeetingPlan, Presence, Roll, ScoreKind
from contracts.membership import DocumentRef, Standing
from contracts.resolutions import (
    Ballot,
    DocumentKind,
    Majority,
    Page,
    Proceedings,
    TaskResult,
    TaskState,
    TaskStatus,
)
from contracts.topics import MEETINGS_INTERNAL, MEMBERSHIP_INTERNAL

ROOT: Final = "TINH"
_SEED: Final = 2020
_LAST_YEAR: Final = 2020
_GUIDANCE: Final = DocumentRef(number="12-HD/BTCTW", date=date(2018, 7, 6))
_MISSED, _CALLED_OFF, _PUT_OFF, _EXTRAORDINARY = 0.02, 0.01, 0.02, 0.05
"""Shares of the months of cells."""
_TASKS: Final = 3
_RESOLUTIONS: Final = 2
_DUE: Final = timedelta(days=25)


class _Task(NamedTuple):
    id: UUID
    state: TaskState


class Province:
    """The years of a province up to 2020, the same at every run: first its register, then its meetings."""

    def __init__(self, members: int, *, cells: int, years: int) -> None:
        self._register = register.make(0, cells=cells, root=ROOT)
        self._chance = random.Random(_SEED)
        self._membership, self._meetings = Log(MEMBERSHIP_INTERNAL), Log(MEETINGS_INTERNAL)
        self.months = [
            date(year, month, 1)
            for year in range(_LAST_YEAR + 1 - years, _LAST_YEAR + 1)
            for month in range(1, 13)
        ]
        self._recorded = datetime(self.months[0].year, 1, 1, tzinfo=UTC) - timedelta(days=1)
        self._cells = [unit for unit in self._register.units if unit.type.is_cell]
        self._lives = Lives(members, [cell.id for cell in self._cells], random.Random(f"{_SEED} lives"))
        self._tasks: dict[UUID, list[_Task]] = {}
        self._numbers: dict[tuple[UUID, DocumentKind], int] = {}

    def beginning(self) -> Iterator[Message]:
        """Yield what was recorded before the first month: all units and members, and that months are watched."""
        yield from self.register()
        watch = meeting_plans.MonthlyWatchSet(
            effective_date=self.months[0], monthly_watch_id=self._id(), after=self.months[0]
        )
        yield self._meetings.message(watch, self._recorded)

    def register(self) -> Iterator[Message]:
        """Yield of that what membership published: all units and members."""
        for event in chain(register.events(self._register), self._lives.beginning(self.months[0])):
            yield self._membership.message(event, self._recorded)

    def lives(self, months: list[date]) -> Iterator[Message]:
        """Yield what membership published of some months, in their order."""
        for month in months:
            for at, change in self._lives.month(month):
                yield self._membership.message(change, at)

    def month(self, month: date) -> Iterator[Message]:
        """Yield what both published of a month; months have to be asked for in their order."""
        yield from self.lives([month])
        for cell in self._cells:
            for at, event in self._cell_month(cell, month):
                yield self._meetings.message(event, at)

    def span(self, months: list[date]) -> Iterator[Message]:
        """Yield what both published of some months."""
        return chain.from_iterable(map(self.month, months))

    def _cell_month(self, cell: Unit, month: date) -> Iterator[tuple[datetime, Event]]:
        lot = self._chance.random()
        if lot < _MISSED:
            missed = cell_months.MonthMissed(
                effective_date=month, cell_month_id=self._id(), cell_id=cell.id, month=month
            )
            yield _at(month + timedelta(days=32), 0), missed
            return
        yield from self._meeting(cell, month, MeetingKind.REGULAR, lot - _MISSED)
        if self._chance.random() < _EXTRAORDINARY:
            yield from self._meeting(cell, month, MeetingKind.EXTRAORDINARY, 1)

    def _meeting(
        self, cell: Unit, month: date, kind: MeetingKind, lot: float
    ) -> Iterator[tuple[datetime, Event]]:
        chance, id_ = self._chance, self._id()
        day = month + timedelta(days=chance.randrange(2, 12))
        starts = datetime(day.year, day.month, day.day, 7, 30, tzinfo=UTC)
        thematic = kind is MeetingKind.REGULAR and month.month % 3 == 0
        plan = MeetingPlan(cell_id=cell.id, kind=kind, month=month, starts_at=starts, thematic=thematic)
        before = day - timedelta(days=10)
        yield _at(before, 0), meetings.MeetingPlanned(effective_date=day, meeting_id=id_, after=plan)
        if lot < _CALLED_OFF:
            yield (
                _at(before, 1),
                meetings.MeetingCancelled(
                    effective_date=day,
                    meeting_id=id_,
                    before=plan,
                    reason=meetings.InterruptionReason.URGENT_WORK,
                ),
            )
            return
        if lot < _CALLED_OFF + _PUT_OFF:
            put_off = plan.model_copy(update={"starts_at": None})
            yield (
                _at(before, 1),
                meetings.MeetingPostponed(
                    effective_date=day, meeting_id=id_, before=plan, after=put_off,
                    reason=meetings.InterruptionReason.EPIDEMIC,
                ),
            )  # fmt: skip
            day += timedelta(days=14)
            plan = plan.model_copy(update={"starts_at": starts + timedelta(days=14)})
            yield (
                _at(before, 2),
                meetings.MeetingRescheduled(effective_date=day, meeting_id=id_, before=put_off, after=plan),
            )
        yield _at(before, 3), meetings.AgendaAgreed(effective_date=day, meeting_id=id_, items=4)
        yield _at(before, 4), meetings.MeetingAnnounced(effective_date=day, meeting_id=id_, plan=plan)
        roll = self._roll(cell)
        yield _at(day, 0), self._held(id_, plan, day, roll)
        for number, event in enumerate(self._record(cell, id_, day, roll), start=1):
            yield _at(day, number), event

    def _held(self, id_: UUID, plan: MeetingPlan, day: date, roll: tuple[Attender, ...]) -> Event:
        present, excused = (
            sum(one.presence is presence for one in roll) for presence in (Presence.PRESENT, Presence.EXCUSED)
        )
        return meetings.MeetingHeld(
            effective_date=day,
            meeting_id=id_,
            plan=plan,
            minutes=self._chance.randrange(60, 150),
            attendance=meetings.AttendanceFigures(
                counted=len(roll), present=present, excused=excused, unexcused=len(roll) - present - excused
            ),
            attenders=roll,
        )

    def _record(self, cell: Unit, id_: UUID, day: date, roll: tuple[Attender, ...]) -> Iterator[Event]:
        """Yield what follows a meeting, of whose roll somebody always is."""
        chance = self._chance
        people = [one.member_id for one in roll] or [cell.id]
        of = {"effective_date": day, "meeting_id": id_, "cell_id": cell.id}
        said = Proceedings(
            chair_id=people[0], recorder_id=people[-1], opinions=chance.randrange(2, 15),
            speakers=min(2, len(roll)), directions=3,
        )  # fmt: skip
        yield resolutions.ProceedingsRecorded(**of, after=said)
        yield from self._settled(cell, id_, day)
        ballot = Ballot(
            majority=Majority.MORE_THAN_HALF, in_favour=len(roll), against=0, abstained=0, voters=len(roll),
            base=len(roll),
        )  # fmt: skip
        for _ in range(_RESOLUTIONS):
            number = self._number(cell, DocumentKind.RESOLUTION)
            yield resolutions.ResolutionAdopted(
                **of, resolution_id=self._id(), series=str(day.year), number=number, ballot=ballot
            )
        number = self._number(cell, DocumentKind.MINUTES)
        page = Page(page=number, kind=DocumentKind.MINUTES, number=number, hash=f"{number:064x}")
        yield resolutions.MinutesApproved(**of, series=str(day.year), number=number, pages=(page,))
        due = day + timedelta(days=5)
        sent = day + timedelta(days=chance.randrange(1, 8))
        yield resolutions.MeetingReportedUp(**of | {"effective_date": sent}, due_on=due)
        for kind in ScoreKind:
            total = chance.randrange(160, 401) / 4
            yield meetings.MeetingScored(
                effective_date=day, meeting_id=id_, kind=kind, guidance=_GUIDANCE,
                points=(meetings.CriterionPoints(criterion="content", points=total),), total=total,
                grade=_grade(total),
            )  # fmt: skip
        for _ in range(_TASKS):
            task = _Task(
                self._id(),
                TaskState(
                    member_id=chance.choice(people),
                    status=TaskStatus.OPEN,
                    first_due_on=day + _DUE,
                    due_on=day + _DUE,
                ),
            )
            self._tasks.setdefault(cell.id, []).append(task)
            yield resolutions.TaskAssigned(**of, task_id=task.id, after=task.state)

    def _settled(self, cell: Unit, id_: UUID, day: date) -> Iterator[Event]:
        """Yield how the tasks of the last meeting were reported and evaluated."""
        for task in self._tasks.pop(cell.id, ()):
            in_time = self._chance.random() < 0.8
            done = task.state.first_due_on - timedelta(days=1) if in_time else day
            reported = task.state.model_copy(update={"status": TaskStatus.REPORTED, "done_on": done})
            of = {"effective_date": day, "task_id": task.id, "cell_id": cell.id}
            yield resolutions.TaskReported(**of, before=task.state, after=reported)
            result = TaskResult.DONE_IN_TIME if done <= task.state.first_due_on else TaskResult.DONE_LATE
            closed = reported.model_copy(update={"status": TaskStatus.CLOSED, "result": result})
            yield resolutions.TaskEvaluated(
                **of, meeting_id=id_, result=result, before=reported, after=closed
            )

    def _roll(self, cell: Unit) -> tuple[Attender, ...]:
        return tuple(
            Attender(
                member_id=one.id,
                roll=Roll.OFFICIAL if one.state.standing is Standing.OFFICIAL else Roll.PROBATIONARY,
                presence=_presence(self._chance.random()),
            )
            for one in self._lives.in_cell[cell.id].values()
        )

    def _number(self, cell: Unit, kind: DocumentKind) -> int:
        number = self._numbers[cell.id, kind] = self._numbers.get((cell.id, kind), 0) + 1
        return number

    def _id(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)


def _presence(lot: float) -> Presence:
    return Presence.PRESENT if lot < 0.93 else Presence.EXCUSED if lot < 0.98 else Presence.UNEXCUSED


def _grade(total: float) -> str:
    return "good" if total >= 90 else "fair" if total >= 70 else "average" if total >= 50 else "poor"


def _at(day: date, number: int) -> datetime:
    """Return the instant at which the event of that number was recorded on a day."""
    return datetime(day.year, day.month, day.day, 8, 0, number, tzinfo=UTC)
