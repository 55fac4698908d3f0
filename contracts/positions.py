"""Internal events of terms, congresses and positions: who leads which unit, from when until when.

A term and a position are each an aggregate of its own, with few events: nothing else changes when one of them does,
and a reader keeps one row for each, whatever order the others come in. `after` is the whole of it from that event on,
so that the row is the last event's. That two secretaries never hold a unit at once is decided where they are
recorded, with the unit locked.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.membership import DocumentRef


class Position(StrEnum):
    """What somebody is in the leadership of a cell or a committee (DOMAIN: who is in it)."""

    SECRETARY = "secretary"
    """Bí thư."""
    DEPUTY_SECRETARY = "deputy_secretary"
    """Phó bí thư."""
    COMMITTEE_MEMBER = "committee_member"
    """Chi ủy viên, đảng ủy viên: who is neither of the others; those belong to the committee by what they are."""


class Obtained(StrEnum):
    """How somebody came to a position."""

    ELECTED = "elected"
    """Được đại hội bầu."""
    APPOINTED = "appointed"
    """Được chỉ định."""
    SUPPLEMENTED = "supplemented"
    """Được bầu bổ sung, kiện toàn giữa nhiệm kỳ."""
    UNSTATED = "unstated"
    """The source does not state it."""


class PositionEndReason(StrEnum):
    """Why a position ended."""

    TERM_ENDED = "term_ended"
    """Hết nhiệm kỳ."""
    TRANSFERRED = "transferred"
    """Chuyển sinh hoạt đảng, điều động."""
    RESIGNED = "resigned"
    """Thôi giữ chức theo nguyện vọng."""
    DISMISSED = "dismissed"
    """Cách chức, cho thôi giữ chức."""
    LEFT_REGISTER = "left_register"
    """Ra khỏi danh sách đảng viên."""
    DIED = "died"
    """Từ trần."""
    UNIT_DISSOLVED = "unit_dissolved"
    """Tổ chức đảng giải thể."""
    UNSTATED = "unstated"
    """The source does not state it."""


class HeldPosition(Value):
    """Who holds which position in which unit, and on which days."""

    organisation_id: Annotated[UUID, PUBLIC]
    member_id: Annotated[UUID, PSEUDONYMOUS]
    position: Annotated[Position, PSEUDONYMOUS]
    from_on: Annotated[date, PSEUDONYMOUS]
    until_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The first day on which they hold it no longer; None while they do."""
    obtained: Annotated[Obtained, PSEUDONYMOUS] = Obtained.UNSTATED
    end_reason: Annotated[PositionEndReason | None, PSEUDONYMOUS] = None
    """None where it has not ended."""


class PositionTaken(Event):
    """Somebody holds a position in a unit from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.position-taken.v1"
    AGGREGATE: ClassVar[str] = "position"
    KEY: ClassVar[str] = "position_id"

    position_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[HeldPosition, PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PSEUDONYMOUS] = None
    """None where the source does not state it."""


class PositionEnded(Event):
    """Somebody holds a position no more from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.position-ended.v1"
    AGGREGATE: ClassVar[str] = "position"
    KEY: ClassVar[str] = "position_id"

    position_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[HeldPosition, PSEUDONYMOUS]
    after: Annotated[HeldPosition, PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PSEUDONYMOUS] = None
    """None where the source does not state it."""


class PositionRestated(Event):
    """What was said of a position was wrong, and is now another; nothing is erased.

    `corrects` is the number of the fact that was wrong: the version of the position's event that stated it.
    `after` is None where the position never was held. `effective_date` is the first day that is otherwise now.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.position-restated.v1"
    AGGREGATE: ClassVar[str] = "position"
    KEY: ClassVar[str] = "position_id"

    position_id: Annotated[UUID, PSEUDONYMOUS]
    corrects: Annotated[int, PSEUDONYMOUS]
    before: Annotated[HeldPosition, PSEUDONYMOUS]
    after: Annotated[HeldPosition | None, PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PSEUDONYMOUS] = None
    """None where the source does not state it."""


class Term(Value):
    """A term (nhiệm kỳ) of a unit's leadership, and the congress (đại hội) that opened it."""

    organisation_id: Annotated[UUID, PUBLIC]
    label: Annotated[str, PUBLIC]
    """As the unit calls it, such as `2020–2025`."""
    congress_on: Annotated[date | None, PUBLIC] = None
    """The last day of the congress; None where the term was opened without one, as in a new unit."""
    from_on: Annotated[date, PUBLIC]
    until_on: Annotated[date | None, PUBLIC] = None
    """The first day that is no longer of the term; None while it runs."""


class TermOpened(Event):
    """A unit's leadership has a new term from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.term-opened.v1"
    AGGREGATE: ClassVar[str] = "term"
    KEY: ClassVar[str] = "term_id"

    term_id: Annotated[UUID, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[Term, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class TermEnded(Event):
    """A term of a unit's leadership is over from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.term-ended.v1"
    AGGREGATE: ClassVar[str] = "term"
    KEY: ClassVar[str] = "term_id"

    term_id: Annotated[UUID, PUBLIC]
    before: Annotated[Term, PUBLIC]
    after: Annotated[Term, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class TermRestated(Event):
    """What was said of a term was wrong, and is now another; `corrects` and `after` as with PositionRestated."""

    TYPE: ClassVar[str] = "vn.chibo.membership.term-restated.v1"
    AGGREGATE: ClassVar[str] = "term"
    KEY: ClassVar[str] = "term_id"

    term_id: Annotated[UUID, PUBLIC]
    corrects: Annotated[int, PUBLIC]
    before: Annotated[Term, PUBLIC]
    after: Annotated[Term | None, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


PositionEvent = PositionTaken | PositionEnded | PositionRestated
TermEvent = TermOpened | TermEnded | TermRestated

EVENTS: tuple[type[Event], ...] = (
    PositionTaken,
    PositionEnded,
    PositionRestated,
    TermOpened,
    TermEnded,
    TermRestated,
)
