"""Over HTTP: commands answered once, parked events decided on, the stream's feed, health and errors."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import Response, StreamingResponse

from chassis import health, http, operations, problems
from chassis.database import open_pool
from chassis.idempotency import Answer, fingerprint, once
from chassis.problems import Problem
from chassis.relay import Relay
from chassis.sequencer import sequence_queued
from tests.integration.chassis_way import Recorder, Way, record, until


def client_of(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://service")


def app_with(*routers) -> FastAPI:
    app = FastAPI()
    app.add_middleware(http.WithoutContent)
    app.add_middleware(http.Measured)
    problems.install(app)
    http.add_metrics(app)
    for router in routers:
        app.include_router(router)
    return app


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def client(way: Way, recorder: Recorder) -> AsyncIterator[httpx.AsyncClient]:
    consumers = {"recorder": way.consumer(recorder)}
    app = app_with(
        operations.consumers_router(way.pool, consumers),
        operations.stream_router(way.pool, [way.publication]),
    )
    app.state.consumer = consumers["recorder"]
    async with client_of(app) as client:
        client.consumer = consumers["recorder"]  # type: ignore[attr-defined]
        yield client


def is_problem(answer: httpx.Response, status: int, kind: str) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert {"type", "title", "title_en", "detail"} <= body.keys()
    return (answer.status_code, body["type"]) == (status, f"urn:chibo:problem:{kind}")


# Idempotency keys.


async def run(way, key, asked, command):
    async with way.pool.acquire() as connection, connection.transaction():
        return await once(connection, key, asked, lambda: command(connection))


def appending(way, body):
    async def command(connection):
        await way.log.append(connection, [way.event()])
        return Answer(201, body)

    return command


async def test_the_same_key_gives_the_same_answer_and_no_second_effect(way: Way):
    asked = fingerprint("POST", "/v1/members", b"{}")
    first = await run(way, "k", asked, appending(way, {"code": "ĐV-01"}))
    second = await run(way, "k", asked, appending(way, {"code": "other"}))
    assert first == second == Answer(201, {"code": "ĐV-01"})
    assert await way.pool.fetchval("SELECT count(*) FROM event_log") == 1
    # Another key, or none, is another command.
    await run(way, "k2", asked, appending(way, {}))
    await run(way, None, asked, appending(way, {}))
    await run(way, None, asked, appending(way, {}))
    assert await way.pool.fetchval("SELECT count(*) FROM event_log") == 4


async def test_of_the_same_key_at_once_one_runs_and_all_get_its_answer(way: Way):
    runs = 0

    async def command(connection):
        nonlocal runs
        runs += 1
        await way.log.append(connection, [way.event()])
        await asyncio.sleep(0)
        return Answer(201, {"run": runs})

    answers = await asyncio.gather(*(run(way, "k", b"f", command) for _ in range(6)))
    assert answers == [Answer(201, {"run": 1})] * 6
    assert await way.pool.fetchval("SELECT count(*) FROM event_log") == 1


async def test_a_key_used_for_another_command_is_refused(way: Way):
    await run(way, "k", fingerprint("a", "bc"), appending(way, {}))
    with pytest.raises(Problem) as refused:
        await run(way, "k", fingerprint("ab", "c"), appending(way, {}))
    assert (refused.value.type, refused.value.status) == ("idempotency-key-reused", 422)
    assert await way.pool.fetchval("SELECT count(*) FROM event_log") == 1


async def test_a_command_that_fails_leaves_its_key_free(way: Way):
    async def failing(connection):
        await way.log.append(connection, [way.event()])
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await run(way, "k", b"f", failing)
    assert await run(way, "k", b"other", appending(way, {})) == Answer(201, {})
    assert await way.pool.fetchval("SELECT count(*) FROM event_log") == 1


@pytest.mark.parametrize("key", ["", "k" * 201, "a\0b"])
async def test_a_malformed_key_is_refused(way: Way, key):
    with pytest.raises(Problem) as refused:
        await run(way, key, b"f", appending(way, {}))
    assert (refused.value.type, refused.value.status) == ("idempotency-key-invalid", 400)


async def test_a_key_outside_of_a_transaction_is_a_mistake_of_the_caller(way: Way):
    async with way.pool.acquire() as connection:
        with pytest.raises(RuntimeError, match="transaction"):
            await once(connection, "k", b"f", lambda: appending(way, {})(connection))
    assert await way.pool.fetchval("SELECT count(*) FROM idempotency_keys") == 0


# Parked events.


async def test_parked_events_are_listed_retried_and_discarded(way: Way, client, recorder):
    bad, foreign = record(1, 0, key=b"a"), record(9, 8, source="urn:somebody")
    recorder.poison = {bad.value}
    await client.consumer.process([bad, record(2, 1, key=b"a"), foreign, record(3, 2, key=b"b")])
    listed = (await client.get("/v1/parked")).json()
    assert listed["total"] == 3
    by_reason = {event["reason"]: event for event in listed["parked"]}
    assert by_reason.keys() == {"poison", "behind", "foreign"}
    assert "value" not in by_reason["poison"]
    poison, behind, other = (by_reason[reason]["id"] for reason in ("poison", "behind", "foreign"))
    assert (await client.get("/v1/progress")).json()["consumers"]["recorder"]["parked"] == 3

    assert is_problem(await client.post(f"/v1/parked/{poison}/retry"), 409, "parked-event-still-fails")
    assert is_problem(await client.post(f"/v1/parked/{other}/retry"), 409, "parked-event-not-ours")
    assert is_problem(await client.post("/v1/parked/999/retry"), 404, "parked-event-unknown")
    assert is_problem(await client.delete("/v1/parked/999"), 404, "parked-event-unknown")
    for wrong in ("0", "-1", "x", "9" * 30):
        assert is_problem(await client.delete(f"/v1/parked/{wrong}"), 422, "invalid-request")
        assert is_problem(await client.post(f"/v1/parked/{wrong}/retry"), 422, "invalid-request")

    assert (await client.delete(f"/v1/parked/{other}")).status_code == 204
    assert (await client.delete(f"/v1/parked/{poison}")).status_code == 204
    # The one behind it still waits, and others of its key behind that one, until it is retried.
    await client.consumer.process([record(4, 3, key=b"a")])
    assert (await client.get("/v1/parked")).json()["total"] == 2
    assert (await client.post(f"/v1/parked/{behind}/retry")).json() == {"applied": 2}
    assert (await client.get("/v1/parked")).json() == {"total": 0, "parked": []}
    assert [value for key, value in await way.effects() if key == "a"] == ['{"n":2}', '{"n":4}']


async def test_progress_shows_marks_and_gaps(way: Way, client):
    await client.consumer.process([record(1, 0), record(5, 4), record(2, 0, partition=3)])
    shown = (await client.get("/v1/progress")).json()["consumers"]["recorder"]
    assert shown == {
        "topic": way.topic,
        "marks": {"0": 1, "3": 2},
        "gaps": {"0": {"mark": 1, "expected": 4}},
        "parked": 0,
    }


# The stream.


async def test_the_feed_gives_the_whole_log_page_by_page(way: Way, client):
    await way.append(25)
    async with way.pool.acquire() as connection:
        await sequence_queued(connection, 100)
    events, after = [], 0
    while after is not None:
        page = (await client.get("/v1/stream/events", params={"after": after, "limit": 10})).json()
        events += page["events"]
        after = page["next"]
    assert [(event["subject"], event["data"]) for event in events] == [
        (key, {"n": n}) for n, (key, _) in enumerate(way.appended, 1)
    ]
    assert len({event["id"] for event in events}) == 25
    for wrong in ("-1", "1e3", "9" * 30):
        assert is_problem(await client.get(f"/v1/stream/events?after={wrong}"), 422, "invalid-request")


async def test_the_position_tells_what_waits_and_what_a_consumer_must_have_reached(way: Way, client):
    await way.append(10)
    before = (await client.get("/v1/stream")).json()
    assert (before["published"], before["waiting"]) == (0, 10)
    assert before["oldest_seconds"] >= 0
    async with way.relaying():
        await until(way.published)
    after = (await client.get("/v1/stream")).json()
    assert after["waiting"] == 0
    await client.consumer.process(await way.records())
    marks = (await client.get("/v1/progress")).json()["consumers"]["recorder"]["marks"]
    assert after["partitions"] == {way.topic: marks}
    # A topic of an earlier version of the service is no reason to fail.
    await way.pool.execute("INSERT INTO relay_partitions VALUES ('earlier', 0, 1, 1)")
    assert (await client.get("/v1/stream")).json()["partitions"]["earlier"] == {"0": 1}


async def test_verification_tells_what_was_altered(way: Way, client):
    await way.append(5)
    async with way.pool.acquire() as connection:
        await sequence_queued(connection, 100)
    assert (await client.get("/v1/stream/verification")).json() == {"intact": True, "events": 5}
    await way.pool.execute("GRANT UPDATE ON event_log TO CURRENT_USER")
    await way.pool.execute("UPDATE event_log SET type = 'x' WHERE position = 3")
    found = (await client.get("/v1/stream/verification")).json()
    assert found == {"intact": False, "first_altered": 10**15 + 3}


# A server that is away.


async def test_a_database_that_is_away_is_503_and_says_so_in_health(way: Way):
    async with await open_pool(
        "postgresql://nobody@127.0.0.1:9/nothing", application_name="test", size=2
    ) as pool:
        checks = health.Health()

        async def answers() -> bool:
            return bool(await pool.fetchval("SELECT true"))

        async def fine() -> bool:
            return True

        checks.ready["database"] = answers
        checks.ready["other"] = fine
        checks.live["relay"] = Relay("", "", [way.publication]).is_live
        app = app_with(operations.stream_router(pool, [way.publication]), health.router(checks))
        async with client_of(app) as client:
            answer = await client.get("/v1/stream")
            assert is_problem(answer, 503, "temporarily-unavailable")
            assert answer.headers["retry-after"] == "2"
            ready = await client.get("/health/ready")
            assert (ready.status_code, ready.json()) == (503, {"database": False, "other": True})
            live = await client.get("/health/live")
            assert (live.status_code, live.json()) == (200, {"relay": True})


async def test_a_session_ended_by_the_server_is_503_and_the_next_call_works(way: Way, client):
    await client.get("/v1/parked")
    await asyncio.sleep(0)
    admin = await asyncpg.connect(way.database_url)
    try:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await admin.close()

    async def works():
        answer = await client.get("/v1/parked")
        assert answer.status_code in {200, 503}
        return answer.status_code == 200

    await until(works)


async def test_an_answer_in_parts_says_how_long_it_is_and_head_says_the_same():
    app = app_with()

    @app.get("/long")
    async def long() -> Response:
        return http.in_parts([b"[1", b",", b"2]"], {"ETag": '"1"'}, "application/json")

    async with client_of(app) as client:
        whole, head = await client.get("/long"), await client.head("/long")
    assert (whole.json(), whole.headers["content-length"], whole.headers["etag"]) == ([1, 2], "5", '"1"')
    assert head.headers == whole.headers
    assert head.content == b""


async def test_head_is_answered_as_get_is_without_the_content_even_where_that_has_no_end(client):
    whole = await client.get("/metrics")
    head = await client.head("/metrics")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert (await client.head("/v1/no-such-route")).status_code == 404
    app, left = app_with(), asyncio.Event()

    async def forever() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"."
                await asyncio.sleep(3600)
        finally:
            left.set()

    @app.get("/live")
    async def live() -> StreamingResponse:
        return StreamingResponse(forever(), media_type="text/event-stream")

    async with asyncio.timeout(30), client_of(app) as other:
        head = await other.head("/live")
        await left.wait()
    assert head.headers["content-type"].startswith("text/event-stream")
