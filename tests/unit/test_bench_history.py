"""The made-up province: the same at every run, and such as reporting's consumers apply it."""

import random
from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

import pytest

from bench.scale import streams
from bench.scale.asked import same, table
from bench.scale.history import Province
from bench.scale.lives import Lives
from chassis.cloudevents import decode_headers
from chassis.publications import Message
from contracts import cell_months, meetings, resolutions
from contracts.topics import MEETINGS_INTERNAL, MEMBERSHIP_INTERNAL
from deploy.local import jars
from services.reporting.meetings import facts as meeting_facts
from services.reporting.membership_facts import fold

CELLS, YEARS = 6, 2


class Received:
    def __init__(self, record: Message) -> None:
        headers = decode_headers(record.headers)
        self.type, self.sequence, self.value, self.time = (
            headers.type,
            headers.sequence,
            record.value,
            headers.time,
        )


def made() -> list[Message]:
    province = Province(90, cells=CELLS, years=YEARS)
    return [*province.beginning(), *province.span(province.months)]


RECORDS = made()
OF_MEETINGS = [Received(one) for one in RECORDS if one.topic == MEETINGS_INTERNAL.name]


def test_two_runs_make_the_same_records():
    assert made() == RECORDS


def test_each_record_follows_the_one_before_it_in_its_partition():
    marks: dict[tuple[str, int], int] = defaultdict(int)
    for record in RECORDS:
        headers = decode_headers(record.headers)
        assert headers.previous == marks[record.topic, record.partition] < headers.sequence
        marks[record.topic, record.partition] = headers.sequence


def test_years_in_two_parts_are_the_same_years():
    province = Province(90, cells=CELLS, years=YEARS)
    parts = [
        *province.beginning(),
        *province.span(province.months[:12]),
        *province.span(province.months[12:]),
    ]
    assert parts == RECORDS


def test_both_projections_fold_them():
    members = [Received(one) for one in RECORDS if one.topic == MEMBERSHIP_INTERNAL.name]
    assert sum(row[4] for row in fold(members).members) > 0
    known = [event for event in OF_MEETINGS if event.type in meeting_facts.READERS]
    changes = meeting_facts.fold(known).changes
    begun: set[str] = set()
    for change in changes["meeting_states"]:
        assert change.begins or change.id in begun
        begun.add(change.id)
    assert changes["task_states"]


def test_every_month_of_every_cell_has_a_meeting_or_tells_that_it_was_missed():
    told = Counter(event.type for event in OF_MEETINGS)
    planned = told[meetings.MeetingPlanned.TYPE]
    assert planned + told[cell_months.MonthMissed.TYPE] >= CELLS * YEARS * 12
    assert told[meetings.MeetingHeld.TYPE] == planned - told[meetings.MeetingCancelled.TYPE]
    assert told[resolutions.TaskAssigned.TYPE] == 3 * told[meetings.MeetingHeld.TYPE]


def test_lives_go_on_from_what_they_were_and_change_all_years_alike():
    cells = [UUID(int=number, version=4) for number in range(1, 5)]
    lives = Lives(400, cells, random.Random(7))
    months = [date(year, month, 1) for year in range(2011, 2021) for month in range(1, 13)]
    now: dict[UUID, object] = {}
    changes: Counter[int] = Counter()
    for month in [None, *months]:
        if month is None:
            events = [(None, event) for event in lives.beginning(months[0])]
        else:
            events = list(lives.month(month))
            changes[month.year] += len(events)
        for _, event in events:
            assert now.pop(event.member_id, None) == event.before
            if event.after:
                now[event.member_id] = event.after
    assert {life.id: life.state for its in lives.in_cell.values() for life in its.values()} == now
    assert 350 < len(now) < 450
    assert 0.45 < sum(changes[year] for year in range(2011, 2016)) / changes.total() < 0.55


def test_a_peer_with_other_figures_is_told_of():
    ours = table([["female", "true", 3], ["male", "true", 0]], keys=2)
    same("members", [ours], [{("female", "true"): (3,)}])
    with pytest.raises(RuntimeError, match=r"members: 1 groups of ours, 1 of the peer"):
        same("members", [ours], [{("female", "true"): (4,)}])
    with pytest.raises(RuntimeError, match="members"):
        same("members", [{}], [{}])


def test_the_peers_jars_are_of_the_brokers_release_and_none_of_its_own():
    brokers = {jar.coordinate for jar in jars.parse(jars.LIST.read_text())}
    peers = {jar.coordinate for jar in jars.parse(streams.JARS.read_text())}
    assert not brokers & peers
    release = next(name for name in brokers if ":kafka-clients:" in name).rpartition(":")[2]
    assert f"org.apache.kafka:kafka-streams:{release}" in peers
