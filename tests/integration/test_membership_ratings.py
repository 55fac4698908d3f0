"""Ratings and awards over HTTP on a real database: whole lists under the cap, corrections, what was known, awards."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from httpx import AsyncClient

from services.membership.app import SERVICE
from tests.integration.served import served


@pytest.fixture
async def client(database_url) -> AsyncIterator[AsyncClient]:
    async with served(SERVICE, database_url) as (client, _):
        await register(client)
        yield client


UNITS = """code,parent_code,type,name,established_on,dissolved_on
K,,bloc,Đảng bộ Khối,1976-01-01,
K.1,K,grassroots_committee,Đảng bộ Sở Y tế,1980-01-01,
K.1.1,K.1,subordinate_cell,Chi bộ Một,1980-01-01,
K.1.2,K.1,subordinate_cell,Chi bộ Hai,1980-01-01,
K.2,K,grassroots_cell,Chi bộ Văn phòng,1980-01-01,
K.3,K,grassroots_cell,Chi bộ mới,2020-08-01,
"""
HEADER = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason"
)
NAMES = ["Lê Ánh", "Trần An", "Đỗ Bình", "Hà Cam", "Vũ Dũng", "Ngô Giang"]


async def register(client: AsyncClient) -> None:
    """Six members in K.1.1 (A0 to A5), six in K.1.2 (B0 to B5), two in K.2 (C0, C1), one of whom left in 2020."""
    rows = [
        f"{letter}{n},{cell},{NAMES[n]},1960-05-01,female,Thái,,no,2000-01-01,2001-01-01,{left},"
        f"{'died' if left else ''}"
        for letter, cell, count in (("A", "K.1.1", 6), ("B", "K.1.2", 6), ("C", "K.2", 2))
        for n in range(count)
        for left in ["2020-06-01" if (letter, n) == ("C", 1) else ""]
    ]
    for path, text in (("organisations", UNITS), ("members", "\n".join([HEADER, *rows]) + "\n")):
        answer = await client.post(
            f"/v1/imports/{path}", content=text.encode(), headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code == 200, answer.text


def lines(letter: str, grades: str) -> list[dict[str, Any]]:
    """Lines for letter0, letter1, …: e, g, c, n for the grades, - for somebody exempt."""
    grade = {"e": "excellent", "g": "good", "c": "completed", "n": "not_completed"}
    return [
        {"code": f"{letter}{n}", **({"not_rated": "exempt"} if one == "-" else {"grade": grade[one]})}
        for n, one in enumerate(grades)
    ]


async def rate(client: AsyncClient, unit: str, ratings: list[dict[str, Any]], **rest: Any):
    headers = rest.pop("headers", {})
    body = {"year": 2020, "ratings": ratings, **rest}
    return await client.post(f"/v1/organisations/{unit}/ratings", json=body, headers=headers)


async def correct(client: AsyncClient, unit: str, headers=None, **body: Any):
    return await client.post(
        f"/v1/organisations/{unit}/rating-corrections", json={"year": 2020, **body}, headers=headers or {}
    )


async def rated(client: AsyncClient, unit: str, **parameters: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/organisations/{unit}/ratings", params={"year": 2020, **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["type"].removeprefix("urn:chibo:problem:")


DECISION = {"decision_date": "2020-12-22", "document": {"number": "112-QĐ/ĐU", "date": "2020-12-22"}}


async def test_a_list_is_one_command_one_event_and_read_by_name(client, pool):
    answer = await rate(client, "K.1.1", lines("A", "eggggg"), **DECISION)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert body["rule"]["title"] == "Hướng dẫn 21-HD/BTCTW (18/10/2019)"
    assert body["caps"] == [
        {"type": None, "excellent": 1, "allowed": 1, "percent": 20, "base": "good", "counted": 5,
         "provisional": False}
    ]  # fmt: skip
    assert body["warnings"] == []
    events = await pool.fetch(
        "SELECT type, aggregate_version FROM event_log WHERE aggregate_id = $1", body["id"]
    )
    assert [tuple(row) for row in events] == [("vn.chibo.membership.members-rated.v1", 1)]
    found = await rated(client, "K.1.1")
    assert [(one["name"], one["grade"]) for one in found["items"]] == [
        ("Trần An", "good"), ("Lê Ánh", "excellent"), ("Đỗ Bình", "good"), ("Hà Cam", "good"), ("Vũ Dũng", "good"),
        ("Ngô Giang", "good"),
    ]  # fmt: skip
    assert found["counts"] == {"excellent": 1, "good": 5, "completed": 0, "not_completed": 0, "not_rated": 0}
    first = found["items"][1]
    assert (first["number"], first["list"], first["unit"], first["decision_date"], first["document"]) == (
        1, "K.1.1", "K.1.1", "2020-12-22", {"number": "112-QĐ/ĐU", "date": "2020-12-22"},
    )  # fmt: skip
    pages = []
    cursor: dict[str, str] = {}
    while True:
        page = await rated(client, "K.1.1", limit=4, **cursor)
        pages += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert pages == found["items"]


async def test_nothing_of_a_person_is_in_an_event(client, pool):
    await rate(client, "K.1.1", lines("A", "gggggg"))
    payload = await pool.fetchval("SELECT payload::text FROM event_log WHERE type LIKE '%members-rated%'")
    assert not any(name in payload for name in [*NAMES, "A0", "Thái"])


async def test_more_excellent_ones_than_the_rule_allows_are_refused_and_nothing_is_written(client, pool):
    answer = await rate(client, "K.1.1", lines("A", "eegggg"))
    assert problem(answer, 422) == "members-over-cap"
    assert "nhiều nhất 0" in answer.json()["detail"]
    assert "21-HD/BTCTW (18/10/2019)" in answer.json()["detail"]
    assert await pool.fetchval("SELECT count(*) FROM ratings") == 0


async def test_the_cap_counts_over_the_grassroots_organisation(client):
    """Two of twelve are too many of four good ones, and fit once the other cell has five more."""
    ours, theirs = lines("A", "eegggg"), lines("B", "gggggg")
    assert problem(await rate(client, "K.1.1", ours), 422) == "members-over-cap"
    assert (await rate(client, "K.1.2", theirs)).status_code == 201
    answer = await rate(client, "K.1.1", ours)
    assert answer.status_code == 201
    assert (answer.json()["caps"][0]["counted"], answer.json()["caps"][0]["allowed"]) == (10, 2)


async def test_a_grassroots_committee_records_the_members_of_all_its_cells_at_once(client):
    both = lines("A", "eegggg") + lines("B", "gggggg")
    answer = await rate(client, "K.1", both, of="members")
    assert answer.status_code == 201, answer.text
    assert answer.json()["warnings"] == []
    found = await rated(client, "K.1.2")
    assert {(one["code"], one["list"], one["unit"]) for one in found["items"]} == {
        (f"B{n}", "K.1", "K.1.2") for n in range(6)
    }
    assert len((await rated(client, "K.1", of="members"))["items"]) == 12
    again = await rate(client, "K.1.2", lines("B", "gggggg"))
    assert problem(again, 409) == "already-rated"


async def waiting(pool, many: int) -> None:
    """Wait until so many sessions of the test's database wait for a lock."""
    held = "datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(60):
        while await pool.fetchval(f"SELECT count(*) FROM pg_stat_activity WHERE {held}") < many:
            await asyncio.sleep(0.005)


