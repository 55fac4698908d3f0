"""Files as people send them: what is read, and what is said of a bad one."""

import io
import random
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from chassis import tables
from chassis.tables import guarded
from services.membership.columns import COLUMNS as FILES
from services.membership.columns import Column, Kind, header_key
from services.membership.domain import clean
from services.membership.files import FileRefused, Table

COLUMNS = ("code", "name", "since")
DEFINED = (
    Column("code", "Mã tổ chức", ("Mã",)),
    Column("name", "Họ và tên", ("Họ tên",)),
    Column("since", "Từ ngày"),
)


def rows(body: bytes, **options) -> list[dict[str, str]]:
    return [row.cells for row in Table(body, DEFINED, **options)]


def refusal(body: bytes, **options) -> list[tuple[int, str, str | None]]:
    with pytest.raises(FileRefused) as raised:
        list(Table(body, DEFINED, **options))
    for located in raised.value.faults:
        assert located.fault.message
        assert located.fault.message_en
    return [(located.line, located.fault.code, located.fault.column) for located in raised.value.faults]


def workbook(*lines: list[object]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


MIDNIGHT = datetime(2021, 2, 3)  # noqa: DTZ001 - a sheet knows no time zone

ONE = [{"code": "A", "name": "Chi bộ Một", "since": "2020-01-01"}]


@pytest.mark.parametrize(
    "text",
    [
        "code,name,since\nA,Chi bộ Một,2020-01-01\n",
        "code,name,since\r\nA,Chi bộ Một,2020-01-01",
        "\ufeffcode,name,since\nA,Chi bộ Một,2020-01-01\n",
        "since,code,name\n2020-01-01,A,Chi bộ Một\n",
        " Code , NAME ,since\n A ,  Chi  bộ\u00a0Một , 2020-01-01 \n",
        'code,name,since\n"A","Chi bộ\nMột","2020-01-01"\n',
        unicodedata.normalize("NFD", "code,name,since\nA,Chi bộ Một,2020-01-01\n"),
        "code;name;since\nA;Chi bộ Một;2020-01-01\n",
        "code\tname\tsince\nA\tChi bộ Một\t2020-01-01\n",
        "code,name,since,,\n\n,,,,\nA,Chi bộ Một,2020-01-01,,\n",
    ],
)
def test_the_ways_of_writing_a_csv_file_come_to_the_same(text):
    assert rows(text.encode()) == ONE


def test_a_workbook_reads_like_a_csv_file_with_real_dates_and_numbers():
    body = workbook(
        ["since", "code", "name"],
        [date(2020, 1, 1), "A", "Chi bộ Một"],
        [],
        [
            MIDNIGHT,
            12,
            unicodedata.normalize("NFD", "Chi bộ Hai"),
        ],
        [MIDNIGHT.replace(hour=10, minute=30), 1.5, None],
    )
    table = list(Table(body, DEFINED))
    assert [row.line for row in table] == [2, 4, 5]
    assert [row.cells for row in table] == [
        *ONE,
        {"code": "12", "name": "Chi bộ Hai", "since": "2021-02-03"},
        {"code": "1.5", "name": "", "since": "2021-02-03 10:30:00"},
    ]
    assert not any(row.faults for row in table)


def test_a_header_alone_is_a_file_of_no_rows():
    assert rows(b"code,name,since\n") == []
    assert rows(workbook(list(COLUMNS))) == []


def test_lines_are_counted_as_an_editor_shows_them():
    table = Table(b'code,name,since\n\n"A","x\ny",\nB,z,\n', DEFINED)
    assert [row.line for row in table] == [3, 5]


def test_a_row_of_another_length_is_an_error_of_that_row_alone():
    table = list(Table(b"code,name,since\nA,b\nB,c,d\nC,c,d,e\n", DEFINED))
    assert [[fault.code for fault in row.faults] for row in table] == [["ragged-row"], [], ["ragged-row"]]
    assert "2 ô" in table[0].faults[0].message


def test_an_extra_column_is_named_and_not_read():
    table = Table("code,Ghi chú,name,since\nA,x,b,\n".encode(), DEFINED)
    assert [row.cells for row in table] == [{"code": "A", "name": "b", "since": ""}]
    assert [(w.line, w.fault.code) for w in table.warnings] == [(1, "unknown-column")]
    assert "Ghi chú" in table.warnings[0].fault.message


def test_columns_that_are_missing_or_doubled_are_each_named():
    assert refusal(b"code,code\nA,B\n") == [
        (1, "duplicate-column", "code"), (1, "missing-column", "name"), (1, "missing-column", "since"),
    ]  # fmt: skip
    assert refusal(workbook(["code", "name"], ["A", "B"])) == [(1, "missing-column", "since")]
    with pytest.raises(FileRefused) as raised:
        Table(b"code,since\n", DEFINED)
    assert "“Họ và tên” (name)" in raised.value.faults[0].fault.message


@pytest.mark.parametrize(
    "header",
    [
        "ma,ho va ten,tu ngay",
        "MÃ ,  HỌ   TÊN , từ_ngày",
        unicodedata.normalize("NFD", "Mã,Họ & tên *,Từ ngày (ngày/tháng/năm)"),
    ],
)
def test_columns_are_found_under_the_names_people_write_and_that_is_said(header):
    table = Table(f"{header},Ghi chú\nA,Chi bộ Một,2020-01-01,x\n".encode(), DEFINED)
    assert [row.cells for row in table] == ONE
    assert [(n.line, n.fault.code, n.fault.column) for n in table.notices] == [
        (1, "column-understood", name) for name in COLUMNS
    ]
    assert clean(header.split(",")[1]) in table.notices[1].fault.message
    assert [warning.fault.code for warning in table.warnings] == ["unknown-column"]


def test_a_columns_own_name_is_nothing_to_report():
    assert Table(b"Code,NAME, since\n", DEFINED).notices == []


@pytest.mark.parametrize("kind", Kind)
def test_the_templates_own_headers_are_nothing_to_report(kind):
    header = ",".join(column.label for column in FILES[kind])
    assert Table(f"{header}\n".encode(), FILES[kind]).notices == []
    assert Table(f"{header.upper()}\n".encode(), FILES[kind]).notices == []


def test_two_headers_of_one_meaning_are_both_named():
    with pytest.raises(FileRefused) as raised:
        Table("code,Họ và tên,since,ho ten\n".encode(), DEFINED)
    (located,) = raised.value.faults
    assert (located.line, located.fault.code, located.fault.column) == (1, "duplicate-column", "name")
    assert "“Họ và tên” và “ho ten”" in located.fault.message


@pytest.mark.parametrize("kind", Kind)
def test_no_name_stands_for_two_columns_of_a_file(kind):
    names = [
        header_key(name)
        for column in FILES[kind]
        for name in {header_key(name) for name in (column.name, column.label, *column.other_names)}
    ]
    assert all(names)
    assert len(names) == len(set(names))


LEGACY = "code,name,since\nA,x,\nB,Chi b\u1ed9,\n".encode("utf-16")
LATIN = b"code,name,since\nA,x,\nB,Chi b\xe9,\n"
HUGE_FIELD = b"code,name,since\nA," + b"x" * 10_000_000 + b",\n"


@pytest.mark.parametrize(
    ("body", "line", "code"),
    [
        (b"", 1, "empty-file"),
        (b" \r\n\n", 1, "empty-file"),
        (b"\xef\xbb\xbf", 1, "empty-file"),
        (LEGACY, 1, "not-utf-8"),
        (LATIN, 3, "not-utf-8"),
        (b"code,name,since\nA,x,\n" + "ệ".encode()[:2], 3, "not-utf-8"),
        (b"code,name,since\nA,\0,\n", 2, "binary-content"),
        (LEGACY[2:], 3, "not-utf-8"),
        (HUGE_FIELD, 2, "field-too-long"),
        (b'code,name,since\nA,"x"y,\n', 2, "broken-quoting"),
        (b'code,name,since\nA,x,\nB,"x\n', 3, "broken-quoting"),
        (b"PK\x03\x04 not really", 1, "not-a-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", 1, "old-excel"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_table_is_refused_with_its_line(body, line, code):
    assert refusal(body) == [(line, code, None)]


def test_ten_megabytes_of_junk_are_refused():
    assert refusal(random.Random(3).randbytes(10_000_000))[0][1] in {"not-utf-8", "binary-content"}
    assert refusal(b"PK\x03\x04" + random.Random(3).randbytes(10_000_000)) == [(1, "not-a-workbook", None)]


def test_utf8_is_checked_across_the_blocks_it_is_read_in(monkeypatch):
    monkeypatch.setattr(tables, "_BLOCK", 3)
    body = "code,name,since\nA,Đảng bộ,\n".encode()
    assert rows(body) == [{"code": "A", "name": "Đảng bộ", "since": ""}]
    assert refusal(body + "ộ".encode()[:2] + b"\n")[0][:2] == (3, "not-utf-8")
    # The broken byte comes right after a letter that two blocks share, and before the end of its line.
    assert refusal(b"code,name,since\nAA," + "ộ".encode() + b"\xff\n,")[0][:2] == (2, "not-utf-8")


def test_a_csv_file_announced_as_a_workbook_is_refused():
    assert refusal(b"code,name,since\n", workbook=True) == [(1, "not-a-workbook", None)]


def test_a_zip_that_is_no_workbook_is_refused():
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(stored.getvalue()) == [(1, "not-a-workbook", None)]


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    stored = io.BytesIO(workbook(list(COLUMNS)))
    with zipfile.ZipFile(stored, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/media/{number}.bin", bytes(tables.MAX_UNPACKED // 2))
    assert len(stored.getvalue()) < 1_000_000
    assert refusal(stored.getvalue()) == [(1, "workbook-too-large", None)]


def test_a_sheet_that_claims_a_row_far_away_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_LINES", 1000)
    book = Workbook()
    book.active.append(list(COLUMNS))
    book.active.cell(1_000_000, 1, "A")
    stored = io.BytesIO()
    book.save(stored)
    assert refusal(stored.getvalue()) == [(1001, "too-many-lines", None)]


def test_a_csv_file_of_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_LINES", 3)
    assert len(rows(b"code,name,since\nA,b,\nB,c,\n")) == 2
    assert refusal(b"code,name,since\nA,b,\nB,c,\nC,d,\n") == [(4, "too-many-lines", None)]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_but_never_break(body):
    for prefix in (b"", b"code,name,since\n", b"PK\x03\x04"):
        try:
            list(Table(prefix + body, DEFINED))
        except FileRefused:
            continue


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@A", "'=1", "''@"])
def test_the_guard_against_formulas_is_taken_away_again(text):
    assert guarded(text)[0] == "'"
    assert rows(f"code,name,since\n{guarded(text)},b,\n".encode())[0]["code"] == text


@pytest.mark.parametrize("text", ["K'Brếp", "'A", "'", "A=1", "''"])
def test_other_apostrophes_stay(text):
    assert guarded(text) == text
    assert rows(f"code,name,since\n{text},'=x,\n".encode())[0] == {"code": text, "name": "=x", "since": ""}


VISIBLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


@given(st.lists(st.tuples(VISIBLE, VISIBLE, VISIBLE), max_size=8))
def test_what_is_written_by_a_csv_writer_is_read_back(written):
    import csv  # noqa: PLC0415 - the peer that the reader is held against

    stored = io.StringIO()
    csv.writer(stored).writerows([COLUMNS, *(map(guarded, row) for row in written)])
    expected = [tuple(map(clean, row)) for row in written]
    found = [tuple(row[column] for column in COLUMNS) for row in rows(stored.getvalue().encode())]
    assert found == [row for row in expected if any(row)]
