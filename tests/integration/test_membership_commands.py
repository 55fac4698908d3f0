"""Single commands and queries of membership over HTTP, on a real database: the way api -> domain -> store -> log."""

import asyncio
import json
from datetime import timedelta

import pytest

from services.membership.paging import today
from tests.integration.served import problem

BLOC = {"code": "K", "type": "bloc", "name": "Đảng bộ Khối", "established_on": "1976-01-01"}
COMMITTEE = {"code": "K.1", "parent_code": "K", "type": "grassroots_committee", "name": "Đảng bộ Sở Y tế",
             "established_on": "1990-01-01"}  # fmt: skip
CELL = {"code": "K.1.1", "parent_code": "K.1", "type": "subordinate_cell", "name": "Chi bộ Một",
        "established_on": "1996-01-01"}  # fmt: skip
MEMBER = {"code": "M1", "cell_code": "K.1.1", "full_name": "Lê Thị Hoa", "birth_date": "1990-05-01",
          "gender": "female", "ethnicity": "Thái", "religion": "Phật giáo", "youth_union": True,
          "admitted_on": "2015-03-01", "decision_date": "2015-02-20"}  # fmt: skip


async def make_tree(client) -> None:
    for unit in (BLOC, COMMITTEE, CELL):
        answer = await client.post("/v1/organisations", json=unit)
        assert answer.status_code == 201, answer.text


async def log(pool) -> list[tuple[str, int, dict]]:
    rows = await pool.fetch("SELECT type, aggregate_version, payload FROM event_log ORDER BY position")
    return [
        (row["type"].split(".")[-2], row["aggregate_version"], json.loads(row["payload"])) for row in rows
    ]


async def test_a_member_goes_through_the_register_and_each_step_is_an_event(client, pool):
    await make_tree(client)
    admitted = await client.post("/v1/members", json=MEMBER)
    assert admitted.status_code == 201
    assert admitted.headers["etag"] == '"1"'
    confirmed = await client.post("/v1/members/M1/confirmation", json={"official_on": "2016-03-01"})
    left = await client.post(
        "/v1/members/M1/departure", json={"left_on": "2020-01-01", "left_reason": "transferred_out"}
    )
    dissolved = await client.post("/v1/organisations/K.1.1/dissolution", json={"dissolved_on": "2021-01-01"})
    assert [answer.status_code for answer in (confirmed, left, dissolved)] == [200, 200, 200]
    assert (left.headers["etag"], left.json()["left_on"], dissolved.json()["version"]) == (
        '"3"',
        "2020-01-01",
        2,
    )
    recorded = await log(pool)
    assert [(type_, version) for type_, version, _ in recorded] == [
        ("organisation-established", 1), ("organisation-established", 1), ("organisation-established", 1),
        ("member-admitted", 1), ("member-confirmed", 2), ("member-left", 3), ("organisation-dissolved", 2),
    ]  # fmt: skip
    assert recorded[3][2]["effective_date"] == "2015-03-01"
    assert recorded[3][2]["decision_date"] == "2015-02-20"
    member = (await client.get("/v1/members/M1")).json()
    assert member["id"] == recorded[3][2]["member_id"] == admitted.json()["id"]
    assert (member["official_on"], member["left_reason"], member["version"]) == (
        "2016-03-01", "transferred_out", 3,
    )  # fmt: skip
    assert await pool.fetchval("SELECT count(*) FROM event_queue") == 7


async def test_identity_is_in_its_own_table_and_nowhere_else(client, pool):
    await make_tree(client)
    await client.post("/v1/members", json=MEMBER, headers={"Idempotency-Key": "k"})
    assert await pool.fetchval("SELECT full_name FROM member_identities") == "Lê Thị Hoa"
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in {row["tablename"] for row in tables} - {"member_identities"}:
        texts = await pool.fetch(f"SELECT row_to_json(t)::text FROM {table} AS t")
        assert not any(word in row[0] for row in texts for word in ("Hoa", "Thái", "Phật")), table