async def test_two_lists_of_one_organisation_at_once_are_judged_one_after_the_other(client, pool):
    """Each fits beside what is written; together they are over the cap, so that the second is refused.

    Nothing can be written until both have come as far as they can: they would both pass if neither waited.
    """
    assert (await rate(client, "K.1", lines("B", "ggggg"), of="members")).status_code == 201
    async with pool.acquire() as other, other.transaction():
        await other.execute("LOCK TABLE ratings IN EXCLUSIVE MODE")
        both = [
            asyncio.create_task(rate(client, unit, [{"code": code, "grade": "excellent"}]))
            for unit, code in (("K.1.1", "A0"), ("K.1.2", "B5"))
        ]
        await waiting(pool, 2)
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert {answer.json().get("type") for answer in answers} == {None, "urn:chibo:problem:members-over-cap"}


async def test_who_is_on_a_list_is_who_counts_there_on_the_last_day_of_the_year(client):
    """C1 left in June 2020: rated for 2019, not for 2020."""
    assert problem(await rate(client, "K.2", lines("C", "gg")), 422) == "member-not-rated-here"
    assert (await rate(client, "K.2", lines("C", "gg"), year=2019)).status_code == 201
    answer = await rate(client, "K.2", lines("C", "g"))
    assert answer.json()["warnings"] == []
    assert problem(await rate(client, "K.2", lines("A", "g"), year=2018), 422) == "member-not-rated-here"


