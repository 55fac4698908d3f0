"""Mergers, splits and upgrades over HTTP, on a real database: all of it or nothing, and everybody in one place."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from httpx import AsyncClient

from services.membership.app import SERVICE
from services.membership.paging import today
from tests.integration.served import served

UNITS = [
    ("K", None, "bloc", "1976-01-01"),
    ("A", "K", "grassroots_committee", "1990-01-01"),
    ("B", "K", "grassroots_committee", "1990-01-01"),
    ("A.1", "A", "subordinate_cell", "1996-01-01"),
    ("A.2", "A", "subordinate_cell", "1996-01-01"),
    ("B.1", "B", "subordinate_cell", "1996-01-01"),
    ("G", "K", "grassroots_cell", "1996-01-01"),
]
MEMBERS = {"A.1": ["M1", "M2"], "A.2": ["M3", "M4"], "B.1": ["M5"], "G": ["M6", "M7"]}
DAY = "2020-03-01"
DOCUMENT = {"number": "78-QĐ/ĐU", "date": "2020-02-24"}
HEAD = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)


@pytest.fixture
async def client(database_url) -> AsyncIterator[AsyncClient]:
    async with served(SERVICE, database_url) as (client, _):
        for code, above, type_, since in UNITS:
            unit = {
                "code": code, "parent_code": above, "type": type_, "name": f"Đơn vị {code}", "established_on": since,
            }  # fmt: skip
            assert (await client.post("/v1/organisations", json=unit)).status_code == 201
        await enter(client, {code: cell for cell, codes in MEMBERS.items() for code in codes})
        yield client


async def enter(client, cells: dict[str, str]) -> None:
    rows = (
        f"{code},{cell},Lê Thị Hoa,1980-05-01,female,Thái,,no,2005-03-01,2006-03-01,,\n"
        for code, cell in cells.items()
    )
    answer = await client.post("/v1/imports/members", content=(HEAD + "".join(rows)).encode())
    assert answer.status_code == 200, answer.text


async def post(client, path: str, headers=None, **body):
    return await client.post(
        f"/v1/organisations/{path}", json={"effective_date": DAY, **body}, headers=headers or {}
    )


async def done(client, path: str, **body) -> dict:
    answer = await post(client, path, **body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.text
    return answer.json()["type"].removeprefix("urn:chibo:problem:")


async def cells(pool, day: str) -> dict[str, str]:
    """In which cell each member counts on a day, by the register's own rows; nobody in two."""
    rows = await pool.fetch(
        "SELECT member.code, cell.code FROM member_states AS state JOIN members AS member ON member.id = member_id"
        " JOIN organisations AS cell ON cell.id = state.cell_id"
        " WHERE from_on <= $1::text::date AND (until_on IS NULL OR until_on > $1::text::date)",
        day,
    )
    found = {row[0]: row[1] for row in rows}
    assert len(found) == len(rows)
    return found


async def types(pool) -> list[str]:
    """The types of all events after the tree and the members, in the order of the log."""
    rows = await pool.fetch("SELECT type FROM event_log ORDER BY position OFFSET 21")
    return [row["type"].removeprefix("vn.chibo.membership.").removesuffix(".v1") for row in rows]


HOME = {code: cell for cell, codes in MEMBERS.items() for code in codes}


async def test_a_merger_of_a_day_to_come_is_recorded_with_a_warning(client):
    answer = await done(client, "A.1/merger", sources=["A.2"], effective_date=str(today() + timedelta(1)))
    assert [warning["code"] for warning in answer["warnings"]].count("in-the-future") == 1


async def test_a_merger_moves_members_ends_the_others_and_is_told_as_a_whole(client, pool):
    answer = await done(client, "A.1/merger", sources=["A.2", "B.1"], document=DOCUMENT)
    assert (answer["code"], answer["version"], answer["members_moved"]) == ("A.1", 1, 3)
    assert [(unit["code"], unit["dissolved_on"], unit["version"]) for unit in answer["units"]] == [
        ("A.2", DAY, 2), ("B.1", DAY, 2),
    ]  # fmt: skip
    assert await cells(pool, "2020-02-29") == HOME
    assert await cells(pool, DAY) == HOME | {"M3": "A.1", "M4": "A.1", "M5": "A.1"}
    assert await types(pool) == [
        "organisation-dissolved", "organisation-dissolved", "member-moved", "member-moved", "member-moved",
        "organisations-merged",
    ]  # fmt: skip
    assert [warning["code"] for warning in answer["warnings"]] == ["merged-by-superior"] * 3
    whole = await pool.fetchrow(
        "SELECT aggregate_id::text, payload ->> 'decision_date' AS decided FROM event_log ORDER BY position DESC"
    )
    assert tuple(whole) == (answer["reorganisation_id"], "2020-02-24")
    history = (await client.get("/v1/organisations/A.2/history")).json()["changes"][-1]
    assert (history["kind"], history["document"]) == ("dissolved", DOCUMENT)
    again = await post(client, "A.1/merger", sources=["A.2"])
    assert problem(again, 409) == "unit-in-the-way"


