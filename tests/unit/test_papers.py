"""Word templates filled in and drawn as PDF: each construct, long texts and tables, and what is refused by name."""

import io
import unicodedata
import zipfile

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from chassis.papers import PaperFault, Picture, drawn, filled
from chassis.papers.document import Align, Paragraph, Table
from chassis.papers.fonts import face, register, showable
from chassis.papers.http import disposition
from chassis.papers.reading import read
from tests.papers import spaced, text_of_docx, text_of_pdf

TONED = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
VIETNAMESE = TONED + TONED.upper()
WORDS = "Đồng chí Nguyễn Thị Ướt nhất trí với dự thảo nghị quyết; đề nghị bổ sung kết quả học tập và làm theo Bác."


def saved(word):
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def written(*texts):
    word = docx.Document()
    for text in texts:
        word.add_paragraph(text)
    return saved(word)


def element(tag, text=None, **attributes):
    made = OxmlElement(tag)
    if text is not None:
        made.text = text
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def pages(content):
    return PdfReader(io.BytesIO(content)).pages


def placed(page):
    """Each piece of text of a page with where it begins, in points from the left and from the bottom."""
    found = []

    def visit(text, page_at, text_at, *rest):
        del rest
        if text.strip():
            found.append((text.strip(), round(page_at[4] + text_at[4]), round(page_at[5] + text_at[5])))

    page.extract_text(visitor_text=visit)
    return found


# Letters.


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("italic", [False, True])
def test_every_face_has_every_vietnamese_letter(bold, italic):
    register()
    font = pdfmetrics.getFont(face(bold=bold, italic=italic))
    glyphs = {letter: font.face.charToGlyph.get(ord(letter), 0) for letter in VIETNAMESE}
    assert len(set(VIETNAMESE)) == 2 * 73
    assert [letter for letter, glyph in glyphs.items() if not glyph] == []
    assert [letter for letter in VIETNAMESE if not font.face.charWidths[ord(letter)]] == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_in_every_look_are_found_again_whichever_way_they_were_written(form):
    word = docx.Document()
    paragraph = word.add_paragraph()
    for bold in (False, True):
        for italic in (False, True):
            run = paragraph.add_run(unicodedata.normalize(form, VIETNAMESE) + " ")
            run.bold, run.italic = bold, italic
    said = text_of_pdf(drawn(saved(word))).replace(" ", "")
    assert said == VIETNAMESE * 4


def test_a_character_that_the_font_has_not_is_shown_by_its_code():
    assert showable("Tốt 😀 漢") == "Tốt [U+1F600] [U+6F22]"
    assert "[U+1F600]" in text_of_pdf(drawn(written("Tốt 😀")))


def test_the_font_is_embedded_with_the_letters_used_and_no_more():
    content = drawn(written("Chi bộ"))
    [page] = pages(content)
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    names = [font["/BaseFont"] for font in fonts]
    assert any("Spectral-Regular" in name and "+" in name for name in names), names
    assert len(content) < 40_000


# Looks, paragraphs, pages.


def test_looks_come_from_styles_and_from_the_run_itself():
    word = docx.Document()
    word.styles["Normal"].font.size = Pt(13)
    word.styles["Normal"].font.bold = True
    paragraph = word.add_paragraph()
    paragraph.add_run("đậm ")
    own = paragraph.add_run("riêng")
    own.bold, own.italic, own.underline, own.font.size, own.font.strike = False, True, True, Pt(20), True
    own.font.color.rgb = docx.shared.RGBColor(0xC0, 0, 0)
    [read_] = read(saved(word)).blocks
    first, second = read_.parts
    assert (first.look.bold, first.look.size, first.look.italic) == (True, 13, False)
    assert (second.look.bold, second.look.size, second.look.italic) == (False, 20, True)
    assert (second.look.underline, second.look.strike, second.look.colour) == (True, True, "C00000")


