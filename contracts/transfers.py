"""Internal events of transfers (chuyển sinh hoạt đảng): how far somebody is on the way from one cell to another.

A transfer is an aggregate of its own. It says who is on the way, never where they count: that a member moved, left,
came or stays elsewhere for a time is said by the member's own event, recorded in one transaction with
`TransferReceived`. `after` is the whole of the transfer from that event on, so that a reader keeps one row for each.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, Event, Value


class TransferKind(StrEnum):
    """The five ways of DOMAIN: Transfer."""

    WITHIN_COMMITTEE = "within_committee"
    """Both cells are of one grassroots organisation (trong nội bộ tổ chức cơ sở đảng)."""
    WITHIN_BLOC = "within_bloc"
    """Both cells are in this register, of different grassroots organisations (trong Đảng bộ Khối)."""
    OUT_OF_BLOC = "out_of_bloc"
    """Chuyển đi."""
    INTO_BLOC = "into_bloc"
    """Chuyển đến."""
    TEMPORARY = "temporary"
    """To a cell of this register for a time, while the member counts at home (sinh hoạt tạm thời)."""


class TransferState(StrEnum):
    """How far a transfer is; nothing follows the last three."""

    REQUESTED = "requested"
    RELEASED = "released"
    """The origin has let them go with a letter of introduction (giấy giới thiệu sinh hoạt đảng)."""
    RECEIVED = "received"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_open(self) -> bool:
        """Whether the member is on the way."""
        return self in {TransferState.REQUESTED, TransferState.RELEASED}


class CancelReason(StrEnum):
    """Why a transfer came to nothing."""

    WITHDRAWN = "withdrawn"
    """The member or the origin no longer asks for it (rút đề nghị)."""
    REFUSED = "refused"
    """The destination does not receive them (nơi đến không tiếp nhận)."""
    LEFT_REGISTER = "left_register"
    """The member left the register in another way, as by death."""
    UNSTATED = "unstated"
    """The source does not state it."""


class Transfer(Value):
    """The whole of a transfer."""

    member_id: Annotated[UUID, PSEUDONYMOUS]
    """Of somebody who comes into the register for the first time it is the id that they will have there."""
    kind: Annotated[TransferKind, PSEUDONYMOUS]
    state: Annotated[TransferState, PSEUDONYMOUS]
    origin_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    """The cell; None where it is outside the register."""
    destination_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    """The cell; None where it is outside the register."""
    requested_on: Annotated[date, PSEUDONYMOUS]
    released_on: Annotated[date | None, PSEUDONYMOUS] = None
    ended_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The day on which they were received, or on which it was cancelled or expired; None while it is open."""
    until_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The day on which a temporary stay is meant to end."""
    cancelled_for: Annotated[CancelReason | None, PSEUDONYMOUS] = None


class TransferRequested(Event):
    """A member is to go to another cell."""

    TYPE: ClassVar[str] = "vn.chibo.membership.transfer-requested.v1"
    AGGREGATE: ClassVar[str] = "transfer"
    KEY: ClassVar[str] = "transfer_id"

    transfer_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[Transfer, PSEUDONYMOUS]


class TransferReleased(Event):
    """The origin let a member go; they count there until they are received."""

    TYPE: ClassVar[str] = "vn.chibo.membership.transfer-released.v1"
    AGGREGATE: ClassVar[str] = "transfer"
    KEY: ClassVar[str] = "transfer_id"

    transfer_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Transfer, PSEUDONYMOUS]
    after: Annotated[Transfer, PSEUDONYMOUS]


class TransferReceived(Event):
    """The destination received a member; the member's own event says what they count as from that day on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.transfer-received.v1"
    AGGREGATE: ClassVar[str] = "transfer"
    KEY: ClassVar[str] = "transfer_id"

    transfer_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Transfer, PSEUDONYMOUS]
    after: Annotated[Transfer, PSEUDONYMOUS]


class TransferCancelled(Event):
    """A transfer came to nothing by a decision; the member stays where they are."""

    TYPE: ClassVar[str] = "vn.chibo.membership.transfer-cancelled.v1"
    AGGREGATE: ClassVar[str] = "transfer"
    KEY: ClassVar[str] = "transfer_id"

    transfer_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Transfer, PSEUDONYMOUS]
    after: Annotated[Transfer, PSEUDONYMOUS]


class TransferExpired(Event):
    """A transfer came to nothing because its time was over; the member stays where they are."""

    TYPE: ClassVar[str] = "vn.chibo.membership.transfer-expired.v1"
    AGGREGATE: ClassVar[str] = "transfer"
    KEY: ClassVar[str] = "transfer_id"

    transfer_id: Annotated[UUID, PSEUDONYMOUS]
    due_on: Annotated[date, PSEUDONYMOUS]
    """The last day on which they could have been received in time."""
    before: Annotated[Transfer, PSEUDONYMOUS]
    after: Annotated[Transfer, PSEUDONYMOUS]


class TransferRestated(Event):
    """A step of a transfer was put right, or the last one withdrawn; in that case the state is another after it.

    `effective_date` is the day of the step, as it now stands or as it was withdrawn, and `decision_date` what decided
    the step, or its withdrawal. Both sides are alike where only that, or the place outside, was put right.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.transfer-restated.v1"
    AGGREGATE: ClassVar[str] = "transfer"
    KEY: ClassVar[str] = "transfer_id"

    transfer_id: Annotated[UUID, PSEUDONYMOUS]
    corrects: Annotated[int, PSEUDONYMOUS]
    """Version of the event that stated the step."""
    before: Annotated[Transfer, PSEUDONYMOUS]
    after: Annotated[Transfer, PSEUDONYMOUS]


TransferEvent = (
    TransferRequested
    | TransferReleased
    | TransferReceived
    | TransferCancelled
    | TransferExpired
    | TransferRestated
)

EVENTS: tuple[type[Event], ...] = (
    TransferRequested,
    TransferReleased,
    TransferReceived,
    TransferCancelled,
    TransferExpired,
    TransferRestated,
)
