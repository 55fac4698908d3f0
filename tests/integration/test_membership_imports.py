"""Files sent over HTTP to a real database: all or nothing, or the good rows; and nothing twice."""

import asyncio
import csv
import io
import json
import random
import threading
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.membership.imports import api as imports_api
from services.membership.imports import run
from services.membership.paging import today

EXAMPLE = Path(__file__).parents[2] / "examples" / "bloc-2020"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

UNITS = """code,parent_code,type,name,established_on,dissolved_on
S1,G,subordinate_cell,Chi bộ Một,1996-01-01,
G,K,grassroots_committee,Đảng bộ Sở Y tế,1990-01-01,
K,,bloc,Đảng bộ Khối,1976-01-01,
C,K,grassroots_cell,Chi bộ Thanh tra,1990-01-01,2020-01-01
"""
HEADER = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,"
    "admitted_on,official_on,left_on,left_reason\n"
)
GOOD = "M{n},S1,Lê Thị Hoa,1990-05-01,female,Kinh,Không,no,2015-03-01,2016-03-01,,\n"


async def send(client, kind: str, body: bytes | str, *, key: str | None = None, **query):
    headers = {"Content-Type": "text/csv"} | ({"Idempotency-Key": key} if key else {})
    content = body.encode() if isinstance(body, str) else body
    return await client.post(f"/v1/imports/{kind}", content=content, headers=headers, params=query)


async def counts(pool) -> tuple[int, int, int, int]:
    return tuple(
        await pool.fetchrow(
            "SELECT (SELECT count(*) FROM organisations), (SELECT count(*) FROM members),"
            " (SELECT count(*) FROM member_identities), (SELECT count(*) FROM event_log)"
        )
    )


def figures(answer) -> tuple[int, ...]:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return tuple(body[name] for name in ("rows", "imported", "unchanged", "refused", "events"))


def refusal(answer) -> list[tuple[int, str, str | None]]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "urn:chibo:problem:import-refused"
    assert body["errors_total"] >= len(body["errors"]) > 0
    assert (body["imported"], body["events"]) == (0, 0)
    assert all(error["message"] and error["file"] for error in body["errors"])
    return [(error["line"], error["code"], error["column"]) for error in body["errors"]]


