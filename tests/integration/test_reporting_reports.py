"""Reports over HTTP on a real database: their figures are those of the other answers, in each form."""

import io
from datetime import datetime

import docx
import openpyxl
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from chassis import problems
from chassis.event_log import EventLog
from chassis.resources import Resources
from chassis.settings import Settings
from services.reporting.api import router
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.dated_tree import Trees
from services.reporting.reports.tables import IN, OUT
from tests.integration import test_reporting_api
from tests.integration.served import problem
from tests.papers import text_of_docx, text_of_pdf

told = test_reporting_api.client


@pytest.fixture
async def office(told, pool, database_url, tmp_path):
    """Reporting of an office that has a folder of templates and says where it is; and the folder."""
    del told  # it migrates, and tells a history
    settings = Settings(database_url=database_url, kafka="127.0.0.1:1", templates=tmp_path, place="Sơn La")
    app = FastAPI()
    problems.install(app)
    app.include_router(router(Resources(pool, EventLog(1_000_000), settings), Trees()))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://office", timeout=60) as client:
        yield client, tmp_path


async def got(client, path, status=200, headers=None, **asked):
    answer = await client.get(f"/v1/{path}", params=asked, headers=headers)
    assert answer.status_code == status, answer.text
    return answer


async def test_a_report_tells_the_figures_of_all_other_answers(office):
    client, _ = office
    answer = await got(client, "reports/year", unit="K", period="2020", format="xlsx")
    assert "Bao-cao-nam-2020-K.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    period = {"unit": "K", "from": "2020-01-01", "to": "2020-12-31"}
    figures = (await got(client, "figures", **period, measures="*", compare="last-year")).json()
    [row] = figures["rows"]
    by_label = {measure["label"]: measure["code"] for measure in figures["measures"]}
    checked = 0
    for label, unit, *values in book["Báo cáo"].iter_rows(min_row=5, values_only=True):
        if unit and label in by_label:
            code = by_label[label]
            assert values == [row[its][code] for its in ("values", "last_year", "difference", "percent")], (
                label
            )
            checked += 1
    assert checked >= 10
    moved = (await got(client, "movement", **period)).json()
    told = {
        str(label).strip(): count for label, count in book["Biến động"].iter_rows(min_row=2, values_only=True)
    }
    for line, count in (("A", "opening"), ("D", "closing")):
        assert next(value for label, value in told.items() if label.startswith(line)) == moved[count]
    for way, labels in (("in", IN), ("out", OUT)):
        for reason, count in moved[way]["by_reason"].items():
            assert told.get(labels[reason], 0) == count, reason
    shown = [count for label, count, *_ in book["Cơ cấu"].iter_rows(min_row=2, values_only=True)
             if str(label).endswith(" tuổi") and label != "Nhóm tuổi"]  # fmt: skip
    bands = (await got(client, "figures", **period, by="age_band")).json()["rows"]
    assert sum(shown) == sum(one["values"]["members"] for one in bands) == 1
    months = list(book["Theo tháng"].iter_rows(min_row=2, max_row=13, values_only=True))
    by_month = (await got(client, "figures", **period, by_period="month")).json()["rows"]
    assert [month[1] for month in months] == [one["values"]["members"] for one in by_month]
    assert [one.value for one in book["Trực thuộc"]["A"][1:]] == ["K.1"]


async def test_the_same_as_word_and_pdf_for_people(office):
    client, _ = office
    word = await got(client, "reports/month", unit="K", period="2020-10", format="docx")
    pdf = await got(client, "reports/month", period="2020-10")  # K is the only root, and PDF the usual form
    assert pdf.headers["Content-Type"] == "application/pdf"
    for text in (text_of_docx(word.content), text_of_pdf(pdf.content)):
        assert "ĐẢNG BỘ KHỐI" in text
        assert "tháng 10 năm 2020" in text
        assert "Toàn Đảng bộ có 2 đảng viên, trong đó: đảng viên nữ 1 đồng chí (50,0%)" in text
        assert f"{test_reporting_api.TOPIC}: 8" in text
    cell = text_of_docx(
        (await got(client, "reports/quarter", unit="K.1", period="2020-Q4", format="docx")).content
    )
    assert "ĐẢNG BỘ KHỐI CHI BỘ MỘT * Số ………-BC/CB" in cell
    assert "Đầu kỳ có 2 đảng viên; trong kỳ tăng 0; giảm 1 (từ trần 1); cuối kỳ có 1 đảng viên." in cell


