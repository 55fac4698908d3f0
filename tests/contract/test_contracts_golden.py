"""Golden records: what is on Kafka, byte for byte, for one example of each event.

`contracts/published/golden/<type>.json` holds a record's key, headers and value as text. A reader in any language
can be tried against them; here they hold the code that writes to its promise. After a field was added, write them
anew and read the difference before it is committed:

    .venv/bin/python -m tests.contract.test_contracts_golden
"""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from chassis import cloudevents, publications
from chassis.publications import Message
from chassis.sequencer import StreamedEvent
from contracts import publish
from contracts.event import Event
from contracts.examples import EXAMPLES
from contracts.topics import (
    INSPECTION_INTERNAL,
    MEETINGS_INTERNAL,
    MEMBERSHIP_INTERNAL,
    MEMBERSHIP_PUBLIC,
    REPORTING_INTERNAL,
    TOPICS,
    Topic,
)
from services.inspection.publications import PUBLICATIONS as OF_INSPECTION
from services.meetings.publications import PUBLICATIONS as OF_MEETINGS
from services.membership.publications import PUBLICATIONS as OF_MEMBERSHIP
from services.reporting.publications import PUBLICATIONS as OF_REPORTING

GOLDEN = publish.PUBLISHED / "golden"
CLASSES = {event.TYPE: event for topic in TOPICS for event in topic.events}
TOPIC_OF = {event.TYPE: topic for topic in TOPICS for event in topic.events}

_FIRST = 1_000_000_000_000_001  # of the log's first epoch
_TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def encoded() -> dict[str, Message]:
    """Send the internal examples through the relay's own path, each service's as a stream of its own; by type."""
    return {
        **sent(MEMBERSHIP_INTERNAL, OF_MEMBERSHIP),
        **sent(MEETINGS_INTERNAL, OF_MEETINGS),
        **sent(INSPECTION_INTERNAL, OF_INSPECTION),
        **sent(REPORTING_INTERNAL, OF_REPORTING),
    }


def sent(topic: Topic, told: Sequence[publications.Publication]) -> dict[str, Message]:
    previous: publications.Previous = {}
    found = {}
    for number, event in enumerate(topic.events):
        example = EXAMPLES[event.TYPE]
        streamed = StreamedEvent(
            sequence=_FIRST + number,
            position=number + 1,
            aggregate_id=example.aggregate_id,
            aggregate_version=1,
            type=example.TYPE,
            payload=example.as_json(),
            traceparent=_TRACE if number % 2 == 0 else None,
            recorded_at=datetime(2026, 1, 2, 3, 4, 5, 6000 + number, UTC),
            hash=b"",
        )
        for publication in told:
            message = publications.message(publication, streamed, previous)
            if message is not None:
                type_ = dict(message.headers)["ce_type"].decode()
                assert type_ not in found
                found[type_] = message
    return found


