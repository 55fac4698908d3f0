"""One made-up event of each type of `contracts.reorganisations` and of restated units, for `contracts.examples`."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.membership import (
    DatedName,
    DocumentRef,
    OrganisationFact,
    OrganisationFactKind,
    OrganisationHistoryRestated,
    OrganisationState,
    OrganisationStep,
    OrganisationType,
)
from contracts.membership_public import UnitHistoryRestated, UnitsMerged, UnitSplit
from contracts.reorganisations import OrganisationsMerged, OrganisationSplit

_REORGANISATION: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000b1")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_OTHERS: Final = (
    UUID("01937b2e-5f00-7a10-8c00-0000000000c3"),
    UUID("01937b2e-5f00-7a10-8c00-0000000000c4"),
)
_DOCUMENT: Final = DocumentRef(number="78-QĐ/ĐU", date=date(2021, 2, 24))
_STATE: Final = OrganisationState(
    type=OrganisationType.SUBORDINATE_CELL, parent_id=UUID("01937b2e-5f00-7a10-8c00-0000000000a1")
)
_STATED: Final = OrganisationStep(effective_date=date(2019, 1, 15), before=None, after=_STATE)
_TRUE: Final = OrganisationStep(effective_date=date(2019, 2, 15), before=None, after=_STATE)
_NAME: Final = DatedName(effective_date=date(2019, 1, 15), name="Chi bộ Phòng Kỹ thuật")
_TRUE_NAME: Final = DatedName(effective_date=date(2019, 2, 15), name="Chi bộ Phòng Kỹ thuật")

REORGANISATION_EXAMPLES: Final[tuple[Event, ...]] = (
    OrganisationsMerged(
        effective_date=date(2021, 3, 1),
        decision_date=date(2021, 2, 24),
        reorganisation_id=_REORGANISATION,
        source_ids=_OTHERS,
        target_id=_CELL,
        target_is_new=False,
        document=_DOCUMENT,
    ),
    OrganisationSplit(
        effective_date=date(2021, 3, 1),
        decision_date=date(2021, 2, 24),
        reorganisation_id=_REORGANISATION,
        source_id=_CELL,
        part_ids=_OTHERS,
        source_goes_on=False,
        document=_DOCUMENT,
    ),
    OrganisationHistoryRestated(
        effective_date=date(2019, 1, 15),
        decision_date=date(2019, 2, 10),
        organisation_id=_CELL,
        code="DBCS-07.03",
        corrects=1,
        fact=OrganisationFact(
            kind=OrganisationFactKind.ESTABLISHED,
            effective_date=date(2019, 2, 15),
            name="Chi bộ Phòng Kỹ thuật",
            state=_STATE,
        ),
        retracted=(_STATED,),
        stated=(_TRUE,),
        names_retracted=(_NAME,),
        names_stated=(_TRUE_NAME,),
        document=_DOCUMENT,
    ),
    UnitsMerged(
        effective_date=date(2021, 3, 1),
        decision_date=date(2021, 2, 24),
        reorganisation_id=_REORGANISATION,
        source_ids=_OTHERS,
        target_id=_CELL,
        target_is_new=False,
        document=_DOCUMENT,
    ),
    UnitSplit(
        effective_date=date(2021, 3, 1),
        decision_date=date(2021, 2, 24),
        reorganisation_id=_REORGANISATION,
        source_id=_CELL,
        part_ids=_OTHERS,
        source_goes_on=False,
        document=_DOCUMENT,
    ),
    UnitHistoryRestated(
        effective_date=date(2019, 1, 15),
        decision_date=date(2019, 2, 10),
        unit_id=_CELL,
        code="DBCS-07.03",
        retracted=(_STATED,),
        stated=(_TRUE,),
        names_retracted=(_NAME,),
        names_stated=(_TRUE_NAME,),
    ),
)
