"""One made-up event of each type of `contracts.transfers`, for `contracts.examples`."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.transfers import (
    CancelReason,
    Transfer,
    TransferCancelled,
    TransferExpired,
    TransferKind,
    TransferReceived,
    TransferReleased,
    TransferRequested,
    TransferRestated,
    TransferState,
)

_TRANSFER: Final = UUID("01937b2e-5f00-7a10-8c00-000000000071")
_REQUESTED: Final = Transfer(
    member_id=UUID("01937b2e-5f00-7a10-8c00-0000000000d1"),
    kind=TransferKind.WITHIN_BLOC,
    state=TransferState.REQUESTED,
    origin_id=UUID("01937b2e-5f00-7a10-8c00-0000000000c1"),
    destination_id=UUID("01937b2e-5f00-7a10-8c00-0000000000c2"),
    requested_on=date(2020, 3, 2),
)
_RELEASED: Final = _REQUESTED.model_copy(
    update={"state": TransferState.RELEASED, "released_on": date(2020, 3, 9)}
)


def _ended(before: Transfer, state: TransferState, day: date, **about: object) -> Transfer:
    return before.model_copy(update={"state": state, "ended_on": day, **about})


TRANSFER_EXAMPLES: Final[tuple[Event, ...]] = (
    TransferRequested(
        effective_date=date(2020, 3, 2),
        decision_date=date(2020, 2, 28),
        transfer_id=_TRANSFER,
        after=_REQUESTED,
    ),
    TransferReleased(
        effective_date=date(2020, 3, 9), transfer_id=_TRANSFER, before=_REQUESTED, after=_RELEASED
    ),
    TransferReceived(
        effective_date=date(2020, 3, 20),
        decision_date=date(2020, 3, 18),
        transfer_id=_TRANSFER,
        before=_RELEASED,
        after=_ended(_RELEASED, TransferState.RECEIVED, date(2020, 3, 20)),
    ),
    TransferCancelled(
        effective_date=date(2020, 3, 5),
        transfer_id=_TRANSFER,
        before=_REQUESTED,
        after=_ended(
            _REQUESTED,
            TransferState.CANCELLED,
            date(2020, 3, 5),
            cancelled_for=CancelReason.WITHDRAWN,
        ),
    ),
    TransferExpired(
        effective_date=date(2020, 6, 5),
        transfer_id=_TRANSFER,
        due_on=date(2020, 6, 4),
        before=_RELEASED,
        after=_ended(_RELEASED, TransferState.EXPIRED, date(2020, 6, 5)),
    ),
    TransferRestated(
        effective_date=date(2020, 3, 23),
        decision_date=date(2020, 3, 18),
        transfer_id=_TRANSFER,
        corrects=3,
        before=_ended(_RELEASED, TransferState.RECEIVED, date(2020, 3, 20)),
        after=_ended(_RELEASED, TransferState.RECEIVED, date(2020, 3, 23)),
    ),
)
