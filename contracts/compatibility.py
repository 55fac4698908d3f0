"""Whether a published schema may change as it did: readers of yesterday's schema must not notice.

A property may be added that need not be there, and texts for people may be reworded. Anything else is a
breaking change and belongs into a new event type with the next version. The comparison follows the paths of
the data, not the layout of the schema: moving a definition within `$defs` changes nothing for a reader.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

Schema = Mapping[str, Any]


class Rule(Enum):
    """What a change breaks; in Vietnamese and English."""

    REMOVED_TYPE = ("bỏ một loại sự kiện", "event type removed")
    REMOVED_PROPERTY = ("bỏ một trường", "property removed")
    NEWLY_REQUIRED = ("trường trở thành bắt buộc", "newly required")
    NO_LONGER_REQUIRED = ("trường không còn chắc chắn có", "no longer required")
    NULLABILITY = ("đổi việc cho phép null", "nullability changed")
    MEANING = ("đổi kiểu hoặc miền giá trị", "type or values changed")
    IDENTITY = ("đổi khóa, chủ thể, kênh hoặc định danh", "key, aggregate, topic or id changed")
    CLASSIFICATION = ("đổi mức bảo mật của trường", "classification changed")
    CHANNEL = ("bỏ hoặc đổi địa chỉ kênh", "channel removed or moved")
    UNREADABLE = ("không đọc được bản đã công bố", "published file unreadable; restore it")

    def __init__(self, vietnamese: str, english: str) -> None:
        self.vietnamese = vietnamese
        self.english = english


@dataclass(frozen=True, slots=True)
class Breaking:
    """A change that readers of the old schema would notice; `place` is the path of the data, as `after.code`."""

    rule: Rule
    place: str = ""
    detail: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        what = f" – {self.detail}" if self.detail else ""
        return f"{where}{self.rule.vietnamese} ({self.rule.english}){what}"


def breaking_changes(old: Schema, new: Schema) -> list[Breaking]:
    """Return what in `new` breaks readers of `old`, both JSON Schemas, in the order of their paths."""
    return list(_Comparison(old, new).nodes(old, new, "", frozenset()))


def breaking_document_changes(old: Schema, new: Schema) -> list[Breaking]:
    """Return what in the AsyncAPI document `new` breaks readers of `old`, apart from the payloads' schemas."""
    found = []
    for name, channel in sorted(old["channels"].items()):
        now = new["channels"].get(name, {"messages": {}})
        if channel["address"] != now.get("address"):
            detail = _arrow(channel["address"], now.get("address"))
            found.append(Breaking(Rule.CHANNEL, f"channels.{name}", detail))
        found += [
            Breaking(Rule.REMOVED_TYPE, f"channels.{name}.{message}")
            for message in sorted(channel["messages"].keys() - now["messages"].keys())
        ]
    parts, now_parts = _parts(old), _parts(new)
    for part, schema in sorted(parts.items()):
        if part in now_parts:
            found += _Comparison(old, new).nodes(schema, now_parts[part], part, frozenset())
        else:
            found.append(Breaking(Rule.REMOVED_PROPERTY, part))
    return found


def _parts(document: Schema) -> dict[str, Schema]:
    """Return the schemas in a document by their place: shared ones, and the key of each message."""
    components = document["components"]
    keys = {
        f"{name}.key": message["bindings"]["kafka"]["key"] for name, message in components["messages"].items()
    }
    return {**components["schemas"], **keys}


# For people; where definitions lie is followed through $ref.
_TEXTS: Final = {"$schema", "$comment", "$defs", "title", "description", "examples"}
_IDENTITY: Final = {"$id", "x-aggregate", "x-key", "x-topic"}
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE: Final = {"items": "[]", "additionalProperties": "{}"}
_NULL: Final = {"type": "null"}

