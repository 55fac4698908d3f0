"""Terms and positions over HTTP, on a real database: who leads which unit on which day, and what ends with what."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from tests.integration.test_membership_organisations import client, done, problem  # noqa: F401 - a fixture

UNITS = 5
DOCUMENT = {"number": "12-QĐ/ĐU", "date": "2010-05-20"}


@pytest.fixture
async def register(client):  # noqa: F811
    """The tree of the organisations' tests with two official members in A.1, one in G, and one on probation."""
    for code, cell, official in (
        ("M1", "A.1", "2001-01-01"),
        ("M2", "A.1", "2001-01-01"),
        ("M3", "G", "2001-01-01"),
        ("M4", "A.1", None),
    ):
        member = {
            "code": code, "cell_code": cell, "full_name": f"Lê Thị {code}", "birth_date": "1970-05-01",
            "gender": "female", "ethnicity": "Thái", "youth_union": False, "admitted_on": "2000-01-01",
        }  # fmt: skip
        assert (await client.post("/v1/members", json=member)).status_code == 201
        if official:
            confirmed = await client.post(f"/v1/members/{code}/confirmation", json={"official_on": official})
            assert confirmed.status_code == 200
    return client


async def take(
    register, unit: str, member: str, from_on: str, position: str = "secretary", headers=None, **more
):
    body = {"organisation_code": unit, "member_code": member, "position": position, "from_on": from_on} | more
    return await register.post("/v1/positions", json=body, headers=headers or {})


async def taken(register, *arguments, **named) -> dict:
    answer = await take(register, *arguments, **named)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def leaders(register, unit: str, day: str, **more) -> list[tuple[str, str]]:
    answer = await register.get(f"/v1/organisations/{unit}/positions", params={"as_of": day} | more)
    assert answer.status_code == 200, answer.text
    return [(item["position"], item["member_code"]) for item in answer.json()["items"]]


async def change(register, id_: str, what: str, status: int = 200, headers=None, of="positions", **body):
    answer = await register.post(f"/v1/{of}/{id_}/{what}", json=body, headers=headers or {})
    assert answer.status_code == status, answer.text
    return answer.json()


async def events(pool, like: str) -> list[dict]:
    rows = await pool.fetch("SELECT payload FROM event_log WHERE type LIKE $1 ORDER BY position", like)
    return [json.loads(row["payload"]) for row in rows]


async def test_a_unit_is_led_on_each_day_by_those_who_were_recorded_for_it(register, pool):
    first = await taken(
        register, "A.1", "M1", "2010-05-15", obtained="elected", document=DOCUMENT, decision_date="2010-05-19"
    )
    assert first["version"] == 1
    ended = await change(register, first["id"], "end", until_on="2012-03-01", end_reason="resigned")
    assert (ended["until_on"], ended["end_reason"], ended["version"]) == ("2012-03-01", "resigned", 2)
    second = await taken(register, "A.1", "M2", "2012-03-01", obtained="appointed")
    # Recorded last, the earliest of all: over long since.
    late = await taken(
        register,
        "A.1",
        "M2",
        "2005-01-01",
        until_on="2010-05-15",
        end_reason="term_ended",
        obtained="elected",
    )
    assert late["version"] == 2
    await taken(register, "A.1", "M1", "2012-03-01", "deputy_secretary")
    await taken(register, "A", "M1", "2011-01-01", "committee_member")
    found = {day: await leaders(register, "A.1", day) for day in ("2004-12-31", "2010-05-14", "2012-02-29")}
    assert found == {
        "2004-12-31": [],
        "2010-05-14": [("secretary", "M2")],
        "2012-02-29": [("secretary", "M1")],
    }
    now = (await register.get("/v1/organisations/A.1/positions")).json()["items"]
    assert [(item["position"], item["full_name"], item["id"] == second["id"]) for item in now] == [
        ("secretary", "Lê Thị M2", True),
        ("deputy_secretary", "Lê Thị M1", False),
    ]
    answer = (await register.get("/v1/members/M1/positions")).json()["items"]
    assert [(item["organisation_code"], item["position"], item["from_on"]) for item in answer] == [
        ("A.1", "secretary", "2010-05-15"),
        ("A", "committee_member", "2011-01-01"),
        ("A.1", "deputy_secretary", "2012-03-01"),
    ]
    told = (await events(pool, "%.position-taken.v1"))[0]
    assert (told["after"]["position"], told["document"], told["decision_date"]) == (
        "secretary", DOCUMENT, "2010-05-19",
    )  # fmt: skip
    assert not any(word in json.dumps(told) for word in ("Lê", "M1", "A.1"))
    reads = await pool.fetch("SELECT resource, count FROM personal_data_reads ORDER BY id DESC LIMIT 2")
    assert [tuple(row) for row in reads] == [("members/M1/positions", 1), ("organisations/A.1/positions", 2)]


