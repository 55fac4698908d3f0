"""Who came into a unit, who went, and why, over HTTP on a real database."""

from tests.integration.test_membership_lists import register

PEOPLE = [
    ("M1", "K.1.1", "Lò Văn An", "2018-03-01", "2019-03-01", ""),
    ("M2", "K.1.1", "Hà Thị Bình", "2020-02-03", "", ""),
    ("M3", "K.1.2", "Lê Văn Chi", "2010-03-01", "2011-03-01", "2020-06-15"),
    ("M4", "K.2", "Đỗ Thị Dung", "2010-03-01", "2011-03-01", ""),
    ("M5", "K.2", "Bùi Văn Em", "2020-05-05", "", "2020-05-05"),
]


async def moved(client, unit, first="2020-01-01", last="2020-06-30", **parameters):
    answer = await client.get(
        f"/v1/organisations/{unit}/movements", params={"from": first, "to": last, **parameters}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def table(answer):
    return answer["opening"], answer["came"], answer["went"], answer["closing"]


async def test_who_was_admitted_and_who_died(client):
    await register(client, PEOPLE)
    answer = await moved(client, "K.1")
    assert table(answer) == (2, {"admitted": 1}, {"died": 1}, 2)
    assert [(row["day"], row["direction"], row["code"], row["full_name"]) for row in answer["items"]] == [
        ("2020-02-03", "in", "M2", "Hà Thị Bình"),
        ("2020-06-15", "out", "M3", "Lê Văn Chi"),
    ]


async def test_the_days_at_the_ends_of_a_period(client):
    await register(client, PEOPLE)
    assert table(await moved(client, "K.1.1", "2020-02-03", "2020-02-03")) == (1, {"admitted": 1}, {}, 2)
    assert table(await moved(client, "K.1.1", "2020-02-04")) == (2, {}, {}, 2)
    assert table(await moved(client, "K.1.2", last="2020-06-15")) == (1, {}, {"died": 1}, 0)
    assert table(await moved(client, "K.1.2", last="2020-06-14")) == (1, {}, {}, 1)


async def test_a_cell_that_comes_under_a_unit_brings_its_members(client):
    await register(client, PEOPLE)
    answer = await client.post(
        "/v1/organisations/K.2/reparent",
        json={"parent_code": "K.1", "type": "subordinate_cell", "effective_date": "2020-04-01"},
    )
    assert answer.status_code == 200, answer.text
    assert table(await moved(client, "K.1")) == (2, {"admitted": 1, "unit_moved_in": 1}, {"died": 1}, 3)
    # Who came and went on one day was there on no day.
    assert table(await moved(client, "K.2")) == (1, {}, {}, 1)
    assert table(await moved(client, "K")) == (3, {"admitted": 1}, {"died": 1}, 3)
    answer = await client.post(
        "/v1/organisations/K.2/reparent",
        json={"parent_code": "K", "type": "grassroots_cell", "effective_date": "2020-06-01"},
    )
    assert answer.status_code == 200, answer.text
    answer = await moved(client, "K.1", direction="out")
    assert table(answer)[2:] == ({"died": 1, "unit_moved_out": 1}, 2)
    assert [(row["day"], row["cause"]) for row in answer["items"]] == [
        ("2020-06-01", "unit_moved_out"),
        ("2020-06-15", "died"),
    ]


async def test_pages_go_on_where_the_last_one_ended(client):
    await register(client, PEOPLE)
    first = await moved(client, "K", limit=1)
    second = await moved(client, "K", limit=1, cursor=first["next"])
    assert [row["code"] for page in (first, second) for row in page["items"]] == ["M2", "M3"]
    assert second["next"] is None
    assert table(first) == table(second)


async def test_reads_are_noted_and_a_period_that_ends_before_it_begins_is_refused(client, pool):
    await register(client, PEOPLE)
    await moved(client, "K.1")
    [read] = await pool.fetch("SELECT resource, count FROM personal_data_reads")
    assert dict(read) == {"resource": "organisations/K.1/movements", "count": 2}
    answer = await client.get(
        "/v1/organisations/K/movements", params={"from": "2020-02-01", "to": "2020-01-31"}
    )
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (422, "not-a-period")