def test_capitals_and_raised_letters():
    word = docx.Document()
    paragraph = word.add_paragraph()
    paragraph.add_run("đảng ủy ").font.all_caps = True
    paragraph.add_run("2").font.superscript = True
    [block] = read(saved(word)).blocks
    assert (block.parts[0].text, block.parts[1].look.raised) == ("ĐẢNG ỦY ", "super")
    assert "ĐẢNG ỦY 2" in text_of_pdf(drawn(saved(word)))


def test_alignment_indents_and_spacing_place_the_lines():
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.left_margin, section.right_margin = Pt(500), Pt(50), Pt(50)
    for text, align in (("trái", "LEFT"), ("giữa", "CENTER"), ("phải", "RIGHT")):
        word.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH[align]
    indented = word.add_paragraph("thụt " * 60)
    indented.paragraph_format.first_line_indent, indented.paragraph_format.left_indent = Pt(30), Pt(20)
    indented.paragraph_format.space_before = Pt(100)
    [page] = pages(drawn(saved(word)))
    (_, left, _), (_, middle, _), (_, right, above), *lines = placed(page)
    assert left == 50
    assert 200 < middle < 250 < 400 < right < 450
    assert [x for _, x, _ in lines][:2] == [100, 70]
    assert above - lines[0][2] > 100


@pytest.mark.parametrize(("rule", "apart"), [("exact", 5), ("atLeast", 12), ("auto", 5)])
def test_lines_are_as_far_apart_as_is_said_or_at_least_so_far(rule, apart):
    word = docx.Document()
    word.styles["Normal"].font.size = Pt(10)
    for text in ("một", "hai"):
        properties = word.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(element("w:spacing", line=100, lineRule=rule, after=0))
    first, second = placed(pages(drawn(saved(word)))[0])
    assert first[2] - second[2] == apart


def test_a_first_line_that_goes_in_hangs_out_no_more():
    word = docx.Document()
    word.styles["Normal"].paragraph_format.first_line_indent = Pt(-20)
    word.add_paragraph("ra")
    word.add_paragraph("vào").paragraph_format.first_line_indent = Pt(30)
    assert [block.first for block in read(saved(word)).blocks] == [-20, 30]


def test_a_table_stands_above_the_text_of_every_page():
    word = docx.Document()
    table = word.sections[0].header.add_table(4, 2, Pt(300))
    table._tbl.tblPr.append(element("w:tblInd", w=400))
    for row in table.rows:
        row.cells[1].text = "đầu trang"
    word.add_paragraph("một").add_run().add_break(WD_BREAK.PAGE)
    word.add_paragraph("hai")
    for page, own in zip(pages(drawn(saved(word))), ("một", "hai"), strict=True):
        found = placed(page)
        assert [text for text, *_ in found].count("đầu trang") == 4
        lowest = min(height for text, _, height in found if text == "đầu trang")
        assert all(height < lowest for text, _, height in found if text == own)


def test_an_empty_paragraph_is_a_line_high_and_spaces_are_kept():
    full, empty = (placed(pages(drawn(written("một", *between, "hai")))[0]) for between in ((), ("",)))
    assert full[0][2] - full[1][2] < empty[0][2] - empty[1][2]
    [block] = read(written("a    b")).blocks
    assert block.parts[0].text == "a    b"
    assert pages(drawn(written("a    b")))[0].extract_text().strip() == "a    b"


def test_tabs_at_the_beginning_are_an_indent_and_a_tab_further_on_is_refused():
    [block] = read(written("\tMột")).blocks
    assert (block.first, block.parts[0].text) == (36, "Một")
    with pytest.raises(PaperFault, match=r"dấu tab giữa dòng; .* ở chỗ “Một"):
        read(written("Một\thai"))


def test_breaks_of_line_and_page():
    word = docx.Document()
    run = word.add_paragraph("một").add_run()
    run.add_break()
    run.add_text("hai")
    run.add_break(WD_BREAK.PAGE)
    run.add_text("ba")
    word.add_paragraph("bốn").paragraph_format.page_break_before = True
    assert [page.extract_text().split() for page in pages(drawn(saved(word)))] == [
        ["một", "hai"],
        ["ba"],
        ["bốn"],
    ]


