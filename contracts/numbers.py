"""Internal events of the numbers by which the party knows a member: that they have one, never which."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, Event


class NumberedPaper(StrEnum):
    """A paper of a member that bears a number of its own."""

    PARTY_CARD = "party_card"
    """Thẻ đảng viên."""
    MEMBER_FILE = "member_file"
    """Hồ sơ đảng viên, by its số lý lịch."""


class MemberNumbersRecorded(Event):
    """A member was given a party card or a file number, or has another one from `effective_date` on.

    Both sides are alike where a number took the place of another.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.member-numbers-recorded.v1"
    AGGREGATE: ClassVar[str] = "member_papers"
    KEY: ClassVar[str] = "member_papers_id"

    member_papers_id: Annotated[UUID, PSEUDONYMOUS]
    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[tuple[NumberedPaper, ...] | None, PSEUDONYMOUS]
    """Those with a number; None the first time."""
    after: Annotated[tuple[NumberedPaper, ...], PSEUDONYMOUS]


EVENTS: tuple[type[Event], ...] = (MemberNumbersRecorded,)
