"""What other services, and other provincial systems, are told: the two topics of reporting."""

from typing import Final

from chassis.publications import Form, Publication, whole
from chassis.sequencer import StreamedEvent
from contracts.statistics_public import public_form
from contracts.topics import REPORTING_INTERNAL, REPORTING_PUBLIC

_BY_TYPE: Final = {event.TYPE: event for event in REPORTING_INTERNAL.events}


def public(event: StreamedEvent) -> Form | None:
    """Return the public form of a recorded event; None for whatever only this system's services are told."""
    told = public_form(_BY_TYPE[event.type].model_validate_json(event.payload))
    return None if told is None else Form(told.TYPE, told.aggregate_id, told.as_json().encode())


PUBLICATIONS: Final = (
    Publication(REPORTING_INTERNAL.name, REPORTING_INTERNAL.source, whole),
    Publication(REPORTING_PUBLIC.name, REPORTING_PUBLIC.source, public),
)