@pytest.mark.parametrize(
    ("path", "body", "status", "type_"),
    [
        ("organisations", COMMITTEE, 409, "code-taken"),
        ("organisations", CELL | {"code": "N", "parent_code": "K"}, 422, "parent-type-mismatch"),
        ("organisations", CELL | {"code": "N", "parent_code": "Q"}, 422, "unknown-parent"),
        ("organisations", CELL | {"code": "N", "established_on": "31/02/2000"}, 422, "invalid-request"),
        ("organisations", CELL | {"code": "N", "established_on": 20000101}, 422, "invalid-request"),
        ("organisations", CELL | {"code": "N", "name": "a\0b"}, 422, "invalid-request"),
        ("organisations", CELL | {"code": "N", "colour": "red"}, 422, "invalid-request"),
        (
            "organisations/K.1.1/dissolution",
            {"dissolved_on": "1996-01-01"},
            422,
            "dissolved-before-established",
        ),
        ("organisations/Q/dissolution", {"dissolved_on": "1996-01-01"}, 404, "unknown-organisation"),
        ("members", MEMBER | {"cell_code": "K.1"}, 422, "not-a-cell"),
        ("members", MEMBER | {"cell_code": "Q"}, 422, "unknown-cell"),
        ("members", MEMBER | {"admitted_on": "1995-12-31"}, 422, "admitted-before-cell"),
        ("members", MEMBER | {"youth_union": "maybe"}, 422, "invalid-request"),
        ("members/Q/confirmation", {"official_on": "2016-01-01"}, 404, "unknown-member"),
        ("members/%00/departure", {"left_on": "2016-01-01"}, 404, "unknown-member"),
    ],
)
async def test_a_command_that_cannot_be_is_a_problem_and_leaves_no_trace(
    client, pool, path, body, status, type_
):
    await make_tree(client)
    assert problem(await client.post(f"/v1/{path}", json=body), status) == type_
    assert len(await log(pool)) == 3
    assert (
        await pool.fetchval("SELECT (SELECT count(*) FROM organisations) + (SELECT count(*) FROM members)")
        == 3
    )


async def test_a_second_confirmation_or_departure_is_a_conflict(client):
    await make_tree(client)
    await client.post("/v1/members", json=MEMBER)
    for path, body, type_ in (
        ("confirmation", {"official_on": "2016-03-01"}, "already-confirmed"),
        ("departure", {"left_on": "2017-03-01"}, "already-left"),
    ):
        assert (await client.post(f"/v1/members/M1/{path}", json=body)).status_code == 200
        assert problem(await client.post(f"/v1/members/M1/{path}", json=body), 409) == type_


async def test_a_command_sent_twice_with_its_key_has_one_effect_and_one_answer(client, pool):
    await make_tree(client)
    sent = [client.post("/v1/members", json=MEMBER, headers={"Idempotency-Key": "admit-1"}) for _ in range(3)]
    first, *others = await asyncio.gather(*sent)
    assert first.status_code == 201
    assert {(answer.status_code, answer.text, answer.headers["etag"]) for answer in others} == {
        (201, first.text, first.headers["etag"])
    }
    assert len(await log(pool)) == 4


