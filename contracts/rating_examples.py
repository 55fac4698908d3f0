"""Made-up ratings and awards, one of each type, for the published documents and the golden records."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.membership import DocumentRef, OrganisationType
from contracts.membership_public import (
    RatedUnit,
    UnitAwarded,
    UnitAwardWithdrawn,
    UnitRating,
    UnitRatingCorrected,
    UnitsRated,
)
from contracts.ratings import (
    AwardKind,
    AwardLevel,
    Grade,
    MemberAwarded,
    MemberAwardWithdrawn,
    MemberRating,
    MemberRatingCorrected,
    MembersRated,
    NotRatedReason,
    OrganisationAwarded,
    OrganisationAwardWithdrawn,
    OrganisationRating,
    OrganisationRatingCorrected,
    OrganisationsRated,
    Rating,
    Score,
    TaskResults,
)

_COMMITTEE: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000a1")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_NEW_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c2")
_MEMBER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d1")
_MEMBERS_LIST: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e1")
_UNITS_LIST: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e2")
_MEMBER_AWARD: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f1")
_FLAG: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f2")

_RULE: Final = DocumentRef(number="21-HD/BTCTW", date=date(2019, 10, 18))
_RULE_2025: Final = DocumentRef(number="366-QĐ/TW", date=date(2025, 8, 30))
_DECISION: Final = DocumentRef(number="112-QĐ/ĐU", date=date(2025, 12, 22))
_GOOD: Final = Rating(
    grade=Grade.GOOD,
    score=Score(
        common_hundredths=2750,
        results_hundredths=6150,
        tasks=TaskResults(assigned=12, done=12, exceeded=2, late=0, disciplined=False),
    ),
)
_EXCELLENT: Final = Rating(grade=Grade.EXCELLENT)
_COMPLETED: Final = Rating(grade=Grade.COMPLETED)
_TOO_NEW: Final = Rating(not_rated=NotRatedReason.NEWLY_FORMED)
_FLAG_TITLE: Final = "Cờ “Trong sạch, vững mạnh” tiêu biểu 5 năm liên tục"
_FLAG_DAY: Final = date(2020, 2, 3)

RATING_EXAMPLES: Final[tuple[Event, ...]] = (
    MembersRated(
        effective_date=date(2025, 12, 31),
        decision_date=date(2025, 12, 22),
        member_rating_list_id=_MEMBERS_LIST,
        organisation_id=_CELL,
        year=2025,
        rule=_RULE_2025,
        ratings=(MemberRating(member_id=_MEMBER, cell_id=_CELL, after=_GOOD),),
        document=_DECISION,
    ),
    MemberRatingCorrected(
        effective_date=date(2025, 12, 31),
        decision_date=date(2026, 1, 15),
        member_rating_list_id=_MEMBERS_LIST,
        year=2025,
        member_id=_MEMBER,
        cell_id=_CELL,
        corrects=1,
        before=_GOOD,
        after=_COMPLETED,
    ),
    OrganisationsRated(
        effective_date=date(2019, 12, 31),
        decision_date=date(2019, 12, 25),
        rating_list_id=_UNITS_LIST,
        organisation_id=_COMMITTEE,
        year=2019,
        rule=_RULE,
        ratings=(
            OrganisationRating(
                organisation_id=_CELL, type=OrganisationType.SUBORDINATE_CELL, after=_EXCELLENT
            ),
            OrganisationRating(
                organisation_id=_NEW_CELL, type=OrganisationType.SUBORDINATE_CELL, after=_TOO_NEW
            ),
        ),
        document=DocumentRef(number="98-QĐ/ĐU", date=date(2019, 12, 25)),
    ),
    OrganisationRatingCorrected(
        effective_date=date(2019, 12, 31),
        decision_date=date(2020, 1, 10),
        rating_list_id=_UNITS_LIST,
        year=2019,
        organisation_id=_CELL,
        type=OrganisationType.SUBORDINATE_CELL,
        corrects=1,
        before=_EXCELLENT,
        after=Rating(grade=Grade.GOOD),
    ),
    MemberAwarded(
        effective_date=_FLAG_DAY,
        decision_date=date(2020, 1, 20),
        member_award_id=_MEMBER_AWARD,
        member_id=_MEMBER,
        kind=AwardKind.COMMENDATION,
        level=AwardLevel.BLOC,
        cell_id=_CELL,
    ),
    MemberAwardWithdrawn(
        effective_date=_FLAG_DAY,
        member_award_id=_MEMBER_AWARD,
        member_id=_MEMBER,
        kind=AwardKind.COMMENDATION,
        level=AwardLevel.BLOC,
        cell_id=_CELL,
    ),
    OrganisationAwarded(
        effective_date=_FLAG_DAY,
        decision_date=date(2020, 1, 20),
        award_id=_FLAG,
        organisation_id=_COMMITTEE,
        kind=AwardKind.FIVE_YEAR_FLAG,
        level=AwardLevel.PROVINCE,
        title=_FLAG_TITLE,
        last_year=2019,
        document=DocumentRef(number="1203-QĐ/TU", date=date(2020, 1, 20)),
    ),
    OrganisationAwardWithdrawn(
        effective_date=_FLAG_DAY,
        award_id=_FLAG,
        organisation_id=_COMMITTEE,
        kind=AwardKind.FIVE_YEAR_FLAG,
        level=AwardLevel.PROVINCE,
    ),
    UnitsRated(
        effective_date=date(2019, 12, 31),
        decision_date=date(2019, 12, 25),
        rating_list_id=_UNITS_LIST,
        superior_id=_COMMITTEE,
        year=2019,
        rule=_RULE,
        units=(
            RatedUnit(unit_id=_CELL, rating=UnitRating(grade=Grade.EXCELLENT, not_rated=None)),
            RatedUnit(
                unit_id=_NEW_CELL, rating=UnitRating(grade=None, not_rated=NotRatedReason.NEWLY_FORMED)
            ),
        ),
    ),
    UnitRatingCorrected(
        effective_date=date(2019, 12, 31),
        decision_date=date(2020, 1, 10),
        rating_list_id=_UNITS_LIST,
        year=2019,
        unit_id=_CELL,
        rating_before=UnitRating(grade=Grade.EXCELLENT, not_rated=None),
        rating=UnitRating(grade=Grade.GOOD, not_rated=None),
    ),
    UnitAwarded(
        effective_date=_FLAG_DAY,
        decision_date=date(2020, 1, 20),
        award_id=_FLAG,
        unit_id=_COMMITTEE,
        kind=AwardKind.FIVE_YEAR_FLAG,
        level=AwardLevel.PROVINCE,
        title=_FLAG_TITLE,
    ),
    UnitAwardWithdrawn(effective_date=_FLAG_DAY, award_id=_FLAG, unit_id=_COMMITTEE),
)
