"""Internal events of the membership service: the whole stream, read only by this system's own services.

Each event states the change it makes, before and after, fat enough that a statistic needs no look-up: the
count of any group is the sum of +1 for each `after` and -1 for each `before` in it, in whatever order they
come. `None` stands for "not there" on either side.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value


class OrganisationType(StrEnum):
    """The five kinds of unit in the tree (DOMAIN: who is in it)."""

    BLOC = "bloc"
    GRASSROOTS_COMMITTEE = "grassroots_committee"
    DIVISIONAL_COMMITTEE = "divisional_committee"
    GRASSROOTS_CELL = "grassroots_cell"
    SUBORDINATE_CELL = "subordinate_cell"

    @property
    def is_cell(self) -> bool:
        """Whether members belong to a unit of this type (chi bộ cơ sở, chi bộ trực thuộc)."""
        return self in {OrganisationType.GRASSROOTS_CELL, OrganisationType.SUBORDINATE_CELL}


class Gender(StrEnum):
    """Gender as the register has it."""

    FEMALE = "female"
    MALE = "male"


class Standing(StrEnum):
    """Probationary (dự bị) until confirmed, then official (chính thức)."""

    PROBATIONARY = "probationary"
    OFFICIAL = "official"


class DepartureReason(StrEnum):
    """The ways out of the register."""

    TRANSFERRED_OUT = "transferred_out"
    """Chuyển sinh hoạt đảng đi."""
    RESIGNED = "resigned"
    """Xin ra khỏi Đảng."""
    REMOVED = "removed"
    """Xóa tên."""
    EXPELLED = "expelled"
    """Khai trừ."""
    DIED = "died"
    """Từ trần."""
    UNSTATED = "unstated"
    """The source gives a date of leaving and no reason."""


class OrganisationState(Value):
    """What a unit is and where it hangs."""

    type: Annotated[OrganisationType, PUBLIC]
    parent_id: Annotated[UUID | None, PUBLIC]
    """None for the root of a tree."""


class MemberState(Value):
    """Where a member is counted, and in which groups."""

    cell_id: Annotated[UUID, PSEUDONYMOUS]
    standing: Annotated[Standing, PSEUDONYMOUS]
    gender: Annotated[Gender, PSEUDONYMOUS]
    ethnic_minority: Annotated[bool, PSEUDONYMOUS]
    """Any ethnic group but Kinh; which one stays in membership."""
    religious: Annotated[bool, PSEUDONYMOUS]
    """Has a religion (có đạo); which one stays in membership."""
    youth_union: Annotated[bool, PSEUDONYMOUS]
    """Of youth-union age and counted there (đoàn viên, thanh niên)."""
    birth_date: Annotated[date, PSEUDONYMOUS]
    """To the day: an age band of a given date is exact only with it."""


class OrganisationEstablished(Event):
    """A unit exists from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-established.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    KEY: ClassVar[str] = "organisation_id"

    organisation_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[OrganisationState, PUBLIC]


class OrganisationDissolved(Event):
    """A unit exists no more from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-dissolved.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    KEY: ClassVar[str] = "organisation_id"

    organisation_id: Annotated[UUID, PUBLIC]
    before: Annotated[OrganisationState, PUBLIC]
    after: Annotated[None, PUBLIC] = None


class MemberAdmitted(Event):
    """Somebody entered the register of a cell, on probation."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-admitted.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[MemberState, PSEUDONYMOUS]


class MemberConfirmed(Event):
    """A member on probation became an official member."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-confirmed.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[MemberState, PSEUDONYMOUS]
    after: Annotated[MemberState, PSEUDONYMOUS]


class MemberLeft(Event):
    """A member left the register; the day of leaving no longer counts."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-left.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    reason: Annotated[DepartureReason, PSEUDONYMOUS]
    before: Annotated[MemberState, PSEUDONYMOUS]
    after: Annotated[None, PSEUDONYMOUS] = None


OrganisationEvent = OrganisationEstablished | OrganisationDissolved
MemberEvent = MemberAdmitted | MemberConfirmed | MemberLeft
MembershipEvent = OrganisationEvent | MemberEvent

EVENTS: tuple[type[Event], ...] = (
    OrganisationEstablished,
    OrganisationDissolved,
    MemberAdmitted,
    MemberConfirmed,
    MemberLeft,
)
