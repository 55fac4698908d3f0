"""One made-up event of each type of `contracts.positions`, for `contracts.examples`."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.membership import DocumentRef
from contracts.positions import (
    HeldPosition,
    Obtained,
    Position,
    PositionEnded,
    PositionEndReason,
    PositionRestated,
    PositionTaken,
    Term,
    TermEnded,
    TermOpened,
    TermRestated,
)

_POSITION: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000e1")
_TERM: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f1")
_DOCUMENT: Final = DocumentRef(number="12-QĐ/ĐU", date=date(2020, 5, 20))
_HELD: Final = HeldPosition(
    organisation_id=UUID("01937b2e-5f00-7a10-8c00-0000000000c1"),
    member_id=UUID("01937b2e-5f00-7a10-8c00-0000000000d1"),
    position=Position.SECRETARY,
    from_on=date(2020, 5, 15),
    obtained=Obtained.ELECTED,
)
_RESIGNED: Final = _HELD.model_copy(
    update={"until_on": date(2021, 3, 1), "end_reason": PositionEndReason.RESIGNED}
)
_LATER: Final = _RESIGNED.model_copy(update={"until_on": date(2021, 4, 1)})
_RUNNING: Final = Term(
    organisation_id=_HELD.organisation_id,
    label="2020–2022",
    congress_on=date(2020, 5, 15),
    from_on=date(2020, 5, 15),
)
_OVER: Final = _RUNNING.model_copy(update={"until_on": date(2022, 11, 20)})

POSITION_EXAMPLES: Final[tuple[Event, ...]] = (
    PositionTaken(
        effective_date=date(2020, 5, 15),
        decision_date=date(2020, 5, 20),
        position_id=_POSITION,
        after=_HELD,
        document=_DOCUMENT,
    ),
    PositionEnded(
        effective_date=date(2021, 3, 1),
        decision_date=date(2021, 2, 24),
        position_id=_POSITION,
        before=_HELD,
        after=_RESIGNED,
    ),
    PositionRestated(
        effective_date=date(2021, 3, 1),
        decision_date=date(2021, 3, 29),
        position_id=_POSITION,
        corrects=2,
        before=_RESIGNED,
        after=_LATER,
    ),
    TermOpened(
        effective_date=date(2020, 5, 15),
        decision_date=date(2020, 5, 20),
        term_id=_TERM,
        after=_RUNNING,
        document=_DOCUMENT,
    ),
    TermEnded(effective_date=date(2022, 11, 20), term_id=_TERM, before=_RUNNING, after=_OVER),
    TermRestated(
        effective_date=date(2022, 11, 20),
        term_id=_TERM,
        corrects=2,
        before=_OVER,
        after=_OVER.model_copy(update={"until_on": date(2022, 11, 25)}),
    ),
)
