"""Internal events of the meetings service: the life of each meeting of a cell.

Nobody is named: members go by opaque ids. What was said and decided in words stays in the service's book; events
carry when, what kind, how many, and how well.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.membership import DocumentRef


class MeetingKind(StrEnum):
    """Kinds of cell meeting (DOMAIN: kinds)."""

    REGULAR = "regular"
    """Định kỳ: one a month."""
    THEMATIC = "thematic"
    """Chuyên đề, apart from the regular one."""
    EXTRAORDINARY = "extraordinary"
    """Đột xuất."""


class MeetingStatus(StrEnum):
    """How far a meeting is."""

    PLANNED = "planned"
    AGREED = "agreed"
    """The committee of the cell, or its secretary and deputy, agreed to content and agenda."""
    ANNOUNCED = "announced"
    """Members and the committee above were told content, time and place."""
    POSTPONED = "postponed"
    """Put off, with a reason, until a new day is set."""
    HELD = "held"
    CANCELLED = "cancelled"


class InterruptionReason(StrEnum):
    """Why a meeting was put off or called off."""

    EPIDEMIC = "epidemic"
    """By an order against an epidemic, as in 2020."""
    DISASTER = "disaster"
    """Thiên tai."""
    URGENT_WORK = "urgent_work"
    """Nhiệm vụ đột xuất."""
    NO_QUORUM = "no_quorum"
    OTHER = "other"


class Presence(StrEnum):
    """Where somebody on the list of a meeting was."""

    PRESENT = "present"
    EXCUSED = "excused"
    """Absent with a good reason."""
    UNEXCUSED = "unexcused"
    EXEMPT = "exempt"
    """Exempt from meetings, and not there."""


class Roll(StrEnum):
    """As what somebody is on the list of a meeting."""

    OFFICIAL = "official"
    PROBATIONARY = "probationary"
    VISITING = "visiting"
    """Stays with the cell for a time and belongs elsewhere: takes part and does not vote [C]."""


class MeetingPlan(Value):
    """Which meeting it is, and when."""

    cell_id: Annotated[UUID, PUBLIC]
    kind: Annotated[MeetingKind, PUBLIC]
    month: Annotated[date, PUBLIC]
    """First day of the month that it counts for, whenever it is held."""
    starts_at: Annotated[AwareDatetime | None, PUBLIC]
    """None while it is postponed without a new day."""
    thematic: Annotated[bool, PUBLIC]
    """Whether it has a theme: a thematic meeting, or a regular one combined with it (DOMAIN: kinds)."""
    by_group: Annotated[bool, PUBLIC] = False
    """Whether a large cell holds it by its party groups (tổ đảng)."""


class Attender(Value):
    """Somebody on the list of a meeting, and where they were."""

    member_id: Annotated[UUID, PSEUDONYMOUS]
    roll: Annotated[Roll, PSEUDONYMOUS]
    presence: Annotated[Presence, PSEUDONYMOUS]
    exempt: Annotated[bool, PSEUDONYMOUS] = False
    """Exempt from meetings on that day; may have come all the same."""
    special_duty: Annotated[bool, PSEUDONYMOUS] = False
    """Of the armed forces and away on special duty."""


class AttendanceFigures(Value):
    """How many were to come, and came."""

    counted: Annotated[int, PUBLIC]
    """On the list, without exempt members and those on special duty."""
    present: Annotated[int, PUBLIC]
    """Of those counted."""
    excused: Annotated[int, PUBLIC]
    unexcused: Annotated[int, PUBLIC]


class MeetingPlanned(Event):
    """A cell is to meet."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-planned.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[MeetingPlan, PUBLIC]


class MeetingRescheduled(Event):
    """A meeting is to be at another time, or has another theme; whoever was told is to be told again."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-rescheduled.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    before: Annotated[MeetingPlan, PUBLIC]
    after: Annotated[MeetingPlan, PUBLIC]


class AgendaAgreed(Event):
    """Content and agenda of a meeting are agreed."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.agenda-agreed.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    items: Annotated[int, PUBLIC]
    """How many points the agenda has."""
    assigned: Annotated[int, PUBLIC] = 0
    """How many of them somebody was named to prepare."""
    agreed_by: Annotated[tuple[UUID, ...], PSEUDONYMOUS] = ()
    """Who agreed, of those who lead the cell; empty where the source does not state it."""


class MeetingAnnounced(Event):
    """Members and the committee above were told of a meeting, for the first time or again after a change."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-announced.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    plan: Annotated[MeetingPlan, PUBLIC]


class MeetingPostponed(Event):
    """A meeting is put off until a new day is set."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-postponed.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    before: Annotated[MeetingPlan, PUBLIC]
    after: Annotated[MeetingPlan, PUBLIC]
    reason: Annotated[InterruptionReason, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    interruption_id: Annotated[UUID | None, PUBLIC] = None
    """The order for many cells that put it off; None where it was put off by itself."""


class MeetingCancelled(Event):
    """A meeting will not be held."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-cancelled.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    before: Annotated[MeetingPlan, PUBLIC]
    after: Annotated[None, PUBLIC] = None
    reason: Annotated[InterruptionReason, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None


class BookFigures(Value):
    """What a book's summary counts of a meeting that took place before the system was there."""

    opinions: Annotated[int, PUBLIC]
    tasks: Annotated[int, PUBLIC]
    """How many the meeting found due; `tasks_on_time` of them were done by their deadline."""
    tasks_on_time: Annotated[int, PUBLIC]


class MeetingHeld(Event):
    """A meeting took place.

    One that is taken from a book's summary has `book`, and no roll: its attendance is known in figures only.
    """

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-held.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    plan: Annotated[MeetingPlan, PUBLIC]
    minutes: Annotated[int, PUBLIC]
    """How long it took."""
    attendance: Annotated[AttendanceFigures, PUBLIC]
    attenders: Annotated[tuple[Attender, ...], PSEUDONYMOUS]
    book: Annotated[BookFigures | None, PUBLIC] = None


class ScoreKind(StrEnum):
    """Whose opinion a score is; each is a fact of its own."""

    SELF = "self"
    """What the cell proposes."""
    OFFICIAL = "official"
    """What the superior decided."""


class CriterionPoints(Value):
    """What a meeting got for one criterion of the rubric."""

    criterion: Annotated[str, PUBLIC]
    points: Annotated[float, Field(ge=0, le=100), PUBLIC]
    """In quarters of a point."""


class MeetingScored(Event):
    """A meeting was scored by the rubric of the guidance that it cites."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.meeting-scored.v1"
    AGGREGATE: ClassVar[str] = "meeting"
    KEY: ClassVar[str] = "meeting_id"

    meeting_id: Annotated[UUID, PUBLIC]
    kind: Annotated[ScoreKind, PUBLIC]
    guidance: Annotated[DocumentRef, PUBLIC]
    points: Annotated[tuple[CriterionPoints, ...], PUBLIC]
    total: Annotated[float, Field(ge=0, le=100), PUBLIC]
    grade: Annotated[str, PUBLIC]


MeetingEvent = (
    MeetingPlanned
    | MeetingRescheduled
    | AgendaAgreed
    | MeetingAnnounced
    | MeetingPostponed
    | MeetingCancelled
    | MeetingHeld
    | MeetingScored
)

EVENTS: tuple[type[Event], ...] = (
    MeetingPlanned,
    MeetingRescheduled,
    AgendaAgreed,
    MeetingAnnounced,
    MeetingPostponed,
    MeetingCancelled,
    MeetingHeld,
    MeetingScored,
)