def test_the_page_is_as_large_as_the_section_and_its_numbers_stand_above_from_the_second_on():
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.different_first_page_header_footer = True
    for name in ("PAGE", "NUMPAGES"):
        paragraph = section.header.paragraphs[0]
        for part in (
            element("w:fldChar", fldCharType="begin"), element("w:instrText", f" {name} "),
            element("w:fldChar", fldCharType="separate"), element("w:t", "99"),
            element("w:fldChar", fldCharType="end"), element("w:t", "/" if name == "PAGE" else ""),
        ):  # fmt: skip
            paragraph.add_run()._r.append(part)
    section.footer.paragraphs[0].text = "chân trang"
    section.first_page_footer.paragraphs[0].text = "chân trang đầu"
    for _ in range(120):
        word.add_paragraph("dòng")
    found = pages(drawn(saved(word)))
    assert (round(found[0].mediabox.width), round(found[0].mediabox.height)) == (595, 842)
    texts = [page.extract_text().split("\n") for page in found]
    assert len(texts) > 2
    assert [f"{number}/{len(texts)}" in "".join(text) for number, text in enumerate(texts, 1)] == [
        False, *[True] * (len(texts) - 1),
    ]  # fmt: skip
    assert "99" not in "".join("".join(text) for text in texts)
    assert ["chân trang đầu" in text for text in texts] == [True, *[False] * (len(texts) - 1)]


def test_lists_that_word_numbers_by_itself_are_numbered():
    word = docx.Document()
    for text in ("một", "hai"):
        word.add_paragraph(text, style="List Number")
    word.add_paragraph("ba", style="List Bullet")
    blocks = read(saved(word)).blocks
    assert [block.label for block in blocks] == ["1.", "2.", "–"]
    assert all(block.left > 0 > block.first for block in blocks)
    assert text_of_pdf(drawn(saved(word))) == "1. một 2. hai – ba"


def test_a_heading_stays_with_the_row_that_follows_it_and_a_row_in_one_piece():
    word = docx.Document()
    for _ in range(34):
        word.add_paragraph("dòng").paragraph_format.space_after = Pt(0)
    heading = word.add_paragraph("TIÊU ĐỀ")
    heading.paragraph_format.keep_with_next = True
    cell = word.add_table(1, 1).cell(0, 0)
    for number in range(12):
        cell.add_paragraph(f"ký tên {number}")
    first, second = (page.extract_text() for page in pages(drawn(saved(word))))
    assert "TIÊU ĐỀ" not in first
    assert "ký tên" not in first
    assert second.index("TIÊU ĐỀ") < second.index("ký tên 0") < second.index("ký tên 11")


@pytest.mark.parametrize("above", [30, 36, 40, 43])
def test_a_heading_stays_with_the_picture_that_follows_it(above):
    word = docx.Document()
    for _ in range(above):
        word.add_paragraph("dòng").paragraph_format.space_after = Pt(0)
    heading = word.add_paragraph("BIỂU ĐỒ")
    heading.paragraph_format.keep_with_next = True
    word.add_picture(picture(), width=Pt(200))
    for page in pages(drawn(saved(word))):
        assert ("BIỂU ĐỒ" in page.extract_text()) == (len(page.images) == 1)


def test_what_begins_a_page_of_its_own_leaves_none_empty_before_it():
    word = docx.Document()
    for _ in range(40):
        word.add_paragraph("dòng").paragraph_format.space_after = Pt(0)
    heading = word.add_paragraph("PHỤ LỤC")
    heading.paragraph_format.page_break_before = heading.paragraph_format.keep_with_next = True
    cell = word.add_table(1, 1).cell(0, 0)
    for number in range(12):
        cell.add_paragraph(f"dòng {number}")
    assert [("PHỤ LỤC" in page.extract_text()) for page in pages(drawn(saved(word)))] == [False, True]


# Tables and pictures.


