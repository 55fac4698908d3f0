"""Every subscription of the inspection service."""

from typing import Final

from chassis.judging import Source
from chassis.stream_consumer import Handler
from contracts.topics import MEETINGS_INTERNAL, MEMBERSHIP_INTERNAL, Topic
from replicas.membership.leadership import LeadershipReplica
from replicas.membership.replica import MembershipReplica
from services.inspection.meetings import MeetingsReplica


def _source(topic: Topic) -> Source:
    return Source(topic.name, topic.source, topic.types)


SUBSCRIPTIONS: Final[tuple[tuple[Source, Handler], ...]] = (
    (_source(MEMBERSHIP_INTERNAL), MembershipReplica("inspection")),
    (_source(MEMBERSHIP_INTERNAL), LeadershipReplica("inspection")),
    (_source(MEETINGS_INTERNAL), MeetingsReplica()),
)
"""Who is in which cell, who leads it in which term, and when it meets: from other services' events only."""
