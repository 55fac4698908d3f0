"""Files of past meetings over HTTP on a real database."""

import json
from collections import Counter
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest

from services.meetings.imports.columns import COLUMNS
from tests.integration import test_meetings

told, client = test_meetings.told, test_meetings.client

HEADER = ",".join(column.name for column in COLUMNS)
ROWS = (
    "K.01,regular,2020-03,held,2020-03-03 14:30,95,,11,9,1,1,7,4,3,,,",
    "K.01,regular,2020-04,postponed,,,,,,,,,,,epidemic,16/CT-TTg,2020-03-31",
    "K.02,thematic,2020-05,held,2020-05-12 08:00,120,Học tập và làm theo Bác,8,8,0,0,5,2,2,,,",
    "K.02,extraordinary,2020-05,cancelled,2020-05-20 08:00,,,,,,,,,,no_quorum,,",
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(*rows):
    return "\n".join((HEADER, *rows)).encode()


async def send(client, body, status=200, media_type="text/csv", key=None, **asked):
    headers = {"Content-Type": media_type} | ({"Idempotency-Key": key} if key else {})
    answer = await client.post("/v1/imports/meetings", content=body, headers=headers, params=asked)
    assert answer.status_code == status, answer.text
    return answer.json()


async def events(pool):
    rows = await pool.fetch("SELECT type, payload FROM event_log ORDER BY position")
    return [(row["type"].split(".")[-2], json.loads(row["payload"])) for row in rows]


async def test_a_file_is_recorded_and_the_same_again_changes_nothing(client, pool):
    report = await send(client, file(*ROWS))
    assert (report["rows"], report["imported"], report["refused"], report["events"]) == (4, 4, 0, 8)
    assert report["changes"] == {
        "meeting-planned": 4, "meeting-held": 2, "meeting-postponed": 1, "meeting-cancelled": 1
    }  # fmt: skip
    before = await events(pool)
    assert Counter(name for name, _ in before) == report["changes"]
    (held, *_) = [event for name, event in before if name == "meeting-held"]
    assert held["attenders"] == []
    assert held["book"] == {"opinions": 7, "tasks": 4, "tasks_on_time": 3}
    again = await send(client, file(*ROWS))
    assert (again["imported"], again["unchanged"], again["events"]) == (0, 4, 0)
    assert await events(pool) == before


async def test_a_meeting_from_a_file_is_one_as_others_are(client):
    await send(client, file(*ROWS))
    answer = await client.get("/v1/cells/K.01/meetings")
    first, second = answer.json()["items"]
    assert (first["month"], first["status"], first["minutes"], first["version"]) == ("2020-03", "held", 95, 2)
    assert first["attendance"] == {
        "counted": 11, "present": 9, "excused": 1, "unexcused": 1, "percent": 81.8
    }  # fmt: skip
    assert (second["month"], second["status"], second["starts_at"]) == ("2020-04", "postponed", None)
    points = {
        "duration": 5, "attendance": 4, "preparation": 9, "procedure": 5, "content": 22, "chairing": 9,
        "principles": 5, "results": 27.5, "closing": 5,
    }  # fmt: skip
    scored = await client.post(
        f"/v1/meetings/{first['id']}/scores",
        json={"kind": "official", "decided_on": "2020-03-05", "points": points},
    )
    assert scored.status_code == 200, scored.text


async def test_one_put_off_turns_out_to_have_been_held(client, pool):
    await send(client, file(*ROWS))
    report = await send(
        client, file("K.01,regular,2020-04,held,2020-04-28 14:30,95,,11,9,1,1,7,4,3,,,"), status=200
    )
    assert report["changes"] == {"meeting-rescheduled": 1, "meeting-held": 1}
    row = await pool.fetchrow("SELECT * FROM meetings WHERE month = '2020-04-01'")
    assert (row["status"], row["version"]) == ("held", 4)
    assert await pool.fetchval("SELECT opinions FROM book_figures WHERE meeting_id = $1", row["id"]) == 7


async def test_bad_rows_refuse_the_file_or_are_left_out(client, pool):
    bad = (
        "K.99,regular,2020-03,held,2020-03-03 14:30,95,,11,9,1,1,7,4,3,,,",
        ROWS[0],
        "K.01,regular,2020-06,held,2020-06-03 14:30,95,,12,9,1,1,7,4,3,,,",
    )
    refused = await send(client, file(*ROWS, *bad), status=422)
    assert refused["type"].endswith("import-refused")
    found = [(error["line"], error["column"], error["code"]) for error in refused["errors"]]
    assert sorted(found) == [
        (6, "cell_code", "unknown-cell"),
        (7, None, "twice-in-file"),
        (8, "counted", "attendance-does-not-add-up"),
    ]
    assert all(error["message"] and error["message_en"] for error in refused["errors"])
    assert await events(pool) == []
    skipped = await send(client, file(*ROWS, *bad), on_error="skip")
    assert (skipped["imported"], skipped["refused"], skipped["errors_total"]) == (4, 3, 3)
    assert len(await events(pool)) == 8


async def test_what_is_recorded_otherwise_is_refused_not_altered(client):
    await send(client, file(*ROWS))
    other = ROWS[0].replace(",95,", ",90,")
    refused = await send(client, file(other), status=422)
    assert [error["code"] for error in refused["errors"]] == ["recorded-otherwise"]


async def test_a_meeting_that_the_system_planned_is_not_taken_from_a_file(client):
    await test_meetings.planned(client)
    refused = await send(
        client, file("K.01,regular,2026-03,held,2026-03-03 14:30,95,,11,9,1,1,7,4,3,,,"), status=422
    )
    assert ("status", "recorded-otherwise") in {(one["column"], one["code"]) for one in refused["errors"]}


async def test_a_dry_run_keeps_nothing(client, pool):
    report = await send(client, file(*ROWS), dry_run="true")
    assert report["imported"] == 4
    assert report["changed"][0] == {
        "line": 2, "code": "K.01", "changes": ["meeting-planned", "meeting-held"]
    }  # fmt: skip
    assert await events(pool) == []


async def test_a_key_answers_once(client, pool):
    key = str(uuid4())
    first = await send(client, file(*ROWS), key=key)
    assert await send(client, file(*ROWS), key=key) == first
    assert len(await events(pool)) == 8


async def test_a_workbook_with_cells_of_dates_and_numbers(client):
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append([int(text) if text.isdecimal() else text or None for text in row.split(",")])
    stored = BytesIO()
    book.save(stored)
    report = await send(client, stored.getvalue(), media_type=XLSX)
    assert report["imported"] == 4


@pytest.mark.parametrize("body", [b"", b"x", b"PK\x03\x04 broken", b"\xff"])
async def test_what_is_no_such_file(client, body):
    assert (await send(client, body, status=422))["errors_total"] >= 1