def test_a_table_over_pages_repeats_its_header_and_keeps_every_row():
    word = docx.Document()
    table = word.add_table(1, 2)
    table.style = "Table Grid"
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "TT", "Nhiệm vụ"
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for number in range(150):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"số{number}", "Rà soát hồ sơ"
    found = pages(drawn(saved(word)))
    texts = [page.extract_text() for page in found]
    assert len(texts) > 2
    assert all(text.lstrip().startswith("TT") for text in texts)
    assert [word for text in texts for word in text.split() if word.startswith("số")] == [
        f"số{n}" for n in range(150)
    ]


def test_a_cell_longer_than_pages_goes_on_and_loses_nothing():
    word = docx.Document()
    table = word.add_table(2, 2)
    table.cell(0, 0).text = "đầu"
    table.cell(1, 1).text = " ".join(f"từ{number}" for number in range(4000))
    content = drawn(saved(word))
    assert len(pages(content)) > 3
    said = text_of_pdf(content).split()
    assert sorted(one for one in said if one.startswith("từ")) == sorted(
        f"từ{number}" for number in range(4000)
    )


def test_merged_cells_widths_borders_fills_and_padding_are_read():
    word = docx.Document()
    table = word.add_table(3, 3)
    table.style = "Table Grid"
    table.cell(0, 0).merge(table.cell(0, 1)).text = "ngang"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "dọc"
    properties = table.cell(1, 0)._tc.get_or_add_tcPr()
    borders = element("w:tcBorders")
    borders.append(element("w:bottom", val="single", sz=24))
    borders.append(element("w:left", val="nil"))
    properties.append(borders)
    properties.append(element("w:shd", val="clear", fill="FFEEDD"))
    properties.append(element("w:vAlign", val="center"))
    [read_] = read(saved(word)).blocks
    assert isinstance(read_, Table)
    cells = {(cell.row, cell.column): cell for cell in read_.cells}
    assert (cells[0, 0].columns, cells[1, 2].rows, len(cells)) == (2, 2, 7)
    own = cells[1, 0]
    assert (own.lines, own.fill, own.align) == ((0.5, 0.5, 3.0, 0.0), "FFEEDD", "MIDDLE")
    assert read_.padding[1] == pytest.approx(5.4)
    assert len(read_.widths) == 3
    said = text_of_pdf(drawn(saved(word)))
    assert (said.count("ngang"), said.count("dọc")) == (1, 1)


def test_a_table_without_borders_has_no_lines():
    word = docx.Document()
    word.add_table(1, 2)
    [table] = read(saved(word)).blocks
    assert {cell.lines for cell in table.cells} == {(0, 0, 0, 0)}


