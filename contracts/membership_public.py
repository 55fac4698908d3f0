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


class UnitRenamed(Event):
    """A unit of the party tree has another name from `effective_date` on, until a renaming of a later day."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-renamed.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]


class UnitReparented(Event):
    """A unit of the party tree hangs under another one from `effective_date` on.

    It may have been recorded after changes of later days: `stated` gives those that read otherwise now.
    """

    TYPE: ClassVar[str] = "vn.chibo.public.unit-reparented.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    type: Annotated[membership.OrganisationType, PUBLIC]
    parent_id: Annotated[UUID | None, PUBLIC]
    stated: Annotated[tuple[membership.OrganisationStep, ...], PUBLIC] = ()


class UnitUpgraded(Event):
    """A unit of the party tree is of a higher type from `effective_date` on; `stated` as with UnitReparented."""

    TYPE: ClassVar[str] = "vn.chibo.public.unit-upgraded.v1"
    AGGREGATE: ClassVar[str] = "unit"
    KEY: ClassVar[str] = "unit_id"

    unit_id: Annotated[UUID, PUBLIC]
    type: Annotated[membership.OrganisationType, PUBLIC]
    parent_id: Annotated[UUID | None, PUBLIC]
    stated: Annotated[tuple[membership.OrganisationStep, ...], PUBLIC] = ()


EVENTS: tuple[type[Event], ...] = (UnitEstablished, UnitDissolved, UnitRenamed, UnitReparented, UnitUpgraded)


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


@public_form.register
def _(event: membership.OrganisationRenamed) -> UnitRenamed:
    return UnitRenamed(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        code=event.code,
        name=event.name,
    )


@public_form.register
def _(event: membership.OrganisationReparented) -> UnitReparented:
    return UnitReparented(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        type=event.after.type,
        parent_id=event.after.parent_id,
        stated=event.stated,
    )


@public_form.register
def _(event: membership.OrganisationUpgraded) -> UnitUpgraded:
    return UnitUpgraded(
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        unit_id=event.organisation_id,
        type=event.after.type,
        parent_id=event.after.parent_id,
        stated=event.stated,
    )