async def test_whom_the_list_forgot_is_warned_of_and_stated_late(client):
    answer = await rate(client, "K.1.1", lines("A", "ggggg"))
    (warning,) = answer.json()["warnings"]
    assert (warning["code"], "A5" in warning["message"]) == ("ratings-missing", True)
    late = await correct(client, "K.1.1", code="A5", grade="completed")
    assert late.status_code == 200, late.text
    assert late.headers["etag"] == '"2"'
    assert problem(await correct(client, "K.1.1", code="A5", grade="good"), 409) == "already-rated"


async def test_units_under_a_committee_are_rated_among_those_of_their_type(client, pool):
    ratings = [
        {"code": "K.1", "grade": "good"},
        {"code": "K.2", "grade": "excellent"},
        {"code": "K.3", "not_rated": "newly_formed"},
    ]
    assert problem(await rate(client, "K", ratings), 422) == "units-over-cap"
    ratings[1]["grade"] = "good"
    answer = await rate(client, "K", ratings, **DECISION)
    assert answer.status_code == 201, answer.text
    assert [cap["type"] for cap in answer.json()["caps"]] == ["grassroots_cell", "grassroots_committee"]
    found = await rated(client, "K")
    assert [(one["code"], one["grade"], one["not_rated"], one["unit"]) for one in found["items"]] == [
        ("K.1", "good", None, "K"), ("K.2", "good", None, "K"), ("K.3", None, "newly_formed", "K"),
    ]  # fmt: skip
    (entry,) = (await client.get("/v1/organisations/K.3/rating-history")).json()["entries"]
    assert (entry["year"], entry["not_rated"], entry["status"]) == (2020, "newly_formed", "stands")
    # A unit's grades are nobody's personal data.
    assert await pool.fetchval("SELECT count(*) FROM personal_data_reads") == 0


async def test_a_unit_rates_those_that_it_has(client):
    for unit, of in (("K.2", "organisations"), ("K", "members")):
        assert problem(await rate(client, unit, lines("C", "g"), of=of), 422) == "nobody-to-rate"
    assert problem(await rate(client, "K", lines("C", "g")), 422) == "unit-not-rated-here"
    assert problem(await rate(client, "Q", lines("C", "g")), 404) == "unknown-organisation"


async def test_a_list_is_recorded_once(client, pool):
    key = {"Idempotency-Key": "once"}
    first = await rate(client, "K.2", lines("C", "g"), headers=key)
    again = await rate(client, "K.2", lines("C", "g"), headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert problem(await rate(client, "K.2", lines("C", "g")), 409) == "list-recorded"
    assert await pool.fetchval("SELECT count(*) FROM ratings") == 1


async def test_a_correction_names_what_it_corrects_and_what_was_known_stays(client):
    await rate(client, "K.1.1", lines("A", "eggggg"), **DECISION)
    known_first = (await rated(client, "K.1.1"))["items"][0]["recorded_at"]
    answer = await correct(
        client,
        "K.1.1",
        {"If-Match": '"1"'},
        code="A0",
        corrects=1,
        grade="completed",
        decision_date="2021-01-15",
    )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.headers["etag"]) == (2, '"2"')
    now, then = await rated(client, "K.1.1"), await rated(client, "K.1.1", known_at=known_first)
    assert (now["counts"]["excellent"], now["counts"]["completed"]) == (0, 1)
    assert (then["counts"]["excellent"], then["counts"]["completed"]) == (1, 0)
    entries = (await client.get("/v1/members/A0/ratings")).json()["entries"]
    assert [(one["number"], one["grade"], one["status"], one["replaced_by"], one["corrects"]) for one in entries] == [
        (1, "excellent", "replaced", 2, None), (2, "completed", "stands", None, 1),
    ]  # fmt: skip
    before = (await client.get("/v1/members/A0/ratings", params={"known_at": known_first})).json()["entries"]
    assert [(one["number"], one["status"], one["replaced_by"]) for one in before] == [(1, "stands", None)]


