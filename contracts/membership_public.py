"""Public events of the membership service, for other provincial systems: nothing of any person.

`public_form` maps each internal event to one of these or to none. The inside can change while this stands.
"""

from functools import singledispatch
from typing import Annotated, ClassVar
from uuid import UUID

from contracts import membership
from contracts.event import PUBLIC, Event


class UnitEstablished(Event):
    """A unit of the party tree exists from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-established.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]
    type: Annotated[membership.OrganisationType, PUBLIC]
    parent_id: Annotated[UUID | None, PUBLIC]


class UnitDissolved(Event):
    """A unit of the party tree exists no more from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-dissolved.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]


EVENTS: tuple[type[Event], ...] = (UnitEstablished, UnitDissolved)


@singledispatch
def public_form(event: Event) -> Event | None:
    """Return what other systems are told of an internal event, or None (so persons stay inside)."""
    del event
    return None


@public_form.register
def _(event: membership.OrganisationEstablished) -> UnitEstablished:
    return UnitEstablished(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        code=event.code,
        name=event.name,
        type=event.after.type,
        parent_id=event.after.parent_id,
    )


@public_form.register
def _(event: membership.OrganisationDissolved) -> UnitDissolved:
    return UnitDissolved(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
    )
