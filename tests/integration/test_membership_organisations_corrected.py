"""What was recorded of a unit put right over HTTP: any day is as it should have been, and was known as it was."""

import asyncio

import pytest

from services.membership.app import SERVICE as MEMBERSHIP
from tests.integration.served import problem, served

UNITS = [
    ("K", None, "bloc", "1976-01-01"),
    ("A", "K", "grassroots_committee", "1990-01-01"),
    ("B", "K", "grassroots_committee", "1990-01-01"),
    ("A.1", "A", "subordinate_cell", "1996-01-01"),
    ("G", "K", "grassroots_cell", "1996-01-01"),
]
DOCUMENT = {"number": "41-QĐ/ĐUK", "date": "2009-12-20"}
PERSON = {
    "code": "M1", "cell_code": "A.1", "full_name": "Lê Thị Hoa", "birth_date": "1980-05-01", "gender": "female",
    "ethnicity": "Thái", "youth_union": False, "admitted_on": "2005-03-01",
}  # fmt: skip


@pytest.fixture
async def register(database_url):
    async with served(MEMBERSHIP, database_url) as (client, pool):
        for code, above, type_, since in UNITS:
            unit = {
                "code": code, "parent_code": above, "type": type_, "name": f"Đơn vị {code}", "established_on": since,
            }  # fmt: skip
            assert (await client.post("/v1/organisations", json=unit)).status_code == 201
        assert (await client.post("/v1/members", json=PERSON)).status_code == 201
        yield client, pool


async def post(client, path: str, headers=None, **body):
    return await client.post(f"/v1/organisations/{path}", json=body, headers=headers or {})


