"""A file that is refused or only checked comes back as a workbook with its faulty cells marked."""

import io

import pytest
from httpx import AsyncClient
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.workbook import Workbook as Book

from services.membership.imports import marked

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ERROR, WARNING, PLAIN = "00FFC7CE", "00FFEB9C", "00000000"

UNITS = """code,parent_code,type,name,established_on,dissolved_on
K,,bloc,Đảng bộ Khối,1976-01-01,
S1,K,grassroots_cell,Chi bộ Một,1996-01-01,
"""
HEADER = (
    "Mã đảng viên,Chi bộ,Họ tên,Ngày sinh,Giới tính,Dân tộc,Tôn giáo,Đoàn viên,"
    "Ngày vào Đảng,Ngày chính thức,Ngày ra,Lý do\n"
)
GOOD = "M{n},S1,Lê Thị Hoa,01/05/1990,nữ,Kinh,Không,không,01/03/2015,2016-03-01,,\n"


async def send(client, kind, body, *, accept=XLSX, key=None, media_type="text/csv", **query):
    headers = {"Content-Type": media_type, "Accept": accept} | ({"Idempotency-Key": key} if key else {})
    content = body.encode() if isinstance(body, str) else body
    return await client.post(f"/v1/imports/{kind}", content=content, headers=headers, params=query)


def workbook(answer, status=422) -> Book:
    assert (answer.status_code, answer.headers["content-type"]) == (status, XLSX), answer.text
    assert answer.headers["cache-control"] == "no-store"
    return load_workbook(io.BytesIO(answer.content))


def stored(book: Book) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def fill(cell) -> str:
    return cell.fill.start_color.rgb


def filled(sheet) -> dict[str, str]:
    return {cell.coordinate: fill(cell) for row in sheet.rows for cell in row if fill(cell) != PLAIN}


def summary(book: Book) -> list[list]:
    rows = [[cell.value for cell in row] for row in book.worksheets[1].rows]
    return rows[rows.index(["Dòng", "Cột", "Mức", "Nội dung"]) + 1 :]


@pytest.fixture
async def ready(client) -> AsyncClient:
    assert (await send(client, "organisations", UNITS)).status_code == 200
    return client


async def counts(pool) -> tuple[int, int, int]:
    return tuple(
        await pool.fetchrow(
            "SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM event_log),"
            " (SELECT count(*) FROM idempotency_keys)"
        )
    )


BAD = (
    HEADER
    + GOOD.format(n=1)
    + "\n"
    + GOOD.format(n=2).replace("S1", "Q").replace("nữ", "f").replace("01/03/2015", "")
    + GOOD.format(n=3).replace("1990", "2000")
)


async def test_a_refused_file_comes_back_with_its_faulty_cells_marked(ready, pool):
    before = await counts(pool)
    book = workbook(await send(ready, "members", BAD, key="one", file_name="đảng viên.csv"))
    sheet = book.worksheets[0]
    # Each row stands where the report says, the empty line too.
    assert [row[0].value for row in sheet.rows] == ["Mã đảng viên", "M1", None, "M2", "M3"]
    assert filled(sheet) == {"E4": ERROR, "I4": ERROR, "I5": WARNING}
    assert "Nữ, Nam" in sheet["E4"].comment.text
    assert "không được để trống" in sheet["I4"].comment.text
    assert "Tuổi khi vào Đảng" in sheet["I5"].comment.text
    assert sorted(row[:3] for row in summary(book)) == [
        [4, "Giới tính", "Lỗi"], [4, "Ngày vào Đảng", "Lỗi"], [5, "Ngày vào Đảng", "Cần xem lại"],
    ]  # fmt: skip
    top = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows(max_row=7)}
    assert (top["Tệp"], top["Số dòng"], top["Số lỗi"]) == ("đảng viên.csv", "3", "2")
    assert await counts(pool) == before  # the answer is kept nowhere, not with its key either


async def test_the_marked_workbook_is_mended_and_sent_as_it_is(ready, pool):
    book = workbook(await send(ready, "members", BAD))
    sheet = book.worksheets[0]
    sheet["B4"], sheet["E4"], sheet["I4"] = "S1", "Nữ", "01/03/2015"
    answer = await send(ready, "members", stored(book), media_type=XLSX)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["imported"], answer.json()["errors_total"]) == (3, 0)
    again = await send(ready, "members", HEADER + "".join(GOOD.format(n=n) for n in (1, 2)))
    assert again.json()["unchanged"] == 2


