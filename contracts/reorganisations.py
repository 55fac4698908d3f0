"""Internal events of reorganisations: what one decision did to several units, told as a whole.

Each unit and each member has its own events for what became of it, in the same transaction; these say that they
belong together. A reorganisation is an aggregate of its own, with one event.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PUBLIC, Event
from contracts.membership import DocumentRef


class OrganisationsMerged(Event):
    """Units were merged into one (sáp nhập, hợp nhất): they end on `effective_date`, and it has what they had."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisations-merged.v1"
    AGGREGATE: ClassVar[str] = "reorganisation"
    KEY: ClassVar[str] = "reorganisation_id"

    reorganisation_id: Annotated[UUID, PUBLIC]
    source_ids: Annotated[tuple[UUID, ...], PUBLIC]
    target_id: Annotated[UUID, PUBLIC]
    target_is_new: Annotated[bool, PUBLIC]
    """Founded by the same decision (hợp nhất), or there before (sáp nhập)."""
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class OrganisationSplit(Event):
    """A unit was split (chia, tách): the parts are founded on `effective_date` with some of what it had."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-split.v1"
    AGGREGATE: ClassVar[str] = "reorganisation"
    KEY: ClassVar[str] = "reorganisation_id"

    reorganisation_id: Annotated[UUID, PUBLIC]
    source_id: Annotated[UUID, PUBLIC]
    part_ids: Annotated[tuple[UUID, ...], PUBLIC]
    source_goes_on: Annotated[bool, PUBLIC]
    """Whether it is there with the rest (tách), or ended (chia)."""
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


EVENTS: tuple[type[Event], ...] = (OrganisationsMerged, OrganisationSplit)
