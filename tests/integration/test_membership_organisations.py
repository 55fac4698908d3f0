"""Dated changes of units over HTTP, on a real database: what the register then says of any day."""

import asyncio
import json

import pytest
from httpx import AsyncClient

from chassis.migrations import migrate
from services.membership.app import SERVICE
from tests.integration.served import problem


@pytest.fixture
async def client(client) -> AsyncClient:
    await make_tree(client)
    return client


UNITS = [
    ("K", None, "bloc", "Đảng bộ Khối", "1976-01-01"),
    ("A", "K", "grassroots_committee", "Đảng bộ Sở Y tế", "1990-01-01"),
    ("B", "K", "grassroots_committee", "Đảng bộ Sở Giáo dục và Đào tạo", "1990-01-01"),
    ("A.1", "A", "subordinate_cell", "Chi bộ Khoa Nội", "1996-01-01"),
    ("G", "K", "grassroots_cell", "Chi bộ Thanh tra tỉnh", "1996-01-01"),
]
DOCUMENT = {"number": "41-QĐ/ĐUK", "date": "2009-12-20"}


async def make_tree(client) -> None:
    for code, above, type_, name, since in UNITS:
        unit = {"code": code, "parent_code": above, "type": type_, "name": name, "established_on": since}
        assert (await client.post("/v1/organisations", json=unit)).status_code == 201


async def post(client, path: str, headers=None, **body):
    return await client.post(f"/v1/organisations/{path}", json=body, headers=headers or {})