@pytest.mark.parametrize(
    ("unit", "member", "from_on", "more", "status", "type_"),
    [
        ("Q", "M1", "2010-01-01", {}, 422, "unknown-unit"),
        ("A.1", "Q", "2010-01-01", {}, 422, "unknown-holder"),
        ("A.1", "M4", "2010-01-01", {}, 422, "holder-not-official"),
        ("A.1", "M1", "2000-12-31", {}, 422, "holder-not-official"),
        ("A.1", "M3", "2010-01-01", {}, 422, "holder-elsewhere"),
        ("A", "M3", "2010-01-01", {}, 422, "holder-elsewhere"),
        ("A.1", "M1", "1999-01-01", {}, 422, "holder-not-in-register"),
        ("A.1", "M1", "1995-01-01", {}, 422, "unit-not-yet-there"),
        ("A.1", "M1", "2010-01-01", {"until_on": "2010-01-01"}, 422, "ended-before-beginning"),
        ("A.1", "M1", "2010-01-01", {"end_reason": "died"}, 422, "end-reason-without-day"),
        ("A.1", "M1", "2010-02-30", {}, 422, "invalid-request"),
        ("A.1", "M1", "2010-01-01", {"position": "chairman"}, 422, "invalid-request"),
    ],
)
async def test_what_cannot_be_is_a_problem_and_leaves_no_trace(
    register, pool, unit, member, from_on, more, status, type_
):
    before = await pool.fetchval("SELECT count(*) FROM event_log")
    assert problem(await take(register, unit, member, from_on, **more), status) == type_
    assert await pool.fetchval("SELECT count(*) FROM positions") == 0
    assert await pool.fetchval("SELECT count(*) FROM event_log") == before


async def test_a_member_of_any_cell_below_is_led_into_the_committee(register):
    for unit in ("A", "K"):
        await taken(register, unit, "M1", "2010-01-01")
    await taken(register, "K", "M3", "2010-01-01", "committee_member")
    assert await leaders(register, "K", "2010-01-01") == [("secretary", "M1"), ("committee_member", "M3")]


async def test_a_unit_has_one_secretary(register):
    first = await taken(register, "A.1", "M1", "2010-01-01")
    answer = await take(register, "A.1", "M2", "2012-01-01")
    assert problem(answer, 409) == "secretary-already"
    assert "01/01/2010" in answer.json()["detail"]
    assert problem(await take(register, "A.1", "M1", "2012-01-01", "deputy_secretary"), 409) == (
        "holds-a-position-already"
    )
    await change(register, first["id"], "end", until_on="2012-01-01", end_reason="term_ended")
    await taken(register, "A.1", "M2", "2012-01-01")
    again = await register.post(f"/v1/positions/{first['id']}/end", json={"until_on": "2013-01-01"})
    assert problem(again, 409) == "already-ended"


