"""The office's lists over HTTP on a real database: what is due on a day, in the order of Vietnamese names."""

from collections.abc import Sequence
from typing import Any

import pytest
from httpx import AsyncClient

from tests.integration.served import problem

UNITS = """code,parent_code,type,name,established_on,dissolved_on
K,,bloc,Đảng bộ Khối,1976-01-01,
K.1,K,grassroots_committee,Đảng bộ Sở Y tế,1980-01-01,
K.1.1,K.1,subordinate_cell,Chi bộ Một,1980-01-01,
K.1.2,K.1,subordinate_cell,Chi bộ Hai,1980-01-01,
K.2,K,grassroots_cell,Chi bộ Văn phòng,1980-01-01,
"""
MEMBERS = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason"
)


async def register(client: AsyncClient, members: Sequence[tuple[Any, ...]], units: str = UNITS) -> None:
    """Import units and members: code, cell, name, admitted on, official on, left on."""
    rows = [
        f"{code},{cell},{name},1960-05-01,female,Thái,,no,{admitted},{official},{left},{'died' if left else ''}"
        for code, cell, name, admitted, official, left in members
    ]
    for path, text in (("organisations", units), ("members", "\n".join([MEMBERS, *rows]) + "\n")):
        answer = await client.post(
            f"/v1/imports/{path}", content=text.encode(), headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["errors"] == []


async def listed(client: AsyncClient, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """Return the items of all pages of a list."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get(f"/v1/lists/{name}", params=parameters | cursor)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        if answer.json()["next"] is None:
            return items
        assert len(answer.json()["items"]) == parameters.get("limit", 100)
        cursor = {"cursor": answer.json()["next"]}


async def codes(client: AsyncClient, name: str, **parameters: Any) -> list[str]:
    return [item["code"] for item in await listed(client, name, **parameters)]


# Probation. Review deadlines: 2019-03-03 → 2020-04-15; 2019-06-01 → 2020-07-13.

PROBATIONERS = [
    ("D1", "K.1.1", "Lê Thị Ánh", "2019-03-03", "", ""),
    ("D2", "K.1.2", "Trần Văn An", "2019-06-01", "", ""),
    ("D3", "K.2", "Đặng Thị Ẩn", "2019-09-01", "", ""),
    ("C1", "K.1.1", "Đỗ Văn Bình", "2019-03-03", "2020-03-03", ""),
    ("L1", "K.1.1", "Đỗ Văn Cam", "2019-03-03", "", "2020-03-10"),
]


async def test_a_confirmation_is_due_from_eight_weeks_before_to_thirty_working_days_after(client):
    await register(client, PROBATIONERS)
    for day, expected in [
        ("2020-01-06", []),
        ("2020-01-07", ["D1", "C1", "L1"]),  # eight weeks before 2020-03-03
        ("2020-03-02", ["D1", "C1", "L1"]),
        ("2020-03-03", ["D1", "L1"]),  # the day of confirmation is one as an official member
        ("2020-03-10", ["D1"]),  # the day of leaving no longer counts
        ("2020-04-15", ["D2", "D1"]),
        ("2020-04-16", ["D2"]),
        ("2020-07-13", ["D2", "D3"]),
    ]:
        assert await codes(client, "probation-due", as_of=day) == expected, day


async def test_a_confirmation_says_what_is_due_when_and_by_which_rule(client):
    await register(client, PROBATIONERS)
    (item,) = await listed(client, "probation-due", as_of="2020-03-10")
    assert item == {
        "code": "D1", "full_name": "Lê Thị Ánh", "birth_date": "1960-05-01", "cell_code": "K.1.1",
        "cell_name": "Chi bộ Một", "admitted_on": "2019-03-03", "due": "confirmation-review",
        "remind_from": "2020-01-07", "due_from": "2020-03-03", "due_until": "2020-04-15", "provisional": False,
        "source": "Điều lệ Đảng (19/01/2011), Điều 5; Quy định 24-QĐ/TW (30/7/2021), mục 5",
    }  # fmt: skip
    (late,) = await listed(client, "probation-overdue", as_of="2020-06-30")
    assert late == item | {"overdue_since": "2020-04-16"}


async def test_how_far_ahead_is_asked_for(client):
    await register(client, PROBATIONERS)
    ask = {"as_of": "2020-05-31"}
    assert await codes(client, "probation-due", **ask, within_days=0) == []
    assert await codes(client, "probation-due", **ask, within_days=1) == ["D2"]
    assert await codes(client, "probation-due", **ask, within_days=93) == ["D2", "D3"]


async def test_a_member_is_on_one_of_the_lists_of_probation_at_most_and_overdue_until_confirmed(client):
    await register(client, PROBATIONERS)
    for day, overdue in [
        ("2020-04-15", []),
        ("2020-04-16", ["D1"]),
        ("2020-07-14", ["D2", "D1"]),
        ("2027-12-31", ["D2", "D1", "D3"]),
    ]:
        assert await codes(client, "probation-overdue", as_of=day) == overdue
        assert not set(overdue) & set(await codes(client, "probation-due", as_of=day))
    await client.post("/v1/members/D1/confirmation", json={"official_on": "2020-03-03"})
    # It counts from the end of month 12 however late it is decided: the lists of then are restated.
    assert await codes(client, "probation-overdue", as_of="2020-07-14") == ["D2"]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("K", ["D2", "D1", "D3"]), ("K.1", ["D2", "D1"]), ("K.1.1", ["D1"]), ("K.2", ["D3"])],
)
async def test_a_unit_is_itself_and_all_below_it(client, unit, expected):
    await register(client, PROBATIONERS)
    assert await codes(client, "probation-overdue", as_of="2021-01-01", unit=unit) == expected


async def test_a_deadline_outside_the_calendar_is_not_guessed(client):
    await register(client, [("M1", "K.2", "Lê An", "2010-03-03", "", "")])
    (item,) = await listed(client, "probation-overdue", as_of="2020-03-10")
    assert (item["due_from"], item["due_until"], item["overdue_since"]) == ("2011-03-03", None, None)
    await register(client, [("M2", "K.2", "Lê Bình", "2026-12-20", "", "")])
    (item,) = await listed(client, "probation-due", as_of="2027-12-31")
    assert (item["due_from"], item["due_until"], item["provisional"]) == ("2027-12-20", None, False)


async def test_a_deadline_that_rests_on_holidays_to_be_announced_says_so(client):
    await register(client, [("M1", "K.2", "Lê An", "2026-01-20", "", "")])
    (item,) = await listed(client, "probation-due", as_of="2027-01-20")
    assert (item["due_until"], item["provisional"]) == ("2027-03-10", True)


@pytest.mark.parametrize("day", ["0001-01-01", "2017-12-31", "2018-01-15", "2028-01-02", "9999-12-31"])
@pytest.mark.parametrize("name", ["probation-due", "probation-overdue"])
async def test_a_day_without_a_calendar_is_a_problem_that_says_which_days_have_one(client, name, day):
    answer = await client.get(f"/v1/lists/{name}", params={"as_of": day})
    assert problem(answer, 422) == "working-days-unknown"
    assert "01/01/2018 đến 31/12/2027" in answer.json()["detail"]


# Badges


async def test_a_badge_is_due_on_the_first_award_day_after_its_years_are_full(client):
    await register(
        client,
        [
            ("A1", "K.1.1", "Nguyễn Văn Ơn", "1990-02-03", "1991-02-03", ""),
            ("A2", "K.1.1", "Nguyễn Văn Ổn", "1990-02-04", "1991-02-04", ""),
            ("A3", "K.1.2", "Nguyễn Văn Ôn", "1990-05-19", "1991-05-19", ""),
            ("A4", "K.1.2", "Nguyễn Văn On", "1990-05-20", "1991-05-20", ""),
            ("A5", "K.2", "Nguyễn Văn Đạt", "1980-03-01", "1981-03-01", ""),
            ("A6", "K.2", "Nguyễn Văn Dạ", "1985-03-01", "1986-03-01", ""),  # 35: no badge
            ("A7", "K.2", "Nguyễn Văn Anh", "1990-03-01", "", ""),  # never confirmed
            ("A8", "K.2", "Nguyễn Văn Ba", "1990-03-01", "1991-03-01", "2020-05-19"),
            ("A9", "K.2", "Nguyễn Văn Bé", "1990-03-01", "1991-03-01", "2020-05-20"),
        ],
    )
    for day, expected in [
        ("2020-02-03", ["A1"]),
        ("2020-05-19", ["A9", "A5", "A3", "A2"]),
        ("2020-09-02", ["A4"]),
        ("2020-11-07", []),
    ]:
        assert await codes(client, "badges-due", award_day=day) == expected, day
    assert await codes(client, "badges-due", award_day="2020-05-19", unit="K.1") == ["A3", "A2"]
    (item,) = await listed(client, "badges-due", award_day="2020-05-19", unit="K.1.1")
    assert item == {
        "code": "A2", "full_name": "Nguyễn Văn Ổn", "birth_date": "1960-05-01", "cell_code": "K.1.1",
        "cell_name": "Chi bộ Một", "admitted_on": "1990-02-04", "due": "party-badge", "badge_years": 30,
        "years_full_on": "2020-02-04", "award_day": "2020-05-19", "party_age_since": "1990-02-04",
        "counted_from": "admission", "source": "Hướng dẫn 01-HD/TW (28/9/2021), mục 18",
    }  # fmt: skip
    forty = await listed(client, "badges-due", award_day="2020-05-19", unit="K.2")
    assert [one["badge_years"] for one in forty] == [30, 40]


async def test_badges_are_for_an_award_day(client):
    await register(client, [])
    answer = await client.get("/v1/lists/badges-due", params={"award_day": "2020-02-04"})
    assert problem(answer, 422) == "not-an-award-day"
    assert "3/2, 19/5, 2/9, 7/11" in answer.json()["detail"]
    following = (await client.get("/v1/lists/badges-due")).json()["award_day"]
    assert following[5:] in {"02-03", "05-19", "09-02", "11-07"}
    for day in ("0001-02-03", "9999-11-07"):
        assert await codes(client, "badges-due", award_day=day) == []


# Units


def many(cell: str, official: int, probationary: int = 0) -> list[tuple[str, ...]]:
    return [
        (f"{cell}-{number}", cell, "Lê An", "2015-01-01", "2016-01-01" if number < official else "", "")
        for number in range(official + probationary)
    ]


async def test_units_are_held_against_the_rules_on_how_many_they_are(client):
    await register(
        client,
        [*many("K.1.1", 2, 5), *many("K.1.2", 9), *many("K.2", 3), ("X", "K.2", "Lê An", "2015-01-01",
         "2016-01-01", "2020-01-01")],
        UNITS + "K.3,K,grassroots_committee,Đảng bộ Sở Xây dựng,1980-01-01,\n"
        "K.3.1,K.3,subordinate_cell,Chi bộ Ba,1980-01-01,\nK.4,K,grassroots_cell,Chi bộ mới,2019-01-01,2021-01-01\n",
    )  # fmt: skip
    for number in range(30):
        body = {
            "code": f"N{number}", "cell_code": "K.3.1", "full_name": "Lê An", "birth_date": "1990-01-01",
            "gender": "female", "ethnicity": "Kinh", "youth_union": False, "admitted_on": "2015-01-01",
        }  # fmt: skip
        assert (await client.post("/v1/members", json=body)).status_code == 201
    ask = {"as_of": "2020-06-01"}
    found = await listed(client, "small-cells", **ask)
    found += await listed(client, "small-cells", **ask, rule="cell-committee")
    assert [(one["code"], one["rule"], one["official_members"], one["members"]) for one in found] == [
        ("K.1", "committee-too-small", 11, 16),
        ("K.1.1", "cell-too-small", 2, 7),
        ("K.3.1", "cell-too-small", 0, 30),
        ("K.4", "cell-too-small", 0, 0),
        ("K.1.2", "cell-committee", 9, 9),
    ]
    assert found[1] | {"code": "K.1.1"} == {
        "code": "K.1.1", "name": "Chi bộ Một", "type": "subordinate_cell", "parent_code": "K.1",
        "official_members": 2, "members": 7, "rule": "cell-too-small", "threshold": 3,
        "message": "Chi bộ có 2 đảng viên chính thức, chưa đủ 3. Cấp ủy cấp trên trực tiếp xem xét, quyết định.",
        "source": "Điều lệ Đảng (19/01/2011), Điều 21 và Điều 24",
    }  # fmt: skip
    assert [one["source"] for one in (found[0], found[-1])] == [
        "Điều lệ Đảng (19/01/2011), Điều 21",
        "Điều lệ Đảng (19/01/2011), Điều 24",
    ]
    # One page a unit, one rule, one branch; before a unit was established and after it was dissolved.
    assert await codes(client, "small-cells", **ask, limit=1) == ["K.1", "K.1.1", "K.3.1", "K.4"]
    assert await codes(client, "small-cells", **ask, rule="cell-too-small") == ["K.1.1", "K.3.1", "K.4"]
    assert await codes(client, "small-cells", **ask, unit="K.1", limit=2) == ["K.1", "K.1.1"]
    assert await codes(client, "small-cells", **ask, unit="K.1.1") == ["K.1.1"]
    for day in ("2018-12-31", "2021-01-01"):
        assert "K.4" not in await codes(client, "small-cells", as_of=day)
    # Before anybody was official, no cell had enough; the one who left in 2020 counted until then.
    assert await codes(client, "small-cells", as_of="2015-06-01", rule="cell-committee") == []
    assert "K.2" in await codes(client, "small-cells", as_of="2015-06-01", rule="cell-too-small")
    assert "K.2" not in await codes(client, "small-cells", as_of="2019-12-31", rule="cell-too-small")


async def test_a_cell_is_told_to_elect_a_committee_while_it_has_none(client):
    await register(client, many("K.2", 9))
    for position, since in (("secretary", "2016-02-01"), ("committee_member", "2016-03-01")):
        body = {"organisation_code": "K.2", "member_code": f"K.2-{len(position) % 9}", "position": position}
        held = await client.post("/v1/positions", json=body | {"from_on": since})
        assert held.status_code == 201, held.text
    ended = await client.post(f"/v1/positions/{held.json()['id']}/end", json={"until_on": "2019-03-01"})
    assert ended.status_code == 200, ended.text
    for day, expected in (
        ("2016-02-29", ["K.2"]), ("2016-03-01", []), ("2019-02-28", []), ("2019-03-01", ["K.2"])
    ):  # fmt: skip
        assert await codes(client, "small-cells", as_of=day, rule="cell-committee") == expected, day
        card = (await client.get("/v1/organisations/K.2/card", params={"as_of": day})).json()
        assert [one["rule"] for one in card["warnings"]] == ["cell-committee" for _ in expected]


async def test_lists_are_of_the_tree_and_the_names_of_their_day(client):
    await register(
        client,
        [*PROBATIONERS, *many("K.1.2", 2)],
        UNITS + "K.3,K,grassroots_committee,Đảng bộ Sở Xây dựng,1980-01-01,\n",
    )
    day = "2020-03-10"
    for path, body in (("rename", {"name": "Chi bộ Tên mới"}), ("reparent", {"parent_code": "K.3"})):
        for cell in ("K.1.1", "K.1.2"):
            changed = await client.post(
                f"/v1/organisations/{cell}/{path}", json=body | {"effective_date": day}
            )
            assert changed.status_code == 200, changed.text
    for asked, unit, name in (("2020-03-09", "K.1", "Chi bộ Một"), (day, "K.3", "Chi bộ Tên mới")):
        found = await listed(client, "probation-due", as_of=asked, unit=unit)
        assert {one["cell_name"] for one in found if one["cell_code"] == "K.1.1"} == {name}
        other = "K.1" if unit == "K.3" else "K.3"
        assert await codes(client, "probation-due", as_of=asked, unit=other) == []
        assert await codes(client, "small-cells", as_of=asked, unit=unit, rule="cell-too-small") == [
            "K.1.1", "K.1.2"
        ]  # fmt: skip
        ruled = await listed(client, "small-cells", as_of=asked, unit=unit, rule="cell-too-small")
        assert {(one["parent_code"], one["name"] == "Chi bộ Tên mới") for one in ruled} == {
            (unit, asked == day)
        }


async def test_a_member_who_leaves_makes_a_cell_too_small_from_that_day_on(client):
    await register(client, many("K.2", 3))
    await client.post("/v1/members/K.2-0/departure", json={"left_on": "2020-05-05", "left_reason": "died"})
    for day, expected in (("2020-05-04", []), ("2020-05-05", ["K.2"])):
        assert await codes(client, "small-cells", as_of=day, unit="K.2") == expected


# All lists

NAMES = [
    "Lê An",
    "Đỗ Thị An",
    "Trần Ân",
    "Lê Ấn",
    "Bùi Ẩn",
    "Vũ Bảo",
    "Đinh Công Danh",
    "Ngô Đạt",
    "Y Ơn",
    "Hà Ưng",
]


@pytest.mark.parametrize("limit", [1, 3, 10])
@pytest.mark.parametrize(
    ("name", "day", "admitted", "official"),
    [
        ("probation-due", {"as_of": "2020-03-10"}, "2019-03-03", ""),
        ("probation-overdue", {"as_of": "2020-06-30"}, "2019-03-03", ""),
        ("badges-due", {"award_day": "2020-05-19"}, "1990-03-03", "1991-03-03"),
    ],
)
async def test_pages_follow_vietnamese_names_without_gap_or_repetition(
    client, name, day, admitted, official, limit
):
    people = [("M" + str(number), "K.2", who, admitted, official, "") for number, who in enumerate(NAMES)]
    namesake = ("M9b", "K.2", NAMES[-1], admitted, official, "")
    await register(client, [*reversed(people), namesake])
    found = await listed(client, name, **day, limit=limit)
    assert [one["full_name"] for one in found] == [
        "Đỗ Thị An", "Lê An", "Trần Ân", "Bùi Ẩn", "Lê Ấn", "Vũ Bảo", "Đinh Công Danh", "Ngô Đạt", "Y Ơn", "Hà Ưng",
        "Hà Ưng",
    ]  # fmt: skip
    assert [one["code"] for one in found[-2:]] == ["M9", "M9b"]


@pytest.mark.parametrize("name", ["probation-due", "probation-overdue", "badges-due", "small-cells"])
async def test_what_cannot_be_asked_is_a_problem(client, pool, name):
    await register(client, [])
    for parameters, status, type_ in [
        ({"unit": "Q"}, 404, "unknown-organisation"),
        ({"unit": ""}, 404, "unknown-organisation"),
        ({"unit": "a\0b"}, 422, "invalid-request"),
        ({"cursor": "!"}, 400, "invalid-cursor"),
        ({"cursor": "WyJ6IiwieiJd" if name != "small-cells" else "WyJhIiwiYiJd"}, 400, "invalid-cursor"),
        ({"limit": 0}, 422, "invalid-request"),
        ({"as_of": "31/02/2020", "award_day": "31/02/2020"}, 422, "invalid-request"),
    ]:
        answer = await client.get(f"/v1/lists/{name}", params={"as_of": "2020-01-01"} | parameters)
        assert problem(answer, status) == type_, parameters
    assert await pool.fetchval("SELECT count(*) FROM personal_data_reads") == 0


async def test_every_answer_with_people_in_it_notes_who_read_how_many(client, pool):
    await register(client, PROBATIONERS)
    reader = {"X-Chibo-Actor": "van-phong"}
    ask = {"as_of": "2021-01-01", "award_day": "2020-02-03"}
    for path in ("probation-overdue?limit=2", "probation-due?unit=K.1", "badges-due", "small-cells"):
        answer = await client.get(f"/v1/lists/{path}", headers=reader, params=dict(
            ask, **dict(part.split("=") for part in path.partition("?")[2].split("&") if part)
        ))  # fmt: skip
        assert answer.status_code == 200, answer.text
    rows = await pool.fetch("SELECT actor, resource, count FROM personal_data_reads ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("van-phong", "lists/probation-overdue", 2),
        ("van-phong", "lists/probation-due?unit=K.1", 0),
        ("van-phong", "lists/badges-due", 0),
    ]


async def test_without_a_day_the_lists_are_those_of_today(client):
    await register(client, PROBATIONERS)
    for name in ("probation-due", "probation-overdue", "small-cells"):
        now = (await client.get(f"/v1/lists/{name}")).json()
        assert now == (await client.get(f"/v1/lists/{name}", params={"as_of": now["as_of"]})).json()
