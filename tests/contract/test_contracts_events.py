"""What every event class of the published language must keep to."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date
from typing import Annotated, Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, ValidationError

from contracts import event as base
from contracts import (
    findings,
    inspection,
    meetings,
    membership,
    membership_public,
    ratings,
    resolutions,
    spells,
    transfers,
    visit_plans,
    visits,
)
from contracts.event import PSEUDONYMOUS, PUBLIC, Classification, Event, Value, classification_of
from contracts.examples import EXAMPLES
from contracts.inspection_public import public_form as public_form_of_inspection
from contracts.meetings_public import public_form as public_form_of_meetings
from contracts.membership_public import public_form
from contracts.statistics_public import public_form as public_form_of_reporting
from contracts.topics import (
    INSPECTION_INTERNAL,
    INSPECTION_PUBLIC,
    MEETINGS_INTERNAL,
    MEETINGS_PUBLIC,
    MEMBERSHIP_INTERNAL,
    MEMBERSHIP_PUBLIC,
    REPORTING_INTERNAL,
    REPORTING_PUBLIC,
    TOPICS,
    Topic,
)

CLASSES = [event for topic in TOPICS for event in topic.events]
PUBLIC_CLASSES = [event for topic in TOPICS if ".public." in topic.name for event in topic.events]

every_event = pytest.mark.parametrize("event", CLASSES, ids=lambda event: event.__name__)
instances = st.one_of(st.builds(event) for event in CLASSES)

TYPE = re.compile(r"vn\.chibo\.(?P<where>[a-z]+)\.(?P<name>[a-z]+(-[a-z]+)*)\.v(?P<version>[1-9][0-9]*)")

# Parts of names of fields that would hold what names, identifies or describes a person in clear.
PERSONAL = re.compile(
    r"(^|_)(full_?name|first_?name|last_?name|given_?name|family_?name|surname|alias|card|cccd|cmnd|passport"
    r"|identity|id_?number|party_?number|code|number|ethnicity|ethnic_?group|religion|phone|mobile|e?mail|address|hometown"
    r"|birth_?place|photo|picture|signature|fingerprint|account|salary|income|health|illness|spouse|father|mother|child"
    r"|children|relative|note|remark|comment|text)(s|_|$)"
)
st.register_type_strategy(AwareDatetime, st.datetimes(timezones=st.just(UTC)))
# No number of an event is infinite: JSON has none such.
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))

# A unit has a name, a code and the number of the document that ordered something, as who leads it; a person must not.
OF_UNITS = {
    "meeting", "interruption", "team", "visit", "finding", "visit_plan", "assignment",
    "organisation", "unit", "position", "term", "rating_list", "member_rating_list", "award", "reorganisation",
}  # fmt: skip

# Of a person, or of who leads a unit: told nobody outside.
INSIDE = {
    "candidate", "member", "member_award", "member_papers", "member_rating_list", "position", "term", "transfer",
}  # fmt: skip


def fields(model: type[Value], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of an event's schema, nested ones too, by its path."""
    schema = model.model_json_schema()

    def walk(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
        if isinstance(node, list):
            for one in node:
                yield from walk(one, place)
        if not isinstance(node, dict):
            return
        if "$ref" in node:
            yield from walk(schema["$defs"][node["$ref"].rsplit("/", 1)[1]], place)
        for name, field in node.get("properties", {}).items():
            path = f"{place}.{name}" if place else name
            yield path, field
            yield from walk(field, path)
        for keyword in ("anyOf", "oneOf", "allOf", "items", "prefixItems", "additionalProperties"):
            yield from walk(node.get(keyword), place)

    return walk(schema, above)


def unclassified(event: type[Event]) -> list[str]:
    return [path for path, field in fields(event) if classification_of(field) is None]


def not_public(event: type[Event]) -> list[str]:
    return [path for path, field in fields(event) if classification_of(field) is not Classification.PUBLIC]


def personal(event: type[Event]) -> list[str]:
    names = [(path, path.rsplit(".", 1)[-1]) for path, _ in fields(event)]
    allowed = {"name", "name_before", "code", "number"} if event.AGGREGATE in OF_UNITS else set()
    return [path for path, name in names if name not in allowed and (PERSONAL.search(name) or name == "name")]


class Nested(Value):
    standing: Annotated[str, PSEUDONYMOUS]
    ethnicity: str


class Planted(Event):
    """Everything that is wrong."""

    TYPE: ClassVar[str] = "vn.chibo.membership.planted.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PUBLIC]
    name: Annotated[str, PUBLIC]
    home_address: Annotated[str, PUBLIC]
    card_number: str
    after: Annotated[list[Nested] | None, PUBLIC]


@every_event
def test_every_field_is_classified(event: type[Event]) -> None:
    assert list(fields(event))
    assert unclassified(event) == []


def test_a_field_without_class_is_found_however_deep() -> None:
    assert unclassified(Planted) == ["card_number", "after.ethnicity"]


@pytest.mark.parametrize("event", PUBLIC_CLASSES, ids=lambda event: event.__name__)
def test_public_events_carry_public_fields_only(event: type[Event]) -> None:
    assert not_public(event) == []


def test_a_field_that_is_not_public_is_found_however_deep() -> None:
    assert not_public(Planted) == ["card_number", "after.standing", "after.ethnicity"]
    assert not_public(membership.MemberAdmitted)


@every_event
def test_no_field_is_called_like_personal_data(event: type[Event]) -> None:
    assert personal(event) == []


def test_fields_called_like_personal_data_are_found_however_deep() -> None:
    assert personal(Planted) == ["name", "home_address", "card_number", "after.ethnicity"]


def test_a_person_is_behind_a_pseudonym() -> None:
    for event in CLASSES:
        if event.AGGREGATE in {"member", "member_award", "transfer"}:
            assert all(
                classification_of(field) is Classification.PSEUDONYMOUS
                for path, field in fields(event)
                if path not in {"effective_date", "decision_date"}
            ), event


def test_how_somebody_is_rated_is_behind_a_pseudonym() -> None:
    of_all = {"effective_date", "decision_date", "member_rating_list_id", "organisation_id", "year"}
    for event in (ratings.MembersRated, ratings.MemberRatingCorrected):
        public = {path for path, field in fields(event) if classification_of(field) is Classification.PUBLIC}
        assert {path for path in public if not path.startswith(("rule", "document"))} <= of_all


def kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_types_say_where_the_event_is_from_and_what_it_is_called(topic: Topic) -> None:
    for event in topic.events:
        found = TYPE.fullmatch(event.TYPE)
        assert found, event.TYPE
        # A class of version 2 or later may bear it in its name, to stand beside the first.
        assert found["name"] == kebab(re.sub(r"V[0-9]+$", "", event.__name__))
        assert event.__name__.endswith(f"V{found['version']}") == (found["version"] != "1")
        assert found["where"] == ("public" if ".public." in topic.name else topic.service)


def test_types_are_unique() -> None:
    assert [name for name, count in Counter(event.TYPE for event in CLASSES).items() if count > 1] == []


def test_every_event_class_is_on_exactly_one_topic() -> None:
    def defined(parent: type[Event]) -> Iterator[type[Event]]:
        for event in parent.__subclasses__():
            if event.__module__.startswith("contracts."):
                yield event
            yield from defined(event)

    on_topics = Counter(CLASSES)
    assert {event.__name__: on_topics[event] for event in defined(Event)} == {
        event.__name__: 1 for event in on_topics
    }
    assert on_topics.total() == 140


@every_event
def test_the_key_is_a_field_that_is_always_there_and_is_the_aggregates_id(event: type[Event]) -> None:
    assert event.KEY.removesuffix("_id") == event.AGGREGATE
    assert event.KEY.endswith("_id")
    assert event.model_fields[event.KEY].annotation is UUID
    assert event.model_fields[event.KEY].is_required()


@every_event
def test_every_event_says_what_it_is(event: type[Event]) -> None:
    assert inspect.getdoc(event) not in {None, inspect.getdoc(Event)}
    assert {"TYPE", "AGGREGATE", "KEY"} <= vars(event).keys()


@given(instances)
def test_json_gives_the_same_event_back(event: Event) -> None:
    again = type(event).model_validate_json(event.model_dump_json())
    assert again == event
    assert type(again) is type(event)
    assert again.model_dump_json() == event.model_dump_json()


@given(instances)
def test_events_are_frozen_inside_too(event: Event) -> None:
    for value in (event, *(side for _, side in event if isinstance(side, Value))):
        for name in type(value).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(value, name, getattr(value, name))
    assert hash(event) == hash(event.model_copy(deep=True))


@given(instances)
def test_an_unknown_field_is_refused_inside_too(event: Event) -> None:
    stated = event.model_dump()
    for place in (stated, *(side for side in stated.values() if isinstance(side, dict))):
        place["full_name"] = "Nguyễn Văn Đức"
        with pytest.raises(ValidationError, match="full_name"):
            type(event).model_validate(stated)
        del place["full_name"]
    assert type(event).model_validate(stated) == event


@given(st.one_of(st.builds(event) for event in MEMBERSHIP_INTERNAL.events))
def test_the_public_form_is_a_public_event_of_the_same_unit_and_never_of_a_person(event: Event) -> None:
    told = public_form(event)
    if event.AGGREGATE in INSIDE:
        assert told is None
    else:
        assert type(told) in MEMBERSHIP_PUBLIC.events
        assert told.aggregate_id == event.aggregate_id
        assert (told.effective_date, told.decision_date) == (event.effective_date, event.decision_date)
        said, known = told.model_dump(), event.model_dump()
        state = known.get("after") or known.get("before") or {}
        for name in said.keys() & state.keys():
            assert said[name] == state[name]
        for name in said.keys() & known.keys():
            assert said[name] == known[name]


def test_an_event_without_a_public_form_of_its_own_is_told_nobody() -> None:
    planted = Planted(effective_date=date(2020, 1, 1), member_id=UUID(int=1), name="", home_address="",
                      card_number="", after=None)  # fmt: skip
    assert public_form(planted) is None


def test_there_is_an_example_of_every_event_and_the_public_ones_are_told_of_the_internal_ones() -> None:
    assert EXAMPLES.keys() == {event.TYPE for event in CLASSES}
    assert {type(example) for example in EXAMPLES.values()} == set(CLASSES)
    for inside, outside, form in (
        (MEMBERSHIP_INTERNAL, MEMBERSHIP_PUBLIC, public_form),
        (MEETINGS_INTERNAL, MEETINGS_PUBLIC, public_form_of_meetings),
        (INSPECTION_INTERNAL, INSPECTION_PUBLIC, public_form_of_inspection),
        (REPORTING_INTERNAL, REPORTING_PUBLIC, public_form_of_reporting),
    ):
        told = [form(EXAMPLES[event.TYPE]) for event in inside.events]
        assert [event for event in told if event is not None and event not in EXAMPLES.values()] == []
        assert {event.TYPE for event in told if event is not None} == outside.types


def test_each_enumeration_value_is_plain_text() -> None:
    for module in (
        base, findings, inspection, meetings, membership, membership_public, ratings, resolutions, spells, transfers,
        visit_plans, visits,
    ):  # fmt: skip
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, membership.StrEnum) and found is not membership.StrEnum:
                assert all(re.fullmatch("[a-z]+(_[a-z]+)*", value) for value in found), found
