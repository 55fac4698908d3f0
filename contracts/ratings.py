"""Internal events of annual ratings (đánh giá, xếp loại chất lượng hằng năm) and of awards (khen thưởng).

A list of ratings is an aggregate: what one decision says of the members of a cell, or of the units under a committee,
for one year. All of it is one event, because the cap on the highest grade is judged over the whole list; a later
event puts one rating right and names the event that stated it. An award is an aggregate of its own.
"""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.membership import DocumentRef, OrganisationType


class Grade(StrEnum):
    """The four grades, of members and of organisations alike (DOMAIN: Membership)."""

    EXCELLENT = "excellent"
    """Hoàn thành xuất sắc nhiệm vụ."""
    GOOD = "good"
    """Hoàn thành tốt nhiệm vụ."""
    COMPLETED = "completed"
    """Hoàn thành nhiệm vụ."""
    NOT_COMPLETED = "not_completed"
    """Không hoàn thành nhiệm vụ."""


class NotRatedReason(StrEnum):
    """Why somebody or something has no grade for a year (chưa xếp loại, không xếp loại)."""

    NEWLY_FORMED = "newly_formed"
    """A unit founded under six months before the end of the year (mới thành lập dưới 6 tháng)."""
    NEWLY_ADMITTED = "newly_admitted"
    """A member admitted too shortly before the end of the year; a convention of this system."""
    EXEMPT = "exempt"
    """Miễn công tác và sinh hoạt đảng."""
    SUSPENDED = "suspended"
    """Đình chỉ sinh hoạt đảng."""
    OTHER = "other"
    """Another reason, which the decision states."""


class TaskResults(Value):
    """How the tasks of the year were done, in numbers of tasks."""

    assigned: Annotated[int, PSEUDONYMOUS]
    done: Annotated[int, PSEUDONYMOUS]
    exceeded: Annotated[int, PSEUDONYMOUS]
    """Done beyond what was asked."""
    late: Annotated[int, PSEUDONYMOUS]
    """Not done in time."""
    disciplined: Annotated[bool, PSEUDONYMOUS]
    """Whether a unit below, or one of those who lead it, was disciplined in the year."""


class Score(Value):
    """The points of a year, in hundredths of a point, so that they are exact."""

    common_hundredths: Annotated[int, PSEUDONYMOUS]
    """For the common criteria, of 3,000."""
    results_hundredths: Annotated[int, PSEUDONYMOUS]
    """For the results of tasks, of 7,000."""
    tasks: Annotated[TaskResults | None, PSEUDONYMOUS] = None


class Rating(Value):
    """A grade, or the reason why there is none: one of the two is there, never both."""

    grade: Annotated[Grade | None, PSEUDONYMOUS] = None
    not_rated: Annotated[NotRatedReason | None, PSEUDONYMOUS] = None
    score: Annotated[Score | None, PSEUDONYMOUS] = None


class MemberRating(Value):
    """How a member is rated, and the cell where they were counted on the last day of the year."""

    member_id: Annotated[UUID, PSEUDONYMOUS]
    cell_id: Annotated[UUID, PSEUDONYMOUS]
    after: Annotated[Rating, PSEUDONYMOUS]


class OrganisationRating(Value):
    """How a unit is rated, and what it was on the last day of the year."""

    organisation_id: Annotated[UUID, PUBLIC]
    type: Annotated[OrganisationType, PUBLIC]
    after: Annotated[Rating, PSEUDONYMOUS]


