"""Internal events of the inspection service: the Standing Committee's working teams, who is in them, who is away.

A team is one aggregate with all who sit in it, so that two leaders, or one person twice, are refused where they are
recorded. A seat and an area hold only on the days on which their team is there: a team that ends, or never was, needs
no further events of what it had. Why somebody is away is nobody's business but the team's and is in no event.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.membership import DocumentRef


class TeamRole(StrEnum):
    """As what somebody sits in a team."""

    LEADER = "leader"
    """Tổ trưởng."""
    DEPUTY_LEADER = "deputy_leader"
    """Tổ phó."""
    MEMBER = "member"
    """Thành viên."""


class TeamTerms(Value):
    """What a team is called, and on which days it is there."""

    code: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]
    from_on: Annotated[date, PUBLIC]
    until_on: Annotated[date | None, PUBLIC] = None
    """The first day on which it is no more; None while it is."""


class Seat(Value):
    """Who sits in a team, as what, and on which days."""

    member_id: Annotated[UUID, PSEUDONYMOUS]
    role: Annotated[TeamRole, PSEUDONYMOUS]
    from_on: Annotated[date, PSEUDONYMOUS]
    until_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The first day on which they do no longer; None while they do."""


class Absence(Value):
    """Who cannot be sent anywhere, and on which days."""

    member_id: Annotated[UUID, PSEUDONYMOUS]
    first_on: Annotated[date, PSEUDONYMOUS]
    last_on: Annotated[date, PSEUDONYMOUS]
    """The last day of it."""


class TeamFormed(Event):
    """The Standing Committee formed a working team."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.team-formed.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[TeamTerms, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class TeamDissolved(Event):
    """A team is no more from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.team-dissolved.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    before: Annotated[TeamTerms, PUBLIC]
    after: Annotated[TeamTerms, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class TeamRestated(Event):
    """What was said of a team was wrong, and is now another; `after` is None where it never was.

    `effective_date` is the first day that is otherwise now.
    """

    TYPE: ClassVar[str] = "vn.chibo.inspection.team-restated.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    before: Annotated[TeamTerms, PUBLIC]
    after: Annotated[TeamTerms | None, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class TeamAreaSet(Event):
    """A team is responsible for these units, with all below them, on the days from `effective_date` on.

    Said again of the same day it puts right what was said before.
    """

    TYPE: ClassVar[str] = "vn.chibo.inspection.team-area-set.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    until_on: Annotated[date | None, PUBLIC] = None
    """The day from which another area was told already; None where none was."""
    before: Annotated[tuple[UUID, ...], PUBLIC]
    """The units on these days until now."""
    after: Annotated[tuple[UUID, ...], PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class TeamMemberSeated(Event):
    """Somebody sits in a team from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.team-member-seated.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    seat_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[Seat, PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class TeamMemberReleased(Event):
    """Somebody sits in a team no more from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.team-member-released.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    seat_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Seat, PSEUDONYMOUS]
    after: Annotated[Seat, PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class TeamSeatRestated(Event):
    """What was said of a seat was wrong, and is now another; `after` is None where it never was held.

    `effective_date` is the first day that is otherwise now.
    """

    TYPE: ClassVar[str] = "vn.chibo.inspection.team-seat-restated.v1"
    AGGREGATE: ClassVar[str] = "team"
    KEY: ClassVar[str] = "team_id"

    team_id: Annotated[UUID, PUBLIC]
    seat_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Seat, PSEUDONYMOUS]
    after: Annotated[Seat | None, PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class AbsenceRecorded(Event):
    """Somebody who sits in a team is away on some days."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.absence-recorded.v1"
    AGGREGATE: ClassVar[str] = "absence"
    KEY: ClassVar[str] = "absence_id"

    absence_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[Absence, PSEUDONYMOUS]


class AbsenceRestated(Event):
    """What was said of an absence was wrong, or has changed; `after` is None where there was none.

    The same on both sides where only its reason is another. `effective_date` is the first day that is otherwise now.
    """

    TYPE: ClassVar[str] = "vn.chibo.inspection.absence-restated.v1"
    AGGREGATE: ClassVar[str] = "absence"
    KEY: ClassVar[str] = "absence_id"

    absence_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Absence, PSEUDONYMOUS]
    after: Annotated[Absence | None, PSEUDONYMOUS]


TeamEvent = (
    TeamFormed
    | TeamDissolved
    | TeamRestated
    | TeamAreaSet
    | TeamMemberSeated
    | TeamMemberReleased
    | TeamSeatRestated
)
AbsenceEvent = AbsenceRecorded | AbsenceRestated

EVENTS: tuple[type[Event], ...] = (
    TeamFormed,
    TeamDissolved,
    TeamRestated,
    TeamAreaSet,
    TeamMemberSeated,
    TeamMemberReleased,
    TeamSeatRestated,
    AbsenceRecorded,
    AbsenceRestated,
)
