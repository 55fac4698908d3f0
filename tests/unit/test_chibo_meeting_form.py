"""The workbook of a meeting: what is written is read again, and what is wrong is found where it is."""

from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chibo.client import Client
from chibo.console import Refused
from chibo.meetings.form_rows import MINUTES, ROLL, SHEETS, asked_by
from chibo.meetings.tables import Column, Mistakes, Sheet, read, tidy, write
from chibo.people import People, Person
from chibo.words import VIETNAM

AN, MAI = (
    Person(f"00000000-0000-0000-0000-00000000000{n}", f"DV-{n}", name)
    for n, name in ((1, "Trần Văn An"), (2, "Lê Mai"))
)
MEETING = {"id": "m", "starts_at": "2026-05-05T07:30:00+00:00"}
NOTES = Sheet("Ghi chép", (Column("Ai", shown=True), Column("Nội dung"), Column("Ngày", is_day=True)))


words = st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=30)
days = st.dates(date(1900, 3, 1), date(2200, 1, 1))


@given(st.lists(st.tuples(words, days), max_size=5))
@settings(max_examples=30, deadline=None)
def test_whatever_is_written_is_read_again(tmp_path_factory, rows):
    file = tmp_path_factory.mktemp("so") / "so.xlsx"
    filled_in = [("ai", text, day) for text, day in rows]
    write(file, [Sheet(NOTES.title, NOTES.columns, filled_in, open=False)], overwrite=False)
    mistakes = Mistakes()
    found = [(row.text("Nội dung"), row.day("Ngày")) for row in read(file, [NOTES], mistakes)[NOTES.title]]
    assert found == [(tidy(text), day.isoformat()) for text, day in rows]
    assert mistakes.found == []


@pytest.fixture
def people():
    found = People(Client("http://127.0.0.1:1"), "test")
    found.add([AN, MAI])
    return found


def filled(tmp_path, cells):
    """The form of a meeting of two people, with some cells as a secretary fills them in."""
    rows = {
        ROLL: [(AN.label, "có mặt", None, None), (MAI.label, "có mặt", None, None)],
        MINUTES: [
            ("Bắt đầu", "05/05/2026 14:30"),
            ("Kết thúc", "16:05"),
            ("Chủ trì", AN.label),
            ("Thư ký", "DV-2"),
        ],
    }
    file = tmp_path / "hop.xlsx"
    write(
        file,
        [Sheet(one.title, one.columns, rows.get(one.title, ()), one.open) for one in SHEETS],
        overwrite=False,
    )
    book = openpyxl.load_workbook(file)
    for (sheet, place), value in cells.items():
        book[sheet][place] = value
    book.save(file)
    return file


def asked(tmp_path, people, cells):
    mistakes = Mistakes()
    found = asked_by(read(filled(tmp_path, cells), SHEETS, mistakes), MEETING, people)
    return found, [(one.sheet, one.line, one.column) for one in mistakes.found]


def test_a_form_that_is_filled_in_is_a_meeting(tmp_path, people):
    found, wrong = asked(
        tmp_path, people,
        {
            ("Điểm danh", "B3"): "Vắng có lý do", ("Điểm danh", "D3"): "Ốm", ("Ý kiến", "B2"): "Khách nói",
            ("Nghị quyết", "A2"): "Về", ("Nghị quyết", "B2"): "Một\nHai", ("Nghị quyết", "D2"): 2,
            ("Nhiệm vụ", "A2"): AN.label, ("Nhiệm vụ", "B2"): "Việc", ("Nhiệm vụ", "C2"): datetime(2026, 5, 25),  # noqa: DTZ001
        },
    )  # fmt: skip
    assert wrong == []
    assert found.holding == {
        "began_at": "2026-05-05T14:30:00+07:00", "ended_at": "2026-05-05T16:05:00+07:00",
        "roll": [
            {"member_id": AN.id, "presence": "present", "special_duty": False},
            {"member_id": MAI.id, "presence": "excused", "special_duty": False},
        ],
    }  # fmt: skip
    assert found.proceedings["absences"] == [{"member_id": MAI.id, "reason": "Ốm"}]
    assert found.proceedings["opinions"] == [{"speaker_id": None, "text": "Khách nói"}]
    [resolution] = found.resolutions
    assert (resolution["text"], resolution["in_favour"], resolution["majority"]) == (
        "Một\nHai",
        2,
        "more_than_half",
    )
    assert found.tasks == [{"member_id": AN.id, "text": "Việc", "due_on": "2026-05-25"}]


def test_a_meeting_may_end_after_midnight(tmp_path, people):
    found, wrong = asked(
        tmp_path, people, {("Diễn biến", "B2"): "05/05/2026 23:00", ("Diễn biến", "B3"): "00:30"}
    )
    assert wrong == []
    assert datetime.fromisoformat(found.holding["ended_at"]) == datetime(2026, 5, 6, 0, 30, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("sheet", "place", "value", "column"),
    [
        ("Điểm danh", "B2", "đi vắng", "Có mặt"),
        ("Điểm danh", "B2", None, "Có mặt"),
        ("Diễn biến", "B2", "chiều", "Nội dung"),
        ("Diễn biến", "B5", None, "Nội dung"),
        ("Nghị quyết", "D2", "hai", "Tán thành"),
        ("Nhiệm vụ", "C2", "31/02/2026", "Hạn"),
        ("Đánh giá", "E2", "gần xong", "Kết quả"),
    ],
)
def test_what_is_wrong_is_found_where_it_is(tmp_path, people, sheet, place, value, column):
    _, wrong = asked(tmp_path, people, {(sheet, place): value})
    assert (sheet, int(place[1:]), column) in wrong


def test_what_is_no_such_file_is_refused(tmp_path):
    file = tmp_path / "hop.xlsx"
    file.write_bytes(b"no workbook")
    with pytest.raises(Refused, match="không phải tệp XLSX"):
        read(file, SHEETS, Mistakes())
    openpyxl.Workbook().save(file)
    with pytest.raises(Refused, match="thiếu trang “Điểm danh”"):
        read(file, SHEETS, Mistakes())
    with pytest.raises(Refused, match="Không đọc được"):
        read(tmp_path / "khong-co.xlsx", SHEETS, Mistakes())
    with pytest.raises(Refused, match="đuôi"):
        write(tmp_path / "hop.csv", SHEETS, overwrite=False)