class MembersRated(Event):
    """The members of a cell, or of all cells of a grassroots committee, were rated for a year.

    `effective_date` is the last day of that year. Nobody on the list had a rating for it before.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.members-rated.v1"
    AGGREGATE: ClassVar[str] = "member_rating_list"
    KEY: ClassVar[str] = "member_rating_list_id"

    member_rating_list_id: Annotated[UUID, PUBLIC]
    organisation_id: Annotated[UUID, PUBLIC]
    """The cell, or the committee above all their cells."""
    year: Annotated[int, PUBLIC]
    rule: Annotated[DocumentRef | None, PUBLIC]
    """The rule document they were rated by; None for a year of which this system holds no rule."""
    ratings: Annotated[tuple[MemberRating, ...], PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class MemberRatingCorrected(Event):
    """One rating of a list is another than was stated; nothing is erased.

    `corrects` is the version of the list's event that stated it, None where it is only late (`before` is None then).
    `after` is None where it is withdrawn. `year` and `effective_date` as with MembersRated.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.member-rating-corrected.v1"
    AGGREGATE: ClassVar[str] = "member_rating_list"
    KEY: ClassVar[str] = "member_rating_list_id"

    member_rating_list_id: Annotated[UUID, PUBLIC]
    year: Annotated[int, PUBLIC]
    member_id: Annotated[UUID, PSEUDONYMOUS]
    cell_id: Annotated[UUID, PSEUDONYMOUS]
    corrects: Annotated[int | None, PSEUDONYMOUS]
    before: Annotated[Rating | None, PSEUDONYMOUS]
    after: Annotated[Rating | None, PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class OrganisationsRated(Event):
    """The units directly under a committee were rated for a year; `effective_date` is its last day."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisations-rated.v1"
    AGGREGATE: ClassVar[str] = "rating_list"
    KEY: ClassVar[str] = "rating_list_id"

    rating_list_id: Annotated[UUID, PUBLIC]
    organisation_id: Annotated[UUID, PUBLIC]
    """The committee above them."""
    year: Annotated[int, PUBLIC]
    rule: Annotated[DocumentRef | None, PUBLIC]
    """The rule document they were rated by; None for a year of which this system holds no rule."""
    ratings: Annotated[tuple[OrganisationRating, ...], PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class OrganisationRatingCorrected(Event):
    """One rating of a list is another than was stated; `corrects`, `before` and `after` as with members."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-rating-corrected.v1"
    AGGREGATE: ClassVar[str] = "rating_list"
    KEY: ClassVar[str] = "rating_list_id"

    rating_list_id: Annotated[UUID, PUBLIC]
    year: Annotated[int, PUBLIC]
    organisation_id: Annotated[UUID, PUBLIC]
    """The unit that is rated."""
    type: Annotated[OrganisationType, PUBLIC]
    corrects: Annotated[int | None, PUBLIC]
    before: Annotated[Rating | None, PSEUDONYMOUS]
    after: Annotated[Rating | None, PSEUDONYMOUS]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class AwardKind(StrEnum):
    """What an award is; its title has the words."""

    FIVE_YEAR_FLAG = "five_year_flag"
    """Cờ "Trong sạch, vững mạnh" tiêu biểu 5 năm liên tục; of units only."""
    FLAG = "flag"
    """Another flag (cờ)."""
    MERIT = "merit"
    """Bằng khen."""
    COMMENDATION = "commendation"
    """Giấy khen."""
    OTHER = "other"
    """Another award; party badges for years of membership are no awards of this kind."""


class AwardLevel(StrEnum):
    """Which level of the Party awards it."""

    CENTRAL = "central"
    """Trung ương."""
    PROVINCE = "province"
    """Tỉnh ủy, Ban Thường vụ Tỉnh ủy."""
    BLOC = "bloc"
    """Đảng ủy Khối."""
    GRASSROOTS = "grassroots"
    """Đảng ủy, chi ủy cơ sở."""


class MemberAwarded(Event):
    """A member received an award on `effective_date`."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-awarded.v1"
    AGGREGATE: ClassVar[str] = "member_award"
    KEY: ClassVar[str] = "member_award_id"

    member_award_id: Annotated[UUID, PSEUDONYMOUS]
    member_id: Annotated[UUID, PSEUDONYMOUS]
    kind: Annotated[AwardKind, PSEUDONYMOUS]
    level: Annotated[AwardLevel, PSEUDONYMOUS]
    cell_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    """Where they counted on that day, as far as was known; None where they did nowhere, and in earlier events."""


class MemberAwardWithdrawn(Event):
    """An award to a member was recorded wrongly, or taken back: it counts no more, from the beginning.

    `effective_date` is the day of the award.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.member-award-withdrawn.v1"
    AGGREGATE: ClassVar[str] = "member_award"
    KEY: ClassVar[str] = "member_award_id"

    member_award_id: Annotated[UUID, PSEUDONYMOUS]
    member_id: Annotated[UUID, PSEUDONYMOUS]
    kind: Annotated[AwardKind, PSEUDONYMOUS]
    level: Annotated[AwardLevel, PSEUDONYMOUS]
    cell_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    """As the award stated it."""


class OrganisationAwarded(Event):
    """A unit received an award on `effective_date`."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-awarded.v1"
    AGGREGATE: ClassVar[str] = "award"
    KEY: ClassVar[str] = "award_id"

    award_id: Annotated[UUID, PUBLIC]
    organisation_id: Annotated[UUID, PUBLIC]
    kind: Annotated[AwardKind, PUBLIC]
    level: Annotated[AwardLevel, PUBLIC]
    title: Annotated[str, PUBLIC]
    last_year: Annotated[int | None, PUBLIC]
    """Of a five-year flag: the last of the five years."""
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class OrganisationAwardWithdrawn(Event):
    """An award to a unit was recorded wrongly, or taken back: it counts no more, from the beginning.

    `effective_date` is the day of the award.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-award-withdrawn.v1"
    AGGREGATE: ClassVar[str] = "award"
    KEY: ClassVar[str] = "award_id"

    award_id: Annotated[UUID, PUBLIC]
    organisation_id: Annotated[UUID, PUBLIC]
    kind: Annotated[AwardKind, PUBLIC]
    level: Annotated[AwardLevel, PUBLIC]


RatingEvent = MembersRated | MemberRatingCorrected | OrganisationsRated | OrganisationRatingCorrected
AwardEvent = MemberAwarded | MemberAwardWithdrawn | OrganisationAwarded | OrganisationAwardWithdrawn

EVENTS: tuple[type[Event], ...] = (
    MembersRated,
    MemberRatingCorrected,
    OrganisationsRated,
    OrganisationRatingCorrected,
    MemberAwarded,
    MemberAwardWithdrawn,
    OrganisationAwarded,
    OrganisationAwardWithdrawn,
)
