"""The card of a unit on a real database: the tree of the day, and its members by standing."""

import pytest

from tests.integration.served import problem
from tests.integration.test_membership_search import CELLS, HEADER, UNITS, bring

OFFICIAL = {"K.1.1": 4, "K.1.2": 2, "K.2": 9}
PROBATIONARY = {"K.1.1": 1, "K.1.2": 0, "K.2": 3}


@pytest.fixture
async def register(client):
    await bring(client, "organisations", UNITS)
    rows = [
        f"{cell}-{n},{cell},Trần Thị Ẩn,1970-05-01,female,Kinh,,no,2000-01-01,"
        f"{'2001-01-01' if n < OFFICIAL[cell] else ''},,\n"
        for cell in CELLS
        for n in range(OFFICIAL[cell] + PROBATIONARY[cell])
    ]
    await bring(client, "members", HEADER + "".join(rows))
    return client


async def card(client, code: str, **query):
    answer = await client.get(f"/v1/organisations/{code}/card", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def strengths(card) -> dict[str, tuple[int, int]]:
    return {
        child["code"]: (child["members"]["official"], child["members"]["probationary"])
        for child in card["children"]
    }


async def test_a_committee_has_its_place_its_cells_and_all_their_members(register):
    found = await card(register, "K.1")
    assert found["unit"] == (await register.get("/v1/organisations/K.1")).json()
    assert (found["exists"], found["path"]) == (
        True,
        [{"code": "K", "name": "Đảng bộ Khối", "type": "bloc"}],
    )
    assert found["members"] == {"total": 7, "official": 6, "probationary": 1}
    assert strengths(found) == {"K.1.1": (4, 1), "K.1.2": (2, 0)}
    assert [[warning["rule"] for warning in child["warnings"]] for child in found["children"]] == [
        [],
        ["cell-too-small"],
    ]
    (warning,) = found["warnings"]
    assert (warning["rule"], warning["threshold"]) == ("committee-too-small", 30)
    assert "7 đảng viên" in warning["message"]
    assert "Điều lệ Đảng" in warning["source"]


async def test_a_root_has_nothing_above_and_a_cell_nothing_below(register):
    root = await card(register, "K")
    assert (root["path"], root["warnings"]) == ([], [])
    assert strengths(root) == {"K.1": (6, 1), "K.2": (9, 3)}
    cell = await card(register, "K.1.2")
    assert [unit["code"] for unit in cell["path"]] == ["K", "K.1"]
    assert (cell["children"], cell["members"]["total"]) == ([], 2)
    assert [warning["rule"] for warning in (await card(register, "K.2"))["warnings"]] == ["cell-committee"]


async def test_everything_is_of_the_day(register):
    await register.post("/v1/members/K.2-0/departure", json={"left_on": "2010-01-01"})
    days = {
        day: (await card(register, "K.2", as_of=day)) for day in ("2000-06-01", "2009-12-31", "2010-01-01")
    }
    assert [tuple(found["members"].values()) for found in days.values()] == [
        (12, 0, 12),
        (12, 9, 3),
        (11, 8, 3),
    ]
    assert [[one["rule"] for one in found["warnings"]] for found in days.values()] == [
        ["cell-too-small"],
        ["cell-committee"],
        [],
    ]
    assert [found["as_of"] for found in days.values()] == list(days)


async def test_the_tree_is_that_of_the_day(register):
    await bring(
        register,
        "organisations",
        "code,parent_code,type,name,established_on,dissolved_on\n"
        "K.3,K,grassroots_committee,Đảng bộ Sở Mới,1990-01-01,\n",
    )
    for path, body in (
        ("rename", {"name": "Chi bộ Đổi tên", "effective_date": "2015-01-01"}),
        ("reparent", {"parent_code": "K.3", "effective_date": "2015-01-01"}),
    ):
        answer = await register.post(f"/v1/organisations/K.1.1/{path}", json=body)
        assert answer.status_code == 200, answer.text
    before, after = [await card(register, "K.1.1", as_of=day) for day in ("2014-12-31", "2015-01-01")]
    assert [unit["code"] for unit in before["path"]] == ["K", "K.1"]
    assert [unit["code"] for unit in after["path"]] == ["K", "K.3"]
    assert (before["unit"]["name"], after["unit"]["name"]) == ("Chi bộ Một", "Chi bộ Đổi tên")
    assert list(strengths(await card(register, "K.1", as_of="2014-12-31"))) == ["K.1.1", "K.1.2"]
    moved = await card(register, "K.3", as_of="2015-01-01")
    assert [child["name"] for child in moved["children"]] == ["Chi bộ Đổi tên"]
    assert (moved["members"]["total"], (await card(register, "K.1"))["members"]["total"]) == (5, 2)
    # And a search in the unit looks in the cells of the day.
    for day, unit in (("2014-12-31", "K.1"), ("2015-01-01", "K.3")):
        for asked in ("K.1", "K.3"):
            query = {"q": "k.1.1-0", "unit": asked, "as_of": day}
            items = (await register.get("/v1/members", params=query)).json()["items"]
            assert bool(items) is (asked == unit)


async def test_a_dissolved_unit_is_shown_while_members_count_in_it_and_no_rule_speaks_of_it(register):
    for cell in ("K.1.1", "K.1.2"):
        await register.post(f"/v1/organisations/{cell}/dissolution", json={"dissolved_on": "2020-01-01"})
    for n in range(2):
        await register.post(f"/v1/members/K.1.2-{n}/departure", json={"left_on": "2020-01-01"})
    assert strengths(await card(register, "K.1", as_of="2019-12-31")) == {"K.1.1": (4, 1), "K.1.2": (2, 0)}
    assert strengths(await card(register, "K.1", as_of="2020-01-01")) == {"K.1.1": (4, 1)}
    gone = await card(register, "K.1.2", as_of="2020-01-01")
    assert (gone["exists"], gone["members"]["total"], gone["warnings"]) == (False, 0, [])
    not_yet = await card(register, "K.1.2", as_of="1995-12-31")
    assert (not_yet["exists"], not_yet["warnings"]) == (False, [])


async def test_a_card_names_nobody_so_no_read_is_noted(register, pool):
    text = str(await card(register, "K"))
    assert not any(word in text for word in ("Ẩn", "1970", "K.2-0"))
    assert await pool.fetchval("SELECT count(*) FROM personal_data_reads") == 0


async def test_a_card_of_no_unit_and_of_no_day(register):
    assert problem(await register.get("/v1/organisations/Q/card"), 404) == "unknown-organisation"
    assert problem(await register.get("/v1/organisations/%00/card"), 404) == "unknown-organisation"
    assert problem(await register.get("/v1/organisations//card"), 404) == "unknown-organisation"
    assert problem(await register.get("/v1/organisations/K/card?as_of=2020-02-30"), 422) == "invalid-request"
