"""contracts/published/ is what the event classes say, and no breaking change gets into it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from jsonschema import Draft202012Validator
from pydantic import create_model

from contracts import publish
from contracts.event import PSEUDONYMOUS, PUBLIC, Event
from contracts.membership import MemberLeft, OrganisationDissolved
from contracts.topics import MEMBERSHIP_INTERNAL, MEMBERSHIP_PUBLIC, TOPICS, Topic
from deploy.local import settings

DOCUMENTS = publish.documents()
ASYNCAPI = "asyncapi/membership.json"
LEFT = f"{MemberLeft.TYPE}.json"


class MemberTravelled(Event):
    """An event as it may look at first."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-travelled.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[str, PSEUDONYMOUS]
    distance: Annotated[int, PSEUDONYMOUS]


OTHERS = tuple(topic for topic in TOPICS if topic is not MEMBERSHIP_INTERNAL)


def named_the_same(name: str, **fields: Any) -> type[Event]:
    """MemberTravelled with other fields, and everything else alike."""
    changed = create_model(name, __base__=MemberTravelled, __doc__=MemberTravelled.__doc__, **fields)
    changed.__name__ = MemberTravelled.__name__
    return changed


def with_event(*events: type[Event]) -> tuple[Topic, ...]:
    return (replace(MEMBERSHIP_INTERNAL, events=(*MEMBERSHIP_INTERNAL.events, *events)), *OTHERS)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Everything published as it is today."""
    assert publish.main([], directory=tmp_path) == 0
    return tmp_path


def held(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): path.read_text()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_what_is_checked_in_is_what_the_classes_say(capsys: pytest.CaptureFixture[str]) -> None:
    """The check of continuous integration."""
    assert publish.main(["--check"]) == 0, capsys.readouterr().out


def test_the_text_is_the_same_every_time_and_ends_its_last_line() -> None:
    assert publish.documents(reversed(TOPICS)) == DOCUMENTS
    for text in DOCUMENTS.values():
        assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_publishing_twice_writes_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory = tmp_path / "published"
    assert publish.main([], directory=directory) == 0
    assert held(directory) == DOCUMENTS
    assert LEFT in capsys.readouterr().out
    written = {path: path.stat().st_mtime_ns for path in directory.rglob("*.json")}
    assert publish.main([], directory=directory) == 0
    assert {path: path.stat().st_mtime_ns for path in directory.rglob("*.json")} == written
    assert LEFT not in capsys.readouterr().out


@pytest.mark.parametrize("path", [LEFT, ASYNCAPI])
def test_check_names_a_file_that_differs_and_writes_nothing(
    directory: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / path).write_text(DOCUMENTS[path].rstrip("\n"))
    before = held(directory)
    capsys.readouterr()
    assert publish.main(["--check"], directory=directory) == 1
    out = capsys.readouterr().out
    assert [line.strip() for line in out.splitlines() if ".json" in line] == [path]
    assert "khác với các lớp sự kiện" in out
    assert "make contracts" in out
    assert held(directory) == before
    assert publish.main([], directory=directory) == 0
    assert held(directory) == DOCUMENTS


def test_check_names_a_file_that_is_missing(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / LEFT).unlink()
    assert publish.main(["--check"], directory=directory) == 1
    assert f"  {LEFT}\n" in capsys.readouterr().out


def test_a_new_event_and_a_new_field_with_a_default_are_published(directory: Path) -> None:
    assert publish.main(["--check"], directory=directory, topics=with_event(MemberTravelled)) == 1
    assert publish.main([], directory=directory, topics=with_event(MemberTravelled)) == 0
    assert f"{MemberTravelled.TYPE}.json" in held(directory)
    more = named_the_same("More", on_foot=(Annotated[bool, PSEUDONYMOUS], False))
    assert publish.main([], directory=directory, topics=with_event(more)) == 0
    assert '"on_foot"' in held(directory)[f"{MemberTravelled.TYPE}.json"]


def later(event: type[Event]) -> type[Event]:
    event.TYPE = MemberTravelled.TYPE.replace("v1", "v2")
    return event


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"on_foot": (Annotated[bool, PSEUDONYMOUS], ...)}, "on_foot: trường trở thành bắt buộc (newly required)"),
        ({"distance": (Annotated[float, PSEUDONYMOUS], ...)}, "distance: đổi kiểu hoặc miền giá trị"),
        ({"distance": (Annotated[int | None, PSEUDONYMOUS], ...)}, "distance: đổi việc cho phép null"),
        ({"distance": (Annotated[int, PUBLIC], ...)}, "distance: đổi mức bảo mật của trường"),
        ({"effective_date": (Annotated[date | None, PUBLIC], None)}, "effective_date: trường không còn chắc chắn có"),
    ],
)  # fmt: skip
def test_a_breaking_change_is_refused_and_a_new_version_is_the_way(
    directory: Path, fields: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish.main([], directory=directory, topics=with_event(MemberTravelled)) == 0
    before = held(directory)
    for arguments in ([], ["--check"]):
        capsys.readouterr()
        changed = with_event(named_the_same("Changed", **fields))
        assert publish.main(arguments, directory=directory, topics=changed) == 1
        out = capsys.readouterr().out
        assert f"  {MemberTravelled.TYPE}.json: {told}" in out
        assert "….v2" in out
        assert held(directory) == before
    new = later(named_the_same("New", **fields))
    assert publish.main([], directory=directory, topics=with_event(MemberTravelled, new)) == 0
    assert {path: text for path, text in held(directory).items() if path in before and path != ASYNCAPI} == {
        path: text for path, text in before.items() if path != ASYNCAPI
    }


def test_one_breaking_change_holds_back_everything(directory: Path) -> None:
    (directory / LEFT).write_text(DOCUMENTS[LEFT].replace("left the register", "went"))
    before = held(directory)
    fewer = (replace(MEMBERSHIP_INTERNAL, events=MEMBERSHIP_INTERNAL.events[1:]), *OTHERS)
    assert publish.main([], directory=directory, topics=fewer) == 1
    assert held(directory) == before


def test_a_type_that_is_gone_is_named(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = OrganisationDissolved
    kept = tuple(event for event in MEMBERSHIP_INTERNAL.events if event is not gone)
    topics = (replace(MEMBERSHIP_INTERNAL, events=kept), *OTHERS)
    assert publish.main([], directory=directory, topics=topics) == 1
    assert f"  {gone.TYPE}.json: bỏ một loại sự kiện (event type removed)\n" in capsys.readouterr().out


def test_an_event_let_out_to_the_public_topic_is_named(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside, outside = MEMBERSHIP_INTERNAL.events[1:], MEMBERSHIP_INTERNAL.events[:1]
    topics = (
        replace(MEMBERSHIP_INTERNAL, events=inside),
        replace(MEMBERSHIP_PUBLIC, events=(*MEMBERSHIP_PUBLIC.events, *outside)),
        *OTHERS[1:],
    )
    assert publish.main([], directory=directory, topics=topics) == 1
    out = capsys.readouterr().out
    assert "x-topic: 'chibo.membership.internal.v1' → 'chibo.membership.public.v1'" in out


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", "<<<<<<< HEAD\n"])
@pytest.mark.parametrize("path", [LEFT, ASYNCAPI])
def test_a_published_file_that_cannot_be_read_is_named(
    directory: Path, path: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / path).write_text(text)
    assert publish.main([], directory=directory) == 1
    assert f"  {path}: " in capsys.readouterr().out


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_each_schema_is_draft_2020_12_and_says_whose_it_is(topic: Topic) -> None:
    for event in topic.events:
        schema = json.loads(DOCUMENTS[f"{event.TYPE}.json"])
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"urn:chibo:event:{event.TYPE}"
        assert (schema["x-aggregate"], schema["x-key"]) == (event.AGGREGATE, event.KEY)
        assert schema["x-topic"] == topic.name
        assert schema["title"] == event.__name__
        assert schema["description"]
        for model in (schema, *schema.get("$defs", {}).values()):
            assert all("x-classification" in field for field in model.get("properties", {}).values())


def test_readers_who_validate_let_new_fields_pass() -> None:
    """Or adding a field, which is allowed, would break them."""
    for path, text in DOCUMENTS.items():
        assert '"additionalProperties": false' not in text, path
    assert all(event.model_config["extra"] == "forbid" for topic in TOPICS for event in topic.events)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_there_is_one_asyncapi_document_a_service() -> None:
    services = {topic.service for topic in TOPICS}
    assert {path for path in DOCUMENTS if path.startswith("asyncapi/")} == {
        f"asyncapi/{service}.json" for service in services
    }


def test_the_document_has_both_channels_and_one_message_a_type() -> None:
    document = json.loads(DOCUMENTS[ASYNCAPI])
    assert document["asyncapi"] == "3.0.0"
    assert {channel["address"]: set(channel["messages"]) for channel in document["channels"].values()} == {
        topic.name: set(topic.types) for topic in TOPICS if topic.service == "membership"
    }
    assert set(document["channels"]) == {"internal", "public"}
    sent = {
        operation["channel"]["$ref"].rsplit("/", 1)[1]: len(operation["messages"])
        for operation in document["operations"].values()
        if operation["action"] == "send"
    }
    assert sent == {"internal": len(MEMBERSHIP_INTERNAL.events), "public": len(MEMBERSHIP_PUBLIC.events)}
    for type_, message in document["components"]["messages"].items():
        assert message["payload"]["schema"] == {"$ref": f"../{type_}.json"}
        assert message["headers"]["allOf"][1]["properties"]["ce_type"] == {"const": type_}
        assert message["bindings"]["kafka"]["key"]["format"] == "uuid"


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = json.loads(DOCUMENTS[ASYNCAPI])
    found = set(references(document))
    assert len(found) > 10
    for reference in found:
        if reference.startswith("../"):
            assert reference.removeprefix("../") in DOCUMENTS
        else:
            node = document
            for step in reference.removeprefix("#/").split("/"):
                node = node[step]


def test_no_document_says_where_a_server_is() -> None:
    for path, text in DOCUMENTS.items():
        assert "servers" not in json.loads(text), path
        for word in ("localhost", "127.0.0.1", "9092", *map(str, settings.SERVICE_PORTS.values())):
            assert word not in text, path
