"""Files of transfers on a real database: a month's sheet filled in as things happen, and exports that import back."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.integration.test_membership_commands import MEMBER, log
from tests.integration.test_membership_imports import figures, refusal, send
from tests.integration.test_membership_transfers import (  # noqa: F401 - fixtures
    every_day_in_one_place,
    places,
    register,
)

HEADER = (
    "Mã đảng viên,Hình thức,Chi bộ đi,Chi bộ đến,Nơi ngoài khối,Ngày đề nghị,Ngày giới thiệu,Ngày tiếp nhận\n"
)
PAPERS_HEADER = (
    HEADER.rstrip("\n") + ",Họ tên,Ngày sinh,Giới tính,Dân tộc,Tôn giáo,Đoàn viên,Ngày vào Đảng,Chính thức\n"
)
NEWCOMER = ",Quàng Văn Ví Dụ,02/01/1985,Nam,Thái,,Không,19/05/2010,19/05/2011\n"
INTO = "M9,Chuyển đến,,K.2,Huyện Mai Sơn,02/03/2020,03/03/2020,{received}"


@pytest.fixture
async def people(register):  # noqa: F811
    for number in (2, 3):
        assert (await register.post("/v1/members", json=MEMBER | {"code": f"M{number}"})).status_code == 201
    return register


async def test_a_months_sheet_is_filled_in_as_things_happen(people, pool):
    first = HEADER + "M1,,K.1.1,K.2,,02/03/2020,,\nM2,Chuyển đi,,,Huyện Mai Sơn,03/03/2020,04/03/2020,\n"
    assert figures(await send(people, "transfers", first)) == (2, 2, 0, 0, 3)
    assert figures(await send(people, "transfers", first)) == (2, 0, 2, 0, 0)
    later = (
        HEADER + "M1,,K.1.1,K.2,,02/03/2020,09/03/2020,20/03/2020\n"
        "M2,Chuyển đi,,,Huyện Mai Sơn,03/03/2020,04/03/2020,25/03/2020\n"
        "M3,Tạm thời,,K.1.2,,05/03/2020,06/03/2020,10/03/2020\n"
    )
    shown = (await send(people, "transfers", later, dry_run=True)).json()
    assert shown["changed"][0]["changes"] == ["transfer-released", "transfer-received", "member-moved"]
    assert figures(await send(people, "transfers", later)) == (3, 3, 0, 0, 9)
    assert figures(await send(people, "transfers", later)) == (3, 0, 3, 0, 0)
    # The sheet as it was first says nothing against what happened since.
    assert figures(await send(people, "transfers", first)) == (2, 0, 2, 0, 0)
    assert await places(pool, date(2020, 3, 24)) == {("M1", "K.2"): 1, ("M2", "K.1.1"): 1, ("M3", "K.1.1"): 1}
    assert await places(pool, date(2020, 3, 25)) == {("M1", "K.2"): 1, ("M3", "K.1.1"): 1}
    await every_day_in_one_place(pool)


async def test_somebody_new_comes_with_their_papers_and_goes_on_in_the_same_file(people, pool):
    without = PAPERS_HEADER + INTO.format(received="20/03/2020") + ",,,,,,,,\n"
    told = (await send(people, "transfers", without)).json()
    assert {error["column"] for error in told["errors"]} >= {"birth_date", "gender", "admitted_on"}
    on = "M9,,,K.1.2,,01/04/2020,02/04/2020,06/04/2020" + ",,,,,,,,\n"
    body = PAPERS_HEADER + INTO.format(received="20/03/2020") + NEWCOMER + on
    assert figures(await send(people, "transfers", body)) == (2, 2, 0, 0, 8)
    assert figures(await send(people, "transfers", body)) == (2, 0, 2, 0, 0)
    member = (await people.get("/v1/members/M9")).json()
    assert (member["cell_code"], member["admitted_on"]) == ("K.1.2", "2010-05-19")
    await every_day_in_one_place(pool)
    assert "Quàng" not in str(await log(pool))


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ("M1,Chuyển đi,,K.2,,02/03/2020,,", [("kind", "other-kind")]),
        ("M1,,K.1.2,K.2,,02/03/2020,,", [("origin_code", "other-origin")]),
        ("M1,,,K.9,,02/03/2020,,", [("destination_code", "unknown-cell")]),
        ("M7,,,K.2,,02/03/2020,,", [("member_code", "not-counted-then")]),
        ("M1,,,K.2,,02/03/2020,01/03/2020,", [("released_on", "transfer-step-before")]),
        ("M1,,,K.2,,02/03/2020,09/03/2020,08/03/2020", [("received_on", "transfer-step-before")]),
        ("M1,,,K.2,,02/03/2020,,09/03/2020", [("released_on", "received-without-release")]),
        ("M1,lung tung,,K.2,,,,", [("kind", "unknown-word"), ("requested_on", "value-missing")]),
    ],
)
async def test_a_bad_row_is_named_with_its_column_and_nothing_is_written(people, pool, row, faults):
    before = len(await log(pool))
    found = refusal(await send(people, "transfers", HEADER + row + "\n"))
    assert sorted((column, code) for _, code, column in found) == sorted(faults)
    assert len(await log(pool)) == before


async def test_a_row_that_contradicts_the_register_is_refused(people):
    rows = HEADER + "M1,,,K.2,,02/03/2020,09/03/2020,20/03/2020\n"
    assert figures(await send(people, "transfers", rows))[1] == 1
    for changed, column in (("09/03/2020", "released_on"), ("20/03/2020", "received_on")):
        other = refusal(await send(people, "transfers", rows.replace(changed, "19/03/2020")))
        assert other == [(2, "differs-from-register", column)]
    named = HEADER.rstrip("\n") + ",Họ tên\nM2,,,K.2,,02/03/2020,,,Lò Văn Khác\n"
    assert refusal(await send(people, "transfers", named)) == [
        (2, "personal-differs-from-register", "full_name")
    ]
    twice = HEADER + "M2,,,K.2,,02/03/2020,,\nM2,,,K.1.2,,03/03/2020,,\n"
    assert refusal(await send(people, "transfers", twice)) == [(3, "transfer-open", "member_code")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_an_export_imports_back_and_changes_nothing(people, pool, form):
    rows = (
        PAPERS_HEADER + INTO.format(received="20/03/2020") + NEWCOMER
        + "M1,,,K.2,,02/03/2020,09/03/2020,20/03/2020,,,,,,,,\nM2,Tạm thời,,K.1.2,,02/03/2020,,,,,,,,,,\n"
        + "M3,,,,Nơi khác,04/03/2020,05/03/2020,06/03/2020,,,,,,,,\n"
    )  # fmt: skip
    assert figures(await send(people, "transfers", rows)) == (4, 4, 0, 0, 13)
    file = await people.get(f"/v1/exports/transfers.{form}")
    assert file.status_code == 200
    media = file.headers["content-type"].partition(";")[0]
    back = await people.post("/v1/imports/transfers", content=file.content, headers={"Content-Type": media})
    assert figures(back) == (4, 0, 4, 0, 0), back.text
    noted = await pool.fetchval("SELECT count FROM personal_data_reads WHERE resource = 'exports/transfers'")
    assert noted == 4
    # The cancelled one is in no file; of a day there is what was on its way then.
    open_ = (await people.get("/v1/members/M2/transfers")).json()["items"][0]["id"]
    await people.post(f"/v1/transfers/{open_}/cancellation", json={"cancelled_on": "2020-03-05"})
    assert len((await people.get("/v1/exports/transfers.csv")).text.splitlines()) == 4
    then = (await people.get("/v1/exports/transfers.csv", params={"as_of": "2020-03-05"})).text.splitlines()
    assert {line.split(",")[0] for line in then[1:]} == {"M1", "M9", "M3"}
    assert not any("2020-03-20" in line for line in then)


async def test_the_template_has_the_pick_list_of_kinds(people):
    book = load_workbook(io.BytesIO((await people.get("/v1/templates/transfers.xlsx")).content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["Mã đảng viên", "Họ và tên", "Hình thức chuyển"]
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert any("Tạm thời" in words for words in lists)
    empty = await people.post(
        "/v1/imports/transfers",
        content=(await people.get("/v1/templates/transfers.xlsx")).content,
        headers={"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    )
    assert figures(empty) == (0, 0, 0, 0, 0)
