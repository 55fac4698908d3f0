"""One made-up event of each type, for the published documents and the golden records in `published/golden/`."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.membership import (
    DepartureReason,
    Fact,
    FactKind,
    Gender,
    MemberAdmitted,
    MemberConfirmed,
    MemberHistoryRestated,
    MemberLeft,
    MemberState,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationState,
    OrganisationType,
    Standing,
    Step,
)
from contracts.membership_public import UnitDissolved, UnitEstablished

_COMMITTEE: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000a1")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_MEMBER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d1")

_CELL_STATE: Final = OrganisationState(type=OrganisationType.SUBORDINATE_CELL, parent_id=_COMMITTEE)
_ON_PROBATION: Final = MemberState(
    cell_id=_CELL,
    standing=Standing.PROBATIONARY,
    gender=Gender.FEMALE,
    ethnic_minority=True,
    religious=False,
    youth_union=True,
    birth_date=date(1996, 2, 29),
)
_OFFICIAL: Final = _ON_PROBATION.model_copy(update={"standing": Standing.OFFICIAL})

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
        fact=Fact(kind=FactKind.CONFIRMED, effective_date=date(2020, 5, 26), decision_date=date(2020, 5, 18)),
        retracted=(Step(effective_date=date(2020, 5, 19), before=_ON_PROBATION, after=_OFFICIAL),),
        stated=(Step(effective_date=date(2020, 5, 26), before=_ON_PROBATION, after=_OFFICIAL),),
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
)

EXAMPLES: Final = {example.TYPE: example for example in _ALL}
"""By type. An example on a public topic is the public form of the internal one of the same happening."""
