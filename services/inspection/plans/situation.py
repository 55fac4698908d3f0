"""What a month's plan is made from: its meetings, who may be sent on which day, how cells stand. Pure.

Everything is as the service knows it at one instant; ids are opaque, and nobody is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from rules.guidance import MeetingGrade
from services.inspection.days import local_day
from services.inspection.plans.policy import Policy


class Rule(StrEnum):
    """What no plan may break."""

    NOT_OPEN = "not_open"
    """The meeting is not to be held, has no time, is over, or is of a kind that teams do not attend."""
    FORBIDDEN = "forbidden"
    """The officer forbade it."""
    NOT_SEATED = "not_seated"
    """They sit in no team that is there on that day."""
    NOT_IN_REGISTER = "not_in_register"
    SUSPENDED = "suspended"
    EXEMPT = "exempt"
    """From meetings and party work."""
    ABSENT = "absent"
    OWN_CELL = "own_cell"
    """They belong to the cell, or stay there for a time."""
    OUTSIDE_AREA = "outside_area"
    """The cell is in the area of none of their teams, and that is obligatory."""
    AT_ONCE = "at_once"
    """Another visit of theirs is at the same time, or too near to come from there."""
    CAPACITY = "capacity"
    """They have as many visits in the month as anybody may."""
    CELL_TWICE = "cell_twice"
    """The cell is visited in that month already."""
    TOO_MANY = "too_many"
    """More visits than the plan may have."""


class MeetingState(StrEnum):
    """Whether a meeting can be attended."""

    AHEAD = "ahead"
    OVER = "over"
    """Held, or begun before the day of planning."""
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """What a plan is to have visits of: both kinds of meeting, both kinds of cell (DOMAIN: inspection)."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    GRASSROOTS = "grassroots_cell"
    SUBORDINATE = "subordinate_cell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting that counts for the month."""

    id: UUID
    cell_id: UUID
    starts_at: datetime | None
    """None while it is postponed without a new time."""
    kinds: frozenset[Kind]
    """Of the meeting, two where it is combined; none where it is extraordinary. And of the cell, on the day."""
    state: MeetingState = MeetingState.AHEAD

    @property
    def day(self) -> date:
        """In Asia/Ho_Chi_Minh. Raises ValueError where it has no time."""
        if self.starts_at is None:
            raise ValueError(f"meeting {self.id} has no time")
        return local_day(self.starts_at)

    @property
    def is_open(self) -> bool:
        """Whether somebody can be sent there: it is ahead, has a time, and is regular or thematic."""
        of_meeting = self.kinds & {Kind.REGULAR, Kind.THEMATIC}
        return self.state is MeetingState.AHEAD and self.starts_at is not None and bool(of_meeting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Somebody of the teams on a day."""

    team_id: UUID
    """The team that they go for, where the cell is in the area of none."""
    hindrance: Rule | None = None
    """Why they can be sent nowhere."""
    homes: frozenset[UUID] = frozenset()
    """The cell in which they count, and that in which they stay for a time."""
    areas: Mapping[UUID, UUID] = field(default_factory=dict)
    """Cells in the area of a team that they sit in, and that team."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a cell stands at the planning of a month."""

    months: int | None = None
    """Since it was last visited, or a visit was planned; None where it never was."""
    findings: int = 0
    """Not closed."""
    overdue: int = 0
    """Of these."""
    grade: MeetingGrade | None = None
    """Of its last meeting that was scored: by the superior, else by the inspector, else by the cell itself."""


UNKNOWN: Final = Standing()
"""A cell of which nothing was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when until when somebody is at a meeting, and on the way to another."""

    begins: datetime
    ends: datetime

    def meets(self, other: "Span") -> bool:
        """Return whether nobody can do both."""
        return self.begins < other.ends and other.begins < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that a month's plan is made from."""

    month: date
    """Its first day."""
    policy: Policy
    meetings: Mapping[UUID, Meeting]
    people: Mapping[UUID, Mapping[date, Whereabouts]]
    """Who sits in teams, by the days of meetings on which they do."""
    cells: Mapping[UUID, Standing] = field(default_factory=dict)
    """All cells that are there in the month."""
    engaged: Mapping[UUID, Sequence[Span]] = field(default_factory=dict)
    """Visits of people by the plans of other months: a meeting may be held in another month than it counts for."""
    load: Mapping[UUID, int] = field(default_factory=dict)
    """How many visits people had in the months before."""
    codes: Mapping[UUID, str] = field(default_factory=dict)
    """What cells are called."""

    def span(self, meeting: Meeting) -> Span:
        """Return from when until when a visit keeps somebody from others. Raises ValueError where it has no time."""
        if meeting.starts_at is None:
            raise ValueError(f"meeting {meeting.id} has no time")
        combined = {Kind.REGULAR, Kind.THEMATIC} <= meeting.kinds
        minutes = self.policy.minutes_combined if combined else self.policy.minutes
        length = timedelta(minutes=minutes + self.policy.travel_minutes)
        return Span(begins=meeting.starts_at, ends=meeting.starts_at + length)

    def where(self, member_id: UUID, meeting: Meeting) -> Whereabouts | None:
        """Return where somebody is on a meeting's day; None where they sit in no team then, or it has no time."""
        if meeting.starts_at is None:
            return None
        return self.people.get(member_id, {}).get(meeting.day)

    def in_area(self, member_id: UUID, meeting: Meeting) -> bool:
        """Return whether the cell is in the area of a team that they sit in on the meeting's day."""
        there = self.where(member_id, meeting)
        return there is not None and meeting.cell_id in there.areas

    def team_for(self, member_id: UUID, meeting: Meeting) -> UUID | None:
        """Return for which team they go: that in whose area the cell is, else their first; None where for none."""
        there = self.where(member_id, meeting)
        return None if there is None else there.areas.get(meeting.cell_id, there.team_id)

    def standing(self, cell_id: UUID) -> Standing:
        """Return how a cell stands."""
        return self.cells.get(cell_id, UNKNOWN)

    def open_meetings(self) -> Iterator[Meeting]:
        """Yield the meetings that somebody can be sent to, by their beginning."""
        found = [meeting for meeting in self.meetings.values() if meeting.is_open]
        yield from sorted(found, key=lambda meeting: (meeting.starts_at, meeting.id))
