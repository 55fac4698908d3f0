"""Late and corrected facts over HTTP on a real database; the history says what was true and what was known."""

import asyncio
import json
from datetime import datetime

import pytest

from tests.integration.served import problem
from tests.integration.test_membership_commands import CELL, MEMBER, make_tree


@pytest.fixture
async def register(client):
    await make_tree(client)
    assert (await client.post("/v1/members", json=MEMBER)).status_code == 201
    return client


async def correct(register, **what):
    return await register.post("/v1/members/M1/corrections", json=what)


async def history(register, **parameters):
    answer = await register.get("/v1/members/M1/history", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_confirmation_found_after_the_departure_is_recorded_as_late(register, pool):
    await register.post("/v1/members/M1/departure", json={"left_on": "2020-01-01"})
    answer = await register.post("/v1/members/M1/confirmation", json={"official_on": "2016-03-01"})
    assert (answer.status_code, answer.json()["official_on"]) == (200, "2016-03-01")
    assert [step["standing"] for step in (await history(register))["timeline"]] == [
        "probationary",
        "official",
        None,
    ]
    payload = json.loads(await pool.fetchval("SELECT payload FROM event_log ORDER BY position DESC LIMIT 1"))
    assert (payload["corrects"], payload["fact"]["kind"]) == (None, "confirmed")
    again = await register.post("/v1/members/M1/confirmation", json={"official_on": "2016-03-02"})
    assert problem(again, 409) == "already-confirmed"


async def test_a_day_put_right_keeps_what_was_said_before(register):
    await register.post("/v1/members/M1/confirmation", json={"official_on": "2016-03-01"})
    answer = await correct(register, fact=2, effective_date="2016-03-11", decision_date="2016-03-05")
    assert (answer.status_code, answer.json()["official_on"]) == (200, "2016-03-11")
    assert answer.headers["etag"] == '"3"'
    told = await history(register)
    assert [(entry["status"], entry["corrects"], entry["replaced_by"]) for entry in told["entries"]] == [
        ("stands", None, None),
        ("replaced", None, 3),
        ("stands", 2, None),
    ]
    assert told["entries"][1]["fact"]["effective_date"] == "2016-03-01"
    assert [step["from"] for step in told["timeline"]] == ["2015-03-01", "2016-03-11"]
    # What was known before the correction was recorded.
    before = datetime.fromisoformat(told["entries"][2]["recorded_at"])
    known = await history(register, known_at=told["entries"][1]["recorded_at"])
    assert datetime.fromisoformat(known["entries"][-1]["recorded_at"]) < before
    assert [step["from"] for step in known["timeline"]] == ["2015-03-01", "2016-03-01"]
    assert (await history(register, known_at="2000-01-01T00:00:00Z"))["timeline"] == []


async def test_the_person_is_put_right_and_the_former_identity_kept_inside(register, pool):
    answer = await correct(register, fact=1, full_name="Lê Thị Hòa", ethnicity="Kinh", religion="Không")
    assert answer.status_code == 200, answer.text
    card = (await register.get("/v1/members/M1")).json()
    assert (card["full_name"], card["ethnicity"], card["religion"]) == ("Lê Thị Hòa", "Kinh", None)
    assert card["birth_date"] == MEMBER["birth_date"]
    former = await pool.fetchrow("SELECT full_name, ethnicity, religion FROM former_identities")
    assert tuple(former) == ("Lê Thị Hoa", "Thái", "Phật giáo")
    payload = await pool.fetchval("SELECT payload FROM event_log ORDER BY position DESC LIMIT 1")
    assert not any(word in payload for word in ("Hoa", "Hòa", "Thái", "Phật"))
    retracted, stated = (json.loads(payload)[name] for name in ("retracted", "stated"))
    assert [step["after"]["ethnic_minority"] for step in (*retracted, *stated)] == [True, False]
    # The order of names follows.
    keys = await pool.fetch("SELECT name_sort_key FROM member_identities")
    assert len(keys) == 1


async def test_what_an_entry_said_of_education_is_put_right_over_http(register, pool):
    answer = await correct(register, fact=1, profile={"education": "primary", "theory": "advanced"})
    assert answer.status_code == 200, answer.text
    assert (await correct(register, fact=2, profile={"education": "primary"})).status_code == 200
    rows = await pool.fetch("SELECT DISTINCT education, theory FROM member_states")
    assert [tuple(row) for row in rows] == [("primary", None)]
    assert problem(await correct(register, fact=3, admitted_on="2014-03-01"), 422) == "not-of-this-fact"


async def test_a_day_put_right_leaves_no_former_identity(register, pool):
    assert (await correct(register, fact=1, effective_date="2015-03-05")).status_code == 200
    assert await pool.fetchval("SELECT count(*) FROM former_identities") == 0


async def test_somebody_entered_in_the_wrong_cell_was_never_there(register):
    other = CELL | {"code": "K.1.2", "name": "Chi bộ Hai"}
    assert (await register.post("/v1/organisations", json=other)).status_code == 201
    answer = await correct(register, fact=1, cell_code="K.1.2")
    assert (answer.status_code, answer.json()["cell_code"]) == (200, "K.1.2")
    for code, count in (("K.1.1", 0), ("K.1.2", 1)):
        listed = await register.get(f"/v1/organisations/{code}/members", params={"as_of": "2016-01-01"})
        assert len(listed.json()["items"]) == count
    assert [entry["fact"]["cell_code"] for entry in (await history(register))["entries"]] == [
        "K.1.1",
        "K.1.2",
    ]
    assert problem(await correct(register, fact=2, cell_code="K.9"), 422) == "unknown-cell"
    assert problem(await correct(register, fact=2, cell_code="K.1"), 422) == "not-a-cell"


async def test_a_departure_is_withdrawn_and_recorded_anew(register):
    await register.post("/v1/members/M1/departure", json={"left_on": "2020-01-01", "left_reason": "died"})
    answer = await correct(register, fact=2, withdraw=True)
    assert (answer.json()["left_on"], answer.json()["left_reason"]) == (None, None)
    assert [entry["status"] for entry in (await history(register))["entries"]] == [
        "stands",
        "withdrawn",
        "withdrawal",
    ]
    again = await register.post("/v1/members/M1/departure", json={"left_on": "2020-02-01"})
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"fact": 1, "effective_date": "2016-03-02"}, 422, "confirmed-before-admission"),
        ({"fact": 2, "effective_date": "2020-01-02"}, 422, "left-before-confirmation"),
        ({"fact": 3, "effective_date": "2016-02-29"}, 422, "left-before-confirmation"),
        ({"fact": 2}, 422, "nothing-to-correct"),
        ({"fact": 9, "withdraw": True}, 422, "unknown-fact"),
        ({"fact": 1, "withdraw": True}, 422, "admission-stays"),
        ({"fact": 2, "left_reason": "died"}, 422, "not-of-this-fact"),
        ({"fact": 3, "full_name": "Ai"}, 422, "not-of-this-fact"),
        ({"fact": 3, "withdraw": True, "effective_date": "2020-01-02"}, 422, "invalid-request"),
        ({"fact": 0}, 422, "invalid-request"),
        ({"fact": 1, "birth_date": "31/02/1990"}, 422, "invalid-request"),
    ],
)
async def test_what_cannot_have_been_is_refused_and_nothing_changes(register, pool, asked, status, code):
    await register.post("/v1/members/M1/confirmation", json={"official_on": "2016-03-01"})
    await register.post("/v1/members/M1/departure", json={"left_on": "2020-01-01"})
    assert problem(await correct(register, **asked), status) == code
    assert await pool.fetchval("SELECT count(*) FROM event_log") == 6
    assert (await register.get("/v1/members/M1")).json()["version"] == 3


