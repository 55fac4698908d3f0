"""Minutes and resolutions on paper: what templates are filled in with, and the whole text of both in both forms."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.papers import drawn, filled
from contracts.resolutions import DocumentKind
from services.meetings.papers.content import (
    Printing,
    minutes_values,
    people_in,
    resolution_values,
    title_of,
)
from services.meetings.papers.templates import template_of
from tests.example_bloc import ROOT
from tests.papers import spaced, text_of_docx, text_of_pdf

GOLDEN = Path(__file__).parent / "golden"
IDS = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(1, 6)]
CHAIR, RECORDER, ILL, EXEMPT, YOUNG = IDS
NAMES = {
    UUID(id_): name
    for id_, name in zip(
        IDS, ("Nguyễn Thị Ướt", "Lò Văn Thưởng", "Quàng Đức Ngữ", "Vũ Ẩn Ỷ", "Đặng Ỡm"), strict=True
    )
}
VOTES = {
    "majority": "more_than_half", "in_favour": 2, "against": 0, "abstained": 1, "voters": 3, "base": 3,
    "carried": True,
}  # fmt: skip


def attender(id_, presence="present", roll="official"):
    return {"member_id": id_, "roll": roll, "presence": presence, "exempt": False, "special_duty": False}


HEADING = {
    "cell": {"id": IDS[0], "code": "K.01.02", "name": "Chi bộ Văn phòng"}, "above_name": "Đảng bộ Sở Y tế",
    "chair": {"member_id": CHAIR, "positions": ["committee_member", "deputy_secretary"]},
    "meeting": {"id": IDS[0], "kind": "regular", "month": "2020-11-01", "began_at": "2020-11-03T07:30:00+00:00"},
    "documents": [], "approved_on": "2020-11-04", "series": "2020–2025", "number": 5,
    "directions": ["Hoàn thành báo cáo tổng kết năm"],
    "evaluations": [
        {"task_id": IDS[0], "member_id": RECORDER, "text": "Rà soát hồ sơ", "due_on": "2020-10-25",
         "result": "done_late", "done_on": "2020-10-28", "remark": None, "carried_on_to": None},
        {"task_id": IDS[1], "member_id": YOUNG, "text": "Lập danh sách", "due_on": "2020-10-30",
         "result": "not_done", "done_on": None, "remark": "Chờ số liệu", "carried_on_to": "2020-11-20"},
    ],
    "tasks": [{"id": IDS[0], "member_id": ILL, "text": "Dự thảo báo cáo", "due_on": "2020-11-25"}],
    "self_score": {
        "guidance": "12-HD/BTCTW 2018-07-06", "points": '{"duration": 5, "results": 27.25, "content": 22.5}',
        "total": "92.50", "grade": "good", "decided_on": "2020-11-03",
    },
}  # fmt: skip
MINUTES = HEADING | {
    "minutes": 95, "place": "Phòng họp tầng 2", "theme": "Nêu gương", "agenda": ["Đánh giá tháng 10", "Việc khác"],
    "roll": [
        attender(CHAIR), attender(RECORDER), attender(ILL, "excused"), attender(EXEMPT, "exempt"),
        attender(YOUNG, roll="probationary"),
    ],
    "chair_id": CHAIR, "recorder_id": RECORDER, "guests": ["Tổ công tác"],
    "opinions": [{"speaker_id": YOUNG, "text": "Nhất trí.\nĐề nghị bổ sung."}, {"speaker_id": None, "text": "Góp ý"}],
    "conclusions": [{"point": 1, "text": "Hoàn thành."}], "absences": [{"member_id": ILL, "reason": "ốm"}],
    "resolutions": [
        {"id": IDS[0], "series": "2020–2025", "number": 7, "subject": "Nhiệm vụ tháng 11", "text": "Một.\nHai.",
         **VOTES},
        {"id": IDS[1], "series": None, "number": None, "subject": "Kết nạp", "text": "Ba.", **VOTES, "in_favour": 1,
         "against": 2, "majority": "two_thirds", "carried": False},
    ],
}  # fmt: skip
RESOLUTION = HEADING | {
    "id": IDS[0], "number": 7, "subject": "Nhiệm vụ tháng 11", "text": "Một.\nHai.", "voted_on": "2020-11-03",
    "votes": VOTES,
}  # fmt: skip
PAGES = {
    DocumentKind.MINUTES: (MINUTES, minutes_values),
    DocumentKind.RESOLUTION: (RESOLUTION, resolution_values),
}
APPROVED = Printing(names=NAMES, place="Sơn La")


def both(kind, page, printing=APPROVED):
    """The text of a paper as a Word document, and as a PDF."""
    document = filled(template_of(kind, None), PAGES[kind][1](page, printing), title=title_of(page))
    return text_of_docx(document), text_of_pdf(drawn(document))


@pytest.mark.parametrize("kind", list(PAGES))
@pytest.mark.parametrize("draft", [False, True], ids=["approved", "draft"])
def test_the_whole_text_of_a_paper_is_as_it_should_be(kind, draft):
    word, pdf = both(kind, PAGES[kind][0], Printing(names=NAMES, place="Sơn La", draft=draft))
    golden = GOLDEN / f"{kind}{'-draft' if draft else ''}.txt"
    assert word == spaced(golden.read_text(encoding="utf-8"))
    assert pdf == word


def test_a_day_and_an_hour_are_those_of_vietnam():
    late = MINUTES | {
        "meeting": MINUTES["meeting"] | {"began_at": "2020-12-31T16:30:00+00:00"},
        "minutes": 45,
    }
    values = minutes_values(late, APPROVED)
    assert (values["bat_dau"], values["ket_thuc"]) == ("23 giờ 30", "0 giờ 15 ngày 01/01/2021")
    assert values["ngay_thang"] == "ngày 31 tháng 12 năm 2020"
    early = RESOLUTION | {"voted_on": "2021-02-03"}
    assert resolution_values(early, APPROVED)["ngay_thang"] == "ngày 03 tháng 02 năm 2021"


@pytest.mark.parametrize(
    ("positions", "signs"),
    [
        (["secretary"], "BÍ THƯ"),
        (["deputy_secretary"], "PHÓ BÍ THƯ"),
        ([], "CHỦ TRÌ"),
        (["committee_member"], "CHỦ TRÌ"),
    ],
)
def test_whoever_led_the_meeting_signs_as_what_they_are(positions, signs):
    page = RESOLUTION | {"chair": {"member_id": CHAIR, "positions": positions}}
    values = resolution_values(page, APPROVED)
    assert (values["chuc_vu_ky"], values["nguoi_ky"]) == (signs, "Nguyễn Thị Ướt")


def test_whoever_has_no_name_is_a_line_to_write_on_and_nothing_else_of_them_is_said():
    unnamed = Printing(names={}, place=None)
    for kind, (page, _) in PAGES.items():
        word, pdf = both(kind, page, unnamed)
        for text in (word, pdf):
            assert "……… (00000001)" in text
            assert not [name for name in NAMES.values() if name in text]


def test_a_paper_with_nothing_in_its_lists_says_so():
    nothing = {name: [] for name in ("directions", "evaluations", "tasks")} | {
        "self_score": None,
        "above_name": None,
    }
    none_said = {
        "agenda": [],
        "guests": [],
        "opinions": [],
        "conclusions": [],
        "absences": [],
        "resolutions": [],
    }
    roll = {"roll": [attender(CHAIR), attender(RECORDER)], "theme": None}
    word, pdf = both(DocumentKind.MINUTES, MINUTES | nothing | none_said | roll)
    for said in ("Vắng mặt: không", "Khách mời: không", "Không có ý kiến phát biểu", "chưa tự chấm điểm",
                 "Không phân công nhiệm vụ mới", "Không biểu quyết"):  # fmt: skip
        assert said in word
        assert said in pdf
    assert "Chuyên đề" not in word
    both(DocumentKind.RESOLUTION, RESOLUTION | nothing)


def test_a_paper_names_those_whom_its_page_speaks_of():
    assert people_in(MINUTES) == sorted(NAMES)
    assert people_in(RESOLUTION) == sorted(UUID(id_) for id_ in (CHAIR, RECORDER, ILL, YOUNG))


def test_special_duty_is_said_of_who_was_away_for_it():
    roll = [attender(CHAIR), attender(RECORDER), attender(ILL, "excused") | {"special_duty": True}]
    [away] = minutes_values(MINUTES | {"roll": roll}, APPROVED)["vang"]
    assert (away["nguoi"], away["loai"], away["ly_do"]) == ("Quàng Đức Ngữ", "đi làm nhiệm vụ đặc biệt", "ốm")


def marks(values):
    """All names that a template may ask for, those within others among them."""
    for name, value in values.items():
        yield name
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from marks(inner)


@pytest.mark.parametrize("kind", list(PAGES))
def test_whoever_edits_a_template_finds_every_mark_in_the_document_on_them(kind):
    page, values = PAGES[kind]
    told = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "paper-templates.md").read_text(encoding="utf-8")))
    assert set(marks(values(page, APPROVED))) - told == set()


LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằẳắẵặầẩấẫậèẻéẽẹềểếễệìỉíĩịòỏóõọồổốỗộờởớỡợùủúũụừửứữựỳỷýỹỵ"
WORDS = st.text(st.sampled_from(LETTERS + LETTERS.upper() + "0123456789<>&{}_%\"'"), min_size=1, max_size=8)
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(st.lists(TEXTS, min_size=5, max_size=5), st.lists(TEXTS, min_size=9, max_size=9))
def test_every_name_and_text_is_found_in_both_forms(names, texts):
    place, theme, point, guest, opinion, conclusion, reason, direction, task = texts
    page = MINUTES | {
        "place": place, "theme": theme, "agenda": [point], "guests": [guest], "directions": [direction],
        "opinions": [{"speaker_id": YOUNG, "text": opinion}], "conclusions": [{"point": 1, "text": conclusion}],
        "absences": [{"member_id": ILL, "reason": reason}],
        "tasks": [{"id": IDS[0], "member_id": ILL, "text": task, "due_on": "2020-11-25"}],
    }  # fmt: skip
    printing = Printing(names=dict(zip(NAMES, names, strict=True)), place="Sơn La")
    word, pdf = both(DocumentKind.MINUTES, page, printing)
    pdf = pdf.replace(" ", "")
    for said in (*names, *texts):
        assert said in word
        # A line that ends within a word of a narrow cell has a space there once it is read again.
        assert said.replace(" ", "") in pdf
