"""Reports that are sent: their words and tables, of which days they are, and the same in Word, PDF and Excel."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from chassis.papers import drawn, filled
from contracts.membership import Cause
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.periods import Period, after_month
from services.reporting.movement import IN_REASONS, OUT_REASONS, Line, Way, movement_of
from services.reporting.reports import charts, content, tables
from services.reporting.reports.facts import Facts, Figure
from services.reporting.reports.pictures import KEPT, pictures
from services.reporting.reports.spans import EXAMPLES, Reported, Span, last_over, whole
from services.reporting.reports.templates import template
from services.reporting.reports.workbook import workbook
from services.reporting.tree import Unit
from tests.example_bloc import FIGURES, ROOT
from tests.papers import spaced, text_of_docx, text_of_pdf

BLOC = Unit("K", "Đảng bộ Khối Các cơ quan tỉnh", "bloc")
NOVEMBER = Reported(Span.MONTH, Period(date(2020, 11, 1), date(2020, 11, 30)), date(2021, 1, 4))
MOVED = movement_of(
    [
        Line(Way.IN, Cause.ADMITTED, 12, 0),
        Line(Way.OUT, Cause.DIED, 1, 0),
        Line(Way.OUT, Cause.REMOVED, 2, 1),
    ],
    opening=2703,
    closing=2712,
)
OF_MONTH = {
    "members": 2712, "meetings.due": 242, "meetings.months_held": 232, "meetings.missed": 7, "meetings.postponed": 3,
    "meetings.excused": 0, "meetings.held_rate": 95.9, "meetings.attendance_rate": 91.2,
}  # fmt: skip


def stated(**others: float) -> dict[str, Figure]:
    """Figures of the bloc as they are stated of 30 November 2020."""
    units, members = FIGURES["organisations"], FIGURES["members"]
    counts = {f"units.{kind}": count for kind, count in units.items()} | {
        "members": members["total"], "members.women": members["women"], "members.youth": members["youth"],
        "members.ethnic_minority": members["ethnic_minority"], "members.with_religion": members["with_religion"],
        "members.official": 2617, "members.probationary": 95, "members.mean_age": 42.8,
    }  # fmt: skip
    return {code: Figure(count) for code, count in (counts | others).items()}


def facts(**changed) -> Facts:
    months = [
        (Period(month, month), OF_MONTH) for month in (after_month(date(2019, 12, 1), n) for n in range(12))
    ]
    return Facts(
        **{
            "reported": NOVEMBER, "unit": BLOC, "above": None, "until": None, "figures": stated(),
            "ages": {"18-30": Figure(205, 193), "over_60": Figure(3)}, "axes": {}, "moved": MOVED, "months": months,
            "below": [(Unit("K.01", "=Đảng bộ\x01Sở Y tế", "grassroots_committee"), OF_MONTH)], "known_at": None,
            "up_to": {"chibo.membership.internal.v1": {"0": 41, "1": 42}},
            "at": datetime(2021, 1, 4, 8, 5, tzinfo=UTC), "made_on": date(2021, 1, 4),
        }
        | changed
    )  # fmt: skip


def test_the_paragraph_of_figures_of_the_bloc():
    assert content.paragraph(facts()) == (
        "Tính đến ngày 30/11/2020, Đảng bộ Khối Các cơ quan tỉnh có 68 tổ chức cơ sở đảng, gồm 32 đảng bộ cơ sở và"
        " 36 chi bộ cơ sở; dưới cơ sở có 206 chi bộ trực thuộc. Toàn Đảng bộ có 2.712 đảng viên, trong đó: đảng viên"
        " nữ 1.056 đồng chí (38,9%); người dân tộc thiểu số 65 đồng chí (2,4%); trong độ tuổi đoàn viên, thanh niên"
        " 218 đồng chí (8,0%); có đạo 265 đồng chí (9,8%)."
    )


def test_a_committee_and_a_cell_have_a_paragraph_of_their_own():
    below = {"units.subordinate_cells": Figure(5), "members": Figure(53), "members.women": Figure(30)}
    committee = facts(unit=Unit("K.01", "Đảng bộ Sở Y tế", "grassroots_committee"), figures=below)
    assert content.paragraph(committee).startswith(
        "Tính đến ngày 30/11/2020, Đảng bộ Sở Y tế có 5 chi bộ trực thuộc, với 53 đảng viên, trong đó: đảng viên nữ"
        " 30 đồng chí (56,6%);"
    )
    cell = facts(unit=Unit("K.01.02", "Chi bộ Văn phòng", "subordinate_cell"), figures=stated())
    told = content.paragraph(cell)
    assert "Chi bộ Văn phòng có 2.712 đảng viên, trong đó: đảng viên nữ" in told
    # Of a few people who know one another neither ethnic group nor religion is told, anywhere.
    said = content.values(cell, place=None)
    assert {said["so_lieu"][code] for code in ("members.ethnic_minority", "members.with_religion")} == {"–"}
    assert "dân tộc" not in str(said)
    assert "có đạo" not in str(said)


def test_with_nothing_known_a_report_says_so():
    nothing = facts(unit=None, figures={}, ages={}, moved=movement_of([]), months=[], below=[], up_to={})
    said = content.values(nothing, place=None)
    assert said["doan_so_lieu"] == (
        "Tính đến ngày 30/11/2020, Toàn bộ tổ chức đảng có 0 tổ chức cơ sở đảng. Toàn Đảng bộ có 0 đảng viên."
    )
    assert said["doan_co_cau"] == "Chưa có đảng viên nào trong danh sách."
    assert said["sinh_hoat"] == ["Chưa có số liệu sinh hoạt chi bộ trong kỳ."]
    assert pictures(nothing) == dict.fromkeys(("bieu_do_sinh_hoat", "bieu_do_tuoi", "bieu_do_dang_vien"))
    document = filled(template(None), said | pictures(nothing), title="Trống")
    assert "Chưa có số liệu kiểm tra" in text_of_pdf(drawn(document))
    assert workbook(nothing)


def test_movement_is_told_by_reason_and_adds_up():
    lines = {line.label: line.figure.now for line in tables.movement(facts())}
    assert lines["A. Đảng viên đầu kỳ"] + 12 - 3 == lines["D. Đảng viên cuối kỳ (A + B - C)"] == 2712
    assert (lines["Kết nạp"], lines["Từ trần"], lines["Xóa tên"], lines["Trong đó: đảng viên dự bị"]) == (
        12,
        1,
        2,
        1,
    )
    assert content.values(facts(), place=None)["doan_bien_dong"] == (
        "Đầu kỳ có 2.703 đảng viên; trong kỳ tăng 12 (kết nạp 12); giảm 3 (từ trần 1, xóa tên 2); cuối kỳ có 2.712"
        " đảng viên."
    )


def test_every_reason_has_a_name():
    assert set(IN_REASONS) == set(tables.IN)
    assert set(OUT_REASONS) == set(tables.OUT)


def test_meetings_are_told_in_sentences():
    figures = stated() | {
        code: Figure(value)
        for code, value in {
            **OF_MONTH, "meetings.open": 2, "meetings.held": 262, "meetings.minutes": 96.5, "meetings.present": 2668,
            "meetings.counted": 2925, "meetings.thematic": 112, "tasks": 10, "tasks.on_time": 8,
            "tasks.on_time_rate": 80.0,
        }.items()
    }  # fmt: skip
    told = content.values(facts(figures=figures), place=None)["sinh_hoat"]
    assert told[0].startswith("Sinh hoạt định kỳ: phải tổ chức 242 kỳ")
    assert told[0].endswith("không sinh hoạt, không có lý do 7 kỳ; chưa hết tháng 2 kỳ.")
    assert told[1] == "Sinh hoạt chuyên đề: 112 cuộc họp có nội dung chuyên đề."
    assert "dự họp 2.668/2.925 lượt, đạt 91,2%" in told[2]
    assert "hoàn thành đúng hạn 8 nhiệm vụ, đạt 80,0%" in told[3]
    of_quarter = figures | {
        "meetings.thematic_due": Figure(5), "meetings.thematic_held": Figure(4),
        "meetings.thematic_rate": Figure(80.0),
    }  # fmt: skip
    told = content.values(facts(figures=of_quarter), place=None)["sinh_hoat"]
    assert "4/5 lượt chi bộ đã sinh hoạt chuyên đề trong quý, đạt 80,0%" in told[1]


def test_what_a_reader_has_to_know_first_is_said_first():
    assert content.values(facts(), place=None)["luu_y"] == []
    early = datetime(2020, 11, 12, 1, 0, tzinfo=UTC)
    running = facts(
        reported=replace(NOVEMBER, today=date(2020, 11, 12)), known_at=early, until=date(2020, 11, 10)
    )
    [not_over, ended, then] = content.values(running, place=None)["luu_y"]
    assert "từ 01/11/2020 đến hết ngày 12/11/2020" in not_over
    assert "kết thúc hoạt động từ ngày 10/11/2020" in ended
    assert "08:00 ngày 12/11/2020" in then
    [ahead] = content.values(facts(reported=replace(NOVEMBER, today=date(2020, 10, 1))), place=None)["luu_y"]
    assert ahead.startswith("Kỳ báo cáo chưa bắt đầu (từ 01/11/2020)")


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span.MONTH, "2020-13"), (Span.MONTH, "2020-Q4"), (Span.MONTH, "2020"), (Span.MONTH, "2020-11-30"),
        (Span.QUARTER, "2020-Q5"), (Span.QUARTER, "2020-11"), (Span.YEAR, "2020-11"), (Span.YEAR, "1899"),
        (Span.YEAR, ""), (Span.MONTH, "２０２０-11"),
    ],
)  # fmt: skip
def test_what_is_no_such_period_is_none(span, text):
    assert whole(span, text) is None


def test_periods_are_called_as_people_call_them():
    names = {
        span: Reported(span, whole(span, text), date(2021, 1, 1)).words for span, text in EXAMPLES.items()
    }
    assert names == {
        Span.MONTH: "tháng 11 năm 2020",
        Span.QUARTER: "quý IV năm 2020",
        Span.YEAR: "năm 2020",
    }


@given(st.sampled_from(Span), st.dates(date(1901, 1, 1), date(2199, 12, 31)))
def test_the_last_period_over_ends_the_day_before_this_one_begins(span, today):
    over = last_over(span, today)
    assert over == whole(span, over.label)
    assert over.last < today
    reported = Reported(span, over, today)
    assert reported.is_over
    assert reported.period == over


def test_a_period_that_is_not_over_is_told_as_far_as_it_has_come():
    running = replace(NOVEMBER, today=date(2020, 11, 12))
    assert not running.is_over
    assert running.period == Period(date(2020, 11, 1), date(2020, 11, 12))
    assert running.months == Period(date(2019, 12, 1), date(2020, 11, 12))
    ahead = replace(NOVEMBER, today=date(2020, 10, 31))
    assert not ahead.has_begun
    assert ahead.period == NOVEMBER.whole


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_axis_has_few_whole_numbers_within_it(one, other):
    least, most = sorted((one, other))
    ticks = charts._ticks(least, most)
    assert len(ticks) <= 6
    assert all(least <= tick <= most for tick in ticks)
    assert len({after - before for before, after in pairwise(ticks)}) <= 1


def test_layers_of_a_chart_are_told_apart_on_paper_without_colours():
    """As grey by the luma of ITU-R BT.601, which copiers and black-and-white printers go by; white is 255."""
    parts = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for _, _, colour in KEPT]
    greys = sorted([255, *(0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue in parts)])
    assert min(lighter - darker for darker, lighter in pairwise(greys)) > 35


def test_the_same_report_in_word_pdf_and_excel():
    seen = {"visits": Figure(15, 15, 0, 0.0), "visits.coverage": Figure(6.2, 6.1, 0.1)}
    told = facts(
        figures=stated(**{"scores.self": 3, "scores.self.good": 2}) | seen, axes={("content", "good"): 10}
    )
    values = content.values(told, place="Sơn La") | pictures(told)
    document = filled(template(None), values, title="Báo cáo")
    assert (
        filled(template(None), content.values(told, place="Sơn La") | pictures(told), title="Báo cáo")
        == document
    )
    word, pdf = text_of_docx(document), text_of_pdf(drawn(document))
    for said in (
        "ĐẢNG BỘ KHỐI CÁC CƠ QUAN TỈNH", "ĐẢNG CỘNG SẢN VIỆT NAM", "Số ………-BC/ĐU",
        "Sơn La, ngày 04 tháng 01 năm 2021",
        "BÁO CÁO Công tác đảng viên và sinh hoạt chi bộ tháng 11 năm 2020", spaced(content.paragraph(told)),
        "Nội dung sinh hoạt 10 0 0 0", "Tỷ lệ chi bộ được dự sinh hoạt % 6,2 6,1", "Tốt 2 –", "T/M BAN THƯỜNG VỤ",
        "=Đảng bộ Sở Y tế", "chibo.membership.internal.v1: 42", "15:05 ngày 04/01/2021",
    ):  # fmt: skip
        assert said in word
        assert said in pdf
    pictured = [
        one.get("descr") for one in docx.Document(io.BytesIO(document)).element.body.iter(qn("wp:docPr"))
    ]
    assert pictured == [
        "Số đảng viên cuối mỗi tháng", "Đảng viên theo nhóm tuổi", "Sinh hoạt định kỳ của các chi bộ theo tháng",
    ]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(workbook(told)))
    assert book.sheetnames == ["Báo cáo", "Biến động", "Cơ cấu", "Theo tháng", "Trực thuộc", "Nguồn"]
    cells = [cell for row in book["Báo cáo"].iter_rows() for cell in row]
    assert content.paragraph(told) in [cell.value for cell in cells]
    [total] = [row for row in book["Báo cáo"].iter_rows(values_only=True) if row[0] == "Đảng viên" and row[1]]
    assert total[:3] == ("Đảng viên", "đảng viên", 2712)
    assert [len(sheet._charts) for sheet in book] == [0, 0, 1, 2, 0, 0]
    below = book["Trực thuộc"]["B2"]
    assert (below.value, below.data_type) == ("=Đảng bộ\ufffdSở Y tế", "s")
    assert "chibo.membership.internal.v1/1: 42" in book["Nguồn"]["B5"].value


def test_the_words_for_officers_list_the_marks_that_there_are():
    text = (ROOT / "docs" / "paper-templates.md").read_text(encoding="utf-8")
    told = text.split("## Báo cáo", 1)[1].split("\n## ", 1)[0]
    marks = [line.split("|")[1] for line in told.splitlines() if line.startswith("| `")]
    listed = {name for one in marks for name in re.findall(r"`(\w+)`", one)}
    assert listed == set(content.values(facts(), place=None) | pictures(facts()))
    assert set(content.values(facts(), place=None)["so_lieu"]) == set(MEASURES)