async def test_units_merge_into_a_new_one_and_committees_with_what_hangs_under_them(client, pool):
    new = {"name": "Đảng bộ Hợp nhất", "type": "grassroots_committee", "parent_code": "K"}
    answer = await done(client, "C/merger", sources=["A", "B"], establish=new)
    assert (answer["name"], answer["established_on"], answer["members_moved"]) == ("Đảng bộ Hợp nhất", DAY, 0)
    below = await client.get("/v1/organisations", params={"parent": "C", "as_of": DAY})
    assert [unit["code"] for unit in below.json()["items"]] == ["A.1", "A.2", "B.1"]
    listed = await client.get("/v1/organisations/C/members", params={"subtree": True, "as_of": DAY})
    assert len(listed.json()["items"]) == 5
    before = await client.get("/v1/organisations/A/members", params={"subtree": True, "as_of": "2020-02-29"})
    assert len(before.json()["items"]) == 4
    assert await cells(pool, DAY) == HOME
    assert problem(await post(client, "D/merger", sources=["A"]), 404) == "unknown-organisation"


async def test_a_split_founds_cells_for_the_members_named(client, pool):
    parts = [{"code": "A.3", "name": "Chi bộ Ba", "members": ["M1"]}]
    answer = await done(client, "A.1/split", parts=parts)
    assert (answer["dissolved_on"], [unit["code"] for unit in answer["units"]]) == (None, ["A.3"])
    assert await cells(pool, DAY) == HOME | {"M1": "A.3"}
    more = [{"code": "A.4", "name": "Chi bộ Bốn", "members": ["M3"]}, {"code": "A.5", "name": "Chi bộ Năm"}]
    refused = await post(client, "A.2/split", parts=more, goes_on=False)
    assert problem(refused, 422) == "not-placed"
    assert "M4" in refused.json()["detail"]
    more[1]["members"] = ["M4"]
    answer = await done(client, "A.2/split", parts=more, goes_on=False)
    assert answer["dissolved_on"] == DAY
    assert await cells(pool, DAY) == HOME | {"M1": "A.3", "M3": "A.4", "M4": "A.5"}
    assert (await types(pool))[-1] == "organisation-split"


async def test_a_cell_is_upgraded_with_cells_for_its_members_in_one_decision(client, pool):
    refused = await post(client, "G/upgrade")
    assert problem(refused, 422) == "members-in-upgraded-cell"
    new = [
        {"code": "G.1", "name": "Chi bộ Một", "members": ["M6"]},
        {"code": "G.2", "name": "Chi bộ Hai", "members": ["M7"]},
    ]
    answer = await done(client, "G/upgrade", cells=new, document=DOCUMENT)
    assert (answer["type"], answer["members_moved"]) == ("grassroots_committee", 2)
    assert answer["reorganisation_id"] is None
    assert await cells(pool, DAY) == HOME | {"M6": "G.1", "M7": "G.2"}
    assert await types(pool) == [
        "organisation-upgraded", "organisation-established", "organisation-established", "member-moved",
        "member-moved",
    ]  # fmt: skip


async def test_what_is_refused_leaves_no_trace_and_the_same_twice_is_done_once(client, pool):
    late = await client.post("/v1/members/M5/departure", json={"left_on": "2019-01-01"})
    assert late.status_code == 200
    count = await pool.fetchval("SELECT count(*) FROM event_log")
    parts = [{"code": "A.3", "name": "Chi bộ Ba", "members": ["M1", "M5"]}]
    for path, body, status, type_ in (
        ("A.1/merger", {"sources": []}, 422, "too-few-sources"),
        ("A.1/merger", {"sources": ["Q"]}, 422, "unknown-unit"),
        ("A.1/merger", {"sources": ["A"]}, 422, "merged-kinds-differ"),
        ("A.1/merger", {"sources": ["A.2"], "effective_date": "1996-01-01"}, 409, "unit-in-the-way"),
        ("Q/merger", {"sources": ["A.1"]}, 404, "unknown-organisation"),
        ("Q/split", {"parts": parts}, 404, "unknown-organisation"),
        ("A.1/split", {"parts": parts}, 422, "not-in-unit-that-day"),
        ("A.1/split", {"parts": [parts[0] | {"code": "A.2", "members": ["M1"]}]}, 409, "unit-code-taken"),
        ("A.1/split", {"parts": []}, 422, "too-few-parts"),
    ):
        assert problem(await post(client, path, **body), status) == type_
    assert await pool.fetchval("SELECT count(*) FROM event_log") == count
    sent = [post(client, "A.1/merger", headers={"Idempotency-Key": "m-1"}, sources=["A.2"]) for _ in range(3)]
    first, *others = await asyncio.gather(*sent)
    assert first.status_code == 200
    assert {(answer.status_code, answer.text, answer.headers["etag"]) for answer in others} == {
        (200, first.text, '"1"')
    }
    stale = await post(
        client, "A.1/split", headers={"If-Match": '"7"'}, parts=[parts[0] | {"members": ["M1"]}]
    )
    assert stale.status_code == 412


