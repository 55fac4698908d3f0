"""Writes `contracts/published/` from the event classes: `python -m contracts.publish [--check]`.

A JSON Schema for each event type, and an AsyncAPI document for each service. Schemas are written for readers:
they leave room for fields to come (no `additionalProperties: false`), and a field with a default is not
required, since events recorded before it was added lack it. Nothing is overwritten by a breaking change; see
`compatibility.py`. `--check` writes nothing and fails where the files are not what would be written.
"""

import argparse
import inspect
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from contracts.compatibility import Breaking, Rule, breaking_changes, breaking_document_changes
from contracts.event import Event
from contracts.examples import EXAMPLES
from contracts.topics import TOPICS, Topic

PUBLISHED: Final = Path(__file__).parent / "published"

_SCHEMA_FORMAT: Final = "application/schema+json;version=draft-2020-12"
_SEQUENCE: Final = {"type": "string", "pattern": "^[0-9]{19}$"}
_HEADERS: Final = "cloudEventsHeaders"
_KEY: Final = {
    "type": "string",
    "format": "uuid",
    "description": "The aggregate's id, as text; the same as ce_subject.",
}


class _WithoutFieldTitles(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: object) -> bool:
        del schema
        return False


def schema_of(event: type[Event], topic: Topic) -> JsonSchemaValue:
    """Return the JSON Schema of an event type, as readers of `topic` need it."""
    schema = event.model_json_schema(schema_generator=_WithoutFieldTitles)
    for definition in (schema, *schema.get("$defs", {}).values()):
        if definition.get("additionalProperties") is False:
            del definition["additionalProperties"]
        if "required" in definition:
            definition["required"] = sorted(definition["required"])
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:chibo:event:{event.TYPE}",
        "x-aggregate": event.AGGREGATE,
        "x-key": event.KEY,
        "x-topic": topic.name,
        **schema,
    }


def asyncapi_of(service: str, topics: Sequence[Topic]) -> dict[str, Any]:
    """Return the AsyncAPI document of a service: its channels and messages, and no word of where the broker is."""
    events = [(topic, event) for topic in topics for event in topic.events]
    [source] = {topic.source for topic in topics}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"chibo {service}",
            "version": "1",
            "description": (
                f"The events of the {service} service: CloudEvents 1.0 in Kafka's binary mode, JSON values. "
                "Order is kept within a key. Readers pass over fields and headers that they do not know."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {_channel(topic): _channel_object(topic) for topic in topics},
        "operations": {f"send-{_channel(topic)}": _operation(topic) for topic in topics},
        "components": {
            "messages": {event.TYPE: _message(event) for _, event in events},
            "schemas": {_HEADERS: _headers(source)},
        },
    }