async def test_a_rating_that_was_withdrawn_is_stated_anew(client):
    await rate(client, "K.2", lines("C", "g"))
    assert (await correct(client, "K.2", code="C0", corrects=1, withdraw=True)).status_code == 200
    assert (await rated(client, "K.2"))["items"] == []
    assert (
        problem(await correct(client, "K.2", code="C0", corrects=1, grade="good"), 409) == "rating-withdrawn"
    )
    assert (await correct(client, "K.2", code="C0", grade="completed")).status_code == 200
    entries = (await client.get("/v1/members/C0/ratings")).json()["entries"]
    assert [(one["number"], one["status"], one["replaced_by"]) for one in entries] == [
        (1, "withdrawn", 2), (3, "stands", None),
    ]  # fmt: skip


async def test_a_correction_that_does_not_fit_is_refused(client):
    assert problem(await correct(client, "K.2", code="C0", corrects=1, grade="good"), 422) == "no-list"
    await rate(client, "K.1.1", lines("A", "eggggg"))
    for body, status, type_ in [
        ({"code": "A1", "corrects": 1, "grade": "excellent"}, 422, "members-over-cap"),
        ({"code": "A1", "corrects": 7, "grade": "completed"}, 422, "unknown-rating"),
        ({"code": "A1", "corrects": 1, "grade": "good"}, 422, "same-rating"),
        ({"code": "A1", "corrects": 1, "withdraw": True, "grade": "good"}, 422, "invalid-request"),
        ({"code": "A1", "corrects": 1}, 422, "grade-or-reason"),
        ({"code": "B1", "grade": "good"}, 422, "member-not-rated-here"),
    ]:
        assert problem(await correct(client, "K.1.1", **body), status) == type_, body
    stale = await correct(client, "K.1.1", {"If-Match": '"7"'}, code="A0", corrects=1, grade="good")
    assert problem(stale, 412) == "precondition-failed"
    # Two at once: the second waits, and finds that the rating was corrected.
    pair = [correct(client, "K.1.1", code="A0", corrects=1, grade=grade) for grade in ("good", "completed")]
    answers = await asyncio.gather(*pair)
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def grades(client: AsyncClient, **parameters: Any) -> dict[str, str]:
    return {one["code"]: one["grade"] for one in (await rated(client, "K.1.1", **parameters))["items"]}


@pytest.mark.parametrize("seed", range(3))
async def test_the_log_tells_what_stands_and_every_past_can_still_be_asked(client, pool, seed):
    """Lines are corrected, withdrawn and stated late at random; some commands are refused, and leave nothing."""
    chance = random.Random(seed)
    answer = await rate(client, "K.1.1", lines("A", "gggggg"))
    expected = dict.fromkeys([f"A{n}" for n in range(6)], "good")
    number = dict.fromkeys(expected, 1)
    pasts, done = [], 0
    for _ in range(20):
        code = f"A{chance.randrange(6)}"
        body: dict[str, Any] = {"code": code}
        if code in number:
            body["corrects"] = number[code]
        if code in number and chance.random() < 0.3:
            body["withdraw"] = True
        else:
            body["grade"] = chance.choice(["excellent", "good", "completed"])
        pasts.append((await pool.fetchval("SELECT clock_timestamp()"), dict(expected)))
        corrected = await correct(client, "K.1.1", **body)
        if corrected.status_code != 200:
            assert problem(corrected, 422) in {"members-over-cap", "same-rating"}
            continue
        done += 1
        number.pop(code, None)
        expected.pop(code, None)
        if "grade" in body:
            number[code], expected[code] = corrected.json()["version"], body["grade"]
    assert done > 5
    assert await grades(client) == expected
    for at, then in pasts:
        assert await grades(client, known_at=at.isoformat()) == then
    rows = await pool.fetch(
        "SELECT type, payload FROM event_log WHERE aggregate_id = $1 ORDER BY aggregate_version",
        answer.json()["id"],
    )
    told: dict[str, str] = {}
    for row in rows:
        event = json.loads(row["payload"])
        if row["type"].endswith("members-rated.v1"):
            told = {one["member_id"]: one["after"]["grade"] for one in event["ratings"]}
            continue
        before = event["before"] and event["before"]["grade"]
        assert told.get(event["member_id"]) == before
        told.pop(event["member_id"], None)
        if event["after"]:
            told[event["member_id"]] = event["after"]["grade"]
    codes = {str(row["id"]): row["code"] for row in await pool.fetch("SELECT id, code FROM members")}
    assert {codes[who]: grade for who, grade in told.items()} == expected
    assert len(rows) == done + 1