async def done(client, path: str, **body) -> dict:
    answer = await post(client, path, **body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def on(client, code: str, day: str) -> tuple[str, str, str | None]:
    unit = (await client.get(f"/v1/organisations/{code}", params={"as_of": day})).json()
    return unit["name"], unit["type"], unit["parent_code"]


async def test_a_corrected_unit_is_as_it_should_have_been_recorded_and_its_history_says_what_was_known(
    register,
):
    client, _ = register
    await done(client, "A.1/rename", name="Chi bộ Hai", effective_date="2010-01-01")
    await done(client, "A.1/reparent", parent_code="B", effective_date="2015-01-01")
    known_at = (await client.get("/v1/organisations/A.1/history")).json()["changes"][-1]["recorded_at"]
    first = await done(
        client, "A.1/corrections", fact=1, effective_date="1997-01-01", name="Chi bộ Một", document=DOCUMENT
    )
    assert (first["established_on"], first["version"], first["parent_code"]) == ("1997-01-01", 4, "B")
    await done(client, "A.1/corrections", fact=2, withdraw=True)
    await done(client, "A.1/corrections", fact=3, effective_date="2014-01-01")
    assert await on(client, "A.1", "2012-01-01") == ("Chi bộ Một", "subordinate_cell", "A")
    assert await on(client, "A.1", "2014-01-01") == ("Chi bộ Một", "subordinate_cell", "B")

    history = (await client.get("/v1/organisations/A.1/history")).json()
    assert [(one["version"], one["kind"], one["status"], one["replaced_by"]) for one in history["changes"]] == [
        (1, "established", "replaced", 4), (4, "established", "stands", None), (2, "renamed", "withdrawn", None),
        (5, "withdrawal", "withdrawal", None), (6, "reparented", "stands", None), (3, "reparented", "replaced", 6),
    ]  # fmt: skip
    corrected = history["changes"][1]
    assert (corrected["corrects"], corrected["document"], corrected["decision_date"]) == (
        1,
        DOCUMENT,
        "2009-12-20",
    )
    assert corrected["after"] == {"name": "Chi bộ Một", "type": "subordinate_cell", "parent_code": "A"}
    timeline = [(state["from"], state["name"], state["parent_code"]) for state in history["timeline"]]
    assert timeline == [("1997-01-01", "Chi bộ Một", "A"), ("2014-01-01", "Chi bộ Một", "B")]

    before = await client.get("/v1/organisations/A.1/history", params={"known_at": known_at})
    assert [(state["from"], state["name"], state["parent_code"]) for state in before.json()["timeline"]] == [
        ("1996-01-01", "Đơn vị A.1", "A"), ("2010-01-01", "Chi bộ Hai", "A"), ("2015-01-01", "Chi bộ Hai", "B"),
    ]  # fmt: skip
    assert {one["status"] for one in before.json()["changes"]} == {"stands"}
    nothing = await client.get("/v1/organisations/A.1/history", params={"known_at": "1999-01-01T00:00:00Z"})
    assert (nothing.json()["changes"], nothing.json()["timeline"]) == ([], [])


async def test_an_end_that_never_was_is_withdrawn_and_one_on_another_day_takes_what_hangs_on_it(register):
    client, pool = register
    held = {"organisation_code": "A.1", "member_code": "M1", "position": "secretary", "from_on": "2019-01-01"}
    confirmed = await client.post("/v1/members/M1/confirmation", json={"official_on": "2006-03-01"})
    assert confirmed.status_code == 200
    taken = await client.post("/v1/positions", json=held)
    assert taken.status_code == 201, taken.text
    await done(client, "A.1/dissolution", dissolved_on="2021-01-01")
    answer = await done(client, "A.1/corrections", fact=2, effective_date="2020-01-01")
    assert answer["dissolved_on"] == "2020-01-01"
    assert {warning["code"] for warning in answer["warnings"]} == {
        "dissolved-with-members",
        "positions-ended",
    }
    assert await seat_of_m1(client) == ("2020-01-01", "unit_dissolved", 3)
    assert (await done(client, "A.1/corrections", fact=3, withdraw=True))["dissolved_on"] is None
    assert await pool.fetchval("SELECT dissolved_on FROM organisations WHERE code = 'A.1'") is None
    states = await pool.fetchval(
        "SELECT count(*) FROM organisation_states JOIN organisations ON id = organisation_id WHERE code = 'A.1'"
    )
    assert states == 1
    # Who led it may have been elected elsewhere since: only a correction of the position brings it back.
    assert await seat_of_m1(client) == ("2020-01-01", "unit_dissolved", 3)


async def seat_of_m1(client) -> tuple[str | None, str | None, int]:
    """The end of the one position of M1, why it ended, and how many events it has."""
    [seat] = (await client.get("/v1/members/M1/positions")).json()["items"]
    entries = (await client.get(f"/v1/positions/{seat['id']}/history")).json()["entries"]
    return seat["until_on"], seat["end_reason"], len(entries)


async def test_a_move_put_right_ends_what_was_held_above_the_former_place_with_it_or_not_at_all(register):
    client, pool = register
    confirmed = await client.post("/v1/members/M1/confirmation", json={"official_on": "2006-03-01"})
    assert confirmed.status_code == 200
    held = {
        "organisation_code": "A",
        "member_code": "M1",
        "position": "committee_member",
        "from_on": "2012-01-01",
    }
    assert (await client.post("/v1/positions", json=held)).status_code == 201
    await done(client, "A.1/reparent", parent_code="B", effective_date="2015-01-01")
    assert await seat_of_m1(client) == ("2015-01-01", "transferred", 2)
    answer = await done(client, "A.1/corrections", fact=2, effective_date="2014-01-01", document=DOCUMENT)
    assert {warning["code"] for warning in answer["warnings"]} == {"positions-ended"}
    assert await seat_of_m1(client) == ("2014-01-01", "transferred", 3)
    count = await pool.fetchval("SELECT count(*) FROM event_log")
    refused = await post(client, "A.1/corrections", fact=3, effective_date="2011-01-01")
    assert problem(refused, 409) == "position-in-the-way"
    assert await pool.fetchval("SELECT count(*) FROM event_log") == count
    assert (await client.get("/v1/organisations/A.1", params={"as_of": "2013-01-01"})).json()[
        "parent_code"
    ] == "A"


@pytest.mark.parametrize(
    ("code", "body", "status", "type_"),
    [
        ("Q", {"fact": 1, "name": "x"}, 404, "unknown-organisation"),
        ("A.1", {"fact": 1, "effective_date": "2006-01-01"}, 409, "members-then"),
        ("A", {"fact": 1, "effective_date": "1999-01-01"}, 409, "child-in-the-way"),
        ("A.1", {"fact": 1, "parent_code": "K", "type": "grassroots_committee"}, 409, "members-then"),
        ("A.1", {"fact": 1, "parent_code": "K"}, 422, "parent-type-on-day"),
        ("A.1", {"fact": 1, "withdraw": True}, 422, "establishment-stays"),
        ("A.1", {"fact": 7, "withdraw": True}, 422, "no-such-fact"),
        ("A.1", {"fact": 1}, 422, "nothing-to-correct"),
        ("A.1", {"fact": 1, "withdraw": True, "name": "x"}, 422, "invalid-request"),
        ("A.1", {"fact": 0}, 422, "invalid-request"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_and_leaves_no_trace(register, code, body, status, type_):
    client, pool = register
    count = await pool.fetchval("SELECT count(*) FROM event_log")
    assert problem(await post(client, f"{code}/corrections", **body), status) == type_
    assert await pool.fetchval("SELECT count(*) FROM event_log") == count


async def test_the_same_correction_twice_is_made_once_and_of_two_at_once_the_second_heeds_the_first(register):
    client, pool = register
    body = {"fact": 1, "name": "Chi bộ Một"}
    sent = [post(client, "A.1/corrections", headers={"Idempotency-Key": "c-1"}, **body) for _ in range(3)]
    first, *others = await asyncio.gather(*sent)
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert {(answer.status_code, answer.text) for answer in others} == {(200, first.text)}
    stale = await post(client, "A.1/corrections", headers={"If-Match": '"1"'}, fact=2, name="Khác")
    assert stale.status_code == 412
    answers = await asyncio.gather(
        post(client, "A.1/corrections", fact=2, name="Chi bộ Hai"),
        post(client, "A.1/corrections", fact=2, name="Chi bộ Ba"),
        client.post(
            "/v1/members",
            json=PERSON | {"code": "M2", "admitted_on": "1996-06-01", "birth_date": "1970-01-01"},
        ),
        post(client, "A.1/corrections", fact=2, effective_date="1999-01-01"),
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses[0:2].count(200) + (statuses[3] == 200) == 1
    assert set(statuses) <= {200, 201, 409, 422}
    founded = await pool.fetchval("SELECT established_on::text FROM organisations WHERE code = 'A.1'")
    assert not (founded == "1999-01-01" and statuses[2] == 201)
