"""One made-up event of each type, for the published documents and the golden records in `published/golden/`."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.candidate_examples import CANDIDATE_EXAMPLES
from contracts.correction_examples import CORRECTION_EXAMPLES
from contracts.event import Event
from contracts.inspection_examples import INSPECTION_EXAMPLES
from contracts.interruption_examples import INTERRUPTION_EXAMPLES
from contracts.meeting_examples import MEETING_EXAMPLES
from contracts.membership import (
    Cause,
    DepartureReason,
    DocumentRef,
    Fact,
    FactKind,
    FirstFact,
    FirstFactKind,
    Gender,
    MemberAdmitted,
    MemberConfirmed,
    MemberHistoryRestated,
    MemberHistoryRestatedV2,
    MemberLeft,
    MemberMoved,
    MemberProfileChanged,
    MemberReceived,
    MemberRestored,
    MemberState,
    MoveReason,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationRenamed,
    OrganisationReparented,
    OrganisationState,
    OrganisationStep,
    OrganisationType,
    OrganisationUpgraded,
    PoliticalTheory,
    ProfileChange,
    Qualification,
    Standing,
    Step,
)
from contracts.membership_public import (
    UnitDissolved,
    UnitEstablished,
    UnitRenamed,
    UnitReparented,
    UnitUpgraded,
)
from contracts.notice_examples import NOTICE_EXAMPLES
from contracts.position_examples import POSITION_EXAMPLES
from contracts.rating_examples import RATING_EXAMPLES
from contracts.reorganisation_examples import REORGANISATION_EXAMPLES
from contracts.resolution_examples import RESOLUTION_EXAMPLES
from contracts.spell_examples import SPELL_EXAMPLES
from contracts.statistics_examples import STATISTICS_EXAMPLES
from contracts.transfer_examples import TRANSFER_EXAMPLES
from contracts.visit_examples import VISIT_EXAMPLES
from contracts.visit_plan_examples import VISIT_PLAN_EXAMPLES

_COMMITTEE: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000a1")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_MEMBER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d1")

_OTHER_COMMITTEE: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000a2")
_BLOC: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000b0")
_CELL_STATE: Final = OrganisationState(type=OrganisationType.SUBORDINATE_CELL, parent_id=_COMMITTEE)
_MOVED: Final = _CELL_STATE.model_copy(update={"parent_id": _OTHER_COMMITTEE})
_GRASSROOTS_CELL: Final = OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=_BLOC)
_COMMITTEE_STATE: Final = OrganisationState(type=OrganisationType.GRASSROOTS_COMMITTEE, parent_id=_BLOC)
_END: Final = date(2020, 7, 1)
_ON_PROBATION: Final = MemberState(
    cell_id=_CELL,
    standing=Standing.PROBATIONARY,
    gender=Gender.FEMALE,
    ethnic_minority=True,
    religious=False,
    youth_union=True,
    birth_date=date(1996, 2, 29),
    joined_on=date(2019, 5, 19),
    party_since=date(2019, 5, 6),
)
_OFFICIAL: Final = _ON_PROBATION.model_copy(update={"standing": Standing.OFFICIAL})
_ELSEWHERE: Final = _OFFICIAL.model_copy(update={"cell_id": UUID("01937b2e-5f00-7a10-8c00-0000000000c2")})
_PROFILE: Final = ProfileChange(
    youth_union=False, qualification=Qualification.MASTER, theory=PoliticalTheory.INTERMEDIATE
)
_FROM_ELSEWHERE: Final = _OFFICIAL.model_copy(update={"joined_on": date(2017, 2, 3), "party_since": None})

_ALL: Final[tuple[Event, ...]] = (
    OrganisationEstablished(
        effective_date=date(2019, 1, 15),
        decision_date=date(2019, 1, 10),
        organisation_id=_CELL,
        code="DBCS-07.03",
        name='Chi bộ Phòng Nghiệp vụ – Kỹ thuật "Đường sắt"',
        after=_CELL_STATE,
    ),
    OrganisationDissolved(effective_date=date(2020, 7, 1), organisation_id=_CELL, before=_CELL_STATE),
    MemberAdmitted(
        effective_date=date(2019, 5, 19),
        decision_date=date(2019, 5, 6),
        member_id=_MEMBER,
        after=_ON_PROBATION,
    ),
    MemberConfirmed(
        effective_date=date(2020, 5, 19), member_id=_MEMBER, before=_ON_PROBATION, after=_OFFICIAL
    ),
    MemberLeft(
        effective_date=date(2020, 6, 30),
        decision_date=date(2020, 6, 22),
        member_id=_MEMBER,
        reason=DepartureReason.TRANSFERRED_OUT,
        before=_OFFICIAL,
    ),
    MemberHistoryRestated(
        effective_date=date(2020, 5, 19),
        decision_date=date(2020, 5, 18),
        member_id=_MEMBER,
        corrects=2,
        fact=FirstFact(
            kind=FirstFactKind.CONFIRMED, effective_date=date(2020, 5, 26), decision_date=date(2020, 5, 18)
        ),
        retracted=(
            Step(
                effective_date=date(2020, 5, 19),
                before=_ON_PROBATION,
                after=_OFFICIAL,
            ),
        ),
        stated=(
            Step(
                effective_date=date(2020, 5, 26),
                before=_ON_PROBATION,
                after=_OFFICIAL,
            ),
        ),
    ),
    MemberHistoryRestatedV2(
        effective_date=date(2020, 5, 19),
        decision_date=date(2020, 5, 18),
        member_id=_MEMBER,
        corrects=2,
        fact=Fact(kind=FactKind.CONFIRMED, effective_date=date(2020, 5, 26), decision_date=date(2020, 5, 18)),
        retracted=(
            Step(
                effective_date=date(2020, 5, 19),
                before=_ON_PROBATION,
                after=_OFFICIAL,
                cause=Cause.CONFIRMED,
            ),
        ),
        stated=(
            Step(
                effective_date=date(2020, 5, 26),
                before=_ON_PROBATION,
                after=_OFFICIAL,
                cause=Cause.CONFIRMED,
            ),
        ),
    ),
    MemberReceived(
        effective_date=date(2020, 8, 3),
        decision_date=date(2020, 7, 27),
        member_id=_MEMBER,
        after=_FROM_ELSEWHERE,
        official_on=date(2018, 2, 3),
    ),
    MemberRestored(effective_date=date(2020, 9, 1), member_id=_MEMBER, after=_OFFICIAL),
    MemberMoved(
        effective_date=date(2020, 10, 1),
        member_id=_MEMBER,
        reason=MoveReason.TRANSFER,
        before=_OFFICIAL,
        after=_ELSEWHERE,
    ),
    MemberProfileChanged(
        effective_date=date(2020, 11, 2),
        member_id=_MEMBER,
        profile=_PROFILE,
        before=_ELSEWHERE,
        after=_ELSEWHERE.model_copy(update=_PROFILE.model_dump(exclude_none=True)),
    ),
    OrganisationRenamed(
        effective_date=date(2019, 9, 2),
        decision_date=date(2019, 8, 28),
        organisation_id=_CELL,
        code="DBCS-07.03",
        name_before='Chi bộ Phòng Nghiệp vụ – Kỹ thuật "Đường sắt"',
        name="Chi bộ Phòng Kỹ thuật",
        document=DocumentRef(number="41-QĐ/ĐUK", date=date(2019, 8, 28)),
    ),
    # Recorded after the dissolution, which had said that it ended under the other committee.
    OrganisationReparented(
        effective_date=date(2020, 1, 1),
        decision_date=date(2019, 12, 20),
        organisation_id=_CELL,
        before=_CELL_STATE,
        after=_MOVED,
        retracted=(OrganisationStep(effective_date=_END, before=_CELL_STATE, after=None),),
        stated=(OrganisationStep(effective_date=_END, before=_MOVED, after=None),),
        document=DocumentRef(number="66-QĐ/ĐUK", date=date(2019, 12, 20)),
    ),
    OrganisationUpgraded(
        effective_date=date(2020, 3, 1),
        decision_date=date(2020, 2, 20),
        organisation_id=_COMMITTEE,
        before=_GRASSROOTS_CELL,
        after=_COMMITTEE_STATE,
        document=DocumentRef(number="9-QĐ/ĐUK", date=date(2020, 2, 20)),
    ),
    UnitEstablished(
        effective_date=date(2019, 1, 15),
        decision_date=date(2019, 1, 10),
        unit_id=_CELL,
        code="DBCS-07.03",
        name='Chi bộ Phòng Nghiệp vụ – Kỹ thuật "Đường sắt"',
        type=OrganisationType.SUBORDINATE_CELL,
        parent_id=_COMMITTEE,
    ),
    UnitDissolved(effective_date=date(2020, 7, 1), unit_id=_CELL),
    UnitRenamed(
        effective_date=date(2019, 9, 2),
        decision_date=date(2019, 8, 28),
        unit_id=_CELL,
        code="DBCS-07.03",
        name="Chi bộ Phòng Kỹ thuật",
    ),
    UnitReparented(
        effective_date=date(2020, 1, 1),
        decision_date=date(2019, 12, 20),
        unit_id=_CELL,
        type=OrganisationType.SUBORDINATE_CELL,
        parent_id=_OTHER_COMMITTEE,
        stated=(OrganisationStep(effective_date=_END, before=_MOVED, after=None),),
    ),
    UnitUpgraded(
        effective_date=date(2020, 3, 1),
        decision_date=date(2020, 2, 20),
        unit_id=_COMMITTEE,
        type=OrganisationType.GRASSROOTS_COMMITTEE,
        parent_id=_BLOC,
    ),
    *POSITION_EXAMPLES,
    *RATING_EXAMPLES,
    *SPELL_EXAMPLES,
    *TRANSFER_EXAMPLES,
    *REORGANISATION_EXAMPLES,
    *MEETING_EXAMPLES,
    *INTERRUPTION_EXAMPLES,
    *NOTICE_EXAMPLES,
    *RESOLUTION_EXAMPLES,
    *CORRECTION_EXAMPLES,
    *INSPECTION_EXAMPLES,
    *VISIT_EXAMPLES,
    *VISIT_PLAN_EXAMPLES,
    *CANDIDATE_EXAMPLES,
    *STATISTICS_EXAMPLES,
)

EXAMPLES: Final = {example.TYPE: example for example in _ALL}
"""By type. An example on a public topic is the public form of the internal one of the same happening."""
