"""The projection reads events by structs of its own: they must see what the contract's classes say."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.event import Value
from contracts.membership import (
    MemberChange,
    MemberEntry,
    MemberHistoryRestated,
    MemberHistoryRestatedV2,
    MembershipEvent,
    MemberState,
    OrganisationEstablished,
    OrganisationHistoryRestated,
    OrganisationMove,
    OrganisationRenamed,
    OrganisationReparented,
    OrganisationUpgraded,
    Step,
)
from contracts.spells import SpellEvent
from contracts.topics import MEMBERSHIP_INTERNAL
from services.reporting.background import CODES as BACKGROUNDS
from services.reporting.background import era
from services.reporting.consumers import SUBSCRIPTIONS
from services.reporting.domain import day_number
from services.reporting.membership_facts import (
    MEMBER_COLUMNS,
    NAME_COLUMNS,
    READERS,
    UNIT_COLUMNS,
    MembershipFacts,
    fold,
)
from services.reporting.movement import CAUSES, CODES
from services.reporting.ratings import facts as ratings

RECORDED = datetime(2020, 12, 1, 2, 3, 4, 567890, UTC)
STATES = {*get_args(MembershipEvent), MemberHistoryRestated} - {*get_args(SpellEvent)}
"""What holds of somebody beside where they count changes no figure of strength."""
restatements = st.builds(MemberHistoryRestatedV2) | st.builds(MemberHistoryRestated)
renamings = st.builds(OrganisationRenamed)
late_moves = st.builds(OrganisationReparented) | st.builds(OrganisationUpgraded)
unit_restatements = st.builds(OrganisationHistoryRestated)
changes = st.one_of(
    st.builds(event, retracted=st.just(()), stated=st.just(()))
    if event in get_args(OrganisationMove)
    else st.builds(event)
    for event in sorted(STATES, key=lambda event: event.TYPE)
    if event
    not in {MemberHistoryRestatedV2, MemberHistoryRestated, OrganisationRenamed, OrganisationHistoryRestated}
)
"""Events of one step, from `before` to `after`."""
events = changes | restatements | renamings | late_moves | unit_restatements


@dataclass
class Received:
    type: str
    sequence: int
    value: bytes
    time: str = "2020-12-01T02:03:04.567890Z"


def plain(value):
    """What a contract's value is to a reader: ids and choices are text."""
    return str(value) if isinstance(value, UUID | StrEnum) else value


def agrees(read: msgspec.Struct, stated) -> None:
    for name in read.__struct_fields__:
        seen, said = getattr(read, name), getattr(stated, name)
        if isinstance(seen, msgspec.Struct):
            agrees(seen, said)
        elif isinstance(seen, list):
            for one, other in zip(seen, said, strict=True):
                agrees(one, other)
        else:
            assert seen == plain(said), name
            assert type(seen) is type(plain(said)), name


@given(events)
def test_readers_see_what_the_contract_says(event):
    agrees(msgspec.json.decode(event.model_dump_json(), type=READERS[event.TYPE]), event)


@given(events)
def test_a_field_that_is_new_is_passed_over(event):
    stated = msgspec.json.decode(event.model_dump_json())
    for place in (stated, stated.get("before"), stated.get("after")):
        if place is not None:
            place["added_later"] = {"anything": [1]}
    agrees(msgspec.json.decode(msgspec.json.encode(stated), type=READERS[event.TYPE]), event)


@given(changes, st.data())
def test_an_event_that_lacks_what_is_counted_is_refused(event, data):
    stated = msgspec.json.decode(event.model_dump_json())
    reader = READERS[event.TYPE]
    fields = {field.name: field for field in msgspec.structs.fields(reader) if field.required}
    sides = [(stated[name], fields[name].type) for name in ("before", "after") if name in fields]
    places = [(stated, reader), *sides]
    place, struct = data.draw(st.sampled_from(places))
    lost = data.draw(
        st.sampled_from([field.name for field in msgspec.structs.fields(struct) if field.required])
    )
    del place[lost]
    with pytest.raises(ValueError, match=lost):
        fold([Received(event.TYPE, 1, msgspec.json.encode(stated))])


def test_readers_demand_what_the_contract_demands():
    """And nothing that it does not: a default in a reader would hide that an event lacks a figure."""
    for event in STATES:
        demands_alike(READERS[event.TYPE], event)


def demands_alike(reader: type[msgspec.Struct], contract: type[Value]) -> None:
    for field in msgspec.structs.fields(reader):
        stated = contract.model_fields[field.name]
        assert field.required == stated.is_required(), f"{contract.__name__}.{field.name}"
        if isinstance(stated.annotation, type) and issubclass(stated.annotation, Value):
            demands_alike(field.type, stated.annotation)


@given(changes)
def test_a_side_that_cannot_be_there_is_refused(event):
    stated = msgspec.json.decode(event.model_dump_json())
    absent = [side for side in ("before", "after") if stated[side] is None]
    present = [side for side in ("before", "after") if stated[side] is not None]
    for side in absent:
        with pytest.raises(ValueError, match=side):
            fold([Received(event.TYPE, 1, msgspec.json.encode(stated | {side: stated[present[0]]}))])


def cause_of(event: MemberChange) -> str:
    """The cause is the type, but where events of one type have several."""
    kind = event.TYPE.removeprefix("vn.chibo.membership.member-").removesuffix(".v1")
    return {"profile-changed": "profile"}.get(kind, kind) if kind not in {"moved", "left"} else event.reason


