"""What other services, and other provincial systems, are told: the two topics of membership."""

from typing import Final

from chassis.publications import Form, Publication, whole
from chassis.sequencer import StreamedEvent
from contracts.membership_public import public_form
from contracts.topics import MEMBERSHIP_INTERNAL, MEMBERSHIP_PUBLIC

_BY_TYPE: Final = {event.TYPE: event for event in MEMBERSHIP_INTERNAL.events}


def public(event: StreamedEvent) -> Form | None:
    """Return the public form of a recorded event; None for whatever says something of a person."""
    told = public_form(_BY_TYPE[event.type].model_validate_json(event.payload))
    return None if told is None else Form(told.TYPE, told.aggregate_id, told.model_dump_json().encode())


PUBLICATIONS: Final = (
    Publication(MEMBERSHIP_INTERNAL.name, MEMBERSHIP_INTERNAL.source, whole),
    Publication(MEMBERSHIP_PUBLIC.name, MEMBERSHIP_PUBLIC.source, public),
)
