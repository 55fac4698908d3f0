"""What kind of file bytes are is told by what they hold."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.file_kinds import FileKind, file_name, kind_of


def package(*parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, "<xml/>")
    return file.getvalue()


def workbook():
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


TYPES = "[Content_Types].xml"
DOCX = package(TYPES, "_rels/.rels", "word/document.xml")
WORKBOOK = workbook()
"""Made once: it holds the time of its making, and another has other bytes."""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileKind.PNG),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind.JPEG),
        (DOCX, FileKind.DOCX),
        (WORKBOOK, FileKind.XLSX),
        (b"", None),
        (b"MZ\x90\0 program", None),
        (b"<html><script>", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old office", None),
        (DOCX[:-10], None),
        (package("word/document.xml"), None),
        (package(TYPES, "readme.txt"), None),
        (package(TYPES, "word/document.xml", "xl/workbook.xml"), None),
        (package(TYPES, "word/document.xml", "word/vbaProject.bin"), None),
    ],
)
def test_the_kind_of_a_file(body, kind):
    assert kind_of(body) is kind


@st.composite
def damaged(draw):
    whole = draw(st.sampled_from([DOCX, WORKBOOK]))
    start = draw(st.integers(0, len(whole)))
    return whole[:start] + draw(st.binary(max_size=8)) + whole[start + draw(st.integers(0, 40)) :]


@given(st.one_of(damaged(), st.binary(max_size=60), st.binary(max_size=60).map(b"PK\x03\x04".__add__)))
def test_no_bytes_are_more_than_can_be_told(body):
    assert kind_of(body) in {*FileKind, None}


@pytest.mark.parametrize(
    ("given_name", "kind", "kept"),
    [
        ("Dự thảo.pdf", FileKind.PDF, "Dự thảo.pdf"),
        ("Dự thảo.PDF", FileKind.PDF, "Dự thảo.PDF"),
        ("ảnh.jpeg", FileKind.JPEG, "ảnh.jpeg"),
        ("dự thảo.pdf", FileKind.DOCX, "dự thảo.pdf.docx"),
        ("../../etc/passwd", FileKind.PNG, "passwd.png"),
        ("C:\\Tài liệu\\biểu.xlsx", FileKind.XLSX, "biểu.xlsx"),
        ("..", FileKind.PDF, "tai-lieu.pdf"),
    ],
)
def test_a_name_is_without_folder_and_ends_as_what_the_file_is(given_name, kind, kept):
    assert file_name(given_name, kind) == kept


@given(st.text(max_size=40), st.sampled_from(FileKind))
def test_no_name_leads_out_of_a_folder(given_name, kind):
    kept = file_name(given_name, kind)
    assert "/" not in kept
    assert "\\" not in kept
    assert kept.strip(".")
    assert kept.lower().endswith((f".{kind}", ".jpeg"))
