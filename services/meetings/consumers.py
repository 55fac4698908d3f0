"""Every subscription of the meetings service."""

from typing import Final

from chassis.judging import Source
from chassis.stream_consumer import Handler
from contracts.topics import MEMBERSHIP_INTERNAL
from replicas.membership.leadership import LeadershipReplica
from replicas.membership.replica import MembershipReplica

SUBSCRIPTIONS: Final[tuple[tuple[Source, Handler], ...]] = (
    (
        Source(MEMBERSHIP_INTERNAL.name, MEMBERSHIP_INTERNAL.source, MEMBERSHIP_INTERNAL.types),
        MembershipReplica("meetings"),
    ),
    (
        Source(MEMBERSHIP_INTERNAL.name, MEMBERSHIP_INTERNAL.source, MEMBERSHIP_INTERNAL.types),
        LeadershipReplica("meetings"),
    ),
)
"""Who is in which cell, and who leads it in which term, from membership's events only."""
