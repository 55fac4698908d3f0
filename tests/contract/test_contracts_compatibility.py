"""A change of a published schema is let through only if readers of the old one cannot notice."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import publish
from contracts.compatibility import Rule, breaking_changes, breaking_document_changes
from contracts.membership import EVENTS, MemberConfirmed, OrganisationEstablished
from contracts.topics import MEMBERSHIP_INTERNAL, MEMBERSHIP_PUBLIC

Schema = dict[str, Any]
CONFIRMED = publish.schema_of(MemberConfirmed, MEMBERSHIP_INTERNAL)
ESTABLISHED = publish.schema_of(OrganisationEstablished, MEMBERSHIP_INTERNAL)
DOCUMENT = publish.asyncapi_of("membership", (MEMBERSHIP_INTERNAL, MEMBERSHIP_PUBLIC))
HEADERS = "cloudEventsHeaders"


def changed(schema: Schema, change: Callable[[Schema], object]) -> Schema:
    new = copy.deepcopy(schema)
    change(new)
    assert new != schema, "nothing was planted"
    return new


def state(schema: Schema) -> Schema:
    return schema["$defs"]["MemberState"]


def found(old: Schema, new: Schema) -> list[tuple[Rule, str]]:
    return [(one.rule, one.place) for one in breaking_changes(old, new)]


def in_both(rule: Rule, name: str) -> list[tuple[Rule, str]]:
    return [(rule, f"after.{name}"), (rule, f"before.{name}")]


ADDED = {"type": "string", "default": "", "x-classification": "public"}
NULLABLE_ADDED = {
    "anyOf": [{"type": "date"}, {"type": "null"}],
    "default": None,
    "x-classification": "public",
}


def nullable(field: Schema) -> Schema:
    return {"anyOf": [field, {"type": "null"}], "x-classification": field["x-classification"]}


def rename_definition(schema: Schema) -> None:
    schema["$defs"]["StateOfMember"] = schema["$defs"].pop("MemberState")
    for side in ("before", "after"):
        schema["properties"][side]["$ref"] = "#/$defs/StateOfMember"


def inline_definition(schema: Schema) -> None:
    schema["properties"]["after"] = {**state(schema), "x-classification": "pseudonymous"}


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["properties"].update(added=ADDED),
        lambda s: s["properties"].update(added=NULLABLE_ADDED),
        lambda s: state(s)["properties"].update(added=ADDED),
        lambda s: (s["$defs"].update(New=copy.deepcopy(state(s))),
                   s["properties"].update(added={"$ref": "#/$defs/New", "x-classification": "pseudonymous"})),
        lambda s: s.update(description="said better", title="Said better"),
        lambda s: state(s)["properties"]["birth_date"].update(description="said better"),
        lambda s: s["$defs"]["Gender"].pop("description"),
        lambda s: s["$defs"]["Gender"]["enum"].reverse(),
        lambda s: s["required"].reverse(),
        rename_definition,
        inline_definition,
    ],
)  # fmt: skip
def test_readers_do_not_notice(change: Callable[[Schema], object]) -> None:
    assert found(CONFIRMED, changed(CONFIRMED, change)) == []


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        # At the top.
        (lambda s: s["properties"].pop("decision_date"), [(Rule.REMOVED_PROPERTY, "decision_date")]),
        (lambda s: s["properties"].update(day=s["properties"].pop("decision_date")),
         [(Rule.REMOVED_PROPERTY, "decision_date")]),
        (lambda s: (s["properties"].update(added=ADDED), s["required"].append("added")),
         [(Rule.NEWLY_REQUIRED, "added")]),
        (lambda s: s["required"].append("decision_date"), [(Rule.NEWLY_REQUIRED, "decision_date")]),
        (lambda s: s["required"].remove("member_id"), [(Rule.NO_LONGER_REQUIRED, "member_id")]),
        (lambda s: s["properties"]["decision_date"]["anyOf"].pop(), [(Rule.NULLABILITY, "decision_date")]),
        (lambda s: s["properties"]["decision_date"].update(default="2020-01-01"), [(Rule.MEANING, "decision_date")]),
        (lambda s: s["properties"]["decision_date"]["anyOf"][0].update(format="date-time"),
         [(Rule.MEANING, "decision_date")]),
        (lambda s: s["properties"]["effective_date"].pop("format"), [(Rule.MEANING, "effective_date")]),
        (lambda s: s["properties"]["effective_date"].update(type="integer"), [(Rule.MEANING, "effective_date")]),
        (lambda s: s["properties"]["effective_date"].update(maxLength=10), [(Rule.MEANING, "effective_date")]),
        (lambda s: s["properties"]["effective_date"].update(deprecated=True), [(Rule.MEANING, "effective_date")]),
        (lambda s: s.update(additionalProperties=False), [(Rule.MEANING, "")]),
        (lambda s: s.update({"x-key": "cell_id"}), [(Rule.IDENTITY, "")]),
        (lambda s: s.update({"x-aggregate": "cell"}), [(Rule.IDENTITY, "")]),
        (lambda s: s.update({"x-topic": "chibo.membership.public.v1"}), [(Rule.IDENTITY, "")]),
        (lambda s: s.update({"$id": "urn:another"}), [(Rule.IDENTITY, "")]),
        (lambda s: s["properties"]["member_id"].update({"x-classification": "public"}),
         [(Rule.CLASSIFICATION, "member_id")]),
        (lambda s: s["properties"]["member_id"].pop("x-classification"), [(Rule.CLASSIFICATION, "member_id")]),
        # In a definition that is used twice.
        (lambda s: state(s)["properties"].pop("religious"), in_both(Rule.REMOVED_PROPERTY, "religious")),
        (lambda s: (state(s)["properties"].update(added=ADDED), state(s)["required"].append("added")),
         in_both(Rule.NEWLY_REQUIRED, "added")),
        (lambda s: state(s)["required"].remove("gender"), in_both(Rule.NO_LONGER_REQUIRED, "gender")),
        (lambda s: state(s)["properties"]["birth_date"].update(format="date-time"),
         in_both(Rule.MEANING, "birth_date")),
        (lambda s: state(s)["properties"]["youth_union"].update(type="string"), in_both(Rule.MEANING, "youth_union")),
        (lambda s: state(s)["properties"]["cell_id"].update({"x-classification": "public"}),
         in_both(Rule.CLASSIFICATION, "cell_id")),
        (lambda s: state(s)["properties"].update(cell_id=nullable(state(s)["properties"]["cell_id"])),
         in_both(Rule.NULLABILITY, "cell_id")),
        # In a definition of a definition.
        (lambda s: s["$defs"]["Standing"]["enum"].append("honorary"), in_both(Rule.MEANING, "standing")),
        (lambda s: s["$defs"]["Standing"]["enum"].pop(), in_both(Rule.MEANING, "standing")),
        (lambda s: state(s)["properties"]["gender"].update({"$ref": "#/$defs/Standing"}),
         in_both(Rule.MEANING, "gender")),
        # A use that leads to another definition.
        (lambda s: s["properties"]["before"].update({"$ref": "#/$defs/Standing"}), None),
    ],
)  # fmt: skip
def test_readers_notice(change: Callable[[Schema], object], rules: list[tuple[Rule, str]] | None) -> None:
    names = found(CONFIRMED, changed(CONFIRMED, change))
    if rules is None:
        assert (Rule.REMOVED_PROPERTY, "before.cell_id") in names
        assert (Rule.MEANING, "before") in names
    else:
        assert names == rules


def test_nothing_becomes_something() -> None:
    """`before` of an event that establishes is always null; a state there is another event."""
    new = changed(
        ESTABLISHED,
        lambda s: s["properties"]["before"].update(
            {
                "anyOf": [
                    {"$ref": "#/$defs/OrganisationState"},
                    {"type": s["properties"]["before"].pop("type")},
                ]
            }
        ),
    )
    assert (Rule.MEANING, "before") in found(ESTABLISHED, new)


@pytest.mark.parametrize("keyword", ["items", "additionalProperties"])
def test_lists_and_maps_are_walked_into(keyword: str) -> None:
    old = {
        "properties": {"scores": {keyword: {"$ref": "#/$defs/Score"}}},
        "$defs": {"Score": {"type": "integer"}},
    }
    new = changed(old, lambda s: s["$defs"]["Score"].update(type="number"))
    mark = {"items": "[]", "additionalProperties": "{}"}[keyword]
    assert found(old, new) == [(Rule.MEANING, f"scores{mark}")]
    assert found(old, changed(old, lambda s: s["properties"]["scores"].update({keyword: True}))) == [
        (Rule.MEANING, "scores")
    ]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf", "allOf"])
def test_alternatives_are_walked_into_and_counted(keyword: str) -> None:
    old = {
        "properties": {"remedy": {keyword: [{"properties": {"a": {"type": "string"}}}, {"type": "integer"}]}}
    }
    first = changed(old, lambda s: s["properties"]["remedy"][keyword][0]["properties"].pop("a"))
    assert found(old, first) == [(Rule.REMOVED_PROPERTY, "remedy<0>.a")]
    longer = changed(old, lambda s: s["properties"]["remedy"][keyword].append({"type": "boolean"}))
    assert found(old, longer) == found(longer, old) == [(Rule.MEANING, "remedy")]


def test_alternatives_beside_null_and_beside_a_reference_are_seen() -> None:
    options = [{"type": "string"}, {"type": "integer"}, {"type": "null"}]
    for remedy in ({"anyOf": options}, {"$ref": "#/$defs/Named", "anyOf": options}):
        old = {"properties": {"remedy": remedy}, "$defs": {"Named": {"title": "Named"}}}
        other = changed(old, lambda s: s["properties"]["remedy"]["anyOf"][1].update(type="number"))
        assert found(old, other) == [(Rule.MEANING, "remedy<1>")]
        without = changed(old, lambda s: s["properties"]["remedy"]["anyOf"].pop())
        assert found(old, without) == [(Rule.NULLABILITY, "remedy")]


def test_a_definition_that_holds_itself_comes_to_an_end() -> None:
    old = {
        "$ref": "#/$defs/Task",
        "$defs": {
            "Task": {
                "properties": {
                    "name": {"type": "string"},
                    "parts": {"type": "array", "items": {"$ref": "#/$defs/Task"}},
                }
            }
        },
    }
    new = changed(old, lambda s: s["$defs"]["Task"]["properties"]["name"].update(type="integer"))
    assert found(old, old) == []
    assert found(old, new) == [(Rule.MEANING, "name")]


@given(st.sampled_from(EVENTS), st.data())
def test_any_property_lost_anywhere_is_named(event: Any, data: st.DataObject) -> None:
    old = publish.schema_of(event, MEMBERSHIP_INTERNAL)
    assert found(old, old) == []
    new = copy.deepcopy(old)
    models = [model for model in (new, *new.get("$defs", {}).values()) if "properties" in model]
    model = data.draw(st.sampled_from(models))
    lost = data.draw(st.sampled_from(sorted(model["properties"])))
    del model["properties"][lost]
    names = found(old, new)
    assert names
    assert {(rule, place.rsplit(".", 1)[-1]) for rule, place in names} == {(Rule.REMOVED_PROPERTY, lost)}


def in_document(change: Callable[[Schema], object]) -> list[tuple[Rule, str]]:
    return [(one.rule, one.place) for one in breaking_document_changes(DOCUMENT, changed(DOCUMENT, change))]


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (lambda d: d["components"]["schemas"][HEADERS]["properties"].update(ce_dataschema={"type": "string"}), []),
        (lambda d: d["info"].update(description="said better"), []),
        (lambda d: d["channels"].update(another={"address": "chibo.membership.another.v1", "messages": {}}), []),
        (lambda d: d["channels"]["public"].update(address="another"), [(Rule.CHANNEL, "channels.public")]),
        (lambda d: d["components"]["schemas"][HEADERS]["properties"].pop("traceparent"),
         [(Rule.REMOVED_PROPERTY, f"{HEADERS}.traceparent")]),
        (lambda d: d["components"]["schemas"][HEADERS]["required"].append("traceparent"),
         [(Rule.NEWLY_REQUIRED, f"{HEADERS}.traceparent")]),
        (lambda d: d["components"]["schemas"][HEADERS]["properties"]["ce_source"].update(const="/another"),
         [(Rule.MEANING, f"{HEADERS}.ce_source")]),
        (lambda d: d["components"]["schemas"].clear(), [(Rule.REMOVED_PROPERTY, HEADERS)]),
        (lambda d: d["components"]["messages"]["vn.chibo.public.unit-dissolved.v1"]["bindings"]["kafka"].update(
            key={"type": "integer"}), [(Rule.MEANING, "vn.chibo.public.unit-dissolved.v1.key")] * 2),
        (lambda d: d["channels"]["public"]["messages"].pop("vn.chibo.public.unit-dissolved.v1"),
         [(Rule.REMOVED_TYPE, "channels.public.vn.chibo.public.unit-dissolved.v1")]),
    ],
)  # fmt: skip
def test_channels_keys_and_headers_are_compared(
    change: Callable[[Schema], object], rules: list[tuple[Rule, str]]
) -> None:
    assert in_document(change) == rules


def test_a_channel_that_is_gone_is_named_with_its_messages() -> None:
    rules = in_document(lambda d: d["channels"].pop("public"))
    assert rules[0] == (Rule.CHANNEL, "channels.public")
    assert {place for _, place in rules[1:]} == {
        f"channels.public.{type_}" for type_ in MEMBERSHIP_PUBLIC.types
    }


def test_a_change_is_told_in_both_languages_with_its_place() -> None:
    [one] = breaking_changes(
        CONFIRMED, changed(CONFIRMED, lambda s: s["properties"]["effective_date"].pop("format"))
    )
    assert (
        str(one)
        == "effective_date: đổi kiểu hoặc miền giá trị (type or values changed) – format: 'date' → None"
    )
