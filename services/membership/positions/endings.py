"""What else ends positions: a member who leaves or moves, and a unit that is dissolved or hung elsewhere.

The commands that do such a thing call these once it is saved, in their own transaction, so that nobody is ever seen
in a seat that they cannot hold. A position that could not have been held at all stops the command and is named.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from chassis.faults import Fault as AnyFault
from contracts.membership import DepartureReason
from contracts.positions import HeldPosition, PositionEndReason
from services.membership.domain import DomainError, Organisation
from services.membership.faults import Fault
from services.membership.positions.domain import DecidedPosition, decide_cut, first_day_lost, why_lost
from services.membership.positions.facts import Facts
from services.membership.positions.store import PositionStore
from services.membership.positions.tenures import Order, Tenure, known
from services.membership.positions.terms import decide_term_cut
from services.membership.store import Store


class PositionInTheWay(DomainError):  # noqa: N818 - a refusal, as DomainError is
    """A position that could not have been held at all, in this unit by this member, stops what would end it."""

    def __init__(self, faults: Sequence[AnyFault], held: HeldPosition) -> None:
        super().__init__(faults)
        self.member_id = held.member_id
        self.organisation_id = held.organisation_id


async def end_for_members(
    store: Store, members: Mapping[UUID, DepartureReason | None], order: Order
) -> list[DecidedPosition]:
    """End what these members can hold no longer, by what the register now says of them; return what was decided.

    Each is given by id, with why they left, if they did. Hold the members. Raises PositionInTheWay.
    """
    kept = PositionStore(store.connection, store.event_log)
    held = [one for one in await kept.positions(members=members) if one.state]
    if not held:
        return []
    holders = await kept.holders(
        dict.fromkeys(members, ""), {one.state.organisation_id for one in held if one.state}
    )
    facts = await kept.facts_of_each([one.id for one in held])
    decided = []
    for tenure in held:
        if tenure.state is None:
            continue
        holder = holders[tenure.state.member_id, tenure.state.organisation_id]
        if day := first_day_lost(tenure.state, holder):
            reason = why_lost(holder, day, members[holder.id])
            decided.append(_cut(tenure, facts[tenure.id], day, reason, order))
    await kept.save_positions(decided)
    return decided


async def end_for_unit(store: Store, unit: Organisation, order: Order) -> list[DecidedPosition]:
    """End the positions and terms of a dissolved unit with it; return the positions. Hold the unit.

    Raises PositionInTheWay where one began later.
    """
    end = unit.dissolved_on
    if end is None:
        return []
    kept = PositionStore(store.connection, store.event_log)
    held = [
        one
        for one in await kept.positions(units=[unit.id])
        if one.state and (one.state.until_on is None or one.state.until_on > end)
    ]
    terms = [one for one in await kept.terms(units=[unit.id]) if one.state]
    facts = await kept.facts_of_each([*(one.id for one in held), *(one.id for one in terms)])
    decided = [_cut(one, facts[one.id], end, PositionEndReason.UNIT_DISSOLVED, order) for one in held]
    await kept.save_positions(decided)
    cut = (decide_term_cut(one, facts[one.id], end, order) for one in terms)
    await kept.save_terms([one for one in cut if one])
    return decided


async def end_for_move(store: Store, unit: Organisation, order: Order) -> list[DecidedPosition]:
    """End what members in or below a unit held above its former places; return what was decided. Hold the unit.

    As `end_for_members`, for all who hold a position in a unit that it hung below on some day.
    """
    holders = await PositionStore(store.connection, store.event_log).holders_above(unit.id)
    return await end_for_members(store, dict.fromkeys(holders), order)


def _cut(
    tenure: Tenure[HeldPosition], facts: Facts, day: date, reason: PositionEndReason, order: Order
) -> DecidedPosition:
    try:
        return decide_cut(tenure, facts, day, reason, order)
    except DomainError as refused:
        raise PositionInTheWay(refused.faults, known(tenure)) from None


def endings_warnings(ended: Sequence[DecidedPosition]) -> list[Fault]:
    """Return the warning that these positions ended with what was done."""
    return [Fault("positions-ended", None, {"count": len(ended)})] if ended else []
