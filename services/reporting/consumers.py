"""Every subscription of the reporting service."""

from typing import Final

from chassis.judging import Source
from chassis.stream_consumer import Handler
from contracts.topics import INSPECTION_INTERNAL, MEETINGS_INTERNAL, MEMBERSHIP_INTERNAL, Topic
from services.reporting.inspection.facts import InspectionFacts
from services.reporting.meetings.facts import MeetingFacts
from services.reporting.membership_facts import MembershipFacts

MEMBERSHIP_FACTS: Final = MembershipFacts()
MEETING_FACTS: Final = MeetingFacts()
INSPECTION_FACTS: Final = InspectionFacts()


def _source(topic: Topic) -> Source:
    return Source(topic.name, topic.source, topic.types)


SUBSCRIPTIONS: Final[tuple[tuple[Source, Handler], ...]] = (
    (_source(MEMBERSHIP_INTERNAL), MEMBERSHIP_FACTS),
    (_source(MEETINGS_INTERNAL), MEETING_FACTS),
    (_source(INSPECTION_INTERNAL), INSPECTION_FACTS),
)
CONSUMERS: Final = tuple(handler.name for _, handler in SUBSCRIPTIONS)
"""Whose marks tell up to which events figures are true."""
