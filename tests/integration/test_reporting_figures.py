"""The grammar of figures over HTTP: against the statistics that were there before it, and in every form."""

import asyncio
import csv
import io
import json
from datetime import date

import openpyxl
import pyarrow.parquet
import pytest

from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.live import Moves, events
from tests.integration import test_reporting_api
from tests.integration.chassis_way import until
from tests.integration.served import problem

client = test_reporting_api.client
PERIOD = {"unit": "K", "from": "2019", "to": "2020-11-30"}


async def ask(client, **asked):
    answer = await client.get("/v1/figures", params=PERIOD | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_whole_answer(client):
    answer = await ask(client, measures="members", by_period="year", compare="last-year", by="standing")
    assert answer.pop("true_at")
    assert answer == {
        "unit": {"code": "K", "name": "Đảng bộ Khối", "type": "bloc"},
        "from": "2019-01-01",
        "to": "2020-11-30",
        "by_period": "year",
        "by": ["standing"],
        "compare": "last-year",
        "rank": None,
        "limit": None,
        "known_at": None,
        "measures": [
            {"code": "members", "label": "Đảng viên", "unit": "đảng viên", "kind": "stock", "better": 0}
        ],
        "rows": [
            {
                "period": "2019", "from": "2019-01-01", "to": "2019-12-31", "unit": None,
                "group": {"standing": "probationary"}, "values": {"members": 1}, "last_year": {"members": 0},
                "difference": {"members": 1}, "percent": {"members": None}, "rank": None,
            },
            {
                "period": "2020-01-01/2020-11-30", "from": "2020-01-01", "to": "2020-11-30", "unit": None,
                "group": {"standing": "official"}, "values": {"members": 1}, "last_year": {"members": 0},
                "difference": {"members": 1}, "percent": {"members": None}, "rank": None,
            },
            {
                "period": "2020-01-01/2020-11-30", "from": "2020-01-01", "to": "2020-11-30", "unit": None,
                "group": {"standing": "probationary"}, "values": {"members": 0}, "last_year": {"members": 1},
                "difference": {"members": -1}, "percent": {"members": -100.0}, "rank": None,
            },
        ],
        "up_to": {test_reporting_api.TOPIC: {"0": 7, "1": 8}},
    }  # fmt: skip


@pytest.mark.parametrize("by", ["", "gender,standing", "age_band,religion", "youth,ethnic_minority"])
async def test_members_of_each_month_are_those_of_its_last_day(client, by):
    rows = (await ask(client, measures="members,members.women,members.mean_age", by=by, by_period="month"))[
        "rows"
    ]
    seen = 0
    for month in sorted({row["to"] for row in rows}):
        told = (await client.get(f"/v1/statistics?unit=K&as_of={month}&by={by}")).json()
        its = [row for row in rows if row["to"] == month]
        if by:
            words = {"True": "true", "False": "false"}
            groups = [{name: words.get(str(v), v) for name, v in one.items()} for one in told["groups"]]
            assert [{**row["group"], "count": row["values"]["members"]} for row in its] == groups or sorted(
                map(str, [sorted({**row["group"], "count": row["values"]["members"]}.items()) for row in its])
            ) == sorted(map(str, [sorted(one.items()) for one in groups]))
        else:
            [row] = its
            assert row["values"]["members"] == told["members"]["total"]
            assert row["values"]["members.women"] == told["members"]["women"]
            assert row["values"]["members.mean_age"] == told["age"]["mean"]
        seen += sum(row["values"]["members"] for row in its)
    assert seen > 0


async def test_units_and_movement_of_each_year(client):
    rows = (await ask(client, measures="units.*,movement.*", by_period="year", by="unit"))["rows"]
    told = [(row["period"][:4], row["unit"]["code"], row["values"]) for row in rows]
    assert [one[:2] for one in told] == [("2019", "K.1"), ("2020", "K.1")]
    assert told[1][2]["units.grassroots_cells"] == 1
    assert {name: value for name, value in told[1][2].items() if value and name.startswith("movement")} == {
        "movement.in": 1, "movement.admitted": 1, "movement.out": 1, "movement.died": 1, "movement.confirmed": 1,
    }  # fmt: skip


async def test_what_was_known_then(client):
    for instant, members in (("2020-12-30T07:59:59Z", 2), ("2020-12-30T08:00:00Z", 1)):
        [row] = (await ask(client, known_at=instant))["rows"]
        assert row["values"] == {"members": members}


async def test_rows_are_ranked_within_their_period(client):
    rows = (await ask(client, measures="members", by="cell", rank="-members", by_period="year", limit="1"))[
        "rows"
    ]
    assert [(row["period"][:4], row["rank"], row["unit"]["code"]) for row in rows] == [
        ("2019", 1, "K.1"), ("2020", 1, "K.1"),
    ]  # fmt: skip


async def test_the_same_table_in_every_form(client):
    asked = PERIOD | {
        "measures": "members,members.mean_age", "by_period": "year", "by": "cell,gender", "compare": "last-year",
    }  # fmt: skip
    answers = {
        form: await client.get("/v1/figures", params=asked | {"format": form})
        for form in ("json", "csv", "xlsx", "parquet")
    }
    rows = answers["json"].json()["rows"]
    expected = [
        [row["period"], row["from"], row["unit"]["code"], row["group"]["gender"], row["values"]["members"],
         row["last_year"]["members"], row["values"]["members.mean_age"]]
        for row in rows
    ]  # fmt: skip
    assert len(expected) == 2
    names = ["period", "from", "unit", "gender", "members", "members.last_year", "members.mean_age"]
    assert answers["csv"].content.startswith("\ufeff".encode())
    read = list(csv.DictReader(io.StringIO(answers["csv"].content.decode("utf-8-sig"))))
    assert [[line[name] for name in names] for line in read] == [
        ["" if cell is None else str(cell) for cell in line] for line in expected
    ]
    table = pyarrow.parquet.read_table(io.BytesIO(answers["parquet"].content))
    assert [
        [line[name].isoformat() if isinstance(line[name], date) else line[name] for name in names]
        for line in table.to_pylist()
    ] == expected
    assert table.schema.field("members").metadata == {b"label": "Đảng viên (đảng viên)".encode()}
    sheet, about = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].content)).worksheets
    first, *lines = sheet.values
    assert first[:6] == ("Kỳ", "Từ ngày", "Đến ngày", "Mã", "Chi bộ", "Giới tính")
    assert [[line[0], f"{line[1]:%Y-%m-%d}", line[3], *line[6:8]] for line in lines] == [
        [*line[:3], *line[4:6]] for line in expected
    ]
    assert {line[5] for line in lines} == {"Nữ"}
    assert next(iter(about.values)) == ("Đơn vị", "Đảng bộ Khối (K)")
    for form, answer in answers.items():
        assert answer.headers["vary"] == "Accept"
        assert (form == "json") == ("content-disposition" not in answer.headers)