async def test_who_moved_is_rated_in_the_cell_of_the_last_day(client, pool):
    """A5 belongs to K.1.2 from July on: rated there for 2020, and in the old cell for 2019."""
    await pool.execute(
        "INSERT INTO member_states SELECT (jsonb_populate_record(state, jsonb_build_object("
        "    'from_on', '2020-07-01', 'cell_id', (SELECT id FROM organisations WHERE code = 'K.1.2')))).*"
        " FROM member_states AS state JOIN members ON id = member_id WHERE code = 'A5' AND until_on IS NULL"
    )
    await pool.execute(
        "UPDATE member_states SET until_on = '2020-07-01' FROM members"
        " WHERE id = member_id AND code = 'A5' AND until_on IS NULL AND from_on < '2020-07-01'"
    )
    assert problem(await rate(client, "K.1.1", lines("A", "gggggg")), 422) == "member-not-rated-here"
    ours = [*lines("B", "gggggg"), {"code": "A5", "grade": "good"}]
    assert (await rate(client, "K.1.2", ours)).json()["warnings"] == []
    assert (await rate(client, "K.1.1", lines("A", "gggggg"), year=2019)).json()["warnings"] == []
    entries = (await client.get("/v1/members/A5/ratings")).json()["entries"]
    assert [(one["year"], one["unit"]) for one in entries] == [(2019, "K.1.1"), (2020, "K.1.2")]


async def test_who_is_exempt_on_the_last_day_is_not_to_be_rated(client, pool):
    await pool.execute(
        "INSERT INTO member_spells (member_id, fact, kind, from_on) SELECT id, 3, 'exemption', '2020-03-01'"
        " FROM members WHERE code = 'A0'"
    )
    for year, expected in ((2020, ["set-aside-rated"]), (2019, [])):
        answer = await rate(client, "K.1.1", lines("A", "gggggg"), year=year)
        assert [one["code"] for one in answer.json()["warnings"]] == expected


async def test_a_proposed_grade_stands_beside_the_decided_one(client):
    tasks = {"assigned": 10, "done": 10, "exceeded": 3}
    line = {"code": "C0", "grade": "good", "points": {"common": 28.5, "results": "61.75", "tasks": tasks}}
    answer = await rate(client, "K.2", [line], year=2025)
    assert answer.status_code == 201, answer.text
    (found,) = (await rated(client, "K.2", year=2025))["items"]
    assert (found["grade"], found["proposed"]) == ("good", "excellent")
    assert found["points"] == {
        "common": 28.5, "results": 61.75, "total": 90.25, "tasks": tasks | {"late": 0, "disciplined": False},
    }  # fmt: skip
    assert problem(await rate(client, "K.2", [line], year=2024), 422) == "no-points-in-rule"


async def test_who_reads_ratings_of_people_is_noted(client, pool):
    await rate(client, "K.1.1", lines("A", "gggggg"))
    reader = {"X-Chibo-Actor": "van-phong"}
    await client.get(
        "/v1/organisations/K.1/ratings", params={"year": 2020, "of": "members", "limit": 4}, headers=reader
    )
    await client.get("/v1/members/A1/ratings", headers=reader)
    await client.get("/v1/members/A1/awards", headers=reader)
    rows = await pool.fetch("SELECT actor, resource, count FROM personal_data_reads ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("van-phong", "organisations/K.1/ratings?year=2020", 4),
        ("van-phong", "members/A1/ratings", 1),
        ("van-phong", "members/A1/awards", 1),
    ]


# Awards


def flag(**rest: Any) -> dict[str, Any]:
    return {
        "kind": "five_year_flag", "level": "province", "title": "Cờ 5 năm", "awarded_on": "2020-02-03", **rest,
    }  # fmt: skip


async def award(client: AsyncClient, path: str, body: dict[str, Any]):
    return await client.post(f"/v1/{path}/awards", json=body)


async def excellent_in(client: AsyncClient, unit: str, years: range) -> None:
    """Rate a unit excellent in years without a rule, and so without a cap."""
    for year in years:
        answer = await rate(client, "K", [{"code": unit, "grade": "excellent"}], year=year)
        assert answer.status_code == 201, answer.text


