"""Errors over HTTP: always a problem, never what was sent."""

import base64
import json
from datetime import date
from typing import Annotated, Literal, get_args
from uuid import UUID

import asyncpg
import httpx
import pytest
import structlog
from fastapi import Body, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core.core_schema import ErrorType

from chassis import health, http, invalid_requests, problems
from chassis.cursors import day_and_id, decode_cursor, encode_cursor
from chassis.problems import Problem

SECRET = "Nguyễn-Thị-Bí-Mật"


class Cell(BaseModel):
    kind: Literal["cell"]
    size: int


class Team(BaseModel):
    kind: Literal["team"]
    size: int


class Command(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID
    size: Annotated[int, Field(ge=1)]
    code: Annotated[str, Field(pattern=r"^[A-Z]+$")]
    unit: Annotated[Cell | Team, Field(discriminator="kind")]
    born: str = "2000-01-01"

    @field_validator("born")
    @classmethod
    def _born(cls, value: str) -> str:
        if value != "2000-01-01":
            raise ValueError("not a date")
        return value


def make() -> FastAPI:
    app = FastAPI()
    app.add_middleware(http.Measured)
    problems.install(app)
    errors = {
        "problem": Problem("code-taken", 409, title="Mã đã có", detail="X", code="X"),
        "away": asyncpg.CannotConnectNowError("starting up"),
        "closed": asyncpg.InterfaceError("connection is closed"),
        "refused": ConnectionRefusedError("no"),
        "unforeseen": RuntimeError(SECRET),
        "misfit": asyncpg.DataError(SECRET),
    }

    @app.post("/commands")
    async def command(body: Annotated[Command, Body()]) -> None: ...

    @app.get("/raise/{name}")
    async def fail(name: str) -> None:
        raise errors[name]

    return app


APP = make()


async def call(method, path, **options):
    transport = httpx.ASGITransport(APP, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.request(method, path, **options)


def kind(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["type"].removeprefix("urn:chibo:problem:")


GOOD = {"id": str(UUID(int=1)), "size": 1, "code": "X", "unit": {"kind": "cell", "size": 1}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": SECRET},
        {"size": SECRET},
        {"code": SECRET},
        {"born": SECRET},
        {"unit": {"kind": SECRET, "size": 1}},
        {"unit": {"kind": "cell", "size": SECRET}},
        {"unit": SECRET},
        {SECRET: 1},
    ],
)
async def test_a_request_that_is_wrong_is_answered_without_what_was_sent(wrong):
    assert (await call("POST", "/commands", json=GOOD)).status_code == 200
    answer = await call("POST", "/commands", json=GOOD | wrong)
    assert kind(answer) == (422, "invalid-request")
    assert answer.json()["errors"]
    for text in (SECRET, json.dumps(SECRET)[1:-1]):
        assert text not in answer.text


@pytest.mark.parametrize(
    ("wrong", "where", "why", "why_en"),
    [
        ({"nickname": 1}, "body.nickname", "không có trường này", "no such field"),
        ({"size": "nhiều"}, "body.size", "phải là số nguyên", "must be a whole number"),
        ({"size": 0}, "body.size", "phải từ 1 trở lên", "must be 1 or more"),
        ({"size": None}, "body.size", "phải là số nguyên", "must be a whole number"),
        ({"id": 7}, "body.id", "UUID", "UUID"),
        ({"code": "x"}, "body.code", "phải theo dạng ^[A-Z]+$", "must match ^[A-Z]+$"),
        ({"born": "x"}, "body.born", "not a date", "not a date"),
        ({"unit": {"kind": "x"}}, "body.unit", "'cell', 'team'", "must be one of: 'cell', 'team'"),
        ({"unit": {"kind": "cell"}}, "body.unit.cell.size", "còn thiếu", "is missing"),
        ({"unit": []}, "body.unit", "phải là đối tượng JSON", "must be a JSON object"),
    ],
)
async def test_each_wrong_field_is_named_once_with_how_to_mend_it(wrong, where, why, why_en):
    answer = (await call("POST", "/commands", json=GOOD | wrong)).json()
    (error,) = answer["errors"]
    assert error["where"] == where
    assert why in error["why"]
    assert why_en in error["why_en"]
    assert answer["detail"] == f"{where}: {error['why']}"


async def test_a_field_that_is_wrong_in_several_ways_is_told_once():
    answer = (await call("POST", "/commands", json=GOOD | {"Tên một": 1, "Tên hai": 2, "hai": 3})).json()
    assert [error["where"] for error in answer["errors"]] == ["body", "body.hai"]


@pytest.mark.parametrize("kind", sorted(invalid_requests.KINDS))
def test_every_kind_of_error_is_one_of_pydantics_and_can_be_told(kind):
    context = dict.fromkeys(
        ("expected", "expected_tags", "discriminator", "min_length", "max_length", "pattern", "gt", "ge", "lt", "le",
         "error"), "X"
    )  # fmt: skip
    (told,) = invalid_requests.places([{"type": kind, "loc": ("body", "a"), "ctx": context}])
    assert told["where"] == "body.a"
    assert told["why"]
    assert told["why_en"]
    assert kind in get_args(ErrorType)


@pytest.mark.parametrize(
    "body", [b"", b"{", b'"' + SECRET.encode() + b'"', SECRET.encode(), b"\xff\xfe", b"null"]
)
async def test_a_body_that_is_no_command_is_a_problem(body):
    answer = await call("POST", "/commands", content=body, headers={"content-type": "application/json"})
    assert kind(answer)[0] in {400, 422}
    assert SECRET not in answer.text


async def test_our_own_problems_keep_their_members():
    answer = await call("GET", "/raise/problem")
    assert kind(answer) == (409, "code-taken")
    assert answer.json()["code"] == "X"
    assert answer.json()["title_en"] == "Code taken"


@pytest.mark.parametrize("name", ["away", "closed", "refused"])
async def test_a_server_that_is_away_is_503(name):
    answer = await call("GET", f"/raise/{name}")
    assert kind(answer) == (503, "temporarily-unavailable")
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("name", ["unforeseen", "misfit"])
async def test_what_nobody_foresaw_is_500_logged_and_not_shown(name):
    with structlog.testing.capture_logs() as logs:
        answer = await call("GET", f"/raise/{name}")
    assert kind(answer) == (500, "internal-error")
    assert SECRET not in answer.text
    assert [entry["event"] for entry in logs] == ["unforeseen-error"]


async def test_the_frameworks_own_errors_are_problems():
    assert kind(await call("GET", "/nowhere")) == (404, "not-found")
    answer = await call("GET", "/commands")
    assert kind(answer) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


async def test_durations_are_measured_by_the_routes_template():
    def count():
        labels = {"method": "GET", "route": "/raise/{name}", "status": "409"}
        return REGISTRY.get_sample_value("chibo_http_request_duration_seconds_count", labels) or 0

    before = count()
    await call("GET", "/raise/problem")
    assert count() == before + 1


@pytest.mark.parametrize(
    ("type_", "whole"), [("text/event-stream; charset=utf-8", False), ("text/csv", True)]
)
async def test_a_stream_of_events_is_answered_once_it_begins(monkeypatch, type_, whole):
    now = 0.0

    async def stream(_, __, send):
        nonlocal now
        now += 1
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", type_.encode())]}
        )
        now += 600
        await send({"type": "http.response.body", "body": b""})

    async def ignore(_):
        pass

    def seconds():
        labels = {"method": "GET", "route": "unmatched", "status": "200"}
        return REGISTRY.get_sample_value("chibo_http_request_duration_seconds_sum", labels) or 0

    monkeypatch.setattr(http.time, "perf_counter", lambda: now)
    before = seconds()
    await http.Measured(stream)({"type": "http", "method": "GET", "headers": []}, None, ignore)
    assert seconds() - before == (601 if whole else 1)


# Health.


async def test_health_asks_each_check():
    async def passed() -> bool:
        return True

    async def failed() -> bool:
        return False

    async def away() -> bool:
        raise ConnectionRefusedError

    app = FastAPI()
    app.include_router(
        health.router(health.Health(live={"a": passed}, ready={"a": passed, "b": failed, "c": away}))
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        live, ready = await client.get("/health/live"), await client.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"a": True})
    assert (ready.status_code, ready.json()) == (503, {"a": True, "b": False, "c": False})


