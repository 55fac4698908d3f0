"""Searching the register over HTTP on a real database: the same people, in the same order, as plain Python finds."""

import logging
import random
import re
import unicodedata

import pytest

from chassis.cursors import encode_cursor
from chassis.migrations import migrate
from chassis.vietnamese import name_sort_key, name_words, unmarked
from services.membership.app import SERVICE
from services.membership.search import Sought
from tests.integration.served import problem
from tests.unit.test_membership_search import LETTERS, finds, is_given_name

UNITS = """code,parent_code,type,name,established_on,dissolved_on
K,,bloc,Đảng bộ Khối,1976-01-01,
K.1,K,grassroots_committee,Đảng bộ Sở Y tế,1990-01-01,
K.1.1,K.1,subordinate_cell,Chi bộ Một,1996-01-01,
K.1.2,K.1,subordinate_cell,Chi bộ Hai,1996-01-01,
K.2,K,grassroots_cell,Chi bộ Thanh tra,1996-01-01,
"""
HEADER = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)
CELLS = ["K.1.1", "K.1.2", "K.2"]
NAMES = [
    "Nguyễn Văn An", "Nguyễn Văn Ân", "NGUYỄN THỊ ÁNH", "Trần An", "An Văn Lê", "Lê Hòa", "Lê Hoà", "Lê Hoa",
    "Lê Hoàng", "Đặng Văn Đang", "Ðặng Thị Đăng", "Dang Van Dang", "Lý Thị Thúy", "Lý Thị Thuý", "H’Hen Niê",
    "Y Bhăm Ê-ban", "Ơn Ưng", "Nguyên Thị Uyên", "Trần Văn An", "Nguyễn Văn An",
]  # fmt: skip


def code_of(number: int) -> str:
    return f"ĐV-{number:03d}"