async def test_of_many_at_once_with_the_same_code_one_is_admitted(client, pool):
    await make_tree(client)
    answers = await asyncio.gather(*(client.post("/v1/members", json=MEMBER) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert len(await log(pool)) == 4


async def test_of_many_departures_at_once_one_is_recorded(client, pool):
    await make_tree(client)
    await client.post("/v1/members", json=MEMBER)
    left = [
        client.post("/v1/members/M1/departure", json={"left_on": f"2020-01-0{day}"}) for day in range(1, 6)
    ]
    assert sorted(answer.status_code for answer in await asyncio.gather(*left)) == [200, 409, 409, 409, 409]
    assert [type_ for type_, _, _ in await log(pool)].count("member-left") == 1


async def test_what_is_unusual_is_done_and_warned_of(client):
    await make_tree(client)
    answer = await client.post("/v1/members", json=MEMBER | {"birth_date": "2000-05-01"})
    assert answer.status_code == 201
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["age-at-admission"]


async def test_units_are_listed_by_code_of_a_day_and_page_by_page(client):
    await make_tree(client)
    for number in (3, 2):
        await client.post("/v1/organisations", json=CELL | {"code": f"K.1.{number}"})
    await client.post("/v1/organisations/K.1.2/dissolution", json={"dissolved_on": "2000-01-01"})

    async def codes(**query) -> list[str]:
        found = []
        while True:
            page = (await client.get("/v1/organisations", params=query)).json()
            assert len(page["items"]) <= query.get("limit", 100)
            found += [unit["code"] for unit in page["items"]]
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]

    assert await codes(limit=1) == await codes() == ["K", "K.1", "K.1.1", "K.1.3"]
    assert await codes(parent="K.1", as_of="1999-12-31", limit=2) == ["K.1.1", "K.1.2", "K.1.3"]
    assert await codes(parent="K.1", as_of="2000-01-01") == ["K.1.1", "K.1.3"]
    assert await codes(as_of="1995-12-31") == ["K", "K.1"]
    one = await client.get("/v1/organisations/K.1.2")
    assert (one.json()["dissolved_on"], one.json()["version"]) == ("2000-01-01", 2)


async def test_members_are_listed_in_vietnamese_order_of_given_names(client, pool):
    await make_tree(client)
    await client.post("/v1/organisations", json=CELL | {"code": "K.1.2"})
    names = [
        "Trần Văn Đức",
        "Nguyễn Văn Ánh",
        "Phạm Văn Dũng",
        "Nguyễn Văn Anh",
        "Bùi Thị Ân",
        "Nguyễn An Anh",
    ]
    for number, name in enumerate(names):
        member = MEMBER | {"code": f"M{number}", "full_name": name, "cell_code": f"K.1.{number % 2 + 1}"}
        assert (await client.post("/v1/members", json=member)).status_code == 201

    async def listed(path, **query) -> list[str]:
        found = []
        while True:
            page = (
                await client.get(
                    f"/v1/organisations/{path}/members", params=query, headers={"X-Chibo-Actor": "an"}
                )
            ).json()
            found += [member["full_name"] for member in page["items"]]
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]

    ordered = [
        "Nguyễn An Anh",
        "Nguyễn Văn Anh",
        "Nguyễn Văn Ánh",
        "Bùi Thị Ân",
        "Phạm Văn Dũng",
        "Trần Văn Đức",
    ]
    assert await listed("K", subtree=True, limit=2) == await listed("K", subtree=True) == ordered
    assert await listed("K") == []
    assert await listed("K.1.1") == ["Bùi Thị Ân", "Phạm Văn Dũng", "Trần Văn Đức"]
    assert await listed("K.1.1", as_of="2015-02-28") == []
    reads = await pool.fetch("SELECT actor, resource, count FROM personal_data_reads ORDER BY id")
    assert [row["count"] for row in reads] == [2, 2, 2, 6, 0, 3, 0]
    assert {row["actor"] for row in reads} == {"an"}
    assert reads[0]["resource"] == "organisations/K/members"


async def test_standing_and_membership_are_those_of_the_day(client):
    await make_tree(client)
    await client.post("/v1/members", json=MEMBER)
    await client.post("/v1/members/M1/confirmation", json={"official_on": "2016-03-01"})
    await client.post("/v1/members/M1/departure", json={"left_on": "2020-01-01"})
    standings = {}
    for day in ("2015-03-01", "2016-02-29", "2016-03-01", "2019-12-31", "2020-01-01"):
        page = (await client.get("/v1/organisations/K.1.1/members", params={"as_of": day})).json()
        standings[day] = [member["standing"] for member in page["items"]]
    assert standings == {
        "2015-03-01": ["probationary"], "2016-02-29": ["probationary"], "2016-03-01": ["official"],
        "2019-12-31": ["official"], "2020-01-01": [],
    }  # fmt: skip


