from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import EVENTS, MemberAdmitted
from services.reporting.member_rows import MEMBER_COLUMNS
from services.reporting.membership_facts import NAME_COLUMNS, READERS, UNIT_COLUMNS, Facts, fold


@dataclass(frozen=True)
class Received:
    type: str
    sequence: int
    value: bytes
    time: str = "2020-12-01T02:03:04.567890Z"


streams = st.lists(st.one_of(st.builds(event) for event in EVENTS if event.TYPE in READERS), max_size=20).map(
    lambda events: [
        Received(event.TYPE, sequence, event.model_dump_json().encode())
        for sequence, event in enumerate(events, start=1)
    ]
)
ADMITTED = (
    b'{"effective_date": "2020-11-30", "member_id": "0190a0c5-7b3e-7c4e-8f00-000000000001", "after": {'
    b'"cell_id": "0190a0c5-7b3e-7c4e-8f00-000000000002", "standing": "probationary", "gender": "male",'
    b'"ethnic_minority": false, "religious": true, "youth_union": true, "birth_date": "1990-02-03"}}'
)


def rows(*folded: Facts):
    return Counter(row for facts in folded for row in (*facts.members, *facts.units, *facts.names))


@given(streams, st.data())
def test_rows_are_the_same_in_any_order_and_any_batches(stream, data):
    shuffled = data.draw(st.permutations(stream))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    batches = [shuffled[start:end] for start, end in pairwise([0, *cuts, len(stream)])]
    assert rows(*map(fold, batches)) == rows(fold(stream))


@given(streams)
def test_no_two_rows_share_a_key(stream):
    facts = fold(stream)
    for table, second in (
        (facts.members, MEMBER_COLUMNS.index("ordinal")),
        (facts.units, UNIT_COLUMNS.index("ordinal")),
        (facts.names, NAME_COLUMNS.index("ordinal")),
    ):
        assert len({(row[0], row[second]) for row in table}) == len(table)


@pytest.mark.parametrize(
    "bad",
    [
        Received(MemberAdmitted.TYPE, 1, b""),
        Received(MemberAdmitted.TYPE, 1, b"not json"),
        Received(MemberAdmitted.TYPE, 1, b"[]"),
        Received(MemberAdmitted.TYPE, 1, b"\xff\xfe"),
        Received(MemberAdmitted.TYPE, 1, ADMITTED.replace(b"male", b"unstated")),
        Received(MemberAdmitted.TYPE, 1, ADMITTED, time=""),
        Received(MemberAdmitted.TYPE, 1, ADMITTED, time="2020-12-01T02:03:04"),
    ],
)
def test_what_cannot_be_read_is_refused(bad):
    with pytest.raises(ValueError, match=r".+"):
        fold([Received(MemberAdmitted.TYPE, 2, ADMITTED), bad])


def test_a_type_without_a_reader_is_refused():
    with pytest.raises(KeyError):
        fold([Received("vn.chibo.membership.member-renamed.v1", 1, ADMITTED)])


def test_the_instant_of_recording_keeps_its_offset():
    [row] = fold([Received(MemberAdmitted.TYPE, 1, ADMITTED, time="2020-12-01T09:03:04+07:00")]).members
    assert row[2] == datetime(2020, 12, 1, 2, 3, 4, tzinfo=UTC)
