"""The register as a file, and that file imported: into an empty register the same state, into its own nothing."""

import csv
import io
import secrets
import string
from datetime import datetime
from pathlib import Path

import pytest
from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from chassis.database import Pool
from services.membership.app import SERVICE as MEMBERSHIP
from services.membership.columns import COLUMNS, Kind
from services.membership.exports import register
from tests.integration.served import served

EXAMPLE = Path(__file__).parents[2] / "examples" / "bloc-2020"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = ["csv", "xlsx"]
SHEET = "Đảng viên"


async def send(client: AsyncClient, kind: str, body: bytes | str, form: str = "csv", **query) -> dict:
    content = body.encode() if isinstance(body, str) else body
    headers = {"Content-Type": "text/csv" if form == "csv" else XLSX}
    answer = await client.post(f"/v1/imports/{kind}", content=content, headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def exported(client: AsyncClient, kind: str, form: str = "csv", **query) -> bytes:
    answer = await client.get(f"/v1/exports/{kind}.{form}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{kind}.{form}"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    return answer.content


def table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


async def state(pool: Pool) -> tuple[list[tuple], ...]:
    """All that the register says, without the ids that it gives itself."""
    units = await pool.fetch(
        "SELECT unit.code, unit.name, unit.type, parent.code, unit.established_on, unit.dissolved_on"
        " FROM organisations AS unit LEFT JOIN organisations AS parent ON parent.id = unit.parent_id ORDER BY 1"
    )
    people = await pool.fetch(
        "SELECT member.code, cell.code, full_name, name_sort_key, birth_date, gender, ethnicity, religion,"
        " youth_union, admitted_on, entered_on, official_on, left_on, left_reason FROM members AS member"
        " JOIN member_identities ON member_id = member.id JOIN organisations AS cell ON cell.id = cell_id ORDER BY 1"
    )
    return [tuple(row) for row in units], [tuple(row) for row in people]


async def assert_comes_back(client: AsyncClient, pool: Pool, stack, form: str) -> None:
    before = await state(pool)
    files = {kind: await exported(client, kind, form) for kind in Kind}
    async with served(MEMBERSHIP, stack.database_url(f"test_{secrets.token_hex(6)}")) as (other, other_pool):
        for kind in Kind:
            report = await send(other, kind, files[kind], form)
            assert (report["refused"], report["unchanged"]) == (0, 0)
        assert await state(other_pool) == before
    events = await pool.fetchval("SELECT count(*) FROM event_log")
    for kind in Kind:
        report = await send(client, kind, files[kind], form)
        assert (report["imported"], report["refused"], report["unchanged"]) == (0, 0, report["rows"])
    assert await pool.fetchval("SELECT count(*) FROM event_log") == events


@pytest.mark.parametrize("form", FORMS)
async def test_the_example_bloc_comes_back_from_its_export(database_url, stack, form, monkeypatch):
    monkeypatch.setattr(register, "_PART", 100)  # several parts, with a last one that is not full
    async with served(MEMBERSHIP, database_url) as (client, pool):
        for kind in (Kind.ORGANISATIONS, Kind.MEMBERS):
            await send(client, kind, (EXAMPLE / f"{kind}.csv").read_bytes())
        await assert_comes_back(client, pool, stack, form)


# U+FFFE and U+FFFF are no characters, and XML has no place for them: a workbook says U+FFFD instead.
LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
NAMES = st.text(LETTERS, min_size=1, max_size=12)
TRICKY = st.sampled_from(
    [
        "=1+1",
        "-Ê ban",
        "+84",
        "@A",
        "'=x",
        "''-x",
        "'",
        "K'Brếp",
        'Chi "bộ", 1',
        "007",
        "a;b",
        "2020-01-01",
        "Nữ",
    ]
)
TEXTS = NAMES | TRICKY


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    units=st.lists(TEXTS, min_size=1, max_size=4),
    people=st.lists(st.tuples(TEXTS, TEXTS, st.none() | TEXTS, st.booleans(), st.integers(0, 2)), max_size=6),
    form=st.sampled_from(FORMS),
)
async def test_any_register_comes_back_from_its_export(stack, units, people, form):
    async with served(MEMBERSHIP, stack.database_url(f"test_{secrets.token_hex(6)}")) as (client, pool):
        await post(
            client, "organisations", code="=K", type="bloc", name=units[0], established_on="1976-01-01"
        )
        for number, name in enumerate(units):
            await post(
                client, "organisations", code=f"@{number}", parent_code="=K", type="grassroots_cell", name=name,
                established_on="1990-01-01",
            )  # fmt: skip
        for number, (name, ethnicity, religion, youth, way) in enumerate(people):
            code = f"-{number:04}"
            await post(
                client, "members", code=code, cell_code=f"@{number % len(units)}", full_name=name,
                birth_date="1990-05-01", gender="female", ethnicity=ethnicity, religion=religion,
                youth_union=youth, admitted_on="2015-03-01",
            )  # fmt: skip
            if way:
                await post(client, f"members/{code}/confirmation", official_on="2016-03-01")
            if way == 2:
                await post(client, f"members/{code}/departure", left_on="2020-01-01")
        await assert_comes_back(client, pool, stack, form)


async def post(client: AsyncClient, path: str, **body) -> None:
    answer = await client.post(f"/v1/{path}", json=body)
    assert answer.status_code in {200, 201}, answer.text


UNITS = """code,parent_code,type,name,established_on,dissolved_on
A1,B,subordinate_cell,Chi bộ Một,1996-01-01,
B,Z,grassroots_committee,Đảng bộ Sở Y tế,1990-01-01,
Z,,bloc,Đảng bộ Khối,1976-01-01,
C,Z,grassroots_cell,Chi bộ Thanh tra,1990-01-01,2021-01-01
"""
MEMBERS = (
    ",".join(column.name for column in COLUMNS[Kind.MEMBERS] if not column.optional)
    + """
007,A1,Lê Thị Ánh,1990-05-01,female,Kinh,,no,2015-03-01,2016-03-01,,
2,A1,Trần Văn An,1990-05-02,male,Tày,Phật giáo,yes,2015-03-01,,2020-01-01,
3,C,Bùi Thị Bé,1990-05-03,female,Kinh,,no,2015-03-01,,2020-01-01,died
"""
)


@pytest.fixture
async def loaded(client) -> AsyncClient:
    await send(client, "organisations", UNITS)
    await send(client, "members", MEMBERS)
    return client


async def test_a_csv_export_has_the_columns_of_the_import_units_before_those_below_them(loaded):
    units = await exported(loaded, "organisations")
    assert units.startswith("\ufeffcode,parent_code,type,name,established_on,dissolved_on\r\n".encode())
    assert [(row["code"], row["parent_code"], row["dissolved_on"]) for row in table(units)] == [
        ("Z", "", ""), ("B", "Z", ""), ("A1", "B", ""), ("C", "Z", "2021-01-01"),
    ]  # fmt: skip
    people = table(await exported(loaded, "members"))
    assert list(people[0]) == [column.name for column in COLUMNS[Kind.MEMBERS]]
    assert [row["full_name"] for row in people] == ["Trần Văn An", "Lê Thị Ánh", "Bùi Thị Bé"]
    assert people[0] == {
        "code": "2", "cell_code": "A1", "full_name": "Trần Văn An", "birth_date": "1990-05-02", "gender": "male",
        "ethnicity": "Tày", "religion": "Phật giáo", "youth_union": "yes", "admitted_on": "2015-03-01",
        "official_on": "", "left_on": "2020-01-01", "left_reason": "unstated", "entered_on": "",
        "admission_decided_on": "", "education": "", "qualification": "", "theory": "", "occupation": "",
        "card_number": "", "file_number": "",
    }  # fmt: skip


async def test_who_came_from_outside_comes_back_from_the_export_as_who_came_from_outside(loaded, pool, stack):
    rows = (
        ("8", "2015-03-01", "2016-03-01", "", "2018-01-01"),  # official when they came
        ("9", "2017-03-01", "2018-03-01", "2019-01-01", "2018-01-01"),  # confirmed here, and gone
        ("10", "2017-03-01", "", "", "2018-01-01"),
        ("11", "2017-03-01", "", "", "2017-03-01"),  # the day of admission: admitted here
    )
    header = ",".join([*MEMBERS.splitlines()[0].split(","), "entered_on"])
    text = "".join(
        f"{code},A1,Lê An,1990-05-01,male,Kinh,,no,{admitted},{official},{left},,{entered}\n"
        for code, admitted, official, left, entered in rows
    )
    report = await send(loaded, "members", f"{header}\n{text}")
    assert report["changes"] == {
        "member-received": 3, "member-confirmed": 1, "member-left": 1, "member-admitted": 1,
    }  # fmt: skip
    found = table(await exported(loaded, "members"))
    assert {row["code"]: row["entered_on"] for row in found if row["entered_on"]} == {
        "8": "2018-01-01", "9": "2018-01-01", "10": "2018-01-01",
    }  # fmt: skip
    for day, codes in (
        ("2017-12-31", {"007", "2", "3", "11"}),
        ("2018-01-01", {"007", "2", "3", "8", "9", "10", "11"}),
    ):
        of_day = table(await exported(loaded, "members", as_of=day))
        assert {row["code"] for row in of_day} == codes
    for form in FORMS:
        await assert_comes_back(loaded, pool, stack, form)
    refused = await loaded.post(
        "/v1/imports/members", headers={"Content-Type": "text/csv"},
        content=f"{header}\n8,A1,Lê An,1990-05-01,male,Kinh,,no,2015-03-01,2016-03-01,,,2018-01-02\n"
        "12,A1,Lê An,1990-05-01,male,Kinh,,no,2015-03-01,,,,2015-02-28\n".encode(),
    )  # fmt: skip
    assert [(one["line"], one["code"]) for one in refused.json()["errors"]] == [
        (2, "differs-from-register"), (3, "received-before-admission")
    ]  # fmt: skip


async def test_a_workbook_is_for_people(loaded):
    sheet = load_workbook(io.BytesIO(await exported(loaded, "members", "xlsx"))).active
    assert sheet.title == SHEET
    assert [cell.value for cell in sheet[1]] == [column.label for column in COLUMNS[Kind.MEMBERS]]
    row = sheet[2]
    assert [cell.value for cell in row] == [
        "2", "A1", "Trần Văn An", datetime(1990, 5, 2), "Nam", "Tày", "Phật giáo", "Có", datetime(2015, 3, 1), None,  # noqa: DTZ001
        datetime(2020, 1, 1), "Không rõ", *[None] * 8,  # noqa: DTZ001
    ]  # fmt: skip
    assert (row[3].number_format, row[0].number_format) == ("dd/mm/yyyy", "@")
    assert sheet["A3"].value == "007"


async def test_nothing_in_an_export_is_a_formula(client):
    await send(client, "organisations", UNITS.replace("Chi bộ Một", "=cmd|x"))
    assert [row["name"] for row in table(await exported(client, "organisations"))][2] == "'=cmd|x"
    sheet = load_workbook(io.BytesIO(await exported(client, "organisations", "xlsx"))).active
    assert (sheet["D4"].value, sheet["D4"].data_type) == ("=cmd|x", "s")


async def test_a_unit_is_exported_with_all_below_it(loaded):
    assert [row["code"] for row in table(await exported(loaded, "organisations", unit="B"))] == ["B", "A1"]
    assert [row["code"] for row in table(await exported(loaded, "members", unit="B"))] == ["2", "007"]
    assert [row["code"] for row in table(await exported(loaded, "members", unit="C"))] == ["3"]
    answer = await loaded.get("/v1/exports/members.csv", params={"unit": "Q"})
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:chibo:problem:unknown-organisation")


async def test_an_empty_register_is_a_header(client):
    assert table(await exported(client, "members")) == []
    assert (await send(client, "members", await exported(client, "members", "xlsx"), "xlsx"))["rows"] == 0


async def test_an_export_of_members_notes_who_read_how_many(loaded, pool):
    await exported(loaded, "organisations")
    for query in ({}, {"unit": "B"}):
        answer = await loaded.get(
            "/v1/exports/members.xlsx", params=query, headers={"X-Chibo-Actor": "can-bo-1"}
        )
        assert answer.status_code == 200
    rows = await pool.fetch("SELECT actor, resource, count FROM personal_data_reads ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("can-bo-1", "exports/members", 3), ("can-bo-1", "exports/organisations/B/members", 2),
    ]  # fmt: skip


async def test_what_is_no_file_is_refused(client):
    assert (await client.get("/v1/exports/members.pdf")).status_code == 422
    assert (await client.get("/v1/exports/meetings.csv")).status_code == 422


@pytest.mark.parametrize("kind", Kind)
async def test_a_template_offers_what_may_stand_in_each_column(client, kind):
    answer = await client.get(f"/v1/templates/{kind}.xlsx")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    book = load_workbook(io.BytesIO(answer.content))
    data, guide = book.worksheets
    assert [[cell.value for cell in row] for row in data.rows] == [[column.label for column in COLUMNS[kind]]]
    rules = {str(rule.sqref): rule for rule in data.data_validations.dataValidation}
    for letter, column in zip(string.ascii_uppercase, COLUMNS[kind], strict=False):
        rule = rules.pop(f"{letter}2:{letter}1048576", None)
        if column.words:
            assert rule.formula1 == f'"{",".join(column.words)}"'
            assert len(rule.formula1) <= 255
            assert not any("," in word for word in column.words)
        elif column.is_date:
            assert rule.type == "date"
            assert data.column_dimensions[letter].number_format == "dd/mm/yyyy"
        else:
            assert rule is None
            assert data.column_dimensions[letter].number_format == "@"
    assert rules == {}
    explained = [[cell.value for cell in row] for row in guide.rows]
    assert [row[0] for row in explained[1 : 1 + len(COLUMNS[kind])]] == [
        column.label for column in COLUMNS[kind]
    ]
    assert "ví dụ" in explained[-3][0]
    assert [value or "" for value in explained[-1][: len(COLUMNS[kind])]] == [
        column.example for column in COLUMNS[kind]
    ]


async def test_a_template_that_is_filled_in_is_imported(client, pool):
    async def filled(kind: Kind, *rows: list) -> dict:
        book = load_workbook(io.BytesIO((await client.get(f"/v1/templates/{kind}.xlsx")).content))
        for row in rows:
            book.worksheets[0].append(row)
        stored = io.BytesIO()
        book.save(stored)
        return await send(client, kind, stored.getvalue(), "xlsx")

    day = datetime(1996, 1, 1)  # noqa: DTZ001 - a sheet knows no time zone
    assert (await filled(Kind.MEMBERS))["rows"] == 0
    types = [word for column in COLUMNS[Kind.ORGANISATIONS] for word in column.words]
    units = await filled(
        Kind.ORGANISATIONS,
        ["K.01", "K", types[1], "Đảng bộ Sở Y tế", day],
        ["K.02", "K.01", types[2], "Đảng bộ bộ phận Khoa Nội", day],
        ["K", None, types[0], "Đảng bộ Khối", day],
        ["K.03", "K", types[3], "Chi bộ Thanh tra", "01/01/1996", None],
        ["K.01.01", "K.02", types[4], "Chi bộ Khoa Nội", day, None],
    )
    assert (units["imported"], units["errors_total"]) == (5, 0)
    examples = {column.name: column for column in COLUMNS[Kind.MEMBERS]}
    reasons = examples["left_reason"].words
    example = [column.example for column in COLUMNS[Kind.MEMBERS]]
    gone = [
        [f"DV-{number}", *example[1:8], day.replace(year=2010), None, day.replace(year=2011), reason]
        for number, reason in enumerate(reasons)
    ]
    people = await filled(Kind.MEMBERS, example, *gone)
    assert (people["imported"], people["errors_total"]) == (1 + len(reasons), 0)
    assert {row["left_reason"] for row in await pool.fetch("SELECT left_reason FROM members")} == {
        None, "transferred_out", "resigned", "removed", "expelled", "died", "unstated",
    }  # fmt: skip


async def test_the_export_of_a_tree_that_changed_is_its_state_now(loaded, pool, stack):
    await post(loaded, "organisations/C/rename", effective_date="2005-01-01", name="Chi bộ Thanh tra tỉnh")
    await post(
        loaded, "organisations", code="B2", parent_code="Z", type="grassroots_committee", name="Đảng bộ Sở Nội vụ",
        established_on="1991-01-01",
    )  # fmt: skip
    await post(loaded, "organisations/A1/reparent", effective_date="2006-01-01", parent_code="B2")
    rows = {row["code"]: row for row in table(await exported(loaded, "organisations"))}
    assert (rows["C"]["name"], rows["A1"]["parent_code"]) == ("Chi bộ Thanh tra tỉnh", "B2")
    assert list(rows) == ["Z", "B", "B2", "A1", "C"]
    await assert_comes_back(loaded, pool, stack, "csv")
