"""Internal events of the register of candidates (quần chúng ưu tú): who a cell prepares for admission to the party.

A candidate is an aggregate of its own and no member: none of these events changes a count of members. That somebody
was admitted is said by `MemberAdmitted`, recorded in one transaction with `CandidateAdmitted`. `after` is all that is
said of the candidate from that event on, so that a reader keeps one row for each.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, Event, Value


class CandidateStage(StrEnum):
    """How far a candidate is; nothing follows the last two."""

    LISTED = "listed"
    """On the cell's list of candidates (danh sách quần chúng ưu tú)."""
    ADMITTED = "admitted"
    """Kết nạp: a member on probation from that day on."""
    STRUCK = "struck"
    """Off the list without being admitted (đưa ra khỏi danh sách)."""


class StrikeReason(StrEnum):
    """Why a candidate is on the list no more."""

    WITHDRAWN = "withdrawn"
    """They no longer wish it."""
    UNFIT = "unfit"
    """The cell found that they do not meet the conditions."""
    GONE = "gone"
    """They went to live or work elsewhere."""
    MISTAKE = "mistake"
    """They were listed by mistake."""
    UNSTATED = "unstated"
    """The source does not state it."""


class Introducer(Value):
    """An official member who helps a candidate and introduces them (đảng viên được phân công giúp đỡ)."""

    member_id: Annotated[UUID, PSEUDONYMOUS]
    since: Annotated[date, PSEUDONYMOUS]
    """From when they have worked or lived together."""


class Candidate(Value):
    """All that is said of a candidate, nothing of who they are."""

    cell_id: Annotated[UUID, PSEUDONYMOUS]
    stage: Annotated[CandidateStage, PSEUDONYMOUS]
    listed_on: Annotated[date, PSEUDONYMOUS]
    certified_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The day of the last certificate of the course on the party (giấy chứng nhận học lớp nhận thức về Đảng)."""
    introducers: Annotated[tuple[Introducer, ...], PSEUDONYMOUS] = ()
    voted_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The day of the cell's vote; of who was admitted, where it is known."""
    ended_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The first day on which they are on the list no more: that of the ceremony, for who was admitted."""
    struck_for: Annotated[StrikeReason | None, PSEUDONYMOUS] = None
    member_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    """Who they are as a member; of who was admitted."""


class CandidateListed(Event):
    """A cell put somebody on its list of candidates."""

    TYPE: ClassVar[str] = "vn.chibo.membership.candidate-listed.v1"
    AGGREGATE: ClassVar[str] = "candidate"
    KEY: ClassVar[str] = "candidate_id"

    candidate_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[Candidate, PSEUDONYMOUS]


class CandidateMoved(Event):
    """A candidate is on the list of another cell from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.candidate-moved.v1"
    AGGREGATE: ClassVar[str] = "candidate"
    KEY: ClassVar[str] = "candidate_id"

    candidate_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Candidate, PSEUDONYMOUS]
    after: Annotated[Candidate, PSEUDONYMOUS]


class CandidateCertified(Event):
    """A candidate was given a certificate of the course on the party, which is valid for some years."""

    TYPE: ClassVar[str] = "vn.chibo.membership.candidate-certified.v1"
    AGGREGATE: ClassVar[str] = "candidate"
    KEY: ClassVar[str] = "candidate_id"

    candidate_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Candidate, PSEUDONYMOUS]
    after: Annotated[Candidate, PSEUDONYMOUS]


class CandidateIntroduced(Event):
    """Members were assigned to help and introduce a candidate, in the place of those before."""

    TYPE: ClassVar[str] = "vn.chibo.membership.candidate-introduced.v1"
    AGGREGATE: ClassVar[str] = "candidate"
    KEY: ClassVar[str] = "candidate_id"

    candidate_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Candidate, PSEUDONYMOUS]
    after: Annotated[Candidate, PSEUDONYMOUS]


class CandidateAdmitted(Event):
    """A candidate was admitted to the party; `MemberAdmitted` says what they count as."""

    TYPE: ClassVar[str] = "vn.chibo.membership.candidate-admitted.v1"
    AGGREGATE: ClassVar[str] = "candidate"
    KEY: ClassVar[str] = "candidate_id"

    candidate_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Candidate, PSEUDONYMOUS]
    after: Annotated[Candidate, PSEUDONYMOUS]


class CandidateStruck(Event):
    """A candidate is on the list no more, and was not admitted."""

    TYPE: ClassVar[str] = "vn.chibo.membership.candidate-struck.v1"
    AGGREGATE: ClassVar[str] = "candidate"
    KEY: ClassVar[str] = "candidate_id"

    candidate_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[Candidate, PSEUDONYMOUS]
    after: Annotated[Candidate, PSEUDONYMOUS]


class CandidateRestated(Event):
    """What was said of a candidate was put right, or taken back.

    `effective_date` is the day of the fact, as it now stands or as it was taken back. Both sides are alike where only
    the decision, or who the person is, was put right.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.candidate-restated.v1"
    AGGREGATE: ClassVar[str] = "candidate"
    KEY: ClassVar[str] = "candidate_id"

    candidate_id: Annotated[UUID, PSEUDONYMOUS]
    corrects: Annotated[int, PSEUDONYMOUS]
    """Version of the event that stated the fact."""
    withdrawn: Annotated[bool, PSEUDONYMOUS]
    before: Annotated[Candidate, PSEUDONYMOUS]
    after: Annotated[Candidate, PSEUDONYMOUS]


CandidateEvent = (
    CandidateListed
    | CandidateMoved
    | CandidateCertified
    | CandidateIntroduced
    | CandidateAdmitted
    | CandidateStruck
    | CandidateRestated
)

EVENTS: tuple[type[Event], ...] = (
    CandidateListed,
    CandidateMoved,
    CandidateCertified,
    CandidateIntroduced,
    CandidateAdmitted,
    CandidateStruck,
    CandidateRestated,
)
