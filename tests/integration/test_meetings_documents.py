"""Documents posted for meetings over HTTP on a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient

from chassis.file_kinds import MAX_BYTES
from chassis.migrations import migrate
from chassis.service import Role, make_app
from chassis.settings import Settings
from replicas.membership.replica import MembershipReplica
from services.meetings.app import SERVICE
from tests.integration.test_meetings import BEFORE, post
from tests.integration.test_reporting_restated import Received

PDF, PNG = b"%PDF-1.7\n" + bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\nimage"


@pytest.fixture
async def client(pool, database_url) -> AsyncIterator[AsyncClient]:
    received = [Received(event.TYPE, number, event.as_json().encode(), "2026-01-01T00:00:00Z")
                for number, event in enumerate(BEFORE, 1)]  # fmt: skip
    async with pool.acquire() as connection, connection.transaction():
        await migrate(connection, SERVICE.all_migrations)
        await MembershipReplica("meetings").write(connection, [MembershipReplica.fold(received)])
    app = make_app(SERVICE, Role.API, Settings(database_url=database_url, kafka="127.0.0.1:1"))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(
            transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://meetings"
        ) as client,
    ):
        yield client


async def planned(client, days=30):
    at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    asked = {"cell_code": "K.01", "kind": "extraordinary", "starts_at": at, "place": "P"}
    return (await post(client, "meetings", 201, **asked))["id"]


async def attach(client, id_, body=PDF, status=201, headers=None, **params):
    answer = await client.post(f"/v1/meetings/{id_}/documents", content=body, params=params, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_document_is_posted_listed_with_its_meeting_and_read(client, pool):
    id_ = await planned(client)
    posted = await attach(client, id_, file_name="Dự thảo nghị quyết")
    assert posted["warnings"] == []
    known = {name: posted[name] for name in ("file_name", "media_type", "size", "sha256")}
    assert known == {
        "file_name": "Dự thảo nghị quyết.pdf", "media_type": "application/pdf", "size": len(PDF),
        "sha256": sha256(PDF).hexdigest(),
    }  # fmt: skip
    image = await attach(client, id_, PNG, file_name="sơ đồ.png")
    listed = (await client.get(f"/v1/meetings/{id_}/documents")).json()["items"]
    assert [one["id"] for one in listed] == [posted["id"], image["id"]]
    answer = await client.get(
        f"/v1/meetings/{id_}/documents/{posted['id']}", headers={"X-Chibo-Actor": "office"}
    )
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "filename*=UTF-8''D%E1%BB%B1%20th%E1%BA%A3o" in answer.headers["Content-Disposition"]
    [read] = await pool.fetch("SELECT actor, resource FROM personal_data_reads")
    assert tuple(read) == ("office", f"meetings/{id_}/documents/{posted['id']}")
    [event, _] = await pool.fetch("SELECT payload FROM event_log WHERE type LIKE '%document-posted%'")
    assert sha256(PDF).hexdigest() in event["payload"]
    assert "thảo" not in event["payload"]


async def test_the_same_file_is_kept_once_whoever_posts_it(client, pool):
    first, second = await planned(client), await planned(client)
    answers = await asyncio.gather(
        *(client.post(f"/v1/meetings/{first}/documents", content=PDF) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    await attach(client, second)
    assert await pool.fetchval("SELECT count(*) FROM file_contents") == 1
    assert await pool.fetchval("SELECT count(*) FROM documents") == 2
    assert await pool.fetchval("SELECT count(*) FROM event_log WHERE type LIKE '%document-posted%'") == 2
    key = {"Idempotency-Key": "k"}
    third = await planned(client)
    assert await attach(client, third, PNG, 201, key) == await attach(client, third, PNG, 201, key)
    assert (await attach(client, third, PDF, 422, key))["type"].endswith("idempotency-key-reused")


async def test_what_comes_late_is_kept_with_a_warning(client):
    soon = await planned(client, days=0)
    late = await attach(client, soon)
    [warning] = late["warnings"]
    assert (warning["code"], warning["column"]) == ("document-late", "posted_at")
    assert "42-HD/BTCTW" in warning["message"]
    two_days_ago = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    assert (await attach(client, soon, PNG, posted_at=two_days_ago))["warnings"] == []


async def test_what_is_no_document_is_refused(client, pool):
    id_ = await planned(client)
    refused = await attach(client, id_, b"MZ program", 422, file_name="thật.pdf")
    assert [error["code"] for error in refused["errors"]] == ["file-kind-unknown"]
    assert (await attach(client, id_, b"", 422))["type"].endswith("file-kind-unknown")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    refused = await attach(client, id_, PDF, 422, posted_at=tomorrow)
    assert [error["code"] for error in refused["errors"]] == ["posted-in-the-future"]
    assert (await attach(client, id_, b"%PDF-" + bytes(MAX_BYTES), 413))["limit"] == MAX_BYTES
    await attach(client, uuid4(), PDF, 404)
    posted = await attach(client, id_)
    other = await planned(client)
    for path in (f"{other}/documents/{posted['id']}", f"{id_}/documents/{uuid4()}", f"{uuid4()}/documents"):
        assert (await client.get(f"/v1/meetings/{path}")).status_code == 404
    assert await pool.fetchval("SELECT count(*) FROM file_contents") == 1


async def withdraw(client, id_, document, status=200, **asked):
    answer = await client.post(f"/v1/meetings/{id_}/documents/{document}/withdrawal", json=asked)
    assert answer.status_code == status, answer.text
    return answer.json()


async def read(client, id_, document):
    return await client.get(f"/v1/meetings/{id_}/documents/{document}")


async def test_documents_are_taken_back_and_what_is_confidential_is_erased(client, pool):
    first, second = await planned(client), await planned(client)
    old, new = await attach(client, first), await attach(client, first, PNG)
    same = await attach(client, second)
    missing = await withdraw(client, first, old["id"], 422, reason="replaced")
    assert missing["errors"][0]["code"] == "replacement-missing"
    for wrong in (same["id"], old["id"], str(uuid4())):
        refused = await withdraw(client, first, old["id"], 422, reason="replaced", replaced_by=wrong)
        assert refused["errors"][0]["code"] == "replacement-unknown"
    gone = await withdraw(client, first, old["id"], reason="replaced", replaced_by=new["id"])
    assert (gone["withdrawal"], gone["replaced_by"]) == ("replaced", new["id"])
    again = await withdraw(client, first, old["id"], 409, reason="mistaken")
    assert again["type"] == "urn:chibo:problem:document-withdrawn"
    assert (await read(client, first, old["id"])).content == PDF, "what was replaced is still to be read"
    await withdraw(client, first, new["id"], reason="mistaken")
    assert (await read(client, first, new["id"])).status_code == 410
    listed = (await client.get(f"/v1/meetings/{first}/documents")).json()["items"]
    assert [one["withdrawal"] for one in listed] == ["replaced", "mistaken"]

    await withdraw(client, second, same["id"], reason="confidential")
    assert await pool.fetchval("SELECT count(bytes) FROM file_contents") == 2, "the replaced one needs them"
    third = await planned(client)
    secret = await attach(client, third, PDF + b"secret")
    await withdraw(client, third, secret["id"], reason="confidential")
    assert await pool.fetchval("SELECT count(*) - count(bytes) FROM file_contents") == 1
    assert (await read(client, third, secret["id"])).status_code == 410
    back = await attach(client, third, PDF + b"secret")
    assert back["id"] != secret["id"]
    assert (await read(client, third, back["id"])).content == PDF + b"secret"
    await withdraw(client, third, uuid4(), 404, reason="mistaken")
    events = await pool.fetch("SELECT payload FROM event_log WHERE type LIKE '%document-withdrawn%'")
    assert len(events) == 4
