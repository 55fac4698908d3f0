"""The life of one meeting, from its plan to its score: pure functions from a state and a command to an event.

    planned -> agreed -> announced -> held -> scored, any number of times
       ^         ^           |
       +---------+-----------+-- rescheduled, postponed; cancelled unless held

Content is agreed before members are told, and told before the meeting; what changes afterwards is told again (DOMAIN:
before). A step out of this order is refused with the state that the meeting is in.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from contracts.meetings import (
    AgendaAgreed,
    AttendanceFigures,
    Attender,
    CriterionPoints,
    InterruptionReason,
    MeetingAnnounced,
    MeetingCancelled,
    MeetingEvent,
    MeetingHeld,
    MeetingKind,
    MeetingPlan,
    MeetingPlanned,
    MeetingPostponed,
    MeetingRescheduled,
    MeetingScored,
    MeetingStatus,
    Presence,
    Roll,
    ScoreKind,
)
from contracts.membership import DocumentRef
from rules.guidance import Criterion, Guidance
from rules.scores import Score, doubtful
from services.meetings.agreement import Leaders, check_agreement
from services.meetings.attendance import base, figures, has_quorum, rate, voters
from services.meetings.calendar import VIETNAM, Month, local_day
from services.meetings.faults import Fault, FaultsFound
from services.meetings.preparation import Assignments, Cell, check_by_group, prepared_by

_UNASKED: Final = Cell()
_LONGEST: Final = timedelta(days=1)
"""Longer than that a meeting is a wrong date [C]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting of a cell; `version` counts its events."""

    id: UUID
    plan: MeetingPlan
    place: str
    theme: str | None
    agenda: tuple[str, ...] = ()
    """Its points, in their order."""
    prepared_by: tuple[UUID | None, ...] = ()
    """Who prepares each point; empty where nobody is named."""
    status: MeetingStatus = MeetingStatus.PLANNED
    agreed_on: date | None = None
    """When content and agenda, as they stand, were agreed."""
    announced_on: date | None = None
    """When members were told of it as it stands."""
    attendance: AttendanceFigures | None = None
    """None until it was held, as `minutes`."""
    minutes: int | None = None
    postponed_from: date | None = None
    """For which day it was when it was last put off; a new time does not change that. None where it never was."""
    postponed_by: UUID | None = None
    """The order for many cells that put it off so; None where it was put off by itself."""
    version: int = 1

    @property
    def is_over(self) -> bool:
        """Whether nothing of it can be planned any more."""
        return self.status in {MeetingStatus.HELD, MeetingStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class Decided:
    """An event that now happened, the meeting it leaves behind, and what is unusual about it."""

    state: Meeting
    event: MeetingEvent
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMeeting:
    """Set a meeting down for a time and place; `agenda` may come later."""

    kind: MeetingKind
    starts_at: datetime
    place: str
    theme: str | None = None
    agenda: tuple[str, ...] = ()
    assignments: Assignments = ()
    by_group: bool = False
    """Whether it is held by the party groups of a large cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule:
    """Say another time, place, theme or agenda; what is None stays. A postponed meeting needs a time."""

    starts_at: datetime | None = None
    place: str | None = None
    theme: str | None = None
    agenda: tuple[str, ...] | None = None
    """Another agenda has nobody named for its points but by `assignments`."""
    assignments: Assignments | None = None
    by_group: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupt:
    """Put a meeting off, or call it off."""

    reason: InterruptionReason
    on: date
    decision_date: date | None = None
    document: DocumentRef | None = None
    interruption_id: UUID | None = None
    """The order for many cells of which this is a part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody who is to come to a meeting of the cell on its day."""

    roll: Roll
    exempt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Say that a meeting took place, and who was where."""

    began_at: datetime
    ended_at: datetime
    presences: Mapping[UUID, Presence]
    special_duty: frozenset[UUID] = frozenset()

    @property
    def minutes(self) -> int:
        """How long it took."""
        return int((self.ended_at - self.began_at).total_seconds()) // 60

    def roll(self, listed: Mapping[UUID, Listed]) -> tuple[Attender, ...]:
        """Return the roll, by member, of those who were to come; `roll_faults` says whether it is theirs."""
        return tuple(
            Attender(
                member_id=id_,
                roll=listed[id_].roll,
                presence=presence,
                exempt=listed[id_].exempt,
                special_duty=id_ in self.special_duty,
            )
            for id_, presence in sorted(self.presences.items())
        )


def decide_plan(command: PlanMeeting, *, cell_id: UUID, new_id: UUID, cell: Cell = _UNASKED) -> Decided:
    """Return the plan of a meeting of a cell that is there on its day.

    Raises FaultsFound where its theme is missing, or as `prepared_by` and `check_by_group` do.
    """
    if command.kind is MeetingKind.THEMATIC and not command.theme:
        raise FaultsFound([Fault("theme-missing", "theme")])
    day = local_day(command.starts_at)
    plan = MeetingPlan(
        cell_id=cell_id,
        kind=command.kind,
        month=Month.of(day).first,
        starts_at=command.starts_at,
        thematic=command.theme is not None,
        by_group=command.by_group,
    )
    if command.by_group:
        check_by_group(cell)
    state = Meeting(
        id=new_id,
        plan=plan,
        place=command.place,
        theme=command.theme,
        agenda=command.agenda,
        prepared_by=prepared_by(command.assignments, command.agenda, cell),
    )
    return Decided(state, MeetingPlanned(effective_date=day, meeting_id=new_id, after=plan))


def decide_rescheduling(meeting: Meeting, command: Reschedule, cell: Cell = _UNASKED) -> Decided:
    """Return a meeting changed before it is held. What members were told, or what was agreed, is so no more.

    Another time or place is to be told again; another agenda or theme, or somebody else to prepare it, is to be
    agreed again as well. Raises FaultsFound as `decide_plan` does.
    """
    _only_from(meeting, "reschedule", MeetingStatus.POSTPONED, *_OPEN)
    starts_at = command.starts_at or meeting.plan.starts_at
    if starts_at is None:
        raise FaultsFound([Fault("new-time-missing", "starts_at")])
    theme = command.theme or meeting.theme
    agenda = meeting.agenda if command.agenda is None else command.agenda
    by_group = meeting.plan.by_group if command.by_group is None else command.by_group
    if by_group and not meeting.plan.by_group:
        check_by_group(cell)
    stays = command.assignments is None and agenda == meeting.agenda
    assigned = meeting.prepared_by if stays else prepared_by(command.assignments or (), agenda, cell)
    plan = meeting.plan.model_copy(
        update={"starts_at": starts_at, "thematic": theme is not None, "by_group": by_group}
    )
    content = (theme, agenda, assigned)
    agreed_on = meeting.agreed_on if content == (meeting.theme, meeting.agenda, meeting.prepared_by) else None
    state = replace(
        meeting,
        plan=plan,
        place=command.place or meeting.place,
        theme=theme,
        agenda=agenda,
        prepared_by=assigned,
        status=MeetingStatus.AGREED if agreed_on else MeetingStatus.PLANNED,
        agreed_on=agreed_on,
        announced_on=None,
        version=meeting.version + 1,
    )
    event = MeetingRescheduled(
        effective_date=local_day(starts_at), meeting_id=meeting.id, before=meeting.plan, after=plan
    )
    return Decided(state, event)


def decide_agreement(
    meeting: Meeting, agreed_on: date, *, agreed_by: Collection[UUID] = (), leaders: Leaders | None = None
) -> Decided:
    """Return that content and agenda were agreed: by the cell's committee, or its secretary and deputy.

    `agreed_by` may be left out; else it is held against `leaders`, who leads the cell on that day.
    """
    _only_from(meeting, "agree", MeetingStatus.PLANNED)
    if not meeting.agenda:
        raise FaultsFound([Fault("agenda-empty", "agenda")])
    state = replace(meeting, status=MeetingStatus.AGREED, agreed_on=agreed_on, version=meeting.version + 1)
    warnings = check_agreement(agreed_by, leaders or {}, agreed_on)
    event = AgendaAgreed(
        effective_date=agreed_on,
        meeting_id=meeting.id,
        items=len(meeting.agenda),
        assigned=sum(one is not None for one in meeting.prepared_by),
        agreed_by=tuple(sorted(set(agreed_by))),
    )
    return Decided(state, event, tuple(warnings))


def decide_announcement(meeting: Meeting, told_at: datetime, guidance: Guidance) -> Decided:
    """Return that members and the committee above were told; with a warning where the guidance asks for it sooner."""
    _only_from(meeting, "announce", MeetingStatus.AGREED)
    starts_at, day = _start(meeting), local_day(told_at)
    if told_at >= starts_at:
        start = f"{starts_at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
        raise FaultsFound([Fault("told-after-it-began", "told_at", {"start": start})])
    if meeting.agreed_on and day < meeting.agreed_on:
        raise FaultsFound([Fault("told-before-agreed", "told_at", {"agreed_on": meeting.agreed_on})])
    days = guidance.documents_days_before
    warnings: tuple[Fault, ...] = ()
    if days is not None and (local_day(starts_at) - day).days < days:
        warnings = (
            Fault("late-documents", "told_at", {"source": guidance.source, "days": days, "day": day}),
        )
    state = replace(meeting, status=MeetingStatus.ANNOUNCED, announced_on=day, version=meeting.version + 1)
    event = MeetingAnnounced(effective_date=day, meeting_id=meeting.id, plan=meeting.plan)
    return Decided(state, event, warnings)


def decide_postponement(meeting: Meeting, command: Interrupt) -> Decided:
    """Return that a meeting is put off until a new time is set; the month that it counts for stays."""
    _only_from(meeting, "postpone", *_OPEN)
    plan = meeting.plan.model_copy(update={"starts_at": None})
    state = replace(
        meeting,
        plan=plan,
        status=MeetingStatus.POSTPONED,
        announced_on=None,
        postponed_from=local_day(_start(meeting)),
        postponed_by=command.interruption_id,
        version=meeting.version + 1,
    )
    event = MeetingPostponed(
        effective_date=command.on,
        decision_date=command.decision_date,
        meeting_id=meeting.id,
        before=meeting.plan,
        after=plan,
        reason=command.reason,
        document=command.document,
        interruption_id=command.interruption_id,
    )
    return Decided(state, event)


def decide_cancellation(meeting: Meeting, command: Interrupt) -> Decided:
    """Return that a meeting will not be held."""
    _only_from(meeting, "cancel", MeetingStatus.POSTPONED, *_OPEN)
    state = replace(meeting, status=MeetingStatus.CANCELLED, version=meeting.version + 1)
    event = MeetingCancelled(
        effective_date=command.on,
        decision_date=command.decision_date,
        meeting_id=meeting.id,
        before=meeting.plan,
        reason=command.reason,
        document=command.document,
    )
    return Decided(state, event)


def decide_holding(
    meeting: Meeting, command: Hold, *, listed: Mapping[UUID, Listed], guidance: Guidance, now: datetime
) -> Decided:
    """Return that a meeting took place; `listed` is who was to come, by the cell's list of its day.

    Raises FaultsFound where somebody is left off the roll or not on the list, and for times that cannot be.
    """
    _only_from(meeting, "hold", MeetingStatus.ANNOUNCED)
    day = local_day(command.began_at)
    faults = [*time_faults(command, now), *roll_faults(command, listed, day)]
    if faults:
        raise FaultsFound(faults)
    attenders, minutes = command.roll(listed), command.minutes
    plan = meeting.plan.model_copy(update={"starts_at": command.began_at})
    attendance = figures(attenders)
    state = replace(
        meeting,
        plan=plan,
        status=MeetingStatus.HELD,
        attendance=attendance,
        minutes=minutes,
        version=meeting.version + 1,
    )
    event = MeetingHeld(
        effective_date=day,
        meeting_id=meeting.id,
        plan=plan,
        minutes=minutes,
        attendance=attendance,
        attenders=attenders,
    )
    return Decided(state, event, tuple(_doubts_of_holding(attenders, minutes, plan, guidance)))


def decide_scoring(
    meeting: Meeting, kind: ScoreKind, score: Score, *, decided_on: date, absences: int = 0
) -> Decided:
    """Return the points that somebody gives a meeting held; each kind of score is a fact of its own.

    `absences` is of how many members those up to the meeting fail the criterion of attendance by themselves.
    """
    _only_from(meeting, "score", MeetingStatus.HELD)
    guidance = score.guidance
    event = MeetingScored(
        effective_date=decided_on,
        meeting_id=meeting.id,
        kind=kind,
        guidance=DocumentRef(number=guidance.number, date=guidance.date),
        points=tuple(
            CriterionPoints(criterion=criterion.value, points=float(points))
            for criterion, points in score.points.items()
        ),
        total=float(score.total),
        grade=score.grade.value,
    )
    part_of = is_combined(meeting.plan)
    attended = rate(meeting.attendance) if meeting.attendance else None
    doubts = doubtful(score, minutes=meeting.minutes, combined=part_of, rate=attended, absences=absences)
    warnings = [
        Fault("scored-beyond-facts", one, {"criterion": CRITERION_LABELS[one], "source": guidance.source})
        for one in doubts
    ]
    return Decided(replace(meeting, version=meeting.version + 1), event, tuple(warnings))


def is_combined(plan: MeetingPlan) -> bool:
    """Return whether a regular meeting has a thematic part (DOMAIN: kinds)."""
    return plan.kind is MeetingKind.REGULAR and plan.thematic


CRITERION_LABELS: Final[Mapping[Criterion, str]] = {
    Criterion.DURATION: "thời gian",
    Criterion.ATTENDANCE: "tỷ lệ dự họp",
    Criterion.PREPARATION: "chuẩn bị",
    Criterion.PROCEDURE: "trình tự",
    Criterion.CONTENT: "nội dung",
    Criterion.CHAIRING: "điều hành",
    Criterion.PRINCIPLES: "nguyên tắc",
    Criterion.RESULTS: "kết quả thực hiện nghị quyết",
    Criterion.CLOSING: "kết thúc",
}

_OPEN: Final = (MeetingStatus.PLANNED, MeetingStatus.AGREED, MeetingStatus.ANNOUNCED)
_STATES: Final[Mapping[MeetingStatus, str]] = {
    MeetingStatus.PLANNED: "mới có kế hoạch, chưa thống nhất chương trình",
    MeetingStatus.AGREED: "đã thống nhất chương trình, chưa thông báo",
    MeetingStatus.ANNOUNCED: "đã thông báo",
    MeetingStatus.POSTPONED: "đang hoãn, chưa có lịch mới",
    MeetingStatus.HELD: "đã họp",
    MeetingStatus.CANCELLED: "đã hủy",
}
_STEPS: Final[Mapping[str, str]] = {
    "reschedule": "đổi lịch",
    "agree": "thống nhất chương trình",
    "announce": "thông báo",
    "postpone": "hoãn",
    "cancel": "hủy",
    "hold": "ghi là đã họp",
    "score": "chấm điểm",
}
_NEXT: Final[Mapping[MeetingStatus, Sequence[str]]] = {
    MeetingStatus.PLANNED: ("agree", "reschedule", "postpone", "cancel"),
    MeetingStatus.AGREED: ("announce", "reschedule", "postpone", "cancel"),
    MeetingStatus.ANNOUNCED: ("hold", "reschedule", "postpone", "cancel"),
    MeetingStatus.POSTPONED: ("reschedule", "cancel"),
    MeetingStatus.HELD: ("score",),
    MeetingStatus.CANCELLED: (),
}
"""Which steps each state allows, for the word that goes with a refusal."""


def _only_from(meeting: Meeting, step: str, *allowed: MeetingStatus) -> None:
    if meeting.status in allowed:
        return
    possible = ", ".join(_STEPS[one] for one in _NEXT[meeting.status]) or "không còn bước nào"
    facts = {"state": _STATES[meeting.status], "step": _STEPS[step], "next": possible}
    raise FaultsFound([Fault("wrong-state", None, facts)])


def _start(meeting: Meeting) -> datetime:
    if meeting.plan.starts_at is None:
        raise AssertionError("only a postponed meeting has no time")
    return meeting.plan.starts_at


def time_faults(command: Hold, now: datetime) -> list[Fault]:
    """Return what is wrong with the times at which a meeting began and ended."""
    if command.ended_at <= command.began_at:
        return [Fault("ends-before-it-begins", "ended_at")]
    if command.ended_at - command.began_at > _LONGEST:
        return [Fault("too-long", "ended_at")]
    return [Fault("in-the-future", "ended_at")] if command.ended_at > now else []


def roll_faults(command: Hold, listed: Mapping[UUID, Listed], day: date) -> list[Fault]:
    """Return where a roll is not that of those who were to come on its day."""
    on_roll = command.presences.keys()
    exempt = {id_ for id_, presence in command.presences.items() if presence is Presence.EXEMPT}
    found = (
        ("not-on-the-list", (on_roll | command.special_duty) - listed.keys()),
        ("left-off-the-roll", listed.keys() - on_roll),
        ("not-exempt", {id_ for id_ in exempt & listed.keys() if not listed[id_].exempt}),
    )
    return [Fault(code, "roll", {"count": len(who), "day": day}) for code, who in found if who]


def _doubts_of_holding(
    attenders: Collection[Attender], minutes: int, plan: MeetingPlan, guidance: Guidance
) -> Iterator[Fault]:
    if not has_quorum(attenders):
        yield Fault("no-quorum", "roll", {"there": len(voters(attenders)), "base": base(attenders)})
    least = guidance.least_minutes_combined if is_combined(plan) else guidance.least_minutes
    if least is not None and minutes < least:
        yield Fault(
            "short-meeting", "ended_at", {"minutes": minutes, "least": least, "source": guidance.source}
        )