async def test_a_workbook_comes_back_as_it_was_with_its_dates(ready):
    book = Workbook()
    for line in (HEADER + GOOD.format(n=1)).splitlines():
        book.active.append(line.split(","))
    book.active["D2"] = load_workbook(io.BytesIO(stored(book))).epoch.replace(year=1990)
    book.active["C2"] = "=1+1"
    book.active["C2"].data_type = "s"
    book.active["B2"] = "Q"
    sheet = workbook(await send(ready, "members", stored(book), media_type=XLSX)).worksheets[0]
    assert sheet["D2"].value.year == 1990
    assert sheet["D2"].number_format == "dd/mm/yyyy"
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")
    assert filled(sheet) == {"B2": ERROR}


async def test_a_dry_run_is_answered_with_a_workbook_and_kept_nowhere(ready, pool):
    before = await counts(pool)
    good = HEADER + GOOD.format(n=1)
    book = workbook(await send(ready, "members", good, dry_run=True, key="dry"), status=200)
    assert (filled(book.worksheets[0]), summary(book)) == ({}, [])
    understood = [row[1].value for row in book.worksheets[1].rows if row[0].value == "Đã hiểu"]
    assert understood == [
        "Cột “Chi bộ” được hiểu là cell_code.",
        "Cột “Họ tên” được hiểu là full_name.",
        "Cột “Lý do” được hiểu là left_reason.",
        "Cột “birth_date” có 1 ngày được hiểu là ngày/tháng/năm.",
        "Cột “admitted_on” có 1 ngày được hiểu là ngày/tháng/năm.",
    ]
    book = workbook(await send(ready, "members", BAD, dry_run=True, on_error="skip", key="dry"), status=200)
    assert len(summary(book)) == 3
    assert await counts(pool) == before


async def test_an_import_that_is_carried_out_answers_with_its_report(ready):
    answer = await send(ready, "members", BAD, on_error="skip", key="skip")
    assert (answer.status_code, answer.json()["refused"]) == (200, 1)
    assert (await send(ready, "members", BAD, on_error="skip", key="skip")).json() == answer.json()
    refused = await send(ready, "members", BAD, accept="application/json")
    assert refused.headers["content-type"] == "application/problem+json"


async def test_all_errors_are_marked_and_an_answer_with_a_key_still_lists_the_first(ready, pool, monkeypatch):
    body = HEADER + "".join(GOOD.format(n=n).replace("S1", "Q") for n in range(300)) + GOOD.format(n=300)
    book = workbook(await send(ready, "members", body))
    assert len(filled(book.worksheets[0])) == len(summary(book)) == 300
    assert sum(cell.comment is not None for row in book.worksheets[0].rows for cell in row) == 300
    answer = await send(ready, "members", body, on_error="skip", key="many")
    assert (len(answer.json()["errors"]), answer.json()["errors_total"]) == (200, 300)
    monkeypatch.setattr(marked, "MOST_COMMENTS", 10)
    book = workbook(await send(ready, "members", body))
    assert len(filled(book.worksheets[0])) == 300
    assert sum(cell.comment is not None for row in book.worksheets[0].rows for cell in row) == 10


@pytest.mark.parametrize(
    ("body", "marks", "codes"),
    [
        (
            HEADER.replace("Dân tộc", "Họ và tên") + GOOD.format(n=1),
            {f"{letter}1" for letter in "ABCDEFGHIJKL"},
            2,
        ),
        (HEADER + GOOD.format(n=1).replace("Thị", "Thị,"), {f"{letter}2" for letter in "ABCDEFGHIJKLM"}, 1),
        (HEADER + GOOD.format(n=1) + '"x"y,\n', set(), 1),
        (b"\xff\xfe", set(), 1),
        (b"PK\x03\x04" + bytes(100), set(), 1),
        (HEADER + GOOD.format(n=1).replace("Hoa", "Hoa\x07"), {"C2"}, 1),
        (b"", set(), 1),
    ],
    ids=["header", "ragged", "quotes", "encoding", "broken workbook", "control character", "empty"],
)
async def test_a_file_with_a_broken_shape_comes_back_as_far_as_it_can_be_read(ready, body, marks, codes):
    book = workbook(await send(ready, "members", body))
    assert set(filled(book.worksheets[0])) == marks
    assert len(summary(book)) == codes