async def done(client, path: str, **body) -> dict:
    answer = await post(client, path, **body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def on(client, code: str, day: str) -> tuple[str, str, str | None]:
    unit = (await client.get(f"/v1/organisations/{code}", params={"as_of": day})).json()
    return unit["name"], unit["type"], unit["parent_code"]


async def below(client, parent: str, day: str) -> list[str]:
    answer = await client.get("/v1/organisations", params={"parent": parent, "as_of": day})
    return [unit["code"] for unit in answer.json()["items"]]


async def test_names_types_and_places_are_those_of_the_day_asked_for(client):
    await done(client, "A.1/rename", name="Chi bộ Khoa Ngoại", effective_date="2010-01-01")
    await done(client, "A.1/reparent", parent_code="B", effective_date="2015-01-01")
    await done(client, "G/upgrade", effective_date="2012-01-01")
    await done(client, "G/rename", name="Đảng bộ Thanh tra tỉnh", effective_date="2012-01-01")
    assert await on(client, "A.1", "2009-12-31") == ("Chi bộ Khoa Nội", "subordinate_cell", "A")
    assert await on(client, "A.1", "2010-01-01") == ("Chi bộ Khoa Ngoại", "subordinate_cell", "A")
    assert await on(client, "A.1", "2015-01-01") == ("Chi bộ Khoa Ngoại", "subordinate_cell", "B")
    assert await on(client, "G", "2011-12-31") == ("Chi bộ Thanh tra tỉnh", "grassroots_cell", "K")
    assert await on(client, "G", "2012-01-01") == ("Đảng bộ Thanh tra tỉnh", "grassroots_committee", "K")
    assert (await client.get("/v1/organisations/A.1")).json()["parent_code"] == "B"
    for day, under_a, under_b in (("2014-12-31", ["A.1"], []), ("2015-01-01", [], ["A.1"])):
        assert (await below(client, "A", day), await below(client, "B", day)) == (under_a, under_b)
    everything = (await client.get("/v1/organisations", params={"as_of": "2011-12-31"})).json()["items"]
    assert {unit["code"]: unit["name"] for unit in everything}["G"] == "Chi bộ Thanh tra tỉnh"


async def test_what_is_recorded_late_comes_to_the_same_tree(client, pool):
    await done(client, "A.1/reparent", parent_code="B", effective_date="2015-01-01")
    await done(client, "A.1/rename", name="Chi bộ Hai", effective_date="2016-01-01")
    answer = await done(client, "A.1/rename", name="Chi bộ Một", effective_date="2010-01-01")
    assert [warning["code"] for warning in answer["warnings"]] == ["holds-until"]
    assert (answer["name"], answer["parent_code"], answer["version"]) == ("Chi bộ Một", "A", 4)
    found = [await on(client, "A.1", f"{year}-01-01") for year in (2009, 2010, 2015, 2016)]
    assert found == [
        ("Chi bộ Khoa Nội", "subordinate_cell", "A"), ("Chi bộ Một", "subordinate_cell", "A"),
        ("Chi bộ Một", "subordinate_cell", "B"), ("Chi bộ Hai", "subordinate_cell", "B"),
    ]  # fmt: skip
    present = await pool.fetchrow("SELECT name, version FROM organisations WHERE code = 'A.1'")
    assert tuple(present) == ("Chi bộ Hai", 4)


async def test_members_below_a_unit_are_found_in_the_tree_of_the_day(client):
    member = {
        "code": "M1", "cell_code": "A.1", "full_name": "Lê Thị Hoa", "birth_date": "1980-05-01", "gender": "female",
        "ethnicity": "Thái", "youth_union": False, "admitted_on": "2005-03-01",
    }  # fmt: skip
    assert (await client.post("/v1/members", json=member)).status_code == 201
    await done(client, "A.1/reparent", parent_code="B", effective_date="2015-01-01")

    async def listed(code: str, day: str) -> int:
        answer = await client.get(f"/v1/organisations/{code}/members", params={"subtree": True, "as_of": day})
        return len(answer.json()["items"])

    for day, under_a, under_b in (("2014-12-31", 1, 0), ("2015-01-01", 0, 1)):
        assert [await listed(code, day) for code in ("A", "B", "K", "A.1")] == [under_a, under_b, 1, 1]


async def test_the_history_tells_what_was_decided_by_which_document_and_when_it_was_recorded(client):
    await done(
        client, "A.1/reparent", parent_code="B", effective_date="2015-01-01", decision_date="2014-12-01"
    )
    await done(client, "A.1/rename", name="Chi bộ Một", effective_date="2010-01-01", document=DOCUMENT)
    await done(client, "A.1/dissolution", dissolved_on="2020-01-01", document=DOCUMENT)
    answer = await client.get("/v1/organisations/A.1/history")
    assert answer.json()["code"] == "A.1"
    changes = answer.json()["changes"]
    assert [(change["kind"], change["effective_date"], change["version"]) for change in changes] == [
        ("established", "1996-01-01", 1), ("renamed", "2010-01-01", 3), ("reparented", "2015-01-01", 2),
        ("dissolved", "2020-01-01", 4),
    ]  # fmt: skip
    founded, renamed, moved, ended = changes
    assert (renamed["document"], renamed["decision_date"]) == (DOCUMENT, "2009-12-20")
    assert (moved["document"], moved["decision_date"]) == (None, "2014-12-01")
    assert (renamed["before"]["name"], renamed["after"]["name"]) == ("Chi bộ Khoa Nội", "Chi bộ Một")
    assert (moved["before"]["parent_code"], moved["after"]["parent_code"]) == ("A", "B")
    assert (founded["before"], founded["after"]["name"]) == (None, "Chi bộ Khoa Nội")
    assert (ended["before"]["parent_code"], ended["after"]) == ("B", None)
    assert moved["recorded_at"] < renamed["recorded_at"] < ended["recorded_at"]
    assert problem(await client.get("/v1/organisations/Q/history"), 404) == "unknown-organisation"


@pytest.mark.parametrize(
    ("path", "body", "status", "type_"),
    [
        ("Q/rename", {"name": "x"}, 404, "unknown-organisation"),
        ("%00/upgrade", {}, 404, "unknown-organisation"),
        ("A.1/rename", {"name": "Chi bộ Khoa Nội"}, 409, "nothing-changes"),
        ("A.1/rename", {"name": "  "}, 422, "value-missing"),
        ("A.1/rename", {"name": "x", "effective_date": "1996-01-01"}, 422, "changed-before-establishment"),
        ("A.1/rename", {"name": "x", "effective_date": "31/02/2010"}, 422, "invalid-request"),
        ("A.1/rename", {"name": "x", "document": {"number": "", "date": "2009-12-20"}}, 422, "invalid-request"),
        ("A.1/rename", {"name": "x", "document": {"number": "41-QĐ/ĐUK"}}, 422, "invalid-request"),
        ("A.1/reparent", {"parent_code": "Q"}, 422, "unknown-parent"),
        ("A.1/reparent", {"parent_code": "G"}, 422, "parent-type-on-day"),
        ("A.1/reparent", {"parent_code": "A.1"}, 422, "parent-type-on-day"),
        ("A/reparent", {"parent_code": "A.1"}, 422, "parent-type-on-day"),
        ("A.1/reparent", {"parent_code": "K"}, 422, "parent-type-on-day"),
        ("A.1/reparent", {"parent_code": "K", "type": "grassroots_committee"}, 422, "type-not-by-moving"),
        ("A.1/upgrade", {}, 422, "not-upgradable"),
    ],
)  # fmt: skip
async def test_a_change_that_cannot_be_is_a_problem_and_leaves_no_trace(
    client, pool, path, body, status, type_
):
    answer = await post(client, path, **({"effective_date": "2010-01-01"} | body))
    assert problem(answer, status) == type_
    assert await pool.fetchval("SELECT count(*) FROM event_log") == len(UNITS)
    assert await pool.fetchval("SELECT count(*) FROM organisation_states") == len(UNITS)


async def test_a_cell_is_upgraded_only_once_its_members_are_gone(client):
    member = {
        "code": "M1", "cell_code": "G", "full_name": "Lê Thị Hoa", "birth_date": "1980-05-01", "gender": "female",
        "ethnicity": "Thái", "youth_union": False, "admitted_on": "2005-03-01",
    }  # fmt: skip
    assert (await client.post("/v1/members", json=member)).status_code == 201
    refused = await post(client, "G/upgrade", effective_date="2012-01-01")
    assert problem(refused, 422) == "members-in-upgraded-cell"
    assert "1 đảng viên" in refused.json()["detail"]
    assert "Hoa" not in refused.text
    await client.post("/v1/members/M1/departure", json={"left_on": "2012-01-01"})
    assert problem(await post(client, "G/upgrade", effective_date="2011-12-31"), 422) == (
        "members-in-upgraded-cell"
    )
    await done(client, "G/upgrade", effective_date="2012-01-01")
    child = {"code": "G.1", "parent_code": "G", "type": "subordinate_cell", "name": "Chi bộ Một"}
    early = await client.post("/v1/organisations", json=child | {"established_on": "2011-12-31"})
    assert problem(early, 422) == "parent-type-on-day"
    answer = await client.post("/v1/organisations", json=child | {"established_on": "2012-01-01"})
    assert answer.status_code == 201
    again = await client.post("/v1/members", json=member | {"code": "M2"})
    assert problem(again, 422) == "not-a-cell-then"


async def test_what_a_dissolved_unit_leaves_behind_is_warned_of(client):
    member = {
        "code": "M1", "cell_code": "A.1", "full_name": "Lê Thị Hoa", "birth_date": "1980-05-01", "gender": "female",
        "ethnicity": "Thái", "youth_union": False, "admitted_on": "2005-03-01",
    }  # fmt: skip
    assert (await client.post("/v1/members", json=member)).status_code == 201
    for code, warned in (("A", "dissolved-above-units"), ("A.1", "dissolved-with-members")):
        answer = await done(client, f"{code}/dissolution", dissolved_on="2020-01-01")
        assert [warning["code"] for warning in answer["warnings"]] == [warned]
    assert (await done(client, "B/dissolution", dissolved_on="2020-01-01"))["warnings"] == []


async def test_the_same_change_twice_is_done_once(client, pool):
    body = {"name": "Chi bộ Một", "effective_date": "2010-01-01"}
    sent = [post(client, "A.1/rename", headers={"Idempotency-Key": "r-1"}, **body) for _ in range(3)]
    first, *others = await asyncio.gather(*sent)
    assert first.status_code == 200
    assert {(answer.status_code, answer.text, answer.headers["etag"]) for answer in others} == {
        (200, first.text, '"2"')
    }
    assert problem(await post(client, "A.1/rename", **body), 409) == "changed-that-day"
    stale = await post(
        client, "A.1/rename", headers={"If-Match": '"1"'}, name="x", effective_date="2011-01-01"
    )
    assert stale.status_code == 412
    types = await pool.fetch("SELECT type FROM event_log WHERE type LIKE '%renamed%'")
    assert len(types) == 1


async def test_of_many_changes_at_once_each_is_judged_on_what_the_others_left(client, pool):
    """A cell under the bloc becomes a committee while cells are hung under it, and the other way round."""
    body = {"effective_date": "2012-01-01"}
    answers = await asyncio.gather(
        post(client, "G/upgrade", **body),
        *(post(client, "A.1/reparent", parent_code="G", **body) for _ in range(4)),
        *(
            post(client, code + "/reparent", parent_code=other, **body)
            for code, other in (("A", "B"), ("B", "A"))
        ),
        *(post(client, "A.1/rename", name=f"Chi bộ {number}", **body) for number in range(4)),
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses[0] == 200
    assert statuses[1:5].count(200) <= 1
    assert statuses[5:7] == [422, 422]
    # A rename that waited for the cell's move is told that the cell has moved.
    assert statuses[7:].count(200) <= 1
    assert 200 in statuses[1:5] + statuses[7:]
    assert set(statuses) <= {200, 409, 422}
    for code in ("A.1", "G"):
        versions = await pool.fetch(
            "SELECT aggregate_version FROM event_log JOIN organisations ON id = aggregate_id WHERE code = $1"
            " ORDER BY position",
            code,
        )
        version = await pool.fetchval("SELECT version FROM organisations WHERE code = $1", code)
        assert [row[0] for row in versions] == list(range(1, version + 1))


async def test_a_file_imported_before_and_after_a_change_is_read_against_the_present(client, pool):
    head = "code,parent_code,type,name,established_on,dissolved_on\n"
    file = (
        head
        + "A.1,A,subordinate_cell,Chi bộ Khoa Nội,1996-01-01,\nA.2,A,subordinate_cell,Chi bộ Hai,2000-01-01,\n"
    )
    answer = await client.post("/v1/imports/organisations", content=file.encode())
    assert (answer.json()["imported"], answer.json()["unchanged"]) == (1, 1)
    assert await pool.fetchval("SELECT count(*) FROM organisation_states") == len(UNITS) + 1
    await done(client, "A.2/rename", name="Chi bộ Ba", effective_date="2010-01-01")
    stale = await client.post("/v1/imports/organisations", content=file.encode())
    assert stale.json()["errors"][0]["code"] == "differs-from-register"
    ended = file.replace("Hai,2000-01-01,", "Ba,2000-01-01,2015-01-01")
    answer = await client.post("/v1/imports/organisations", content=ended.encode())
    assert answer.status_code == 200, answer.text
    assert await on(client, "A.2", "2005-01-01") == ("Chi bộ Hai", "subordinate_cell", "A")


async def test_a_date_at_the_edge_of_the_calendar_spoils_nothing(client):
    unit = {
        "code": "A.0",
        "parent_code": "A",
        "type": "subordinate_cell",
        "name": "Cũ",
        "established_on": "0001-01-01",
    }
    assert (await client.post("/v1/organisations", json=unit)).status_code == 201
    await done(client, "A.0/rename", name="Mới", effective_date="9999-12-31")
    assert (await on(client, "A.0", "9999-12-30"))[0] == "Cũ"
    assert (await on(client, "A.0", "9999-12-31"))[0] == "Mới"


async def test_units_recorded_before_states_were_dated_have_the_state_they_were_founded_with(pool):
    """The migration fills the table from what was there."""
    migrations = list(SERVICE.all_migrations)
    dated = next(index for index, path in enumerate(migrations) if "organisation_states" in path.name)
    async with pool.acquire() as connection:
        await migrate(connection, migrations[:dated])
        await connection.execute(
            "INSERT INTO organisations (id, code, name, type, established_on, version)"
            " VALUES (gen_random_uuid(), 'K', 'Đảng bộ Khối', 'bloc', '1976-01-01', 1)"
        )
        await migrate(connection, migrations)
        rows = await connection.fetch("SELECT effective_date, name, type, parent_id FROM organisation_states")
    assert json.dumps([list(row) for row in rows], default=str, ensure_ascii=False) == (
        '[["1976-01-01", "Đảng bộ Khối", "bloc", null]]'
    )
