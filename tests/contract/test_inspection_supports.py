"""Inspection helps cells, it disciplines nobody: nothing that it tells can change what a member is."""

import json
from typing import Annotated, ClassVar
from uuid import UUID

import pytest

from contracts.event import PSEUDONYMOUS, Event
from contracts.membership import Standing
from contracts.publish import schema_of
from contracts.topics import INSPECTION_INTERNAL, INSPECTION_PUBLIC, MEMBERSHIP_INTERNAL, Topic
from services.meetings.app import SERVICE as MEETINGS
from services.membership.app import SERVICE as MEMBERSHIP

OF_INSPECTION = [
    (topic, event) for topic in (INSPECTION_INTERNAL, INSPECTION_PUBLIC) for event in topic.events
]


class Planted(Event):
    """A finding that would expel somebody."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.planted.v1"
    AGGREGATE: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: Annotated[UUID, PSEUDONYMOUS]
    after: Annotated[Standing, PSEUDONYMOUS]


def speaks_of_standing(event: type[Event], topic: Topic) -> bool:
    schema = schema_of(event, topic)
    names = json.dumps({"properties": schema["properties"], "within": schema.get("$defs", {})}).lower()
    return any(word in names for word in ("standing", "suspen", "discipl", "departure"))


@pytest.mark.parametrize(("topic", "event"), OF_INSPECTION, ids=lambda one: getattr(one, "__name__", ""))
def test_no_event_of_inspection_says_what_a_member_is(topic: Topic, event: type[Event]) -> None:
    assert not speaks_of_standing(event, topic)


def test_an_event_that_would_is_found() -> None:
    assert speaks_of_standing(Planted, INSPECTION_INTERNAL)


def test_the_register_hears_nothing_of_inspection() -> None:
    """Membership alone holds what members are: it subscribes to nothing that inspection writes."""
    heard = {source.topic for service in (MEMBERSHIP, MEETINGS) for source, _ in service.subscriptions}
    assert heard.isdisjoint({INSPECTION_INTERNAL.name, INSPECTION_PUBLIC.name})
    assert MEMBERSHIP_INTERNAL.types.isdisjoint(INSPECTION_INTERNAL.types)