async def test_two_secretaries_recorded_at_once_are_one(register, pool):
    for year in range(2003, 2009):
        answers = await asyncio.gather(
            *(
                take(register, "A.1", member, f"{year}-01-01", until_on=f"{year + 1}-01-01")
                for member in ("M1", "M2", "M1", "M2")
            )
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert await pool.fetchval("SELECT count(*) FROM positions") == 6


async def test_the_same_command_twice_is_done_once(register, pool):
    sent = [take(register, "A.1", "M1", "2010-01-01", headers={"Idempotency-Key": "p-1"}) for _ in range(3)]
    answers = await asyncio.gather(*sent)
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert answers[0].headers["etag"] == '"1"'
    assert await pool.fetchval("SELECT count(*) FROM positions") == 1


async def test_a_change_rests_on_the_version_last_seen(register):
    held = await taken(register, "A.1", "M1", "2010-01-01")
    old, now = {"If-Match": '"1"'}, {"If-Match": '"2"'}
    await change(register, held["id"], "end", headers=old, until_on="2012-01-01")
    refused = await register.post(
        f"/v1/positions/{held['id']}/corrections", json={"fact": 1, "withdraw": True}, headers=old
    )
    assert problem(refused, 412) == "precondition-failed"
    await change(register, held["id"], "corrections", headers=now, fact=1, withdraw=True)
    opened = await register.post(
        "/v1/terms", json={"organisation_code": "A.1", "label": "1", "from_on": "2010-01-01"}
    )
    for what in ("end", "corrections"):
        refused = await register.post(
            f"/v1/terms/{opened.json()['id']}/{what}",
            json={"until_on": "2012-01-01"} if what == "end" else {"fact": 1, "withdraw": True},
            headers=now,
        )
        assert problem(refused, 412) == "precondition-failed"


async def test_a_fact_is_put_right_by_a_later_event_and_the_old_is_still_known(register, pool):
    held = await taken(register, "A.1", "M1", "2010-01-01", until_on="2012-01-01", end_reason="resigned")
    before = datetime.now(UTC).isoformat()
    later = await change(
        register, held["id"], "corrections", fact=2, effective_date="2013-01-01", decision_date="2013-02-01"
    )
    assert (later["until_on"], later["end_reason"], later["version"]) == ("2013-01-01", "resigned", 3)
    earlier = await change(register, held["id"], "corrections", fact=1, effective_date="2009-01-01")
    assert earlier["from_on"] == "2009-01-01"
    assert await leaders(register, "A.1", "2009-06-01") == [("secretary", "M1")]
    assert await leaders(register, "A.1", "2009-06-01", known_at=before) == []
    assert await leaders(register, "A.1", "2011-06-01", known_at=before) == [("secretary", "M1")]
    assert await leaders(register, "A.1", "2011-06-01", known_at="2001-01-01T00:00:00Z") == []
    history = (await register.get(f"/v1/positions/{held['id']}/history")).json()["entries"]
    assert [(one["number"], one["kind"], one["status"], one["replaced_by"]) for one in history] == [
        (1, "began", "replaced", 4), (2, "ended", "replaced", 3), (3, "ended", "stands", None),
        (4, "began", "stands", None),
    ]  # fmt: skip
    assert (history[2]["before"]["until_on"], history[2]["after"]["until_on"]) == ("2012-01-01", "2013-01-01")
    known = await register.get(f"/v1/positions/{held['id']}/history", params={"known_at": before})
    assert [one["status"] for one in known.json()["entries"]] == ["stands", "stands"]
    # A correction that would make history impossible names the conflict.
    await taken(register, "A.1", "M2", "2013-01-01")
    for body in ({"fact": 3, "withdraw": True}, {"fact": 3, "effective_date": "2014-01-01"}):
        answer = await register.post(f"/v1/positions/{held['id']}/corrections", json=body)
        assert problem(answer, 409) == "secretary-already"
    answer = await register.post(
        f"/v1/positions/{held['id']}/corrections", json={"fact": 1, "effective_date": "2009-01-01"}
    )
    assert problem(answer, 409) == "fact-replaced"
    gone = await change(register, held["id"], "corrections", fact=4, withdraw=True)
    assert (gone["withdrawn"], await leaders(register, "A.1", "2011-06-01")) == (True, [])
    assert (await register.get("/v1/members/M1/positions")).json()["items"] == []
    history = (await register.get(f"/v1/positions/{held['id']}/history")).json()["entries"]
    assert [one["status"] for one in history] == [
        "replaced", "replaced", "withdrawn", "withdrawn", "withdrawal",
    ]  # fmt: skip
    restated = (await events(pool, "%.position-restated.v1"))[-1]
    assert (restated["corrects"], restated["after"], restated["effective_date"]) == (4, None, "2009-01-01")


async def test_what_is_unknown_is_a_problem(register):
    nobody = "00000000-0000-4000-8000-000000000000"
    for path, body, type_ in (
        (f"positions/{nobody}/end", {"until_on": "2010-01-01"}, "unknown-position"),
        (f"positions/{nobody}/corrections", {"fact": 1, "withdraw": True}, "unknown-position"),
        (f"terms/{nobody}/end", {"until_on": "2010-01-01"}, "unknown-term"),
        (f"terms/{nobody}/corrections", {"fact": 1, "withdraw": True}, "unknown-term"),
    ):
        assert problem(await register.post(f"/v1/{path}", json=body), 404) == type_
    for path, type_ in (
        (f"positions/{nobody}/history", "unknown-position"),
        (f"terms/{nobody}/history", "unknown-term"),
        ("organisations/Q/positions", "unknown-organisation"),
        ("organisations/Q/terms", "unknown-organisation"),
        ("members/Q/positions", "unknown-member"),
    ):
        assert problem(await register.get(f"/v1/{path}"), 404) == type_


# What ends with what


async def test_positions_end_with_the_departure_of_their_holder(register, pool):
    first = await taken(register, "A.1", "M1", "2010-01-01")
    await taken(register, "A", "M1", "2010-01-01", "committee_member")
    over = await taken(register, "K", "M1", "2005-01-01", until_on="2010-01-01")
    answer = await register.post(
        "/v1/members/M1/departure", json={"left_on": "2015-01-01", "left_reason": "died"}
    )
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["positions-ended"]
    for unit in ("A.1", "A"):
        assert await leaders(register, unit, "2014-12-31")
        assert not await leaders(register, unit, "2015-01-01")
    items = (await register.get("/v1/members/M1/positions")).json()["items"]
    assert {item["id"]: (item["until_on"], item["end_reason"]) for item in items}[first["id"]] == (
        "2015-01-01", "died",
    )  # fmt: skip
    assert {item["id"]: item["version"] for item in items}[over["id"]] == 2
    kinds = await pool.fetch("SELECT type FROM event_log ORDER BY position DESC LIMIT 3")
    assert sorted(row["type"].split(".")[-2] for row in kinds) == ["member-left"] + ["position-ended"] * 2


async def test_a_departure_put_right_moves_the_end_that_came_with_it(register):
    held = await taken(register, "A.1", "M1", "2010-01-01")
    await register.post("/v1/members/M1/departure", json={"left_on": "2015-01-01", "left_reason": "resigned"})
    answer = await register.post(
        "/v1/members/M1/corrections", json={"fact": 3, "effective_date": "2014-01-01"}
    )
    assert answer.status_code == 200, answer.text
    history = (await register.get(f"/v1/positions/{held['id']}/history")).json()["entries"]
    assert [(one["status"], one["effective_date"]) for one in history] == [
        ("stands", "2010-01-01"), ("replaced", "2015-01-01"), ("stands", "2014-01-01"),
    ]  # fmt: skip
    before = await register.post(
        "/v1/members/M1/corrections", json={"fact": 4, "effective_date": "2009-01-01"}
    )
    assert problem(before, 409) == "position-in-the-way"
    assert "01/01/2010" in before.json()["detail"]
    assert await leaders(register, "A.1", "2013-01-01") == [("secretary", "M1")]


async def test_positions_and_terms_end_with_their_unit(register):
    held = await taken(register, "A.1", "M1", "2010-01-01")
    opened = await register.post(
        "/v1/terms", json={"organisation_code": "A.1", "label": "2010–2012", "from_on": "2010-01-01"}
    )
    assert opened.json()["ended"] == []
    answer = await done(register, "A.1/dissolution", dissolved_on="2015-01-01", document=DOCUMENT)
    assert {warning["code"] for warning in answer["warnings"]} >= {"positions-ended"}
    history = (await register.get(f"/v1/positions/{held['id']}/history")).json()["entries"]
    assert (history[-1]["after"]["end_reason"], history[-1]["document"]) == ("unit_dissolved", DOCUMENT)
    [term] = (await register.get("/v1/organisations/A.1/terms")).json()["items"]
    assert (term["until_on"], term["document"]) == ("2015-01-01", DOCUMENT)
    assert problem(await take(register, "A.1", "M2", "2014-01-01"), 422) == "unit-no-longer-there"


async def test_a_seat_above_is_lost_with_the_place_of_the_cell(register):
    above = await taken(register, "A", "M1", "2010-01-01", "committee_member")
    root = await taken(register, "K", "M1", "2010-01-01", "committee_member")
    own = await taken(register, "A.1", "M1", "2010-01-01")
    await done(register, "A.1/reparent", parent_code="B", effective_date="2015-01-01")
    items = (await register.get("/v1/members/M1/positions")).json()["items"]
    assert {item["id"]: (item["until_on"], item["end_reason"]) for item in items} == {
        above["id"]: ("2015-01-01", "transferred"), root["id"]: (None, None), own["id"]: (None, None),
    }  # fmt: skip
    # And only on its days: under B from then on, under A until then.
    assert problem(await take(register, "A", "M2", "2014-01-01"), 422) == "holder-elsewhere"
    await taken(register, "A", "M2", "2014-01-01", until_on="2015-01-01")
    await taken(register, "B", "M2", "2015-01-01")


# Terms and congresses


async def test_a_congress_opens_a_term_and_its_elected_take_the_place_of_those_before(register, pool):
    first = await taken(register, "A.1", "M1", "2010-01-01")
    await register.post(
        "/v1/terms", json={"organisation_code": "A.1", "label": "2010–2012", "from_on": "2010-01-01"}
    )
    asked = {
        "organisation_code": "A.1", "label": "2012–2015", "congress_on": "2012-06-30", "from_on": "2012-06-30",
        "document": DOCUMENT,
        "elected": [
            {"member_code": "M2", "position": "secretary"},
            {"member_code": "M1", "position": "deputy_secretary"},
        ],
    }  # fmt: skip
    answer = await register.post("/v1/terms", json=asked)
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    assert (opened["ended"], len(opened["taken"]), opened["version"]) == ([first["id"]], 2, 1)
    assert await leaders(register, "A.1", "2012-06-29") == [("secretary", "M1")]
    assert await leaders(register, "A.1", "2012-06-30") == [("secretary", "M2"), ("deputy_secretary", "M1")]
    terms = (await register.get("/v1/organisations/A.1/terms")).json()["items"]
    assert [(term["label"], term["until_on"]) for term in terms] == [
        ("2010–2012", "2012-06-30"), ("2012–2015", None),
    ]  # fmt: skip
    [told] = [event for event in await events(pool, "%.term-opened.v1") if event["after"].get("congress_on")]
    assert (told["after"]["label"], told["document"]) == ("2012–2015", DOCUMENT)
    # Nobody is elected where one cannot be, and nothing is left of the rest.
    before = await pool.fetchval("SELECT count(*) FROM event_log")
    bad = asked | {"from_on": "2015-01-01", "elected": [{"member_code": "M4", "position": "secretary"}]}
    assert problem(await register.post("/v1/terms", json=bad), 422) == "holder-not-official"
    assert await pool.fetchval("SELECT count(*) FROM event_log") == before
    assert problem(await register.post("/v1/terms", json=asked), 409) == "terms-overlap"


async def test_a_term_is_ended_and_put_right(register):
    body = {"organisation_code": "A.1", "label": "2010-2012", "from_on": "2010-01-01"}
    opened = (await register.post("/v1/terms", json=body)).json()
    before = datetime.now(UTC).isoformat()
    ended = await change(register, opened["id"], "end", of="terms", until_on="2012-01-01")
    assert (ended["until_on"], ended["version"]) == ("2012-01-01", 2)
    await change(register, opened["id"], "corrections", of="terms", fact=1, label="2010–2012")
    await change(register, opened["id"], "corrections", of="terms", fact=2, withdraw=True)
    [term] = (await register.get("/v1/organisations/A.1/terms")).json()["items"]
    assert (term["label"], term["until_on"], term["version"]) == ("2010–2012", None, 4)
    [term] = (await register.get("/v1/organisations/A.1/terms", params={"known_at": before})).json()["items"]
    assert (term["label"], term["version"]) == ("2010-2012", 1)
    history = (await register.get(f"/v1/terms/{opened['id']}/history")).json()["entries"]
    assert [one["status"] for one in history] == ["replaced", "withdrawn", "stands", "withdrawal"]
    past = await register.post(
        "/v1/terms", json=body | {"from_on": "2008-01-01", "until_on": "2010-01-01", "label": "2008–2010"}
    )
    assert (past.status_code, past.json()["until_on"], past.json()["version"]) == (201, "2010-01-01", 2)


# Lists


async def listed(register, name: str, **query) -> list[dict]:
    answer = await register.get(f"/v1/lists/{name}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def seats(items) -> list[tuple[str, str]]:
    return [(item["code"], item["position"]) for item in items]


async def test_vacancies_are_what_nobody_holds_on_the_day(register):
    committee = ["secretary", "deputy_secretary", "committee_member"]
    assert seats(await listed(register, "vacancies", as_of="2010-01-01")) == [
        ("A", committee[0]), ("A", committee[1]), ("A", committee[2]), ("A.1", "secretary"),
        ("B", committee[0]), ("B", committee[1]), ("B", committee[2]), ("G", "secretary"),
        ("K", committee[0]), ("K", committee[1]), ("K", committee[2]),
    ]  # fmt: skip
    held = await taken(register, "A.1", "M1", "2010-01-01")
    await taken(register, "A", "M1", "2010-01-01")
    assert seats(await listed(register, "vacancies", as_of="2010-01-01", position="secretary")) == [
        ("B", "secretary"), ("G", "secretary"), ("K", "secretary"),
    ]  # fmt: skip
    await change(register, held["id"], "end", until_on="2012-01-01")
    [found] = await listed(register, "vacancies", as_of="2012-06-01", unit="A", position="secretary")
    assert (found["code"], found["vacant_since"], found["official_members"]) == ("A.1", "2012-01-01", 2)
    assert (found["parent_code"], "29-QĐ/TW" in found["source"]) == ("A", True)
    assert seats(await listed(register, "vacancies", as_of="1990-06-01", unit="A")) == [
        ("A", position) for position in committee
    ]
    await change(register, held["id"], "corrections", fact=1, withdraw=True)
    [found] = await listed(register, "vacancies", as_of="2011-06-01", unit="A.1")
    assert found["vacant_since"] is None
    all_pages, query = [], {"as_of": "2010-01-01", "limit": "2"}
    while True:
        page = (await register.get("/v1/lists/vacancies", params=query)).json()
        all_pages += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert all_pages == await listed(register, "vacancies", as_of="2010-01-01")


async def test_a_cell_of_nine_is_to_have_a_committee(register):
    for n in range(7):
        member = {
            "code": f"N{n}", "cell_code": "A.1", "full_name": "Lê Thị Ẩn", "birth_date": "1970-05-01",
            "gender": "female", "ethnicity": "Thái", "youth_union": False, "admitted_on": "2000-01-01",
        }  # fmt: skip
        await register.post("/v1/members", json=member)
        await register.post(f"/v1/members/N{n}/confirmation", json={"official_on": f"200{n + 1}-01-01"})
    eight, nine = [
        seats(await listed(register, "vacancies", as_of=day, unit="A.1"))
        for day in ("2006-12-31", "2007-01-01")
    ]
    assert eight == [("A.1", "secretary")]
    assert nine == [("A.1", position) for position in ("secretary", "deputy_secretary", "committee_member")]
    few = await taken(register, "A.1", "M1", "2006-12-31", "committee_member", until_on="2007-01-01")
    assert [warning["code"] for warning in few["warnings"]] == ["committee-of-few"]
    assert "Điều 24" in few["warnings"][0]["message"]
    assert (await taken(register, "A.1", "M1", "2007-01-01", "committee_member"))["warnings"] == []


async def test_congresses_are_due_by_the_rule_in_force(register):
    for unit, day in (("A.1", "2020-05-15"), ("A", "2020-06-30"), ("G", "2015-03-31")):
        answer = await register.post(
            "/v1/terms",
            json={"organisation_code": unit, "label": day[:4], "from_on": day, "congress_on": day},
        )
        assert answer.status_code == 201

    def days(items):
        return [
            (one["code"], one["due_on"], one["earliest_on"], one["latest_on"], one["overdue"])
            for one in items
        ]

    assert days(await listed(register, "congresses-due", as_of="2022-06-01")) == [
        ("G", "2020-03-31", "2019-03-31", "2021-03-31", True),
        ("A.1", "2022-11-15", "2022-05-15", "2023-05-15", False),
    ]
    assert days(await listed(register, "congresses-due", as_of="2022-06-01", unit="A", within_days="0")) == []
    # Until then twice in five years; from 1/7/2025 once.
    until, since = [
        await listed(register, "congresses-due", as_of=day, unit="A.1")
        for day in ("2025-06-30", "2025-07-01")
    ]
    assert days(until) == [("A.1", "2022-11-15", "2022-05-15", "2023-05-15", True)]
    assert days(since) == [("A.1", "2025-05-15", "2024-11-15", "2025-11-15", False)]
    assert "294-QĐ/TW" in since[0]["source"]
    unknown = await listed(register, "congresses-due", as_of="2020-07-01", unknown="true")
    assert [(one["code"], one["due_on"]) for one in unknown] == [
        ("G", "2020-03-31"), ("B", None), ("K", None),
    ]  # fmt: skip
    assert (unknown[1]["label"], unknown[1]["overdue"]) == (None, False)
    query = {"as_of": "2020-07-01", "unknown": "true", "limit": "1"}
    first = (await register.get("/v1/lists/congresses-due", params=query)).json()
    second = (await register.get("/v1/lists/congresses-due", params=query | {"cursor": first["next"]})).json()
    assert [page["items"][0]["code"] for page in (first, second)] == ["G", "B"]
    far = {"organisation_code": "B", "label": "x", "from_on": "9999-12-01"}
    assert (await register.post("/v1/terms", json=far)).status_code == 201
    [found] = await listed(register, "congresses-due", as_of="9999-12-31", unit="B")
    assert (found["due_on"], found["latest_on"]) == ("9999-12-31", "9999-12-31")


async def test_a_list_of_no_unit_and_of_no_cursor(register):
    for name in ("vacancies", "congresses-due"):
        assert problem(await register.get(f"/v1/lists/{name}?unit=Q"), 404) == "unknown-organisation"
        assert problem(await register.get(f"/v1/lists/{name}?cursor=x"), 400) == "invalid-cursor"


# Files and races

UNITS_FILE = "code,parent_code,type,name,established_on,dissolved_on\n"
MEMBERS_FILE = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)


async def send_file(register, kind: str, rows: str):
    header = UNITS_FILE if kind == "organisations" else MEMBERS_FILE
    return await register.post(
        f"/v1/imports/{kind}", content=(header + rows).encode(), headers={"Content-Type": "text/csv"}
    )


async def test_positions_end_with_what_a_file_says(register):
    await taken(register, "A.1", "M1", "2010-01-01")
    await taken(register, "G", "M3", "2010-01-01")
    row = "M1,A.1,Lê Thị M1,1970-05-01,female,Thái,,no,2000-01-01,2001-01-01,{day},died\n"
    refused = await send_file(register, "members", row.format(day="2009-01-01"))
    assert problem(refused, 422) == "import-refused"
    [error] = refused.json()["errors"]
    assert (error["line"], error["code"]) == (2, "position-in-the-way")
    assert await leaders(register, "A.1", "2015-01-01") == [("secretary", "M1")]
    assert (await send_file(register, "members", row.format(day="2015-01-01"))).status_code == 200
    [item] = (await register.get("/v1/members/M1/positions")).json()["items"]
    assert (item["until_on"], item["end_reason"]) == ("2015-01-01", "died")
    row = "G,K,grassroots_cell,Chi bộ Thanh tra tỉnh,1996-01-01,{day}\n"
    refused = await send_file(register, "organisations", row.format(day="2009-01-01"))
    assert [error["code"] for error in refused.json()["errors"]] == ["position-in-the-way"]
    assert (await send_file(register, "organisations", row.format(day="2015-01-01"))).status_code == 200
    [item] = (await register.get("/v1/members/M3/positions")).json()["items"]
    assert (item["until_on"], item["end_reason"]) == ("2015-01-01", "unit_dissolved")


async def test_nobody_is_left_in_a_seat_however_departures_and_positions_race(register, pool):
    for n in range(12):
        member = {
            "code": f"R{n}", "cell_code": "A.1", "full_name": "Lê Thị Ẩn", "birth_date": "1970-05-01",
            "gender": "female", "ethnicity": "Thái", "youth_union": False, "admitted_on": "2000-01-01",
        }  # fmt: skip
        await register.post("/v1/members", json=member)
        await register.post(f"/v1/members/R{n}/confirmation", json={"official_on": "2001-01-01"})
    sent = [
        request
        for n in range(12)
        for request in (
            take(register, "A.1", f"R{n}", "2010-01-01", "committee_member"),
            register.post(f"/v1/members/R{n}/departure", json={"left_on": "2015-01-01"}),
            take(register, "A", f"R{n}", "2010-01-01", "committee_member"),
            register.post(f"/v1/members/R{n}/corrections", json={"fact": 2, "effective_date": "2002-01-01"}),
        )
    ]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} <= {200, 201, 409, 422}
    seats_ = await pool.fetch("SELECT until_on FROM positions")
    assert {str(row["until_on"]) for row in seats_} <= {"2015-01-01"}