async def test_the_example_is_imported_whole_and_a_second_time_changes_nothing(client, pool):
    for kind in ("organisations", "members"):
        body = (EXAMPLE / f"{kind}.csv").read_bytes()
        rows = body.count(b"\n") - 1
        first = await send(client, kind, body)
        assert figures(first)[:4] == (rows, rows, 0, 0)
        assert first.json()["events"] >= rows
        before = await counts(pool)
        assert figures(await send(client, kind, body)) == (rows, 0, rows, 0, 0)
        assert await counts(pool) == before
    # One event for each date of the files, which are read here by other means.
    dates = 0
    for kind, columns in (
        ("organisations", ("established_on", "dissolved_on")),
        ("members", ("admitted_on", "official_on", "left_on")),
    ):
        with (EXAMPLE / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            dates += sum(bool(row[column]) for row in csv.DictReader(file) for column in columns)
    assert before[3] == dates
    assert await pool.fetchval("SELECT count(*) FROM event_queue") == dates


async def test_what_the_log_says_adds_up_to_the_tables(client, pool):
    for kind in ("organisations", "members"):
        assert (await send(client, kind, (EXAMPLE / f"{kind}.csv").read_bytes())).status_code == 200
    day = date(2019, 6, 30)
    rows = await pool.fetch("SELECT payload FROM event_log WHERE type LIKE '%.member-%'")
    events = [json.loads(row["payload"]) for row in rows]
    past = [event for event in events if event["effective_date"] <= day.isoformat()]
    women = sum(
        (1 if side == "after" else -1)
        for event in past
        for side in ("before", "after")
        if event.get(side) and event[side]["gender"] == "female"
    )
    assert women == await pool.fetchval(
        "SELECT count(*) FROM members WHERE gender = 'female' AND admitted_on <= $1"
        " AND (left_on IS NULL OR left_on > $1)",
        day,
    )
    assert women > 0


BAD_UNITS = {
    "missing column": (UNITS.replace("type,", "kind,", 1), [(1, "missing-column", "type")]),
    "wrong encoding": (UNITS.encode("utf-16"), [(1, "not-utf-8", None)]),
    "31/02": (UNITS.replace("1996-01-01", "31/02/1996"), [(2, "date-does-not-exist", "established_on")]),
    "unknown parent": (UNITS.replace("S1,G", "S1,Q"), [(2, "unknown-parent", "parent_code")]),
    "duplicate": (UNITS + "S1,G,subordinate_cell,Khác,1996-01-01,\n", [(6, "duplicate-code", "code")]),
    "circle": (
        UNITS.replace("G,K,", "G,S1,"),
        [(2, "cyclic-tree", "parent_code"), (3, "cyclic-tree", "parent_code")],
    ),
    "empty": (b"", [(1, "empty-file", None)]),
    "junk": (random.Random(1).randbytes(10_000_000), [(1, "not-utf-8", None)]),
    "one huge field": (UNITS + "X,K," + "x" * 10_000_000, [(6, "field-too-long", None)]),
    "broken workbook": (b"PK\x03\x04" + bytes(1000), [(1, "not-a-workbook", None)]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_UNITS)
@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_a_bad_file_of_units_imports_nothing_and_says_why(client, pool, case, on_error):
    body, expected = BAD_UNITS[case]
    answer = await send(client, "organisations", body, file_name="tổ chức.csv", on_error=on_error)
    if on_error == "skip" and expected[0][2] not in {None, "type"}:
        assert answer.status_code == 200
        return
    assert refusal(answer) == expected
    assert answer.json()["errors"][0]["file"] == "tổ chức.csv"
    assert await counts(pool) == (0, 0, 0, 0)


BAD_MEMBERS = {
    "unknown cell": (("S1", "Q"), (3, "unknown-cell", "cell_code")),
    "31/02": (("2015-03-01", "31/02/2015"), (3, "date-does-not-exist", "admitted_on")),
    "duplicate": (("M2", "M1"), (3, "duplicate-code", "code")),
    "before its cell": (("2015-03-01", "1995-12-31"), (3, "admitted-before-cell", "admitted_on")),
    "ragged": (("Lê Thị Hoa", "Lê, Thị Hoa"), (3, "ragged-row", None)),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_MEMBERS)
async def test_a_bad_row_stops_the_file_or_is_left_out_as_asked(client, pool, case, monkeypatch):
    monkeypatch.setattr(run, "_PART", 1)  # each row is a part of its own: what was written before must go too
    await send(client, "organisations", UNITS)
    before = await counts(pool)
    change, expected = BAD_MEMBERS[case]
    body = HEADER + GOOD.format(n=1) + GOOD.format(n=2).replace(*change) + GOOD.format(n=3)
    assert [expected] == refusal(await send(client, "members", body))
    assert await counts(pool) == before
    answer = await send(client, "members", body, on_error="skip")
    assert figures(answer) == (3, 2, 0, 1, 4)
    assert answer.json()["errors"][0]["line"] == 3
    assert {row["code"] for row in await pool.fetch("SELECT code FROM members")} == {"M1", "M3"}


async def test_a_file_as_offices_write_it_is_understood_and_says_how(client, pool):
    units = UNITS.replace(
        "code,parent_code,type,name,established_on,dissolved_on",
        "ma to chuc dang,MÃ CẤP TRÊN,Loại tổ chức,Tên,Ngày thành lập,Ngày giải thể",
    ).replace("subordinate_cell", "chi bo truc thuoc")
    assert figures(await send(client, "organisations", units)) == (4, 4, 0, 0, 5)
    people = (
        "Họ và tên,Mã đảng viên,Mã chi bộ,Ngày sinh,Giới tính,Dân tộc,Tôn giáo,Đoàn viên,Ngày kết nạp,"
        "Ngày chính thức,Ngày ra,Lý do\n"
        "Lê Thị Hoa,M1,S1,01/05/1990,Nu,Kinh,Không,khong,1/3/2015,01.03.2016,02-01-2020,tu tran\n"
        "Lê Văn Bút,M2,S1,02/05/1990,NAM,Tày,,Có,2015-03-01,,,\n"
    )
    answer = await send(client, "members", people)
    assert figures(answer) == (2, 2, 0, 0, 4)
    notices = answer.json()["notices"]
    assert [notice["column"] for notice in notices if notice["code"] == "column-understood"] == [
        "admitted_on",
        "left_reason",  # the others have the template's own headers
    ]
    assert {n["column"] for n in notices if n["code"] == "dates-day-first"} == {
        "birth_date", "admitted_on", "official_on", "left_on",
    }  # fmt: skip
    assert not any("Hoa" in notice["message"] or "1990" in notice["message"] for notice in notices)
    said = HEADER + (
        "M1,S1,Lê Thị Hoa,1990-05-01,female,Kinh,,no,2015-03-01,2016-03-01,2020-01-02,died\n"
        "M2,S1,Lê Văn Bút,1990-05-02,male,Tày,,yes,2015-03-01,,,\n"
    )
    plain = await send(client, "members", said)
    assert figures(plain) == (2, 0, 2, 0, 0)
    assert plain.json()["notices"] == []


@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_a_date_with_the_month_first_stops_a_file_of_other_dates_like_it(
    client, pool, monkeypatch, on_error
):
    monkeypatch.setattr(run, "_PART", 1)
    await send(client, "organisations", UNITS)
    before = await counts(pool)
    unclear = GOOD.format(n=1).replace("2015-03-01", "04/05/2015")
    american = GOOD.format(n=2).replace("2015-03-01", "04/25/2015")
    answer = await send(client, "members", HEADER + unclear + american, on_error=on_error)
    assert refusal(answer) == [(1, "dates-mixed", None), (3, "date-month-first", "admitted_on")]
    assert await counts(pool) == before
    good = await send(client, "members", HEADER + GOOD.format(n=1) + american, on_error="skip")
    assert figures(good) == (2, 1, 0, 1, 2)


async def test_skipping_leaves_out_what_hangs_under_a_bad_unit(client, pool):
    answer = await send(
        client, "organisations", UNITS.replace("1990-01-01,\n", "1990-13-01,\n"), on_error="skip"
    )
    assert figures(answer) == (4, 2, 0, 2, 3)
    assert [(error["line"], error["code"]) for error in answer.json()["errors"]] == [
        (3, "date-does-not-exist"),
        (2, "parent-refused"),
    ]
    assert (await counts(pool))[0] == 2


async def test_a_dry_run_says_what_would_come_of_it_and_writes_nothing(client, pool):
    answer = await send(client, "organisations", UNITS, dry_run=True)
    assert figures(answer) == (4, 4, 0, 0, 5)
    changes = {"organisation-established": 4, "organisation-dissolved": 1}
    assert answer.json()["changes"] == changes
    assert sorted((row["line"], row["code"], len(row["changes"])) for row in answer.json()["changed"]) == [
        (2, "S1", 1), (3, "G", 1), (4, "K", 1), (5, "C", 2),
    ]  # fmt: skip
    assert await counts(pool) == (0, 0, 0, 0)
    assert refusal(await send(client, "members", HEADER + GOOD.format(n=1), dry_run=True)) == [
        (2, "unknown-cell", "cell_code")
    ]


async def test_a_dry_run_shows_the_rows_that_would_change_and_no_others(client):
    await send(client, "organisations", UNITS)
    assert figures(await send(client, "members", HEADER + GOOD.format(n=0)))[1] == 1
    body = HEADER + "".join(GOOD.format(n=n) for n in range(300))
    answer = (await send(client, "members", body, dry_run=True)).json()
    assert answer["changes"] == {"member-admitted": 299, "member-confirmed": 299}
    assert answer["changed"][0] == {
        "line": 3, "code": "M1", "changes": ["member-admitted", "member-confirmed"],
    }  # fmt: skip
    assert len(answer["changed"]) == 200
    carried_out = (await send(client, "members", body)).json()
    assert (carried_out["changes"], carried_out["changed"]) == (answer["changes"], [])
    again = (await send(client, "members", body, dry_run=True)).json()
    assert (again["changes"], again["changed"]) == ({}, [])
    refused = (await send(client, "members", body + GOOD.format(n=1), dry_run=True)).json()
    assert (refused["changes"], refused["changed"]) == ({}, [])


async def test_a_later_file_adds_confirmations_and_departures(client, pool):
    await send(client, "organisations", UNITS)
    on_probation = HEADER + "".join(GOOD.format(n=n).replace("2016-03-01", "") for n in range(3))
    assert figures(await send(client, "members", on_probation)) == (3, 3, 0, 0, 3)
    later = HEADER + GOOD.format(n=0) + GOOD.format(n=1).replace(",,\n", ",2020-01-01,từ trần\n")
    assert figures(await send(client, "members", later)) == (2, 2, 0, 0, 3)
    rows = await pool.fetch("SELECT version, official_on, left_on, left_reason FROM members ORDER BY code")
    assert [tuple(row) for row in rows] == [
        (2, date(2016, 3, 1), None, None),
        (3, date(2016, 3, 1), date(2020, 1, 1), "died"),
        (1, None, None, None),
    ]
    dissolved = UNITS.replace("1996-01-01,", "1996-01-01,2021-01-01")
    assert figures(await send(client, "organisations", dissolved)) == (4, 1, 3, 0, 1)
    assert refusal(await send(client, "organisations", UNITS)) == [
        (2, "differs-from-register", "dissolved_on")
    ]


async def test_a_day_that_has_not_come_is_imported_with_a_warning_of_its_line(client):
    await send(client, "organisations", UNITS)
    left = str(today() + timedelta(1))
    rows = HEADER + GOOD.format(n=0) + GOOD.format(n=1).replace(",,\n", f",{left},từ trần\n")
    answer = await send(client, "members", rows)
    assert figures(answer) == (2, 2, 0, 0, 5)
    assert [(found["line"], found["code"], found["column"]) for found in answer.json()["warnings"]] == [
        (3, "in-the-future", "left_on")
    ]


async def test_a_later_file_may_know_of_a_confirmation_before_a_departure(client, pool):
    await send(client, "organisations", UNITS)
    left = GOOD.replace(",,\n", ",2020-01-01,từ trần\n")
    unconfirmed = left.replace("2016-03-01", "")
    first = HEADER + unconfirmed.format(n=0) + unconfirmed.format(n=1)
    assert figures(await send(client, "members", first)) == (2, 2, 0, 0, 4)
    assert figures(await send(client, "members", HEADER + left.format(n=0))) == (1, 1, 0, 0, 1)
    assert figures(await send(client, "members", HEADER + left.format(n=0))) == (1, 0, 1, 0, 0)
    assert await pool.fetchval("SELECT official_on FROM members WHERE code = 'M0'") == date(2016, 3, 1)
    last = await pool.fetchval("SELECT type FROM event_log ORDER BY position DESC LIMIT 1")
    assert last == "vn.chibo.membership.member-history-restated.v2"
    impossible = HEADER + left.format(n=1).replace("2016-03-01", "2020-01-02")
    assert refusal(await send(client, "members", impossible)) == [(2, "left-before-confirmation", "left_on")]


async def test_a_workbook_gives_what_the_same_csv_file_gives(client, pool):
    await send(client, "organisations", UNITS)
    book = Workbook()
    for row in csv.reader(io.StringIO(HEADER + GOOD.format(n=1) + GOOD.format(n=2))):
        book.active.append([date.fromisoformat(cell) if cell[:2] in {"19", "20"} else cell for cell in row])
    stored = io.BytesIO()
    book.save(stored)
    answer = await client.post(
        "/v1/imports/members", content=stored.getvalue(), headers={"Content-Type": XLSX}
    )
    assert figures(answer) == (2, 2, 0, 0, 4)
    assert figures(await send(client, "members", HEADER + GOOD.format(n=1) + GOOD.format(n=2))) == (
        2,
        0,
        2,
        0,
        0,
    )


async def test_a_header_alone_imports_nothing_and_is_no_error(client):
    assert figures(await send(client, "members", HEADER)) == (0, 0, 0, 0, 0)


async def test_an_upload_over_the_limit_is_refused_with_or_without_a_declared_length(client, monkeypatch):
    monkeypatch.setattr(imports_api, "MAX_BYTES", 1000)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 400

    for content in (b"x" * 1001, chunks()):
        answer = await client.post("/v1/imports/members", content=content)
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:chibo:problem:file-too-large"


async def test_an_upload_that_says_it_is_over_the_limit_is_not_even_read(client):
    read = []

    async def chunks() -> AsyncIterator[bytes]:
        read.append(True)
        yield b"x"

    too_long = {"Content-Length": str(64 * 1024 * 1024 + 1)}
    answer = await client.post("/v1/imports/members", content=chunks(), headers=too_long)
    assert (answer.status_code, read) == (413, [])


async def test_the_same_file_sent_many_times_at_once_is_imported_once(client, pool):
    await send(client, "organisations", UNITS)
    body = HEADER + "".join(GOOD.format(n=n) for n in range(20))
    sent = await asyncio.gather(*(send(client, "members", body) for _ in range(4)))
    assert sorted(figures(answer) for answer in sent) == [(20, 0, 20, 0, 0)] * 3 + [(20, 20, 0, 0, 40)]
    keyed = await asyncio.gather(*(send(client, "members", body, key="same") for _ in range(3)))
    assert {answer.text for answer in keyed} == {keyed[0].text}
    assert (await counts(pool))[3] == 45


async def test_the_work_on_a_file_is_done_beside_the_event_loop(client, monkeypatch):
    """Reading and deciding take seconds for a large file: other requests are answered meanwhile."""
    threads: dict[str, set[str]] = {}

    def noted(name, work):
        def run_and_note(*args, **options):
            threads.setdefault(name, set()).add(threading.current_thread().name)
            return work(*args, **options)

        return run_and_note

    monkeypatch.setattr(run, "Table", noted("read", run.Table))
    monkeypatch.setattr(run, "Changes", noted("encode", run.Changes))
    monkeypatch.setattr(run, "_take", noted("parse", run._take))
    monkeypatch.setattr(run.members, "plan_members", noted("members", run.members.plan_members))
    monkeypatch.setattr(
        run.organisations, "plan_organisations", noted("organisations", run.organisations.plan_organisations)
    )
    await send(client, "organisations", UNITS)
    assert figures(await send(client, "members", HEADER + GOOD.format(n=1)))[1] == 1
    assert set(threads) == {"read", "encode", "parse", "members", "organisations"}
    assert threading.main_thread().name not in set().union(*threads.values())


async def test_warnings_are_given_and_nothing_is_held_back(client):
    await send(client, "organisations", UNITS)
    young = GOOD.format(n=1).replace("1990-05-01", "2000-05-01")
    cell_gone = GOOD.format(n=2).replace("S1", "C")
    extra = "\n".join(line + ",x" for line in (HEADER + young + cell_gone).splitlines())
    answer = await send(client, "members", extra.replace("left_reason,x", "left_reason,ghi_chu"))
    assert figures(answer)[:4] == (2, 2, 0, 0)
    warnings = [(warning["line"], warning["code"]) for warning in answer.json()["warnings"]]
    assert warnings == [(1, "unknown-column"), (2, "age-at-admission"), (3, "outlives-cell")]
    assert answer.json()["warnings_total"] == 3


async def test_an_import_waits_for_another_change_and_is_decided_by_it(client, pool):
    """A departure recorded meanwhile is not overwritten: the row that says more is held against it."""
    await send(client, "organisations", UNITS)
    await send(client, "members", HEADER + GOOD.format(n=1).replace("2016-03-01", ""))
    [code] = await pool.fetchrow("SELECT code FROM members")
    left = {"left_on": "2015-06-01", "left_reason": "died"}
    tasks = []
    async with pool.acquire() as holder, pool.acquire() as observer, holder.transaction():
        await holder.execute("SELECT FROM members FOR UPDATE")
        for command in (
            client.post(f"/v1/members/{code}/departure", json=left),
            send(client, "members", HEADER + GOOD.format(n=1)),
        ):
            tasks.append(asyncio.create_task(command))
            while await observer.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()"
            ) < len(tasks):
                assert not tasks[-1].done()
    departed, imported = await asyncio.gather(*tasks)
    assert departed.status_code == 200, departed.text
    assert (imported.status_code, imported.json()["type"]) == (422, "urn:chibo:problem:import-refused")
    assert await pool.fetchval("SELECT official_on FROM members") is None
    assert await pool.fetchval("SELECT left_on FROM members") == date(2015, 6, 1)
