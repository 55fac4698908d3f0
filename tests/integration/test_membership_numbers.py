"""Numbers of party cards and files over HTTP, and in members files, on a real database."""

import asyncio

import pytest

from tests.integration.served import problem
from tests.integration.test_membership_commands import MEMBER, log, make_tree

CARD, FILE = "012345678901", "0123456789"
HEADER = (
    "Mã,Chi bộ,Họ tên,Ngày sinh,Giới tính,Dân tộc,Tôn giáo,Đoàn viên,Ngày kết nạp,Ngày chính thức,Ngày ra,Lý do,"
    "Số thẻ,so ly lich dang vien\n"
)


@pytest.fixture
async def register(client):
    await make_tree(client)
    for code in ("M1", "M2"):
        assert (await client.post("/v1/members", json=MEMBER | {"code": code})).status_code == 201
    return client


async def record(register, code="M1", headers=None, **numbers):
    asked = {"effective_date": "2025-05-19"} | numbers
    return await register.post(f"/v1/members/{code}/numbers", json=asked, headers=headers)


async def shown(register, code="M1"):
    return (await register.get(f"/v1/members/{code}/card")).json()["numbers"]


async def send(register, *rows, status=200):
    text = HEADER + "".join(
        f"{code},K.1.1,Lê Thị Hoa,1990-05-01,nữ,Thái,Phật giáo,có,2015-03-01,,,,{card},{file}\n"
        for code, card, file in rows
    )
    answer = await register.post(
        "/v1/imports/members", content=text.encode(), headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_numbers_are_on_the_card_and_in_no_event_and_no_stored_answer(register, pool):
    key = {"Idempotency-Key": "the-1", "If-Match": '"1"'}
    for _ in range(2):
        answer = await record(register, headers=key, card_number="0123 4567 8901")
        assert (answer.status_code, answer.headers["etag"], answer.json()["warnings"]) == (200, '"1"', [])
    short = await record(register, file_number="123456")
    assert [warning["code"] for warning in short.json()["warnings"]] == ["number-length"]
    assert (await record(register, file_number=FILE)).json()["card"]
    assert await shown(register) == {"card_number": CARD, "file_number": FILE}
    assert [version for kind, version, _ in await log(pool) if kind == "member-numbers-recorded"] == [1, 2, 3]
    tables = {
        row[0] for row in await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    for table in tables - {"member_numbers", "former_member_numbers"}:
        texts = await pool.fetch(f"SELECT row_to_json(t)::text FROM {table} AS t")
        assert not [row for row in texts if CARD in row[0] or '"123456"' in row[0]], table
    assert await pool.fetchval("SELECT file_number FROM former_member_numbers WHERE version = 2") == "123456"


async def test_a_number_is_of_one_member(register):
    answers = await asyncio.gather(*(record(register, code, card_number=CARD) for code in ("M1", "M2")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    taken = next(answer for answer in answers if answer.status_code == 409)
    assert problem(taken, 409) == "number-taken"
    assert CARD not in taken.text
    assert problem(await record(register, file_number="12A"), 422) == "number-not-digits"
    assert problem(await record(register, card_number=" "), 422) == "invalid-request"
    assert problem(await record(register, "M9", card_number=CARD), 404) == "unknown-member"
    assert problem(await record(register, headers={"If-Match": '"7"'}, card_number="1"), 412)


async def test_a_members_file_brings_numbers_and_comes_back_with_them(register):
    first = await send(register, ("M1", CARD, ""), ("M3", "12345678", FILE))
    assert first["changes"] == {"member-numbers-recorded": 2, "member-admitted": 1}
    assert [(warning["line"], warning["code"]) for warning in first["warnings"]] == [(3, "number-length")]
    assert await shown(register, "M3") == {"card_number": "12345678", "file_number": FILE}
    exported = await register.get("/v1/exports/members.csv")
    again = await register.post(
        "/v1/imports/members", content=exported.content, headers={"Content-Type": "text/csv"}
    )
    assert (again.json()["unchanged"], again.json()["events"]) == (3, 0), again.text
    (line,) = [text for text in exported.text.splitlines() if text.startswith("M3,")]
    assert line.endswith(f",12345678,{FILE}")
    of_a_day = await register.get("/v1/exports/members.csv", params={"as_of": "2020-01-01"})
    assert line in of_a_day.text.splitlines()
    # What was missing is filled in, and what is another's, or differs, is told by line and never repeated.
    assert (await send(register, ("M1", "", FILE + "1")))["events"] == 1
    bad = await send(
        register, ("M1", "999999999999", ""), ("M2", CARD, ""), ("M4", "77", ""), ("M5", "77", ""),
        ("M6", "A1", "B2"),
        status=422,
    )  # fmt: skip
    assert [(error["line"], error["column"], error["code"]) for error in bad["errors"]] == [
        (2, "card_number", "personal-differs-from-register"),
        (3, "card_number", "number-taken"),
        (5, "card_number", "number-taken"),
        (6, "card_number", "number-not-digits"),
        (6, "file_number", "number-not-digits"),
    ]
    assert CARD not in str(bad)
    assert (await register.get("/v1/members/M4")).status_code == 404