async def eligible(client: AsyncClient, year: int, **parameters: Any) -> list[tuple[str, str | None]]:
    answer = await client.get("/v1/lists/flag-eligible", params={"year": year, **parameters})
    assert answer.status_code == 200, answer.text
    return [(one["code"], one["flag_on"]) for one in answer.json()["items"]]


async def test_five_years_in_a_row_make_a_unit_eligible_for_the_flag(client):
    await excellent_in(client, "K.1", range(2014, 2019))
    assert await eligible(client, 2018) == [("K.1", None)]
    assert await eligible(client, 2018, unit="K.1") == [("K.1", None)]
    assert await eligible(client, 2018, unit="K.2") == []
    assert await eligible(client, 2017) == await eligible(client, 2019) == []
    answer = await award(client, "organisations/K.1", flag(awarded_on="2019-02-03"))
    assert (answer.status_code, answer.json()["warnings"], answer.json()["last_year"]) == (201, [], 2018)
    assert await eligible(client, 2018) == [("K.1", "2019-02-03")]
    # A year that turns out otherwise ends it: the list is of what is known now.
    await client.post(
        "/v1/organisations/K/rating-corrections",
        json={"year": 2016, "code": "K.1", "corrects": 1, "grade": "good"},
    )
    assert await eligible(client, 2018) == []


async def test_a_flag_that_the_ratings_do_not_call_for_is_recorded_with_the_years_that_miss(client):
    await excellent_in(client, "K.1", range(2016, 2019))
    answer = await award(client, "organisations/K.1", flag())
    assert answer.status_code == 201, answer.text
    (warning,) = answer.json()["warnings"]
    assert warning["code"] == "flag-years-missing"
    assert "2015, 2019" in warning["message"]


async def test_awards_of_units_and_members_are_listed_and_withdrawn(client, pool):
    body = flag(kind="commendation", level="bloc", title="Giấy khen", decision_date="2020-01-20")
    first = await award(client, "organisations/K.1", body)
    assert problem(await award(client, "organisations/K.1", body), 409) == "already-awarded"
    assert (await award(client, "members/A0", body)).status_code == 201
    assert problem(await award(client, "members/A0", flag()), 422) == "flag-of-units"
    at = (await pool.fetchval("SELECT max(recorded_at) FROM awards")).isoformat()
    path = f"/v1/awards/{first.json()['id']}/withdrawal"
    assert (
        problem(await client.post(path, json={}, headers={"If-Match": '"2"'}), 412) == "precondition-failed"
    )
    gone = await client.post(path, json={"decision_date": "2020-03-02"}, headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.json()["withdrawn"]) == (200, True)
    assert problem(await client.post(path, json={}), 409) == "award-withdrawn"
    unknown = "/v1/awards/7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10/withdrawal"
    assert problem(await client.post(unknown, json={}), 404) == "unknown-award"
    (now,) = (await client.get("/v1/organisations/K.1/awards")).json()["awards"]
    (then,) = (await client.get("/v1/organisations/K.1/awards", params={"known_at": at})).json()["awards"]
    assert (now["title"], now["withdrawn"], then["withdrawn"]) == ("Giấy khen", True, False)
    (theirs,) = (await client.get("/v1/members/A0/awards")).json()["awards"]
    assert theirs["decision_date"] == "2020-01-20"
    assert await pool.fetchval("SELECT count(*) FROM event_log WHERE type LIKE '%award%'") == 3
    payload = await pool.fetchval("SELECT payload::text FROM event_log WHERE type LIKE '%member-awarded%'")
    assert "Giấy khen" not in payload


async def test_an_award_to_a_member_says_where_they_counted_that_day_and_is_withdrawn_there(client, pool):
    there = await pool.fetchval("SELECT cell_id FROM members WHERE code = 'A0'")
    body = flag(kind="commendation", level="bloc", title="Giấy khen")
    given = await award(client, "members/A0", body)
    await award(client, "members/A0", body | {"awarded_on": "1901-02-03"})
    await client.post(f"/v1/awards/{given.json()['id']}/withdrawal", json={})
    told = await pool.fetch(
        "SELECT payload ->> 'cell_id' FROM event_log WHERE type LIKE '%award%' ORDER BY position"
    )
    assert [cell for (cell,) in told] == [str(there), None, str(there)]


async def test_codes_with_letters_and_strokes_are_found(client):
    answer = await client.get(f"/v1/members/{quote('A/0')}/ratings")
    assert problem(answer, 404) == "unknown-member"
