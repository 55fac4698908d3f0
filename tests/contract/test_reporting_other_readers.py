"""Projections beside that of strength read events by structs of their own, too: meetings, inspection, ratings."""

from collections import defaultdict
from datetime import UTC
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime

from contracts import (
    cell_months,
    corrections,
    findings,
    interruptions,
    meeting_plans,
    meetings,
    ratings,
    resolutions,
    visits,
)
from contracts.topics import INSPECTION_INTERNAL, MEETINGS_INTERNAL
from services.reporting.consumers import SUBSCRIPTIONS
from services.reporting.inspection import readers as inspection_readers
from services.reporting.inspection.facts import InspectionFacts
from services.reporting.meetings import readers as meeting_readers
from services.reporting.meetings.facts import MeetingFacts, fold
from services.reporting.ratings import facts as rating_facts
from tests.contract.test_reporting_readers import Received, demands_alike

MEETINGS = [
    event
    for event in (*meetings.EVENTS, *resolutions.EVENTS, *interruptions.EVENTS, *cell_months.EVENTS,
                  corrections.MinutesCorrected, corrections.TaskCorrected, meeting_plans.MonthlyWatchSet)
    if event not in {meetings.AgendaAgreed, meetings.MeetingAnnounced}
]  # fmt: skip
"""What leads to a meeting, and notices of it, change no figure."""
INSPECTION = [event for event in (*visits.EVENTS, *findings.EVENTS) if event is not visits.VisitFileAttached]
"""Which files were attached changes no figure."""
COUNTED = [*MEETINGS, *INSPECTION, *ratings.EVENTS]
READERS = {**meeting_readers.READERS, **inspection_readers.READERS, **rating_facts.READERS}
st.register_type_strategy(AwareDatetime, st.datetimes(timezones=st.just(UTC)))
events = st.one_of(st.builds(event) for event in COUNTED)
meeting_events = st.one_of(st.builds(event) for event in MEETINGS)
streams = st.lists(meeting_events, max_size=20).map(
    lambda its: [
        Received(event.TYPE, number, event.as_json().encode()) for number, event in enumerate(its, 1)
    ]
)


@given(events)
def test_readers_see_what_the_contract_says(event):
    agrees_in_words(msgspec.json.decode(event.as_json(), type=READERS[event.TYPE]), event)


def agrees_in_words(read, stated):
    """As `agrees`, with lists of ids beside."""
    for name in read.__struct_fields__:
        seen, said = getattr(read, name), getattr(stated, name)
        if isinstance(seen, msgspec.Struct):
            agrees_in_words(seen, said)
        elif isinstance(seen, list):
            for one, other in zip(seen, said, strict=True):
                if isinstance(one, msgspec.Struct):
                    agrees_in_words(one, other)
                else:
                    assert one == str(other)
        elif isinstance(said, UUID | StrEnum):
            assert seen == str(said)
        else:
            assert seen == said, name


def test_readers_demand_what_the_contract_demands():
    for event in COUNTED:
        demands_alike(READERS[event.TYPE], event)


@pytest.mark.parametrize(
    ("kind", "counted", "topic"),
    [(MeetingFacts, MEETINGS, MEETINGS_INTERNAL), (InspectionFacts, INSPECTION, INSPECTION_INTERNAL)],
)
def test_every_event_that_counts_is_applied(kind, counted, topic):
    [(source, handler)] = [one for one in SUBSCRIPTIONS if isinstance(one[1], kind)]
    assert handler.types == {event.TYPE for event in counted}
    assert handler.types <= source.known_types == topic.types
    assert (source.topic, source.source) == (topic.name, topic.source)


@given(streams, st.data())
def test_changes_of_a_thing_are_the_same_in_any_batches_and_any_order_of_things(stream, data):
    def changes(*folded):
        found = defaultdict(list)
        for facts in folded:
            for table, its in facts.changes.items():
                for change in its:
                    found[table, change.id].append(change)
        return found

    # As Kafka delivers: in order within a key, in any order across keys.
    keyed = defaultdict(list)
    for event in stream:
        [[change]] = fold([event]).changes.values()
        keyed[change.id].append(event)
    shuffled = [event for id_ in data.draw(st.permutations(sorted(keyed))) for event in keyed[id_]]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    batches = [shuffled[start:end] for start, end in pairwise([0, *cuts, len(stream)])]
    assert changes(*map(fold, batches)) == changes(fold(stream))


@pytest.mark.parametrize("bad", [b"", b"[]", b"{}", b"\xff"])
def test_what_cannot_be_read_is_refused(bad):
    with pytest.raises(ValueError, match=r".+"):
        fold([Received(meetings.MeetingHeld.TYPE, 1, bad)])