def documents(topics: Iterable[Topic] = TOPICS) -> dict[str, str]:
    """Return everything to be published: each file's text, by its path below `published/`."""
    topics = sorted(topics, key=lambda topic: (topic.service, topic.name))
    found: dict[str, Any] = {
        f"{event.TYPE}.json": schema_of(event, topic) for topic in topics for event in topic.events
    }
    for service, its in groupby(topics, key=lambda topic: topic.service):
        found[f"asyncapi/{service}.json"] = asyncapi_of(service, list(its))
    return {
        path: json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for path, document in sorted(found.items())
    }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is published against what the event classes say now."""

    differing: list[str]
    """Paths that are missing or hold something else."""
    breaking: dict[str, list[Breaking]]
    """By path."""


def compare(directory: Path, now: Mapping[str, str]) -> Comparison:
    """Compare the files in `directory` with the texts that they should hold."""
    published = {
        path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8")
        for pattern in ("*.json", "asyncapi/*.json")
        for path in sorted(directory.glob(pattern))
    }
    paths = sorted(published.keys() | now.keys())
    breaking = {path: _breaking(path, published[path], now.get(path)) for path in paths if path in published}
    return Comparison(
        differing=[path for path in paths if published.get(path) != now.get(path)],
        breaking={path: found for path, found in breaking.items() if found},
    )


def main(
    arguments: Sequence[str] | None = None,
    *,
    directory: Path = PUBLISHED,
    topics: Iterable[Topic] = TOPICS,
) -> int:
    """Publish or check; return the exit code, 1 for a refusal or a difference."""
    parser = argparse.ArgumentParser(prog="python -m contracts.publish", description="Publish the contracts.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where files differ")
    check: bool = parser.parse_args(arguments).check
    now = documents(topics)
    found = compare(directory, now)
    if found.breaking:
        _say("Thay đổi phá vỡ hợp đồng đã công bố (breaking change of the published contract):")
        for path, changes in found.breaking.items():
            for change in changes:
                _say(f"  {path}: {change}")
        _say(
            "Cách sửa: giữ nguyên lớp sự kiện cũ và tạo lớp mới với phiên bản kế tiếp, ví dụ ….v2\n"
            "(mend: leave the event class as it was and state the change in a new type, such as ….v2)."
        )
        return 1
    if check and found.differing:
        _say("contracts/published khác với các lớp sự kiện (differs from the event classes):")
        for path in found.differing:
            _say(f"  {path}")
        _say("Chạy `make contracts` rồi commit kết quả (run it and commit the result).")
        return 1
    for path in found.differing:
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(now[path], encoding="utf-8", newline="\n")
        _say(f"  {path}")
    _say(f"contracts/published: {len(now)} tệp khớp với mã nguồn (files up to date).")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _breaking(path: str, old: str, new: str | None) -> list[Breaking]:
    if new is None:
        return [Breaking(Rule.REMOVED_TYPE)]
    comparison = breaking_document_changes if path.startswith("asyncapi/") else breaking_changes
    try:
        return comparison(json.loads(old), json.loads(new))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return [Breaking(Rule.UNREADABLE, detail=f"{type(error).__name__}: {error}")]


def _channel(topic: Topic) -> str:
    """Return a topic's name within its service: `internal` of `chibo.membership.internal.v1`."""
    return topic.name.removeprefix(f"chibo.{topic.service}.").rsplit(".", 1)[0]


def _ref(*steps: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(steps)}


def _channel_object(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "messages": {event.TYPE: _ref("components", "messages", event.TYPE) for event in topic.events},
    }


def _operation(topic: Topic) -> dict[str, Any]:
    channel = _channel(topic)
    return {
        "action": "send",
        "channel": _ref("channels", channel),
        "messages": [_ref("channels", channel, "messages", event.TYPE) for event in topic.events],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": event.TYPE,
        "title": event.__name__,
        "summary": inspect.getdoc(event),
        "contentType": "application/json",
        "headers": {
            "allOf": [
                _ref("components", "schemas", _HEADERS),
                {"properties": {"ce_type": {"const": event.TYPE}}},
            ]
        },
        "payload": {"schemaFormat": _SCHEMA_FORMAT, "schema": {"$ref": f"../{event.TYPE}.json"}},
        "bindings": {"kafka": {"key": _KEY, "bindingVersion": "0.5.0"}},
    }
    if event.TYPE in EXAMPLES:
        message["examples"] = [{"payload": EXAMPLES[event.TYPE].model_dump(mode="json")}]
    return message


def _headers(source: str) -> dict[str, Any]:
    properties: dict[str, dict[str, Any]] = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {**_SEQUENCE, "description": "Unique within the source; the same as ce_sequence."},
        "ce_source": {"const": source},
        "ce_type": {"type": "string", "description": "The event type, with its version."},
        "ce_subject": {
            "type": "string",
            "format": "uuid",
            "description": "The aggregate's id; the same as the key.",
        },
        "ce_time": {
            "type": "string",
            "format": "date-time",
            "pattern": "Z$",
            "description": "When it was recorded, in UTC.",
        },
        "ce_sequence": {
            **_SEQUENCE,
            "description": "The event's place in the service's stream: grows along a partition, with holes.",
        },
        "ce_previoussequence": {
            **_SEQUENCE,
            "description": "The sequence sent to this partition just before, zeros where none was: shows a gap.",
        },
        "content-type": {"const": "application/json"},
        "traceparent": {
            "type": "string",
            "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
            "description": "W3C trace context of what caused the event, where it was traced.",
        },
    }
    return {
        "type": "object",
        "description": "Kafka headers, each once, as UTF-8 text.",
        "properties": properties,
        "required": sorted(properties.keys() - {"traceparent"}),
    }


if __name__ == "__main__":
    sys.exit(main())