def golden_text(message: Message) -> str:
    record = {
        "key": message.key.decode(),
        "headers": [[name, value.decode()] for name, value in message.headers],
        "value": message.value.decode(),
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every golden record anew."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for type_, message in encoded().items():
        (GOLDEN / f"{type_}.json").write_text(golden_text(message), encoding="utf-8", newline="\n")


every_type = pytest.mark.parametrize("type_", sorted(CLASSES))


def golden(type_: str) -> dict[str, Any]:
    return json.loads((GOLDEN / f"{type_}.json").read_text(encoding="utf-8"))


def same(message: Message, record: dict[str, Any]) -> bool:
    """Whether a record that is sent has the golden bytes."""
    headers = [(name, value.encode()) for name, value in record["headers"]]
    return (message.key, message.headers, message.value) == (
        record["key"].encode(),
        headers,
        record["value"].encode(),
    )


def schema(type_: str) -> dict[str, Any]:
    return json.loads((publish.PUBLISHED / f"{type_}.json").read_text(encoding="utf-8"))


def headers_schema(topic: Topic, type_: str) -> dict[str, Any]:
    """The AsyncAPI document's schema of a message's headers, its references followed from the document's root."""
    document = json.loads((publish.PUBLISHED / f"asyncapi/{topic.service}.json").read_text(encoding="utf-8"))
    return {**document, **document["components"]["messages"][type_]["headers"]}


def validator(of: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(of, format_checker=FormatChecker())


def test_there_is_a_golden_record_of_each_type_and_of_no_other() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{type_}.json" for type_ in CLASSES}
    assert encoded().keys() == CLASSES.keys()


@every_type
def test_what_is_sent_today_has_the_golden_bytes(type_: str) -> None:
    message = encoded()[type_]
    assert same(message, golden(type_)), golden_text(message)
    assert message.topic == TOPIC_OF[type_].name
    assert (GOLDEN / f"{type_}.json").read_text(encoding="utf-8") == golden_text(message)


@every_type
def test_any_changed_byte_is_caught(type_: str) -> None:
    message, record = encoded()[type_], golden(type_)

    def flipped(text: str) -> list[str]:
        return [f"{text[:at]}{chr(ord(text[at]) ^ 1)}{text[at + 1:]}" for at in range(len(text))]  # fmt: skip

    assert same(message, record)
    for part in ("key", "value"):
        for text in (*flipped(record[part]), record[part] + " ", record[part][:-1]):
            assert not same(message, {**record, part: text})
    for at, (name, value) in enumerate(record["headers"]):
        for header in (*([one, value] for one in flipped(name)), *([name, one] for one in flipped(value))):
            headers = [*record["headers"][:at], header, *record["headers"][at + 1 :]]
            assert not same(message, {**record, "headers": headers})
        assert not same(message, {**record, "headers": record["headers"][:at] + record["headers"][at + 1 :]})
    assert not same(message, {**record, "headers": record["headers"][::-1]})


@every_type
def test_the_golden_value_is_the_example(type_: str) -> None:
    decoded: Event = CLASSES[type_].model_validate_json(golden(type_)["value"])
    assert decoded == EXAMPLES[type_]
    assert str(decoded.aggregate_id) == golden(type_)["key"]


@every_type
def test_the_golden_value_is_valid_by_the_published_schema(type_: str) -> None:
    value = json.loads(golden(type_)["value"])
    check = validator(schema(type_))
    check.validate(value)
    stated = EXAMPLES[type_].model_dump(exclude_none=True).keys()
    assert stated <= value.keys() <= schema(type_)["properties"].keys(), (
        "what is stated is there, and described"
    )
    for name in schema(type_)["required"]:
        assert not check.is_valid({field: held for field, held in value.items() if field != name})
    assert not check.is_valid({**value, "effective_date": "31/02/2020"})
    assert check.is_valid({**value, "added_later": 1})
    key = schema(type_)["x-key"]
    assert value[key] == golden(type_)["key"]


@every_type
def test_the_golden_headers_are_valid_by_the_published_document_and_readable(type_: str) -> None:
    record, topic = golden(type_), TOPIC_OF[type_]
    headers = dict(record["headers"])
    assert len(headers) == len(record["headers"])
    check = validator(headers_schema(topic, type_))
    check.validate(headers)
    document = headers_schema(topic, type_)["components"]["schemas"]["cloudEventsHeaders"]
    assert headers.keys() | {"traceparent"} == document["properties"].keys()
    for name in headers.keys() - {"traceparent"}:
        assert not check.is_valid({other: value for other, value in headers.items() if other != name}), name
        assert not check.is_valid({**headers, name: "?"}), name
    assert not check.is_valid({**headers, "ce_type": "vn.chibo.membership.another.v1"})
    assert headers["ce_subject"] == record["key"]
    read = cloudevents.decode_headers([(name, value.encode()) for name, value in headers.items()])
    assert (read.type, read.source) == (type_, topic.source)
    assert read.previous < read.sequence


def test_the_records_together_show_what_may_come() -> None:
    """With and without a trace, a place with something before it and without, and letters beyond ASCII."""
    records = [golden(type_) for type_ in CLASSES]
    headers = [dict(record["headers"]) for record in records]
    assert {"traceparent" in one for one in headers} == {True, False}
    assert {int(one["ce_previoussequence"]) == 0 for one in headers} == {True, False}
    assert any("Đường sắt" in record["value"] for record in records)
    by_type = {dict(record["headers"])["ce_type"]: dict(record["headers"]) for record in records}
    inside = by_type["vn.chibo.membership.organisation-established.v1"]
    outside = by_type["vn.chibo.public.unit-established.v1"]
    assert inside["ce_sequence"] == outside["ce_sequence"], "one sequence for both forms"
    assert MEMBERSHIP_PUBLIC.types <= by_type.keys()


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{GOLDEN}\n")