def picture(form="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(file, form)
    file.seek(0)
    return file


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_in_a_line_of_its_own_is_drawn(form):
    word = docx.Document()
    word.add_picture(picture(form), width=Pt(200))
    word.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    [block] = read(saved(word)).blocks
    assert (block.parts[0].width, block.parts[0].height, block.align) == (200, 100, Align.CENTER)
    [page] = pages(drawn(saved(word)))
    assert len(page.images) == 1


# What cannot be drawn is named.


def with_run(child):
    word = docx.Document()
    word.add_paragraph("Gần chỗ này").add_run()._r.append(child)
    return word


def with_block(child):
    word = docx.Document()
    word.element.body.insert(0, child)
    return word


def floating():
    word = docx.Document()
    word.add_picture(picture())
    [inline] = word.element.iter(qn("wp:inline"))
    inline.tag = qn("wp:anchor")
    return word


def nested():
    word = docx.Document()
    word.add_table(1, 1).cell(0, 0).add_table(1, 1)
    return word


def between():
    word = docx.Document()
    word.add_paragraph("chữ").add_run().add_picture(picture())
    return word


def two_sections():
    word = docx.Document()
    word.add_section(WD_SECTION.NEW_PAGE)
    return word


def two_columns():
    word = docx.Document()
    word.sections[0]._sectPr.find(qn("w:cols")).set(qn("w:num"), "2")
    return word


def bordered():
    word = docx.Document()
    word.add_paragraph("Gần chỗ này")._p.get_or_add_pPr().append(element("w:pBdr"))
    return word


def hidden():
    word = docx.Document()
    word.add_paragraph().add_run("Gần chỗ này").font.hidden = True
    return word


def broken_in_a_cell():
    word = docx.Document()
    word.add_table(1, 1).cell(0, 0).paragraphs[0].add_run().add_break(WD_BREAK.PAGE)
    return word


def tall():
    word = docx.Document()
    word.add_picture(picture(), width=Cm(10), height=Cm(40))
    return word


def even_pages():
    word = docx.Document()
    word.settings.odd_and_even_pages_header_footer = True
    return word


def with_section(child):
    word = docx.Document()
    word.sections[0]._sectPr.append(child)
    return word


def banded():
    word = docx.Document()
    word.add_table(1, 1).style = "Light List"
    return word


def turned():
    word = docx.Document()
    properties = word.add_table(1, 1).cell(0, 0)._tc.get_or_add_tcPr()
    properties.append(element("w:textDirection", val="btLr"))
    return word


@pytest.mark.parametrize(
    ("word", "named"),
    [
        (with_run(element("w:footnoteReference", id=2)), "chú thích cuối trang, ở chỗ “Gần chỗ này”"),
        (with_run(element("w:pict")), "khung chữ"),
        (with_run(element("w:commentReference", id=1)), "ghi chú bên lề"),
        (with_run(element("w:ruby")), "w:ruby"),
        (with_run(element("w:instrText", " TOC ")), None),
        (with_block(element("w:sdt")), "ô nhập nội dung"),
        (with_block(element("w:altChunk")), "w:altChunk"),
        (floating(), "hình nổi"),
        (nested(), "bảng trong ô"),
        (between(), "hình nằm giữa chữ"),
        (two_sections(), "nhiều phần"),
        (two_columns(), "nhiều cột"),
        (even_pages(), "trang chẵn, lẻ"),
        (with_section(element("w:pgBorders")), "viền trang"),
        (with_section(element("w:pgNumType", start=5)), "số trang bắt đầu"),
        (with_section(element("w:lnNumType")), "w:lnNumType"),
        (banded(), "Table Grid"),
        (turned(), "chữ xoay"),
        (bordered(), "đường viền của đoạn văn"),
        (hidden(), "chữ ẩn"),
        (broken_in_a_cell(), "ngắt trang trong ô"),
        (tall(), "lớn hơn một trang"),
    ],
)
def test_what_is_not_known_is_refused_by_its_name(word, named):
    if named is None:
        drawn(saved(word))  # an instruction of no field shows nothing in Word either
        return
    with pytest.raises(PaperFault, match=named):
        drawn(saved(word))


def test_a_tracked_change_and_a_field_of_the_text_are_refused():
    word = docx.Document()
    inserted = element("w:ins")
    inserted.append(element("w:r"))
    word.add_paragraph("Gần")._p.append(inserted)
    with pytest.raises(PaperFault, match="Track Changes"):
        drawn(saved(word))
    word = docx.Document()
    for part in (element("w:fldChar", fldCharType="begin"), element("w:instrText", " DATE "),
                 element("w:fldChar", fldCharType="end")):  # fmt: skip
        word.add_paragraph().add_run()._r.append(part) if not word.paragraphs else word.paragraphs[
            0
        ].add_run()._r.append(part)
    with pytest.raises(PaperFault, match="trường tự động DATE"):
        drawn(saved(word))


# Filling in.


def test_marks_are_filled_in_and_a_line_break_stays_one():
    content = filled(
        written("{{ chi_bo }}: {{ noi_dung }}"), {"chi_bo": "Chi bộ 1", "noi_dung": "một\nhai"}, title="T"
    )
    [block] = read(content).blocks
    assert isinstance(block, Paragraph)
    assert text_of_docx(content) == "Chi bộ 1: một hai"
    assert len(block.parts) == 3


def test_a_title_may_hold_what_xml_cannot():
    content = filled(written("chữ"), {}, title="Chi bộ\x01A\ud800")
    assert docx.Document(io.BytesIO(content)).core_properties.title == "Chi bộ A "


def test_a_picture_stands_where_its_mark_stood_and_says_what_it_shows():
    values = {"bieu_do": Picture(picture().getvalue(), 200, 100, 'Tăng "5" & giảm'), "trong": None}
    content = filled(
        written("trước", "{{ bieu_do }}", "{% if trong %}{{ trong }}{% endif %}sau"), values, title="T"
    )
    _, block, _ = read(content).blocks
    assert [(part.content, part.width, part.height) for part in block.parts] == [
        (picture().getvalue(), 200, 100)
    ]
    assert text_of_docx(content) == "trước sau"
    [shown] = docx.Document(io.BytesIO(content)).element.body.iter(qn("wp:docPr"))
    assert shown.get("descr") == 'Tăng "5" & giảm'
    [page] = pages(drawn(content))
    assert len(page.images) == 1


@pytest.mark.parametrize(
    ("template", "named"),
    [
        (written("{{ chu_tich }}"), "chu_tich"),
        (written("{{ chi_bộ }}"), "không có chỗ điền “chi_bộ”; có phải là “chi_bo”"),
        (written("{{ chi_bo.so }}"), "không có “so”"),
        (written("{% if chi_bo %}"), "thiếu dòng kết thúc của “if”.*gần chỗ: .*if chi_bo"),
        (written("{% endfor %}"), "“endfor”.*không có dòng mở đầu"),
        (written("{{ chi_bo"), "chỗ điền"),
        (written("{{ chi_bo.__class__.__mro__ }}"), "__class__"),
        (written("{{ chi_bo + 1 }}"), "chỗ điền"),
        (written("{{ 1 // 0 }}"), "chỗ điền"),
        (b"", "không phải văn bản Word"),
        (b"PK\x03\x04", "không phải văn bản Word"),
    ],
)
def test_a_faulty_template_is_told_by_what_is_wrong_in_it(template, named):
    with pytest.raises(PaperFault, match=named):
        filled(template, {"chi_bo": "Chi bộ 1"}, title="T")


def test_the_same_template_and_values_give_the_same_bytes():
    template = written("{{ chi_bo }}")
    first, second = (filled(template, {"chi_bo": "Chi bộ"}, title="Biên bản") for _ in range(2))
    assert first == second
    assert drawn(first) == drawn(second)
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }
    read_ = PdfReader(io.BytesIO(drawn(first)))
    assert read_.metadata.title == "Biên bản"
    assert read_.trailer["/Root"]["/Lang"] == "vi-VN"