async def test_every_reading_of_a_member_is_noted_and_notes_stay(client, pool):
    await make_tree(client)
    await client.post("/v1/members", json=MEMBER)
    answer = await client.get("/v1/members/M1")
    assert (answer.json()["ethnicity"], answer.json()["religion"]) == ("Thái", "Phật giáo")
    assert problem(await client.get("/v1/members/Q"), 404) == "unknown-member"
    reads = await pool.fetch("SELECT actor, resource, count FROM personal_data_reads")
    assert [tuple(row) for row in reads] == [("unknown", "members/M1", 1)]
    with pytest.raises(Exception, match="permission denied"):
        await pool.execute("DELETE FROM personal_data_reads")


@pytest.mark.parametrize(
    ("path", "status", "type_"),
    [
        ("organisations/Q", 404, "unknown-organisation"),
        ("organisations/%00", 404, "unknown-organisation"),
        ("organisations/Q/members", 404, "unknown-organisation"),
        ("organisations?parent=Q", 404, "unknown-organisation"),
        ("organisations?as_of=31/12/2020", 422, "invalid-request"),
        ("organisations?as_of=2020-02-30", 422, "invalid-request"),
        ("organisations?limit=0", 422, "invalid-request"),
        ("organisations?limit=501", 422, "invalid-request"),
        ("organisations?cursor=x", 400, "invalid-cursor"),
        ("organisations/K/members?cursor=WyJ6eiIsIngiXQ", 400, "invalid-cursor"),
        ("organisations?cursor=WyJcdTAwMDAiXQ", 400, "invalid-cursor"),
    ],
)
async def test_a_question_that_cannot_be_answered_is_a_problem(client, path, status, type_):
    await make_tree(client)
    assert problem(await client.get(f"/v1/{path}"), status) == type_


async def test_a_code_may_hold_a_slash_and_accents_in_any_form(client):
    await make_tree(client)
    assert (await client.post("/v1/organisations", json=CELL | {"code": "12/Sở"})).status_code == 201
    assert (await client.get("/v1/organisations/12/So\u031b\u0309")).json()["code"] == "12/Sở"
    assert (await client.get("/v1/organisations/12%2FSở/members")).json() == {"items": [], "next": None}


async def test_a_day_that_has_not_come_is_recorded_with_a_warning(client):
    await make_tree(client)
    later = str(today() + timedelta(1))
    admitted = await client.post("/v1/members", json=MEMBER | {"admitted_on": str(today())})
    assert ahead(admitted) == []
    admitted = await client.post("/v1/members", json=MEMBER | {"code": "M2", "admitted_on": later})
    assert ahead(admitted) == ["admitted_on"]
    left = await client.post("/v1/members/M1/departure", json={"left_on": later, "left_reason": "died"})
    assert ahead(left) == ["left_on"]
    founded = CELL | {"code": "K.1.2", "established_on": later}
    assert ahead(await client.post("/v1/organisations", json=founded)) == ["established_on"]
    renamed = {"name": "Chi bộ Hai", "effective_date": later}
    assert ahead(await client.post("/v1/organisations/K.1.1/rename", json=renamed)) == ["effective_date"]
    corrected = {"fact": 2, "effective_date": str(today() + timedelta(2))}
    answer = await client.post("/v1/organisations/K.1.1/corrections", json=corrected)
    assert ahead(answer) == ["effective_date"]
    withdrawn = {"fact": 3, "withdraw": True}
    assert ahead(await client.post("/v1/organisations/K.1.1/corrections", json=withdrawn)) == []


def ahead(answer) -> list[str]:
    """Return the columns that are warned of as days to come."""
    assert answer.status_code in {200, 201}, answer.text
    return [found["column"] for found in answer.json()["warnings"] if found["code"] == "in-the-future"]