@given(changes | renamings)
def test_a_row_has_the_values_of_its_side(event):
    facts = fold([Received(event.TYPE, 7, event.model_dump_json().encode())])
    columns, rows = (
        (MEMBER_COLUMNS, facts.members) if isinstance(event, MemberChange) else (UNIT_COLUMNS, facts.units)
    )
    states = (-1, getattr(event, "before", None)), (+1, getattr(event, "after", None))
    sides = [(delta, side) for delta, side in states if side is not None]
    assert len(rows) == len(sides)
    for row, (delta, side) in zip(rows, sides, strict=True):
        expected = {
            "sequence": 7,
            "recorded_at": RECORDED,
            "effective_date": event.effective_date,
            "delta": delta,
        }
        stated = {
            name: plain(value)
            for name, value in side
            if name in {*MEMBER_COLUMNS, *UNIT_COLUMNS, "birth_date"}
        }
        if isinstance(event, MemberChange):
            stated["born"] = int(stated.pop("birth_date").strftime("%Y%m%d").zfill(8))
            side_of = (side.education, side.qualification, side.theory, side.occupation)
            joined_on = side.joined_on or (event.effective_date if isinstance(event, MemberEntry) else None)
            since = side.party_since or joined_on
            stated["background"] = BACKGROUNDS[tuple(value and value.value for value in side_of)] | era(
                joined_on
            )
            stated["party_since"] = day_number(since) if since else 0
            stated["ordinal"], stated["cause"] = (delta + 1) // 2, CODES[cause_of(event)]
        else:
            stated["organisation_id"] = str(event.organisation_id)
            stated["ordinal"], stated["retracts"] = sides.index((delta, side)), False
        assert dict(zip(columns, row, strict=True)) == expected | stated
    if isinstance(event, OrganisationEstablished | OrganisationRenamed):
        name = (
            7,
            0,
            RECORDED,
            event.effective_date,
            False,
            str(event.organisation_id),
            event.code,
            event.name,
        )
        assert facts.names == [name]
    else:
        assert facts.names == []


@given(late_moves | unit_restatements)
def test_steps_that_are_taken_back_count_with_the_signs_changed_round(event):
    facts = fold([Received(event.TYPE, 7, event.model_dump_json().encode())])
    own = [] if isinstance(event, OrganisationHistoryRestated) else [event]
    expected = Counter(
        (step.effective_date, sign * delta, sign < 0, plain(side.type), plain(side.parent_id))
        for sign, steps in ((+1, [*own, *event.stated]), (-1, event.retracted))
        for step in steps
        for delta, side in ((-1, step.before), (+1, step.after))
        if side is not None
    )
    place = [
        UNIT_COLUMNS.index(name) for name in ("effective_date", "delta", "retracts", "type", "parent_id")
    ]
    assert Counter(tuple(row[at] for at in place) for row in facts.units) == expected


@given(unit_restatements)
def test_names_that_are_taken_back_are_marked(event):
    names = fold([Received(event.TYPE, 7, event.model_dump_json().encode())]).names
    found = [dict(zip(NAME_COLUMNS, row, strict=True)) for row in names]
    assert [row["ordinal"] for row in found] == list(range(len(found)))
    assert Counter((row["effective_date"], row["name"], row["retracts"]) for row in found) == Counter(
        (name.effective_date, name.name, taken_back)
        for taken_back, them in ((False, event.names_stated), (True, event.names_retracted))
        for name in them
    )


def test_every_event_that_counts_is_applied():
    [(source, handler)] = [one for one in SUBSCRIPTIONS if isinstance(one[1], MembershipFacts)]
    assert handler.types == {event.TYPE for event in STATES} | ratings.READERS.keys()
    assert handler.types <= source.known_types == MEMBERSHIP_INTERNAL.types
    assert (source.topic, source.source) == (MEMBERSHIP_INTERNAL.name, MEMBERSHIP_INTERNAL.source)


@given(restatements)
def test_a_restatement_takes_steps_back_and_adds_others(event):
    rows = [
        dict(zip(MEMBER_COLUMNS, row, strict=True))
        for row in fold([Received(event.TYPE, 7, event.model_dump_json().encode())]).members
    ]
    steps = [*((-1, step) for step in event.retracted), *((+1, step) for step in event.stated)]
    expected = {
        2 * number + place: (step.effective_date, sign * delta, step.cause, str(side.cell_id))
        for number, (sign, step) in enumerate(steps)
        for place, delta, side in ((0, -1, step.before), (1, +1, step.after))
        if side is not None
    }
    found = {
        row["ordinal"]: (row["effective_date"], row["delta"], CAUSES[row["cause"]], row["cell_id"])
        for row in rows
    }
    assert len(found) == len(rows)
    assert found.keys() == expected.keys()
    for ordinal, (day, delta, cause, cell) in expected.items():
        assert found[ordinal] == (day, delta, cause or found[ordinal][2], cell)


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [(False, True, "admitted"), (True, True, "confirmed"), (True, False, "unstated")],
)
def test_a_step_of_the_first_version_does_not_tell_its_cause(before, after, cause):
    side = MemberState(
        cell_id=UUID(int=1), standing="official", gender="male", ethnic_minority=False, religious=False,
        youth_union=False, birth_date=RECORDED.date(),
    )  # fmt: skip
    step = Step(
        effective_date=RECORDED.date(), before=side if before else None, after=side if after else None
    )
    event = MemberHistoryRestated(
        effective_date=step.effective_date, member_id=UUID(int=2), retracted=(step,), stated=()
    )
    rows = fold([Received(event.TYPE, 7, event.model_dump_json(exclude_defaults=True).encode())]).members
    assert {CAUSES[row[MEMBER_COLUMNS.index("cause")]] for row in rows} == {cause}
