"""If-Match and If-None-Match over HTTP, on a real database: no change is lost to another, no copy is sent twice."""

import asyncio

import pytest
from httpx import AsyncClient

BLOC = {"code": "K", "type": "bloc", "name": "Đảng bộ Khối", "established_on": "1976-01-01"}
CELL = {"code": "K.1", "parent_code": "K", "type": "grassroots_cell", "name": "Chi bộ Trường Chính trị",
        "established_on": "1996-01-01"}  # fmt: skip
MEMBER = {"code": "M1", "cell_code": "K.1", "full_name": "Lê Thị Hoa", "birth_date": "1990-05-01",
          "gender": "female", "ethnicity": "Thái", "youth_union": True, "admitted_on": "2015-03-01"}  # fmt: skip


@pytest.fixture
async def client(client) -> AsyncClient:
    """A register with a cell K.1 and its member M1, each at version 1."""
    for path, body in (("organisations", BLOC), ("organisations", CELL), ("members", MEMBER)):
        assert (await client.post(f"/v1/{path}", json=body)).status_code == 201
    return client


CHANGES = {
    "/v1/organisations/K.1/dissolution": {"dissolved_on": "2022-01-01"},
    "/v1/members/M1/confirmation": {"official_on": "2016-03-01"},
    "/v1/members/M1/departure": {"left_on": "2020-01-01", "left_reason": "died"},
    "/v1/members/M1/corrections": {"fact": 1, "effective_date": "2015-04-01"},
    "/v1/organisations/K.1/rename": {"name": "Chi bộ Trường Nội vụ", "effective_date": "2020-01-01"},
}
changes = pytest.mark.parametrize(("path", "body"), CHANGES.items(), ids=[path[4:] for path in CHANGES])


def kind(answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("urn:chibo:problem:")


def resource_of(path: str) -> str:
    return path.rpartition("/")[0]


@changes
async def test_a_change_of_the_version_last_seen_is_made_and_answers_with_the_next(client, path, body):
    seen = (await client.get(resource_of(path))).headers["etag"]
    answer = await client.post(path, json=body, headers={"If-Match": seen})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert (await client.get(resource_of(path))).json()["version"] == 2


@changes
async def test_a_change_of_another_version_is_refused_and_nothing_happens(client, pool, path, body):
    before = await pool.fetchval("SELECT count(*) FROM event_log")
    answer = await client.post(path, json=body, headers={"If-Match": '"7"'})
    assert kind(answer) == (412, "precondition-failed")
    assert answer.json()["version"] == 1
    assert (await client.get(resource_of(path))).json()["version"] == 1
    assert await pool.fetchval("SELECT count(*) FROM event_log") == before


@changes
async def test_a_condition_that_cannot_be_read_is_not_passed_over(client, path, body):
    assert kind(await client.post(path, json=body, headers={"If-Match": "1"})) == (400, "invalid-if-match")
    assert (await client.get(resource_of(path))).json()["version"] == 1


@changes
async def test_without_a_condition_the_change_is_made(client, path, body):
    assert (await client.post(path, json=body)).status_code == 200


async def test_of_those_who_saw_the_same_version_one_makes_the_change_and_the_others_are_told(client):
    calls = [
        client.post(path, json=body, headers={"If-Match": '"1"'})
        for path, body in CHANGES.items()
        if path.startswith("/v1/members")
    ]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


async def test_a_repeated_command_has_its_answer_though_its_version_is_gone(client):
    headers = {"If-Match": '"1"', "Idempotency-Key": "a"}
    first, again = [
        await client.post("/v1/members/M1/confirmation", json={"official_on": "2016-03-01"}, headers=headers)
        for _ in range(2)
    ]
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert again.headers["etag"] == '"2"'


async def test_a_refused_condition_does_not_use_up_the_key(client):
    headers = {"Idempotency-Key": "a"}
    path, body = "/v1/members/M1/confirmation", {"official_on": "2016-03-01"}
    assert kind(await client.post(path, json=body, headers=headers | {"If-Match": '"9"'}))[0] == 412
    assert (await client.post(path, json=body, headers=headers | {"If-Match": '"1"'})).status_code == 200


async def test_an_unknown_member_is_unknown_whatever_the_condition(client):
    answer = await client.post(
        "/v1/members/Q/confirmation", json={"official_on": "2016-03-01"}, headers={"If-Match": "*"}
    )
    assert kind(answer) == (404, "unknown-member")


@pytest.mark.parametrize("path", ["/v1/organisations/K.1", "/v1/members/M1"])
async def test_a_reader_with_the_version_at_hand_gets_no_copy(client, path):
    first = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = await client.get(path, headers={"If-None-Match": '"7"'})
    assert (other.status_code, other.json()) == (200, first.json())


async def test_a_copy_of_a_unit_holds_for_its_day_only(client):
    answer = await client.post(
        "/v1/organisations/K.1/rename", json={"name": "Chi bộ Trường Nội vụ", "effective_date": "2020-01-01"}
    )
    assert answer.status_code == 200, answer.text
    path = "/v1/organisations/K.1?as_of="
    before = await client.get(f"{path}2019-12-31")
    headers = {"If-None-Match": before.headers["etag"]}
    assert (await client.get(f"{path}2019-12-31", headers=headers)).status_code == 304
    after = await client.get(f"{path}2020-01-01", headers=headers)
    assert (after.status_code, after.json()["name"]) == (200, "Chi bộ Trường Nội vụ")
    assert after.json()["version"] == before.json()["version"]


async def test_reading_a_member_again_is_noted_though_the_copy_still_holds(client, pool):
    headers = {"If-None-Match": '"1"', "X-Chibo-Actor": "can-bo-1"}
    assert (await client.get("/v1/members/M1", headers=headers)).status_code == 304
    assert await pool.fetchval("SELECT count(*) FROM personal_data_reads WHERE actor = 'can-bo-1'") == 1
