"""Internal events of what holds of a member beside where they count, from a day on until it ends.

Exemption from party work and meetings (miễn công tác và sinh hoạt đảng), suspension (đình chỉ sinh hoạt đảng) and a
temporary stay in another cell (sinh hoạt đảng tạm thời) are dimensions of their own: none changes where somebody
counts or as what, so that no figure of strength moves. They are of the member, as `contracts.membership` is.
Why somebody is exempt or suspended stays in membership.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, Event, Value


class SpellKind(StrEnum):
    """What may hold of a member for a time; each kind at most once on any day."""

    EXEMPTION = "exemption"
    """Miễn công tác và sinh hoạt đảng."""
    SUSPENSION = "suspension"
    """Đình chỉ sinh hoạt đảng."""
    TEMPORARY_STAY = "temporary_stay"
    """Sinh hoạt đảng tạm thời: they take part in the host's meetings and count at home."""


class Spell(Value):
    """Something that holds of a member on each day from `from_on` on until the day before `ended_on`."""

    kind: Annotated[SpellKind, PSEUDONYMOUS]
    fact: Annotated[int, PSEUDONYMOUS]
    """Which fact of the member began it: the version of the member's event that stated it."""
    from_on: Annotated[date, PSEUDONYMOUS]
    until: Annotated[date | None, PSEUDONYMOUS] = None
    """The first day on which it is meant to hold no more; it goes on until its end is recorded."""
    cell_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    """The host; of a temporary stay only."""
    ended_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The first day on which it held no more; None while it goes on."""


class MemberExempted(Event):
    """A member need not work for the party or come to its meetings; they stay official and may receive badges.

    Leaving the register ends it, as any other spell (`MemberLeft.ended`).
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.member-exempted.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[Spell, PSEUDONYMOUS]
    """With its end where that is known already: it may be told late."""


class MemberExemptionEnded(Event):
    """A member takes part in party work and meetings again."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-exemption-ended.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Spell, PSEUDONYMOUS]
    after: Annotated[Spell, PSEUDONYMOUS]


class MemberSuspended(Event):
    """A member is suspended from party activities: still a member, and not to come to meetings."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-suspended.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[Spell, PSEUDONYMOUS]


class MemberSuspensionLifted(Event):
    """A member who was suspended may take part again."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-suspension-lifted.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Spell, PSEUDONYMOUS]
    after: Annotated[Spell, PSEUDONYMOUS]


class MemberTemporaryStayBegan(Event):
    """A member takes part in the meetings of another cell for a time, and counts in their own all the while.

    Who sits on the committee at home keeps the seat. A move to the host ends the stay (`MemberMoved.ended`).
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.member-temporary-stay-began.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[Spell, PSEUDONYMOUS]


class MemberTemporaryStayEnded(Event):
    """A member takes part in the meetings of their own cell again."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-temporary-stay-ended.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Spell, PSEUDONYMOUS]
    after: Annotated[Spell, PSEUDONYMOUS]


SpellBegan = MemberExempted | MemberSuspended | MemberTemporaryStayBegan
SpellEnded = MemberExemptionEnded | MemberSuspensionLifted | MemberTemporaryStayEnded
SpellEvent = SpellBegan | SpellEnded

EVENTS: tuple[type[Event], ...] = (
    MemberExempted,
    MemberExemptionEnded,
    MemberSuspended,
    MemberSuspensionLifted,
    MemberTemporaryStayBegan,
    MemberTemporaryStayEnded,
)
