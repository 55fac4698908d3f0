"""Frozen figures: their hashes find any change, and what differs between two revisions is told whole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.snapshots.domain import (
    GENESIS,
    Figures,
    Revision,
    Terms,
    canonical,
    changes,
    first_altered,
    hash_of,
    seen_of,
)

TERMS = Terms(UUID(int=7), "K.01", date(2020, 11, 1), date(2020, 11, 30))
VALUES = st.dictionaries(
    st.sampled_from(("members", "members.women", "meetings.held")), st.none() | st.integers(0, 9)
)
FIGURES = st.fixed_dictionaries(
    {"whole": VALUES, "below": st.dictionaries(st.sampled_from(("K.01.1", "K.01.2")), VALUES)}
)


def chained(contents) -> list[Revision]:
    revisions, previous = [], GENESIS
    for number, figures in enumerate(contents, 1):
        at = datetime(2020, 12, 1, tzinfo=UTC) + timedelta(days=number)
        draft = Revision(
            number, {"code": "K.01"}, at, {"t": {"0": number}},
            {"t": {"to": number, "also": []}}, figures, [{"sequence": number}], previous, b"",
        )  # fmt: skip
        revisions.append(replace(draft, hash=hash_of(TERMS, draft)))
        previous = revisions[-1].hash
    return revisions


@given(st.lists(FIGURES, min_size=1, max_size=4), st.data())
def test_whatever_is_altered_is_found_at_its_revision(contents, data):
    revisions = chained(contents)
    assert first_altered(TERMS, revisions) is None
    place = data.draw(st.integers(0, len(revisions) - 1))
    one = revisions[place]
    altered = data.draw(
        st.sampled_from(
            (
                replace(one, figures={"whole": {"members": 10}, "below": {}}),
                replace(one, known_at=one.known_at + timedelta(seconds=1)),
                replace(one, events=[]),
                replace(one, up_to={}),
                replace(one, unit=None),
                replace(one, nonce=b"another"),
                replace(one, hash=bytes(32)),
                None,
            )
        )
    )
    changed = [*revisions[:place], *([altered] if altered else []), *revisions[place + 1 :]]
    if altered is None and place == len(revisions) - 1 and place > 0:
        return  # what was cut off at the end leaves a chain that holds: the published events tell of it
    assert first_altered(TERMS, changed) == place + 1
    assert first_altered(replace(TERMS, last=date(2020, 12, 1)), revisions) == 1


@given(FIGURES, FIGURES)
def test_changes_lead_from_one_to_the_other(before, after):
    told = changes(before, after)
    for changed in told:
        table = before["whole"] if changed.unit is None else before["below"].setdefault(changed.unit, {})
        assert table.get(changed.measure) == changed.before != changed.after
        table[changed.measure] = changed.after
    assert changes(before, after) == []
    assert changes(after, after) == []


@given(st.dictionaries(st.text(max_size=3), st.integers() | st.none() | st.text(max_size=3)))
def test_the_canonical_form_does_not_depend_on_order(value):
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_a_whole_number_is_frozen_as_one_however_it_was_counted():
    told = Figures({"a": 3.0, "b": 3, "c": 2.5, "d": None}, {"K": {"a": 0.0}}).as_json()
    assert canonical(told) == b'{"below":{"K":{"a":0}},"whole":{"a":3,"b":3,"c":2.5,"d":null}}'


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 99)), max_size=30), st.data())
def test_what_was_counted_is_known_exactly_event_by_event(events, data):
    """Partitions are applied in order each, but one may be far behind another."""
    by_partition = {p: sorted({seq * 3 + p for part, seq in events if part == p}) for p in range(3)}
    applied = {p: its[: data.draw(st.integers(0, len(its)))] for p, its in by_partition.items()}
    marks = {p: its[-1] for p, its in applied.items() if its}
    seen = seen_of(marks, 3, [sequence for its in applied.values() for sequence in its])
    for p, its in by_partition.items():
        for sequence in its:
            assert (sequence in seen) == (sequence in applied[p])