HARD = st.sampled_from(
    [
        "{{ x }}",
        "{_{ x }_}",
        "{%p if x %}",
        "{_% x %_}",
        "<w:t>",
        "&amp;",
        "a_b",
        "]]>",
        "\\",
        "<b>đậm</b>",
        "$",
        "Ướt",
    ]
)
TEXTS = st.lists(
    HARD | st.text(st.sampled_from(VIETNAMESE + "0123456789.,;:()<>&{}%\"'/-_"), min_size=1, max_size=12),
    min_size=1,
    max_size=8,
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(["NFC", "NFD"]))
def test_whatever_is_written_is_found_in_both(text, form):
    content = filled(written("Nội dung: {{ y }}"), {"y": unicodedata.normalize(form, text)}, title="T")
    expected = spaced(f"Nội dung: {text}")
    assert text_of_docx(content) == expected
    assert text_of_pdf(drawn(content)).replace(" ", "") == expected.replace(" ", "")


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_no_text_at_all_breaks_a_paper(text):
    drawn(filled(written("{{ y }}"), {"y": text}, title="T"))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Biên bản số 05 K.01.pdf", "Bien-ban-so-05-K.01.pdf"),
        ('Đ/..\\"; x\r\n.pdf', "D-..----x--.pdf"),
        ("漢", "tep"),
    ],
)
def test_a_file_name_is_plain_for_old_readers_and_no_path(name, plain):
    said = disposition(name)
    assert said.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
    assert not {"\r", "\n", "\\"} & set(said)