# Cursors.

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(st.lists(storable, max_size=4))
def test_a_cursor_gives_back_what_it_was_made_of(values):
    assert decode_cursor(encode_cursor(values), len(values)) == values


def test_a_list_by_day_and_id_begins_before_all_and_goes_on_behind_its_cursor():
    day, id_ = date(2020, 6, 3), UUID(int=7)
    assert day_and_id(None) < day_and_id(encode_cursor([day.isoformat(), str(id_)])) == (day, id_)
    for cursor in (encode_cursor(["2020-06-31", str(id_)]), encode_cursor([day.isoformat(), "x"])):
        with pytest.raises(Problem) as refused:
            day_and_id(cursor)
        assert refused.value.type == "invalid-cursor"


@given(st.text(max_size=60), st.integers(1, 3))
def test_any_other_text_is_refused_or_a_sort_key(text, length):
    try:
        values = decode_cursor(text, length)
    except Problem:
        return
    assert len(values) == length
    "".join(values).encode()


def raw(text):
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!",
        "é",
        encode_cursor(["one"]),
        encode_cursor(["one", "two", "three"]),
        encode_cursor(["one", "two"])[:-3],
        raw('["one",2]'),
        raw('["one",null]'),
        raw('{"one":"two"}'),
        raw('"on"'),
        raw('["one","\\u0000"]'),
        raw('["one","\\ud800"]'),
        raw("[" * 100_000),
        raw('["one",' + "[" * 100_000),
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(cursor):
    with pytest.raises(Problem) as refused:
        decode_cursor(cursor, 2)
    assert (refused.value.type, refused.value.status) == ("invalid-cursor", 400)