async def test_positions_in_a_merged_cell_end_with_it(client, pool):
    held = {
        "organisation_code": "A.2", "member_code": "M3", "position": "secretary", "from_on": "2019-01-01",
    }  # fmt: skip
    assert (await client.post("/v1/positions", json=held)).status_code == 201
    answer = await done(client, "A.1/merger", sources=["A.2"], document=DOCUMENT)
    assert "positions-ended" in [warning["code"] for warning in answer["warnings"]]
    rows = await pool.fetch("SELECT until_on::text, end_reason FROM positions")
    assert [tuple(row) for row in rows] == [(DAY, "unit_dissolved")]


async def test_some_hundred_members_move_in_one_transaction_late_facts_too(client, pool):
    some = {f"N{number:03}": "A.2" for number in range(400)}
    await enter(client, some)
    assert (
        await client.post("/v1/members/N001/departure", json={"left_on": "2020-06-01"})
    ).status_code == 200
    answer = await done(client, "A.1/merger", sources=["A.2"])
    assert answer["members_moved"] == 402
    assert set((await cells(pool, DAY)).values()) == {"A.1", "B.1", "G"}
    assert "N001" not in await cells(pool, "2020-06-01")
    restated = await pool.fetchval(
        "SELECT count(*) FROM event_log WHERE type LIKE '%member-history-restated%'"
    )
    assert restated == 1


@pytest.mark.parametrize("round_", range(4))
async def test_whatever_happens_at_once_everybody_is_in_one_place_and_nobody_waits_for_ever(
    client, pool, round_
):
    """Mergers both ways, departures, confirmations, admissions and an import of the same members and cells."""
    file = HEAD + "".join(
        f"{code},{HOME[code]},Lê Thị Hoa,1980-05-01,female,Thái,,no,2005-03-01,2006-03-01,2020-05-0{number},died\n"
        for number, code in enumerate(["M3", "M1"], 1)
    )
    admitted = {
        "cell_code": "A.2", "full_name": "Lò Thị Ánh", "birth_date": "1990-05-01", "gender": "female",
        "ethnicity": "Thái", "youth_union": False, "admitted_on": "2019-03-01",
    }  # fmt: skip
    calls = [
        post(client, "A.1/merger", sources=["A.2"]),
        post(client, "A.2/merger", sources=["A.1"]),
        post(client, "B.1/merger", sources=["A.1", "A.2"]),
        client.post("/v1/members/M3/departure", json={"left_on": "2020-04-01"}),
        client.post("/v1/members/M1/departure", json={"left_on": "2020-04-01"}),
        *(client.post("/v1/members", json=admitted | {"code": f"P{number}"}) for number in range(3)),
        client.post("/v1/imports/members", content=file.encode()),
        post(client, "A.1/rename", name="Chi bộ Mới"),
        post(client, "A.2/reparent", parent_code="B"),
        post(client, "A/merger", sources=["B"]),
    ]
    order = calls[round_:] + calls[:round_]
    statuses = [answer.status_code for answer in await asyncio.gather(*order)]
    assert set(statuses) <= {200, 201, 409, 422}, statuses
    ended = {
        row["code"]
        for row in await pool.fetch("SELECT code FROM organisations WHERE dissolved_on IS NOT NULL")
    }
    for day in ("2020-02-29", DAY, "2020-04-01", "2021-01-01"):
        where = await cells(pool, day)
        if day >= DAY:
            # Who is admitted late to a cell that has ended goes on counting there, as anywhere.
            assert not ended & {cell for code, cell in where.items() if code in HOME}
    rows = await pool.fetch(
        "SELECT aggregate_id, array_agg(aggregate_version ORDER BY position) AS versions FROM event_log GROUP BY 1"
    )
    for row in rows:
        assert row["versions"] == list(range(1, len(row["versions"]) + 1))
