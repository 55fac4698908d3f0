"""The made-up register: the same at every run, free of faults, and the same as a file and as a stream."""

import csv
import io
from collections import Counter
from datetime import date

from bench import register, stream
from chassis.cloudevents import decode_headers
from chassis.publications import PARTITIONS
from contracts import membership
from contracts.topics import MEMBERSHIP_INTERNAL
from services.membership.domain import PARENT_TYPES
from services.reporting.membership_facts import fold

MEMBERS = 700
MADE = register.make(MEMBERS)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_two_runs_make_the_same_bytes():
    again = register.make(MEMBERS)
    assert register.members_file(MADE) == register.members_file(again)
    assert register.organisations_file(MADE) == register.organisations_file(again)
    assert [m.value for m in stream.messages(MADE)] == [m.value for m in stream.messages(again)]


def test_every_unit_comes_after_the_one_above_it():
    seen = set()
    for unit in MADE.units:
        assert unit.parent is None or unit.parent.code in seen
        assert (unit.parent is None) == (not PARENT_TYPES[unit.type])
        seen.add(unit.code)
    assert len(seen) == len(MADE.units)


def test_members_obey_the_order_of_their_dates():
    assert len({member.code for member in MADE.members}) == MEMBERS
    for row in rows(register.members_file(MADE)):
        days = [row["birth_date"], row["admitted_on"], row["official_on"], row["left_on"]]
        known = [date.fromisoformat(day) for day in days if day]
        assert known == sorted(known)
        assert bool(row["left_on"]) == bool(row["left_reason"])


def test_the_stream_tells_what_the_file_tells():
    told = Counter(event.TYPE for event in register.events(MADE))
    file = rows(register.members_file(MADE))
    assert told == {
        membership.OrganisationEstablished.TYPE: len(rows(register.organisations_file(MADE))),
        membership.MemberAdmitted.TYPE: len(file),
        membership.MemberConfirmed.TYPE: sum(bool(row["official_on"]) for row in file),
        membership.MemberLeft.TYPE: sum(bool(row["left_on"]) for row in file),
    }


def test_records_are_such_as_the_consumer_applies_them():
    marks = dict.fromkeys(range(PARTITIONS), 0)
    received = []
    for record in stream.messages(MADE):
        attributes = decode_headers(record.headers)
        assert record.topic == MEMBERSHIP_INTERNAL.name
        assert attributes.source == MEMBERSHIP_INTERNAL.source
        assert attributes.previous == marks[record.partition] < attributes.sequence
        marks[record.partition] = attributes.sequence
        received.append(Received(attributes.type, attributes.sequence, record.value, attributes.time))
    assert len(fold(received).members) == stream.facts(MADE)


class Received:
    def __init__(self, type_: str, sequence: int, value: bytes, time: str) -> None:
        self.type, self.sequence, self.value, self.time = type_, sequence, value, time