_Path = frozenset[tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two schemas, each with the definitions that it refers to."""

    old_root: Schema
    new_root: Schema

    def nodes(self, old: Schema, new: Schema, place: str, above: _Path) -> Iterator[Breaking]:
        """Compare the schemas of one place in the data; `above` are the references passed on the way."""
        refs = (old.get("$ref"), new.get("$ref"))
        if refs != (None, None):
            if refs in above:
                return  # a definition that holds itself: already compared
            above |= {refs}
        was, was_nullable = _plain(old, self.old_root)
        now, now_nullable = _plain(new, self.new_root)
        if was_nullable != now_nullable:
            yield Breaking(Rule.NULLABILITY, place, "null" if now_nullable else "not null")
        yield from self._keywords(was, now, place)
        yield from self._properties(was, now, place, above)
        for keyword, mark in _SINGLE.items():
            if isinstance(was.get(keyword), dict) and isinstance(now.get(keyword), dict):
                yield from self.nodes(was[keyword], now[keyword], place + mark, above)
        for keyword in _LISTS:
            for index, (one, other) in enumerate(
                zip(was.get(keyword, ()), now.get(keyword, ()), strict=False)
            ):
                yield from self.nodes(one, other, f"{place}<{index}>", above)

    def _properties(self, old: Schema, new: Schema, place: str, above: _Path) -> Iterator[Breaking]:
        was, now = old.get("properties", {}), new.get("properties", {})
        was_required, now_required = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(was.keys() | now.keys()):
            path = f"{place}.{name}" if place else name
            if name not in now:
                yield Breaking(Rule.REMOVED_PROPERTY, path)
                continue
            if name in now_required - was_required:
                yield Breaking(Rule.NEWLY_REQUIRED, path)
            if name not in was:
                continue
            if name in was_required - now_required:
                yield Breaking(Rule.NO_LONGER_REQUIRED, path)
            yield from self.nodes(was[name], now[name], path, above)

    @staticmethod
    def _keywords(old: Schema, new: Schema, place: str) -> Iterator[Breaking]:
        for keyword in sorted((old.keys() | new.keys()) - _TEXTS - {"properties", "required"}):
            was, now = _comparable(keyword, old.get(keyword)), _comparable(keyword, new.get(keyword))
            if was == now and (keyword in old) == (keyword in new):
                continue
            if keyword == "x-classification":
                rule = Rule.CLASSIFICATION
            elif keyword in _IDENTITY:
                rule = Rule.IDENTITY
            else:
                rule = Rule.MEANING
            yield Breaking(rule, place, f"{keyword}: {_arrow(old.get(keyword), new.get(keyword))}")


def _plain(node: Schema, root: Schema) -> tuple[Schema, bool]:
    """Return a schema with its references resolved and null taken out of its alternatives, and if it had it."""
    nullable = False
    while True:
        rest = {keyword: value for keyword, value in node.items() if keyword not in {"$ref", "anyOf"}}
        options = [option for option in node.get("anyOf", ()) if option != _NULL]
        nullable |= len(options) < len(node.get("anyOf", ()))
        if "$ref" in node:
            beside = {keyword: value for keyword, value in node.items() if keyword != "$ref"}
            node = {**_definition(node["$ref"], root), **beside}
        elif len(options) == 1:
            node = {**options[0], **rest}
        elif node.get("type") == "null":
            return {keyword: value for keyword, value in rest.items() if keyword != "type"}, True
        else:
            return (rest | {"anyOf": options} if options else rest), nullable


def _definition(ref: str, root: Schema) -> Schema:
    place: Any = root
    for step in ref.removeprefix("#/").split("/"):
        place = place[step]
    found: Schema = place
    return found


def _comparable(keyword: str, value: Any) -> Any:
    """Return of a keyword's value what is compared here; what lies deeper is walked into."""
    if keyword in _LISTS and value is not None:
        return len(value)
    if keyword in _SINGLE and isinstance(value, dict):
        return dict
    if keyword == "enum" and value is not None:
        return sorted(map(repr, value))  # their order says nothing
    return value


def _arrow(old: Any, new: Any) -> str:
    return f"{old!r} → {new!r}"
