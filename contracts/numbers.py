"""Internal events of the numbers by which the party knows a member: that they have one, never which."""

from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, Event, Value


class HeldNumbers(Value):
    """Which numbers a member has."""

    card: Annotated[bool, PSEUDONYMOUS]
    """Of a party card (số thẻ đảng viên)."""
    file: Annotated[bool, PSEUDONYMOUS]
    """Of a member's file (số lý lịch đảng viên)."""


class MemberNumbersRecorded(Event):
    """A member was given a party card or a file number, or has another one from `effective_date` on.

    Both sides are alike where a number took the place of another.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.member-numbers-recorded.v1"
    AGGREGATE: ClassVar[str] = "member_numbers"
    KEY: ClassVar[str] = "numbers_id"

    numbers_id: Annotated[UUID, PSEUDONYMOUS]
    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[HeldNumbers | None, PSEUDONYMOUS]
    """None the first time."""
    after: Annotated[HeldNumbers, PSEUDONYMOUS]


EVENTS: tuple[type[Event], ...] = (MemberNumbersRecorded,)
