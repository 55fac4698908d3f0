"""What else ends transfers: their time, and a member who leaves; and what a unit's end leaves on the way.

The commands that do such a thing call these in their own transaction.
"""

from collections.abc import Sequence
from datetime import date

from services.membership.data import vietnamese_working_days
from services.membership.domain import Organisation
from services.membership.faults import Fault
from services.membership.members import Member
from services.membership.store import Store
from services.membership.transfers.domain import (
    DecidedTransfer,
    Step,
    cancelled_by_leaving,
    decide_expiry,
    latest_release_overdue,
)
from services.membership.transfers.store import TransferStore


async def expire_overdue(
    kept: TransferStore, day: date, decision_date: date | None = None
) -> list[DecidedTransfer]:
    """End every transfer whose deadline is past on a day, and return what was decided."""
    calendar = vietnamese_working_days()
    last = latest_release_overdue(day, calendar)
    if last is None:
        return []
    found = await kept.released_between(calendar.first_day, last)
    step = Step(day=day, decision_date=decision_date)
    decided = [decide_expiry(one, step, calendar) for one in found]
    await kept.save(decided)
    return decided


async def cancel_for_leavers(
    store: Store, members: Sequence[Member], decision_date: date | None = None
) -> list[Fault]:
    """Cancel the open transfers of those among these members who are no longer in the register; return the warning.

    Hold the members. Who is to come back from outside is not in the register, and is still awaited.
    """
    kept = TransferStore(store)
    gone = {one.code: one for one in members if one.left_on is not None or one.entered_on is None}
    if not gone:
        return []
    open_ = await kept.open_of(gone)
    decided = [
        cancelled_by_leaving(one, gone[code].left_on or one.last_day, decision_date)
        for code, one in open_.items()
        if one.transfer.origin_id is not None
    ]
    await kept.save(decided)
    return [Fault("left-while-on-the-way", None)] if decided else []


async def on_the_way_warnings(store: Store, unit: Organisation) -> list[Fault]:
    """Return the warning that open transfers lead from or to a unit that is no more."""
    count = await TransferStore(store).open_at(unit.id)
    return [Fault("transfers-on-the-way", None, {"count": count})] if count else []
