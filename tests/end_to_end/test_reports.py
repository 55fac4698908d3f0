"""Reports fetched on the command line, as files that are not overwritten by chance."""

import io

import docx
import openpyxl

from tests.end_to_end import test_reporting_movement
from tests.end_to_end.test_reporting_movement import chibo
from tests.papers import text_of_docx, text_of_pdf

bloc = test_reporting_movement.bloc


def test_a_report_comes_as_word_pdf_or_excel(bloc, services, tmp_path):
    url = ("--url", services["reporting"].url)
    word, pdf, excel = (tmp_path / f"bao-cao.{form}" for form in ("docx", "pdf", "xlsx"))
    for span, period, file in (
        ("month", "2019-06", word),
        ("quarter", "2019-Q2", pdf),
        ("year", "2019", excel),
    ):
        done = chibo("reports", span, "--unit", bloc, "--period", period, "--to-file", str(file), *url)
        assert done.exit_code == 0, done.output
        assert file.name in done.stdout
    assert "giảm 1 (từ trần 1)" in text_of_docx(word.read_bytes())
    assert "quý II năm 2019" in text_of_pdf(pdf.read_bytes())
    assert openpyxl.load_workbook(excel)["Biến động"]["B2"].value == 3


def test_what_is_not_done_is_said(bloc, services, tmp_path):
    url = ("--url", services["reporting"].url)
    file = tmp_path / "bao-cao.docx"
    file.write_bytes(b"as it was")
    asked = ("reports", "month", "--unit", bloc, "--to-file", str(file), *url)
    kept = chibo(*asked, "--period", "2019-06")
    assert kept.exit_code == 1
    assert "--overwrite" in kept.stderr
    wrong = chibo(*asked, "--period", "2019-13", "--overwrite")
    assert wrong.exit_code == 1
    assert "2020-11" in wrong.stderr
    assert file.read_bytes() == b"as it was"
    other = chibo("reports", "year", "--unit", bloc, "--to-file", str(tmp_path / "x.odt"), *url)
    assert other.exit_code == 1
    assert ".docx, .pdf hoặc .xlsx" in other.stderr
    given = chibo("reports", "template", str(file), "--overwrite", *url)
    assert given.exit_code == 0, given.output
    texts = [one.text for one in docx.Document(io.BytesIO(file.read_bytes())).paragraphs]
    assert "{{ doan_so_lieu }}" in texts
