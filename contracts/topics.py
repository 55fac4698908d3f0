"""The topics of the system, each with the service that alone may write to it and the events it carries."""

from dataclasses import dataclass

from contracts import (
    candidates,
    cell_months,
    corrections,
    findings,
    inspection,
    inspection_public,
    interruptions,
    meeting_plans,
    meetings,
    meetings_public,
    membership,
    membership_public,
    notices,
    numbers,
    positions,
    ratings,
    reorganisations,
    resolutions,
    statistics,
    statistics_public,
    transfers,
    visit_plans,
    visits,
)
from contracts.event import Event


@dataclass(frozen=True)
class Topic:
    """A stream of events: `name` on the broker, `source` as CloudEvents' source, and its event classes."""

    name: str
    source: str
    service: str
    events: tuple[type[Event], ...]

    @property
    def types(self) -> frozenset[str]:
        """The CloudEvents types that may stand on this topic."""
        return frozenset(event.TYPE for event in self.events)


MEMBERSHIP_INTERNAL = Topic(
    name="chibo.membership.internal.v1",
    source="/chibo/membership",
    service="membership",
    events=(
        *membership.EVENTS,
        *positions.EVENTS,
        *ratings.EVENTS,
        *transfers.EVENTS,
        *reorganisations.EVENTS,
        *candidates.EVENTS,
        *numbers.EVENTS,
    ),
)
MEMBERSHIP_PUBLIC = Topic(
    name="chibo.membership.public.v1",
    source="/chibo/membership",
    service="membership",
    events=membership_public.EVENTS,
)

MEETINGS_INTERNAL = Topic(
    name="chibo.meetings.internal.v1",
    source="/chibo/meetings",
    service="meetings",
    events=(
        *meetings.EVENTS,
        *resolutions.EVENTS,
        *meeting_plans.EVENTS,
        *interruptions.EVENTS,
        *cell_months.EVENTS,
        *notices.EVENTS,
        *corrections.EVENTS,
    ),
)
MEETINGS_PUBLIC = Topic(
    name="chibo.meetings.public.v1",
    source="/chibo/meetings",
    service="meetings",
    events=meetings_public.EVENTS,
)

INSPECTION_INTERNAL = Topic(
    name="chibo.inspection.internal.v1",
    source="/chibo/inspection",
    service="inspection",
    events=(*inspection.EVENTS, *visits.EVENTS, *findings.EVENTS, *visit_plans.EVENTS),
)
INSPECTION_PUBLIC = Topic(
    name="chibo.inspection.public.v1",
    source="/chibo/inspection",
    service="inspection",
    events=inspection_public.EVENTS,
)

REPORTING_INTERNAL = Topic(
    name="chibo.reporting.internal.v1",
    source="/chibo/reporting",
    service="reporting",
    events=statistics.EVENTS,
)
REPORTING_PUBLIC = Topic(
    name="chibo.reporting.public.v1",
    source="/chibo/reporting",
    service="reporting",
    events=statistics_public.EVENTS,
)

TOPICS = (
    MEMBERSHIP_INTERNAL,
    MEMBERSHIP_PUBLIC,
    MEETINGS_INTERNAL,
    MEETINGS_PUBLIC,
    INSPECTION_INTERNAL,
    INSPECTION_PUBLIC,
    REPORTING_INTERNAL,
    REPORTING_PUBLIC,
)
