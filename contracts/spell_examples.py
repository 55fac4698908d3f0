"""One made-up event of each type of `contracts.spells`, for `contracts.examples`."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.spells import (
    MemberExempted,
    MemberExemptionEnded,
    MemberSuspended,
    MemberSuspensionLifted,
    MemberTemporaryStayBegan,
    MemberTemporaryStayEnded,
    Spell,
    SpellKind,
)

_MEMBER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d1")
_EXEMPTION: Final = Spell(kind=SpellKind.EXEMPTION, fact=3, from_on=date(2020, 6, 1))
_SUSPENSION: Final = Spell(
    kind=SpellKind.SUSPENSION, fact=4, from_on=date(2020, 6, 15), until=date(2020, 9, 13)
)
_STAY: Final = Spell(
    kind=SpellKind.TEMPORARY_STAY,
    fact=6,
    from_on=date(2020, 9, 1),
    until=date(2021, 3, 1),
    cell_id=UUID("01937b2e-5f00-7a10-8c00-0000000000c2"),
)


def _ended(spell: Spell, day: date) -> Spell:
    return spell.model_copy(update={"ended_on": day})


SPELL_EXAMPLES: Final[tuple[Event, ...]] = (
    MemberExempted(
        effective_date=_EXEMPTION.from_on,
        decision_date=date(2020, 5, 28),
        member_id=_MEMBER,
        after=_EXEMPTION,
    ),
    MemberExemptionEnded(
        effective_date=date(2020, 12, 1),
        member_id=_MEMBER,
        before=_EXEMPTION,
        after=_ended(_EXEMPTION, date(2020, 12, 1)),
    ),
    MemberSuspended(effective_date=_SUSPENSION.from_on, member_id=_MEMBER, after=_SUSPENSION),
    MemberSuspensionLifted(
        effective_date=date(2020, 8, 31),
        decision_date=date(2020, 8, 28),
        member_id=_MEMBER,
        before=_SUSPENSION,
        after=_ended(_SUSPENSION, date(2020, 8, 31)),
    ),
    MemberTemporaryStayBegan(effective_date=_STAY.from_on, member_id=_MEMBER, after=_STAY),
    MemberTemporaryStayEnded(
        effective_date=date(2021, 2, 15),
        member_id=_MEMBER,
        before=_STAY,
        after=_ended(_STAY, date(2021, 2, 15)),
    ),
)