async def test_what_was_known_then_and_what_is_not_over(office):
    client, _ = office
    asked = {"unit": "K", "period": "2020-11", "format": "docx"}
    early = text_of_docx(
        (await got(client, "reports/month", **asked, known_at="2020-11-20T00:00:00Z")).content
    )
    assert "có 2 đảng viên" in early
    assert "từ 01/11/2020 đến hết ngày 20/11/2020" in early
    assert "đã biết đến lúc 07:00 ngày 20/11/2020" in early
    late = text_of_docx(
        (await got(client, "reports/month", **asked, known_at="9999-12-31T23:59:59Z")).content
    )
    assert "có 1 đảng viên" in late
    assert "đã biết đến lúc 07:00" not in late
    ahead = datetime.now().year + 2  # noqa: DTZ005 - any year to come
    told = text_of_docx(
        (await got(client, "reports/year", unit="K", period=str(ahead), format="docx")).content
    )
    assert f"Kỳ báo cáo chưa bắt đầu (từ 01/01/{ahead})" in told


async def test_whoever_has_a_report_is_sent_it_again_only_when_it_tells_more(office, pool):
    client, folder = office
    asked = {"unit": "K", "period": "2020-11", "format": "xlsx"}
    tag = (await got(client, "reports/month", **asked)).headers["ETag"]
    assert (await got(client, "reports/month", 304, {"If-None-Match": tag}, **asked)).content == b""
    await got(client, "reports/month", 200, {"If-None-Match": tag}, **asked | {"unit": "K.1"})
    await pool.execute(
        "UPDATE stream_marks SET sequence = sequence + 1 WHERE consumer = $1", MEMBERSHIP_FACTS.name
    )
    later = (await got(client, "reports/month", 200, {"If-None-Match": tag}, **asked)).headers["ETag"]
    # Of the same events, but built anew: what was wrong in the tables may have been why.
    await pool.execute(
        "INSERT INTO rebuilds (projections, verify, source, started_by, state)"
        " VALUES ('{reporting.meeting-facts}', false, 'kafka', 'tran.van.b', 'swapped')"
    )
    rebuilt = (await got(client, "reports/month", 200, {"If-None-Match": later}, **asked)).headers["ETag"]
    (folder / "bao-cao.docx").write_bytes((await got(client, "paper-templates/report")).content + b" ")
    await got(client, "reports/month", 200, {"If-None-Match": rebuilt}, **asked)


async def test_what_cannot_be_reported_is_said(office):
    client, _ = office
    for path, asked, status, type_ in (
        ("month", {"period": "2020-13"}, 400, "invalid-parameter"),
        ("quarter", {"period": "2020-11"}, 400, "invalid-parameter"),
        ("month", {"format": "odt"}, 400, "invalid-parameter"),
        ("month", {"units": "K"}, 400, "invalid-parameter"),
        ("month", {"unit": "K.9"}, 404, "unknown-unit"),
        ("month", {"unit": "K.2", "period": "2020-11"}, 404, "unit-not-there"),
        ("month", {"unit": "K.1", "period": "2017-12"}, 404, "unit-not-there"),
    ):
        assert problem(await client.get(f"/v1/reports/{path}", params=asked), status) == type_
    gone = await got(client, "reports/year", unit="K.2", period="2018", format="docx")
    assert "CHI BỘ HAI" in text_of_docx(gone.content)


async def test_an_office_puts_its_own_template_in_place_and_is_told_what_is_wrong_with_it(office):
    client, folder = office
    asked = {"unit": "K", "period": "2020-11"}
    own = (await got(client, "paper-templates/report")).content
    word = docx.Document(io.BytesIO(own))
    word.add_paragraph("Mẫu riêng: {{ so_lieu['members.women'] }} nữ của {{ don_vi }}, ở {{ dia_danh }}")
    word.save(folder / "bao-cao.docx")
    said = text_of_pdf((await got(client, "reports/month", **asked)).content)
    assert "Mẫu riêng: 1 nữ của Đảng bộ Khối, ở Sơn La" in said
    word.add_paragraph("{{ chu_tich }}")
    word.save(folder / "bao-cao.docx")
    faulty = await client.get("/v1/reports/month", params=asked)
    assert problem(faulty, 500) == "faulty-template"
    assert "chu_tich" in faulty.json()["detail"]
    assert (await got(client, "reports/month", **asked, format="xlsx")).content