async def test_a_seat_is_kept_at_home_while_its_holder_stays_elsewhere_for_a_time(register):
    await taken(register, "A.1", "M1", "2010-01-01", "committee_member")
    stay = {"cell_code": "G", "effective_date": "2012-01-01"}
    assert (await register.post("/v1/members/M1/temporary-stay", json=stay)).status_code == 200
    assert await leaders(register, "A.1", "2013-01-01") == [("committee_member", "M1")]
    assert problem(await take(register, "G", "M1", "2013-01-01"), 422) == "holder-elsewhere"


async def test_a_seat_is_lost_by_who_is_received_elsewhere(register):
    held = await taken(register, "A.1", "M1", "2010-01-01")
    root = await taken(register, "K", "M1", "2010-01-01", "committee_member")
    asked = {"member_code": "M1", "destination_code": "G", "requested_on": "2012-01-02"}
    answer = await register.post("/v1/transfers", json=asked)
    assert answer.status_code == 201, answer.text
    transfer = answer.json()["id"]
    for step, body in (
        ("release", {"released_on": "2012-01-10"}),
        ("reception", {"received_on": "2012-02-01"}),
    ):
        answer = await register.post(f"/v1/transfers/{transfer}/{step}", json=body)
        assert answer.status_code == 200, answer.text
    items = (await register.get("/v1/members/M1/positions")).json()["items"]
    assert {item["id"]: (item["until_on"], item["end_reason"]) for item in items} == {
        held["id"]: ("2012-02-01", "transferred"), root["id"]: (None, None),
    }  # fmt: skip