async def bring(client, kind: str, text: str) -> None:
    answer = await client.post(
        f"/v1/imports/{kind}", content=text.encode(), headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["refused"] == 0


async def enter(client, names: list[str]) -> None:
    await bring(client, "organisations", UNITS)
    rows = [
        f"{code_of(n)},{CELLS[n % 3]},{name},1970-05-01,male,Kinh,,no,2000-01-01,2001-01-01,,\n"
        for n, name in enumerate(names)
    ]
    await bring(client, "members", HEADER + "".join(rows))


@pytest.fixture
async def register(client):
    # Half of the file is in decomposed letters, as some systems write them.
    await enter(
        client, [name if n % 2 else unicodedata.normalize("NFD", name) for n, name in enumerate(NAMES)]
    )
    return client


async def found(client, q: str, **query) -> list[str]:
    """Return the codes of everybody found, page by page."""
    codes: list[str] = []
    while True:
        answer = await client.get("/v1/members", params={"q": q} | query)
        assert answer.status_code == 200, answer.text
        codes += [item["code"] for item in answer.json()["items"]]
        if (next_page := answer.json()["next"]) is None:
            return codes
        query["cursor"] = next_page


def expected(q: str, names: list[str]) -> list[str]:
    """Return the codes that a plain look at every name finds, in the order that is promised."""
    people = [(name, code_of(n)) for n, name in enumerate(names) if finds(q, name)]
    return [
        code
        for name, code in sorted(
            people, key=lambda one: (not is_given_name(q, one[0]), name_sort_key(one[0]), one[1])
        )
    ]


ASKED = [
    "nguyen van an", "Nguyễn Văn An", "NGUYỄN VĂN AN", "an", "ân", "van an", "Đặng", "dang", "đang", "đăng",
    "ng v an", "an nguyen", "hoà", "hòa", "hoa", "hoá", "n", "h'hen", "hen", "ê ban", "thuý", "u", "ư", "zz",
    "nguyên", "lê h", unicodedata.normalize("NFD", "Đặng Thị"),
]  # fmt: skip


async def test_the_same_are_found_in_the_same_order_as_by_looking_at_every_name(register):
    for q in ASKED:
        whole = expected(q, NAMES)
        assert await found(register, q) == whole, q
        assert await found(register, q, limit=1) == whole, q
        assert await found(register, q, limit=3) == whole, q


async def test_a_given_name_comes_before_other_places_of_the_word(register):
    names = {code_of(n): name for n, name in enumerate(NAMES)}
    assert [names[code] for code in await found(register, "an")] == [
        "Nguyễn Văn An", "Nguyễn Văn An", "Trần An", "Trần Văn An", "Nguyễn Văn Ân", "NGUYỄN THỊ ÁNH", "An Văn Lê",
    ]  # fmt: skip


async def test_a_code_is_found_by_its_beginning_in_either_case_and_a_name_with_it(register):
    assert await found(register, "ĐV-003") == await found(register, "dv-003") == [code_of(3)]
    assert len(await found(register, "đv-00")) == 10
    assert await found(register, "hoa dv-0") == expected("hoa", NAMES)[:4]
    assert await found(register, "003") == []


async def test_a_unit_holds_the_cells_below_it(register):
    everybody = await found(register, "an")
    in_committee = await found(register, "an", unit="K.1")
    in_cells = [code for cell in CELLS for code in await found(register, "an", unit=cell)]
    assert await found(register, "an", unit="K") == everybody
    assert 0 < len(in_committee) < len(everybody)
    assert set(in_committee) == set(everybody) - set(await found(register, "an", unit="K.2"))
    assert sorted(in_cells) == sorted(everybody)
    answer = await register.get("/v1/members", params={"q": "an", "unit": "K.9"})
    assert problem(answer, 404) == "unknown-organisation"


async def test_only_members_of_the_day_are_found(register):
    await register.post(f"/v1/members/{code_of(0)}/departure", json={"left_on": "2020-06-01"})
    assert code_of(0) in await found(register, "nguyen van an", as_of="2020-05-31")
    assert code_of(0) not in await found(register, "nguyen van an", as_of="2020-06-01")
    assert code_of(0) not in await found(register, "nguyen van an")
    assert await found(register, "an", as_of="1999-12-31") == []
    standing = {}
    for day in ("2000-12-31", "2001-01-01"):
        answer = await register.get("/v1/members", params={"q": code_of(3), "as_of": day})
        standing[day] = answer.json()["items"][0]["standing"]
    assert standing == {"2000-12-31": "probationary", "2001-01-01": "official"}


async def test_a_corrected_name_is_found_and_the_former_is_not(register):
    corrected = {"fact": 1, "full_name": "Phạm Quỳnh Giao"}
    assert (await register.post(f"/v1/members/{code_of(5)}/corrections", json=corrected)).status_code == 200
    assert await found(register, "quỳnh giao") == [code_of(5)]
    assert code_of(5) not in await found(register, "le hoa")


async def test_no_sign_stands_for_something_else(register):
    for q in (
        "%",
        "_",
        "\\",
        "a%",
        "_n",
        "an\\",
        "(",
        "[a",
        ".*",
        "a|b",
        "{an}",
        '"',
        "&",
        "$",
        "*",
        "?",
        "^an",
    ):
        assert await found(register, q) == [], q


async def test_nothing_to_search_for_is_said(register):
    for q in ("", "   ", "-", "’", "\u0301"):
        answer = await register.get("/v1/members", params={"q": q})
        assert problem(answer, 422) == "nothing-sought", q


async def test_what_nobody_is_named_is_refused_without_repeating_it(register):
    for q in ("a" * 500, "an\0", "ăb" * 250):
        answer = await register.get("/v1/members", params={"q": q})
        assert problem(answer, 422) == "invalid-request"
        assert not any(quoted in answer.text for quoted in ("aaa", "an\\", "ăb"))


async def test_long_and_strange_texts_are_answered(register):
    for q in ("ộ " * 150, "a" * 300, "đ" * 300, "1 " * 150, "😀", "İ ß ŉ ﬁ", "\u2028an"):
        answer = await register.get("/v1/members", params={"q": q})
        assert answer.status_code == 200, answer.text
    assert problem(await register.get("/v1/members"), 422) == "invalid-request"


async def test_a_cursor_of_another_list_is_refused(register):
    for values in (["others", "zz", ""], ["neither", "", ""], ["", ""]):
        answer = await register.get("/v1/members", params={"q": "an", "cursor": encode_cursor(values)})
        assert problem(answer, 400) == "invalid-cursor"


async def test_a_page_stands_while_people_come_and_go(register):
    first = (await register.get("/v1/members", params={"q": "an", "limit": 3})).json()
    await register.post(f"/v1/members/{first['items'][0]['code']}/departure", json={"left_on": "2020-06-01"})
    rest = await found(register, "an", limit=3, cursor=first["next"])
    assert [item["code"] for item in first["items"]] + rest == expected("an", NAMES)


async def test_a_search_and_a_member_by_code_do_not_meet(register):
    assert (await register.get("/v1/members/ĐV-001")).json()["code"] == "ĐV-001"
    assert problem(await register.get("/v1/members/"), 404) == "unknown-member"
    assert problem(await register.get("/v1/members/search"), 404) == "unknown-member"


async def test_every_search_is_noted_and_what_was_typed_is_nowhere(register, pool, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the caller's own
    for q, parameters in (
        ("Quỳnhnga", {}),
        ("Quỳnhnga", {"unit": "K.1"}),
        ("Quỳnhnga\0", {}),
        ("hoà", {"limit": "2"}),
    ):
        await register.get("/v1/members", params={"q": q} | parameters, headers={"X-Chibo-Actor": "officer"})
    reads = await pool.fetch("SELECT actor, resource, count FROM personal_data_reads ORDER BY id")
    assert [tuple(row) for row in reads] == [
        ("officer", "members/search", 0),
        ("officer", "organisations/K.1/members/search", 0),
        ("officer", "members/search", 2),
    ]
    said = caplog.text + (await register.get("/metrics")).text
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for row in tables:
        said += str(await pool.fetch(f"SELECT row_to_json(t)::text FROM {row['tablename']} AS t"))
    assert re.search(r'method="GET",route="[^{}"]*/members"', said)
    assert not re.search(r"qu(ỳ|%E1%BB%B3|y)nhnga|ho%C3%A0", said, re.IGNORECASE)


async def test_the_database_folds_as_python_does(register, pool):
    chance = random.Random(4)
    every = [chr(point) for point in (*range(0x20, 0x180), *range(0x1A0, 0x1B5), *range(0x1E00, 0x1F00))]
    latin = [c for c in every if c.isprintable() and unmarked(c).isascii() and c not in "ßŉſẛẞ"]
    texts = [f"{c} a{c}b" for c in (*latin, *LETTERS, *map(chr, range(0x300, 0x345)))]
    texts += [unicodedata.normalize("NFD", text) for text in texts]
    texts += ["".join(chance.choices([*LETTERS, *" '’-.,"], k=chance.randint(1, 30))) for _ in range(2000)]
    rows = await pool.fetch(
        """
        SELECT text, array_remove(string_to_array(name_words(text), ' '), '') AS words, prefixes(name_words(text))
        FROM unnest($1::text[]) AS text
        """,
        texts,
    )
    for text, words, prefixes in rows:
        folded = [word for word in map(unmarked, name_words(text)) if word]
        assert words == folded, text
        assert prefixes == [word[: end + 1] for word in folded for end in range(len(word))], text


async def test_the_database_reads_a_spelling_as_python_does(register, pool):
    chance = random.Random(5)
    small = [c for c in LETTERS if unmarked(c) in {"a", "d", "o", "n"}]
    pairs = [
        (
            " ".join("".join(chance.choices(small, k=chance.randint(1, 3))) for _ in range(2)),
            " ".join("".join(chance.choices([*small, "’"], k=chance.randint(1, 5))) for _ in range(3)),
        )
        for _ in range(3000)
    ]
    asked = [
        (pattern, name)
        for typed, name in pairs
        for sought in [Sought.of(typed)]
        for pattern in (*sought.spellings, sought.given_name_spelling or "")
    ]
    rows = await pool.fetch(
        "SELECT name ~ pattern FROM unnest($1::text[], $2::text[]) AS t (pattern, name)",
        *map(list, zip(*asked, strict=True)),
    )
    said = [row[0] for row in rows]
    assert said == [bool(re.search(pattern, name)) for pattern, name in asked]
    assert {True, False} == set(said)


async def test_members_entered_before_there_was_a_search_are_found(pool):
    earlier = [path for path in SERVICE.all_migrations if path.name < "20260101000004_member_search.sql"]
    async with pool.acquire() as connection:
        await migrate(connection, earlier)
        await connection.execute(
            """
            INSERT INTO organisations (id, code, name, type, established_on, version)
            VALUES (gen_random_uuid(), 'K', 'Đảng bộ Khối', 'bloc', '1976-01-01', 1);
            INSERT INTO members (id, code, cell_id, gender, youth_union, admitted_on, version)
            SELECT gen_random_uuid(), 'M1', id, 'male', false, '2000-01-01', 1 FROM organisations;
            INSERT INTO member_identities (member_id, full_name, name_sort_key, birth_date, ethnicity)
            SELECT id, 'Đặng Thị Hòa', '', '1970-01-01', 'Kinh' FROM members
            """
        )
        await migrate(connection, SERVICE.all_migrations)
        row = await connection.fetchrow("SELECT name_prefixes, given_name FROM member_identities")
    assert row["given_name"] == "hoa"
    assert row["name_prefixes"] == ["d", "da", "dan", "dang", "t", "th", "thi", "h", "ho", "hoa"]