async def test_two_corrections_of_one_fact_at_once_leave_one(register):
    await register.post("/v1/members/M1/confirmation", json={"official_on": "2016-03-01"})
    answers = await asyncio.gather(
        *(correct(register, fact=2, effective_date=f"2016-03-{day}") for day in (10, 11, 12))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert problem(lost, 409) == "fact-replaced"
    assert (await history(register))["entries"][1]["replaced_by"] == 3


async def test_the_same_correction_sent_twice_is_made_once(register):
    asked, key = {"fact": 1, "effective_date": "2015-03-05"}, {"Idempotency-Key": "sua-1"}
    first, second = [
        await register.post("/v1/members/M1/corrections", json=asked, headers=key) for _ in range(2)
    ]
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert (await register.get("/v1/members/M1")).json()["version"] == 2


async def test_a_correction_heeds_if_match(register):
    asked = {"fact": 1, "effective_date": "2015-03-05"}
    stale = await register.post("/v1/members/M1/corrections", json=asked, headers={"If-Match": '"7"'})
    assert problem(stale, 412) == "precondition-failed"


async def test_a_history_of_nobody_is_not_found_and_each_reading_is_noted(register, pool):
    assert problem(await register.get("/v1/members/M2/history"), 404) == "unknown-member"
    await register.get("/v1/members/M1/history", headers={"X-Chibo-Actor": "ba"})
    assert tuple(await pool.fetchrow("SELECT actor, resource FROM personal_data_reads")) == (
        "ba",
        "members/M1/history",
    )