async def test_a_copy_holds_until_more_was_counted(client, pool):
    asked = {"params": PERIOD}
    tag = (await client.get("/v1/figures", **asked)).headers["etag"]
    again = await client.get("/v1/figures", headers={"If-None-Match": tag}, **asked)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await client.get("/v1/figures", headers={"If-None-Match": tag, "Accept": "text/csv"}, **asked)
    assert other.status_code == 200
    await pool.execute("UPDATE stream_marks SET sequence = sequence + 1 WHERE partition = 0")
    assert (await client.get("/v1/figures", headers={"If-None-Match": tag}, **asked)).status_code == 200


async def test_no_copy_of_tables_that_were_built_anew_holds(client, pool):
    asked = {"params": PERIOD}
    tag = (await client.get("/v1/figures", **asked)).headers["etag"]
    begin = (
        "INSERT INTO rebuilds (projections, verify, source, started_by) VALUES ('{x}', false, 'kafka', 'x')"
    )
    await pool.execute(begin)
    assert (await client.get("/v1/figures", headers={"If-None-Match": tag}, **asked)).status_code == 304
    await pool.execute("UPDATE rebuilds SET state = 'swapped', finished_at = now()")
    assert (await client.get("/v1/figures", headers={"If-None-Match": tag}, **asked)).status_code == 200


async def test_what_can_be_asked(client):
    listed = (await client.get("/v1/measures")).json()["measures"]
    assert [one["code"] for one in listed] == list(MEASURES)
    [held] = [one for one in listed if one["code"] == "meetings.held"]
    assert held["dimensions"][-1] == {
        "code": "kind",
        "label": "Loại sinh hoạt",
        "values": [
            {"value": "regular", "label": "Định kỳ"},
            {"value": "thematic", "label": "Chuyên đề"},
            {"value": "extraordinary", "label": "Đột xuất"},
        ],
    }


@pytest.mark.parametrize("path", ["/v1/figures", "/v1/live"])
async def test_what_cannot_be_answered(client, path):
    assert problem(await client.get(f"{path}?unit=K.9"), 404) == "unknown-unit"
    assert problem(await client.get(f"{path}?measure=members"), 400) == "invalid-parameter"
    refused = await client.get(f"{path}?measures=no")
    assert problem(refused, 400) == "invalid-parameter"
    assert "members" in refused.json()["allowed"]


async def test_live_figures_come_when_more_was_counted_and_end_with_the_process(pool, client):
    moves, stopping, asked = Moves(pool), asyncio.Event(), 0

    async def figures():
        nonlocal asked
        asked += 1
        answer = await client.get("/v1/figures", params=PERIOD)
        return answer.headers["etag"], answer.content

    told: list[bytes] = []

    async def read():
        async for event in events(moves, stopping, figures, last_id=None):
            told.append(event)  # noqa: PERF401 - seen while more is to come

    async def have_come(count):
        return len(told) == count

    reading = asyncio.create_task(read())
    await until(lambda: have_come(1))
    await pool.execute("UPDATE stream_marks SET sequence = sequence + 1 WHERE partition = 0")
    await until(lambda: have_come(2))
    first, second = (dict(line.split(": ", 1) for line in one.decode().strip().splitlines()) for one in told)
    assert first["event"] == second["event"] == "figures"
    assert first["id"] != second["id"]
    assert json.loads(second["data"])["up_to"][test_reporting_api.TOPIC]["0"] == 8
    stopping.set()
    async with asyncio.timeout(10):
        await reading
    assert asked <= 4, "nobody asks without being told"
