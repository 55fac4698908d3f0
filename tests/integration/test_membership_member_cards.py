"""The card of a member on a real database: where they are on a day and what is due, and all that was recorded."""

from datetime import date

import pytest

from tests.integration.served import problem
from tests.integration.test_membership_search import HEADER, UNITS, bring

MEMBERS = (
    HEADER
    + "ĐV-1,K.1.1,Lê Thị Hoa,1970-05-01,female,Thái,,no,1990-03-01,1991-03-01,,\n"
    + "ĐV-2,K.2,Trần Ẩn,1995-05-01,male,Kinh,,yes,2020-01-15,,,\n"
)


@pytest.fixture
async def register(client):
    await bring(client, "organisations", UNITS.replace("1996-01-01", "1990-02-01"))
    await bring(client, "members", MEMBERS)
    return client


async def card(client, code: str, **query):
    answer = await client.get(f"/v1/members/{code}/card", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def done(client, path: str, **body):
    answer = await client.post(f"/v1/{path}", json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def test_a_card_says_who_where_since_when_and_what_is_due(register):
    found = await card(register, "ĐV-1", as_of="2020-11-30")
    assert found["member"] == (await register.get("/v1/members/ĐV-1")).json()
    assert found["place"] == {
        "cell": {"code": "K.1.1", "name": "Chi bộ Một", "type": "subordinate_cell"},
        "since": "1990-03-01",
        "path": [
            {"code": "K", "name": "Đảng bộ Khối", "type": "bloc"},
            {"code": "K.1", "name": "Đảng bộ Sở Y tế", "type": "grassroots_committee"},
        ],
    }
    assert (found["standing"], found["review"]) == ("official", None)
    assert found["party_age"] == {"since": "1990-03-01", "counted_from": "admission", "years": 30}
    badge = found["next_badge"]
    assert (badge["years"], badge["years_full_on"], badge["award_day"]) == (40, "2030-03-01", "2030-05-19")
    # On the award day itself the badge is still to come.
    assert (await card(register, "ĐV-1", as_of="2020-05-19"))["next_badge"]["years"] == 30


async def test_a_card_of_somebody_on_probation_says_when_they_are_reviewed(register):
    found = await card(register, "ĐV-2", as_of="2020-11-30")
    assert (found["standing"], found["party_age"], found["next_badge"]) == ("probationary", None, None)
    assert (found["review"]["due_from"], found["review"]["due_until"]) == ("2021-01-15", "2021-03-05")
    assert found["place"]["path"] == [{"code": "K", "name": "Đảng bộ Khối", "type": "bloc"}]


async def test_nobody_has_a_place_before_they_came_and_after_they_left(register):
    await done(register, "members/ĐV-1/departure", left_on="2021-01-01", left_reason="transferred_out")
    for day, place in (("1990-02-28", None), ("2020-12-31", "K.1.1"), ("2021-01-01", None)):
        found = await card(register, "ĐV-1", as_of=day)
        assert (found["place"] and found["place"]["cell"]["code"]) == place, day
        assert (found["standing"] is None) == (found["party_age"] is None) == (place is None)


async def test_the_timeline_has_everything_by_the_day_of_its_effect(register):
    position = {"organisation_code": "K.1.1", "member_code": "ĐV-1", "position": "secretary"}
    held = await done(register, "positions", **position, from_on="2015-05-15", decision_date="2015-05-10")
    await done(register, f"positions/{held['id']}/end", until_on="2018-05-15", end_reason="resigned")
    await done(register, "positions", **position, from_on="2019-01-01")
    await done(
        register, "organisations/K.1.1/ratings", year=2019, of="members", ratings=[{"code": "ĐV-1", "grade": "good"}]
    )  # fmt: skip
    await done(
        register, "members/ĐV-1/awards", kind="commendation", level="bloc", title="Giấy khen", awarded_on="2016-02-03"
    )  # fmt: skip
    await done(register, "members/ĐV-1/corrections", fact=2, effective_date="1991-03-15")
    found = await card(register, "ĐV-1", as_of="2020-11-30")
    assert [
        (one["about"], one["what"], one["effective_date"], one["status"]) for one in found["timeline"]
    ] == [
        ("membership", "admitted", "1990-03-01", "stands"),
        ("membership", "confirmed", "1991-03-01", "replaced"),
        ("membership", "confirmed", "1991-03-15", "stands"),
        ("position", "began", "2015-05-15", "stands"),
        ("award", "awarded", "2016-02-03", "stands"),
        ("position", "ended", "2018-05-15", "stands"),
        ("position", "began", "2019-01-01", "stands"),
        ("rating", "rated", "2019-12-31", "stands"),
    ]
    for one in found["timeline"]:
        told = {"membership": "fact"}.get(one["about"], one["about"])
        assert [name for name in ("fact", "position", "rating", "award", "transfer") if one[name]] == [told]
    known = [one["recorded_at"] for one in found["timeline"]]
    assert max(known) == known[2]  # what was known last happened long ago
    assert [one["from_on"] for one in found["positions"]] == ["2019-01-01"]
    assert [(one["year"], one["grade"]) for one in found["ratings"]] == [(2019, "good")]
    assert [one["title"] for one in found["awards"]] == ["Giấy khen"]
    # Of an earlier day only what was so by then; the timeline stays whole.
    earlier = await card(register, "ĐV-1", as_of="2016-02-02")
    assert [one["from_on"] for one in earlier["positions"]] == ["2015-05-15"]
    assert (earlier["ratings"], earlier["awards"]) == ([], [])
    assert earlier["timeline"] == found["timeline"]


async def test_a_card_shows_the_transfer_that_a_member_is_on_and_where_they_were_received(register):
    asked = {"member_code": "ĐV-1", "destination_code": "K.2", "requested_on": "2020-03-02"}
    transfer = await done(register, "transfers", **asked)
    await done(register, f"transfers/{transfer['id']}/release", released_on="2020-03-09")
    found = await card(register, "ĐV-1", as_of="2020-11-30")
    assert (found["transfer"]["state"], found["transfer"]["overdue"]) == ("released", True)
    assert found["place"]["cell"]["code"] == "K.1.1"
    await done(register, f"transfers/{transfer['id']}/reception", received_on="2020-04-01")
    after = await card(register, "ĐV-1", as_of="2020-11-30")
    assert after["transfer"] is None
    assert (after["place"]["cell"]["code"], after["place"]["since"]) == ("K.2", "2020-04-01")
    history = (await register.get("/v1/members/ĐV-1/history")).json()
    assert [step["cell_code"] for step in history["timeline"]] == ["K.1.1", "K.1.1", "K.2"]
    before = await card(register, "ĐV-1", as_of="2020-03-31")
    assert (before["place"]["cell"]["code"], before["place"]["since"]) == ("K.1.1", "1990-03-01")
    assert [(one["what"], one["effective_date"]) for one in after["timeline"][2:]] == [
        ("requested", "2020-03-02"), ("released", "2020-03-09"), ("moved", "2020-04-01"), ("received", "2020-04-01")
    ]  # fmt: skip


async def test_somebody_entered_by_mistake_is_on_their_card_and_nowhere_else(register):
    await done(register, "members/ĐV-2/corrections", fact=1, withdraw=True)
    found = await card(register, "ĐV-2", as_of="2020-11-30")
    assert (found["place"], found["standing"], found["review"]) == (None, None, None)
    assert [(one["what"], one["status"]) for one in found["timeline"]] == [
        ("admitted", "withdrawn"), ("withdrawal", "withdrawal")
    ]  # fmt: skip
    for path in (
        "members?q=DV-2", "organisations/K/members?subtree=true", "lists/probation-due?within_days=366",
        "lists/probation-overdue",
    ):  # fmt: skip
        items = (await register.get(f"/v1/{path}", params=date_of(path))).json()["items"]
        assert "ĐV-2" not in {item["code"] for item in items}, path
    for query in ({}, {"as_of": "2020-11-30"}):
        text = (await register.get("/v1/exports/members.csv", params=query)).text
        assert "ĐV-1" in text
        assert "ĐV-2" not in text


def date_of(path: str) -> dict[str, str]:
    query = path.partition("?")[2]
    return dict(part.split("=") for part in query.split("&") if part) | {"as_of": str(date(2020, 11, 30))}


async def test_a_card_of_nobody_is_a_problem_and_every_other_is_noted(register, pool):
    assert problem(await register.get("/v1/members/Q/card"), 404) == "unknown-member"
    assert problem(await register.get("/v1/members/%00/card"), 404) == "unknown-member"
    assert problem(await register.get("/v1/members/ĐV-1/card?as_of=2020-02-30"), 422) == "invalid-request"
    await register.get("/v1/members/ĐV-1/card", headers={"X-Chibo-Actor": "van-phong"})
    rows = await pool.fetch("SELECT actor, resource, count FROM personal_data_reads")
    assert [tuple(row) for row in rows] == [("van-phong", "members/ĐV-1/card", 1)]
