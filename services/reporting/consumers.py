"""Every subscription of the reporting service."""

from typing import Final

from chassis.judging import Source
from chassis.stream_consumer import Handler
from contracts.topics import MEMBERSHIP_INTERNAL, Topic
from services.reporting.membership_facts import MembershipFacts

MEMBERSHIP_FACTS: Final = MembershipFacts()


def _source(topic: Topic) -> Source:
    return Source(topic.name, topic.source, topic.types)


SUBSCRIPTIONS: Final[tuple[tuple[Source, Handler], ...]] = ((_source(MEMBERSHIP_INTERNAL), MEMBERSHIP_FACTS),)
